"""What a visit may be under: agreements, years and programmes that stand open between two.

A visit that names none is under the only one that stands open between visitor and host; where
several do, it must say which; it is under `nothing` where none does, or where that is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.decision_model.facts import Look
from ledger.domain.brokerage import facts as brokerage
from ledger.domain.brokerage.kinds import SUPPORT
from ledger.domain.partnership import facts as parties
from ledger.domain.partnership.kinds import (
    OUTSIDE_VISIT,
    PEER_VISIT,
    PeerVisits,
    counts_hosts_once,
    is_outside,
)
from ledger.domain.registers import bodies, schools
from ledger.domain.visits import facts as visits
from ledger.domain.visits.under_programme import Between, programmes_open
from ledger.values import party_kind


def standing_open(look: Look, between: Between) -> list[str]:
    """Return what stands open between visitor and host on a day, agreements first."""
    return [
        *_agreements(look, between),
        *_years(look, between),
        *programmes_open(look, between),
    ]


def _agreements(look: Look, between: Between) -> Iterator[str]:
    for event in _of_host(look, between.host):
        agreed = look(brokerage.arrangement(event))
        if agreed is None or not _provides(look, between, agreed.said.provider):
            continue
        if between.day < agreed.said.starts:
            continue
        if between.day <= agreed.last or SUPPORT.waiting(look, f"event:{event}"):
            yield f"agreement:{event}"


def _of_host(look: Look, host: str) -> Iterator[str]:
    """Go through the agreements of a host, and of the school lines in whose place it stands."""
    lines = schools.lines(look, host) if party_kind(host) == "school" else (host,)
    for line in lines:
        yield from look(brokerage.agreements_of(line))


def _provides(look: Look, between: Between, provider: str) -> bool:
    """Return whether a visitor is the provider, or stands in its place."""
    if party_kind(provider) == "school":
        now = schools.in_place_of(look, provider, between.day)
    else:
        now = bodies.in_place_of(look, provider, between.day)
    return between.visitor in (provider, now)


def _years(look: Look, between: Between) -> Iterator[str]:
    """Go through the years of the visitor's partnerships that ask for a visit to the host."""
    if {party_kind(between.visitor), party_kind(between.host)} != {"school"}:
        return
    memberships = look(parties.belongs(between.visitor))
    for partnership in dict.fromkeys(one.partnership for one in memberships):
        members = look(parties.members(partnership))
        inside = any(one.school == between.host and one.covers(between.day) for one in members)
        for year in look(parties.years(partnership)):
            if not inside and not _asks_outside(look, between, year):
                continue
            if not why_not_of_year(look, between, year.id):
                yield f"year:{year.id}"


def _asks_outside(look: Look, between: Between, year: parties.Year) -> bool:
    return OUTSIDE_VISIT.by_membership(look, year, between.visitor, between.day) > 0


def why_not_of_year(look: Look, between: Between, event: str) -> list[str]:
    """Return why a visit to a school is none of the year of this event id; nothing if it is."""
    year, day = look(parties.year(event)), between.day
    if year is None or (day >= year.starts and still_owes(look, between, year)):
        return []
    found = []
    if not year.starts <= day <= year.ends:
        found.append(f"{day} is not within the year {year.name}, from {year.starts} to {year.ends}")
    members = look(parties.members(year.partnership))
    if not any(one.school == between.visitor and one.covers(day) for one in members):
        found.append(f"{between.visitor} does not belong to {year.partnership} on {day}")
    return found


def still_owes(look: Look, between: Between, year: parties.Year) -> bool:
    """Return whether the visitor owes a visit of the year, though it ended or the school left."""
    made = visits.of_year(look, between.visitor, year.id)
    kinds = [PEER_VISIT]
    if is_outside(look, year, between.host, between.day):
        kinds.append(OUTSIDE_VISIT)
    distinct = counts_hosts_once(look, year, between.visitor)
    return any(_is_left(look, between, year, kind, made, distinct=distinct) for kind in kinds)


def _is_left(  # noqa: PLR0913 - what one kind of visit comes to
    look: Look,
    between: Between,
    year: parties.Year,
    kind: PeerVisits,
    made: Sequence[visits.Counted],
    *,
    distinct: bool,
) -> bool:
    counted = [one.host for one in made if kind.counted(look, year, one.host, one.day)]
    owed = kind.by_membership(look, year, between.visitor, between.day)
    return len(set(counted) if distinct else counted) < owed

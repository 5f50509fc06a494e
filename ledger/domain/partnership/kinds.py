"""What membership makes owed: an answer to applicants, ratification, visits each year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from ledger.decision_model.created import Mention
from ledger.decision_model.facts import Look
from ledger.decision_model.items import Item
from ledger.decision_model.journal import Account
from ledger.decision_model.kinds import Claim, Kind, keyed
from ledger.decision_model.postings import ONE, Posting, Sheet
from ledger.decision_model.rows import EACH, Answers, Below, Open, Opens
from ledger.domain.partnership import facts as parties
from ledger.domain.partnership.days_allowed import once_lasting, within
from ledger.domain.partnership.facts import BELONGS, Ending, Membership, Year, partnerships
from ledger.domain.programmes.facts import is_outside_group
from ledger.domain.programmes.kinds import CONFIRMING, ProgrammeVisits, lowered, visits_owed
from ledger.domain.registers import schools
from ledger.domain.registers.offices import HEADS, LASTING_BASES, comes_back, is_head
from ledger.events.partnership import (
    AdmissionRefused,
    ContingencyAccepted,
    ContingencyDeclined,
    GroundRules,
    GroundRulesAgreed,
    MembershipDeclined,
    MembershipRatified,
    MembershipSought,
    PartnershipDissolved,
    PartnershipFormed,
    PartnershipYearOpened,
    SchoolAdmitted,
)
from ledger.events.registers import (
    Appointed,
    ResponsibleBodyChanged,
    SchoolConverted,
    SchoolsMerged,
    SuccessionAttributed,
)
from ledger.events.visits import VisitMade
from ledger.format.entry import Entry
from ledger.values import event_id, obligation_slot, office_party

_ONE_DAY = timedelta(days=1)

ADMISSION_ANSWER = Item(
    "admission_answer",
    "answer to an application",
    ground="answer",
    about="application",
    opened_by={MembershipSought: Opens("partnership", "school", within("ratification_days"))},
    answers={SchoolAdmitted: Answers(), AdmissionRefused: Answers()},
)

# -- contingency --------------------------------------------------------------------------------


def _parties_named(entry: Entry[PartnershipFormed | GroundRulesAgreed], _b: Below) -> Iterable[str]:
    return parties.named_in(entry.event.ground_rules)


def _by_these_rules(
    entry: Entry[PartnershipFormed | GroundRulesAgreed], _item: Open, sheet: Sheet
) -> date:
    """Return the day by which to answer: the rules that name a party say how long it has."""
    said = entry.event
    from_day = said.effective_on if isinstance(said, GroundRulesAgreed) else None
    return sheet.due_after(said.ground_rules.response_days, from_day=from_day)


_ASKED = Opens(EACH, "partnership", _by_these_rules, each=_parties_named)
CONTINGENCY_ANSWER = Item(
    "contingency_answer",
    "answer to being named as contingency",
    ground="answer",
    about="partnership",
    opened_by={PartnershipFormed: _ASKED, GroundRulesAgreed: replace(_ASKED, replaces=True)},
    answers={
        ContingencyAccepted: Answers(debtor="party"),
        ContingencyDeclined: Answers(debtor="party"),
    },
)

# -- ratification --------------------------------------------------------------------------------


def _each_partnership(entry: Entry[Any], below: Below) -> Iterable[str]:
    return partnerships(below[0], entry.event.effective_on)


def _each_member(entry: Entry[GroundRulesAgreed], below: Below) -> Iterable[str]:
    """Return the school in whose thread it opens, if it is a member when the version begins."""
    said = entry.event
    return tuple(
        one.school
        for one in below[0]
        if one.partnership == said.partnership and one.covers(said.effective_on)
    )


def _of_lasting_head(entry: Entry[Appointed], below: Below) -> Iterable[str]:
    lasting = is_head(entry) and entry.event.basis in LASTING_BASES
    # Who comes back to a place that an acting head kept has ratified before.
    back = lasting and comes_back(below[1], entry.event)
    return _each_partnership(entry, below) if lasting and not back else ()


def _the_school(entry: Entry[Any], _key: str) -> str | None:
    return entry.data.get("school") or office_party(entry.data["office"])


def _after_merger(entry: Entry[SchoolsMerged], below: Below) -> Iterable[str]:
    """Return the partnerships of the one school: its own, and those that it takes over."""
    carried = (one.partnership for one in entry.event.memberships)
    return dict.fromkeys((*_each_partnership(entry, below), *carried))


def _passed_on(entry: Entry[SuccessionAttributed], _below: Below) -> Iterable[str]:
    return dict.fromkeys(carried.partnership for carried in entry.event.memberships)


def _asked_of(at: str, each: Any = _each_partnership) -> Opens:
    return Opens(
        _the_school,
        EACH,
        once_lasting("ratification_days"),
        at=at,
        each=each,
        since="effective_on",
        replaces=True,
    )


def _by_the_head_of_then(entry: Entry[Any], item: Open, below: Below) -> bool:
    """Whether a head ratifies what is in force, or what is ahead of them while in office still."""
    heads = below[1]
    now, then = heads.latest(entry.occurred_on), heads.latest(item.since)
    return item.since <= entry.recorded_on or (now is not None and now == then)


_RATIFIES = Answers(creditor="partnership", only=_by_the_head_of_then, early=True)
#: What a school owes a partnership that is dissolved, and nobody needs any more.
GONE_WITH_IT = Answers(
    "schools", creditor="partnership", voids=True, because="party_gone", on="effective_on"
)

RATIFICATION = Item(
    "ratification",
    "ratification by the head",
    ground="answer",
    about="school",
    over=(BELONGS, HEADS),
    opened_by={
        Appointed: _asked_of("office", _of_lasting_head),
        SchoolConverted: _asked_of("school"),
        ResponsibleBodyChanged: _asked_of("school"),
        SchoolsMerged: _asked_of("school", _after_merger),
        # It names parties only, and so it voids nothing that was to be ratified before.
        SuccessionAttributed: replace(_asked_of("school", _passed_on), replaces=False),
        GroundRulesAgreed: Opens(
            EACH,
            "partnership",
            once_lasting("ratification_days"),
            at="schools",
            each=_each_member,
            since="effective_on",
            replaces=True,
        ),
    },
    answers={
        MembershipRatified: _RATIFIES,
        MembershipDeclined: _RATIFIES,
        PartnershipDissolved: GONE_WITH_IT,
        SchoolsMerged: Answers("predecessors", on="effective_on", voids=True),
    },
)

# -- visits of the year --------------------------------------------------------------------------


Counted = Callable[[Look, Year, str, date], bool]
"""Whether a visit to a host on a day counts for what is owed in a year."""


class PeerVisits(Kind):
    """The visits that a member owes in a year, by the whole months that it belongs in it.

    `asked` are those that the ground rules ask for in a full year, `counted` tells which visits
    count for them; `beside` are those owed under programmes. Not a row: how many they are, ground
    rules and memberships tell, of another party than the year; and a visit may be one of several
    obligations of a school that left and joined again.
    """

    unit = "visit"
    ground = "promise"
    changed_by = frozenset(
        {
            *(PartnershipYearOpened.__name__, SchoolAdmitted.__name__),
            *(SchoolsMerged.__name__, SuccessionAttributed.__name__),
            *CONFIRMING,
            *(event.__name__ for event in parties.ENDED_BY),
            *ProgrammeVisits.changed_by,
        }
    )
    asks = (
        *(parties.VERSIONS, parties.MEMBERS, parties.YEAR, parties.YEARS, schools.SCHOOL),
        *ProgrammeVisits.asks,
    )
    claims = {VisitMade: "under"}  # noqa: RUF012 - read, never changed

    def __init__(
        self, asked: Callable[[GroundRules], int], counted: Counted, beside: ProgrammeVisits
    ) -> None:
        """Keep how many are asked for, and which visits count; it is called as those beside."""
        self.name, self.title = beside.name, beside.title
        self.asked, self.counted, self.beside = asked, counted, beside

    def full(self, look: Look, year: Year, member: Membership) -> int:
        """Return the visits that a member owes in a full year, by the version that binds it."""
        agreed = parties.rules_of_year(look, year, member)
        return self.asked(agreed) if agreed else 0

    def by_membership(self, look: Look, year: Year, school: str, by_day: date) -> int:
        """Return how many a school comes to owe in a year by its memberships begun by a day."""
        span = (year.starts, year.ends)
        members = look(parties.members(year.partnership))
        begun = [one for one in members if one.school == school and one.first <= by_day]
        full = [(self.full(look, year, one), one) for one in begun]
        served = [(many, (one.first, one.last or year.ends)) for many, one in full]
        return int(sum(visits_owed(many, span, days) for many, days in served))

    def owed_in(self, look: Look, event: str, school: str) -> Iterator[str]:
        """Go through the obligations of a school in the year of this event id, in their order."""
        year = look(parties.year(event))
        if year is None:
            return
        for line in schools.lines(look, school):
            if self.by_membership(look, year, line, date.max) <= 0:
                continue
            if line in year.schools:
                yield f"{event}/{self.name}/{line}"
            joined = ((one, key) for member, one, key in year.joined if member == line)
            yield from (f"{one}/{keyed(self.name, key)}" for one, key in joined)

    def counts(self, look: Look, year: Year, entry: Entry[Any]) -> bool:
        """Return whether a confirmation counts: a visit does once, however often it is answered."""
        said = entry.event
        first = bool(said.days) and said.confirmed_before is None
        return first and self.counted(look, year, said.host, said.visited_on)

    def claimed(self, entry: Entry[Any], answer: Posting, sheet: Sheet) -> Iterator[Claim]:
        """Go through the visit that an entry claims made, of the first that it can fill."""
        if entry.data.get("confirmed_before") is None and _is_under_year(entry):
            yield from islice(super().claimed(entry, answer, sheet), 1)
        yield from self.beside.claimed(entry, answer, sheet)

    def _done(self, entry: Entry[Any], account: Account) -> tuple[Decimal, str | None]:
        host, day = entry.data["host"], entry.occurred_on
        return min(ONE, account.room(day, host)), host

    def settles(self, entry: Entry[Any], look: Look) -> Iterator[str]:
        """Go through the visits owed by who visited under a year, or leaves within it."""
        yield from self.beside.settles(entry, look)
        said = entry.data
        if entry.name in CONFIRMING:
            year = look(parties.year(event_id(said.get("under") or "")))
            if year is not None and self.counts(look, year, entry):
                yield from self.owed_in(look, year.id, said["visitor"])
            return
        for ending in parties.endings(entry):
            for year, _ in years_cut(look, ending):
                yield from self.owed_in(look, year.id, ending.school)

    def post(self, entry: Entry[Any], sheet: Sheet) -> None:
        """Post what a year or an admission opens, a visit discharges, leaving lowers."""
        if entry.name in _POSTS:
            _POSTS[entry.name](self, entry, sheet)
        if entry.name in self.beside.changed_by:
            self.beside.post(entry, sheet)

    def sides(self, look: Look, opener: Mention, obligation: str) -> Sequence[str]:
        """Return the school that owes visits, and to whom; nobody if none."""
        beside = self.beside.sides(look, opener, obligation)
        if beside:
            return beside
        key = obligation_slot(obligation).partition("/")[2]
        school = opener.data.get("school", key)
        event = opener.id if school == key else key or event_id(opener.data.get("year", ""))
        year = look(parties.year(event))
        owes = year is not None and obligation in self.owed_in(look, year.id, school)
        return (school, year.partnership) if owes and year is not None else ()


def _is_under_year(entry: Entry[Any]) -> bool:
    return bool(entry.data.get("under", "").startswith("year:"))


def years_cut(look: Look, ending: Ending) -> Iterator[tuple[Year, Membership]]:
    """Go through the years that go on after memberships end, each with each of those."""
    members = look(parties.members(ending.partnership))
    own = [member for member in members if ending.ends(member)]
    for year in _years_after(look, ending.partnership, ending.last) if own else ():
        yield from ((year, member) for member in own)


def _years_after(look: Look, partnership: str, last: date) -> Iterator[Year]:
    """Go through the years of a partnership that go on after a day."""
    return (year for year in look(parties.years(partnership)) if year.ends > last)


def counts_hosts_once(look: Look, year: Year, school: str) -> bool:
    """Return whether only a school's first visit to each host counts in a year."""
    own = [m for m in look(parties.members(year.partnership)) if m.school == school]
    within_it = [member for member in own if member.overlaps(year.starts, year.ends)]
    agreed = [parties.rules_of_year(look, year, member) for member in (within_it or own)[-1:]]
    return any(rules is not None and rules.distinct_hosts for rules in agreed)


def _year_opened(kind: PeerVisits, entry: Entry[PartnershipYearOpened], sheet: Sheet) -> None:
    year = parties.year_of(entry)
    for member in sheet.look(parties.members(year.partnership)):
        _open_visits(kind, sheet, year, member, f"{kind.name}/{member.school}")


def _admitted(kind: PeerVisits, entry: Entry[SchoolAdmitted], sheet: Sheet) -> None:
    said = entry.event
    for event, key in parties.years_of(said):
        year = sheet.look(parties.year(event))
        if year is not None:
            (member,) = parties.admitted((), entry, said.school)
            _open_visits(kind, sheet, year, member, keyed(kind.name, key))


def _open_visits(kind: PeerVisits, sheet: Sheet, year: Year, member: Membership, slot: str) -> None:
    served = (member.first, member.last or year.ends)
    sheet.open(
        slot,
        debtor=member.school,
        creditor=year.partnership,
        about=f"event:{year.id}",
        amount=visits_owed(kind.full(sheet.look, year, member), (year.starts, year.ends), served),
        unit=kind.unit,
        due_on=year.ends,
        effective_on=max(year.starts, member.first),
    )


def _owed_by(kind: PeerVisits, sheet: Sheet, year: str, *lines: str) -> list[str]:
    """Return what school lines came to owe in a year, in the order of opening."""
    opened = sheet.about(f"event:{year}", kind.name)
    return [one for one in opened if sheet.account(one).first.debtor in lines]


def _attested(kind: PeerVisits, entry: Entry[Any], sheet: Sheet) -> None:
    """Post one visit on the first of what the visitor owes that it can fill, else on the last."""
    said = entry.event
    year = sheet.look(parties.year(event_id(said.under or "")))
    if year is None or not kind.counts(sheet.look, year, entry):
        return
    distinct = counts_hosts_once(sheet.look, year, said.visitor)
    per, day = said.host if distinct else None, said.visited_on
    owed = _owed_by(kind, sheet, year.id, *schools.lines(sheet.look, said.visitor))
    fillable = (one for one in owed if sheet.account(one).room(day, per) > 0)
    for obligation in owed[-1:]:
        sheet.discharge(next(fillable, obligation), ONE, day=day, per=per)


def _left(kind: PeerVisits, entry: Entry[Any], sheet: Sheet) -> None:
    """Post that who leaves owes only the visits of the months served.

    What an earlier membership left owed in the same year stays as it is.
    """
    for ending in parties.endings(entry):
        for year, member in years_cut(sheet.look, ending):
            _scale(kind, sheet, year, member, ending.last)


def _merged(kind: PeerVisits, entry: Entry[parties.Passing], sheet: Sheet) -> None:
    """Post that of two memberships which become one, one owes for the months served only.

    A membership that passes to a school which had none goes on as it is.
    """
    said, last = entry.event, parties.last_day_before(entry.event)
    going_on: set[str] = set()
    for carried in said.memberships:
        members = sheet.look(parties.members(carried.partnership))
        day, partnership = said.effective_on, carried.partnership
        is_member = any(parties.is_open(one, said.school, partnership, day) for one in members)
        ends = [one for one in members if parties.is_open(one, carried.school, partnership, day)]
        if is_member or partnership in going_on:
            for year in _years_after(sheet.look, partnership, last) if ends else ():
                _scale(kind, sheet, year, ends[-1], last)
        going_on.add(partnership)


def _scale(kind: PeerVisits, sheet: Sheet, year: Year, member: Membership, last: date) -> None:
    full, span = kind.full(sheet.look, year, member), (year.starts, year.ends)
    own = schools.lines(sheet.look, member.school)
    for obligation in _owed_by(kind, sheet, year.id, *own):
        lines = sheet.account(obligation).lines
        opened = [
            line
            for line in lines
            if line.reason == "opened" and _is_of(member, line.debtor, line.effective_on, sheet)
        ]
        less = sum(one.amount - visits_owed(full, span, (one.effective_on, last)) for one in opened)
        if opened:
            sheet.reduce(obligation, Decimal(less) - lowered(lines), day=last)


def _is_of(member: Membership, debtor: str, since: date, sheet: Sheet) -> bool:
    """Return whether what somebody came to owe on a day, it owes by a membership.

    Or by one that passed to that on the day it began, as schools merged.
    """
    if debtor == member.school:
        return member.covers(since)
    members = sheet.look(parties.members(member.partnership))
    until = member.first - _ONE_DAY
    return any(one.school == debtor and one.covers(since) and one.last == until for one in members)


def _any(_look: Look, _year: Year, _host: str, _day: date) -> bool:
    return True


def is_outside(look: Look, year: Year, host: str, day: date) -> bool:
    """Return whether a host does not belong to the year's partnership on a day."""
    members = look(parties.members(year.partnership))
    return not any(one.school == host and one.covers(day) for one in members)


PEER_VISIT = PeerVisits(
    lambda rules: rules.visits_per_year,
    _any,
    ProgrammeVisits(
        "peer_visit",
        "visits of the year",
        lambda said: said.visits_by_each or 0,
        lambda _look, _visitor, _host, _day: True,
    ),
)
#: Of them, those to be made outside the partnership or the group: one visit counts for both.
OUTSIDE_VISIT = PeerVisits(
    lambda rules: rules.outside_visits,
    is_outside,
    ProgrammeVisits(
        "outside_visit",
        "visits outside the partnership",
        lambda said: said.outside_group or 0,
        is_outside_group,
    ),
)
_POSTS: dict[str, Any] = {
    PartnershipYearOpened.__name__: _year_opened,
    SchoolAdmitted.__name__: _admitted,
    **dict.fromkeys(CONFIRMING, _attested),
    SchoolsMerged.__name__: _merged,
    SuccessionAttributed.__name__: _merged,
    **{event.__name__: _left for event in parties.ENDED_BY},
}

"""What membership makes owed: an answer to applicants, ratification, visits each year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from ledger.decision_model.created import Mention
from ledger.decision_model.facts import Look
from ledger.decision_model.items import EACH, Answers, Below, Claim, Item, Kind, Opens
from ledger.decision_model.journal import Account
from ledger.decision_model.postings import ONE, Posting, Sheet
from ledger.domain.partnership import facts as parties
from ledger.domain.partnership.days_allowed import within
from ledger.domain.partnership.facts import BELONGS, Year, partnerships
from ledger.domain.registers.offices import is_head
from ledger.events.partnership import (
    GroundRules,
    MembershipDeclined,
    MembershipRatified,
    MembershipSought,
    PartnershipYearOpened,
    SchoolAdmitted,
)
from ledger.events.registers import Appointed, ResponsibleBodyChanged, SchoolConverted
from ledger.events.visits import VisitAttested, VisitMade
from ledger.format.entry import Entry
from ledger.values import event_id, obligation_slot, office_party

_MONTHS = 12

ADMISSION_ANSWER = Item(
    "admission_answer",
    "answer to an application",
    ground="answer",
    about="application",
    opened_by={MembershipSought: Opens("partnership", "school", within("ratification_days"))},
    answers={SchoolAdmitted: Answers()},
)

# -- ratification --------------------------------------------------------------------------------


def _each_partnership(entry: Entry[Any], below: Below) -> Iterable[str]:
    (memberships,) = below
    return partnerships(memberships, entry.event.effective_on)


def _of_lasting_head(entry: Entry[Appointed], below: Below) -> Iterable[str]:
    lasting = is_head(entry) and entry.event.basis in parties.LASTING_BASES
    return _each_partnership(entry, below) if lasting else ()


def _the_school(entry: Entry[Any], _key: str) -> str | None:
    return entry.data.get("school") or office_party(entry.data["office"])


def _asked_of(at: str, each: Any = _each_partnership) -> Opens:
    return Opens(
        _the_school,
        EACH,
        within("ratification_days", "effective_on"),
        at=at,
        each=each,
        since="effective_on",
        replaces=True,
    )


RATIFICATION = Item(
    "ratification",
    "ratification by the head",
    ground="answer",
    about="school",
    over=(BELONGS,),
    opened_by={
        Appointed: _asked_of("office", _of_lasting_head),
        SchoolConverted: _asked_of("school"),
        ResponsibleBodyChanged: _asked_of("school"),
    },
    answers={
        MembershipRatified: Answers(creditor="partnership"),
        MembershipDeclined: Answers(creditor="partnership"),
    },
)

# -- visits of the year --------------------------------------------------------------------------


def _months(first: date, last: date) -> int:
    """Return the months from a first to a last day inclusive, a begun month counting whole."""
    months = (last.year - first.year) * _MONTHS + last.month - first.month
    return months + (1 if last.day >= first.day else 0)


def visits_owed(full: int, year: tuple[date, date], served: tuple[date, date]) -> Decimal:
    """Return the visits owed for the part of a year that a school serves, rounded up.

    `year` and `served` are first and last days, inclusive.
    """
    first, last = max(year[0], served[0]), min(year[1], served[1])
    if last < first or full <= 0:
        return Decimal(0)
    whole = max(1, _months(*year))
    part = min(whole, max(1, _months(first, last)))
    return Decimal(-(-full * part // whole))


Counted = Callable[[Look, Year, str, date], bool]
"""Whether a visit to a host on a day counts for what is owed in a year."""


class PeerVisits(Kind):
    """The visits that a member owes in a year, by the whole months that it belongs in it.

    `asked` are those that the ground rules ask for in a full year, `counted` tells which visits
    count for them. Not a row: how many they are, ground rules and memberships tell, of another
    party than the year; and a visit may be one of several obligations of a school that left and
    joined again.
    """

    unit = "visit"
    ground = "promise"
    changed_by = frozenset(
        event.__name__
        for event in (PartnershipYearOpened, SchoolAdmitted, VisitAttested, MembershipDeclined)
    )
    asks = (parties.FORMED, parties.MEMBERS, parties.YEAR, parties.YEARS)
    claims = {VisitMade: "under"}  # noqa: RUF012 - read, never changed

    def __init__(
        self, name: str, title: str, asked: Callable[[GroundRules], int], counted: Counted
    ) -> None:
        """Keep what it is called, how many are asked for, and which visits count."""
        self.name, self.title = name, title
        self.asked, self.counted = asked, counted

    def full(self, look: Look, partnership: str) -> int:
        """Return the visits that a partnership asks for in a full year."""
        formed = look(parties.formed(partnership))
        return self.asked(parties.ground_rules(formed)) if formed else 0

    def by_membership(self, look: Look, year: Year, school: str, by_day: date) -> int:
        """Return how many a school comes to owe in a year by its memberships begun by a day."""
        full, span = self.full(look, year.partnership), (year.starts, year.ends)
        begun = [m for m in look(parties.members(year.partnership)) if m.first <= by_day]
        served = [(one.first, one.last or year.ends) for one in begun if one.school == school]
        return int(sum(visits_owed(full, span, days) for days in served))

    def owed_in(self, look: Look, event: str, school: str) -> Iterator[str]:
        """Go through the obligations of a school in the year of this event id, in their order."""
        year = look(parties.year(event))
        if year is None or self.full(look, year.partnership) <= 0:
            return
        if school in year.schools:
            yield f"{event}/{self.name}/{school}"
        yield from (f"{one}/{self.name}" for member, one in year.joined if member == school)

    def counts(self, look: Look, year: Year, entry: Entry[VisitAttested]) -> bool:
        """Return whether a confirmation counts: a visit does once, however often it is answered."""
        said = entry.event
        first = said.confirmed_before is None
        return first and self.counted(look, year, said.host, said.visited_on)

    def claimed(self, entry: Entry[Any], answer: Posting, sheet: Sheet) -> Iterator[Claim]:
        """Go through the visit that an entry claims made, of the first that it can fill."""
        if entry.data.get("confirmed_before") is None:
            yield from islice(super().claimed(entry, answer, sheet), 1)

    def _done(self, entry: Entry[Any], account: Account) -> tuple[Decimal, str | None]:
        host, day = entry.data["host"], entry.occurred_on
        return min(ONE, account.room(day, host)), host

    def settles(self, entry: Entry[Any], look: Look) -> Iterator[str]:
        """Go through the visits owed by who visited under a year, or leaves within it."""
        said = entry.data
        if entry.name == VisitAttested.__name__:
            year = look(parties.year(event_id(said.get("under") or "")))
            if year is not None and self.counts(look, year, entry):
                yield from self.owed_in(look, year.id, said["visitor"])
        elif entry.name == MembershipDeclined.__name__ and "leaves_on" in said:
            for year in _years_cut(look, entry):
                yield from self.owed_in(look, year.id, said["school"])

    def post(self, entry: Entry[Any], sheet: Sheet) -> None:
        """Post what a year or an admission opens, a visit discharges, leaving lowers."""
        _POSTS[entry.name](self, entry, sheet)

    def sides(self, look: Look, opener: Mention, obligation: str) -> Sequence[str]:
        """Return the school that owes visits in a year, and the partnership; nobody if none."""
        whose = obligation_slot(obligation).partition("/")[2]
        school = whose or opener.data.get("school", "")
        year = look(parties.year(event_id(opener.data.get("year", f"year:{opener.id}"))))
        owes = year is not None and obligation in self.owed_in(look, year.id, school)
        return (school, year.partnership) if owes and year is not None else ()


def _years_cut(look: Look, entry: Entry[MembershipDeclined]) -> Iterator[Year]:
    leaves_on = entry.event.leaves_on
    for year in look(parties.years(entry.event.partnership)):
        if leaves_on is not None and year.ends > leaves_on:
            yield year


def _year_opened(kind: PeerVisits, entry: Entry[PartnershipYearOpened], sheet: Sheet) -> None:
    said = entry.event
    full, span = kind.full(sheet.look, said.partnership), (said.starts, said.ends)
    for member in sheet.look(parties.members(said.partnership)):
        sheet.open(
            f"{kind.name}/{member.school}",
            debtor=member.school,
            creditor=said.partnership,
            about=f"event:{entry.id}",
            amount=visits_owed(full, span, (member.first, member.last or said.ends)),
            unit=kind.unit,
            due_on=said.ends,
            effective_on=max(said.starts, member.first),
        )


def _admitted(kind: PeerVisits, entry: Entry[SchoolAdmitted], sheet: Sheet) -> None:
    said = entry.event
    year = sheet.look(parties.year(event_id(said.year))) if said.year else None
    if year is None:
        return
    full, span = kind.full(sheet.look, said.partnership), (year.starts, year.ends)
    sheet.open(
        kind.name,
        debtor=said.school,
        creditor=said.partnership,
        about=f"event:{year.id}",
        amount=visits_owed(full, span, (said.effective_on, year.ends)),
        unit=kind.unit,
        due_on=year.ends,
        effective_on=max(said.effective_on, year.starts),
    )


def _owed_by(kind: PeerVisits, sheet: Sheet, year: str, school: str) -> list[str]:
    """Return what a school came to owe in a year, in the order of opening."""
    opened = sheet.about(f"event:{year}", kind.name)
    return [one for one in opened if sheet.account(one).first.debtor == school]


def _attested(kind: PeerVisits, entry: Entry[VisitAttested], sheet: Sheet) -> None:
    """Post one visit on the first of what the visitor owes that it can fill, else on the last."""
    said = entry.event
    year = sheet.look(parties.year(event_id(said.under or "")))
    if year is None or not kind.counts(sheet.look, year, entry):
        return
    formed = sheet.look(parties.formed(year.partnership))
    distinct = formed is not None and parties.ground_rules(formed).distinct_hosts
    per, day = said.host if distinct else None, said.visited_on
    owed = _owed_by(kind, sheet, year.id, said.visitor)
    fillable = (one for one in owed if sheet.account(one).room(day, per) > 0)
    for obligation in owed[-1:]:
        sheet.discharge(next(fillable, obligation), ONE, day=day, per=per)


def _left(kind: PeerVisits, entry: Entry[MembershipDeclined], sheet: Sheet) -> None:
    """Post that who leaves owes only the visits of the months served.

    What an earlier membership left owed in the same year stays as it is.
    """
    said = entry.event
    if said.leaves_on is None:
        return
    members = sheet.look(parties.members(said.partnership))
    joined = max((m.first for m in members if m.school == said.school), default=date.min)
    full = kind.full(sheet.look, said.partnership)
    for year in _years_cut(sheet.look, entry):
        for obligation in _owed_by(kind, sheet, year.id, said.school):
            less = sum(
                opened.amount
                - visits_owed(full, (year.starts, year.ends), (opened.effective_on, said.leaves_on))
                for opened in sheet.account(obligation).lines
                if opened.reason == "opened" and opened.effective_on >= joined
            )
            sheet.reduce(obligation, Decimal(less), day=said.leaves_on)


def _any(_look: Look, _year: Year, _host: str, _day: date) -> bool:
    return True


def is_outside(look: Look, year: Year, host: str, day: date) -> bool:
    """Return whether a host does not belong to the year's partnership on a day."""
    members = look(parties.members(year.partnership))
    return not any(one.school == host and one.covers(day) for one in members)


PEER_VISIT = PeerVisits(
    "peer_visit", "visits of the year", lambda rules: rules.visits_per_year, _any
)
#: Of them, those to be made outside the partnership: one visit counts for both.
OUTSIDE_VISIT = PeerVisits(
    "outside_visit",
    "visits outside the partnership",
    lambda rules: rules.outside_visits,
    is_outside,
)
_POSTS: dict[str, Any] = {
    PartnershipYearOpened.__name__: _year_opened,
    SchoolAdmitted.__name__: _admitted,
    VisitAttested.__name__: _attested,
    MembershipDeclined.__name__: _left,
}

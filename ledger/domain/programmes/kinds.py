"""What programmes of visits make owed: visits by each school that joined, or visits to each.

`ProgrammeVisits` tells it of visits by schools, which partnership years ask for as well: the two
together are a kind (`ledger.domain.partnership.kinds`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from ledger.decision_model.created import Mention
from ledger.decision_model.facts import Look
from ledger.decision_model.journal import Account
from ledger.decision_model.kinds import Claim, Kind, Owed, Way
from ledger.decision_model.postings import ONE, Posting, Sheet
from ledger.domain.programmes import facts
from ledger.domain.programmes.facts import Part, Programme
from ledger.domain.registers import bodies, schools
from ledger.events.judgements import JudgementModerated
from ledger.events.programmes import ProgrammeJoined, ProgrammeLeft, VisitProgrammeOpened
from ledger.events.registers import SchoolsMerged, SuccessionAttributed
from ledger.events.visits import VisitAttested, VisitMade
from ledger.format.entry import Entry
from ledger.values import obligation_slot

_MONTHS = 12
_ONE_DAY = timedelta(days=1)
_PROGRAMME = "programme:"
_YEAR = "year:"
#: What confirms a visit: its host, or who moderates it.
CONFIRMING = frozenset({VisitAttested.__name__, JudgementModerated.__name__})
_ASKS = (facts.PROGRAMME, facts.PARTS, schools.SCHOOL, bodies.BODY)


def _months(first: date, last: date) -> int:
    """Return the months from a first to a last day inclusive, a begun month counting whole."""
    months = (last.year - first.year) * _MONTHS + last.month - first.month
    return months + (1 if last.day >= first.day else 0)


def visits_owed(full: int, year: tuple[date, date], served: tuple[date, date]) -> Decimal:
    """Return the visits owed for the part of a year that a school serves, rounded up.

    `year` and `served` are first and last days, inclusive.
    """
    part, whole = months_served(year, served)
    return Decimal(-(-max(0, full) * part // whole))


def months_served(year: tuple[date, date], served: tuple[date, date]) -> tuple[int, int]:
    """Return for how many months of a year a school serves, begun ones whole, and of how many."""
    whole = max(1, _months(*year))
    first, last = max(year[0], served[0]), min(year[1], served[1])
    return 0 if last < first else min(whole, max(1, _months(first, last))), whole


def lowered(lines: Iterable[Posting]) -> Decimal:
    """Return by how much earlier endings have lowered an obligation, and still do."""
    lines = tuple(lines)
    endings = {line.claim for line in lines if line.reason == "reduced"}
    return Decimal(sum(-line.amount for line in lines if line.claim in endings))


class _Visit(NamedTuple):
    """A visit as its claim or confirmation tells it."""

    visitor: str
    host: str
    under: str
    day: date


def _counted(entry: Entry[Any]) -> Iterator[_Visit]:
    """Go through the visit of a claim or confirmation, if it may count: it does once, and first.

    What is drafted may not say the day yet.
    """
    said = entry.data
    under, day = said.get("under", ""), said.get("visited_on", entry.occurredon)
    confirms = Decimal(said.get("days") or ONE) > 0 and "confirmed_before" not in said
    if under.startswith((_PROGRAMME, _YEAR)) and confirms:
        yield _Visit(said["visitor"], said["host"], under, date.fromisoformat(day))


class _OfProgrammes(Kind):
    """Visits owed under programmes: what a confirmed visit discharges, and a claimed one claims."""

    unit = "visit"
    ground = "promise"
    asks = _ASKS
    claims = {VisitMade: "under"}  # noqa: RUF012 - read, never changed

    def counts_for(self, look: Look, visit: _Visit) -> Iterator[tuple[Programme, Sequence[str]]]:
        """Go through the programmes for which a visit counts, each with what it may discharge."""
        raise NotImplementedError

    def attested(self, entry: Entry[Any], look: Look) -> Iterator[str]:
        """Go through what a confirmation may discharge."""
        for visit in _counted(entry):
            for _, owed in self.counts_for(look, visit):
                yield from owed

    def post_attested(self, entry: Entry[Any], sheet: Sheet) -> None:
        """Post one visit on the first that it can fill, else on the last."""
        for visit in _counted(entry):
            for programme, owed in self.counts_for(sheet.look, visit):
                per = visit.host if programme.said.distinct_hosts else None
                fillable = (one for one in owed if sheet.account(one).room(visit.day, per) > 0)
                for obligation in owed[-1:]:
                    sheet.discharge(next(fillable, obligation), ONE, day=visit.day, per=per)

    def claimed(self, entry: Entry[Any], answer: Posting, sheet: Sheet) -> Iterator[Claim]:
        """Go through the visit that an entry claims made, once for each programme that it is of."""
        for visit in _counted(entry):
            for programme, owed in self.counts_for(sheet.look, visit):
                per = visit.host if programme.said.distinct_hosts else None
                yield from islice(self._claimed(owed, per, answer, sheet), 1)

    def _claimed(
        self, owed: Sequence[str], per: str | None, answer: Posting, sheet: Sheet
    ) -> Iterator[Claim]:
        for obligation in owed:
            account = sheet.account(obligation)
            amount, stands = _room(account, sheet.day, per), account.standing(sheet.day)
            if amount > 0 and stands is not None and stands[0] == answer.creditor:
                yield Claim(obligation, amount, answer.obligation, per)


def _room(account: Account, day: date, per: str | None) -> Decimal:
    return min(ONE, account.room(day, per)) if account else Decimal(0)


class ProgrammeVisits(_OfProgrammes):
    """The visits that a school owes in a programme that it joined, by the whole months in it.

    `asked` are those that a programme asks for in full, `counted` tells which visits count.
    """

    changed_by = CONFIRMING | {
        event.__name__ for event in (ProgrammeJoined, ProgrammeLeft, SchoolsMerged)
    }

    def __init__(
        self,
        name: str,
        title: str,
        asked: Callable[[VisitProgrammeOpened], int],
        counted: Callable[[Look, str, str, date], bool],
    ) -> None:
        """Keep what it is called, how many are asked for, and which visits count."""
        self.name, self.title = name, title
        self.asked, self.counted = asked, counted

    def owed_for(self, one: Programme, part: Part) -> Decimal:
        """Return how many visits a school comes to owe by its time in a programme."""
        served = (part.first, part.last or one.said.ends)
        return visits_owed(self.asked(one.said), one.span, served)

    def owed_in(self, look: Look, one: Programme, school: str) -> list[str]:
        """Return the obligations of a school in a programme, in the order in which it joined."""
        parts = facts.parts_in(look, one, school)
        return [f"{part.joined}/{self.name}" for part in parts if self._asks(one, part)]

    def _asks(self, one: Programme, part: Part) -> bool:
        """Whether anything came to be owed when a school joined, whenever it left."""
        return self.owed_for(one, part._replace(last=None)) > 0

    def counts_for(self, look: Look, visit: _Visit) -> Iterator[tuple[Programme, Sequence[str]]]:
        """Go through the programme that a visit is under, or those that count its year."""
        for one in _asking(look, visit):
            if self.counted(look, visit.visitor, visit.host, visit.day):
                yield one, self.owed_in(look, one, visit.visitor)

    def settles(self, entry: Entry[Any], look: Look) -> Iterator[str]:
        """Go through the visits owed by who visited under a programme, or leaves it."""
        if entry.name in CONFIRMING:
            yield from self.attested(entry, look)
        elif entry.name == ProgrammeLeft.__name__:
            one = look(facts.programme(entry.data["programme"]))
            yield from self._going_on(look, one, entry.data["school"]) if one else ()

    def _going_on(self, look: Look, one: Programme, school: str) -> dict[str, Part]:
        """Return what is owed for the times of a school in a programme that have not ended."""
        own = [part for part in facts.parts_in(look, one, school) if part.last is None]
        return {f"{part.joined}/{self.name}": part for part in own if self._asks(one, part)}

    def post(self, entry: Entry[Any], sheet: Sheet) -> None:
        """Post what joining opens, a visit discharges, leaving lowers."""
        if entry.name in CONFIRMING:
            self.post_attested(entry, sheet)
        elif entry.name == SchoolsMerged.__name__:
            self.become_one(entry, entry.event.predecessors, sheet)
        elif (one := sheet.look(facts.programme(entry.data.get("programme")))) is not None:
            self._post_joined(entry, one, sheet)
            self._post_left(entry, one, sheet)

    def _post_joined(self, entry: Entry[Any], one: Programme, sheet: Sheet) -> None:
        for part in facts.begun_by(entry):
            sheet.open(
                self.name,
                debtor=part.school,
                creditor=entry.data["organiser"],
                about=f"event:{one.id}",
                amount=self.owed_for(one, part),
                unit=self.unit,
                due_on=one.said.ends,
                effective_on=max(one.said.starts, part.first),
            )

    def _post_left(self, entry: Entry[Any], one: Programme, sheet: Sheet) -> None:
        if entry.name == ProgrammeLeft.__name__:
            going_on = self._going_on(sheet.look, one, entry.data["school"])
            for obligation, part in going_on.items():
                self._scale(obligation, one, part._replace(last=entry.event.effective_on), sheet)

    def become_one(
        self,
        entry: Entry[SchoolsMerged | SuccessionAttributed],
        predecessors: Iterable[str],
        sheet: Sheet,
    ) -> None:
        """Post that of two times in one programme which become one, one owes what it served."""
        said = entry.event
        others = (one for one in predecessors if one != said.school)
        goes_on: set[str] = set()
        for school in (said.school, *others):
            own = [part for part in facts.all_parts(sheet.look, school) if part.last is None]
            for part in own:
                one = sheet.look(facts.programme(part.programme))
                if part.programme in goes_on and one is not None:
                    ended = part._replace(last=said.effective_on - _ONE_DAY)
                    self._scale(f"{part.joined}/{self.name}", one, ended, sheet)
            goes_on.update(part.programme for part in own)

    def _scale(self, obligation: str, one: Programme, part: Part, sheet: Sheet) -> None:
        """Lower what is owed to what the months of a time in a programme come to."""
        lines = sheet.account(obligation).lines
        opened = sum((line.amount for line in lines if line.reason == "opened"), Decimal(0))
        less = opened - self.owed_for(one, part) - lowered(lines)
        last = part.last or one.said.ends
        if lines:
            sheet.reduce(obligation, less, day=last)

    def sides(self, look: Look, opener: Mention, obligation: str) -> Sequence[str]:
        """Return the school that joined a programme, and its organiser; nobody if it owes none."""
        if opener.name != ProgrammeJoined.__name__:
            return ()
        said = opener.data
        one = look(facts.programme(said["programme"]))
        owes = one is not None and obligation in self.owed_in(look, one, said["school"])
        return (said["school"], said["organiser"]) if owes else ()


def _asking(look: Look, visit: _Visit) -> Iterable[Programme]:
    """Return the programmes for which a visit counts by what it is under."""
    if visit.under.startswith(_PROGRAMME):
        one = look(facts.programme(visit.under))
        return () if one is None else (one,)
    if visit.under.startswith(_YEAR):
        return facts.counting_years(look, visit.visitor, visit.day)
    return ()


class EntitledVisits(_OfProgrammes):
    """The visits that an organiser promised to each school of its programme."""

    name = "entitled_visit"
    title = "visits to a school"
    changed_by = CONFIRMING | {VisitProgrammeOpened.__name__}

    def ways(self, owed: Owed) -> Iterator[Way]:
        """Go through the visit that the organiser can claim, to the school that is owed it."""
        for way in super().ways(owed):
            yield Way(way.event, {**way.data, "host": owed.creditor})

    def owed_to(self, look: Look, one: Programme, school: str) -> list[str]:
        """Return what is owed to a school, and to the lines from which it goes on."""
        named = facts.named_schools(look, one, school) if one.said.visits_to_each else ()
        return [f"{one.id}/{self.name}/{line}" for line in named]

    def counts_for(self, look: Look, visit: _Visit) -> Iterator[tuple[Programme, Sequence[str]]]:
        """Go through the programme that a visit by its organiser is under."""
        is_under = visit.under.startswith(_PROGRAMME)
        one = look(facts.programme(visit.under)) if is_under else None
        if one is not None and facts.is_organiser(look, one, visit.visitor, visit.day):
            yield one, self.owed_to(look, one, visit.host)

    def settles(self, entry: Entry[Any], look: Look) -> Iterator[str]:
        """Go through the visits owed to whom a programme's organiser visited."""
        if entry.name in CONFIRMING:
            yield from self.attested(entry, look)

    def post(self, entry: Entry[Any], sheet: Sheet) -> None:
        """Post what is promised to each school, and what a visit discharges of it."""
        if entry.name in CONFIRMING:
            self.post_attested(entry, sheet)
        else:
            self._post_opened(entry, sheet)

    def _post_opened(self, entry: Entry[VisitProgrammeOpened], sheet: Sheet) -> None:
        said = entry.event
        for school in dict.fromkeys(said.schools):
            sheet.open(
                f"{self.name}/{school}",
                debtor=said.organiser,
                creditor=school,
                about=f"event:{entry.id}",
                amount=Decimal(said.visits_to_each or 0),
                unit=self.unit,
                due_on=said.ends,
                effective_on=said.starts,
            )

    def sides(self, look: Look, opener: Mention, obligation: str) -> Sequence[str]:
        """Return the organiser of a programme and the school to which it owes visits."""
        one = look(facts.programme(opener.id))
        school = obligation_slot(obligation).partition("/")[2]
        owed = one is not None and obligation in self.owed_to(look, one, school)
        return (one.said.organiser, school) if one is not None and owed else ()


ENTITLED_VISIT = EntitledVisits()

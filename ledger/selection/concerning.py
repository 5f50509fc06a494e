"""What concerns a party: which entries a history of it shows, and a part about it is made of.

All that names it. Besides, what changes what it owes or is owed without naming it:

- what happened under its agreements and under money committed by it or to it, and under what a
  conversion left with it;
- of a school, all that concerns the lines from which it goes on: those that had a URN of its own,
  or merged into it; of a body, all that concerns those whose place it took;
- of a partnership, what happened under its years, what its members agreed with one another, and
  judgements of them while they belonged to it;
- of whoever opened a programme of visits, what happened under it;
- what answers a conflict of interest, a need, a judgement or an intervention for which it was to
  find help, or a moderator, for the one who answers need not name it;
- the conversion of a school that keeps money for which it accounts to it;
- of what was recorded for another, its confirmation, and the key by which that falls due;
- the end of a party with which it had to do, who goes on instead, and what takes that back: it
  voids what was owed, or says to whom it is owed from then on; not of a school with which it only
  stands in one list, of a year or a programme;
- of whoever ground rules name to stand in, the ground rules agreed after them: they may name
  another;
- of whoever agreed to stand in, what concerns the partnership that was dissolved, and what is
  under a partnership of a member that closed;
- of a partnership and of a responsible body, the coming and going of its schools' heads, for
  handing over is owed to it.

Told from bytes alone, and never from the vocabulary: a history is read without loading it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple, Protocol

import orjson

from ledger.errors import EntryError
from ledger.store.base import Row
from ledger.withdrawals import TAKING_BACK, taken_back

__all__ = ["Said", "Threads", "concerning", "read_said"]

_AGREED = "SupportAgreed"
#: What others do under it, for whom it is: neither need name the other.
_COMMITTED = "FundingCommitted"
_JUDGED = "JudgementMade"
_CONFLICT = "ConflictOfInterestDeclared"
_YEAR_OPENED = "PartnershipYearOpened"
_CONVERTED = "SchoolConverted"
#: What makes visits of a year owed.
_OF_YEARS = (_YEAR_OPENED, "SchoolAdmitted")
#: What makes visits under a programme owed; these name its organiser.
_OF_PROGRAMMES = ("VisitProgrammeOpened", "ProgrammeJoined")
_MERGED = "SchoolsMerged"
_SUCCEEDED = "BodySucceeded"
_ATTRIBUTED = "SuccessionAttributed"
_PASSING = (_MERGED, _ATTRIBUTED)
_MEMBERSHIP = ("SchoolAdmitted", "MembershipDeclined", *_PASSING)
_NUMBERED = ("SchoolRegistered", _CONVERTED, _ATTRIBUTED)
_URNS = ("urn", "old_urn", "new_urn", "former_urn")
_BODY_CHANGED = "ResponsibleBodyChanged"
_RESPONSIBILITY = ("SchoolRegistered", _CONVERTED, _BODY_CHANGED, _SUCCEEDED)
#: What opens or answers a handover or a ratification; these name the school or its head.
_OF_ITS_HEAD = (
    "Appointed",
    "AppointmentEnded",
    "DepartureNotified",
    "HandoverGiven",
    "HandoverAccepted",
    _CONVERTED,
    _BODY_CHANGED,
    "SchoolClosed",
    _MERGED,
    _SUCCEEDED,
)
_OF_A_MEMBER = (_AGREED, _JUDGED, *TAKING_BACK, *_OF_ITS_HEAD)
#: What answers for what was recorded for another, or lets that fall due.
_OF_RECORDS = ("RecordConfirmed", "RecordDisowned", "KeyEnrolled", "Appointed")
#: What opens obligations whose answers may name neither side, only the obligation.
_OPENING = (
    *(_CONFLICT, "NeedEscalated", _JUDGED, "InterventionRecorded"),
    *("JudgementChallenged", "VisitDisputeMaintained"),
)
#: What is kept to be spent: whoever converts meanwhile accounts for it sooner.
_RECEIVED = "FundingReceived"
_CLOSED = "SchoolClosed"
_DISSOLVED = "PartnershipDissolved"
_RULES_AGREED = "GroundRulesAgreed"
_STANDING_IN = "ContingencyAccepted"
_ASSUMED = "ObligationAssumed"
#: What ends a party, or puts another in its place, and the member in which it names that party: it
#: names few of those with whom it dealt.
_ENDING = {
    _CLOSED: "school",
    _MERGED: "predecessors",
    _ATTRIBUTED: "predecessor",
    _SUCCEEDED: "body",
    _DISSOLVED: "partnership",
    _STANDING_IN: "instead_of",
    _ASSUMED: "instead_of",
}
#: The members in which it names who goes on instead.
_GOING_ON = ("school", "successors", "contingency", "contingencies", "party")
_PARTY = re.compile(r"(?:school|body|partnership):[a-z0-9-]+")
_FOR_OFFICE = '"for_office":"'
_LISTS = '"schools":["'
_HANDED_OVER = ("DepartureNotified", "HandoverGiven", "HandoverAccepted")
_ALWAYS = "9999-12-31"
_ID = 36
_MISREAD = (AttributeError, LookupError, TypeError, ValueError)
"""What reading raises of bytes that are no entry; what is no JSON is a ValueError."""
_CHECK = "`school-ledger check` tells what else is wrong; restore it from a copy."


class Said(NamedTuple):
    """An entry as far as choosing asks: where it stands, its bytes, its event, day and data."""

    position: int
    raw: bytes
    event: str
    name: str
    day: str
    data: dict[str, Any]


class _Span(NamedTuple):
    """The days on which a school belongs to a party, and from which position their end is known."""

    first: str
    last: str = _ALWAYS
    told: int = 0

    def covers(self, one: Said, day: str) -> bool:
        """Whether a school belonged on a day, by what was known when something was recorded."""
        return self.first <= day and (day <= self.last or one.position < self.told)


_Spans = dict[str, list[_Span]]


class Threads(Protocol):
    """Where entries are found by what they name, and by type: a ledger's store, for one."""

    def by_tag(
        self, tag: str, types: Sequence[str] = (), *, before: int | None = None
    ) -> Sequence[Row]:
        """Return the entries with this tag and one of these types; no types mean any type."""
        ...

    def by_types(self, types: Sequence[str], *, before: int | None = None) -> Sequence[Row]:
        """Return the entries of one of these types."""
        ...


def concerning(store: Threads, party: str, known_at: int) -> dict[int, bytes]:
    """Return the entries that concern a party, by position, as known at a position.

    Raises EntryError where an entry of the file was changed or is damaged.
    """
    try:
        return _Reading(store, known_at).concerning(party)
    except _MISREAD as error:
        raise EntryError(
            "an entry cannot be read: the ledger's file was changed or is damaged", todo=_CHECK
        ) from error


class _Reading:
    """One choice: the store, as it is known at a position."""

    def __init__(self, store: Threads, known_at: int) -> None:
        self._store = store
        self._before = known_at + 1

    def _said(self, tag: str, types: Sequence[str] = ()) -> list[Said]:
        rows = self._store.by_tag(tag, types, before=self._before)
        return [read_said(position, data) for position, data in rows]

    def concerning(self, party: str) -> dict[int, bytes]:
        """Return what concerns a party and the lines from which it goes on."""
        found: dict[int, bytes] = {}
        lines = self._lines(party)
        for line in lines:
            found |= self._of(line)
        return found | self._ending(found, lines)

    def _ending(self, found: Mapping[int, bytes], lines: Sequence[str]) -> dict[int, bytes]:
        """Return how the parties that entries name came to an end, and those who go on instead."""
        ends: dict[int, bytes] = {}
        left = {party for row in found.items() for party in _parties(*row, lines)}
        looked: set[str] = set()
        while left:
            one = left.pop()
            looked.add(one)
            for end in self._said(one, tuple(_ENDING)):
                if end.position in ends or not _takes_its_place(end, one):
                    continue
                ends[end.position] = end.raw
                ends |= self._store.by_tag(f"event:{end.event}", TAKING_BACK, before=self._before)
                left |= set(_going_on(end)) - looked
        return ends

    def _lines(self, party: str) -> list[str]:
        """Return a party and those from which it goes on, however far back."""
        found, left = {party}, [party]
        while left and not party.startswith("person:"):
            one = left.pop()
            before = self._before_it if one.startswith("school:") else self._bodies_before
            dissolved = (each for each in self._stands_in(one) if self._said(each, (_DISSOLVED,)))
            further = {*before(one), *dissolved} - found
            found |= further
            left += further
        return sorted(found)

    def _stands_in(self, party: str) -> set[str]:
        """Return the partnerships for which a party agreed to stand in."""
        agreed = self._said(party, (_STANDING_IN,))
        return {one.data["partnership"] for one in agreed if one.data["party"] == party}

    def _bodies_before(self, body: str) -> Iterator[str]:
        """Go through the bodies whose place a body took."""
        for one in self._said(body, (_SUCCEEDED,)):
            if body in one.data.get("successors", ()):
                yield one.data["body"]

    def _before_it(self, school: str) -> Iterator[str]:
        """Go through the lines that had a URN of a school's before it, and those named so."""
        for one in self._said(school, (_MERGED,)):
            if one.data["school"] == school:
                yield from one.data["predecessors"]
        for own in self._said(school, _NUMBERED):
            if own.data["school"] != school:
                continue
            if "predecessor" in own.data:
                yield own.data["predecessor"]
            for urn in _urns(own):
                others = (was for was in self._said(urn, _NUMBERED) if urn in _urns(was))
                yield from (was.data["school"] for was in others if was.position <= own.position)

    def _of(self, party: str) -> dict[int, bytes]:
        found = dict(self._store.by_tag(party, before=self._before))
        things = {one.event for one in self._said(party, (_AGREED, _COMMITTED))}
        things.update(self._left_with(party))
        kind = party.partition(":")[0]
        if kind == "partnership":
            things.update(one.event for one in self._said(party, (_YEAR_OPENED,)))
            found |= self._of_members(self._memberships(party), things)
        elif kind == "body":
            for school, spans in self._responsibilities(party).items():
                found |= _kept(self._said(school, (*TAKING_BACK, *_OF_ITS_HEAD)), school, spans)
                # What was handed over or asked for before tells what is open when a school comes.
                handed = self._said(school, (*TAKING_BACK, *_HANDED_OVER))
                asking = [one for one in self._said(school, _OPENING) if _asks_for_help(one)]
                found |= _kept((*handed, *asking), school, (_Span(""),))
                for one in asking:
                    found |= self._settling(one.event)
        things.update(_event_of(one.data["obligation"]) for one in self._said(party, (_ASSUMED,)))
        for event in things:
            found |= self._under(event)
        found |= self._as_contingency(party)
        for one in self._said(party, _OF_PROGRAMMES) if kind != "school" else ():
            found |= dict(self._store.by_tag(f"event:{one.event}", before=self._before))
        for one in self._said(party, _OPENING):
            found |= self._settling(one.event)
        for keeper in {one.data["recipient"] for one in self._said(party, (_RECEIVED,))} - {party}:
            found |= {one.position: one.raw for one in self._said(keeper, (_CONVERTED,))}
        found |= {one.position: one.raw for one in self._passing_on_conflicts(party)}
        found |= self._leaving(things.union(one.event for one in self._said(party, _OF_YEARS)))
        return found | self._answering(found)

    def _passing_on_conflicts(self, party: str) -> Iterator[Said]:
        """Go through what makes another body decide about conflicts of interest of a party."""
        for declared in self._said(party, (_CONFLICT,)):
            school = declared.data.get("school", party)
            changed = self._said(school, (_BODY_CHANGED, _CONVERTED)) if school != party else ()
            yield from (one for one in changed if one.position > declared.position)

    def _as_contingency(self, party: str) -> dict[int, bytes]:
        """Return what concerns a party that stands in for others, or is named to."""
        found: dict[int, bytes] = {}
        for partnership in self._stands_in(party):
            found |= self._of_closed_members(partnership)
        for partnership in self._naming_it(party):
            found |= {one.position: one.raw for one in self._said(partnership, (_RULES_AGREED,))}
        return found

    def _naming_it(self, party: str) -> set[str]:
        """Return the partnerships whose ground rules name a party to stand in."""
        named = self._said(party, ("PartnershipFormed", _RULES_AGREED))
        return {
            one.data["partnership"]
            for one in named
            if party in one.data["ground_rules"]["contingency"].values()
        }

    def _of_closed_members(self, partnership: str) -> dict[int, bytes]:
        """Return what members of a partnership that closed said or were told under it."""
        years = (f"year:{one.event}" for one in self._said(partnership, (_YEAR_OPENED,)))
        own = {partnership, *years}
        return {
            one.position: one.raw
            for school in {end.data["school"] for end in self._said(partnership, (_CLOSED,))}
            for one in self._said(school)
            if not own.isdisjoint(_named(one.data))
        }

    def _answering(self, found: Mapping[int, bytes]) -> dict[int, bytes]:
        """Return what answers for what was recorded for another, or lets that fall due."""
        recorded = [read_said(*row) for row in found.items() if _is_for_another(row[1])]
        named = (one for said in recorded for one in self._said(f"event:{said.event}", _OF_RECORDS))
        return {one.position: one.raw for one in named}

    def _under(self, event: str) -> dict[int, bytes]:
        """Return the event itself, and what says that it was done under the thing it created."""
        return {
            one.position: one.raw
            for one in self._said(f"event:{event}")
            if one.event == event or any(name.endswith(f":{event}") for name in _named(one.data))
        }

    def _settling(self, event: str) -> dict[int, bytes]:
        """Return what lists an obligation that an event opened."""
        return {
            one.position: one.raw
            for one in self._said(f"event:{event}")
            if any(name.startswith(f"{event}/") for name in _named(one.data))
        }

    def _leaving(self, events: Iterable[str]) -> dict[int, bytes]:
        """Return the conversions that leave with a body what one of these events opened."""
        named = (one for event in events for one in self._said(f"event:{event}", (_CONVERTED,)))
        return {one.position: one.raw for one in named}

    def _left_with(self, body: str) -> Iterator[str]:
        """Go through the openers of what conversions left with a body."""
        for one in self._said(body, (_CONVERTED,)):
            if one.data.get("former_body") == body:
                yield from _left(one.data)

    # -- its schools -----------------------------------------------------------------------

    def _memberships(self, partnership: str) -> _Spans:
        spans: _Spans = defaultdict(list)
        withdrawn = self._withdrawn(partnership)
        for one in self._said(partnership, _MEMBERSHIP):
            said = one.data
            if one.name in _PASSING:
                self._carry(spans, one, partnership)
                continue
            if said["partnership"] != partnership:
                continue  # it only signed
            own = spans[said["school"]]
            if one.name == _MEMBERSHIP[0]:
                own.append(_Span(said["effective_on"]))
            elif "leaves_on" in said and one.event not in withdrawn:
                own[:] = [_ended(span, said["leaves_on"], one.position) for span in own]
        return spans

    @staticmethod
    def _carry(spans: _Spans, one: Said, partnership: str) -> None:
        """End memberships of schools that merged, and begin that of the one that they became."""
        first = one.data["effective_on"]
        for carried in one.data.get("memberships", ()):
            if carried["partnership"] == partnership:
                own = spans[carried["school"]]
                own[:] = [_ended(span, first, one.position) for span in own]
                spans[one.data["school"]].append(_Span(first))

    def _withdrawn(self, tag: str) -> set[str]:
        said = self._said(tag, TAKING_BACK)
        return {event for one in said for event in taken_back(one.name, one.data)}

    def _responsibilities(self, body: str) -> _Spans:
        """Return the schools for which a body was ever responsible, and when."""
        named = self._said(body, _RESPONSIBILITY)
        schools = {
            said["school"]
            for one in named
            for said in _told_of_schools(one)
            if said.get("responsible_body") == body
        }
        return {school: self._under_body(school, body) for school in schools}

    def _under_body(self, school: str, body: str) -> list[_Span]:
        """Return when a body was responsible for a school; what was withdrawn ended nothing."""
        withdrawn = self._withdrawn(school)
        spans: list[_Span] = []
        end = (_ALWAYS, 0)
        told = [
            (one, said.get("responsible_body"), said.get("former_body"))
            for one in self._said(school, _RESPONSIBILITY)
            for said in _told_of_schools(one)
            if said["school"] == school
        ]
        ever = {responsible for _, responsible, _ in told}
        for one, responsible, former in sorted(told, key=lambda each: _from_when(each[0]))[::-1]:
            if one.name == _SUCCEEDED and former not in ever:
                continue  # it was only in the area of the body that ended
            first, position = _from_when(one)
            if responsible == body:
                spans.append(_Span(first, *end))
            end = end if one.event in withdrawn else (first, position)
        return spans

    def _of_members(self, members: _Spans, things: set[str]) -> dict[int, bytes]:
        """Return what concerns a partnership of its members; what they agreed joins the things."""
        found: dict[int, bytes] = {}
        for school, spans in members.items():
            said = self._said(school, _OF_A_MEMBER)
            found |= _kept(said, school, spans)
            things.update(one.event for one in said if _is_among(members, one))
        return found


def _parties(position: int, raw: bytes, own: Sequence[str]) -> Iterable[str]:
    """Return the parties that an entry names; of schools that changed hands at once, none.

    Of schools that stand in one list those of one's own: what the others do is between them and
    whoever listed them.
    """
    text = _text(raw)
    if f'"type":"{_SUCCEEDED}.' in text:
        return ()
    parties = _PARTY.findall(text)
    listed = read_said(position, raw).data["schools"] if _LISTS in text else ()
    return parties if set(own).isdisjoint(listed) else [one for one in parties if one not in listed]


def _takes_its_place(end: Said, party: str) -> bool:
    """Whether an end is that of a party: it may name others, and a merger who goes on itself."""
    goes_on = end.name == _MERGED and end.data["school"] == party
    return not goes_on and party in _each(end.data.get(_ENDING[end.name], ()))


def _going_on(end: Said) -> Iterator[str]:
    """Go through those who go on instead."""
    return chain.from_iterable(_each(end.data.get(member, ())) for member in _GOING_ON)


def _each(said: str | Iterable[str]) -> Iterable[str]:
    return (said,) if isinstance(said, str) else said


def _told_of_schools(one: Said) -> Iterator[dict[str, Any]]:
    """Go through what an entry says of who is responsible for which school."""
    if one.name != _SUCCEEDED:
        yield one.data
        return
    for goes in one.data.get("schools", ()):
        former = {"former_body": one.data["body"]}
        yield {"school": goes["school"], "responsible_body": goes["body"], **former}


def _urns(one: Said) -> list[str]:
    """Return the URNs that a school has or had by what is said of it."""
    return [one.data[name] for name in _URNS if name in one.data]


def _is_among(members: _Spans, one: Said) -> bool:
    """Whether an entry is an agreement of two members."""
    sides = (one.data["provider"], one.data["receiver"]) if one.name == _AGREED else ()
    return bool(sides) and all(_on(members.get(side, ()), one, one.day) for side in sides)


def _kept(said: Iterable[Said], school: str, spans: Sequence[_Span]) -> dict[int, bytes]:
    """Return what happened to a school while it belonged, and later answers to that."""
    found: dict[int, bytes] = {}
    kept: set[str] = set()
    for one in said:
        if _belongs(one, school, spans) or not kept.isdisjoint(map(_event_of, _named(one.data))):
            found[one.position] = one.raw
            kept.add(one.event)
    return found


def _belongs(one: Said, school: str, spans: Sequence[_Span]) -> bool:
    said = one.data
    if one.name in (_AGREED, *TAKING_BACK):
        return False
    about = said.get("about") or said.get("office") or said.get("school")
    is_about_it = about in (school, f"head@{school}") or school in said.get("predecessors", ())
    return is_about_it and _on(spans, one, said.get("effective_on", one.day))


def _from_when(one: Said) -> tuple[str, int]:
    return one.data.get("effective_on", ""), one.position


def _on(spans: Sequence[_Span], one: Said, day: str) -> bool:
    return any(span.covers(one, day) for span in spans)


def _ended(span: _Span, last: str, told: int) -> _Span:
    return span._replace(last=last, told=told) if span.last == _ALWAYS else span


def _left(data: dict[str, Any]) -> list[str]:
    """Return the events that opened what a conversion leaves with the former body."""
    return [each[:_ID] for each in data.get("left_with_former_body", ())]


def _named(data: dict[str, Any]) -> Iterator[str]:
    """Go through what the members of a statement's data say, lists told one by one."""
    for value in data.values():
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, str):
                yield each
            elif isinstance(each, dict):
                yield from (one for one in each.values() if isinstance(one, str))


def _asks_for_help(one: Said) -> bool:
    """Whether an event may make a responsible body owe something, now or once it is responsible."""
    return one.name != _JUDGED or bool(one.data.get("brokers") or one.data.get("answerable"))


def _event_of(reference: str) -> str:
    """Return the id of the event that a thing, an event or an obligation is of."""
    return reference.partition("/")[0].rpartition(":")[2]


def _is_for_another(raw: bytes) -> bool:
    """Whether an entry was recorded for an office."""
    return _FOR_OFFICE in _text(raw)


def _text(raw: bytes | str) -> str:
    """Return an entry's bytes as text; a hostile hand may have stored it so."""
    return raw if isinstance(raw, str) else raw.decode(errors="replace")


def read_said(position: int, data: bytes) -> Said:
    """Return what an entry says; raise EntryError where its bytes are none."""
    try:
        said = orjson.loads(data)["statement"]
        name = said["type"].partition(".")[0]
        return Said(position, data, said["id"], name, said["occurredon"], dict(said["data"]))
    except _MISREAD as error:
        raise EntryError(
            f"entry {position} cannot be read: the ledger's file was changed or is damaged",
            todo=_CHECK,
        ) from error

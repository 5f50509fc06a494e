"""Why an event of any type is refused, as far as the domain tells it of all types alike.

Written from the domain, apart from the product: an event names only what is known, happened by the
day on which it is recorded, is signed by who holds its office, and that office may say it; and
nobody signs both halves. What else speaks against one of a type is told by tables of that type.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from every_event import HALVES, roles
from recording import REGISTRAR

from ledger.events import CREATORS
from ledger.values import office_role

#: What may speak against an event of any type, and how a refusal says so. The model tells of the
#: first four exactly when they do; of the others that they do where it knows.
AHEAD, UNKNOWN, BEFORE, STRANGER = "ahead", "unknown", "before", "stranger"
NOT_ITS_OFFICE, OWN_HALF = "not its office", "own half"
EXACTLY = frozenset({AHEAD, UNKNOWN, BEFORE, STRANGER})
SENTENCES = {
    AHEAD: re.compile(r"which lies ahead"),
    UNKNOWN: re.compile(
        r" names .*(, which is not in this ledger|not registered in this ledger"
        r"|no [\w ]+ of that id stands in this ledger|which was withdrawn or disowned)"
    ),
    BEFORE: re.compile(
        r"before (the [\w ]+|what opened the obligation) that it names, which (happened|counts)"
    ),
    STRANGER: re.compile(r"does not hold the office"),
    NOT_ITS_OFFICE: re.compile(r"is not for .* to sign|must be signed in the office"),
    OWN_HALF: re.compile(r"the same person (signed|claimed)"),
}
#: What names a party, or an office of it, that this very event brings into the registers.
BRINGS = {
    "LedgerFounded": ("registrars",),
    "PersonEnrolled": ("person",),
    "BodyRegistered": ("body",),
    "SchoolRegistered": ("school",),
    "PartnershipFormed": ("partnership",),
}
SHARED = frozenset({"registrar", "officer", "adviser", "finance"})
_NAMES = re.compile(r"(?:[a-z_]+@)?([a-z_]+):([^:@/]+)|([0-9a-f-]{36})/.+")
GRACE = 60
day_of = date.fromisoformat
_BEGINNING = frozenset({"SupportAgreed", "PartnershipYearOpened", "VisitProgrammeOpened"})
_DERIVED = frozenset({"obligations", "references"})
_PARTIES = frozenset({"school", "body", "partnership", "person"})


class Attempt(NamedTuple):
    """Something as somebody is about to say it, on a day of which it is said to have happened."""

    name: str
    data: dict[str, Any]
    person: str
    office: str
    day: str

    @property
    def speaker(self) -> str:
        """The office whose words they are."""
        office: str = self.data.get("for_office", self.office)
        return office


class Tenure(NamedTuple):
    """A person's time in an office, from its first day to its last, if that is told."""

    person: str
    first: str
    last: str | None = None

    def covers(self, day: str) -> bool:
        """Whether a day lies within it."""
        return self.first <= day and (self.last is None or day <= self.last)


class Register:
    """Who is known, what stands and who holds which office, as far as any event may ask."""

    def __init__(self) -> None:
        """Begin with nobody and nothing."""
        self.parties: set[str] = set()
        self.events: dict[str, str] = {}
        #: Who signed each event, and in which office.
        self.hands: dict[str, tuple[str, str]] = {}
        #: From which day each event may be named by others.
        self.since: dict[str, str] = {}
        self.undone: dict[str, list[str]] = defaultdict(list)
        self.tenures: dict[str, list[Tenure]] = defaultdict(list)
        self.delegations: list[tuple[str, Attempt]] = []
        self.ended: set[str] = set()
        #: Then another office may speak in the place of one that is gone.
        self.somebody_is_gone = False

    def learn(self, event: str, attempt: Attempt) -> None:  # noqa: C901 - a line for each event
        """Take note of an event that is recorded."""
        name, day, data = attempt.name, attempt.day, attempt.data
        self.hands[event] = (attempt.person, attempt.office)
        self.events[event] = name
        self.since[event] = _counts_from(name, day, data)
        for member in BRINGS.get(name, ()):
            self.parties |= {data[member]} if name != "LedgerFounded" else set()
        if name == "LedgerFounded":
            for one in data["registrars"]:
                self.parties.add(one["person"])
                self.tenures[REGISTRAR].append(Tenure(one["person"], day))
        elif name == "Appointed":
            self.tenures[data["office"]].append(Tenure(data["person"], data["effective_on"]))
        elif name == "AppointmentEnded":
            self._ended(self.tenures[data["office"]], data["person"], data["effective_on"])
        elif name == "AuthorityDelegated":
            self.delegations.append((event, attempt))
        elif name == "DelegationEnded":
            self.ended.add(data["delegation"][-36:])
        elif name in {"PartnershipDissolved", "SchoolClosed"}:
            self.somebody_is_gone = True
        elif name == "EventWithdrawn":
            self.undone[data["event"][-36:]].append(event)
        elif name == "RecordDisowned":
            for one in data["events"]:
                self.undone[one[-36:]].append(event)

    @staticmethod
    def _ended(tenures: list[Tenure], person: str, last: str) -> None:
        """End what a person still holds; if nothing, set right the day of what they held last."""
        own = [at for at, one in enumerate(tenures) if one.person == person]
        for at in [at for at in own if tenures[at].last is None] or own[-1:]:
            tenures[at] = tenures[at]._replace(last=last)

    def stands(self, event: str) -> bool:
        """Whether an event is recorded, and nothing that stands has undone it."""
        return event in self.events and not any(map(self.stands, self.undone[event]))

    def holds(self, person: str, office: str, day: str) -> bool:
        """Whether somebody holds an office on a day: of most, only who was to begin last."""
        begun = [one for one in self.tenures[office] if one.first <= day]
        if office_role(office) not in SHARED:
            latest = max((one.first for one in begun), default="")
            begun = [one for one in begun if one.first == latest and one.covers(day)][-1:]
        return any(one.person == person and one.covers(day) for one in begun)

    def may_sign(self, attempt: Attempt, today: str) -> bool:
        """Whether somebody may sign in an office: its holder, a delegate; who left, a little."""
        name, person, office = attempt.name, attempt.person, attempt.office
        if name == "LedgerFounded" or self.is_delegate(attempt, today):
            return True
        since = [(day_of(today) - day_of(last)).days for last in self.left(person, office)]
        if name == "EventWithdrawn":
            own = self.hands.get(attempt.data["event"][-36:]) == (person, office)
            return self.holds(person, office, today) or (own and any(days > 0 for days in since))
        gives = name == "HandoverGiven" and office == attempt.data["office"]
        lately = gives and any(0 < days <= GRACE for days in since)
        return lately or self.holds(person, office, today)

    def is_delegate(self, attempt: Attempt, today: str) -> bool:
        """Whether who holds the office has let somebody say this, and it has not ended."""
        return any(
            (given.data["office"], given.data["person"]) == (attempt.office, attempt.person)
            and attempt.name in given.data["events"]
            and today <= given.data["until"]
            and event not in self.ended
            and self.stands(event)
            and self.holds(given.person, attempt.office, today)
            for event, given in self.delegations
        )

    def left(self, person: str, office: str) -> Iterator[str]:
        """Go through the last days of somebody's times in an office: as ended, or succeeded."""
        for one in self.tenures[office]:
            lasts = [] if one.last is None else [one.last]
            if office_role(office) not in SHARED:
                firsts = [each.first for each in self.tenures[office] if each.first > one.first]
                lasts += [(day_of(first) - timedelta(1)).isoformat() for first in firsts]
            if one.person == person and lasts:
                yield min(lasts)

    def happened(self, reference: str) -> str:
        """Return from which day what is named may be; any day if that is nothing that happened."""
        match = _NAMES.fullmatch(reference)
        kind, key, opener = match.groups() if match else (None, None, None)
        event = opener or (key if kind == "event" or self.knows(reference) else None)
        return self.since.get(event or "", "")

    def knows(self, reference: str) -> bool:
        """Whether what is named is registered, or recorded and stands; what names nothing is."""
        match = _NAMES.fullmatch(reference)
        if match is None:
            return True
        kind, key, opener = match.groups()
        if opener or kind == "event":
            return (opener or key) in self.events
        if kind in _PARTIES:
            return f"{kind}:{key}" in self.parties
        creator = CREATORS.get(kind)
        return creator is None or (self.stands(key) and self.events[key] == creator.__name__)


def _counts_from(name: str, day: str, data: dict[str, Any]) -> str:
    """Return from which day others may name an event: what has a first day counts from that."""
    if name == "EvidenceLodged":  # a letter tells of before
        return ""
    return min(day, data["starts"]) if name in _BEGINNING else day


def named(data: Any) -> Iterator[str]:
    """Go through every text in what is said."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        yield from (text for value in data.values() for text in named(value))
    elif isinstance(data, list):
        yield from (text for value in data for text in named(value))


def predicted(
    register: Register, attempt: Attempt, today: str, signed: Mapping[str, str | None]
) -> set[str]:
    """Return what speaks against an attempt; `signed` tells who said what, unless for another."""
    judged = {m: v for m, v in attempt.data.items() if m not in _DERIVED}
    judged = {m: v for m, v in judged.items() if m not in BRINGS.get(attempt.name, ())}
    halves = (attempt.data.get(member) for member in HALVES.get(attempt.name, ()))
    own = [half for half in halves if half and register.stands(half[-36:])]
    found = {
        AHEAD: attempt.day > today,
        UNKNOWN: not all(map(register.knows, named(judged))),
        BEFORE: any(
            attempt.day < register.happened(text)
            for text in named({m: v for m, v in judged.items() if m != "rows"})
        ),
        STRANGER: not register.may_sign(attempt, today),
        NOT_ITS_OFFICE: office_role(attempt.speaker) not in roles(attempt.name)
        and not (register.somebody_is_gone and office_role(attempt.speaker) in {"head", "officer"}),
        OWN_HALF: "for_office" not in attempt.data
        and any(signed.get(half[-36:]) == attempt.person for half in own),
    }
    return {kind for kind, holds in found.items() if holds}


def kinds(reasons: Iterable[str]) -> set[str]:
    """Return which kinds of refusal some reasons are, of those that the model tells."""
    reasons = tuple(reasons)
    return {kind for kind, says in SENTENCES.items() if any(map(says.search, reasons))}

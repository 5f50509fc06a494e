"""Rules as data, and the machinery that judges a candidate entry by them.

A rule is a row: who must sign, what must agree with what the event names, which other person must
have signed that, which obligations it changes, and only what is peculiar as a function that
yields refusals. Everything is asked of facts; the facts asked are the consistency boundary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from ledger.days import years_after
from ledger.decision_model import created
from ledger.decision_model.created import Hand, Mention, Thing, hand_of, same_hand
from ledger.decision_model.facts import Derive, Fact, Look
from ledger.decision_model.stricter import RELEASE_0_1, Since
from ledger.errors import MissingRuleError
from ledger.events import find
from ledger.events.base import Event
from ledger.format.entry import Entry
from ledger.values import (
    REFERENCE,
    event_id,
    office_party,
    party_kind,
)

E = TypeVar("E", bound=Event)


class Case(Generic[E]):
    """A candidate entry and what the record says: all that a rule may ask."""

    def __init__(
        self,
        entry: Entry[E],
        look: Look,
        derive: Derive | None = None,
        hand: Hand | None = None,
    ) -> None:
        """Take the candidate as it would be recorded, and the facts before it.

        `hand` is whose hand wrote it, where the entry is put in another's mouth.
        """
        self.entry = entry
        self.look = look
        self.derive = derive
        self._hand = hand
        self._named: list[tuple[str, str]] | None = None

    @property
    def hand(self) -> Hand:
        """Whose hand wrote the candidate."""
        return self._hand or hand_of(self.entry)

    @property
    def said(self) -> E:
        """What the candidate says."""
        return self.entry.event

    @property
    def day(self) -> date:
        """The day of recording, by which offices are judged."""
        return self.entry.recorded_on

    @property
    def named(self) -> list[tuple[str, str]]:
        """The references that the candidate makes, each with its member."""
        if self._named is None:
            self._named = [one for one in self.entry.named if one[0] not in _UNJUDGED]
        return self._named

    def thing(self, member: str) -> Thing | None:
        """Return what created the thing that a member names; None if it names none."""
        reference = self.entry.data.get(member)
        return self.look(created.thing(reference)) if reference else None


@dataclass(frozen=True)
class By:
    """An office that may sign: a role at the party that a member names.

    `grace_days` lets a holder sign that long after leaving.
    """

    words: str
    offices: Callable[[Case[Any]], Iterable[str]]
    grace_days: int = 0


EVER = 1_000_000
"""So many days of grace that nobody left too long ago."""

UNTOLD = object()
"""What the record tells of a member if it tells nothing: then anything may be said."""


class Told(NamedTuple):
    """What the record tells of a member, in words and as JSON; None if it must be left out.

    What is asked may not be complete yet: of what it says, anything may be missing. What is told
    only `sometimes` must else be said. What older entries left out is told `since` a release.
    """

    words: str
    find: Callable[[Case[Any]], Any]
    sometimes: bool = False
    since: Since | None = None


@dataclass(frozen=True)
class Rule(Generic[E]):
    """What must hold for an event to be recorded; `also` yields what is peculiar to it.

    `registers` are members that name what the event itself brings into the registers; `agrees`
    maps members to what they must say: `thing.member` of what the event names, or what else the
    record tells; `usual` to what they say if they are left out, and may say otherwise; `between`
    are members that name the two sides, of whom one answers the other and nobody themselves;
    `other_person_than` are things whose signer may not sign this half as well; `answers` is what to
    say where it answers nothing that waits, if something must. `signer` yields what else speaks
    against whoever signs: it belongs to authority, which every verifier judges again.

    What a withdrawal asks: one that is `lasting` is set right by a later event and never withdrawn,
    and may say what to do instead; a `consent` is withdrawn by its office at any time. One that
    `cites` obligations does not rest on what opened them unless it answers it; and none rests on
    the thing that it `disputes`. One that only `speaks_of` others rests on none of them. What is
    said of a thing after one that is a `step_of` it rests on that step.
    """

    by: tuple[By, ...]
    registers: tuple[str, ...] = ()
    agrees: Mapping[str, str | Told] = field(default_factory=dict)
    usual: Mapping[str, Callable[[Case[Any]], Any]] = field(default_factory=dict)
    between: tuple[str, str] | None = None
    other_person_than: tuple[str, ...] = ()
    answers: str | None = None
    also: Callable[[Case[E]], Iterable[str]] | None = None
    signer: Callable[[Case[E]], Iterable[str]] | None = None
    registrar_needs_source: bool = False
    lasting: bool | str = False
    consent: bool = False
    cites: bool = False
    disputes: str | None = None
    speaks_of: bool = False
    step_of: str | None = None


Registered = Callable[[str], Fact[Any] | None]
"""What tells whether the party that a reference or an office names is registered.

None for what names no party; the fact's tag is the party.
"""


class _Gathered(dict[str, "Rule[Any]"]):
    """The rules by the name of their event; one that is not there was forgotten, and says so."""

    def __missing__(self, event: str) -> Rule[Any]:
        raise MissingRuleError(
            f"internal error: {event} has no rule that says who may sign it and what must hold,"
            " so it can neither be recorded nor judged",
            todo="Please report it. Its rule is a row of RULES in ledger/domain/<theme>/rules.py,"
            " as docs/how-to/add-an-event.md says.",
        )


_GATHERED = _Gathered()

MOST_YEARS_AHEAD = 10
"""So long after it is recorded may an event still take effect."""


Adds = Mapping[type[Event], Mapping[str, "str | Told"]]
"""What a theme tells of members of an earlier theme's event, which knows nothing of it."""


def gather(
    themes: Iterable[Mapping[type[Event], Rule[Any]]], adds: Iterable[Adds] = ()
) -> Mapping[str, Rule[Any]]:
    """Return the rules of every theme by the name of their event, for `rule_of` as well."""
    for rules in themes:
        _GATHERED.update({event.__name__: rule for event, rule in rules.items()})
    for event, told_of in (item for added in adds for item in added.items()):
        rule = _GATHERED[event.__name__]
        _GATHERED[event.__name__] = replace(rule, agrees={**rule.agrees, **told_of})
    return _GATHERED


def rule_of(event: str) -> Rule[Any]:
    """Return the rule of an event by its name: what is withdrawn may be of any theme."""
    return _GATHERED[event]


def is_an_event(name: str) -> bool:
    """Return whether there is an event of a name."""
    return name in _GATHERED


def refusals(
    rule: Rule[E],
    case: Case[E],
    settled: Callable[[], Iterable[str]],
    registered: Registered,
) -> list[str]:
    """Return every reason of the rule's own against the candidate, authority left aside.

    `settled` tells the obligations whose balance the candidate changes, `registered` what tells
    whether a party is in the registers.
    """
    strange = unknown(rule, case, registered)
    found = [
        *strange,
        *RELEASE_0_1.refuses(_too_far_ahead(case)),
        *RELEASE_0_1.refuses(_before_what_it_names(case)),
        *_disagreements(rule, case),
        *_same_person(rule, case),
    ]
    if strange:
        # What is peculiar to an event asks about what it names; unknown things have no answers.
        return found
    changed = set(settled())
    return [
        *found,
        *_unsettled(rule, case, changed),
        *RELEASE_0_1.refuses(_before_it_was_asked(rule, case, changed)),
        *(rule.also(case) if rule.also else ()),
    ]


def _too_far_ahead(case: Case[Any]) -> Iterator[str]:
    """Say that an event takes effect further ahead than anybody plans."""
    day = case.entry.data.get("effective_on")
    if day is None:
        return
    last = years_after(case.day, MOST_YEARS_AHEAD)
    if day > last.isoformat():
        yield (
            f"it takes effect more than {MOST_YEARS_AHEAD} years after it is recorded: got"
            f" {day}, expected {last} or before; check the year"
        )


def _before_what_it_names(case: Case[Any]) -> Iterator[str]:
    """Say that an event happened before another, or before what opened an obligation, it names."""
    for member, text in case.named:
        if member in _AS_IT_STOOD:
            continue
        sort = _sort(text)
        if sort == "obligation":
            yield from _said_before(case, text, "what opened the obligation")
        elif sort == "thing" and party_kind(text) == "event":
            yield from _said_before(case, text, "the event")


def _said_before(case: Case[Any], reference: str, what: str) -> Iterator[str]:
    named = case.look(created.recorded(event_id(reference)))
    if named is None or find(named.name).tells_of_before:
        return
    since = created.counts_from(named)
    if case.entry.occurred_on < since:
        yield (
            f"it is said to have happened on {case.entry.occurredon}, before {what} that it names,"
            f" which {_since(named, since)}; check the day"
        )


def _before_it_was_asked(rule: Rule[Any], case: Case[Any], changed: Iterable[str]) -> Iterator[str]:
    """Say that an answer came before anybody else asked for it; one's own word asks nobody."""
    openers = [case.look(created.recorded(event_id(one))) for one in changed if rule.answers]
    own = office_party(case.entry.office)
    asked = [one for one in openers if one and office_party(one.office) != own]
    since = min(map(created.asks_from, asked), default=None)
    if since is not None and len(asked) == len(openers) and case.entry.occurred_on < since:
        yield (
            f"it is said to have happened on {case.entry.occurredon}, before what it answers,"
            f" which was asked on {since}; check the day"
        )


def _since(named: Thing | Mention, since: date) -> str:
    return f"{'happened on' if since == named.occurred_on else 'counts from'} {since}"


_CALLED = {"la": "local authority", "under": "what it is under"}


def in_words(member: str) -> str:
    """Return what people call what a member tells, or a kind of thing."""
    return _CALLED.get(member, member.replace("_", " "))


def takes_effect_before(case: Case[Any], member: str) -> Iterator[str]:
    """Say that an event would take effect before the thing that a member of it names."""
    day, thing = case.entry.data.get("effective_on"), case.thing(member)
    since = created.counts_from(thing) if thing else None
    if thing is not None and since is not None and day is not None and day < since.isoformat():
        yield (
            f"it would take effect on {day}, before the {party_kind(case.entry.data[member])} that"
            f" it names, which {_since(thing, since)}; check the day"
        )


@lru_cache(maxsize=16_384)  # the same are named again and again, and each by several rules
def _sort(text: str) -> str | None:
    """Return of which sort a reference is, as the pattern of them all names it; None if none."""
    match = REFERENCE.fullmatch(text)
    return match.lastgroup if match else None


_UNJUDGED = frozenset({"obligations", "references"})
_AS_IT_STOOD = frozenset({"rows"})
"""What was owed on a day, as known at a place in history: told as it stood there, whenever what
opened it was said."""


def unknown(rule: Rule[Any], case: Case[Any], registered: Registered) -> list[str]:
    """Say what a candidate names that the ledger does not know, or that happened later."""
    found: list[str] = []
    for member, text in case.named:
        if member not in rule.registers:
            found += _reference_faults(case, member, text, registered)
    return list(dict.fromkeys(found))


def _reference_faults(
    case: Case[Any], member: str, text: str, registered: Registered
) -> Iterable[str]:
    party = registered(text)
    if party is not None:
        if case.look(party):
            return ()
        return _unregistered(member, party.tag)
    sort, kind = _sort(text), party_kind(text)
    if sort == "thing" and kind != "event":
        return _thing_faults(case, kind, text)
    if sort not in _OF_EVENTS or case.look(created.recorded(event_id(text))):
        return ()
    return (f"it names {text}, which is not in this ledger; check its id",)


def _unregistered(member: str, party: str) -> Iterator[str]:
    yield (
        f"it names {party} as {in_words(member)}, which is not registered in this ledger;"
        " `school-ledger find NAME` looks it up, and a registrar registers it"
    )


_OF_EVENTS = frozenset({"thing", "obligation"})


def _thing_faults(case: Case[Any], kind: str, text: str) -> Iterator[str]:
    thing = case.look(created.thing(text))
    creator = created.creator(kind)
    if thing is None and _was_there(case, creator, text):
        yield f"it names {text}, which was withdrawn or disowned: name one that stands"
    elif thing is None or creator is None or thing.name != creator:
        yield (
            f"it names {text}, and no {in_words(kind)} of that id stands in this ledger;"
            f" `school-ledger show {kind}:` lists those that do"
        )
    elif (
        case.entry.occurred_on < (since := created.counts_from(thing))
        and not find(thing.name).tells_of_before
    ):
        yield (
            f"it is said to have happened on {case.entry.occurredon}, before the {in_words(kind)}"
            f" that it names, which {_since(thing, since)}; check the day"
        )


def _was_there(case: Case[Any], creator: str | None, reference: str) -> bool:
    """Return whether what a reference names was recorded, whatever became of it."""
    said = case.look(created.recorded(event_id(reference)))
    return said is not None and said.name == creator


def told(agrees: str | Told, case: Case[Any]) -> Any:
    """Return what the record tells of a member that must agree with it; UNTOLD if nothing."""
    if isinstance(agrees, Told):
        return agrees.find(case)
    name, _, of = agrees.partition(".")
    thing = case.thing(name)
    return UNTOLD if thing is None else thing.data.get(of)


def _disagreements(rule: Rule[Any], case: Case[Any]) -> Iterator[str]:
    for member, agrees in rule.agrees.items():
        got, expected = case.entry.data.get(member), told(agrees, case)
        if expected is not UNTOLD and got != expected:
            reason = (
                f"{_disagrees(member, agrees)}: got {_shown(got)}, expected {_shown(expected)};"
                " left out, it is filled in"
            )
            since = agrees.since if isinstance(agrees, Told) and got is None else None
            yield from since.refuses([reason]) if since else [reason]


def _disagrees(member: str, agrees: str | Told) -> str:
    if isinstance(agrees, Told):
        return f"“{in_words(member)}” must be {agrees.words}"
    return f"“{in_words(member)}” must be as in the {in_words(agrees.partition('.')[0])} it names"


def _shown(value: object) -> str:
    if value is None or value == []:
        return "nothing"
    if isinstance(value, dict):
        return " ".join(map(str, value.values()))
    if isinstance(value, str) and value.isidentifier():
        return in_words(value)
    return ", ".join(map(_shown, value)) if isinstance(value, list) else str(value)


def _same_person(rule: Rule[Any], case: Case[Any]) -> Iterator[str]:
    for member in rule.other_person_than:
        thing = case.thing(member)
        if thing is not None and same_hand(thing.hand, case.hand):
            yield (
                f"the same person signed the {member} that it answers; somebody else must sign"
                " this half"
            )


def _unsettled(rule: Rule[Any], case: Case[Any], expected: set[str]) -> Iterator[str]:
    listed = set(case.entry.data.get("obligations", ()))
    if rule.answers is not None and not expected:
        yield rule.answers.format(**case.entry.data)
    for obligation in sorted(expected - listed):
        yield (
            f"it changes the obligation {obligation} and does not list it; leave out its"
            " obligations, and they are filled in"
        )
    for obligation in sorted(listed - expected):
        yield (
            f"it lists the obligation {obligation}, which it does not change: it is answered"
            " already, or not of this event; leave out its obligations, and they are filled in"
        )

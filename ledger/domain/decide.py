"""Decisions: may this be recorded? One row for each event, all refusals at once.

::

    >>> refused = decide(candidate, book.look)
    >>> refused
    ['the visit is answered already']

`complete` fills in what a statement must repeat of what it answers, from the same rows, so that
nobody types it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any

from ledger.decision_model import created
from ledger.decision_model.facts import Derive, Drawn, Fact, Family, Look
from ledger.decision_model.items import Item
from ledger.decision_model.rules import UNTOLD, Case, Rule, gather, refusals, told, unknown
from ledger.decision_model.stricter import RELEASE_0_1
from ledger.domain import post
from ledger.domain.another import facts as recorded
from ledger.domain.another import rules as another
from ledger.domain.another.recording import recorder_faults, sides
from ledger.domain.brokerage import capacity, course_rules
from ledger.domain.brokerage import facts as brokerages
from ledger.domain.brokerage import rules as brokerage
from ledger.domain.concerns import facts as concerned
from ledger.domain.concerns import rules as concerns
from ledger.domain.correction import rules as correction
from ledger.domain.fulfilment import facts as fulfilments
from ledger.domain.fulfilment import rules as fulfilment
from ledger.domain.handover import facts as handovers
from ledger.domain.handover import rules as handover
from ledger.domain.judgements import facts as judged
from ledger.domain.judgements import rules as judgements
from ledger.domain.moderation import facts as moderated
from ledger.domain.moderation import rules as moderation
from ledger.domain.money import facts as moneys
from ledger.domain.money import rules as money
from ledger.domain.needs import facts as needed
from ledger.domain.needs import rules as needs
from ledger.domain.partnership import facts as partnerships
from ledger.domain.partnership import rules as partnership
from ledger.domain.programmes import facts as programmed
from ledger.domain.programmes import rules as programmes
from ledger.domain.registers import (
    bodies,
    delegation_rules,
    delegations,
    key_rules,
    ledger,
    offices,
    school_rules,
    schools,
)
from ledger.domain.registers import rules as registers
from ledger.domain.registers.after_the_end import answers_itself, ended_with_party
from ledger.domain.registers.authority import authority, kind_of_office, signer, standing
from ledger.domain.registers.speaking import spoken
from ledger.domain.review import rules as review
from ledger.domain.targets import facts as targeted
from ledger.domain.targets import rules as targets
from ledger.domain.visits import facts as visited
from ledger.domain.visits import impact_rules
from ledger.domain.visits import rules as visits
from ledger.errors import RefusedError
from ledger.events import Answer, find
from ledger.format.entry import Entry
from ledger.values import office_party, party_kind

__all__ = [
    "FAMILIES",
    "RULES",
    "complete",
    "decide",
    "judge_again",
    "judge_authority",
    "judge_office",
    "judge_rules",
    "judge_standing",
]

_ENVELOPE = ("id", "type", "time", "occurredon", "signedby", "office", "seen", "source")

_RULED = (
    registers,
    school_rules,
    key_rules,
    delegation_rules,
    programmes,
    partnership,
    judgements,
    needs,
    brokerage,
    course_rules,
    money,
    targets,
    visits,
    impact_rules,
    moderation,
    review,
    fulfilment,
    concerns,
    handover,
    correction,
    another,
)
RULES: Mapping[str, Rule[Any]] = gather(
    (theme.RULES for theme in _RULED), (getattr(theme, "ADDS", {}) for theme in _RULED)
)

_ASKED = (
    ledger,
    offices,
    delegations,
    bodies,
    schools,
    programmed,
    partnerships,
    brokerages,
    moneys,
    capacity,
    targeted,
    visited,
    moderated,
    fulfilments,
    judged,
    needed,
    concerned,
    handovers,
    recorded,
)
_KEPT: tuple[Family[Any], ...] = (
    created.THING,
    created.RECORDED,
    *post.FAMILIES,
    *(kind.family for kind in post.KINDS if isinstance(kind, Item)),
    *(one for theme in _ASKED for one in vars(theme).values() if isinstance(one, Family)),
)
#: The facts that rules ask for again and again. Not those of whole threads and courses, which only
#: a withdrawal asks for: of a long thread each costs more to keep with every entry.
FAMILIES: tuple[Family[Any], ...] = tuple(
    one for one in dict.fromkeys(_KEPT) if not isinstance(one, Drawn)
)

_MOST_KNOWN = 16_384
_REGISTERS: Mapping[str, Callable[[str], Fact[Any]]] = {
    "school": schools.school,
    "body": bodies.body,
    "partnership": partnerships.formed,
    "person": offices.person,
}


@lru_cache(maxsize=_MOST_KNOWN)  # the same parties and offices are named again and again
def _registered(text: str) -> Fact[Any] | None:
    """Return what tells whether a party, or that of an office, is registered; None if it has none.

    The fact's tag is the party.
    """
    party = (office_party(text) or "") if "@" in text else text
    register = _REGISTERS.get(party_kind(party))
    return register(party) if register and ":" in party else None


def decide(candidate: Entry[Any], look: Look, derive: Derive | None = None) -> list[str]:
    """Return every reason against recording a candidate; none if it may be recorded.

    The candidate stands at the position and time at which it would be recorded, the facts as they
    are before it. With `derive`, what many candidates have in common is worked out once.
    """
    return _against(Case(candidate, look, derive))


def judge_rules(entry: Entry[Any], look: Look) -> list[str]:
    """Return every reason against an entry beyond its signer's authority, as judged again later."""
    return _again(lambda: _beyond_authority(Case(entry, look)))


def judge_again(
    entry: Entry[Any], recorded_at: str, look: Look, derive: Derive | None = None
) -> list[str]:
    """Return every reason against an entry, authority included, as recorded at its effective time.

    The entry is as it was afterwards.
    """
    own, entry.recorded_at = entry.recorded_at, recorded_at
    reasons = _again(lambda: _against(Case(entry, look, derive)))
    entry.recorded_at = own
    return reasons


def _again(judge: Callable[[], list[str]]) -> list[str]:
    # Rules may count on what they let nobody record, and here it is recorded all the same.
    try:
        return judge()
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return [f"the rules cannot judge it, for it rests on what they refuse: {error!r}"]


def _against(case: Case[Any]) -> list[str]:
    return _authority(case) + _beyond_authority(case)


def _authority(case: Case[Any]) -> list[str]:
    rule = RULES[case.entry.name]
    return [*authority(rule, case), *recorder_faults(rule, case)]


def _beyond_authority(case: Case[Any]) -> list[str]:
    rule, entry, look = RULES[case.entry.name], case.entry, case.look
    settled = partial(post.settles, entry, look)
    found = refusals(rule, spoken(case), settled, _registered)
    over = RELEASE_0_1.refuses(
        [*ended_with_party(rule, spoken(case)), *answers_itself(rule, spoken(case))]
    )
    return [*found, *over, *sides(rule, case, post.owed_to(entry, look))]


def judge_authority(entry: Entry[Any], look: Look) -> list[str]:
    """Return every reason against the signer's authority, as any verifier judges it again."""
    return _authority(Case(entry, look))


def judge_standing(entry: Entry[Any], look: Look) -> list[str]:
    """Return why a signer's key or hold on the office does not stand, whatever the event says."""
    return standing(RULES[entry.name], Case(entry, look))


def judge_office(entry: Entry[Any], look: Look) -> list[str]:
    """Return why an event is not for the office that signed it, whoever holds that office.

    A rule about the signer as well always asks the record.
    """
    rule, case = RULES[entry.name], spoken(Case(entry, look))
    return kind_of_office(rule, case) + signer(rule, case)


def complete(entry: Entry[Any], look: Look) -> dict[str, Any]:
    """Return an entry's data with what its rule can tell filled in where it was left out.

    Filled in are members that must agree with what the record tells, those that usually do, and
    the obligations that the event changes. What is given is kept as given. Raises RefusedError
    where the event names a thing that would tell them and that is not there.
    """
    rule, data = RULES[entry.name], dict(entry.data)
    drafted = spoken(Case(_saying(entry, data), look))
    _must_be_known(rule, drafted)
    for member, usual in rule.usual.items():
        _fill(data, member, usual(drafted) if member not in data else None)
    for member, agrees in rule.agrees.items():
        _fill(data, member, told(agrees, drafted) if member not in data else None)
    if "obligations" not in data and issubclass(find(entry.name), Answer):
        settled = post.settles(_saying(entry, data), look)
        _fill(data, "obligations", sorted(set(settled)))
    return data


def _saying(entry: Entry[Any], data: dict[str, Any]) -> Entry[Any]:
    """Return an entry that says this, all else equal."""
    said = {name: getattr(entry, name) for name in _ENVELOPE}
    return Entry(entry.position, entry.recorded_at, entry.signature, {**said, "data": data})


def _fill(data: dict[str, Any], member: str, value: Any) -> None:
    if value is not None and value != [] and value is not UNTOLD:
        data[member] = value


def _must_be_known(rule: Rule[Any], case: Case[Any]) -> None:
    """Raise RefusedError if what would tell a member that is left out is not in the ledger."""
    said = case.entry.data
    paths = {member: path for member, path in rule.agrees.items() if isinstance(path, str)}
    telling = {path.partition(".")[0] for member, path in paths.items() if member not in said}
    if any(name in said and case.thing(name) is None for name in telling):
        raise RefusedError(case.entry.name, list(unknown(rule, case, _registered)))

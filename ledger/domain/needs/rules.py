"""Rules for needs and evidence: who says what a school needs, who answers, who shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.decision_model import created
from ledger.decision_model.created import Hand
from ledger.decision_model.kinds import Kind, Standing, kind_named
from ledger.decision_model.postings import kind_of
from ledger.decision_model.rules import UNTOLD, By, Case, Rule, Told
from ledger.decision_model.stricter import RELEASE_0_1
from ledger.domain.judgements.acting import Helpers, helpers
from ledger.domain.needs import facts
from ledger.domain.needs.deciding import (
    answerer,
    conflict_provider,
    conflict_school,
    conflict_terms,
    decided,
    declared,
    followed,
    school_decided,
    school_of_trigger,
    trigger_of,
)
from ledger.domain.needs.facts import Trigger
from ledger.domain.needs.kinds import BROKERAGE
from ledger.domain.needs.levels import (
    IN_WORDS,
    OVERSEERS,
    has_category,
    in_words,
    joined,
    passed_by,
)
from ledger.domain.needs.near import is_near
from ledger.domain.registers.bodies import body
from ledger.domain.registers.schools import School
from ledger.domain.registers.who import (
    gone,
    in_place,
    in_place_of,
    office_of,
    officer_responsible_for,
    own_party,
    role_of,
    school_now,
)
from ledger.events.needs import (
    ConflictOfInterestDeclared,
    DecisionRecorded,
    EvidenceLodged,
    NeedAccepted,
    NeedClosed,
    NeedDisputed,
    NeedEscalated,
    NeedIdentified,
    PartnershipResponded,
)
from ledger.values import event_id, office_party, office_role, party_kind


def _identified(case: Case[NeedIdentified]) -> Iterator[str]:
    said = case.said
    yield from gone(case, "school")
    if not is_near(case, said.school, said.raiser):
        yield (
            f"{said.raiser} does not answer for {said.school}: a need is identified by the school,"
            " a partnership that it is in, its responsible body or local authority, a regional or"
            " RISE team, or an inspectorate"
        )


def _by_another_person(case: Case[NeedAccepted] | Case[NeedDisputed]) -> Iterator[str]:
    """Say that the head answers a need that the same person raised for another party.

    Whoever raised it may record the answer of a head without a key, on that head's authority.
    """
    raised = case.thing("need")
    both = {case.hand, raised.hand} if raised else set()
    sides = {case.said.school, office_party(case.entry.office)}
    if both == {Hand(case.entry.signedby, None)} and case.said.raiser not in sides:
        yield from RELEASE_0_1.refuses(_own_question())


def _own_question() -> Iterator[str]:
    yield (
        "the same person identified the need for another party; somebody else must sign the head's"
        " answer, as one to whom it is delegated"
    )


def _who_raised_it(case: Case[NeedClosed]) -> Iterator[str]:
    need = case.entry.data.get("need")
    raised = case.look(created.recorded(event_id(need))) if need else None
    if raised is not None:
        yield raised.data.get(created.FOR_OFFICE, raised.office)


def _closed(case: Case[NeedClosed]) -> Iterator[str]:
    trigger, office = case.look(facts.trigger(case.said.need)), case.entry.office
    if trigger is not None and office in trigger.closed_by:
        yield f"{case.said.need} is closed already by {office}"


def _near_offices(case: Case[Any]) -> Iterator[str]:
    """Go through the offices beside a school's own that may put a need of it to the next level."""
    school = case.entry.data.get("school", "")
    standing = school_now(case, school) if school else None
    if standing is None:
        return
    for line in in_place(case, school):
        yield f"adviser@{line}"
    for partnership in joined(case, school):
        yield f"chair@{partnership}"
    yield from _officers(case, standing)


def _officers(case: Case[Any], standing: School) -> Iterator[str]:
    """Go through the officers who answer for a school, or see every school's needs."""
    for answering in (standing.responsible_body(case.day), standing.authority(case.day)):
        if answering:
            yield f"officer@{answering}"
    own = office_party(case.entry.office)
    overseer = case.look(body(own)) if own and party_kind(own) == "body" else None
    if overseer is not None and overseer.kind in OVERSEERS:
        yield f"officer@{own}"


def _escalated(case: Case[NeedEscalated]) -> Iterator[str]:
    said, trigger = case.said, case.look(facts.trigger(case.said.trigger))
    if in_place_of(case, said.school) == said.school:
        # What was asked for a school that goes on as another is asked for that one.
        yield from gone(case, "school")
    if trigger is None:
        return
    if trigger.closed_by:
        yield f"{said.trigger} is closed by {', '.join(trigger.closed_by)}"
    if said.to_level in trigger.escalated:
        yield f"it was put to {IN_WORDS[said.to_level]} already"
    elif "outside" in trigger.escalated:
        # Who owes help since then would owe it no more, and could be asked for it no more.
        yield from RELEASE_0_1.refuses(
            [f"it was put outside, and goes no way back to {IN_WORDS[said.to_level]}"]
        )
    yield from _has_no_such_level(case)
    yield from _passes_by(case, trigger)


def _has_no_such_level(case: Case[NeedEscalated]) -> Iterator[str]:
    said = case.said
    if said.to_level == "partnership" and not joined(case, said.school):
        yield f"{said.school} is in no partnership on {case.day}"
    standing = school_now(case, said.school)
    if said.to_level == "responsible_body" and not (
        standing and standing.responsible_body(case.day)
    ):
        yield f"no body is responsible for {said.school} on {case.day}"


def _passes_by(case: Case[NeedEscalated], trigger: Trigger) -> Iterator[str]:
    said = case.said
    passed = passed_by(case, trigger, said.to_level)
    if trigger.in_category or has_category(case, said.school):
        return
    by_officer = office_role(case.entry.office) == "officer"
    if passed and (said.skips is None or not by_officer):
        yield (
            f"it passes by {in_words(passed)}: put it there first, or let an officer who"
            " commissions say with --skips why not"
        )
    if said.skips is not None and not passed:
        yield "it says why it passes by a level, and passes by none that there is: leave that out"


def _asked(case: Case[Any]) -> Helpers:
    """Return who comes to owe help by an escalation: nobody who owes it already."""
    said = case.entry.data
    school, to, name = said.get("school"), said.get("to_level"), said.get("trigger")
    trigger = case.look(facts.trigger(name)) if name else None
    if trigger is None or school is None or to is None or name is None:
        return Helpers((), ())
    owing = {one.debtor for one in BROKERAGE.waiting(case.look, f"event:{event_id(name)}")}
    concern = trigger.in_category or has_category(case, school)
    found = helpers(case, school, by_body=to != "partnership" or concern)
    return Helpers(
        tuple(one for one in found.brokers if one not in owing),
        tuple(one for one in found.responders if one not in trigger.responders),
    )


def _own_office(case: Case[ConflictOfInterestDeclared]) -> tuple[str, ...]:
    entry = case.entry
    return (entry.office,) if entry.signedby == entry.data.get("person") else ()


def _commissioning(case: Case[ConflictOfInterestDeclared]) -> tuple[str, ...]:
    commissioner = conflict_terms(case).get("commissioner", "")
    return (f"officer@{commissioner}",) if party_kind(commissioner) == "body" else ()


def _brokers(case: Case[Any]) -> list[str] | None:
    return list(_asked(case).brokers) or None


def _responders(case: Case[Any]) -> list[str] | None:
    return list(_asked(case).responders) or None


def _level_of_trigger(case: Case[Any]) -> Any:
    trigger = trigger_of(case)
    return trigger.level if trigger else UNTOLD


_WHOSE_OFFICE = Told("whose office signs", lambda case: own_party(case) or UNTOLD)
_SAME_NEED = {"school": "need.school", "raiser": "need.raiser"}
_ANSWERED = "{need} waits for no answer: it is answered already, or the school identified it itself"


def _lodged(case: Case[EvidenceLodged]) -> Iterator[str]:
    said = case.said
    if said.period_to is not None and said.period_to < (said.period_from or said.period_to):
        yield f"it tells of a time that ends on {said.period_to}, before it begins"
    if said.obligation is None:
        return
    kind = kind_named(kind_of(said.obligation))
    opener = case.look(created.recorded(event_id(said.obligation)))
    if kind is None or opener is None or EvidenceLodged.__name__ not in kind.changed_by:
        yield f"{said.obligation} is nothing that a document answers"
        return
    debtor: str | None = next(iter(kind.sides(case.look, opener, said.obligation)), None)
    if office_party(case.entry.office) not in set(in_place(case, debtor)):
        yield (
            f"{said.obligation} is for {debtor} to answer: an office of theirs lodges the document"
        )
    yield from _does_not_answer(case, kind, kind.standing(case.look, opener, said.obligation))


def _does_not_answer(
    case: Case[EvidenceLodged], kind: Kind, standing: Standing | None
) -> Iterator[str]:
    said = case.said
    if standing is None or said.obligation in set(kind.settles(case.entry, case.look)):
        return
    if not standing.left:
        yield f"{said.obligation} is answered already, or owed no more"
    else:
        yield (
            f"{said.obligation} takes a {kind.title} about {standing.about}, and this is a"
            f" {said.kind.replace('_', ' ')} about {said.about}"
        )


_ANY_OFFICE = By("any office; the debtor's, if it answers", lambda case: (case.entry.office,))


RULES = {
    EvidenceLodged: Rule[EvidenceLodged](by=(_ANY_OFFICE,), also=_lodged),
    NeedIdentified: Rule[NeedIdentified](
        by=(office_of("raiser"), role_of("adviser", "school")),
        agrees={"raiser": _WHOSE_OFFICE},
        also=_identified,
    ),
    NeedAccepted: Rule[NeedAccepted](
        by=(role_of("head", "school"),),
        agrees=_SAME_NEED,
        answers=_ANSWERED,
        also=_by_another_person,
    ),
    NeedDisputed: Rule[NeedDisputed](
        by=(role_of("head", "school"),),
        agrees=_SAME_NEED,
        answers=_ANSWERED,
        also=_by_another_person,
    ),
    NeedEscalated: Rule[NeedEscalated](
        by=(
            role_of("head", "school"),
            By(
                "its adviser, the chair of a partnership that it is in, or an officer of its"
                " responsible body, local authority, regional or RISE team, or an inspectorate",
                _near_offices,
            ),
        ),
        agrees={
            "school": Told("the school that asks for help", school_of_trigger),
            "from_level": Told("the level at which it stands", _level_of_trigger),
            "brokers": Told(
                "who comes to owe that help is found",
                _brokers,
            ),
            "responders": Told(
                "the partnerships that come to owe an answer",
                _responders,
            ),
        },
        also=_escalated,
        step_of="trigger",
    ),
    PartnershipResponded: Rule[PartnershipResponded](
        by=(role_of("chair", "partnership"),),
        agrees={"school": Told("the school that asks for help", school_of_trigger)},
        answers="{partnership} owes no answer to {trigger}, or has given it already",
    ),
    DecisionRecorded: Rule[DecisionRecorded](
        by=(office_of("decider"),),
        agrees={
            "decider": _WHOSE_OFFICE,
            "school": Told("the school concerned", school_decided),
            "instead_of": Told(
                "the bodies whose duty to decide passed to who does, sorted",
                followed,
                since=RELEASE_0_1,
            ),
        },
        other_person_than=("offer", "conflict"),
        also=decided,
    ),
    ConflictOfInterestDeclared: Rule[ConflictOfInterestDeclared](
        by=(
            By("an office of the person who has it", _own_office),
            office_of("party"),
            officer_responsible_for("school"),
            By("an officer of who commissions", _commissioning),
        ),
        agrees={
            "declarer": _WHOSE_OFFICE,
            "provider": Told("the provider of what it bears on", conflict_provider),
            "school": Told("the school of what it bears on", conflict_school),
            "answerer": Told("who decides whether it is cleared", answerer),
        },
        also=declared,
    ),
    NeedClosed: Rule[NeedClosed](
        by=(
            role_of("head", "school"),
            office_of("raiser"),
            By("the office that raised it", _who_raised_it),
        ),
        agrees=_SAME_NEED,
        also=_closed,
    ),
}

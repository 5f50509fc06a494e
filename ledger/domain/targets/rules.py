"""Rules for targets: who may set one, who says that they conflict, and who answers for its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.decision_model.created import Thing, recorded, thing
from ledger.decision_model.kinds import keyed
from ledger.decision_model.rules import UNTOLD, By, Case, Rule, Told
from ledger.decision_model.stricter import RELEASE_0_1
from ledger.domain.brokerage import facts as brokerage
from ledger.domain.money.kinds import SPEND_ACCOUNT
from ledger.domain.needs.near import is_near
from ledger.domain.partnership.contingency import gone_since
from ledger.domain.registers.places import in_place_for
from ledger.domain.registers.who import (
    REGISTRAR_BY,
    goes_on,
    in_place_of,
    office_of,
    own_office,
    own_party,
    spoken_for,
)
from ledger.domain.targets.facts import conflicts, funders
from ledger.domain.targets.kinds import RECONCILIATION, TARGET
from ledger.events.targets import TargetConflictAnswered, TargetConflictRaised, TargetSet
from ledger.values import REGISTRAR, event_id

# -- set ------------------------------------------------------------------------------------------


def _adviser(case: Case[Any]) -> Iterator[str]:
    yield f"adviser@{case.entry.data.get('about', '')}"


def _whose_office(case: Case[Any]) -> Any:
    return UNTOLD if case.entry.office == REGISTRAR else own_party(case) or ""


def _as_before(case: Case[Any]) -> Any:
    former = case.thing("replaces")
    return former.data["about"] if former else UNTOLD


def _commissions(case: Case[Any], about: str, party: str) -> bool:
    """Return whether a party commissions support of another, or has its spending to account for."""
    for agreement in case.look(brokerage.agreements_of(about)):
        standing = case.look(brokerage.arrangement(agreement))
        over = standing is None or (standing.over is not None and standing.over.on < case.day)
        if not over and standing is not None and standing.said.commissioner == party:
            return True
    of_party = (funding for sender, funding in case.look(funders(about)) if sender == party)
    return any(SPEND_ACCOUNT.waiting(case.look, f"event:{event_id(one)}") for one in of_party)


def _set(case: Case[TargetSet]) -> Iterator[str]:
    said, day = case.said, case.entry.occurred_on
    gone = gone_since(case.look, said.about)
    if gone is not None and gone < day:
        yield (
            f"{said.about} ended on {gone}: no target is set for it any more"
            f"{goes_on(case, said.about, 'about')}"
        )
    yield from _strange(case)
    if said.due < day:
        yield f"it would be due on {said.due}, before it is set"
    yield from _not_agreed(said)
    yield from _not_replaced(case)


def _strange(case: Case[TargetSet]) -> Iterator[str]:
    said, published = case.said, case.entry.office == REGISTRAR
    if published or is_near(case, said.about, said.setter):
        return
    if not _commissions(case, said.about, said.setter):
        yield (
            f"{said.setter} does not answer for {said.about}: a target is set by itself, a"
            " partnership that it is in, its responsible body, local authority or commissioner, a"
            " regional or RISE team, or an inspectorate"
        )


def _not_agreed(said: TargetSet) -> Iterator[str]:
    if said.setter != said.about:
        if said.agreed_with is not None:
            yield (
                f"{said.setter} sets it: only a self-set target names with whom it was agreed;"
                " leave that out"
            )
    elif said.agreed_with is None:
        yield "it is self-set: name with whom it was agreed"
    elif said.agreed_with == said.about:
        yield f"{said.about} agrees on it with another, not with itself"


def _not_replaced(case: Case[TargetSet]) -> Iterator[str]:
    said, former = case.said, case.thing("replaces")
    if former is None:
        return
    if said.setter not in _and_now(case, former, "setter"):
        yield f"{said.replaces} was set by {former.data['setter']}, who alone replaces it"
    elif said.agreed_with not in _and_now(case, former, "agreed_with"):
        yield f"{said.replaces} was agreed with {former.data['agreed_with']}: so is another for it"
    if not _is_open(case, former):
        yield f"{said.replaces} is closed already: there is nothing to replace"


def _and_now(case: Case[Any], target: Thing, member: str) -> tuple[str | None, ...]:
    """Return a party of a target and the one that stands in its place there."""
    party = target.data.get(member)
    return (party, _has_place(case, target, party)) if party else (None,)


def _has_place(case: Case[Any], target: Thing, party: str) -> str:
    """Return who has by now the place of a party in a target."""
    obligation = f"{target.id}/{TARGET.name}"
    return in_place_for(case.look, obligation, party, target.data["about"], case.day)


def _is_open(case: Case[Any], target: Thing) -> bool:
    return bool(TARGET.waiting(case.look, f"event:{target.id}"))


# -- in conflict ----------------------------------------------------------------------------------


def _targets(case: Case[Any]) -> list[Thing]:
    """Return the targets that a draft names, those that stand."""
    named = case.entry.data.get("targets", ())
    return [one for one in (case.look(thing(name)) for name in named) if one is not None]


def _whose(case: Case[Any]) -> Any:
    return next((one.data["about"] for one in _targets(case)), UNTOLD)


def _answers_for(case: Case[Any], target: Thing) -> str:
    """Return who answers for a target: whom it is owed to, or who stands in that one's place."""
    return _has_place(case, target, target.data.get("agreed_with") or target.data["setter"])


def _setters(case: Case[Any]) -> Any:
    return sorted({_answers_for(case, one) for one in _targets(case)}) or UNTOLD


def _raised(case: Case[TargetConflictRaised]) -> Iterator[str]:
    said = case.said
    if len(set(said.targets)) < len(said.targets):
        yield "it names a target twice"
    for one in _targets(case):
        if one.data["about"] != said.about:
            yield f"target:{one.id} is of {one.data['about']}, not of {said.about}"
        elif not _is_open(case, one):
            yield f"target:{one.id} is closed already: nobody is to meet it"
    for raised, targets in case.look(conflicts(said.targets[0])):
        if targets == set(said.targets) and RECONCILIATION.waiting(case.look, f"event:{raised}"):
            yield f"target_conflict:{raised} says so of the same targets, and waits for answers"


def _own(case: Case[Any]) -> list[str]:
    """Return those of the targets in conflict for which whoever answers does so."""
    said, raised = case.entry.data, case.thing("target_conflict")
    named = raised.data["targets"] if raised else ()
    found = {name: case.look(thing(name)) for name in named}
    setter = said.get("setter")
    now = _answering(case, setter) if setter else None
    return [name for name, one in found.items() if one and _answers_for(case, one) == now]


def _answered(case: Case[TargetConflictAnswered]) -> Iterator[str]:
    said, own = case.said, _own(case)
    yield from RELEASE_0_1.refuses(_not_asked(case))
    if said.answer == "stands":
        if said.target is not None:
            yield "it says which target is changed, and that they stand: leave the target out"
    elif said.target is None:
        yield (
            f"it does not say which of its own targets is {said.answer}; name one with --target:"
            f" {', '.join(own) or 'it has none'}"
        )
    elif said.target not in own:
        yield f"{said.target} is none for which {said.setter} answers: {', '.join(own) or 'none'}"
    yield from _not_changed(case)


def _not_asked(case: Case[TargetConflictAnswered]) -> Iterator[str]:
    """Say that a setter was not asked, where its answer would change a target all the same."""
    raised, setter = case.thing("target_conflict"), case.said.setter
    if raised is not None and setter not in raised.data["setters"] and case.said.target:
        asked = ", ".join(raised.data["setters"])
        yield f"{setter} was not asked: say in whose place it answers, with --setter: {asked}"


def _not_changed(case: Case[TargetConflictAnswered]) -> Iterator[str]:
    said, after = case.said, case.thing("changed_by")
    if said.answer != "changed":
        if said.changed_by is not None:
            yield f"it is {said.answer}, and names another target: only what is changed does"
        return
    raised = case.thing("target_conflict")
    if said.changed_by is None:
        yield (
            "it does not say into which target it was changed: set that with TargetSet first, and"
            " name it with --changed-by"
        )
    elif raised is not None and said.changed_by in raised.data["targets"]:
        yield f"{said.changed_by} is one of those that cannot all be met"
    elif after is not None and after.data["about"] != said.about:
        yield f"{said.changed_by} is of {after.data['about']}, not of {said.about}"
    elif after is not None and _answers_for(case, after) != _answering(case, said.setter):
        yield f"{said.changed_by} is none for which {said.setter} answers"
    elif after is not None and raised is not None:
        yield from RELEASE_0_1.refuses(_older(case, after, raised))


def _older(case: Case[TargetConflictAnswered], after: Thing, raised: Thing) -> Iterator[str]:
    """Say that nothing is changed into a target that stood before the conflict was raised.

    By when each was recorded: on one day either may come first.
    """
    set_at, raised_at = (case.look(recorded(one.id)) for one in (after, raised))
    if set_at is not None and raised_at is not None and set_at.position < raised_at.position:
        yield (
            f"{case.said.changed_by} was set before the conflict was raised: set the changed one"
            " with TargetSet, and name that with --changed-by"
        )


def _answering(case: Case[Any], setter: str) -> str:
    """Return who has by now the place of a setter that owes an answer."""
    raised = case.thing("target_conflict")
    if raised is None:
        return in_place_of(case, setter)
    obligation = f"{raised.id}/{keyed(RECONCILIATION.name, setter)}"
    return in_place_for(case.look, obligation, setter, raised.data["about"], case.day)


def _and_answering(case: Case[Any], setter: str | None) -> Iterator[str]:
    if setter is not None:
        yield from (setter, _answering(case, setter))


def _setters_office(case: Case[Any]) -> Iterator[str]:
    yield from _SETTER.offices(case)
    setter = case.entry.data.get("setter")
    if isinstance(setter, str):
        yield own_office(_answering(case, setter))


def _usual_setter(case: Case[Any]) -> Any:
    """Return the setter for which the signer speaks, whose place its party may have taken."""
    raised = case.thing("target_conflict")
    setters = raised.data["setters"] if raised else ()
    return spoken_for(case, *setters, places=_and_answering)


def _usual_target(case: Case[Any]) -> str | None:
    own = _own(case) if case.entry.data.get("answer") in ("changed", "withdrawn") else ()
    return own[0] if len(own) == 1 else None


_SETTER = office_of("setter")
_HEAD_OR_CHAIR = By(
    "the head of the school or the chair of the partnership that is to meet them",
    office_of("about").offices,
)

RULES = {
    TargetSet: Rule[TargetSet](
        by=(
            office_of("setter"),
            By("the adviser of the school that is to reach it", _adviser),
            REGISTRAR_BY,
        ),
        agrees={
            "about": Told("whom the target is of that it replaces", _as_before, sometimes=True),
            "setter": Told("whose office signs", _whose_office),
        },
        registrar_needs_source=True,
        also=_set,
    ),
    TargetConflictRaised: Rule[TargetConflictRaised](
        by=(_HEAD_OR_CHAIR,),
        agrees={
            "about": Told("whom the first target is of", _whose, sometimes=True),
            "setters": Told("who set them, or with whom they were agreed; sorted", _setters),
        },
        also=_raised,
    ),
    TargetConflictAnswered: Rule[TargetConflictAnswered](
        by=(By(_SETTER.words, _setters_office),),
        agrees={"about": "target_conflict.about"},
        usual={"setter": _usual_setter, "target": _usual_target},
        answers="{setter} owes no answer to {target_conflict}, or has given it already",
        also=_answered,
    ),
}

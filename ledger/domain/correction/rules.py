"""Rules for correction: what may be withdrawn, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ledger.decision_model import created
from ledger.decision_model.created import FOR_OFFICE, Mention
from ledger.decision_model.rules import EVER, UNTOLD, By, Case, Rule, Told, rule_of
from ledger.decision_model.stricter import RELEASE_0_1
from ledger.domain.correction import dependents
from ledger.domain.registers.who import REGISTRAR_BY, in_place
from ledger.events.correction import DetailErased, EventWithdrawn
from ledger.format.sealed import sealed_in
from ledger.values import REGISTRAR, event_id, office_party, office_role

MOST_DAYS = 90
"""So many days after an event was recorded may its office withdraw it, whoever holds that by then.

Later an office would take back what others have long relied on."""

_SET_RIGHT = "registers are set right by a later event of theirs"


def _withdrawn(case: Case[EventWithdrawn]) -> tuple[Mention, tuple[Mention, ...]] | None:
    """Return the event to be withdrawn and what names it; None if it does not stand."""
    event = event_id(case.said.event)
    named = case.look(created.thread(event))
    own = [mention for mention in named if mention.id == event]
    return (own[0], tuple(m for m in named if m.id != event)) if own else None


def _same_office(case: Case[EventWithdrawn]) -> Iterable[str]:
    said = case.look(created.recorded(event_id(case.said.event)))
    for office in (said.office, said.data.get(FOR_OFFICE)) if said else ():
        if office == REGISTRAR:
            yield office
        elif office:
            yield from _in_its_place(case, office)


def _in_its_place(case: Case[EventWithdrawn], office: str) -> Iterator[str]:
    """Go through an office and the same one of the party that now stands in its party's place."""
    for party in in_place(case, office_party(office)):
        yield f"{office_role(office)}@{party}"


def _who_signed_it(case: Case[EventWithdrawn]) -> Iterable[str]:
    said = case.look(created.recorded(event_id(case.said.event)))
    return (said.office,) if said and said.signedby == case.entry.signedby else ()


def _withdraws(case: Case[EventWithdrawn]) -> Iterator[str]:
    said, entry = case.said, case.entry
    recorded = case.look(created.recorded(event_id(said.event)))
    lasting = recorded is not None and rule_of(recorded.name).lasting
    if recorded is not None and lasting:
        todo = lasting if isinstance(lasting, str) else _SET_RIGHT
        yield f"{recorded.name} cannot be withdrawn: {todo}"
    found = _withdrawn(case)
    if found is None:
        if recorded is not None and not lasting:
            yield f"{said.event} is withdrawn already"
        return
    own, others = found
    relying = dependents.relying(case.look, own, others)
    if relying:
        listed = ", ".join(f"{one.name} {one.id}" for one in relying)
        yield f"later events rely on it: {listed}; withdraw those first"
    yield from RELEASE_0_1.refuses(_not_in_its_place(case))
    if said.effective_on > entry.occurred_on:
        yield f"it would take effect on {said.effective_on}, after the day that it is said"
    if said.effective_on < own.occurred_on:
        yield f"it cannot take effect before the event itself, which happened on {own.occurred_on}"
    if entry.office == REGISTRAR != own.office and not _shown(case):
        yield (
            "a registrar withdraws another office's event only with a published source or with"
            " evidence"
        )
    else:
        yield from RELEASE_0_1.refuses(_too_late(case, own))


def _not_in_its_place(case: Case[EventWithdrawn]) -> Iterator[str]:
    """Say that what is to stand in the place of the withdrawn event does not stand."""
    said, other = case.said, case.said.replaced_by
    if other is None:
        return
    if other == said.event:
        yield "it is replaced by itself: name another event, or none"
    elif all(
        mention.id != event_id(other) for mention in case.look(created.thread(event_id(other)))
    ):
        yield f"it names {other}, which was withdrawn or disowned: name one that stands"


def _too_late(case: Case[EventWithdrawn], own: Mention) -> Iterator[str]:
    days = (case.entry.recorded_on - own.recorded_on).days
    if days > MOST_DAYS and not _may_still(case, own):
        yield (
            f"it was recorded on {own.recorded_on}, more than {MOST_DAYS} days ago: it takes"
            f" {own.signedby}, who signed it, evidence of the other side's consent, or a registrar"
            " with a published source or evidence"
        )


def _may_still(case: Case[EventWithdrawn], own: Mention) -> bool:
    """Return whether somebody may withdraw an event however long ago it was recorded."""
    is_consent = rule_of(own.name).consent
    return is_consent or _shown(case) or case.entry.signedby == own.signedby


def _shown(case: Case[EventWithdrawn]) -> bool:
    """Return whether a document shows that the other side consents, or a registrar's source."""
    said = case.said
    published = case.entry.office == REGISTRAR and said.source is not None
    return published or said.evidence is not None


def _own(case: Case[Any]) -> Mention | None:
    """Return what the event that a draft withdraws said; None if it does not stand."""
    event = event_id(case.entry.data.get("event", ""))
    return next((m for m in case.look(created.thread(event)) if m.id == event), None)


def _repeated(case: Case[Any]) -> Any:
    own = _own(case)
    return (list(dependents.references_of(own.data)) or None) if own else UNTOLD


def _from_the_start(case: Case[Any]) -> str | None:
    """Return the day of the event, standing or not: what no longer stands the rule names."""
    said = case.look(created.recorded(event_id(case.entry.data.get("event", ""))))
    return said.occurred_on.isoformat() if said else None


def _erased(case: Case[DetailErased]) -> Iterator[str]:
    said = case.said
    named = case.look(created.thread(event_id(said.event)))
    own = case.look(created.recorded(event_id(said.event)))
    sealed = [pointer for pointer, _ in sealed_in(own.data, "/data")] if own else []
    if own and said.pointer not in sealed:
        yield (
            f"{said.event} seals nothing at {said.pointer}; it seals"
            f" {', '.join(sealed) or 'nothing'}"
        )
    if any(
        mention.name == "DetailErased"
        and mention.data["event"] == said.event
        and mention.data["pointer"] == said.pointer
        for mention in named
    ):
        yield f"{said.pointer} of {said.event} is erased already"


RULES = {
    DetailErased: Rule[DetailErased](
        by=(REGISTRAR_BY,), also=_erased, lasting=True, speaks_of=True
    ),
    EventWithdrawn: Rule[EventWithdrawn](
        by=(
            By(
                "the office that signed the event, or for which it was recorded, within"
                f" {MOST_DAYS} days, or later with evidence of the other side's consent",
                _same_office,
            ),
            By("the person who signed it, in office or not", _who_signed_it, EVER),
            REGISTRAR_BY,
        ),
        agrees={"references": Told("the references of the event, sorted", _repeated)},
        usual={"effective_on": _from_the_start},
        also=_withdraws,
        lasting="say anew what it withdrew",
        speaks_of=True,
    ),
}

"""Which events usually follow another: those that must name what it brought into being."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from cli.record.model_members import events_members
from ledger.decision_model.items import Item
from ledger.domain.post import KINDS
from ledger.events import CATALOGUE
from ledger.events.base import Event


@cache
def naming(kind: str | None) -> Sequence[tuple[type[Event], str]]:
    """Return the events that follow a thing of a kind, each with the option that names it.

    The first that must name it; and those that answer the same obligation in its stead, as a
    visit is confirmed or disputed.
    """
    if kind is None:
        return ()
    found = list(_naming(kind))
    answers = _answering(found[0][0]) if found else ()
    return [one for one in found if one is found[0] or one[0] in answers]


def _naming(kind: str) -> Iterator[tuple[type[Event], str]]:
    for event in CATALOGUE:
        for member in events_members(event):
            if member.required and kind in member.named:
                yield event, member.option
                break


def _answering(event: type[Event]) -> set[type[Event]]:
    """Return the events that answer whatever an event answers."""
    rows = [kind.answers for kind in KINDS if isinstance(kind, Item)]
    return {other for answers in rows if event in answers for other in answers}

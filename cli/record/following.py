"""Which events usually follow another: those that must name what it brought into being."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from cli.record.model_members import events_members
from ledger.decision_model.items import Item
from ledger.domain import decide
from ledger.domain.post import KINDS
from ledger.events import CATALOGUE
from ledger.events.base import Event

_JUDGEMENT = "judgement"


class Following(NamedTuple):
    """An event that follows, the option that names what it follows, and who is first to sign it."""

    event: type[Event]
    option: str
    by: str


@cache
def naming(kind: str | None, *, owed: bool) -> Sequence[Following]:
    """Return the events that follow a thing of a kind: whose move it is comes first.

    That which says the same as the thing, as an offer is agreed to; else the first that must name
    it. Then those that answer the same in its stead, as a visit is disputed, or an offer declined.
    Where nothing is `owed` for the thing, as for a need that a school says of itself, none that
    can only answer: the next step of it is first. A judgement for which nothing is owed, for no
    grade of it is followed up, asks for no next step.
    """
    if kind is None or (kind == _JUDGEMENT and not owed):
        return ()
    found = list(_naming(kind))
    if not owed:
        kept = [one for one in found if decide.RULES[one.event.__name__].answers is None]
        found = sorted(kept, key=_is_no_step) if len(kept) < len(found) else kept
    if not found:
        return ()
    first = next((one for one in found if one.event.affirms == one.member), found[0])
    answers = _answering(first.event)
    others = [one for one in found if one is found[0] or one.event in answers]
    return [one.following for one in dict.fromkeys((first, *others))]


def _is_no_step(one: _Named) -> bool:
    return decide.RULES[one.event.__name__].step_of != one.member


class _Named(NamedTuple):
    """An event and its member that must name a thing."""

    event: type[Event]
    member: str
    option: str

    @property
    def following(self) -> Following:
        """Return it with who is first to sign it."""
        by = decide.RULES[self.event.__name__].by[0].words
        return Following(self.event, self.option, by)


def _naming(kind: str) -> Iterator[_Named]:
    for event in CATALOGUE:
        for member in events_members(event):
            names_it = member.required and kind in member.named
            if names_it and not _takes_several(event, member.path[0]):
                yield _Named(event, member.path[0], member.option)
                break


def _takes_several(event: type[Event], member: str) -> bool:
    """Whether a member must name more than one: what follows a single thing is another event."""
    metadata = event.model_fields[member].metadata
    return any((getattr(one, "min_length", None) or 0) > 1 for one in metadata)


def _answering(event: type[Event]) -> set[type[Event]]:
    """Return the events that answer whatever an event answers."""
    rows = [kind.answers for kind in KINDS if isinstance(kind, Item)]
    return {other for answers in rows if event in answers for other in answers}

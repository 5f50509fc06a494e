"""What each event makes owed: the kinds of obligation, and what else an event posts.

`postings` is a pure function of an entry, of what the record said before it, and of what was
posted before::

    >>> [(p.kind, p.debtor, p.amount) for p in postings(entry, journal)]
    [('support', 'school:900002', Decimal('6.0'))]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import Any

from ledger.decision_model.facts import Family, Look
from ledger.decision_model.items import Claim, Kind, gather
from ledger.decision_model.postings import Journal, Posting, Sheet
from ledger.domain.brokerage import kinds as brokerage
from ledger.domain.correction import postings as correction
from ledger.domain.handover import kinds as handover
from ledger.domain.needs import rules as needs
from ledger.domain.partnership import days_allowed as days
from ledger.domain.partnership import kinds as partnership
from ledger.domain.registers import postings as registers
from ledger.domain.visits import kinds as visits
from ledger.format.entry import Entry

__all__ = [
    "FAMILIES",
    "KINDS",
    "Claim",
    "Journal",
    "Kind",
    "Posting",
    "claims",
    "kinds_of",
    "postings",
    "settles",
]

_THEMES: tuple[ModuleType, ...] = (
    registers,
    partnership,
    needs,
    brokerage,
    visits,
    handover,
    correction,
)
_Effect = Callable[[Entry[Any], Sheet], None]

KINDS: tuple[Kind, ...] = gather(
    one for theme in _THEMES for one in vars(theme).values() if isinstance(one, Kind)
)
#: What events post besides: reversals, and what goes to another party.
_EFFECTS: dict[str, _Effect] = {
    event.__name__: effect
    for theme in _THEMES
    for event, effect in getattr(theme, "EFFECTS", {}).items()
}
_CHANGED_BY: dict[str, tuple[Kind, ...]] = {
    event: tuple(kind for kind in KINDS if event in kind.changed_by)
    for event in frozenset().union(*(kind.changed_by for kind in KINDS))
}
_CLAIMED_BY: dict[str, tuple[Kind, ...]] = {
    event: tuple(kind for kind in KINDS if event in kind.claiming)
    for event in frozenset().union(*(kind.claiming for kind in KINDS))
}
#: The facts that postings ask for.
FAMILIES: tuple[Family[Any], ...] = tuple(
    dict.fromkeys((*days.ASKS, *(family for kind in KINDS for family in kind.asks)))
)


def kinds_of(event: str) -> tuple[Kind, ...]:
    """Return the kinds of obligation that an event, by its name, opens, settles or changes."""
    return _CHANGED_BY.get(event, ())


def settles(entry: Entry[Any], look: Look) -> Iterator[str]:
    """Go through the obligations whose balance an entry changes, its own aside."""
    for kind in kinds_of(entry.name):
        yield from kind.settles(entry, look)


def claims(entry: Entry[Any], journal: Journal, made: Sequence[Posting]) -> Iterator[Claim]:
    """Go through what an entry claims done that others must answer, by what it posted.

    What is claimed waits for as long as the answer that the entry asked for is owed.
    """
    kinds = _CLAIMED_BY.get(entry.name, ())
    answers = [one for one in made if one.reason == "opened" and one.unit == "item"]
    for answer in answers[:1] if kinds else ():
        sheet = Sheet(entry, journal)
        for kind in kinds:
            yield from kind.claimed(entry, answer, sheet)


def postings(entry: Entry[Any], journal: Journal) -> list[Posting]:
    """Return what an entry changes in who owes what to whom; the journal keeps it."""
    kinds, effect = kinds_of(entry.name), _EFFECTS.get(entry.name)
    if not kinds and effect is None:
        return []
    sheet = Sheet(entry, journal)
    if effect is not None:
        effect(entry, sheet)
    for kind in kinds:
        kind.post(entry, sheet)
    return sheet.made

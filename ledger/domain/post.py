"""What each event makes owed: the kinds of obligation, and what else an event posts.

`postings` is a pure function of an entry, of what the record said before it, and of what was
posted before::

    >>> [(p.kind, p.debtor, p.amount) for p in postings(entry, journal)]
    [('support', 'school:900002', Decimal('6.0'))]
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import Any

from ledger.decision_model.created import FOR_OFFICE
from ledger.decision_model.facts import Family, Look
from ledger.decision_model.kinds import Claim, Kind, gather
from ledger.decision_model.postings import Journal, Posting, Sheet, kind_of
from ledger.domain.another import kinds as another
from ledger.domain.another import postings as answering
from ledger.domain.brokerage import kinds as brokerage
from ledger.domain.concerns import kinds as concerns
from ledger.domain.correction import postings as correction
from ledger.domain.fulfilment import kinds as fulfilment
from ledger.domain.handover import kinds as handover
from ledger.domain.handover import postings as handed_on
from ledger.domain.judgements import kinds as judgements
from ledger.domain.moderation import kinds as moderation
from ledger.domain.money import kinds as money
from ledger.domain.money import postings as moneys
from ledger.domain.needs import kinds as needs
from ledger.domain.partnership import days_allowed as days
from ledger.domain.partnership import kinds as partnership
from ledger.domain.partnership import postings as passed_on
from ledger.domain.programmes import kinds as programmes
from ledger.domain.registers import postings as registers
from ledger.domain.review import kinds as review
from ledger.domain.review import postings as reviewed
from ledger.domain.targets import kinds as targets
from ledger.domain.visits import kinds as visits
from ledger.domain.visits import postings as visited
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
    programmes,
    partnership,
    passed_on,
    judgements,
    needs,
    brokerage,
    money,
    moneys,
    targets,
    visits,
    visited,
    moderation,
    concerns,
    fulfilment,
    review,
    reviewed,
    handover,
    handed_on,
    correction,
    another,
    answering,
)
_SPENT = frozenset({"day", "GBP"})
_Effect = Callable[[Entry[Any], Sheet], None]

KINDS: tuple[Kind, ...] = gather(
    one for theme in _THEMES for one in vars(theme).values() if isinstance(one, Kind)
)
#: What events post besides: reversals, and what goes to another party.
_EFFECTS: dict[str, list[_Effect]] = defaultdict(list)
#: What they post once all else is posted.
_AFTERWARDS: dict[str, list[_Effect]] = defaultdict(list)
for _theme in _THEMES:
    for _gathered, _named in ((_EFFECTS, "EFFECTS"), (_AFTERWARDS, "AFTERWARDS")):
        for _event, _effect in getattr(_theme, _named, {}).items():
            _gathered[_event.__name__].append(_effect)
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
    dict.fromkeys(
        (*days.ASKS, *passed_on.ASKS, *(family for kind in KINDS for family in kind.asks))
    )
)


def kinds_of(event: str) -> tuple[Kind, ...]:
    """Return the kinds of obligation that an event, by its name, opens, settles or changes."""
    return _CHANGED_BY.get(event, ())


def _kinds(entry: Entry[Any]) -> tuple[Kind, ...]:
    """Return the kinds that an entry changes; any event may be recorded for another office."""
    kinds = kinds_of(entry.name)
    return kinds if FOR_OFFICE not in entry.data else (*kinds, another.RECORD_CONFIRMATION)


def settles(entry: Entry[Any], look: Look) -> Iterator[str]:
    """Go through the obligations whose balance an entry changes, its own aside."""
    for kind in _kinds(entry):
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


def owed_to(entry: Entry[Any], look: Look) -> Iterator[str]:
    """Go through those to whom the days and pounds are owed that an entry opens, answers or claims.

    What is claimed is claimed of one obligation, whose creditor the claim names.
    """
    for kind in kinds_of(entry.name):
        if kind.unit in _SPENT:
            yield from kind.creditors(entry, look)
    claimed = kind_of(entry.data.get("obligation", ""))
    for kind in _CLAIMED_BY.get(entry.name, ()):
        if kind.unit in _SPENT and kind.name == claimed:
            yield entry.data["creditor"]


def postings(entry: Entry[Any], journal: Journal) -> list[Posting]:
    """Return what an entry changes in who owes what to whom; the journal keeps it."""
    kinds, effects = _kinds(entry), _EFFECTS.get(entry.name, ())
    if not kinds and not effects:
        return []
    sheet = Sheet(entry, journal)
    for effect in effects:
        effect(entry, sheet)
    for kind in kinds:
        kind.post(entry, sheet)
    for effect in _AFTERWARDS.get(entry.name, ()):
        effect(entry, sheet)
    passed_on.going_on(sheet)
    return sheet.made

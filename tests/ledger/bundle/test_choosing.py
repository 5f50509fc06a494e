"""A part about a party answers what the whole record answers about it, and holds no more."""

from __future__ import annotations

from examples import some
from given import Record, journal_of, rows
from histories import (
    BODIES,
    ESTUARY,
    EVERY,
    SCHOOLS,
    History,
    Store,
    goes_on_or_ends,
    tell,
)
from hypothesis import given, settings

from ledger.bundle.choosing import choose
from ledger.bundle.manifest import Selection
from ledger.selection import concerning

PARTIES = (*SCHOOLS, *BODIES, ESTUARY)


def part_of(history: History, party: str) -> Record:
    chosen = choose(Store(history), Selection(party=party), len(history.entries))
    return Record(entry for entry in history.entries if entry.position in chosen.positions)


def owed(record: Record, party: str) -> list[str]:
    """Return every row with a party on one of its sides, settled ones and their days included."""
    lines = [p for _, p in journal_of(record).made if party in (p.debtor, p.creditor)]
    return [*rows(lines), *sorted(map(repr, lines))]


@settings(max_examples=some(40), deadline=None)
@given(EVERY)
def test_a_part_about_a_party_owes_what_the_record_says_that_it_owes(plan):
    history = tell(plan, goes_on_or_ends)
    for party in PARTIES:
        assert owed(part_of(history, party), party) == owed(history.record, party), party


@settings(max_examples=some(40), deadline=None)
@given(EVERY)
def test_whatever_changes_what_a_party_owes_or_is_owed_concerns_it(plan):
    history = tell(plan, goes_on_or_ends)
    made = journal_of(history.record).made
    for party in PARTIES:
        found = concerning(Store(history), party, len(history.entries))
        changing = {e.position for e, p in made if party in (p.debtor, p.creditor)}
        assert changing <= found.keys(), party

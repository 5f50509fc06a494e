"""What always holds of what is owed, whatever an office confirms or disowns, in any order."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from examples import some
from given import (
    CLEM,
    FAY,
    FIVE,
    KEYLESS,
    OLIVE,
    ONE,
    Kept,
    Record,
    agreed,
    attested,
    completed,
    confirmed,
    corrected,
    disowned,
    disputed,
    entry_of,
    journal_of,
    key_enrolled,
    made,
    offered,
    recorded_for,
    withdrawn,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.decision_model.facts import Book
from ledger.domain.decide import decide
from ledger.errors import LedgerError

FIRST = date(2024, 9, 10)
STEP = st.tuples(st.integers(0, 9), st.integers(0, 7), st.integers(0, 3))


#: What each kind of step names: the latest such event but `pick`, or any.
NAMES = (None, "SupportOffered", "SupportAgreed", *["VisitMade"] * 3, None, "", "", "")


def act(kind, label, other, pick, on):
    """Return what is said at a step, about what an earlier step made."""
    by = CLEM if pick % 2 else OLIVE
    return (
        offered(label, provider=ONE, receiver=FIVE, on=on),
        recorded_for(agreed(label, other, on=on, by=FAY, starts=on, ends="2025-08-31"), by),
        made(label, visitor=ONE, host=FIVE, under=f"agreement:{other}", on=on, days="2.5"),
        recorded_for(attested(label, other, on=on, by=FAY, days=f"{pick + 1}.0"), by),
        recorded_for(disputed(label, other, on=on, by=FAY), by),
        corrected(label, other, on=on, days="1.0"),
        key_enrolled("fay", on).but(label=label),
        confirmed(FAY, other, label=label, on=on) if pick else confirmed(FAY, label=label, on=on),
        disowned(FAY, other, label=label, on=on),
        withdrawn(other, by if pick else FAY, on, label),
    )[kind]


#: An agreement with two visits, one confirmed, all recorded for its receiver, who has a key now.
BEGUN = [(kind, 0, 0) for kind in (0, 1, 2, 3, 2, 6)]


def told(plan):
    """Return the record of a plan: each step is said once, and kept if it may be recorded."""
    record, book = Record(KEYLESS.record.entries), KEYLESS.book()
    said = [("", "none")]
    for number, (kind, pick, days) in enumerate([*BEGUN, *plan]):
        on = (FIRST + timedelta(number * 2 + days)).isoformat()
        labels = [label for name, label in said if NAMES[kind] in (None, "", name)]
        if not labels:
            continue
        one = act(kind, f"s{number}", labels[-1 - pick % len(labels)], pick, on)
        entry = entry_of(one, len(record.entries) + 1, KEYLESS.last)
        try:
            entry = completed(entry, book)
        except LedgerError:
            continue  # it names what is not there
        if not decide(entry, book.look):
            record.append(entry)
            book.apply(entry)
            said.append((one.name, one.label))
    return record


@settings(max_examples=some(40), deadline=None)
@given(st.lists(STEP, min_size=4, max_size=24))
def test_nothing_is_below_zero_and_each_fold_tells_the_same(plan):
    record = told(plan)
    journal = journal_of(record)
    sums = defaultdict(Decimal)
    for line in sorted(journal.known(), key=lambda line: line.effective_on):
        sums[line.obligation] += line.amount
    assert min(sums.values(), default=Decimal(0)) >= 0
    cold = Kept(Book(record.read))
    for entry in record.entries:
        # A book that knows nothing yet answers as one that was kept current.
        book = Book(record.read, entry.position - 1)
        cold.journal.look = book.look
        cold.apply(entry)
    assert cold.known() == journal.known()


@settings(max_examples=some(40), deadline=None)
@given(st.lists(STEP, min_size=4, max_size=24))
def test_an_answer_is_owed_exactly_while_something_waits_for_the_office(plan):
    record = told(plan)
    waiting, answered = set(), set()
    for entry in record.entries:
        if entry.data.get("for_office") == FAY.office:
            waiting.add(entry.id)
        answered |= {one.partition(":")[2] for one in entry.data.get("events", ())}
        if entry.name == "EventWithdrawn":
            answered.add(entry.data["event"].partition(":")[2])
    left = sum(
        (line.amount for line in journal_of(record).known() if line.kind == "record_confirmation"),
        Decimal(0),
    )
    assert left == (1 if waiting - answered else 0)

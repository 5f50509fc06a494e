"""Short ids: long enough to be unique among what the ledger holds."""

import sqlite3

import pytest

from projections.reports.short_ids import short_id

ONE = "0191b207-c7a0-7000-8000-000000000001"
CASES = {
    "alone": ([ONE], "0191b207-c7a0"),
    "others far away": (["0191b207-0000-7000-8000-000000000001", ONE], "0191b207-c7a0"),
    "the same millisecond": ([ONE, "0191b207-c7a0-7100-8000-000000000001"], "0191b207-c7a0-70"),
    "never ending with a hyphen": (
        [ONE, "0191b207-c7a0-7000-9000-000000000001"],
        "0191b207-c7a0-7000-8",
    ),
    "the last character": ([ONE, ONE[:-1] + "2"], ONE),
    "before it": (["0191b207-c7a0-6fff-8000-000000000001", ONE], "0191b207-c7a0-7"),
}


@pytest.mark.parametrize(("events", "short"), CASES.values(), ids=CASES)
def test_an_id_is_as_short_as_it_may_be_and_no_shorter(events, short):
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE entries (event TEXT)")
    connection.executemany("INSERT INTO entries VALUES (?)", [(event,) for event in events])
    assert short_id(connection, ONE) == short
    assert sum(event.startswith(short) for event in events) == 1
    assert ONE.startswith(short)
    assert not short.endswith("-")

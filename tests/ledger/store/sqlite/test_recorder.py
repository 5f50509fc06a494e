"""The recorder against the library's own test case and in-memory recorder."""

import re
import threading

import pytest
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem
from eventsourcing.dcb.popo import InMemoryDCBRecorder
from eventsourcing.dcb.tests import DCBRecorderTestCase
from eventsourcing.persistence import DataError, IntegrityError, ProgrammingError
from examples import some
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.store import open_store
from ledger.store.matching import matcher
from ledger.store.sqlite import indices
from ledger.store.sqlite.queries import EXISTS, POSITIONS


@pytest.fixture(params=["file", "memory"])
def store(request, tmp_path):
    path = ":memory:" if request.param == "memory" else str(tmp_path / "a.ledger")
    with open_store(path, create=True) as opened:
        yield opened


def test_it_appends_and_reads_as_the_library_demands(store):
    DCBRecorderTestCase()._test_append_read(store.recorder)


def test_it_subscribes_as_the_library_demands(store):
    DCBRecorderTestCase()._test_append_subscribe(store.recorder)


TYPES = st.sampled_from(["A", "B", "C", 'quo"te', ""])
TAGS = st.sampled_from(["a", "b", "c", "event:d", "ü", "", "back\\u0000slash", "1", "null"])
EVENTS = st.builds(
    DCBEvent, type=TYPES, data=st.binary(max_size=3), tags=st.lists(TAGS, max_size=5)
)
NEVER = st.sampled_from(["a\0", "\ud800", "nowhere"])
ITEMS = st.builds(
    DCBQueryItem,
    types=st.lists(TYPES | NEVER, max_size=3),
    tags=st.lists(TAGS | NEVER, max_size=3),
)
QUERIES = st.none() | st.builds(DCBQuery, items=st.lists(ITEMS, max_size=4))
AFTERS = st.none() | st.integers(-2, 12) | st.just(2**70)
LIMITS = st.none() | st.integers(-1, 12) | st.just(2**70)


@settings(max_examples=some(300), deadline=None)
@given(st.lists(st.lists(EVENTS, min_size=1, max_size=5), max_size=3), QUERIES, AFTERS, LIMITS)
def test_it_reads_what_the_in_memory_recorder_reads(appends, query, after, limit):
    """All of it indexed, some of it, or nothing."""
    with pytest.MonkeyPatch.context() as patched, open_store(":memory:", create=True) as store:
        patched.setattr(indices, "TOGETHER", 4)
        model = InMemoryDCBRecorder()
        for events in appends:
            assert store.recorder.append(events) == model.append(events)
        expected = model.read(query, after=after, limit=limit)
        response = store.recorder.read(query, after=after, limit=limit)
        assert response.head == expected.head
        assert list(response) == list(expected)
        assert response.head == expected.head


@settings(max_examples=some(200), deadline=None)
@given(
    appends=st.lists(
        st.tuples(
            st.lists(EVENTS, min_size=1, max_size=2),
            st.none() | st.builds(DCBAppendCondition, QUERIES.filter(bool), AFTERS),
        ),
        max_size=6,
    )
)
def test_it_appends_what_the_in_memory_recorder_appends(appends):
    with open_store(":memory:", create=True) as store:
        model = InMemoryDCBRecorder()
        for events, condition in appends:
            assert outcome(store.recorder, events, condition) == outcome(model, events, condition)
        assert list(store.recorder.read()) == list(model.read())


def outcome(recorder, events, condition):
    try:
        return recorder.append(events, condition)
    except IntegrityError:
        return "refused"


@pytest.mark.parametrize("items", [501, pytest.param(5_000, marks=pytest.mark.sweep)])
@pytest.mark.parametrize("shape", ["one type and tag", "tag", "type", "mixed"])
def test_a_query_can_have_thousands_of_items(store, items, shape):
    store.recorder.append([DCBEvent(f"T{n}", b"", [f"t{n}", "all"]) for n in range(300)])
    make = {
        "one type and tag": lambda n: DCBQueryItem([f"T{n}"], [f"t{n}"]),
        "tag": lambda n: DCBQueryItem([], [f"t{n}"]),
        "type": lambda n: DCBQueryItem([f"T{n}"], []),
        "mixed": lambda n: DCBQueryItem([f"T{n}", "x"] if n % 2 else [], ["all", f"t{n}"]),
    }[shape]
    query = DCBQuery([make(n) for n in range(200, items + 200)])
    assert [found.position for found in store.recorder.read(query)] == list(range(201, 301))
    with pytest.raises(IntegrityError):
        store.recorder.append([DCBEvent("T", b"")], DCBAppendCondition(query))
    assert store.recorder.append([DCBEvent("T", b"")], DCBAppendCondition(query, after=300)) == 301


def test_a_long_read_holds_nothing_and_ends_where_it_began(store):
    events = [DCBEvent("T", b"", [f"tag{n % 2}"]) for n in range(1_000)]
    store.recorder.append(events)
    whole = store.recorder.read()
    tagged = store.recorder.read(DCBQuery([DCBQueryItem([], ["tag0"])]))
    next(whole), next(tagged)
    assert store.recorder.append(events) == 2_000
    assert sum(1 for _ in whole) == 999
    assert sum(1 for _ in tagged) == 499


def test_tags_keep_their_order_and_repetitions(store):
    event = DCBEvent("T", b"\x00\xff", ["b", "a", "b"])
    store.recorder.append([event])
    assert next(store.recorder.read()).event == event


def test_an_append_of_nothing_is_a_programming_error(store):
    with pytest.raises(ProgrammingError, match="at least one event"):
        store.recorder.append([])


@pytest.mark.parametrize("odd", ["nul\0", "\ud800"])
def test_texts_that_sqlite_would_not_find_again_are_refused(store, odd):
    for event in (DCBEvent(odd, b""), DCBEvent("T", b"", ["good", odd])):
        with pytest.raises(DataError):
            store.recorder.append([DCBEvent("T", b""), event])
    assert store.head() == 0


# What a read touches, counted in steps of SQLite's virtual machine, not in seconds.


def steps(store, work):
    counted = 0

    def count():
        nonlocal counted
        counted += 1

    with store.writing():
        connection = store._database._main
        connection.set_progress_handler(count, 1)
        try:
            work()
        finally:
            connection.set_progress_handler(None, 1)
    return counted


def crowded(entries):
    """Return a store whose entries share one tag, three of them of a rare type."""
    store = open_store(":memory:", create=True)
    rare = {1, entries // 2, entries - 1}
    with store.writing():
        store.append_entries(
            [DCBEvent("Rare" if n in rare else "Common", b"", ["one"]) for n in range(entries)],
            [str(n) for n in range(entries)],
        )
    return store


RARE = DCBQuery([DCBQueryItem(["Rare", "Rarer"], ["one"])])
READS = {
    "by_tag": lambda store: store.by_tag("one", ["Rare", "Rarer"]),
    "by_types": lambda store: store.by_types(["Rare", "Rarer"]),
    "read": lambda store: list(store.recorder.read(RARE)),
    "condition": lambda store: outcome(
        store.recorder, [DCBEvent("T", b"")], DCBAppendCondition(RARE)
    ),
}


def test_a_rare_type_under_a_crowded_tag_costs_the_same_in_any_crowd():
    small, large = crowded(1_000), crowded(100_000)
    with small, large:
        for name, read in READS.items():
            few, many = (steps(store, lambda r=read, s=store: r(s)) for store in (small, large))
            assert few <= many <= few * 1.05 < 600, name
        assert len(large.by_tag("one", ["Rare"])) == 3


@pytest.mark.parametrize("statement", [POSITIONS, EXISTS])
def test_no_query_scans_a_table(statement):
    parameters = matcher(RARE).parameters(after=0, last=1, limit=-1)
    with open_store(":memory:", create=True) as store:
        plan = [
            detail
            for *_, detail in store._database.fetch(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    scanned = [line for line in plan if re.match(r"SCAN (?!\w+ VIRTUAL TABLE|CONSTANT)", line)]
    searched = [line for line in plan if line.startswith("SEARCH t ")]
    assert scanned == []
    assert "(tag=? AND type=? AND position>? AND position<?)" in searched[0]


# Subscriptions.


def test_a_subscription_yields_only_what_matches_in_order(store):
    with store.recorder.subscribe(DCBQuery([DCBQueryItem(["Wanted"], [])]), after=1) as events:
        for n in range(600):
            store.recorder.append([DCBEvent("Wanted" if n % 3 == 0 else "Other", b"")])
        assert [next(events).position for _ in range(199)] == list(range(4, 600, 3))


def test_a_waiting_subscription_can_be_stopped_from_another_thread(store):
    with store.recorder.subscribe() as events:
        threading.Timer(0.05, events.stop).start()
        assert list(events) == []
    assert list(events) == []


def test_subscribers_lose_nothing_while_threads_append(store):
    def write():
        for _ in range(50):
            store.recorder.append([DCBEvent("T", b"", ["t"])])

    writers = [threading.Thread(target=write) for _ in range(4)]
    with store.recorder.subscribe(DCBQuery([DCBQueryItem([], ["t"])])) as events:
        for writer in writers:
            writer.start()
        assert [next(events).position for _ in range(200)] == list(range(1, 201))
    for writer in writers:
        writer.join()

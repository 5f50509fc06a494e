"""Reading and appending entries, as the ledger does it."""

import pytest
from eventsourcing.dcb.api import DCBEvent, DCBQuery, DCBQueryItem
from eventsourcing.dcb.popo import InMemoryDCBRecorder
from eventsourcing.dcb.tests import DCBRecorderTestCase
from eventsourcing.persistence import IntegrityError
from examples import some
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import StoreError
from ledger.store import open_store

TYPES = ("Made", "Attested", "Disputed")


def entry(number):
    """Entry n is of the types in turn, by one key, about two things, and names the one before."""
    tags = {f"event:{number:04}", f"event:{number - 1:04}", "key:one", f"school:{number % 7}"}
    return DCBEvent(TYPES[number % 3], f"entry {number}".encode(), sorted(tags))


@pytest.fixture(params=["file", "memory"])
def store(request, engine, url):
    if request.param == "memory" and engine != "sqlite":
        pytest.skip("in memory there is SQLite alone")
    path = ":memory:" if request.param == "memory" else url
    with open_store(path, create=True) as opened:
        with opened.writing():
            # The second time too few for SQLite to index them.
            for numbers in (range(1, 551), range(551, 601)):
                last = opened.append_entries(
                    [entry(n) for n in numbers], [f"{n:04}" for n in numbers]
                )
                assert last == numbers[-1]
        yield opened


def rows(numbers):
    return [(number, f"entry {number}".encode()) for number in numbers]


def test_entries_come_in_order_as_many_as_wanted(store):
    assert store.head() == 600
    assert list(store.entries()) == rows(range(1, 601))
    assert list(store.entries(after=597)) == rows([598, 599, 600])
    assert list(store.entries(after=10, limit=300)) == rows(range(11, 311))
    assert list(store.entries(limit=0)) == list(store.entries(after=600)) == []


def test_entries_end_where_they_were_asked_for(store):
    entries = store.entries(after=598)
    store.recorder.append([DCBEvent("Made", b"later")])
    assert list(entries) == rows([599, 600])


CUTS = [{}, {"after": 100}, {"before": 100}, {"after": 100, "before": 131}, {"before": 1}]


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("types", [(), ("Made",), ("Made", "Disputed", "Never"), ("Never",)])
def test_entries_by_tag_and_type_are_those_that_a_query_finds(store, types, cut):
    after, before = cut.get("after", 0), cut.get("before", 10_000)
    found = store.recorder.read(DCBQuery([DCBQueryItem(list(types), ["school:3"])]))
    expected = rows(event.position for event in found if after < event.position < before)
    assert store.by_tag("school:3", types, **cut) == expected
    with store.writing():
        assert store.by_tag("school:3", types, **cut) == expected


def test_entries_by_several_tags_are_those_by_each(store):
    selectors = [("school:3", ["Made"]), ("event:0005", ()), ("nothing", ()), ("key:one", TYPES)]
    expected = [store.by_tag(*selector, 3, 500) for selector in selectors]
    assert store.by_tags(selectors, 3, 500) == expected
    assert store.by_tags([]) == []
    with store.writing():
        assert store.by_tags(selectors, 3, 500) == expected


def test_entries_by_type_are_in_order_of_position(store):
    expected = [number for number in range(101, 200) if number % 3 != 1]
    assert store.by_types(["Disputed", "Made"], after=100, before=200) == rows(expected)
    assert store.by_types([]) == []


def test_ids_are_found_by_their_beginning(store):
    assert store.event_ids("059") == [f"059{digit}" for digit in range(10)]
    assert store.event_ids("0600") == ["0600"]
    assert store.event_ids("", limit=2) == ["0000", "0001"]
    for nothing in ("7", "%", "06000", "\0", "\udcff"):
        assert store.event_ids(nothing) == []


@pytest.mark.parametrize(
    "ids", [["0601", "0601"], ["0601", "0007"], ["0600", "0601"]], ids=["both", "old", "last"]
)
def test_an_entry_is_recorded_once(store, ids):
    with pytest.raises(IntegrityError, match="second time"), store.writing():
        store.append_entries([entry(601), entry(602)], ids)
    assert store.head() == 600


def test_positions_go_on_without_gaps_whoever_appends(store):
    with store.writing():
        assert store.append_entries([entry(601)], ["0601"]) == 601
        assert store.recorder.append([entry(602)]) == 602
    assert store.recorder.append([entry(603), entry(604)]) == 604
    assert list(store.entries(after=600)) == rows(range(601, 605))


FAILING = {
    "sqlite": "CREATE TEMP TRIGGER bad BEFORE INSERT ON main.tags"
    " BEGIN SELECT RAISE(ABORT, 'the_disk_failed'); END",
    "postgresql": "ALTER TABLE tags ADD CONSTRAINT the_disk_failed CHECK (position <= 600)",
}
FAILING["umadb"] = FAILING["sqlite"]


def test_what_the_database_refuses_to_append_is_a_clear_error_and_leaves_nothing(store, engine):
    with store.writing():
        getattr(store, "_side", store)._database.in_writing().execute(FAILING[engine])
    with pytest.raises(StoreError, match=r"got .*the_disk_failed"), store.writing():
        store.append_entries([entry(601)], ["0601"])
    assert store.head() == 600


def test_its_recorder_appends_and_reads_as_the_library_demands(url):
    with open_store(url, create=True) as opened:
        DCBRecorderTestCase()._test_append_read(opened.recorder)


def test_its_recorder_subscribes_as_the_library_demands(url):
    with open_store(url, create=True) as opened:
        DCBRecorderTestCase()._test_append_subscribe(opened.recorder)


ASKED_TYPES = st.sampled_from(["A", "B", "nowhere", "a\0"])
ASKED_TAGS = st.sampled_from(["a", "b", "ü", "\ud800"])
ITEMS = st.builds(
    DCBQueryItem, types=st.lists(ASKED_TYPES, max_size=3), tags=st.lists(ASKED_TAGS, max_size=3)
)


def test_its_recorder_reads_what_the_in_memory_recorder_reads(url):
    events = [
        DCBEvent(name, b"x", list(tags))
        for name in ("A", "B")
        for tags in ("", "a", "b", "ab", "aü", "bb")
    ]
    with open_store(url, create=True) as opened:
        model = InMemoryDCBRecorder()
        assert opened.recorder.append(events) == model.append(events)

        @settings(max_examples=some(150), deadline=None)
        @given(
            st.none() | st.builds(DCBQuery, items=st.lists(ITEMS, max_size=4)),
            st.none() | st.integers(-2, 14) | st.just(2**70),
            st.none() | st.integers(-1, 14) | st.just(2**70),
        )
        def agree(query, after, limit):
            expected = model.read(query, after=after, limit=limit)
            found = opened.recorder.read(query, after=after, limit=limit)
            assert list(found) == list(expected)
            assert found.head == expected.head

        agree()

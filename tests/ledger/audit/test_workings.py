"""What is noted while a whole record is read is found again as it was noted."""

import pytest

from ledger.audit import workings
from ledger.audit.sealed_fields import Field
from ledger.audit.workings import Workings
from ledger.errors import StoreError


class Noted:
    """As much of an entry as is noted."""

    def __init__(self, position, name, *tags):
        self.position = position
        self.name = name
        self.tags = frozenset(tags)


@pytest.fixture
def noted():
    return Workings()


def test_an_id_stands_where_it_stood_first(noted):
    assert noted.note_ids([("a", 1), ("b", 2)])
    assert not noted.note_ids([("c", 3), ("a", 4)])
    assert [noted.position_of(one) for one in "abcd"] == [1, 2, 3, None]


def test_of_an_id_that_stands_twice_at_once_the_first_counts(noted):
    assert not noted.note_ids([("a", 1), ("a", 2)])
    assert noted.position_of("a") == 1


def test_nothing_noted_repeats_nothing(noted):
    assert noted.note_ids([])


def test_positions_are_told_in_order(noted):
    noted.note_ids([("b", 2), ("a", 7)])
    noted.note_ids([("c", 4)])
    assert list(noted.positions()) == [2, 4, 7]


@pytest.mark.parametrize(
    ("types", "before", "expected"),
    [
        ((), None, [1, 2, 10]),
        ((), 10, [1, 2]),
        (("VisitMade",), None, [1, 10]),
        (("VisitMade", "VisitAttested"), 10, [1, 2]),
        (("NeedIdentified",), None, []),
    ],
)
def test_a_thread_is_in_order_whatever_its_types(noted, types, before, expected):
    noted.note_tags(Noted(1, "VisitMade", "school:1", "event:a"))
    noted.note_tags(Noted(2, "VisitAttested", "school:1", "event:b"))
    noted.note_tags(Noted(3, "VisitMade", "school:2", "event:c"))
    noted.note_tags(Noted(10, "VisitMade", "school:1", "event:d"))
    assert noted.thread("school:1", types, before) == expected


def test_a_field_is_opened_once_its_text_was(noted):
    noted.note_opened(Field("a", "/data/name"))
    noted.note_opened(Field("a", "/data/name"))
    assert noted.is_opened(Field("a", "/data/name"))
    assert not noted.is_opened(Field("a", "/data/detail"))


def test_a_temporary_file_that_cannot_grow_is_refused_with_where_to_make_room(monkeypatch):
    tables = workings._TABLES.replace("BEGIN;", "PRAGMA max_page_count=12; BEGIN;")
    monkeypatch.setattr(workings, "_TABLES", tables)
    noted = Workings()
    with pytest.raises(StoreError, match="database or disk is full") as refused:
        noted.note_ids([(f"{n:036}", n) for n in range(10_000)])
    assert "SQLITE_TMPDIR=FOLDER school-ledger verify" in refused.value.todo

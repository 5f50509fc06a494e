"""An entry that was read is found again by its position, and no other bytes are given for it."""

from __future__ import annotations

import io

import pytest
from recording import ONE, TWO, found

from ledger.bundle.line_index import Rereading
from ledger.errors import BundleError

ROWS = [(1, b"one"), (2, b""), (5, b"five"), (9, b"nine")]


class Filled(Rereading):
    """A file of rows, each written as it is noted."""

    def __init__(self, rows, between=b""):
        super().__init__(io.BytesIO(), "box", len(between))
        for position, data in rows:
            self._file.write(data + between)
            self._note(position, len(data))

    def add(self, position, data):
        self._file.write(data)
        self._note(position, len(data))

    @property
    def closed(self):
        return self._file.closed


@pytest.fixture(params=[b"", b"\n", b"\r\n"], ids=["", "LF", "CRLF"])
def box(request):
    return Filled(ROWS, request.param)


def test_every_row_is_found_by_its_position_in_any_order(box):
    assert [(n, box.raw(n)) for n, _ in reversed(ROWS)] == ROWS[::-1]


def test_all_rows_are_given_again_in_order(box):
    assert list(box.again()) == ROWS
    assert list(box.again()) == ROWS


@pytest.mark.parametrize("position", [-1, 0, 3, 4, 6, 10, 2**40])
def test_a_position_that_was_not_read_is_refused(box, position):
    with pytest.raises(BundleError) as caught:
        box.raw(position)
    assert str(caught.value) == f"entry {position} is not in the box."


def test_what_is_written_after_a_look_back_goes_to_the_end():
    box = Filled(ROWS)
    assert box.raw(1) == b"one"
    box.add(10, b"ten")
    assert [box.raw(10), *dict(box.again()).values()] == [
        b"ten",
        *(data for _, data in ROWS),
        b"ten",
    ]


def test_the_file_is_closed_at_the_end():
    with Filled(ROWS) as box:
        assert not box.closed
    assert box.closed


def test_a_thread_is_what_a_store_finds_by_tag_before_a_position(tmp_path):
    with found(tmp_path / "ledger.db") as ledger:
        rows = list(ledger.store.entries())
        box = Filled(rows)
        for tag in (ONE.person, TWO.school, f"office:{ONE.office}", "school:999999"):
            for types in (("Appointed",), ("SchoolRegistered", "PersonEnrolled")):
                for before in (1, 7, len(rows), len(rows) + 1):
                    told = list(ledger.store.by_tag(tag, types, before=before))
                    assert list(box.thread(tag, types, before)) == told
        assert list(box.thread(ONE.person, ("Appointed",), len(rows) + 1))

"""What concerns a party: the lines that a school goes on from, and nothing read in vain."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from ledger.selection import concerning


class Entries:
    """A store of the entries that are said, by the tags that are given for each."""

    def __init__(self, *said: tuple[str, dict[str, Any]]) -> None:
        """Keep each as the event with the number of its position."""
        self.rows = [self._row(position, *one) for position, one in enumerate(said, start=1)]

    @staticmethod
    def _row(position: int, name: str, data: dict[str, Any]) -> tuple[int, str, set[str], bytes]:
        event = f"{position:036}"
        statement = {"type": f"{name}.v1", "id": event, "occurredon": "2025-01-01", "data": data}
        tags = {f"event:{event}", *(value for value in data.values() if isinstance(value, str))}
        tags |= {f"event:{left[:36]}" for left in data.get("left_with_former_body", ())}
        return position, name, tags, orjson.dumps({"statement": statement})

    def by_tag(
        self, tag: str, types: tuple[str, ...] = (), before: int = 99
    ) -> list[tuple[int, bytes]]:
        """Return the entries with a tag, as a store does; there is no other way to read."""
        return [
            (position, data)
            for position, name, tags, data in self.rows
            if tag in tags and position < before and (not types or name in types)
        ]


def goes_on(school: str, predecessor: str) -> tuple[str, dict[str, Any]]:
    return "SuccessionAttributed", {"school": school, "predecessor": predecessor}


def visit(host: str) -> tuple[str, dict[str, Any]]:
    return "VisitMade", {"host": host}


A, B, C = (f"school:90000{number}" for number in range(1, 4))


@pytest.mark.parametrize(
    ("party", "positions"),
    [(A, {1, 2, 3, 4, 5}), (B, {2, 3, 4, 5}), (C, {3, 5})],
    ids=["however far back", "of those before it", "not of those after it"],
)
def test_a_school_is_concerned_by_what_concerns_the_lines_that_it_goes_on_from(party, positions):
    store = Entries(visit(A), visit(B), visit(C), goes_on(A, B), goes_on(B, C))
    assert set(concerning(store, party, 5)) == positions


def test_lines_that_go_on_from_each_other_end_the_search():
    store = Entries(visit(A), visit(B), goes_on(A, B), goes_on(B, A))
    assert set(concerning(store, A, 4)) == {1, 2, 3, 4}


def test_what_is_not_known_yet_concerns_nobody():
    store = Entries(visit(A), visit(B), goes_on(A, B))
    assert set(concerning(store, A, 2)) == {1}


def test_a_conversion_that_leaves_what_an_agreement_made_owed_concerns_both_sides():
    """It is found by the agreement's tag, and no other conversion is read."""
    agreed = ("SupportAgreed", {"provider": A, "receiver": B})
    left = ("SchoolConverted", {"school": A, "left_with_former_body": [f"{1:036}/support"]})
    store = Entries(agreed, left, ("SchoolConverted", {"school": C}))
    assert set(concerning(store, B, 3)) == {1, 2}


def closes(school: str) -> tuple[str, dict[str, Any]]:
    return "SchoolClosed", {"school": school}


def test_the_closure_of_a_school_with_which_it_had_to_do_concerns_a_party():
    """It voids what was owed to that school, and names nobody else."""
    agreed = ("SupportAgreed", {"provider": A, "receiver": B})
    store = Entries(agreed, visit(C), closes(C), closes(B))
    assert set(concerning(store, A, 4)) == {1, 4}
    assert set(concerning(store, A, 3)) == {1}, "not before it is known"

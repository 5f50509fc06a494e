"""Letters: never less room than a text takes, and lines that fit."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.pictures.letters import lines, width


@given(st.text(max_size=60), st.integers(40, 300), st.integers(1, 4))
def test_lines_fit_and_are_no_more_than_asked(text, room, most):
    found = lines(text, room, most=most)
    assert 1 <= len(found) <= most
    assert all(width(line) <= room for line in found)


@given(st.text(max_size=60), st.integers(40, 300))
def test_nothing_but_blanks_is_lost_where_lines_are_enough(text, room):
    told = "".join("".join(lines(text, room, most=99)).split())
    if not any(unicodedata.category(char) in {"Mn", "Me"} for char in text):
        assert told == "".join(text.split())


CASES = [
    ("Elm Park Infant School", 100, 3, ["Elm Park", "Infant", "School"]),
    ("Elm Park Infant School", 100, 2, ["Elm Park", "Infant Sch…"]),
    ("Elm Park Infant School", 100, 1, ["Elm Park I…"]),
    ("Elm Park Infant School", 400, 3, ["Elm Park Infant School"]),
    ("MMMMMMMMMM", 64, 9, ["MMMM", "MMMM", "MM"]),
    ("e\u0301\u0301e", 10, 9, ["e\u0301\u0301", "e"]),
    ("e" + "\u0301" * 9, 100, 9, ["e\u0301\u0301"]),
    ("\u0301\u0301e \u0301", 100, 9, ["e"]),
    ("   ", 100, 3, [""]),
    ("", 100, 3, [""]),
]


@pytest.mark.parametrize(("text", "room", "most", "expected"), CASES)
def test_a_text_is_broken_between_words_and_within_one_that_is_too_long(text, room, most, expected):
    assert lines(text, room, most=most) == expected


@pytest.mark.parametrize("mark", ["\u0301", "\u200b", "\u202e", "\u20dd"])
def test_marks_take_no_room_of_their_own(mark):
    assert width("e" + mark) == width("e")

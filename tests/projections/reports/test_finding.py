"""Who is called otherwise than typed is proposed: a letter swapped, left out, doubled or wrong."""

import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest

from ledger.errors import NotFoundError
from projections.reports.finding import find_party, found, near
from projections.tables.layouts import LAYOUTS
from projections.tables.spelling import folded
from projections.tables.views import Moment

NAMES = {
    "school:900001": "Alder Primary School",
    "school:900002": "Birch Lane Primary School",
    "school:900003": "Cedar Bank Academy",
    "school:900004": "St Mary's Church of England (VA) Primary School",
    "school:900005": "Gullmarsh Brontë Primary School",
    "body:northwick": "Northwick Council",
    "body:sheffield": "Sheffield City Council",
    "partnership:estuary": "Estuary Schools Partnership",
}
AT = Moment("2026-01-01", len(NAMES))
STORE = SimpleNamespace(vault=SimpleNamespace(get_many=lambda _: {}))
_LONG = 4


@pytest.fixture(scope="module")
def tables():
    """The tables of a ledger that knows these names."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("CREATE TABLE state (name TEXT, value TEXT)")
        connection.execute("INSERT INTO state VALUES ('position', ?)", (str(len(NAMES)),))
        for layout in LAYOUTS:
            connection.executescript(layout.tables)
        for position, (party, name) in enumerate(NAMES.items(), 1):
            called = (party, folded(name), position)
            connection.execute("INSERT INTO called VALUES (?, ?, ?)", called)
            row = (party, name, None, position)
            connection.execute("INSERT INTO names VALUES (?, ?, ?, ?)", row)
            kind, _, urn = party.partition(":")
            if kind == "school":
                held = (f"urn:{urn}", party, None, None, position)
                connection.execute("INSERT INTO urns VALUES (?, ?, ?, ?, ?)", held)
        yield connection


def misspelt(word):
    """Go through what comes of a word by one slip."""
    for at in range(1, len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at - 1] + word[at:]
        yield word[:at] + "x" + word[at + 1 :]
        if word[at - 1] != word[at]:
            yield word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


@pytest.mark.parametrize(("party", "name"), NAMES.items())
def test_a_name_with_one_slip_in_any_long_word_is_proposed_first(tables, party, name):
    words = folded(name).split()
    for number, word in enumerate(words):
        for slip in misspelt(word) if len(word) >= _LONG else ():
            typed = " ".join([*words[:number], slip, *words[number + 1 :]])
            if not found(tables, STORE, AT, typed):
                assert near(tables, STORE, AT, typed)[0] == party, typed


@pytest.mark.parametrize(("party", "name"), NAMES.items())
def test_a_whole_name_in_any_spelling_is_that_party(tables, party, name):
    for typed in (name, name.upper(), folded(name), f"  {name} "):
        assert find_party(tables, STORE, typed) == party


@pytest.mark.parametrize(
    ("typed", "party"),
    [
        ("alder", "school:900001"),
        ("Birch Lane", "school:900002"),
        ("bank", "school:900003"),
        ("primary gull", "school:900005"),
        ("GB-EDU-900003", "school:900003"),
        ("cil shef", "body:sheffield"),
    ],
)
def test_a_part_that_only_one_party_has_is_that_party(tables, typed, party):
    assert find_party(tables, STORE, typed) == party


def test_a_part_that_several_have_or_that_is_too_short_is_refused(tables):
    with pytest.raises(NotFoundError, match="council may be any of several: "):
        find_party(tables, STORE, "council")
    with pytest.raises(NotFoundError, match="no party is called gu"):
        find_party(tables, STORE, "gu")  # as short a part is in any name


def test_among_the_kinds_asked_for_a_part_may_be_of_one_alone(tables):
    assert find_party(tables, STORE, "schools", ("partnership",)) == "partnership:estuary"
    assert find_party(tables, STORE, "est", ("partnership",)) == "partnership:estuary"


def test_the_beginning_of_a_number_is_no_part_of_a_name(tables):
    with pytest.raises(NotFoundError, match="no party is called 90000"):
        find_party(tables, STORE, "90000")


@pytest.mark.parametrize("typed", ["zzzz", "", " ", "'", "@", "学校", "100%", "_", "a" * 5000])
def test_what_nothing_is_like_proposes_nothing(tables, typed):
    assert near(tables, STORE, AT, typed) == []


@pytest.mark.parametrize("typed", ["%", "_", "*", "lane' OR 1=1", "birch%"])
def test_signs_have_no_meaning_of_their_own(tables, typed):
    assert found(tables, STORE, AT, typed) in ([], ["school:900002"])

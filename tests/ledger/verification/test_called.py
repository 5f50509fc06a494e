"""Who is called how in a verdict: by what the record itself names, and text that is as sealed."""

from __future__ import annotations

import json

from ledger.verification.called import Called, called, named_in

HEAD = "person:01900000-0000-7000-8000-000000000001"
SCHOOL = "school:900001"


def row(position, name, data, event="e"):
    rest = dict.fromkeys(("office", "occurredon", "seen", "signedby", "source", "time"), "")
    statement = {"data": data, "id": event, "type": f"{name}.v1", **rest}
    entry = {"recorded_at": "", "signature": "", "statement": statement}
    return position, json.dumps(entry, separators=(",", ":")).encode()


ROWS = [
    row(1, "PersonEnrolled", {"person": HEAD, "name": {"sealed": "x"}}, "enrolled"),
    row(2, "SchoolRegistered", {"school": SCHOOL, "urn": "urn:900001", "name": "Alder School"}),
    row(3, "BodyRegistered", {"body": "body:northwick", "name": "Northwick Council"}),
]
CONVERTED = row(
    4,
    "SchoolConverted",
    {"school": SCHOOL, "old_urn": "urn:900001", "new_urn": "urn:900101", "name": "Alder Academy"},
)
ALL = {HEAD, SCHOOL, "body:northwick"}


def test_parties_are_called_by_what_the_register_says_last():
    assert called(ROWS, {}, ALL) == {
        SCHOOL: "Alder School (900001)",
        "body:northwick": "Northwick Council",
    }
    assert called([*ROWS, CONVERTED], {}, ALL)[SCHOOL] == "Alder Academy (900101)"


def test_people_only_by_text_that_is_shown():
    assert HEAD not in called(ROWS, {}, ALL)
    assert called(ROWS, {"enrolled": "Mx Alder"}, ALL)[HEAD] == "Mx Alder"


def test_nobody_is_looked_for_who_is_not_wanted():
    assert called(ROWS, {"enrolled": "Mx Alder"}, {SCHOOL}).keys() == {SCHOOL}


def test_what_cannot_be_read_names_nobody():
    broken = [
        (5, b'{"statement":{"type":"SchoolRegistered.v1"'),
        row(6, "SchoolRegistered", {"name": "No school"}),
        row(7, "SchoolRegistered", {"school": 7, "name": "No reference"}),
        row(8, "SchoolRegistered", {"school": SCHOOL}),
    ]
    assert called([*broken], {}, ALL) == {}


def test_references_in_a_message_are_put_in_words_and_nothing_else():
    known = Called({SCHOOL: "Alder School (900001)", HEAD: "body:northwick"})
    said = f"{HEAD} as board_chair@{SCHOOL}, registrar@ledger, of school:900002"
    assert known.in_words(said) == (
        "body:northwick as board chair of Alder School (900001), registrar of the ledger, of"
        " school:900002"
    )
    assert named_in([said]) == {HEAD, SCHOOL, "school:900002"}

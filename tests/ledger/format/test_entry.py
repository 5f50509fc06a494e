"""Entries and submissions: a fixed frame around the statement's own bytes, and nothing else."""

from __future__ import annotations

import base64
import unicodedata
from pathlib import Path

import orjson
import pytest
from examples import some
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import EntryError, StatementError
from ledger.format.entry import (
    LONGEST,
    Entry,
    Submission,
    parse_entry,
    parse_signature,
    parse_submission,
    read_entry,
    write_entry,
)
from ledger.format.sealed import parse_disclosure

GOLDEN = Path(__file__).parents[2] / "golden"
ENTRY = (GOLDEN / "entries" / "VisitMade.v1.json").read_bytes().removesuffix(b"\n")
FOUND = orjson.loads((GOLDEN / "expected" / "VisitMade.v1.json").read_bytes())
PARTS = parse_entry(ENTRY)
STATEMENT, SIGNATURE = PARTS.statement.raw, PARTS.signature
AT = b"2026-03-07T15:00:11Z"
DISCLOSURES = tuple(parse_disclosure(one) for one in FOUND["disclosures"])
LINE = Submission(STATEMENT, SIGNATURE, DISCLOSURES).as_line()
LINE_OF_MEMBERS = orjson.loads(LINE)


def assert_readable(message: str) -> None:
    assert message.endswith(".")
    assert len(message) < 1000
    assert not [char for char in message if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl"}]


def refusal_of(read, data: bytes) -> str:
    with pytest.raises((EntryError, StatementError)) as refused:
        read(data)
    assert_readable(str(refused.value))
    return f"{refused.type.__name__}: {refused.value}"


def swapped(data: bytes, old: bytes, new: bytes) -> bytes:
    assert data.count(old) == 1
    return data.replace(old, new)


def test_an_entry_is_taken_apart_and_put_together_without_a_change():
    assert PARTS.recorded_at == AT.decode()
    assert write_entry(PARTS.recorded_at, SIGNATURE, STATEMENT) == ENTRY
    frame = b'{"recorded_at":"%b","signature":"%b","statement":%b}'
    assert frame % (AT, SIGNATURE.encode(), STATEMENT) == ENTRY


def test_an_entry_of_this_ledger_is_read_member_by_member():
    entry = read_entry(7, ENTRY)
    assert (entry.position, entry.name, entry.type) == (7, "VisitMade", "VisitMade.v1")
    assert (entry.id, entry.office) == (PARTS.statement.id, "head@school:900001")
    assert (str(entry.occurred_on), str(entry.recorded_on)) == ("2026-03-06", "2026-03-07")
    assert entry.key == FOUND["key"]
    assert (entry.event.host, str(entry.event.days)) == ("school:900002", "1.5")
    assert entry.event is entry.event


def test_what_an_entry_names_is_told_by_member_in_the_order_in_which_it_stands():
    said = {**orjson.loads(STATEMENT), "data": {"to": "school:900001", "days": "1.5"}}
    said["data"] |= {"rows": [{"of": "body:elm", "n": "2"}, {"of": "body:oak"}], "note": "a"}
    assert Entry(1, AT.decode(), SIGNATURE, said).named == [
        ("to", "school:900001"),
        ("rows", "body:elm"),
        ("rows", "body:oak"),
    ]


FORM = "EntryError: the entry does not have the form of this format: got "
HEAD = b'{"recorded_at":"%b","signature":"' % AT


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{}", id="an empty object"),
        pytest.param(STATEMENT, id="a statement"),
        pytest.param(LINE, id="a submission"),
        pytest.param(ENTRY + b"\n", id="a newline after it"),
        pytest.param(b" " + ENTRY, id="white space before it"),
        pytest.param(b"\xef\xbb\xbf" + ENTRY, id="a byte order mark"),
        pytest.param(swapped(ENTRY, b',"signature"', b', "signature"'), id="white space in it"),
        pytest.param(
            b'{"signature":"%b","recorded_at":"%b","statement":%b}'
            % (SIGNATURE.encode(), AT, STATEMENT),
            id="members swapped",
        ),
        pytest.param(swapped(ENTRY, b"recorded_at", b"recorded\\u005fat"), id="an escape"),
        pytest.param(swapped(ENTRY, b'"recorded_at"', b'"at":1,"recorded_at"'), id="a member more"),
        pytest.param(swapped(ENTRY, AT, b"2026-03-07T24:00:00Z"), id="24:00"),
        pytest.param(swapped(ENTRY, AT, b"2024-12-31T23:59:60Z"), id="a leap second"),
        pytest.param(swapped(ENTRY, AT, b"2026-03-07T15:00:11+00:00"), id="an offset"),
        pytest.param(swapped(ENTRY, AT, b"2026-03-07T15:00:11.0Z"), id="fractions"),
        pytest.param(swapped(ENTRY, SIGNATURE.encode(), b""), id="no signature"),
        pytest.param(HEAD + b"A" * 1026 + b'","statement":' + STATEMENT + b"}", id="too long one"),
        pytest.param(HEAD + b"AA-_" + b'","statement":' + STATEMENT + b"}", id="base64url"),
        pytest.param(HEAD + b"A===" + b'","statement":' + STATEMENT + b"}", id="three pads"),
        pytest.param(ENTRY[:-1] + b"\x00", id="another last byte"),
        pytest.param(ENTRY.replace(b'"', b"\x1b"), id="escape sequences"),
        pytest.param(b"\xff" * 99, id="no UTF-8"),
        pytest.param(b"[" * 60_000, id="60,000 nested lists"),
    ],
)
def test_an_entry_of_another_form_is_refused(data):
    message = refusal_of(parse_entry, data)
    assert message.startswith(FORM)
    assert message.endswith(
        ', expected {"recorded_at":"…","signature":"…","statement":{…}} without white space.'
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            b"x" * 65_536,
            "EntryError: the entry is too long: got 65536 bytes, expected at most 65535.",
        ),
        (
            b"x" * 65_537,
            "EntryError: the entry is too long: got 65537 bytes, expected at most 65535.",
        ),
        (
            swapped(ENTRY, AT, b"2024-02-30T16:45:11Z"),
            "EntryError: recorded_at is no day of the calendar: got 2024-02-30T16:45:11Z.",
        ),
        (
            swapped(ENTRY, AT, b"2200-01-01T00:00:00Z"),
            (
                "EntryError: recorded_at is out of range: got 2200-01-01T00:00:00Z, expected a day"
                " between 1870-01-01 and 2199-12-31."
            ),
        ),
        (
            swapped(ENTRY, AT, b"1869-12-31T23:59:59Z"),
            (
                "EntryError: recorded_at is out of range: got 1869-12-31T23:59:59Z, expected a day"
                " between 1870-01-01 and 2199-12-31."
            ),
        ),
        (
            swapped(ENTRY, AT, b"0000-01-01T16:45:11Z"),
            "EntryError: recorded_at is no day of the calendar: got 0000-01-01T16:45:11Z.",
        ),
        (
            swapped(ENTRY, b'"specversion":"1.0"', b'"specversion":"1.1"'),
            "StatementError: the member specversion is malformed: got 1.1, expected 1.0.",
        ),
    ],
)
def test_an_entry_with_a_part_that_does_not_hold_is_refused(data, message):
    assert refusal_of(parse_entry, data) == message


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(ENTRY + b"}", id="a brace more"),
        pytest.param(ENTRY[:-1], id="a brace less"),
        pytest.param(ENTRY[:-1] + b',"note":1}', id="a member after the statement"),
        pytest.param(ENTRY[:-1] + b',"statement":' + STATEMENT + b"}", id="two statements"),
        pytest.param(swapped(ENTRY, b'"statement":', b'"statement": '), id="before the statement"),
        pytest.param(ENTRY[:-1] + b" }", id="white space after the statement"),
        pytest.param(ENTRY[:-1] + b"\n}", id="a newline after the statement"),
        pytest.param(ENTRY + ENTRY, id="two entries"),
        pytest.param(ENTRY + b"\n" + ENTRY, id="two lines"),
        pytest.param(ENTRY.replace(b'"data":', b'"data": '), id="white space in the statement"),
    ],
)
def test_bytes_around_the_statement_are_found_in_it(data):
    assert refusal_of(parse_entry, data).startswith("StatementError: the statement is not ")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A",
        "AA",
        "AAA",
        "AAAA\n",
        " AAAA",
        "AA==AA==",
        "AB==",  # bits that no byte holds
        "AAB=",
        "AA-_",
        "é",
        "A" * 1028,
        SIGNATURE[:-2],
        SIGNATURE + "=",
    ],
)
def test_a_signature_is_canonical_padded_base64(text):
    message = refusal_of(parse_signature, text)
    assert message.startswith("EntryError: the signature is malformed: got ")
    assert message.endswith(", expected canonical padded base64, at most 1024 characters.")


@pytest.mark.parametrize("size", [1, 2, 3, 160, 768])
def test_a_signature_of_up_to_768_bytes_is_read(size):
    assert parse_signature(base64.b64encode(bytes(size)).decode()) == bytes(size)


def test_a_submission_is_taken_apart_and_written_without_a_change():
    submission = parse_submission(LINE)
    assert submission == (STATEMENT, SIGNATURE, DISCLOSURES)
    assert submission.as_line() == LINE
    assert LINE.startswith(b'{"disclosures":[{"event":"')


CANONICAL = (
    "EntryError: the submission is not in canonical form: expected one line of RFC 8785 JSON:"
    " disclosures, signature, statement. `school-ledger sign` writes one."
)
NO_SUBMISSION = (
    "EntryError: not a submission: got {}, expected an object with exactly disclosures, signature"
    " and statement. `school-ledger sign` writes one."
)


def line_with(**changed: object) -> bytes:
    return orjson.dumps({**LINE_OF_MEMBERS, **changed}, option=orjson.OPT_SORT_KEYS)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (LINE + b"\n", CANONICAL),
        (b" " + LINE, CANONICAL),
        (swapped(LINE, b',"signature"', b', "signature"'), CANONICAL),
        (swapped(LINE, b'"signature":', b'"signature":"AAAA","signature":'), CANONICAL),
        (swapped(LINE, b'"disclosures":', b'"disclosures":[],"disclosures":'), CANONICAL),
        (swapped(LINE, b'"pointer":', b'"pointer":"/data/x","pointer":'), CANONICAL),
        (swapped(LINE, b'"disclosures":', b'"\\u0064isclosures":'), CANONICAL),
        (orjson.dumps(dict(reversed(LINE_OF_MEMBERS.items()))), CANONICAL),
        (b"{}", NO_SUBMISSION.format("an empty object")),
        (STATEMENT, NO_SUBMISSION.format(", ".join(sorted(orjson.loads(STATEMENT))))),
        (ENTRY, NO_SUBMISSION.format("recorded_at, signature, statement")),
        (
            line_with(**{"a\n\u202e": 1}),
            NO_SUBMISSION.format(r"a\n\u202e, disclosures, signature, statement"),
        ),
        (b"[]", "EntryError: not a JSON object: got []."),
        (
            line_with(disclosures={}),
            "EntryError: a submission's disclosures are a list and its signature is a string.",
        ),
        (
            line_with(signature=None),
            "EntryError: a submission's disclosures are a list and its signature is a string.",
        ),
        (
            line_with(disclosures=[1]),
            (
                "EntryError: not a disclosure: got 1, expected an object with exactly event,"
                " pointer, salt and value."
            ),
        ),
        (
            line_with(signature="AB=="),
            (
                "EntryError: the signature is malformed: got AB==, expected canonical padded"
                " base64, at most 1024 characters."
            ),
        ),
    ],
)
def test_a_submission_in_another_form_is_refused_and_told_why(data, message):
    assert refusal_of(parse_submission, data) == message


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b"\xef\xbb\xbf" + LINE, LINE[:-1], LINE + LINE, b"[" * 5000, b"\x1b[2J"],
)
def test_a_submission_that_is_not_json_is_refused(data):
    assert refusal_of(parse_submission, data).startswith("EntryError: not JSON (")


@pytest.mark.parametrize("statement", [b"1", b"[]", b'{"a": 1}', STATEMENT.replace(b'":', b'" :')])
def test_a_submission_keeps_the_statement_as_it_came_to_be_judged(statement):
    kept = parse_submission(LINE.replace(STATEMENT, statement)).statement
    assert kept == statement


def test_a_submission_nested_too_deep_to_be_shown_is_refused_all_the_same():
    deep = b"[" * 1000 + b"]" * 1000
    assert refusal_of(parse_submission, deep).startswith("EntryError: not a JSON object: got ")
    inside = LINE.replace(orjson.dumps(LINE_OF_MEMBERS["disclosures"]), deep)
    assert refusal_of(parse_submission, inside).startswith("EntryError: not a disclosure: got ")


def changes(data: bytes) -> st.SearchStrategy[bytes]:
    """Return the bytes with a few places cut, changed or added to."""
    places = st.tuples(st.integers(0, len(data)), st.integers(0, 3), st.binary(max_size=3))

    def changed(edits: list[tuple[int, int, bytes]]) -> bytes:
        made = data
        for place, cut, put in edits:
            made = made[:place] + put + made[place + cut :]
        return made

    return st.lists(places, min_size=1, max_size=3).map(changed)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@settings(max_examples=some(400), deadline=None)
@given(st.one_of(st.binary(max_size=99), changes(ENTRY)))
def test_reading_any_bytes_as_an_entry_raises_nothing_else(data):
    try:
        parts = parse_entry(data)
    except (EntryError, StatementError) as error:
        assert_readable(str(error))
    else:
        assert write_entry(parts.recorded_at, parts.signature, parts.statement.raw) == data


@settings(max_examples=some(400), deadline=None)
@given(
    st.one_of(
        st.binary(max_size=99),
        changes(LINE),
        json_values.map(lambda value: line_with(disclosures=value)),
        json_values.map(lambda value: line_with(signature=value)),
        json_values.map(
            lambda value: line_with(disclosures=[{**FOUND["disclosures"][0], "value": value}])
        ),
        json_values.map(orjson.dumps),
    )
)
def test_reading_any_bytes_as_a_submission_raises_nothing_else(data):
    try:
        submission = parse_submission(data)
    except (EntryError, StatementError) as error:
        assert_readable(str(error))
    else:
        assert submission.as_line() == data


def test_every_entry_that_differs_in_one_byte_is_refused_or_is_exactly_its_own_bytes():
    for place in range(0, len(ENTRY), 3):
        for byte in b'"\\{}[],: \x00\n\xff0aAZ':
            data = ENTRY[:place] + bytes([byte]) + ENTRY[place + 1 :]
            try:
                parts = parse_entry(data)
            except (EntryError, StatementError):
                continue
            assert write_entry(parts.recorded_at, parts.signature, parts.statement.raw) == data


def test_the_longest_entry_fits_a_tile():
    assert LONGEST == 2**16 - 1

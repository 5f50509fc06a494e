"""Statements that someone made to be misread: each is refused, and the refusal says why."""

from __future__ import annotations

import json
import unicodedata

import orjson
import pytest
from examples import some
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledger.errors import StatementError
from ledger.format.statement import DEEPEST, LONGEST, Statement, parse, unreadable_text

ID = "0191b210-ef60-7086-be44-3f5288292cf1"
PERSON = "person:0191b1ff-8a40-7bd4-8feb-24a1b21edda1"
ROOT = "rrqvW4+NcdNGF2oedMEIsBX8yFvjYOiffKAgiK+sUGo="
SEAL = "rclBvFKAaEen5ATbk6tcCyDazczedQiZeTAyxR5FBvw"
SAID = {
    "data": {"days": "1.5", "host": "school:900002", "note": {"sealed": SEAL}},
    "id": ID,
    "occurredon": "2024-11-04",
    "office": "head@school:900001",
    "seen": f"31:{ROOT}",
    "signedby": PERSON,
    "source": "northwick.example/support",
    "specversion": "1.0",
    "time": "2024-11-05T16:45:00Z",
    "type": "VisitMade.v1",
}


def canonical(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


VALID = canonical(SAID)
DATA = canonical(SAID["data"])


def data(text: bytes) -> bytes:
    """Write the statement with other data, given as it stands in the bytes."""
    return VALID.replace(DATA, text, 1)


def member(name: str, value: object) -> bytes:
    """Write the statement with another member, canonical but for what the value does to it."""
    return canonical({**SAID, name: value})


def without(*names: str) -> bytes:
    return canonical({name: value for name, value in SAID.items() if name not in names})


def swapped(old: bytes, new: bytes) -> bytes:
    assert VALID.count(old) == 1
    return VALID.replace(old, new)


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


# What is expected; then cases, each with what is shown where that differs from it.
MALFORMED = {
    "id": (
        "a UUIDv7 in lower case",
        [
            ("upper case", ID.upper()),
            ("version 4", "0191b210-ef60-4086-be44-3f5288292cf1"),
            ("another variant", "0191b210-ef60-7086-ce44-3f5288292cf1"),
            ("braces", "{" + ID + "}"),
            ("no hyphens", ID.replace("-", "")),
            ("a newline", ID + "\n", "0191b210-ef60-7086-be44-3f5288292cf1\\n"),
            ("the nil UUID", "00000000-0000-0000-0000-000000000000"),
            ("digits of another script", ID.replace("0", "\u0660")),
            ("a number", 7, "7"),
        ],
    ),
    "source": (
        "the ledger's origin, as northwick.example/support",
        [
            ("a newline", "northwick.example\nsupport", "northwick.example\\nsupport"),
            ("a newline at the end", "northwick.example/support\n", "northwick.example/support\\n"),
            (
                "a bidi control",
                "northwick.example/\u202etroppus",
                "northwick.example/\\u202etroppus",
            ),
            ("a space", "northwick example"),
            ("a plus sign", "northwick+example"),
            ("upper case", "Northwick.example"),
            ("a scheme", "https://northwick.example"),
            ("another alphabet", "n\u043erthwick.example"),
            ("an empty part", "northwick.example//support"),
            ("a slash at the end", "northwick.example/"),
            ("nothing", "", "nothing"),
        ],
    ),
    "type": (
        "an event's name and version, as VisitMade.v1",
        [
            ("no version", "VisitMade"),
            ("version 0", "VisitMade.v0"),
            ("version 01", "VisitMade.v01"),
            ("version 1000", "VisitMade.v1000"),
            ("a path", "ledger.events.visits:VisitMade.v1"),
            ("a small letter", "visitMade.v1"),
            ("a newline", "VisitMade.v1\n", "VisitMade.v1\\n"),
            ("61 letters", "V" * 61 + ".v1"),
        ],
    ),
    "time": (
        "UTC in whole seconds, as 2026-10-05T09:12:44Z",
        [
            ("fractions", "2024-11-05T16:45:00.000Z"),
            ("an offset", "2024-11-05T16:45:00+00:00"),
            ("no zone", "2024-11-05T16:45:00"),
            ("a small z", "2024-11-05T16:45:00z"),
            ("a space", "2024-11-05 16:45:00Z"),
            ("24:00", "2024-11-05T24:00:00Z"),
            ("a leap second", "2016-12-31T23:59:60Z"),
            ("minute 60", "2024-11-05T16:60:00Z"),
            ("five digits of year", "12024-11-05T16:45:00Z"),
            ("a week date", "2024-W45-2T16:45:00Z"),
            ("a number", 1730825100, "1730825100"),
        ],
    ),
    "occurredon": (
        "a day, as 2026-09-01",
        [
            ("a time", "2024-11-04T00:00:00Z"),
            ("no hyphens", "20241104"),
            ("short", "2024-11-4"),
            ("British", "04/11/2024"),
            ("digits of another script", "202\u0664-11-04"),
        ],
    ),
    "office": (
        "an office, as head@school:900001 or registrar@ledger",
        [
            ("no party", "head"),
            ("an unknown role", "queen@school:900001"),
            ("a registrar elsewhere", "registrar@school:900001"),
            ("a head of the ledger", "head@ledger"),
            ("a URN with a leading zero", "head@school:090001"),
            ("a URN of five digits", "head@school:90001"),
            ("a newline", "head@school:900001\n", "head@school:900001\\n"),
            ("two offices", "head@school:900001,head@school:900002"),
            ("a list", ["head@school:900001"], "['head@school:900001']"),
        ],
    ),
    "signedby": (
        "a person, as person:<UUIDv7>",
        [
            ("a school", "school:900001"),
            ("an id alone", PERSON.removeprefix("person:")),
            ("version 4", "person:0191b1ff-8a40-4bd4-8feb-24a1b21edda1"),
            ("upper case", PERSON.upper()),
        ],
    ),
    "seen": (
        "a tree head that the signer held, as <size>:<root in base64>",
        [
            ("no size", ROOT),
            ("a leading zero", "031:" + ROOT),
            ("a negative size", "-1:" + ROOT),
            ("size 2^64", f"{2**64}:{ROOT}"),
            ("no padding", "31:" + ROOT[:-1]),
            ("base64url", "31:" + ROOT.replace("+", "-")),
            ("base64 that is not canonical", "31:" + ROOT.replace("o=", "p=")),
            ("hexadecimal", "31:" + "ab" * 32),
            ("a root of 31 bytes", "31:" + "A" * 40 + "AA=="),
        ],
    ),
}
NO_SUCH_DAY = [
    ("time", "2024-02-30T16:45:00Z"),
    ("time", "2024-13-01T16:45:00Z"),
    ("time", "0000-11-05T16:45:00Z"),
    ("occurredon", "2024-02-30"),
    ("occurredon", "2023-02-29"),
    ("occurredon", "2024-11-00"),
    ("occurredon", "0000-11-04"),
]
MALFORMED_NAMES = [
    ("an empty name", b'{"":"1.5"}', "/data", "nothing"),
    ("a name in capitals", b'{"Days":"1.5"}', "/data", "Days"),
    ("a name that starts with a digit", b'{"1st":"1.5"}', "/data", "1st"),
    ("a name with a hyphen", b'{"re-visit":"1.5"}', "/data", "re-visit"),
    ("a name with a newline", b'{"days\\n":"1.5"}', "/data", "days\\n"),
    ("a name with a bidi control", '{"days\u202e":"1.5"}'.encode(), "/data", "days\\u202e"),
    ("a name not in ASCII", '{"dÿs":"1.5"}'.encode(), "/data", "d\xffs"),
    ("a name that looks like another", '{"d\u0430ys":"1.5"}'.encode(), "/data", "d\u0430ys"),
    (
        "a name of 41 characters",
        b'{"' + b"a" * 41 + b'":"1.5"}',
        "/data",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ),
    ("a map keyed by data", b'{"rows":{"school:900001":"1.5"}}', "/data/rows", "school:900001"),
    ("a name in a list", b'{"rows":[{"A":"1.5"}]}', "/data/rows/0", "A"),
    ("a pointer's escape", b'{"a~1b":"1.5"}', "/data", "a~1b"),
]
MALFORMED_SEALS = [
    (
        "with another member",
        '{"note":{"audience":"all","sealed":"rclBvFKAaEen5ATbk6tcCyDazczedQiZeTAyxR5FBvw"}}',
        "/data/note",
    ),
    ("a number", '{"note":{"sealed":1}}', "/data/note"),
    ("null", '{"note":{"sealed":null}}', "/data/note"),
    (
        "sealed within sealed",
        '{"note":{"sealed":{"sealed":"rclBvFKAaEen5ATbk6tcCyDazczedQiZeTAyxR5FBvw"}}}',
        "/data/note",
    ),
    (
        "42 characters",
        '{"note":{"sealed":"rclBvFKAaEen5ATbk6tcCyDazczedQiZeTAyxR5FBv"}}',
        "/data/note",
    ),
    ("padded", '{"note":{"sealed":"rclBvFKAaEen5ATbk6tcCyDazczedQiZeTAyxR5FBvw="}}', "/data/note"),
    (
        "base64 that is not url",
        '{"note":{"sealed":"rclBvFKAaEen5ATbk6tcCyDazcze+QiZeTAyxR5FBvw"}}',
        "/data/note",
    ),
    (
        "base64 that is not canonical",
        '{"note":{"sealed":"rclBvFKAaEen5ATbk6tcCyDazczedQiZeTAyxR5FBvx"}}',
        "/data/note",
    ),
    (
        "a newline",
        '{"note":{"sealed":"rclBvFKAaEen5ATbk6tcCyDazczedQiZeTAyxR5FBvw\\n"}}',
        "/data/note",
    ),
    ("plain text", '{"note":{"sealed":"Helped with phonics"}}', "/data/note"),
    (
        "as a member of the data",
        '{"days":"1.5","sealed":"rclBvFKAaEen5ATbk6tcCyDazczedQiZeTAyxR5FBvw"}',
        "/data",
    ),
]
REFUSED = [
    ("a list", b"[]", "the statement is not a JSON object: got []."),
    (
        "a list of it",
        b"[" + VALID + b"]",
        (
            "the statement is not a JSON object: got [{'data': {'days': '1.5', 'host':"
            " 'school:900002', 'note': {'sealed':"
            " 'rclBvFKAaEen5ATbk6tcCyDazczedQiZeTAyxR5FBvw'}}, 'id':"
            " '0191b210-ef60-7086-be44-3f5288292cf1', 'occurredon': '2024-11-04', 'office… (460"
            " characters)."
        ),
    ),
    ("a string", b'"statement"', "the statement is not a JSON object: got statement."),
    ("a number", b"1", "the statement is not a JSON object: got 1."),
    ("null", b"null", "the statement is not a JSON object: got null."),
    (
        "60,001 bytes",
        data(b'{"note":"' + b"a" * (LONGEST + 1 - len(data(b'{"note":""}'))) + b'"}'),
        (
            "the statement is too long: got 60001 bytes, expected at most 60000. Lodge long"
            " documents as evidence instead."
        ),
    ),
    (
        "64 KiB and 1",
        data(b'{"note":"' + b"a" * (65_537 - len(data(b'{"note":""}'))) + b'"}'),
        (
            "the statement is too long: got 65537 bytes, expected at most 60000. Lodge long"
            " documents as evidence instead."
        ),
    ),
    (
        "100,000 nested lists",
        nested(100_000),
        (
            "the statement is too long: got 200000 bytes, expected at most 60000. Lodge long"
            " documents as evidence instead."
        ),
    ),
    (
        "nine deep",
        data(b'{"list":' + nested(7) + b"}"),
        "/data/list/0/0/0/0/0/0 is nested too deep: got depth 9, expected at most 8.",
    ),
    (
        "nine deep in objects",
        data(b'{"a":' * 7 + b"{}" + b"}" * 7),
        "/data/a/a/a/a/a/a/a is nested too deep: got depth 9, expected at most 8.",
    ),
    (
        "1,000 deep",
        data(b'{"list":' + nested(1000) + b"}"),
        "/data/list/0/0/0/0/0/0 is nested too deep: got depth 9, expected at most 8.",
    ),
    (
        "1.0 for 1",
        data(b'{"count":1.0}'),
        (
            "/data/count holds a number with a point or exponent, or too large: got 1.0,"
            " expected members left out rather than null, quantities as strings such as 1.0."
        ),
    ),
    (
        "an exponent",
        data(b'{"count":1e2}'),
        (
            "/data/count holds a number with a point or exponent, or too large: got 100.0,"
            " expected members left out rather than null, quantities as strings such as 1.0."
        ),
    ),
    (
        "minus zero with a point",
        data(b'{"count":-0.0}'),
        (
            "/data/count holds a number with a point or exponent, or too large: got -0.0,"
            " expected members left out rather than null, quantities as strings such as 1.0."
        ),
    ),
    (
        "2^53",
        data(b'{"count":9007199254740992}'),
        (
            "the number at /data/count is too large: got 9007199254740992, expected within"
            " ±(2^53-1)."
        ),
    ),
    (
        "2^53+1",
        data(b'{"count":9007199254740993}'),
        (
            "the number at /data/count is too large: got 9007199254740993, expected within"
            " ±(2^53-1)."
        ),
    ),
    (
        "-2^53",
        data(b'{"count":-9007199254740992}'),
        (
            "the number at /data/count is too large: got -9007199254740992, expected within"
            " ±(2^53-1)."
        ),
    ),
    (
        "2^64",
        data(b'{"count":18446744073709551616}'),
        (
            "/data/count holds a number with a point or exponent, or too large: got"
            " 1.8446744073709552e+19, expected members left out rather than null, quantities as"
            " strings such as 1.0."
        ),
    ),
    (
        "-2^63-1",
        data(b'{"count":-9223372036854775809}'),
        (
            "/data/count holds a number with a point or exponent, or too large: got"
            " -9.223372036854776e+18, expected members left out rather than null, quantities as"
            " strings such as 1.0."
        ),
    ),
    (
        "null in the data",
        data(b'{"note":null}'),
        (
            "/data/note holds null: got null, expected members left out rather than null,"
            " quantities as strings such as 1.0."
        ),
    ),
    (
        "null in a list",
        data(b'{"people":[null]}'),
        (
            "/data/people/0 holds null: got null, expected members left out rather than null,"
            " quantities as strings such as 1.0."
        ),
    ),
    (
        "null for a member",
        member("office", None),
        (
            "the member office is malformed: got null, expected an office, as"
            " head@school:900001 or registrar@ledger."
        ),
    ),
    ("null for the data", member("data", None), "the member data is not an object: got null."),
    ("a list for the data", member("data", []), "the member data is not an object: got []."),
    ("text for the data", member("data", "{}"), "the member data is not an object: got {}."),
    (
        "no members",
        b"{}",
        (
            "the statement's members are not those of this format: got data, id, occurredon,"
            " office, seen, signedby, source, specversion, time, type missing, expected data,"
            " id, occurredon, office, seen, signedby, source, specversion, time, type."
        ),
    ),
    (
        "an unknown member",
        member("datacontenttype", "application/json"),
        (
            "the statement's members are not those of this format: got datacontenttype unknown,"
            " expected data, id, occurredon, office, seen, signedby, source, specversion, time,"
            " type."
        ),
    ),
    (
        "an unknown member with controls",
        member("a\x1b[2J\n\u202e", "x"),
        (
            "the statement's members are not those of this format: got a\\x1b[2J\\n\\u202e"
            " unknown, expected data, id, occurredon, office, seen, signedby, source,"
            " specversion, time, type."
        ),
    ),
    (
        "two unknown members",
        canonical({**SAID, "for_office": "x", "subject": "y"}),
        (
            "the statement's members are not those of this format: got for_office, subject"
            " unknown, expected data, id, occurredon, office, seen, signedby, source,"
            " specversion, time, type."
        ),
    ),
    (
        "a missing member",
        without("seen"),
        (
            "the statement's members are not those of this format: got seen missing, expected"
            " data, id, occurredon, office, seen, signedby, source, specversion, time, type."
        ),
    ),
    (
        "missing and unknown members",
        canonical({**SAID, "Id": ID} | {"data": {}}).replace(b'"id":"' + ID.encode() + b'",', b""),
        (
            "the statement's members are not those of this format: got id missing and Id"
            " unknown, expected data, id, occurredon, office, seen, signedby, source,"
            " specversion, time, type."
        ),
    ),
    (
        "another CloudEvents version",
        member("specversion", "1.1"),
        "the member specversion is malformed: got 1.1, expected 1.0.",
    ),
    (
        "a number for the version",
        member("specversion", 1),
        "the member specversion is malformed: got 1, expected 1.0.",
    ),
    (
        "101 characters",
        member("source", "n" * 101),
        "the member source is too long: got 101 characters, expected at most 100.",
    ),
]
NOT_CANONICAL = (
    "the statement is not in canonical form: expected the bytes of RFC 8785: members sorted and"
    " once each, no white space, no needless escapes, no byte order mark. Write it with"
    " `school-ledger draft`."
)
SAID_AGAIN = {
    "a member twice": swapped(b'"id":', b'"id":"' + ID.encode() + b'","id":'),
    "a member of the data twice": data(b'{"days":"1.5","days":"1.0"}'),
    "a member twice, once by escape": data(b'{"days":"1.5","d\\u0061ys":"1.5"}'),
    "minus zero": data(b'{"count":-0}'),
    "leading white space": b" " + VALID,
    "a newline after it": VALID + b"\n",
    "white space after a colon": swapped(b'"days":', b'"days": '),
    "a tab between members": swapped(b',"id":', b',\t"id":'),
    "members not sorted": data(b'{"host":"school:900002","days":"1.5"}'),
    "a needless escape": swapped(b"school:900002", b"school\\u003a900002"),
    "an escaped slash": swapped(b"northwick.example/support", b"northwick.example\\/support"),
    "an escape in capitals": data(b'{"note":"\\u001F"}'),
    "a long escape of a newline": data(b'{"note":"\\u000a"}'),
    "an emoji by two escapes": data(b'{"note":"\\ud83d\\ude00"}'),
}
NOT_JSON = {
    "nothing": b"",
    "a byte order mark": b"\xef\xbb\xbf" + VALID,
    "UTF-16": VALID.decode().encode("utf-16"),
    "an overlong slash": data(b'{"note":"\xc0\xaf"}'),
    "an overlong NUL": data(b'{"note":"\xc0\x80"}'),
    "Latin-1": data(b'{"note":"Zo\xeb"}'),
    "a surrogate in UTF-8": data(b'{"note":"\xed\xa0\x80"}'),
    "a high surrogate by escape": data(b'{"note":"\\ud800"}'),
    "a low surrogate by escape": data(b'{"note":"\\udc00"}'),
    "two high surrogates": data(b'{"note":"\\ud800\\ud800"}'),
    "beyond Unicode": data(b'{"note":"\xf4\x90\x80\x80"}'),
    "a raw newline in a string": data(b'{"note":"a\nb"}'),
    "a raw NUL in a string": data(b'{"note":"a\x00b"}'),
    "NaN": data(b'{"count":NaN}'),
    "Infinity": data(b'{"count":-Infinity}'),
    "1e400": data(b'{"count":1e400}'),
    "5,000 digits": data(b'{"count":1' + b"0" * 5000 + b"}"),
    "a leading zero": data(b'{"count":01}'),
    "a plus sign": data(b'{"count":+1}'),
    "hexadecimal": data(b'{"count":0x1}'),
    "a trailing comma": data(b'{"days":"1.5",}'),
    "a comment": VALID + b"// signed",
    "single quotes": VALID.replace(b'"', b"'"),
    "two statements": VALID + VALID,
    "two statements in lines": VALID + b"\n" + VALID,
    "cut short": VALID[:-1],
    "29,000 nested lists": nested(29_000),
    "29,000 nested lists in it": data(b'{"list":' + nested(29_000) + b"}"),
}
# Python writes lists nested so deep in some of its versions, and in others refuses to.
TOO_DEEP_TO_SHOW = {
    "the statement is not a JSON object": nested(1000),
    "the member id is malformed": swapped(b'"' + ID.encode() + b'"', nested(1000)),
    "the member data is not an object": data(nested(1000)),
    "the sealed field at /data/note is malformed": data(
        b'{"note":{"sealed":' + nested(1000) + b"}}"
    ),
}
ACCEPTED = {
    "60,000 bytes": data(b'{"note":"' + b"a" * (LONGEST - len(data(b'{"note":""}'))) + b'"}'),
    "eight deep": data(b'{"list":' + nested(6) + b"}"),
    "2^53-1": data(b'{"count":9007199254740991}'),
    "-(2^53-1)": data(b'{"count":-9007199254740991}'),
    "no data": data(b"{}"),
    "an empty string": data(b'{"note":""}'),
    "true and false": data(b'{"a":true,"b":false}'),
    "a name of 40 characters": data(b'{"' + b"a" * 40 + b'":"1.5"}'),
    "the escapes of RFC 8785": data(b'{"note":"\\b\\t\\n\\f\\r\\"\\\\\\u0000\\u001f/\x7f"}'),
    "text beyond the basic plane": data('{"note":"\U0001f600"}'.encode()),
    "text in NFD, which is refused only when recording": data('{"name":"Zoe\u0308"}'.encode()),
    "a bidi control, likewise": data('{"name":"\u202eelpmaxe"}'.encode()),
    "a noncharacter, likewise": data('{"name":"\uffff"}'.encode()),
    "a line separator, likewise": data('{"name":"\u2028"}'.encode()),
    "a newline, likewise": data(b'{"name":"a\\nb"}'),
    "an origin of 100 characters": member("source", "n" * 100),
    "version 999": member("type", "VisitMade.v999"),
    "an event of a later version": member("type", "HelpPromised.v1"),
    "29 February in a leap year": member("occurredon", "2024-02-29"),
    "the last second of 2099": member("time", "2099-12-31T23:59:59Z"),
    "the last second of all": member("time", "2199-12-31T23:59:59Z"),
    "the first day of all": member("occurredon", "1870-01-01"),
    "a tree of no entries": member("seen", "0:" + "A" * 43 + "="),
    "sealed text in a list": data(b'{"notes":[{"sealed":"' + SEAL.encode() + b'"}]}'),
}


def refusal_of(tried: bytes) -> str:
    with pytest.raises(StatementError) as refused:
        parse(tried)
    assert_readable(str(refused.value))
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "got", "expected"),
    [
        pytest.param(name, value, shown[0] if shown else value, expected, id=f"{name}: {case}")
        for name, (expected, cases) in MALFORMED.items()
        for case, value, *shown in cases
    ],
)
def test_a_member_that_does_not_follow_its_grammar_is_refused(name, value, got, expected):
    assert refusal_of(member(name, value)) == (
        f"the member {name} is malformed: got {got}, expected {expected}."
    )


@pytest.mark.parametrize(("name", "value"), NO_SUCH_DAY)
def test_a_day_that_is_in_no_calendar_is_refused(name, value):
    assert refusal_of(member(name, value)) == (
        f"the member {name} is no day of the calendar: got {value}, expected a real date."
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("occurredon", "1869-12-31"),
        ("occurredon", "2200-01-01"),
        ("occurredon", "9999-12-31"),
        ("time", "1869-12-31T23:59:59Z"),
        ("time", "2200-01-01T00:00:00Z"),
    ],
)
def test_a_day_out_of_range_is_refused(name, value):
    assert refusal_of(member(name, value)) == (
        f"the member {name} is out of range: got {value}, expected a day between 1870-01-01 and"
        " 2199-12-31."
    )


@pytest.mark.parametrize(("case", "said", "where", "got"), MALFORMED_NAMES)
def test_a_member_name_that_does_not_follow_the_grammar_is_refused(case, said, where, got):
    assert refusal_of(data(said)) == (
        f"a member name at {where} is malformed: got {got}, expected a-z, then a-z, 0-9 or _, at"
        " most 40 characters."
    ), case


@pytest.mark.parametrize(("case", "said", "where"), MALFORMED_SEALS)
def test_a_sealed_field_that_is_not_a_commitment_alone_is_refused(case, said, where):
    message = refusal_of(data(said.encode()))
    assert message.startswith(f"the sealed field at {where} is malformed: got {{"), case
    assert message.endswith(
        ', expected {"sealed": c} and nothing else, c being 43 characters of canonical base64url.'
    )


@pytest.mark.parametrize(("case", "statement", "message"), REFUSED)
def test_a_statement_of_another_form_is_refused_and_told_why(case, statement, message):
    assert refusal_of(statement) == message, case


@pytest.mark.parametrize("name", SAID_AGAIN)
def test_the_same_thing_in_other_bytes_is_refused(name):
    assert refusal_of(SAID_AGAIN[name]) == NOT_CANONICAL


@pytest.mark.parametrize("name", NOT_JSON)
def test_what_is_not_json_is_refused(name):
    message = refusal_of(NOT_JSON[name])
    assert message.startswith("the statement is not JSON (")
    assert message.endswith("): expected one object of RFC 8785 canonical JSON in UTF-8.")


@pytest.mark.parametrize("what", TOO_DEEP_TO_SHOW)
def test_what_is_nested_too_deep_to_be_shown_is_refused_all_the_same(what):
    message = refusal_of(TOO_DEEP_TO_SHOW[what])
    assert message.startswith(f"{what}: got ")
    assert len(message) < 500


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_the_format_allows_is_accepted_up_to_its_limits(name):
    assert parse(ACCEPTED[name]).raw == ACCEPTED[name]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Zoe\u0308", r"the text 'Zoe\u0308' is not in Unicode normal form C"),
        ("\u212b", r"the text '\u212b' is not in Unicode normal form C"),
        ("a\nb", r"the text 'a\nb' holds a control character or a noncharacter"),
        ("a\tb", r"the text 'a\tb' holds a control character or a noncharacter"),
        ("a\x00b", r"the text 'a\x00b' holds a control character or a noncharacter"),
        ("a\x1b[2J", r"the text 'a\x1b[2J' holds a control character or a noncharacter"),
        ("a\x7fb", r"the text 'a\x7fb' holds a control character or a noncharacter"),
        ("a\x85b", r"the text 'a\x85b' holds a control character or a noncharacter"),
        ("\ufffe", r"the text '\ufffe' holds a control character or a noncharacter"),
        ("\ufdd0", r"the text '\ufdd0' holds a control character or a noncharacter"),
        ("\U0010ffff", r"the text '\U0010ffff' holds a control character or a noncharacter"),
        ("a\u202eb", r"the text 'a\u202eb' holds a bidirectional control or a line separator"),
        ("a\u2066b", r"the text 'a\u2066b' holds a bidirectional control or a line separator"),
        ("a\u200fb", r"the text 'a\u200fb' holds a bidirectional control or a line separator"),
        ("a\u061cb", r"the text 'a\u061cb' holds a bidirectional control or a line separator"),
        ("a\u2028b", r"the text 'a\u2028b' holds a bidirectional control or a line separator"),
        ("a\u2029b", r"the text 'a\u2029b' holds a bidirectional control or a line separator"),
        ("  ", "the text '  ' is blank: write what is meant, or leave it out"),
        ("\u200b", r"the text '\u200b' is blank: write what is meant, or leave it out"),
    ],
)
def test_text_that_may_not_be_recorded_is_named_and_escaped(text, reason):
    assert unreadable_text(("plain", text)) == [reason]


@pytest.mark.parametrize(
    "text", ["plain", "Zoë", "\u0938\u094d\u0915\u0942\u0932", "\U0001f600", "\u2019"]
)
def test_text_that_reads_as_what_it_is_may_be_recorded(text):
    assert unreadable_text((text,)) == []


def test_every_statement_that_differs_in_one_byte_is_refused_or_is_exactly_its_own_bytes():
    kept = 0
    for place in range(len(VALID)):
        for byte in range(256):
            if byte == VALID[place]:
                continue
            mutated = VALID[:place] + bytes([byte]) + VALID[place + 1 :]
            try:
                statement = parse(mutated)
            except StatementError:
                continue
            kept += 1
            assert statement.raw == mutated
            assert canonical(json.loads(mutated)) == mutated
    assert kept > 1000, "digits of days, names of things: these are other statements"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
mutations = st.lists(
    st.tuples(
        st.integers(0, len(VALID)),
        st.integers(0, 3),
        st.one_of(st.binary(max_size=3), st.sampled_from([b'"', b"\\", b"{", b"}", b",", b"\xff"])),
    ),
    min_size=1,
    max_size=4,
)


def mutated(changes: list[tuple[int, int, bytes]]) -> bytes:
    changed = VALID
    for place, cut, put in changes:
        changed = changed[:place] + put + changed[place + cut :]
    return changed


@settings(max_examples=some(600), deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        mutations.map(mutated),
        anything.map(lambda value: json.dumps(value).encode()),
        anything.map(lambda value: json.dumps({**SAID, "data": value}).encode()),
        st.tuples(st.sampled_from(sorted(SAID)), anything).map(
            lambda changed: json.dumps(
                dict(sorted({**SAID, changed[0]: changed[1]}.items())),
                separators=(",", ":"),
                ensure_ascii=False,
            ).encode("utf-8", "surrogatepass")
        ),
    )
)
@example(b"\xed\xa0\x80")
@example(b'{"\x00":1}')
def test_nothing_but_a_statement_error_is_raised_and_every_message_can_be_read(tried):
    try:
        statement = parse(tried)
    except StatementError as error:
        assert_readable(str(error))
    else:
        assert isinstance(statement, Statement)
        assert statement.raw == tried
        assert canonical(json.loads(tried)) == tried
        unreadable_text(statement.strings)
        statement.tags()


def assert_readable(message: str) -> None:
    assert message.endswith(".")
    assert len(message) < 1000
    assert not [char for char in message if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl"}]


def test_the_limits_are_those_of_the_format():
    assert (LONGEST, DEEPEST) == (60_000, 8)

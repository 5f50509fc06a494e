"""Sealed text: a commitment opens to exactly one text, of one field, of one statement."""

from __future__ import annotations

import base64
import hashlib
import hmac

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import EntryError
from ledger.format.sealed import (
    Disclosure,
    commitment,
    faults,
    mismatches,
    parse_disclosure,
    parse_disclosures,
    place,
    write_disclosures,
)

ID = "0192fd37-1ae0-7e24-85aa-f06d87ef60ea"
OTHER = "0192521b-b300-7288-9615-a47bd616321b"
SALT = bytes(range(32))
NOTE = Disclosure(ID, "/data/note", SALT, "Zoë helped.")
NAME = Disclosure(ID, "/data/name", SALT[::-1], "Zoë")
SAID = {"event": ID, "pointer": "/data/note", "salt": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}
SEALED = {NOTE.pointer: commitment(NOTE), NAME.pointer: commitment(NAME)}


def test_a_commitment_is_what_the_format_says():
    message = ID.encode() + b"\0/data/note\0" + "Zoë helped.".encode()
    digest = hmac.new(SALT, message, hashlib.sha256).digest()
    assert commitment(NOTE) == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert commitment(NOTE) == "xU9PQT_gAppJyy5A9GH-Pfv0XCcu_41bSlxjqWszz94"


@pytest.mark.parametrize(
    "other",
    [
        NOTE._replace(event=OTHER),
        NOTE._replace(pointer="/data/text"),
        NOTE._replace(salt=SALT[::-1]),
        NOTE._replace(value="Zoe\u0308 helped."),
        NOTE._replace(value="Zoë helped"),
    ],
)
def test_a_commitment_is_to_event_field_salt_and_text(other):
    assert commitment(other) != commitment(NOTE)


@given(st.binary(min_size=32, max_size=32), st.text(min_size=1, max_size=99))
def test_disclosures_come_back_as_they_were_written(salt, value):
    written = write_disclosures([NOTE, Disclosure(ID, "/data/rows/0/text", salt, value)])
    assert parse_disclosures(written)[1] == (ID, "/data/rows/0/text", salt, value)
    assert write_disclosures(parse_disclosures(written)) == written


MALFORMED = (
    "a disclosure's salt is malformed: got {}, expected 32 bytes as 43 characters of unpadded"
    " base64url."
)
NO_FIELD = (
    "a disclosure names no field of a statement: got {}, expected an event's id and a pointer such"
    " as /data/note."
)
LENGTH = (
    "the text at /data/note has the wrong length: got {} bytes, expected 1 to 16384 bytes of UTF-8."
    " Shorten it, or lodge the longer document as evidence."
)
MEMBERS = (
    "not a disclosure: got {}, expected an object with exactly event, pointer, salt and value."
)
STRINGS = "a disclosure's members must be strings: got {}."
REUSED = "the salt of /data/note was used before; draft the statement anew"
OTHER_TEXT = "the text disclosed for /data/note is not the text that was sealed"


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (None, "not a disclosure: expected an object with exactly event, pointer, salt and value."),
        ([], MEMBERS.format("[]")),
        ({}, MEMBERS.format("[]")),
        (SAID, MEMBERS.format("['event', 'pointer', 'salt']")),
        (
            {**SAID, "value": "x", "note": "y"},
            MEMBERS.format("['event', 'note', 'pointer', 'salt', 'value']"),
        ),
        ({**SAID, "value": 1}, STRINGS.format({**SAID, "value": 1})),
        ({**SAID, "value": "x", "event": ID.upper()}, NO_FIELD.format(f"{ID.upper()} /data/note")),
        ({**SAID, "value": "x", "event": f"event:{ID}"}, NO_FIELD.format(f"event:{ID} /data/note")),
        ({**SAID, "value": "x", "pointer": "/note"}, NO_FIELD.format(f"{ID} /note")),
        ({**SAID, "value": "x", "pointer": "/data"}, NO_FIELD.format(f"{ID} /data")),
        ({**SAID, "value": "x", "pointer": "/data/note\n"}, NO_FIELD.format(rf"{ID} /data/note\n")),
        ({**SAID, "value": "x", "pointer": "/data/../id"}, NO_FIELD.format(f"{ID} /data/../id")),
        ({**SAID, "value": ""}, LENGTH.format(0)),
        ({**SAID, "value": "a" * 16_385}, LENGTH.format(16_385)),
        ({**SAID, "value": "é" * 8_193}, LENGTH.format(16_386)),
        ({**SAID, "value": "x", "salt": ""}, MALFORMED.format("nothing")),
        ({**SAID, "value": "x", "salt": "AAEC"}, MALFORMED.format("AAEC")),
        ({**SAID, "value": "x", "salt": SAID["salt"] + "="}, MALFORMED.format(SAID["salt"] + "=")),
        (
            {**SAID, "value": "x", "salt": SAID["salt"][:-1] + "9"},
            MALFORMED.format(SAID["salt"][:-1] + "9"),
        ),
        ({**SAID, "value": "x", "salt": "+" * 43}, MALFORMED.format("+" * 43)),
        ({**SAID, "value": "x", "salt": "é" * 43}, MALFORMED.format("é" * 43)),
        (
            {**SAID, "value": "x", "salt": SAID["salt"] + "\n"},
            MALFORMED.format(SAID["salt"] + r"\n"),
        ),
        ({**SAID, "value": "x", "salt": "A" * 44}, MALFORMED.format("A" * 44)),
    ],
)
def test_a_malformed_disclosure_is_refused_and_told_why(said, message):
    with pytest.raises(EntryError) as refused:
        parse_disclosure(said)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{}", "the disclosures are not a list: got {}."),
        (b"null", "the disclosures are not a list."),
        (b" []", "the disclosures are not canonical JSON: expected the bytes of RFC 8785."),
        (b"[]\n", "the disclosures are not canonical JSON: expected the bytes of RFC 8785."),
        (
            orjson.dumps([{"value": "x", **SAID}]),
            "the disclosures are not canonical JSON: expected the bytes of RFC 8785.",
        ),
        (
            write_disclosures([NOTE]).replace(b'{"event"', b'{"event":"","event"'),
            "the disclosures are not canonical JSON: expected the bytes of RFC 8785.",
        ),
    ],
)
def test_disclosures_in_other_bytes_are_refused(data, message):
    with pytest.raises(EntryError) as refused:
        parse_disclosures(data)
    assert str(refused.value) == message


@pytest.mark.parametrize("data", [b"", b"\xff", b"[", b"[NaN]", b'["\\ud800"]', b"[" * 5000])
def test_disclosures_that_are_not_json_are_refused(data):
    with pytest.raises(EntryError, match=r"^the disclosures are not JSON: .*\.$"):
        parse_disclosures(data)


@pytest.mark.parametrize(
    ("disclosures", "reasons"),
    [
        ([NOTE, NAME], []),
        ([NAME, NOTE], []),
        ([NAME], ["the text sealed at /data/note is not disclosed"]),
        (
            [],
            [
                "the text sealed at /data/note is not disclosed",
                "the text sealed at /data/name is not disclosed",
            ],
        ),
        ([NOTE, NAME, NOTE], ["/data/note is disclosed twice", REUSED]),
        (
            [NOTE._replace(pointer="/data/text"), NOTE, NAME],
            ["a disclosure opens /data/text, which is not a sealed field", REUSED],
        ),
        ([NOTE._replace(event=OTHER), NAME], [f"a disclosure is of another event, {OTHER}"]),
        ([NOTE._replace(value="Zoë did not."), NAME], [OTHER_TEXT]),
        ([NOTE._replace(salt=bytes(32)), NAME], [OTHER_TEXT]),
        (
            [NOTE._replace(salt=b"short"), NAME],
            ["the salt of /data/note is 5 bytes long; it must be 32"],
        ),
        (
            [NOTE._replace(value=""), NAME],
            ["the text 'note' is empty: write something, or leave it out"],
        ),
        (
            [NOTE._replace(value="a" * 16_385), NAME],
            ["the text 'note' is 16385 bytes long; 1 to 16384 may be"],
        ),
        (
            [NOTE._replace(value="\udcff"), NAME],
            ["the text 'note' holds a lone surrogate, which is no character"],
        ),
    ],
)
def test_what_keeps_disclosures_from_opening_a_statement_is_told(disclosures, reasons):
    assert mismatches(ID, SEALED, disclosures) == reasons


def test_one_salt_for_two_fields_is_refused_even_where_both_open():
    name = NAME._replace(salt=SALT)
    sealed = {**SEALED, NAME.pointer: commitment(name)}
    assert mismatches(ID, sealed, [NOTE, name]) == [
        "the salt of /data/name was used before; draft the statement anew"
    ]


def test_every_fault_of_a_disclosure_is_told_at_once():
    assert list(faults(Disclosure(ID, "/data/note", b"", "\ud800" * 6000))) == [
        "the salt of /data/note is 0 bytes long; it must be 32",
        "the text 'note' is 18000 bytes long; 1 to 16384 may be",
        "the text 'note' holds a lone surrogate, which is no character",
    ]


def test_a_commitment_is_placed_where_its_pointer_points():
    data = {"note": None, "rows": [{"text": None}, {"text": None}]}
    place(data, "/data/note", "a")
    place(data, "/data/rows/1/text", "b")
    assert data == {
        "note": {"sealed": "a"},
        "rows": [{"text": None}, {"text": {"sealed": "b"}}],
    }

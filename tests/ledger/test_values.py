"""Values: one way to write each, and nothing that reads as another."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from ledger import values
from ledger.errors import ValueRefused
from ledger.values import (
    REFERENCE,
    Reference,
    Sealed,
    Source,
    event_id,
    obligation_slot,
    office_party,
    office_role,
    party_kind,
    tags_of,
)

UUID = "0191b210-ef60-7086-be44-3f5288292cf1"
UUID4 = "0191b210-ef60-4086-be44-3f5288292cf1"
FINGERPRINT = "key:SHA256:mOx6p0jT7D7Z3WkyypprMAEV3GHSy3uqHkO/xH/gAHY"


def said(kind: Any, value: object) -> Any:
    return TypeAdapter(kind).validate_python(value)


ACCEPTED = {
    "SchoolRef": ["school:900001", "school:100000"],
    "BodyRef": ["body:northwick", "body:a", "body:trust-2", "body:" + "a" * 64],
    "PartnershipRef": ["partnership:estuary", "partnership:1st"],
    "PersonRef": [f"person:{UUID}"],
    "PartyRef": ["school:900001", "body:northwick", "partnership:estuary"],
    "OfficeRef": ["head@school:900001", "registrar@ledger", f"officer@person:{UUID}"],
    "KeyRef": [FINGERPRINT],
    "UrnRef": ["urn:900001"],
    "ObligationRef": [
        f"{UUID}/attestation",
        f"{UUID}/review/2026-12-01",
        f"{UUID}/x/school:900001",
    ],
    "VouchableRef": [f"enrolment:{UUID}", f"appointment:{UUID}"],
    "UnderRef": [f"agreement:{UUID}", f"year:{UUID}"],
    "EventRef": [f"event:{UUID}"],
    "Url": ["https://northwick.example/a?b=c#d", "http://x"],
    "Origin": ["northwick.example/support", "n", "a.b-c/d_e"],
    "Sha256": ["0" * 64],
    "Slug": ["ofsted-2019", "a", "a" * 64],
    "SizeRoot": ["0:" + "A" * 43 + "=", "9999999999999999:" + "/" * 42 + "8="],
    "YearName": ["2026-27"],
    "LaEstab": ["999/3001"],
    "Days": ["0.0", "0.5", "1.0", "999999.5"],
    "Money": ["0.00", "0.01", "1200.00", "9999999999.99"],
    "Number": ["0", "-0.25", "104", "1.50", "0.0000", "9999999999.9999"],
    "Day": ["2026-09-01", "2024-02-29", "1870-01-01", "2199-12-31"],
    "Moment": ["2026-09-01T00:00:00Z", "1970-01-01T00:00:00Z", "2199-12-31T23:59:59Z"],
    "DaysCount": [1, 366],
    "Count": [0, 10_000],
}
REFUSED = {
    "SchoolRef": [
        "school:090001",
        "school:90001",
        "school:9000011",
        "School:900001",
        "school:900001\n",
        " school:900001",
        "school:90000\u0661",
        "urn:900001",
        "school:",
    ],
    "BodyRef": [
        "body:",
        "body:North",
        "body:a--b",
        "body:-a",
        "body:a-",
        "body:a_b",
        "body:a" * 2,
        "body:caf\u00e9",
        "body:" + "a" * 65,
        "body:a\n",
    ],
    "PartnershipRef": ["partnership:" + "a" * 65, "partnership:a b"],
    "PersonRef": [
        f"person:{UUID4}",
        f"person:{UUID.upper()}",
        f"person:{UUID}\n",
        "person:zoe",
        f"person:{{{UUID}}}",
    ],
    "PartyRef": [f"person:{UUID}", "ledger", "body:" + "a" * 65],
    "OfficeRef": [
        "head",
        "head@",
        "@school:900001",
        "head@ledger",
        "registrar@school:900001",
        "Head@school:900001",
        "head@@school:900001",
        "head@school:900001 ",
    ],
    "KeyRef": [
        "key:SHA256:" + "A" * 42,
        FINGERPRINT + "=",
        FINGERPRINT.replace("/", "_"),
        FINGERPRINT.replace("SHA256", "MD5"),
    ],
    "ObligationRef": [
        UUID,
        f"{UUID}/",
        f"{UUID}/Attestation",
        f"{UUID}//x",
        f"{UUID4}/attestation",
        f"event:{UUID}/attestation",
        f"{UUID}/attestation\n",
        f"{UUID}/two words",
    ],
    "VouchableRef": [f"event:{UUID}", f"enrolment:{UUID4}"],
    "UnderRef": [f"visit:{UUID}"],
    "Url": [
        "northwick.example",
        "ftp://northwick.example",
        "https://",
        "https://a b",
        "https://a\nb",
        "javascript:alert(1)",
        "https://caf\u00e9.example",
        "https://" + "a" * 1000,
    ],
    "Origin": ["", "Northwick", "a b", "a//b", "/a", "a/", "a\nb", "a+b", "n" * 101],
    "Sha256": ["0" * 63, "0" * 65, "A" * 64, "g" * 64],
    "Slug": ["", "a" * 65, "A", "a b", "a_b"],
    "SizeRoot": [
        "00:" + "A" * 43 + "=",
        "1:" + "A" * 43,
        "1:" + "A" * 42 + "B=",
        "1:" + "A" * 44,
        "-1:" + "A" * 43 + "=",
    ],
    "YearName": ["2026", "2026/27", "2026-27\n", "26-27"],
    "Days": [
        "1",
        "1.25",
        "1.50",
        "01.0",
        ".5",
        "-1.0",
        "+1.0",
        "1.0 ",
        "1,0",
        "1e0",
        "1000000.0",
        "NaN",
        "",
        None,
        1.5,
        True,
        "\u0661.0",
    ],
    "Money": [
        "1",
        "1.0",
        "1.000",
        "-1.00",
        "1,200.00",
        "10000000000.00",
        "\u00a31.00",
        "1e2",
        None,
        1.25,
        False,
    ],
    "Number": [
        "-0",
        "-0.0",
        "-0.0000",
        "01",
        "1.",
        ".5",
        "1.00000",
        "+1",
        "1e3",
        "Infinity",
        "NaN",
        "10000000000",
        "",
        None,
        1.5,
        True,
    ],
    "Day": [
        "2026-9-1",
        "20260901",
        "2026-02-30",
        "2023-02-29",
        "0000-01-01",
        "2026-09-01T00:00:00Z",
        "01/09/2026",
        "2026-W36-2",
        "2026-09-01\n",
        "202\u0666-09-01",
        "",
        None,
        20260901,
        datetime(2026, 9, 1, tzinfo=UTC),
        "1869-12-31",
        "2200-01-01",
        "9999-12-31",
        "0001-01-01",
        date(1869, 12, 31),
        date.max,
    ],
    "Moment": [
        "2026-02-30T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "1869-12-31T23:59:59Z",
        "2200-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2026-09-01T24:00:00Z",
        "2026-09-01",
    ],
    "DaysCount": [0, 367, -1, 1.0, "14", True, None],
    "Count": [-1, 10_001, 0.0, "1", False],
}


@pytest.mark.parametrize(("kind", "value"), [(k, v) for k, many in ACCEPTED.items() for v in many])
def test_what_a_value_may_be(kind, value):
    read = said(getattr(values, kind), value)
    assert TypeAdapter(getattr(values, kind)).dump_python(read, mode="json") == value


@pytest.mark.parametrize(("kind", "value"), [(k, v) for k, many in REFUSED.items() for v in many])
def test_what_a_value_may_not_be(kind, value):
    with pytest.raises(ValidationError) as refused:
        said(getattr(values, kind), value)
    (fault,) = refused.value.errors()
    assert fault["msg"]


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        ("Days", 2, "2.0"),
        ("Days", Decimal("1.50"), "1.5"),
        ("Money", 1200, "1200.00"),
        ("Money", Decimal("1.5"), "1.50"),
        ("Number", 104, "104"),
        ("Day", date(2026, 9, 1), "2026-09-01"),
    ],
)
def test_numbers_and_dates_of_python_are_written_the_one_way(kind, value, read):
    assert (
        TypeAdapter(getattr(values, kind)).dump_python(
            said(getattr(values, kind), value), mode="json"
        )
        == read
    )


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("Days", Decimal("1.54")),
        ("Days", Decimal("0.04")),
        ("Days", Decimal("NaN")),
        ("Days", Decimal("sNaN")),
        ("Days", Decimal("Infinity")),
        ("Days", 10**30),
        ("Days", 10**5000),
        ("Days", Decimal("-0")),
        ("Money", Decimal("0.005")),
        ("Money", Decimal("1E-30")),
        ("Money", 10**40),
        ("Money", -1),
        ("Number", Decimal("1E+3")),
        ("Number", Decimal("-0")),
        ("Number", Decimal("NaN")),
        ("Number", 10**5000),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{Decimal(value):.3E}",
)
def test_a_number_that_would_have_to_be_rounded_is_refused_not_rounded(kind, value):
    with pytest.raises(ValidationError):
        said(getattr(values, kind), value)


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (
            "Days",
            "1.25",
            "not a quantity of this kind: got 1.25, expected whole or half days, as 1.0 or 0.5.",
        ),
        (
            "Days",
            Decimal("1.54"),
            (
                "not a quantity of this kind: got Decimal('1.54'), expected whole or half days, as"
                " 1.0 or 0.5."
            ),
        ),
        (
            "Money",
            "12",
            "not a quantity of this kind: got 12, expected pounds and pence, as 1200.00.",
        ),
        (
            "Days",
            "-1.0",
            "a quantity is not negative: got -1.0, expected whole or half days, as 1.0 or 0.5.",
        ),
        (
            "Days",
            "1000000.0",
            "the quantity is too large: got 1000000.0, expected 999999.5 at most.",
        ),
        (
            "Money",
            10**10,
            "the quantity is too large: got 10000000000, expected 9999999999.99 at most.",
        ),
        ("Number", "1e3", "not a number: got 1e3, expected a decimal number, as -0.25 or 104."),
        (
            "Day",
            "2026-02-30",
            "not a date: got 2026-02-30, expected a day of the calendar, as 2026-09-01.",
        ),
        (
            "Day",
            "9999-12-31",
            "out of range: got 9999-12-31, expected a day between 1870-01-01 and 2199-12-31.",
        ),
        (
            "Day",
            "1\n\x1b[2J",
            r"not a date: got 1\n\x1b[2J, expected a day of the calendar, as 2026-09-01.",
        ),
        (
            "BodyRef",
            "body:" + "a" * 65,
            (
                "a slug is too long: got 65 characters, expected at most 64. Choose a shorter one;"
                " it is a name for machines, not the full title."
            ),
        ),
    ],
)
def test_a_refused_value_says_what_it_should_be(kind, value, message):
    with pytest.raises(ValidationError) as refused:
        said(getattr(values, kind), value)
    (fault,) = refused.value.errors()
    assert fault["msg"] == f"Value error, {message}"
    assert isinstance(fault["ctx"]["error"], ValueRefused)


@given(st.integers(0, 1_999_999))
def test_every_half_day_has_one_spelling(halves):
    text = f"{Decimal(halves) / 2:.1f}"
    assert str(said(values.Days, text)) == text
    assert said(values.Days, Decimal(halves) / 2) == said(values.Days, text)


TAGS = {
    "school:900001": {"school:900001"},
    "body:northwick": {"body:northwick"},
    "partnership:estuary": {"partnership:estuary"},
    f"person:{UUID}": {f"person:{UUID}"},
    "urn:900001": {"urn:900001"},
    FINGERPRINT: {FINGERPRINT},
    "head@school:900001": {"office:head@school:900001", "school:900001"},
    "officer@body:northwick": {"office:officer@body:northwick", "body:northwick"},
    "registrar@ledger": {"office:registrar@ledger"},
    f"visit:{UUID}": {f"event:{UUID}"},
    f"some_day:{UUID}": {f"event:{UUID}"},
    f"event:{UUID}": {f"event:{UUID}"},
    f"{UUID}/attestation": {f"event:{UUID}"},
    f"{UUID}/peer_visit/school:900001": {f"event:{UUID}"},
    # Whatever is not wholly a reference is none.
    UUID: set(),
    f"visit:{UUID4}": set(),
    f"visit:{UUID.upper()}": set(),
    f"Visit:{UUID}": set(),
    "school:900001 ": set(),
    "school:900001\n": set(),
    "see school:900001": set(),
    "school:0900001": set(),
    "queen@school:900001": set(),
    f"visit:{UUID}/attestation": set(),
    "ofsted-2019": set(),
    "2026-09-01": set(),
    "": set(),
}


@pytest.mark.parametrize("text", TAGS)
def test_a_string_gives_the_tags_of_what_it_names(text):
    assert set(tags_of(text)) == TAGS[text]
    assert len(tags_of(text)) == len(TAGS[text])


@pytest.mark.parametrize("text", [text for text, tags in TAGS.items() if tags])
def test_a_withdrawal_may_repeat_any_reference(text):
    assert said(Reference, text) == text


@pytest.mark.parametrize(
    "text",
    [
        *(text for text, tags in TAGS.items() if not tags),
        "note:the head shouted at two governors",
        f"{UUID}/the head shouted",
        "a@b",
        f"{UUID}/" + "a" * 200,
    ],
)
def test_a_withdrawal_repeats_references_and_no_free_text(text):
    with pytest.raises(ValidationError):
        said(Reference, text)


@given(st.text(max_size=60))
def test_no_string_that_is_not_ascii_names_anything(text):
    if not text.isascii():
        assert REFERENCE.fullmatch(text) is None


def test_references_are_taken_apart():
    assert party_kind("school:900001") == "school"
    assert office_party("head@school:900001") == "school:900001"
    assert office_party("registrar@ledger") is None
    assert office_role("board_chair@school:900001") == "board_chair"
    assert event_id(f"visit:{UUID}") == UUID
    assert event_id(f"{UUID}/peer_visit/school:900001") == UUID
    assert obligation_slot(f"{UUID}/peer_visit/school:900001") == "peer_visit/school:900001"


@pytest.mark.parametrize(
    "text", ["A" * 42, "A" * 44, "A" * 42 + "=", "A" * 42 + "+", "A" * 43 + "\n"]
)
def test_a_sealed_field_is_43_characters_of_base64url(text):
    assert Sealed(sealed="A" * 43).sealed == "A" * 43
    with pytest.raises(ValidationError):
        Sealed(sealed=text)


def test_a_value_is_frozen_and_knows_its_members():
    source = Source(publisher="Northwick", title="Register")
    with pytest.raises(ValidationError):
        source.title = "Another"
    with pytest.raises(ValidationError):
        Source(publisher="Northwick", title="Register", page=3)


def test_every_reference_type_says_what_it_may_name():
    named = {
        name: [mark.kinds for mark in get_args(kind)[1:] if isinstance(mark, values.Named)]
        for name, kind in vars(values).items()
        if name.endswith("Ref") and kind is not Annotated
    }
    assert named
    assert all(len(kinds) == 1 and kinds[0] for kinds in named.values())

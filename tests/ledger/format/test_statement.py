"""Statements: canonical bytes in, the same bytes kept; drafting writes what parsing reads."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

import orjson
import pytest
from examples import some
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import StatementError
from ledger.events import find
from ledger.format.entry import parse_event
from ledger.format.sealed import Disclosure, commitment
from ledger.format.statement import (
    DEEPEST,
    Envelope,
    draft,
    new_id,
    parse,
    read_time,
    tree_head,
    unsealed,
    write_time,
)

NOW = datetime(2024, 11, 5, 16, 45, tzinfo=UTC)
ID = "0192fd37-1ae0-7e24-85aa-f06d87ef60ea"
AGREEMENT = "0192521b-b300-7288-9615-a47bd616321b"
PERSON = "person:01916f3a-a500-75a0-b272-c429453f6d3e"
ENVELOPE = Envelope(
    "northwick.example/support",
    ID,
    "2024-11-05T16:45:00Z",
    date(2024, 11, 4),
    PERSON,
    "head@school:900001",
    tree_head(31, bytes(32)),
)
VISIT = {
    "visitor": "school:900001",
    "host": "school:900002",
    "under": f"agreement:{AGREEMENT}",
    "purpose": "support",
    "mode": "on_site",
    "days": "1.5",
    "note": "Phonics, two lessons.",
}


def drafted(**changed):
    data, texts = unsealed(find("VisitMade"), {**VISIT, **changed})
    return draft(parse_event("VisitMade.v1", data), ENVELOPE, texts, lambda size: b"\x07" * size)


NO_DAYS = "not a quantity of this kind: got {}, expected whole or half days, as 1.0 or 0.5"


def jcs(value: object) -> str:
    """Write RFC 8785 by its own words: members by UTF-16 code units, the shortest escapes."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{jcs(name)}:{jcs(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(jcs(item) for item in value) + "]"
    if isinstance(value, str):
        return '"' + "".join(map(jcs_char, value)) + '"'
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def jcs_char(char: str) -> str:
    short = dict(
        zip('\b\t\n\f\r"\\', ("\\b", "\\t", "\\n", "\\f", "\\r", '\\"', "\\\\"), strict=True)
    )
    return short.get(char) or (f"\\u{ord(char):04x}" if char < " " else char)


names = st.from_regex(r"[a-z][a-z0-9_]{0,11}", fullmatch=True).filter(lambda name: name != "sealed")
seals = st.binary(min_size=32, max_size=32).map(
    lambda salt: {"sealed": commitment(Disclosure(ID, "/data/note", salt, "text"))}
)
leaves = st.one_of(st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1), st.text(max_size=20), seals)


def within(depth: int) -> st.SearchStrategy:
    if depth == DEEPEST:
        return leaves
    deeper = st.deferred(lambda: within(depth + 1))
    return st.one_of(
        leaves, st.lists(deeper, max_size=3), st.dictionaries(names, deeper, max_size=3)
    )


datas = st.dictionaries(names, within(3), max_size=4)


@settings(max_examples=some(300), deadline=None)
@given(datas)
def test_any_json_that_the_format_allows_keeps_its_bytes(data):
    raw = orjson.dumps(
        {**orjson.loads(drafted().statement), "data": data}, option=orjson.OPT_SORT_KEYS
    )
    statement = parse(raw)
    assert (statement.raw, statement.data) == (raw, data)
    assert raw.decode() == jcs(json.loads(raw))


@settings(max_examples=some(200), deadline=None)
@given(
    st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
        max_leaves=12,
    )
)
def test_sorted_output_of_orjson_is_rfc_8785_for_what_the_format_allows(value):
    assert orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode() == jcs(value)


def test_a_draft_is_read_member_by_member():
    statement = parse(drafted().statement)
    assert (statement.name, statement.version, statement.type) == ("VisitMade", 1, "VisitMade.v1")
    assert (statement.id, statement.source) == (ID, "northwick.example/support")
    assert (statement.signedby, statement.office) == (PERSON, "head@school:900001")
    assert (statement.time, statement.occurred_on) == ("2024-11-05T16:45:00Z", date(2024, 11, 4))
    assert (statement.seen_size, statement.seen_root) == (31, bytes(32))
    assert list(statement.sealed) == ["/data/note"]
    assert statement.data["days"] == "1.5"


def test_a_draft_is_one_line_of_sorted_json():
    statement = drafted().statement
    assert statement.startswith(b'{"data":{"days":"1.5","host":"school:900002","mode":"on_site"')
    assert statement.endswith(b'"time":"2024-11-05T16:45:00Z","type":"VisitMade.v1"}')
    assert b'"specversion":"1.0"' in statement
    assert b"\n" not in statement


def test_the_tags_are_what_the_strings_name():
    assert parse(drafted().statement).tags() == {
        f"event:{ID}",
        f"event:{AGREEMENT}",
        "office:head@school:900001",
        PERSON,
        "school:900001",
        "school:900002",
    }


def test_plain_text_stands_in_the_disclosure_and_not_in_the_statement():
    made = drafted()
    (disclosure,) = made.disclosures
    assert disclosure == (ID, "/data/note", b"\x07" * 32, "Phonics, two lessons.")
    assert b"Phonics" not in made.statement
    assert parse(made.statement).sealed == {"/data/note": commitment(disclosure)}


def test_what_is_left_out_is_not_written():
    assert b"model" not in drafted(model=None).statement
    assert b"people" not in drafted(people=[]).statement


def test_each_sealed_field_gets_its_own_salt():
    data, texts = unsealed(find("PersonEnrolled"), {"person": PERSON, "name": "A", "contact": "A"})
    made = draft(parse_event("PersonEnrolled.v1", data), ENVELOPE, texts)
    one, other = made.disclosures
    assert one.salt != other.salt
    assert len(set(parse(made.statement).sealed.values())) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the text 'note' is empty: write something, or leave it out."),
        ("é" * 8193, "the text 'note' is 16386 bytes long; 1 to 16384 may be."),
        ("\ud800", "the text 'note' holds a lone surrogate, which is no character."),
    ],
)
def test_text_that_cannot_be_sealed_is_not_drafted(text, message):
    with pytest.raises(StatementError) as refused:
        drafted(note=text)
    assert str(refused.value) == f"{message} Write plain text; a long document can be evidence."


def test_text_of_16384_bytes_can_be_sealed():
    assert drafted(note="é" * 8192).disclosures[0].value == "é" * 8192


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"days": "1.25"}, f"days: {NO_DAYS.format('1.25')}"),
        ({"days": 1.5}, f"days: {NO_DAYS.format('1.5')}"),
        ({"host": "school:90002"}, "host: it is no school"),
        (
            {"host": "\ud800"},
            ("host: it is not text: it holds half of a character (got '\\ud800')"),
        ),
        (
            {"purpose": "gossip"},
            (
                "purpose: it is not 'support', 'challenge', 'peer_review' or 'monitoring'"
                " (got 'gossip')"
            ),
        ),
        ({"a\nb": 1}, r"'a\nb': there is no such member (got 1)"),
        ({"\x1b[2J": "x" * 500}, r"'\x1b[2J': there is no such member (got 'xxx"),
    ],
)
def test_what_the_model_refuses_is_named_by_member(changed, message):
    with pytest.raises(StatementError) as refused:
        drafted(**changed)
    said = str(refused.value)
    assert said.startswith(f"VisitMade is not said as it must be: {message}")
    assert said.endswith(".")
    assert said.isprintable()
    assert len(said) < 500


def test_every_fault_of_an_event_is_named_at_once():
    with pytest.raises(StatementError) as refused:
        drafted(days="1", mode="by_post", visitor="person:x")
    for name in ("days", "mode", "visitor"):
        assert f"{name}: " in str(refused.value)


def test_a_thousand_faults_are_named_by_the_first_twenty():
    with pytest.raises(StatementError) as refused:
        drafted(**{f"a{number}": 1 for number in range(1000)})
    assert str(refused.value).count("there is no such member") == 20
    assert str(refused.value).endswith("; and 980 more.")


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2500, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.binary(min_size=10, max_size=10),
)
def test_a_new_id_is_a_uuidv7_of_its_moment(moment, tail):
    made = new_id(moment, lambda size: tail[:size])
    bits = int(made.replace("-", ""), 16)
    assert bits >> 80 == int(moment.timestamp() * 1000)
    assert (bits >> 76 & 0xF, bits >> 62 & 0x3) == (7, 2)
    assert parse(drafted().statement.replace(ID.encode(), made.encode())).id == made


def test_ids_of_one_moment_differ_and_of_later_moments_sort_later():
    assert len({new_id(NOW) for _ in range(100)}) == 100
    ids = [new_id(NOW + timedelta(milliseconds=n)) for n in range(50)]
    assert sorted(ids) == ids


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (NOW, "2024-11-05T16:45:00Z"),
        (NOW.replace(microsecond=999_999), "2024-11-05T16:45:00Z"),
        (NOW.astimezone(timezone(timedelta(hours=5.5))), "2024-11-05T16:45:00Z"),
        (datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC), "2099-12-31T23:59:59Z"),
    ],
)
def test_a_moment_is_written_in_utc_and_whole_seconds(moment, text):
    assert write_time(moment) == text
    assert write_time(read_time(text)) == text


def test_a_place_in_history_is_cited_by_size_and_root():
    assert tree_head(412, b"\x01" * 32) == "412:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="

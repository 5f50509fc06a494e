"""The fast reader accepts nothing that the strict reader refuses, and tells the same of it."""

from __future__ import annotations

import copy
from pathlib import Path

import orjson
import pytest
from examples import some
from hypothesis import given, settings
from hypothesis import strategies as st
from two_years import tell

from ledger.audit import by_entry
from ledger.errors import LedgerError
from ledger.events import CATALOGUE
from ledger.format.entry import parse_entry, parse_event
from ledger.format.patterns import grammar_of

GOLDEN = {
    path.name.removesuffix(".json"): path.read_bytes().removesuffix(b"\n")
    for path in sorted((Path(__file__).parents[2] / "golden" / "entries").iterdir())
}
FAST = sorted(name for name in GOLDEN if grammar_of(name.encode()) is not None)
#: Values that a careless pattern would let through, or that stand at its edges.
NASTY = (
    "",
    " ",
    "1.0",
    "0.5",
    "00.5",
    "1.50",
    "-0.0",
    "-0",
    "-0.25",
    "0.00001",
    "12345678901.0",
    "1e5",
    "NaN",
    "2026-02-29",
    "2024-02-29",
    "2026-02-30",
    "0000-01-01",
    "0999-12-31",
    "1869-12-31",
    "1870-01-01",
    "2199-12-31",
    "2200-01-01",
    "2200-01-01T00:00:00Z",
    "2026-02-30T09:00:00Z",
    "2026-13-01",
    "2026-9-1",
    "٢٠٢٦-01-01",
    "2026-09-01\n",
    "2026-10-05T24:00:00Z",
    "2026-10-05T23:59:60Z",
    "school:900001",
    "school:090001",
    "school:9000010",
    "SCHOOL:900001",
    "body:" + "a" * 64,
    "body:" + "a" * 65,
    "body:a--b",
    "body:-a",
    "partnership:estuary",
    "head@school:900001",
    "registrar@ledger",
    "king@school:900001",
    "person:0191b1f6-6280-7c09-b2f9-575310fbef5d",
    "person:0191b1f6-6280-4c09-b2f9-575310fbef5d",
    "visit:0191b1f6-6280-7c09-b2f9-575310fbef5d",
    "0191b1f6-6280-7c09-b2f9-575310fbef5d/attestation",
    "0191b1f6-6280-7c09-b2f9-575310fbef5d/",
    "key:SHA256:" + "A" * 43,
    "urn:900001",
    'quoted "text"',
    "back\\slash",
    "caf\u00e9",
    "cafe\u0301",
    "\u202egnirts",
    "\x7f",
    "a" * 200,
    "a" * 201,
    "https://northwick.example/report",
    'https://x","zz":"y',
    "https://northwick.example/\u00e9",
    "0:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    "1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
    0,
    1,
    -1,
    366,
    367,
    10_000,
    10_001,
    2**53,
    True,
    False,
    None,
    1.0,
    [],
    {},
    [""],
    {"sealed": "A" * 43},
    {"sealed": "B" * 43},
    {"sealed": "A" * 43, "more": 1},
)


def accepts_fast(line: bytes) -> bool:
    grammar = grammar_of(line[line.rfind(b'"type":"') + 8 : -3])
    return grammar is not None and grammar.pattern.fullmatch(line) is not None


def accepts_strictly(line: bytes) -> bool:
    """Whether bytes, statement, model and what the model writes back are all as they must be."""
    try:
        said = parse_entry(line).statement
        written = parse_event(said.type, said.data).as_json()
    except LedgerError:
        return False
    sort = orjson.OPT_SORT_KEYS
    return orjson.dumps(written, option=sort) == orjson.dumps(said.data, option=sort)


def places(value, path=()):
    """Go through every member and item of a JSON value, by its path."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield (*path, key)
        if isinstance(item, (dict, list)):
            yield from places(item, (*path, key))


def rewritten(name: str, path: tuple, change) -> bytes:
    """Return a golden entry with one place of its statement changed, in canonical form."""
    entry = orjson.loads(GOLDEN[name])
    said = copy.deepcopy(entry["statement"])
    target = said
    for key in path[:-1]:
        target = target[key]
    change(target, path[-1])
    prefix = GOLDEN[name].partition(b'"statement":')[0]
    return prefix + b'"statement":' + orjson.dumps(said, option=orjson.OPT_SORT_KEYS) + b"}"


def test_nearly_every_event_has_a_pattern():
    without = {e.__name__ for e in CATALOGUE if grammar_of(e.type_name().encode()) is None}
    assert len(without) <= len(CATALOGUE) // 7, without
    assert grammar_of(b"VisitMade.v9") is None
    assert grammar_of(b"Unheard.v1") is None
    assert grammar_of(b"\xff") is None


@pytest.mark.parametrize("name", FAST)
def test_a_pattern_fits_the_golden_entry_of_its_event(name):
    assert accepts_fast(GOLDEN[name]) or not GOLDEN[name].isascii()
    assert accepts_strictly(GOLDEN[name])


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", FAST)
def test_whatever_stands_in_its_place_the_fast_reader_takes_no_more_than_the_strict_one(name):
    """Every member of every golden statement, replaced by every nasty value."""
    taken = 0
    for path in places(orjson.loads(GOLDEN[name])["statement"]):
        for value in NASTY:
            line = rewritten(name, path, lambda at, key, value=value: at.__setitem__(key, value))
            if accepts_fast(line):
                assert accepts_strictly(line), (path, value)
                taken += 1
    assert taken or not GOLDEN[name].isascii()


@pytest.mark.parametrize("name", FAST)
def test_members_left_out_or_put_in_fool_no_pattern(name):
    for path in places(orjson.loads(GOLDEN[name])["statement"]):
        line = rewritten(name, path, lambda at, key: at.__delitem__(key))
        assert not accepts_fast(line) or accepts_strictly(line), path
        if isinstance(path[-1], str):
            for extra in ("aa", "zz", "sealed"):
                line = rewritten(name, path, lambda at, _, extra=extra: at.update({extra: "1.0"}))
                assert not accepts_fast(line), (path, extra)


@given(st.sampled_from(FAST), st.data())
@settings(max_examples=some(600), deadline=None)
def test_altered_bytes_fool_no_pattern(name, data):
    line = bytearray(GOLDEN[name])
    start = line.index(b'"statement":')
    for _ in range(data.draw(st.integers(1, 2))):
        at = data.draw(st.integers(start, len(line) - 1))
        kind = data.draw(st.sampled_from(["set", "drop", "put", "twice"]))
        if kind == "set":
            line[at] = data.draw(st.sampled_from(b'09afgzAZ"\\:,.{}[]/-+= \n\x00\x7f\xc3'))
        elif kind == "drop":
            del line[at]
        elif kind == "put":
            line.insert(at, data.draw(st.sampled_from(b'0aA",:{}[] -')))
        else:
            end = data.draw(st.integers(at, min(len(line), at + 60)))
            line[at:at] = line[at:end]
    altered = bytes(line)
    assert not accepts_fast(altered) or accepts_strictly(altered)


@given(st.sampled_from(FAST), st.data())
@settings(max_examples=some(300), deadline=None)
def test_values_of_other_events_fool_no_pattern(name, data):
    other = orjson.loads(GOLDEN[data.draw(st.sampled_from(FAST))])["statement"]
    path = data.draw(st.sampled_from(list(places(orjson.loads(GOLDEN[name])["statement"]))))
    value = other
    for key in data.draw(st.sampled_from(list(places(other)))):
        value = value[key]
    line = rewritten(name, path, lambda at, key: at.__setitem__(key, value))
    assert not accepts_fast(line) or accepts_strictly(line)


def test_both_readers_tell_the_same_of_a_whole_record(tmp_path, monkeypatch):
    """All that is told of entries, whether by pattern or strictly, is the same."""
    (tmp_path / "keys").mkdir()
    with tell(tmp_path, 7, lambda _: None) as ledger:
        rows = list(ledger.store.entries())
    fast = by_entry.inspect_with_tags(rows)
    monkeypatch.setattr(by_entry, "grammar_of", lambda _: None)
    strict = by_entry.inspect_with_tags(rows)
    assert sum(number >= 0 for number in fast.by) > len(rows) / 2
    assert set(strict.by) == {-1}
    for field in ("leaves", "ids", "seen", "sealed", "registers", "findings", "times", "filed"):
        assert getattr(fast, field) == getattr(strict, field), field

"""The page and `ledger` judge the same: statements, keys and signatures, sound and altered."""

from __future__ import annotations

import base64
import json
import random
import re
from pathlib import Path

import pytest

from ledger.errors import LedgerError, StatementError
from ledger.format.ed25519 import RAW_SIZE, check_point, verify_raw
from ledger.format.entry import parse_entry
from ledger.format.statement import parse

ENTRIES = Path(__file__).parents[3] / "golden" / "entries"
VECTORS = Path(__file__).parents[4] / "../shared/data/vectors"
CCTV = VECTORS / "cctv-ed25519/ed25519vectors.json"
WYCHEPROOF = next(VECTORS.glob("wycheproof-ed25519/*.json"), VECTORS / "none")
ORDER = 2**252 + 27742317777372353535851937790883648493

VALUES = (
    *(rb"1.0", rb"1", rb"-0", rb"0", rb"-1", rb"1e2", rb"1E400", rb"01", rb"1.", rb".5", rb"+1"),
    *(rb"9007199254740991", rb"9007199254740992", rb"9007199254740993", rb"-9007199254740992"),
    *(rb"null", rb"true", rb"false", rb"NaN", rb"Infinity", rb"[]", rb"{}", rb"[1,2]", rb"[1, 2]"),
    *(rb'"\ud800"', rb'"\uD83D\uDE00"', rb'"\u00e9"', rb'"\/"', rb'"\u000a"', rb'"\n"'),
    *(rb'"\u001F"', rb'"\u001f"', rb'"\u007f"', rb'"\u2028"', rb'"\b\f\t\r"', rb'"\u0008"'),
    *("\U0001f600".join('""').encode(), "é".join('""').encode(), "\u2028".join('""').encode()),
    *(b'"\xed\xa0\x80"', b'"\xff"', b'"\x00"', b'"\x1f"', b'"\x7f"', b'"\xef\xbb\xbf"', b'"\t"'),
    *(rb'{"a":1,"a":1}', rb'{"b":1,"a":1}', rb'{"a":1,"b":2}', rb'{"__proto__":1}', rb'{"1":1}'),
    *(rb'{"constructor":1}', rb'{"A":1}', rb'{"":1}', rb'{"sealed":1}', rb'{"sealed":null}'),
    b'{"sealed":"%s"}' % (b"A" * 43),
    b'{"sealed":"%sB"}' % (b"A" * 42),
    b'{"sealed":"%s","x":1}' % (b"A" * 43),
    *(b"[" * deep + b"]" * deep for deep in range(1, 11)),
    *(b'{"a":' * deep + b"1" + b"}" * deep for deep in range(1, 11)),
)
TEXTS = {
    b"occurredon": (
        b"2024-02-29",
        b"2023-02-29",
        b"1869-12-31",
        b"2199-12-31",
        b"2200-01-01",
        b"2024-1-1",
    ),
    b"time": (
        b"2024-02-30T00:00:00Z",
        b"2024-02-29T24:00:00Z",
        b"2024-02-29t23:59:59Z",
        b"1869-02-28T23:59:59Z",
    ),
    b"id": (b"0191B1F6-6280-75b1-a522-4a58b791f1d8", b"0191b1f6-6280-45b1-a522-4a58b791f1d8"),
    b"seen": (
        b"0:%s=" % (b"A" * 43),
        b"01:%s=" % (b"A" * 43),
        b"1:%sB=" % (b"A" * 42),
        b"9999999999999999:%s=" % (b"A" * 43),
    ),
    b"office": (
        b"head@school:012345",
        b"head@school:900001",
        b"registrar@school:900001",
        b"chair@partnership:-a",
        b"head@ledger",
    ),
    b"source": (b"a", b"A", b"a//b", b"a/b/c", b"a" * 100, b"a" * 101, b".", b"a/", b"/a"),
    b"type": (
        b"VisitMade.v1",
        b"VisitMade.v0",
        b"visitMade.v1",
        b"V.v1",
        b"VisitMade.v1000",
        b"VisitMade",
    ),
    b"specversion": (b"1.0", b"1.1"),
    b"signedby": (b"person:x", b"school:900001"),
}


@pytest.fixture(scope="module")
def statements():
    found = [
        parse_entry(path.read_bytes().rstrip(b"\n")).statement.raw
        for path in sorted(ENTRIES.glob("*.json*"))
    ]
    assert len(found) > 20
    return found


def by_hand(statements):
    chance = random.Random(7)  # noqa: S311 - no secret
    for value in VALUES:
        one = chance.choice(statements)
        yield one.replace(b'"data":{', b'"data":{"aaa":%s,' % value, 1)
        yield one.replace(b'"data":{', b'"data":{"zz":%s,' % value, 1)
        yield re.sub(rb'"type":"[^"]*"', lambda _, v=value: b'"type":' + v, one)
        yield re.sub(rb'"data":.*,"id"', lambda _, v=value: b'"data":{"a":%s},"id"' % v, one)
    for member, texts in TEXTS.items():
        for text in texts:
            pattern = b'"%s":"[^"]*"' % member
            yield re.sub(
                pattern,
                lambda _, m=member, t=text: b'"%s":"%s"' % (m, t),
                chance.choice(statements),
            )
    one = statements[0]
    yield from (
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xef\xbb\xbf" + one,
        one + b" ",
        b" " + one,
        one + one,
    )
    yield from (b"[" * 60_000, b"x" * 70_000)


def altered(statements, count):
    chance = random.Random(8)  # noqa: S311 - no secret
    for _ in range(count):
        data = bytearray(chance.choice(statements))
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            at = chance.randrange(len(data))
            kind = chance.randrange(4)
            if kind == 0:
                data[at] = chance.choice(b'"{}[]:,\\\\ 0123456789abcdefu./-_\x00\xff\xc3\xa9ntrf')
            elif kind == 1:
                data.insert(at, chance.choice(b'"{}[]:,\\\\ 0e.-u\n\t'))
            elif kind == 2:
                del data[at]
            else:
                data[at:at] = data[at : at + chance.randrange(30)]
        yield bytes(data)


def is_statement(data):
    try:
        parse(data)
    except StatementError:
        return False
    return True


JUDGED = """cases => cases.map(one => {
  try { return Boolean(readStatement(one ? unbase64(one) : new Uint8Array())); }
  catch (error) { return error instanceof Fault ? false : String(error); }
})"""


@pytest.mark.parametrize("count", [500, pytest.param(20_000, marks=pytest.mark.sweep)])
def test_statements_are_judged_as_the_strict_reader_judges_them(checker, statements, count):
    cases = [*statements, *by_hand(statements), *altered(statements, count)]
    expected = [is_statement(case) for case in cases]
    judged = checker.window.evaluate(JUDGED, [base64.b64encode(case).decode() for case in cases])
    assert sum(expected) > len(statements)
    differing = [
        (case, here, there)
        for case, here, there in zip(cases, expected, judged, strict=True)
        if here is not there
    ]
    assert differing == []


HELD = """cases => Promise.all(cases.map(([key, signature, data]) =>
  holds(...[key, signature, data].map(one => (one ? unbase64(one) : new Uint8Array())))
    .catch(error => (error instanceof Fault ? false : String(error)))))"""


def is_held(key, signature, data):
    try:
        check_point(key)
        verify_raw(key, signature, data)
    except LedgerError:
        return False
    return True


def signatures():
    from nacl.signing import SigningKey  # noqa: PLC0415 - what the tests sign with

    chance = random.Random(9)  # noqa: S311 - no secret
    signer = SigningKey(b"\x03" * 32)
    key = bytes(signer.verify_key)
    for size in (0, 1, 200):
        data = chance.randbytes(size)
        good = signer.sign(data).signature
        s = int.from_bytes(good[32:], "little")
        yield key, good, data
        yield key, good[:32] + (s + ORDER).to_bytes(32, "little"), data
        yield key, good, data + b"!"
        yield key, bytes([good[0] ^ 1]) + good[1:], data
        for odd in (bytes(32), b"\x01" + bytes(31), b"\xff" * 32, b"\xec" + b"\xff" * 30 + b"\x7f"):
            yield odd, good, data
            yield key, odd + good[32:], data
            yield odd, odd + bytes(32), data


def test_signatures_are_judged_as_here(checker):
    judges_as_here(checker.window)


def test_signatures_are_judged_as_here_without_the_browsers_own_ed25519(open_page):
    judges_as_here(open_page(native=False).window)


def judges_as_here(window):
    cases = list(signatures())
    encoded = [[base64.b64encode(one).decode() for one in case] for case in cases]
    expected = [is_held(*case) for case in cases]
    assert expected.count(True) == 3
    assert window.evaluate(HELD, encoded) == expected


def published():
    """Return the cases of C2SP/CCTV and of Wycheproof that are at hand: key, signature, message."""
    if CCTV.exists():
        for one in json.loads(CCTV.read_bytes()):
            yield bytes.fromhex(one["key"]), bytes.fromhex(one["sig"]), one["msg"].encode()
    if WYCHEPROOF.exists():
        for group in json.loads(WYCHEPROOF.read_bytes())["testGroups"]:
            key = bytes.fromhex(group["publicKey"]["pk"])
            for one in group["tests"]:
                if len(one["sig"]) == 2 * RAW_SIZE:  # of other lengths none reaches this
                    yield key, bytes.fromhex(one["sig"]), bytes.fromhex(one["msg"])


@pytest.mark.parametrize("native", [True, False], ids=["native", "without"])
def test_of_published_vectors_those_hold_that_hold_here(open_page, native):
    cases = list(published())
    if not cases:
        pytest.skip(f"no published vectors at {VECTORS}")
    encoded = [[base64.b64encode(one).decode() for one in case] for case in cases]
    expected = [is_held(*case) for case in cases]
    assert True in expected
    assert open_page(native=native).window.evaluate(HELD, encoded) == expected

"""Which bare Ed25519 signatures hold: every edge case, against published cases and a model.

The model is RFC 8032 in plain integers, written here; it also builds what no honest signer makes.
"""

from __future__ import annotations

import itertools
import json
from hashlib import sha512
from math import gcd
from pathlib import Path

import pytest
from nacl.bindings import crypto_sign

from ledger import keys
from ledger.errors import SignatureError
from ledger.format import ed25519

VECTORS = Path(__file__).parents[3] / "../shared/data/vectors"
WYCHEPROOF = VECTORS / "wycheproof-ed25519/ed25519_test.json"
CCTV = VECTORS / "cctv-ed25519/ed25519vectors.json"

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
SIGN = 1 << 255
Point = tuple[int, int]
NEUTRAL: Point = (0, 1)


def recover_x(y: int, sign: int) -> int | None:
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return x if x % 2 == sign else -x % P


def add(p: Point, q: Point) -> Point:
    (x1, y1), (x2, y2) = p, q
    k = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + k, -1, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - k, -1, P)
    return x % P, y % P


def multiply(n: int, p: Point) -> Point:
    total = NEUTRAL
    while n:
        if n & 1:
            total = add(total, p)
        p = add(p, p)
        n >>= 1
    return total


def point_of(y: int, sign: int) -> Point:
    x = recover_x(y, sign)
    assert x is not None
    return x, y


def encode(p: Point) -> bytes:
    return (p[1] | (p[0] & 1) << 255).to_bytes(32, "little")


def negative(p: Point) -> Point:
    return -p[0] % P, p[1]


def challenge(r: bytes, a: bytes, data: bytes) -> int:
    return int.from_bytes(sha512(r + a + data).digest(), "little") % L


BASE = point_of(4 * pow(5, -1, P) % P, 0)
TORSION_BASE = multiply(L, point_of(3, 0))
TORSION = [multiply(i, TORSION_BASE) for i in range(8)]
SECRET = 0x1D5A7E0F3C2B4A69788796A5B4C3D2E1F0
HONEST_A = multiply(SECRET, BASE)
SMALL_Y = sorted({p[1] for p in TORSION})
SMALL_ENCODINGS = [
    (y | sign).to_bytes(32, "little")
    for y in [*SMALL_Y, *(y + P for y in SMALL_Y if y + P < SIGN)]
    for sign in (0, SIGN)
]


def model_holds(point: Point, r: Point, s: int, h: int) -> bool:
    """The equation of this record: cofactorless."""
    return add(multiply(s, BASE), negative(multiply(h, point))) == r


def holds(point: bytes, raw: bytes, data: bytes) -> bool:
    try:
        ed25519.verify_raw(point, raw, data)
    except SignatureError:
        return False
    return True


def refusal(point: bytes, raw: bytes, data: bytes) -> str:
    with pytest.raises(SignatureError) as caught:
        ed25519.verify_raw(point, raw, data)
    return caught.value.what


def test_all_wycheproof_cases_are_judged_as_published():
    if not WYCHEPROOF.exists():
        pytest.skip(f"no Wycheproof cases at {WYCHEPROOF}")
    groups = json.loads(WYCHEPROOF.read_text())["testGroups"]
    cases = [
        (bytes.fromhex(group["publicKey"]["pk"]), case)
        for group in groups
        for case in group["tests"]
    ]
    wrong = [
        case["tcId"]
        for point, case in cases
        if holds(point, bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
        != (case["result"] == "valid")
    ]
    assert len(cases) == 151
    assert wrong == []


def test_of_all_cctv_cases_exactly_one_holds():
    """Cases on which implementations are known to differ: here all but the honest one fall."""
    if not CCTV.exists():
        pytest.skip(f"no CCTV cases at {CCTV} (github.com/C2SP/CCTV, ed25519/ed25519vectors.json)")
    cases = json.loads(CCTV.read_text())
    held = [
        case["number"]
        for case in cases
        if holds(bytes.fromhex(case["key"]), bytes.fromhex(case["sig"]), case["msg"].encode())
    ]
    assert len(cases) == 914
    assert held == [305]


def test_the_model_knows_eight_points_of_small_order():
    assert len(set(TORSION)) == 8
    assert all(multiply(8, p) == NEUTRAL for p in TORSION)
    # Eight canonical, two with a sign for x = 0, four more with y written as y + p.
    assert len(set(SMALL_ENCODINGS)) == 14


def test_an_honest_signature_holds_in_the_model_and_here():
    signer = keys.in_memory(bytes(range(32)))
    data = b"one statement"
    raw = crypto_sign(data, signer._secret)[:64]
    s = int.from_bytes(raw[32:], "little")
    a = decoded(signer.public.point)
    assert model_holds(a, decoded(raw[:32]), s, challenge(raw[:32], signer.public.point, data))
    assert holds(signer.public.point, raw, data)


def decoded(encoding: bytes) -> Point:
    number = int.from_bytes(encoding, "little")
    return point_of(number % SIGN, number >> 255)


def test_every_multiple_of_the_order_added_to_s_is_refused_by_name():
    a, data = encode(HONEST_A), b"malleable"
    r = encode(multiply(77, BASE))
    s = (77 + challenge(r, a, data) * SECRET) % L
    assert holds(a, r + s.to_bytes(32, "little"), data)
    malleated = [s + k * L for k in itertools.takewhile(lambda k: s + k * L < 2**256, range(1, 17))]
    assert len(malleated) >= 14
    for other in malleated:
        said = refusal(a, r + other.to_bytes(32, "little"), data)
        assert said == "the signature is a second form of another"


def test_s_equal_to_the_order_is_refused_and_one_less_is_not_a_matter_of_form():
    a, r = encode(HONEST_A), encode(multiply(77, BASE))
    at = r + L.to_bytes(32, "little")
    below = r + (L - 1).to_bytes(32, "little")
    assert refusal(a, at, b"") == "the signature is a second form of another"
    assert refusal(a, below, b"") == "the signature does not hold"


@pytest.mark.parametrize("r", SMALL_ENCODINGS, ids=bytes.hex)
def test_an_r_of_small_order_is_refused_though_the_equation_holds(r):
    """The signer chose the nonce 0; without this check R says nothing of the nonce."""
    number = int.from_bytes(r, "little")
    r_point = point_of(number % SIGN % P, number >> 255)
    for i, n in itertools.product(range(8), range(64)):
        a_point = add(HONEST_A, TORSION[i])
        a, data = encode(a_point), bytes([n])
        h = challenge(r, a, data)
        if add(multiply(h % 8, TORSION[i]), r_point) == NEUTRAL:
            break
    else:
        pytest.fail("no message makes the equation hold")
    s = h * SECRET % L
    assert model_holds(a_point, r_point, s, h)
    raw = r + s.to_bytes(32, "little")
    assert refusal(a, raw, data) == "the signature's R is not canonical or of small order"


@pytest.mark.parametrize("a", SMALL_ENCODINGS, ids=bytes.hex)
def test_a_key_of_small_order_signs_nothing_though_the_equation_holds(a):
    """Such a key would verify one signature for one message in eight, or for all."""
    number = int.from_bytes(a, "little")
    a_point = point_of(number % SIGN % P, number >> 255)
    r_point = multiply(77, BASE)
    r = encode(r_point)
    for n in range(256):
        data = bytes([n])
        h = challenge(r, a, data)
        if multiply(h % 8, a_point) == NEUTRAL:
            break
    else:
        pytest.fail("no message makes the equation hold")
    assert model_holds(a_point, r_point, 77, h)
    raw = r + (77).to_bytes(32, "little")
    assert refusal(a, raw, data) == "the signing key is not canonical or of small order"


def test_what_only_a_cofactored_equation_accepts_does_not_hold():
    """R has a low-order part that nothing cancels."""
    a, data = encode(HONEST_A), b"cofactored"
    for torsion in TORSION[1:]:
        r = encode(add(multiply(77, BASE), torsion))
        s = (77 + challenge(r, a, data) * SECRET) % L
        raw = r + s.to_bytes(32, "little")
        assert refusal(a, raw, data) == "the signature does not hold"


@pytest.mark.parametrize(("i", "j"), list(itertools.product(range(8), repeat=2)))
def test_a_key_of_mixed_order_signs_nothing_though_the_equation_holds(i, j):
    """A and R each with every low-order part: with the key's own, some messages cancel it."""
    a_point = add(HONEST_A, TORSION[i])
    r_point = add(multiply(77, BASE), TORSION[j])
    a, r = encode(a_point), encode(r_point)
    equations = set()
    for n in range(64):
        data = bytes([n])
        h = challenge(r, a, data)
        s = (77 + h * SECRET) % L
        equation = add(multiply(h % 8, TORSION[i]), TORSION[j]) == NEUTRAL
        equations.add(equation)
        assert holds(a, r + s.to_bytes(32, "little"), data) == (equation and i == 0)
    # h cancels R's low-order part for some message if A's generates it.
    assert (True in equations) == (j % gcd(i, 8) == 0)


def test_a_key_of_mixed_order_is_refused_by_name():
    """Found first by whoever accepts a signature that another verifier refuses."""
    a, r = encode(add(HONEST_A, TORSION[1])), encode(multiply(77, BASE))
    for n in range(256):
        data = bytes([n])
        h = challenge(r, a, data)
        if h % 8 == 0:
            break
    s = (77 + h * SECRET) % L
    assert model_holds(decoded(a), decoded(r), s, h)
    said = refusal(a, r + s.to_bytes(32, "little"), data)
    assert said == "the signing key is not of prime order"


@pytest.mark.parametrize("i", range(1, 8))
def test_a_key_of_mixed_order_may_not_be_enrolled(i):
    with pytest.raises(SignatureError, match="not a sound Ed25519 public key"):
        ed25519.check_point(encode(add(HONEST_A, TORSION[i])))


def test_a_key_of_prime_order_may_be_enrolled():
    ed25519.check_point(encode(HONEST_A))


@pytest.mark.parametrize("a", SMALL_ENCODINGS, ids=bytes.hex)
def test_a_key_of_small_order_may_not_be_enrolled(a):
    with pytest.raises(SignatureError, match="not a sound Ed25519 public key"):
        ed25519.check_point(a)


NON_CANONICAL = [(P + y | sign).to_bytes(32, "little") for y in range(19) for sign in (0, SIGN)]


@pytest.mark.parametrize("encoding", NON_CANONICAL, ids=bytes.hex)
def test_a_non_canonical_point_is_neither_key_nor_r(encoding):
    honest = encode(HONEST_A)
    s = (1).to_bytes(32, "little")
    assert "R is not canonical" in refusal(honest, encoding + s, b"")
    assert "key is not canonical" in refusal(encoding, honest + s, b"")
    with pytest.raises(SignatureError, match="not a sound Ed25519 public key"):
        ed25519.check_point(encoding)


def test_a_point_off_the_curve_is_no_key():
    off = next(y for y in range(2, 100) if recover_x(y, 0) is None).to_bytes(32, "little")
    with pytest.raises(SignatureError, match="not a sound Ed25519 public key"):
        ed25519.check_point(off)
    said = refusal(off, encode(HONEST_A) + bytes(32), b"")
    assert said == "the signing key is not of prime order"


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_point_of_another_length_is_no_key(size):
    with pytest.raises(SignatureError, match="not a sound Ed25519 public key"):
        ed25519.check_point(bytes(size))


@pytest.mark.parametrize(("point", "raw"), [(31, 64), (33, 64), (32, 63), (32, 65), (0, 0)])
def test_lengths_are_exact(point, raw):
    assert "wrong length" in refusal(bytes(point), bytes(raw), b"")


def test_the_checks_do_not_depend_on_libsodium(monkeypatch):
    """A library that accepts everything leaves S, R and A checked."""
    monkeypatch.setattr(ed25519, "crypto_sign_open", lambda *_: b"")
    a, r = encode(HONEST_A), encode(multiply(77, BASE))
    zero = bytes(32)
    assert holds(a, r + zero, b"")
    assert not holds(a, r + L.to_bytes(32, "little"), b"")
    for small in (*SMALL_ENCODINGS, *NON_CANONICAL):
        assert not holds(a, small + zero, b"")
        assert not holds(small, r + zero, b"")


def test_the_encodings_refused_unread_are_those_not_canonical_or_of_small_order():
    low = set(SMALL_Y)
    around = {y + step for y in (*low, P) for step in range(-25, 26)}
    for y in sorted(one for one in around if 0 <= one < SIGN):
        for sign in (0, SIGN):
            encoded = (y | sign).to_bytes(32, "little")
            assert (encoded in ed25519._UNSOUND) == (y >= P or y in low), encoded.hex()
    assert len(ed25519._UNSOUND) == 2 * (len(low) + SIGN - P)


def test_the_order_of_a_key_is_computed_once_however_many_signatures_it_made(monkeypatch):
    asked = []
    monkeypatch.setattr(
        ed25519,
        "crypto_core_ed25519_is_valid_point",
        lambda point: asked.append(point) or True,
    )
    ed25519._is_of_prime_order.cache_clear()
    signer = keys.in_memory(bytes(range(32)))
    for data in (b"one", b"another", b"a third"):
        raw = crypto_sign(data, signer._secret)[:64]
        ed25519.verify_raw(signer.public.point, raw, data)
    assert asked == [signer.public.point]
    ed25519._is_of_prime_order.cache_clear()

"""Which points are sound Ed25519 keys, and which bare signatures hold: the curve alone.

Both functions return nothing, and refuse with SignatureError::

    >>> check_point(point)
    >>> verify_raw(point, raw, b"what was signed")

An Ed25519 signature holds if and only if S < L, R is canonical and not of small order, A is
canonical and of prime order, and bytes(S·B - h·A) = R, cofactorless (RFC 8032 section 5.1.7, and
the stricter side of every choice that it leaves open). Verifiers would differ on signatures by a
key of mixed order; so it signs nothing here.
"""

from __future__ import annotations

from functools import lru_cache

from nacl.bindings import crypto_core_ed25519_is_valid_point, crypto_sign_open
from nacl.exceptions import BadSignatureError

from ledger.errors import SignatureError

__all__ = ["POINT_SIZE", "RAW_SIZE", "SIGN_AGAIN", "USE_ED25519", "check_point", "verify_raw"]

POINT_SIZE = 32
RAW_SIZE = 64

USE_ED25519 = "Sign with an Ed25519 key; `ssh-keygen -t ed25519` makes one."
SIGN_AGAIN = "Sign again, and pass the signature on as it was written."

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_HIGH_S = 0x10
_MOST_KEYS = 65_536
_SMALL_ORDER_Y = frozenset(
    {
        0,  # order 4
        1,  # order 1, the identity
        _P - 1,  # order 2
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,  # order 8
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,  # order 8
    }
)
"""The y of every point whose order divides 8; with either sign of x the order is small."""

_UNSOUND = frozenset(
    (y | sign).to_bytes(POINT_SIZE, "little")
    for y in (*_SMALL_ORDER_Y, *range(_P, 2**255))
    for sign in (0, 2**255)
)
"""Every encoding that is not canonical or of small order: of 19 values and 5, with either sign.

x = 0 with its sign set is not canonical either; both such points are of small order. Whether any
other is a point of the curve, libsodium knows.
"""


def check_point(point: bytes) -> None:
    """Refuse a point that may not be enrolled: a key is a canonical point of order L exactly."""
    sound = len(point) == POINT_SIZE and point not in _UNSOUND
    if sound and _is_of_prime_order(point):
        return
    raise SignatureError(
        "the key is not a sound Ed25519 public key",
        got=point.hex(),
        expected="32 bytes: a canonical point of the curve's prime-order subgroup",
        todo="No honest program makes such a key. " + USE_ED25519,
    )


@lru_cache(maxsize=_MOST_KEYS)
def _is_of_prime_order(point: bytes) -> bool:
    """Whether 32 bytes are a canonical point of the subgroup of order L, by libsodium.

    It costs as much as a signature, and a record has many signatures and few keys.
    """
    return bool(crypto_core_ed25519_is_valid_point(point))


def verify_raw(point: bytes, raw: bytes, data: bytes) -> None:
    """Refuse a bare Ed25519 signature that does not hold, by the rule in this module's docstring.

    libsodium as PyNaCl 1.6 ships it makes each of these checks. PyNaCl may also be built on a
    system's libsodium, and that with ED25519_COMPAT, which is lax; what is valid in this record
    must not depend on it, so all but the equation is checked here too, at a fraction of its cost.
    """
    if len(point) != POINT_SIZE or len(raw) != RAW_SIZE:
        raise SignatureError(
            "an Ed25519 signature or its key has the wrong length",
            got=f"a signature of {len(raw)} bytes, a key of {len(point)}",
            expected=f"{RAW_SIZE} and {POINT_SIZE}",
            todo=SIGN_AGAIN,
        )
    # S is below 2^252, and so below L, if its highest byte is below 16, as it nearly always is.
    if raw[-1] >= _HIGH_S and int.from_bytes(raw[32:], "little") >= _L:
        raise SignatureError(
            "the signature is a second form of another",
            got="S not below the order of the group",
            expected="S < L (RFC 8032 section 5.1.7)",
            todo="It was altered after signing. " + SIGN_AGAIN,
        )
    if raw[:32] in _UNSOUND:
        raise SignatureError(
            "the signature's R is not canonical or of small order",
            got=raw[:32].hex(),
            todo="No honest program makes such a signature. " + SIGN_AGAIN,
        )
    if point in _UNSOUND:
        raise SignatureError(
            "the signing key is not canonical or of small order",
            got=point.hex(),
            todo="No honest program makes such a key. " + USE_ED25519,
        )
    if not _is_of_prime_order(point):
        raise SignatureError(
            "the signing key is not of prime order",
            got=point.hex(),
            expected="a point of the curve's subgroup of order L",
            todo="No honest program makes such a key. " + USE_ED25519,
        )
    try:
        crypto_sign_open(raw + data, point)
    except BadSignatureError:
        raise SignatureError(
            "the signature does not hold",
            got="a signature of other bytes, by another key, or altered",
            expected="one that this key made over exactly these bytes",
            todo=SIGN_AGAIN,
        ) from None

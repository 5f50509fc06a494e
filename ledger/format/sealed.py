"""Sealed text: what stands in the record is a commitment, what can be erased is beside it.

A sealed field is `{"sealed": c}`; c commits to the statement's id, the field's pointer and the text
under a random salt. Salt and text, the disclosure, lie in the vault (docs/reference/format.md,
*Sealed text*)::

    >>> d = disclose("0193…", "/data/note", "Helped with phonics", salt)
    >>> commitment(d) == field["sealed"]
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from binascii import b2a_base64
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from ledger.errors import EntryError
from ledger.values import UUID7

SALT_BYTES = 32
LONGEST_TEXT = 16_384
_POINTER = re.compile(r"/data(?:/[a-z0-9_]+)+")
_ID = re.compile(UUID7)
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MEMBERS = {"event", "pointer", "salt", "value"}


class Disclosure(NamedTuple):
    """What opens one sealed field: the statement's id, the field's pointer, salt and text."""

    event: str
    pointer: str
    salt: bytes
    value: str

    def as_json(self) -> dict[str, str]:
        """Return the members of its canonical JSON form."""
        salt = base64.urlsafe_b64encode(self.salt).decode().rstrip("=")
        return {"event": self.event, "pointer": self.pointer, "salt": salt, "value": self.value}


def commitment(disclosure: Disclosure) -> str:
    """Return the 43 characters that a sealed field holds for this disclosure."""
    return commitment_to(*disclosure)


def commitment_to(event: str, pointer: str, salt: bytes, value: str) -> str:
    """Return the commitment to a text under a salt, at a pointer of an event's statement."""
    message = b"\0".join((event.encode(), pointer.encode(), value.encode()))
    digest = hmac.digest(salt, message, "sha256")
    return b2a_base64(digest, newline=False).translate(_URL_SAFE)[:-1].decode()


def sealed_in(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """Go through the sealed fields within a valid statement's value: pointer and commitment."""
    if isinstance(value, dict):
        if "sealed" in value:
            yield pointer, value["sealed"]
            return
        for name, item in value.items():
            yield from sealed_in(item, f"{pointer}/{name}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from sealed_in(item, f"{pointer}/{number}")


def parse_disclosure(value: object) -> Disclosure:
    """Return the disclosure that a JSON value holds; raise EntryError if it holds none."""
    if not isinstance(value, dict) or set(value) != _MEMBERS:
        raise EntryError(
            "not a disclosure",
            got=sorted(value) if isinstance(value, dict) else value,
            expected="an object with exactly event, pointer, salt and value",
        )
    if not all(isinstance(member, str) for member in value.values()):
        raise EntryError("a disclosure's members must be strings", got=value)
    if _ID.fullmatch(value["event"]) is None or _POINTER.fullmatch(value["pointer"]) is None:
        raise EntryError(
            "a disclosure names no field of a statement",
            got=f"{value['event']} {value['pointer']}",
            expected="an event's id and a pointer such as /data/note",
        )
    if not 1 <= len(value["value"].encode()) <= LONGEST_TEXT:
        raise EntryError(
            f"the text at {value['pointer']} has the wrong length",
            got=f"{len(value['value'].encode())} bytes",
            expected=f"1 to {LONGEST_TEXT} bytes of UTF-8",
            todo="Shorten it, or lodge the longer document as evidence.",
        )
    salt = _salt(value["salt"])
    return Disclosure(value["event"], value["pointer"], salt, value["value"])


def _salt(text: str) -> bytes:
    try:
        salt = base64.b64decode(text + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        salt = b""
    if len(salt) != SALT_BYTES or base64.urlsafe_b64encode(salt).decode().rstrip("=") != text:
        raise EntryError(
            "a disclosure's salt is malformed",
            got=text,
            expected="32 bytes as 43 characters of unpadded base64url",
        )
    return salt


def parse_disclosures(data: bytes) -> tuple[Disclosure, ...]:
    """Return the disclosures of a canonical JSON array; raise EntryError on anything else."""
    try:
        values = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise EntryError(f"the disclosures are not JSON: {error}") from error
    if not isinstance(values, list):
        raise EntryError("the disclosures are not a list", got=values)
    disclosures = tuple(parse_disclosure(value) for value in values)
    if write_disclosures(disclosures) != data:
        raise EntryError("the disclosures are not canonical JSON", expected="the bytes of RFC 8785")
    return disclosures


def write_disclosures(disclosures: Iterable[Disclosure]) -> bytes:
    """Return the canonical JSON array of disclosures, in the order given."""
    return orjson.dumps([d.as_json() for d in disclosures], option=orjson.OPT_SORT_KEYS)


def mismatches(
    event: str, sealed: Mapping[str, str], disclosures: Iterable[Disclosure]
) -> list[str]:
    """Say what keeps the disclosures from opening exactly the sealed fields of an event.

    `sealed` maps pointers to commitments. Recording needs exactly one matching disclosure for
    each sealed field, so an empty list.
    """
    found: list[str] = []
    seen: set[str] = set()
    salts: set[bytes] = set()
    for disclosure in disclosures:
        pointer = disclosure.pointer
        malformed = list(faults(disclosure))
        if malformed:
            found += malformed
        elif disclosure.event != event:
            found.append(f"a disclosure is of another event, {disclosure.event}")
        elif pointer not in sealed:
            found.append(f"a disclosure opens {pointer}, which is not a sealed field")
        elif pointer in seen:
            found.append(f"{pointer} is disclosed twice")
        elif commitment(disclosure) != sealed[pointer]:
            found.append(f"the text disclosed for {pointer} is not the text that was sealed")
        if disclosure.salt in salts:
            found.append(f"the salt of {pointer} was used before; draft the statement anew")
        seen.add(pointer)
        salts.add(disclosure.salt)
    found += [
        f"the text sealed at {pointer} is not disclosed"
        for pointer in sealed
        if pointer not in seen
    ]
    return found


def faults(disclosure: Disclosure) -> Iterator[str]:
    """Say what keeps a disclosure from sealing anything: the length of its salt or its text."""
    salt, size = len(disclosure.salt), len(disclosure.value.encode("utf-8", "surrogatepass"))
    if salt != SALT_BYTES:
        yield f"the salt of {disclosure.pointer} is {salt} bytes long; it must be {SALT_BYTES}"
    text = f"the text {disclosure.pointer.removeprefix('/data/')!r}"
    if not size:
        yield f"{text} is empty: write something, or leave it out"
    elif size > LONGEST_TEXT:
        yield f"{text} is {size} bytes long; 1 to {LONGEST_TEXT} may be"
    if _SURROGATE.search(disclosure.value):
        yield f"{text} holds a lone surrogate, which is no character"


def place(data: dict[str, Any], pointer: str, value: str) -> None:
    """Put a commitment at a pointer (`/data/…`) of a statement's data."""
    *parents, last = pointer.split("/")[2:]
    target: Any = data
    for parent in parents:
        target = target[int(parent)] if isinstance(target, list) else target[parent]
    target[int(last) if isinstance(target, list) else last] = {"sealed": value}

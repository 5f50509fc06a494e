"""Statements: what a person signs, byte for byte (docs/reference/format.md, *Statement*).

A statement is one CloudEvents 1.0 object in restricted RFC 8785 form. `parse` refuses whatever is
not exactly those bytes; `draft` makes them from an event::

    >>> statement = parse(b'{"data":{…},"id":"0193…","occurredon":"2026-10-03",…}')
    >>> statement.name, statement.version
    ('VisitMade', 1)
"""

from __future__ import annotations

import base64
import re
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, NamedTuple, get_args

import orjson

from ledger.days import FIRST, LAST
from ledger.errors import StatementError
from ledger.events.base import Event
from ledger.format.sealed import SALT_BYTES, Disclosure, commitment, faults, place
from ledger.values import OFFICE, ROOT, UUID7, Sealed, tags_of

NAMESPACE = "statement@school-ledger"
LONGEST = 60_000
DEEPEST = 8
_LARGEST = 2**53 - 1
_LONGEST_ORIGIN = 100

TEXT_MEMBERS = {
    "id": (re.compile(UUID7), "a UUIDv7 in lower case"),
    "occurredon": (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "a day, as 2026-09-01"),
    "office": (re.compile(OFFICE), "an office, as head@school:900001 or registrar@ledger"),
    "seen": (
        re.compile(rf"(?:0|[1-9][0-9]{{0,15}}):{ROOT}"),
        "a tree head that the signer held, as <size>:<root in base64>",
    ),
    "signedby": (re.compile(rf"person:{UUID7}"), "a person, as person:<UUIDv7>"),
    "source": (
        re.compile(r"[a-z0-9.-]+(?:/[a-z0-9._-]+)*"),
        "the ledger's origin, as northwick.example/support",
    ),
    "specversion": (re.compile(r"1\.0"), "1.0"),
    "time": (
        re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"),
        "UTC in whole seconds, as 2026-10-05T09:12:44Z",
    ),
    "type": (
        re.compile(r"[A-Z][A-Za-z]{0,59}\.v[1-9][0-9]{0,2}"),
        "an event's name and version, as VisitMade.v1",
    ),
}
MEMBERS = frozenset({"data", *TEXT_MEMBERS})
_MEMBER = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Bidi controls, line and paragraph separators: text that reads differently from what it is.
_DECEIVING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


@dataclass(frozen=True)
class Statement:
    """A statement whose bytes were checked; `data` is JSON, not yet read by its event's model."""

    raw: bytes
    source: str
    id: str
    type: str
    time: str
    occurredon: str
    signedby: str
    office: str
    seen: str
    data: dict[str, Any]
    strings: tuple[str, ...]
    sealed: dict[str, str]

    @cached_property
    def name(self) -> str:
        """The event's name: the part of its type before the version."""
        return self.type.partition(".")[0]

    @property
    def version(self) -> int:
        """The version of the event's schema."""
        return int(self.type.rpartition(".v")[2])

    @cached_property
    def occurred_on(self) -> date:
        """The day that the thing said was done."""
        return date.fromisoformat(self.occurredon)

    @property
    def seen_size(self) -> int:
        """The size of the tree head that the signer held."""
        return int(self.seen.partition(":")[0])

    @property
    def seen_root(self) -> bytes:
        """The root of the tree head that the signer held."""
        return base64.b64decode(self.seen.partition(":")[2])

    def tags(self) -> set[str]:
        """Return the tags that its own bytes give (docs/reference/format.md, *Entry*)."""
        tags = {f"event:{self.id}"}
        for text in self.strings:
            tags.update(tags_of(text))
        return tags


def parse(data: bytes) -> Statement:
    """Return the statement that these bytes are; raise StatementError if they are none.

    Canonical form is checked by writing back: duplicate members, whitespace, needless escapes,
    byte order marks, NaN and unsorted members all fail there in one step.
    """
    if len(data) > LONGEST:
        raise StatementError(
            "the statement is too long",
            got=f"{len(data)} bytes",
            expected=f"at most {LONGEST}",
            todo="Lodge long documents as evidence instead.",
        )
    try:
        value = orjson.loads(data)
    except (orjson.JSONDecodeError, RecursionError) as error:
        raise StatementError(
            f"the statement is not JSON ({error})",
            expected="one object of RFC 8785 canonical JSON in UTF-8",
        ) from error
    if not isinstance(value, dict):
        raise StatementError("the statement is not a JSON object", got=_shown(value))
    _members(value)
    walk = _Walk([], {})
    _walk(value, "", 1, walk)
    if orjson.dumps(value, option=orjson.OPT_SORT_KEYS) != data:
        raise StatementError(
            "the statement is not in canonical form",
            expected="the bytes of RFC 8785: members sorted and once each, no white space, no"
            " needless escapes, no byte order mark",
            todo="Write it with `school-ledger draft`.",
        )
    del value["specversion"]
    return Statement(raw=data, strings=tuple(walk.strings), sealed=walk.sealed, **value)


def _members(value: dict[str, Any]) -> None:
    if value.keys() != MEMBERS:
        missing, unknown = sorted(MEMBERS - value.keys()), sorted(value.keys() - MEMBERS)
        said = [f"{', '.join(missing)} missing"] if missing else []
        said += [f"{', '.join(unknown)} unknown"] if unknown else []
        raise StatementError(
            "the statement's members are not those of this format",
            got=" and ".join(said),
            expected=", ".join(sorted(MEMBERS)),
        )
    for name, (grammar, expected) in TEXT_MEMBERS.items():
        text = value[name]
        if not isinstance(text, str) or grammar.fullmatch(text) is None:
            raise StatementError(
                f"the member {name} is malformed", got=_shown(text), expected=expected
            )
    if len(value["source"]) > _LONGEST_ORIGIN:
        raise StatementError(
            "the member source is too long",
            got=f"{len(value['source'])} characters",
            expected=f"at most {_LONGEST_ORIGIN}",
        )
    if not isinstance(value["data"], dict):
        raise StatementError("the member data is not an object", got=_shown(value["data"]))
    for name in ("occurredon", "time"):
        _real_day(name, value[name])


def _shown(value: Any) -> Any:
    return "null" if value is None else value


def _real_day(name: str, text: str) -> None:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError as error:
        raise StatementError(
            f"the member {name} is no day of the calendar", got=text, expected="a real date"
        ) from error
    if not FIRST <= day <= LAST:
        raise StatementError(
            f"the member {name} is out of range",
            got=text,
            expected=f"a day between {FIRST} and {LAST}",
        )


class _Walk(NamedTuple):
    strings: list[str]
    sealed: dict[str, str]


def _walk(value: Any, pointer: str, depth: int, found: _Walk) -> None:
    """Refuse what the format excludes; collect strings, and sealed fields by pointer."""
    kind = type(value)
    if kind is str:
        found.strings.append(value)
    elif kind is dict:
        _walk_object(value, pointer, depth, found)
    elif kind is list:
        _not_too_deep(pointer, depth)
        for number, item in enumerate(value):
            _walk(item, f"{pointer}/{number}", depth + 1, found)
    elif kind is int:
        if not -_LARGEST <= value <= _LARGEST:
            raise StatementError(
                f"the number at {pointer} is too large", got=value, expected="within ±(2^53-1)"
            )
    elif kind is not bool:
        what = "null" if value is None else "a number with a point or exponent, or too large"
        raise StatementError(
            f"{pointer} holds {what}",
            got=_shown(value),
            expected="members left out rather than null, quantities as strings such as 1.0",
        )


def _walk_object(value: dict[str, Any], pointer: str, depth: int, found: _Walk) -> None:
    _not_too_deep(pointer, depth)
    if "sealed" in value:
        found.sealed[pointer] = _sealed(value, pointer)
        return
    for name, item in value.items():
        if _MEMBER.fullmatch(name) is None:
            raise StatementError(
                f"a member name at {pointer or 'the top'} is malformed",
                got=name,
                expected="a-z, then a-z, 0-9 or _, at most 40 characters",
            )
        _walk(item, f"{pointer}/{name}", depth + 1, found)


def _sealed(value: dict[str, Any], pointer: str) -> str:
    text = value["sealed"]
    if len(value) != 1 or not isinstance(text, str) or not _is_commitment(text):
        raise StatementError(
            f"the sealed field at {pointer} is malformed",
            got=value,
            expected='{"sealed": c} and nothing else, c being 43 characters of canonical base64url',
        )
    return text


def _is_commitment(text: str) -> bool:
    if re.fullmatch(r"[A-Za-z0-9_-]{43}", text) is None:
        return False
    return base64.urlsafe_b64encode(base64.urlsafe_b64decode(text + "=")).decode()[:43] == text


def _not_too_deep(pointer: str, depth: int) -> None:
    if depth > DEEPEST:
        raise StatementError(
            f"{pointer} is nested too deep", got=f"depth {depth}", expected=f"at most {DEEPEST}"
        )


#: Categories of characters that nobody sees: separators, and what only steers.
_BLANK = "ZC"


def unreadable_text(strings: tuple[str, ...]) -> list[str]:
    """Say which strings may not be recorded: blank, not NFC, controls, noncharacters, bidi.

    Judged when recording only, never when verifying, for Unicode versions differ.
    """
    return [
        reason
        for text in strings
        if not text.isascii() or not text.isprintable() or not text.strip()
        for reason in _unreadable(text)
    ]


def _unreadable(text: str) -> list[str]:
    shown = ascii(text[:60])
    if _DECEIVING.search(text):
        return [f"the text {shown} holds a bidirectional control or a line separator"]
    if any(unicodedata.category(char) == "Cc" or _noncharacter(ord(char)) for char in text):
        return [f"the text {shown} holds a control character or a noncharacter"]
    if not unicodedata.is_normalized("NFC", text):
        return [f"the text {shown} is not in Unicode normal form C"]
    if all(unicodedata.category(char)[0] in _BLANK for char in text):
        return [f"the text {shown} is blank: write what is meant, or leave it out"]
    return []


def _noncharacter(point: int) -> bool:
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF  # noqa: PLR2004 - Unicode 23.7


class Draft(NamedTuple):
    """A statement ready to be signed, and what opens its sealed fields."""

    statement: bytes
    disclosures: tuple[Disclosure, ...]


@dataclass(frozen=True)
class Envelope:
    """Everything that a statement says about its event but the event itself."""

    source: str
    id: str
    time: str
    occurred_on: date
    signed_by: str
    office: str
    seen: str


def draft(
    event: Event,
    envelope: Envelope,
    texts: Mapping[str, str],
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> Draft:
    """Return the canonical bytes that say this event, and the disclosures of its sealed text.

    `texts` holds the text of each field still to be sealed, by its pointer (`/data/note`); each
    is sealed under a fresh salt. A field that is sealed already keeps its commitment.
    """
    data = event.as_json()
    disclosures = []
    for pointer, text in texts.items():
        disclosure = Disclosure(envelope.id, pointer, random_bytes(SALT_BYTES), text)
        for fault in faults(disclosure):
            raise StatementError(fault, todo="Write plain text; a long document can be evidence.")
        place(data, pointer, commitment(disclosure))
        disclosures.append(disclosure)
    value = {
        "data": data,
        "id": envelope.id,
        "occurredon": envelope.occurred_on.isoformat(),
        "office": envelope.office,
        "seen": envelope.seen,
        "signedby": envelope.signed_by,
        "source": envelope.source,
        "specversion": "1.0",
        "time": envelope.time,
        "type": event.type_name(),
    }
    return Draft(orjson.dumps(value, option=orjson.OPT_SORT_KEYS), tuple(disclosures))


def unsealed(model: type[Event], data: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return an event's data with its plain text taken out, and that text by pointer.

    Whoever says an event gives plain text where the model seals it; the model sees a placeholder
    until the text is sealed.
    """
    texts = {
        f"/data/{name}": data[name]
        for name, field in model.model_fields.items()
        if _is_sealed(field.annotation) and isinstance(data.get(name), str)
    }
    placeholders = {pointer.rpartition("/")[2]: {"sealed": "A" * 43} for pointer in texts}
    return {**data, **placeholders}, texts


def _is_sealed(annotation: Any) -> bool:
    return annotation is Sealed or Sealed in get_args(annotation)


def new_id(now: datetime, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """Return a fresh UUIDv7 (RFC 9562, 5.7) of this moment."""
    millis = int(now.timestamp() * 1000)
    tail = int.from_bytes(random_bytes(10), "big")
    number = (millis << 80 | tail) & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def write_time(moment: datetime) -> str:
    """Return a moment as statements and entries write it: UTC, whole seconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def read_time(text: str) -> datetime:
    """Return the moment that a checked `time` or `recorded_at` says."""
    return datetime.fromisoformat(text)


def tree_head(size: int, root: bytes) -> str:
    """Return how a place in history is cited: `<size>:<root, padded base64>`."""
    return f"{size}:{base64.b64encode(root).decode()}"

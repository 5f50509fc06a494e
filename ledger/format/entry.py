"""What the ledger records, and what it is given (docs/reference/format.md, *Entry*).

An entry is exactly `{"recorded_at":"T","signature":"B","statement":S}`; the statement's bytes are
cut out and kept, never written again. In the event store an entry is one event whose tags are a
pure function of those bytes::

    >>> entry = read_entry(7, data)
    >>> entry.name, entry.event.host
    ('VisitMade', 'school:900002')
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, lru_cache
from typing import Any, Generic, NamedTuple, TypeVar, cast

import orjson
from pydantic import ValidationError

from ledger.days import FIRST, LAST, date_of
from ledger.errors import EntryError, StatementError
from ledger.events import find
from ledger.events.base import Event
from ledger.events.trusted import standing_in
from ledger.format import sshsig
from ledger.format.invalid import describe_invalid
from ledger.format.sealed import Disclosure, parse_disclosure, write_disclosures
from ledger.format.statement import NAMESPACE, Statement, parse
from ledger.values import may_refer, tags_of

LONGEST = 65_535
LONGEST_SIGNATURE = 1_024
_MOST_KNOWN = 16_384

E_co = TypeVar("E_co", bound=Event, covariant=True)
T = TypeVar("T", bound="Entry[Any]")

_PREFIX = re.compile(
    rb'\{"recorded_at":"([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)",'
    rb'"signature":"([A-Za-z0-9+/]{1,1024}={0,2})","statement":'
)


class Entry(Generic[E_co]):
    """One recorded event: where it stands, who signed it in which office, and what it says.

    Made from bytes that this ledger holds; nothing is judged here. `position` counts from 1, `name`
    is the event's: the part of its type before the version.
    """

    __slots__ = (
        "_event",
        "_key",
        "_named",
        "_tags",
        "data",
        "id",
        "name",
        "occurredon",
        "office",
        "position",
        "recorded_at",
        "seen",
        "signature",
        "signedby",
        "source",
        "time",
        "type",
    )

    def __init__(
        self, position: int, recorded_at: str, signature: str, said: dict[str, Any]
    ) -> None:
        """Keep the members of a statement beside when and where it was recorded."""
        self.position = position
        self.recorded_at = recorded_at
        self.signature = signature
        self.id: str = said["id"]
        self.type: str = said["type"]
        self.name: str = self.type.partition(".")[0]
        self.time: str = said["time"]
        self.occurredon: str = said["occurredon"]
        self.signedby: str = said["signedby"]
        self.office: str = said["office"]
        self.seen: str = said["seen"]
        self.source: str = said["source"]
        self.data: dict[str, Any] = said["data"]
        self._event: Event | None = None
        self._key: str | None = None
        self._tags: frozenset[str] | None = None
        self._named: list[tuple[str, str]] | None = None

    @property
    def event(self) -> E_co:
        """What the statement says, read by its event's model; StatementError if it cannot be."""
        if self._event is None:
            self._event = parse_event(self.type, self.data)
        return cast("E_co", self._event)

    @property
    def key(self) -> str:
        """The reference of the key that signed, `key:SHA256:…`."""
        if self._key is None:
            blob = parse_signature(self.signature)
            self._key = f"key:{sshsig.split(blob, NAMESPACE).key.fingerprint}"
        return self._key

    def take(self, key: str, tags: Iterable[str]) -> None:
        """Take the key's reference and the tags from whoever read the bytes already."""
        self._key = key
        self._tags = frozenset(tags)

    @property
    def occurred_on(self) -> date:
        """The day that the thing said was done."""
        return _day(self.occurredon)

    @property
    def recorded_on(self) -> date:
        """The day on which the ledger recorded it, in Europe/London as every day is."""
        return date_of(self.recorded_at)

    @property
    def tags(self) -> frozenset[str]:
        """The tags that the statement gives; facts look past that of the key that signed."""
        if self._tags is None:
            tags = [f"event:{self.id}", f"office:{self.office}", self.signedby]
            tags += _known_tags_of(self.office)
            tags += _known_tags_of(self.source)
            for _, text in self.named:
                tags += _known_tags_of(text)
            self._tags = frozenset(tags)
        return self._tags

    @property
    def named(self) -> list[tuple[str, str]]:
        """What may be references in what it says, each after its member, in the order of both."""
        if self._named is None:
            self._named = found = []
            for member, value in self.data.items():
                if type(value) is not str:
                    found += [(member, text) for text in _references(value)]
                elif may_refer(value):
                    found.append((member, value))
        return self._named


class Validated(Entry[E_co]):
    """An entry whose event was validated before, and is not validated again.

    For deciding on what was admitted, and for folding a ledger's own record; what comes from
    elsewhere is an `Entry`.
    """

    __slots__ = ()

    @property
    def event(self) -> E_co:
        """What stands in for the event, member by member; StatementError if it is unknown."""
        if self._event is None:
            self._event = _standing_in(self.type)(self.data)
        return cast("E_co", self._event)

    @property
    def key(self) -> str:
        """The reference of the key that signed: signatures that begin the same are by one key."""
        if self._key is None:
            beginning = self.signature[:-_LAST]
            known = _known_keys.get(beginning)
            if known is None:
                if len(_known_keys) >= _MOST_KNOWN:
                    _known_keys.clear()
                known = _known_keys[beginning] = super().key
            self._key = known
        return self._key


#: The end of a signature in base64: most of what is other each time, nothing of the public key.
_LAST = 88
_known_keys: dict[str, str] = {}


def _references(value: Any) -> list[str]:
    """Return the strings of a JSON value that may be references, in order."""
    waiting, found = [value], []
    while waiting:
        item = waiting.pop()
        kind = type(item)
        if kind is str:
            if may_refer(item):
                found.append(item)
        elif kind is dict:
            waiting += reversed(item.values())
        elif kind is list:
            waiting += reversed(item)
    return found


# The same parties, offices and things are named again and again, on the same days.
_known_tags_of = lru_cache(maxsize=_MOST_KNOWN)(tags_of)
_day = lru_cache(maxsize=_MOST_KNOWN)(date.fromisoformat)


def parse_event(type_name: str, data: dict[str, Any]) -> Event:
    """Return the event that a statement's data is; raise StatementError naming every fault."""
    model = _model_of(type_name)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise StatementError(describe_invalid(model.__name__, error)) from error


@cache
def _standing_in(type_name: str) -> Callable[[dict[str, Any]], Event]:
    return standing_in(_model_of(type_name))


def _model_of(type_name: str) -> type[Event]:
    name, _, version = type_name.partition(".v")
    return find(name, int(version))


def read_entry(position: int, data: bytes) -> Entry[Any]:
    """Return the entry at a position of this ledger's own store, by its bytes.

    Reads what was checked when it was recorded; `parse_entry` checks it again.
    """
    return _entry_of(Entry, position, data)


def read_validated_entry(position: int, data: bytes) -> Validated[Any]:
    """Return `read_entry` with an event that is not validated once more: for folding."""
    return _entry_of(Validated, position, data)


def _entry_of(kind: type[T], position: int, data: bytes) -> T:
    try:
        value = orjson.loads(data)
        return kind(position, value["recorded_at"], value["signature"], value["statement"])
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise EntryError(
            f"entry {position} cannot be read: the ledger's file was changed or is damaged",
            todo="`school-ledger check` tells what else is wrong; restore it from a copy.",
        ) from error


class EntryParts(NamedTuple):
    """What an entry's bytes are made of; `statement` is checked and keeps its own bytes."""

    recorded_at: str
    signature: str
    statement: Statement


def parse_entry(data: bytes) -> EntryParts:
    """Return the parts of an entry whose form holds in every respect; raise EntryError else."""
    if len(data) > LONGEST:
        raise EntryError(
            "the entry is too long", got=f"{len(data)} bytes", expected=f"at most {LONGEST}"
        )
    match = _PREFIX.match(data)
    if match is None or data[-1:] != b"}":
        raise EntryError(
            "the entry does not have the form of this format",
            got=data[:80].decode("utf-8", "backslashreplace"),
            expected='{"recorded_at":"…","signature":"…","statement":{…}} without white space',
        )
    recorded_at, signature = match[1].decode(), match[2].decode()
    _real_time(recorded_at)
    parse_signature(signature)
    return EntryParts(recorded_at, signature, parse(data[match.end() : -1]))


def _real_time(text: str) -> None:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError as error:
        raise EntryError("recorded_at is no day of the calendar", got=text) from error
    if not FIRST <= day <= LAST:
        raise EntryError(
            "recorded_at is out of range", got=text, expected=f"a day between {FIRST} and {LAST}"
        )


def write_entry(recorded_at: str, signature: str, statement: bytes) -> bytes:
    """Return the entry's bytes: a fixed prefix, the statement's own bytes, one closing brace."""
    prefix = f'{{"recorded_at":"{recorded_at}","signature":"{signature}","statement":'
    return prefix.encode() + statement + b"}"


def parse_signature(text: str) -> bytes:
    """Return the binary signature; raise EntryError unless it is canonical padded base64."""
    try:
        blob = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        blob = b""
    if not blob or len(text) > LONGEST_SIGNATURE or base64.b64encode(blob).decode() != text:
        raise EntryError(
            "the signature is malformed",
            got=text,
            expected=f"canonical padded base64, at most {LONGEST_SIGNATURE} characters",
        )
    return blob


def entry_tags(statement: Statement, key: str) -> list[str]:
    """Return the tags of an entry, sorted: a pure function of its bytes.

    docs/reference/format.md, *Entry*, says how.
    """
    tags = statement.tags()
    tags.update((key, f"office:{statement.office}"))
    return sorted(tags)


class Submission(NamedTuple):
    """A signed statement on its way in, with what opens its sealed text."""

    statement: bytes
    signature: str
    disclosures: tuple[Disclosure, ...]

    def as_line(self) -> bytes:
        """Return its canonical JSON, one line without the newline."""
        start = b'{"disclosures":' + write_disclosures(self.disclosures)
        middle = f',"signature":"{self.signature}","statement":'.encode()
        return start + middle + self.statement + b"}"


def parse_submission(data: bytes) -> Submission:
    """Return the submission that a line holds; raise EntryError or StatementError if none.

    The statement is cut out, not written again: it is judged, and recorded, as it came.
    """
    value = _json_object(data)
    if value.keys() != {"disclosures", "signature", "statement"}:
        raise EntryError(
            "not a submission",
            got=", ".join(sorted(value)) or "an empty object",
            expected="an object with exactly disclosures, signature and statement",
            todo="`school-ledger sign` writes one.",
        )
    if not isinstance(value["disclosures"], list) or not isinstance(value["signature"], str):
        raise EntryError("a submission's disclosures are a list and its signature is a string")
    disclosures = tuple(parse_disclosure(item) for item in value["disclosures"])
    parse_signature(value["signature"])
    submission = Submission(b"", value["signature"], disclosures)
    prefix = submission.as_line()[:-1]
    if not data.startswith(prefix) or not data.endswith(b"}"):
        raise EntryError(
            "the submission is not in canonical form",
            expected="one line of RFC 8785 JSON: disclosures, signature, statement",
            todo="`school-ledger sign` writes one.",
        )
    return submission._replace(statement=data[len(prefix) : -1])


def _json_object(data: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        # A line of a file it is already: that it is its own first line misleads.
        what = f"not JSON ({error.msg} at character {error.pos + 1})"
        raise EntryError(what, got=data[:80].decode("utf-8", "replace")) from error
    if not isinstance(value, dict):
        raise EntryError("not a JSON object", got=value)
    return value

"""What the bytes of entries tell by themselves: form, signature, model, and who signed as what.

A chunk of rows is inspected without the record, so that chunks can be shared out among
processes; what comes back is small. What can only be told from earlier entries, `ledger.judging`
then tells in order.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal, NamedTuple, NoReturn

import orjson

from ledger import keys, sshsig
from ledger.decisions import RULES, judge_office
from ledger.entry import (
    LONGEST_SIGNATURE,
    Entry,
    EntryParts,
    entry_tags,
    parse_entry,
    read_event,
    read_signature,
)
from ledger.errors import LedgerError, StatementError
from ledger.facts import ledgers, offices, parties, schools
from ledger.facts.base import Fact, Family
from ledger.grammar import LONGEST_FAST, Grammar, grammar_of
from ledger.log.merkle import leaf_hash
from ledger.sshsig import PublicKey
from ledger.statement import NAMESPACE, read_time, write_time
from ledger.values import tags_of

__all__ = [
    "AUTHORITY",
    "CLOCK_CORRECTED",
    "ENROLLING",
    "ERASED",
    "REGISTERS",
    "Actor",
    "Finding",
    "Inspected",
    "Register",
    "Row",
    "Watched",
    "inspect_rows",
    "inspect_with_tags",
]

Row = tuple[int, bytes]
"""An entry's position and bytes."""

Severity = Literal["fault", "advice"]

ERASED = "DetailErased"
ENROLLING = frozenset({"LedgerFounded", "KeyEnrolled"})
CLOCK_CORRECTED = "ClockCorrected"
_WITHDRAWN = "EventWithdrawn"
#: The facts that authority is judged by: these are kept current while a record is read.
AUTHORITY: frozenset[Family[Any]] = frozenset(
    (
        ledgers.FOUNDED,
        ledgers.LOG_KEYS,
        offices.KEY,
        offices.KEYS,
        offices.OFFICE,
        offices.PERSON,
        parties.BODY,
        schools.SCHOOL,
        schools.CONCERN,
    )
)
#: The events that these facts are folded from, and those that take back or erase.
REGISTERS = frozenset({_WITHDRAWN, ERASED, CLOCK_CORRECTED}.union(*(family.folds for family in AUTHORITY)))

_AHEAD = timedelta(seconds=300)
_TIME_ZONE = timedelta(hours=1)
_MOST_KEPT = 100_000
_UNREAD = -1


class Finding(NamedTuple):
    """Something found: by which check, at which entry if at one, in words, and how grave.

    A fault means that the record does not verify; advice, that somebody should look.
    """

    check: str
    position: int | None
    event: str | None
    sentence: str
    severity: Severity = "fault"


class Actor(NamedTuple):
    """Who signed in which office, to which ledger, on which day of recording."""

    key: str
    person: str
    office: str
    source: str
    day: str


class Register(NamedTuple):
    """An entry that later authority may rest on: its place in the chunk, and its tags."""

    index: int
    name: str
    tags: tuple[str, ...]


class Inspected(NamedTuple):
    """What a chunk of rows tells by itself, entry by entry in the order of the rows.

    `actors[by[i]]` is who signed the i-th entry, if by its own words it is for that office to sign;
    `by[i]` is -1 where authority has to be judged by the whole entry, or where there is a finding
    (and `ids[i]` is None where it cannot be read). `seen` are the tree heads that signers saw, each with the
    first entry of the chunk that names it; `sealed` are (entry, pointer, commitment), an entry's pointers in
    their order.
    """

    leaves: list[bytes]
    ids: list[str | None]
    by: list[int]
    actors: list[Actor]
    seen: dict[str, int]
    sealed: list[tuple[int, str, str]]
    registers: list[Register]
    findings: list[tuple[int, Finding]]
    times: list[str]
    filed: list[str]


def inspect_rows(rows: Sequence[Row]) -> Inspected:
    """Inspect entries by themselves; may run in another process."""
    chunk = _Chunk()
    for index, (position, data) in enumerate(rows):
        chunk.add(index, position, data)
    return chunk.told()


def inspect_with_tags(rows: Sequence[Row]) -> Inspected:
    """Inspect entries, and tell the name and tags under which each belongs, a line each."""
    chunk = _Chunk(with_tags=True)
    for index, (position, data) in enumerate(rows):
        chunk.add(index, position, data)
    return chunk.told()


#: Strings that may be references, where no string holds a backslash.
_QUOTED = re.compile(rb'"((?:[a-z_]+@)?[a-z_]+:[^"]+|[0-9a-f]{8}-[^"]+|registrar@ledger)"')


@lru_cache(maxsize=_MOST_KEPT)
def _tags_of(text: bytes) -> tuple[str, ...]:
    return tags_of(text.decode())


def _tags(event: bytes, office: bytes, key: sshsig.PublicKey, statement: bytes) -> list[str]:
    """Return the tags of an entry whose pattern matched: `entry_tags`, without reading JSON."""
    tags = {f"event:{event.decode()}", f"office:{office.decode()}", f"key:{key.fingerprint}"}
    for text in _QUOTED.findall(statement):
        tags.update(_tags_of(text))
    return sorted(tags)


class _Chunk:
    """One chunk as it is read; `told` gives what came of it."""

    def __init__(self, *, with_tags: bool = False) -> None:
        self._with_tags = with_tags
        self._filed: list[str] = []
        self._leaves: list[bytes] = []
        self._ids: list[str | None] = []
        self._by: list[int] = []
        self._actors: list[Actor] = []
        self._numbers: dict[tuple[bytes, ...], int] = {}
        self._last = b"", ""
        self._seen: dict[bytes, int] = {}
        self._sealed: list[tuple[int, str, str]] = []
        self._registers: list[Register] = []
        self._findings: list[tuple[int, Finding]] = []
        self._times: list[str] = []

    def told(self) -> Inspected:
        """Return what the chunk told."""
        return Inspected(
            self._leaves,
            self._ids,
            self._by,
            self._actors,
            {head.decode(): index for head, index in self._seen.items()},
            self._sealed,
            self._registers,
            self._findings,
            self._times,
            self._filed,
        )

    def add(self, index: int, position: int, data: bytes) -> None:
        """Read one more entry: by its pattern if it has one that fits, else strictly."""
        self._leaves.append(leaf_hash(data))
        type_name = data[data.rfind(b'"type":"') + 8 : -3]
        grammar = grammar_of(type_name)
        if grammar is None or len(data) > LONGEST_FAST or not self._fast(
            index, position, data, type_name, grammar
        ):
            self._strictly(index, position, data)

    def _fast(
        self, index: int, position: int, data: bytes, type_name: bytes, grammar: Grammar
    ) -> bool:
        match = grammar.pattern.fullmatch(data)
        if match is None:
            return False
        (recorded_at, encoded, statement, *_) = groups = match.groups()
        event, occurredon, office, seen, person, source, time = groups[-7:]
        blob = _decoded(encoded)
        name = _NAMES[type_name]
        if blob is None or name not in RULES:
            return False
        # Bytes compare as the text does: a signer's clock ahead of the record's is for the strict
        # reader to judge.
        if time > recorded_at or occurredon > recorded_at[:10]:
            return False
        try:
            signature = sshsig.split(blob, NAMESPACE)
            signature.check(statement)
        except LedgerError as error:
            self._broken(index, position, event.decode(), "signature", error, recorded_at)
            return True
        if name in ENROLLING:
            said = orjson.loads(statement)
            self._findings += [
                (index, one) for one in _unheld(position, said["id"], said["source"], said["data"])
            ]
        if grammar.deep:
            self._sealed_deep(index, statement)
        else:
            for pointer, group in grammar.sealed:
                if groups[group - 1] is not None:
                    self._sealed.append((index, pointer, groups[group - 1].decode()))
        self._ids.append(event.decode())
        if recorded_at != self._last[0]:
            self._last = recorded_at, recorded_at.decode()
        self._times.append(self._last[1])
        self._seen.setdefault(seen, index)
        if self._with_tags or name in REGISTERS:
            self._file(index, name, _tags(event, office, signature.key, statement))
        number = _UNREAD
        if _is_told(name, office, grammar, groups, data):
            who = (signature.key.point, person, office, source, recorded_at[:10])
            number = self._numbers.get(who, _UNREAD)
            if number == _UNREAD:
                number = self._new_actor(who, signature.key)
        self._by.append(number)
        return True

    def _new_actor(self, who: tuple[bytes, ...], key: sshsig.PublicKey) -> int:
        person, office, source, day = (one.decode() for one in who[1:])
        self._actors.append(Actor(f"key:{key.fingerprint}", person, office, source, day))
        self._numbers[who] = len(self._actors) - 1
        return len(self._actors) - 1

    def _sealed_deep(self, index: int, statement: bytes) -> None:
        found = sorted(_sealed_in(orjson.loads(statement)["data"], "/data"))
        self._sealed += [(index, pointer, text) for pointer, text in found]

    def _broken(  # noqa: PLR0913 - what a finding is made of
        self,
        index: int,
        position: int,
        event: str | None,
        check: str,
        error: LedgerError,
        recorded_at: bytes,
    ) -> None:
        self._findings.append((index, Finding(check, position, event, str(error))))
        self._ids.append(event)
        self._by.append(_UNREAD)
        self._times.append(recorded_at.decode())
        self._unfiled()

    def _strictly(self, index: int, position: int, data: bytes) -> None:
        try:
            parts = parse_entry(data)
        except LedgerError as error:
            self._broken(index, position, None, "bytes", error, b"")
            return
        said = parts.statement
        self._ids.append(said.id)
        self._by.append(_UNREAD)
        self._times.append(parts.recorded_at)
        self._seen.setdefault(said.seen.encode(), index)
        self._sealed += [(index, pointer, text) for pointer, text in sorted(said.sealed.items())]
        found = list(_faults(position, parts))
        self._findings += [(index, one) for one in found]
        try:
            key = sshsig.split(read_signature(parts.signature), NAMESPACE).key
        except LedgerError:
            self._unfiled()
            return
        tags = entry_tags(said, f"key:{key.fingerprint}")
        self._file(index, said.name, tags, register=not found)

    def _file(self, index: int, name: str, tags: list[str], *, register: bool = True) -> None:
        if register and name in REGISTERS:
            self._registers.append(Register(index, name, tuple(tags)))
        if self._with_tags:
            self._filed.append("\n".join((name, *tags)))

    def _unfiled(self) -> None:
        if self._with_tags:
            self._filed.append("")


class _Names(dict[bytes, str]):
    def __missing__(self, type_name: bytes) -> str:
        name = self[type_name] = type_name.partition(b".")[0].decode()
        return name


_NAMES = _Names()


def _decoded(encoded: bytes) -> bytes | None:
    """Return the binary signature; None unless its base64 is canonical."""
    try:
        blob = binascii.a2b_base64(encoded)
    except binascii.Error:
        return None
    same = binascii.b2a_base64(blob, newline=False) == encoded
    return blob if same and len(encoded) <= LONGEST_SIGNATURE else None


def _faults(position: int, parts: EntryParts) -> Iterator[Finding]:
    """Find what is wrong with an entry of the right form: its signature, its model, its times."""
    said = parts.statement
    try:
        sshsig.verify_blob(said.raw, read_signature(parts.signature), NAMESPACE)
    except LedgerError as error:
        yield Finding("signature", position, said.id, str(error))
    try:
        written = orjson.dumps(
            read_event(said.type, said.data).as_json(), option=orjson.OPT_SORT_KEYS
        )
        if written != orjson.dumps(said.data, option=orjson.OPT_SORT_KEYS):
            raise StatementError(
                f"the data of {said.type} is not written as its model writes it",
                got=orjson.dumps(said.data).decode(),
                expected=written.decode(),
            )
    except LedgerError as error:
        yield Finding("model", position, said.id, str(error))
    else:
        if said.name in ENROLLING:
            yield from _unheld(position, said.id, said.source, said.data)
    yield from _ahead(position, parts)


def _unheld(position: int, event: str, source: str, data: dict[str, Any]) -> Iterator[Finding]:
    """Find keys that are enrolled without proof that their person holds them."""
    for one in data.get("registrars", (data,)):
        try:
            public = PublicKey.parse(one["public_key"])
            proof = base64.b64decode(one["proof"], validate=True)
            keys.check_possession(proof, source, one["person"], public)
            same = one["key"] == f"key:{public.fingerprint}"
            reason = "" if same else "the key is named by another fingerprint"
        except (LedgerError, binascii.Error) as error:
            reason = str(error).rstrip(".")
        if reason:
            sentence = f"the proof that {one['person']} holds {one['key']} does not hold: {reason}"
            yield Finding("possession", position, event, sentence)


def _ahead(position: int, parts: EntryParts) -> Iterator[Finding]:
    said = parts.statement
    try:
        recorded = read_time(parts.recorded_at)
        latest = write_time(recorded + _AHEAD), (recorded + _TIME_ZONE).date().isoformat()
    except (ValueError, OverflowError):
        latest = parts.recorded_at, parts.recorded_at[:10]
    if said.time > latest[0]:
        sentence = f"it is signed at {said.time}, and was recorded at {parts.recorded_at} already"
        yield Finding("times", position, said.id, sentence)
    if said.occurredon > latest[1]:
        sentence = f"it tells of {said.occurredon}, and was recorded at {parts.recorded_at} already"
        yield Finding("times", position, said.id, sentence)


def _sealed_in(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if "sealed" in value:
            yield pointer, value["sealed"]
            return
        for name, item in value.items():
            yield from _sealed_in(item, f"{pointer}/{name}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _sealed_in(item, f"{pointer}/{number}")


# -- whether an event is for the office that signed it, by its own words ----------------------

#: By event and office: the members of the data that settled it, by group, and their values.
_settled: dict[tuple[str, bytes], tuple[tuple[int, bytes], ...]] = {}
#: Events that need the record to settle it, by the role that signed.
_open: set[tuple[str, bytes]] = set()


def _is_told(
    name: str, office: bytes, grammar: Grammar, groups: tuple[Any, ...], data: bytes
) -> bool:
    """Whether an event's own words tell that it is for an office to sign.

    The rule is asked once for each event and office: its answer is a function of what it read.
    """
    known = _settled.get((name, office))
    if known is not None:
        for group, value in known:
            if groups[group - 1] != value:
                break
        else:
            return True
    role = office.partition(b"@")[0]
    return (name, role) not in _open and _ask(name, office, grammar, data)


def _ask(name: str, office: bytes, grammar: Grammar, data: bytes) -> bool:
    value = orjson.loads(data)
    entry = Watched(0, value["recorded_at"], "", value["statement"])
    try:
        reasons = judge_office(entry, _look_nowhere)
    except _NeedsRecordError:
        _open.add((name, office.partition(b"@")[0]))
        return False
    said = value["statement"]["data"]
    read = {member: said.get(member) for member in sorted(entry.read)}
    if reasons or entry.beyond:
        return False
    if not all(m in grammar.members and isinstance(text, str) for m, text in read.items()):
        return False
    if len(_settled) >= _MOST_KEPT:
        _settled.clear()
    _settled[name, office] = tuple(
        (grammar.members[member], text.encode()) for member, text in read.items()
    )
    return True


class _NeedsRecordError(Exception):
    """A rule asked for a fact."""


def _look_nowhere(_fact: Fact[Any]) -> NoReturn:
    raise _NeedsRecordError


_ALWAYS = frozenset(
    ("type", "name", "office", "source", "signedby", "key", "data", "recorded_on", "read", "beyond")
)


class _Members(dict[str, Any]):
    """The data of a watched entry: notes which members are asked for."""

    def __init__(self, value: dict[str, Any], entry: Watched) -> None:
        super().__init__(value)
        self._entry = entry

    def get(self, name: str, default: Any = None) -> Any:
        """Return a member, noting its name."""
        self._entry.read.add(name)
        return super().get(name, default)

    def __getitem__(self, name: str) -> Any:
        self._entry.read.add(name)
        return super().__getitem__(name)

    def __iter__(self) -> Iterator[str]:
        self._entry.beyond = True
        return super().__iter__()

    def items(self) -> Any:
        """Return all members, noting that all were asked for."""
        self._entry.beyond = True
        return super().items()

    def values(self) -> Any:
        """Return all members, noting that all were asked for."""
        self._entry.beyond = True
        return super().values()

    def __contains__(self, name: object) -> bool:
        self._entry.beyond = True
        return super().__contains__(name)


class Watched(Entry[Any]):
    """An entry that notes what a rule reads of it: members of its data, and what lies beyond.

    Who signed, as what, in which office, and the day of recording may be read without a note.
    """

    __slots__ = ("beyond", "read")

    def __init__(
        self, position: int, recorded_at: str, signature: str, said: dict[str, Any]
    ) -> None:
        super().__init__(position, recorded_at, signature, said)
        self.read: set[str] = set()
        self.beyond = False
        self.data = _Members(self.data, self)

    def __getattribute__(self, name: str) -> Any:
        if name not in _ALWAYS and name[0] != "_":
            object.__setattr__(self, "beyond", True)
        return super().__getattribute__(name)

    @property
    def recorded_on(self) -> date:
        """The day of recording, which a rule may ask for."""
        return date.fromisoformat(object.__getattribute__(self, "recorded_at")[:10])

    @property
    def key(self) -> str:
        """The key that signed."""
        if self._key is None:
            blob = read_signature(object.__getattribute__(self, "signature"))
            self._key = f"key:{sshsig.split(blob, NAMESPACE).key.fingerprint}"
        return self._key

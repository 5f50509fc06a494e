"""What the bytes of entries tell by themselves: form, signature, model, and who signed as what.

A chunk of rows is inspected without the record, so that chunks can be shared out among
processes; what comes back is small. What can only be told from earlier entries, `ledger.judging`
then tells in order.
"""

from __future__ import annotations

import base64
import binascii
import re
from binascii import a2b_base64
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeVar

import orjson

from ledger import keys, sshsig
from ledger.decisions import RULES, judge_office
from ledger.entry import (
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
from ledger.sshsig import PublicKey, signed_data, verify_raw
from ledger.statement import NAMESPACE, read_time, write_time
from ledger.values import tags_of

__all__ = [
    "AUTHORITY",
    "CLOCK_CORRECTED",
    "ENROLLING",
    "ERASED",
    "OF_THE_ACTOR",
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

V = TypeVar("V")
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
        offices.OFFICES,
        offices.PERSON,
        parties.BODY,
        schools.SCHOOL,
        schools.CONCERN,
    )
)
#: The events that these facts are folded from, and those that take back or erase.
REGISTERS = frozenset(
    {_WITHDRAWN, ERASED, CLOCK_CORRECTED}.union(*(family.folds for family in AUTHORITY))
)

_AHEAD = timedelta(seconds=300)
_TIME_ZONE = timedelta(hours=1)
_MOST_KEPT = 100_000
_UNREAD = -1

# The frame of a plain key's signature, around the key's point and the raw signature.
_FRAME = sshsig.blob_from_raw(bytes(32), bytes(64), NAMESPACE)
_POINT_AT = _FRAME.index(bytes(32))
_POINT_END, _RAW_AT = _POINT_AT + 32, len(_FRAME) - 64
_HEAD, _MIDDLE = _FRAME[:_POINT_AT], _FRAME[_POINT_END:_RAW_AT]
#: The characters before the padding whose spare bits are zero.
_LAST_BITS = b"AQgw"


class Finding(NamedTuple):
    """Something found: by which check, at which entry if at one, in words, and how grave.

    A fault means that the record does not verify; advice, that somebody should look.
    """

    check: str
    position: int | None
    event: str | None
    sentence: str
    severity: Severity = "fault"


Actor = tuple[str, str, str, str, str]
"""Who signed: key, person, office, the ledger's origin, and the day of recording."""


class Register(NamedTuple):
    """An entry that later authority may rest on: its place in the chunk, and its tags."""

    at: int
    name: str
    tags: tuple[str, ...]


class Inspected(NamedTuple):
    """What a chunk of rows tells by itself, entry by entry in the order of the rows.

    `actors[by[i]]` is who signed the i-th entry, if by its own words it is for that office to
    sign; `by[i]` is -1 where authority has to be judged by the whole entry, or where there is a
    finding (and `ids[i]` is None where it cannot be read). `seen` are the tree heads that signers
    saw, each with the first entry of the chunk that names it; `sealed` are (entry, pointer,
    commitment), an entry's pointers in their order.
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


@lru_cache(maxsize=_MOST_KEPT)
def _key_of(point: bytes) -> str:
    return f"key:{PublicKey(point).fingerprint}"


def _tags(event: bytes, office: bytes, point: bytes, statement: bytes) -> list[str]:
    """Return the tags of an entry whose pattern matched: `entry_tags`, without reading JSON."""
    tags = {f"event:{event.decode()}", f"office:{office.decode()}", _key_of(point)}
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
        name = _NAMES[type_name]
        if (
            grammar is None
            or len(data) > LONGEST_FAST
            or name not in RULES
            or not self._fast(index, position, data, name, grammar)
        ):
            self._strictly(index, position, data)

    def _fast(self, index: int, position: int, data: bytes, name: str, grammar: Grammar) -> bool:
        """Take an entry whose pattern fits, and tell whether it did; anything odd does not."""
        match = grammar.pattern.fullmatch(data)
        if match is None:
            return False
        (recorded_at, encoded, statement, *_) = groups = match.groups()
        event, occurredon, office, seen, person, source, time = groups[-7:]
        blob = _plain(encoded)
        # Bytes compare as the text does: a signer's clock ahead of the record's is for the strict
        # reader to judge.
        if blob is None or time > recorded_at or occurredon > recorded_at[:10]:
            return False
        point = blob[_POINT_AT:_POINT_END]
        try:
            verify_raw(point, blob[_RAW_AT:], signed_data(statement, NAMESPACE))
        except LedgerError:
            return False  # the strict reader says what is wrong with it
        self._ids.append(event.decode())
        self._times.append(_TEXTS[recorded_at])
        self._seen.setdefault(seen, index)
        if grammar.sealed or grammar.deep:
            self._seal(index, statement, grammar, groups)
        if name in REGISTERS or self._with_tags:
            self._file(index, name, _tags(event, office, point, statement))
            if name in ENROLLING:
                self._enrol(index, position, statement)
        number = _UNREAD
        if _is_told(name, office, grammar, groups, data):
            who = (point, person, office, source, recorded_at[:10])
            number = self._numbers.get(who, _UNREAD)
            if number == _UNREAD:
                number = self._new_actor(who)
        self._by.append(number)
        return True

    def _new_actor(self, who: tuple[bytes, ...]) -> int:
        person, office, source, day = (_TEXTS[one] for one in who[1:])
        self._actors.append((_key_of(who[0]), person, office, source, day))
        self._numbers[who] = len(self._actors) - 1
        return len(self._actors) - 1

    def _seal(
        self, index: int, statement: bytes, grammar: Grammar, groups: tuple[Any, ...]
    ) -> None:
        if grammar.deep:
            found = sorted(_sealed_in(orjson.loads(statement)["data"], "/data"))
            self._sealed += [(index, pointer, text) for pointer, text in found]
            return
        for pointer, group in grammar.sealed:
            if groups[group - 1] is not None:
                self._sealed.append((index, pointer, groups[group - 1].decode()))

    def _enrol(self, index: int, position: int, statement: bytes) -> None:
        said = orjson.loads(statement)
        found = _unheld(position, said["id"], said["source"], said["data"])
        self._findings += [(index, one) for one in found]

    def _strictly(self, index: int, position: int, data: bytes) -> None:
        try:
            parts = parse_entry(data)
        except LedgerError as error:
            self._findings.append((index, Finding("bytes", position, None, str(error))))
            self._ids.append(None)
            self._by.append(_UNREAD)
            self._times.append("")
            self._unfiled()
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


def _plain(encoded: bytes) -> bytes | None:
    """Return a signature by a plain key in canonical base64; None for any other."""
    try:
        blob = a2b_base64(encoded, strict_mode=True)
    except binascii.Error:
        return None
    framed = blob[:_POINT_AT] == _HEAD and blob[_POINT_END:_RAW_AT] == _MIDDLE
    return blob if framed and len(blob) == len(_FRAME) and encoded[-3] in _LAST_BITS else None


class _Names(dict[bytes, str]):
    def __missing__(self, type_name: bytes) -> str:
        if grammar_of(type_name) is None:
            return ""
        name = self[type_name] = type_name.partition(b".")[0].decode()
        return name


class _Texts(dict[bytes, str]):
    """Text by its bytes, each once: what is sent to another process names it, if it comes again."""

    def __missing__(self, data: bytes) -> str:
        if len(self) >= _MOST_KEPT:
            self.clear()
        text = self[data] = data.decode()
        return text


_NAMES = _Names()
_TEXTS = _Texts()


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

#: By event and kind of office: the member of the data, by group, that names the office's party, or
#: the office itself; None where the office alone settles it. Learnt from the rules.
_settled: dict[tuple[str, bytes], tuple[int, bool] | None] = {}
#: Events that need the record to settle it, or more than one member, by kind of office.
_open: set[tuple[str, bytes]] = set()


def _is_told(
    name: str, office: bytes, grammar: Grammar, groups: tuple[Any, ...], data: bytes
) -> bool:
    """Whether an event's own words tell that it is for an office to sign.

    The rule is asked once for each event and kind of office, `head@school`: it read one member
    and found the party there to be the office's own, or it read none. What it did not read it
    cannot have answered by, so the same member settles it for every such office. (A test asks
    every rule about more than one party.)
    """
    role, _, party = office.partition(b"@")
    kind = name, role + b"@" + party.partition(b":")[0]
    if kind in _open:
        return False
    if kind not in _settled and not _ask(kind, office, grammar, data):
        return False
    settled = _settled[kind]
    return settled is None or groups[settled[0] - 1] == (office if settled[1] else party)


def _ask(kind: tuple[str, bytes], office: bytes, grammar: Grammar, data: bytes) -> bool:
    """Ask the rule about one event, and keep what settled it; tell whether anything did."""
    value = orjson.loads(data)
    entry = Watched(0, value["recorded_at"], value["signature"], value["statement"])
    try:
        reasons = judge_office(entry, _look_nowhere)
    except _NeedsRecordError:
        _open.add(kind)
        return False
    if reasons:
        return False
    said = value["statement"]["data"]
    name, party = office.decode(), office.decode().partition("@")[2]
    settling = [member for member in entry.read if said.get(member) in (name, party)]
    if (
        len(entry.read) > 1
        or len(settling) < len(entry.read)
        or not (entry.touched <= _OF_THE_OFFICE and entry.read <= grammar.members.keys())
    ):
        _open.add(kind)
        return False
    if not settling:
        _settled[kind] = None
    else:
        _settled[kind] = grammar.members[settling[0]], said[settling[0]] == name
    return True


class _NeedsRecordError(Exception):
    """A rule asked for a fact."""


def _look_nowhere(fact: Fact[V]) -> V:
    raise _NeedsRecordError(fact.family.name)


#: What a rule may read of an entry if its answer is to hold for every event of that office.
_OF_THE_OFFICE = frozenset({"data", "name", "office", "type"})
#: What it may read if its answer is to hold for everything that this actor signs on that day.
OF_THE_ACTOR = frozenset(
    {"data", "key", "name", "office", "recorded_on", "signedby", "source", "type"}
)
_WHOLE = "the whole data"


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
        self._entry.touched.add(_WHOLE)
        return super().__iter__()

    def items(self) -> Any:
        """Return all members, noting that all were asked for."""
        self._entry.touched.add(_WHOLE)
        return super().items()

    def values(self) -> Any:
        """Return all members, noting that all were asked for."""
        self._entry.touched.add(_WHOLE)
        return super().values()

    def __contains__(self, name: object) -> bool:
        self._entry.touched.add(_WHOLE)
        return super().__contains__(name)


class Watched(Entry[Any]):
    """An entry that notes what a rule reads of it: members of its data, and all else."""

    __slots__ = ("read", "touched")

    def __init__(
        self, position: int, recorded_at: str, signature: str, said: dict[str, Any]
    ) -> None:
        self.touched: set[str] = set()
        self.read: set[str] = set()
        super().__init__(position, recorded_at, signature, said)
        self.data = _Members(self.data, self)
        self.touched.clear()

    def __getattribute__(self, name: str) -> Any:
        if name[0] != "_" and name not in ("read", "touched"):
            self.touched.add(name)
        return super().__getattribute__(name)

    @property
    def recorded_on(self) -> date:
        """The day of recording."""
        return date.fromisoformat(super().__getattribute__("recorded_at")[:10])

    @property
    def key(self) -> str:
        """The key that signed."""
        blob = read_signature(super().__getattribute__("signature"))
        return f"key:{sshsig.split(blob, NAMESPACE).key.fingerprint}"

"""What the bytes of entries tell by themselves: form, signature, model, and who signed as what.

A chunk of rows is inspected without the record, so that chunks can be shared out among
processes; what comes back is small. What can only be told from earlier entries,
`ledger.audit.in_order` then tells.
"""

from __future__ import annotations

import base64
import binascii
import re
from binascii import a2b_base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha512
from typing import Any, Literal, NamedTuple

import orjson

from ledger import keys
from ledger.audit.office_shortcut import is_told
from ledger.days import day_of_bytes
from ledger.decision_model.facts import Family
from ledger.domain.decide import RULES
from ledger.domain.judgements import facts as concerns
from ledger.domain.registers import bodies, delegations, ledger, offices, schools, stand_ins
from ledger.errors import LedgerError, StatementError
from ledger.format import sshsig
from ledger.format.ed25519 import verify_raw
from ledger.format.entry import EntryParts, entry_tags, parse_entry, parse_event, parse_signature
from ledger.format.patterns import LONGEST_FAST, Grammar, grammar_of
from ledger.format.sealed import sealed_in
from ledger.format.sshsig import PublicKey, signed_data
from ledger.format.statement import NAMESPACE
from ledger.format.tags import tags_by_pattern
from ledger.log.merkle import leaf_hash
from ledger.recording.clock import CLOCK_CORRECTED, VOUCHED, LastSigned, latest_at
from ledger.withdrawals import TAKING_BACK

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
    "inspect_rows",
    "inspect_with_tags",
]

Row = tuple[int, bytes]
"""An entry's position and bytes."""

Severity = Literal["fault", "advice", "note"]

ERASED = "DetailErased"
ENROLLING = frozenset({"LedgerFounded", "KeyEnrolled"})
_OF_THE_CLOCK = frozenset({CLOCK_CORRECTED, VOUCHED})
#: The facts that authority is judged by: these are kept current while a record is read.
AUTHORITY: frozenset[Family[Any]] = frozenset(
    (
        ledger.FOUNDED,
        ledger.LOG_KEYS,
        ledger.LOG_KEY_TERMS,
        offices.KEY,
        offices.KEYS,
        offices.OFFICE,
        offices.OFFICES,
        offices.PERSON,
        offices.REGISTRAR_SINCE,
        offices.STANDINGS,
        delegations.DELEGATIONS,
        bodies.BODY,
        bodies.ENDED,
        stand_ins.STAND_INS,
        stand_ins.CLOSED,
        schools.SCHOOL,
        concerns.CONCERN,
    )
)
#: The events that these facts are folded from, and those that take back or erase.
REGISTERS = frozenset(
    {*TAKING_BACK, ERASED, CLOCK_CORRECTED}.union(*(family.folds for family in AUTHORITY))
)

_MOST_KEPT = 100_000
_UNREAD = -1

# The frame of a plain key's signature, around the key's point and the raw signature.
_FRAME = sshsig.blob_from_raw(bytes(32), bytes(64), NAMESPACE)
_POINT_AT = _FRAME.index(bytes(32))
_POINT_END, _RAW_AT = _POINT_AT + 32, len(_FRAME) - 64
_HEAD, _MIDDLE = _FRAME[:_POINT_AT], _FRAME[_POINT_END:_RAW_AT]
#: What a signature is over, but for the digest of the statement at its end (`signed_data`).
_PREAMBLE = signed_data(b"", NAMESPACE)[: -sha512().digest_size]
#: The characters before the padding whose spare bits are zero.
_LAST_BITS = b"AQgw"


class Finding(NamedTuple):
    """Something found: by which check, at which entry if at one, in words, and how grave.

    A fault means that the record does not verify; advice, that somebody should look; a note, that
    somebody may want to know.
    """

    check: str
    position: int | None
    event: str | None
    sentence: str
    severity: Severity = "fault"


Actor = tuple[str, str, str, str, str]
"""Who signed: key, person, office, the ledger's origin, and the day of recording."""


class Register(NamedTuple):
    """An entry that later authority may rest on: its place in the chunk, its key and its tags."""

    at: int
    name: str
    key: str
    tags: tuple[str, ...]


class Inspected(NamedTuple):
    """What a chunk of rows tells by itself, entry by entry in the order of the rows.

    `positions` are those of the rows, and `kept` the bytes of entries that are wanted whole by
    whoever judges, by index, where the rows are not at hand there.

    `actors[by[i]]` is who signed the i-th entry, if by its own words it is for that office to
    sign, and `names[by[i]]` an event that this actor signed; `by[i]` is -1 where authority has to
    be judged by the whole entry, or where there is a finding (and `ids[i]` is None where it cannot
    be read). `seen` are the tree heads that signers saw, each with the first entry of the chunk
    that names it; `sealed` are (entry, pointer, commitment), an entry's pointers in their order.
    `signed` is what was signed last up to each entry that may have to do with the clock, by index,
    and up to the end of the chunk.
    """

    positions: Sequence[int]
    kept: dict[int, bytes]
    leaves: list[bytes]
    ids: list[str | None]
    by: list[int]
    actors: list[Actor]
    names: list[str]
    seen: dict[str, int]
    sealed: list[tuple[int, str, str]]
    registers: list[Register]
    findings: list[tuple[int, Finding]]
    times: list[str]
    signed: dict[int, LastSigned]
    filed: list[str]


def inspect_rows(rows: Iterable[Row]) -> Inspected:
    """Inspect entries by themselves; may run in another process.

    What is no sequence is read here only: bytes that will be wanted again are told with the rest.
    """
    return _Chunk().read(rows)


def inspect_with_tags(rows: Iterable[Row]) -> Inspected:
    """Inspect entries, and tell the name and tags under which each belongs, a line each."""
    return _Chunk(with_tags=True).read(rows)


def _closed(positions: list[int]) -> Sequence[int]:
    """Return positions as a range where they are one, which is a few bytes to send."""
    if not positions:
        return positions
    whole = range(positions[0], positions[0] + len(positions))
    return whole if positions == list(whole) else positions


@lru_cache(maxsize=_MOST_KEPT)
def _key_of(point: bytes) -> str:
    return f"key:{PublicKey(point).fingerprint}"


class _Kind(NamedTuple):
    """How entries of a type are read by their pattern, and what they are good for."""

    name: str
    grammar: Grammar
    fullmatch: Callable[[bytes], re.Match[bytes] | None]
    seals: bool
    is_register: bool
    is_enrolling: bool


class _Kinds(dict[bytes, _Kind | None]):
    """Kinds by type, each found once; None where only the strict reader can tell."""

    def __missing__(self, type_name: bytes) -> _Kind | None:
        grammar = grammar_of(type_name)
        name = type_name.partition(b".")[0].decode() if grammar else ""
        kind = self[type_name] = _kind(name, grammar) if grammar and name in RULES else None
        return kind


def _kind(name: str, grammar: Grammar) -> _Kind:
    return _Kind(
        name,
        grammar,
        grammar.pattern.fullmatch,
        bool(grammar.sealed or grammar.deep),
        name in REGISTERS,
        name in ENROLLING,
    )


class _Chunk:
    """One chunk as it is read."""

    def __init__(self, *, with_tags: bool = False) -> None:
        self._with_tags = with_tags
        self._at_hand = True
        self._kinds = _Kinds()
        self._positions: list[int] = []
        self._kept: dict[int, bytes] = {}
        self._filed: list[str] = []
        self._leaves: list[bytes] = []
        self._ids: list[str | None] = []
        self._by: list[int] = []
        self._actors: list[Actor] = []
        self._names: list[str] = []
        self._numbers: dict[tuple[bytes, ...], int] = {}
        self._seen: dict[bytes, int] = {}
        self._sealed: list[tuple[int, str, str]] = []
        self._registers: list[Register] = []
        self._findings: list[tuple[int, Finding]] = []
        self._times: list[str] = []
        self._signed: dict[int, LastSigned] = {}
        self._last_time, self._last_person, self._other_time = b"", b"", b""

    def read(self, rows: Iterable[Row]) -> Inspected:
        """Read every entry; return what the chunk told."""
        self._at_hand = isinstance(rows, Sequence)
        for index, (position, data) in enumerate(rows):
            self._positions.append(position)
            self.add(index, position, data)
        return Inspected(
            _closed(self._positions),
            self._kept,
            self._leaves,
            self._ids,
            self._by,
            self._actors,
            self._names,
            {head.decode(): index for head, index in self._seen.items()},
            self._sealed,
            self._registers,
            self._findings,
            self._times,
            {**self._signed, len(self._positions): self._last_signed()},
            self._filed,
        )

    def add(self, index: int, position: int, data: bytes) -> None:
        """Read one more entry: by its pattern if it has one that fits, else strictly."""
        self._leaves.append(leaf_hash(data))
        kind = self._kinds[data[data.rfind(b'"type":"') + 8 : -3]]
        if (
            kind is None
            or len(data) > LONGEST_FAST
            or (match := kind.fullmatch(data)) is None
            or not self._fast(index, position, kind, match)
        ):
            self._strictly(index, position, data)
            self._wanted(index, data)

    def _wanted(self, index: int, data: bytes) -> None:
        if not self._at_hand:
            self._kept[index] = data

    def _fast(self, index: int, position: int, kind: _Kind, match: re.Match[bytes]) -> bool:
        """Take an entry whose pattern fits, and tell whether it did; anything odd does not."""
        groups = match.groups()
        recorded_at, encoded, statement = groups[:3]
        event, occurredon, office, seen, person, source, time = groups[-7:]
        blob = _plain(encoded)
        day = day_of_bytes(recorded_at)
        # Bytes compare as the text does: a signer's clock ahead of the record's is for the strict
        # reader to judge.
        if blob is None or time > recorded_at or occurredon > day:
            return False
        point = blob[_POINT_AT:_POINT_END]
        try:
            verify_raw(point, blob[_RAW_AT:], _PREAMBLE + sha512(statement).digest())
        except LedgerError:
            return False  # the strict reader says what is wrong with it
        self._ids.append(event.decode())
        self._times.append(_TEXTS[recorded_at])
        self._seen.setdefault(seen, index)
        self._note_signed(time, person)
        if kind.seals:
            self._seal(index, statement, kind.grammar, groups)
        if kind.is_register or self._with_tags:
            key = _key_of(point)
            self._file(index, kind.name, key, tags_by_pattern(event, office, key, statement))
            if kind.is_enrolling:
                self._enrol(index, position, statement)
        number = _UNREAD
        told = is_told(kind.name, office, kind.grammar, groups, match.string)
        if kind.is_register or not told:
            self._wanted(index, match.string)
        if told:
            who = (point, person, office, source, day)
            number = self._numbers.get(who, _UNREAD)
            if number == _UNREAD:
                number = self._new_actor(kind.name, who)
        self._by.append(number)
        return True

    def _note_signed(self, time: bytes, person: bytes) -> None:
        """Do what `LastSigned.and_then` does, on bytes and in a third of the time."""
        if person == self._last_person:
            self._last_time = max(self._last_time, time)
        elif time > self._last_time:
            self._other_time = self._last_time
            self._last_time, self._last_person = time, person
        elif time > self._other_time:
            self._other_time = time

    def _last_signed(self) -> LastSigned:
        return LastSigned(
            self._last_time.decode(), self._last_person.decode(), self._other_time.decode()
        )

    def _new_actor(self, name: str, who: tuple[bytes, ...]) -> int:
        person, office, source, day = (_TEXTS[one] for one in who[1:])
        self._actors.append((_key_of(who[0]), person, office, source, day))
        self._names.append(name)
        self._numbers[who] = len(self._actors) - 1
        return len(self._actors) - 1

    def _seal(
        self, index: int, statement: bytes, grammar: Grammar, groups: tuple[Any, ...]
    ) -> None:
        if grammar.deep:
            found = sorted(sealed_in(orjson.loads(statement)["data"], "/data"))
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
        if not found:
            self._note_signed(said.time.encode(), said.signedby.encode())
        try:
            public = sshsig.split(parse_signature(parts.signature), NAMESPACE).key
        except LedgerError:
            self._unfiled()
            return
        key = f"key:{public.fingerprint}"
        self._file(index, said.name, key, entry_tags(said, key), register=not found)

    def _file(
        self, index: int, name: str, key: str, tags: list[str], *, register: bool = True
    ) -> None:
        if name in _OF_THE_CLOCK:
            self._signed[index] = self._last_signed()
        if register and name in REGISTERS:
            self._registers.append(Register(index, name, key, tuple(tags)))
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
    framed = blob.startswith(_HEAD) and blob.startswith(_MIDDLE, _POINT_END)
    return blob if framed and len(blob) == len(_FRAME) and encoded[-3] in _LAST_BITS else None


class _Texts(dict[bytes, str]):
    """Text by its bytes, each once: what is sent to another process names it, if it comes again."""

    def __missing__(self, data: bytes) -> str:
        if len(self) >= _MOST_KEPT:
            self.clear()
        text = self[data] = data.decode()
        return text


_TEXTS = _Texts()


def _faults(position: int, parts: EntryParts) -> Iterator[Finding]:
    """Find what is wrong with an entry of the right form: its signature, its model, its times."""
    said = parts.statement
    try:
        sshsig.verify_blob(said.raw, parse_signature(parts.signature), NAMESPACE)
    except LedgerError as error:
        yield Finding("signature", position, said.id, str(error))
    try:
        written = orjson.dumps(
            parse_event(said.type, said.data).as_json(), option=orjson.OPT_SORT_KEYS
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
    latest = latest_at(parts.recorded_at)
    if said.time > latest[0]:
        sentence = f"it is signed at {said.time}, and was recorded at {parts.recorded_at} already"
        yield Finding("times", position, said.id, sentence)
    if said.occurredon > latest[1]:
        sentence = f"it tells of {said.occurredon}, and was recorded at {parts.recorded_at} already"
        yield Finding("times", position, said.id, sentence)

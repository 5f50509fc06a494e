"""The ledger: opens a record, appends signed statements to it, and reads it.

::

    with Ledger.open("northwick.db") as ledger:
        draft = ledger.draft("VisitMade", {"visitor": "school:900001", …}, by, occurred_on)
        recorded = ledger.append(sign(draft, signer))
        print(recorded.position, recorded.root.hex())

Everything is decided under the store's own lock, from facts that a book keeps current, so that a
statement is recorded or refused, never half, whoever else writes at the time. On a server one
statement is judged without the lock first, and recorded if nothing has changed that it was judged
by; whatever else there is, a refusal too, is decided under the lock.
"""

from __future__ import annotations

import base64
import gc
import re
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, NamedTuple, Self, TypeVar

import orjson
from eventsourcing.dcb.api import DCBEvent
from eventsourcing.dcb.application import DCBApplication
from eventsourcing.utils import Environment, EnvType

from ledger import days
from ledger.decision_model.facts import Book, Fact, Watched
from ledger.domain import decide
from ledger.domain.registers import ledger, offices
from ledger.errors import NotFoundError, RefusedError, StoreError
from ledger.events import find
from ledger.format.entry import (
    LONGEST,
    Entry,
    Submission,
    Validated,
    parse_event,
    read_entry,
    write_entry,
)
from ledger.format.statement import (
    NAMESPACE,
    Draft,
    Envelope,
    draft,
    new_id,
    tree_head,
    unsealed,
    write_time,
)
from ledger.format.tags import speaks_of
from ledger.keys import Signer
from ledger.log.merkle import Tree, leaf_hash
from ledger.recording.admission import Admitted, Refused, admit, admit_lines
from ledger.recording.cited import CITING, Before, OwedAt, cited_faults, told_there
from ledger.recording.clock import (
    CLOCK_CORRECTED,
    VOUCHED,
    LastSigned,
    Moment,
    correction_vouched_for,
    moment_at,
    moment_now,
    why_not_back_to,
)
from ledger.store import settings
from ledger.store.base import COSIGNED, ConnectionLostError, EntryStore, Judged, Row
from ledger.values import event_id

V = TypeVar("V")

CHUNK = 2_000
_PAUSES = (0.05, 0.2, 0.5, 1.0)
"""Seconds, at least, before each further try; at most twice as many, so that many do not meet."""
_TRIES = 3
"""Times that a statement is judged while others record, before it is judged with them kept out."""
_FIRST_CHUNK = 250
_ERASED = "DetailErased"
_FOR_ONE_ALONE = tuple(f'"type":"{name}.'.encode() for name in (_ERASED, CLOCK_CORRECTED, VOUCHED))
_LONG_WAY_BEHIND = 20_000
_AHEAD_SECONDS = 300
_PLACE_AND_TIME = re.compile(r"([1-9][0-9]{0,15}):\S+ ([0-9]{1,10})")


def utc_now() -> datetime:
    """Return the moment by this machine's clock, in UTC."""
    return datetime.now(UTC)


class Recorded(NamedTuple):
    """Where a statement stands: its position, and the tree after it; `again` if it was there."""

    position: int
    event: str
    size: int
    root: bytes
    again: bool


class Head(NamedTuple):
    """The tree's head: how many entries there are, and the root over them."""

    size: int
    root: bytes

    def __str__(self) -> str:
        return tree_head(self.size, self.root)


@dataclass(frozen=True)
class By:
    """Who says something: the person, and the office in which they say it."""

    person: str
    office: str


class Ledger(DCBApplication):
    """A record opened from a store; use it as a context manager, or close it.

    One Ledger serves one thread; many processes and threads may each open their own.
    """

    name = "Ledger"

    def __init__(
        self,
        env: EnvType,
        *,
        clock: Callable[[], datetime] = utc_now,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
        clock_confirmed: bool = False,
    ) -> None:
        """Open the store that the settings name; see `open` for the usual way."""
        super().__init__(env)
        self.read_only = env.get("READ_ONLY") == "yes"
        self.clock = clock
        self.random_bytes = random_bytes
        self.clock_confirmed = clock_confirmed
        self.store: EntryStore = self.factory.entry_store()  # type: ignore[attr-defined]
        self._tree = Tree(self.store.log)
        self._unwritten: dict[str, list[Entry[Any]]] = defaultdict(list)
        self._is_writing = False
        self._start_at(self.store.head())
        self._erase_what_came_back()

    @classmethod
    def open(
        cls, url: str, *, create: bool = False, read_only: bool = False, **options: Any
    ) -> Self:
        """Open the ledger at a path or URL; raise StoreError saying what is there instead."""
        return cls(settings(url, create=create, read_only=read_only), **options)

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Take the settings given, and nothing from the process's environment.

        The library would resolve and call whatever MAPPER_TOPIC names there.
        """
        return Environment(name, {**type(self).env, **(env or {})})

    def _erase_what_came_back(self) -> None:
        """Apply every erasure again: a restored backup must not bring text back."""
        erased = self.entries_of(_ERASED)
        texts = self.store.vault.get_many(event_id(entry.data["event"]) for entry in erased)
        back = [
            entry
            for entry in erased
            if entry.data["pointer"] in texts.get(event_id(entry.data["event"]), {})
        ]
        if back and not self.read_only:
            with self.store.writing():
                self._erase(back)

    def close(self) -> None:
        """Let go of the store; closing twice does nothing."""
        self.store.close()
        super().close()

    # -- reading ---------------------------------------------------------------------------

    def today(self) -> date:
        """Return the day by this ledger's clock."""
        return days.today(self.clock())

    @property
    def origin(self) -> str:
        """The ledger's origin; raises NotFoundError before it is founded."""
        founded = self.look(ledger.founded())
        if founded is None:
            raise NotFoundError(
                "the ledger is not founded yet", todo="Found it with `school-ledger init`."
            )
        return founded.origin

    def head(self) -> Head:
        """Return the tree's head now."""
        self._catch_up()
        return Head(self._tree.size, self._tree.root())

    def head_at(self, size: int) -> Head:
        """Return the tree's head when it had so many entries."""
        self._catch_up()
        return Head(size, self._tree.root(size))

    def look(self, fact: Fact[V]) -> V:
        """Return the value of a fact now."""
        self._catch_up()
        return self._book.look(fact)

    def entries(self, after: int = 0, limit: int | None = None) -> Iterator[Entry[Any]]:
        """Go through the entries after a position, in order."""
        for position, data in self.store.entries(after, limit):
            yield read_entry(position, data)

    def entries_of(self, *names: str) -> list[Entry[Any]]:
        """Return the entries of the events of these names, in order."""
        return [read_entry(*row) for row in self.store.by_types(names)]

    def find(self, event: str) -> Entry[Any]:
        """Return the entry of an event's id, or of the only id that begins so."""
        ids = self.store.event_ids(event.removeprefix("event:"), 5)
        exact = [one for one in ids if self._entry_of(one) is not None]
        if len(exact) != 1:
            raise NotFoundError(
                f"no event {event} in this ledger" if not exact else f"{event} is not unique",
                got=", ".join(exact) or None,
                expected="the first characters of one event's id",
                todo="`school-ledger history` lists events with their ids.",
            )
        entry = self._entry_of(exact[0])
        assert entry is not None  # noqa: S101 - found just above
        return entry

    def _entry_of(self, event: str) -> Entry[Any] | None:
        rows = self.store.by_tag(f"event:{event}")
        entry = read_entry(*rows[0]) if rows else None
        return entry if entry is not None and entry.id == event else None

    def raw(self, position: int) -> bytes:
        """Return the bytes of the entry at a position."""
        for _, data in self.store.entries(position - 1, 1):
            return data
        raise NotFoundError("no entry at that position", got=position)

    def _read(self, tag: str, types: Sequence[str], before: int | None) -> list[Entry[Any]]:
        """Read a thread for the book: what is recorded, then what this chunk is about to record."""
        rows = self.store.by_tag(tag, types, before=before)
        found = [read_entry(*row) for row in rows if speaks_of(tag, row[1])]
        if tag in self._unwritten:
            unwritten = self._unwritten[tag]
            found += [entry for entry in unwritten if not types or entry.name in types]
        return found

    def _first(self, tag: str, before: int) -> Entry[Any] | None:
        """Read the first entry with a tag for the book, recorded or about to be."""
        row = self.store.first_by_tag(tag)
        first = (
            read_entry(*row) if row is not None else next(iter(self._unwritten.get(tag, ())), None)
        )
        return first if first is not None and first.position < before else None

    def _start_at(self, head: int) -> None:
        """Know nothing but how far the record goes; facts are read again as they are asked for."""
        self._book = Book(self._read, head, first=self._first)
        self._last_time = read_entry(head, self.raw(head)).recorded_at if head else ""
        self._unwritten.clear()
        self._in_doubt = False

    def _catch_up(self) -> None:
        """Take in what others recorded: into the book, and into the log where it lags."""
        head = self.store.head()
        if self._in_doubt:
            self._start_at(head)
            self._tree.refresh()
        if self._book.position != head:
            self._go_on_to(head)
        if self._tree.size != head:
            self._tree.refresh()
        if self._tree.size < head:
            self._log_what_lags()
        if self._is_writing and self._tree.size > head:
            raise StoreError(
                "the log goes on where the entries end: the ledger's file is damaged",
                got=f"{self._tree.size} leaves, {head} entries",
                todo="Nothing was recorded. Run `school-ledger check`, or restore it from a copy.",
            )

    def _go_on_to(self, head: int) -> None:
        if not 0 < head - self._book.position <= _LONG_WAY_BEHIND:
            self._start_at(head)
        self._take_in(self.store.entries(self._book.position))

    def _take_in(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._take(read_entry(*row))

    def _take(self, entry: Entry[Any]) -> None:
        self._book.apply(entry)
        self._last_time = entry.recorded_at

    def _log_what_lags(self) -> None:
        with nullcontext() if self._is_writing else self.store.writing():
            self._tree.refresh()  # somebody else may have been faster
            rows = self.store.entries(self._tree.size)
            self._tree.append([leaf_hash(data) for _, data in rows])

    # -- saying ----------------------------------------------------------------------------

    def person_of(self, key: str) -> str:
        """Return the person whose key this is; raise NotFoundError if it is nobody's."""
        standing = self.look(offices.key(key))
        if standing is None:
            raise NotFoundError(
                f"{key} is not enrolled in this ledger",
                todo="Send its proof of possession (`school-ledger key prove`) to the registrar.",
            )
        return standing.person

    def draft(
        self,
        name: str,
        data: dict[str, Any],
        by: By,
        occurred_on: date,
        *,
        event: str | None = None,
    ) -> Draft:
        """Return the statement of an event, completed by what its rule can tell.

        `data` holds JSON values, with plain text where the model seals it. Raises StatementError
        naming every member that is missing or malformed.
        """
        self._catch_up()
        now = self.clock()
        plain, texts = unsealed(find(name), data)
        said = {
            "id": event or new_id(now, self.random_bytes),
            "type": find(name).type_name(),
            "time": write_time(now),
            "occurredon": occurred_on.isoformat(),
            "signedby": by.person,
            "office": by.office,
            "seen": str(self.head()),
            "source": self.origin,
        }
        entry: Entry[Any] = Entry(
            self._book.position + 1, write_time(now), "", {**said, "data": plain}
        )
        completed = decide.complete(entry, self._book.look)
        completed |= told_there(name, completed, occurred_on, self._before())
        envelope = Envelope(
            said["source"],
            said["id"],
            said["time"],
            occurred_on,
            by.person,
            by.office,
            said["seen"],
        )
        return draft(parse_event(said["type"], completed), envelope, texts, self.random_bytes)

    def say(
        self, name: str, data: dict[str, Any], signer: Signer, office: str, occurred_on: date
    ) -> Recorded:
        """Draft, sign and append one event by the person whose key the signer holds."""
        by = By(self.person_of(f"key:{signer.public.fingerprint}"), office)
        return self.append(sign(self.draft(name, data, by, occurred_on), signer))

    # -- recording -------------------------------------------------------------------------

    def append(self, submission: Submission) -> Recorded:
        """Record a signed statement; answer with the first position if it is there already.

        Raises StatementError, EntryError or SignatureError for what does not hold by itself,
        RefusedError with every reason for what the ledger does not record.
        """
        admitted = admit(submission)
        outcome: Recorded | Refused | None = self._append_ahead(admitted)
        if outcome is None:
            (outcome,) = self._append_chunk([admitted])
        if isinstance(outcome, Refused):
            raise RefusedError(outcome.event, outcome.reasons)
        return outcome

    def append_many(
        self,
        lines: Iterable[bytes],
        admit_chunks: Callable[
            [Iterable[list[bytes]]], Iterable[list[Admitted | Refused]]
        ] = lambda chunks: map(admit_lines, chunks),
    ) -> Iterator[Recorded | Refused]:
        """Record submissions, one JSON line each, in chunks; yield an outcome for each, in order.

        Every statement is accepted or refused by itself, and a chunk is durable before its
        outcomes are yielded; repeating is safe. `admit_chunks` may share admission out, as
        `ledger.recording.bulk` does.
        """
        for chunk in admit_chunks(_chunks(lines)):
            yield from self._append_chunk(chunk)

    def _append_ahead(self, admitted: Admitted) -> Recorded | None:
        """Record what may be recorded by what is known here, without keeping others out.

        None if it was not, for whatever reason: it is decided alone then. What was recorded before
        a connection broke is found by its id there.
        """
        if not self.store.takes_judged or _is_for_one_alone(admitted):
            return None
        if self._in_doubt or self._tree.size != self._book.position:
            return None
        try:
            return self._judged_and_taken(admitted)
        except ConnectionLostError:
            self._in_doubt = True
            return None
        except BaseException:
            self._in_doubt = True
            raise

    def _judged_and_taken(self, admitted: Admitted) -> Recorded | None:
        for _ in range(_TRIES):
            asked = Watched(self._book)
            accepted = self._decide(admitted, _Deciding(self._moment(), {}, set(), set(), asked))
            if not isinstance(accepted, _Accepted):
                return None
            leaf = leaf_hash(accepted.data)
            position, others = self.store.append_judged(_judged(accepted, leaf, asked))
            self._take_in(others)
            self._tree.extend([leaf_hash(data) for _, data in others])
            if position is not None:
                accepted.entry.position = position
                self._take(accepted.entry)
                self._tree.extend([leaf])
                return _recorded(accepted, self._tree.size, self._tree.root())
            if not others:
                return None
        return None

    def _append_chunk(self, chunk: list[Admitted | Refused]) -> list[Recorded | Refused]:
        """Decide a chunk, again where the connection to a server broke.

        What had been committed by then is found by its id, so that nothing is recorded twice.
        """
        with _collecting_less():
            for pause in _PAUSES:
                with suppress(ConnectionLostError):
                    return self._decide_chunk(chunk)
                time.sleep(pause * (1 + self.random_bytes(1)[0] / 255))
            return self._decide_chunk(chunk)

    def _decide_chunk(self, chunk: list[Admitted | Refused]) -> list[Recorded | Refused]:
        outcomes: list[_Accepted | Recorded | Refused] = []
        with self._deciding():
            admitted = [item for item in chunk if isinstance(item, Admitted)]
            recorded, salts = self._recorded_before(admitted), self._used_before(admitted)
            deciding = _Deciding(self._moment(), recorded, salts, set(), self._book)
            for item in chunk:
                outcome = self._decide(item, deciding) if isinstance(item, Admitted) else item
                outcomes.append(outcome)
                if isinstance(outcome, _Accepted):
                    deciding = self._take_up(outcome, deciding)
            self._write([outcome for outcome in outcomes if isinstance(outcome, _Accepted)])
            # Before it is recorded: what fails afterwards would be taken for a failure to record.
            head = self._tree.size, self._tree.root()
        return [_recorded(o, *head) if isinstance(o, _Accepted) else o for o in outcomes]

    @contextmanager
    def _deciding(self) -> Iterator[None]:
        """Decide alone, on what is recorded; after a failure, forget what was not."""
        try:
            with self.store.writing():
                self._is_writing = True
                self._catch_up()
                yield
        except BaseException:
            self._in_doubt = True
            raise
        finally:
            self._is_writing = False

    def _recorded_before(self, admitted: Iterable[Admitted]) -> dict[str, Row]:
        named = self.store.named([item.id for item in admitted])
        threads = self.store.by_tags([(f"event:{event}", ()) for event in named])
        return {event: rows[0] for event, rows in zip(named, threads, strict=True)}

    def _used_before(self, admitted: Iterable[Admitted]) -> set[bytes]:
        return self.store.vault.used(d.salt for item in admitted for d in item.disclosures)

    def _moment(self) -> Moment:
        """Return the moment at which a chunk is recorded, and what speaks against its clock."""
        return moment_now(self.clock(), self._last_time, is_confirmed=self.clock_confirmed)

    def _moment_of(self, said: dict[str, Any]) -> Moment | None:
        """Return the moment of what corrects the clock, or vouches for that; None for all else.

        A correction by itself changes no time. Whoever vouches for it is recorded by this clock,
        though that lies before the last entry, and from there on time is counted anew.
        """
        name, data = said["type"].partition(".")[0], said["data"]
        if name == CLOCK_CORRECTED:
            now = write_time(self.clock())
            faults = list(self._correction_faults(now, data["since"], said["signedby"]))
            return moment_at(self._last_time or now, faults)
        correction = self._waiting(correction_vouched_for(name, data))
        if correction is None or (now := write_time(self.clock())) >= self._last_time:
            return None
        by = correction.signedby
        return moment_at(now, list(self._correction_faults(now, correction.data["since"], by)))

    def _waiting(self, event: str | None) -> Entry[Any] | None:
        """Return a correction of the clock that nobody has vouched for yet."""
        if event is None:
            return None
        found = self._read(f"event:{event}", (CLOCK_CORRECTED, VOUCHED), None)
        if any(correction_vouched_for(entry.name, entry.data) == event for entry in found):
            return None
        return next((entry for entry in found if entry.id == event), None)

    def _correction_faults(self, now: str, since: str, by: str) -> Iterator[str]:
        """Say why time cannot be counted anew from `now`, as a person corrects it."""
        if now >= self._last_time:
            yield (
                f"this machine's clock says {now}, and the last entry is of {self._last_time}:"
                " there is nothing to correct"
            )
        size = int(since.partition(":")[0])
        if not 1 <= size <= self._tree.size:
            yield f"since is no place in this ledger's history so far: got {since}"
            return
        here = tree_head(size, self._tree.root(size))
        if since != here:
            yield f"since is not this ledger's head at size {size}: got {since}, expected {here}"
        yield from self._cosigned_after(now)
        right = read_entry(size, self.raw(size)).recorded_at
        others = self._last_signed().by_others(by)
        for reason in why_not_back_to(now, size=size, right=right, others=others):
            yield f"this machine's clock says {now}, and {reason}"

    def _cosigned_after(self, now: str) -> Iterator[str]:
        """Say that a witness cosigned what was recorded later, unless that lay ahead of it too."""
        found = _PLACE_AND_TIME.fullmatch(self.store.meta.get(COSIGNED) or "")
        if found is None or (size := int(found[1])) > self._tree.size:
            return
        by_then = read_entry(size, self.raw(size)).recorded_at
        ahead = by_then > write_time(datetime.fromtimestamp(int(found[2]) + _AHEAD_SECONDS, UTC))
        if now < by_then and not ahead:
            yield (
                f"this machine's clock says {now}, and a witness cosigned a checkpoint that holds"
                f" entry {size}, of {by_then}"
            )

    def _last_signed(self) -> LastSigned:
        """Return what was signed last; the whole record is read, for it is rarely asked."""
        last = LastSigned()
        for entry in self.entries():
            last = last.and_then(entry.time, entry.signedby)
        for entries in self._unwritten.values():
            for entry in entries:
                last = last.and_then(entry.time, entry.signedby)
        return last

    def _decide(self, admitted: Admitted, deciding: _Deciding) -> _Accepted | Recorded | Refused:
        row = deciding.recorded.get(admitted.id)
        if row is not None:
            return self._again(row, admitted)
        said = orjson.loads(admitted.statement)
        moment = self._moment_of(said)
        if moment is not None:
            deciding = deciding._replace(moment=moment)
        moment = deciding.moment
        entry: Entry[Any] = Validated(
            self._book.position + 1, moment.recorded_at, admitted.signature, said
        )
        entry.take(admitted.key, admitted.tags)
        data = write_entry(moment.recorded_at, admitted.signature, admitted.statement)
        reasons = [
            *moment.faults,
            *self._envelope_faults(entry, len(data), deciding),
            *decide.decide(entry, deciding.facts.look, deciding.facts.derived),
            *(cited_faults(entry, self._before()) if entry.name in CITING else ()),
            *_salt_faults(admitted, deciding.salts),
        ]
        return Refused(entry.name, tuple(reasons)) if reasons else _Accepted(entry, data, admitted)

    def _again(self, row: Row, admitted: Admitted) -> Recorded | Refused:
        position, data = row
        if not data.endswith(b'"statement":' + admitted.statement + b"}"):
            reason = f"the id {admitted.id} is taken by another statement, at position {position}"
            return Refused(orjson.loads(admitted.statement)["type"].partition(".")[0], (reason,))
        return Recorded(position, admitted.id, self._tree.size, self._tree.root(), again=True)

    def _envelope_faults(
        self, entry: Entry[Any], length: int, deciding: _Deciding
    ) -> Iterator[str]:
        moment = deciding.moment
        if entry.time > moment.latest_time:
            yield f"it is signed at {entry.time}, and it is only {entry.recorded_at} here"
        if entry.occurredon > moment.latest_day:
            yield f"it is said to have happened on {entry.occurredon}, which lies ahead"
        if length > LONGEST:
            yield f"its entry would be {length} bytes long; {LONGEST} are the most"
        founded = deciding.facts.look(ledger.founded())
        if founded is not None and entry.source != founded.origin:
            yield f"it is a statement to {entry.source}; this ledger is {founded.origin}"
        if entry.seen not in deciding.heads:
            yield from self._seen_faults(entry, deciding.heads)

    def _seen_faults(self, entry: Entry[Any], heads: set[str]) -> Iterator[str]:
        size = int(entry.seen.partition(":")[0])
        if size > self._tree.size:
            yield f"its signer saw {size} entries, and this ledger holds {self._tree.size}"
            return
        if (size == 0) != (entry.name == "LedgerFounded"):
            yield "its signer must have seen the ledger: only LedgerFounded sees nothing before it"
            return
        here = tree_head(size, self._tree.root(size))
        if size:
            heads.add(here)
        if entry.seen != here:
            yield (
                f"its signer saw another history: the root at size {size} is {here} here, and"
                f" {entry.seen} there"
            )

    def _before(self) -> Before:
        """Return what stands before whatever is recorded next, but for what is not written yet."""
        return Before(self._tree.size, self._tree.root, OwedAt(self.store))

    def _take_up(self, accepted: _Accepted, deciding: _Deciding) -> _Deciding:
        """Let what is decided next see what was just accepted, before it is written."""
        entry, data, admitted = accepted
        deciding.recorded[entry.id] = (entry.position, data)
        deciding.salts.update(disclosure.salt for disclosure in admitted.disclosures)
        for tag in admitted.tags:
            self._unwritten[tag].append(entry)
        self._book.apply(entry)
        if entry.recorded_at >= self._last_time:
            return deciding
        self._last_time = entry.recorded_at
        return deciding._replace(moment=self._moment())

    def _write(self, accepted: Sequence[_Accepted]) -> None:
        if not accepted:
            return
        disclosures = [d for item in accepted for d in item.admitted.disclosures]
        if disclosures:
            self.store.vault.put(disclosures)
        events = [DCBEvent(item.entry.name, item.data, item.admitted.tags) for item in accepted]
        self.store.append_entries(events, [item.entry.id for item in accepted])
        self._tree.append([leaf_hash(item.data) for item in accepted])
        self._erase(item.entry for item in accepted)
        self._unwritten.clear()
        self._last_time = accepted[-1].entry.recorded_at

    def _erase(self, entries: Iterable[Entry[Any]]) -> None:
        """Erase the texts that entries say are erased; what is gone already stays gone."""
        for entry in entries:
            if entry.name == _ERASED:
                self.store.vault.erase(event_id(entry.data["event"]), entry.data["pointer"])


def _salt_faults(admitted: Admitted, used: set[bytes]) -> list[str]:
    return [
        f"the salt of {disclosure.pointer} was used before; draft the statement anew"
        for disclosure in admitted.disclosures
        if disclosure.salt in used
    ]


def _recorded(accepted: _Accepted, size: int, root: bytes) -> Recorded:
    return Recorded(accepted.entry.position, accepted.entry.id, size, root, again=False)


class _Deciding(NamedTuple):
    """What a chunk is decided by beside the book: what it records itself is added as it goes.

    `heads` are those that signers saw and the tree has; `facts` answers what rules ask.
    """

    moment: Moment
    recorded: dict[str, Row]
    salts: set[bytes]
    heads: set[str]
    facts: Book | Watched


class _Accepted(NamedTuple):
    entry: Entry[Any]
    data: bytes
    admitted: Admitted


def _judged(accepted: _Accepted, leaf: bytes, asked: Watched) -> Judged:
    entry, data, admitted = accepted
    return Judged(
        after=entry.position - 1,
        selectors=asked.selectors(),
        types=sorted(asked.types()),
        id=entry.id,
        event=DCBEvent(entry.name, data, admitted.tags),
        leaf=leaf,
        texts=admitted.disclosures,
    )


def _is_for_one_alone(admitted: Admitted) -> bool:
    """Tell whether a statement may do more than be recorded: erase text, or set the clock back."""
    return any(kind in admitted.statement for kind in _FOR_ONE_ALONE)


def sign(drafted: Draft, signer: Signer) -> Submission:
    """Return a drafted statement with its signature, ready to be appended."""
    blob = signer.sign(drafted.statement, NAMESPACE)
    return Submission(drafted.statement, base64.b64encode(blob).decode(), drafted.disclosures)


def _chunks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Cut lines into chunks, small ones first, so that deciding begins early.

    They grow no faster than admitting, which is a little quicker, gets ahead of deciding.
    """
    rest, size = iter(lines), min(CHUNK, _FIRST_CHUNK)
    while chunk := list(islice(rest, size)):
        yield chunk
        size = min(CHUNK, size * 5 // 4 + 1)


@contextmanager
def _collecting_less() -> Iterator[None]:
    """Let the garbage collector rest: a chunk makes many objects and no cycles."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()

"""The ledger: opens a record, appends signed statements to it, and reads it.

::

    with Ledger.open("northwick.db") as ledger:
        draft = ledger.draft("VisitMade", {"visitor": "school:900001", …}, by, occurred_on)
        recorded = ledger.append(sign(draft, signer))
        print(recorded.position, recorded.root.hex())

Everything is decided under the store's own lock, from facts that a book keeps current, so that a
statement is recorded or refused, never half, whoever else writes at the time. On a server one
statement is judged without the lock first, and recorded if nothing has changed that it was judged
by; whatever else there is, a refusal too, is decided under the lock. How is in `record` (what is
known of what is recorded), `deciding` (one statement) and `writing` (one, or a chunk of many).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, NamedTuple, Self, TypeVar

from eventsourcing.dcb.application import DCBApplication
from eventsourcing.utils import Environment, EnvType

from ledger import days
from ledger.decision_model.facts import Fact
from ledger.domain.registers import ledger, offices
from ledger.errors import NotFoundError
from ledger.format.entry import Entry, Submission, read_entry
from ledger.format.statement import Draft, Envelope, new_id, tree_head, write_time
from ledger.keys import Signer
from ledger.recording.admission import Admitted, Refused, admit, admit_lines
from ledger.recording.corrections import RecordClock
from ledger.recording.deciding import Recorded
from ledger.recording.drafting import By, completed_draft, sign
from ledger.recording.record import Record
from ledger.recording.writing import Writer
from ledger.store import settings
from ledger.store.base import EntryStore

__all__ = ["CHUNK", "By", "Head", "Ledger", "Recorded", "sign", "utc_now"]

V = TypeVar("V")

CHUNK = 2_000
_FIRST_CHUNK = 250


def utc_now() -> datetime:
    """Return the moment by this machine's clock, in UTC."""
    return datetime.now(UTC)


class Head(NamedTuple):
    """The tree's head: how many entries there are, and the root over them."""

    size: int
    root: bytes

    def __str__(self) -> str:
        return tree_head(self.size, self.root)


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
        self.random_bytes = random_bytes
        self.store: EntryStore = self.factory.entry_store()  # type: ignore[attr-defined]
        self.record = Record(self.store)
        self._clock = RecordClock(self.record, clock, is_confirmed=clock_confirmed)
        self._writer = Writer(self.record, self._clock, random_bytes)
        if not self.read_only:
            self._writer.erase_what_came_back()

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

    def close(self) -> None:
        """Let go of the store; closing twice does nothing."""
        self.store.close()
        super().close()

    @property
    def clock(self) -> Callable[[], datetime]:
        """The clock by which it records."""
        return self._clock.now

    @clock.setter
    def clock(self, now: Callable[[], datetime]) -> None:
        self._clock.now = now

    @property
    def clock_confirmed(self) -> bool:
        """Whether somebody confirms that the clock is right, though it is far ahead."""
        return self._clock.is_confirmed

    @clock_confirmed.setter
    def clock_confirmed(self, is_confirmed: bool) -> None:
        self._clock.is_confirmed = is_confirmed

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
        self.record.catch_up()
        return Head(self.record.tree.size, self.record.tree.root())

    def head_at(self, size: int) -> Head:
        """Return the tree's head when it had so many entries."""
        self.record.catch_up()
        return Head(size, self.record.tree.root(size))

    def look(self, fact: Fact[V]) -> V:
        """Return the value of a fact now."""
        return self.record.look(fact)

    def entries(self, after: int = 0, limit: int | None = None) -> Iterator[Entry[Any]]:
        """Go through the entries after a position, in order."""
        return self.record.entries(after, limit)

    def entries_of(self, *names: str) -> list[Entry[Any]]:
        """Return the entries of the events of these names, in order."""
        return self.record.entries_of(*names)

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
        return self.record.raw(position)

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
        head, now = self.head(), self.clock()
        envelope = Envelope(
            self.origin,
            event or new_id(now, self.random_bytes),
            write_time(now),
            occurred_on,
            by.person,
            by.office,
            str(head),
        )
        return completed_draft(self.record, name, data, envelope, self.random_bytes)

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
        return self._writer.append(admit(submission))

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
            yield from self._writer.append_chunk(chunk)


def _chunks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Cut lines into chunks, small ones first, so that deciding begins early.

    They grow no faster than admitting, which is a little quicker, gets ahead of deciding.
    """
    rest, size = iter(lines), min(CHUNK, _FIRST_CHUNK)
    while chunk := list(islice(rest, size)):
        yield chunk
        size = min(CHUNK, size * 5 // 4 + 1)

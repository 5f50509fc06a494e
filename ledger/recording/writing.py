"""Writing what is decided: one statement ahead of others, or a chunk with others kept out.

Within the store's `writing()` nobody else records, so that what was decided is still so when it is
written. On a server that keeps everybody waiting, and so one statement is judged without, and
written by one call that fails if anything has changed that it was judged by.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from eventsourcing.dcb.api import DCBEvent

from ledger.decision_model.facts import Watched
from ledger.errors import RefusedError
from ledger.format.entry import Entry
from ledger.log.merkle import leaf_hash
from ledger.recording.admission import Admitted, Refused
from ledger.recording.clock import CLOCK_CORRECTED, VOUCHED
from ledger.recording.corrections import RecordClock
from ledger.recording.deciding import Accepted, Decider, Deciding, Recorded
from ledger.recording.record import Record
from ledger.store.base import ConnectionLostError, Judged, Row
from ledger.values import event_id

__all__ = ["Writer"]

_PAUSES = (0.05, 0.2, 0.5, 1.0)
"""Seconds, at least, before each further try; at most twice as many, so that many do not meet."""
_TRIES = 3
"""Times that a statement is judged while others record, before it is judged with them kept out."""
_ERASED = "DetailErased"
_FOR_ONE_ALONE = tuple(f'"type":"{name}.'.encode() for name in (_ERASED, CLOCK_CORRECTED, VOUCHED))


class Writer:
    """Records statements that were admitted, if what is recorded lets them be."""

    def __init__(
        self, record: Record, clock: RecordClock, random_bytes: Callable[[int], bytes]
    ) -> None:
        """Write into a record, by a clock."""
        self._record = record
        self._clock = clock
        self._random_bytes = random_bytes
        self._decider = Decider(record, clock)

    def append(self, admitted: Admitted) -> Recorded:
        """Record one statement; raise RefusedError with every reason against it."""
        outcome: Recorded | Refused | None = self._append_ahead(admitted)
        if outcome is None:
            (outcome,) = self.append_chunk([admitted])
        if isinstance(outcome, Refused):
            raise RefusedError(outcome.event, outcome.reasons)
        return outcome

    # -- ahead of others -------------------------------------------------------------------

    def _append_ahead(self, admitted: Admitted) -> Recorded | None:
        """Record what may be recorded by what is known here, without keeping others out.

        None if it was not, for whatever reason: it is decided alone then. What was recorded before
        a connection broke is found by its id there.
        """
        record = self._record
        if not record.store.takes_judged or _is_for_one_alone(admitted):
            return None
        if record.is_in_doubt or record.tree.size != record.book.position:
            return None
        try:
            return self._judged_and_taken(admitted)
        except ConnectionLostError:
            record.is_in_doubt = True
            return None
        except BaseException:
            record.is_in_doubt = True
            raise

    def _judged_and_taken(self, admitted: Admitted) -> Recorded | None:
        record = self._record
        for _ in range(_TRIES):
            asked = Watched(record.book)
            deciding = Deciding(self._clock.moment(), {}, set(), set(), asked)
            accepted = self._decider.decide(admitted, deciding)
            if not isinstance(accepted, Accepted):
                return None
            leaf = leaf_hash(accepted.data)
            position, others = record.store.append_judged(_judged(accepted, leaf, asked))
            record.take_in(others)
            record.tree.extend([leaf_hash(data) for _, data in others])
            if position is not None:
                accepted.entry.position = position
                record.take(accepted.entry)
                record.tree.extend([leaf])
                return accepted.recorded(record.tree.size, record.tree.root())
            if not others:
                return None
        return None

    # -- with others kept out --------------------------------------------------------------

    def append_chunk(self, chunk: list[Admitted | Refused]) -> list[Recorded | Refused]:
        """Decide a chunk, again where the connection to a server broke.

        What had been committed by then is found by its id, so that nothing is recorded twice.
        """
        with _collecting_less():
            for pause in _PAUSES:
                with suppress(ConnectionLostError):
                    return self._decide_chunk(chunk)
                time.sleep(pause * (1 + self._random_bytes(1)[0] / 255))
            return self._decide_chunk(chunk)

    def _decide_chunk(self, chunk: list[Admitted | Refused]) -> list[Recorded | Refused]:
        outcomes: list[Accepted | Recorded | Refused] = []
        with self._alone():
            admitted = [item for item in chunk if isinstance(item, Admitted)]
            recorded, salts = self._recorded_before(admitted), self._used_before(admitted)
            moment, book = self._clock.moment(), self._record.book
            deciding = Deciding(moment, recorded, salts, set(), book)
            for item in chunk:
                if isinstance(item, Refused):
                    outcomes.append(item)
                    continue
                outcome = self._decider.decide(item, deciding)
                outcomes.append(outcome)
                if isinstance(outcome, Accepted):
                    deciding = self._take_up(outcome, deciding)
            self._write([outcome for outcome in outcomes if isinstance(outcome, Accepted)])
            # Before it is recorded: what fails afterwards would be taken for a failure to record.
            head = self._record.tree.size, self._record.tree.root()
        return [one.recorded(*head) if isinstance(one, Accepted) else one for one in outcomes]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Decide alone, on what is recorded; after a failure, forget what was not."""
        record = self._record
        try:
            with record.store.writing():
                record.is_writing = True
                record.catch_up()
                yield
        except BaseException:
            record.is_in_doubt = True
            raise
        finally:
            record.is_writing = False

    def _recorded_before(self, admitted: Iterable[Admitted]) -> dict[str, Row]:
        named = self._record.store.named([item.id for item in admitted])
        threads = self._record.store.by_tags([(f"event:{event}", ()) for event in named])
        return {event: rows[0] for event, rows in zip(named, threads, strict=True)}

    def _used_before(self, admitted: Iterable[Admitted]) -> set[bytes]:
        return self._record.store.vault.used(d.salt for item in admitted for d in item.disclosures)

    def _take_up(self, accepted: Accepted, deciding: Deciding) -> Deciding:
        """Let what is decided next see what was just accepted, before it is written."""
        entry, data, admitted = accepted
        deciding.recorded[entry.id] = (entry.position, data)
        deciding.salts.update(disclosure.salt for disclosure in admitted.disclosures)
        self._record.take_unwritten(entry, admitted.tags)
        if entry.recorded_at >= self._record.last_time:
            return deciding
        self._record.last_time = entry.recorded_at
        return deciding._replace(moment=self._clock.moment())

    def _write(self, accepted: Sequence[Accepted]) -> None:
        if not accepted:
            return
        store = self._record.store
        disclosures = [d for item in accepted for d in item.admitted.disclosures]
        if disclosures:
            store.vault.put(disclosures)
        events = [DCBEvent(item.entry.name, item.data, item.admitted.tags) for item in accepted]
        store.append_entries(events, [item.entry.id for item in accepted])
        self._record.tree.append([leaf_hash(item.data) for item in accepted])
        self._erase(item.entry for item in accepted)
        self._record.note_written(accepted[-1].entry.recorded_at)

    # -- erasing ---------------------------------------------------------------------------

    def erase_what_came_back(self) -> None:
        """Apply every erasure again: a restored backup must not bring text back."""
        store = self._record.store
        erased = self._record.entries_of(_ERASED)
        texts = store.vault.get_many(event_id(entry.data["event"]) for entry in erased)
        back = [
            entry
            for entry in erased
            if entry.data["pointer"] in texts.get(event_id(entry.data["event"]), {})
        ]
        if back:
            with store.writing():
                self._erase(back)

    def _erase(self, entries: Iterable[Entry[Any]]) -> None:
        """Erase the texts that entries say are erased; what is gone already stays gone."""
        for entry in entries:
            if entry.name == _ERASED:
                event = event_id(entry.data["event"])
                self._record.store.vault.erase(event, entry.data["pointer"])


def _judged(accepted: Accepted, leaf: bytes, asked: Watched) -> Judged:
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

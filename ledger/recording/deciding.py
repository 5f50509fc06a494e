"""Deciding one statement: what speaks against recording it where the record stands now.

What can be judged of it by itself was judged before (`ledger.recording.admission`); what its event
asks is in its theme's rules (`ledger.domain.decide`). This adds what any entry must hold to, and
tells what was recorded before from what is new.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from ledger.decision_model.facts import Book, Watched
from ledger.domain import decide
from ledger.domain.registers import ledger
from ledger.format.entry import LONGEST, Entry, Validated, write_entry
from ledger.format.statement import tree_head
from ledger.recording.admission import Admitted, Refused
from ledger.recording.cited import CITING, cited_faults
from ledger.recording.clock import Moment
from ledger.recording.corrections import RecordClock
from ledger.recording.record import Record
from ledger.store.base import Row

__all__ = ["Accepted", "Decider", "Deciding", "Recorded"]


class Recorded(NamedTuple):
    """Where a statement stands: its position, and the tree after it; `again` if it was there."""

    position: int
    event: str
    size: int
    root: bytes
    again: bool


class Accepted(NamedTuple):
    """A statement that may be recorded, as the entry that it would be."""

    entry: Entry[Any]
    data: bytes
    admitted: Admitted

    def recorded(self, size: int, root: bytes) -> Recorded:
        """Return where it stands, now that it is recorded."""
        return Recorded(self.entry.position, self.entry.id, size, root, again=False)


class Deciding(NamedTuple):
    """What a chunk is decided by beside the book: what it records itself is added as it goes.

    `heads` are those that signers saw and the tree has; `facts` answers what rules ask.
    """

    moment: Moment
    recorded: dict[str, Row]
    salts: set[bytes]
    heads: set[str]
    facts: Book | Watched


class Decider:
    """Decides statements against a record."""

    def __init__(self, record: Record, clock: RecordClock) -> None:
        """Decide by what is recorded, and by a clock."""
        self._record = record
        self._clock = clock

    def decide(self, admitted: Admitted, deciding: Deciding) -> Accepted | Recorded | Refused:
        """Return a statement as the entry it would be, why it may be none, or where it is."""
        row = deciding.recorded.get(admitted.id)
        if row is not None:
            return self._again(row, admitted)
        said = orjson.loads(admitted.statement)
        moment = self._clock.moment_of(said)
        if moment is not None:
            deciding = deciding._replace(moment=moment)
        moment = deciding.moment
        entry: Entry[Any] = Validated(
            self._record.book.position + 1, moment.recorded_at, admitted.signature, said
        )
        entry.take(admitted.key, admitted.tags)
        data = write_entry(moment.recorded_at, admitted.signature, admitted.statement)
        reasons = [
            *moment.faults,
            *self._envelope_faults(entry, len(data), deciding),
            *decide.decide(entry, deciding.facts.look, deciding.facts.derived),
            *(cited_faults(entry, self._record.before()) if entry.name in CITING else ()),
            *_salt_faults(admitted, deciding.salts),
        ]
        return Refused(entry.name, tuple(reasons)) if reasons else Accepted(entry, data, admitted)

    def _again(self, row: Row, admitted: Admitted) -> Recorded | Refused:
        position, data = row
        if not data.endswith(b'"statement":' + admitted.statement + b"}"):
            reason = f"the id {admitted.id} is taken by another statement, at position {position}"
            return Refused(orjson.loads(admitted.statement)["type"].partition(".")[0], (reason,))
        tree = self._record.tree
        return Recorded(position, admitted.id, tree.size, tree.root(), again=True)

    def _envelope_faults(self, entry: Entry[Any], length: int, deciding: Deciding) -> Iterator[str]:
        moment = deciding.moment
        if entry.time > moment.latest_time:
            yield f"it is signed at {entry.time}, and it is only {entry.recorded_at} here"
        if entry.occurredon > moment.latest_day:
            yield (
                f"it is said to have happened on {entry.occurredon}, which lies ahead: check the"
                " day, or say it once it has happened"
            )
        if length > LONGEST:
            yield f"its entry would be {length} bytes long; {LONGEST} are the most"
        founded = deciding.facts.look(ledger.founded())
        if founded is not None and entry.source != founded.origin:
            yield f"it is a statement to {entry.source}; this ledger is {founded.origin}"
        if entry.seen not in deciding.heads:
            yield from self._seen_faults(entry, deciding.heads)

    def _seen_faults(self, entry: Entry[Any], heads: set[str]) -> Iterator[str]:
        tree, size = self._record.tree, int(entry.seen.partition(":")[0])
        if size > tree.size:
            yield f"its signer saw {size} entries, and this ledger holds {tree.size}"
            return
        if (size == 0) != (entry.name == "LedgerFounded"):
            yield "its signer must have seen the ledger: only LedgerFounded sees nothing before it"
            return
        here = tree_head(size, tree.root(size))
        if size:
            heads.add(here)
        if entry.seen != here:
            yield (
                f"its signer saw another history: the root at size {size} is {here} here, and"
                f" {entry.seen} there"
            )


def _salt_faults(admitted: Admitted, used: set[bytes]) -> list[str]:
    return [
        f"the salt of {disclosure.pointer} was used before; draft the statement anew"
        for disclosure in admitted.disclosures
        if disclosure.salt in used
    ]

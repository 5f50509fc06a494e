"""Whether a whole record goes on from a checkpoint signed before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ledger.audit.by_entry import Finding
from ledger.audit.in_order import Judge
from ledger.audit.source import Source
from ledger.domain.registers import ledger
from ledger.errors import NoteError
from ledger.format.entry import read_entry
from ledger.format.statement import write_time
from ledger.log.checkpoint import Checkpoint, cosigned_at
from ledger.log.terms import open_in_term, terms_of

__all__ = ["HELD", "goes_on", "opened"]

HELD = "the checkpoint that you hold"
_TOLERANCE = timedelta(seconds=300)


def goes_on(judge: Judge, source: Source, note: bytes, what: str = HELD) -> Iterator[Finding]:
    """Find in what a whole record does not go on from a signed checkpoint, which is `what`."""
    try:
        held = opened(note, judge)
    except NoteError as error:
        yield Finding("checkpoint", None, None, f"{what} is not one of this ledger: {error}")
        return
    if held.size > judge.count:
        yield _cut(held, judge, what)
    elif held.root != judge.root(held.size):
        here = Checkpoint(held.origin, held.size, judge.root(held.size))
        sentence = (
            f"{what} is not of this history: an entry up to {held.size} was changed, removed or"
            f" put in since. Keep both as evidence:\n  held: {held}\n  here: {here}"
        )
        yield Finding("checkpoint", None, None, sentence)
    elif held.size:
        yield from _set_back(judge, source, held.size, cosigned_at(note), what)


def _set_back(
    judge: Judge, source: Source, size: int, cosigned: int | None, what: str
) -> Iterator[Finding]:
    """Find where the clock was set back behind entries that a witness had cosigned by then.

    Unless they tell of a time that lay ahead of the witness: then the clock was wrong indeed.
    """
    if cosigned is None or not judge.restarts:
        return
    by_then = read_entry(size, source.raw(size)).recorded_at
    if by_then > write_time(datetime.fromtimestamp(cosigned, UTC) + _TOLERANCE):
        return
    for position, time in judge.restarts:
        if position > size and time < by_then:
            sentence = (
                f"the clock was set back to {time}, and {what}, which a witness cosigned, holds"
                f" entry {size}, of {by_then}"
            )
            yield Finding("times", position, None, sentence)


def _cut(held: Checkpoint, judge: Judge, what: str) -> Finding:
    here = Checkpoint(held.origin, judge.count, judge.root(judge.count))
    sentence = (
        f"{what} is of {held.size} entries, and here are {judge.count}: the end was cut off, or"
        f" this is an older copy. Keep both as evidence:\n  held: {held}\n  here: {here}"
    )
    return Finding("checkpoint", None, None, sentence)


def opened(note: bytes, judge: Judge) -> Checkpoint:
    """Open a checkpoint by the log key that was in use at its size; NoteError if that is not so."""
    named = judge.look(ledger.log_key_terms())
    return open_in_term(note, terms_of(named))[0].checkpoint

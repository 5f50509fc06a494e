"""What shows, beside the record itself, that it is the one meant: a trust card, a checkpoint."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from ledger.chunks import Source
from ledger.entry import read_entry
from ledger.errors import NoteError
from ledger.facts import ledgers
from ledger.inspection import Finding
from ledger.judging import Judge
from ledger.log.checkpoint import Checkpoint, cosigned_at
from ledger.log.merkle import leaf_hash
from ledger.log.terms import open_in_term, terms_of
from ledger.statement import write_time
from ledger.trust import TrustCard

__all__ = [
    "CARD",
    "HELD",
    "Trusted",
    "anchors",
    "card_faults",
    "goes_on",
    "log_keys",
    "opened",
]

CARD = "the trust card"
HELD = "the checkpoint that you hold"
_TOLERANCE = timedelta(seconds=300)


class Trusted(NamedTuple):
    """What the verifier holds: a signed checkpoint, and a trust card."""

    held: bytes | None
    card: TrustCard | None


def log_keys(judge: Judge) -> tuple[str, ...]:
    """Return the verifier keys that the record says its log was ever signed with."""
    return judge.look(ledgers.log_keys())


def anchors(
    judge: Judge, source: Source, trusted: Trusted, anchored: list[str]
) -> Iterator[Finding]:
    """Compare a whole record with what the verifier holds; what agrees goes into `anchored`."""
    if judge.count == 0:
        return
    if trusted.card is not None:
        faults = list(card_faults(judge, source.raw(1), trusted.card))
        yield from faults
        anchored += [] if faults else [CARD]
    if trusted.held is None:
        return
    faults = list(goes_on(judge, source, trusted.held))
    yield from faults
    anchored += [] if faults else [f"{HELD}, of {opened(trusted.held, judge).size} entries"]


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
    named = judge.look(ledgers.log_key_terms())
    return open_in_term(note, terms_of(named))[0].checkpoint


def card_faults(judge: Judge, first: bytes, card: TrustCard) -> Iterator[Finding]:
    """Find in what a record is not that of a trust card, by its first entry among others."""
    keys = log_keys(judge)
    founded = judge.look(ledgers.founded())
    for what, got, expected in (
        ("origin", founded.origin if founded else "none", card.origin),
        ("log key", keys[0] if keys else "none", card.log_key),
        ("leaf 0", leaf_hash(first).hex(), card.leaf.hex()),
    ):
        if got != expected:
            sentence = (
                f"this is another ledger than the trust card's: its {what} is {got}; the card says"
                f" {expected}"
            )
            yield Finding("trust card", 1, None, sentence)

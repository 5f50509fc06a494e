"""What shows, beside the record itself, that it is the one meant: a trust card, a checkpoint."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ledger.audit.by_entry import Finding
from ledger.audit.continuity import HELD, goes_on, opened
from ledger.audit.in_order import Judge
from ledger.audit.source import Source
from ledger.domain.registers import ledger
from ledger.log.merkle import leaf_hash
from ledger.transparency.trust_card import TrustCard

__all__ = [
    "CARD",
    "CARD_CHECK",
    "Trusted",
    "anchors",
    "card_faults",
    "log_keys",
]

CARD = "the trust card"
CARD_CHECK = "trust card"


class Trusted(NamedTuple):
    """What the verifier holds: a signed checkpoint, and a trust card."""

    held: bytes | None
    card: TrustCard | None


def log_keys(judge: Judge) -> tuple[str, ...]:
    """Return the verifier keys that the record says its log was ever signed with."""
    return judge.look(ledger.log_keys())


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


def card_faults(judge: Judge, first: bytes, card: TrustCard) -> Iterator[Finding]:
    """Find in what a record is not that of a trust card, by its first entry among others."""
    keys = log_keys(judge)
    founded = judge.look(ledger.founded())
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
            yield Finding(CARD_CHECK, 1, None, sentence)

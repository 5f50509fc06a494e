"""What an entry is filed under in a store: all of it follows from the entry's bytes."""

from __future__ import annotations

from typing import NamedTuple

from eventsourcing.dcb.api import DCBEvent

from ledger.format import sshsig
from ledger.format.entry import entry_tags, parse_entry, parse_signature, read_validated_entry
from ledger.format.statement import NAMESPACE

__all__ = ["Filing", "filed", "filed_as_read"]


class Filing(NamedTuple):
    """An entry as a store keeps it, and the id of its event."""

    event: DCBEvent
    id: str


def filed(data: bytes) -> Filing:
    """Return how an entry is filed: its type's name, its bytes, its tags."""
    parts = parse_entry(data)
    said = parts.statement
    public = sshsig.split(parse_signature(parts.signature), NAMESPACE).key
    tags = entry_tags(said, f"key:{public.fingerprint}")
    return Filing(DCBEvent(said.name, data, tags), said.id)


def filed_as_read(position: int, data: bytes) -> DCBEvent:
    """Return how an entry is filed that was verified: what `filed` says, its bytes not judged."""
    entry = read_validated_entry(position, data)
    return DCBEvent(entry.name, data, sorted({*entry.tags, entry.key}))

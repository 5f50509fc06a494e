"""Drafting: what somebody says of an event, completed by what the record tells, and signed."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ledger.domain import decide
from ledger.events import find
from ledger.format.entry import Entry, Submission, parse_event
from ledger.format.statement import NAMESPACE, Draft, Envelope, draft, unsealed
from ledger.keys import Signer
from ledger.recording.cited import told_there
from ledger.recording.record import Record

__all__ = ["By", "completed_draft", "sign"]


@dataclass(frozen=True)
class By:
    """Who says something: the person, and the office in which they say it."""

    person: str
    office: str


def completed_draft(
    record: Record,
    name: str,
    data: dict[str, Any],
    envelope: Envelope,
    random_bytes: Callable[[int], bytes],
) -> Draft:
    """Return the statement of an event, completed by what its rule can tell.

    `data` holds JSON values, with plain text where the model seals it. Raises StatementError
    naming every member that is missing or malformed.
    """
    plain, texts = unsealed(find(name), data)
    said = {
        "id": envelope.id,
        "type": find(name).type_name(),
        "time": envelope.time,
        "occurredon": envelope.occurred_on.isoformat(),
        "signedby": envelope.signed_by,
        "office": envelope.office,
        "seen": envelope.seen,
        "source": envelope.source,
        "data": plain,
    }
    entry: Entry[Any] = Entry(record.book.position + 1, envelope.time, "", said)
    completed = decide.complete(entry, record.book.look)
    completed |= told_there(name, completed, envelope.occurred_on, record.before())
    return draft(parse_event(find(name).type_name(), completed), envelope, texts, random_bytes)


def sign(drafted: Draft, signer: Signer) -> Submission:
    """Return a drafted statement with its signature, ready to be appended."""
    blob = signer.sign(drafted.statement, NAMESPACE)
    return Submission(drafted.statement, base64.b64encode(blob).decode(), drafted.disclosures)

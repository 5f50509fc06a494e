"""Admission: all that can be judged of a submission by itself, without the record.

Bytes, signature, model, sealed text. Bulk appending does this in worker processes; what comes back
is small enough to send between them.
"""

from __future__ import annotations

from typing import NamedTuple

import orjson

from ledger import sshsig
from ledger.entry import Submission, entry_tags, parse_submission, read_event, read_signature
from ledger.errors import LedgerError, RefusedError, StatementError
from ledger.sealed import Disclosure, mismatches
from ledger.statement import NAMESPACE, Statement, parse, unreadable_text


class Admitted(NamedTuple):
    """A submission that holds by itself: its id and bytes, the key that signed, and its tags."""

    id: str
    statement: bytes
    signature: str
    key: str
    tags: list[str]
    disclosures: tuple[Disclosure, ...]


class Refused(NamedTuple):
    """Why a line of many was not recorded."""

    event: str
    reasons: tuple[str, ...]


def admit(submission: Submission) -> Admitted:
    """Return a submission that holds by itself.

    Raises StatementError, EntryError or SignatureError for what is malformed or not signed, and
    RefusedError for what may not be recorded, every reason at once.
    """
    statement = parse(submission.statement)
    public = sshsig.verify_blob(statement.raw, read_signature(submission.signature), NAMESPACE)
    _is_said_as_modelled(statement)
    reasons = [
        *unreadable_text((*statement.strings, *(d.value for d in submission.disclosures))),
        *mismatches(statement.id, statement.sealed, submission.disclosures),
    ]
    if reasons:
        raise RefusedError(statement.name, reasons)
    key = f"key:{public.fingerprint}"
    return Admitted(
        statement.id,
        statement.raw,
        submission.signature,
        key,
        entry_tags(statement, key),
        submission.disclosures,
    )


def _is_said_as_modelled(statement: Statement) -> None:
    event = read_event(statement.type, statement.data)
    written = orjson.dumps(event.as_json(), option=orjson.OPT_SORT_KEYS)
    # The statement is canonical, so its data comes first, and its id next.
    if not statement.raw.startswith(b'{"data":' + written + b',"id":'):
        raise StatementError(
            f"the data of {statement.type} is not written as its model writes it",
            got=orjson.dumps(statement.data).decode(),
            expected=written.decode(),
            todo="Leave out what is at its default; `school-ledger draft` does.",
        )


def admit_lines(lines: list[bytes]) -> list[Admitted | Refused]:
    """Admit each line of JSON by itself; a line that fails is refused, the others go on."""
    return [_admit_line(line) for line in lines]


def _admit_line(line: bytes) -> Admitted | Refused:
    try:
        return admit(parse_submission(line))
    except RefusedError as error:
        return Refused(error.event, error.reasons)
    except LedgerError as error:
        return Refused("the line", (str(error).rstrip("."),))

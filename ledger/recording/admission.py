"""Admission: all that can be judged of a submission by itself, without the record.

Bytes, signature, model, sealed text. Bulk appending does this in worker processes; what comes back
is small enough to send between them.
"""

from __future__ import annotations

from typing import NamedTuple

import orjson

from ledger.errors import LedgerError, RefusedError, StatementError
from ledger.format import sshsig
from ledger.format.entry import (
    Submission,
    entry_tags,
    parse_event,
    parse_signature,
    parse_submission,
    write_entry,
)
from ledger.format.patterns import LONGEST_FAST, grammar_of
from ledger.format.sealed import Disclosure, mismatches
from ledger.format.statement import NAMESPACE, Statement, parse, unreadable_text
from ledger.format.tags import tags_by_pattern

# Patterns are of whole entries; when one would be recorded does not matter to its form.
_ANY_TIME = "2000-01-01T00:00:00Z"


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
    return _admit_by_pattern(submission) or _admit_strictly(submission)


def _admit_by_pattern(submission: Submission) -> Admitted | None:
    """Admit a statement that its event's pattern fits; None for anything odd.

    A pattern takes less than the strict reader, never more (`ledger.format.patterns`), at a third
    of the time. What does not fit is for the strict reader, which says what is wrong with it.
    """
    statement = submission.statement
    grammar = grammar_of(statement[statement.rfind(b'"type":"') + 8 : -2])
    if grammar is None or grammar.deep or len(statement) > LONGEST_FAST:
        return None
    match = grammar.pattern.fullmatch(write_entry(_ANY_TIME, submission.signature, statement))
    if match is None or any(not d.value.isascii() for d in submission.disclosures):
        return None
    groups = match.groups()
    event, office = groups[-7], groups[-5]
    sealed = {
        pointer: groups[group - 1].decode()
        for pointer, group in grammar.sealed
        if groups[group - 1] is not None
    }
    if unreadable_text(tuple(d.value for d in submission.disclosures)):
        return None
    if mismatches(event.decode(), sealed, submission.disclosures):
        return None
    public = sshsig.verify_blob(statement, parse_signature(submission.signature), NAMESPACE)
    key = f"key:{public.fingerprint}"
    tags = tags_by_pattern(event, office, key, statement)
    return Admitted(
        event.decode(), statement, submission.signature, key, tags, submission.disclosures
    )


def _admit_strictly(submission: Submission) -> Admitted:
    statement = parse(submission.statement)
    public = sshsig.verify_blob(statement.raw, parse_signature(submission.signature), NAMESPACE)
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
    event = parse_event(statement.type, statement.data)
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

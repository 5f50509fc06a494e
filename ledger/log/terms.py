"""Which log key anchors which checkpoints, where the log's key was replaced.

By LogKeyChanged at entry P the log takes another key: the former one signs a checkpoint of P
entries, which covers the change, and none that is larger; the new one signs from there on
(docs/reference/format.md, *Log*). So whoever gets hold of a key that was replaced can sign nothing
that anybody believes of what came later::

    opened = open_in_term(note, [Term(first, 0, 412), Term(second, 412, None)])
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ledger.errors import NoteError
from ledger.log.checkpoint import OpenedCheckpoint, open_checkpoint

__all__ = ["Term", "open_in_term", "terms_of"]


class Term(NamedTuple):
    """A verifier key of the log, and the sizes of checkpoints that it anchors, both inclusive."""

    key: str
    first: int
    last: int | None


def terms_of(named: Iterable[tuple[str, int]]) -> tuple[Term, ...]:
    """Return the terms of log keys, from each with the position that named it, in order."""
    keys = list(named)
    last: list[int | None] = [*(position for _, position in keys[1:]), None]
    first = [0, *(position for _, position in keys[1:])]
    return tuple(Term(key, first[n], last[n]) for n, (key, _) in enumerate(keys))


def open_in_term(note: bytes, terms: Iterable[Term]) -> tuple[OpenedCheckpoint, Term]:
    """Open a checkpoint by the key whose term it falls in; raise NoteError if there is none."""
    failed: NoteError | None = None
    for term in reversed(tuple(terms)):
        try:
            found = open_checkpoint(note, term.key)
        except NoteError as error:
            failed = failed or error
            continue
        size = found.checkpoint.size
        if term.first <= size and (term.last is None or size <= term.last):
            return found, term
        raise _out_of_term(size, term)
    raise failed or NoteError("the record names no log key")


def _out_of_term(size: int, term: Term) -> NoteError:
    if term.last is not None and size > term.last:
        return NoteError(
            f"it is signed with a log key that was replaced at entry {term.last}",
            got=f"a checkpoint of {size} entries by {term.key}",
            expected="one by the key that took its place",
            todo="Ask the log's keeper for a checkpoint by the new key, and how this one came"
            " about: the former key may be in other hands.",
        )
    return NoteError(
        f"it is signed with a log key that came into use at entry {term.first}",
        got=f"a checkpoint of {size} entries by {term.key}",
        expected="one by the key that was in use then",
    )

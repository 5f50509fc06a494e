"""Whether the rules of this release would record each entry where it stands.

One that they would refuse is *irregular*: named with every reason, and no fault. One recorded
before a rule became stricter kept the rules of its day: it is told apart, as a note
(docs/reference/format.md, *Irregular entries*). Either counts, as every fold counts it, so what
follows is judged by what the answers say as well::

    regularity = Regularity(source, judge)
    for chunk, told in paired(source.chunks(), inspect_chunks):
        findings += judge.take(chunk, told)
        findings += regularity.take(chunk, told)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ledger.audit.by_entry import Finding, Inspected
from ledger.audit.in_order import Judge
from ledger.audit.source import Chunk, Source
from ledger.decision_model.facts import Book
from ledger.decision_model.stricter import of_its_day
from ledger.domain.decide import FAMILIES, judge_rules
from ledger.errors import StoreError
from ledger.format.entry import Entry, read_validated_entry
from ledger.log.merkle import leaf_hash
from ledger.recording.cited import Before, cited_faults
from ledger.recording.posted import Posted, owed_in

__all__ = ["EARLIER_RULES", "IRREGULAR", "Regularity"]

IRREGULAR = "irregular"
"""The name of the check, and of the mark in reports."""
EARLIER_RULES = "earlier rules"
"""The name of the check where an entry kept the rules of its day, which were less strict."""


class Regularity:
    """One pass over a whole record beside a judge's, with every fact kept current.

    What the judge finds faulty is neither judged again nor counted: nobody had the authority to
    say it, or nobody signed these bytes.
    """

    def __init__(self, source: Source, judge: Judge) -> None:
        """Begin before the first entry."""
        self._source = source
        self._judge = judge
        self._book = Book(self._read, complete=FAMILIES, first=self._first)
        self._workings = judge.workings
        self._posted = Posted(self._book.look, self._workings)
        self._owed = owed_in(self._workings)
        self._latest = ""

    def take(self, rows: Chunk, told: Inspected) -> Iterator[Finding]:
        """Judge a chunk of entries that the judge took just before, in order."""
        restarts = dict(self._judge.restarts)
        for (position, data), leaf in zip(rows, told.leaves, strict=True):
            if position in self._judge.faulty:
                continue
            if leaf_hash(data) != leaf:
                raise StoreError(
                    f"entry {position} was changed while the record was read",
                    todo="Run it again; if it says so again, somebody is changing the file.",
                )
            entry = read_validated_entry(position, data)
            self._latest = restarts.get(position) or max(self._latest, entry.recorded_at)
            entry.recorded_at = self._latest
            reasons = judge_rules(entry, self._book.look)
            before = min(position - 1, self._judge.nodes.size())
            reasons += cited_faults(entry, Before(before, self._judge.root, self._owed))
            for reason in reasons:
                yield _finding(entry, reason)
            self._apply(entry)

    def _apply(self, entry: Entry[Any]) -> None:
        self._workings.note_tags(entry)
        self._posted.post(entry)
        self._book.apply(entry)

    def _first(self, tag: str, before: int) -> Entry[Any] | None:
        """Read the event of a tag itself, unless it comes later or counts for nothing."""
        position = self._judge.position_of(tag.partition(":")[2])
        if position is None or position >= before or position in self._judge.faulty:
            return None
        return read_validated_entry(position, self._source.raw(position))

    def _read(self, tag: str, types: Sequence[str], before: int | None) -> list[Entry[Any]]:
        """Read a thread again: hardly any fact is not kept, but a withdrawal changes many."""
        return [
            read_validated_entry(position, self._source.raw(position))
            for position in self._workings.thread(tag, types, before)
        ]


def _finding(entry: Entry[Any], reason: str) -> Finding:
    since = of_its_day(reason, entry.recorded_on)
    if since is None:
        return Finding(IRREGULAR, entry.position, entry.id, str(reason), "advice")
    sentence = f"it kept the rules of its day; since {since.release} ({since.day}): {reason}"
    return Finding(EARLIER_RULES, entry.position, entry.id, sentence, "note")

"""Checking a whole ledger again, by itself: every finding at once, each with the entry it is of.

::

    >>> check(ledger)
    [Finding(check='signature', position=7, event='0193…', sentence='…', severity='fault')]

The record itself is judged by `ledger.audit.in_order` and `ledger.audit.regularity`, as it is in a
bundle. Here also what a
database keeps beside it: under what each entry is filed, the stored tree, the vault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, takewhile
from typing import Any, NamedTuple

from ledger.audit.by_entry import ERASED, Finding, Inspected, Row, inspect_rows, inspect_with_tags
from ledger.audit.continuity import goes_on
from ledger.audit.in_order import Judge
from ledger.audit.regularity import Regularity
from ledger.audit.sealed_fields import Field
from ledger.audit.source import Chunk, InspectChunks, chunked, paired, share_of
from ledger.errors import LedgerError, StoreError
from ledger.format.entry import read_entry
from ledger.format.statement import tree_head
from ledger.log.merkle import Nodes
from ledger.progress import Progress
from ledger.recording.application import Ledger
from ledger.store import EntryStore, open_store
from ledger.store.base import COSIGNED, NAMES, SIGNED

__all__ = [
    "Finding",
    "InspectChunks",
    "Inspected",
    "Kept",
    "StoreSource",
    "VaultTexts",
    "check",
    "check_store",
]

_NODES = 2_000
_MOST_AHEAD = 20_000
_MOST_DIGITS = 16
_MISREAD = (LedgerError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_NOT_FOUND = "reading by tag does not find it as it is filed"


class Kept(NamedTuple):
    """A checkpoint that somebody kept: where, as people call it, and its bytes.

    Read before the check begins, so that it is of no entries that were recorded meanwhile.
    """

    what: str
    note: bytes


def inspect_here(chunks: Iterable[Chunk]) -> Iterable[Inspected]:
    """Inspect chunks in this process, with their tags."""
    return map(inspect_with_tags, chunks)


def inspect_plainly(chunks: Iterable[Chunk]) -> Iterable[Inspected]:
    """Inspect chunks in this process, without their tags."""
    return map(inspect_rows, chunks)


def check(
    ledger: Ledger,
    progress: Progress | None = None,
    inspect_chunks: InspectChunks = inspect_here,
) -> list[Finding]:
    """Return everything found in a whole ledger; nothing for one that verifies.

    `progress(done, total)` is called every now and then; `inspect_chunks` may share the
    inspection of entries out among processes, as `ledger.audit.processes` does, and tells their
    tags.
    """
    return check_store(ledger.store, progress, inspect_chunks)


def check_store(
    store: EntryStore,
    progress: Progress | None = None,
    inspect_chunks: InspectChunks = inspect_here,
    kept: Iterable[Kept] = (),
) -> list[Finding]:
    """Return the same of a store, whatever is in it: a ledger that cannot be opened too.

    The record is held against each checkpoint that was kept of it elsewhere.
    """
    findings = list(_damage(store))
    if not findings:
        return _found(store, progress, inspect_chunks, kept)
    try:
        return findings + _found(store, progress, inspect_chunks, kept)
    except _MISREAD as error:
        # A row that is none, or stands where none should: all that is told of it is the damage.
        sentence = f"it could not be read through: {type(error).__name__}: {error}"
        return [*findings, Finding("database", None, None, sentence)]


def _found(
    store: EntryStore,
    progress: Progress | None,
    inspect_chunks: InspectChunks,
    kept: Iterable[Kept],
) -> list[Finding]:
    source = StoreSource(store)
    judge = Judge(source, VaultTexts(store))
    regularity = Regularity(source, judge)
    findings: list[Finding] = []
    for chunk, told in paired(source.chunks(), inspect_chunks):
        findings += judge.take(chunk, told)
        findings += regularity.take(chunk, told)
        findings += _filed(store, told)
        if progress is not None:
            progress(judge.count, source.head)
    source.note_erased_meanwhile(judge)
    findings += judge.missing()
    findings += _cut(judge, source.head)
    for one in kept:
        findings += goes_on(judge, source, one.note, one.what)
    return [
        *findings,
        *_values(source, store, judge),
        *_misfiled(store),
        *_stored_log(source, store.log, judge),
        *_leftovers(source, store, judge),
    ]


class StoreSource:
    """A ledger's store, as a source of entries; what a hostile hand put there is still bytes.

    It goes up to the last entry that is there when it is made, `head`. Others may be recording
    meanwhile: each entry of theirs appears together with its text and its nodes of the log.
    """

    def __init__(self, store: EntryStore) -> None:
        self._store = store
        self.head = store.head()

    def rows(self) -> Iterator[Row]:
        """Go through the entries."""
        return takewhile(lambda row: row[0] <= self.head, self._store.entries())

    def recorded_meanwhile(self) -> int:
        """Return how many entries were recorded after the last of these."""
        return max(0, self._store.head() - self.head)

    def names_meanwhile(self, event: str) -> bool:
        """Tell whether an entry that was recorded meanwhile has or names an event's id."""
        return bool(self._store.by_tag(f"event:{event}", after=self.head))

    def note_erased_meanwhile(self, judge: Judge) -> None:
        """Let a judge know of texts that were there when their entries were, and were erased."""
        for row in self._store.by_types([ERASED], after=self.head):
            judge.note_erased(read_entry(*row))

    def chunks(self) -> Iterator[Chunk]:
        """Go through the same in chunks; each is read where it is inspected, if it can be."""
        head, after = self.head, 0
        if self._store.path is None:
            yield from chunked(self.rows(), head)
            return
        # Each begins with an entry that is there, so that no gap is gone through.
        while (row := next(self._store.entries(after, 1), None)) is not None and row[0] <= head:
            after = min(head, row[0] + share_of(head - after) - 1)
            yield Span(self._store, row[0], after)

    def raw(self, position: int) -> bytes:
        """Return the bytes of one entry."""
        for _, data in self._store.entries(position - 1, 1):
            return data
        raise StoreError(f"entry {position} was there and is not any more")

    def thread(self, tag: str, types: Sequence[str], before: int) -> Iterable[Row]:
        """Return entries by the tags that they are filed under, which are checked as well."""
        return self._store.by_tag(tag, types, before=before)


class Span:
    """The entries of a store from a first to a last position, read wherever they are gone through.

    Another process is sent where they are, and opens the store for itself.
    """

    def __init__(self, store: EntryStore, first: int, last: int) -> None:
        self._store = store
        self._first = first
        self._last = last

    def __iter__(self) -> Iterator[Row]:
        first, last = self._first, self._last
        for position, data in self._store.entries(first - 1, last - first + 1):
            if position <= last:
                yield position, data

    def __reduce__(self) -> tuple[Any, ...]:
        return _span, (self._store.path, self._first, self._last)


def _span(path: str, first: int, last: int) -> Span:
    return Span(_opened(path), first, last)


@lru_cache(maxsize=1)
def _opened(path: str) -> EntryStore:
    """Open a store in a process that inspects, for as long as that runs."""
    return open_store(path, read_only=True)


class VaultTexts:
    """The vault of a store, as what opens sealed fields: nothing there is withheld.

    Texts were put there in the order of the entries that seal them, so they are mostly found by
    reading on; what is not is asked for.
    """

    def __init__(self, store: EntryStore) -> None:
        self._vault = store.vault
        self._rest = store.vault.all()
        self._asked: dict[str, None] = {}
        self._found: dict[str, dict[str, tuple[bytes, str]]] = {}

    def begin(self, events: Sequence[str]) -> None:
        """Read on by as many texts as there are fields, and ask for what is not among them."""
        for event in self._asked:
            self._found.pop(event, None)
        if len(self._found) > _MOST_AHEAD:
            self._found.clear()
        for event, pointer, salt, text in islice(self._rest, len(events)):
            self._found.setdefault(event, {})[pointer] = salt, text
        self._asked = dict.fromkeys(events)
        absent = [event for event in self._asked if event not in self._found]
        if absent:
            self._found.update(self._vault.get_many(absent))

    def find(self, event: str, pointer: str) -> tuple[bytes, str] | None:
        """Return salt and text of a sealed field."""
        found = self._found.get(event)
        if found is not None and pointer not in found:
            # Its other texts were the last that were read.
            found = self._found[event] = self._vault.get(event)
        return None if found is None else found.get(pointer)

    def is_withheld(self, event: str, pointer: str) -> bool:  # noqa: ARG002 - the protocol's
        """Tell that nothing is: a ledger keeps no text back from itself."""
        return False


def _filed(store: EntryStore, told: Inspected) -> Iterator[Finding]:
    """Find entries that are filed under what their bytes do not say."""
    if not told.positions:
        return
    first, last = told.positions[0], told.positions[-1]
    try:
        filed = store.filed(first, last)
    except (LedgerError, ValueError) as error:
        yield Finding("tags", first, None, f"what it is filed under cannot be read: {error}")
        return
    for position, event, expected in zip(told.positions, told.ids, told.filed, strict=True):
        name, tags = filed.get(position, ("", []))
        if expected and _as_filed(name, tags) != expected:
            wrong = sorted(set(map(str, tags)) ^ set(expected.split("\n")[1:]))
            if name != expected.partition("\n")[0]:
                wrong.append(f"type {name}")
            shown = ", ".join(wrong[:4]) or "the same tag twice, or in another order"
            sentence = f"it is filed under what its bytes do not say: {shown}"
            yield Finding("tags", position, event, sentence)


def _as_filed(name: object, tags: object) -> str | None:
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        return None
    return "\n".join((str(name), *tags))


def _misfiled(store: EntryStore) -> Iterator[Finding]:
    """Find entries that reading by tag would miss, or find where they do not belong."""
    try:
        positions = store.misfiled()
    except LedgerError as error:
        yield Finding("tags", None, None, f"what entries are filed under cannot be read: {error}")
        return
    yield from (Finding("tags", position, None, _NOT_FOUND) for position in positions)


def _cut(judge: Judge, head: int) -> Iterator[Finding]:
    if judge.count != head and head > 0:
        yield Finding(
            "positions",
            None,
            None,
            f"the ledger says that it holds {head} entries, and {judge.count} are there",
        )


def _damage(store: EntryStore) -> Iterator[Finding]:
    """Find what the database itself finds wrong."""
    try:
        yield from (Finding("database", None, None, sentence) for sentence in store.damage())
    except (LedgerError, TypeError, ValueError) as error:
        yield Finding("database", None, None, f"it cannot be read through: {error}")


def _values(source: StoreSource, store: EntryStore, judge: Judge) -> Iterator[Finding]:
    """Find named values that nothing here keeps, and what was signed if it is not of this tree."""
    try:
        values = store.meta.all()
    except (LedgerError, ValueError) as error:
        yield Finding("values", None, None, f"the named values cannot be read: {error}")
        return
    for name in sorted(values.keys() - NAMES):
        sentence = f"a value is kept under a name that nothing has here: {name[:60]!r}"
        yield Finding("values", None, None, sentence)
    for name in (SIGNED, COSIGNED):
        if name in values and not _is_of(source, judge, values[name].partition(" ")[0]):
            sentence = f"{name} names a place that is not in this history: {values[name]}"
            yield Finding("values", None, None, sentence)


def _is_of(source: StoreSource, judge: Judge, head: str) -> bool:
    said = head.partition(":")[0]
    if not said.isascii() or not said.isdecimal() or len(said) > _MOST_DIGITS:
        return False
    size = int(said)
    if size > judge.count:  # signed meanwhile, of what was recorded meanwhile
        return size <= judge.count + source.recorded_meanwhile()
    return head == tree_head(size, judge.root(size))


def _stored_log(source: StoreSource, log: Nodes, judge: Judge) -> Iterator[Finding]:
    """Compare every node of the stored log with the tree over the entries read."""
    try:
        yield from _nodes_differing(source, log, judge)
    except (LedgerError, TypeError, ValueError) as error:
        yield Finding("log", None, None, f"the stored log cannot be read: {error}")


def _nodes_differing(source: StoreSource, log: Nodes, judge: Judge) -> Iterator[Finding]:
    size, stored = judge.nodes.size(), log.size()
    if not size <= stored <= size + source.recorded_meanwhile():
        sentence = f"the log holds {stored} entries, the store {size}"
        yield Finding("log", None, None, sentence)
    for level in range(size.bit_length()):
        made = judge.nodes.length(level)
        for start in range(0, made, _NODES):
            part = judge.nodes.nodes(level, start, start + _NODES)
            kept = log.get_many([(level, index) for index in range(start, start + len(part))])
            for index, (one, other) in enumerate(zip(kept, part, strict=True), start):
                if one != other and (level or index < stored):
                    yield _node_differs(level, index, missing=one is None)
        stands = level and log.get(level, made) is not None
        if stands and (made + 1) << level > size + source.recorded_meanwhile():
            sentence = f"the log holds a node at level {level} that no entries stand under"
            yield Finding("log", None, None, sentence)


def _node_differs(level: int, index: int, *, missing: bool) -> Finding:
    first, last = (index << level) + 1, (index + 1) << level
    if level == 0:
        sentence = "its bytes are not those that the log holds a hash of"
        return Finding("log", first, None, sentence)
    what = "is missing" if missing else "is not the hash of what stands under it"
    sentence = f"the log's node over entries {first} to {last} {what}"
    return Finding("log", last, None, sentence)


def _leftovers(source: StoreSource, store: EntryStore, judge: Judge) -> Iterator[Finding]:
    """Find texts that open no sealed field of the record, or that should have been erased."""
    tally = judge.texts

    def is_known(field: Field) -> bool:
        return field in tally.mismatching or judge.workings.is_opened(field)

    for event, pointer, _, _ in store.vault.all():
        field = Field(event, pointer)
        if field in tally.erased:
            sentence = f"the text of {pointer} was erased by a later event, and is still kept"
            yield Finding("sealed text", judge.position_of(event), event, sentence)
        elif not (is_known(field) or source.names_meanwhile(event)):
            sentence = f"the vault holds a text for {pointer} of an event that seals none there"
            yield Finding("sealed text", None, event, sentence, "advice")

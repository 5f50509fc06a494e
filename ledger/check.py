"""Checking a whole record again, by itself: every finding at once, each with the entry it is of.

::

    >>> check(ledger)
    [Finding(check='signature', position=7, event='0193…', sentence='…', severity='fault')]

Bytes, signatures, tags, the tree, what each signer saw, authority from earlier entries alone, and
sealed text against the vault. Domain rules are not judged again: they held when recording, and a
rule made stricter since refuses nobody's past.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

from ledger import sshsig
from ledger.application import Ledger
from ledger.decisions import judge_authority
from ledger.entry import Entry, entry_tags, parse_entry, read_entry, read_event, read_signature
from ledger.errors import LedgerError, ProofError
from ledger.facts import ledgers, offices, parties, schools, support, things
from ledger.facts.base import Book
from ledger.log.merkle import EMPTY_ROOT, MemoryNodes, Tree, leaf_hash
from ledger.sealed import Disclosure, commitment
from ledger.statement import NAMESPACE, Statement, tree_head
from ledger.store.base import EntryStore

_CHUNK = 1_000
#: The facts that authority is judged by.
_FAMILIES = (
    ledgers.FOUNDED,
    offices.KEY,
    offices.OFFICE,
    offices.PERSON,
    parties.BODY,
    schools.SCHOOL,
    schools.CONCERN,
    support.VISIT,
    things.THING,
    things.THREAD,
)

Severity = Literal["fault", "advice"]


class Finding(NamedTuple):
    """Something found: by which check, at which entry if at one, in words, and how grave.

    A fault means that the record does not verify; advice, that somebody should look.
    """

    check: str
    position: int | None
    event: str | None
    sentence: str
    severity: Severity = "fault"


class Inspected(NamedTuple):
    """What an entry's own bytes tell: its leaf hash, and what is wrong with it by itself."""

    position: int
    event: str | None
    name: str
    leaf: bytes
    tags: list[str]
    sealed: dict[str, str]
    findings: list[Finding]


Row = tuple[int, bytes]


def inspect_rows(rows: Sequence[Row]) -> list[Inspected]:
    """Inspect entries by themselves: form, signature, model. May run in other processes."""
    return [_inspect(position, data) for position, data in rows]


def _inspect(position: int, data: bytes) -> Inspected:
    leaf = leaf_hash(data)
    try:
        parts = parse_entry(data)
    except LedgerError as error:
        fault = Finding("bytes", position, None, str(error))
        return Inspected(position, None, "", leaf, [], {}, [fault])
    said = parts.statement
    findings = list(_unreadable(position, said))
    key = ""
    try:
        public = sshsig.verify_blob(said.raw, read_signature(parts.signature), NAMESPACE)
        key = f"key:{public.fingerprint}"
    except LedgerError as error:
        findings.append(Finding("signature", position, said.id, str(error)))
    tags = entry_tags(said, key)
    return Inspected(position, said.id, said.name, leaf, tags, said.sealed, findings)


def _unreadable(position: int, said: Statement) -> Iterator[Finding]:
    try:
        read_event(said.type, said.data)
    except LedgerError as error:
        yield Finding("model", position, said.id, str(error))


def check(
    ledger: Ledger,
    progress: Callable[[int, int], None] | None = None,
    inspect_chunks: Callable[[Iterable[list[Row]]], Iterable[list[Inspected]]] = lambda chunks: map(
        inspect_rows, chunks
    ),
) -> list[Finding]:
    """Return everything found in a whole record; nothing for one that verifies.

    `progress(done, total)` is called every now and then; `inspect_chunks` may share the
    inspection of entries out among processes.
    """
    run = _Run(ledger, ledger.store.head(), progress)
    findings: list[Finding] = []
    for rows, inspected in _paired(_chunked(ledger.store), inspect_chunks):
        findings += run.chunk(rows, inspected)
    return [*findings, *run.misfiled(), *run.stored_log(), *run.vault_leftovers()]


def _chunked(store: EntryStore) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    for row in store.entries():
        chunk.append(row)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _paired(
    chunks: Iterable[list[Row]],
    inspect_chunks: Callable[[Iterable[list[Row]]], Iterable[list[Inspected]]],
) -> Iterator[tuple[list[Row], list[Inspected]]]:
    held: list[list[Row]] = []

    def kept() -> Iterator[list[Row]]:
        for chunk in chunks:
            held.append(chunk)
            yield chunk

    for inspected in inspect_chunks(kept()):
        yield held.pop(0), inspected


class _Run:
    """One pass over the record: a book and a tree built from nothing but the entries read."""

    def __init__(
        self, ledger: Ledger, total: int, progress: Callable[[int, int], None] | None
    ) -> None:
        self._store = ledger.store
        self._total = total
        self._progress = progress
        self._book = Book(self._thread, complete=_FAMILIES)
        self._tree = Tree(MemoryNodes())
        self._events: dict[str, int] = {}
        self._sealed: set[tuple[str, str]] = set()
        self._position = 0

    def _thread(self, tag: str, types: Sequence[str], before: int | None) -> list[Entry[Any]]:
        return [read_entry(*row) for row in self._store.by_tag(tag, types, before=before)]

    def chunk(self, rows: list[Row], inspected: list[Inspected]) -> Iterator[Finding]:
        """Check a chunk of entries, in order, each against those before it."""
        filed = self._store.filed(rows[0][0], rows[-1][0])
        texts = self._store.vault.get_many(i.event for i in inspected if i.sealed and i.event)
        for (position, data), own in zip(rows, inspected, strict=True):
            yield from own.findings
            yield from self._place(position, own)
            if own.event is not None:
                yield from self._tags(own, *filed[position])
                yield from self._text(own, texts.get(own.event, {}))
            if not own.findings:
                yield from self._against_the_past(position, data)
            self._tree.append([own.leaf])
        if self._progress is not None:
            self._progress(self._position, self._total)

    def _place(self, position: int, own: Inspected) -> Iterator[Finding]:
        self._position += 1
        if position != self._position:
            yield Finding(
                "positions",
                position,
                own.event,
                f"entry {position} stands where entry {self._position} should: one was removed"
                " or renumbered",
            )
            self._position = position
        if own.event in self._events:
            first = self._events[own.event]
            yield Finding(
                "identity", position, own.event, f"its id stands already at position {first}"
            )
        elif own.event is not None:
            self._events[own.event] = position

    def _tags(self, own: Inspected, name: str, tags: list[str]) -> Iterator[Finding]:
        wrong = sorted(set(tags) ^ set(own.tags))
        if name != own.name:
            wrong.append(f"type {name}")
        if wrong:
            sentence = f"it is filed under what its bytes do not say: {', '.join(wrong[:4])}"
            yield Finding("tags", own.position, own.event, sentence)

    def misfiled(self) -> Iterator[Finding]:
        """Find entries that reading by tag would miss, or find where they do not belong."""
        for position in self._store.misfiled():
            yield Finding("tags", position, None, "reading by tag does not find it as it is filed")

    def _text(self, own: Inspected, texts: dict[str, tuple[bytes, str]]) -> Iterator[Finding]:
        for pointer, sealed in own.sealed.items():
            found = texts.get(pointer)
            self._sealed.add((own.event or "", pointer))
            if found is None:
                yield Finding(
                    "sealed text", own.position, own.event, f"the text of {pointer} is missing"
                )
            elif commitment(Disclosure(own.event or "", pointer, *found)) != sealed:
                yield Finding(
                    "sealed text",
                    own.position,
                    own.event,
                    f"the text kept for {pointer} is not the text that was sealed",
                )

    def _against_the_past(self, position: int, data: bytes) -> Iterator[Finding]:
        entry = read_entry(position, data)
        for reason in judge_authority(entry, self._book.look):
            yield Finding("authority", position, entry.id, reason)
        size = int(entry.seen.partition(":")[0])
        if size >= position or (size == 0) != (position == 1):
            yield Finding(
                "seen", position, entry.id, f"its signer saw {size} entries, not yet recorded"
            )
        elif entry.seen != tree_head(size, self._tree.root(size) if size else EMPTY_ROOT):
            yield Finding(
                "seen",
                position,
                entry.id,
                f"its signer saw another history: {entry.seen}; here the root at size {size} is"
                f" {tree_head(size, self._tree.root(size))}. An entry up to {size} was changed,"
                " removed or put in",
            )
        self._book.apply(entry)

    def stored_log(self) -> Iterator[Finding]:
        """Compare the stored log with the tree over the entries read."""
        try:
            stored = Tree(self._store.log)
            same = stored.size == self._tree.size and stored.root() == self._tree.root()
        except ProofError as error:
            yield Finding("log", None, None, str(error))
            return
        if same:
            return
        leaves = self._store.log.leaves(0, stored.size)
        rebuilt = self._leaves()
        for index, (kept, made) in enumerate(zip(leaves, rebuilt, strict=False)):
            if kept != made:
                yield Finding(
                    "log", index + 1, None, "its bytes are not those that the log holds a hash of"
                )
        if stored.size != self._tree.size:
            yield Finding(
                "log",
                None,
                None,
                f"the log holds {stored.size} entries, the store {self._tree.size}",
            )

    def _leaves(self) -> Iterator[bytes]:
        return (leaf_hash(data) for _, data in self._store.entries())

    def vault_leftovers(self) -> Iterator[Finding]:
        """Find texts that open no sealed field of the record."""
        for event, pointer, _, _ in self._store.vault.all():
            if (event, pointer) not in self._sealed:
                yield Finding(
                    "sealed text",
                    None,
                    event,
                    f"the vault holds a text for {pointer} of an event that seals none there",
                    "advice",
                )

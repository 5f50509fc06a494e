"""Moving house: a record as lines of a file, and those lines as a record again.

::

    for line in entry_lines(ledger.store): file.write(line)
    loaded = load(empty_store, Path("entries.jsonl"), Wanted(size, root))

Everything is verified before anything is kept: a file that does not verify, or is not of the
history that the caller holds, leaves the store as empty as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import orjson

from ledger.audit.by_entry import Finding, Row
from ledger.audit.check import StoreSource, inspect_plainly
from ledger.audit.in_order import Judge
from ledger.audit.regularity import Regularity
from ledger.audit.sealed_fields import Field, erased_fields
from ledger.audit.source import InspectChunks, chunked, paired
from ledger.bundle.filing import filed
from ledger.bundle.line_index import Rereading
from ledger.errors import BundleError, LedgerError, StoreError
from ledger.files import opened
from ledger.format.entry import LONGEST, parse_entry, read_entry
from ledger.format.sealed import Disclosure, commitment, parse_disclosure
from ledger.format.statement import tree_head
from ledger.log.merkle import Tree, leaf_hash
from ledger.log.terms import Term, terms_of
from ledger.progress import Progress
from ledger.store.base import EntryStore, Text
from ledger.texts import as_line, refuse_misgiven

__all__ = ["Loaded", "Wanted", "entry_lines", "keep", "load", "log_terms_in", "text_lines"]

_NAMING_KEYS = (b'"type":"LedgerFounded.v1"', b'"type":"LogKeyChanged.v1"')
_MOST_TEXT = 150_000
_ZIPPED = b"PK\x03\x04"
_BEGIN_BYTES = 100
_AROUND = 6
"""A byte order mark, a carriage return and a newline more than a line may be long, and one."""


class Wanted(NamedTuple):
    """A tree head that somebody holds, and that a record must reproduce."""

    size: int
    root: bytes


class Loaded(NamedTuple):
    """What was loaded; with findings, nothing was."""

    size: int
    root: bytes
    findings: tuple[Finding, ...]
    texts: int
    missing: int


def entry_lines(store: EntryStore) -> Iterator[bytes]:
    """Write every entry as a line, as it was recorded."""
    return (data + b"\n" for _, data in StoreSource(store).rows())


def text_lines(store: EntryStore) -> Iterator[bytes]:
    """Write the text of every sealed field that is kept, and was not erased, as a line."""
    erased = erased_fields(store)
    for text in store.vault.all():
        said = Disclosure(*text)
        if Field(said.event, said.pointer) not in erased:
            yield orjson.dumps(said.as_json(), option=orjson.OPT_SORT_KEYS) + b"\n"


def load(  # noqa: PLR0913 - what to load, where to, and what it is compared with
    store: EntryStore,
    entries: Path,
    wanted: Wanted | None = None,
    texts: Path | None = None,
    *,
    progress: Progress | None = None,
    inspect_chunks: InspectChunks = inspect_plainly,
) -> Loaded:
    """Load the lines of a file into an empty store, after verifying all of them.

    Texts that open no sealed field, or that a later event erased, are left out. Raises StoreError
    for a store that is not empty, FileError or BundleError for a file that cannot be read.
    """
    if store.head() or store.log.size():
        raise StoreError(
            "the ledger to load into is not empty",
            got=f"{store.head()} entries",
            todo="Load into a new one: name a path at which nothing is.",
        )
    with _EntryFile(entries) as file:
        judge = Judge(file)
        findings = list(_verified(file, judge, wanted, progress, inspect_chunks))
        root = judge.root(judge.count)
        if any(finding.severity == "fault" for finding in findings):
            return Loaded(judge.count, root, tuple(findings), 0, 0)
        kept = [] if texts is None else list(_texts(texts, judge, file))
        keep(store, file.rows(), kept, root)
    erased = judge.texts.erased.keys()
    missing = judge.texts.withheld - len(kept) - len(erased)
    return Loaded(judge.count, root, tuple(findings), len(kept), max(0, missing))


def _verified(
    file: _EntryFile,
    judge: Judge,
    wanted: Wanted | None,
    progress: Progress | None,
    inspect_chunks: InspectChunks,
) -> Iterator[Finding]:
    regularity = Regularity(file, judge)
    for rows, told in paired(chunked(file.rows()), inspect_chunks):
        yield from judge.take(rows, told)
        yield from regularity.take(rows, told)
        if progress is not None:
            progress(judge.count, judge.count + 1)
    if judge.count == 0:
        yield Finding("positions", None, None, "there is no entry in the file")
    if wanted is None:
        return
    if wanted.size > judge.count:
        sentence = f"the file ends at entry {judge.count}; you hold a root over {wanted.size}"
        yield Finding("root", None, None, sentence)
    elif judge.root(wanted.size) != wanted.root:
        here = tree_head(wanted.size, judge.root(wanted.size))
        sentence = (
            f"the root that you hold is not reproduced: an entry up to {wanted.size} was changed,"
            f" removed or put in. Keep both as evidence:\n  held: {tree_head(*wanted)}\n"
            f"  here: {here}"
        )
        yield Finding("root", None, None, sentence)


def log_terms_in(path: Path) -> tuple[Term, ...]:
    """Return the terms of log keys that entries of a file name; nothing is verified yet."""
    return terms_of(_log_keys_in(path))


def _log_keys_in(path: Path) -> Iterator[tuple[str, int]]:
    for position, line in enumerate(_lines(path, LONGEST), 1):
        if any(name in line for name in _NAMING_KEYS):
            with suppress(LedgerError, ValueError, LookupError, TypeError):
                yield read_entry(position, as_line(line)).data["log_key"], position


class _EntryFile(Rereading):
    """A file of entries, one a line."""

    def __init__(self, path: Path) -> None:
        super().__init__(opened(path), f"file {path}", between=len(b"\n"))
        self._path = path

    def rows(self) -> Iterator[Row]:
        """Go through the lines from the first."""
        self._forget()
        for position, line in enumerate(_lines(self._path, LONGEST), 1):
            self._note(position, len(line))
            yield position, as_line(line)

    def raw(self, position: int) -> bytes:
        """Return the bytes of one entry that was read already."""
        return as_line(super().raw(position))


def _lines(path: Path, longest: int) -> Iterator[bytes]:
    """Go through a file's lines, split at newlines only, each without its own."""
    with opened(path) as file:
        begin = file.read(_BEGIN_BYTES)
        refuse_misgiven(begin, str(path))
        if begin.startswith(_ZIPPED):
            raise BundleError(
                f"{path} is a bundle, or another zip archive",
                expected="a file of lines",
                todo=f"A bundle of a whole record holds one: `unzip {path} entries.jsonl`.",
            )
        file.seek(0)
        number, most = 0, longest + _AROUND
        while line := file.readline(most):
            number += 1
            if number == 1:
                _check_first(line, path)
            if not line.endswith(b"\n") and (len(line) == most or not _is_whole(line)):
                long = len(line) == most
                what = f"is over {longest:,} bytes long" if long else "is cut short"
                raise BundleError(
                    f"line {number} of {path} {what}", todo="Fetch the file again, whole."
                )
            yield line.removesuffix(b"\n")


def _check_first(line: bytes, path: Path) -> None:
    """Refuse a file of anything else: it says nothing of a record."""
    if not as_line(line).startswith(b"{"):
        raise BundleError(
            f"{path} is no file of lines of JSON",
            got=line[:60].decode("utf-8", "backslashreplace").strip(),
            expected="lines as `school-ledger export entries -o FILE` writes them",
        )


def _is_whole(line: bytes) -> bool:
    """Tell whether the last line holds all that it should, though no newline ends it."""
    try:
        orjson.loads(as_line(line))
    except orjson.JSONDecodeError:
        return False
    return True


def _texts(path: Path, judge: Judge, file: _EntryFile) -> Iterator[Disclosure]:
    """Read the texts that open a sealed field which no later event erased."""
    found: set[Field] = set()
    for number, line in enumerate(_lines(path, _MOST_TEXT), 1):
        try:
            said = parse_disclosure(orjson.loads(as_line(line)))
        except (LedgerError, ValueError) as error:
            raise BundleError(f"line {number} of {path} is no text", got=str(error)) from error
        field = Field(said.event, said.pointer)
        position = judge.position_of(said.event)
        if position is None or field in judge.texts.erased or field in found:
            continue
        sealed = parse_entry(file.raw(position)).statement.sealed
        if said.pointer in sealed and sealed[said.pointer] == commitment(said):
            found.add(field)
            yield said


def keep(store: EntryStore, rows: Iterable[Row], texts: Sequence[Text], root: bytes) -> None:
    """Write a whole record into an empty store at once: entries, their tags, texts and tree.

    Raises StoreError, and keeps nothing, if the tree over the entries has not the root expected.
    """
    with store.writing():
        tree = Tree(store.log)
        if texts:
            store.vault.put(texts)
        for chunk in chunked(rows):
            filings = [filed(data) for _, data in chunk]
            store.append_entries([one.event for one in filings], [one.id for one in filings])
            tree.append([leaf_hash(data) for _, data in chunk])
        if tree.root() != root:
            raise StoreError(
                "the file changed while it was loaded", todo="Nothing was kept. Load it again."
            )

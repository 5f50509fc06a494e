"""The tables of a bundle: folded from its entries by what folds a ledger's.

::

    with answering(Path("b.zip")) as (verdict, store, connection): ...

A part tells who owes what to whom only of the party that it was chosen by: of others it may hold
what opened an obligation and lack what settled it. So it keeps no posting but that party's, and
those of answers for which a claim on one of its obligations waits; of the rest it keeps who owes
and is owed, so that it can say what it does not tell and whose part would. Nor are the rules asked
again, for they ask about entries that a part leaves out.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import UnverifiedError
from ledger.store.base import EntryStore
from projections.tables.catalogue import folding
from projections.tables.layouts import IRREGULAR, LAYOUTS
from projections.tables.views import Views

if TYPE_CHECKING:
    from ledger.bundle import Manifest
    from ledger.verification.verify import Verdict

__all__ = ["Answering", "Extract", "answering", "extract_of", "tables_of"]

_FACT = "extract"
_KEEP = "INSERT OR REPLACE INTO facts VALUES (?, ?)"
_SET_ASIDE = """
    CREATE TABLE untold AS
    WITH own AS (
        SELECT obligation FROM postings WHERE debtor = ?1
        UNION SELECT obligation FROM postings WHERE creditor = ?1)
    SELECT obligation, position, debtor, creditor FROM postings WHERE obligation NOT IN own
      AND obligation NOT IN (SELECT answer FROM claims WHERE obligation IN own)
"""
_OF_OTHERS = "DELETE FROM postings WHERE obligation IN (SELECT obligation FROM untold)"
Progress = Callable[[int, int], None]


class Extract(NamedTuple):
    """The bundle that tables were folded from, as its manifest says; `size` is the record's."""

    kind: str
    size: int
    root: str
    entries: int
    party: str | None
    first: str | None
    last: str | None
    withheld: int
    person: str
    office: str
    exported_at: str

    @property
    def balances_of(self) -> str | None:
        """The only party whose balances it tells; none for a whole record, or a part by a time."""
        chosen = self.kind == "part" and not (self.first or self.last)
        return self.party if chosen else None

    @property
    def tells_balances(self) -> bool:
        """Whether it tells who owes what to whom at all: a person owes nothing."""
        of = self.balances_of
        return self.kind == "whole" or (of is not None and not of.startswith("person:"))


class Answering(NamedTuple):
    """A bundle that verified, its entries as a store, and its tables."""

    verdict: Verdict
    store: EntryStore
    connection: sqlite3.Connection


def extract_of(connection: sqlite3.Connection) -> Extract | None:
    """Return of which bundle these tables are; None for a ledger's."""
    sql = "SELECT value FROM facts WHERE name = ?"
    row = connection.execute(sql, (_FACT,)).fetchone()
    return None if row is None else Extract(**json.loads(row[0]))


@contextmanager
def answering(path: Path, progress: Progress | None = None) -> Iterator[Answering]:
    """Verify a bundle, or that in a pack, and lend what it takes to answer, gone at the end.

    Raises UnverifiedError for one that does not verify.
    """
    from ledger.bundle.pack import BUNDLE  # noqa: PLC0415 - loads the vocabulary
    from ledger.bundle.pack_files import is_pack, open_pack  # noqa: PLC0415 - as above

    if not is_pack(path):
        with _answering(path, path, progress) as told:
            yield told
        return
    with TemporaryDirectory(prefix="school-ledger-pack-") as folder, open_pack(path) as files:
        bundle = Path(folder) / "bundle.zip"
        files.copy(BUNDLE, bundle)
        with _answering(bundle, path, progress) as told:
            yield told


@contextmanager
def _answering(path: Path, named: Path, progress: Progress | None) -> Iterator[Answering]:
    """Do so for a bundle; `named` is the file that it came in."""
    from ledger.audit.processes import inspecting  # noqa: PLC0415 - as above
    from ledger.bundle import Manifest, open_archive  # noqa: PLC0415 - as above
    from ledger.verification.verify import verify_bundle  # noqa: PLC0415 - as above

    with open_archive(path) as archive:
        entries = Manifest.parse(archive.read("manifest.json")).counts.entries
    with inspecting(entries) as inspect_chunks:
        verdict = verify_bundle(path, progress=progress, inspect_chunks=inspect_chunks)
    faults = [finding.sentence for finding in verdict.findings if finding.severity == "fault"]
    if verdict.manifest is None or faults:
        more = f", and {len(faults) - 1} faults more" if len(faults) > 1 else ""
        raise UnverifiedError(
            f"{named} does not verify, so nothing is answered from it: {faults[0]}{more}",
            todo=f"`school-ledger verify {named}` tells every fault.",
        )
    with tables_of(path, verdict.manifest) as (store, connection):
        yield Answering(verdict, store, connection)


@contextmanager
def tables_of(path: Path, manifest: Manifest) -> Iterator[tuple[EntryStore, sqlite3.Connection]]:
    """Lend a store and the tables of a bundle that was verified, or that we have just written."""
    from ledger.bundle.restoring import restored  # noqa: PLC0415 - as above

    # The tables are their owner's alone, as the folder is: the store beside them names people.
    with (
        TemporaryDirectory(prefix="school-ledger-bundle-") as folder,
        restored(path, manifest, Path(folder) / "entries.db") as store,
        _views(store, manifest, Path(folder) / "views").open() as connection,
    ):
        yield store, connection


def _views(store: EntryStore, manifest: Manifest, folder: Path) -> Views:
    told = _told(manifest)
    fold_entries = folding(None, left_out=() if told.kind == "whole" else (IRREGULAR,))

    def fold(connection: sqlite3.Connection, store: EntryStore, after: int, complete: bool) -> None:  # noqa: FBT001 - the shape that views ask for
        fold_entries(connection, store, after, complete)
        if told.kind == "part":
            connection.execute(_SET_ASIDE, (told.party if told.tells_balances else None,))
            connection.execute(_OF_OTHERS)
        connection.execute(_KEEP, (_FACT, json.dumps(told._asdict())))
        # What is known is known up to the checkpoint, whether or not the last entry is here.
        connection.execute("UPDATE state SET value = ? WHERE name = 'folded'", (str(told.size),))

    return Views(store, folder, LAYOUTS, fold)


def _told(manifest: Manifest) -> Extract:
    chosen = manifest.selection.model_dump(mode="json")
    exporter = manifest.exporter
    return Extract(
        manifest.kind,
        manifest.size,
        base64.b64decode(manifest.root).hex(),
        manifest.counts.entries,
        chosen["party"],
        chosen["first"],
        chosen["last"],
        manifest.counts.withheld,
        exporter.person,
        exporter.office,
        manifest.exported_at,
    )

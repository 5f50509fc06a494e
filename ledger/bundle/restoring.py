"""A bundle's entries, texts and log as a store, to be read as a ledger's is.

::

    with restored(Path("b.zip"), verdict.manifest, folder / "entries.db") as store:
        store.by_tag("school:900003")

Nothing is judged here: whoever answers from a bundle verifies it first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.audit.by_entry import Row
from ledger.audit.source import chunked
from ledger.bundle.archive import Archive, open_archive
from ledger.bundle.filing import filed_as_read
from ledger.bundle.manifest import Manifest
from ledger.bundle.reading import disclosures_in, entries_in
from ledger.errors import BundleError
from ledger.log.merkle import Tree, leaf_hash
from ledger.store import new_extract
from ledger.store.base import EntryStore

__all__ = ["restored"]


@contextmanager
def restored(path: Path, manifest: Manifest, place: Path) -> Iterator[EntryStore]:
    """Lend a store at a place where nothing is, of the bundle that has this manifest.

    Of a part it has each entry at its position in the record, and no log. Raises BundleError where
    the file at the path is not the bundle of the manifest: it was changed since it was verified.
    """
    with new_extract(str(place), manifest.size) as store:
        with open_archive(path) as archive, store.writing():
            tree = None if manifest.kind == "part" else Tree(store.log)
            for rows in chunked(entries_in(archive, manifest), manifest.counts.entries):
                store.put_at([(position, filed_as_read(position, data)) for position, data in rows])
                _grow(tree, rows)
            store.vault.put(disclosures_in(archive))
            _refuse_another(archive, manifest)
        yield store


def _grow(tree: Tree | None, rows: Iterable[Row]) -> None:
    if tree is not None:
        tree.append([leaf_hash(data) for _, data in rows])


def _refuse_another(archive: Archive, manifest: Manifest) -> None:
    read = (manifest.entries_file, "disclosures.jsonl")
    if any(archive.digests[name] != manifest.files.get(name) for name in read):
        raise BundleError(
            "the bundle is not the one that was verified: it was changed meanwhile",
            todo="Nothing was answered. Fetch it again, and ask again.",
        )

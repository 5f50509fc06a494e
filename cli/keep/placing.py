"""A ledger made beside the place where it is to be, which takes that place when all is well."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.bundle.entries_file import keep
from ledger.errors import StoreError
from ledger.files import beside, put_new
from ledger.log.merkle import Tree
from ledger.store import EntryStore, is_file, open_store, stem


class Placing:
    """A new, empty file in which a ledger is made, and the place that it takes."""

    def __init__(self, url: str, file: Path) -> None:
        self.file = file
        self._url = url

    def put(self) -> None:
        """Let what was made take its place: whole, or not at all.

        Of two that are put at one place the first stays; FileError or StoreError for the other.
        """
        if is_file(self._url):
            put_new(self.file, stem(self._url))
            return
        with (
            open_store(str(self.file), read_only=True) as made,
            open_store(self._url, create=True) as store,
        ):
            refuse_taken(self._url, store.head())
            size = made.log.size()
            keep(store, made.entries(), list(made.vault.all()), _root(made, size))


def _root(made: EntryStore, size: int) -> bytes:
    return Tree(made.log).root(size)


@contextmanager
def placing(url: str) -> Iterator[Placing]:
    """Lend a file beside a ledger's place, or for a server's database a temporary one."""
    if is_file(url):
        with beside(stem(url)) as file:
            yield Placing(url, file)
        return
    with tempfile.TemporaryDirectory(prefix="school-ledger-") as folder:
        yield Placing(url, Path(folder) / "made.db")


def refuse_taken(url: str, size: int) -> None:
    """Raise StoreError if a ledger has entries already."""
    if size:
        raise StoreError(
            "there is a ledger already",
            got=f"{url}, of {size} entries",
            todo="Name a database that holds none: createdb makes one.",
        )


def entries_at(url: str) -> int:
    """Return how many entries a server's database holds; 0 where it holds no ledger yet."""
    with open_store(url, create=True) as store:
        return store.head()

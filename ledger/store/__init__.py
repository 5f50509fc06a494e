"""Where the record is kept: one store behind one URL.

::

    with open_store("sqlite:///northwick.ledger") as store:
        print(store.head())

A path is a SQLite file. `settings` turns the same URL into what a `DCBApplication` is configured
by, `stem` into what files beside the ledger are named after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.store.base import EntryStore
from ledger.store.places import UMADB, file_of, is_file, refuse_absent, stem
from ledger.store.sqlite.database import is_any_open

if TYPE_CHECKING:
    from ledger.store.sqlite.extract import SQLiteExtract

__all__ = ["EntryStore", "is_any_open", "is_file", "new_extract", "open_store", "settings", "stem"]


def open_store(url: str, *, create: bool = False, read_only: bool = False) -> EntryStore:
    """Open the store at a path or URL; `create` it if nothing is there.

    Read-only stores refuse to write and may lie on media that cannot be written. Raises
    StoreError saying what is there instead of a ledger.
    """
    # Only now: a command that opens no store need not wait for the library to load.
    if is_file(url):
        from ledger.store.sqlite.store import SQLiteEntryStore  # noqa: PLC0415

        return SQLiteEntryStore.open(file_of(url), create=create, read_only=read_only).alone()
    refuse_absent(url)
    if url.startswith(UMADB):
        from ledger.store.umadb.store import UmaDBEntryStore  # noqa: PLC0415

        return UmaDBEntryStore.open(url, create=create, read_only=read_only)
    from ledger.store.postgres.store import PostgresEntryStore  # noqa: PLC0415

    return PostgresEntryStore.open(url, create=create, read_only=read_only).alone()


def new_extract(path: str, size: int) -> SQLiteExtract:
    """Make a store at a path where nothing is, for some entries of a record of such a size."""
    from ledger.store.sqlite.extract import SQLiteExtract  # noqa: PLC0415 - as above

    made = SQLiteExtract.open(path, create=True)
    made.size = size
    return made


def settings(url: str, *, create: bool = False, read_only: bool = False) -> dict[str, str]:
    """Return the environment in which a `DCBApplication` opens the store at this URL."""
    how = {"CREATE_TABLE": "yes" if create else "no", "READ_ONLY": "yes" if read_only else "no"}
    if is_file(url):
        return {
            "PERSISTENCE_MODULE": "ledger.store.sqlite.factory",
            "SQLITE_DBNAME": file_of(url),
            **how,
        }
    refuse_absent(url)
    if url.startswith(UMADB):
        return {"PERSISTENCE_MODULE": "ledger.store.umadb.store", "UMADB_URL": url, **how}
    return {"PERSISTENCE_MODULE": "ledger.store.postgres.store", "POSTGRES_URL": url, **how}

"""Where the record is kept: one store behind one URL.

::

    with open_store("sqlite:///northwick.ledger") as store:
        print(store.head())

`settings` turns the same URL into what a `DCBApplication` is configured by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import StoreError
from ledger.store.base import EntryStore
from ledger.store.sqlite.database import is_any_open

if TYPE_CHECKING:
    from ledger.store.sqlite.extract import SQLiteExtract

__all__ = ["EntryStore", "is_any_open", "new_extract", "open_store", "settings"]

_SQLITE = "sqlite:///"


def open_store(url: str, *, create: bool = False, read_only: bool = False) -> EntryStore:
    """Open the store at a path or URL; `create` it if nothing is there.

    Read-only stores refuse to write and may lie on media that cannot be written. Raises
    StoreError saying what is there instead of a ledger.
    """
    path = _path(url)
    # Only now: a command that opens no store need not wait for the library to load.
    from ledger.store.sqlite.store import SQLiteEntryStore  # noqa: PLC0415

    return SQLiteEntryStore.open(path, create=create, read_only=read_only)


def new_extract(path: str, size: int) -> SQLiteExtract:
    """Make a store at a path where nothing is, for some entries of a record of such a size."""
    from ledger.store.sqlite.extract import SQLiteExtract  # noqa: PLC0415 - as above

    made = SQLiteExtract.open(path, create=True)
    made.size = size
    return made


def settings(url: str, *, create: bool = False, read_only: bool = False) -> dict[str, str]:
    """Return the environment in which a `DCBApplication` opens the store at this URL."""
    return {
        "PERSISTENCE_MODULE": "ledger.store.sqlite.store",
        "SQLITE_DBNAME": _path(url),
        "CREATE_TABLE": "yes" if create else "no",
        "SQLITE_READ_ONLY": "yes" if read_only else "no",
    }


def _path(url: str) -> str:
    if "://" not in url:
        return url
    if not url.startswith(_SQLITE) or url == _SQLITE:
        raise StoreError(
            "this release keeps ledgers in SQLite only",
            got=url,
            todo=f"Give a file's path, or {_SQLITE} and its path.",
        )
    return url.removeprefix(_SQLITE)

"""Where the record is kept: one store behind one URL.

::

    with open_store("sqlite:///northwick.ledger") as store:
        print(store.head())

`settings` turns the same URL into what a `DCBApplication` is configured by.
"""

from __future__ import annotations

from ledger.errors import StoreError
from ledger.store.base import EntryStore
from ledger.store.sqlite.database import is_any_open

__all__ = ["EntryStore", "is_any_open", "open_store", "settings"]

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

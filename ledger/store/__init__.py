"""Where the record is kept: one store behind one URL.

::

    with open_store("sqlite:///northwick.ledger") as store:
        print(store.head())

A path is a SQLite file. `settings` turns the same URL into what a `DCBApplication` is configured
by, `stem` into what files beside the ledger are named after.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ledger.errors import StoreError
from ledger.store.base import EntryStore
from ledger.store.sqlite.database import is_any_open

if TYPE_CHECKING:
    from ledger.store.sqlite.extract import SQLiteExtract

__all__ = ["EntryStore", "is_any_open", "is_file", "new_extract", "open_store", "settings", "stem"]

_SQLITE = "sqlite:///"
_POSTGRES = ("postgresql://", "postgres://")


def open_store(url: str, *, create: bool = False, read_only: bool = False) -> EntryStore:
    """Open the store at a path or URL; `create` it if nothing is there.

    Read-only stores refuse to write and may lie on media that cannot be written. Raises
    StoreError saying what is there instead of a ledger.
    """
    # Only now: a command that opens no store need not wait for the library to load.
    if is_file(url):
        from ledger.store.sqlite.store import SQLiteEntryStore  # noqa: PLC0415

        return SQLiteEntryStore.open(_path(url), create=create, read_only=read_only)
    _refuse_absent("psycopg", "postgres")
    from ledger.store.postgres.store import PostgresEntryStore  # noqa: PLC0415

    return PostgresEntryStore.open(url, create=create, read_only=read_only)


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
            "PERSISTENCE_MODULE": "ledger.store.sqlite.store",
            "SQLITE_DBNAME": _path(url),
            **how,
        }
    _refuse_absent("psycopg", "postgres")
    return {"PERSISTENCE_MODULE": "ledger.store.postgres.store", "POSTGRES_URL": url, **how}


def is_file(url: str) -> bool:
    """Tell whether a URL names a file on this machine; raise StoreError if it names no store."""
    if "://" not in url or (url.startswith(_SQLITE) and url != _SQLITE):
        return True
    if url.startswith(_POSTGRES):
        return False
    raise StoreError(
        "no ledger can be kept there",
        got=url,
        expected=f"a file's path, {_SQLITE} and its path, or {_POSTGRES[0]} and a database",
    )


def stem(url: str) -> Path:
    """Return the path whose name files that belong to the ledger begin with.

    That of the ledger's own file; of a server's database, its name in the current folder.
    """
    if is_file(url):
        return Path(_path(url))
    return Path(urlsplit(url).path.strip("/").rpartition("/")[2] or "ledger")


def _path(url: str) -> str:
    return url.removeprefix(_SQLITE)


def _refuse_absent(module: str, extra: str) -> None:
    from importlib.util import find_spec  # noqa: PLC0415 - only where a server is named

    if find_spec(module) is None:
        raise StoreError(
            f"{module} is not installed, which a ledger on such a server needs",
            todo=f"pip install 'school-ledger[{extra}]'",
        )

"""The database beside the server, by its URL."""

from __future__ import annotations

from ledger.errors import StoreError
from ledger.store.base import SIDE, EntryStore
from ledger.store.places import file_of, is_file
from ledger.store.umadb.unsettled import Unsettled, UnsettledFile


def open_side(url: str, *, create: bool, read_only: bool) -> tuple[EntryStore, Unsettled]:
    """Open the side at a path or URL, and where texts on their way are written down.

    Only `create` makes one. Raises StoreError for a ledger that is no side of another.
    """
    side, unsettled = _opened(url, create=create, read_only=read_only)
    try:
        if create and not read_only and not side.head():
            side.meta.put(SIDE, "umadb")
        _refuse_alone(side)
    except BaseException:
        side.close()
        raise
    return side, unsettled


def _refuse_alone(side: EntryStore) -> None:
    if side.meta.get(SIDE) is None:
        raise StoreError(
            "the side named is a ledger by itself",
            todo="Name a file or a database of its own for what the server does not keep.",
        )


def _opened(url: str, *, create: bool, read_only: bool) -> tuple[EntryStore, Unsettled]:
    # Only what is named is loaded: who keeps the side in a file needs no other driver.
    if is_file(url):
        from ledger.store.sqlite.store import SQLiteEntryStore  # noqa: PLC0415

        path = file_of(url)
        side = SQLiteEntryStore.open(path, create=create, read_only=read_only)
        return side, UnsettledFile(path)
    from ledger.store.postgres.store import PostgresEntryStore  # noqa: PLC0415
    from ledger.store.umadb.unsettled_table import UnsettledTable  # noqa: PLC0415

    database = PostgresEntryStore.open(url, create=create, read_only=read_only)
    table = UnsettledTable(database.database)
    if create and not read_only:
        table.make()
    return database, table

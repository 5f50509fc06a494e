"""The database beside the server, by its URL."""

from __future__ import annotations

from ledger.store.base import EntryStore
from ledger.store.places import file_of, is_file
from ledger.store.umadb.unsettled import Unsettled, UnsettledFile


def open_side(url: str, *, create: bool, read_only: bool) -> tuple[EntryStore, Unsettled]:
    """Open the side at a path or URL, and where texts on their way are written down."""
    # Only what is named is loaded: who keeps the side in a file needs no other driver.
    if is_file(url):
        from ledger.store.sqlite.store import SQLiteEntryStore  # noqa: PLC0415

        path = file_of(url)
        return SQLiteEntryStore.open(path, create=create, read_only=read_only), UnsettledFile(path)
    from ledger.store.postgres.store import PostgresEntryStore  # noqa: PLC0415
    from ledger.store.umadb.unsettled_table import UnsettledTable  # noqa: PLC0415

    side = PostgresEntryStore.open(url, create=create, read_only=read_only)
    table = UnsettledTable(side.database)
    if create and not read_only:
        table.make()
    return side, table

"""The projections that there are, with their folds: loaded only where a view lags behind."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from pathlib import Path

from ledger.store.base import EntryStore
from projections.tables.layouts import LAYOUTS
from projections.tables.views import Builder, Layout, Views


def views(
    store: EntryStore, folder: Path | None, progress: Callable[[int, int], None] | None = None
) -> Views:
    """Return the views of a store, every projection in one file, built in the folder."""
    return Views(store, folder, LAYOUTS, folding(progress))


def folding(
    progress: Callable[[int, int], None] | None = None, left_out: Collection[Layout] = ()
) -> Builder:
    """Return the fold that fills every table, but those of layouts that are `left_out`."""

    def fold(connection: sqlite3.Connection, store: EntryStore, after: int, complete: bool) -> None:  # noqa: FBT001 - the shape that views ask for
        # Only now: reading a view that is caught up needs neither the vocabulary nor the rules.
        from projections.tables import (  # noqa: PLC0415
            another,
            dealings,
            history,
            irregular,
            journal,
            late,
            registers,
            said,
        )
        from projections.tables.fold import fold_with  # noqa: PLC0415

        chosen = (
            history.PROJECTION,
            journal.PROJECTION,
            registers.PROJECTION,
            irregular.PROJECTION,
            late.PROJECTION,
            dealings.PROJECTION,
            said.PROJECTION,
            another.PROJECTION,
        )
        kept = [projection for projection in chosen if projection.layout not in left_out]
        fold_with(kept, progress)(connection, store, after, complete)

    return fold

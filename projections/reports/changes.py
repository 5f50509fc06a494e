"""What one event changed in who owes what to whom: each obligation before and after it."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from typing import Any

from projections.reports.columns import (
    AFTER,
    BEFORE,
    CREDITOR,
    CREDITOR_NAME,
    DEBTOR,
    DEBTOR_NAME,
    DUE_ON,
    GIVEN_BEYOND,
    KIND,
    KIND_TITLE,
    OBLIGATION,
    UNIT,
    hidden,
)
from projections.reports.names import counted, counted_of, names_of
from projections.reports.owes import amount, titles
from projections.tables.layouts import LAST_DUE_ON
from projections.tables.views import Moment, rows_of

COLUMNS = (
    DEBTOR_NAME,
    CREDITOR_NAME,
    KIND_TITLE,
    BEFORE,
    AFTER,
    UNIT,
    DUE_ON,
    GIVEN_BEYOND,
    *hidden(OBLIGATION, KIND, DEBTOR, CREDITOR),
)


def changes(connection: sqlite3.Connection, position: int, at: Moment) -> list[dict[str, Any]]:
    """Return the obligations that the event at a position touched, with what was left of each.

    `before` and `after` are sums over postings up to the position, whenever they take effect;
    parties are called as they were at the moment asked for.
    """
    rows = rows_of(
        connection,
        f"""
        SELECT obligation, kind, debtor, creditor, unit,
               sum(CASE WHEN position < ?1 THEN amount ELSE 0 END) AS before,
               sum(amount) AS after,
               sum(CASE WHEN position = ?1 THEN beyond ELSE 0 END) AS given_beyond,
               {LAST_DUE_ON} AS due_on
        FROM postings
        WHERE position <= ?1
          AND obligation IN (SELECT obligation FROM postings WHERE position = ?1)
        GROUP BY obligation, debtor, creditor
        -- what was settled goes along with a school or body as well, and is no news
        HAVING before <> 0 OR after <> 0 OR given_beyond <> 0
        ORDER BY obligation, debtor
        """,  # noqa: S608 - a constant
        position,
    )
    parties = [row[side] for row in rows for side in ("debtor", "creditor")]
    names, kinds = names_of(connection, parties, at), titles(connection)
    return [_row(row, names, kinds) for row in rows]


def _row(row: dict[str, Any], names: dict[str, str], kinds: dict[str, str]) -> dict[str, Any]:
    unit, beyond = row["unit"], row["given_beyond"]
    return {
        "obligation": row["obligation"],
        "kind": row["kind"],
        "kind_title": kinds[row["kind"]],
        "debtor": row["debtor"],
        "debtor_name": names[row["debtor"]],
        "creditor": row["creditor"],
        "creditor_name": names[row["creditor"]],
        "before": amount(row["before"], unit),
        "after": amount(row["after"], unit),
        "unit": unit,
        "due_on": row["due_on"],
        "given_beyond": amount(beyond, unit) if beyond else "",
    }


def sentence(row: dict[str, Any]) -> str:
    """Return one change in words: who owes whom how much now, and how much it was before."""
    debtor, creditor, what = row["debtor_name"], row["creditor_name"], row["kind_title"]
    before, after = Decimal(row["before"]), Decimal(row["after"])
    was_owed, is_owed = (counted(row[name], row["unit"]) for name in ("before", "after"))
    beyond = f"; {row['given_beyond']} given beyond what was owed" if row["given_beyond"] else ""
    if before and not after:
        owed = counted_of(was_owed, what)
        return f"{debtor} owed {creditor} {owed}; nothing is left of it{beyond}"
    if not before and not after and beyond and row["unit"] == "item":
        return f"{debtor} owed {creditor} no {what} after all, though it was given"
    if not before and not after and beyond:
        return f"{debtor} owes {creditor} no {what}{beyond}"
    due = f", due {row['due_on']}" if row["due_on"] and after else ""
    was = f" (it was {was_owed})" if before and before != after else ""
    return f"{debtor} owes {creditor} {counted_of(is_owed, what)}{was}{due}{beyond}"

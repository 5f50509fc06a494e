"""Which of the obligations that an event opened is meant, by its slot or the start of that."""

from __future__ import annotations

import sqlite3

from ledger.errors import NotFoundError
from projections.reports.short_ids import short_id

_OPENED = """
    SELECT DISTINCT obligation FROM postings
    WHERE obligation > ? AND obligation < ? AND position <= ? ORDER BY obligation
"""
_MOST_LISTED = 6


def find_obligation(connection: sqlite3.Connection, event: str, slot: str, known_at: int) -> str:
    """Return the only obligation of an event whose slot is this, or else begins so.

    Raises NotFoundError where none is, or several are, with those that there are.
    """
    # 0 comes next after the slash.
    rows = connection.execute(_OPENED, (f"{event}/", f"{event}0", known_at))
    opened = [str(row[0]) for row in rows]
    begun = [one for one in opened if one.startswith(f"{event}/{slot}")]
    if f"{event}/{slot}" in begun:
        return f"{event}/{slot}"
    if len(begun) == 1:
        return begun[0]
    raise _not_one(short_id(connection, event), slot, begun, opened)


def _not_one(start: str, slot: str, begun: list[str], opened: list[str]) -> NotFoundError:
    called = f" called {slot}" if slot else ""
    what = f"the event {start} opened no obligation{called}"
    if begun:
        which = f" that begin with {slot}" if slot else ""
        what = f"the event {start} opened {len(begun)} obligations{which}"
    slots = [one.partition("/")[2] for one in begun or opened]
    listed = [f"{start}/{each}" for each in slots[:_MOST_LISTED]]
    more = len(slots) - len(listed)
    expected = " or ".join(listed) + (f" or one of {more} more" if more else "")
    return NotFoundError(
        what,
        expected=expected or "no obligation, for it opened none",
        todo=f"`school-ledger show {start}` shows what it changed in who owes what to whom.",
    )

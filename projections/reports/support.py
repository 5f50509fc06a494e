"""Support between two parties as it stands at a moment: what was agreed, confirmed, is left.

Sums are the database's: over the postings of every agreement, and over school years of those.
"""

from __future__ import annotations

import json
import sqlite3
from itertools import chain
from typing import Any

from projections.tables.layouts import LAST_DUE_ON
from projections.tables.views import Moment

# A row for each agreement and each pair of parties that it stands between; the school year is that
# in which its days are due, and begins in September. Amounts are whole hundredths of a day.
# What was confirmed is what was discharged, given beyond included, less what was reversed of it;
# what an agreement's own withdrawal took back was never agreed.
_OF_A_SIDE = """
    SELECT obligation FROM postings WHERE debtor = :about
    UNION SELECT obligation FROM postings WHERE creditor = :about
"""

# What was waived, or is void with a party that is gone; and what takes that back.
_RELEASED = """
    (reason IN ('waived', 'party_gone') OR (reason = 'reversed' AND EXISTS (
        SELECT 1 FROM postings AS former WHERE former.obligation = postings.obligation
        AND former.claim = postings.claim AND former.reason IN ('waived', 'party_gone'))))
"""


def _agreed(provider: str | None, about: str | None) -> str:
    of_one = "" if provider is None else "AND debtor = :provider"
    of_side = "" if about is None else f"AND obligation IN ({_OF_A_SIDE})"
    return f"""
        SELECT obligation, substr(obligation, 1, 36) AS agreement, debtor, creditor,
               {LAST_DUE_ON} AS due_on,
               CAST(substr({LAST_DUE_ON}, 1, 4) AS INTEGER) - (substr({LAST_DUE_ON}, 6, 2) < '09')
                   AS year,
               sum(CASE WHEN reason IN ('opened', 'moved', 'raised', 'reduced')
                          OR (reason = 'reversed' AND claim = event) THEN amount ELSE 0 END)
                   AS agreed,
               sum(CASE WHEN reason IN ('discharged', 'given_beyond')
                          OR (reason = 'reversed' AND claim <> event AND NOT released)
                        THEN beyond - amount ELSE 0 END) AS confirmed,
               sum(CASE WHEN reason IN ('voided', 'restored') OR released THEN -amount ELSE 0 END)
                   AS waived,
               sum(amount) AS outstanding, sum(beyond) AS beyond,
               count(DISTINCT CASE WHEN reason = 'discharged' THEN claim END)
               - count(DISTINCT CASE WHEN reason = 'reversed' AND claim <> event AND beyond <= 0
                                     AND NOT released
                                THEN claim END) AS visits,
               json_group_array(event) AS events
        FROM (SELECT *, {_RELEASED} AS released FROM postings
              WHERE kind = 'support' {of_one} {of_side}
              AND position <= :known AND effective_on <= :as_of ORDER BY position)
        GROUP BY obligation, debtor, creditor HAVING agreed <> 0 OR confirmed <> 0
    """  # noqa: S608 - constants


def agreements(
    connection: sqlite3.Connection,
    at: Moment,
    provider: str | None = None,
    about: str | None = None,
) -> list[dict[str, Any]]:
    """Return how every agreement stands at a moment, of one provider, or of a side, or of all."""
    sql = f"SELECT * FROM ({_agreed(provider, about)}) ORDER BY due_on, obligation"  # noqa: S608 - constants
    rows = connection.execute(sql, _asked(at, provider, about))
    return [dict(row) | {"events": json.loads(row["events"])} for row in rows]


def by_year(
    connection: sqlite3.Connection, at: Moment, provider: str | None = None
) -> list[dict[str, Any]]:
    """Return what each provider agreed, by the school year in which its days are due."""
    sql = f"""
        SELECT debtor, year, count(*) AS agreements, count(DISTINCT creditor) AS receivers,
               sum(agreed) AS agreed, sum(confirmed) AS confirmed,
               sum(outstanding) AS outstanding,
               sum(CASE WHEN due_on < :as_of THEN outstanding ELSE 0 END) AS overdue,
               sum(beyond) AS beyond, json_group_array(json(events)) AS events
        FROM ({_agreed(provider, None)}) GROUP BY debtor, year
    """  # noqa: S608 - constants
    rows = connection.execute(sql, _asked(at, provider))
    return [
        dict(row) | {"events": list(chain.from_iterable(json.loads(row["events"])))} for row in rows
    ]


def _asked(at: Moment, provider: str | None, about: str | None = None) -> dict[str, Any]:
    asked = {"provider": provider, "about": about}
    return {"known": at.known_at, "as_of": at.as_of, **asked}


def school_year(day: str) -> int:
    """Return the year in which the school year of a day began, in September."""
    return int(day[:4]) - (day[5:7] < "09")


def year_in_words(year: int) -> str:
    """Return a school year as people write it: 2024-25."""
    return f"{year}-{(year + 1) % 100:02}"

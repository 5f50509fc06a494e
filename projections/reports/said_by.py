"""Who has said what a row rests on: one side, both sides, what is published elsewhere, or nobody.

What another recorded for an office without a key, that office says only when it confirms it.

::

    said = SaidBy(connection, at, events)
    said.of(row["events"])  # "both"
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from projections.tables.views import Moment

RECORDED_FOR, ONE_SIDE, BOTH, PUBLISHED = "recorded for", "one side", "both", "published"
"""From the weakest on: a row is what the weakest is of the events that it rests on."""

_WEAKEST_FIRST = (RECORDED_FOR, ONE_SIDE, BOTH, PUBLISHED)

_BOTH = """
    SELECT DISTINCT own.event
    FROM json_each(:events) asked JOIN said own ON own.event = asked.value AND own.thing <> ''
    JOIN said other ON other.thing = own.thing AND other.how <> own.how
    JOIN entries e ON e.event = own.event JOIN entries o ON o.event = other.event
    LEFT JOIN recorded_for eo ON eo.event = e.event
    LEFT JOIN answered ea ON ea.event = e.event AND ea.how = 'confirmed' AND ea.position <= :known
    LEFT JOIN entries eb ON eb.event = ea.by_event
    LEFT JOIN recorded_for oo ON oo.event = o.event
    LEFT JOIN answered oa ON oa.event = o.event AND oa.how = 'confirmed' AND oa.position <= :known
    LEFT JOIN entries ob ON ob.event = oa.by_event
    WHERE o.position <= :known AND o.occurred_on <= :as_of
      AND (own.how = 'affirms') = (o.position < e.position)
      -- of what was stated, and affirmed for less, only the affirmation is said by both
      AND (own.how = 'affirms' OR own.amount IS other.amount)
      -- what was recorded for an office it says itself by confirming it, and not before
      AND (eo.event IS NULL OR ea.event IS NOT NULL) AND (oo.event IS NULL OR oa.event IS NOT NULL)
      AND coalesce(eb.signed_by, e.signed_by) <> coalesce(ob.signed_by, o.signed_by)
      AND substr(coalesce(eo.office, e.office), instr(coalesce(eo.office, e.office), '@'))
       <> substr(coalesce(oo.office, o.office), instr(coalesce(oo.office, o.office), '@'))
      AND NOT EXISTS (SELECT 1 FROM withdrawals w
                      WHERE w.event = other.event AND w.position <= :known)
"""
_RECORDED_FOR = """
    SELECT asked.value FROM json_each(:events) asked JOIN recorded_for r ON r.event = asked.value
    WHERE NOT EXISTS (SELECT 1 FROM answered a WHERE a.event = r.event AND a.how = 'confirmed'
                      AND a.position <= :known)
"""
_PUBLISHED = """
    SELECT asked.value FROM json_each(?) asked JOIN said ON said.event = asked.value
    WHERE said.how = 'publishes'
"""


class SaidBy:
    """Who has said what events say, at a moment; each event is looked up once."""

    def __init__(self, connection: sqlite3.Connection, at: Moment, events: Iterable[str]) -> None:
        """Read who has said what these events say."""
        asked = json.dumps(sorted(set(events)))
        when = {"events": asked, "known": at.known_at, "as_of": at.as_of}
        self._both = {row[0] for row in connection.execute(_BOTH, when)}
        self._recorded_for = {row[0] for row in connection.execute(_RECORDED_FOR, when)}
        self._published = {row[0] for row in connection.execute(_PUBLISHED, (asked,))}

    def of(self, events: Iterable[str]) -> str:
        """Return who has said what a row says that rests on these events; nothing if on none."""
        found = {self._event(event) for event in events}
        return next((said for said in _WEAKEST_FIRST if said in found), "")

    def _event(self, event: str) -> str:
        if event in self._recorded_for:
            return RECORDED_FOR
        if event in self._both:
            return BOTH
        return PUBLISHED if event in self._published else ONE_SIDE

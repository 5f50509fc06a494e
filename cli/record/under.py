"""What a visit is under, where several stand open between the two: each as it is to be typed."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import date
from typing import Any

from cli.terminal.failures import CommandError
from ledger.domain.visits.under import standing_open
from ledger.domain.visits.under_programme import Between
from ledger.recording.application import Ledger
from ledger.values import NOTHING, event_id
from projections.reports.names import Names
from projections.reports.short_ids import short_id
from projections.tables.views import moment

_SEVERAL = 2
_SUMMARY = "SELECT summary FROM entries WHERE event = ?"


def refuse_unsaid(
    ledger: Ledger, connection: sqlite3.Connection, said: Mapping[str, Any], day: date
) -> None:
    """Raise CommandError where a visit does not say which of several it is under, a line each."""
    if not {"visitor", "host"} <= said.keys():
        return
    stand = standing_open(ledger.look, Between(said["visitor"], said["host"], day))
    if len(stand) < _SEVERAL:
        return
    names = Names(connection, ledger.store, moment(connection))
    lines = [f"{len(stand)} that the visit may be under stand open between the two; say which:"]
    for event in map(event_id, stand):
        (summary,) = connection.execute(_SUMMARY, (event,)).fetchone()
        lines.append(f"  --under {short_id(connection, event)}  {names.sentence(summary)}")
    raise CommandError("\n".join((*lines, f"  --under {NOTHING}  It is under none of them")))

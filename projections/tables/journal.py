"""The journal: every posting that the record makes, and nothing else.

Who owes what to whom, on any day, as known at any position, is a sum over this table. The rules
are `ledger.domain.post`; here they are only stored. Amounts are whole hundredths of their unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ledger.domain.post import FAMILIES, KINDS, Claim, claims
from ledger.format.entry import Entry
from ledger.recording.posted import Posted, hundredths
from projections.tables.fold import Projection, Tables
from projections.tables.layouts import OBLIGATIONS

_INSERT_CLAIM = f"INSERT INTO claims VALUES ({', '.join('?' * 7)})"  # noqa: S608 - only marks
_KEPT = "journal"


def _apply(entry: Entry[Any], tables: Tables) -> None:
    posted = tables.memory.get(_KEPT)
    if posted is None:
        posted = tables.memory[_KEPT] = Posted(tables.look, tables)
        kinds = [(kind.name, kind.title, kind.ground) for kind in KINDS]
        tables.insert_all("INSERT OR REPLACE INTO kinds VALUES (?, ?, ?)", kinds)
    made = posted.post(entry)
    if made:
        claimed = claims(entry, posted.journal, made)
        tables.insert_all(_INSERT_CLAIM, _claimed(entry, claimed))


def _claimed(entry: Entry[Any], claimed: Iterable[Claim]) -> list[Sequence[Any]]:
    where = entry.position, entry.id
    return [
        (
            *where,
            one.obligation,
            hundredths(one.amount),
            entry.occurredon,
            one.answer,
            one.per or entry.id,
        )
        for one in claimed
    ]


PROJECTION = Projection(OBLIGATIONS, FAMILIES, _apply)

"""Everything about one office, or about one key: who holds it, and what it could sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ledger.errors import NotFoundError
from projections.details.base import Page, Reading, Section, holder
from projections.reports.keyholders import COLUMNS, keyholders

_OF_KEY = ("person", "enrolled_at", "enrolled_by", "retired_at", "compromised_since")
#: Of one key, the offices are what differs from row to row.
_OFFICES = tuple(replace(one, shown=True) if one.name == "office_name" else one for one in COLUMNS)


def office_page(reading: Reading, office: str) -> Page:
    """Return an office: who holds it, and every key that could ever sign in it.

    Raises NotFoundError where nobody was ever appointed to it.
    """
    rows = _holders(reading, office)
    if not rows:
        raise NotFoundError(
            f"nobody was ever appointed {reading.names.office(office)}",
            todo="`school-ledger keys` lists every office with whoever holds it or held it.",
        )
    facts = {
        "reference": office,
        "office": reading.names.office(office),
        "held by": holder(reading, office),
    }
    return Page(
        "office",
        f"Office: {reading.names.office(office)}",
        reading.heading,
        (
            Section("office", "As it stands", facts),
            Section("keys", "Who held it, with which key", None, COLUMNS, rows),
        ),
    )


def key_page(reading: Reading, start: str) -> Page:
    """Return a key by its fingerprint or the start of it, and each office that it could sign in.

    Raises NotFoundError where no holder of an office has such a key, or several have.
    """
    rows = [row for row in _holders(reading) if (row["key"] or "").startswith(start)]
    keys = {row["key"] for row in rows}
    if len(keys) != 1:
        raise NotFoundError(
            f"no holder of an office has a key that begins with {start}"
            if not keys
            else f"{len(keys)} keys begin with {start}",
            todo="`school-ledger keys` lists every key that could ever sign for an office.",
        )
    said = {name: rows[0][name] for name in _OF_KEY if rows[0][name]}
    for name in ("person", "enrolled_by"):
        said[name] = reading.called(said[name])
    return Page(
        "key",
        f"Key of {reading.names.person(rows[0]['person'])}",
        reading.heading,
        (
            Section("key", "As it stands", {"key": rows[0]["key"], **said}),
            Section("offices", "In which offices it could sign", None, _OFFICES, rows),
        ),
    )


def _holders(reading: Reading, office: str | None = None) -> Sequence[dict[str, Any]]:
    return list(keyholders(reading.connection, reading.store, reading.at, office).rows)

"""What a report's JSON holds, as JSON Schema (2020-12), from its columns.

Members are only ever added, so that nothing here says that there are no others.
"""

from __future__ import annotations

from typing import Any

from projections.reports.base import Report
from projections.reports.columns import Column

_EVENT = {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_AMOUNT = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
_POUNDS = {"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$"}
_DATE = {"type": "string", "format": "date"}
_MOMENT = {"type": "string", "format": "date-time"}
_NOTHING = ({"type": "null"}, {"const": ""})
_TEXTS = ({"type": "string"}, {"type": "array", "items": {"type": "string"}}, {"type": "null"})

_VALUES: dict[str, Any] = {
    "text": {"anyOf": [*_TEXTS]},
    "code": {"anyOf": [*_TEXTS]},
    "party": {"anyOf": [*_TEXTS]},
    "date": {"anyOf": [_DATE, *_NOTHING]},
    "moment": {"anyOf": [_MOMENT, *_NOTHING]},
    "amount": {"anyOf": [_AMOUNT, *_NOTHING]},
    "pounds": {"anyOf": [_POUNDS, *_NOTHING]},
    "number": {"type": ["integer", "null"]},
    "yes_no": {"type": ["boolean", "null"]},
    "event": {"anyOf": [_EVENT, *_NOTHING]},
    "events": {"anyOf": [{"type": "array", "items": _EVENT}, {"type": "null"}]},
}
_LEDGER = {
    "origin": _TEXT,
    "size": _COUNT,
    "root": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "as_of": _DATE,
    "known_at": _COUNT,
    "known_on": {"anyOf": [_DATE, {"const": ""}]},
}
_TOTAL = {"of": _TEXT, "amount": _AMOUNT, "unit": _TEXT}


def schema(report: Report, name: str) -> dict[str, Any]:
    """Return the schema of a report's JSON, whose `schema` is the name given."""
    rows = _object({column.name: _value(column) for column in report.columns})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": report.title,
        **_object(
            {
                "schema": {"const": name},
                "title": _TEXT,
                "asked": _TEXT,
                "ledger": _object(_LEDGER),
                "rows": {"type": "array", "items": rows},
                "count": _COUNT,
                "totals": {"type": "array", "items": _object(_TOTAL)},
                "notes": {"type": "array", "items": _TEXT},
            }
        ),
    }


def _object(members: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": [*members], "properties": members}


def _value(column: Column) -> dict[str, Any]:
    return {"title": column.title, "description": column.meaning, **_VALUES[column.type]}

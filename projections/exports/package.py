"""A report as a data package: a zip of a CSV, and what its columns are in two vocabularies.

`datapackage.json` is a Data Package (Frictionless Data, version 1); `<name>.csv-metadata.json` is
CSV on the Web (W3C, 2015), found by its name. Both carry what was asked and what the answer rests
on. A report's picture stands beside its table, as SVG. The same report, made at the same moment, is
the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from typing import IO, Any

from projections.exports.base import Made, facts
from projections.exports.csv_table import lines
from projections.exports.ods import member
from projections.pictures.base import alone
from projections.reports.base import Report
from projections.reports.columns import Column

_SCHEMA: dict[str, dict[str, Any]] = {
    "date": {"type": "date", "format": "default"},
    "moment": {"type": "datetime", "format": "default"},
    "amount": {"type": "number"},
    "pounds": {"type": "number"},
    "number": {"type": "integer"},
    "yes_no": {"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
}
_CSVW: dict[str, dict[str, Any]] = {
    "date": {"datatype": "date"},
    "moment": {"datatype": "dateTime"},
    "amount": {"datatype": "decimal"},
    "pounds": {"datatype": {"base": "decimal", "format": "0.00"}},
    "number": {"datatype": "integer"},
    "yes_no": {"datatype": {"base": "boolean", "format": "yes|no"}},
    "events": {"datatype": "string", "separator": " "},
}


def write(report: Report, made: Made, file: IO[bytes]) -> None:
    """Write a report as a data package."""
    rows = list(report.rows)
    said = list(facts(report, rows, made))
    table = "".join(lines(report.columns, rows)).encode("utf-8", "backslashreplace")
    picture = report.pictured(rows)
    drawn = alone(picture) if picture else b""
    described = _package(report, made, said, table)
    parts = {
        "datapackage.json": _json(described | ({"image": f"{report.name}.svg"} if drawn else {})),
        f"{report.name}.csv": table,
        f"{report.name}.csv-metadata.json": _json(_csvw(report, said)),
    }
    if drawn:
        parts[f"{report.name}.svg"] = drawn
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(member(name), content)


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode(
        "utf-8", "backslashreplace"
    )


def _package(report: Report, made: Made, said: list[tuple[str, str]], table: bytes) -> Any:
    return {
        "profile": "tabular-data-package",
        "name": report.name,
        "title": report.title,
        "description": "\n".join(f"{name}: {value}" for name, value in said),
        "created": f"{made.at:%Y-%m-%dT%H:%M:%SZ}",
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": report.name,
                "title": report.title,
                "path": f"{report.name}.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(table),
                "hash": f"sha256:{hashlib.sha256(table).hexdigest()}",
                "schema": {
                    "fields": [_field(column) for column in report.columns],
                    "missingValues": [""],
                },
            }
        ],
    }


def _field(column: Column) -> Any:
    told = {"name": column.name, "title": column.title, "description": column.meaning}
    return {**told, **_SCHEMA.get(column.type, {"type": "string"})}


def _csvw(report: Report, said: list[tuple[str, str]]) -> Any:
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{report.name}.csv",
        "dc:title": report.title,
        "rdfs:comment": [f"{name}: {value}" for name, value in said],
        "tableSchema": {"columns": [_column(column) for column in report.columns]},
    }


def _column(column: Column) -> Any:
    told = {"name": column.name, "titles": column.name, "dc:description": column.meaning}
    return {**told, "null": "", **_CSVW.get(column.type, {"datatype": "string"})}

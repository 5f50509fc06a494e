"""Fundings as open data, in the 360Giving Data Standard: a package of grants, as JSON.

https://standard.threesixtygiving.org, version 1.4. A grant is what was committed; its recipient is
who keeps the money, for a partnership is no organisation of its own. No person is named.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from projections.errors import ProjectionError
from projections.exports.base import Made, facts
from projections.reports.base import Report

VERSION = "1.4"
_NEEDED = frozenset({"grant_id", "commissioner_id", "keeper_id", "committed", "committed_on"})


def write(report: Report, made: Made, file: IO[bytes]) -> None:
    """Write fundings as 360Giving data; raise ProjectionError where a report has none."""
    if not _NEEDED.issubset(column.name for column in report.columns):
        raise ProjectionError(
            f"{report.name} makes no 360Giving data, for it lists no money that was committed",
            expected="a report of fundings, as `report funding`",
            todo="Write it as HTML or ODS.",
        )
    rows = list(report.rows)
    if not rows:
        raise ProjectionError(
            "360Giving data has at least one grant, and this report has no row",
            todo="Ask for another day or party, or write it as HTML or ODS.",
        )
    told = "; ".join(f"{title}: {value}" for title, value in facts(report, rows, made))
    package = {
        "version": VERSION,
        "title": f"{report.title}: {report.heading.origin}",
        "description": told,
        "issued": made.at.date().isoformat(),
        "publisher": {"name": report.heading.origin},
        "grants": [_grant(row) for row in rows],
    }
    file.write((json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode())


def _grant(row: Mapping[str, Any]) -> dict[str, Any]:
    marks = f" Marks: {row['marks']}." if row["marks"] else ""
    return {
        "id": row["grant_id"],
        "title": row["title"],
        "description": f"{row['title']}, for {row['payee_name']}; to be accounted for by"
        f" {row['account_by']}.{marks}",
        "currency": "GBP",
        "amountAwarded": float(row["committed"]),
        "amountDisbursed": float(row["received"]),
        "awardDate": row["committed_on"],
        "fundingOrganization": [_organisation(row, "commissioner")],
        "recipientOrganization": [_organisation(row, "keeper")],
        "grantProgramme": [{"title": row["fund"]}],
    }


def _organisation(row: Mapping[str, Any], side: str) -> dict[str, str]:
    return {"id": row[f"{side}_id"], "name": row[f"{side}_name"]}

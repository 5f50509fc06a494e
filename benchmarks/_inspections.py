"""The plan of an import of inspections, at a tenth of the rows and at all of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from _timing import Figures, work_seconds

from cli.record.defaults import shipped_framework
from ledger.events.judgements import FrameworkAdopted
from ledger.events.registers import SchoolRegistered
from ledger.imports.ofsted import FOUR_POINT, REPORT_CARD, File, Ground, Known, plan, read

_ROWS = 22_000
_OEIF = "latest OEIF graded inspection"
_CELLS = {
    "Inspection start date": "10/02/2026",
    "Publication date": "20/03/2026",
    "Safeguarding standards": "Met",
    "Inclusion": "Expected standard",
    "Achievement": "Needs attention",
    f"Inspection start date of {_OEIF}": "12/03/2023",
    f"Publication date of {_OEIF}": "28/04/2023",
    "Latest OEIF overall effectiveness": "3",
    "Latest OEIF quality of education": "2",
    "Date of latest ungraded inspection": "14/05/2024",
    "Ungraded inspection publication date": "17/06/2024",
    "Ungraded inspection overall outcome": "School remains Good",
}


def inspections(folder: Path, rounds: int) -> None:
    """Measure plans of three inspections a row, of which the ledger has all the schools or few."""
    shipped = {
        slug: FrameworkAdopted.model_validate(shipped_framework(slug))
        for slug in (FOUR_POINT, REPORT_CARD)
    }
    ground = Ground(shipped, map("0191b1f0-0000-7000-8000-{:012d}".format, count()).__next__)
    for rows in (_ROWS // 10, _ROWS):
        file = File(_written(folder / f"{rows}.csv", rows))
        for held in (rows // 50, rows):
            known = Known().after(_schools(held))
            taken = (work_seconds(lambda: plan(read(file), known, ground)) for _ in range(rounds))  # noqa: B023 - done before the next
            print(Figures(tuple(taken)).line(f"{rows:,} rows, {held:,} schools held"))


def _written(path: Path, rows: int) -> Path:
    with path.open("w", encoding="cp1252", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["URN", "School name", *_CELLS])
        lines.writerows([[900_000 + n, f"School {n}", *_CELLS.values()] for n in range(rows)])
    return path


def _schools(number: int) -> Iterator[tuple[str, SchoolRegistered]]:
    for urn in range(900_000, 900_000 + number):
        yield (
            str(urn),
            SchoolRegistered(
                school=f"school:{urn}",
                urn=f"urn:{urn}",
                name=f"School {urn}",
                phase="primary",
                la="body:northwick",
            ),
        )

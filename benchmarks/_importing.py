"""The plan of an import from the published registers, beside reading their rows and no more."""

from __future__ import annotations

import csv
from pathlib import Path

from _timing import Figures, seconds

from ledger.imports.gias import Files, Known, Selection, plan

_DATA = Path(__file__).parents[2] / "shared/data/gias"
_FILES = Files(
    _DATA / "edubasealldata_1924.csv",
    _DATA / "links_edubasealldata20250422.csv",
    _DATA / "allgroupsdata.csv",
)


def importing(rounds: int) -> None:
    """Measure a first plan of the files that are at hand; say so where they are not."""
    if not _FILES.establishments.exists():
        print(f"import planned: not measured, no published files at {_DATA}")
        return
    works = {
        "import planned": lambda: plan(_FILES, Selection(), Known()),
        "the same files read as rows by csv": _read_rows,
    }
    figures = {
        name: Figures(tuple(seconds(work) for _ in range(rounds))) for name, work in works.items()
    }
    for name, times in figures.items():
        print(times.line(name))
    planned, read = (times.median for times in figures.values())
    print(f"  a plan costs {planned / read:.1f} times the reading of its rows")


def _read_rows() -> None:
    for path in (_FILES.establishments, _FILES.links, _FILES.groups):
        if path is not None:
            with path.open(encoding="cp1252", newline="") as file:
                sum(1 for _ in csv.DictReader(file))

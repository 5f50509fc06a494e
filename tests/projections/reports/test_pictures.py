"""Pictures of reports: every row is in them, and their figures are the table's."""

import pytest
from pictures_reading import figures, texts

from projections.pictures.base import NARROW, WIDE
from projections.reports import owes

LATER = "2027-06-30"


@pytest.mark.parametrize("wide", [NARROW, WIDE])
@pytest.mark.parametrize("settled", [False, True])
def test_who_owes_whom_counts_every_obligation_of_the_table(northwick, settled, wide):
    asked = owes.Asked(settled=settled)
    rows = northwick.ask(owes.owes, northwick.at("2026-07-31"), asked)
    picture = owes.picture(rows)
    said = texts(picture.panels(wide))
    overdue = sum(row["overdue"] for row in rows)
    left = sum(float(row["outstanding"]) != 0 for row in rows)
    sides = 2 if len(picture.panels(wide)) == 1 else 1
    assert overdue
    assert figures(said, "overdue") >= sides * overdue
    counted = {
        "overdue": overdue,
        "not overdue": left - overdue,
        "settled": len(rows) - left,
    }
    told = ", ".join(f"{count} {word}" for word, count in counted.items() if count)
    assert picture.description.startswith(f"{told}: owed by ")
    names = {row["debtor_name"] for row in rows} | {row["creditor_name"] for row in rows}
    assert {word for name in names for word in name.split()} <= set(" ".join(said).split())

"""What a report says as known at a position is what it said when no more was recorded."""

from importlib import import_module

import pytest
from recording import UpTo

from projections.tables import catalogue
from projections.tables.views import moment

NAMES = ("reciprocity", "orphans", "partnerships", "islands", "schools")
DAYS = ("2024-09-10", "2025-08-31", "2026-07-31")


def answered(connection, store, name, day, position):
    asked = import_module(f"projections.reports.{name}").QUESTION
    return asked.answer(connection, store, moment(connection, day, position), asked.asked())


@pytest.mark.sampled(3)
@pytest.mark.parametrize("position", [62, 90, 123, 150])
def test_later_entries_change_nothing_of_what_was_known(northwick, position):
    views = catalogue.views(UpTo(northwick.store, position), None)
    with views.open() as then:
        for name in NAMES:
            for day in DAYS:
                was = answered(then, northwick.store, name, day, position)
                now = answered(northwick.connection, northwick.store, name, day, position)
                assert (was.title, list(was.rows)) == (now.title, list(now.rows)), (name, day)
                assert was.heading == now.heading

"""The demo's views, and how to ask them at a moment."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import pytest
from pressed import tell as tell_of_pressure
from recording import found
from two_years import tell

from cli.demo.tell import tell as tell_the_demo
from projections.reports.base import Report
from projections.tables import catalogue
from projections.tables.views import moment


class Views(NamedTuple):
    """The store of a ledger, its views, and the last position."""

    store: object
    connection: object
    last: int

    def at(self, as_of=None, known_at=None):
        """Return the moment of a question."""
        return moment(self.connection, as_of, known_at)

    def ask(self, report: Callable[..., Report], at, *asked):
        """Return the rows of a report at a moment."""
        return list(report(self.connection, self.store, at, *asked).rows)


class Recorded(NamedTuple):
    """A small ledger to record more in, asked anew each time."""

    ledger: object

    def ask(self, question, at=(None, None), /, **asked):
        """Return the answer of a question at a moment, its rows in a list."""
        with catalogue.views(self.ledger.store, None).open() as connection:
            found = question.answer(
                connection, self.ledger.store, moment(connection, *at), question.asked(**asked)
            )
            return replace(found, rows=list(found.rows))


@pytest.fixture(scope="session")
def story(tmp_path_factory):
    """The demo as it is told, to be read only: its folder with the keys, its ledger, its views."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "keys").mkdir()
    with (
        tell_the_demo(folder, 7, lambda _: None) as ledger,
        catalogue.views(ledger.store, None).open() as connection,
    ):
        yield folder, ledger, connection


@pytest.fixture(scope="session")
def asking():
    """Return who asks questions of a ledger that a test has told."""
    return lambda ledger: Recorded(ledger).ask


@pytest.fixture
def recorded(tmp_path):
    """Three schools of Northwick with their heads."""
    with found(tmp_path / "northwick.db") as ledger:
        yield Recorded(ledger)


@pytest.fixture(scope="session")
def pressed(tmp_path_factory):
    """What five masters ask of school two of Northwick, and how it is helped."""
    with tell_of_pressure(tmp_path_factory.mktemp("pressed") / "pressed.db").ledger as ledger:
        yield Recorded(ledger)


@pytest.fixture(scope="module")
def northwick(tmp_path_factory):
    """The demo, recorded for real, with its views."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "keys").mkdir()
    with tell(folder, 7, lambda _: None) as ledger:
        views = catalogue.views(ledger.store, None)
        with views.open() as connection:
            yield Views(ledger.store, connection, ledger.head().size)

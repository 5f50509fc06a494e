"""Parties and people are called as on the day that is asked for, in every answer."""

from datetime import UTC, datetime

import pytest
from registry import ALDER, COUNCIL, Registry, person

from projections.reports.finding import find_party, found
from projections.reports.names import Names
from projections.reports.parties import parties
from projections.reports.standing import Bodies
from projections.tables import catalogue
from projections.tables.views import moment

ANN = person("ann")


@pytest.fixture
def registry(tmp_path):
    with Registry(tmp_path / "a.db") as registry:
        said = {"party": ALDER, "name": "Alder Academy", "effective_on": "2026-04-01"}
        registry.say("rita", "PartyRenamed", **said)
        registry.say("rita", "PartyRenamed", **{**said, "party": COUNCIL, "name": "North Wick"})
        registry.say("rita", "BodyRegistered", body="body:west", kind="local_authority", name="W")
        said = {"school": ALDER, "la": "body:west", "phase": "all_through"}
        registry.say("rita", "SchoolChanged", **said, effective_on="2026-04-01")
        registry.clock.now = datetime(2026, 5, 1, 9, tzinfo=UTC)
        registry.say("rita", "PersonRenamed", person=ANN, name="Mx Anneke")
        yield registry


@pytest.fixture
def asked(registry):
    """Ask something of the ledger as of a day, known at a day or position."""
    store = registry.ledger.store

    def ask(work, as_of, known_at=None):
        with catalogue.views(store, None).open() as connection:
            return work(connection, store, moment(connection, as_of, known_at))

    return ask


def called(party):
    return lambda connection, store, at: Names(connection, store, at).party(party)


@pytest.mark.parametrize(
    ("party", "day", "name"),
    [
        (ALDER, "2026-03-31", "Alder School (900001)"),
        (ALDER, "2026-04-01", "Alder Academy (900001)"),
        (COUNCIL, "2026-03-31", "Northwick Council"),
        (COUNCIL, "2026-04-01", "North Wick"),
        (ANN, "2026-04-30", "Mx Ann"),
        (ANN, "2026-05-01", "Mx Anneke"),
    ],
)
def test_a_name_is_that_of_the_day(asked, party, day, name):
    assert asked(called(party), day) == name


def test_and_of_what_was_known(asked):
    assert asked(called(ANN), "2026-05-02", "2026-03-02") == "Mx Ann"


def test_who_is_looked_for_by_a_former_name_is_found(asked):
    def look(connection, store, at):
        return [found(connection, store, at, text) for text in ("mx ann", "anneke", "alder school")]

    assert asked(look, "2026-06-01") == [[ANN], [ANN], [ALDER]]

    def exactly(connection, store, _at):
        return find_party(connection, store, "Mx Ann")

    assert asked(exactly, "2026-06-01") == ANN


def test_former_names_are_told(asked):
    def told(connection, store, at):
        return {row["reference"]: row for row in parties(connection, store, at).rows}

    rows = asked(told, "2026-06-01")
    assert (rows[ANN]["name"], rows[ANN]["former_names"]) == ("Mx Anneke", ["Mx Ann"])
    assert rows["900001"]["former_names"] == ["Alder School"]
    assert len(rows[ANN]["events"]) == 2
    rows = asked(told, "2026-04-30")
    assert (rows[ANN]["name"], rows[ANN]["former_names"]) == ("Mx Ann", [])


def test_phase_and_authority_are_those_of_the_day(asked):
    def told(connection, store, at):
        row = next(r for r in parties(connection, store, at).rows if r["reference"] == "900001")
        return row["kind"], row["la_name"], Bodies(connection, at).authority(ALDER)

    assert asked(told, "2026-03-31") == ("primary school", "Northwick Council", COUNCIL)
    assert asked(told, "2026-04-01") == ("all through school", "W", "body:west")

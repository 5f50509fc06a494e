"""Parties and people are called as on the day that is asked for, in every answer."""

import re
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


class TestTold:
    """A message names whatever it refers to as people do."""

    @pytest.fixture
    def told(self, asked):
        def tell(text, as_of="2026-05-02"):
            return asked(
                lambda connection, store, at: Names(connection, store, at).told(text), as_of
            )

        return tell

    @pytest.fixture
    def offer(self, registry):
        """An event that created something, by its id."""
        return next(entry for entry in registry.ledger.entries() if entry.name == "Appointed")

    def test_parties_and_offices_by_name_and_a_urn_as_such(self, told):
        assert told(f"head@{ALDER} of {COUNCIL}: urn:900001 belongs to {ALDER} already") == (
            "head of Alder Academy (900001) of North Wick: URN 900001 belongs to Alder Academy"
            " (900001) already"
        )

    def test_things_and_events_by_what_they_are_and_the_start_of_their_id(self, told, offer):
        short, day = offer.id[:13], offer.occurredon
        assert told(f"appointment:{offer.id} is ended, by event:{offer.id}") == (
            f"the appointment of {day} ({short}) is ended, by Appointed of {day} ({short})"
        )
        assert told(f"later events rely on it: Appointed {offer.id}; withdraw those first") == (
            f"later events rely on it: Appointed of {day} ({short}); withdraw those first"
        )

    def test_a_person_of_a_name_that_others_have_too_with_the_start_of_their_reference(
        self, registry, told
    ):
        assert told(f"{ANN} signs it") == "Mx Anneke signs it"
        other = "person:01900000-0000-7000-8000-999999999999"
        registry.say("rita", "PersonEnrolled", person=other, name="Mx Anneke")
        short = ANN.removeprefix("person:")
        assert re.fullmatch(
            rf"Mx Anneke \({short[:13]}[0-9a-f-]*\) signs it", told(f"{ANN} signs it")
        )

    @pytest.mark.parametrize(
        "text",
        [
            (
                "it names visit:0191b1f0-0000-7000-8000-000000000000, which is not in this"
                " ledger; check its id"
            ),
            "0191b1f0-0000-7000-8000-000000000000/support is nothing that anybody owes",
            "it would end on 2024-09-01, before it starts on 2024-09-02; see 3:4",
        ],
    )
    def test_what_is_unknown_stays_as_it_is(self, told, text):
        assert told(text) == text

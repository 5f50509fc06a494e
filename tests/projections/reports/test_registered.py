"""What the record alone tells of a name: a URN, a short name, a whole id."""

import pytest
from recording import ONE, THREE, partnership, register

from ledger.errors import NotFoundError
from projections.reports.finding import find_party
from projections.reports.registered import is_unknown, registered
from projections.tables import catalogue


@pytest.fixture
def store(recorded):
    partnership(recorded.ledger)
    return recorded.ledger.store


def test_a_urn_a_short_name_and_a_reference_need_no_table(store):
    urn = ONE.school.removeprefix("school:")
    for typed in (urn, f"urn:{urn}", ONE.school):
        assert registered(store, typed, "school") == ONE.school
    assert registered(store, "northwick", "body") == "body:northwick"
    assert registered(store, "partnership:estuary", "partnership") == "partnership:estuary"


def test_a_urn_names_whose_it_is_now_and_a_whole_reference_the_line_that_ended(recorded):
    said = {"school": THREE.school, "former_urn": "urn:900001", "effective_on": "2026-03-10"}
    said |= {"former_urn_closes_on": "2026-03-09", "predecessor": ONE.school}
    register(recorded.ledger, "SuccessionAttributed", **said)
    store = recorded.ledger.store
    with catalogue.views(store, None).open() as tables:
        for typed, school in (
            ("900001", THREE),
            ("urn:900001", THREE),
            ("school:900001", ONE),
            ("school:900003", THREE),
        ):
            assert registered(store, typed, "school") == school.school
            assert find_party(tables, store, typed) == school.school


def test_what_may_be_a_name_waits_for_the_tables(store):
    for typed, kind in (("nosuch", "body"), ("School one", "school"), ("estuary", "body")):
        assert registered(store, typed, kind) is None


def test_a_urn_and_a_whole_id_that_the_record_lacks_are_known_to_be_none(store):
    with pytest.raises(NotFoundError, match="no school in this ledger has or had the URN 999999"):
        registered(store, "999999", "school")
    with pytest.raises(NotFoundError, match="999999"):
        is_unknown(store, "999999")
    absent = "0191b207-c7a0-7000-8000-000000000001"
    for typed in (absent, f"visit:{absent}", f"{absent}/attestation"):
        assert is_unknown(store, typed)
    for typed in ("northwick", "0191b207", ONE.school, f"event:{_first(store)}"):
        assert not is_unknown(store, typed)


def _first(store):
    return next(iter(store.by_types(["LedgerFounded"])))[1].decode().partition('"id":"')[2][:36]

"""What a school's part is asked: what it tells as the whole does, of that school and no other."""

import pytest
from recording import DAY, ONE, ORIGIN, REGISTRAR, THREE, TWO, Head, register, say

from ledger.bundle import Export, Manifest, Signing, open_archive, write_bundle
from ledger.bundle.manifest import Selection
from ledger.log.checkpoint import Checkpoint, sign
from ledger.recording.application import By
from ledger.recording.founding import new_log_key
from projections.errors import ProjectionError
from projections.reports.asking_parts import narrowed
from projections.reports.catalogue import question
from projections.reports.names import Names
from projections.tables.extract import tables_of
from projections.tables.views import moment

AFTER = "2026-03-31"


@pytest.fixture
def told_of(recorded, tmp_path):
    """Ask the part of a school a question; return the rows."""
    registrar = Head(0)

    def ask(school, name, as_of=AFTER, **asked):
        ledger, path = recorded.ledger, tmp_path / "part.zip"
        head = ledger.head()
        note = sign(Checkpoint(ORIGIN, head.size, head.root), new_log_key(ORIGIN, b"l" * 32))
        signing = Signing(registrar.signer, By(registrar.person, REGISTRAR), ledger.clock())
        write_bundle(path, ledger, Export(note, Selection(party=school), "all"), signing)
        with open_archive(path) as archive:
            manifest = Manifest.parse(archive.read("manifest.json"))
        with tables_of(path, manifest) as (store, connection):
            at, asks = moment(connection, as_of), question(name)
            names = Names(connection, store, at)
            narrower = narrowed(connection, names, at, asks, asks.asked(**asked))
            return list(asks.answer(connection, store, at, narrower).rows)

    return ask


def offers(ledger, receiver, **said):
    sides = {"provider": THREE.school, "receiver": receiver, "route": "local_authority"}
    say(ledger, THREE, "SupportOffered", **sides, days="2.0", valid_until="2026-12-31", **said)


def needs(ledger, head):
    said = {"school": head.school, "raiser": head.school, "area": "inclusion", "level": "school"}
    return say(ledger, head, "NeedIdentified", **said).event


def merged(ledger):
    both = {"predecessors": [ONE.school, TWO.school], "school": TWO.school}
    register(ledger, "SchoolsMerged", **both, effective_on=DAY.isoformat())


def test_what_came_of_a_need_is_told_of_the_part_of_its_school(recorded, told_of):
    need = needs(recorded.ledger, TWO)
    offers(recorded.ledger, TWO.school, trigger=f"need:{need}")
    rows = told_of(TWO.school, "response")
    assert [(row["trigger"], row["first_offer_on"]) for row in rows] == [(need, DAY.isoformat())]
    assert rows == recorded.ask(question("response"), (AFTER, None), about=TWO.school).rows


def test_of_a_school_from_which_another_goes_on_it_is_not_told_who_helped_that(recorded, told_of):
    need = needs(recorded.ledger, ONE)
    merged(recorded.ledger)
    offers(recorded.ledger, TWO.school, trigger=f"need:{need}")
    [row] = recorded.ask(question("response"), (AFTER, None), about=ONE.school).rows
    assert row["first_offer_on"] == DAY.isoformat(), "its part does not hold that offer"
    with pytest.raises(ProjectionError, match="response cannot be told from a part"):
        told_of(ONE.school, "response")
    assert told_of(TWO.school, "response") == []


def test_what_a_school_offers_itself_is_told_of_its_part(recorded, told_of):
    span = {"starts": "2026-03-01", "ends": "2026-07-31", "days": "5.0"}
    say(recorded.ledger, THREE, "CapacityDeclared", provider=THREE.school, **span)
    offers(recorded.ledger, ONE.school)
    for name in ("available", "capacity"):
        rows = told_of(THREE.school, name)
        assert rows == recorded.ask(question(name), (AFTER, None), provider=THREE.school).rows
        assert {row["provider"] for row in rows} == {THREE.school}, name


def test_what_a_school_could_be_offered_is_not_told_of_its_part(told_of):
    with pytest.raises(ProjectionError, match="available cannot be told from a part"):
        told_of(ONE.school, "available", about=ONE.school)


@pytest.mark.parametrize("name", ["reciprocity", "claims", "partnerships", "orphans", "compare"])
def test_what_others_said_of_others_is_not_told_of_a_part(told_of, name):
    with pytest.raises(ProjectionError, match=f"{name} cannot be told from a part"):
        told_of(ONE.school, name)

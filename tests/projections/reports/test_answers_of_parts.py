"""A part answers of whom it was chosen by what the whole record answers, in every cell and note."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from cli.demo.names import ORIGIN
from ledger import keys
from ledger.bundle import Export, Manifest, Signing, open_archive, write_bundle
from ledger.bundle.manifest import Selection
from ledger.log.checkpoint import Checkpoint, sign
from ledger.recording.application import By
from ledger.recording.founding import parse_log_key
from projections.reports.catalogue import QUESTIONS, question
from projections.reports.diff import diff
from projections.reports.history import history
from projections.reports.keyholders import keyholders
from projections.reports.owes import Asked as Owed
from projections.reports.owes import owes
from projections.reports.replay import Asked as Replayed
from projections.reports.replay import replay
from projections.tables.extract import tables_of
from projections.tables.views import moment

pytestmark = pytest.mark.sampled(4)

PARTIES = (
    *("body:east-fellmoor", "body:fellmoor", "body:fellside-trust", "body:harbour-trust"),
    *("body:inspectorate", "body:northwick", "body:rise-north", "body:saltmarsh-hub"),
    *("body:west-fellmoor", "partnership:early-reading", "partnership:estuary"),
    *("partnership:valley", *(f"school:9000{number:02}" for number in range(1, 13))),
)
PEOPLE = 19
MOMENTS = (("2025-07-31", None), ("2025-12-31", 138), ("2026-06-30", 300), ("2027-12-31", None))


OF_A_SCHOOL = [name for name in QUESTIONS if question(name).of_part in {"about", "provider"}]
#: As many digits of an id as tell it from others: of fewer events these are fewer.
SHORTENED = "event_start"


class Told(NamedTuple):
    """What is asked: a store and its tables."""

    store: object
    connection: object


@pytest.fixture
def demo(story):
    """The demo, whole, and what writes the part of a party and lends what it takes to ask it."""
    folder, ledger, connection = story
    return folder, ledger, Told(ledger.store, connection)


def part_of(demo, party, path):
    """Write the part that concerns a party, with all its texts; return its manifest."""
    folder, ledger, _ = demo
    registrar = keys.load(folder / "keys" / "registrar")
    by = By(ledger.person_of(f"key:{registrar.public.fingerprint}"), "registrar@ledger")
    head = ledger.head()
    log_key = parse_log_key((folder / "demo.db.log-key").read_text())
    note = sign(Checkpoint(ORIGIN, head.size, head.root), log_key)
    export = Export(note, Selection(party=party), "all")
    write_bundle(path, ledger, export, Signing(registrar, by, ledger.clock()))
    with open_archive(path) as archive:
        return Manifest.parse(archive.read("manifest.json"))


def answers(told, party):
    """Go through everything that a part can be asked of its party, by what was asked."""
    store, connection = told
    for when in MOMENTS:
        at = moment(connection, *when)
        yield f"history {when}", history(connection, store, party, at)
        yield f"keys {when}", keyholders(connection, store, at, party)
        if party.startswith("person:"):
            continue
        for name in OF_A_SCHOOL if party.startswith("school:") else ():
            asked = question(name)
            narrowed = asked.asked(**{asked.of_part: party})
            yield f"{name} {when}", asked.answer(connection, store, at, narrowed)
        yield f"owes {when}", owes(connection, store, at, Owed(about=party, settled=True))
        yield f"replay {when}", replay(connection, store, at, Replayed(party))
        later = moment(connection, "2027-12-31")
        yield f"diff {when}", diff(connection, store, at, later, party)


def as_told(report):
    return {
        "rows": [{k: v for k, v in row.items() if k != SHORTENED} for row in report.rows],
        "notes": report.notes,
        "asked": report.asked,
        "title": report.title,
    }


def assert_same(demo, party, path):
    manifest = part_of(demo, party, path)
    *_, whole = demo
    with tables_of(path, manifest) as lent:
        there = answers(Told(*lent), party)
        for (asked, expected), (_, got) in zip(answers(whole, party), there, strict=True):
            assert as_told(got) == as_told(expected), asked


@pytest.mark.parametrize("party", PARTIES)
def test_of_a_party(demo, tmp_path, party):
    assert_same(demo, party, tmp_path / "p.zip")


@pytest.mark.parametrize("number", range(PEOPLE))
def test_of_a_person(demo, tmp_path, number):
    assert_same(demo, people(demo)[number], tmp_path / "p.zip")


def test_nobody_is_left_out(demo):
    *_, whole = demo
    registered = whole.connection.execute("SELECT party FROM registered ORDER BY party")
    assert tuple(row[0] for row in registered) == PARTIES
    assert len(people(demo)) == PEOPLE


def people(demo):
    *_, whole = demo
    signers = whole.connection.execute("SELECT DISTINCT signed_by FROM entries ORDER BY 1")
    return [row[0] for row in signers]

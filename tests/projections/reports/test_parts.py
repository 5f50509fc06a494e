"""What concerns a party, as histories show it and as parts of the record answer it, in the demo."""

from __future__ import annotations

import orjson
import pytest
from recording import restored
from two_years import ORIGIN, tell

from ledger import keys
from ledger.bundle import Export, Signing, open_archive, write_bundle
from ledger.bundle.manifest import Selection
from ledger.format.entry import read_entry
from ledger.log.checkpoint import Checkpoint, sign
from ledger.recording.application import By
from ledger.recording.founding import parse_log_key
from ledger.verification.verify import verify_bundle
from projections.reports.history import history
from projections.reports.owes import Asked, owes
from projections.tables import catalogue
from projections.tables.views import moment

pytestmark = pytest.mark.sampled(3)

ESTUARY = "partnership:estuary"
PARTIES = (
    *(f"school:90000{number}" for number in range(1, 7)),
    "body:northwick",
    "body:harbour-trust",
    ESTUARY,
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    (folder / "keys").mkdir()
    with tell(folder, 7, lambda _: None) as ledger:
        yield folder, ledger


def exported(demo, path, text="none", **selection):
    """Write a part of the demo and return its entries with the events whose text is shown."""
    folder, ledger = demo
    registrar = keys.load(folder / "keys" / "registrar")
    by = By(ledger.person_of(f"key:{registrar.public.fingerprint}"), "registrar@ledger")
    head = ledger.head()
    log_key = parse_log_key((folder / "demo.db.log-key").read_text())
    note = sign(Checkpoint(ORIGIN, head.size, head.root), log_key)
    export = Export(note, Selection(**selection), text)
    write_bundle(path, ledger, export, Signing(registrar, by, ledger.clock()))
    with open_archive(path) as archive:
        lines = [line.split(b"\t", 1) for line in archive.lines("entries.tsv")]
        shown = [orjson.loads(line) for line in archive.lines("disclosures.jsonl")]
    return [(int(index) + 1, data) for index, data in lines], shown


def owed(store, party, as_of):
    views = catalogue.views(store, None)
    with views.open() as connection:
        at = moment(connection, as_of, None)
        asked = Asked(about=party, settled=True)
        rows = owes(connection, store, at, asked).rows
        # A part is no ledger: of what its rules would have looked at, it need not hold all.
        # And it has places of its own.
        left_out = ("marks", "position")
        return [{name: row[name] for name in row if name not in left_out} for row in rows]


@pytest.mark.parametrize("party", PARTIES)
def test_the_part_of_each_party_verifies_and_owes_what_the_ledger_says(demo, tmp_path, party):
    _, ledger = demo
    entries, _ = exported(demo, tmp_path / "b.zip", party=party)
    verdict = verify_bundle(tmp_path / "b.zip")
    assert verdict.verified
    left_out = sum(last - first + 1 for first, last in verdict.left_out)
    assert left_out == ledger.head().size - len(entries)
    with restored(entries, tmp_path / "part.db") as store:
        for as_of in ("2025-06-30", "2026-12-31"):
            rows = owed(ledger.store, party, as_of)
            assert rows or party == "body:harbour-trust"
            assert owed(store, party, as_of) == rows


def shown_in(demo, party, as_of="2026-12-31"):
    _, ledger = demo
    views = catalogue.views(ledger.store, None)
    with views.open() as connection:
        at = moment(connection, as_of, None)
        return list(history(connection, ledger.store, party, at).rows)


def test_the_history_of_a_partnership_shows_what_its_members_did_in_it(demo):
    _, ledger = demo
    types = {row["type"] for row in shown_in(demo, ESTUARY)}
    assert types >= {"VisitMade", "VisitAttested", "VisitDisputed", "VisitCorrected"}
    assert types >= {"ImpactReported", "SupportAgreed", "JudgementMade", "HandoverGiven"}
    visits = [read_entry(*row) for row in ledger.store.by_types(["VisitMade"])]
    shown = {row["event"] for row in shown_in(demo, ESTUARY)}
    assert {visit.id for visit in visits if visit.data["under"].startswith("year:")} <= shown


def test_the_history_of_a_school_shows_what_names_it_and_nothing_else(demo):
    _, ledger = demo
    named = {n for n, _ in ledger.store.by_tag("school:900005")}
    assert {row["position"] for row in shown_in(demo, "school:900005")} == named


def test_who_commissions_support_sees_what_came_of_it(demo):
    _, ledger = demo
    agreed = [read_entry(*row) for row in ledger.store.by_types(["SupportAgreed"])]
    commissioned = {f"agreement:{one.id}" for one in agreed if "commissioner" in one.data}
    reported = [read_entry(*row) for row in ledger.store.by_types(["ImpactReported"])]
    expected = {one.id for one in reported if one.data.get("agreement") in commissioned}
    assert expected
    assert expected <= {row["event"] for row in shown_in(demo, "body:northwick")}


def test_a_part_names_nobody_who_neither_signed_it_nor_is_named_in_it(demo, tmp_path):
    """Whose enrolment is there to judge by, and nothing else, keeps their name."""
    _, ledger = demo
    enrolled = [read_entry(*row) for row in ledger.store.by_types(["PersonEnrolled"])]
    people = {entry.id: entry.data["person"] for entry in enrolled}
    texts = ledger.store.vault
    by_name = {texts.get(event)["/data/name"][1]: people[event] for event in people}
    clerk = by_name["Mx Maple"]
    entries, shown = exported(demo, tmp_path / "b.zip", "all", party=clerk)
    names = {one["value"] for one in shown if one["pointer"] == "/data/name"}
    # The clerk, both registrars who recorded and vouched for that, and the chair, who opened the
    # years of the partnership that it is of.
    assert names == {"Mx Maple", "Mx Yew", "Mx Rowan", "Mx Hazel"}
    held = {read_entry(*row).id for row in entries}
    assert people.keys() <= held
    assert verify_bundle(tmp_path / "b.zip").withheld > 0


def test_a_part_by_a_time_has_what_happened_then_and_what_that_rests_on(demo, tmp_path):
    entries, _ = exported(demo, tmp_path / "b.zip", first="2025-05-01", last="2025-05-31")
    assert verify_bundle(tmp_path / "b.zip").verified
    held = {entry.id: entry for entry in (read_entry(*row) for row in entries)}
    visits = [one for one in held.values() if one.name == "VisitMade"]
    assert visits
    for visit in visits:
        assert "2025-05-01" <= visit.occurredon <= "2025-05-31" or any(
            f"event:{visit.id}" in one.tags for one in held.values() if one.id != visit.id
        )
        assert visit.data["under"].partition(":")[2] in held

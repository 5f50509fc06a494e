"""What a bundle answers: the whole record as the ledger does, a part of whom it was chosen by."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from two_years import ORIGIN, tell

from ledger import keys
from ledger.bundle import Export, Signing, open_archive, packing, write_bundle
from ledger.bundle.manifest import Selection
from ledger.bundle.restoring import restored
from ledger.errors import BundleError, UnverifiedError
from ledger.log.checkpoint import Checkpoint, sign
from ledger.recording.application import By
from ledger.recording.founding import parse_log_key
from ledger.verification.verify import verify_bundle
from projections.details.base import Reading
from projections.details.event import event_page
from projections.details.obligation import obligation_page
from projections.details.party import party_page
from projections.errors import ProjectionError
from projections.reports.diff import diff
from projections.reports.history import history
from projections.reports.keyholders import keyholders
from projections.reports.names import Names
from projections.reports.owes import Asked, owes
from projections.reports.parties import parties
from projections.reports.replay import Asked as Replayed
from projections.reports.replay import replay
from projections.tables import catalogue
from projections.tables.extract import answering
from projections.tables.views import moment

pytestmark = pytest.mark.sampled(3)

SCHOOLS = [f"school:90000{number}" for number in range(1, 7)]
CEDAR, ALDER = "school:900003", "school:900001"
PARTIES = [*SCHOOLS, "body:northwick", "body:harbour-trust", "partnership:estuary"]
MOMENTS = [(None, 40), ("2025-06-30", None), ("2025-12-31", 138), ("2026-12-31", None)]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    (folder / "keys").mkdir()
    with tell(folder, 7, lambda _: None) as ledger:
        views = catalogue.views(ledger.store, None)
        with views.open() as connection:
            yield folder, ledger, connection


def exported(demo, path, text="none", **selection):
    folder, ledger, _ = demo
    registrar = keys.load(folder / "keys" / "registrar")
    by = By(ledger.person_of(f"key:{registrar.public.fingerprint}"), "registrar@ledger")
    head = ledger.head()
    log_key = parse_log_key((folder / "demo.db.log-key").read_text())
    note = sign(Checkpoint(ORIGIN, head.size, head.root), log_key)
    chosen = Selection(**selection) if selection else None
    signing = Signing(registrar, by, ledger.clock())
    write_bundle(path, ledger, Export(note, chosen, text), signing)
    return path


@pytest.fixture(scope="module")
def whole(demo, tmp_path_factory):
    path = exported(demo, tmp_path_factory.mktemp("whole") / "w.zip", "all")
    with answering(path) as told:
        yield told


@pytest.fixture(scope="module")
def cedar(demo, tmp_path_factory):
    path = exported(demo, tmp_path_factory.mktemp("part") / "p.zip", party=CEDAR)
    with answering(path) as told:
        yield told


def rows(report):
    return list(report.rows)


def told_of(party, connection, store, at):
    return history(connection, store, party, at)


def assert_same(report, demo, told, when, *asked):
    """Compare an answer of the ledger with that of a bundle: heading, notes and every row."""
    _, ledger, connection = demo
    here = report(connection, ledger.store, moment(connection, *when), *asked)
    there = report(told.connection, told.store, moment(told.connection, *when), *asked)
    assert rows(there) == rows(here)
    assert there.notes == here.notes
    for name in ("origin", "size", "root", "as_of", "known_at", "known_on"):
        assert getattr(there.heading, name) == getattr(here.heading, name)


@pytest.mark.parametrize(("as_of", "known_at"), MOMENTS)
def test_the_whole_record_answers_as_the_ledger_row_for_row(demo, whole, as_of, known_at):
    asked = (demo, whole, (as_of, known_at))
    assert_same(owes, *asked, Asked(settled=True))
    assert_same(replay, *asked, Replayed())
    assert_same(keyholders, *asked)
    assert_same(parties, *asked)
    for party in PARTIES:
        assert_same(partial(told_of, party), *asked)


def test_the_whole_record_tells_the_same_differences(demo, whole):
    _, ledger, connection = demo
    told = []
    for store, tables in ((ledger.store, connection), (whole.store, whole.connection)):
        ends = moment(tables, "2025-07-31"), moment(tables, "2026-07-31")
        told.append(rows(diff(tables, store, *ends)))
    assert told[0] == told[1]
    assert told[0]


def test_every_event_of_the_whole_record_is_shown_as_the_ledger_shows_it(demo, whole):
    _, ledger, connection = demo
    here = Reading(ledger.store, connection, moment(connection, "2026-12-31"))
    there = Reading(whole.store, whole.connection, moment(whole.connection, "2026-12-31"))
    for (event,) in connection.execute("SELECT event FROM entries").fetchall()[::5]:
        assert event_page(there, event).sections == event_page(here, event).sections


@pytest.mark.parametrize("party", PARTIES)
def test_a_part_owes_and_tells_of_its_party_what_the_ledger_does(demo, tmp_path, party):
    _, ledger, connection = demo
    with answering(exported(demo, tmp_path / "p.zip", "all", party=party)) as told:
        for as_of, known_at in MOMENTS:
            at, there = (moment(each, as_of, known_at) for each in (connection, told.connection))
            asked = Asked(about=party, settled=True)
            expected = rows(owes(connection, ledger.store, at, asked))
            assert rows(owes(told.connection, told.store, there, asked)) == expected
            expected = rows(replay(connection, ledger.store, at, Replayed(party)))
            found = replay(told.connection, told.store, there, Replayed(party))
            assert rows(found) == expected
            happened = [
                {**row, "event_start": ""}
                for row in rows(history(connection, ledger.store, party, at))
            ]
            found = history(told.connection, told.store, party, there)
            assert [{**row, "event_start": ""} for row in rows(found)] == happened


def test_a_part_of_a_school_has_what_the_lines_that_it_goes_on_from_brought_into_it(tmp_path):
    """Else what it was owed before would be told without what settled it."""
    (tmp_path / "keys").mkdir()
    with tell(tmp_path, 7, lambda _: None) as ledger:
        said = {"school": CEDAR, "urn": "urn:900103", "former_urn": "urn:900001"}
        days = {"former_urn_closes_on": "2026-07-31", "effective_on": "2026-08-01"}
        registrar = keys.load(tmp_path / "keys" / "registrar")
        office, day = "registrar@ledger", date(2026, 7, 10)
        ledger.say("SuccessionAttributed", said | days, registrar, office, day)
        with catalogue.views(ledger.store, None).open() as connection:
            part = exported((tmp_path, ledger, connection), tmp_path / "p.zip", party=CEDAR)
            with answering(part) as told:
                at = moment(connection, "2026-12-31")
                happened = told_of(CEDAR, told.connection, told.store, at)
                positions = [row["position"] for row in rows(happened)]
                expected = rows(told_of(CEDAR, connection, ledger.store, at))
                assert positions == [row["position"] for row in expected]
                for about in (replay, owes):
                    asked = Replayed(CEDAR) if about is replay else Asked(about=CEDAR, settled=True)
                    figures = [
                        [(row.get("before"), row.get("after"), row.get("outstanding"))]
                        for row in rows(about(told.connection, told.store, at, asked))
                    ]
                    assert figures == [
                        [(row.get("before"), row.get("after"), row.get("outstanding"))]
                        for row in rows(about(connection, ledger.store, at, asked))
                    ]


def test_a_part_asked_without_a_name_tells_whom_it_was_chosen_by(cedar):
    at = moment(cedar.connection, "2025-12-31")
    bare = owes(cedar.connection, cedar.store, at, Asked())
    told = rows(bare)
    assert told
    assert told == rows(owes(cedar.connection, cedar.store, at, Asked(about=CEDAR)))
    assert bare.asked == "what Cedar Bank School (900003) owes and is owed"
    events = rows(replay(cedar.connection, cedar.store, at, Replayed()))
    assert events == rows(replay(cedar.connection, cedar.store, at, Replayed(CEDAR)))


def test_what_others_owe_is_refused_not_answered_from_half_of_what_settles_it(cedar):
    at = moment(cedar.connection, "2025-12-31")
    said = "this part of the record tells only what Cedar Bank School (900003) owes and is owed"
    for refused in (
        lambda: owes(cedar.connection, cedar.store, at, Asked(about=ALDER)),
        lambda: owes(cedar.connection, cedar.store, at, Asked(by=ALDER)),
        lambda: replay(cedar.connection, cedar.store, at, Replayed(ALDER)),
        lambda: diff(cedar.connection, cedar.store, at, at, ALDER),
    ):
        with pytest.raises(ProjectionError) as error:
            refused()
        assert str(error.value).startswith(f"{said}: got Alder Primary School (900001).")
    to_cedar = rows(owes(cedar.connection, cedar.store, at, Asked(by=ALDER, to=CEDAR)))
    assert {row["debtor"] for row in to_cedar} == {ALDER}


def test_no_table_of_a_part_holds_what_others_owe_one_another(cedar):
    sql = "SELECT DISTINCT obligation FROM postings WHERE ? NOT IN (debtor, creditor)"
    others = {row[0] for row in cedar.connection.execute(sql, (CEDAR,))}
    sql = "SELECT DISTINCT obligation FROM postings WHERE ? IN (debtor, creditor)"
    assert others <= {row[0] for row in cedar.connection.execute(sql, (CEDAR,))}


def test_the_page_of_another_party_says_that_its_balances_are_not_told(cedar):
    reading = Reading(cedar.store, cedar.connection, moment(cedar.connection, "2025-12-31"))
    owing = next(one for one in party_page(reading, ALDER).sections if one.name == "owes")
    assert owing.rows == []
    assert owing.empty == (
        "Not told: this part of the record tells only what Cedar Bank School (900003) owes and is"
        " owed."
    )
    owing = next(one for one in party_page(reading, CEDAR).sections if one.name == "owes")
    assert owing.rows


def sections(told, event):
    reading = Reading(told.store, told.connection, moment(told.connection, "2026-07-31"))
    return {one.name: one for one in event_page(reading, event).sections}


def agreements(connection):
    """Return the agreements in tables, each with the obligations that it opened and are there."""
    sql = """
        SELECT e.event, p.obligation FROM entries e JOIN postings p ON p.position = e.position
        WHERE e.type = 'SupportAgreed' AND p.obligation LIKE e.event || '/%'
    """
    found = {}
    for event, obligation in connection.execute(sql):
        found.setdefault(event, set()).add(obligation)
    return found


def test_an_agreement_says_how_much_of_it_a_part_does_not_tell_and_whose_parts_do(demo, cedar):
    _, _, connection = demo
    here, there = agreements(connection), agreements(cedar.connection)
    assert there
    for event, told in there.items():
        assert sections(cedar, event)["untold"].facts == {
            "obligations that it opened": len(here[event] - told),
            "why": "this part of the record tells only what Cedar Bank Academy (900103) owes and is"
            " owed",
            "ask for a part by": "Alder Primary School (900001) or Northwick Council",
        }


def test_an_event_that_opens_what_hangs_on_who_belonged_says_that_there_may_be_more(cedar):
    sql = "SELECT event FROM entries WHERE type = 'PartnershipYearOpened' LIMIT 1"
    (event,) = cedar.connection.execute(sql).fetchone()
    assert sections(cedar, event)["untold"].facts == {
        "what else it changed, if anything": "this part of the record tells only what Cedar Bank"
        " Academy (900103) owes and is owed"
    }


def test_the_whole_record_leaves_nothing_untold(whole):
    for event in agreements(whole.connection):
        assert "untold" not in sections(whole, event)


def test_an_obligation_of_others_is_not_denied_and_who_can_tell_it_is_said(demo, cedar):
    _, _, connection = demo
    here, there = agreements(connection), agreements(cedar.connection)
    reading = Reading(cedar.store, cedar.connection, moment(cedar.connection, "2026-07-31"))
    for event, told in there.items():
        for obligation in here[event] - told:
            with pytest.raises(ProjectionError) as refused:
                obligation_page(reading, event, obligation.partition("/")[2])
            assert str(refused.value) == (
                "this part of the record tells only what Cedar Bank Academy (900103) owes and is"
                " owed: got what Alder Primary School (900001) owes Northwick Council. Ask whoever"
                " keeps the record for a part by either, such as `school-ledger export bundle"
                " --school 900001 -o 900001.zip` makes."
            )
        with pytest.raises(ProjectionError, match=r"nosuch that event .* is not told here"):
            obligation_page(reading, event, "nosuch")
        for obligation in told:
            assert obligation_page(reading, event, obligation.partition("/")[2])


def test_the_page_of_another_party_does_not_take_what_is_left_out_for_nothing(cedar):
    reading = Reading(cedar.store, cedar.connection, moment(cedar.connection, "2025-12-31"))
    estuary = "Estuary Schools Partnership (partnership:estuary)"
    for party, name, told in (
        (ALDER, "partnerships", "not told by this part"),
        ("partnership:estuary", "members", "not told by this part"),
        (CEDAR, "partnerships", [estuary]),
    ):
        register, *_, happened = party_page(reading, party).sections
        assert register.facts[name] == told
        assert ("of what is here" in happened.title) is (party != CEDAR)


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        ({"first": "2025-01-01"}, "what happened from 2025-01-01"),
        (
            {"party": CEDAR, "last": "2025-06-30"},
            "what concerns Cedar Bank Academy (900103) up to 2025-06-30",
        ),
        ({"party": "clerk"}, "what concerns Mx Maple"),
    ],
)
def test_a_part_by_a_time_or_a_person_refuses_to_tell_who_owes_what(
    demo, tmp_path, selection, words
):
    _, _, connection = demo
    sql = "SELECT person FROM tenures WHERE office = 'clerk@partnership:estuary'"
    (clerk,) = connection.execute(sql).fetchone()
    chosen = {name: clerk if said == "clerk" else said for name, said in selection.items()}
    with answering(exported(demo, tmp_path / "p.zip", "all", **chosen)) as told:
        at = moment(told.connection, "2026-12-31")
        with pytest.raises(ProjectionError, match="cannot be told from this part") as error:
            owes(told.connection, told.store, at, Asked())
        assert f"this part of the record, {words}. Ask for the whole" in str(error.value)
        assert told.connection.execute("SELECT count(*) FROM postings").fetchone()[0] == 0
        reading = Reading(told.store, told.connection, at)
        event = told.connection.execute("SELECT event FROM entries LIMIT 1 OFFSET 30").fetchone()
        changed = next(
            one for one in event_page(reading, event[0]).sections if one.name == "changes"
        )
        assert changed.empty.startswith("Not told: who owes what to whom cannot be told")


def test_the_heading_says_that_it_is_a_part_of_what_and_what_that_shows(cedar):
    at = moment(cedar.connection, "2026-07-31")
    report = history(cedar.connection, cedar.store, CEDAR, at)
    heading = report.heading
    exporter = cedar.verdict.manifest.exporter.person
    person = Names(cedar.connection, cedar.store, at).person(exporter)
    assert exporter.startswith(person.replace(" ", ":"))
    assert dict(heading.bundle.facts) == {
        "From": "a part of the record, what concerns Cedar Bank Academy (900103): 102 of its 174"
        f" entries; exported at {cedar.verdict.manifest.exported_at} by {person},"
        " registrar of the ledger",
        "Complete": "presence proved, completeness claimed by whoever exported it; of the rules"
        " only authority is judged",
        "Withheld": "16 texts; who has no name here is told by reference",
    }
    assert (heading.size, heading.root) == (174, cedar.verdict.root.hex())
    assert [note.partition(":")[0] for note in report.notes] == ["unvouched"]


def test_the_history_of_another_party_says_what_the_part_was_chosen_by(cedar):
    at = moment(cedar.connection, "2026-07-31")
    report = history(cedar.connection, cedar.store, ALDER, at)
    assert report.notes[0] == (
        "Not everything of Alder Primary School (900001): the part was chosen as what concerns"
        " Cedar Bank Academy (900103)."
    )


def test_people_whose_names_are_withheld_are_told_apart(cedar):
    at = moment(cedar.connection, "2026-07-31")
    signers = {
        row["signed_by"]: row["signed_by_name"]
        for row in rows(history(cedar.connection, cedar.store, CEDAR, at))
    }
    assert len(signers) > 5
    assert len(set(signers.values())) == len(signers)
    for person, name in signers.items():
        assert person.startswith(f"person:{name.removeprefix('person ')}")


def test_names_that_a_bundle_shows_are_told(whole):
    at = moment(whole.connection, "2026-07-31")
    told = rows(history(whole.connection, whole.store, CEDAR, at))
    assert all(row["signed_by_name"].startswith("Mx ") for row in told)


def test_the_position_of_an_entry_that_a_part_leaves_out_is_a_moment_all_the_same(cedar):
    held = {row[0] for row in cedar.connection.execute("SELECT position FROM entries")}
    missing = next(n for n in range(100, 174) if n not in held)
    before = max(n for n in held if n < missing)
    at, last = (moment(cedar.connection, None, n) for n in (missing, before))
    assert (at.as_of, at.known_at) == (last.as_of, missing)
    assert rows(owes(cedar.connection, cedar.store, at, Asked())) == rows(
        owes(cedar.connection, cedar.store, last, Asked())
    )
    assert moment(cedar.connection).known_at == 174


def altered(path, name, change):
    """Write a bundle again with one of its files changed; return it."""
    with open_archive(path) as opened:
        files = {each: opened.read(each) for each in opened.names}
    files[name] = change(files[name])
    with path.open("w+b") as file, packing.packed(file) as pack:
        for each in packing.in_order(files):
            pack.add(each, [files[each]])
    return path


def test_a_bundle_that_does_not_verify_answers_nothing(demo, tmp_path):
    path = exported(demo, tmp_path / "p.zip", party=CEDAR)
    altered(path, "entries.tsv", lambda data: data.replace(b'"days":"1.5"', b'"days":"2.5"', 1))
    with pytest.raises(UnverifiedError, match="does not verify, so nothing"), answering(path):
        pytest.fail("it was answered")


def test_a_bundle_that_is_changed_once_it_was_verified_is_refused(demo, tmp_path):
    path = exported(demo, tmp_path / "p.zip", party=CEDAR)
    manifest = verify_bundle(path).manifest
    altered(path, "entries.tsv", lambda data: data[: data.rindex(b"\n", 0, -1) + 1])
    lent = restored(path, manifest, tmp_path / "entries.db")
    with pytest.raises(BundleError, match="it was changed meanwhile"), lent:
        pytest.fail("it was lent")

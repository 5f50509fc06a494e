"""The demo: a story recorded for real, the same each time but for keys, in a folder to move."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from guides import run_here

from cli.demo import tell as story
from cli.read.catalogue import REPORTS
from ledger.audit.check import check
from ledger.recording.application import Ledger

ROOT = Path(__file__).parents[3]


def school_ledger(*words, cwd, code=0):
    done = subprocess.run(
        [sys.executable, "-m", "cli", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return done


@pytest.fixture(scope="module")
def with_seed_2(tmp_path_factory):
    """Where the demo is recorded with another seed, in the current folder; what that printed."""
    folder = tmp_path_factory.mktemp("seed")
    return folder, school_ledger("demo", "--dir", ".", "--seed", "2", cwd=folder).stdout


def said(path):
    """What is said, without what depends on keys: proofs, keys and tree heads."""
    with Ledger.open(str(path), read_only=True) as ledger:
        entries = list(ledger.entries())
    fresh = {"proof", "key", "public_key", "log_key", "registrars", "at"}
    return [
        (
            e.id,
            e.type,
            e.time,
            e.recorded_at,
            e.office,
            {k: v for k, v in e.data.items() if k not in fresh},
        )
        for e in entries
    ]


def test_the_demo_asks_its_questions_and_answers_them(recorded):
    _, printed = recorded
    start = "$ school-ledger --ledger d/demo.db "
    asked = [line.removeprefix(start) for line in printed.splitlines() if line.startswith(start)]
    assert asked == [
        "owes",
        "owes --overdue --as-of 2025-12-31 --known-at 2025-12-31",
        "history 900003",
        "history 900103 --known-at 2025-07-31",
    ]
    assert re.search(
        r"^Alder Primary +Cedar Bank Academy +days of support .* 5\.0 ",
        printed,
        re.MULTILINE,
    )
    assert "\nURN 900103, head Mx Cypress (substantive) from 2026-01-01:\n" in printed


#: What the story tells of at least once, theme by theme.
TOLD = """
    EvidenceLodged MembershipSought RecordConfirmed MembershipLeft GroundRulesAgreed
    MembershipRatified ContingencyAccepted PartnershipResponded
    NeedIdentified NeedDisputed NeedEscalated DecisionRecorded CapacityDeclared
    ConflictOfInterestDeclared PlanAgreed SupportVaried SupportVariationAccepted SupportEnded
    ProgressReported ReviewHeld ConcernRaised ConcernResolved ObligationWaived
    FundingCommitted FundingPaid FundingReceived SpendRecorded FulfilmentClaimed
    FulfilmentAnswered VisitDisputed VisitCorrected ImpactReported ImpactAnswered
    JudgementMade InterventionRecorded InterventionLifted DepartureNotified HandoverGiven
    HandoverAccepted AppointmentEnded SchoolConverted SchoolClosed EventWithdrawn
    TargetSet TargetConflictRaised TargetConflictAnswered JudgementChallenged JudgementModerated
    VisitProgrammeOpened ProgrammeJoined AdviceGiven AdviceAnswered AdviceActedOn
    MeasurePublished JointPublicationAgreed NeedClosed BodySucceeded
    AuthorityDelegated MembershipDeclined SchoolsMerged PartnershipDissolved
"""


def test_the_story_tells_all_that_it_should(place):
    with Ledger.open(str(place / "d" / "demo.db"), read_only=True) as ledger:
        names = Counter(entry.name for entry in ledger.entries())
        assert check(ledger) == []
    assert set(TOLD.split()) - set(names) == set()
    assert names["SchoolRegistered"] == 12
    assert 390 <= names.total() <= 460


def test_an_episode_more_changes_no_id_of_the_story_beside_it(place, tmp_path):
    (tmp_path / "keys").mkdir()
    with story.tell(tmp_path, 1, lambda _: None, episodes=()) as plain:
        entries = [(entry.id, entry.name, entry.time) for entry in plain.entries()]
    with Ledger.open(str(place / "d" / "demo.db"), read_only=True) as ledger:
        told = [(entry.id, entry.name, entry.time) for entry in ledger.entries()]
    assert len(told) > len(entries) > 170
    assert [one for one in told if one in set(entries)] == entries


def test_what_is_owed_in_the_end_is_of_many_kinds(place):
    asked = ("owes", "--as-of", "2026-09-06", "--format", "json")
    rows = json.loads(school_ledger("--ledger", "d/demo.db", *asked, cwd=place).stdout)["rows"]
    beside_the_years = {"peer_visit", "impact_account"}
    assert Counter(row["kind"] for row in rows if row["kind"] not in beside_the_years) == {
        "advice_action": 1,
        "attestation": 3,
        "brokerage": 1,
        "condition": 1,
        "contingency_answer": 1,
        "entitled_visit": 1,
        "followup_account": 2,
        "fulfilment_answer": 1,
        "payment": 1,
        "ratification": 1,
        "reconciliation": 1,
        "spend_account": 3,
        "support": 3,
        "target": 5,
    }
    assert {row["kind"] for row in rows if row["overdue"]} == {
        "advice_action",
        "attestation",
        "brokerage",
        "contingency_answer",
        "entitled_visit",
        "fulfilment_answer",
        "impact_account",
        "peer_visit",
        "ratification",
        "reconciliation",
        "spend_account",
        "support",
    }
    assert {row["kind"] for row in rows if row["claimed_on"]} == {"condition", "support"}


_ASKED = {
    "compare": "--about 900001 --with 900003",
    "history": "900003",
    "diff": "2025-07-31 2026-07-31 --about estuary",
    "map": "--about 900005",
}


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_every_report_has_something_to_show_of_it(place, name):
    words = _ASKED.get(name, "").split()
    moment = () if name == "diff" else ("--as-of", "2026-09-06")
    asked = ("report", name, *words, *moment, "--format", "json")
    printed = run_here(f"school-ledger --ledger d/demo.db {' '.join(asked)}", place)
    assert json.loads(printed)["rows"] != []


SHOWS = {
    "replay --about 900003 --until 2025-12-31": "5.0  day    2025-12-19  yes",
    "diff 2025-07-31 2026-07-31 --about estuary": "2026-06-29",
    "report reciprocity": "varied, was working towards",
    "report map --about 900004": "small groups a week 12 by 2026-12-18, for Estuary",
    "report claims --about 900004": "contested",
    "report compare --about 900001 --with 900004": "  distinguishable",
    "report compare --about 900003 --with 900005": "not distinguishable",
    "report joint": "13.5 (12.1 to 15.3;",
    "report tenure --about 900003": "13.9 (9.9 to 19.3; 208",
    "report regional": "Fern Hill Junior",
    "report capacity --as-of 2026-05-31 --known-at 2026-05-31": "More than declared: 3.0;",
    "report conflicts": "advises and provides",
    "report orphans": "East Fellmoor",
    "report schools": "Stage: trigger; Since: 2026-02-20",
    "show 900011": "local authority   East Fellmoor Council",
    "owes --kind spend_account --format csv": ",900.00,",
    "export pack --school 900003 -o cedar.zip": "178 of its 440 entries",
}


@pytest.mark.parametrize("command", SHOWS)
def test_what_is_shown_of_it_is_worth_reading(place, command):
    printed = run_here(f"school-ledger --ledger d/demo.db {command}", place)
    assert SHOWS[command] in printed


def test_a_need_is_shown_from_its_first_word(place):
    ask = "school-ledger --ledger d/demo.db"
    rows = json.loads(run_here(f"{ask} history 900005 -f json", place))["rows"]
    (need,) = (row["event"] for row in rows if row["type"] == "NeedIdentified")
    printed = run_here(f"{ask} show need:{need}", place)
    for word in ("disputed", "from partnership to outside", "decided", "offered", "agreed"):
        assert word in printed


@pytest.mark.sweep
def test_the_same_seed_tells_the_same_story_with_fresh_keys(place, tmp_path):
    school_ledger("demo", "--dir", "e", cwd=tmp_path)
    assert said(tmp_path / "e" / "demo.db") == said(place / "d" / "demo.db")
    keys = [path / "keys" / "registrar.pub" for path in (tmp_path / "e", place / "d")]
    assert keys[0].read_text() != keys[1].read_text()


@pytest.mark.sweep
def test_another_seed_tells_it_with_other_ids(place, with_seed_2):
    ours, theirs = said(with_seed_2[0] / "demo.db"), said(place / "d" / "demo.db")
    assert [row[1] for row in ours] == [row[1] for row in theirs]
    assert not {row[0] for row in ours} & {row[0] for row in theirs}


@pytest.mark.sweep
def test_what_it_says_to_try_next_works_as_it_is(recorded, tmp_path):
    place, shown = recorded
    shutil.copytree(place / "d", tmp_path / "d")
    change, *commands = re.findall(r"^\$ (.*)$", shown.partition("All of this")[2], re.MULTILINE)
    assert change == "cd d"
    assert len(commands) > 3
    for command in commands:
        _, *words = shlex.split(command)
        school_ledger(*words, cwd=tmp_path / "d")


@pytest.mark.sweep
def test_the_folder_can_be_moved_and_needs_no_flags(place, tmp_path):
    moved = tmp_path / "elsewhere"
    shutil.copytree(place / "d", moved)
    assert "Nothing was found" in school_ledger("check", cwd=moved).stdout
    school_ledger("record", "PersonEnrolled", "--name", "Mx Newcomer", cwd=moved)
    answer = json.loads(school_ledger("owes", "--format", "json", cwd=moved).stdout)
    assert {"obligation", "kind", "debtor", "creditor", "outstanding", "unit", "due_on"} <= set(
        answer["rows"][0]
    )
    assert answer["ledger"]["size"] == 441


def test_what_was_overdue_is_answered_as_it_was_known(place):
    asked = ("--as-of", "2025-12-31", "--known-at", "2025-12-31", "--format", "json")
    printed = school_ledger("--ledger", "d/demo.db", "owes", "--overdue", *asked, cwd=place).stdout
    rows = json.loads(printed)["rows"]
    assert ("support", "school:900001", "school:900003", "5.0", "2025-12-19") in {
        (r["kind"], r["debtor"], r["creditor"], r["outstanding"], r["due_on"]) for r in rows
    }
    assert all(row["overdue"] for row in rows)


@pytest.mark.parametrize("urn", ["900003", "900103"])
def test_the_converted_school_has_one_history_by_either_urn(place, urn):
    printed = school_ledger("--ledger", "d/demo.db", "history", urn, "--format", "json", cwd=place)
    rows = json.loads(printed.stdout)["rows"]
    assert {row["urn"] for row in rows} == {"900003", "900103"}
    assert [row["type"] for row in rows].count("SchoolConverted") == 1


def test_a_folder_that_is_there_is_left_alone(tmp_path):
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "mine.txt").write_text("mine")
    place = tmp_path / "d"
    for named, cwd, said in (
        ("d", tmp_path, "the folder d holds other files"),
        (".", place, "the current folder holds other files"),
        ("../d", place, "the current folder holds other files"),
        ("mine.txt", place, "mine.txt is a file"),
    ):
        failed = school_ledger("demo", "--dir", named, cwd=cwd, code=1)
        assert failed.stderr == (
            f"Error: {said}: expected a folder that is new or empty. Name one:"
            " `school-ledger demo --dir NAME`.\n"
        )
    assert [path.name for path in place.iterdir()] == ["mine.txt"]


@pytest.mark.sweep
def test_the_current_folder_is_where_to_work_already(with_seed_2):
    folder, printed = with_seed_2
    assert (
        "All of this is in the current folder, with everybody's keys.\n\n$ school-ledger check\n"
    ) in printed
    assert (folder / "demo.db").exists()
    assert "$ school-ledger --ledger demo.db owes\n" in printed


@pytest.mark.sweep
def test_what_fails_half_way_takes_away_no_folder_that_was_there(empty, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ledger.transparency.proofs.trust_card", fail)
    (empty.folder / "d").mkdir()
    for name in ("d", "new"):
        assert "No space left on device" in empty.error("demo", "--dir", name)
    assert [path.name for path in empty.folder.iterdir()] == ["d"]
    assert list((empty.folder / "d").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").touch()
    failed = school_ledger("demo", "--dir", "file/d", cwd=tmp_path, code=1)
    assert failed.stderr == (
        "Error: the folder file/d cannot be made: got Not a directory. Name another with --dir,"
        " where you may write.\n"
    )

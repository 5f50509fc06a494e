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
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    school_ledger("demo", "--dir", "d", cwd=folder)
    return folder


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


def test_the_demo_asks_its_questions_and_answers_them(tmp_path):
    printed = school_ledger("demo", "--dir", "d", cwd=tmp_path).stdout
    start = "$ school-ledger --ledger d/demo.db "
    asked = [line.removeprefix(start) for line in printed.splitlines() if line.startswith(start)]
    assert asked == [
        "owes",
        "owes --overdue --as-of 2025-12-31 --known-at 2025-12-31",
        "history 900003",
        "history 900103 --known-at 2025-07-31",
    ]
    assert re.search(
        r"^Alder Primary School +Cedar Bank Academy +days of support .* 5\.0 ",
        printed,
        re.MULTILINE,
    )
    assert "\nURN 900103, head Mx Cypress (substantive) from 2026-01-01:\n" in printed


def test_the_story_tells_all_that_it_should(place):
    with Ledger.open(str(place / "d" / "demo.db"), read_only=True) as ledger:
        names = Counter(entry.name for entry in ledger.entries())
        assert check(ledger) == []
    assert names["SchoolRegistered"] == names["SchoolAdmitted"] == 6
    once = (
        "VisitDisputed VisitCorrected SupportOffered SupportAgreed DepartureNotified HandoverGiven"
        " AppointmentEnded HandoverAccepted SchoolConverted JudgementMade EventWithdrawn"
    )
    assert {name: names[name] for name in once.split()} == dict.fromkeys(once.split(), 1)
    assert names["MembershipRatified"] == 2


def test_the_same_seed_tells_the_same_story_with_fresh_keys(place, tmp_path):
    school_ledger("demo", "--dir", "e", cwd=tmp_path)
    assert said(tmp_path / "e" / "demo.db") == said(place / "d" / "demo.db")
    keys = [path / "keys" / "registrar.pub" for path in (tmp_path / "e", place / "d")]
    assert keys[0].read_text() != keys[1].read_text()


def test_another_seed_tells_it_with_other_ids(place, tmp_path):
    school_ledger("demo", "--dir", "e", "--seed", "2", cwd=tmp_path)
    ours, theirs = said(tmp_path / "e" / "demo.db"), said(place / "d" / "demo.db")
    assert [row[1] for row in ours] == [row[1] for row in theirs]
    assert not {row[0] for row in ours} & {row[0] for row in theirs}


@pytest.mark.sweep
def test_what_it_says_to_try_next_works_as_it_is(tmp_path):
    shown = school_ledger("demo", "--dir", "d", cwd=tmp_path).stdout
    change, *commands = re.findall(r"^\$ (.*)$", shown.partition("All of this")[2], re.MULTILINE)
    assert change == "cd d"
    assert len(commands) > 3
    for command in commands:
        _, *words = shlex.split(command)
        school_ledger(*words, cwd=tmp_path / "d")


def test_the_folder_can_be_moved_and_needs_no_flags(place, tmp_path):
    moved = tmp_path / "elsewhere"
    shutil.copytree(place / "d", moved)
    assert "Nothing was found" in school_ledger("check", cwd=moved).stdout
    school_ledger("record", "PersonEnrolled", "--name", "Mx Newcomer", cwd=moved)
    answer = json.loads(school_ledger("owes", "--format", "json", cwd=moved).stdout)
    assert {"obligation", "kind", "debtor", "creditor", "outstanding", "unit", "due_on"} <= set(
        answer["rows"][0]
    )
    assert answer["ledger"]["size"] == 177


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


def test_the_current_folder_is_where_to_work_already(tmp_path):
    printed = school_ledger("demo", "--dir", ".", cwd=tmp_path).stdout
    assert (
        "All of this is in the current folder, with everybody's keys.\n\n$ school-ledger check\n"
    ) in printed
    assert (tmp_path / "demo.db").exists()
    assert "$ school-ledger --ledger demo.db owes\n" in printed


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

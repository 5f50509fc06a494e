"""The tutorials' commands, typed one after the other, do what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from guides import A_YEAR, assert_shown, on_one_day, year_taken

ROOT = Path(__file__).parents[1]
TUTORIAL = ROOT / "docs" / "tutorial" / "first-ledger.md"


@pytest.mark.sweep
def test_the_tutorial_leads_to_two_days_of_support_owed(tmp_path):
    command = tmp_path / "bin" / "school-ledger"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cli "$@"\n')
    command.chmod(0o755)
    blocks = re.findall(r"^```sh\n(.*?)^```", TUTORIAL.read_text(), re.MULTILINE | re.DOTALL)
    folder = tmp_path / "ledger"
    folder.mkdir()
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        cwd=folder,
        env={
            **os.environ,
            "PATH": f"{command.parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "160",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    owed = re.findall(
        r"^(\S.*?)  +(\S.*?)  +(days of support|account of impact) +agreement of \S+ +(\S+)",
        done.stdout,
        re.MULTILINE,
    )
    assert ("Alder Primary School", "Birch Lane Primary School", "days of support", "2.0") in owed
    assert [row[2] for row in owed].count("account of impact") >= 2
    assert "Nothing was found: the record verifies." in done.stdout
    assert "Mx Alder is head of Alder Primary School (900001) from 2024-09-01" in done.stdout
    assert "Nothing is called so; these come near." in done.stdout
    assert "unvouched" not in done.stdout[done.stdout.index("Who owes what to whom") :]


#: What bash and PowerShell read differently, or one of them not at all.
_DIFFER = re.compile(r"[\\$`'<>|&;()*?~{}^%!#,]| @")


def test_bash_and_powershell_read_every_command_of_the_tutorial_alike():
    blocks = re.findall(r"^```sh\n(.*?)^```", TUTORIAL.read_text(), re.MULTILINE | re.DOTALL)
    lines = "".join(blocks).splitlines()
    assert len(lines) > 20
    assert [line for line in lines if not line.startswith("school-ledger ")] == []
    assert [line for line in lines if _DIFFER.search(line)] == []


@pytest.mark.sweep
def test_a_partnerships_first_year_prints_what_it_shows(tmp_path):
    steps = list(year_taken(A_YEAR.read_text(encoding="utf-8"), tmp_path))
    assert len(steps) > 15
    for _, shown, printed in steps:
        assert_shown(printed, shown)


#: What is another where the year is typed on one day.
_OF_ITS_DAY = re.compile(
    r"\d{4}-\d\d-\d\d|\b\d{1,2} \w+ 20\d\d|[0-9a-f]{8}-[0-9a-f-]+|[0-9a-f]{64}"
)


@pytest.mark.sweep
def test_the_year_typed_on_one_day_as_it_says_comes_to_the_same(tmp_path):
    page = on_one_day(A_YEAR.read_text(encoding="utf-8"))
    steps = list(year_taken(page, tmp_path))
    for command, shown, printed in steps:
        if command.split()[1] in {"record", "answer"}:
            told, expected = (
                sorted(_OF_ITS_DAY.sub("#", text).splitlines()) for text in (printed, shown)
            )
            assert told == expected, command
    (left,) = [printed for command, _, printed in steps if command == "school-ledger owes"]
    assert re.search("^Alder Primary School  .* days of support  .* 2.0  day", left, re.MULTILINE)
    assert re.search("^Dale End School  .* visits of the year  .* 1  visit", left, re.MULTILINE)


def test_bash_and_powershell_read_every_command_of_the_year_alike():
    page = A_YEAR.read_text(encoding="utf-8")
    typed = re.findall(r"^(?:\$ )?(school-ledger .*)$", page, re.MULTILINE)
    assert len(typed) > 50
    assert [line for line in typed if _DIFFER.search(line)] == []

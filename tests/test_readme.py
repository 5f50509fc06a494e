"""The README's commands print what the README says, but for roots, which are of fresh keys."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n\$ (school-ledger [^\n]+)\n(.*?)```", README, re.DOTALL)
_ROOT_HASH = re.compile(r"\b[0-9a-f]{64}\b")


def run(command: str, folder: Path) -> str:
    words = shlex.split(command)
    assert words[0] == "school-ledger"
    done = subprocess.run(
        [sys.executable, "-m", "cli", *words[1:]],
        cwd=folder,
        env={**os.environ, "COLUMNS": "120", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def masked(text: str) -> str:
    lines = [line.rstrip() for line in _ROOT_HASH.sub("…", text).strip().splitlines()]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("readme")
    run("school-ledger demo", place)
    return place


@pytest.mark.parametrize(("command", "output"), BLOCKS, ids=[block[0] for block in BLOCKS])
def test_the_command_prints_what_the_readme_shows(command, output, folder):
    assert masked(run(command, folder)) == masked(output)


def test_the_readme_gives_one_command_to_try_and_one_to_test():
    commands = re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)
    assert [command.rsplit("/", 1)[1] for command in commands] == [
        "school-ledger demo",
        "python -m pytest",
    ]


def test_every_file_that_the_readme_links_is_there():
    missing = [
        link for link in re.findall(r"\]\(([^)#:]+)\)", README) if not (ROOT / link).exists()
    ]
    assert missing == []

"""Documents with commands and what they print: found, run as users run them, and compared.

What depends on fresh keys and on the moment is masked; a line `…` stands for all that a command
prints after it.

`python tests/guides.py` runs every command of every document again, and writes what it prints where
that differs: see what changed, and whether the text around it still holds.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import chdir
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from click.testing import CliRunner

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT)]

from cli.main import main  # noqa: E402 - found by the path
from cli.terminal.session import Session  # noqa: E402 - as above

README = ROOT / "README.md"
REGISTERS = ROOT / "docs" / "how-to" / "import-the-registers.md"
SUPPORT = ROOT / "docs" / "how-to" / "support.md"
A_NEED = ROOT / "docs" / "how-to" / "a-need.md"
#: When the first step of a guide with days of its own is taken, and how long after it the next.
_FIRST_STEP, _APART = datetime(2026, 9, 7, 9, tzinfo=UTC), timedelta(days=2)
CHANGED = ROOT / "docs" / "how-to" / "show-what-changed.md"
MONEY = ROOT / "docs" / "how-to" / "follow-the-money.md"
#: The guides whose steps are taken on days of their own.
ON_DAYS = (A_NEED, CHANGED)
_BLOCK = re.compile(r"```console\n\$ (school-ledger [^\n]+)\n(.*?)```", re.DOTALL)
_FRESH = re.compile(
    r"\b[0-9a-f]{64}\b|(?<=[0-9a-f]{8}-[0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|(?<=SHA256:)[A-Za-z0-9+/]{43}(?![A-Za-z0-9+/=])|(?<=:)[A-Za-z0-9+/]{43}="
    r"|\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
)
_FILE = re.compile(r"`(\w+\.csv)`:\n\n```csv\n(.*?)```", re.DOTALL)
_AND_SO_ON = "…"


def blocks(path: Path) -> list[tuple[str, str]]:
    """Return the commands that a document shows, each with what it says that they print."""
    return _BLOCK.findall(path.read_text(encoding="utf-8"))


def run_here(command: str, folder: Path, now: datetime | None = None) -> str:
    """Run a command in a folder as `run` does, but in this process, which is quicker.

    By the machine's clock, or at a moment that stands.
    """
    words = shlex.split(command)
    assert words[0] == "school-ledger"
    session = Session(None if now is None else lambda: now)
    with chdir(folder):
        done = CliRunner().invoke(main, words[1:], env={"COLUMNS": "120"}, obj=session)
    assert done.exit_code == 0, done.output
    return done.stdout


def run(command: str, folder: Path) -> str:
    """Run a command in a folder, and return what it prints."""
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


def masked(text: str) -> list[str]:
    """Return a text's lines without what depends on fresh keys."""
    return [line.rstrip() for line in _FRESH.sub("#", text).strip().splitlines()]


def assert_shown(printed: str, shown: str) -> None:
    """Compare what a command printed with what a document shows of it."""
    found, expected = masked(printed), masked(shown)
    if expected[-1:] == [_AND_SO_ON]:
        expected.pop()
        assert len(found) > len(expected), "nothing is left out, so no line should say so"
        found = found[: len(expected)]
    assert found == expected


def files(path: Path) -> list[tuple[str, str]]:
    """Return the files that a document shows, each with what it holds."""
    return _FILE.findall(path.read_text(encoding="utf-8"))


def going_on_from_the_demo() -> list[Path]:
    """Return the documents whose commands go on from the demo, and that show what it gives."""
    guides = sorted((ROOT / "docs").rglob("*.md"))
    apart = (REGISTERS, *ON_DAYS, SUPPORT, MONEY)
    return [path for path in (README, *guides) if blocks(path) and path not in apart]


def step_on_its_day(number: int, command: str, folder: Path) -> str:
    """Take a step of a guide on its day, in the demo of a folder."""
    return run_here(command, folder / "school-ledger-demo", _FIRST_STEP + number * _APART)


def _shown_anew(printed: str, shown: str) -> str:
    """Return what a document is to show of what a command printed: what it shows, if that holds."""
    try:
        assert_shown(printed, shown)
    except AssertionError:
        pass
    else:
        return shown
    lines = [line.rstrip() for line in printed.strip().splitlines()]
    if shown.rstrip().endswith(_AND_SO_ON):
        lines = [*lines[: len(shown.rstrip().splitlines()) - 1], _AND_SO_ON]
    return "".join(f"{line}\n" for line in lines)


def write_anew(path: Path, take: Callable[[int, str, Path], str]) -> None:
    """Take the steps of a document on a demo of their own, and write what they print."""
    with tempfile.TemporaryDirectory() as name:
        folder, numbers = Path(name), count()
        run("school-ledger demo", folder)

        def anew(block: re.Match[str]) -> str:
            command, shown = block.groups()
            printed = take(next(numbers), command, folder)
            return f"```console\n$ {command}\n{_shown_anew(printed, shown)}```"

        page = path.read_text(encoding="utf-8")
        path.write_text(_BLOCK.sub(anew, page), encoding="utf-8")


if __name__ == "__main__":
    for document in going_on_from_the_demo():
        write_anew(document, lambda _, command, folder: run(command, folder))
    for document in ON_DAYS:
        write_anew(document, step_on_its_day)

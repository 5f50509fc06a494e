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
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir
from datetime import UTC, datetime, timedelta
from difflib import unified_diff
from functools import cache
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
TARGETS = ROOT / "docs" / "how-to" / "targets.md"
PROGRAMME = ROOT / "docs" / "how-to" / "a-programme-of-visits.md"
JUDGED = ROOT / "docs" / "how-to" / "judge-and-be-judged.md"
CHANGED = ROOT / "docs" / "how-to" / "show-what-changed.md"
#: The guides whose steps have days, each with the fewest steps that it takes.
ON_ITS_DAY = {A_NEED: 12, TARGETS: 14, PROGRAMME: 11, JUDGED: 9, CHANGED: 9}
#: Of a guide whose steps have days: when the first is taken, and how long after it the next.
_FIRST_STEP, _APART = datetime(2026, 9, 7, 9, tzinfo=UTC), timedelta(days=2)
A_YEAR = ROOT / "docs" / "tutorial" / "a-partnerships-first-year.md"
#: A day on which the steps after it are taken; lines to type; a step and what it shows; a setting.
_OF_A_YEAR = re.compile(
    r"^\*(?P<day>\d+ \w+ \d{4})\.\*$|^```sh\n(?P<typed>.*?)^```$"
    r"|^```console\n\$ (?P<step>[^\n]+)\n(?P<shown>.*?)^```$|^```toml\n(?P<setting>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_ID_GIVEN = re.compile(r"^\w+ (\S+) is recorded, at position", re.MULTILINE)
MONEY = ROOT / "docs" / "how-to" / "follow-the-money.md"
_BLOCK = re.compile(r"```console\n\$ (school-ledger [^\n]+)\n(.*?)```", re.DOTALL)
_FRESH = re.compile(
    r"\b[0-9a-f]{64}\b|(?<=[0-9a-f]{8}-[0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|(?<=SHA256:)[A-Za-z0-9+/]{43}(?![A-Za-z0-9+/=])|(?<=:)[A-Za-z0-9+/]{43}="
    r"|\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"
    r"|(?<=, recorded on )[0-9]{4}-[0-9]{2}-[0-9]{2}"
    # Of an id as much as makes it the only one.
    r"|(?<=[0-9a-f]{8}-[0-9a-f]{4})-7[0-9a-f]{1,3}(?![0-9a-f-])"
    # What a guide records itself is recorded on the day that its commands are run: days to answer
    # a claim run from then.
    r"|(?<=answer to a claim, due )[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"|(?<=, recorded on )[0-9]{4}-[0-9]{2}-[0-9]{2}(?=; root)"
)
_FILE = re.compile(r"`(\w+\.csv)`:\n\n```csv\n(.*?)```", re.DOTALL)
#: What commands of a guide record is recorded on the day on which they run.
_RECORDED = re.compile(r"recorded on \d{4}-\d\d-\d\d; ")
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


@cache
def _recorded_demo() -> tuple[tempfile.TemporaryDirectory[str], str]:
    """Record the demo once; return the folder, for as long as it is held, and what it printed."""
    place = tempfile.TemporaryDirectory()
    return place, run_here("school-ledger demo", Path(place.name))


def demo_in(folder: Path) -> str:
    """Put what `school-ledger demo` leaves into a folder; return what it printed."""
    place, printed = _recorded_demo()
    shutil.copytree(place.name, folder, dirs_exist_ok=True)
    return printed


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
    """Return a text's lines without what depends on fresh keys, or on the day of recording."""
    told = _RECORDED.sub("recorded on #; ", _FRESH.sub("#", text))
    return [line.rstrip() for line in told.strip().splitlines()]


def assert_shown(printed: str, shown: str) -> None:
    """Compare what a command printed with what a document shows of it."""
    found, expected = masked(printed), masked(shown)
    if expected[-1:] == [_AND_SO_ON]:
        expected.pop()
        assert len(found) > len(expected), "nothing is left out, so no line should say so"
        found = found[: len(expected)]
    assert found == expected, "\n".join(unified_diff(expected, found, lineterm=""))


def files(path: Path) -> list[tuple[str, str]]:
    """Return the files that a document shows, each with what it holds."""
    return _FILE.findall(path.read_text(encoding="utf-8"))


def going_on_from_the_demo() -> list[Path]:
    """Return the documents whose commands go on from the demo, and that show what it gives."""
    guides = sorted((ROOT / "docs").rglob("*.md"))
    apart = (REGISTERS, A_YEAR, SUPPORT, MONEY, *ON_ITS_DAY)
    return [path for path in (README, *guides) if blocks(path) and path not in apart]


def step_on_its_day(number: int, command: str, folder: Path) -> str:
    """Take a step of a guide whose steps have days, on its day, in the demo of a folder."""
    return run_here(command, folder / "school-ledger-demo", _FIRST_STEP + number * _APART)


def year_taken(page: str, folder: Path) -> Iterator[tuple[str, str, str]]:
    """Take the steps of a year, each on its day; give what one prints, and is said to print.

    Where a command has the id that a step is said to have given, it has the one that it gave.
    """
    now, given = _FIRST_STEP, dict[str, str]()
    for part in _OF_A_YEAR.finditer(page):
        if part["day"]:
            now = datetime.strptime(f"{part['day']} 09:00+0000", "%d %B %Y %H:%M%z")
        if part["setting"]:
            with (folder / "school-ledger.toml").open("a") as file:
                file.write(part["setting"])
        for command in (part["typed"] or "").splitlines():
            now += timedelta(minutes=1)
            run_here(_with_ids(command, given), folder, now)
        if part["step"]:
            now += timedelta(minutes=1)
            printed = run_here(_with_ids(part["step"], given), folder, now)
            yield part["step"], part["shown"], printed
            given |= zip(_ID_GIVEN.findall(part["shown"]), _ID_GIVEN.findall(printed), strict=True)


def _with_ids(command: str, given: dict[str, str]) -> str:
    return " ".join(given.get(word, word) for word in command.split(" "))


#: A row of the table that says which days to type on one day instead of those that have gone by.
_TYPED_INSTEAD = re.compile(r"^\| (`.+`) \| (.+) \|$", re.MULTILINE)
#: What that table calls days, by how many days from today they lie.
_FROM_TODAY = {"today": 0, "a year from today": 365, "a week before that": 358}


def on_one_day(page: str) -> str:
    """Return the page of a year as it says that it is typed on one day, the first of our steps."""
    for printed, day in _TYPED_INSTEAD.findall(page):
        typed = (_FIRST_STEP + timedelta(days=_FROM_TODAY[day])).date().isoformat()
        for option in re.findall("`(.+?)`", printed):
            page = page.replace(option, f"{option[: -len(typed)]}{typed}")
    return re.sub(r"^\*\d+ \w+ \d{4}\.\*$", "", page, flags=re.MULTILINE)


def write_year_anew(path: Path) -> None:
    """Take the steps of a year in an empty folder, and write what they print."""
    page = path.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        for command, shown, printed in year_taken(page, Path(name)):
            told = f"```console\n$ {command}\n"
            anew = _shown_anew(printed, shown)
            page = page.replace(f"{told}{shown}```", f"{told}{anew}```", 1)
    path.write_text(page, encoding="utf-8")


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
        demo_in(folder)

        def anew(block: re.Match[str]) -> str:
            command, shown = block.groups()
            printed = take(next(numbers), command, folder)
            return f"```console\n$ {command}\n{_shown_anew(printed, shown)}```"

        page = path.read_text(encoding="utf-8")
        path.write_text(_BLOCK.sub(anew, page), encoding="utf-8")


if __name__ == "__main__":
    for document in going_on_from_the_demo():
        write_anew(document, lambda _, command, folder: run(command, folder))
    for document in ON_ITS_DAY:
        write_anew(document, step_on_its_day)
    write_year_anew(A_YEAR)

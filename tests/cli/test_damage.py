"""A damaged ledger, or damaged views: every command says so in a sentence, or answers rightly."""

from __future__ import annotations

import random
import shutil

import pytest
from click.testing import CliRunner

from cli.main import main
from cli.terminal.session import Session

pytestmark = pytest.mark.sampled(3)

PAGE = 4096
COMMANDS = [
    ("owes",),
    ("owes", "--about", "900001"),
    ("history", "900003"),
    ("keys", "@900003"),
    ("check",),
    ("verify",),
    ("rebuild",),
    ("export", "entries"),
    ("log", "checkpoint"),
]


def run(folder, *args):
    """Run a command; return its exit code and all that it wrote, which holds no raw error."""
    ledger = str(folder / "demo.db")
    result = CliRunner().invoke(main, ["--ledger", ledger, *args], obj=Session())
    assert result.exception is None or isinstance(result.exception, SystemExit), args
    assert "sqlite3" not in result.stderr, (args, result.stderr)
    assert "internal error" not in result.stderr, (args, result.stderr)
    return result.exit_code, result.stdout


def damaged(place, start, stop):
    """Put what no disk wrote in the place of some bytes of a file."""
    with place.open("r+b") as file:
        file.seek(start)
        file.write(b"\xee" * (stop - start))


@pytest.mark.parametrize("page", range(0, 60, 7))
def test_with_a_page_of_the_ledger_lost_every_command_says_so_or_answers(demo, tmp_path, page):
    folder = shutil.copytree(demo, tmp_path / "own")
    run(folder, "owes")
    place = folder / "demo.db"
    page %= place.stat().st_size // PAGE
    damaged(place, max(100, page * PAGE), (page + 1) * PAGE)
    for command in COMMANDS:
        run(folder, *command)
    assert run(folder, "check")[0] in (1, 3)


@pytest.mark.parametrize("seed", range(6))
def test_with_bits_of_the_ledger_flipped_every_command_says_so_or_answers(demo, tmp_path, seed):
    chance = random.Random(seed)  # noqa: S311 - which bits, does not matter
    folder = shutil.copytree(demo, tmp_path / "own")
    run(folder, "owes")
    place = folder / "demo.db"
    data = bytearray(place.read_bytes())
    for _ in range(40):
        data[chance.randrange(100, len(data))] ^= 1 << chance.randrange(8)
    place.write_bytes(data)
    for command in COMMANDS:
        run(folder, *command)
    assert run(folder, "check")[0] in (1, 3)


@pytest.mark.parametrize("seed", range(4))
def test_with_the_views_damaged_every_answer_is_the_right_one(demo, tmp_path, seed):
    chance = random.Random(seed)  # noqa: S311 - as above
    folder = shutil.copytree(demo, tmp_path / "own")
    right = {command: run(folder, *command) for command in COMMANDS[:4]}
    for command, answer in right.items():
        (view,) = (folder / "demo.db.views").glob("*.db")
        start = chance.randrange(view.stat().st_size)
        damaged(view, start, min(start + chance.choice((1, 300, 9000)), view.stat().st_size))
        assert run(folder, *command) == answer, command
    assert run(folder, "check")[0] == 4  # advice, and no fault

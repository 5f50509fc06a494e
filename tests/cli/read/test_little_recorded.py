"""A ledger of no entry, of its founding, of one school: a right file, or a clear sentence."""

import json
import re
from contextlib import chdir

import pytest
from click.testing import CliRunner

from cli.main import main
from cli.read.catalogue import REPORTS
from cli.terminal.options import ENDINGS
from ledger.recording.application import Ledger

pytestmark = pytest.mark.sampled(8)

ASKED = {
    "owes": ("owes",),
    "history": ("history", "900001"),
    "keys": ("keys",),
    "replay": ("replay",),
    "diff": ("diff", "2026-01-01", "2026-02-01"),
}
FORMS = ("csv", "jsonl", "schema", "html", "ods", "sqlite", "datasette", "package")
NORTHWICK = ("--body", "northwick", "--kind", "local_authority", "--name", "Northwick Council")
ALDER = (
    *("--school", "900001", "--urn", "900001", "--name", "Alder School", "--phase", "primary"),
    *("--la", "northwick", "--responsible-body", "northwick"),
)


def run(folder, ledger, *words):
    return CliRunner().invoke(main, ["--ledger", str(folder / ledger / "a.db"), *words])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where there are a ledger of nothing, one of its founding, and one of a school."""
    place = tmp_path_factory.mktemp("little")
    for ledger in ("nothing", "founding", "school"):
        (place / ledger).mkdir()
    Ledger.open(str(place / "nothing" / "a.db"), create=True).close()
    key = str(place / "registrar")
    done = CliRunner().invoke(main, ["key", "new", key, "--no-passphrase"])
    assert done.exit_code == 0, done.output
    named = ("--origin", "northwick.example/little", "--title", "Little", "--name", "Mx Yew")
    signed = ("--key", key, "--as", "registrar@ledger", "--yes")
    for ledger in ("founding", "school"):
        with chdir(place / ledger):
            done = run(place, ledger, "init", *named, "--key", key)
        assert done.exit_code == 0, done.output
    for said in (("BodyRegistered", *NORTHWICK), ("SchoolRegistered", *ALDER)):
        done = run(place, "school", "record", *said, *signed)
        assert done.exit_code == 0, done.output
    return place


@pytest.mark.parametrize("ledger", ["nothing", "founding", "school"])
@pytest.mark.parametrize("name", REPORTS)
def test_each_report_tells_what_there_is(folder, tmp_path, ledger, name):
    words = ASKED.get(name, ("report", name))
    told = run(folder, ledger, *words, "-f", "json")
    if name == "history" and ledger != "school":
        assert told.exit_code == 1
        assert "no school in this ledger has or had the URN 900001" in told.stderr
        return
    assert told.exit_code == 0, told.output
    rows = json.loads(told.stdout)["rows"]
    assert rows == [] or ledger != "nothing"
    shown = run(folder, ledger, *words)
    assert rows or not re.search(r"\bsuch\b", shown.stdout), "of what nothing narrows"
    for form in FORMS:
        path = tmp_path / f"told{(*ENDINGS.get(form, ()), f'.{form}')[0]}"
        done = run(folder, ledger, *words, "-f", form, "-o", str(path))
        assert done.exit_code == 0, (form, done.output)
        assert path.exists(), form
        path.unlink()


def test_a_position_of_a_record_without_entries_is_said_to_be_none(folder):
    done = run(folder, "nothing", "owes", "--known-at", "1")
    assert done.exit_code == 2
    assert done.stderr.startswith(
        "Error: the record has no entry at position 1, for it has none yet. Found the ledger with"
        " `school-ledger init`.\n"
    )

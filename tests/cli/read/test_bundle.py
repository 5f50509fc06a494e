"""`--bundle`: answers from a bundle, in a folder with no ledger, as an inspector asks for them."""

from __future__ import annotations

import json
import zipfile

import pytest
from click.testing import CliRunner
from two_years import tell

from cli.main import main
from cli.terminal.session import Session
from ledger.bundle import open_archive, packing

pytestmark = pytest.mark.sampled(4)

ASKED = {
    "history": ("history", "900003"),
    "owes": ("owes",),
    "show": ("show", "900003"),
    "show an event": ("show", "019482f1"),
    "replay": ("replay",),
    "diff": ("diff", "2025-07-31", "2026-07-31"),
    "keys": ("keys", "900003"),
    "find": ("find", "cedar bank"),
    "parties": ("report", "parties"),
}


@pytest.fixture(scope="module")
def bundles(tmp_path_factory):
    """Return the folder of a part and of the whole record; their ledger is elsewhere."""
    folder, demo = tmp_path_factory.mktemp("bundles"), tmp_path_factory.mktemp("demo")
    (demo / "keys").mkdir()
    with tell(demo, 7, lambda _: None):
        pass
    signs = ("--ledger", str(demo / "demo.db"), "export", "bundle")
    signs += ("--key", str(demo / "keys" / "registrar"))
    for name, *chosen in (("part.zip", "--school", "900003"), ("whole.zip",)):
        made = CliRunner().invoke(main, [*signs, *chosen, "-o", str(folder / name)], obj=Session())
        assert made.exit_code == 0, made.output
    return folder


@pytest.fixture
def ask(bundles, monkeypatch):
    """Return what runs a command in the folder of the bundles, which names no ledger."""
    monkeypatch.chdir(bundles)
    monkeypatch.delenv("SCHOOL_LEDGER", raising=False)

    def run(*args, code=0):
        result = CliRunner().invoke(main, args, obj=Session())
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.stderr
        return result

    return run


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
@pytest.mark.parametrize("bundle", ["part.zip", "whole.zip"])
def test_every_reading_command_answers_from_a_bundle_and_says_so(ask, asked, bundle):
    out = ask(*asked, "--bundle", bundle).stdout
    lines = out.splitlines()
    (said,) = (line for line in lines if line.startswith("from "))
    (shows,) = (line for line in lines if line.startswith("complete "))
    if bundle == "part.zip":
        assert "a part of the record, what concerns Cedar Bank Academy (900103): 102 of" in said
        assert shows.startswith("complete  presence proved, completeness claimed")
    else:
        assert "a bundle of the whole record, 174 entries" in said
        assert shows == "complete  nothing is missing up to its checkpoint"


def test_nothing_is_left_in_the_folder_of_a_bundle(ask, bundles):
    before = sorted(bundles.iterdir())
    ask("history", "900003", "--bundle", "part.zip")
    assert sorted(bundles.iterdir()) == before


def test_a_file_made_from_a_bundle_says_so_inside(ask, tmp_path):
    ask("history", "900003", "--bundle", "part.zip", "-o", str(tmp_path / "h.html"))
    page = (tmp_path / "h.html").read_text("utf-8")
    assert "<dt>From</dt><dd>a part of the record, what concerns Cedar Bank Academy" in page
    assert "<dt>Complete</dt><dd>presence proved, completeness claimed" in page


def test_json_tells_the_bundle_beside_the_ledger(ask):
    told = json.loads(ask("owes", "--bundle", "part.zip", "-f", "json").stdout)
    bundle = told["ledger"]["bundle"]
    assert (bundle["kind"], bundle["size"], bundle["entries"]) == ("part", 174, 102)
    assert told["rows"]


def test_what_a_part_cannot_tell_is_refused(ask):
    assert ask("owes", "--about", "900001", "--bundle", "part.zip", code=1).stderr == (
        "Error: this part of the record tells only what Cedar Bank Academy (900103) owes and is"
        " owed: got Alder Primary School (900001). Ask for the whole record, or for a part by that"
        " school, body or partnership.\n"
    )


def test_a_report_that_needs_the_whole_record_says_why_and_what_to_ask_for(ask):
    asked = ("report", "claims", "--about", "900003", "--bundle", "part.zip")
    assert ask(*asked, code=1).stderr == (
        "Error: claims cannot be told from a part of the record: it lacks what others said. Ask"
        " whoever keeps the record for a pack of all of it, as `school-ledger export pack --report"
        " claims -o claims.zip` makes.\n"
    )


@pytest.mark.parametrize("about", [(), ("--about", "900003")])
def test_what_a_part_of_a_school_tells_as_well_as_the_whole_is_answered_of_it(ask, about):
    for report in ("tenure", "balance"):
        said = json.loads(
            ask("report", report, *about, "--bundle", "part.zip", "--format", "json").stdout
        )
        assert said["rows"], report
        assert "Cedar Bank" in said["title"]


def test_of_another_school_it_is_refused(ask):
    asked = ("report", "tenure", "--about", "900001", "--bundle", "part.zip")
    assert ask(*asked, code=1).stderr.startswith(
        "Error: this part of the record tells only what Cedar Bank Academy (900103) owes and is"
        " owed: got Alder Primary School (900001)."
    )


def test_a_bundle_that_does_not_verify_is_exit_code_3_and_no_answer(ask, bundles, tmp_path):
    with open_archive(bundles / "part.zip") as opened:
        files = {name: opened.read(name) for name in opened.names}
    files["entries.tsv"] = files["entries.tsv"].replace(b'"days":"1.5"', b'"days":"2.5"', 1)
    path = tmp_path / "altered.zip"
    with path.open("w+b") as file, packing.packed(file) as pack:
        for name in packing.in_order(files):
            pack.add(name, [files[name]])
    refused = ask("history", "900003", "--bundle", str(path), code=3)
    assert refused.stdout == ""
    assert f"Error: {path} does not verify, so nothing is answered from it: " in refused.stderr
    assert refused.stderr.endswith(f"`school-ledger verify {path}` tells every fault.\n")


def test_what_is_no_bundle_is_said_to_be_none(ask, tmp_path):
    assert "there is no bundle" in ask("owes", "--bundle", "nowhere.zip", code=1).stderr
    path = tmp_path / "a.txt"
    path.write_text("nothing")
    said = ask("owes", "--bundle", str(path), code=1).stderr
    assert said.startswith(f"Error: {path} is neither a bundle nor a pack: got text, expected ")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("manifest.json", "{}")
    said = ask("owes", "--bundle", str(path), code=1).stderr
    assert said.startswith(f"Error: {path}: this is no bundle to be trusted: its manifest.json is")

"""`export pack` and `verify` of one, as an officer and an inspector type them."""

from __future__ import annotations

import json
import re
import shutil
import zipfile

import pytest
from click.testing import CliRunner
from two_years import ORIGIN, tell

from cli.main import main
from cli.terminal.session import Session
from ledger import keys
from ledger.bundle.pack import PackManifest, held, tag_files
from ledger.bundle.pack_files import open_pack, write_files
from ledger.format import sshsig
from ledger.log.merkle import leaf_hash
from ledger.recording.application import Ledger
from ledger.release import VERSION
from ledger.transparency.proofs import log_keys
from ledger.transparency.trust_card import TrustCard


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A folder with the demo's ledger, and a pack of a school."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "keys").mkdir()
    with tell(folder, 7, lambda _: None):
        pass
    run(folder, "export", "pack", "--school", "900003", *signs(folder), "-o", folder / "cedar.zip")
    return folder


def signs(folder):
    return "--key", folder / "keys" / "registrar", "--as-of", "2026-07-31"


def run(folder, *args, code=0):
    typed = [str(each) for each in ("--ledger", folder / "demo.db", *args)]
    result = CliRunner().invoke(main, typed, obj=Session())
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.stderr
    return result


@pytest.fixture
def own(demo, tmp_path, monkeypatch):
    """A copy of that folder, in which commands run."""
    folder = shutil.copytree(demo, tmp_path / "d")
    monkeypatch.chdir(folder)
    return folder


def test_what_was_written_is_said(own, masked):
    made = run(own, "export", "pack", "--school", "900003", *signs(own), "-o", own / "p.zip")
    assert masked(made.stdout).splitlines() == [
        f"Wrote {own}/p.zip: a part of the record, 102 of its 174 entries.",
        "Answers owes, history, replay, keys, as of 2026-07-31.",
        "Texts shown 0, withheld 16.",
        "SHA-256 <hash>",
    ]
    assert made.stderr.endswith(f"Next: school-ledger verify {own}/p.zip\n")


def test_a_pack_verifies_without_a_ledger_and_the_answer_comes_first(own, masked):
    (own / "demo.db").unlink()
    said = CliRunner().invoke(main, ["verify", "cedar.zip"], obj=Session())
    assert said.exit_code == 0, said.output
    lines = masked(said.stdout).splitlines()
    assert lines[0] == (
        "VERIFIED: every answer in this pack is what the bundle in it says;"
        " whose record that is, is not shown."
    )
    assert lines[2].startswith(
        "Pack       of Cedar Bank Academy (900103), as of 2026-07-31, made at "
    )
    assert lines[3].startswith("Signed     by person:")
    assert lines[3].endswith(", registrar of the ledger")
    assert lines[4:8] == [
        "Told anew  owes, history, replay, keys",
        "",
        "The bundle in it:",
        "VERIFIED: consistent, not anchored.",
    ]


def test_a_pack_for_an_audience_says_how_many_rows_it_leaves_out_as_its_first_page_does(own):
    for_whom = ("--report", "owes", "--audience", "public")
    out = run(
        *(own, "export", "pack", "--school", "900003", *for_whom, *signs(own)),
        *("-o", own / "p.zip"),
    ).stdout
    with open_pack(own / "p.zip") as pack:
        page = pack.read("index.html").decode()
    (rows,) = re.findall("Made for the audience public: ([1-9][0-9]*) rows in the answers", page)
    assert f"Audience public: {rows} rows of the answers left out" in out


def changed(folder, name, old, new):
    with open_pack(folder / "cedar.zip") as pack:
        top, files = pack.folder, {each: pack.read(each) for each in pack.names}
    assert old in files[name]
    files[name] = files[name].replace(old, new, 1)
    with (folder / "cedar.zip").open("w+b") as file:
        write_files(file, top, {each: [data] for each, data in files.items()})


def test_a_changed_figure_is_named_with_what_it_should_be_and_exit_code_3(own):
    changed(own, "data/owes.csv", b",5.0,day,", b",4.0,day,")
    lines = run(own, "verify", "cedar.zip", code=3).stdout.splitlines()
    assert lines[0] == "DOES NOT VERIFY: 2 faults found in the pack itself."
    found = lines.index("What was found in the pack:")
    assert found == 2, "what is wrong comes before all the rest"
    assert lines[found + 1 : found + 4] == [
        "  pack: data/owes.csv is not the file that pack.json lists: it was changed",
        (
            "  answer: data/owes.csv is not what the bundle says: row 6, outstanding: '4.0', and"
            " not '5.0'"
        ),
        "",
    ]
    assert lines[found + 4].startswith("Pack       of Cedar Bank Academy (900103), as of ")


def test_a_bundle_inside_that_is_damaged_is_said_to_be(own):
    changed(own, "data/bundle.zip", b'"days":"1.5"', b'"days":"2.5"')
    lines = run(own, "verify", "cedar.zip", code=3).stdout.splitlines()
    assert lines[0] == "DOES NOT VERIFY: 2 faults found in the pack itself."
    assert "Told anew  none, for the bundle must verify first" in lines
    assert lines[-1] == "It cannot be read."


def test_with_the_trust_card_it_is_shown_whose_record_it_is(own):
    with Ledger.open(str(own / "demo.db")) as ledger:
        card = TrustCard(ORIGIN, log_keys(ledger)[0], leaf_hash(ledger.raw(1)))
    (own / "card.txt").write_text(card.text())
    lines = run(own, "verify", "cedar.zip", "--trust", "card.txt").stdout.splitlines()
    assert lines[0] == "VERIFIED: every answer in this pack is what the bundle in it says."


def of_another_release(own, change=lambda page: page):
    """Sign the pack as of another release, a page of it changed; return its file."""
    path = own / "other.zip"
    with open_pack(own / "cedar.zip") as pack:
        top, files = pack.folder, {each: pack.read(each) for each in pack.names}
    manifest = PackManifest.parse(files["pack.json"])
    files["data/owes.html"] = change(files["data/owes.html"])
    listing = manifest.files | {"data/owes.html": held(files["data/owes.html"])}
    manifest = manifest.model_copy(update={"version": "0.0.9", "files": listing})
    signer = keys.load(own / "keys" / "registrar")
    signature = sshsig.armor(signer.sign(manifest.as_bytes(), sshsig.MANIFEST))
    files |= tag_files(manifest, signature, signer.public.line)
    with path.open("w+b") as file:
        write_files(file, top, {each: [data] for each, data in files.items()})
    return path.name


def test_a_pack_that_says_it_is_of_another_release_is_verified_in_part(own):
    name = of_another_release(own)
    lines = run(own, "verify", name).stdout.splitlines()
    assert lines[0] == (
        "VERIFIED in part: what could be compared in this pack is what the bundle in it says;"
        " what could not is listed."
    )
    assert (
        f"  to look at: answer: data/owes.html is of release 0.0.9, and release {VERSION} writes it"
        " otherwise; not compared: how it looks, and what it draws"
    ) in lines
    assert json.loads(run(own, "verify", name, "-f", "json").stdout)["compared"] is False


def test_who_signs_a_pack_as_of_another_release_tells_on_its_pages_no_other_figures(own):
    name = of_another_release(own, lambda page: page.replace(b">5.0</td>", b">4.0</td>", 1))
    found = run(own, "verify", name, code=3)
    assert "data/owes.html is not what the bundle says: row 6, Left: '4.0', and not '5.0'" in (
        found.stdout
    )


def test_json_says_the_same(own):
    told = json.loads(run(own, "verify", "cedar.zip", "--format", "json").stdout)
    assert told["schema"] == "school-ledger.verify-pack/1"
    assert (told["verified"], told["party"], told["as_of"]) == (True, "school:900003", "2026-07-31")
    assert told["told_again"] == ["owes", "history", "replay", "keys"]
    assert told["compared"] is True
    assert told["bundle"]["verified"] is True


def test_a_pack_answers_as_the_bundle_in_it(own):
    asked = ("owes", "--as-of", "2026-07-31", "-f", "csv", "--bundle")
    with zipfile.ZipFile(own / "cedar.zip") as archive:
        name = next(each for each in archive.namelist() if each.endswith("owes.csv"))
        expected = archive.read(name).decode().replace("\r\n", "\n")
    assert run(own, *asked, "cedar.zip").stdout.replace("\r\n", "\n") == expected


REFUSED = {
    "two parties": (
        ("--school", "900003", "--body", "northwick", "-o", "p.zip"),
        "--school and --body: choose one.",
    ),
    "no file": (("-o", "-"), "--output: a pack goes to a file."),
    "no such report": (
        ("--report", "guess", "-o", "p.zip"),
        (
            "--report guess: a pack of everything can have owes, replay, keys, parties,"
            " reciprocity, schools, response, conflicts, partnerships, islands, orphans,"
            " unconfirmed, tenure, claims, compare, joint, regional, map, balance, available,"
            " capacity, funding, provider."
        ),
    ),
    "of a school": (
        ("--school", "900003", "--report", "parties", "-o", "p.zip"),
        (
            "--report parties: a pack of school:900003 can have owes, history, replay, keys,"
            " schools, response, conflicts, islands, unconfirmed, tenure, map, balance, available,"
            " capacity, funding, provider."
            " Only the whole record tells parties: leave the party out."
        ),
    ),
}


def test_a_pack_of_the_whole_record_has_what_is_asked_for_else_the_usual(own, tmp_path):
    place = ("-o", str(tmp_path / "p.zip"), *signs(own))
    said = run(own, "export", "pack", "--report", "funding", "--report", "map", *place).stdout
    assert "\nAnswers map, funding, as of 2026-07-31.\n" in said
    assert "Told anew  map, funding\n" in run(own, "verify", str(tmp_path / "p.zip")).stdout
    said = run(own, "export", "pack", "--force", *place).stdout
    assert "\nAnswers owes, replay, keys, parties, as of 2026-07-31.\n" in said


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_packed_is_a_usage_error(own, case):
    args, said = REFUSED[case]
    error = run(own, "export", "pack", *args, *signs(own), code=2).stderr
    assert error.startswith(f"Error: {said}\n")
    assert not (own / "p.zip").exists()


def test_a_checkpoint_of_another_ledger_says_nothing_of_a_pack(own):
    note = run(own, "log", "checkpoint").stdout_bytes
    (own / "c2").write_bytes(note.replace(b"northwick.example", b"elsewhere.example", 1))
    error = run(own, "verify", "cedar.zip", "--checkpoint", "c2", code=1).stderr
    assert "c2 is a checkpoint of another ledger" in error

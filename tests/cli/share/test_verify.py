"""`verify`, as a head teacher, an inspector and a sceptic type it."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from two_years import tell

from cli.main import main
from cli.share.verdict import told
from cli.terminal.session import Session
from ledger.audit.by_entry import Finding
from ledger.bundle import packing
from ledger.recording.application import Ledger
from ledger.transparency.proofs import trust_card
from ledger.verification.verify import verify_bundle


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A folder with the demo's ledger, a checkpoint, a trust card and two bundles."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "keys").mkdir()
    with tell(folder, 7, lambda _: None) as ledger:
        card = trust_card(ledger)
    (folder / "card.txt").write_text(f"Trust card:\n{card.text()}", encoding="utf-8")
    (folder / "c1").write_bytes(run(folder, "log", "checkpoint").stdout_bytes)
    signs = ("--key", str(folder / "keys" / "registrar"), "--checkpoint", str(folder / "c1"))
    run(folder, "export", "bundle", "-o", str(folder / "whole.zip"), *signs)
    part = ("--school", "900003", "-o", str(folder / "part.zip"))
    run(folder, "export", "bundle", *part, *signs)
    return folder


def run(folder, *args, code=0):
    ledger = str(folder / "demo.db")
    result = CliRunner().invoke(main, ["--ledger", ledger, *args], obj=Session())
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.stderr
    return result


@pytest.fixture
def own(demo, tmp_path, monkeypatch):
    """A copy of that folder, in which commands run."""
    folder = shutil.copytree(demo, tmp_path / "d")
    monkeypatch.chdir(folder)
    return folder


def test_a_whole_bundle_that_is_anchored_is_said_to_verify(own, masked):
    out = run(own, "verify", "whole.zip", "--trust", "card.txt", "--checkpoint", "c1").stdout
    lines = masked(out).splitlines()
    assert lines[:8] == [
        "VERIFIED: every entry is as it was signed, by people who were entitled to sign it.",
        "",
        "Ledger     northwick.example/support (Northwick school support)",
        "Holds      the whole record, 174 entries",
        "Root       <hash>",
        "Anchored   yes, by the trust card and the checkpoint that you hold, of 174 entries",
        "Complete   nothing is missing up to the checkpoint that the log signed",
        "Text       0 shown and as sealed, 24 withheld",
    ]
    assert "Who signed:" in lines
    assert "Nobody else vouched for:" in lines


def test_without_anything_held_it_is_consistent_not_anchored(own):
    out = run(own, "verify", "part.zip").stdout
    assert out.startswith("VERIFIED: consistent, not anchored.\n")
    assert "a part of the record, 102 of its 174 entries" in out
    assert "Chosen     what concerns Cedar Bank Academy (900103), what that rests on, and" in out
    assert "Left out   72 entries, at " in out
    assert "presence proved, completeness claimed" in out
    verdict = json.loads(run(own, "verify", "part.zip", "--format", "json").stdout)
    assert verdict["selection"] == {"party": "school:900003"}
    assert sum(one["last"] - one["first"] + 1 for one in verdict["left_out"]) == 72


def test_a_bundle_needs_no_ledger(own, monkeypatch):
    (own / "demo.db").unlink()
    monkeypatch.delenv("SCHOOL_LEDGER", raising=False)
    result = CliRunner().invoke(main, ["verify", "whole.zip"], obj=Session())
    assert result.exit_code == 0, result.output


def test_the_ledger_itself_is_verified_against_a_checkpoint(own):
    out = run(own, "verify", "--checkpoint", "c1").stdout
    assert "Anchored   yes, by the checkpoint that you hold, of 174 entries" in out


def test_a_ledger_whose_end_was_cut_off_is_found_by_the_checkpoint(own):
    with closing(sqlite3.connect(own / "demo.db")) as connection:
        connection.execute("DELETE FROM events WHERE position > 170")
        connection.execute("DELETE FROM vault WHERE number > 48")
        connection.commit()
    out = run(own, "verify", "--checkpoint", "c1", code=3).stdout
    assert out.startswith("DOES NOT VERIFY:")
    assert "the end was cut off, or this is an older copy" in out
    assert "held: northwick.example/support 174 " in out
    assert "here: northwick.example/support 170 " in out


def test_an_altered_entry_is_named(own):
    with closing(sqlite3.connect(own / "demo.db")) as connection:
        connection.execute(
            "UPDATE events SET data = CAST(replace(CAST(data AS TEXT), '\"2.0\"', '\"9.0\"')"
            " AS BLOB) WHERE position = 115"
        )
        connection.execute("UPDATE events SET data = x'00' WHERE position = 174")
        connection.commit()
    out = run(own, "verify", code=3).stdout
    assert "entry 174: bytes: the entry does not have the form of this format" in out


def test_an_altered_bundle_does_not_verify(own):
    with zipfile.ZipFile("whole.zip") as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    files["VERIFY.md"] = b"Trust me."
    with Path("forged.zip").open("w+b") as file, packing.packed(file) as pack:
        for name, data in files.items():
            pack.add(name, [data])
    out = run(own, "verify", "forged.zip", code=3).stdout
    assert "DOES NOT VERIFY: 3 faults found." in out
    assert "manifest: VERIFY.md is not the file that the manifest lists: it was changed" in out
    assert "derived: VERIFY.md is not what follows from the entries here" in out


def test_a_bundle_that_was_packed_anew_is_not_taken_for_one(own):
    with zipfile.ZipFile("whole.zip") as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    with zipfile.ZipFile("again.zip", "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
    said = run(own, "verify", "again.zip", code=1).stderr
    assert "Error: again.zip: this is no bundle to be trusted: its entries.jsonl is packed" in said


def test_another_ledgers_card_is_told_apart(own):
    card = Path("card.txt").read_text(encoding="utf-8")
    start = card.index("leaf 0") + 9
    Path("other.txt").write_text(card[:start] + "0" * 64 + card[start + 64 :], encoding="utf-8")
    out = run(own, "verify", "whole.zip", "--trust", "other.txt", code=3).stdout
    leaf = card[start : start + 64]
    assert out.startswith(
        "DOES NOT VERIFY: this is another ledger than that of your trust card.\n\n"
        "What was found:\n"
        "  entry 1: trust card: this is another ledger than the trust card's: its leaf 0 is"
        f" {leaf}; the card says {'0' * 64}\n\n"
        "Next: ask whoever keeps the ledger for its trust card again, by telephone or in person."
        " Until it agrees, rely on nothing here: anyone can make a record that says it is that"
        " ledger.\n\n"
        "Ledger     northwick.example/support (Northwick school support)\n"
    )
    assert "\nAnchored   no: your trust card is that of another ledger\n" in out


def test_a_checkpoint_of_another_history_is_told_first(own, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    (other / "keys").mkdir()
    tell(other, 8, lambda _: None).close()
    run(other, "log", "checkpoint", "-o", str(own / "c9"))
    lines = run(own, "verify", "whole.zip", "--checkpoint", "c9", code=3).stdout.splitlines()
    assert lines[0] == "DOES NOT VERIFY: it does not go on from the checkpoint that you hold."
    assert lines[2] == "What was found:"
    assert lines[5].startswith("Next: keep both files as evidence, and show them to whoever keeps")
    assert (
        "Anchored   no: the checkpoint that you hold does not show it, as told under what was found"
    ) in lines


def test_who_signed_is_called_by_name_where_that_is_shown_and_offices_in_words(own):
    signed = "head of Cedar Bank Academy (900103), {}  key:SHA256:"
    assert signed.format("Mx Cypress") in run(own, "verify").stdout
    assert "for Mx Chestnut (entry 125): 1 entry rests on it\n" in run(own, "verify").stdout
    withheld = run(own, "verify", "whole.zip").stdout
    assert "Mx " not in withheld
    assert "head of Cedar Bank Academy (900103), person:019b8d62-7a80-7" in withheld


def test_a_part_that_holds_every_entry_says_so(own):
    key = ("--key", "keys/registrar")
    said = run(own, "export", "bundle", "--to", "2026-12-31", "-o", "all.zip", *key).stdout
    assert "Wrote all.zip: a part of the record, which is all of its 174 entries.\n" in said
    lines = run(own, "verify", "all.zip").stdout.splitlines()
    assert "Holds      a part of the record, which is all of its 174 entries" in lines
    assert "Left out   no entry" in lines


def test_a_verdict_as_json_carries_everything(own):
    out = run(own, "verify", "whole.zip", "--checkpoint", "c1", "--format", "json").stdout
    verdict = json.loads(out)
    assert verdict["schema"] == "school-ledger.verify/1"
    assert verdict["verified"] is True
    assert verdict["findings"] == []
    assert verdict["texts"]["withheld"] == 24
    assert sum(one["entries"] for one in verdict["signed"]) == 174
    assert {"office", "person", "key", "first", "last", "enrolled_by", "vouched"} == set(
        verdict["offices"][0]
    )


MISTAKES = {
    "no such bundle": (("verify", "nowhere.zip"), "there is no bundle nowhere.zip"),
    "no bundle": (
        ("verify", "card.txt"),
        "card.txt is neither a bundle nor a pack: got a trust card",
    ),
    "no such card": (("verify", "whole.zip", "--trust", "nowhere"), "there is no file nowhere"),
    "no card": (("verify", "whole.zip", "--trust", "c1"), "Error: c1: this is no trust card"),
    "no text": (("verify", "whole.zip", "--trust", "whole.zip"), "whole.zip is not text"),
    "no such checkpoint": (
        ("verify", "whole.zip", "--checkpoint", "nowhere"),
        "there is no file nowhere",
    ),
    "no checkpoint": (
        ("verify", "whole.zip", "--checkpoint", "card.txt"),
        "card.txt is no checkpoint",
    ),
}


@pytest.mark.parametrize(("args", "sentence"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_said_in_words(own, args, sentence):
    assert sentence in run(own, *args, code=1).stderr


def test_long_lists_are_cut_and_say_so(own):
    with closing(sqlite3.connect(own / "demo.db")) as connection:
        connection.execute("UPDATE vault SET value = 'other'")
        connection.commit()
    out = run(own, "verify", code=3).stdout
    assert "  and 4 more; --format json lists them all" in out
    with Ledger.open(str(own / "demo.db"), read_only=True) as ledger:
        assert ledger.head().size == 174


@pytest.mark.usefixtures("own")
def test_nothing_in_a_ledger_forges_a_line_of_the_verdict():
    """A title, as a ledger that somebody else founded may have it, and evidence of two sides."""
    verdict = verify_bundle(Path("whole.zip"))
    sentence = "it is not\nVERIFIED: every entry is as it was signed\x1b[2J"
    forged = dataclasses.replace(
        verdict,
        title="N)\n\nAnchored   yes, by the trust card\x1b[2J\x07",
        findings=(Finding("model", 3, "event", sentence),),
    )
    lines = list(told(forged))
    assert [line for line in lines if line.startswith("Anchored")] == [
        next(line for line in told(verdict) if line.startswith("Anchored"))
    ]
    assert not [line for line in lines if line.startswith("VERIFIED")]
    assert "\x1b" not in "".join(lines)
    (title,) = (line for line in lines if line.startswith("Ledger"))
    assert title.endswith("(N)\\n\\nAnchored   yes, by the trust card\\x1b[2J\\x07)")

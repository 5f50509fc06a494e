"""`sign` and `append`: the steps apart, one line or many."""

import json
import subprocess

import pytest

from ledger.keys import load
from ledger.recording.application import By, Ledger, sign


def openssh_signs(key, file):
    command = ["ssh-keygen", "-Y", "sign", "-n", "statement@school-ledger", "-f", key, file]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def drafted(world):
    """A drafted visit with sealed text."""
    world.done(
        *("draft", "VisitMade", "--visitor", "900001", "--host", "900002", "--mode", "remote"),
        *("--purpose", "support", "--days", "1", "--note", "Well", "--key", world.key("alder")),
        *("-o", "visit.json"),
    )
    return world


@pytest.fixture
def lines(world):
    """Signed statements, one a line."""
    signer = load(world.folder / "keys" / "registrar")
    by = By(world.people["registrar"], "registrar@ledger")
    with Ledger.open(str(world.ledger), clock=world.clock) as ledger:
        found = []
        for number in range(20):
            body = f"body:provider-{number}"
            data = {"body": body, "kind": "provider", "name": f"Provider {number}"}
            draft = ledger.draft("BodyRegistered", data, by, world.clock.now.date())
            found.append(sign(draft, signer).as_line())
    return found


def test_draft_sign_append(drafted):
    line = drafted.done("sign", "visit.json", "--key", drafted.key("alder"))
    assert set(json.loads(line)) == {"disclosures", "signature", "statement"}
    shown = drafted.done("append", "-", input=line)
    assert "is recorded, at position 19." in shown


def test_a_signature_made_by_openssh_serves(drafted):
    subprocess.run(
        [
            "ssh-keygen",
            "-Y",
            "sign",
            "-n",
            "statement@school-ledger",
            "-f",
            drafted.key("alder"),
            "visit.json",
        ],
        check=True,
        capture_output=True,
    )
    args = ("sign", "visit.json", "--signature", "visit.json.sig", "-o", "signed.jsonl")
    drafted.done(*args)
    assert "is recorded" in drafted.done("append", "signed.jsonl")


def test_a_signature_of_something_else(drafted):
    (drafted.folder / "other").write_text("other")
    subprocess.run(
        [
            "ssh-keygen",
            "-Y",
            "sign",
            "-n",
            "statement@school-ledger",
            "-f",
            drafted.key("alder"),
            "other",
        ],
        check=True,
        capture_output=True,
    )
    said = drafted.error("sign", "visit.json", "--signature", "other.sig")
    assert "the signature" in said


def test_sealed_text_that_is_not_beside_the_statement(drafted):
    (drafted.folder / "visit.json.disclosures").unlink()
    assert "there is no file visit.json.disclosures" in drafted.error(
        "sign", "visit.json", "--key", drafted.key("alder")
    )


def test_sealed_text_that_was_changed(drafted):
    file = drafted.folder / "visit.json.disclosures"
    file.write_text(file.read_text().replace("Well", "Ill!"))
    assert "visit.json.disclosures does not open what visit.json seals" in drafted.error(
        "sign", "visit.json", "--key", drafted.key("alder")
    )


def test_what_is_no_statement_is_not_signed(world):
    (world.folder / "x.json").write_text("{}")
    assert "the statement's members are not those" in world.error("sign", "x.json")


def test_many_lines_are_counted(world, lines, masked):
    (world.folder / "many.jsonl").write_bytes(b"\n".join(lines))
    assert masked(world.done("append", "many.jsonl")) == (
        "20 recorded, 0 there already, 0 refused.\nrecord    38 entries, root <hash>\n"
    )
    assert "0 recorded, 20 there already, 0 refused." in world.done("append", "many.jsonl")


def test_refused_lines_are_told_by_file_and_line(world, lines):
    broken = lines[2].replace(b"provider-2", b"provider-X")
    (world.folder / "many.jsonl").write_bytes(b"\n".join([*lines[:2], b"", broken, b"junk"]))
    result = world.run("append", "many.jsonl")
    assert result.exit_code == 1
    assert "2 recorded, 0 there already, 2 refused." in result.stdout
    told = [line for line in result.stderr.splitlines() if line.startswith("Error")]
    assert told == [
        "Error: many.jsonl, line 4: the line is refused, for these reasons:",
        "Error: many.jsonl, line 5: the line is refused, for these reasons:",
    ]


@pytest.mark.parametrize("very_many", [1_000, 2])
def test_refused_lines_call_people_by_their_names_as_record_does(world, monkeypatch, very_many):
    """However many there are: of very many, names are looked up once."""
    monkeypatch.setattr("cli.record.signing.WORTH_SHARING", very_many)
    for number in "12":
        said = ("--person", world.people["alder"], "--name", f"Alder {number}", "-o", number)
        world.done("draft", "PersonEnrolled", *said)
    world.done("sign", "1", "2", "-o", "signed.jsonl", "--yes")
    assert world.error("append", "signed.jsonl") == "".join(
        f"Error: signed.jsonl, line {line}: PersonEnrolled is refused, for these reasons:\n"
        "  - Alder is enrolled already\n"
        for line in (1, 2)
    )


def test_one_refused_line(world):
    said = world.error("append", "-", input="junk\n")
    assert said.startswith("Error: standard input, line 1: not JSON")


def test_a_file_that_is_not_there(world, lines):
    (world.folder / "many.jsonl").write_bytes(b"\n".join(lines))
    assert world.error("append", "many.jsonl", "gone.jsonl") == (
        "Error: there is no file gone.jsonl. Check the name.\n"
    )
    assert "known at  18" in world.done("owes")


def test_a_dry_run_prints_the_statements(world, lines):
    (world.folder / "many.jsonl").write_bytes(b"\n".join(lines))
    shown = world.done("append", "many.jsonl", "--dry-run")
    assert [json.loads(line)["type"] for line in shown.splitlines()] == ["BodyRegistered.v1"] * 20
    assert "known at  18" in world.done("owes")


def test_very_many_lines_are_admitted_by_several_processes(world, lines, monkeypatch):
    monkeypatch.setattr("cli.record.signing.WORTH_SHARING", 5)
    (world.folder / "many.jsonl").write_bytes(b"\n".join(lines))
    assert "20 recorded, 0 there already, 0 refused." in world.done("append", "many.jsonl")


@pytest.mark.parametrize("line", ["", "\n", " \n\n"])
def test_nothing_to_record_is_no_success(world, line):
    """As when `sign` failed at the other end of a pipe."""
    assert world.error("append", "-", input=line) == (
        "Error: there is nothing to record: got no line, expected signed statements, one a line."
        " `school-ledger sign FILE` writes them.\n"
    )


def test_of_several_files_the_one_that_is_no_statement_is_named(drafted):
    (drafted.folder / "x.json").write_bytes(b"\xff")
    said = drafted.error("sign", "visit.json", "x.json", "--key", drafted.key("alder"))
    assert said.startswith("Error: x.json is not a statement: the statement is not JSON")

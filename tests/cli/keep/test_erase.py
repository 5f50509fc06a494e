"""`erase`: asks, records, erases, and says what is left to do."""

import json
import sqlite3

import pytest

from cli.terminal import asking

WHY = ("--authority", "data_subject", "--reason", "consent_withdrawn")
NOTE = b"Phonics in every class"


def files_with(folder, secret):
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if secret in path.read_bytes()]


@pytest.fixture
def _terminal(monkeypatch):
    monkeypatch.setattr(asking, "interactive", lambda: True)


def test_a_text_by_its_name_and_by_its_pointer(world, masked):
    result = world.run("erase", world.visit[:18], "note", *WHY, "--yes")
    assert result.exit_code == 0, result.output
    assert masked(result.stdout) == (
        "/data/note of VisitMade <id> is erased.\n"
        "event     <id>, at position 19\n"
        "record    19 entries, root <hash>\n"
    )
    assert "Copies made before still hold it" in result.stderr
    assert files_with(world.folder, NOTE) == []
    again = world.done("erase", world.visit, "/data/note", *WHY, "--yes")
    assert masked(again) == (
        "/data/note of VisitMade <id> was erased already; no file of the ledger holds it.\n"
    )


def test_show_says_by_which_event_and_on_whose_authority(world, masked):
    world.done("erase", world.visit, "note", "--authority", "court", "--reason", "ordered", "--yes")
    said = json.loads(world.done("show", world.visit, "-f", "json"))["says"]
    assert masked(said["note"]) == (
        "(erased on 2024-09-02 by order of a court, ordered: event <id>)"
    )


def test_every_text_of_an_event(world):
    person = world.people["alder"]
    shown = json.loads(world.done("history", person, "-f", "json"))["rows"]
    enrolled = next(row["event"] for row in shown if row["type"] == "PersonEnrolled")
    world.done("erase", enrolled, "--all", *WHY, "--yes")
    history = world.done("history", "900001")
    assert "(name erased) was appointed head of Alder School" in history


@pytest.mark.usefixtures("_terminal")
def test_it_asks_before_and_takes_no_for_an_answer(world):
    result = world.run("erase", world.visit, "note", *WHY, input="n\n")
    assert result.exit_code == 1
    assert f"Erase /data/note of VisitMade {world.visit} for good?" in result.stderr
    assert "It cannot be undone." in result.stderr
    assert "Error: nothing was erased" in result.stderr
    assert files_with(world.folder, NOTE)
    assert "is erased." in world.done("erase", world.visit, "note", *WHY, input="y\n")


def test_where_there_is_nobody_to_ask_only_yes_will_do(world):
    assert world.error("erase", world.visit, "note", *WHY) == (
        "Error: nothing was erased: there is nobody to ask whether to go on. It cannot be undone."
        " If you are sure, say --yes.\n"
    )


def test_dry_run_prints_what_would_be_signed(world):
    result = world.run("erase", world.visit, "note", *WHY, "--dry-run")
    assert json.loads(result.stdout)["data"]["pointer"] == "/data/note"
    assert "Nothing was erased or recorded." in result.stderr
    assert files_with(world.folder, NOTE)


@pytest.mark.parametrize(
    ("asked", "code", "sentence"),
    [
        (("note", "--all"), 2, "say which text: a POINTER, or --all for every one."),
        ((), 2, "say which text: a POINTER, or --all for every one."),
        (("days",), 1, "seals no such text: got days, expected /data/note."),
    ],
)
def test_what_is_to_be_erased_must_be_said_and_be_sealed(world, asked, code, sentence):
    assert sentence in world.error("erase", world.visit, *asked, *WHY, "--yes", code=code)


def test_an_event_that_seals_nothing(world):
    error = world.error("erase", world.offer, "--all", *WHY, "--yes")
    assert "seals no text: expected an event that seals text" in error


def test_only_a_registrar_erases(world):
    key = world.key("alder")
    error = world.error("erase", world.visit, "note", *WHY, "--yes", "--key", key)
    assert (
        "DetailErased is not for head of Alder School (900001) to sign: it takes the registrar"
        in error
    )
    assert files_with(world.folder, NOTE)


def test_where_another_process_stands_in_the_way_it_says_so(world, monkeypatch):
    monkeypatch.setattr("ledger.store.sqlite.factory.TIMEOUT", 0.2)
    reader = sqlite3.connect(world.ledger, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM events").fetchone()
    error = world.error("erase", world.visit, "note", *WHY, "--yes")
    assert "it is recorded that /data/note of VisitMade" in error
    assert error.endswith("End that process, then run the same command again.\n")
    reader.execute("COMMIT")
    reader.close()
    assert "was erased already; no file" in world.done("erase", world.visit, "note", *WHY, "--yes")
    assert files_with(world.folder, NOTE) == []

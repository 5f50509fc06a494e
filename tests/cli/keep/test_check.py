"""`check` and `rebuild`: exit codes 0, 3 and 4, and tables that can be deleted."""

import json
import shutil
import sqlite3
from contextlib import closing

from ledger.audit import processes
from ledger.audit.check import Finding
from ledger.log.merkle import Tree, leaf_hash
from ledger.store import open_store
from projections.tables import sums

HEADING = """\
Checked 18 entries: bytes, signatures, form, filing, authority, rules, what each signer saw of the \
record, the log, sealed text, and the tables behind the answers.
ledger    northwick.example/support
known at  18; root <hash>
as of     2024-09-02
"""
OFFICES = (
    "head of Alder School (900001)",
    "head of Birch School (900002)",
    "officer of Northwick Council",
)


def change(path, *statements):
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_a_record_that_verifies_where_nobody_vouched_for_anybody(world, masked):
    result = world.run("check")
    assert result.exit_code == 4
    text = masked(result.stdout)
    assert text.startswith(HEADING)
    assert "\n\n0 faults, 4 advice: the record verifies.\n" in text
    for office in OFFICES:
        assert (
            "advice     offices     <id>  nobody else has vouched for the key and the appointment"
            f" of {office}; see `school-ledger keys`\n"
        ) in text


def test_sealed_text_that_was_changed_is_a_fault(world):
    change(world.ledger, "UPDATE vault SET value = 'Phonics in no class' WHERE value LIKE 'Pho%'")
    result = world.run("check")
    assert result.exit_code == 3
    assert "1 fault, 0 advice: the record does not verify." in result.stdout
    assert world.visit in result.stdout


def test_views_that_were_changed_are_a_fault(world):
    for resummed, said in (
        (False, "the views: they are not what was written into them; look after the disk;"),
        (True, "the table postings lacks 1 rows of a rebuild"),
    ):
        world.done("rebuild")
        (view,) = (world.folder / "northwick.db.views").glob("*.db")
        change(view, "UPDATE postings SET amount = 900 WHERE kind = 'support'")
        if resummed:  # by somebody, not by a disk
            sums.write(view, sums.taken(view))
        document = json.loads(world.run("check", "-f", "json").stdout)
        checks = [row["check"] for row in document["rows"]]
        assert checks == ["views", "registrars", *["offices"] * 3]
        assert said in document["rows"][0]["sentence"]
        world.done("rebuild")
        assert "0 faults, 4 advice" in world.run("check").stdout


def test_advice_alone_has_an_exit_code_of_its_own(world, monkeypatch):
    advice = Finding("office", None, None, "nobody vouches for a key", "advice")
    monkeypatch.setattr("ledger.audit.check.check_store", lambda *_: [advice])
    result = world.run("check")
    assert result.exit_code == 4
    assert "0 faults, 5 advice: the record verifies." in result.stdout


def test_a_note_alone_is_no_reason_to_look(world, monkeypatch):
    note = Finding("earlier rules", 3, None, "it kept the rules of its day", "note")
    monkeypatch.setattr("ledger.audit.check.check_store", lambda *_: [note])
    monkeypatch.setattr("cli.keep.check._advice", lambda *_: [])
    result = world.run("check")
    assert result.exit_code == 0
    assert "0 faults, 0 advice, 1 note: the record verifies." in result.stdout


def test_a_larger_record_is_checked_in_several_processes_with_the_same_findings(world, monkeypatch):
    change(world.ledger, "UPDATE vault SET value = 'Phonics in no class' WHERE value LIKE 'Pho%'")
    alone = world.run("check", "-f", "json")
    started = []
    make = processes.ProcessPoolExecutor
    monkeypatch.setattr(
        processes,
        "ProcessPoolExecutor",
        lambda *a, **k: started.append(make(*a, **k)) or started[0],
    )
    monkeypatch.setattr(processes, "WORTH_SHARING", 10)
    together = world.run("check", "-f", "json")
    assert started
    assert (together.exit_code, together.stdout) == (alone.exit_code, alone.stdout)


def test_rebuild_gives_the_same_answers(world):
    before = world.done("owes", "-f", "json")
    assert world.done("rebuild").startswith("Rebuilt from 18 entries in ")
    assert world.done("owes", "-f", "json") == before
    shutil.rmtree(world.folder / "northwick.db.views")
    assert world.done("owes", "-f", "json") == before


def cut_the_newest_off(own):
    """Take the last entry out, and whatever told that there was one."""
    path = own / "demo.db"
    change(path, "DELETE FROM events WHERE position = (SELECT max(position) FROM events)")
    change(path, "DELETE FROM tags WHERE position > (SELECT max(position) FROM events)")
    change(path, "DELETE FROM vault WHERE event NOT IN (SELECT substr(tag, 7) FROM tags)")
    with open_store(str(path)) as store, store.writing():
        store.log.clear()
        Tree(store.log).append([leaf_hash(data) for _, data in store.entries()])


def test_the_newest_entries_cut_off_are_found_by_what_the_log_signed_last(demo, tmp_path, at):
    own = shutil.copytree(demo, tmp_path / "own")
    ledger = own / "demo.db"
    at("log", "checkpoint", "-o", str(tmp_path / "c1"), ledger=ledger)
    at("check", code=4, ledger=ledger)
    cut_the_newest_off(own)
    found = at("check", "-f", "json", code=3, ledger=ledger)
    sentences = [row["sentence"] for row in json.loads(found.stdout)["rows"]]
    assert any(
        one.startswith(f"the checkpoint signed last, in {ledger}.log-key.last is of 174 entries")
        for one in sentences
    ), sentences
    # Without that, only a checkpoint that somebody kept tells, and without any nothing does.
    (own / "demo.db.log-key.last").unlink()
    change(ledger, "DELETE FROM meta")
    held = at("check", "--checkpoint", str(tmp_path / "c1"), code=3, ledger=ledger)
    assert "the checkpoint in" in held.stdout
    at("check", code=4, ledger=ledger)


def test_a_memory_of_the_log_key_that_is_no_checkpoint_is_a_fault(demo, tmp_path, at):
    own = shutil.copytree(demo, tmp_path / "own")
    (own / "demo.db.log-key.last").write_bytes(b"garbage")
    out = at("check", code=3, ledger=own / "demo.db").stdout
    assert "is not one of this ledger" in out


def test_a_checkpoint_of_another_ledger_is_a_fault_of_that_file(tmp_path, at):
    at("log", "checkpoint", "-o", str(tmp_path / "c1"))
    data = (tmp_path / "c1").read_bytes()
    (tmp_path / "c2").write_bytes(data.replace(b"northwick.example", b"southwick.example"))
    for command in ("check", "verify"):
        said = at(command, "--checkpoint", str(tmp_path / "c2"), code=1)
        assert said.stdout == ""
        assert said.stderr == (
            f"Error: {tmp_path / 'c2'} is a checkpoint of another ledger, so nothing is said of"
            " this record: got southwick.example/support, expected northwick.example/support."
            " Name a checkpoint of this ledger; or see whether this is the record that you mean.\n"
        )

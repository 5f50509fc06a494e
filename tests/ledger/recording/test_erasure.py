"""Erasing sealed text: it leaves every file of the ledger, and nothing brings it back."""

import shutil
import sqlite3

import pytest
from registry import ALDER, Registry, person, signer

from ledger.audit.check import check
from ledger.errors import StoreError
from ledger.recording.application import By, Ledger, sign
from projections.details.base import Reading
from projections.details.event import event_page
from projections.reports.history import history
from projections.reports.names import ERASED_NAME, WITHHELD_NAME
from projections.tables import catalogue
from projections.tables.views import folder_for, moment

NAME = "/data/name"
NOTE = "/data/note"
WHY = {"authority": "data_subject", "reason": "consent_withdrawn"}


@pytest.fixture
def registry(tmp_path):
    with Registry(tmp_path / "a.db") as registry:
        yield registry


def erase(registry, event, pointer=NOTE):
    return registry.say("rita", "DetailErased", event_=f"event:{event}", pointer=pointer, **WHY)


def enrolment_of(registry, name="ann"):
    entries = registry.ledger.entries_of("PersonEnrolled")
    return next(entry.id for entry in entries if entry.data["person"] == person(name))


def texts(registry, event):
    return registry.ledger.store.vault.get(event)


def files_with(folder, *secrets):
    """Return the files, of all under a folder, that hold any of some bytes."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [path.name for path in files if any(secret in path.read_bytes() for secret in secrets)]


def views_of(registry, path):
    return catalogue.views(registry.ledger.store, folder_for(str(path)))


@pytest.mark.parametrize("length", [1, 20, 3_000, 16_000])
def test_no_byte_of_text_or_salt_is_left_in_any_file(registry, tmp_path, length):
    secret = "Zßq7" + "".join(chr(0x3B1 + number % 24) for number in range(length))
    secret = secret.encode()[:16_000].decode(errors="ignore")
    visit = registry.visit(note=secret)
    salt, text = texts(registry, visit)[NOTE]
    assert text == secret
    with views_of(registry, tmp_path / "a.db").open() as connection:
        Reading(registry.ledger.store, connection, moment(connection))
    assert files_with(tmp_path, salt)
    assert files_with(tmp_path, secret.encode()[:200])
    erase(registry, visit)
    with views_of(registry, tmp_path / "a.db").open():
        pass
    pieces = [secret.encode()[at : at + 60] for at in range(0, len(secret.encode()), 4_000)]
    assert files_with(tmp_path, salt, *pieces) == []
    registry.ledger.close()
    assert files_with(tmp_path, salt, *pieces) == []


def test_nor_after_many_rows_came_before_and_after_without_any_vacuum(registry, tmp_path):
    gone = {}
    for number in range(120):
        note = f"Secret {number:04} " + "x" * (number * 37 % 900)
        visit = registry.visit(note=note)
        if number % 7 == 3:
            gone[visit] = (texts(registry, visit)[NOTE][0], note[:11].encode())
    for number, visit in enumerate(gone):
        erase(registry, visit)
        registry.visit(note=f"Kept {number} " + "y" * 700)
    secrets = [piece for pair in gone.values() for piece in pair]
    assert files_with(tmp_path, *secrets) == []
    assert check(registry.ledger) == []


def test_a_text_sealed_and_erased_in_one_go(registry, tmp_path):
    ledger = registry.ledger
    data = {"visitor": ALDER, "host": "school:900002", "purpose": "support", "mode": "on_site"}
    by = By(person("ann"), f"head@{ALDER}")
    day = registry.clock.now.date()
    visit = ledger.draft("VisitMade", {**data, "days": "1.0", "note": "Brief."}, by, day)
    lines = [sign(visit, signer("ann")).as_line()]
    event = visit.disclosures[0].event
    # Drafted against the record as it will be.
    said = {"event": f"event:{event}", "pointer": NOTE, **WHY}
    erasing = ledger.draft("DetailErased", said, By(person("rita"), "registrar@ledger"), day)
    lines.append(sign(erasing, signer("rita")).as_line())
    assert [outcome.position for outcome in ledger.append_many(lines)]
    assert texts(registry, event) == {}
    assert files_with(tmp_path, visit.disclosures[0].salt, b"Brief.") == []


def test_who_stands_in_the_way_is_reported_and_erasing_again_finishes_it(
    registry, tmp_path, monkeypatch
):
    visit = registry.visit(note="Behind the back of a reader")
    salt, _ = texts(registry, visit)[NOTE]
    registry.ledger.close()
    monkeypatch.setattr("ledger.store.sqlite.factory.TIMEOUT", 0.2)
    registry.ledger = Ledger.open(str(tmp_path / "a.db"), clock=registry.clock)
    reader = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM vault").fetchone()
    with pytest.raises(StoreError, match="another process is using the ledger"):
        erase(registry, visit)
    assert texts(registry, visit) == {}, "erased for everyone who asks"
    assert len(registry.ledger.entries_of("DetailErased")) == 1, "and recorded"
    reader.execute("COMMIT")
    reader.close()
    registry.ledger.store.vault.erase(visit, NOTE)
    assert files_with(tmp_path, salt, b"Behind the back") == []


def test_opening_erases_again_what_was_put_back(registry, tmp_path):
    visit = registry.visit(note="Back from the dead")
    salt, _ = texts(registry, visit)[NOTE]
    erase(registry, visit)
    registry.ledger.close()
    with sqlite3.connect(tmp_path / "a.db") as connection:
        put_back = (salt, "Back from the dead", visit)
        connection.execute("UPDATE vault SET salt=?, value=? WHERE event=?", put_back)
    connection.close()
    registry.ledger = Ledger.open(str(tmp_path / "a.db"), clock=registry.clock)
    assert texts(registry, visit) == {}
    assert files_with(tmp_path, salt, b"Back from the dead") == []


def test_a_backup_from_before_erases_as_soon_as_it_is_brought_up_to_date(registry, tmp_path):
    visit = registry.visit(note="In every backup")
    registry.ledger.close()
    shutil.copy(tmp_path / "a.db", tmp_path / "backup.db")
    registry.ledger = Ledger.open(str(tmp_path / "a.db"), clock=registry.clock)
    day = registry.clock.now.date()
    said = {"event": f"event:{visit}", "pointer": NOTE, **WHY}
    draft = registry.ledger.draft("DetailErased", said, By(person("rita"), "registrar@ledger"), day)
    statement = sign(draft, signer("rita"))
    registry.ledger.append(statement)
    with Ledger.open(str(tmp_path / "backup.db"), clock=registry.clock) as backup:
        assert backup.store.vault.get(visit) != {}
        backup.append(statement)
        assert backup.store.vault.get(visit) == {}
    assert files_with(tmp_path, b"In every backup") == []


def test_resubmitting_what_sealed_it_brings_nothing_back(registry):
    data = {"visitor": ALDER, "host": "school:900002", "purpose": "support", "mode": "on_site"}
    day = registry.clock.now.date()
    by = By(person("ann"), f"head@{ALDER}")
    draft = registry.ledger.draft("VisitMade", {**data, "days": "1.0", "note": "Again."}, by, day)
    submission = sign(draft, signer("ann"))
    first = registry.ledger.append(submission)
    erase(registry, first.event)
    assert registry.ledger.append(submission).again
    (again,) = registry.ledger.append_many([submission.as_line()])
    assert again.again
    assert texts(registry, first.event) == {}


def test_the_record_still_verifies_and_other_texts_are_there(registry):
    visit = registry.visit(note="One")
    other = registry.visit(note="Two")
    erase(registry, visit)
    assert texts(registry, other)[NOTE][1] == "Two"
    assert check(registry.ledger) == []


class TestShown:
    def read(self, registry):
        views = catalogue.views(registry.ledger.store, None)
        registry.kept.append(views)
        connection = registry.lent.enter_context(views.open())
        return Reading(registry.ledger.store, connection, moment(connection, "2026-12-31"))

    def test_by_which_event_and_on_whose_authority(self, registry):
        visit = registry.visit(note="Private")
        event = erase(registry, visit)
        said = event_page(self.read(registry), visit).sections[1].facts
        assert said["note"] == (
            "(erased on 2026-03-02 at the wish of the person concerned, consent withdrawn: event"
            f" {event})"
        )

    def test_whatever_a_copy_put_back_into_the_vault(self, registry, tmp_path):
        """Reports read the store without opening the ledger, which would erase it again."""
        visit = registry.visit(note="Private")
        name = enrolment_of(registry)
        kept = {each: texts(registry, each) for each in (visit, name)}
        erase(registry, visit)
        erase(registry, name, NAME)
        with sqlite3.connect(tmp_path / "a.db") as connection:
            for event, found in kept.items():
                ((pointer, (salt, value)),) = found.items()
                row = (salt, value, event, pointer)
                sql = "UPDATE vault SET salt=?, value=? WHERE event=? AND pointer=?"
                connection.execute(sql, row)
        connection.close()
        read = self.read(registry)
        assert "Private" not in str(event_page(read, visit).sections[1].facts)
        assert read.names.person(person("ann")) == ERASED_NAME

    def test_a_name_that_was_erased_reads_as_such(self, registry):
        visit = registry.visit()
        erase(registry, enrolment_of(registry), NAME)
        read = self.read(registry)
        rows = history(read.connection, read.store, ALDER, read.at).rows
        (row,) = [row for row in rows if row["event"] == visit]
        assert row["signed_by_name"] == "(name erased)"
        assert row["signed_by"] == person("ann")
        assert any("(name erased) was appointed head of Alder" in row["summary"] for row in rows)

    def test_a_name_that_is_not_kept_here_is_withheld(self, registry, tmp_path):
        with sqlite3.connect(tmp_path / "a.db") as connection:
            connection.execute("DELETE FROM vault")
        connection.close()
        read = self.read(registry)
        called = f"person {person('ann')[7:20]}"
        assert read.names.person(person("ann")).startswith(called)
        assert read.names.person(person("ann")).endswith(WITHHELD_NAME.format(""))
        assert read.names.person(person("rob")) == person("rob")

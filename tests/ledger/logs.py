"""A small ledger on the disk with its log key beside it, to be signed, restored and attacked."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ledger import keys
from ledger.format.statement import new_id
from ledger.recording.application import Ledger
from ledger.recording.founding import Founding, Registrar, founding, new_log_key, write_log_key
from ledger.transparency.keeper import Logkeeper, log_key_path

ORIGIN = "northwick.example/support"
REGISTRAR = "registrar@ledger"
BEGINS = datetime(2024, 9, 2, 9, tzinfo=UTC)
SIGNER = keys.in_memory(b"\x07" * 32)
LOG_SEED = b"\x08" * 32
NEW_LOG_SEED = b"\x09" * 32
LOG = new_log_key(ORIGIN, LOG_SEED)
NEW_LOG = new_log_key(ORIGIN, NEW_LOG_SEED)


class Clock:
    """Says a minute later each time that it is asked, until it is stopped."""

    def __init__(self):
        self.now = BEGINS
        self.step = timedelta(minutes=1)

    def __call__(self):
        self.now += self.step
        return self.now

    def stop(self):
        """Say the same time from now on, as the clocks of one machine do to its processes."""
        self.step = timedelta(0)


CLOCK = Clock()


class Kept:
    """A ledger's folder: the database, the log key, and what it signed last."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.path = folder / "northwick.db"
        self.key = log_key_path(str(self.path))
        self.last = self.key.with_name(f"{self.key.name}.last")

    @contextmanager
    def open(self, **how):
        with Ledger.open(str(self.path), clock=CLOCK, **how) as ledger:
            yield ledger

    def add(self, count=1):
        """Enrol people, and return the ids of the events."""
        with self.open() as ledger:
            return [enrol(ledger) for _ in range(count)]

    def checkpoint(self, **how):
        """Sign the head as the log's keeper."""
        with self.open() as ledger:
            return Logkeeper(self.key).checkpoint(ledger, **how)

    def sql(self, *statements):
        """Change the database as its owner can."""
        with closing(sqlite3.connect(self.path)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    def copy(self, folder):
        """Copy the whole folder."""
        return Kept(Path(shutil.copytree(self.folder, folder)))

    def back_up(self):
        """Copy the database alone, as a backup does; return how to restore it."""
        backup = self.folder / "backup"
        with closing(sqlite3.connect(self.path)) as old, closing(sqlite3.connect(backup)) as new:
            old.backup(new)

        def restore():
            for suffix in ("-wal", "-shm"):
                Path(f"{self.path}{suffix}").unlink(missing_ok=True)
            shutil.copy(backup, self.path)

        return restore


def enrol(ledger):
    said = {"person": f"person:{new_id(CLOCK())}", "name": "Ann Example"}
    return ledger.say("PersonEnrolled", said, SIGNER, REGISTRAR, CLOCK.now.date()).event


def write_key(path, signer, seed):
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(write_log_key(ORIGIN, signer.key_hash, seed))


def found(folder, entries=5):
    """Found a ledger in a new folder, of so many entries."""
    folder.mkdir()
    kept = Kept(folder)
    write_key(kept.key, LOG, LOG_SEED)
    with kept.open(create=True) as ledger:
        registrar = Registrar(f"person:{new_id(CLOCK())}", SIGNER)
        first = Founding(ORIGIN, "Northwick", (registrar,), LOG.verifier)
        ledger.append(founding(first, CLOCK()))
        for _ in range(entries - 1):
            enrol(ledger)
    return kept


def change_log_key(ledger):
    """Record that another key signs the log from here on."""
    said = {"former": LOG.verifier, "log_key": NEW_LOG.verifier}
    ledger.say("LogKeyChanged", said, SIGNER, REGISTRAR, CLOCK.now.date())

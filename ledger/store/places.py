"""What a ledger's path or URL names, before anything is opened."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ledger.errors import StoreError
from ledger.release import installing

_SQLITE: Final = "sqlite:///"
_POSTGRES: Final = ("postgresql://", "postgres://")
UMADB: Final = "umadb://"
SIDE: Final = "?side="
"""After which the URL of what a UmaDB server does not keep goes on to the end."""


def is_file(url: str) -> bool:
    """Tell whether a URL names a file on this machine; raise StoreError if it names no store."""
    if "://" not in url or (url.startswith(_SQLITE) and url != _SQLITE):
        return True
    if url.startswith((*_POSTGRES, UMADB)):
        return False
    raise StoreError(
        "no ledger can be kept there",
        got=url,
        expected=f"a file's path, {_SQLITE} and its path, {_POSTGRES[0]} and a database,"
        f" or {UMADB} and a server",
    )


def file_of(url: str) -> str:
    """Return the path of the file that a URL names."""
    return url.removeprefix(_SQLITE)


def stem(url: str) -> Path:
    """Return the path whose name files that belong to the ledger begin with.

    That of the ledger's own file, or of its side's; of a server's database, its name in the
    current folder.
    """
    if url.startswith(UMADB):
        return stem(url.partition(SIDE)[2] or "ledger")
    if is_file(url):
        return Path(file_of(url))
    return Path(urlsplit(url).path.strip("/").rpartition("/")[2] or "ledger")


def refuse_absent(url: str) -> None:
    """Raise StoreError if the driver is not installed that a server's URL needs."""
    module, extra = (
        ("eventsourcing_umadb", "umadb") if url.startswith(UMADB) else ("psycopg", "postgres")
    )
    if find_spec(module) is None:
        raise StoreError(
            f"{module} is not installed, which a ledger on such a server needs",
            todo=f"Run `{installing(extra)}`.",
        )

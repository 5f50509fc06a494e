"""What a path or URL names, and what its files are named after."""

import importlib.util
from pathlib import Path

import pytest

from ledger.errors import StoreError
from ledger.release import installing
from ledger.store import open_store, settings, stem

STEMS = {
    "northwick.db": "northwick.db",
    "sqlite:////srv/northwick.db": "/srv/northwick.db",
    "postgresql://registrar@host/northwick?sslmode=require": "northwick",
    "postgresql://host": "ledger",
    "umadb://host:50051?side=/srv/side.db": "/srv/side.db",
    "umadb://host?side=postgresql://host/northwick?sslmode=require": "northwick",
    "umadb://host": "ledger",
}


@pytest.mark.parametrize(("url", "expected"), STEMS.items())
def test_files_of_a_ledger_are_named_after_its_file_its_database_or_its_side(url, expected):
    assert stem(url) == Path(expected)


@pytest.mark.parametrize(
    ("url", "module", "extra"),
    [
        ("postgresql://host/northwick", "psycopg", "postgres"),
        ("umadb://host?side=a.db", "eventsourcing_umadb", "umadb"),
    ],
)
@pytest.mark.parametrize("opening", [open_store, settings])
def test_a_driver_that_is_not_installed_is_named_with_the_extra_that_brings_it(
    monkeypatch, opening, url, module, extra
):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        "ledger.store.places.find_spec", lambda name: None if name == module else find(name)
    )
    with pytest.raises(StoreError) as caught:
        opening(url)
    assert str(caught.value) == (
        f"{module} is not installed, which a ledger on such a server needs."
        f" Run `{installing(extra)}`."
    )

"""Old ledgers stay readable: the database of every release opens, verifies and answers the same."""

from __future__ import annotations

import importlib.util
import json
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ledger import keys
from ledger.audit.check import check
from ledger.bundle.entries_file import Wanted, entry_lines, load, text_lines
from ledger.recording.application import Ledger
from ledger.store import open_store
from projections.reports.history import history
from projections.reports.owes import Asked, owes
from projections.tables import catalogue
from projections.tables.views import moment

LEDGERS = Path(__file__).with_name("ledgers")
GOLDEN = sorted(path.stem for path in LEDGERS.glob("*.db"))
TODAY = "2026-01-31"


@pytest.fixture(scope="module")
def make():
    spec = importlib.util.spec_from_file_location(
        "golden_make_ledger", Path(__file__).with_name("make_ledger.py")
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=GOLDEN)
def name(request):
    return request.param


@pytest.fixture
def expected(name):
    return json.loads((LEDGERS / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def copy(name, tmp_path):
    return shutil.copy(LEDGERS / f"{name}.db", tmp_path / "golden.db")


@pytest.fixture
def ledger(copy):
    with Ledger.open(str(copy)) as ledger:
        yield ledger


@pytest.fixture
def views(ledger, tmp_path):
    with catalogue.views(ledger.store, tmp_path / "views").open() as connection:
        yield connection


def same(rows, wanted):
    """Whether rows are those wanted, in what the wanted ones say; later releases may say more."""
    rows = list(rows)
    assert len(rows) == len(wanted)
    return [
        {member: row[member] for member in want} for row, want in zip(rows, wanted, strict=True)
    ]


def test_this_release_has_a_golden_ledger(make):
    assert make.VERSION in GOLDEN, "run tests/golden/make_ledger.py"


def test_every_golden_ledger_says_what_it_must_answer():
    assert sorted(path.stem for path in LEDGERS.glob("*.json")) == GOLDEN


def test_a_golden_ledger_is_never_written_over(make, name):
    before = (LEDGERS / f"{name}.db").read_bytes()
    with pytest.raises(FileExistsError):
        make.write(name)
    assert (LEDGERS / f"{name}.db").read_bytes() == before


def test_a_golden_ledger_still_has_its_root_and_verifies(ledger, expected):
    head = ledger.head()
    assert (head.size, head.root.hex()) == (expected["size"], expected["root"])
    assert check(ledger) == []


def test_a_golden_ledger_has_no_irregular_entry(views):
    assert views.execute("SELECT * FROM irregular").fetchall() == []


def test_a_golden_ledger_opens_where_nothing_can_be_written(copy, expected):
    Path(copy).chmod(stat.S_IRUSR)
    with Ledger.open(str(copy), read_only=True) as ledger:
        assert ledger.head().root.hex() == expected["root"]


def test_a_golden_ledger_still_says_who_owes_what_on_any_day_as_known_on_any_day(
    ledger, views, expected
):
    for asked in expected["owes"]:
        at = moment(views, asked["as_of"], asked["known_at"])
        report = owes(views, ledger.store, at, Asked(settled=True))
        assert same(report.rows, asked["rows"]) == asked["rows"], asked["as_of"]


def test_a_golden_ledger_still_says_what_happened_to_each_party(ledger, views, expected):
    at = moment(views, as_of=TODAY)
    for party, wanted in expected["history"].items():
        assert wanted
        assert same(history(views, ledger.store, party, at).rows, wanted) == wanted, party


def test_a_golden_ledger_moves_house_with_the_same_root(ledger, expected, tmp_path):
    entries, texts = tmp_path / "entries.jsonl", tmp_path / "texts.jsonl"
    entries.write_bytes(b"".join(entry_lines(ledger.store)))
    texts.write_bytes(b"".join(text_lines(ledger.store)))
    held = Wanted(expected["size"], bytes.fromhex(expected["root"]))
    with open_store(str(tmp_path / "moved.db"), create=True) as store:
        loaded = load(store, entries, held, texts)
        assert (loaded.size, loaded.root, loaded.findings) == (*held, ())
        assert loaded.missing == 0


def test_a_golden_ledger_goes_on(make, copy, expected):
    said = {"person": "person:01900000-0000-7000-8000-000000000001", "name": "Mx Willow"}
    registrar = keys.in_memory(make.seed("key of registrar"))
    now = datetime(2025, 6, 11, 9, tzinfo=UTC)
    with Ledger.open(str(copy), clock=lambda: now) as ledger:
        recorded = ledger.say("PersonEnrolled", said, registrar, make.REGISTRAR, now.date())
        assert recorded.position == expected["size"] + 1
        assert check(ledger) == []

"""Whatever a report of the demo prints in a cell, `show` takes."""

import json
import re
from itertools import chain

import pytest
from click.testing import CliRunner

from cli.main import main
from cli.read.catalogue import REPORTS
from cli.read.subject import page_of
from cli.terminal.session import Session
from ledger.values import KEY, OFFICE, PARTY, SLOT, UUID7
from projections.details.base import Reading

REFERENCE = re.compile(
    rf"{UUID7}(?:/{SLOT})?|[a-z_]+:{UUID7}|{PARTY}|{OFFICE}|{KEY}|(?:360G|GB-[A-Z]+)-\S+"
)
#: Where a report is no question that is asked of all.
ASKED = {
    "owes": ("owes", "--settled"),
    "history": ("history", "estuary"),
    "keys": ("keys",),
    "replay": ("replay",),
    "diff": ("diff", "2024-09-30", "2026-09-30"),
}


@pytest.fixture
def printed(place, monkeypatch):
    """Every reference that a report prints as a whole cell or a member of a list."""
    monkeypatch.chdir(place / "d")

    def rows(name):
        words = (*ASKED.get(name, ("report", name)), "-f", "json")
        result = CliRunner().invoke(main, words, obj=Session(), catch_exceptions=False)
        # Two schools to compare are to be named.
        assert result.exit_code == 0 or name == "compare", result.output
        return json.loads(result.stdout)["rows"] if result.exit_code == 0 else []

    cells = (cell for name in REPORTS for row in rows(name) for cell in row.values())
    listed = chain.from_iterable(cell if isinstance(cell, list) else [cell] for cell in cells)
    return {cell for cell in listed if isinstance(cell, str) and REFERENCE.fullmatch(cell)}


def test_whatever_a_report_prints_is_shown(printed):
    events = sorted(cell for cell in printed if re.fullmatch(UUID7, cell))
    others = sorted(printed - {*events})
    slots = {cell.partition("/")[2].partition("/")[0] for cell in others if "/" in cell}
    assert {"ratification", "impact_account", "brokerage", "handover", "peer_visit"} <= slots
    session = Session()
    with session.tables() as (store, connection):
        reading = Reading(store, connection, session.moment(connection, None, None))
        # One event is named as any other is.
        for typed in (*others, *events[::20]):
            assert page_of(reading, typed).sections, typed

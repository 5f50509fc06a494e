"""Whatever a report of the demo prints, `show` takes; who is gone, and who stands in the place."""

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


#: Who is gone or was called otherwise, and what is to be known of that.
GONE = {
    "closed": (
        "900009",
        "Ivy House School (school:900009), until 31 August 2026",
        {"closed on": "2026-08-31", "in its place": "nobody", "URN 900009": "held to 2026-08-31"},
    ),
    "merged": (
        "linden street",
        "Linden Street Infant School (school:900012), until 31 August 2026",
        {"in its place": "Gorse Lane Primary School (school:900007)"},
    ),
    "another merged into it": (
        "gorse lane",
        "Gorse Lane Primary School (school:900007)",
        {"stands in the place of": ["Linden Street Infant School (school:900012)"]},
    ),
    "dissolved": (
        "valley",
        "Valley Schools (partnership:valley), until 4 September 2026",
        {
            "dissolved on": "2026-09-04",
            "in its place": "nobody: Harbour Learning Trust (body:harbour-trust) is named, and has"
            " not agreed to take over",
        },
    ),
    "split": (
        "fellmoor",
        "Fellmoor County Council (body:fellmoor), until 31 March 2026",
        {
            "ended on": "2026-03-31",
            "in its place": "East Fellmoor Council (body:east-fellmoor) and West Fellmoor Council"
            " (body:west-fellmoor)",
        },
    ),
    "converted": (
        "heath view",
        "Heath View Academy (school:900008)",
        {"former names": ["Heath View Primary School"]},
    ),
}


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("typed", "title", "facts"), GONE.values(), ids=GONE)
def test_who_is_gone_is_shown_with_until_when_and_who_stands_in_the_place(
    place, monkeypatch, typed, title, facts
):
    page = _shown(place, monkeypatch, typed)
    assert page.title == title
    said = page.sections[0].facts
    assert {name: said.get(name) for name in facts} == facts


def test_before_its_end_who_is_gone_now_goes_on(place, monkeypatch):
    page = _shown(place, monkeypatch, "valley", "2026-09-04")
    assert page.title == "Valley Schools (partnership:valley)"


def test_a_person_is_shown_with_until_when_they_held_an_office_and_who_followed(place, monkeypatch):
    facts = _shown(place, monkeypatch, "chestnut").sections[0].facts
    said = facts["head@school:900003 from 2025-09-01"]
    assert said.startswith("acting, to 2025-12-31, followed by Mx Cypress (person:")


def _shown(place, monkeypatch, typed, as_of=None):
    monkeypatch.chdir(place / "d")
    session = Session()
    with session.tables() as (store, connection):
        return page_of(Reading(store, connection, session.moment(connection, as_of, None)), typed)

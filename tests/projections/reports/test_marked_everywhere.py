"""Every report that shows an event shows what a reader must know of it.

What bears a mark is made up in views of the demo, for every event at once: no story is so bad.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib import import_module

import pytest
from recording import ONE, TWO, agreed, offer, register, say

from cli.read.catalogue import REPORTS
from projections.reports.diff import diff
from projections.reports.history import history
from projections.reports.keyholders import keyholders
from projections.reports.marks import NOTES
from projections.reports.owes import Asked, owes
from projections.reports.replay import Asked as WhichEvents
from projections.reports.replay import replay
from projections.tables import catalogue
from projections.tables.views import moment

_AT, _BEFORE = "2026-12-31", "2025-07-31"
#: For each mark, what puts it on every event.
MADE_UP = {
    "late": "INSERT OR IGNORE INTO late SELECT event, 99 FROM entries",
    "irregular": "INSERT INTO irregular SELECT position, event, 'made up' FROM entries",
    "related party": (
        "INSERT OR REPLACE INTO passed SELECT event, '2025-01-01', 'a', 'b', 1, 0 FROM entries"
    ),
    "no need": (
        "INSERT OR REPLACE INTO passed SELECT event, '2025-01-01', 'a', 'b', 0, 1 FROM entries"
    ),
    "doubtful": (
        "INSERT INTO compromises SELECT DISTINCT event, key, signed_by, '2000-01-01T00:00:00Z',"
        " signed_by, office, 1 FROM entries"
    ),
    "unvouched": "DELETE FROM vouched",
    "unconfirmed": "INSERT OR REPLACE INTO recorded_for SELECT event, 'o', position FROM entries",
    "challenged": (
        "INSERT INTO moderations SELECT position, event, '2000-01-01', event, 'challenged', NULL,"
        " NULL FROM entries WHERE type IN ('JudgementMade', 'VisitMade')"
    ),
}
_ALL = "SELECT event FROM entries"
#: Which events bear a mark, where not all can: what is withdrawn waits for nobody, and what was
#: challenged in earnest was moderated.
BEAR = {
    "unconfirmed": f"{_ALL} WHERE event NOT IN (SELECT event FROM withdrawals)",  # noqa: S608 - of our own
    "challenged": (
        f"{_ALL} WHERE type IN ('JudgementMade', 'VisitMade')"  # noqa: S608 - as above
        " AND event NOT IN (SELECT about FROM moderations UNION SELECT event FROM withdrawals)"
    ),
}


def _reports(connection, store, school="school:900003"):
    at, before = moment(connection, _AT), moment(connection, _BEFORE)
    for lazy in REPORTS.values():
        module, _, name = lazy.at.partition(":")
        if name == "QUESTION":
            question = getattr(import_module(module), name)
            yield question.answer(connection, store, at, question.asked())
    yield owes(connection, store, at, Asked(settled=True))
    yield history(connection, store, school, at)
    yield replay(connection, store, at, WhichEvents())
    yield diff(connection, store, before, at)
    yield keyholders(connection, store, at)


@pytest.mark.parametrize("mark", MADE_UP)
def test_every_row_of_every_report_bears_the_mark_of_an_event_that_it_rests_on(northwick, mark):
    with closing(sqlite3.connect(":memory:")) as connection:
        northwick.connection.backup(connection)
        connection.row_factory = sqlite3.Row
        bear = {event for (event,) in connection.execute(BEAR.get(mark, _ALL))}
        connection.execute(MADE_UP[mark])
        lacking, seen = {}, 0
        for report in _reports(connection, northwick.store):
            for row in report.rows:
                if not bear.isdisjoint(row["events"]):
                    seen += 1
                    if mark not in row.get("marks", "").split(", "):
                        lacking.setdefault(report.name, row)
        assert seen
        assert sorted(lacking) == []
    assert mark in NOTES


def test_what_passes_between_schools_while_they_are_of_one_trust_is_marked(recorded):
    """Also once they are of another: what counts is who stood by whom on the day."""
    register(recorded.ledger, "BodyRegistered", body="body:elm-trust", kind="trust", name="Elm")
    for head in (ONE, TWO):
        _comes_under(recorded.ledger, head, "body:northwick", "body:elm-trust", "2026-03-02")
    offered = offer(recorded.ledger)
    agreement = say(recorded.ledger, TWO, "SupportAgreed", **agreed(offered)).event
    said = {"visitor": ONE.school, "host": TWO.school, "purpose": "support", "mode": "on_site"}
    said |= {"under": f"agreement:{agreement}", "days": "1.0"}
    visit = say(recorded.ledger, ONE, "VisitMade", **said).event
    _comes_under(recorded.ledger, ONE, "body:elm-trust", "body:northwick", "2026-03-09")
    passed = {offered, agreement, visit}
    seen = set()
    with catalogue.views(recorded.ledger.store, None).open() as connection:
        for report in _reports(connection, recorded.ledger.store, TWO.school):
            for row in report.rows:
                bears = "within group" in row["marks"].split(", ")
                assert bears is not passed.isdisjoint(row["events"]), (report.name, row)
                seen |= {report.name} if bears else set()
    assert {"map", "provider", "capacity", "owes", "history", "replay", "diff"} <= seen


def _comes_under(ledger, head, former, body, day):
    said = {"school": head.school, "former_body": former, "responsible_body": body}
    register(ledger, "ResponsibleBodyChanged", **said, effective_on=day)

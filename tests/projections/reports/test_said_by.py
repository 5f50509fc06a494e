"""Who has said what rows rest on: one side, both sides, or what is published elsewhere."""

import json
import sqlite3
from contextlib import closing
from importlib import import_module

import pytest
from registry import ALDER, BIRCH, Registry, person

from cli.read.catalogue import REPORTS
from projections.reports.diff import diff
from projections.reports.history import history
from projections.reports.keyholders import keyholders
from projections.reports.owes import Asked, owes
from projections.reports.parties import parties
from projections.reports.replay import Asked as WhichEvents
from projections.reports.replay import replay
from projections.reports.said_by import SaidBy
from projections.tables import catalogue
from projections.tables.views import moment

SOURCE = {"title": "Register", "publisher": "DfE", "published_on": "2026-02-01"}
SOURCE |= {"sha256": "0" * 64}
VISIT = {"visitor": ALDER, "host": BIRCH, "purpose": "support", "mode": "on_site"}


@pytest.fixture
def registry(tmp_path):
    with Registry(tmp_path / "a.db") as registry:
        yield registry


def views(registry):
    made = catalogue.views(registry.ledger.store, None)
    registry.kept.append(made)
    return registry.lent.enter_context(made.open())


def said(registry, *events, as_of="2026-12-31", known_at=None):
    connection = views(registry)
    at = moment(connection, as_of, known_at)
    found = SaidBy(connection, at, events)
    return [found.of([event]) for event in events]


def attest(registry, visit, days="1.0"):
    return registry.say("ben", "VisitAttested", visit=f"visit:{visit}", days=days)


def test_a_claim_is_said_by_one_side_until_the_other_says_so(registry):
    visit = registry.visit()
    assert said(registry, visit) == ["one side"]
    answer = attest(registry, visit)
    assert said(registry, visit, answer) == ["both", "both"]


def test_an_offer_is_said_by_both_once_it_is_agreed(registry):
    assert said(registry, *registry.agree()) == ["both", "both"]


def test_of_what_is_confirmed_for_fewer_days_only_the_confirmation_is_said_by_both(registry):
    visit = registry.say("ann", "VisitMade", days="2.0", **VISIT)
    assert said(registry, visit, attest(registry, visit, "1.5")) == ["one side", "both"]


def test_a_dispute_is_said_by_one_side_and_so_is_the_visit(registry):
    visit = registry.visit()
    dispute = registry.say(
        "ben", "VisitDisputed", visit=f"visit:{visit}", wrong="It was in Elm.", days="0.5"
    )
    assert said(registry, visit, dispute) == ["one side", "one side"]


def test_what_was_corrected_and_then_confirmed_is_said_by_both_as_corrected(registry):
    visit = registry.say("ann", "VisitMade", days="2.0", **VISIT)
    dispute = registry.say(
        "ben", "VisitDisputed", visit=f"visit:{visit}", wrong="It ended at noon.", days="1.5"
    )
    corrected = registry.say("ann", "VisitCorrected", visit=f"visit:{visit}", days="1.5")
    answer = attest(registry, visit, "1.5")
    found = said(registry, visit, dispute, corrected, answer)
    assert found == ["one side", "one side", "both", "both"]


def test_what_was_confirmed_and_withdrawn_is_said_by_one_side_again(registry):
    visit = registry.visit()
    answer = attest(registry, visit)
    known = registry.ledger.head().size
    registry.say(
        "ben", "EventWithdrawn", event=f"event:{answer}", effective_on="2026-03-02",
        code="entered_in_error",
    )  # fmt: skip
    assert said(registry, visit) == ["one side"]
    assert said(registry, visit, known_at=known) == ["both"]


def test_as_it_was_known_and_as_it_stood_before_the_other_side_answered(registry):
    visit = registry.visit()
    known = registry.ledger.head().size
    registry.clock.now = registry.clock.now.replace(day=5)
    attest(registry, visit)
    assert said(registry, visit, known_at=known) == ["one side"]
    assert said(registry, visit, as_of="2026-03-04") == ["one side"]
    assert said(registry, visit, as_of="2026-03-05") == ["both"]


def test_what_a_registrar_repeats_of_a_publication_is_published(registry):
    visit = registry.visit()
    register = registry.say(
        "rita", "SchoolRegistered", school="school:900003", urn="urn:900003", name="Cedar School",
        phase="primary", la="body:northwick", source=SOURCE,
    )  # fmt: skip
    assert said(registry, register) == ["published"]
    connection = views(registry)
    found = SaidBy(connection, moment(connection), [register, visit])
    assert found.of([register, visit]) == "one side", "the weakest of what a row rests on"
    assert found.of([]) == ""


def test_a_source_of_its_own_makes_nothing_published(registry):
    registry.vouch("olive")
    framework = registry.say(
        "rita", "FrameworkAdopted", slug="peer", title="Peer review", in_force_from="2026-01-01",
        areas=[{"area": "reading", "grades": ["strength", "priority"]}],
    )  # fmt: skip
    judged = registry.say(
        "olive", "JudgementMade", about=ALDER, judge="body:northwick",
        framework=f"framework:{framework}", grades=[{"area": "reading", "grade": "strength"}],
        inspected_on="2026-03-02", basis="la_categorisation", source=SOURCE,
    )  # fmt: skip
    assert said(registry, judged) == ["one side"]


def test_one_person_in_two_offices_makes_no_second_side(registry):
    """As whoever runs a ledger might append past the rules."""
    visit = registry.visit()
    answer = attest(registry, visit)
    path = views(registry).execute("PRAGMA database_list").fetchone()[2]
    with closing(sqlite3.connect(path)) as changed:
        changed.execute("UPDATE entries SET signed_by = ? WHERE event = ?", (person("ann"), answer))
        changed.row_factory = sqlite3.Row
        assert SaidBy(changed, moment(changed, "2026-12-31"), [visit]).of([visit]) == "one side"


def _questions():
    """Go through the reports of the catalogue that are a question."""
    for lazy in REPORTS.values():
        module, _, name = lazy.at.partition(":")
        if name == "QUESTION":
            yield getattr(import_module(module), name)


def test_every_row_of_every_report_says_who_has_said_so_and_where_it_stands(northwick):
    at, before = northwick.at("2026-12-31"), northwick.at("2025-07-31")
    reports = [
        *(
            one.answer(northwick.connection, northwick.store, at, one.asked())
            for one in _questions()
        ),
        owes(northwick.connection, northwick.store, at, Asked(settled=True)),
        history(northwick.connection, northwick.store, "school:900003", at),
        replay(northwick.connection, northwick.store, at, WhichEvents()),
        diff(northwick.connection, northwick.store, before, at),
        parties(northwick.connection, northwick.store, at),
        keyholders(northwick.connection, northwick.store, at),
    ]
    for report in reports:
        names = {column.name for column in report.columns}
        assert {"said_by", "position", "events"} <= names, report.name
        for row in report.rows:
            cited = row["events"]
            assert row["said_by"] in ("one side", "both", "published") or not cited, report.name
            sql = (
                "SELECT max(position) FROM entries WHERE event IN (SELECT value FROM json_each(?))"
            )
            latest = northwick.connection.execute(sql, (json.dumps(cited),)).fetchone()[0]
            assert row["position"] == (latest or 0), (report.name, row)


def test_the_days_of_an_agreement_in_the_demo_are_said_by_both(northwick):
    rows = northwick.ask(owes, northwick.at("2026-12-31"), Asked(settled=True))
    found = {(row["kind"], row["said_by"]) for row in rows}
    assert ("support", "both") in found
    assert ("peer_visit", "one side") in found

"""What an operator records past the rules is irregular: named with its reasons, and no fault."""

import pytest
from registry import Registry

from ledger.audit.check import check
from ledger.verification.verify import verify_store
from projections.reports.owes import Asked, owes
from projections.tables.catalogue import views
from projections.tables.views import moment

SUPPORT = "/support"


@pytest.fixture
def registry(tmp_path):
    with Registry(tmp_path / "a.db") as registry:
        yield registry


def attack(registry, monkeypatch):
    """Let Birch's head, past the rules, attest a visit and list debts that are not of it."""
    _, agreement = registry.agree()
    others = f"{agreement}{SUPPORT}"
    visit = registry.visit()
    monkeypatch.setattr("ledger.domain.decide.decide", lambda *_: [])
    said = {"visit": f"visit:{visit}", "days": "1.0"}
    event = registry.say(
        "ben", "VisitAttested", obligations=[others, f"{visit}/attestation"], **said
    )
    return event, others


def left(registry, obligation):
    with views(registry.ledger.store, None).open() as connection:
        at = moment(connection, "2026-12-31")
        report = owes(connection, registry.ledger.store, at, Asked())
    return {row["obligation"]: row["outstanding"] for row in report.rows}[obligation]


def test_an_attack_that_lists_others_debts_settles_none_and_is_named_irregular_by_check(
    registry, monkeypatch
):
    event, others = attack(registry, monkeypatch)
    found = check(registry.ledger)
    assert {(one.check, one.event, one.severity) for one in found} == {
        ("irregular", event, "advice")
    }
    listed = f"it lists the obligation {others}, which it does not change"
    assert any(one.sentence.startswith(listed) for one in found)
    assert left(registry, others) == "6.0"


def test_an_irregular_entry_stands_in_the_verdict_which_verifies_nevertheless(
    registry, monkeypatch
):
    event, _ = attack(registry, monkeypatch)
    verdict = verify_store(registry.ledger.store)
    assert verdict.verified
    assert {one.event for one in verdict.irregular} == {event}


def test_a_regular_record_has_no_irregular_entry(registry):
    registry.agree()
    assert check(registry.ledger) == []
    assert verify_store(registry.ledger.store).irregular == ()

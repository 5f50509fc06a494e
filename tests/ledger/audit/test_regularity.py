"""What an operator records past the rules is irregular: named with its reasons, and no fault."""

from datetime import UTC, datetime, time, timedelta

import pytest
from registry import ALDER, BIRCH, Registry, person

from ledger.audit.check import check
from ledger.decision_model.stricter import RELEASE_0_1
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


def too_long(registry, monkeypatch, day):
    """Record, past the rules, a visit of more days than a release allows, on a day."""
    registry.clock.now = datetime.combine(day, time(9), UTC)
    with monkeypatch.context() as past_the_rules:
        past_the_rules.setattr("ledger.domain.decide.decide", lambda *_: [])
        said = {"visitor": ALDER, "host": BIRCH, "purpose": "support", "mode": "on_site"}
        return registry.say("ann", "VisitMade", days="10.5", **said)


LONG = (
    "10.5 days are more than 10, and it names nobody who came; say who, and until when, or tell it"
    " as several"
)


def test_what_was_recorded_before_a_rule_became_stricter_is_told_apart(registry, monkeypatch):
    event = too_long(registry, monkeypatch, RELEASE_0_1.day - timedelta(days=1))
    (found,) = check(registry.ledger)
    assert (found.check, found.event, found.severity) == ("earlier rules", event, "note")
    assert found.sentence == f"it kept the rules of its day; since 0.1.0 (2026-11-30): {LONG}"
    verdict = verify_store(registry.ledger.store)
    assert verdict.verified
    assert verdict.irregular == ()
    assert verdict.of_their_day == (found,)


def test_what_was_recorded_since_is_irregular(registry, monkeypatch):
    event = too_long(registry, monkeypatch, RELEASE_0_1.day)
    (found,) = check(registry.ledger)
    assert found == ("irregular", found.position, event, LONG, "advice")
    assert verify_store(registry.ledger.store).of_their_day == ()


def test_a_regular_record_has_no_irregular_entry(registry):
    registry.agree()
    assert check(registry.ledger) == []
    assert verify_store(registry.ledger.store).irregular == ()


@pytest.mark.parametrize(
    "held", [("journal._MOST_ACCOUNTS",), ("facts._MOST_EVENTS", "facts._MOST_OWN")]
)
def test_what_is_forgotten_while_a_record_is_read_is_read_again(registry, monkeypatch, held):
    _, agreement = registry.agree()
    under = f"agreement:{agreement}"
    for visit in [registry.visit(under=under) for _ in range(4)]:
        registry.say("ben", "VisitAttested", visit=f"visit:{visit}", days="1.0")
    office = f"head@{ALDER}"
    registry.say("ann", "HandoverGiven", office_=office, outgoing=person("ann"))
    for most in held:
        monkeypatch.setattr(f"ledger.decision_model.{most}", 1)
    assert check(registry.ledger) == []


def withdraws_long_afterwards(registry):
    """Let a new head take back what the former one confirmed 900 days ago."""
    visit = registry.visit()
    attested = registry.say("ben", "VisitAttested", visit=f"visit:{visit}", days="1.0")
    registry.clock.now += timedelta(days=900)
    return {
        "who": "olive",
        "event": "EventWithdrawn",
        "office": "head@school:900002",
        "event_": f"event:{attested}",
        "code": "entered_in_error",
    }


def hands_over_for_another(_registry):
    office = f"head@{ALDER}"
    return {
        "who": "olive",
        "event": "HandoverGiven",
        "office": office,
        "office_": office,
        "outgoing": person("ann"),
    }


def announces_anothers_departure(_registry):
    office = f"head@{ALDER}"
    return {
        "who": "olive",
        "event": "DepartureNotified",
        "office": office,
        "office_": office,
        "holder": person("ann"),
        "effective_on": "2026-03-02",
    }


#: What an operator lets pass, and how the first reason begins that check and verify give.
PAST_THE_RULES = {
    "a withdrawal of 900 days later": (
        withdraws_long_afterwards,
        "it was recorded on 2026-03-02, more than 90 days ago: it takes person:",
    ),
    "a handover that another writes": (
        hands_over_for_another,
        f"whoever signs as head@{ALDER} hands over for themselves: person:",
    ),
    "a departure that another announces": (
        announces_anothers_departure,
        f"{person('ann')} does not hold head@{ALDER} on 2026-03-02",
    ),
}


@pytest.mark.parametrize(("say", "reason"), PAST_THE_RULES.values(), ids=PAST_THE_RULES)
def test_an_attack_on_authority_past_the_rules_is_irregular_for_check_and_verify(
    registry, monkeypatch, say, reason
):
    said = say(registry)
    came = {"person": person("olive"), "office_": said["office"], "basis": "substantive"}
    before = {"head@school:900002": "ben"}.get(said["office"], "ann")
    registry.say("rita", "Appointed", effective_on="2026-03-02", succeeds=person(before), **came)
    monkeypatch.setattr("ledger.domain.decide.decide", lambda *_: [])
    event = registry.say(said.pop("who"), said.pop("event"), **said)
    found = [one for one in check(registry.ledger) if one.event == event]
    assert {(one.check, one.severity) for one in found} == {("irregular", "advice")}
    assert found[0].sentence.startswith(reason)
    verdict = verify_store(registry.ledger.store)
    assert verdict.verified
    assert [one.sentence for one in verdict.irregular] == [one.sentence for one in found]

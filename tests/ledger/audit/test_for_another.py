"""What is recorded for another, or by a delegate, is judged again by whoever reads the record."""

import pytest
from registry import ALDER, BIRCH, COUNCIL, OFFICES, Registry, key, members, person

from ledger.audit.check import check
from ledger.domain import decide

HEAD = OFFICES["ben"]
VISIT = {"visitor": BIRCH, "host": ALDER, "purpose": "support", "mode": "on_site", "days": "1.0"}


@pytest.fixture
def registry(tmp_path):
    """The head of Birch has lost their key, and wrote a letter that the officer lodged."""
    with Registry(tmp_path / "a.db") as registry:
        registry.say("rita", "KeyRetired", person=person("ben"), key_=key("ben"))
        said = {"title": "Letter", "kind": "letter", "media_type": "text/plain", "size": 9}
        letter = registry.say("olive", "EvidenceLodged", about=BIRCH, sha256="0" * 64, **said)
        registry.said = {"for_office": HEAD, "authority": f"evidence:{letter}"}
        yield registry


def found(registry, event, check_name):
    """Return what a check of the whole record says of an event."""
    told = check(registry.ledger)
    return [one.sentence for one in told if (one.event, one.check) == (event, check_name)]


def past_the_rules(monkeypatch, registry, by, event, **said):
    with monkeypatch.context() as unruly:
        unruly.setattr(decide, "decide", lambda *_: [])
        return registry.say(by, event, **said)


def test_an_honest_record_verifies(registry):
    visit = registry.say("olive", "VisitMade", **VISIT, **registry.said)
    registry.say("rita", "KeyEnrolled", **members("ben", "ben-2"))
    registry.say("ben", "RecordConfirmed", key="ben-2", office_=HEAD)
    until = {"until": "2026-07-31", "events": ["VisitMade"]}
    registry.say("ben", "AuthorityDelegated", key="ben-2", person=person("olive"), **until)
    own = registry.say("olive", "VisitMade", office=HEAD, **VISIT)
    for event in (visit, own):
        assert found(registry, event, "authority") == []
        assert found(registry, event, "irregular") == []


def test_who_may_not_record_for_an_office_is_a_fault(registry, monkeypatch):
    visit = past_the_rules(monkeypatch, registry, "ann", "VisitMade", **VISIT, **registry.said)
    (said,) = found(registry, visit, "authority")
    assert said.startswith(f"head@{ALDER} records nothing for {HEAD}: that takes the registrar, ")


def test_so_is_what_is_recorded_for_an_office_that_has_a_key(registry, monkeypatch):
    registry.say("rita", "KeyEnrolled", **members("ben", "ben-2"))
    visit = past_the_rules(monkeypatch, registry, "olive", "VisitMade", **VISIT, **registry.said)
    assert found(registry, visit, "authority") == [f"{HEAD} has a key: {person('ben')} signs it"]


def test_a_recorder_whose_party_is_a_side_is_irregular(registry, monkeypatch):
    said = {"provider": BIRCH, "receiver": COUNCIL, "route": "local_authority", "days": "6.0"}
    said |= {"valid_until": "2026-12-31"} | registry.said
    offer = past_the_rules(monkeypatch, registry, "olive", "SupportOffered", **said)
    assert found(registry, offer, "authority") == []
    assert found(registry, offer, "irregular") == [
        (f"{COUNCIL} is the receiver: who is a side records nothing for the other; a registrar may")
    ]


def test_a_delegate_who_signs_what_was_not_named_is_a_fault(registry, monkeypatch):
    until = {"until": "2026-07-31", "events": ["VisitMade"], "person": person("olive")}
    registry.say("ann", "AuthorityDelegated", **until)
    said = {"school": ALDER, "area": "inclusion", "level": "school", "raiser": ALDER}
    need = past_the_rules(
        monkeypatch, registry, "olive", "NeedIdentified", office=OFFICES["ann"], **said
    )
    (reason,) = found(registry, need, "authority")
    assert reason.startswith(f"{person('olive')} does not hold the office {OFFICES['ann']} on ")

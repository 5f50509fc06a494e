"""What an operator records past the rules, with a key of their own, is found by everybody else."""

import pytest
from registry import ALDER, BIRCH, REGISTRAR, Registry, key, members, person

from ledger.audit.check import check

SELF = "somebody else must vouch: neither the person concerned nor who recorded it"


@pytest.fixture
def registry(tmp_path):
    with Registry(tmp_path / "a.db") as registry:
        yield registry


@pytest.fixture
def lawless(monkeypatch):
    """Let the ledger record whatever it is given from now on."""

    def lift():
        monkeypatch.setattr("ledger.domain.decide.decide", lambda *_: [])

    return lift


def found(registry):
    return [(one.event, one.check, one.sentence) for one in check(registry.ledger)]


def test_a_registrar_who_vouches_for_the_head_that_they_invented(registry, lawless):
    lawless()
    subject = f"enrolment:{registry.enrolled['ann'].key}"
    said = {"person": person("ann"), "key_": key("ann")}
    event = registry.say("rita", "Vouched", subject=subject, **said)
    assert found(registry) == [(event, "authority", SELF)]


def test_though_they_name_another_person_in_it(registry, lawless):
    lawless()
    subject = f"enrolment:{registry.enrolled['ann'].key}"
    said = {"person": person("ben"), "key_": key("ann")}
    event = registry.say("rita", "Vouched", subject=subject, **said)
    assert found(registry) == [(event, "authority", SELF)]


def test_a_key_that_speaks_against_itself(registry, lawless):
    lawless()
    said = {"person": person("rita"), "key_": key("rita"), "since": "2026-03-02T09:00:00Z"}
    event = registry.say("rita", "KeyCompromised", **said)
    sentence = "a key does not speak against itself: sign with another key"
    assert found(registry) == [(event, "authority", sentence)]


def test_what_a_compromised_key_signs_afterwards(registry, lawless):
    before = registry.visit()
    said = {"person": person("ann"), "key_": key("ann"), "since": "2026-03-02T09:00:00Z"}
    registry.say("rita", "KeyCompromised", **said)
    assert found(registry) == []
    lawless()
    after = registry.visit()
    assert {event for event, _, _ in found(registry)} == {after}
    assert before != after


def test_what_a_retired_key_signs_afterwards(registry, lawless):
    registry.visit()
    registry.say("ann", "KeyRetired", person=person("ann"), key_=key("ann"))
    assert found(registry) == []
    lawless()
    after = registry.visit()
    assert found(registry) == [
        (after, "authority", f"{key('ann')} is retired; sign with a key that is not")
    ]


def test_a_key_that_one_registrar_said_is_retired_goes_on_and_two_end_it(registry, lawless):
    registry.say("rita", "KeyRetired", person=person("rob"), key_=key("rob"))
    registry.vouch("ann")
    assert found(registry) == []
    second = {"person": person("olive"), "office_": REGISTRAR, "basis": "substantive"}
    appointment = registry.say("rita", "Appointed", effective_on="2026-03-02", **second)
    enrolment = registry.enrolled["olive"].key
    lawless()
    retired = registry.say(
        "olive", "KeyRetired", office=REGISTRAR, person=person("rob"), key_=key("rob")
    )
    cannot = "so it cannot retire another registrar's key"
    assert found(registry) == [
        (retired, "authority", f"nobody else has vouched for {key('olive')}, {cannot}"),
        (
            retired,
            "authority",
            f"nobody else has vouched for the appointment to {REGISTRAR}, {cannot}",
        ),
    ], "an invented registrar is no second one, and what nobody may say ends nothing"
    whose = {"person": person("olive")}
    registry.say("rob", "Vouched", subject=f"enrolment:{enrolment}", key_=key("olive"), **whose)
    registry.say("rob", "Vouched", subject=f"appointment:{appointment}", office_=REGISTRAR, **whose)
    registry.say("olive", "KeyRetired", office=REGISTRAR, person=person("rob"), key_=key("rob"))
    after = registry.say("rob", "PersonEnrolled", person=person("rob"), name="Mx Rob")
    assert [one for one in found(registry) if one[0] != retired] == [
        (after, "authority", f"{key('rob')} is retired; sign with a key that is not")
    ]


def test_a_lost_key_that_an_invented_officer_replaced(registry, lawless):
    lawless()
    event = registry.say("olive", "KeyEnrolled", **members("ann", "ann-2"))
    said = {"visitor": ALDER, "host": BIRCH, "purpose": "support", "mode": "on_site"}
    visit = registry.say("ann", "VisitMade", key="ann-2", days="1.0", **said)
    sentences = dict.fromkeys(event for event, _, _ in found(registry))
    assert list(sentences) == [event, visit]

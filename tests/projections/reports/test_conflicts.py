"""Conflicts of interest: declared, decided, and what offices tell without anybody's word."""

import pytest
from recording import DAY, ONE, ORIGIN, TWO, Head, agreed, key_members, offer, register, say

from projections.reports.conflicts import QUESTION

OFFICER = Head(8)
LATER = ("2026-03-12", None)


@pytest.fixture
def agreement(recorded):
    """School one supports school two."""
    taken = agreed(offer(recorded.ledger))
    return say(recorded.ledger, TWO, "SupportAgreed", **taken).event


@pytest.fixture
def declared(recorded, agreement):
    """The head of school one says that she has a sister at school two."""
    said = {"person": ONE.person, "agreement": f"agreement:{agreement}", "what": "A sister."}
    return say(recorded.ledger, ONE, "ConflictOfInterestDeclared", **said).event


def decide(ledger, conflict, decision):
    register(ledger, "PersonEnrolled", person=OFFICER.person, name="Olive Ashgrove")
    key = key_members(ORIGIN, OFFICER.person, OFFICER.signer)
    register(ledger, "KeyEnrolled", person=OFFICER.person, **key)
    office = "officer@body:northwick"
    appointed = {"person": OFFICER.person, "office": office, "basis": "substantive"}
    register(ledger, "Appointed", **appointed, effective_on="2026-03-01")
    said = {"conflict": f"conflict:{conflict}", "decision": decision, "why": "It is small."}
    return ledger.say("DecisionRecorded", said, OFFICER.signer, office, DAY).event


@pytest.mark.usefixtures("agreement")
def test_none_is_known(recorded):
    assert recorded.ask(QUESTION).rows == []


@pytest.mark.usefixtures("declared")
def test_what_was_declared_waits_for_who_is_to_decide(recorded):
    [row] = recorded.ask(QUESTION, LATER).rows
    assert (row["kind"], row["concerned"], row["bears_on"]) == ("declared", ONE.person, "agreement")
    assert (row["provider"], row["school"]) == (ONE.school, TWO.school)
    assert (row["declared_on"], row["answered_on"], row["days"]) == ("2026-03-02", None, 10)
    assert (row["cleared"], row["answerer_name"]) == (None, "Northwick")


@pytest.mark.parametrize("decision", ["cleared", "not_cleared"])
def test_what_was_decided_says_so(recorded, declared, decision):
    event = decide(recorded.ledger, declared, decision)
    [row] = recorded.ask(QUESTION, LATER).rows
    assert (row["answered_on"], row["days"]) == ("2026-03-02", 0)
    assert row["cleared"] is (decision == "cleared")
    assert row["events"] == [declared, event]


@pytest.mark.usefixtures("agreement")
def test_who_advises_and_provides_in_one_school(recorded):
    said = {"person": ONE.person, "office": f"adviser@{TWO.school}", "basis": "substantive"}
    said |= {"for_body": "body:northwick"}
    register(recorded.ledger, "Appointed", **said, effective_on="2026-03-02")
    [row] = recorded.ask(QUESTION, LATER).rows
    assert (row["kind"], row["concerned"]) == ("advises and provides", ONE.person)
    assert (row["provider"], row["school"]) == (ONE.school, TWO.school)
    assert recorded.ask(QUESTION, ("2026-08-01", None)).rows == []


@pytest.mark.usefixtures("declared")
def test_it_narrows(recorded):
    for asked in ({"about": ONE.person}, {"about": TWO.school}, {"provider": ONE.school}):
        assert len(recorded.ask(QUESTION, LATER, **asked).rows) == 1
    for asked in ({"about": "school:900003"}, {"provider": TWO.school}, {"since": "2026-03-03"}):
        assert recorded.ask(QUESTION, LATER, **asked).rows == []

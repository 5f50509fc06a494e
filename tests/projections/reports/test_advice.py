"""What somebody should look at in a partnership: no year for long, and nobody who takes over."""

from datetime import date

import pytest
from recording import DAY, ONE, Head, partnership, register, say

from projections.reports.advice import advice

ESTUARY = "partnership:estuary"
NOBODY = (
    "has not agreed to it: nobody would answer for what is left, until `school-ledger record"
    f" ContingencyAccepted --party {ONE.school} --partnership {ESTUARY}`"
)
NAMED = f"whom the ground rules of {ESTUARY} name as contingency"


def told(ledger, today, check="partnerships"):
    found = advice(ledger.look, [], date.fromisoformat(today), [ESTUARY])
    return [one.sentence for one in found if one.check == check]


def open_year(chair):
    span = {"starts": "2026-03-02", "ends": "2026-07-31"}
    chair("PartnershipYearOpened", partnership=ESTUARY, name="2025-26", **span)


@pytest.mark.parametrize(("today", "advised"), [("2027-06-02", False), ("2027-06-03", True)])
def test_no_year_in_fifteen_months(recorded, today, advised):
    chair = partnership(recorded.ledger)
    open_year(chair)
    sentence = (
        f"{ESTUARY} has opened no year in 15 months, so that its members owe no visits:"
        f" `school-ledger record PartnershipYearOpened --partnership {ESTUARY}`, or"
        f" `school-ledger record PartnershipDissolved --partnership {ESTUARY}` if it has ended"
    )
    assert (sentence in told(recorded.ledger, today)) == advised


def test_not_of_a_partnership_without_members(recorded):
    partnership(recorded.ledger, ())
    assert not any("15 months" in one for one in told(recorded.ledger, "2030-01-01"))


def test_who_is_named_to_take_over_has_not_agreed(recorded):
    partnership(recorded.ledger, takes_over=ONE.school)
    assert told(recorded.ledger, "2026-04-01") == [f"{ONE.school}, {NAMED}, {NOBODY}"]
    said = {"party": ONE.school, "partnership": ESTUARY}
    say(recorded.ledger, ONE, "ContingencyAccepted", **said)
    assert told(recorded.ledger, "2026-04-01") == []


def test_who_is_named_to_take_over_has_ended(recorded):
    partnership(recorded.ledger, takes_over=ONE.school)
    register(recorded.ledger, "SchoolClosed", school=ONE.school, effective_on="2026-03-15")
    ended = (
        f"{ONE.school}, {NAMED}, ended on 2026-03-15: agree on rules that name another,"
        f" `school-ledger record GroundRulesAgreed --partnership {ESTUARY}`"
    )
    assert told(recorded.ledger, "2026-03-15") == [f"{ONE.school}, {NAMED}, {NOBODY}"]
    assert told(recorded.ledger, "2026-03-16") == [ended]


def test_so_it_is_of_a_body_that_ended(recorded):
    trust = "body:tide-trust"
    register(recorded.ledger, "BodyRegistered", body=trust, kind="trust", name="Tide Trust")
    partnership(recorded.ledger, takes_over=trust)
    register(recorded.ledger, "BodySucceeded", body=trust, effective_on="2026-03-16")
    assert told(recorded.ledger, "2026-03-16") == [
        (
            f"{trust}, {NAMED}, ended on 2026-03-15: agree on rules that name another,"
            f" `school-ledger record GroundRulesAgreed --partnership {ESTUARY}`"
        )
    ]


def test_nothing_of_a_partnership_that_was_dissolved(recorded):
    partnership(recorded.ledger)
    said = {"partnership": ESTUARY, "effective_on": "2026-03-20", "reason": "All joined trusts."}
    chair = Head(9)
    recorded.ledger.say("PartnershipDissolved", said, chair.signer, f"chair@{ESTUARY}", DAY)
    assert told(recorded.ledger, "2026-03-21") == []

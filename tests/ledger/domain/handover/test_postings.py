"""What passes with the responsibility for a school: to whom, and by when it is due then."""

import pytest
from given import (
    BEN,
    ESTUARY,
    FOUR,
    ONE,
    SOURCE,
    THREE,
    TWO,
    WITH_ESTUARY,
    body,
    body_changed,
    body_succeeded,
    departure,
    framework,
    given,
    judged,
)

PLACED = {"about": TWO, "urn": "urn:900002", "category": "special_measures"}
#: The authority is to find help for school two by 29 November, and states no action.
PLACED_THEN = given(
    WITH_ESTUARY,
    body("westwick", "local_authority"),
    framework(),
    judged("j", "2024-11-01", **PLACED),
)


def owed(history, kind):
    return [row.partition(": ")[2] for row in history.owed(kind=kind)]


@pytest.mark.parametrize(
    ("act", "to"),
    [
        (body_changed(source=SOURCE), "body:beacon-trust"),
        (body_succeeded(), "body:westwick"),
        (
            body_succeeded(
                successors=["body:westwick", "body:beacon-trust"],
                schools=[
                    {"school": one, "body": "body:westwick" if one == TWO else "body:beacon-trust"}
                    for one in (ONE, TWO, THREE, FOUR)
                ],
            ),
            "body:westwick",
        ),
    ],
    ids=["another body", "a successor", "a split"],
)
class TestDaysAnew:
    def test_whoever_becomes_responsible_has_the_days_from_then_on(self, act, to):
        history = given(PLACED_THEN, act)
        assert owed(history, "brokerage") == [f"{to} owes {TWO} 1 item by 2025-04-29"]
        assert owed(history, "member_response") == [f"{ESTUARY} owes {TWO} 1 item by 2024-11-15"]

    def test_and_no_fewer_than_there_were(self, act, to):
        leaves = departure(BEN, on="2025-01-10", effective_on="2025-07-31")
        history = given(PLACED_THEN, leaves, act)
        assert f"{TWO} owes {to} 1 item by 2025-07-31" in owed(history, "handover")

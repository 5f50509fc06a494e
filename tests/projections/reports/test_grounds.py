"""Why each thing is owed: by promise, by duty, or as an answer."""

import pytest
from recording import ONE, THREE, TWO, partnership, register, say

from projections.reports import owes
from projections.tables import catalogue
from projections.tables.views import moment


def grounds(recorded, **asked):
    """Return by whom something is owed to whom, and on what ground."""
    with catalogue.views(recorded.ledger.store, None).open() as connection:
        found = owes.owes(
            connection, recorded.ledger.store, moment(connection), owes.Asked(**asked)
        )
        return {(row["debtor"], row["creditor"], row["ground"]) for row in found.rows}


def test_a_target_that_a_school_sets_itself_is_its_promise_and_anothers_a_duty(pressed):
    found = grounds(pressed, by=TWO.school, kind="target")
    assert ("school:900002", "body:beacon-trust", "promise") in found
    assert ("school:900002", "body:northwick", "duty") in found
    assert len({ground for *_, ground in found}) == 2


@pytest.mark.parametrize(
    ("members", "debtor", "ground"),
    [((TWO, THREE), "partnership:estuary", "promise"), ((), "body:northwick", "duty")],
)
def test_help_is_found_by_promise_of_a_partnership_and_by_duty_of_a_body(
    recorded, members, debtor, ground
):
    if members:
        partnership(recorded.ledger, members)
    area = {"area": "reading", "grades": ["secure", "weak"], "monitored": ["weak"]}
    adopted = {"slug": "ours", "title": "Ours", "in_force_from": "2020-09-01"}
    framework = register(recorded.ledger, "FrameworkAdopted", areas=[area], **adopted)
    said = {"about": TWO.school, "judge": ONE.school, "basis": "peer_review"}
    said |= {"framework": f"framework:{framework}", "inspected_on": "2026-03-01"}
    say(
        recorded.ledger, ONE, "JudgementMade", grades=[{"area": "reading", "grade": "weak"}], **said
    )
    assert grounds(recorded, kind="brokerage") == {(debtor, TWO.school, ground)}

"""What answers something that waits, and where nobody of these offices may answer it."""

import pytest
from recording import ONE, TWO, found, partnership, register, say

from cli.record.answering import Answering
from projections.reports.inbox import Waiting
from projections.tables import catalogue
from projections.tables.views import moment

AREA = {"area": "reading", "grades": ["secure", "weak"]}


def challenged(ledger):
    """School two challenges what school one judged of it."""
    adopted = {"slug": "ours", "title": "Ours", "in_force_from": "2020-09-01"}
    framework = register(ledger, "FrameworkAdopted", areas=[AREA], **adopted)
    said = {"about": TWO.school, "judge": ONE.school, "basis": "peer_review"}
    said |= {"framework": f"framework:{framework}", "inspected_on": "2026-03-01"}
    grades = [{"area": "reading", "grade": "weak"}]
    event = say(ledger, ONE, "JudgementMade", grades=grades, **said).event
    say(ledger, TWO, "JudgementChallenged", judgement=f"judgement:{event}", grounds="One class.")
    return event


@pytest.mark.parametrize(
    ("together", "finder", "office"),
    [
        (False, ONE.school, ONE.office),
        (True, "partnership:estuary", "chair@partnership:estuary"),
    ],
)
def test_a_judge_who_is_to_find_a_moderator_is_sent_to_one_and_a_partnership_may_be_it(
    tmp_path, together, finder, office
):
    with found(tmp_path / "northwick.db") as ledger:
        if together:
            partnership(ledger, (ONE, TWO))
        event = challenged(ledger)
        with catalogue.views(ledger.store, None).open() as connection:
            at = moment(connection)
            mine = Waiting(connection, ledger.store, at, [finder], ledger.look).mine
            (row,) = (one for one in mine if one["kind"] == "moderation")
            found_elsewhere = Answering(ledger, connection, row, [office]).elsewhere()
        if together:
            assert found_elsewhere is None
        else:
            assert f"record JudgementModerated --judgement {event}" in found_elsewhere

"""What waits for a party that ended: who should act in its place, and whose inbox has what."""

from recording import ONE, TWO, agreed, offer, partnership, register, say

from projections.reports.inbox import Waiting, inbox
from projections.tables import catalogue
from projections.tables.views import moment


def asked(ledger, party, day="2026-04-01"):
    """Return the sentences of what a party is to answer, and what is said under them."""
    with catalogue.views(ledger.store, None).open() as connection:
        at = moment(connection, day)
        waiting = Waiting(connection, ledger.store, at, [party], ledger.look)
        report = inbox(connection, ledger.store, at, "them", waiting)
        return [row["sentence"] for row in report.rows if row["number"]], report.notes


def test_the_inbox_of_a_school_that_closed_says_who_should_act(recorded):
    ledger = recorded.ledger
    say(ledger, TWO, "SupportAgreed", **agreed(offer(ledger)))
    register(ledger, "SchoolClosed", school=ONE.school, effective_on="2026-03-15")
    waiting, notes = asked(ledger, ONE.school)
    support = next(one for one in waiting if "days of support" in one)
    assert support.endswith(
        " School 1 (900001) closed on 15 March 2026, and no school is said to go on from it: the"
        " registrar of the ledger should act by"
        " `school-ledger record SuccessionAttributed --school URN --predecessor school:900001"
        " --former-urn 900001 --former-urn-closes-on 2026-03-15 --effective-on 2026-03-16"
        " --source.publisher PUBLISHER --source.title TITLE`."
    )
    assert "School 1 (900001) ended on 15 March 2026, and no other goes on from it." in notes
    before, notes = asked(ledger, ONE.school, "2026-03-15")
    assert "should act" not in before[0]
    assert not any("ended" in note for note in notes)


def test_the_inbox_of_a_school_that_merged_names_the_one_that_goes_on(recorded):
    ledger = recorded.ledger
    said = {"predecessors": [ONE.school, TWO.school], "school": TWO.school}
    register(ledger, "SchoolsMerged", **said, effective_on="2026-03-15")
    _, notes = asked(ledger, ONE.school)
    assert any(
        "School 2 (900002) goes on from it: what went along is in"
        " `school-ledger inbox --as head@900002`" in note
        for note in notes
    )


def test_one_visit_is_a_visit(recorded):
    ledger = recorded.ledger
    span = {"starts": "2026-03-02", "ends": "2027-02-28"}
    said = {"partnership": "partnership:estuary", "name": "2025-26", **span}
    year = partnership(ledger)("PartnershipYearOpened", **said)
    made = {"visitor": ONE.school, "host": TWO.school, "under": f"year:{year}", "days": "1.0"}
    how = {"purpose": "peer_review", "mode": "on_site"}
    visit = f"visit:{say(ledger, ONE, 'VisitMade', **made, **how).event}"
    starts = [one.partition(",")[0] for one in asked(ledger, ONE.school)[0]]
    assert "2 visits of the year" in starts
    say(ledger, TWO, "VisitAttested", visit=visit, days="1.0")
    starts = [one.partition(",")[0] for one in asked(ledger, ONE.school)[0]]
    assert "1 visit of the year" in starts

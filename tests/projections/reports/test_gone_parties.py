"""What one event changed: nothing is told of what was nothing before and is nothing after."""

from recording import DAY, ONE, Head, partnership, say

from projections.reports.changes import changes
from projections.tables import catalogue
from projections.tables.views import moment

ESTUARY = "partnership:estuary"


def test_what_is_settled_and_goes_to_another_party_is_no_change(recorded):
    chair, office = Head(9), f"chair@{ESTUARY}"
    partnership(recorded.ledger, takes_over=ONE.school)
    said = {"party": ONE.school, "partnership": ESTUARY}
    say(recorded.ledger, ONE, "ContingencyAccepted", **said)
    span = {"name": "2025-26", "starts": "2026-03-02", "ends": "2026-07-31"}
    said = {"partnership": ESTUARY, **span}
    recorded.ledger.say("PartnershipYearOpened", said, chair.signer, office, DAY)
    said = {"partnership": ESTUARY, "effective_on": "2026-07-31", "reason": "All joined trusts."}
    recorded.ledger.say("PartnershipDissolved", said, chair.signer, office, DAY)
    with catalogue.views(recorded.ledger.store, None).open() as connection:
        rows = changes(connection, recorded.ledger.head().size, moment(connection))
    assert rows
    assert all(row["before"] != "0" or row["after"] != "0" for row in rows)

"""What whoever leaves a partnership still owes of its year, told before that is signed."""

import pytest
from recording import DAY, ONE, partnership

from ledger.recording.application import By
from projections.reports.warnings import Known, notes
from projections.tables import catalogue

ESTUARY = "partnership:estuary"
YEAR = {"name": "2025-26", "starts": "2026-03-02", "ends": "2026-12-18"}


@pytest.mark.parametrize(("last", "owed", "months"), [("2026-08-01", 1, 5), ("2026-08-02", 2, 6)])
def test_how_many_visits_who_leaves_owes_is_told_with_the_sum(recorded, last, owed, months):
    ledger = recorded.ledger
    partnership(ledger)("PartnershipYearOpened", partnership=ESTUARY, **YEAR)
    data = {"school": ONE.school, "partnership": ESTUARY, "effective_on": last}
    draft = ledger.draft("MembershipLeft", data, By(ONE.person, ONE.office), DAY)
    with catalogue.views(ledger.store, None).open() as connection:
        (told,) = notes(Known(ledger.store, connection, ledger.look), draft)
    assert told == (
        f"of the year 2025-26 {ONE.school} owes {owed} of 2 visits, those made included: it"
        f" belongs for {months} of 10 months, a begun month counts whole, and 2 x {months} / 10 is"
        " rounded up"
    )

"""What a debtor claims done waits for an answer, whatever kind of obligation it is."""

from decimal import Decimal

import pytest
from given import (
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    TWO,
    WITH_YEAR,
    agreed,
    attested,
    given,
    joined,
    made,
    offered,
    programme_opened,
    uuid,
    visits_promised,
)
from moneys import COMMITTED, SPENT, claimed, paid

from ledger.decision_model.facts import Book
from ledger.domain.post import KINDS, Journal, claims, postings

OF_PROGRAMME = given(WITH_YEAR, programme_opened(), joined())
AGREED = given(WITH_YEAR, offered(), agreed())

CLAIMED = {
    "a visit under an agreement": (AGREED, made(under="agreement:g"), [("g/support", "1.5")]),
    "a visit of the year": (
        WITH_YEAR,
        made(under="year:year"),
        [(f"year/peer_visit/{ONE}", "1")],
    ),
    "a visit of the year to a host that has counted": (
        given(WITH_YEAR, made(under="year:year"), attested()),
        made("w", under="year:year"),
        [],
    ),
    "a visit of a year that counts for a programme too": (
        given(WITH_YEAR, programme_opened(counts_years=True), joined()),
        made(under="year:year"),
        [(f"year/peer_visit/{ONE}", "1"), ("join/peer_visit", "1")],
    ),
    "a visit of a programme to a host that has counted": (
        given(OF_PROGRAMME, made(under="programme:prog"), attested()),
        made("w", under="programme:prog"),
        [],
    ),
    "a visit of a programme": (
        OF_PROGRAMME,
        made(under="programme:prog"),
        [("join/peer_visit", "1")],
    ),
    "a visit that an organiser promised": (
        given(WITH_YEAR, visits_promised()),
        made(under="programme:prog", visitor=NORTHWICK_BODY, by=OLIVE),
        [(f"prog/entitled_visit/{TWO}", "1")],
    ),
    "a visit under nothing": (AGREED, made(under="nothing"), []),
    "money sent, over two instalments": (
        COMMITTED,
        paid(pounds="1200.00"),
        [("f/payment/2024-10-31", "1000"), ("f/payment/2025-01-31", "200")],
    ),
    "spending": (SPENT, claimed(pounds="300.00"), [("r/spend_account", "300")]),
}


def made_by(history, act):
    """Return what an act claims done of what the history makes owed."""
    entry, record = history.drafted(act), history.record
    book = Book(record.read)
    journal = Journal(book.look)
    for earlier in record.entries:
        postings(earlier, journal)
        book.apply(earlier)
    posted = postings(entry, journal)
    return [(one.obligation, one.amount) for one in claims(entry, journal, posted)]


@pytest.mark.parametrize("case", CLAIMED.values(), ids=CLAIMED)
def test_what_is_claimed_and_how_much_of_it(case):
    history, act, expected = case
    told = [
        (f"{uuid(name.partition('/')[0])}/{name.partition('/')[2]}", Decimal(amount))
        for name, amount in expected
    ]
    assert made_by(history, act) == told


def test_only_kinds_that_are_claimed_have_events_that_claim():
    claiming = {kind.name for kind in KINDS if kind.claiming}
    assert claiming == {kind.name for kind in KINDS if kind.claims}
    (support,) = (kind for kind in KINDS if kind.name == "support")
    assert support.claiming == {"VisitMade", "VisitCorrected"}

"""Other terms that wait to be accepted: for whom, until when, and when no more."""

import pytest
from given import (
    BEN,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    TWO,
    agreed,
    event,
    given,
    offered,
    support_ended,
    uuid,
    variation_accepted,
    varied,
)

from ledger.domain.brokerage.variations import Proposal, proposal

AGREED = given(NORTHWICK, offered(price="600.00", payer=NORTHWICK_BODY), agreed())
BOTH = (TWO, NORTHWICK_BODY)
MORE_IS_PAID = {"price": "900.00", "days": "8.0"}
WAITS = {
    "for the other side": ([varied(days="8.0")], (TWO,)),
    "for who proposed not, whichever side that is": ([varied(by=BEN, days="8.0")], (ONE,)),
    "for the payer of more too": ([varied(**MORE_IS_PAID)], BOTH),
    "for the payer once the other side accepted": (
        [varied(**MORE_IS_PAID), variation_accepted()],
        (NORTHWICK_BODY,),
    ),
    "for nobody who pays less": ([varied(price="300.00", days="3.0")], (TWO,)),
}
OVER = {
    "all accepted": [varied(days="8.0"), variation_accepted()],
    "all of several accepted": [
        varied(**MORE_IS_PAID),
        variation_accepted(),
        variation_accepted("vb", by=OLIVE),
    ],
    "the support was stopped": [varied(days="8.0"), support_ended(on="2024-11-05")],
}


@pytest.mark.parametrize(("acts", "parties"), WAITS.values(), ids=WAITS)
def test_it_waits(acts, parties):
    found = proposal(given(AGREED, *acts).look, event("vary"))
    assert found is not None
    assert found.waits_for == parties


@pytest.mark.parametrize("acts", OVER.values(), ids=OVER)
def test_it_waits_no_more_once(acts):
    assert proposal(given(AGREED, *acts).look, event("vary")) is None


def test_it_lapses_when_an_answer_would_be_due():
    found = proposal(given(AGREED, varied(days="8.0")).look, event("vary"))
    assert isinstance(found, Proposal)
    assert (found.proposer, found.lapses_on.isoformat()) == (ONE, "2024-11-15")


def test_nothing_waits_of_what_is_no_variation():
    assert proposal(AGREED.look, uuid("nothing")) is None

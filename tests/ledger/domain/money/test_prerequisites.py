"""What instalments wait for is told of those that a payment would pay, and of no others."""

from decimal import Decimal

import pytest
from given import given, spelled
from moneys import WITH_FINANCE, committed, paid, received

from ledger.domain.money.prerequisites import waits_for

#: A thousand pounds by October, which nothing waits for, and five hundred by January.
WAITING = given(
    WITH_FINANCE, committed(prerequisites=[{"title": "Grant letter", "before": "2025-01-31"}])
)
SENT = given(WAITING, paid())
ARRIVED = given(SENT, received())


@pytest.mark.parametrize(
    ("history", "pounds", "told"),
    [
        (WAITING, "1000.00", []),
        (WAITING, "1000.01", ["Grant letter 2025-01-31"]),
        (SENT, "0.01", ["Grant letter 2025-01-31"]),
        (ARRIVED, "500.00", ["Grant letter 2025-01-31"]),
        (given(WITH_FINANCE, committed()), "1500.00", []),
    ],
    ids=["the first", "more than that", "the first is on its way", "it arrived", "nothing waits"],
)
def test_what_a_payment_pays(history, pounds, told):
    found = waits_for(history.look, spelled("funding:f"), Decimal(pounds))
    assert [f"{one.title} {one.before}" for one in found] == told

"""What a conversion asks of money that a school keeps."""

from given import BEN, NORTHWICK_BODY, ONE, TWO, converted, given
from moneys import (
    RECEIVED,
    SPENT,
    WITH_FINANCE,
    answered,
    committed,
    received,
)

ACCOUNT = f"spend_account: {ONE} owes {NORTHWICK_BODY}"


def test_what_a_school_keeps_is_accounted_for_within_30_days():
    history = given(RECEIVED, converted())
    assert history.owed(kind="spend_account") == [f"{ACCOUNT} 1000 GBP by 2025-05-01"]
    assert history.left("r/spend_account", on="2025-04-01") == "1000"


def test_the_days_begin_when_it_is_recorded_if_that_is_later():
    history = given(RECEIVED, converted(on="2025-04-01", recorded="2025-04-11"))
    assert history.owed(kind="spend_account") == [f"{ACCOUNT} 1000 GBP by 2025-05-11"]


def test_what_is_due_sooner_is_not_put_off():
    sooner = given(WITH_FINANCE, committed(account_by="2025-04-15"), received(payment=None))
    history = given(sooner, converted())
    assert history.owed(kind="spend_account") == [f"{ACCOUNT} 1000 GBP by 2025-04-15"]


def test_what_is_accounted_for_stays_so_and_what_others_keep_is_theirs():
    part = answered("m", "met_in_part", obligation="r/spend_account", pounds="300.00")
    history = given(SPENT, part, converted())
    assert history.owed(kind="spend_account") == [f"{ACCOUNT} 700 GBP by 2025-05-01"]
    other = given(WITH_FINANCE, committed(kept_by=TWO), received(payment=None, by=BEN))
    assert given(other, converted()).owed() == other.owed()


def test_what_is_still_to_be_paid_is_due_as_it_was():
    history = given(RECEIVED, converted())
    assert history.owed(kind="payment") == [
        f"payment: {NORTHWICK_BODY} owes {ONE} 500 GBP by 2025-01-31"
    ]

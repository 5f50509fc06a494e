"""When a school accounts for a partnership year that it leaves before its end."""

import pytest
from given import (
    ANN,
    CAROL,
    ESTUARY,
    NORTHWICK_BODY,
    ONE,
    TWO,
    UNANSWERED,
    WITH_ESTUARY,
    WITH_YEAR,
    admitted,
    agrees,
    declined,
    dissolved,
    excluded,
    given,
    left,
    reported,
    rules_agreed,
    sought,
    withdrawn,
    year_opened,
)
from given import OLIVE as OFFICER

LEFT = given(WITH_YEAR, left(ANN, "go", "2024-10-02", "2025-02-28"))
#: The account of a year that ends on 31 August, at the end of 21 days.
IN_FULL = "2025-09-21"


def accounts(history, school=ONE):
    """Return when a school accounts for which year, and to whom."""
    own = f"impact_account: {school} owes "
    rows = history.owed(kind="impact_account")
    return [row.removeprefix(own) for row in rows if row.startswith(own)]


def account(by, to=ESTUARY):
    return f"{to} 1 item by {by}"


def test_who_leaves_accounts_after_its_last_day_and_others_after_the_year():
    assert accounts(LEFT) == [account("2025-03-21")]
    assert accounts(LEFT, TWO) == [account(IN_FULL)]


@pytest.mark.parametrize(
    ("act", "by"),
    [
        (excluded("out", ONE, "2025-01-10"), "2025-01-31"),
        (dissolved(on="2025-01-10", by=CAROL), "2025-01-31"),
        # Recorded late: the days begin when it is recorded.
        (excluded("out", ONE, "2025-01-10", recorded="2025-02-01"), "2025-02-22"),
        (left(ANN, "go", "2024-10-02", "2025-08-20"), "2025-09-10"),
        # It leaves once the year is over: nothing is put off.
        (left(ANN, "go", "2024-10-02", "2025-09-10"), IN_FULL),
    ],
)
def test_however_its_membership_ends(act, by):
    to = NORTHWICK_BODY if act.name == "PartnershipDissolved" else ESTUARY
    assert accounts(given(WITH_YEAR, act)) == [account(by, to)]


def test_by_a_head_who_takes_on_no_new_ground_rules():
    rules = rules_agreed("rules", "2024-10-01")
    act = declined(ANN, "no", "2024-10-05", version=2, leaves_on="2025-02-28")
    assert accounts(given(WITH_YEAR, rules, act)) == [account("2025-03-21")]


def test_a_year_that_is_opened_in_the_notice_is_accounted_for_after_the_last_day():
    history = given(WITH_ESTUARY, left(ANN, "go", "2024-09-05", "2025-02-28"))
    assert accounts(given(history, year_opened(on="2024-09-06"))) == [account("2025-03-21")]


def test_a_year_that_has_not_begun_by_then_is_accounted_for_as_the_one_that_has():
    later = year_opened("next", name="2025-26", starts="2025-09-01", ends="2026-08-31")
    history = given(WITH_YEAR, later, left(ANN, "go", "2025-01-10", "2025-08-31"))
    assert accounts(history) == [account(IN_FULL), account(IN_FULL)]
    assert accounts(history, TWO) == [account(IN_FULL), account("2026-09-21")]


def test_who_came_back_accounts_for_each_time():
    back = [sought("s", ONE, "2025-04-01"), admitted("in", "s", "2025-04-02")]
    history = given(LEFT, back, left(ANN, "again", "2025-04-10", "2025-06-30"))
    assert sorted(accounts(history)) == [account("2025-03-21"), account("2025-07-21")]


def test_sooner_still_if_it_is_excluded_in_the_notice():
    history = given(LEFT, excluded("out", ONE, "2025-01-10"))
    assert accounts(history) == [account("2025-01-31")]


def test_what_was_accounted_for_is_not_asked_for_again():
    told = given(WITH_YEAR, reported(year="year:year"))
    assert accounts(given(told, left(ANN, "go", "2024-10-12", "2025-02-28"))) == []


def test_withdrawn_it_falls_due_as_before():
    history = given(LEFT, withdrawn("go", ANN, "2024-10-20"))
    assert accounts(history) == [account(IN_FULL)]


def test_whoever_takes_over_later_is_told_by_the_same_day():
    """A dissolution brings the day forward though its creditor goes only on the last day."""
    end = dissolved(on="2025-01-10", effective_on="2025-02-28")
    assert accounts(given(WITH_YEAR, end)) == [account("2025-03-21", NORTHWICK_BODY)]
    late = given(UNANSWERED, end, agrees(OFFICER, "yes", "2025-03-01"))
    assert accounts(late) == [account("2025-03-21", NORTHWICK_BODY)]

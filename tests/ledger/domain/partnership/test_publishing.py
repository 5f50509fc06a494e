"""Consent to publish results jointly: whose, of what, from when, and withdrawn at any time."""

import pytest
from given import (
    ANN,
    DAN,
    ESTUARY,
    FOUR,
    ONE,
    WITH_ESTUARY,
    By,
    consented,
    given,
    newcomer,
    withdrawn,
)

CONSENTED = given(WITH_ESTUARY, consented(ANN))
YEARS_LATER = "2027-03-01"
REFUSED = {
    "of a school that does not belong": (
        consented(DAN),
        f"{FOUR} does not belong to {ESTUARY} on 2025-01-10",
    ),
    "from a day before it belonged": (
        consented(ANN, effective_on="2024-08-31"),
        f"{ONE} does not belong to {ESTUARY} on 2024-08-31",
    ),
    "to a measure twice": (
        consented(ANN, measures=["hours-in-class", "hours-in-class"]),
        "it names a measure twice",
    ),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_no_consent(case):
    act, reason = case
    WITH_ESTUARY.when(act).then_refused(reason)


def test_consent_is_given_once_until_it_is_withdrawn():
    again = consented(
        ANN, "k", "2025-02-03", measures=["hours-in-class", "phonics-check-pass-rate"]
    )
    CONSENTED.when(again).then_refused(
        "<event:j> agrees to publish phonics-check-pass-rate with it already"
    )
    CONSENTED.when(consented(ANN, "k", "2025-02-03", measures=["hours-in-class"])).then_recorded()
    given(CONSENTED, withdrawn("j", ANN, "2025-02-01")).when(again).then_recorded()


def test_the_next_head_withdraws_it_years_later():
    eve = By("eve", ANN.office)
    history = given(CONSENTED, newcomer(eve, "2026-09-01", succeeds="person:ann"))
    history.when(withdrawn("j", eve, YEARS_LATER, effective_on=YEARS_LATER)).then_recorded()

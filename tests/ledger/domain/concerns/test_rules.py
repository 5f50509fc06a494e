"""Concerns: who may raise one about whom, who looks into it, and who may not settle it."""

from typing import ClassVar

import pytest
from given import (
    ANN,
    BEA,
    BEACON,
    BEN,
    CAROL,
    CAT,
    DAN,
    ESTUARY,
    INSPECTORATE,
    IRIS,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    RITA,
    SEALED,
    THREE,
    TOM,
    TWO,
    WITH_ESTUARY,
    By,
    agreed,
    framework,
    given,
    judged,
    made,
    newcomer,
    offered,
    say,
    withdrawn,
)
from moneys import COMMITTED, FRED, SPENT, for_partnership, spent
from targeting import targeted

AGREED = given(WITH_ESTUARY, offered(), agreed(commissioner=NORTHWICK_BODY))


def raising(label="c", on="2024-11-01", by=BEN, **changes):
    """Ben is concerned about the provider."""
    said = {"about": ONE, "to": NORTHWICK_BODY, "reason": SEALED}
    return say("ConcernRaised", label, by, on, **{**said, **changes})


def escalating(label="e", on="2024-11-05", by=BEN, **changes):
    said = {"concern": "concern:c", "to": BEACON, "why": SEALED}
    return say("ConcernEscalated", label, by, on, **{**said, **changes})


def resolving(label="r", on="2024-11-08", by=OLIVE, **changes):
    said = {"concern": "concern:c", "steps": SEALED}
    return say("ConcernResolved", label, by, on, **{**said, **changes})


RAISED = given(AGREED, raising())
CONFIDENCE = {"raised_by": SEALED}


class TestConcernRaised:
    DEALS: ClassVar = {
        "by agreement": (AGREED, BEN, {}),
        "as who commissions": (AGREED, OLIVE, {"to": BEACON}),
        "about who commissions": (AGREED, BEN, {"about": NORTHWICK_BODY, "to": BEACON}),
        "by membership, with the partnership": (WITH_ESTUARY, CAROL, {}),
        "by membership, with a fellow member": (WITH_ESTUARY, CAT, {}),
        "by a visit": (given(NORTHWICK, made(under=None)), BEN, {}),
        "by a judgement": (given(NORTHWICK, framework(), judged()), IRIS, {"about": TWO}),
        "by a target": (
            given(NORTHWICK, targeted(setter=INSPECTORATE, by=IRIS)),
            IRIS,
            {"about": TWO},
        ),
        "by its money": (COMMITTED, ANN, {"about": NORTHWICK_BODY, "to": BEACON}),
        "by money that it gave": (COMMITTED, FRED, {"to": BEACON}),
        "by money that another keeps": (
            given(WITH_ESTUARY, for_partnership()),
            ANN,
            {"about": NORTHWICK_BODY, "to": BEACON},
        ),
        "by money that it was paid": (
            given(SPENT, spent("s2", "f=10.00", paid_to=THREE, supplier=None)),
            CAT,
            {},
        ),
        "by the price that it pays": (
            given(NORTHWICK, offered(price="90.00", payer=BEACON), agreed()),
            TOM,
            {},
        ),
        "any office of it": (AGREED, BEA, {"about": TWO}),
    }

    @pytest.mark.parametrize("case", DEALS.values(), ids=DEALS)
    def test_by_who_deals_with_it(self, case):
        history, by, changes = case
        history.when(raising(by=by, **changes)).then_recorded()

    @pytest.mark.parametrize("by", [DAN, TOM, RITA], ids=["school", "body", "registrar"])
    def test_not_by_who_does_not(self, by):
        [reason] = AGREED.when(raising(by=by)).reasons
        assert reason.startswith(f"ConcernRaised is not for {by.office} to sign")

    @pytest.mark.parametrize("by", [TOM, RITA], ids=["officer", "registrar"])
    def test_in_confidence_by_an_officer_of_another_body_or_a_registrar(self, by):
        AGREED.when(raising(by=by, **CONFIDENCE)).then_recorded()

    def test_not_in_confidence_by_the_body_that_it_is_about(self):
        [reason] = AGREED.when(raising(by=TOM, about=BEACON, **CONFIDENCE)).reasons[:1]
        assert reason.startswith(f"ConcernRaised is not for {TOM.office} to sign")

    NOT: ClassVar = {
        "about itself": (
            {"about": NORTHWICK_BODY},
            f"{NORTHWICK_BODY} does not look into a concern about itself",
        ),
        "to itself": ({"to": TWO}, f"{TWO} raised the concern: it goes to another to look into"),
        "in confidence with a school": (
            {"by": TOM, "school": TWO, **CONFIDENCE},
            "what is raised in confidence names no school and no agreement",
        ),
        "in confidence with an agreement": (
            {"by": TOM, "agreement": "agreement:g", **CONFIDENCE},
            "what is raised in confidence names no school and no agreement",
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        changes, reason = case
        AGREED.when(raising(**changes)).then_refused(reason)


class TestConcernAnswer:
    def test_owed_to_the_raisers_party_by_who_is_to_look_into_it(self):
        assert RAISED.owed(kind="concern_answer") == [
            f"concern_answer: {NORTHWICK_BODY} owes {TWO} 1 item by 2024-11-15"
        ]

    def test_of_what_a_registrar_raised_to_the_ledger(self):
        history = given(AGREED, raising(by=RITA, **CONFIDENCE))
        assert history.owed(kind="concern_answer") == [
            f"concern_answer: {NORTHWICK_BODY} owes ledger 1 item by 2024-11-15"
        ]
        history.when(escalating(by=RITA)).then_recorded()

    def test_by_a_partnership_within_the_days_of_its_rules(self):
        history = given(AGREED, raising(to=ESTUARY))
        assert history.owed(kind="concern_answer") == [
            f"concern_answer: {ESTUARY} owes {TWO} 1 item by 2024-11-15"
        ]

    def test_answered_once_it_is_resolved(self):
        assert given(RAISED, resolving()).owed(kind="concern_answer") == []

    def test_owed_by_the_next_once_it_is_put_there(self):
        history = given(RAISED, escalating())
        assert history.owed(kind="concern_answer") == [
            f"concern_answer: {BEACON} owes {TWO} 1 item by 2024-11-19"
        ]
        back = given(history, withdrawn("e", BEN, "2024-11-06"))
        assert back.owed(kind="concern_answer") == [
            f"concern_answer: {NORTHWICK_BODY} owes {TWO} 1 item by 2024-11-15"
        ]


class TestConcernEscalated:
    @pytest.mark.parametrize("by", [BEN, OLIVE], ids=["raiser", "to whom"])
    def test_by(self, by):
        RAISED.when(escalating(by=by)).then_recorded()

    def test_not_by_whom_it_is_about(self):
        [reason] = RAISED.when(escalating(by=ANN)).reasons
        assert reason.startswith(f"ConcernEscalated is not for head@{ONE} to sign")

    NOT: ClassVar = {
        "to whom it is about": ({"to": ONE}, f"{ONE} does not look into a concern about itself"),
        "to where it is": ({"to": NORTHWICK_BODY}, f"it is with {NORTHWICK_BODY} already"),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        changes, reason = case
        RAISED.when(escalating(**changes)).then_refused(reason)

    def test_not_once_it_is_resolved(self):
        history = given(RAISED, resolving(on="2024-11-04"))
        history.when(escalating()).then_refused("<concern:c> is resolved already")


class TestConcernResolved:
    @pytest.mark.parametrize("by", [BEN, OLIVE], ids=["raiser", "to whom"])
    def test_by(self, by):
        RAISED.when(resolving(by=by)).then_recorded()

    def test_by_whom_it_was_put_to_last(self):
        history = given(RAISED, escalating())
        history.when(resolving(by=TOM)).then_recorded()
        [reason] = history.when(resolving()).reasons
        assert reason.startswith(f"ConcernResolved is not for officer@{NORTHWICK_BODY} to sign")

    def test_not_by_whom_it_is_about(self):
        [reason, _] = RAISED.when(resolving(by=ANN)).reasons
        assert reason.startswith(f"ConcernResolved is not for head@{ONE} to sign")

    def test_not_by_whom_it_is_about_in_another_office(self):
        both = By("ann", OLIVE.office)
        act = newcomer(both, "2024-11-02", label="ann-at-northwick")[-1]
        given(RAISED, act).when(resolving(by=both)).then_refused(
            f"whoever signs is head@{ONE}: a concern is not resolved by whom it is about"
        )

    def test_once(self):
        given(RAISED, resolving()).when(resolving("again")).then_refused(
            "<concern:c> is resolved already"
        )

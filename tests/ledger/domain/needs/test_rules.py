"""Needs: who may say what a school needs help with."""

from typing import ClassVar

import pytest
from given import (
    BEACON,
    BEN,
    CAROL,
    ESTUARY,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    TOM,
    TWO,
    WITH_ESTUARY,
    By,
    body,
    body_changed,
    given,
    identified,
    newcomer,
)

ADA = By("ada", f"adviser@{TWO}")
INA = By("ina", "officer@body:inspectors")
FAR = (
    f" does not answer for {TWO}: a need is identified by the school, a partnership that it is in,"
    " its responsible body or local authority, a regional or RISE team, or an inspectorate"
)


class TestNeedIdentified:
    MAY: ClassVar = {
        "the school itself": (NORTHWICK, BEN, TWO),
        "its adviser": (given(NORTHWICK, newcomer(ADA, by=OLIVE)), ADA, TWO),
        "its responsible body": (given(NORTHWICK, body_changed(school=TWO)), TOM, BEACON),
        "its local authority": (given(NORTHWICK, body_changed(school=TWO)), OLIVE, NORTHWICK_BODY),
        "a partnership that it is in": (WITH_ESTUARY, CAROL, ESTUARY),
        "an inspectorate": (
            given(NORTHWICK, body("inspectors", "inspectorate"), newcomer(INA)),
            INA,
            "body:inspectors",
        ),
    }

    @pytest.mark.parametrize("case", MAY.values(), ids=MAY)
    def test_by(self, case):
        history, by, raiser = case
        said = identified(by=by, on="2025-05-01", raiser=None)
        recorded = history.when(said).then_recorded()
        assert recorded.record.entries[-1].data["raiser"] == raiser

    def test_not_by_another_school(self):
        act = identified(by=BEN, school=ONE, raiser=TWO)
        NORTHWICK.when(act).then_refused(f"{TWO}{FAR.replace(TWO, ONE)}")

    def test_not_by_a_body_that_is_not_responsible(self):
        NORTHWICK.when(identified(by=TOM, raiser=BEACON)).then_refused(f"{BEACON}{FAR}")

    def test_not_by_a_partnership_that_it_is_not_in(self):
        outside = given(WITH_ESTUARY)
        act = identified(by=CAROL, school="school:900004", raiser=ESTUARY)
        reason = f"{ESTUARY}{FAR.replace(TWO, 'school:900004')}"
        outside.when(act).then_refused(reason)

    def test_not_in_the_name_of_another(self):
        NORTHWICK.when(identified(raiser=BEACON)).then_refused(
            f"NeedIdentified is not for officer@{NORTHWICK_BODY} to sign: it takes the office of"
            f" the raiser (officer@{BEACON}); or the adviser of the school (adviser@{TWO})",
            f"raiser must be whose office signs: got {BEACON}, expected {NORTHWICK_BODY}",
            f"{BEACON}{FAR}",
        )

    def test_in_an_area_of_the_shipped_frameworks(self):
        outcome = NORTHWICK.when(identified(area="reading"))
        (reason,) = outcome.reasons
        assert reason.startswith("reading is no evaluation area: it is one of achievement, ")

    def test_on_grounds_that_are_recorded(self):
        NORTHWICK.when(identified(grounds=["event:j"])).then_refused(
            "grounds names <event:j>, which is not in this ledger"
        )

    def test_a_need_of_a_school_that_is_registered(self):
        NORTHWICK.when(identified(school="school:900009")).then_refused(
            "school names school:900009, which is not registered in this ledger"
        )

"""Two that are compared, and what a partnership's members show together."""

from decimal import Decimal
from types import SimpleNamespace
from typing import ClassVar

import measured
import pytest
from measured import HOURS, PHONICS
from recording import ONE, THREE, TWO

from projections.reports.compare import QUESTION as COMPARE
from projections.reports.figures import ALIKE, APART, UNTOLD, Figure, Of, verdict
from projections.reports.joint import QUESTION as JOINT
from projections.reports.joint import pool

OF = Of(PHONICS, "raw", "2024-09-01", "2025-08-31")


@pytest.fixture
def told(tmp_path):
    telling = measured.Telling(tmp_path / "measured.db")
    yield telling
    telling.ledger.close()


@pytest.fixture
def asked(told, asking):
    """Ask a question of what was told."""

    def ask(question, at=("2026-12-31", None), **narrowed):
        return asking(told.ledger)(question, at, **narrowed)

    return ask


def figure(value, lower=None, upper=None, cohort=None):
    bounds = (None if one is None else Decimal(one) for one in (lower, upper))
    return Figure(ONE.school, OF, Decimal(value), *bounds, cohort, "event")


VERDICTS = {
    "apart": (("80", "76", "84"), ("70", "66", "75.9"), APART),
    "one bound in common": (("80", "76", "84"), ("70", "66", "76"), ALIKE),
    "one within the other": (("80", "60", "90"), ("70", "66", "75"), ALIKE),
    "one without bounds": (("80", "76", "84"), ("70",), UNTOLD),
}


@pytest.mark.parametrize("case", VERDICTS.values(), ids=VERDICTS)
def test_two_figures_are_told_apart_only_where_their_bounds_do_not_overlap(case):
    one, other, expected = case
    assert verdict(figure(*one), figure(*other)) == expected
    assert verdict(figure(*other), figure(*one)) == expected


class TestCompare:
    TWO: ClassVar = {"about": ONE.school, "other": TWO.school}

    def test_the_same_measure_on_the_same_basis_for_the_same_time(self, told, asked):
        one = told.figure(PHONICS, "2025", ONE, "82.0", "75.1", "87.4", 60)
        other = told.figure(PHONICS, "2025", TWO, "61.5", "53.0", "69.3", 58)
        told.figure(PHONICS, "2026", TWO, "62.0", "53.5", "69.8", 57)
        told.figure(PHONICS, "2025", THREE, "66.0", "57.2", "73.8", 55)
        told.figure(HOURS, "2025", ONE, "4.5", None, None, None)
        told.figure(PHONICS, "2026", ONE, "1.0", "0.5", "1.5", 61, basis="contextual")
        (row,) = asked(COMPARE, **self.TWO).rows
        assert (row["measure"], row["verdict"]) == ("phonics check pass rate", APART)
        assert row["one"] == "82.0 (75.1 to 87.4; 60 pupils)"
        assert (row["other_value"], row["other_cohort"]) == ("61.5", 58)
        assert row["events"] == [one, other]

    def test_what_is_published_anew_stands_in_place_of_the_one_before(self, told, asked):
        told.figure(PHONICS, "2025", ONE, "82.0", "75.1", "87.4", 60)
        told.figure(PHONICS, "2025", TWO, "61.5", "53.0", "69.3", 58, on="2026-10-01")
        told.figure(PHONICS, "2025", TWO, "79.5", "71.0", "86.3", 58, on="2026-11-01")
        assert [row["verdict"] for row in asked(COMPARE, **self.TWO).rows] == [ALIKE]
        before = asked(COMPARE, ("2026-10-31", None), **self.TWO)
        assert [row["verdict"] for row in before.rows] == [APART]

    def test_no_league_table_is_made(self, told, asked):
        told.figure(PHONICS, "2025", ONE, "82.0", "75.1", "87.4", 60)
        for narrowed in ({}, {"about": ONE.school}):
            report = asked(COMPARE, **narrowed)
            assert report.rows == []
            assert report.empty.startswith("No league table is made of schools: ")

    def test_one_is_not_compared_with_itself(self, told, asked):
        told.figure(PHONICS, "2025", ONE, "82.0", "75.1", "87.4", 60)
        report = asked(COMPARE, about=ONE.school, other=ONE.school)
        assert (report.rows, report.empty.partition(".")[0]) == ([], "Both are the same one")

    def test_a_partnership_is_not_compared_with_a_school_and_what_can_be_is_said(self, told, asked):
        for one in (SimpleNamespace(school="partnership:estuary"), ONE, TWO):
            told.figure(PHONICS, "2025", one, "82.0", "75.1", "87.4", 60)
        report = asked(COMPARE, about="partnership:estuary", other=ONE.school)
        assert report.rows == []
        assert report.empty == (
            "A partnership is not compared with a school: its figures are of the pupils of all its"
            " members. There is nobody with whom Estuary Partnership can be compared. School 1"
            " (900001) can be compared with School 2 (900002)."
        )

    def test_two_of_which_nothing_is_published_of_the_same_are_told_so_and_what_can_be(
        self, told, asked
    ):
        told.figure(PHONICS, "2025", ONE, "82.0", "75.1", "87.4", 60)
        told.figure(PHONICS, "2025", THREE, "66.0", "57.2", "73.8", 55)
        report = asked(COMPARE, **self.TWO)
        assert report.empty == (
            "No figure is published of both by one measure, on one basis, for one time. School 1"
            " (900001) can be compared with School 3 (900003). Of School 2 (900002) no figure is"
            " published."
        )

    def test_where_no_figure_bears_a_mark_that_is_said(self, told, asked):
        told.figure(PHONICS, "2025", ONE, "82.0", "75.1", "87.4", 60)
        told.figure(PHONICS, "2025", TWO, "61.5", "53.0", "69.3", 58)
        report = asked(COMPARE, **self.TWO, marked=True)
        assert report.empty == "None of the figures published of both bears a mark."


def consents(told, *heads, measures=(PHONICS,)):
    said = {"partnership": "partnership:estuary", "effective_on": "2026-09-01"}
    return [
        told.say(
            "2026-09-01",
            head,
            "JointPublicationAgreed",
            school=head.school,
            measures=list(measures),
            **said,
        )
        for head in heads
    ]


class TestJoint:
    def figures(self, told):
        told.figure(PHONICS, "2025", ONE, "80.0", "74.0", "86.0", 60)
        told.figure(PHONICS, "2025", TWO, "60.0", "52.0", "68.0", 30)
        told.figure(PHONICS, "2025", THREE, "60.0", "52.0", "68.0", 30)

    def test_schools_weigh_by_pupils_and_bounds_count_as_independent(self):
        pooled = pool([figure("80.0", "74.0", "86.0", 60), figure("60.0", "52.0", "68.0", 60)])
        assert str(pooled) == "70.0 (65.0 to 75.0; 120 pupils)"
        assert str(pool([figure("9", "0", "18", 1), figure("0", "0", "0", 2)])) == (
            "3 (0 to 6; 3 pupils)"
        )

    def test_pooled_once_every_member_consents(self, told, asked):
        self.figures(told)
        consents(told, ONE, TWO)
        (row,) = asked(JOINT).rows
        assert (row["consenting"], row["pooled"]) == ("2 of 3", None)
        assert row["why_not"] == "not every member consents"
        consents(told, THREE)
        (row,) = asked(JOINT).rows
        assert (row["consenting"], row["why_not"]) == ("3 of 3", "")
        assert row["pooled"] == "70.0 (65.9 to 74.1; 120 pupils)"

    def test_no_more_once_one_withdraws(self, told, asked):
        self.figures(told)
        (*_, last) = consents(told, ONE, TWO, THREE)
        day = {"effective_on": "2027-06-01", "code": "entered_in_error"}
        told.say("2027-06-01", THREE, "EventWithdrawn", event=f"event:{last}", **day)
        assert [row["pooled"] for row in asked(JOINT, ("2027-05-31", None)).rows] != [None]
        assert [row["pooled"] for row in asked(JOINT, ("2027-06-01", None)).rows] == [None]

    def test_not_where_a_figure_its_bounds_or_its_pupils_are_lacking(self, told, asked):
        consents(told, ONE, TWO, THREE)
        assert [row["why_not"] for row in asked(JOINT).rows] == ["no figure is published"]
        told.figure(PHONICS, "2025", ONE, "80.0", "74.0", "86.0", 60)
        told.figure(PHONICS, "2025", TWO, "60.0", "52.0", "68.0", 30)
        assert [row["why_not"] for row in asked(JOINT).rows] == ["1 of 3 members have no figure"]
        told.figure(PHONICS, "2025", THREE, "60.0", None, None, 30)
        lacking = "1 of 3 figures have no bounds or no pupils"
        assert [row["why_not"] for row in asked(JOINT).rows] == [lacking]

    def test_of_one_partnership(self, told, asked):
        consents(told, ONE)
        assert len(asked(JOINT, partnership="partnership:estuary").rows) == 1
        assert asked(JOINT, partnership="partnership:saltmarsh").rows == []

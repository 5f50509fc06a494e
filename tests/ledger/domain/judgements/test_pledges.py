"""Help that a partnership pledged to a member in trouble: owed once a year, kept by its members."""

import pytest
from given import (
    ANN,
    BEN,
    CAROL,
    CAT,
    DAN,
    ESTUARY,
    FOUR,
    IRIS,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    THREE,
    TWO,
    By,
    agreed,
    formed,
    framework,
    given,
    judged,
    left,
    member,
    newcomer,
    offered,
    say,
    waived,
    withdrawn,
    year_opened,
)

AREAS = [{"area": "leadership", "grades": ["good", "poor"], "monitored": ["poor"]}]
PLEDGING = given(
    NORTHWICK,
    framework(areas=AREAS),
    formed(help_days="5.0"),
    newcomer(CAROL),
    [act for reference in (ONE, TWO, THREE) for act in member(reference)],
)
IN_YEAR = given(PLEDGING, year_opened())
MONITORED = given(IN_YEAR, judged(category="none"))
OWED = "j/pledged_help/partnership:estuary"


def intervened(label="i", on="2024-11-01", school=TWO):
    said = {"kind": "warning_notice", "issuer": NORTHWICK_BODY, "asks_for_support": False}
    return say("InterventionRecorded", label, OLIVE, on, school=school, **said)


def closed(how="declined", by=BEN):
    return say("OfferClosed", "no", by, "2024-11-10", offer="offer:o", how=how)


def pledged(days="5", by="2024-11-29", school=TWO):
    return [f"pledged_help: {ESTUARY} owes {school} {days} day by {by}"]


class TestOpened:
    @pytest.mark.parametrize(
        "act",
        [
            judged(category="none"),
            judged(grades=[{"area": "leadership", "grade": "good"}], category="special_measures"),
            intervened(),
        ],
        ids=["by a monitored grade", "by a category", "by an intervention"],
    )
    def test_to_a_member(self, act):
        assert given(IN_YEAR, act).owed(kind="pledged_help") == pledged()

    @pytest.mark.parametrize(
        ("history", "act"),
        [
            (IN_YEAR, judged(grades=[{"area": "leadership", "grade": "good"}], category="none")),
            (IN_YEAR, intervened(school=FOUR)),
            (
                given(NORTHWICK, formed(), newcomer(CAROL), member(TWO)),
                intervened(),
            ),
        ],
        ids=["no grade that is followed up", "no member", "nothing pledged"],
    )
    def test_not(self, history, act):
        assert given(history, act).owed(kind="pledged_help") == []

    def test_once_in_a_partnership_year(self):
        again = given(MONITORED, intervened(on="2025-08-31"))
        assert again.owed(kind="pledged_help") == pledged()
        later = year_opened("next", name="2025-26", starts="2025-09-01", ends="2026-08-31")
        both = given(MONITORED, later, intervened(on="2025-09-01"))
        assert both.owed(kind="pledged_help") == pledged() + pledged(by="2025-09-29")

    @pytest.mark.parametrize(("on", "number"), [("2025-10-31", 1), ("2025-11-02", 2)])
    def test_once_in_the_year_before_where_no_year_is_open(self, on, number):
        history = given(PLEDGING, judged(category="none"), intervened(on=on))
        assert len(history.owed(kind="pledged_help")) == number

    def test_not_again_by_what_is_said_though_it_was_owed_before(self):
        MONITORED.when_altered(
            intervened(on="2025-01-10"), pledges=[{"partnership": ESTUARY, "days": "5.0"}]
        ).then_refused(
            f"“pledges” must be the days that its partnerships pledged to it: got {ESTUARY}"
            " 5.0, expected nothing; left out, it is filled in"
        )

    def test_anew_once_the_judgement_is_withdrawn(self):
        gone = given(MONITORED, withdrawn("j", IRIS, "2024-11-05"))
        assert gone.owed(kind="pledged_help") == []
        history = given(gone, intervened(on="2024-11-06"))
        assert history.owed(kind="pledged_help") == pledged(by="2024-12-04")

    def test_released_by_the_school(self):
        history = given(MONITORED, waived(BEN, OWED, "2024-11-10"))
        assert history.left(OWED) == "0"


class TestKept:
    OFFERED = given(MONITORED, offered("o", "2024-11-05", days="3.0"))
    TAKEN = agreed("g", "o", on="2024-11-08", days="3.0")

    def test_by_the_days_that_a_member_agrees(self):
        history = given(self.OFFERED, self.TAKEN)
        assert (history.left(OWED, "2024-11-07"), history.left(OWED)) == ("5", "2")

    def test_by_the_days_that_a_member_offered_and_the_school_declined(self):
        assert given(self.OFFERED, closed()).left(OWED) == "2"

    def test_by_the_partnership_that_helps_a_member_itself(self):
        itself = offered("o", "2024-11-05", provider=ESTUARY, by=CAROL, days="3.0")
        history = given(MONITORED, itself, self.TAKEN)
        assert history.left(OWED) == "2"
        assert history.record.entries[-1].data["pledged_by"] == [ESTUARY]
        assert given(MONITORED, itself, closed()).left(OWED) == "2"

    def test_not_by_another_partnership(self):
        other = By("hal", "chair@partnership:hill")
        outside = offered("o", "2024-11-05", provider="partnership:hill", by=other, days="3.0")
        history = given(MONITORED, formed("hill", "hill"), newcomer(other), outside, self.TAKEN)
        assert history.left(OWED) == "5"

    def test_by_no_more_than_was_pledged(self):
        history = given(MONITORED, offered("o", "2024-11-05", days="9.0"), closed())
        assert history.left(OWED) == "0"

    def test_not_by_an_offer_that_was_withdrawn(self):
        assert given(self.OFFERED, closed("withdrawn", ANN)).left(OWED) == "5"

    def test_not_by_who_is_no_member(self):
        outside = offered("o", "2024-11-05", provider=FOUR, by=DAN, days="3.0")
        assert given(MONITORED, outside, self.TAKEN).left(OWED) == "5"

    def test_not_by_a_member_that_has_left(self):
        gone = left(ANN, "go", "2024-09-05", "2024-11-06")
        history = given(IN_YEAR, gone, judged(category="none"))
        taken = given(history, offered("o", "2024-11-05", days="3.0"), self.TAKEN)
        assert taken.left(OWED) == "5"

    def test_an_agreement_names_whose_pledge_it_keeps(self):
        self.OFFERED.when_altered(self.TAKEN, pledged_by=None, obligations=None).then_refused(
            "“pledged by” must be the partnerships of both that pledged the receiver help:"
            f" got nothing, expected {ESTUARY}; left out, it is filled in"
        )

    def test_an_agreement_about_another_member_keeps_none(self):
        to_three = offered("o", "2024-11-05", receiver=THREE, days="3.0")
        taken = agreed("g", "o", on="2024-11-08", days="3.0", by=CAT)
        assert given(MONITORED, to_three, taken).left(OWED) == "5"

"""Ground rules by version: agreed, ratified or declined, and which of them binds whom."""

import pytest
from given import (
    ANN,
    CAROL,
    ESTUARY,
    FOUR,
    HEADS,
    ONE,
    THREE,
    TWO,
    WITH_ESTUARY,
    WITH_YEAR,
    By,
    admitted,
    attested,
    declined,
    framework,
    given,
    judged,
    left,
    made,
    newcomer,
    ratified,
    rules_agreed,
    sought,
    spelled,
    withdrawn,
    year_opened,
)

EVE = By("eve", ANN.office)
AGREED = given(WITH_YEAR, rules_agreed())
NEXT = {"name": "2025-26", "starts": "2025-09-01", "ends": "2026-08-31"}


def next_year(on="2025-09-02", label="next", **changes):
    return year_opened(label, on=on, **{**NEXT, **changes})


def visits(history, school):
    return history.left(f"next/peer_visit/{school}")


class TestGroundRulesAgreed:
    def test_the_chair_says_what_was_agreed(self):
        drafted = WITH_YEAR.drafted(rules_agreed())
        assert drafted.data["schools"] == [ONE, TWO, THREE]
        WITH_YEAR.when(rules_agreed()).then_recorded()

    @pytest.mark.parametrize("version", [1, 3])
    def test_versions_follow_one_another(self, version):
        WITH_YEAR.when(rules_agreed(version=version)).then_refused(
            f"“version” must be the version after the latest: got {version}, expected 2; left"
            " out, it is filled in"
        )

    def test_it_names_the_members_of_the_day_that_it_takes_effect(self):
        WITH_YEAR.when_altered(rules_agreed(), schools=[ONE]).then_refused(
            "“schools” must be the members on the day that it takes effect, sorted: got"
            f" {ONE}, expected {ONE}, {TWO}, {THREE}; left out, it is filled in"
        )

    def test_a_later_version_takes_effect_no_sooner(self):
        act = rules_agreed("rules-3", version=3, effective_on="2025-08-31", visits_per_year=2)
        AGREED.when(act).then_refused(
            "version 2 takes effect on 2025-09-01, and a later version no sooner: got 2025-08-31"
        )

    def test_a_version_that_changes_nothing(self):
        AGREED.when(rules_agreed("rules-3", version=3)).then_refused(
            "version 2 says the same already"
        )

    def test_it_is_set_right_by_a_later_version(self):
        AGREED.when(withdrawn("rules-2", CAROL, "2025-01-12")).then_refused(
            "GroundRulesAgreed cannot be withdrawn: agree on a new version"
        )


class TestRatification:
    def test_each_member_is_asked(self):
        assert AGREED.owed(kind="ratification") == [
            f"ratification: {school} owes {ESTUARY} 1 item by 2025-10-01"
            for school in (ONE, TWO, THREE)
        ]

    def test_it_voids_an_older_one_from_the_day_that_it_takes_effect(self):
        history = given(WITH_YEAR, newcomer(EVE, "2025-01-05"))
        act, older = rules_agreed(), "appoint-eve/ratification/partnership:estuary"
        assert spelled(older) in history.drafted(act).data["obligations"]
        history = given(history, act)
        assert history.left(older, "2025-08-31") == "1"
        assert history.left(older, "2025-09-01") == "0"
        assert history.left(f"rules-2/ratification/{ONE}") == "1"

    def test_a_new_head_is_asked_in_its_place(self):
        history = given(AGREED, newcomer(EVE, "2025-10-05"))
        assert history.left(f"rules-2/ratification/{ONE}") == "0"
        assert history.left("appoint-eve/ratification/partnership:estuary") == "1"

    @pytest.mark.parametrize("answered", [ratified, declined])
    @pytest.mark.parametrize("on", ["2025-08-31", "2025-09-02"], ids=["before", "after"])
    def test_it_is_answered_for_the_latest_version_before_or_after_it_takes_effect(
        self, answered, on
    ):
        act = answered(ANN, "r", on)
        AGREED.when(act).then_refused(
            "“version” must be the latest version of the ground rules: got 1, expected 2;"
            " left out, it is filled in"
        )
        history = given(AGREED, act.but(version=2))
        assert history.left(f"rules-2/ratification/{ONE}", "2025-09-02") == "0"
        assert history.left(f"rules-2/ratification/{TWO}", "2025-09-02") == "1"


class TestInTheNotice:
    """A school that gave notice is asked to ratify what takes effect before it leaves."""

    def test_what_it_ratifies_binds_it(self):
        """It was as if it had said nothing: the days of the version before went on."""
        agreed = rules_agreed(effective_on="2025-02-01", attestation_days=5)
        history = given(WITH_YEAR, left(ANN, "go", "2024-12-02", "2025-04-30"), agreed)
        assert history.left(f"rules-2/ratification/{ONE}", "2025-04-29") == "1"
        assert history.left(f"rules-2/ratification/{ONE}") == "0", "once it has left"
        history = given(history, ratified(ANN, "r", "2025-02-10", version=2))
        assert history.left(f"rules-2/ratification/{ONE}", "2025-02-10") == "0"
        assert history.left(f"rules-2/ratification/{ONE}") == "0"
        visit = made("v", "2025-03-01", visitor=TWO, host=ONE, under="year:year")
        assert given(history, visit).owed(kind="attestation") == [
            f"attestation: {ONE} owes {TWO} 1 item by 2025-03-06"
        ]


class TestWhichVersionBinds:
    RATIFIED = given(AGREED, ratified(ANN, "r", "2025-09-01", version=2))

    def test_a_year_asks_of_each_member_what_it_took_on(self):
        history = given(self.RATIFIED, next_year())
        assert [visits(history, school) for school in (ONE, TWO, THREE)] == ["4", "3", "3"]

    def test_the_year_that_is_open_stays_as_it_was(self):
        assert self.RATIFIED.left(f"year/peer_visit/{ONE}") == "3"

    def test_what_is_ratified_later_binds_later(self):
        history = given(AGREED, next_year(), ratified(ANN, "r", "2025-09-03", version=2))
        assert visits(history, ONE) == "3"
        last = next_year("2026-09-02", "last", name="2026-27", starts="2026-09-01")
        history = given(history, last.but(ends="2027-08-31"))
        assert history.left(f"last/peer_visit/{ONE}") == "4"

    def test_who_joins_is_bound_by_the_version_that_it_applied_under(self):
        applied = given(AGREED, sought("s", FOUR, "2025-09-01", version=2))
        act = admitted("in", "s", "2025-09-01")
        assert applied.drafted(act).data["version"] == 2
        applied.when_altered(act, version=None).then_refused(
            "“version” must be the version that it applied under, where not the first: got"
            " nothing, expected 2; left out, it is filled in"
        )
        assert visits(given(applied, act, next_year()), FOUR) == "4"

    def test_and_within_the_year_too(self):
        history = given(AGREED, next_year(), sought("s", FOUR, "2025-09-03", version=2))
        history = given(history, admitted("in", "s", "2025-12-01"))
        assert history.left("in/peer_visit") == "3"  # nine months of four visits a year

    def test_a_version_binds_nobody_before_it_takes_effect(self):
        history = given(WITH_ESTUARY, rules_agreed(effective_on="2026-01-01"))
        history = given(history, sought("s", FOUR, "2025-09-01", version=2))
        history = given(history, admitted("in", "s", "2025-09-01"), next_year())
        assert visits(history, FOUR) == "3"

    def test_who_leaves_owes_months_of_the_visits_that_the_year_asked(self):
        history = given(self.RATIFIED, next_year(), newcomer(EVE, "2025-10-01"))
        leaves = declined(EVE, "x", "2025-10-02", version=2, leaves_on="2026-02-28")
        assert visits(given(history, leaves), ONE) == "2"  # six months of four visits a year

    def test_days_are_those_of_the_version_that_binds(self):
        history = given(
            WITH_YEAR,
            rules_agreed(effective_on="2025-02-01", attestation_days=30),
            ratified(ANN, "r", "2025-02-01", version=2),
            made("v", "2025-02-03", host=FOUR, under="year:year"),
            made("w", "2025-02-03", visitor=THREE, host=FOUR, under="year:year"),
        )
        assert history.owed(kind="attestation") == [
            f"attestation: {FOUR} owes {ONE} 1 item by 2025-03-05",
            f"attestation: {FOUR} owes {THREE} 1 item by 2025-02-10",
        ]

    def test_hosts_count_once_by_the_version_that_binds(self):
        rules = rules_agreed(effective_on="2025-08-01", distinct_hosts=False)
        history = given(WITH_YEAR, rules, ratified(ANN, "r", "2025-08-02", version=2), next_year())
        twice = [
            act
            for n, day in enumerate(("2025-10-01", "2025-10-08"))
            for act in (
                made(f"v{n}", day, under="year:next"),
                attested(f"a{n}", f"v{n}", on=day),
                made(f"w{n}", day, visitor=THREE, under="year:next"),
                attested(f"b{n}", f"w{n}", on=day),
            )
        ]
        history = given(history, twice)
        assert (visits(history, ONE), visits(history, THREE)) == ("2", "2")

    @pytest.mark.parametrize(("school", "refused"), [(ONE, True), (TWO, False)])
    def test_an_external_judge_is_asked_for_by_who_took_that_on(self, school, refused):
        history = given(
            WITH_YEAR,
            framework(),
            rules_agreed(effective_on="2025-02-01", external_judge=True),
            ratified(ANN, "r", "2025-02-01", version=2),
        )
        said = {"about": school, "judge": THREE, "basis": "peer_review", "by": HEADS[THREE]}
        reasons = [f"the ground rules of {ESTUARY} ask for a judge from outside it"]
        assert history.when(judged(on="2025-02-03", **said)).reasons == reasons[: int(refused)]

    def test_a_year_rests_on_what_was_ratified_before_it(self):
        history = given(self.RATIFIED, next_year())
        history.when(withdrawn("r", ANN, "2025-09-03")).then_refused(
            "later events rely on it: PartnershipYearOpened <next>; withdraw those first"
        )

    def test_not_where_the_same_version_was_taken_on_again(self):
        history = given(self.RATIFIED, newcomer(EVE, "2025-09-01"))
        history = given(history, ratified(EVE, "r2", "2025-09-02", version=2), next_year())
        history.when(withdrawn("r2", EVE, "2025-09-03")).then_recorded()

"""The offices of a party that ended: what they still sign, and for how long."""

from typing import ClassVar

import pytest
from given import (
    ANN,
    BEACON,
    BEN,
    CAROL,
    ESTUARY,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    SEALED,
    TOM,
    TWO,
    WITH_YEAR,
    By,
    agreed,
    appointed,
    attested,
    body,
    body_succeeded,
    challenged,
    closed,
    disputed,
    dissolved,
    ended_with,
    enrolled,
    framework,
    given,
    handed_over,
    identified,
    judged,
    key,
    made,
    offered,
    programme_opened,
    reported,
    say,
    schools_merged,
    variation_accepted,
    varied,
    waived,
    withdrawn,
)

VISITED = given(WITH_YEAR, made(on="2024-12-20", under="year:year"))
CLOSED = given(VISITED, closed(TWO, "2025-01-10"))
LATE = "2025-03-12"


def gone(office, last):
    party = office.partition("@")[2]
    return f"{party} ended on {last}, and {office} with it; whoever stands in its place signs"


def visit(on, by=BEN):
    return made("w", on, visitor=TWO, host=ONE, under="nothing", by=by)


ONE_BY_NOW = (
    f"{ONE} and {TWO} are one by now, and nobody answers themselves: withdraw what was said instead"
)


class TestOneOfTwo:
    """Schools one and two became one after what one of them asked of the other."""

    ASKED = given(
        WITH_YEAR,
        framework(),
        offered("o", "2024-12-20", valid_until="2025-12-31"),
        made("v", "2024-12-20", under="year:year"),
        judged("j", "2024-12-20", judge=ONE, basis="peer_review", by=ANN),
        offered("p", "2024-12-20"),
        agreed("g", "p", "2024-12-21", starts="2024-12-21"),
        varied("vary", "2024-12-21", days="7.0"),
        reported("i", agreement="agreement:g", on="2024-12-23"),
        made("u", "2024-12-21", under="agreement:g"),
        attested("au", "u", on="2024-12-21"),
        say(
            "AdviceGiven",
            "w",
            ANN,
            "2024-12-22",
            visit="visit:u",
            area="inclusion",
            recommendation=SEALED,
            act_by="2025-03-31",
        ),
    )
    TWOS_HEAD = By("ben", f"head@{ONE}")
    ANSWERS: ClassVar = {
        "an offer": agreed("t", "o", "2024-12-30", starts="2024-12-30"),
        "a visit": attested(on="2024-12-30"),
        "a visit, disputed": disputed(on="2024-12-30"),
        "a variation": variation_accepted(on="2024-12-30"),
        "an account of impact": say(
            "ImpactAnswered", "ia", BEN, "2024-12-30", impact="impact:i", answer="confirmed"
        ),
        "a judgement": challenged("ch", "2024-12-30"),
        "advice": say(
            "AdviceAnswered", "aa", BEN, "2024-12-30", advice="advice:w", answer="accepted"
        ),
    }

    @pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
    def test_they_answer_one_another_while_they_are_two_and_not_after(self, answer):
        self.ASKED.when(answer).then_recorded()
        merged = given(
            self.ASKED,
            schools_merged(effective_on="2024-12-25", on="2024-12-24"),
            appointed(self.TWOS_HEAD, "2024-12-26", label="ben-too"),
        )
        assert ONE_BY_NOW in merged.when(answer.but(by=self.TWOS_HEAD)).reasons


class TestSchool:
    def test_its_head_answers_hands_over_and_waives_for_sixty_days(self):
        CLOSED.when(attested(on="2025-03-11")).then_recorded()
        CLOSED.when(handed_over(BEN, on="2025-03-11")).then_recorded()
        CLOSED.when(withdrawn("v", ANN, "2025-03-11")).then_recorded()

    def test_and_no_longer(self):
        CLOSED.when(attested(on=LATE)).then_refused(gone(BEN.office, "2025-01-10"))

    def test_it_says_nothing_new(self):
        act = identified(school=TWO, raiser=TWO, on="2025-01-11", by=BEN)
        reasons = CLOSED.when(act).reasons
        assert ended_with(BEN.office, "2025-01-10") in reasons

    def test_what_happened_before_is_told_after_no_more(self):
        act = visit("2025-01-09").but(recorded="2025-01-11")
        CLOSED.when(act).then_refused(ended_with(BEN.office, "2025-01-10"))

    def test_on_its_last_day_it_says_anything(self):
        CLOSED.when(visit("2025-01-10")).then_recorded()

    def test_a_key_is_retired_whenever_that_is(self):
        retired = say("KeyRetired", "no-more", BEN, LATE, key=key("ben"), person="person:ben")
        CLOSED.when(retired).then_recorded()

    def test_a_school_that_merged_is_gone_too_and_the_one_that_goes_on_is_not(self):
        merged = given(VISITED, schools_merged(effective_on="2025-03-01"))
        merged.when(visit("2025-03-02")).then_refused(
            f"{TWO} merged into {ONE} on 2025-03-01: it can be no visitor any more; say visitor"
            f" {ONE}",
            f"{ended_with(BEN.office, '2025-02-28')}; {ANN.office} does",
        )
        merged.when(attested(on="2025-03-02", by=ANN)).then_refused(
            "the same person claimed the visit; somebody else must sign the host's answer",
            ONE_BY_NOW,
        )

    def test_long_afterwards_it_is_told_who_signs(self):
        merged = given(VISITED, schools_merged(effective_on="2025-03-01"))
        assert merged.when(visit("2025-05-01")).reasons[-1] == (
            f"{TWO} ended on 2025-02-28, and {BEN.office} with it; {ANN.office} signs"
        )


class TestPartnership:
    @pytest.mark.parametrize(
        ("on", "reason"),
        [
            ("2025-01-11", ended_with(CAROL.office, "2025-01-10")),
            (LATE, gone(CAROL.office, "2025-01-10")),
        ],
    )
    def test_its_chair_opens_nothing_once_it_is_dissolved(self, on, reason):
        history = given(WITH_YEAR, dissolved())
        history.when(programme_opened(on=on, organiser=ESTUARY, by=CAROL)).then_refused(reason)

    def test_its_chair_releases_what_it_is_owed_for_sixty_days(self):
        history = given(WITH_YEAR, dissolved(contingency=None))
        reasons = history.when(waived(CAROL, f"year/peer_visit/{ONE}", "2025-03-11")).reasons
        assert not [one for one in reasons if "ended" in one]


class TestBody:
    WESTWICK = given(WITH_YEAR, body("westwick", "local_authority"))

    def test_its_officer_offers_nothing_once_another_stands_in_its_place(self):
        history = given(self.WESTWICK, body_succeeded())
        offer = offered(
            on="2025-04-01", provider=NORTHWICK_BODY, by=OLIVE, valid_until="2025-12-31"
        )
        history.when(offer).then_refused(
            f"{ended_with(OLIVE.office, '2025-03-31')}; officer@body:westwick does"
        )

    def test_a_body_that_stands_is_untouched_by_it(self):
        history = given(self.WESTWICK, body_succeeded())
        offer = offered(on="2025-04-01", provider=BEACON, by=TOM, valid_until="2025-12-31")
        history.when(offer).then_recorded()


#: Where a party has ended, the day after its last, and the office that nobody takes there any more.
ENDED = {
    "a school": (CLOSED, "2025-01-11", BEN.office, f"{TWO} closed on 2025-01-10"),
    "a partnership": (
        given(WITH_YEAR, dissolved(on="2025-01-10")),
        "2025-01-11",
        CAROL.office,
        f"{ESTUARY} ended on 2025-01-10",
    ),
    "a body": (
        given(WITH_YEAR, body("westwick"), body_succeeded()),
        "2025-04-01",
        OLIVE.office,
        f"{NORTHWICK_BODY} ended on 2025-03-31",
    ),
}


@pytest.mark.parametrize("case", ENDED.values(), ids=ENDED)
def test_nobody_takes_office_where_a_party_has_ended(case):
    history, day, office, reason = case
    history = given(history, enrolled("pat", "2025-03-01"))
    takes = appointed(By("pat", office), "2025-03-02", effective_on=day)
    assert f"{reason}: nobody takes office there any more" in history.when(takes).reasons

"""Brokerage: what may be offered, and who takes it up."""

from typing import ClassVar

import pytest
from given import (
    ANN,
    BEACON,
    BEN,
    DAN,
    FOUR,
    NORTHWICK,
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
    body_changed,
    converted,
    ended,
    ended_with,
    escalated,
    framework,
    given,
    identified,
    judged,
    newcomer,
    offered,
    say,
    spelled,
)

OFFERED = given(NORTHWICK, offered())


class TestSupportOffered:
    def test_a_pledge(self):
        NORTHWICK.when(offered()).then_recorded()
        NORTHWICK.when(offered(price="100.00", payer="body:northwick")).then_recorded()

    NOT: ClassVar = {
        "to itself": ({"receiver": ONE}, "a party cannot offer support to itself"),
        "of nothing": ({"days": "0.0"}, "it offers no days"),
        "that has lapsed": (
            {"valid_until": "2024-09-02"},
            "it is valid until 2024-09-02, before it was made",
        ),
        "with a price and nobody to pay": (
            {"price": "100.00"},
            "a price and who pays it belong together: give both or neither",
        ),
        "with a payer and nothing to pay": (
            {"payer": "body:northwick"},
            "a price and who pays it belong together: give both or neither",
        ),
        "to nobody known": (
            {"receiver": "school:900009"},
            (
                "it names school:900009 as receiver, which is not registered in this ledger;"
                " `school-ledger find NAME` looks it up, and a registrar registers it"
            ),
        ),
        "for a need that nobody identified": (
            {"trigger": "need:n"},
            (
                "it names <need:n>, and no need of that id stands in this ledger; `school-ledger"
                " show need:` lists those that do"
            ),
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_no_pledge(self, case):
        changes, reason = case
        NORTHWICK.when(offered(**changes)).then_refused(reason)


class TestSupportAgreed:
    @pytest.mark.parametrize("days", ["0.5", "6.0"])
    def test_the_receiver_takes_up_what_was_offered_or_less(self, days):
        OFFERED.when(agreed(days=days)).then_recorded()

    NOT: ClassVar = {
        "more than was offered": ({"days": "6.5"}, "it agrees 6.5 days; 6.0 were offered"),
        "nothing": ({"days": "0.0"}, "it agrees 0.0 days; 6.0 were offered"),
        "when it has lapsed": ({"on": "2025-01-01"}, "the offer was valid until 2024-12-31 only"),
        "backwards": (
            {"ends": "2024-09-03"},
            "it ends on 2024-09-03, before it starts on 2024-09-04",
        ),
        "with a review outside": (
            {"review_dates": ["2024-12-01", "2025-04-01"]},
            "a review date lies outside the agreement",
        ),
        "for others": (
            {"provider": THREE},
            (
                f"“provider” must be as in the offer it names: got {THREE}, expected {ONE}; left"
                " out, it is filled in"
            ),
        ),
        "before it was offered": (
            {"on": "2024-09-02"},
            (
                "it is said to have happened on 2024-09-02, before the offer that it names,"
                " which happened on 2024-09-03; check the day"
            ),
        ),
        "an offer that nobody made": (
            {"offer": "zzz", "provider": ONE, "receiver": TWO},
            (
                "it names <offer:zzz>, and no offer of that id stands in this ledger;"
                " `school-ledger show offer:` lists those that do"
            ),
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        changes, reason = case
        OFFERED.when(agreed(**changes)).then_refused(reason)

    def test_once(self):
        given(OFFERED, agreed()).when(agreed("again")).then_refused(
            "the offer is taken up already, by <agreement:g>"
        )

    def test_not_by_who_offered(self):
        both = By("ann", BEN.office)
        act = newcomer(both, "2024-09-04", label="ann-at-two")[-1]
        given(OFFERED, act).when(agreed(by=both)).then_refused(
            "the same person signed the offer that it answers; somebody else must sign this half"
        )


class TestTheResponsibleBodyStandsIn:
    HEADLESS = given(OFFERED, ended(BEN, "2024-09-03"))
    IN_CATEGORY = given(OFFERED, framework(), judged(on="2024-09-03", category="special_measures"))

    def test_where_the_school_has_no_head(self):
        self.HEADLESS.when(agreed(by=OLIVE)).then_recorded()

    def test_where_it_is_in_a_category(self):
        self.IN_CATEGORY.when(agreed(by=OLIVE)).then_recorded()
        self.IN_CATEGORY.when(agreed()).then_recorded()

    def test_only_the_body_that_is_responsible(self):
        [reason] = self.HEADLESS.when(agreed(by=TOM)).reasons
        assert reason.startswith("SupportAgreed is not for officer@body:beacon-trust to sign")
        history = given(self.HEADLESS, body_changed(on="2024-09-04"))
        history.when(agreed(by=TOM)).then_recorded()

    def test_not_where_there_is_a_head(self):
        [reason] = OFFERED.when(agreed(by=OLIVE)).reasons
        assert reason.startswith("SupportAgreed is not for officer@body:northwick to sign")

    def test_not_once_a_later_inspection_lifts_the_category(self):
        history = given(self.IN_CATEGORY, judged("j2", on="2024-10-01"))
        [reason] = history.when(agreed(on="2024-10-02", by=OLIVE)).reasons
        assert reason.startswith("SupportAgreed is not for officer@body:northwick to sign")

    def test_a_category_does_not_pass_to_a_new_urn(self):
        category = judged(on="2024-09-03", about=ONE, urn="urn:900001", category="special_measures")
        other = offered(provider=TWO, receiver=ONE, by=BEN, valid_until="2025-12-31")
        history = given(NORTHWICK, framework(), category, other)
        take_up = agreed(by=OLIVE, ends="2025-12-31")
        history.when(take_up).then_recorded()
        after = given(history, converted(responsible_body="body:northwick"))
        [reason] = after.when(take_up.but(on="2025-04-02")).reasons
        assert reason.startswith("SupportAgreed is not for officer@body:northwick to sign")

    def test_but_never_for_its_own_offer(self):
        own = offered(provider="body:northwick", by=OLIVE)
        history = given(NORTHWICK, own, ended(BEN, "2024-09-03"))
        history.when(agreed(by=OLIVE)).then_refused(
            "the same person signed the offer that it answers; somebody else must sign this half"
        )


def test_an_offer_binds_nobody_yet():
    assert OFFERED.owed() == []


def closed(reference, on="2024-09-30"):
    """A school closes, with no successor."""
    said = {"school": reference, "effective_on": on, "reason": "closed"}
    return say("SchoolClosed", "closed", RITA, on, **said)


class TestAClosedSchool:
    OFFERED = given(NORTHWICK, offered())

    def test_neither_offers_nor_is_offered_support(self):
        over = ended_with(ANN.office, "2024-09-30")
        for reference, member, besides in ((ONE, "provider", [over]), (TWO, "receiver", [])):
            history = given(NORTHWICK, closed(reference))
            history.when(offered(on="2024-09-30")).then_recorded()
            history.when(offered(on="2024-10-01")).then_refused(
                f"{reference} closed on 2024-09-30: it can be no {member} any more", *besides
            )

    def test_neither_agrees_nor_is_held_to_an_offer(self):
        over = ended_with(BEN.office, "2024-09-30")
        for reference, member, besides in ((ONE, "provider", []), (TWO, "receiver", [over])):
            history = given(self.OFFERED, closed(reference))
            history.when(agreed(on="2024-10-01")).then_refused(
                f"{reference} closed on 2024-09-30: it can be no {member} any more", *besides
            )


class TestTheLadder:
    #: School two is in the partnership with schools one and three; school four is outside.
    RAISED = given(WITH_ESTUARY, identified(level="school"))
    TRUST = given(WITH_ESTUARY, body_changed(on="2024-09-02"), identified(level="school"))
    OUTSIDER: ClassVar = {"provider": FOUR, "by": DAN, "on": "2024-09-16"}
    AGREED: ClassVar = {"on": "2024-09-17", "starts": "2024-09-17"}
    UP = (
        escalated(),
        escalated("e2", to_level="partnership", on="2024-09-13"),
        escalated("e3", to_level="outside", on="2024-09-14"),
    )

    def outcome(self, history, **offer):
        pledged = offered(**{**self.OUTSIDER, "trigger": "need:n", **offer})
        return given(history, pledged).when(agreed(**self.AGREED))

    def refused(self, levels):
        return (
            f"{FOUR} is outside the trust, federation and partnerships of {TWO}, and <need:n> was"
            f" not put outside these: {levels} may still help; NeedEscalated puts it to the next"
            " level"
        )

    def test_support_from_outside_waits_until_every_level_was_asked(self):
        self.outcome(self.RAISED).then_refused(self.refused("the partnership"))
        both = "the responsible body and the partnership"
        self.outcome(self.TRUST).then_refused(self.refused(both))
        self.outcome(given(self.TRUST, self.UP[:1])).then_refused(self.refused(both))
        self.outcome(given(self.TRUST, self.UP[:2])).then_refused(self.refused("the partnership"))
        self.outcome(given(self.TRUST, self.UP)).then_recorded()

    def test_an_authority_is_no_level(self):
        history = given(self.RAISED, escalated(to_level="outside", by=OLIVE, skips=SEALED))
        self.outcome(history, provider="body:northwick", by=OLIVE).then_recorded()
        own = self.outcome(self.RAISED, provider="body:northwick", by=OLIVE)
        assert own.reasons[0].startswith("body:northwick is outside the trust, federation and part")

    def test_a_school_without_group_or_partnership_passes_by_itself(self):
        need = identified(level="school", school=FOUR)
        history = given(NORTHWICK, need, offered(receiver=FOUR, trigger="need:n", on="2024-09-16"))
        history.when(agreed(**self.AGREED, by=DAN)).then_recorded()

    def test_none_within_a_partnership_or_a_group(self):
        self.outcome(self.RAISED, provider=ONE, by=ANN).then_recorded()
        self.outcome(self.TRUST, provider=BEACON, by=TOM).then_recorded()
        fellow = body_changed("moved-4", school=FOUR, on="2024-09-02")
        self.outcome(given(self.TRUST, fellow)).then_recorded()

    def test_none_without_a_need(self):
        self.outcome(self.RAISED, trigger=None).then_recorded()

    def test_a_category_of_concern_skips_it(self):
        category = judged(on="2024-09-10", category="special_measures")
        history = given(self.TRUST, framework(), category)
        self.outcome(history).then_recorded()
        self.outcome(history, trigger="judgement:j").then_recorded()

    def test_an_offer_is_for_the_receivers_own_need(self):
        act = offered(receiver=THREE, trigger="need:n")
        self.RAISED.when(act).then_refused(
            f"<need:n> is of {TWO}, not of {THREE}, who would receive it"
        )

    def test_a_route_by_a_partnership_is_by_one_that_both_are_in(self):
        act = offered(**self.OUTSIDER, trigger="need:n", route="partnership")
        self.RAISED.when(act).then_refused(
            f"{FOUR} and {TWO} are in no partnership together: the route is another"
        )

    def test_what_is_agreed_is_for_what_was_offered(self):
        history = given(self.RAISED, offered(trigger="need:n"))
        assert history.drafted(agreed()).data["trigger"] == spelled("need:n")
        history.when_altered(agreed(), trigger=None).then_refused(
            "“trigger” must be what the offer answers: got nothing, expected <need:n>; left"
            " out, it is filled in"
        )

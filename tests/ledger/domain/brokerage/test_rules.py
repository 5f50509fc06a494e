"""Brokerage: what may be offered, and who takes it up."""

from typing import ClassVar

import pytest
from given import (
    BEN,
    NORTHWICK,
    OLIVE,
    ONE,
    RITA,
    THREE,
    TOM,
    TWO,
    By,
    agreed,
    body_changed,
    converted,
    ended,
    framework,
    given,
    judged,
    newcomer,
    offered,
    say,
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
            "receiver names school:900009, which is not registered in this ledger",
        ),
        "for a need that nobody identified": (
            {"need": "need:n"},
            "need names <need:n>, and no need of that id stands in this ledger",
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
            f"provider does not agree with the offer that it names: got {THREE}, expected {ONE}",
        ),
        "before it was offered": (
            {"on": "2024-09-02"},
            (
                "it is said to have happened on 2024-09-02, before the offer that it names, which"
                " happened on 2024-09-03"
            ),
        ),
        "an offer that nobody made": (
            {"offer": "zzz", "provider": ONE, "receiver": TWO},
            "offer names <offer:zzz>, and no offer of that id stands in this ledger",
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
        for reference, member in ((ONE, "provider"), (TWO, "receiver")):
            history = given(NORTHWICK, closed(reference))
            history.when(offered(on="2024-09-30")).then_recorded()
            history.when(offered(on="2024-10-01")).then_refused(
                f"{reference} closed on 2024-09-30: it can be no {member} any more"
            )

    def test_neither_agrees_nor_is_held_to_an_offer(self):
        for reference, member in ((ONE, "provider"), (TWO, "receiver")):
            history = given(self.OFFERED, closed(reference))
            history.when(agreed(on="2024-10-01")).then_refused(
                f"{reference} closed on 2024-09-30: it can be no {member} any more"
            )

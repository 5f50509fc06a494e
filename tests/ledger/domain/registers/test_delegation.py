"""Delegating: what an office lets somebody else sign, for how long, and what it never does."""

import pytest
from given import (
    ANN,
    BEN,
    ESTUARY,
    KEYLESS,
    OLIVE,
    ONE,
    RITA,
    THREE,
    TWO,
    WITH_ESTUARY,
    By,
    Given,
    Record,
    agreed,
    appointed,
    attested,
    delegated,
    ended,
    enrolled,
    given,
    handed_over,
    key_enrolled,
    made,
    newcomer,
    offered,
    say,
    sought,
    withdrawn,
)

from ledger.domain.decide import judge_authority
from ledger.domain.registers.delegations import NEVER_DELEGATED, delegations

#: The business manager of school one, who signs as its head.
MAX = By("max", ANN.office)
WITH_MAX = given(WITH_ESTUARY, enrolled("max"), key_enrolled("max"))
DELEGATED = given(WITH_MAX, delegated(ANN, "max", "VisitMade", "EventWithdrawn"))
VISIT = made(by=MAX)
NOT_HELD = f"<person:max> does not hold the office {ANN.office} on "


class TestUsing:
    def test_a_delegate_signs_what_was_named(self):
        DELEGATED.when(VISIT).then_recorded()

    def test_and_nothing_else(self):
        DELEGATED.when(offered(by=MAX, on="2024-10-01")).then_refused(
            f"{NOT_HELD}2024-10-01: it is for <person:ann> to sign"
        )

    def test_nor_in_another_office(self):
        other = made(visitor=TWO, host=ONE, by=By("max", BEN.office))
        DELEGATED.when(other).then_refused(
            f"<person:max> does not hold the office {BEN.office} on 2024-10-01: it is for"
            " <person:ben> to sign"
        )

    def test_from_the_day_on_which_it_is_recorded_to_the_last(self):
        assert WITH_MAX.when(VISIT).reasons
        DELEGATED.when(made(by=MAX, on="2025-08-31")).then_recorded()
        DELEGATED.when(made(by=MAX, on="2025-09-01")).then_refused(
            f"{NOT_HELD}2025-09-01: it is for <person:ann> to sign"
        )

    @pytest.mark.parametrize(
        "leaves",
        [
            [ended(ANN, "2024-09-20")],
            newcomer(By("eve", ANN.office), "2024-09-21"),
        ],
        ids=["who leaves", "who is followed"],
    )
    def test_it_ends_with_the_appointment_of_its_giver(self, leaves):
        gone = given(DELEGATED, leaves)
        assert gone.when(VISIT).reasons[0].startswith("person:")

    def test_who_comes_back_gives_it_anew(self):
        back = given(
            DELEGATED, ended(ANN, "2024-09-20"), appointed(ANN, "2024-09-25", label="back")
        )
        assert back.when(VISIT).reasons
        again = given(back, delegated(ANN, "max", "VisitMade", label="anew", on="2024-09-26"))
        again.when(VISIT).then_recorded()

    def test_until_it_is_ended(self):
        over = given(DELEGATED, end(on="2024-09-30"))
        over.when(VISIT).then_refused(f"{NOT_HELD}2024-10-01: it is for <person:ann> to sign")

    def test_the_delegates_own_key_must_stand(self):
        outcome = DELEGATED.when(made(by=By("max", ANN.office, "key:SHA256:" + "A" * 43)))
        assert "is not enrolled in this ledger" in outcome.reasons[0]

    def test_one_person_signs_no_second_half_as_a_delegate(self):
        both = given(
            WITH_MAX,
            delegated(ANN, "max", "SupportOffered"),
            delegated(BEN, "max", "SupportAgreed", label="del-2"),
            offered(by=MAX, on="2024-09-11"),
        )
        both.when(agreed(by=By("max", BEN.office), on="2024-09-12")).then_refused(
            "the same person signed the offer that it answers; somebody else must sign this half"
        )

    def test_what_a_delegate_said_the_office_withdraws_and_the_delegate_where_named(self):
        history = given(DELEGATED, VISIT)
        history.when(withdrawn("v", ANN, "2024-10-02")).then_recorded()
        history.when(withdrawn("v", MAX, "2024-10-02")).then_recorded()

    def test_judged_again_by_every_verifier(self):
        outcome = given(DELEGATED, VISIT)
        entry = outcome.record.entries[-1]
        assert judge_authority(entry, DELEGATED.look) == []
        assert judge_authority(entry, WITH_MAX.look) != []


class TestAuthorityDelegated:
    @pytest.mark.parametrize("name", sorted(NEVER_DELEGATED))
    def test_what_the_office_does_itself_is_never_delegated(self, name):
        reasons = WITH_MAX.when(delegated(ANN, "max", "VisitMade", name)).reasons
        assert reasons == [f"{name} is never delegated: whoever holds {ANN.office} signs it"]

    def test_a_delegate_delegates_nothing_further(self):
        """An attack: a delegate would let a third person sign."""
        third = given(DELEGATED, enrolled("pat"), key_enrolled("pat"))
        further = delegated(ANN, "pat", "VisitMade", label="further", by=MAX, on="2024-09-11")
        outcome = third.when(further)
        assert outcome.reasons == [r for r in outcome.reasons if "does not hold the office" in r]
        forced = Given(Record([*third.record.entries, outcome.entry]))
        visit = made(by=By("pat", ANN.office))
        assert forced.when(visit).reasons, "nor past the rules"

    def test_nor_though_somebody_delegated_that_past_the_rules(self):
        outcome = WITH_MAX.when(delegated(ANN, "max", "MembershipRatified", "HandoverGiven"))
        forced = Given(Record([*WITH_MAX.record.entries, outcome.entry]))
        over = handed_over(ANN, by=MAX, on="2024-10-01")
        assert any("does not hold the office" in one for one in forced.when(over).reasons)
        assert forced.look(delegations(ANN.office))

    @pytest.mark.parametrize("by", [BEN, OLIVE, RITA], ids=lambda by: by.office)
    def test_only_by_the_office(self, by):
        outcome = WITH_MAX.when(delegated(ANN, "max", "VisitMade", by=by))
        assert outcome.reasons[0].startswith(f"AuthorityDelegated is not for {by.office} to sign")

    REFUSED = (
        (
            delegated(RITA, "max", "SchoolRegistered"),
            "the registry is not delegated: a registrar appoints another",
        ),
        (delegated(ANN, "ann", "VisitMade"), "nobody delegates to themselves"),
        (
            delegated(ANN, "max", "VisitMade", until="2024-09-09"),
            "it ends on 2024-09-09, before it is given",
        ),
        (
            delegated(ANN, "max", "VisitPaid"),
            "VisitPaid is no event of this ledger; `school-ledger record --help` lists them",
        ),
        (
            delegated(ANN, "pat", "VisitMade"),
            (
                "it names <person:pat> as person, which is not registered in this ledger;"
                " `school-ledger find NAME` looks it up, and a registrar registers it"
            ),
        ),
    )

    @pytest.mark.parametrize(("act", "reason"), REFUSED)
    def test_what_makes_no_sense(self, act, reason):
        WITH_MAX.when(act).then_refused(reason)

    def test_it_is_not_recorded_for_another(self):
        """The head has no key: the business manager cannot be let in by the clerk."""
        fay = By("fay", "head@school:900005")
        act = delegated(fay, "ann", "VisitMade").but(
            by=OLIVE, for_office=fay.office, authority="evidence:e"
        )
        assert (
            KEYLESS.when(act)
            .reasons[0]
            .startswith("AuthorityDelegated is not recorded for another office")
        )

    def test_joining_stays_with_the_head(self):
        joins = sought("s", "school:900004", "2024-10-01", by=By("max", "head@school:900004"))
        assert DELEGATED.when(joins).reasons


def end(on="2024-09-30", **changes):
    by = changes.pop("by", ANN)
    return say("DelegationEnded", "end-del", by, on, delegation="delegation:del", **changes)


class TestDelegationEnded:
    def test_by_the_office_that_gave_it(self):
        recorded = DELEGATED.when(end()).then_recorded()
        said = recorded.record.entries[-1].data
        assert said["office"] == ANN.office

    def test_by_no_other(self):
        assert DELEGATED.when(end(by=BEN)).reasons[0].startswith("DelegationEnded is not for ")
        assert DELEGATED.when(end(by=MAX)).reasons

    def test_once(self):
        given(DELEGATED, end()).when(end(on="2024-10-02").but(label="again")).then_refused(
            "<delegation:del> ended on 2024-09-30 already"
        )

    def test_not_after_its_last_day(self):
        DELEGATED.when(end(on="2025-09-02")).then_refused(
            "<delegation:del> ended on 2025-08-31 already"
        )


def test_attesting_as_a_delegate_is_an_answer_of_the_office():
    history = given(
        WITH_MAX,
        delegated(ANN, "max", "VisitAttested"),
        made(visitor=THREE, host=ONE, on="2024-09-20"),
    )
    act = attested(by=MAX, on="2024-09-21", days="1.5")
    assert given(history, act).owed(kind="attestation") == []
    assert ESTUARY

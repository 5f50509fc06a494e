"""Recording for an office without a key: who may, for whom, and where their own side forbids it."""

import pytest
from given import (
    ANN,
    BEN,
    CAROL,
    CLEM,
    ESTUARY,
    FAY,
    FIVE,
    FOUR,
    KEYLESS,
    NORTHWICK_BODY,
    OLIVE,
    RITA,
    TOM,
    TWO,
    By,
    agreed,
    appointed,
    attested,
    body,
    body_changed,
    body_succeeded,
    confirmed,
    delegated,
    departure,
    ended,
    enrolled,
    for_key,
    framework,
    given,
    handed_over,
    identified,
    judged,
    key_enrolled,
    made,
    newcomer,
    offered,
    person,
    recorded_for,
    say,
    school,
    sought,
    waived,
)
from moneys import claimed, committed, paid, received, spent

VISIT = made(visitor=FIVE, host=TWO, by=FAY)
HAS_NO_SAY = (
    f" records nothing for {FAY.office}: that takes the registrar, a clerk of a partnership that it"
    " belongs to or that the event names, or an officer of the body responsible for it"
)


class TestWho:
    @pytest.mark.parametrize("by", [CLEM, OLIVE, RITA], ids=lambda by: by.office)
    def test_the_clerk_the_officer_of_its_body_and_the_registrar_may(self, by):
        recorded = KEYLESS.when(recorded_for(VISIT, by)).then_recorded()
        assert recorded.record.entries[-1].data["visitor"] == FIVE

    @pytest.mark.parametrize("by", [ANN, CAROL, TOM], ids=lambda by: by.office)
    def test_nobody_else_may(self, by):
        KEYLESS.when(recorded_for(VISIT, by)).then_refused(f"{by.office}{HAS_NO_SAY}")

    def test_an_officer_may_while_the_body_answers_for_the_school(self):
        passed = given(KEYLESS, body_changed(school=FIVE, on="2024-09-20"))
        passed.when(recorded_for(VISIT, TOM)).then_recorded()
        passed.when(recorded_for(VISIT, OLIVE)).then_refused(f"{OLIVE.office}{HAS_NO_SAY}")

    def test_a_clerk_may_for_a_school_that_seeks_to_join_their_partnership(self):
        six, gus = "school:900006", By("gus", "head@school:900006")
        outside = given(KEYLESS, school(six), [enrolled("gus"), appointed(gus)])
        asks = sought("s", six, "2024-09-10", by=gus)
        outside.when(recorded_for(asks, CLEM)).then_recorded()
        visit = made(visitor=six, host=TWO, by=gus)
        assert outside.when(recorded_for(visit, CLEM)).reasons

    def test_it_is_for_an_office_that_may_say_it(self):
        outcome = KEYLESS.when(recorded_for(VISIT, CLEM, for_office=BEN.office))
        assert outcome.reasons[0].startswith(f"VisitMade is not for {BEN.office} to sign")

    def test_the_key_and_the_office_of_whoever_records_must_stand(self):
        zed = By("zed", CLEM.office, "key:SHA256:" + "A" * 43)
        outcome = KEYLESS.when(recorded_for(VISIT, zed))
        assert len(outcome.reasons) == 2

    def test_a_clerks_delegate_may_until_the_delegation_ends(self):
        dan = By("dan", CLEM.office)
        offer = recorded_for(offered("o", "2024-09-12", provider=FIVE, by=FAY), dan)
        let = given(KEYLESS, delegated(CLEM, "dan", "SupportOffered"))
        said = let.when(offer).then_recorded()
        ended_on = say("DelegationEnded", "de", CLEM, "2024-10-01", delegation="delegation:del")
        given(let, ended_on).when(offer.but(on="2024-10-02")).then_refused(
            f"<person:dan> does not hold the office {CLEM.office} on 2024-10-02: it is for"
            " <person:clem> to sign"
        )
        # What was recorded in time waits for the office, whoever delegates to whom since.
        keyed = given(said, ended_on, key_enrolled("fay", "2024-10-03"))
        keyed.when(confirmed(FAY, "o")).then_recorded()
        mine = given(keyed, delegated(FAY, "dan", "RecordConfirmed", on="2024-10-04", label="own"))
        mine.when(confirmed(By("dan", FAY.office), "o")).then_refused(
            "the same person recorded <event:o>; somebody else must confirm it"
        )


class TestForWhom:
    def test_an_office_with_a_key_speaks_for_itself(self):
        KEYLESS.when(recorded_for(made(), CLEM)).then_refused(
            f"{ANN.office} has a key: {person('ann')} signs it"
        )

    def test_an_office_that_gets_a_key_speaks_for_itself_from_then_on(self):
        keyed = given(KEYLESS, key_enrolled("fay", "2024-09-20"))
        keyed.when(recorded_for(VISIT, CLEM)).then_refused(
            f"{FAY.office} has a key: {person('fay')} signs it"
        )

    def test_an_office_whose_only_key_is_retired_has_none(self):
        retired = say("KeyRetired", "r", RITA, "2024-09-21", person="person:fay", key=key_of_fay())
        again = given(KEYLESS, key_enrolled("fay", "2024-09-20"), retired)
        again.when(recorded_for(VISIT, CLEM)).then_recorded()

    def test_a_vacant_office_says_nothing(self):
        vacant = given(KEYLESS, ended(FAY, "2024-09-15"))
        vacant.when(recorded_for(VISIT, CLEM)).then_refused(
            f"nobody held {FAY.office} on 2024-10-01, so nobody could say so; check the day"
        )

    def test_what_was_said_before_the_office_fell_vacant_is_recorded(self):
        vacant = given(KEYLESS, ended(FAY, "2024-09-15"))
        earlier = VISIT.but(on="2024-09-10", recorded="2024-09-20")
        vacant.when(recorded_for(earlier, CLEM)).then_recorded()

    def test_it_must_name_the_document(self):
        KEYLESS.when(recorded_for(VISIT, CLEM, authority=None)).then_refused(
            f"it names no document by which {FAY.office} said so: record the letter or email"
            " with `school-ledger record EvidenceLodged`, and name it with --authority"
        )

    def test_the_document_must_be_lodged(self):
        KEYLESS.when(recorded_for(VISIT, CLEM, "none")).then_refused(
            "it names <evidence:none>, and no evidence of that id stands in this ledger;"
            " `school-ledger show evidence:` lists those that do"
        )

    def test_a_document_is_for_what_is_recorded_for_another(self):
        KEYLESS.when(made(authority="evidence:e")).then_refused(
            "it names a document as authority, and no office for which it is recorded: name"
            " the office with --for, or leave the document out"
        )

    LASTING = (
        key_enrolled("pat", by=CLEM),
        for_key("ann", by=CLEM),
        appointed(By("pat", FAY.office), by=CLEM),
    )

    @pytest.mark.parametrize("act", LASTING, ids=lambda act: act.name)
    def test_what_stands_for_good_nobody_records_for_another(self, act):
        history = given(KEYLESS, enrolled("pat"))
        outcome = history.when(recorded_for(act.but(by=FAY), CLEM))
        assert (
            f"{act.name} is not recorded for another office: it stands for good, so whoever says"
            " it signs it"
        ) in outcome.reasons

    def test_its_words_are_judged_as_those_of_who_held_the_office(self):
        """What only the holder may say, the recorder's own person is not asked about."""
        left = given(KEYLESS, departure(FAY, by=OLIVE, on="2024-09-10"))
        KEYLESS.when(recorded_for(departure(FAY), CLEM)).then_recorded()
        given_over = left.when(
            recorded_for(handed_over(FAY, on="2024-09-12"), CLEM)
        ).then_recorded()
        assert given_over.owed(kind="handover") == []


def key_of_fay():
    return key_enrolled("fay").data["key"]


class TestOwnSide:
    """An attack: an officer records a debt for a school that its own body benefits from."""

    NOTHING = ": who is a side records nothing for the other; a registrar may"
    OFFER = offered(provider=FIVE, receiver=NORTHWICK_BODY, by=FAY)

    def test_an_officer_records_no_offer_of_the_school_to_the_body(self):
        KEYLESS.when(recorded_for(self.OFFER, OLIVE)).then_refused(
            f"{NORTHWICK_BODY} is the receiver{self.NOTHING}"
        )

    def test_nor_one_for_which_the_body_pays(self):
        paid = offered(provider=FIVE, payer=NORTHWICK_BODY, price="100.00", by=FAY)
        KEYLESS.when(recorded_for(paid, OLIVE)).then_refused(
            f"{NORTHWICK_BODY} is the payer{self.NOTHING}"
        )
        KEYLESS.when(recorded_for(offered(provider=FIVE, by=FAY), OLIVE)).then_recorded()

    def test_nor_a_judgement_that_the_body_made(self):
        said = judged(about=TWO, judge=NORTHWICK_BODY, basis="peer_review", by=FAY)
        outcome = given(KEYLESS, framework()).when(recorded_for(said, OLIVE))
        assert f"{NORTHWICK_BODY} is the judge{self.NOTHING}" in outcome.reasons

    def test_nor_what_the_school_agreed_with_the_body(self):
        by_body = offered(provider=NORTHWICK_BODY, receiver=FIVE, by=OLIVE)
        history = given(KEYLESS, by_body)
        outcome = history.when(recorded_for(agreed(by=FAY), OLIVE))
        assert f"{NORTHWICK_BODY} is the provider{self.NOTHING}" in outcome.reasons
        history.when(recorded_for(agreed(by=FAY), CLEM)).then_recorded()

    def test_nor_that_the_school_releases_what_the_body_owes_it(self):
        by_body = offered(provider=NORTHWICK_BODY, receiver=FIVE, by=OLIVE)
        history = given(KEYLESS, by_body, recorded_for(agreed(by=FAY), CLEM))
        release = waived(FAY, "g/support")
        assert history.when(recorded_for(release, OLIVE)).reasons == [
            f"{NORTHWICK_BODY} is the debtor{self.NOTHING}"
        ]
        history.when(recorded_for(release, CLEM)).then_recorded()

    def test_nor_that_the_school_sent_money_to_the_body(self):
        money = committed(commissioner=FIVE, payee=NORTHWICK_BODY, by=FAY)
        history = given(KEYLESS, recorded_for(money, CLEM))
        sent = paid(by=FAY)
        assert history.when(recorded_for(sent, OLIVE)).reasons == [
            f"{NORTHWICK_BODY} is the recipient{self.NOTHING}"
        ]
        history.when(recorded_for(sent, CLEM)).then_recorded()

    def test_nor_that_the_school_accounts_for_money_of_the_body(self):
        kept = given(
            KEYLESS,
            committed(payee=FIVE),
            paid(),
            recorded_for(received(by=FAY), CLEM),
            recorded_for(spent(keeper=FIVE, by=FAY), CLEM),
        )
        claim = claimed(by=FAY, pounds="300.00")
        kept.when(recorded_for(claim, OLIVE)).then_refused(
            f"{NORTHWICK_BODY} is owed what it is about{self.NOTHING}"
        )
        kept.when(recorded_for(claim, CLEM)).then_recorded()

    def test_nor_does_the_body_that_stands_in_its_place(self):
        wes = By("wes", "officer@body:westwick")
        by_body = offered(provider=NORTHWICK_BODY, receiver=FIVE, by=OLIVE)
        passed = body_succeeded(effective_on="2024-09-20", on="2024-09-20")
        history = given(KEYLESS, body("westwick"), newcomer(wes), by_body, passed)
        outcome = history.when(recorded_for(agreed(by=FAY, on="2024-09-25"), wes))
        assert f"body:westwick is the provider{self.NOTHING}" in outcome.reasons

    def test_nor_visits_of_its_own(self):
        to_school = made(visitor=NORTHWICK_BODY, host=FIVE, by=OLIVE)
        history = given(KEYLESS, to_school)
        outcome = history.when(recorded_for(attested(by=FAY), OLIVE))
        assert f"{NORTHWICK_BODY} is the visitor{self.NOTHING}" in outcome.reasons
        from_school = made(visitor=FIVE, host=NORTHWICK_BODY, by=FAY)
        KEYLESS.when(recorded_for(from_school, OLIVE)).then_refused(
            f"{NORTHWICK_BODY} is the host{self.NOTHING}"
        )

    def test_a_clerk_records_visits_that_are_owed_to_the_partnership(self):
        history = given(KEYLESS, year())
        visit = VISIT.but(under="year:year", on="2024-10-01")
        history.when(recorded_for(visit, CLEM)).then_recorded()

    def test_the_registrar_has_no_side(self):
        KEYLESS.when(recorded_for(self.OFFER, RITA)).then_recorded()

    def test_what_is_said_of_the_body_without_a_side_it_records(self):
        history = given(KEYLESS, identified(school=FIVE))
        accepting = say("NeedAccepted", "k", FAY, "2024-09-10", need="need:n")
        history.when(recorded_for(accepting, OLIVE)).then_recorded()


def year():
    return say(
        *("PartnershipYearOpened", "year", CAROL, "2024-09-03"),
        partnership=ESTUARY,
        name="2024-25",
        starts="2024-09-01",
        ends="2025-08-31",
    )


SIX = "school:900006"
GUS = By("gus", f"head@{SIX}")
BOTH = given(
    KEYLESS,
    school(SIX),
    [enrolled("gus"), appointed(GUS)],
    recorded_for(offered(provider=FIVE, receiver=SIX, by=FAY), OLIVE),
)


class TestBothHalves:
    def test_one_recorder_writes_for_two_offices(self):
        BOTH.when(recorded_for(agreed(by=GUS), OLIVE)).then_recorded()

    def test_who_signed_one_half_does_not_record_the_other(self):
        """The officer is head of a school herself: what she offers, she does not accept for it."""
        liv = By("olive", f"head@{FOUR}")
        own = given(KEYLESS, appointed(liv), offered(provider=FOUR, receiver=FIVE, by=liv))
        own.when(recorded_for(agreed(by=FAY), OLIVE)).then_refused(
            "the same person signed the offer that it answers; somebody else must sign this half"
        )

    def test_nor_a_visit_that_they_made_and_corrected_themselves(self):
        liv = By("olive", f"head@{FOUR}")
        own = given(KEYLESS, appointed(liv), made(visitor=FOUR, host=FIVE, by=liv))
        own.when(recorded_for(attested(by=FAY), OLIVE)).then_refused(
            "the same person claimed the visit; somebody else must sign the host's answer"
        )

    def test_who_holds_both_offices_does_not_answer_themselves(self):
        both = given(BOTH, ended(GUS, "2024-09-03"), appointed(By("fay", GUS.office), "2024-09-04"))
        both.when(recorded_for(agreed(by=GUS), OLIVE)).then_refused(
            f"<person:fay> holds {GUS.office}, and held {FAY.office}: somebody else must say this"
            " half"
        )

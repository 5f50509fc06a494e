"""Confirming and disowning: an office answers for what was recorded for it, and what then holds."""

from decimal import Decimal
from typing import ClassVar

import pytest
from given import (
    ANN,
    BEN,
    CAROL,
    CAT,
    CLEM,
    ESTUARY,
    FAY,
    FIVE,
    KEYLESS,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    RITA,
    THREE,
    TWO,
    By,
    Given,
    Record,
    agreed,
    appointed,
    attested,
    confirmed,
    disowned,
    disputed,
    ended,
    enrolled,
    given,
    key,
    key_enrolled,
    key_members,
    made,
    maintained,
    moderated,
    newcomer,
    offered,
    recorded_for,
    say,
    spelled,
    uuid,
    withdrawn,
    worded,
)

from ledger.decision_model.facts import Book
from ledger.domain.another.facts import ANSWERED, answered
from ledger.domain.brokerage import facts as brokerage

RECORDED = given(KEYLESS, offered(provider=ONE, receiver=FIVE))
#: School one supports school five, whose head agreed by letter, and says by letter that they came.
AGREED = given(RECORDED, recorded_for(agreed(by=FAY), CLEM))
MADE = given(AGREED, made(visitor=ONE, host=FIVE, under="agreement:g"))
SEEN = given(MADE, recorded_for(attested(by=FAY), OLIVE))
KEYED = given(SEEN, key_enrolled("fay", "2024-10-20"))
YEAR = say(
    *("PartnershipYearOpened", "year", CAROL, "2024-09-03"),
    partnership=ESTUARY,
    name="2024-25",
    starts="2024-09-01",
    ends="2025-08-31",
)
OWED = f"record_confirmation: {FIVE} owes {ESTUARY} 1 item by"


class TestRecordConfirmed:
    def test_one_answer_confirms_all(self):
        history = KEYED.when(confirmed(FAY)).then_recorded()
        said = history.record.entries[-1].data
        assert said["events"] == [f"event:{uuid(one)}" for one in ("sought-5", "g", "a")]
        assert history.owed(kind="record_confirmation") == []

    def test_but_for_what_rests_on_what_it_disowned(self):
        visit = recorded_for(made(visitor=FIVE, host=TWO, under="year:year", by=FAY), CLEM)
        said = recorded_for(maintained(by=FAY), CLEM)
        history = given(KEYLESS, YEAR, visit, disputed(), said, key_enrolled("fay", "2024-10-20"))
        after = given(history, disowned(FAY, "v"))
        entry = given(after, confirmed(FAY)).record.entries[-1]
        assert entry.data["events"] == [f"event:{uuid('sought-5')}"]
        assert entry.data.get("obligations", []) == []
        after.when(confirmed(FAY, "m", "sought-5")).then_recorded()

    def test_or_names_some(self):
        some = KEYED.when(confirmed(FAY, "sought-5", "g")).then_recorded()
        assert some.owed(kind="record_confirmation") == [f"{OWED} 2024-11-19"]
        rest = some.when(confirmed(FAY, label="rest")).then_recorded()
        assert rest.record.entries[-1].data["events"] == [f"event:{uuid('a')}"]
        assert rest.owed(kind="record_confirmation") == []

    @pytest.mark.parametrize("by", [BEN, CLEM, OLIVE, RITA], ids=lambda by: by.office)
    def test_no_other_office_confirms_it(self, by):
        """An attack: whoever recorded it, or anybody else, would say that the head confirmed it."""
        outcome = KEYED.when(confirmed(FAY, "g", by=by))
        assert f"RecordConfirmed is not for {by.office} to sign" in outcome.reasons[0]
        own = KEYED.when(confirmed(by, "g"))
        assert worded(f"<event:g> was not recorded for {by.office}") in own.reasons

    def test_nor_for_the_office_on_its_behalf(self):
        unkeyed = SEEN.when(recorded_for(confirmed(FAY, "g"), OLIVE))
        assert (
            "RecordConfirmed is not recorded for another office: it stands for good, so whoever"
            " says it signs it"
        ) in unkeyed.reasons

    def test_who_recorded_it_does_not_confirm_it_in_the_office_itself(self):
        """An attack: the clerk becomes head, and confirms what they wrote."""
        clem = By("clem", FAY.office)
        came = given(SEEN, ended(FAY, "2024-10-10"), appointed(clem, "2024-10-11", label="came"))
        came.when(confirmed(clem, "g")).then_refused(
            "the same person recorded <event:g>; somebody else must confirm it"
        )
        came.when(confirmed(clem, "a")).then_recorded()

    def test_who_signed_the_other_half_does_not_confirm_this_one(self):
        ann = By("ann", FAY.office)
        came = given(SEEN, ended(FAY, "2024-10-10"), appointed(ann, "2024-10-11", label="came"))
        came.when(confirmed(ann, "g")).then_refused(
            "the same person signed the other half of <event:g>; somebody else must confirm this"
            " one"
        )

    def test_the_next_holder_answers_for_what_the_last_one_said(self):
        gil = By("gil", FAY.office)
        came = given(SEEN, ended(FAY, "2024-10-10"), newcomer(gil, "2024-10-11"))
        came.when(confirmed(gil)).then_recorded()

    NOTHING: ClassVar = {
        "what it signed itself": ("o", ANN, f"<event:o> was not recorded for {ANN.office}"),
        "what is confirmed": ("g", FAY, "<event:g> is confirmed already"),
        "what is disowned": ("a", FAY, "<event:a> is disowned already"),
        "what is withdrawn": ("x", FAY, "<event:x> is withdrawn already"),
    }

    @pytest.mark.parametrize("row", NOTHING)
    def test_what_has_nothing_to_answer(self, row):
        event, by, reason = self.NOTHING[row]
        answered = given(
            SEEN,
            recorded_for(made("x", visitor=FIVE, host=TWO, by=FAY), CLEM),
            withdrawn("x", CLEM, "2024-10-05"),
            key_enrolled("fay", "2024-10-20"),
            confirmed(FAY, "g"),
            disowned(FAY, "a"),
        )
        answered.when(confirmed(by, event, label="again")).then_refused(reason)
        answered.when(disowned(by, event, label="again")).then_refused(reason)

    def test_no_event_twice(self):
        KEYED.when(confirmed(FAY, "g", "g")).then_refused("it names an event twice")

    def test_it_is_not_withdrawn(self):
        given(KEYED, confirmed(FAY)).when(withdrawn("ok", FAY, "2024-11-02")).then_refused(
            "RecordConfirmed cannot be withdrawn: withdraw what it confirms instead"
        )

    def test_what_is_confirmed_may_be_withdrawn_still(self):
        history = given(KEYED, confirmed(FAY))
        history.when(withdrawn("a", FAY, "2024-11-02")).then_recorded()


class TestRecordDisowned:
    def test_it_counts_as_withdrawn_from_its_own_day(self):
        assert KEYED.left("g/support", "2024-10-01") == "4.5"
        history = KEYED.when(disowned(FAY, "a")).then_recorded()
        assert history.left("g/support", "2024-10-01") == "6"
        assert history.left("v/attestation") == "1"
        known = history.record.entries[-2].position
        assert history.left("g/support", known=known) == "4.5", "as it was known before"

    def test_whoever_relies_on_it(self):
        history = KEYED.when(disowned(FAY, "g", "a")).then_recorded()
        assert history.owed(kind="support") == []
        assert [one.name for one in history.record.entries if one.id == uuid("v")] == ["VisitMade"]

    def test_a_withdrawal_of_the_same_is_refused_because_others_rely_on_it(self):
        outcome = KEYED.when(withdrawn("g", FAY, "2024-11-01"))
        assert outcome.reasons[0].startswith("later events rely on it: VisitMade ")

    def test_not_what_a_later_event_of_its_own_rests_on(self):
        """An attack: a head relied on an agreement herself, and disowns it to escape the debt."""
        visit = made("w", visitor=ONE, host=FIVE, under="agreement:g", on="2024-10-25")
        relied = given(KEYED, visit, attested("b", "w", by=FAY, on="2024-10-26"))
        relied.when(disowned(FAY, "g")).then_refused(
            f"{FAY.office} itself said VisitAttested <b>, which rests on <event:g>: withdraw that"
            " first"
        )
        relied.when(disowned(FAY, "a")).then_recorded()
        back = given(relied, withdrawn("b", FAY, "2024-10-27"))
        back.when(disowned(FAY, "g")).then_recorded()

    def test_nor_what_it_rests_on_by_way_of_what_another_said(self):
        """An attack: the head helps by an agreement, and disowns the offer that it takes up."""
        offer = recorded_for(offered("f", "2024-09-12", provider=FIVE, by=FAY), CLEM)
        taken = given(
            KEYLESS,
            offer,
            agreed("t", "f", "2024-09-13", starts="2024-09-13"),
            key_enrolled("fay", "2024-10-20"),
        )
        helped = given(taken, made("w", "2024-10-25", visitor=FIVE, by=FAY, under="agreement:t"))
        helped.when(disowned(FAY, "f")).then_refused(
            f"{FAY.office} itself said VisitMade <w>, which rests on <event:f>: withdraw that first"
        )
        taken.when(disowned(FAY, "f")).then_recorded()
        given(helped, withdrawn("w", FAY, "2024-10-26")).when(disowned(FAY, "f")).then_recorded()

    def test_nor_what_something_rests_on_that_it_confirmed(self):
        sure = given(KEYED, confirmed(FAY, "a"))
        sure.when(disowned(FAY, "g")).then_refused(
            f"{FAY.office} itself said VisitAttested <a>, which rests on <event:g>: withdraw that"
            " first"
        )

    def test_what_others_recorded_for_it_holds_nothing_back(self):
        KEYED.when(disowned(FAY, "g")).then_recorded()

    def test_it_repeats_the_references_of_what_it_disowns(self):
        drafted = KEYED.drafted(disowned(FAY, "g"))
        assert set(spelled(["offer:o", FIVE, ONE, FAY.office])) <= set(drafted.data["references"])
        outcome = KEYED.when_altered(disowned(FAY, "g"), references=[FIVE])
        assert outcome.reasons[0].startswith(
            f"“references” must be the references of what is disowned, sorted: got {FIVE},"
            " expected "
        )

    def test_what_is_disowned_no_longer_stands(self):
        history = given(KEYED, disowned(FAY, "g", "a"))
        visit = made("w", visitor=ONE, host=FIVE, under="agreement:g", on="2024-11-02")
        history.when(visit).then_refused(
            "it names <agreement:g>, which was withdrawn or disowned: name one that stands"
        )
        history.when(withdrawn("g", CLEM, "2024-11-02")).then_refused(
            "<event:g> is withdrawn already"
        )

    def test_a_disowned_visit_asks_for_no_answer_to_its_dispute(self):
        visit = recorded_for(made(visitor=FIVE, host=TWO, under="year:year", by=FAY), CLEM)
        history = given(KEYLESS, YEAR, visit, disputed(by=BEN), key_enrolled("fay", "2024-10-20"))
        assert history.left("d/dispute_answer") == "1"
        assert given(history, disowned(FAY, "v")).left("d/dispute_answer") == "0"

    def test_a_disowned_visit_gave_no_day_under_an_agreement(self):
        terms = {"provider": FIVE, "receiver": TWO, "by": FAY}
        visit = made("w", visitor=FIVE, host=TWO, under="agreement:h", by=FAY, on="2024-10-02")
        history = given(
            *(KEYLESS, recorded_for(offered("p", **terms), CLEM), agreed("h", "p")),
            *(recorded_for(visit, CLEM), attested("b", "w", on="2024-10-03")),
            key_enrolled("fay", "2024-10-20"),
        )
        assert brokerage.given(history.look, uuid("h")) == Decimal("1.5")
        after = given(history, disowned(FAY, "w"))
        assert brokerage.given(after.look, uuid("h")) == 0
        assert after.left("h/support") == "6"

    @pytest.mark.parametrize("found", ["1.0", "0.5", None])
    def test_a_disowned_visit_pays_nothing_whoever_confirmed_it(self, found):
        """A visit of five is confirmed by its host, in part, and a moderator may find the rest."""
        visit = recorded_for(made(visitor=FIVE, host=TWO, under="year:year", by=FAY), CLEM)
        seen = [attested(days="1.5" if found is None else "0.5")]
        if found is not None:
            finding = "upheld" if found == "1.0" else "varied"
            seen += [
                recorded_for(maintained(by=FAY), CLEM),
                moderated(visit="visit:v", days=found, finding=finding, judgement=None),
            ]
        history = given(KEYLESS, YEAR, visit, *seen, key_enrolled("fay", "2024-10-20"))
        assert history.left(f"year/peer_visit/{FIVE}") == "2"
        after = given(history, disowned(FAY, "v"))
        assert after.left(f"year/peer_visit/{FIVE}") == "3"
        assert after.left("v/attestation") == "0"
        assert after.owed(kind="dispute_answer") == []

    def test_nor_does_what_was_confirmed_of_it_ask_anything(self):
        visit = recorded_for(made(visitor=FIVE, host=TWO, under="year:year", by=FAY), CLEM)
        seen = attested(days="0.5")
        history = given(KEYLESS, YEAR, visit, seen, key_enrolled("fay", "2024-10-20"))
        assert history.left("a/dispute_answer") == "1"
        after = given(history, disowned(FAY, "v"))
        for answer in ("v/attestation", "a/dispute_answer"):
            assert (after.left(answer), after.beyond(answer)) == ("0", "0")

    def test_and_may_be_made_anew_once_its_year_is_over(self):
        visits = [
            recorded_for(made(one, visitor=FIVE, host=host, under="year:year", by=FAY), CLEM)
            for one, host in (("v", TWO), ("w", ONE), ("x", THREE))
        ]
        seen = [attested(), attested("b", "w", by=ANN), attested("c", "x", by=CAT)]
        history = given(KEYLESS, YEAR, *visits, *seen, key_enrolled("fay", "2024-10-20"))
        assert history.left(f"year/peer_visit/{FIVE}") == "0"
        again = made("y", "2025-09-10", visitor=FIVE, host=TWO, under="year:year", by=FAY)
        history.when(again).then_refused(
            "2025-09-10 is not within the year 2024-25, from 2024-09-01 to 2025-08-31"
        )
        given(history, disowned(FAY, "v")).when(again).then_recorded()


@pytest.mark.parametrize("complete", [(), (ANSWERED,)], ids=["asked for", "kept"])
@pytest.mark.parametrize(("answer", "told"), [(confirmed, "confirmed"), (disowned, "disowned")])
def test_how_an_office_answered_is_told_to_who_asked_before_it_did(answer, told, complete):
    record = given(KEYED, answer(FAY, "a")).record
    book = Book(record.read, len(record.entries) - 1, complete)
    assert book.look(answered(uuid("a"))) is None
    book.apply(record.entries[-1])
    assert book.look(answered(uuid("a"))) == told


class TestRecordConfirmation:
    def test_the_first_event_recorded_for_an_office_opens_it_and_no_key_no_due_date(self):
        assert KEYLESS.owed(kind="record_confirmation") == [f"{OWED} no day"]
        assert SEEN.owed(kind="record_confirmation") == [f"{OWED} no day"]

    @pytest.mark.parametrize(
        ("by", "party"), [(CLEM, ESTUARY), (OLIVE, NORTHWICK_BODY), (RITA, "ledger")]
    )
    def test_it_is_owed_to_the_party_of_who_recorded_first(self, by, party):
        answered = given(KEYED, confirmed(FAY), say_retired())
        again = made("w", visitor=FIVE, host=TWO, by=FAY, on="2024-11-03")
        history = given(answered, recorded_for(again, by))
        assert history.owed(kind="record_confirmation") == [
            f"record_confirmation: {FIVE} owes {party} 1 item by no day"
        ]

    def test_it_falls_due_thirty_days_after_a_holder_first_has_a_key(self):
        assert KEYED.owed(kind="record_confirmation") == [f"{OWED} 2024-11-19"]
        second = {"person": "person:fay", **key_members("fay-2", "fay")}
        more = given(KEYED, say("KeyEnrolled", "k2", RITA, "2024-10-30", **second))
        assert more.owed(kind="record_confirmation") == [f"{OWED} 2024-11-19"]

    def test_or_after_a_holder_who_has_one_takes_office(self):
        gil = By("gil", FAY.office)
        came = given(
            SEEN, newcomer(gil, "2024-10-11", effective_on="2025-01-01", succeeds="person:fay")
        )
        assert came.owed(kind="record_confirmation") == [f"{OWED} 2025-01-31"]

    def test_or_after_who_is_to_take_office_has_a_key(self):
        later = {"effective_on": "2025-01-01", "succeeds": "person:fay"}
        to_come = appointed(By("gil", FAY.office), "2024-10-11", **later)
        came = given(SEEN, enrolled("gil"), to_come, key_enrolled("gil", "2024-10-12"))
        assert came.owed(kind="record_confirmation") == [f"{OWED} 2025-01-31"]

    def test_what_makes_it_due_names_it(self):
        entry = KEYED.record.entries[-1]
        assert entry.data["obligations"] == spelled(["sought-5/record_confirmation"])

    def test_a_key_of_somebody_else_changes_nothing(self):
        other = given(SEEN, enrolled("pat"), key_enrolled("pat", "2024-10-20"))
        assert other.owed(kind="record_confirmation") == [f"{OWED} no day"]

    def test_what_is_left_keeps_it_open(self):
        some = given(KEYED, confirmed(FAY, "sought-5"), disowned(FAY, "a"))
        assert some.owed(kind="record_confirmation") == [f"{OWED} 2024-11-19"]
        assert given(some, confirmed(FAY, label="rest")).owed(kind="record_confirmation") == []

    def test_it_goes_on_for_the_rest_though_what_opened_it_is_taken_back(self):
        left = given(KEYED, disowned(FAY, "sought-5"))
        assert left.owed(kind="record_confirmation") == [f"{OWED} 2024-11-19"]
        assert given(left, confirmed(FAY)).owed(kind="record_confirmation") == []
        alone = given(KEYLESS, key_enrolled("fay", "2024-10-20"), disowned(FAY, "sought-5"))
        assert alone.owed(kind="record_confirmation") == []

    def test_withdrawing_all_that_was_recorded_leaves_nothing_to_answer(self):
        history = given(KEYED, withdrawn("a", OLIVE, "2024-10-21"), confirmed(FAY, "sought-5", "g"))
        assert history.owed(kind="record_confirmation") == []
        first = given(KEYED, confirmed(FAY, "sought-5", "g"), withdrawn("a", OLIVE, "2024-11-02"))
        assert first.owed(kind="record_confirmation") == []

    def test_an_office_owes_nothing_to_its_own_party(self):
        """The clerk records for the chair: the partnership would owe itself."""
        vic = By("vic", CAROL.office)
        newly = given(
            KEYLESS, ended(CAROL, "2024-09-03"), enrolled("vic"), appointed(vic, "2024-09-04")
        )
        seen = say(
            *("PartnershipYearOpened", "year", vic, "2024-09-05"),
            partnership=ESTUARY,
            name="2024-25",
            starts="2024-09-01",
            ends="2025-08-31",
        )
        history = given(newly, recorded_for(seen, CLEM))
        assert history.owed(kind="record_confirmation") == [f"{OWED} no day"]

    def test_an_attack_past_the_rules_confirms_nothing(self):
        """Confirmed by another office, past the rules: it still waits for the head."""
        outcome = KEYED.when(confirmed(BEN, "g", "a", "sought-5"))
        assert outcome.reasons
        forced = Given(Record([*KEYED.record.entries, outcome.entry]))
        assert forced.owed(kind="record_confirmation") == KEYED.owed(kind="record_confirmation")


def say_retired():
    said = {"person": "person:fay", "key": key("fay")}
    return say("KeyRetired", "retired", RITA, "2024-11-02", **said)

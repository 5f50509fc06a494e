"""Needs and evidence: who says what a school needs, who answers, who shows it."""

from typing import ClassVar

import pytest
from given import (
    ANN,
    BEACON,
    BEN,
    CAROL,
    CAT,
    CLEM,
    DAN,
    ESTUARY,
    FAY,
    FIVE,
    FOUR,
    IRIS,
    KEYLESS,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    SEALED,
    THREE,
    TOM,
    TWO,
    WITH_ESTUARY,
    By,
    admitted,
    agreed,
    body,
    body_changed,
    body_succeeded,
    closed,
    decided,
    escalated,
    formed,
    framework,
    given,
    identified,
    judged,
    lodged,
    made,
    newcomer,
    offered,
    recorded_for,
    responded,
    rules_set,
    say,
    schools_merged,
    sought,
    withdrawn,
)

from ledger.decision_model.kinds import Owed
from ledger.domain.needs.kinds import BROKERAGE

ADA = By("ada", f"adviser@{TWO}")
INA = By("ina", "officer@body:inspectors")
FAR = (
    f" does not answer for {TWO}: a need is identified by the school, a partnership that it is in,"
    " its responsible body or local authority, a regional or RISE team, or an inspectorate"
)


class TestNeedIdentified:
    MAY: ClassVar = {
        "the school itself": (NORTHWICK, BEN, TWO),
        "its adviser": (given(NORTHWICK, newcomer(ADA, by=OLIVE)), ADA, NORTHWICK_BODY),
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
            (
                f"“raiser” must be whose office signs: got {BEACON}, expected {NORTHWICK_BODY};"
                " left out, it is filled in"
            ),
            f"{BEACON}{FAR}",
        )

    def test_on_grounds_that_are_recorded(self):
        NORTHWICK.when(identified(grounds=["event:j"])).then_refused(
            "it names <event:j>, which is not in this ledger; check its id"
        )

    def test_a_need_of_a_school_that_is_registered(self):
        NORTHWICK.when(identified(school="school:900009")).then_refused(
            "it names school:900009 as school, which is not registered in this ledger;"
            " `school-ledger find NAME` looks it up, and a registrar registers it"
        )


IDENTIFIED = given(NORTHWICK, identified())
OWED = f"need_response: {TWO} owes {NORTHWICK_BODY} 1 item by"


def accepting(label="k", on="2024-09-10", by=BEN, **changes):
    return say("NeedAccepted", label, by, on, **{"need": "need:n", **changes})


class TestNeedResponse:
    def test_the_school_owes_an_answer_to_whoever_else_identified_it(self):
        assert IDENTIFIED.owed(kind="need_response") == [f"{OWED} 2024-09-17"]

    def test_within_the_days_that_the_ledgers_rules_allow(self):
        allowed = given(NORTHWICK, rules_set("anew", response_days=5), identified())
        assert allowed.owed(kind="need_response") == [f"{OWED} 2024-09-08"]

    def test_of_an_advisers_word_to_the_body_that_the_adviser_is_of(self):
        history = given(NORTHWICK, newcomer(ADA, by=OLIVE), identified(by=ADA, raiser=None))
        assert history.owed(kind="need_response") == [f"{OWED} 2024-09-17"]

    def test_nothing_is_owed_for_a_need_of_its_own(self):
        history = given(NORTHWICK, identified(by=BEN, raiser=TWO))
        assert history.owed(kind="need_response") == []

    def test_accepting_it_answers(self):
        history = IDENTIFIED.when(accepting()).then_recorded()
        assert history.record.entries[-1].data["obligations"] == [
            f"{history.record.entries[-2].id}/need_response"
        ]
        assert history.owed(kind="need_response") == []
        assert history.left("n/need_response", "2024-09-09") == "1"

    def test_it_is_owed_again_when_that_is_withdrawn(self):
        history = given(IDENTIFIED, accepting(), withdrawn("k", BEN, "2024-09-12"))
        assert history.owed(kind="need_response") == [f"{OWED} 2024-09-17"]


class TestNeedAccepted:
    def test_by_the_head(self):
        IDENTIFIED.when(accepting(by=OLIVE)).then_refused(
            f"NeedAccepted is not for officer@{NORTHWICK_BODY} to sign: it takes the head of the"
            f" school (head@{TWO})"
        )

    def test_once(self):
        given(IDENTIFIED, accepting()).when(accepting("again")).then_refused(
            "<need:n> waits for no answer: it is answered already, or the school identified"
            " it itself"
        )

    def test_not_a_need_of_its_own(self):
        history = given(NORTHWICK, identified(by=BEN, raiser=TWO))
        history.when(accepting()).then_refused(
            "<need:n> waits for no answer: it is answered already, or the school identified"
            " it itself"
        )

    def test_not_a_need_that_nobody_identified(self):
        act = accepting(school=TWO, raiser=NORTHWICK_BODY)
        NORTHWICK.when_exactly(act).then_refused(
            "it names <need:n>, and no need of that id stands in this ledger; `school-ledger"
            " show need:` lists those that do"
        )

    def test_saying_whose_need_it_is_and_who_raised_it(self):
        IDENTIFIED.when(accepting(raiser=BEACON)).then_refused(
            f"“raiser” must be as in the need it names: got {BEACON}, expected"
            f" {NORTHWICK_BODY}; left out, it is filled in"
        )

    def test_a_need_that_was_accepted_is_not_withdrawn(self):
        history = given(IDENTIFIED, accepting())
        outcome = history.when(withdrawn("n", OLIVE, "2024-09-12"))
        assert outcome.reasons[0].startswith("later events rely on it: NeedAccepted ")


class TestEvidenceLodged:
    @pytest.mark.parametrize("by", [BEN, OLIVE, CAROL, TOM], ids=lambda by: by.office)
    def test_by_any_office(self, by):
        WITH_ESTUARY.when(lodged(by=by)).then_recorded()

    def test_about_a_party_that_is_registered(self):
        WITH_ESTUARY.when(lodged(about="school:900009")).then_refused(
            "it names school:900009 as about, which is not registered in this ledger;"
            " `school-ledger find NAME` looks it up, and a registrar registers it"
        )

    def test_of_a_time_that_ends_after_it_begins(self):
        act = lodged(period_from="2024-09-01", period_to="2024-08-31")
        WITH_ESTUARY.when(act).then_refused(
            "it tells of a time that ends on 2024-08-31, before it begins"
        )
        WITH_ESTUARY.when(lodged(period_to="2024-08-31")).then_recorded()

    def test_it_answers_only_what_a_document_answers(self):
        asked = given(WITH_ESTUARY, identified())
        asked.when(lodged(by=BEN, obligation="n/need_response")).then_refused(
            "<n/need_response> is nothing that a document answers"
        )

    def test_what_happened_before_it_may_rest_on_it(self):
        history = given(WITH_ESTUARY, lodged(on="2024-10-05"))
        history.when(made(evidence=["evidence:e"], on="2024-10-01")).then_recorded()

    def test_what_is_named_as_evidence_must_be_lodged(self):
        WITH_ESTUARY.when(made(evidence=["evidence:e"])).then_refused(
            "it names <evidence:e>, and no evidence of that id stands in this ledger;"
            " `school-ledger show evidence:` lists those that do"
        )

    def test_it_is_not_withdrawn_while_something_rests_on_it(self):
        history = given(WITH_ESTUARY, lodged(), made(evidence=["evidence:e"]))
        history.when(withdrawn("e", CLEM, "2024-10-02")).then_refused(
            "later events rely on it: VisitMade <v>; withdraw those first"
        )


def disputing(label="d", on="2024-09-10", by=BEN, **changes):
    return say("NeedDisputed", label, by, on, **{"need": "need:n", "why": SEALED, **changes})


def closing(label="z", on="2024-09-20", by=BEN, **changes):
    return say("NeedClosed", label, by, on, **{"need": "need:n", "outcome": "met", **changes})


class TestNeedDisputed:
    def test_it_answers(self):
        history = IDENTIFIED.when(disputing()).then_recorded()
        assert history.owed(kind="need_response") == []

    def test_by_the_head(self):
        IDENTIFIED.when(disputing(by=OLIVE)).then_refused(
            f"NeedDisputed is not for officer@{NORTHWICK_BODY} to sign: it takes the head of the"
            f" school (head@{TWO})"
        )

    def test_not_what_was_accepted(self):
        given(IDENTIFIED, accepting()).when(disputing()).then_refused(
            "<need:n> waits for no answer: it is answered already, or the school identified"
            " it itself"
        )

    def test_saying_whose_need_it_is(self):
        IDENTIFIED.when(disputing(school=ONE, by=ANN)).then_refused(
            f"“school” must be as in the need it names: got {ONE}, expected {TWO}; left out,"
            " it is filled in"
        )


class TestNeedClosed:
    @pytest.mark.parametrize("by", [BEN, OLIVE], ids=["the head", "who raised it"])
    def test_by(self, by):
        IDENTIFIED.when(closing(by=by)).then_recorded()

    def test_not_by_another(self):
        IDENTIFIED.when(closing(by=ANN)).then_refused(
            f"NeedClosed is not for head@{ONE} to sign: it takes the head of the school"
            f" (head@{TWO}); or the office of the raiser (officer@{NORTHWICK_BODY}); or the office"
            f" that raised it (officer@{NORTHWICK_BODY})"
        )

    def test_by_the_adviser_who_raised_it(self):
        raised = given(NORTHWICK, newcomer(ADA, by=OLIVE), identified(by=ADA, raiser=None))
        raised.when(closing(by=ADA)).then_recorded()

    def test_once_by_each(self):
        history = given(IDENTIFIED, closing(by=OLIVE))
        history.when(closing("again", by=OLIVE)).then_refused(
            f"<need:n> is closed already by officer@{NORTHWICK_BODY}"
        )
        history.when(closing("again")).then_recorded()

    def test_again_once_that_is_withdrawn(self):
        history = given(IDENTIFIED, closing(), withdrawn("z", BEN, "2024-09-21"))
        history.when(closing("again", on="2024-09-22")).then_recorded()

    @pytest.mark.parametrize(("by", "left"), [(BEN, "0"), (OLIVE, "1")], ids=["head", "raiser"])
    def test_by_the_head_nobody_is_to_find_help_any_more(self, by, left):
        asked = given(IDENTIFIED, escalated(to_level="responsible_body", on="2024-09-12"))
        history = given(asked, closing(by=by))
        assert history.left(f"e/brokerage/{NORTHWICK_BODY}") == left

    def test_nor_by_the_head_of_the_school_that_it_merged_into(self):
        asked = given(IDENTIFIED, escalated(to_level="responsible_body", on="2024-09-12"))
        on = "2024-09-15"
        into = schools_merged(predecessors=[TWO, FOUR], school=FOUR, on=on, effective_on=on)
        history = given(asked, into, closing(by=DAN))
        assert history.owed(kind="brokerage") == []
        again = given(history, withdrawn("z", DAN, "2024-09-21"))
        assert len(again.owed(kind="brokerage")) == 1

    def test_it_answers_nothing_that_the_school_owes(self):
        history = given(IDENTIFIED, closing(by=OLIVE))
        assert history.owed(kind="need_response") == [f"{OWED} 2024-09-17"]


#: School two is the trust's, and in the partnership with schools one and three.
IN_TRUST = given(WITH_ESTUARY, body_changed(on="2024-09-02"))
RAISED = given(IN_TRUST, identified(level="school"))
TO_TRUST = given(RAISED, escalated())
TO_PARTNERSHIP = given(TO_TRUST, escalated("e2", to_level="partnership", on="2024-09-13"))
OUTSIDE = given(TO_PARTNERSHIP, escalated("e3", to_level="outside", on="2024-09-14"))
#: A need of school four, which is the council's and in no partnership.
ALONE = given(NORTHWICK, identified(school=FOUR, level="school"))
CATEGORY = {"about": TWO, "category": "special_measures", "on": "2024-09-10"}
IN_CATEGORY = given(IN_TRUST, framework(), judged(**CATEGORY, inspected_on="2024-09-04"))


def brokers(history, on=None):
    return [row.partition(" by ")[0] for row in history.owed(on, kind="brokerage")]


class TestNeedEscalated:
    MAY: ClassVar = {
        "the head": BEN,
        "its adviser": ADA,
        "the chair of a partnership that it is in": CAROL,
        "its responsible body": TOM,
        "its local authority": OLIVE,
        "an inspectorate": IRIS,
    }
    RAISED = given(RAISED, newcomer(ADA, "2024-09-03", by=TOM))

    @pytest.mark.parametrize("by", MAY.values(), ids=MAY)
    def test_by(self, by):
        self.RAISED.when(escalated(by=by)).then_recorded()

    def test_not_by_another(self):
        [reason] = self.RAISED.when(escalated(by=ANN)).reasons
        assert reason.startswith(f"NeedEscalated is not for head@{ONE} to sign")

    def test_level_by_level(self):
        assert OUTSIDE.record.entries[-1].data["from_level"] == "partnership"

    NOT: ClassVar = {
        "from where it does not stand": (
            TO_TRUST,
            {"to_level": "partnership", "from_level": "school"},
            (
                "“from level” must be the level at which it stands: got school, expected"
                " responsible body; left out, it is filled in"
            ),
        ),
        "twice to one level": (
            TO_PARTNERSHIP,
            {},
            "it was put to the responsible body already",
        ),
        "back from outside, where the trust was passed by": (
            given(IN_CATEGORY, escalated("out", "judgement:j", to_level="outside")),
            {"trigger": "judgement:j", "on": "2024-09-13"},
            "it was put outside, and goes no way back to the responsible body",
        ),
        "past a level without a reason": (
            RAISED,
            {"to_level": "partnership"},
            (
                "it passes by the responsible body: put it there first, or let an officer"
                " who commissions say with --skips why not"
            ),
        ),
        "past two": (
            RAISED,
            {"to_level": "outside"},
            (
                "it passes by the responsible body and the partnership: put it there first,"
                " or let an officer who commissions say with --skips why not"
            ),
        ),
        "past a level by who commissions nothing": (
            RAISED,
            {"to_level": "partnership", "skips": SEALED},
            (
                "it passes by the responsible body: put it there first, or let an officer"
                " who commissions say with --skips why not"
            ),
        ),
        "past nothing, with a reason": (
            RAISED,
            {"skips": SEALED, "by": TOM},
            ("it says why it passes by a level, and passes by none that there is: leave that out"),
        ),
        "to a partnership that there is not": (
            ALONE,
            {"to_level": "partnership", "by": DAN},
            f"{FOUR} is in no partnership on 2024-09-12",
        ),
        "what is closed": (
            given(RAISED, closing(on="2024-09-11")),
            {},
            f"<need:n> is closed by head@{TWO}",
        ),
        "what is no trigger": (
            RAISED,
            {"trigger": "need:zzz", "school": TWO, "from_level": "school"},
            (
                "it names <need:zzz>, and no need of that id stands in this ledger;"
                " `school-ledger show need:` lists those that do"
            ),
        ),
        "to whom it does not go": (
            RAISED,
            {"brokers": [ONE]},
            (
                f"“brokers” must be who comes to owe that help is found: got {ONE}, expected"
                f" {BEACON}; left out, it is filled in"
            ),
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        history, changes, reason = case
        history.when(escalated("x", **changes)).then_refused(reason)

    def test_an_officer_passes_by_a_level_and_says_why(self):
        RAISED.when(escalated(to_level="outside", skips=SEALED, by=OLIVE)).then_recorded()

    def test_a_level_that_the_school_does_not_have_is_passed_by_itself(self):
        ALONE.when(escalated(to_level="outside", by=DAN)).then_recorded()

    def test_a_category_of_concern_skips_to_outside(self):
        act = escalated(trigger="judgement:j", to_level="outside")
        IN_CATEGORY.when(act).then_recorded()
        need = given(IN_CATEGORY, identified(level="school", on="2024-09-11"))
        need.when(escalated(to_level="outside")).then_recorded()

    def test_what_later_levels_rest_on_is_not_withdrawn(self):
        [reason] = TO_PARTNERSHIP.when(withdrawn("e", BEN, "2024-09-14")).reasons
        assert reason.startswith("later events rely on it: NeedEscalated ")


class TestEscalatedOnceMerged:
    """What was asked for a school that merged is put further by the head of the one school."""

    ON: ClassVar = {"on": "2024-09-20", "effective_on": "2024-09-20"}
    MERGED = given(TO_TRUST, schools_merged(predecessors=[TWO, FOUR], school=FOUR, **ON))
    FURTHER = escalated("e2", to_level="partnership", on="2024-09-25", by=DAN)

    def test_and_help_is_found_for_that(self):
        history = given(self.MERGED, self.FURTHER)
        assert history.owed(kind="brokerage") == [
            f"brokerage: {ESTUARY} owes {FOUR} 1 item by 2024-10-23"
        ]

    def test_not_for_a_school_that_closed(self):
        history = given(RAISED, closed(TWO, "2024-09-20"))
        [reason, *_] = history.when(self.FURTHER.but(by=BEN)).reasons
        assert "closed" in reason


class TestBrokerage:
    def test_the_responsible_body_owes_it_then_the_partnership_then_the_body_again(self):
        trust, estuary = (f"brokerage: {one} owes {TWO} 1 item" for one in (BEACON, ESTUARY))
        assert brokers(RAISED) == []
        assert brokers(TO_TRUST) == [trust]
        assert brokers(TO_PARTNERSHIP) == [estuary]
        assert brokers(OUTSIDE) == [trust]

    def test_within_the_days_of_the_ledger_or_of_the_partnerships_rules(self):
        assert [row.rpartition(" ")[2] for row in TO_TRUST.owed(kind="brokerage")] == ["2024-10-10"]
        days = given(TO_TRUST, rules_set("anew", brokerage_days=3))
        act = escalated("e2", to_level="partnership", on="2024-09-13")
        assert [row.rpartition(" ")[2] for row in given(days, act).owed(kind="brokerage")] == [
            "2024-10-11"
        ]

    def test_the_body_owes_it_where_the_school_is_in_no_partnership(self):
        history = given(ALONE, escalated(to_level="outside", by=DAN))
        assert brokers(history) == [f"brokerage: {NORTHWICK_BODY} owes {FOUR} 1 item"]

    def test_a_category_asks_the_body_at_once_and_its_partnerships_for_an_answer(self):
        assert brokers(IN_CATEGORY) == [f"brokerage: {BEACON} owes {TWO} 1 item"]
        assert IN_CATEGORY.owed(kind="member_response") == [
            f"member_response: {ESTUARY} owes {TWO} 1 item by 2024-09-24"
        ]

    def test_no_category_asks_nobody(self):
        assert brokers(given(IN_TRUST, framework(), judged(about=TWO))) == []

    @pytest.mark.parametrize("to", ["responsible_body", "partnership", "outside"])
    def test_once_by_each_debtor_of_one_trigger(self, to):
        act = escalated(trigger="judgement:j", to_level=to)
        assert brokers(given(IN_CATEGORY, act)) == [f"brokerage: {BEACON} owes {TWO} 1 item"]

    ENDS: ClassVar = {
        "leaving it alone": decided(by=TOM),
        "the head who closes the need": closing(),
        "going further": escalated("e2", to_level="partnership", on="2024-09-13"),
    }

    @pytest.mark.parametrize("act", ENDS.values(), ids=ENDS)
    def test_answered_by(self, act):
        assert f"brokerage: {BEACON} owes {TWO} 1 item" not in brokers(given(TO_TRUST, act))

    def test_answered_by_support_agreed_for_it(self):
        offer = offered(provider=THREE, by=CAT, trigger="need:n", on="2024-09-13")
        agreement = agreed(on="2024-09-14", starts="2024-09-14")
        history = given(TO_PARTNERSHIP, offer)
        assert brokers(history) != []
        assert brokers(given(history, agreement)) == []

    def test_answered_by_what_is_recorded_for_a_head_without_a_key(self):
        need = identified(school=FIVE, level="school", by=FAY, raiser=None)
        up = escalated("up", to_level="partnership", by=FAY)
        history = given(KEYLESS, recorded_for(need, CLEM), recorded_for(up, CLEM))
        assert brokers(history) == [f"brokerage: {ESTUARY} owes {FIVE} 1 item"]
        assert brokers(given(history, recorded_for(closing(by=FAY), CLEM))) == []

    STAYS: ClassVar = {
        "another's decision": decided(by=OLIVE),
        "a decision to support": decided(by=TOM, decision="support"),
        "whoever raised it closing it": closing(by=OLIVE),
    }

    @pytest.mark.parametrize("act", STAYS.values(), ids=STAYS)
    def test_not_answered_by(self, act):
        assert brokers(given(TO_TRUST, act)) == [f"brokerage: {BEACON} owes {TWO} 1 item"]

    def test_it_is_owed_again_when_the_answer_is_withdrawn(self):
        history = given(TO_TRUST, decided(by=TOM), withdrawn("dec", TOM, "2024-09-17"))
        assert brokers(history) == [f"brokerage: {BEACON} owes {TWO} 1 item"]

    @pytest.mark.parametrize("about", ["need:x", "judgement:x"])
    def test_whoever_answers_it_need_not_say_what_asks_for_help(self, about):
        owed = Owed("x/brokerage", BEACON, TWO, about, {"about": TWO})
        told = [(way.event.__name__, way.data.get("trigger")) for way in BROKERAGE.ways(owed)]
        assert told[0] == ("DecisionRecorded", about)
        assert ("SupportAgreed", about) in told


class TestMemberResponse:
    def test_answered_by_an_offer_of_a_member(self):
        offer = offered(on="2024-09-12", trigger="judgement:j", route="partnership")
        assert given(IN_CATEGORY, offer).owed(kind="member_response") == []

    def test_not_by_an_offer_from_outside(self):
        offer = offered(on="2024-09-12", trigger="judgement:j")
        assert given(IN_CATEGORY, offer).owed(kind="member_response") != []

    def test_an_offer_that_answered_is_not_withdrawn_under_one_that_would_have(self):
        """Else nobody would have answered, though another member offered too."""
        first = offered(on="2024-09-12", trigger="judgement:j", route="partnership")
        second = first.but(label="o2", provider=THREE, by=CAT)
        history = given(IN_CATEGORY, first, second)
        [reason] = history.when(withdrawn("o", ANN, "2024-09-13")).reasons
        assert reason.startswith("later events rely on it: SupportOffered ")
        history.when(withdrawn("o2", CAT, "2024-09-13")).then_recorded()

    def test_answered_by_each_partnership_for_itself(self):
        """One's member offered help, and the other was not asked any more."""
        hal = By("hal", "chair@partnership:hill")
        to_hill = {"partnership": "partnership:hill"}
        history = given(
            IN_TRUST,
            formed("hill", "hill"),
            newcomer(hal),
            [sought("in-hill", TWO, **to_hill), admitted("hilled", "in-hill", by=hal)],
            [framework(), judged(**CATEGORY, inspected_on="2024-09-04")],
        )
        offer = offered(on="2024-09-12", trigger="judgement:j", route="partnership")
        left = [f"member_response: partnership:hill owes {TWO} 1 item by 2024-09-24"]
        assert given(history, offer).owed(kind="member_response") == left
        another = offer.but(label="o2", provider=THREE, by=CAT)
        assert given(history, offer, another).owed(kind="member_response") == left
        history.when(offer.but(answers_for=["partnership:hill"])).then_refused(
            "“answers for” is told by the rules, as the partnerships of both that are asked: got"
            f" partnership:hill, expected {ESTUARY}; leave it out"
        )

    def test_not_answered_for_a_partnership_by_who_is_only_in_another(self):
        """The school joined that one later, and nobody asked it."""
        hal = By("hal", "chair@partnership:hill")
        to_hill = {"partnership": "partnership:hill"}
        both = [
            act
            for label, school in (("two", TWO), ("four", FOUR))
            for act in (
                sought(f"{label}-hill", school, "2024-09-11", **to_hill),
                admitted(f"{label}-in", f"{label}-hill", "2024-09-12", by=hal),
            )
        ]
        history = given(IN_CATEGORY, formed("hill", "hill"), newcomer(hal), both)
        offer = offered(
            on="2024-09-13", provider=FOUR, by=DAN, trigger="judgement:j", route="partnership"
        )
        after = given(history, offer)
        assert after.record.entries[-1].data["answers_for"] == ["partnership:hill"]
        assert after.owed(kind="member_response") == history.owed(kind="member_response") != []

    def test_an_older_offer_that_says_not_for_whom_is_judged_as_it_was(self):
        offer = offered(on="2024-09-12", trigger="judgement:j", route="partnership")
        older = IN_CATEGORY.when_altered(offer, answers_for=None).then_recorded()
        assert older.owed(kind="member_response") == []

    def test_asked_once(self):
        act = escalated(trigger="judgement:j", to_level="outside")
        assert len(given(IN_CATEGORY, act).owed(kind="member_response")) == 1

    def test_owed_by_partnerships_where_a_need_goes_past_them(self):
        assert OUTSIDE.owed(kind="member_response") == [
            f"member_response: {ESTUARY} owes {TWO} 1 item by 2024-09-26"
        ]


class TestPartnershipResponded:
    @pytest.mark.parametrize("offers", ["help", "nothing"])
    def test_it_answers_what_the_partnership_owes_a_member(self, offers):
        act = responded(trigger="judgement:j", offers=offers)
        assert IN_CATEGORY.drafted(act).data["school"] == TWO
        assert given(IN_CATEGORY, act).owed(kind="member_response") == []
        assert given(OUTSIDE, responded()).owed(kind="member_response") == []

    def test_once(self):
        history = given(OUTSIDE, responded())
        history.when(responded("again", "2024-09-17")).then_refused(
            f"{ESTUARY} owes no answer to <need:n>, or has given it already"
        )

    def test_only_where_it_is_asked(self):
        given(WITH_ESTUARY, identified()).when(responded()).then_refused(
            f"{ESTUARY} owes no answer to <need:n>, or has given it already"
        )

    def test_of_the_school_that_asks(self):
        OUTSIDE.when_altered(responded(), school=ONE).then_refused(
            f"“school” must be the school that asks for help: got {ONE}, expected {TWO}; left"
            " out, it is filled in"
        )

    def test_the_answer_is_owed_again_when_it_is_withdrawn(self):
        history = given(OUTSIDE, responded(), withdrawn("resp", CAROL, "2024-09-17"))
        assert len(history.owed(kind="member_response")) == 1


class TestDecisionRecorded:
    OFFERED = given(NORTHWICK, offered(payer=NORTHWICK_BODY, price="100.00"))
    OF_OFFER: ClassVar = {"offer": "offer:o", "decision": "approve"}

    def test_about_an_offer_by_who_pays(self):
        history = self.OFFERED.when(decided(**self.OF_OFFER)).then_recorded()
        assert history.record.entries[-1].data["school"] == TWO

    def test_about_a_provider_by_anybody_but_itself(self):
        of_provider = {"provider": BEACON, "decision": "approve"}
        NORTHWICK.when(decided(**of_provider)).then_recorded()
        NORTHWICK.when(decided(**of_provider, by=TOM)).then_refused(
            "a provider does not decide about itself"
        )

    NOT: ClassVar = {
        "about nothing": ({"trigger": None}, "got none"),
        "about two": (
            {"trigger": "need:n", "provider": BEACON},
            "got what asks for help, a provider",
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_about_one_thing(self, case):
        changes, got = case
        RAISED.when(decided(**changes)).then_refused(
            "a decision is about one thing, be it what asks for help, an offer, a provider, a plan"
            f" or a conflict of interest: {got}"
        )

    def test_what_fits_what_it_is_about(self):
        RAISED.when(decided(decision="approve")).then_refused(
            "of what asks for help it decides support or leave alone: got approve"
        )

    def test_not_by_who_does_not_decide(self):
        RAISED.when(decided(by=ANN)).then_refused(
            f"{ONE} does not decide this: it takes {BEACON}, {NORTHWICK_BODY}, {ESTUARY}"
        )
        self.OFFERED.when(decided(**self.OF_OFFER, by=TOM)).then_refused(
            f"{BEACON} does not decide this: it takes {NORTHWICK_BODY}"
        )

    def test_not_by_the_person_who_made_the_offer(self):
        both = By("ann", OLIVE.office)
        act = newcomer(both, "2024-09-04", label="ann-at-northwick")[-1]
        given(self.OFFERED, act).when(decided(**self.OF_OFFER, by=both)).then_refused(
            "the same person signed the offer that it answers; somebody else must sign this half"
        )

    def test_once_by_each(self):
        already = " has decided this already: withdraw that to decide anew"
        again = decided("again", decision="support")
        given(RAISED, decided()).when(again).then_refused(f"{NORTHWICK_BODY}{already}")
        given(RAISED, decided()).when(again.but(by=TOM)).then_recorded()
        act = decided("again", **self.OF_OFFER)
        given(self.OFFERED, decided(**self.OF_OFFER)).when(act).then_refused(
            f"{NORTHWICK_BODY}{already}"
        )

    def test_anew_once_it_is_put_to_another_level(self):
        history = given(TO_TRUST, decided(by=TOM))
        further = escalated("e2", to_level="partnership", on="2024-09-17")
        history = given(history, further)
        history.when(decided("again", by=TOM, on="2024-09-18")).then_recorded()


SAME_PERSON = (
    "the same person signed the conflict that it answers; somebody else must sign this half"
)


def declaring(label="c", on="2024-09-05", by=ANN, **changes):
    """Ann, head of the provider, has a sister at the school."""
    said = {"person": f"person:{by.name}", "agreement": "agreement:g", "what": SEALED}
    return say("ConflictOfInterestDeclared", label, by, on, **{**said, **changes})


def clearing(label="dec", on="2024-09-09", by=OLIVE, **changes):
    said = {"conflict": "conflict:c", "decision": "cleared", "why": SEALED}
    return say("DecisionRecorded", label, by, on, **{**said, **changes})


AGREED = given(WITH_ESTUARY, offered(), agreed())
DECLARED = given(AGREED, declaring())


class TestConflictOfInterestDeclared:
    MAY: ClassVar = {
        "the person's office": {},
        "the party's office": {"person": None, "party": ONE},
        "an officer of the body responsible": {"person": "person:ann", "by": OLIVE},
        "an officer of who commissions": {"person": "person:ann", "by": TOM},
    }
    COMMISSIONED = given(WITH_ESTUARY, offered(), agreed(commissioner=BEACON))

    @pytest.mark.parametrize("changes", MAY.values(), ids=MAY)
    def test_by(self, changes):
        self.COMMISSIONED.when(declaring(**changes)).then_recorded()

    def test_not_of_another_by_who_does_not_answer(self):
        [reason] = AGREED.when(declaring(person="person:ben")).reasons
        assert reason.startswith(f"ConflictOfInterestDeclared is not for head@{ONE} to sign")

    def test_it_says_whom_it_bears_on_and_who_decides(self):
        data = DECLARED.record.entries[-1].data
        assert (data["provider"], data["school"], data["answerer"]) == (ONE, TWO, NORTHWICK_BODY)
        data = given(self.COMMISSIONED, declaring()).record.entries[-1].data
        assert data["answerer"] == BEACON

    NOT: ClassVar = {
        "of a person and a party": (
            {"party": ONE},
            "it is of a person or of a party: name one of the two",
        ),
        "bearing on two": (
            {"offer": "offer:o"},
            "it bears on an offer or on an agreement: name one of the two",
        ),
        "bearing on nothing": (
            {"agreement": None},
            "it bears on an offer, an agreement or a school: name one",
        ),
        "for another to decide": (
            {"answerer": ONE},
            (
                f"“answerer” must be who decides whether it is cleared: got {ONE}, expected"
                f" {NORTHWICK_BODY}; left out, it is filled in"
            ),
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        changes, reason = case
        AGREED.when(declaring(**changes)).then_refused(reason)


class TestConflictAnswer:
    def test_within_three_working_days(self):
        assert DECLARED.owed(kind="conflict_answer") == [
            f"conflict_answer: {NORTHWICK_BODY} owes {ONE} 1 item by 2024-09-10"
        ]

    def test_which_leave_out_bank_holidays(self):
        days = rules_set("anew", holidays=["2024-09-06", "2024-09-09"])
        rows = given(AGREED, days, declaring()).owed(kind="conflict_answer")
        assert [row.rpartition(" ")[2] for row in rows] == ["2024-09-12"]

    def test_answered_by_the_decision(self):
        for decision in ("cleared", "not_cleared"):
            history = given(DECLARED, clearing(decision=decision))
            assert history.owed(kind="conflict_answer") == []

    @pytest.mark.parametrize("commissioner", [None, NORTHWICK_BODY], ids=["answers", "commissions"])
    def test_answered_by_who_succeeds_the_body_that_is_to_decide(self, commissioner):
        wes = By("wes", "officer@body:westwick")
        agreement = [offered(), agreed(commissioner=commissioner), declaring()]
        west = [body("westwick", "local_authority"), *newcomer(wes)]
        on = "2024-09-06"
        follows = body_succeeded(on=on, effective_on=on)
        history = given(WITH_ESTUARY, west, agreement, follows)
        decides = clearing(by=wes)
        answered = given(history, decides)
        assert answered.owed(kind="conflict_answer") == []
        assert answered.record.entries[-1].data["instead_of"] == [NORTHWICK_BODY]
        again = given(answered, withdrawn("dec", wes, "2024-09-12"))
        due = "2024-09-10" if commissioner else "2024-09-11"  # days anew with the responsibility
        assert again.owed(kind="conflict_answer") == [
            f"conflict_answer: body:westwick owes {ONE} 1 item by {due}"
        ]

    MOVED = body_changed("moved", "2024-09-06", school=TWO)

    def test_owed_by_who_becomes_responsible_for_the_school_with_days_anew(self):
        history = given(DECLARED, self.MOVED)
        assert history.owed("2024-09-05", kind="conflict_answer")[0].startswith(
            f"conflict_answer: {NORTHWICK_BODY} owes {ONE}"
        )
        assert history.owed(kind="conflict_answer") == [
            f"conflict_answer: {BEACON} owes {ONE} 1 item by 2024-09-11"
        ]
        answered = given(history, clearing(by=TOM))
        assert answered.owed(kind="conflict_answer") == []
        assert answered.record.entries[-1].data["instead_of"] == [NORTHWICK_BODY]

    def test_not_where_the_body_decides_because_it_commissions(self):
        own = [offered(), agreed(commissioner=NORTHWICK_BODY), declaring()]
        history = given(WITH_ESTUARY, own, self.MOVED)
        assert history.owed(kind="conflict_answer") == [
            f"conflict_answer: {NORTHWICK_BODY} owes {ONE} 1 item by 2024-09-10"
        ]

    def test_not_where_who_becomes_responsible_is_whose_conflict_it_is(self):
        by_trust = [offered(provider=BEACON, by=TOM), agreed(), declaring(by=TOM)]
        history = given(WITH_ESTUARY, by_trust, self.MOVED)
        assert history.owed(kind="conflict_answer") == [
            f"conflict_answer: {NORTHWICK_BODY} owes {BEACON} 1 item by 2024-09-10"
        ]

    def test_nobody_owes_it_to_themselves(self):
        history = given(AGREED, declaring(by=OLIVE, person="person:ann"))
        assert history.owed(kind="conflict_answer") == []
        oz = By("oz", OLIVE.office)
        given(history, newcomer(oz, "2024-09-06")).when(clearing(by=oz)).then_recorded()


class TestADecisionOnAConflict:
    def test_not_by_the_provider_whose_it_is(self):
        DECLARED.when(clearing(by=ANN)).then_refused(
            SAME_PERSON,
            "whoever has a conflict of interest does not decide about it: a colleague does",
            f"{ONE} does not decide this: it takes {NORTHWICK_BODY}",
        )

    def test_not_by_a_commissioner_that_provides(self):
        own = given(
            NORTHWICK,
            offered(provider=NORTHWICK_BODY, by=OLIVE),
            agreed(commissioner=NORTHWICK_BODY),
            declaring(by=OLIVE),
        )
        assert "answerer" not in own.record.entries[-1].data
        reasons = own.when(clearing(by=OLIVE)).reasons
        assert f"{NORTHWICK_BODY} does not decide this: it takes nobody" in reasons

    def test_not_by_the_person_in_another_office(self):
        both = By("ann", OLIVE.office)
        act = newcomer(both, "2024-09-04", label="ann-at-northwick")[-1]
        given(DECLARED, act).when(clearing(by=both)).then_refused(
            SAME_PERSON,
            "whoever has a conflict of interest does not decide about it: a colleague does",
        )

    def test_once(self):
        given(DECLARED, clearing()).when(clearing("again", decision="not_cleared")).then_refused(
            f"{NORTHWICK_BODY} has decided this already: withdraw that to decide anew"
        )

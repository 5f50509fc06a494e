"""Corrections: what may be withdrawn, by whom, and what rests on it."""

import pytest
from given import (
    ANN,
    BEN,
    CAROL,
    CAT,
    DAN,
    FOUR,
    IRIS,
    NORTHWICK,
    ONE,
    RITA,
    ROB,
    SOURCE,
    TOM,
    TWO,
    WITH_ESTUARY,
    WITH_YEAR,
    By,
    accepted,
    admitted,
    agreed,
    attested,
    converted,
    corrected,
    declined,
    departure,
    disputed,
    ended,
    framework,
    given,
    handed_over,
    judged,
    lodged,
    made,
    newcomer,
    offered,
    ratified,
    reported,
    sought,
    spelled,
    withdrawn,
    worded,
    year_opened,
)

EVE = By("eve", ANN.office)
NEW = By("new", BEN.office)
AGREED = given(WITH_YEAR, offered(), agreed())
VISITED = given(AGREED, made(under="agreement:g"))
CONFIRMED = given(VISITED, attested())
UNDER_NOTHING = given(NORTHWICK, made())
REGISTERS = "cannot be withdrawn: registers are set right by a later event of theirs"


def relies(*events):
    return f"later events rely on it: {', '.join(events)}; withdraw those first"


WITHDRAWN = {
    "an offer": (given(NORTHWICK, offered()), "o", ANN),
    "an agreement": (AGREED, "g", BEN),
    "a visit": (VISITED, "v", ANN),
    "a disputed visit": (given(VISITED, disputed()), "v", ANN),
    "a confirmation": (CONFIRMED, "a", BEN),
    "a dispute": (given(VISITED, disputed()), "d", BEN),
    "a correction": (given(VISITED, corrected()), "c", ANN),
    "an account": (given(CONFIRMED, reported(agreement="agreement:g")), "i", ANN),
    "a year": (WITH_YEAR, "year", CAROL),
    "an application": (given(WITH_YEAR, sought("s", FOUR)), "s", DAN),
    "an admission": (WITH_ESTUARY, "admitted-1", CAROL),
    "a framework": (given(NORTHWICK, framework()), "frame", RITA),
    "a judgement": (given(NORTHWICK, framework(), judged()), "j", IRIS),
    "a departure": (given(WITH_YEAR, departure(ANN)), "x", ANN),
    "a handover": (given(WITH_YEAR, departure(ANN), handed_over(ANN)), "h", ANN),
}


@pytest.mark.parametrize("case", WITHDRAWN.values(), ids=WITHDRAWN)
def test_what_was_said_is_withdrawn_by_the_office_that_said_it(case):
    history, what, by = case
    history.when(withdrawn(what, by, "2025-06-01")).then_recorded()


def test_a_new_holder_of_the_office_withdraws_what_the_old_one_said():
    history = given(VISITED, newcomer(EVE, "2024-12-01"))
    history.when(withdrawn("v", EVE, "2024-12-02")).then_recorded()


def test_the_answer_may_be_given_anew():
    history = given(CONFIRMED, withdrawn("a", BEN, "2024-10-05"))
    history.when(attested("a2", days="1.0", on="2024-10-06")).then_recorded()


def test_what_is_withdrawn_can_be_named_no_more():
    history = given(VISITED, withdrawn("v", ANN, "2024-10-05"))
    act = attested(visitor=ONE, host=TWO, under="agreement:g", purpose="support", on="2024-10-06")
    history.when(act).then_refused(
        "it names <visit:v>, which was withdrawn or disowned: name one that stands"
    )


LASTING = {
    "LedgerFounded": "founded",
    "LedgerRulesSet": "rules",
    "PersonEnrolled": "enrol-ann",
    "BodyRegistered": "body-northwick",
    "SchoolRegistered": "school-900001",
    "PartnershipFormed": "formed",
    "SchoolConverted": "conv",
    "AppointmentEnded": "end-cat",
}


@pytest.mark.parametrize(("name", "label"), LASTING.items())
def test_registers_stay(name, label):
    history = given(WITH_ESTUARY, converted(), ended(CAT, "2025-05-01"))
    reasons = history.when(withdrawn(label, RITA, "2025-06-01")).reasons
    assert reasons[0] == f"{name} {REGISTERS}"


def test_nor_is_a_withdrawal_withdrawn():
    history = given(VISITED, withdrawn("v", ANN, "2024-10-05"))
    history.when(withdrawn("withdraw-v", ANN, "2024-10-06")).then_refused(
        "EventWithdrawn cannot be withdrawn: say anew what it withdrew"
    )


class TestTheForm:
    def test_only_what_stands(self):
        NORTHWICK.when(withdrawn("zzz", RITA, "2024-10-05")).then_refused(
            "it names <event:zzz>, which is not in this ledger; check its id"
        )
        history = given(VISITED, withdrawn("v", ANN, "2024-10-05", source=SOURCE))
        history.when(withdrawn("v", ANN, "2024-10-06", label="again")).then_refused(
            "<event:v> is withdrawn already"
        )

    def test_not_ahead_of_the_day_that_it_is_said(self):
        act = withdrawn("v", ANN, "2024-10-05", effective_on="2024-10-06")
        VISITED.when(act).then_refused(
            "it would take effect on 2024-10-06, after the day that it is said"
        )

    def test_not_before_what_it_withdraws(self):
        act = withdrawn("v", ANN, "2024-10-05", effective_on="2024-09-30")
        VISITED.when(act).then_refused(
            "it cannot take effect before the event itself, which happened on 2024-10-01"
        )

    def test_it_repeats_the_references_of_what_it_withdraws(self):
        act = withdrawn("o", ANN, "2024-10-05", references=[ONE])
        given(NORTHWICK, offered()).when(act).then_refused(
            f"“references” must be the references of the event, sorted: got {ONE}, expected"
            f" {ONE}, {TWO}; left out, it is filled in"
        )
        act = withdrawn("frame", RITA, "2024-10-05", references=[ONE])
        given(NORTHWICK, framework()).when(act).then_refused(
            f"“references” must be the references of the event, sorted: got {ONE}, expected"
            " nothing; left out, it is filled in"
        )

    def test_what_replaces_it_is_known(self):
        act = withdrawn("v", ANN, "2024-10-05", replaced_by="event:zzz")
        VISITED.when(act).then_refused(
            "it names <event:zzz>, which is not in this ledger; check its id"
        )

    def test_what_replaces_it_stands(self):
        gone = given(VISITED, made("w", under="agreement:g"), withdrawn("w", ANN, "2024-10-05"))
        gone.when(withdrawn("v", ANN, "2024-10-05", replaced_by="event:w")).then_refused(
            "it names <event:w>, which was withdrawn or disowned: name one that stands"
        )

    def test_it_does_not_replace_itself(self):
        VISITED.when(withdrawn("v", ANN, "2024-10-05", replaced_by="event:v")).then_refused(
            "it is replaced by itself: name another event, or none"
        )

    def test_a_disputed_visit_lists_the_answer_that_it_gives(self):
        history = given(VISITED, disputed())
        entry = history.drafted(withdrawn("v", ANN, "2024-10-05"))
        assert entry.event.obligations == (spelled("d/dispute_answer"),)


class TestLongAfterwards:
    """A new head took back a confirmation of 900 days ago, and the debt was owed anew."""

    CAME = given(CONFIRMED, newcomer(NEW, "2024-12-01"))
    LATE = (
        "it was recorded on 2024-10-02, more than 90 days ago: it takes <person:ben>, who signed"
        " it, evidence of the other side's consent, or a registrar with a published source or"
        " evidence"
    )

    def test_a_new_head_withdraws_what_was_recorded_within_90_days(self):
        self.CAME.when(withdrawn("a", NEW, "2024-12-31")).then_recorded()

    @pytest.mark.parametrize("on", ["2025-01-01", "2027-03-21"])
    def test_and_no_longer(self, on):
        self.CAME.when(withdrawn("a", NEW, on)).then_refused(self.LATE)
        self.CAME.when(withdrawn("a", NEW, on, source=SOURCE)).then_refused(self.LATE)

    def test_the_days_are_those_since_it_was_recorded_not_since_it_happened(self):
        late = given(VISITED, attested(recorded="2024-12-20"), newcomer(NEW, "2024-12-21"))
        late.when(withdrawn("a", NEW, "2025-03-20")).then_recorded()

    def test_the_person_who_signed_it_may_at_any_time_in_office_or_not(self):
        CONFIRMED.when(withdrawn("a", BEN, "2027-03-21")).then_recorded()
        self.CAME.when(withdrawn("a", BEN, "2024-12-05")).then_recorded()
        self.CAME.when(withdrawn("a", BEN, "2027-03-21")).then_recorded()

    def test_who_left_withdraws_nothing_that_they_did_not_sign(self):
        history = given(
            self.CAME, offered("p", provider=TWO, receiver=ONE, by=NEW, on="2024-12-02")
        )
        history.when(withdrawn("p", BEN, "2024-12-05")).then_refused(
            f"<person:ben> does not hold the office head@{TWO} on 2024-12-05: it is for"
            " <person:new> to sign"
        )

    def test_and_signs_in_no_other_office(self):
        act = withdrawn("a", BEN._replace(office=ANN.office), "2027-03-21")
        assert self.CAME.when(act).reasons[0] == worded(
            f"<person:ben> does not hold the office head@{ONE} on 2027-03-21: it is for"
            " <person:ann> to sign"
        )

    def test_so_may_that_office_with_evidence_that_the_other_side_consents(self):
        consent = given(self.CAME, lodged("consent", "2027-03-20", by=ANN))
        act = withdrawn("a", NEW, "2027-03-21", evidence="evidence:consent")
        consent.when(act).then_recorded()
        self.CAME.when(act).then_refused(
            "it names <evidence:consent>, and no evidence of that id stands in this ledger;"
            " `school-ledger show evidence:` lists those that do"
        )

    def test_and_a_registrar_with_evidence(self):
        shown = given(self.CAME, lodged("error", "2027-03-20", by=RITA))
        act = withdrawn("a", RITA, "2027-03-21", evidence="evidence:error")
        shown.when(act).then_recorded()

    def test_but_no_other_office_whatever_it_shows(self):
        shown = given(self.CAME, lodged("e", "2024-12-20", by=ANN))
        outcome = shown.when(withdrawn("a", ANN, "2024-12-21", evidence="evidence:e"))
        assert outcome.reasons[0].startswith(f"EventWithdrawn is not for {ANN.office} to sign")

    def test_so_may_a_registrar_with_a_source(self):
        self.CAME.when(withdrawn("a", RITA, "2027-03-21", source=SOURCE)).then_recorded()
        self.CAME.when(withdrawn("a", RITA, "2027-03-21")).then_refused(
            "a registrar withdraws another office's event only with a published source or with"
            " evidence"
        )

    def test_of_what_a_registrar_recorded_as_well(self):
        history = given(NORTHWICK, framework())
        history.when(withdrawn("frame", ROB, "2024-11-30")).then_recorded()
        history.when(withdrawn("frame", RITA, "2025-11-30")).then_recorded()
        history.when(withdrawn("frame", ROB, "2025-11-30", source=SOURCE)).then_recorded()
        history.when(withdrawn("frame", ROB, "2025-11-30")).then_refused(
            "it was recorded on 2024-09-01, more than 90 days ago: it takes <person:rita>, who"
            " signed it, evidence of the other side's consent, or a registrar with a published"
            " source or evidence"
        )


LEFT_AND_CAME = given(WITH_YEAR, departure(ANN), handed_over(ANN), newcomer(EVE, "2025-05-01"))

RELIED_UPON = {
    "an offer that was taken up": (AGREED, "o", ANN, ["SupportAgreed <g>"]),
    "an agreement with a visit": (VISITED, "g", BEN, ["VisitMade <v>"]),
    "an agreement with visits confirmed": (
        given(CONFIRMED, made("v2", under="agreement:g")),
        "g",
        BEN,
        ["VisitMade <v>", "VisitAttested <a>", "VisitMade <v2>"],
    ),
    "a confirmed visit": (CONFIRMED, "v", ANN, ["VisitAttested <a>"]),
    "a confirmation with an account": (
        given(CONFIRMED, reported(agreement="agreement:g", visits=["visit:v"])),
        "a",
        BEN,
        ["ImpactReported <i>"],
    ),
    "a dispute that was answered": (
        given(VISITED, disputed(), corrected(dispute="dispute:d")),
        "d",
        BEN,
        ["VisitCorrected <c>"],
    ),
    "a corrected visit": (
        given(VISITED, disputed(), corrected(dispute="dispute:d")),
        "v",
        ANN,
        ["VisitCorrected <c>"],
    ),
    "a correction that was confirmed": (
        given(VISITED, corrected(), attested(days="1.0", on="2024-10-04")),
        "c",
        ANN,
        ["VisitAttested <a>"],
    ),
    "a correction that was disputed": (
        given(VISITED, corrected(), disputed(on="2024-10-04")),
        "c",
        ANN,
        ["VisitDisputed <d>"],
    ),
    "a correction under nothing that was confirmed": (
        given(UNDER_NOTHING, corrected(days="3.0"), attested(days="3.0", on="2024-10-04")),
        "c",
        ANN,
        ["VisitAttested <a>"],
    ),
    "an application that was answered": (
        WITH_ESTUARY,
        "sought-1",
        ANN,
        ["SchoolAdmitted <admitted-1>"],
    ),
    "an admission before a year": (
        WITH_YEAR,
        "admitted-1",
        CAROL,
        ["PartnershipYearOpened <year>"],
    ),
    "an admission before a new head": (
        given(WITH_ESTUARY, newcomer(EVE, "2024-10-01")),
        "admitted-1",
        CAROL,
        ["Appointed <appoint-eve>"],
    ),
    "an admission before a conversion": (
        given(WITH_ESTUARY, converted()),
        "admitted-1",
        CAROL,
        ["SchoolConverted <conv>"],
    ),
    "an admission before a departure": (
        given(WITH_ESTUARY, departure(ANN)),
        "admitted-1",
        CAROL,
        ["DepartureNotified <x>"],
    ),
    "a year with an admission within it": (
        given(
            WITH_YEAR,
            sought("s", FOUR),
            admitted("in", "s", "2025-01-10", year="year:year"),
        ),
        "year",
        CAROL,
        ["SchoolAdmitted <in>"],
    ),
    "a framework that was judged by": (
        given(NORTHWICK, framework(), judged()),
        "frame",
        RITA,
        ["JudgementMade <j>"],
    ),
    "a departure that took place": (
        given(WITH_YEAR, departure(ANN), ended(ANN, "2025-04-30"), newcomer(EVE, "2025-05-01")),
        "x",
        ANN,
        ["AppointmentEnded <end-ann>"],
    ),
    "a departure with its handover": (
        given(WITH_YEAR, departure(ANN), handed_over(ANN)),
        "x",
        ANN,
        ["HandoverGiven <h>"],
    ),
    "a handover that counts for a departure": (
        given(WITH_YEAR, handed_over(ANN, on="2025-01-05"), departure(ANN)),
        "h",
        ANN,
        ["DepartureNotified <x>"],
    ),
    "a handover that a successor has to accept": (
        LEFT_AND_CAME,
        "h",
        EVE,
        ["Appointed <appoint-eve>"],
    ),
    "a handover that was accepted": (
        given(LEFT_AND_CAME, accepted(EVE)),
        "h",
        EVE,
        ["Appointed <appoint-eve>", "HandoverAccepted <k>"],
    ),
    "a ratification before a newer one was asked for": (
        given(
            WITH_YEAR,
            newcomer(EVE, "2024-10-01"),
            ratified(EVE, "r", "2024-10-02"),
            converted(),
        ),
        "r",
        EVE,
        ["SchoolConverted <conv>"],
    ),
    "a refusal by which a school left before a new year": (
        given(
            WITH_YEAR,
            newcomer(EVE, "2024-10-01"),
            declined(EVE, "n", "2024-10-02", leaves_on="2025-01-31"),
            year_opened(
                "next", on="2024-11-01", name="2025-26", starts="2025-09-01", ends="2026-08-31"
            ),
        ),
        "n",
        EVE,
        ["PartnershipYearOpened <next>"],
    ),
    "a refusal by which a school left and came back": (
        given(
            WITH_YEAR,
            newcomer(EVE, "2024-10-01"),
            declined(EVE, "n", "2024-10-02", leaves_on="2025-01-31"),
            sought("s", ONE, "2025-02-03", by=EVE),
            admitted("in", "s", "2025-02-04", year="year:year"),
        ),
        "n",
        EVE,
        ["MembershipSought <s>", "SchoolAdmitted <in>"],
    ),
}


@pytest.mark.parametrize("case", RELIED_UPON.values(), ids=RELIED_UPON)
def test_what_later_events_rely_on_stays_and_they_are_named(case):
    history, what, by, events = case
    history.when(withdrawn(what, by, "2025-06-01")).then_refused(relies(*events))


def test_everything_wrong_with_a_withdrawal_is_said_at_once():
    act = withdrawn("v", TOM, "2024-10-05", effective_on="2024-10-06", references=[])
    reasons = CONFIRMED.when_exactly(act).reasons
    assert [reason[:34] for reason in reasons] == [
        "EventWithdrawn is not for officer@",
        "“references” must be the reference",
        "later events rely on it: VisitAtte",
        "it would take effect on 2024-10-06",
    ]


def test_a_dispute_does_not_rely_on_the_visit_and_may_be_withdrawn_after_it():
    history = given(VISITED, disputed(), withdrawn("v", ANN, "2024-10-05"))
    after = history.when(withdrawn("d", BEN, "2024-10-06")).then_recorded()
    assert after.owed(kind="attestation") == []
    assert after.owed(kind="dispute_answer") == []


def test_a_handover_that_lists_what_a_visit_makes_owed_rests_on_none_of_its_figures():
    rows = [{"obligation": spelled("v/attestation"), "outstanding": "1", "unit": "item"}]
    history = given(VISITED, corrected(), handed_over(ANN, rows=rows))
    history.when(withdrawn("c", ANN, "2025-05-01")).then_recorded()


def test_who_applies_anew_rests_on_having_left_before():
    """Else the school would belong, and its application wait for an answer that nobody can give."""
    history = given(
        WITH_YEAR,
        newcomer(EVE, "2024-09-20"),
        declined(EVE, "n", "2024-10-02", leaves_on="2024-12-31"),
        sought("s", ONE, "2025-01-02", by=EVE),
    )
    history.when(withdrawn("n", EVE, "2025-01-03")).then_refused(relies("MembershipSought <s>"))

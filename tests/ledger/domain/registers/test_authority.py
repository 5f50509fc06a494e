"""Whose key, which office, and whether that office may: judged at the position of recording."""

import pytest
from given import (
    ANN,
    BEA,
    BEN,
    CAROL,
    CAT,
    CLEM,
    IRIS,
    NORTHWICK,
    OLIVE,
    ONE,
    RITA,
    ROB,
    SOURCE,
    TOM,
    TWO,
    WITH_ESTUARY,
    WITH_YEAR,
    By,
    admitted,
    agreed,
    appointed,
    attested,
    body,
    corrected,
    departure,
    disputed,
    ended,
    enrolled,
    entry_of,
    formed,
    framework,
    given,
    handed_over,
    judged,
    key,
    key_enrolled,
    made,
    newcomer,
    offered,
    ratified,
    reported,
    say,
    sought,
    withdrawn,
    year_opened,
)

from ledger.domain.decide import decide

EVE = By("eve", f"head@{ONE}")
_NOT_EVE = f"<person:eve> does not hold the office head@{ONE} on"


def test_an_unknown_key_signs_nothing():
    given(NORTHWICK).when(offered(by=ANN._replace(key=key("stranger")))).then_refused(
        "<key:stranger> is not enrolled in this ledger; a registrar can enrol it with KeyEnrolled"
    )


def test_another_persons_key_does_not_sign():
    given(NORTHWICK).when(offered(by=ANN._replace(key=key("ben")))).then_refused(
        "<key:ben> is the key of <person:ben>, not of <person:ann>: sign with your own"
    )


def test_the_head_of_one_school_does_not_speak_for_another():
    given(NORTHWICK).when(offered(by=BEN)).then_refused(
        f"SupportOffered is not for head@{TWO} to sign: it takes the office of the provider"
        f" (head@{ONE})"
    )


def test_who_holds_no_office_does_not_borrow_one():
    given(NORTHWICK).when(offered(by=By("ben", f"head@{ONE}"))).then_refused(
        f"<person:ben> does not hold the office head@{ONE} on 2024-09-03: it is for"
        " <person:ann> to sign"
    )


def test_last_years_head_signs_no_more():
    history = given(NORTHWICK, ended(ANN, "2024-09-02"))
    history.when(offered()).then_refused(
        f"<person:ann> does not hold the office head@{ONE} on 2024-09-03: nobody does;"
        " appoint somebody first"
    )


def test_an_office_is_held_on_its_last_day():
    given(NORTHWICK, ended(ANN, "2024-09-03")).when(offered()).then_recorded()


def test_an_appointment_to_come_has_no_effect_yet():
    history = given(NORTHWICK, newcomer(EVE, effective_on="2024-10-01"))
    history.when(offered(by=EVE)).then_refused(
        f"{_NOT_EVE} 2024-09-03: it is for <person:ann> to sign"
    )
    history.when(offered(on="2024-10-01", by=EVE)).then_recorded()


@pytest.mark.parametrize(
    ("on", "last_of_ann", "first_of_eve"),
    [
        ("2025-09-01", "2025-08-31T22:59:59Z", "2025-08-31T23:00:00Z"),
        ("2024-10-27", "2024-10-26T22:59:59Z", "2024-10-26T23:00:00Z"),
        ("2024-10-28", "2024-10-27T23:59:59Z", "2024-10-28T00:00:00Z"),
        ("2025-03-30", "2025-03-29T23:59:59Z", "2025-03-30T00:00:00Z"),
        ("2025-03-31", "2025-03-30T22:59:59Z", "2025-03-30T23:00:00Z"),
    ],
    ids=[
        "in summer",
        "as clocks go back",
        "the day after",
        "as they go forward",
        "the day after it",
    ],
)
def test_an_office_changes_hands_at_midnight_in_london(on, last_of_ann, first_of_eve):
    history = given(NORTHWICK, newcomer(EVE, on, effective_on=on))

    def may(who, moment):
        entry = history.drafted(offered(by=who))
        entry.recorded_at = moment
        return not decide(entry, history.book().look)

    assert [may(ANN, last_of_ann), may(EVE, last_of_ann)] == [True, False]
    assert [may(ANN, first_of_eve), may(EVE, first_of_eve)] == [False, True]


def test_who_came_into_office_tells_of_what_happened_before():
    history = given(NORTHWICK, newcomer(EVE, "2024-10-01"))
    told = offered(on="2024-09-20", recorded="2024-10-02")
    history.when(told.but(by=EVE)).then_recorded()
    history.when(told.but(by=ANN)).then_refused(
        f"<person:ann> does not hold the office head@{ONE} on 2024-10-02: it is for"
        " <person:eve> to sign"
    )


def test_a_second_appointment_replaces_the_first():
    history = given(NORTHWICK, newcomer(EVE, effective_on="2024-09-03"))
    history.when(offered(on="2024-09-03", by=EVE)).then_recorded()
    history.when(offered(on="2024-09-03")).then_refused(
        f"<person:ann> does not hold the office head@{ONE} on 2024-09-03: it is for"
        " <person:eve> to sign"
    )


def test_an_acting_head_signs_as_head():
    history = given(NORTHWICK, newcomer(EVE, effective_on="2024-09-03", basis="acting"))
    history.when(offered(by=EVE)).then_recorded()


def test_when_an_acting_head_has_ended_nobody_holds_the_office_until_someone_is_appointed():
    history = given(
        NORTHWICK,
        newcomer(EVE, effective_on="2024-10-01", basis="acting"),
        ended(EVE, "2024-10-31", by=RITA),
    )
    history.when(offered(on="2024-11-04")).then_refused(
        f"<person:ann> does not hold the office head@{ONE} on 2024-11-04: nobody does;"
        " appoint somebody first"
    )
    back = appointed(ANN, "2024-11-04", label="ann-again")
    history.when(back).then_recorded().when(offered(on="2024-11-05")).then_recorded()


def test_an_end_recorded_late_holds_from_its_day_but_touches_nothing_recorded_before():
    history = given(NORTHWICK, offered(on="2024-09-20"))
    history = history.when(ended(ANN, "2024-09-10", said_on="2024-09-25")).then_recorded()
    history.when(offered("o2", on="2024-09-10", recorded="2024-09-26")).then_refused(
        f"<person:ann> does not hold the office head@{ONE} on 2024-09-26: nobody does;"
        " appoint somebody first"
    )


def test_several_officers_hold_their_office_at_once():
    una = By("una", IRIS.office)
    history = given(NORTHWICK, newcomer(una), framework())
    for who in (IRIS, una):
        history.when(judged(by=who)).then_recorded()


def test_the_office_is_judged_on_the_day_of_recording_not_on_the_day_that_it_is_about():
    history = given(NORTHWICK, newcomer(EVE, effective_on="2024-10-01"))
    history.when(made(on="2024-09-20", recorded="2024-10-02", by=EVE)).then_recorded()


def test_everything_wrong_is_said_at_once():
    act = made(visitor=ONE, host="school:900009", under="agreement:nothing", by=BEN)
    given(NORTHWICK).when(act.but(by=By("ben", f"head@{ONE}", key("cat")))).then_refused(
        "<key:cat> is the key of <person:cat>, not of <person:ben>: sign with your own",
        (
            f"<person:ben> does not hold the office head@{ONE} on 2024-10-01: it is for"
            " <person:ann> to sign"
        ),
        (
            "it names school:900009 as host, which is not registered in this ledger;"
            " `school-ledger find NAME` looks it up, and a registrar registers it"
        ),
        (
            "it names <agreement:nothing>, and no agreement of that id stands in this ledger;"
            " `school-ledger show agreement:` lists those that do"
        ),
    )


def test_all_that_is_peculiar_to_an_event_is_said_at_once():
    given(NORTHWICK).when(
        offered(receiver=ONE, days="0.0", valid_until="2024-09-01", price="10.00")
    ).then_refused(
        "a party cannot offer support to itself",
        "it offers no days",
        "it is valid until 2024-09-01, before it was made",
        "a price and who pays it belong together: give both or neither",
    )


BOARD_OF_TWO = By("bob", f"board_chair@{TWO}")
ADVISER = By("ada", f"adviser@{ONE}")

WHO_MAY = {
    "a chair appoints the clerk": (WITH_ESTUARY, appointed(By("ada", CLEM.office), by=CAROL)),
    "a clerk appoints the chair": (WITH_ESTUARY, appointed(By("ada", CAROL.office), by=CLEM)),
    "an officer appoints an officer": (NORTHWICK, appointed(By("ada", OLIVE.office), by=OLIVE)),
    "an officer appoints an adviser": (NORTHWICK, appointed(ADVISER, by=TOM)),
    "a board chair appoints the head": (NORTHWICK, appointed(By("ada", ANN.office), by=BEA)),
    "the responsible officer appoints the head": (
        NORTHWICK,
        appointed(By("ada", ANN.office), by=OLIVE),
    ),
    "a board chair ends the head's time": (NORTHWICK, ended(ANN, "2024-10-01", by=BEA)),
    "a registrar forms a partnership": (NORTHWICK, formed()),
    "any registrar registers": (NORTHWICK, body("new").but(by=ROB)),
    "a board chair announces the head's departure": (NORTHWICK, departure(ANN, by=BEA)),
    "an officer announces the head's departure": (NORTHWICK, departure(ANN, by=OLIVE)),
    "a board chair hands over": (NORTHWICK, handed_over(ANN, by=BEA)),
    "an officer hands over": (NORTHWICK, handed_over(ANN, by=OLIVE)),
    "a body's officer offers its support": (
        NORTHWICK,
        offered(provider="body:beacon-trust", by=TOM),
    ),
    "a registrar records a judgement with its source": (
        given(NORTHWICK, framework()),
        judged(by=RITA, source=SOURCE),
    ),
    "a registrar withdraws with a source": (
        given(NORTHWICK, offered()),
        withdrawn("o", RITA, "2024-09-04", source=SOURCE),
    ),
}


@pytest.mark.parametrize("case", WHO_MAY.values(), ids=WHO_MAY)
def test_who_may_sign(case):
    history, act = case
    enrolled_first = given(history, enrolled("ada"))
    reasons = enrolled_first.when(act).reasons
    assert reasons == []


_APPOINTERS = (
    "the registrar (registrar@ledger)"
    "; or the board chair of the office (for a head){head_board}"
    "; or an officer of the body responsible for the office (for a head){head_officer}"
    "; or the officer of the office (for an officer){officer}"
    "; or the clerk of the office (for a chair){chair}"
    "; or the chair of the office (for a clerk){clerk}"
)


def appointers(**offices: str) -> str:
    names = ("head_board", "head_officer", "officer", "chair", "clerk")
    shown = {name: f" ({offices[name]})" if name in offices else "" for name in names}
    return _APPOINTERS.format(**shown)


HEAD_ONE = (
    appointers(head_board=f"board_chair@{ONE}", head_officer="officer@body:northwick")
    + "; or an officer of the body for which the adviser advises"
)

WHO_MAY_NOT = {
    "a head does not appoint a successor": (
        NORTHWICK,
        appointed(By("ada", ANN.office), by=ANN),
        f"Appointed is not for head@{ONE} to sign: it takes {HEAD_ONE}",
    ),
    "an officer of another body does not appoint the head": (
        NORTHWICK,
        appointed(By("ada", ANN.office), by=TOM),
        f"Appointed is not for officer@body:beacon-trust to sign: it takes {HEAD_ONE}",
    ),
    "a chair does not end the chair's own time": (
        WITH_ESTUARY,
        ended(CAROL, "2024-10-01", by=CAROL),
        "AppointmentEnded is not for chair@partnership:estuary to sign: it takes "
        + appointers(chair="clerk@partnership:estuary")
        + "; or an officer of the body for which the adviser advises",
    ),
    "a chair does not form a partnership": (
        WITH_ESTUARY,
        formed("formed-2", "new").but(by=CAROL),
        (
            "PartnershipFormed is not for chair@partnership:estuary to sign: it takes the registrar"
            " (registrar@ledger)"
        ),
    ),
    "an officer does not register": (
        NORTHWICK,
        body("new").but(by=OLIVE),
        (
            "BodyRegistered is not for officer@body:northwick to sign: it takes the registrar"
            " (registrar@ledger)"
        ),
    ),
    "a head does not seek membership for another": (
        WITH_ESTUARY,
        sought("s", "school:900004", by=ANN),
        (
            f"MembershipSought is not for head@{ONE} to sign: it takes the head of the school"
            " (head@school:900004)"
        ),
    ),
    "a clerk does not admit": (
        given(WITH_ESTUARY, sought("s", "school:900004")),
        admitted("a", "s", by=CLEM),
        (
            "SchoolAdmitted is not for clerk@partnership:estuary to sign: it takes the chair of the"
            " partnership (chair@partnership:estuary)"
        ),
    ),
    "a clerk does not open a year": (
        WITH_ESTUARY,
        year_opened(by=CLEM),
        (
            "PartnershipYearOpened is not for clerk@partnership:estuary to sign: it takes"
            " the chair of"
            " the partnership (chair@partnership:estuary)"
        ),
    ),
    "a host does not claim the visitor's visit": (
        NORTHWICK,
        made(by=BEN),
        f"VisitMade is not for head@{TWO} to sign: it takes the office of the visitor (head@{ONE})",
    ),
    "a visitor does not attest": (
        given(NORTHWICK, made()),
        attested(by=CAT),
        (
            "VisitAttested is not for head@school:900003 to sign: it takes the office of the host"
            f" (head@{TWO})"
        ),
    ),
    "a stranger does not dispute": (
        given(NORTHWICK, made()),
        disputed(by=CAT),
        (
            "VisitDisputed is not for head@school:900003 to sign: it takes the office of the host"
            f" (head@{TWO})"
        ),
    ),
    "a host does not correct": (
        given(NORTHWICK, made()),
        corrected(by=BEN),
        (
            f"VisitCorrected is not for head@{TWO} to sign: it takes the office of the visitor"
            f" (head@{ONE})"
        ),
    ),
    "a third party does not take up an offer": (
        given(NORTHWICK, offered()),
        agreed(by=CAT),
        (
            "SupportAgreed is not for head@school:900003 to sign: it takes the office of"
            " the receiver"
            f" (head@{TWO}); or its trust's officer, or its responsible body's if it is in a"
            " category or has no head"
        ),
    ),
    "one side does not account for the other": (
        given(NORTHWICK, made(), attested()),
        reported(agreement="agreement:g", by=BEN),
        (
            f"ImpactReported is not for head@{TWO} to sign: it takes the office of the reporter"
            f" (head@{ONE})"
        ),
    ),
    "a head does not adopt a framework": (
        NORTHWICK,
        framework(by=ANN),
        (
            f"FrameworkAdopted is not for head@{ONE} to sign: it takes the registrar"
            " (registrar@ledger)"
        ),
    ),
    "the judged does not judge": (
        given(NORTHWICK, framework()),
        judged(by=BEN),
        (
            f"JudgementMade is not for head@{TWO} to sign: it takes the office of the judge, a head"
            " by peer review or self only; or an officer of the inspectorate that judges, for an"
            " inspection (officer@body:inspectorate); or the registrar (registrar@ledger)"
        ),
    ),
    "a registrar judges only by a source": (
        given(NORTHWICK, framework()),
        judged(by=RITA),
        "a registrar says this only with its published source",
    ),
    "a head does not announce another head's departure": (
        NORTHWICK,
        departure(ANN, by=BEN),
        (
            f"DepartureNotified is not for head@{TWO} to sign: it takes the office itself"
            f" (head@{ONE}); or the board chair of the office (board_chair@{ONE}); or an officer of"
            " the body responsible for the office (officer@body:northwick)"
        ),
    ),
    "a head does not withdraw what another said": (
        given(NORTHWICK, offered()),
        withdrawn("o", BEN, "2024-09-04"),
        (
            f"EventWithdrawn is not for head@{TWO} to sign: it takes the office that signed the"
            " event, or for which it was recorded, within 90 days, or later with evidence of the"
            f" other side's consent (head@{ONE}); or the person who signed it, in office or not;"
            " or the registrar (registrar@ledger)"
        ),
    ),
    "a registrar withdraws another office's event only by a source": (
        given(NORTHWICK, offered()),
        withdrawn("o", RITA, "2024-09-04"),
        (
            "a registrar withdraws another office's event only with a published source or with"
            " evidence"
        ),
    ),
    "an officer does not ratify for a school": (
        given(WITH_YEAR, newcomer(EVE, "2024-10-01")),
        ratified(EVE, "r", "2024-10-02", by=OLIVE),
        (
            "MembershipRatified is not for officer@body:northwick to sign: it takes the head of the"
            f" school (head@{ONE})"
        ),
    ),
}


@pytest.mark.parametrize("case", WHO_MAY_NOT.values(), ids=WHO_MAY_NOT)
def test_who_may_not_sign(case):
    history, act, reason = case
    outcome = given(history, enrolled("ada")).when(act)
    assert outcome.reasons[0] == reason


class TestGraceForHandingOver:
    LEFT = given(NORTHWICK, departure(ANN), ended(ANN, "2025-04-30"))

    @pytest.mark.parametrize("on", ["2025-04-30", "2025-05-01", "2025-06-29"])
    def test_who_left_hands_over_until_60_days_after(self, on):
        self.LEFT.when(handed_over(ANN, on=on)).then_recorded()

    def test_but_no_later(self):
        self.LEFT.when(handed_over(ANN, on="2025-06-30")).then_refused(
            f"<person:ann> does not hold the office head@{ONE} on 2025-06-30: nobody does;"
            " appoint somebody first"
        )

    def test_and_does_nothing_else(self):
        self.LEFT.when(offered(on="2025-05-01", valid_until="2025-06-01")).then_refused(
            f"<person:ann> does not hold the office head@{ONE} on 2025-05-01: nobody does;"
            " appoint somebody first"
        )

    def test_who_was_replaced_has_left_as_well(self):
        history = given(NORTHWICK, departure(ANN), newcomer(EVE, "2025-05-01"))
        history.when(handed_over(ANN, on="2025-06-29")).then_recorded()
        history.when(handed_over(ANN, on="2025-06-30")).then_refused(
            f"<person:ann> does not hold the office head@{ONE} on 2025-06-30: it is for"
            " <person:eve> to sign"
        )


def test_nothing_is_said_before_the_ledger_is_founded():
    given().when(body("northwick")).then_refused(
        "the ledger is not founded yet: its first event must be LedgerFounded"
    )


def test_a_key_is_enrolled_by_the_registrar_or_with_ones_own():
    history = given(NORTHWICK, enrolled("eve"))
    history.when(key_enrolled("eve", by=OLIVE)).then_refused(
        "KeyEnrolled is not for officer@body:northwick to sign: it takes the registrar"
        " (registrar@ledger); or the person, with a live key of their own; or two others, if the"
        " person's own key is lost"
    )


_LOST = {"person": "person:ann", "key": key("ann")}
_UPSETS = {
    "her office ended": (ended(ANN, "2024-09-02", said_on="2024-09-10"),),
    "another head": (*newcomer(EVE, "2024-09-10"),),
    "her key retired": (say("KeyRetired", "kr", RITA, "2024-09-10", **_LOST),),
    "her key compromised": (
        say("KeyCompromised", "kc", RITA, "2024-09-10", since="2024-09-01T00:00:00Z", **_LOST),
    ),
}


@pytest.mark.parametrize("acts", _UPSETS.values(), ids=_UPSETS)
def test_who_was_found_to_stand_is_asked_again_once_anything_about_it_changed(acts):
    book = given(NORTHWICK).book()
    before = entry_of(offered("p", "2024-09-10"), book.position + 1)
    assert decide(before, book.look, book.derived) == []

    after = given(NORTHWICK, *acts)
    for entry in after.record.entries[book.position :]:
        book.apply(entry)
    candidate = entry_of(offered("p", "2024-09-10"), book.position + 1)
    reasons = decide(candidate, book.look, book.derived)
    assert reasons == decide(candidate, after.look)
    assert reasons

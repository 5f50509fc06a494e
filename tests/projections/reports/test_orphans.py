"""What is owed with nobody left to answer: why, who should act, and how."""

import pytest
from recording import ONE, THREE, TWO, Head, agreed, offer, partnership, register, say

from ledger.errors import RefusedError
from projections.errors import ProjectionError
from projections.reports.orphans import QUESTION

LATER = ("2026-04-01", None)
CLOSED = {"effective_on": "2026-03-15"}


@pytest.fixture
def owing(recorded):
    """One owes Two days of support."""
    agreement = say(recorded.ledger, TWO, "SupportAgreed", **agreed(offer(recorded.ledger))).event
    return f"{agreement}/support"


def in_office(ledger, office):
    """Let somebody hold an office from the first day."""
    said = {"person": TWO.person, "office": office, "effective_on": "2026-03-02"}
    return register(ledger, "Appointed", **said, basis="substantive")


def close(ledger, head, **said):
    return register(ledger, "SchoolClosed", school=head.school, **{**CLOSED, **said})


def end(ledger, head, day="2026-03-10"):
    said = {"person": head.person, "office": head.office, "effective_on": day}
    return register(ledger, "AppointmentEnded", **said)


def told(report, *names):
    return [tuple(row[name] for name in names) for row in report.rows]


def test_where_everybody_is_there_nothing_is_told(recorded, owing):
    assert owing
    assert recorded.ask(QUESTION, LATER).rows == []


def test_what_was_to_be_done_for_a_school_that_closed_is_nobodys_to_do(recorded, owing):
    close(recorded.ledger, TWO)
    assert (owing,) not in told(recorded.ask(QUESTION, LATER), "obligation")


def test_what_a_closed_school_owes_has_nobody_to_answer(recorded, owing):
    closed = close(recorded.ledger, ONE)
    row = next(row for row in recorded.ask(QUESTION, LATER).rows if row["obligation"] == owing)
    assert {name: row[name] for name in ("outstanding", "unit", "nobody_since", "why")} == {
        "outstanding": "6.0",
        "unit": "day",
        "nobody_since": "2026-03-16",
        "why": "School 1 (900001) closed on 15 March 2026, and no school is said to go on from it",
    }
    assert (row["who_should_act"], row["how"]) == (
        "registrar of the ledger",
        (
            "school-ledger record SuccessionAttributed --school URN --predecessor school:900001"
            " --former-urn 900001 --former-urn-closes-on 2026-03-15 --effective-on 2026-03-16"
            " --source.publisher PUBLISHER --source.title TITLE"
        ),
    )
    assert row["events"] == [owing[:36], closed]
    assert row["position"] == recorded.ledger.head().size


@pytest.mark.parametrize(("as_of", "there"), [("2026-03-15", False), ("2026-03-16", True)])
def test_a_school_answers_up_to_its_last_day(recorded, owing, as_of, there):
    close(recorded.ledger, ONE)
    found = told(recorded.ask(QUESTION, (as_of, None)), "obligation")
    assert ((owing,) in found) == there


def test_a_closure_that_was_withdrawn_leaves_no_orphan(recorded, owing):
    closed = close(recorded.ledger, ONE)
    assert (owing,) in told(recorded.ask(QUESTION, LATER), "obligation")
    said = {"event": f"event:{closed}", "effective_on": "2026-03-02", "code": "entered_in_error"}
    register(recorded.ledger, "EventWithdrawn", **said)
    assert recorded.ask(QUESTION, LATER).rows == []


def test_what_goes_along_with_the_school_that_goes_on_has_somebody_to_answer(recorded, owing):
    said = {"school": THREE.school, "former_urn": "urn:900001", "effective_on": "2026-03-02"}
    said |= {"former_urn_closes_on": "2026-03-01", "predecessor": ONE.school}
    said["source"] = {"publisher": "Northwick", "title": "Register of schools"}
    register(recorded.ledger, "SuccessionAttributed", **said)
    assert (owing,) not in told(recorded.ask(QUESTION, LATER), "obligation")


def test_what_a_registrars_word_alone_did_not_move_says_how_it_does(recorded, owing):
    close(recorded.ledger, ONE)
    said = {"school": THREE.school, "former_urn": "urn:900001", "effective_on": "2026-03-20"}
    said |= {"former_urn_closes_on": "2026-03-15", "predecessor": ONE.school}
    register(recorded.ledger, "SuccessionAttributed", **said)
    row = next(row for row in recorded.ask(QUESTION, LATER).rows if row["obligation"] == owing)
    assert row["why"] == (
        "School 1 (900001) ended on 15 March 2026, and School 3 (900003) goes on from it by a"
        " registrar's word alone, which moves nothing"
    )
    assert row["how"] == (
        "school-ledger record SuccessionAttributed --school school:900003 --predecessor"
        " school:900001 --former-urn 900001 --former-urn-closes-on 2026-03-15 --effective-on"
        " 2026-03-20 --source.publisher PUBLISHER --source.title TITLE"
    )
    said["source"] = {"publisher": "Northwick", "title": "Register of schools"}
    register(recorded.ledger, "SuccessionAttributed", **said)
    assert (owing,) not in told(recorded.ask(QUESTION, LATER), "obligation")


def test_of_a_closed_member_the_ground_rules_name_who_takes_over(recorded):
    chair = partnership(recorded.ledger)
    in_office(recorded.ledger, "officer@body:northwick")
    span = {"starts": "2026-03-02", "ends": "2026-07-31"}
    chair("PartnershipYearOpened", partnership="partnership:estuary", name="2025-26", **span)
    close(recorded.ledger, ONE)
    owed = recorded.ask(QUESTION, LATER, kind="visits of the year")
    assert told(owed, "debtor", "why", "who_should_act", "how") == [
        (
            ONE.school,
            "School 1 (900001) closed on 15 March 2026, and Northwick has not agreed to take over",
            "officer of Northwick",
            (
                "school-ledger record ContingencyAccepted --party body:northwick --partnership"
                " partnership:estuary"
            ),
        )
    ]


def test_where_nobody_speaks_for_who_is_named_somebody_is_to_be_appointed_first(recorded):
    chair = partnership(recorded.ledger)
    span = {"starts": "2026-03-02", "ends": "2026-07-31"}
    chair("PartnershipYearOpened", partnership="partnership:estuary", name="2025-26", **span)
    close(recorded.ledger, ONE)
    owed = recorded.ask(QUESTION, LATER, kind="visits of the year")
    assert told(owed, "nobody_since", "why", "who_should_act", "how") == [
        (
            "2026-03-16",
            (
                "School 1 (900001) closed on 15 March 2026, and Northwick has not agreed to take"
                " over: nobody was appointed officer of Northwick by then"
            ),
            "registrar of the ledger",
            "school-ledger record Appointed --office officer@body:northwick",
        )
    ]


def test_what_a_dissolved_partnership_is_owed_has_nobody_to_answer_until_somebody_agrees(recorded):
    chair = partnership(recorded.ledger)
    in_office(recorded.ledger, "officer@body:northwick")
    span = {"starts": "2026-03-02", "ends": "2026-07-31"}
    chair("PartnershipYearOpened", partnership="partnership:estuary", name="2025-26", **span)
    said = {"partnership": "partnership:estuary", "effective_on": "2026-03-20"}
    chair("PartnershipDissolved", **said, reason="Its schools have joined trusts.")
    owed = recorded.ask(QUESTION, LATER, kind="visits of the year")
    gone = "Estuary Partnership was dissolved on 20 March 2026"
    assert set(told(owed, "creditor", "nobody_since", "why", "who_should_act")) == {
        (
            "partnership:estuary",
            "2026-03-21",
            f"{gone}, and Northwick has not agreed to take over",
            "officer of Northwick",
        )
    }


@pytest.mark.parametrize("has_officer", [True, False])
def test_what_is_owed_while_nobody_is_head_says_who_appoints_one(recorded, owing, has_officer):
    """A registrar may, where nobody is officer of the body responsible either."""
    if has_officer:
        in_office(recorded.ledger, "officer@body:northwick")
    ended = end(recorded.ledger, ONE)
    row = next(row for row in recorded.ask(QUESTION, LATER).rows if row["obligation"] == owing)
    assert row["nobody_since"] == "2026-03-11"
    assert row["why"] == "nobody is head of School 1 (900001) since 10 March 2026"
    assert (row["who_should_act"], row["how"]) == (
        "officer of Northwick" if has_officer else "registrar of the ledger",
        "school-ledger record Appointed --office head@school:900001",
    )
    assert ended in row["events"]


def test_of_a_partnership_without_a_chair_the_clerk_appoints_one(recorded):
    partnership(recorded.ledger, (TWO, THREE))
    in_office(recorded.ledger, "clerk@partnership:estuary")
    sought = {"school": ONE.school, "partnership": "partnership:estuary", "version": 1}
    say(recorded.ledger, ONE, "MembershipSought", **sought)
    chair = {"person": Head(9).person, "office": "chair@partnership:estuary"}
    register(recorded.ledger, "AppointmentEnded", **chair, effective_on="2026-03-10")
    owed = recorded.ask(QUESTION, LATER, about="partnership:estuary", kind="admission_answer")
    assert told(owed, "debtor", "kind", "why", "who_should_act") == [
        (
            "partnership:estuary",
            "admission_answer",
            "nobody is chair of Estuary Partnership since 10 March 2026",
            "clerk of Estuary Partnership",
        )
    ]


def test_before_anybody_is_in_office_it_says_so(recorded, owing):
    new = {"school": "school:900009", "urn": "urn:900009", "name": "School 9", "phase": "primary"}
    new |= {"la": "body:northwick", "responsible_body": "body:northwick"}
    in_office(recorded.ledger, "officer@body:northwick")
    register(recorded.ledger, "SchoolRegistered", **new)
    said = {"school": "school:900009", "former_urn": "urn:900001", "effective_on": "2026-03-02"}
    said |= {"former_urn_closes_on": "2026-03-01", "predecessor": ONE.school}
    said["source"] = {"publisher": "Northwick", "title": "Register of schools"}
    register(recorded.ledger, "SuccessionAttributed", **said)
    row = next(row for row in recorded.ask(QUESTION, LATER).rows if row["obligation"] == owing)
    assert (row["obligation"], row["debtor"]) == (owing, "school:900009")
    assert (row["nobody_since"], row["why"]) == (
        None,
        "nobody was appointed head of School 9 (900009) by then",
    )
    assert row["who_should_act"] == "officer of Northwick"


@pytest.mark.parametrize("basis", ["substantive", "acting"])
def test_whoever_follows_answers(recorded, owing, basis):
    end(recorded.ledger, ONE)
    said = {"person": TWO.person, "office": ONE.office, "basis": basis}
    register(recorded.ledger, "Appointed", **said, effective_on="2026-03-11")
    assert (owing,) not in told(recorded.ask(QUESTION, LATER), "obligation")
    said = {"person": TWO.person, "office": ONE.office, "effective_on": "2026-03-20"}
    register(recorded.ledger, "AppointmentEnded", **said)
    assert (owing,) in told(recorded.ask(QUESTION, LATER), "obligation")


def test_an_end_set_right_by_a_later_one_is_told_as_set_right(recorded, owing):
    end(recorded.ledger, ONE)
    end(recorded.ledger, ONE, "2026-08-31")
    assert (owing,) not in told(recorded.ask(QUESTION, LATER), "obligation")


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ({"about": TWO.school}, True),
        ({"about": THREE.school}, False),
        ({"la": "body:northwick"}, True),
        ({"kind": "support"}, True),
        ({"kind": "days of support"}, True),
        ({"kind": "attestation"}, False),
        ({"overdue": True}, False),
        ({"marked": True}, True),
    ],
)
def test_it_is_narrowed_by_what_is_asked(recorded, owing, asked, there):
    close(recorded.ledger, ONE)
    found = told(recorded.ask(QUESTION, LATER, **asked), "obligation")
    assert ((owing,) in found) == there


def test_a_kind_that_there_is_not_is_refused_with_those_that_are(recorded, owing):
    assert owing
    with pytest.raises(ProjectionError, match=r"got suport, expected .*, support, target\."):
        recorded.ask(QUESTION, kind="suport")


def test_the_closed_school_can_answer_no_more(recorded, owing):
    """What the report calls an orphan, the rules let nobody settle."""
    close(recorded.ledger, ONE, effective_on="2026-03-01")
    said = {"visitor": ONE.school, "host": TWO.school, "under": f"agreement:{owing[:36]}"}
    with pytest.raises(RefusedError, match="closed on"):
        say(
            recorded.ledger,
            ONE,
            "VisitMade",
            **said,
            purpose="support",
            mode="on_site",
            days="1.0",
        )

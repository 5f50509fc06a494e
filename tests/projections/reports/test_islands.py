"""Schools in no partnership: since when and why, in trouble or in need, and what help came."""

import pytest
from pictures_reading import texts
from recording import DAY, ONE, THREE, TWO, partnership, register, say, visit

from projections.pictures.base import WIDE
from projections.reports.islands import QUESTION

LATER = ("2026-04-01", None)
SOURCE = {"title": "Report", "publisher": "Inspectorate", "published_on": "2026-03-01"}


def told(report, *names):
    return [tuple(row[name] for name in names) for row in report.rows]


def schools(report):
    return [row["school"] for row in report.rows]


@pytest.fixture
def inspect(recorded):
    """How an inspectorate places a school in a category."""
    register(recorded.ledger, "BodyRegistered", body="body:hmi", kind="inspectorate", name="HMI")
    framework = register(
        recorded.ledger,
        "FrameworkAdopted",
        slug="ours",
        title="Ours",
        areas=[{"area": "reading", "grades": ["secure", "weak"]}],
        in_force_from="2020-09-01",
    )

    def placed(head, category, urn=None, **said):
        return register(
            recorded.ledger,
            "JudgementMade",
            about=head.school,
            judge="body:hmi",
            framework=f"framework:{framework}",
            grades=[{"area": "reading", "grade": "weak"}],
            inspected_on="2026-02-01",
            basis="inspection",
            category=category,
            urn=urn or head.school.replace("school", "urn"),
            source=SOURCE,
            **said,
        )

    return placed


def test_who_belongs_to_a_partnership_is_none(recorded):
    assert schools(recorded.ask(QUESTION, LATER)) == [ONE.school, TWO.school, THREE.school]
    partnership(recorded.ledger, (ONE, TWO))
    assert schools(recorded.ask(QUESTION, LATER)) == [THREE.school]
    assert len(recorded.ask(QUESTION, ("2026-03-01", None)).rows) == 3


def test_who_left_is_one_from_the_day_after_with_when_and_why(recorded):
    partnership(recorded.ledger)
    said = {"person": TWO.person, "office": ONE.office, "basis": "substantive"}
    end = {"person": ONE.person, "office": ONE.office, "effective_on": "2026-03-01"}
    register(recorded.ledger, "AppointmentEnded", **end)
    register(recorded.ledger, "Appointed", **said, effective_on="2026-03-02")
    leaves = {"school": ONE.school, "partnership": "partnership:estuary", "version": 1}
    leaves["leaves_on"] = "2026-06-30"
    left = recorded.ledger.say("MembershipDeclined", leaves, TWO.signer, ONE.office, DAY).event
    assert recorded.ask(QUESTION, ("2026-06-30", None)).rows == []
    report = recorded.ask(QUESTION, ("2026-07-01", None))
    assert told(report, "school", "last_partnership", "left_on", "why_left") == [
        (ONE.school, "Estuary Partnership", "2026-06-30", "its head declined to ratify")
    ]
    assert report.rows[0]["events"][-1] == left


def ended_by_chair(chair, name, **said):
    return chair(name, partnership="partnership:estuary", effective_on="2026-06-30", **said)


WHY = {
    "MemberExcluded": "the partnership excluded it",
    "PartnershipDissolved": "the partnership was dissolved",
}


@pytest.mark.parametrize("name", WHY)
def test_a_partnership_that_lets_a_school_go_is_told_with_why(recorded, name):
    chair = partnership(recorded.ledger, (ONE,))
    school = {"school": ONE.school} if name == "MemberExcluded" else {}
    ended = ended_by_chair(chair, name, reason="For want of visits.", **school)
    report = recorded.ask(QUESTION, ("2026-07-01", None), about=ONE.school)
    assert told(report, "left_on", "why_left") == [("2026-06-30", WHY[name])]
    assert ended in report.rows[0]["events"]


def test_who_left_with_notice_and_was_excluded_before_it_ran_out_was_excluded(recorded):
    chair = partnership(recorded.ledger, (ONE,))
    left = {"partnership": "partnership:estuary", "effective_on": "2026-08-31"}
    say(recorded.ledger, ONE, "MembershipLeft", school=ONE.school, **left)
    after = ("2026-09-01", None)
    report = recorded.ask(QUESTION, after, about=ONE.school)
    assert told(report, "left_on", "why_left") == [("2026-08-31", "it left, with notice")]
    ended_by_chair(chair, "MemberExcluded", school=ONE.school, reason="For want of visits.")
    report = recorded.ask(QUESTION, after, about=ONE.school)
    assert told(report, "left_on", "why_left") == [("2026-06-30", WHY["MemberExcluded"])]


def test_who_was_refused_is_told_by_whom_and_when(recorded):
    chair = partnership(recorded.ledger, (TWO,))
    sought = {"school": ONE.school, "partnership": "partnership:estuary", "version": 1}
    asked = say(recorded.ledger, ONE, "MembershipSought", **sought).event
    refused = chair("AdmissionRefused", application=f"application:{asked}", reason="We are full.")
    report = recorded.ask(QUESTION, LATER, about=ONE.school)
    assert told(report, "refused_by") == [("Estuary Partnership, 2 March 2026",)]
    assert refused in report.rows[0]["events"]


def test_who_is_in_a_category_comes_first_then_who_has_needs(recorded, inspect):
    need = {"raiser": TWO.school, "area": "inclusion", "level": "school"}
    say(recorded.ledger, TWO, "NeedIdentified", school=TWO.school, **need)
    inspect(THREE, "special_measures")
    inspect(ONE, "none")
    assert told(recorded.ask(QUESTION, LATER), "school", "category", "needs") == [
        (THREE.school, "special measures", ""),
        (TWO.school, None, "inclusion"),
        (ONE.school, None, ""),
    ]


def test_the_last_inspection_tells_the_category(recorded, inspect):
    inspect(ONE, "special_measures")
    inspect(ONE, "none")
    assert ("special measures",) not in told(recorded.ask(QUESTION, LATER), "category")


def test_of_inspections_the_one_that_was_published_last_tells_the_category(recorded, inspect):
    inspect(ONE, "special_measures", published_on="2026-02-27")
    inspect(ONE, "none", published_on="2026-02-20")
    (row,) = recorded.ask(QUESTION, LATER, about=ONE.school).rows
    assert row["category"] == "special measures"


def test_a_category_does_not_pass_to_a_new_urn(recorded, inspect):
    inspect(ONE, "special_measures")
    said = {"school": ONE.school, "old_urn": "urn:900001", "old_urn_closes_on": "2026-03-31"}
    said |= {"new_urn": "urn:900101", "new_urn_opens_on": "2026-04-01", "name": "School 1"}
    register(recorded.ledger, "SchoolConverted", **said, effective_on="2026-04-01")
    categories = [
        dict(told(recorded.ask(QUESTION, (day, None)), "school", "category"))[ONE.school]
        for day in ("2026-03-31", "2026-04-01")
    ]
    assert categories == ["special measures", None]


def test_days_received_are_those_confirmed_in_twelve_months(recorded):
    for _ in range(2):
        made = recorded.ledger.append(visit(recorded.ledger, ONE, TWO, days="1.5")).event
        last = say(recorded.ledger, TWO, "VisitAttested", visit=f"visit:{made}", days="1.5").event
    days = {
        day: dict(told(recorded.ask(QUESTION, (day, None)), "school", "days_received"))[TWO.school]
        for day in ("2026-03-01", "2026-03-02", "2027-03-01", "2027-03-02")
    }
    assert list(days.values()) == ["0.0", "3.0", "3.0", "0.0"]
    said = {"event": f"event:{last}", "effective_on": "2026-03-02", "code": "entered_in_error"}
    say(recorded.ledger, TWO, "EventWithdrawn", **said)
    assert (TWO.school, "1.5") in told(recorded.ask(QUESTION, LATER), "school", "days_received")


def test_a_school_that_closed_or_is_not_open_yet_is_none(recorded):
    register(recorded.ledger, "SchoolClosed", school=ONE.school, effective_on="2026-03-15")
    said = {"urn": "urn:900050", "name": "New School", "phase": "primary", "la": "body:northwick"}
    register(recorded.ledger, "SchoolRegistered", **said, opened_on="2026-09-01")
    assert schools(recorded.ask(QUESTION, LATER)) == [TWO.school, THREE.school]
    assert "school:900050" in schools(recorded.ask(QUESTION, ("2026-09-01", None)))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"about": TWO.school}, [TWO]),
        ({"la": "body:northwick"}, [ONE, TWO, THREE]),
        ({"la": "body:harbour"}, []),
        ({"body": "body:harbour"}, [THREE]),
        ({"body": "body:northwick"}, [ONE, TWO]),
        ({"marked": True}, []),
    ],
)
def test_it_is_narrowed_by_what_is_asked(recorded, asked, found):
    ledger = recorded.ledger
    register(ledger, "BodyRegistered", body="body:harbour", kind="trust", name="Harbour Trust")
    said = {"school": THREE.school, "former_body": "body:northwick"}
    said |= {"responsible_body": "body:harbour", "effective_on": "2026-03-02"}
    register(ledger, "ResponsibleBodyChanged", **said)
    rows = schools(recorded.ask(QUESTION, LATER, **asked))
    assert rows == [head.school for head in found]


def test_schools_stand_on_a_map_by_what_they_need_and_the_others_are_counted(recorded, inspect):
    ledger = recorded.ledger
    assert recorded.ask(QUESTION, LATER).pictured(recorded.ask(QUESTION, LATER).rows) is None
    for head, easting in ((ONE, 400_000), (TWO, 420_000)):
        where = {"easting": easting, "northing": 500_000}
        day = {"effective_on": "2026-03-01"}
        register(ledger, "SchoolChanged", school=head.school, place=where, **day)
    inspect(ONE, "special_measures")
    report = recorded.ask(QUESTION, LATER)
    picture = report.pictured(report.rows)
    assert [(row["easting"], row["northing"]) for row in report.rows][1:] == [
        (420_000, 500_000),
        (None, None),
    ]
    assert texts(picture.panels(WIDE)) == [
        *("School 1 (900001)", "School 2 (900002)", "5 km", "North"),
        *(
            "1 in a category of concern",
            "1 with neither",
            "1 school without a place: see the table.",
        ),
    ]
    assert picture.description == "2 of 3 schools on a map. The table has each."
    assert recorded.ask(QUESTION, ("2026-02-28", None)).rows[0]["easting"] is None

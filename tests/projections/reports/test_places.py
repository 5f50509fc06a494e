"""In which region schools are, what a region narrows, and how far apart places are."""

import measured
import pytest
from recording import ONE, TWO

from projections.errors import ProjectionError
from projections.reports import (
    balance,
    claims,
    islands,
    orphans,
    partnerships,
    reciprocity,
    regional,
    response,
    schools,
)
from projections.reports.asking import known_region
from projections.reports.parties import QUESTION as PARTIES
from projections.reports.places import Place, kilometres
from projections.tables import catalogue
from projections.tables.views import moment

FAR, NEW = "school:900011", "school:900012"


def _school(telling, school, la, **more):
    urn, name = school.replace("school", "urn"), f"School {school[-2:]}"
    said = {"school": school, "urn": urn, "name": name, "phase": "primary", "la": la}
    telling.register("2026-03-02", "SchoolRegistered", **said, **more)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """School two goes to Eastmere, where two more are; Westmere succeeds it.

    There is support, a claim, a judgement, and a need in a school that has no head.
    """
    telling = measured.Telling(tmp_path_factory.mktemp("places") / "places.db")
    for slug, region in (("eastmere", "east-midlands"), ("westmere", "west-midlands")):
        said = {"body": f"body:{slug}", "kind": "local_authority", "name": slug.title()}
        telling.register("2026-03-02", "BodyRegistered", **said, region=region)
    northwick = {"responsible_body": "body:northwick"}
    _school(telling, FAR, "body:eastmere", region="london", **northwick)
    _school(telling, NEW, "body:eastmere")
    moved = {"la": "body:eastmere", "effective_on": "2026-06-01"}
    telling.register("2026-03-02", "SchoolChanged", school=TWO.school, **moved)
    goes = [{"school": one, "body": "body:westmere"} for one in (TWO.school, FAR, NEW)]
    ended = {"body": "body:eastmere", "successors": ["body:westmere"], "schools": goes}
    need = {"area": "inclusion", "level": "school", "raiser": "body:northwick"}
    telling.say("2026-03-02", measured.OFFICER, "NeedIdentified", school=FAR, **need)
    telling.say(
        "2026-03-02", TWO, "NeedIdentified", school=TWO.school, **need | {"raiser": TWO.school}
    )
    telling.claim("2026-07-01", ONE, telling.support(ONE, TWO, "6.0"), "More read at six.")
    areas = [{"area": "reading", "grades": ["secure", "weak"]}]
    adopted = {"slug": "ours", "title": "Ours", "areas": areas, "in_force_from": "2020-09-01"}
    framework = telling.register("2026-07-01", "FrameworkAdopted", **adopted)
    graded = {"grades": [{"area": "reading", "grade": "weak"}], "inspected_on": "2026-07-01"}
    judged = {"about": TWO.school, "judge": ONE.school, "basis": "peer_review"}
    judged["framework"] = f"framework:{framework}"
    telling.say("2026-07-01", ONE, "JudgementMade", **judged, **graded)
    telling.register("2026-07-02", "BodySucceeded", **ended, effective_on="2026-09-01")
    with telling.ledger as ledger, catalogue.views(ledger.store, None).open() as connection:

        def ask(question, day="2026-12-31", **asked):
            at, narrowed = moment(connection, day), question.asked(**asked)
            return list(question.answer(connection, ledger.store, at, narrowed).rows)

        yield ask


@pytest.fixture
def where(told):
    """Return the authority and region of a school on a day, as two reports tell them."""

    def of(school, day):
        for question, named, la in (
            (PARTIES, {"reference": school.partition(":")[2]}, "la_name"),
            (schools.QUESTION, {"school": school}, "authority_name"),
        ):
            (row,) = [row for row in told(question, day) if named.items() <= row.items()]
            yield row[la], row["region"]

    return lambda school, day: set(of(school, day))


@pytest.mark.parametrize(
    ("school", "day", "found"),
    [
        (ONE.school, "2026-03-02", ("Northwick", None)),
        (TWO.school, "2026-05-31", ("Northwick", None)),
        (TWO.school, "2026-06-01", ("Eastmere", "East Midlands")),
        (FAR, "2026-08-31", ("Eastmere", "London")),
        (FAR, "2026-09-01", ("Westmere", "West Midlands")),
        (NEW, "2026-08-31", ("Eastmere", "East Midlands")),
        (NEW, "2026-09-01", ("Westmere", "West Midlands")),
    ],
)
def test_a_school_is_in_its_own_region_else_in_that_of_its_authority(where, school, day, found):
    assert where(school, day) == {found}


def test_a_body_is_in_the_region_that_it_was_registered_in(told):
    regions = {row["reference"]: row["region"] for row in told(PARTIES)}
    assert (regions["eastmere"], regions["northwick"]) == ("East Midlands", None)


NARROWED = (
    *(balance, claims, islands, orphans, partnerships, reciprocity, regional, response, schools),
)


@pytest.mark.parametrize("report", NARROWED, ids=lambda report: report.QUESTION.name)
def test_a_region_leaves_out_what_is_elsewhere(told, report):
    question = report.QUESTION
    inside = told(question, region="east-midlands") + told(question, region="west-midlands")
    assert 0 < len(inside) <= len(told(question))
    assert told(question, region="london") == []


@pytest.mark.parametrize("said", ["north-east", "North East", "NORTH EAST", "north_east"])
def test_a_region_is_known_by_its_name_or_code(said):
    assert known_region(said) == "north-east"


@pytest.mark.parametrize(
    ("said", "todo"), [("Nort East", "Did you mean north east?"), ("Wales", None)]
)
def test_another_is_refused_with_those_there_are_and_what_comes_near(said, todo):
    with pytest.raises(ProjectionError) as refused:
        known_region(said)
    assert refused.value.got == said
    assert refused.value.todo == todo
    assert str(refused.value.expected).startswith("east midlands, east of england, london")


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (Place(400_000, 500_000), Place(403_000, 504_000), "5.0"),
        (Place(400_000, 500_000), Place(400_000, 500_000), "0.0"),
        (None, Place(400_000, 500_000), None),
        (Place(400_000, 500_000), None, None),
    ],
)
def test_how_far_apart_is_told_where_both_places_are(one, other, told):
    assert kilometres(one, other) == told

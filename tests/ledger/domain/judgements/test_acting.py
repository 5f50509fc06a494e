"""Who is to act on an inspection that is recorded after a later one: nobody, where that tells."""

import pytest
from given import WITH_ESTUARY, framework, given, judged

AREAS = [
    {"area": "leadership", "grades": ["good", "fair", "poor"], "monitored": ["poor"]},
    {"area": "safeguarding", "grades": ["met", "not-met"]},
]
FRAME = given(WITH_ESTUARY, framework(areas=AREAS, action_days=70))
PLACED = {"category": "special_measures"}
POOR, FAIR, GOOD = ([{"area": "leadership", "grade": one}] for one in ("poor", "fair", "good"))
MONITORED = {"basis": "monitoring_inspection", "grades": [{"area": "safeguarding", "grade": "met"}]}


def inspected(label, published, **changes):
    """Inspectors inspect school two, and publish it on that day."""
    said = {"urn": "urn:900002", "category": "none", "published_on": published, **changes}
    return judged(label, published, **said)


def asked(history):
    """Return what anybody is to do about the school's inspections."""
    kinds = ("brokerage", "member_response", "statement_of_action")
    return [kind for kind in kinds for _ in history.owed(kind=kind)]


@pytest.mark.parametrize(
    ("old", "later", "acts"),
    [
        ({"grades": POOR}, {"grades": GOOD}, []),
        # A later one that is as poor asks for help itself.
        ({"grades": POOR}, {"grades": POOR}, ["brokerage"]),
        ({"grades": FAIR, **PLACED}, {"grades": GOOD}, []),
        ({"grades": FAIR, **PLACED}, MONITORED, []),
        # What monitors grades nothing anew.
        ({"grades": POOR}, MONITORED, ["brokerage"]),
        # Of a grade that is followed up somebody finds help; out of the category, no body at once.
        ({"grades": POOR, **PLACED}, MONITORED, ["brokerage"]),
    ],
)
def test_nothing_is_asked_for_of_which_a_later_inspection_told_otherwise(old, later, acts):
    told = given(FRAME, inspected("later", "2024-12-01", **later))
    history = given(told, inspected("old", "2024-11-01", **old))
    assert asked(history) == acts


def test_what_is_published_on_the_same_day_is_no_later():
    told = given(FRAME, inspected("one", "2024-11-01", grades=GOOD))
    assert asked(given(told, inspected("two", "2024-11-01", grades=POOR))) == ["brokerage"]


def test_what_is_recorded_in_turn_stays_asked_for_until_somebody_answers():
    told = given(FRAME, inspected("one", "2024-11-01", grades=POOR))
    assert asked(given(told, inspected("two", "2024-12-01", grades=GOOD))) == ["brokerage"]


def test_whoever_was_told_to_act_by_then_is_named_in_vain():
    told = given(FRAME, inspected("later", "2024-12-01", grades=GOOD))
    old = inspected("old", "2024-11-01", grades=POOR)
    told.when_altered(old, brokers=["partnership:estuary"]).then_refused(
        "“brokers” must be who is to find help for the school that is judged: got"
        " partnership:estuary, expected nothing; left out, it is filled in"
    )

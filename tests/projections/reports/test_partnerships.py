"""Partnerships: alive or dormant, visits owed and made, heads who have yet to ratify, overlap."""

import pytest
from pictures_reading import shapes
from recording import DAY, ONE, THREE, TWO, Head, partnership, register, say

from projections.pictures.base import WIDE
from projections.reports.partnerships import QUESTION

ESTUARY = "partnership:estuary"
LATER = ("2026-04-01", None)


@pytest.fixture
def year(recorded):
    """The three schools form a partnership and open its year; return the year's reference."""
    chair = partnership(recorded.ledger)
    span = {"starts": "2026-03-02", "ends": "2026-07-31"}
    return f"year:{chair('PartnershipYearOpened', partnership=ESTUARY, name='2025-26', **span)}"


def visited(ledger, by, to, under):
    """Record a visit under a year, and that its host confirms it; return the confirmation."""
    said = {"visitor": by.school, "host": to.school, "under": under, "days": "1.0"}
    made = say(ledger, by, "VisitMade", **said, purpose="peer_review", mode="on_site").event
    return say(ledger, to, "VisitAttested", visit=f"visit:{made}", days="1.0").event


def told(report, *names):
    return [tuple(row[name] for name in names) for row in report.rows]


VISITS = ("visits_owed", "visits_made", "visits_left", "outside")


def test_visits_of_the_year_are_counted_as_owed_made_and_left(recorded, year):
    ledger = recorded.ledger
    assert told(recorded.ask(QUESTION, LATER), "year", *VISITS) == [("2025-26", 6, 0, 6, 0)]
    visited(ledger, ONE, TWO, year)
    visited(ledger, ONE, TWO, year)
    last = visited(ledger, TWO, THREE, year)
    # The second visit to one host is made, and does not count.
    assert told(recorded.ask(QUESTION, LATER), *VISITS) == [(6, 3, 4, 0)]
    said = {"event": f"event:{last}", "effective_on": "2026-03-02", "code": "entered_in_error"}
    say(ledger, THREE, "EventWithdrawn", **said)
    assert told(recorded.ask(QUESTION, LATER), *VISITS) == [(6, 2, 5, 0)]


def test_a_visit_whose_days_are_confirmed_in_parts_is_made_once(recorded, year):
    ledger = recorded.ledger
    said = {"visitor": ONE.school, "host": TWO.school, "under": year, "days": "1.0"}
    made = say(ledger, ONE, "VisitMade", **said, purpose="peer_review", mode="on_site").event
    visit = f"visit:{made}"
    first = say(ledger, TWO, "VisitAttested", visit=visit, days="0.5").event
    say(ledger, ONE, "VisitCorrected", visit=visit, days="1.0")
    second = say(ledger, TWO, "VisitAttested", visit=visit, days="0.5").event
    report = recorded.ask(QUESTION, LATER)
    assert told(report, *VISITS) == [(6, 1, 5, 0)]
    (row,) = report.rows
    assert row["visits_between"] == "School 1 (900001) to School 2 (900002): 1"
    assert {first, second} <= set(row["events"])


def test_a_visit_to_a_school_that_does_not_belong_is_outside(recorded):
    chair = partnership(recorded.ledger, (ONE, TWO))
    span = {"starts": "2026-03-02", "ends": "2026-07-31"}
    opened = chair("PartnershipYearOpened", partnership=ESTUARY, name="2025-26", **span)
    for host in (TWO, THREE):
        visited(recorded.ledger, ONE, host, f"year:{opened}")
    report = recorded.ask(QUESTION, LATER)
    assert told(report, *VISITS) == [(4, 2, 2, 1)]
    (row,) = report.rows
    assert row["visits_between"].split("; ") == [
        "School 1 (900001) to School 2 (900002): 1",
        "School 1 (900001) to School 3 (900003): 1 (outside)",
    ]
    (panel,) = report.pictured(list(report.rows)).panels(WIDE)
    assert [rect["class"] for rect in shapes([panel], "rect")] == [
        *("fill-band", "fill-band", "stroke-late"),
    ]


def test_without_a_year_there_are_no_visits_to_tell_of(recorded):
    partnership(recorded.ledger)
    found = told(recorded.ask(QUESTION, LATER), "year", *VISITS)
    assert found == [(None, None, None, None, None)]


@pytest.mark.parametrize(
    ("as_of", "state"),
    [("2026-03-02", "alive"), ("2027-06-02", "alive"), ("2027-06-03", "dormant")],
)
def test_after_fifteen_months_without_an_act_it_is_dormant(recorded, year, as_of, state):
    assert year
    found = told(recorded.ask(QUESTION, (as_of, None)), "state", "last_act_on")
    assert found == [(state, "2026-03-02")]


def test_a_member_that_closed_belongs_no_longer(recorded, year):
    assert year
    register(recorded.ledger, "SchoolClosed", school=ONE.school, effective_on="2026-03-15")
    counts = [
        told(recorded.ask(QUESTION, (day, None)), "members", "schools")
        for day in ("2026-03-15", "2026-03-16")
    ]
    assert counts == [
        [(3, [ONE.school, TWO.school, THREE.school])],
        [(2, [TWO.school, THREE.school])],
    ]


def test_a_new_head_has_yet_to_ratify(recorded, year):
    assert year
    said = {"person": TWO.person, "office": ONE.office, "basis": "substantive"}
    end = {"person": ONE.person, "office": ONE.office, "effective_on": "2026-03-09"}
    register(recorded.ledger, "AppointmentEnded", **end)
    appointed = register(recorded.ledger, "Appointed", **said, effective_on="2026-03-10")
    (row,) = recorded.ask(QUESTION, LATER).rows
    assert row["not_ratified"] == 1
    assert appointed in row["events"]
    assert told(recorded.ask(QUESTION, ("2026-03-09", None)), "not_ratified") == [(0,)]


def test_partnerships_with_members_in_common_are_told_of_each(recorded):
    partnership(recorded.ledger)
    partnership(recorded.ledger, (TWO, THREE), slug="harbour", number=10)
    found = told(recorded.ask(QUESTION, LATER), "partnership_name", "overlap")
    assert found == [
        ("Estuary Partnership", "Harbour Partnership: 2"),
        ("Harbour Partnership", "Estuary Partnership: 2"),
    ]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["estuary", "harbour"]),
        ({"partnership": "partnership:harbour"}, ["harbour"]),
        ({"about": ONE.school}, ["estuary"]),
        ({"about": TWO.school}, ["estuary", "harbour"]),
        ({"about": "partnership:harbour"}, ["harbour"]),
        ({"about": ONE.school, "partnership": "partnership:harbour"}, []),
        ({"la": "body:northwick"}, ["estuary", "harbour"]),
        ({"la": "body:elsewhere"}, []),
        ({"marked": True}, ["estuary", "harbour"]),
    ],
)
def test_it_is_narrowed_by_what_is_asked(recorded, asked, found):
    partnership(recorded.ledger)
    partnership(recorded.ledger, (TWO, THREE), slug="harbour", number=10)
    rows = told(recorded.ask(QUESTION, LATER, **asked), "partnership")
    assert rows == [(f"partnership:{slug}",) for slug in found]


def test_narrowing_changes_no_figure(recorded, year):
    visited(recorded.ledger, ONE, TWO, year)
    partnership(recorded.ledger, (TWO, THREE), slug="harbour", number=10)
    every = {row["partnership"]: row for row in recorded.ask(QUESTION, LATER).rows}
    for one, row in every.items():
        assert recorded.ask(QUESTION, LATER, partnership=one).rows == [row]


def test_who_takes_over_is_told_with_whether_it_has_ended(recorded):
    partnership(recorded.ledger, (ONE, TWO), takes_over=THREE.school)
    assert told(recorded.ask(QUESTION, LATER), "takes_over") == [("School 3 (900003)",)]
    register(recorded.ledger, "SchoolClosed", school=THREE.school, effective_on="2026-03-15")
    ended = "School 3 (900003), which has ended"
    assert told(recorded.ask(QUESTION, LATER), "takes_over") == [(ended,)]


def test_whoever_takes_over_has_agreed_to_it_or_not(recorded):
    chair = partnership(recorded.ledger, takes_over=ONE.school)
    names = ("takes_over_all", "stand_in")
    whom = "School 1 (900001)"
    assert told(recorded.ask(QUESTION, LATER), *names) == [(whom, f"not by {whom}")]
    said = {"party": ONE.school, "partnership": ESTUARY}
    agreed = say(recorded.ledger, ONE, "ContingencyAccepted", **said).event
    report = recorded.ask(QUESTION, LATER)
    assert told(report, *names) == [(whom, "yes")]
    assert agreed in report.rows[0]["events"]
    register(recorded.ledger, "SchoolClosed", school=ONE.school, effective_on="2026-03-15")
    assert told(recorded.ask(QUESTION, LATER), "stand_in") == [("no longer there",)]
    rules = {"contingency": dict.fromkeys(NAMED, "body:northwick"), **RULES}
    chair("GroundRulesAgreed", partnership=ESTUARY, effective_on="2026-03-20", ground_rules=rules)
    assert told(recorded.ask(QUESTION, LATER), *names) == [("Northwick", "not by Northwick")]


NAMED = ("on_closure", "on_dissolution", "holds_unspent")
RULES = {
    "visits_per_year": 2,
    "distinct_hosts": True,
    "outside_visits": 0,
    "attestation_days": 7,
    "impact_days": 21,
    "ratification_days": 30,
    "handover_days": 35,
    "response_days": 14,
    "brokerage_days": 28,
    "notice_days": 60,
    "external_judge": False,
}


def test_a_partnership_that_was_dissolved_has_no_members(recorded, year):
    assert year
    said = {"partnership": ESTUARY, "effective_on": "2026-03-20", "reason": "All joined trusts."}
    office = f"chair@{ESTUARY}"
    chair = Head(9)
    recorded.ledger.say("PartnershipDissolved", said, chair.signer, office, DAY)
    names = ("state", "members")
    assert told(recorded.ask(QUESTION, ("2026-03-20", None)), *names) == [("alive", 3)]
    assert told(recorded.ask(QUESTION, ("2026-03-21", None)), *names) == [("dissolved", 0)]


def test_before_it_was_formed_it_is_not_known(recorded):
    before = recorded.ledger.head().size
    partnership(recorded.ledger)
    assert recorded.ask(QUESTION, ("2026-04-01", before)).rows == []
    (row,) = recorded.ask(QUESTION, ("2026-04-01", before + 1)).rows
    assert (row["members"], row["position"], len(row["events"])) == (0, before + 1, 1)


def merge(ledger):
    """Let School 2 merge into School 1, both members, which was agreed by both."""
    said = {"predecessors": [ONE.school, TWO.school], "school": ONE.school}
    return register(ledger, "SchoolsMerged", **said, effective_on="2026-03-10")


def test_a_member_into_which_another_merges_is_one_member_and_none_once_it_is_dissolved(recorded):
    chair = partnership(recorded.ledger, (ONE, TWO))
    merge(recorded.ledger)
    assert told(recorded.ask(QUESTION, LATER), "members") == [(1,)]
    dissolved = {"partnership": ESTUARY, "effective_on": "2026-03-20", "reason": "One school left."}
    chair("PartnershipDissolved", **dissolved)
    assert told(recorded.ask(QUESTION, LATER), "state", "members") == [("dissolved", 0)]


@pytest.mark.parametrize(
    ("leaves", "words"),
    [({}, ""), ({"leaves_on": "2026-09-30"}, ", and it leaves after 30 September 2026")],
)
def test_who_declined_to_ratify_is_told_with_the_version_that_binds_the_school(
    recorded, leaves, words
):
    chair = partnership(recorded.ledger, (ONE, TWO))
    formed = next(one for one in recorded.ledger.entries() if one.name == "PartnershipFormed")
    rules = {**formed.data["ground_rules"], "visits_per_year": 3}
    said = {"partnership": ESTUARY, "ground_rules": rules, "effective_on": DAY.isoformat()}
    chair("GroundRulesAgreed", **said)
    declines = {"school": ONE.school, "partnership": ESTUARY, "version": 2, **leaves}
    recorded.ledger.say("MembershipDeclined", declines, ONE.signer, ONE.office, DAY)
    (row,) = recorded.ask(QUESTION, LATER).rows
    assert row["declined"] == (
        "School 1 (900001), bound by version 1: Rosalind Ashgrove 1 declined version 2 on 2 March"
        f" 2026{words}"
    )
    assert row["not_ratified"] == 1, "the other has yet to answer"

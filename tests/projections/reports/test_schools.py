"""Schools: how far help has come, by whom, what falls due next and what is overdue."""

from types import SimpleNamespace

import pytest
from recording import ONE, THREE, TWO, agreed, offer, partnership, register, say

from projections.reports import owes, support_map
from projections.reports.schools import QUESTION, STAGES

LATER = ("2026-04-01", None)
NEED = {"area": "inclusion", "level": "school"}


def told(report, *names):
    return [tuple(row[name] for name in names) for row in report.rows]


def of(recorded, head, *names, at=LATER):
    """Return what a row says of a head's school."""
    (row,) = recorded.ask(QUESTION, at, about=head.school).rows
    return tuple(row[name] for name in names)


def identify(recorded, head):
    return say(
        recorded.ledger, head, "NeedIdentified", school=head.school, raiser=head.school, **NEED
    )


def agree(recorded):
    return say(recorded.ledger, TWO, "SupportAgreed", **agreed(offer(recorded.ledger))).event


def confirm(recorded, agreement, days="1.0"):
    said = {"visitor": ONE.school, "host": TWO.school, "under": f"agreement:{agreement}"}
    said |= {"purpose": "support", "mode": "on_site", "days": days}
    made = say(recorded.ledger, ONE, "VisitMade", **said).event
    return say(recorded.ledger, TWO, "VisitAttested", visit=f"visit:{made}", days=days).event


STAGE = ("stage", "stage_since", "provider_name")


def pause(recorded, agreement, until):
    """School one proposes to pause the support, and school two accepts."""
    terms = {"agreement": f"agreement:{agreement}", "paused_until": until}
    varied = say(recorded.ledger, ONE, "SupportVaried", **terms).event
    say(recorded.ledger, TWO, "SupportVariationAccepted", variation=f"variation:{varied}")


def test_what_is_stopped_has_ended_though_days_are_left(recorded):
    agreement = say(recorded.ledger, TWO, "SupportAgreed", **agreed(offer(recorded.ledger))).event
    stopped = {"agreement": f"agreement:{agreement}", "how": "stopped"}
    say(recorded.ledger, TWO, "SupportEnded", **stopped, effective_on="2026-05-29")
    assert of(recorded, TWO, "stage", at=("2026-05-28", None)) == ("agreed",)
    assert of(recorded, TWO, "stage", "stage_since", at=("2026-05-29", None)) == (
        *("ended", "2026-05-29"),
    )


def test_an_offer_that_is_closed_is_no_match(recorded):
    offered = offer(recorded.ledger)
    say(recorded.ledger, TWO, "OfferClosed", offer=f"offer:{offered}", how="declined")
    assert of(recorded, TWO, "stage") == ("",)


def test_help_goes_from_a_need_to_its_end(recorded):
    seen = [of(recorded, TWO, *STAGE)]
    identify(recorded, TWO)
    seen.append(of(recorded, TWO, *STAGE))
    offered = offer(recorded.ledger)
    seen.append(of(recorded, TWO, *STAGE))
    agreement = say(recorded.ledger, TWO, "SupportAgreed", **agreed(offered)).event
    seen.append(of(recorded, TWO, *STAGE))
    confirm(recorded, agreement, "6.0")
    seen.append(of(recorded, TWO, *STAGE))
    pause(recorded, agreement, "2026-04-13")
    seen.append(of(recorded, TWO, *STAGE, at=("2026-04-12", None)))
    assert of(recorded, TWO, "stage", at=("2026-04-13", None)) == ("under way",)
    seen.append(of(recorded, TWO, *STAGE, at=("2026-08-01", None)))
    assert seen == [
        ("", None, ""),
        ("trigger", "2026-03-02", ""),
        ("matching", "2026-03-02", "School 1 (900001)"),
        ("agreed", "2026-03-02", "School 1 (900001)"),
        ("under way", "2026-03-02", "School 1 (900001)"),
        ("paused", "2026-03-02", "School 1 (900001)"),
        ("ended", "2026-07-31", "School 1 (900001)"),
    ]
    assert [stage for stage, *_ in seen[1:]] == list(STAGES[:-1])


def test_a_need_that_is_closed_calls_for_nothing_more(recorded):
    need = identify(recorded, TWO).event
    assert of(recorded, TWO, "stage", "needs") == ("trigger", "inclusion")
    say(recorded.ledger, TWO, "NeedClosed", need=f"need:{need}", outcome="met")
    assert of(recorded, TWO, "stage", "needs") == ("", "")


@pytest.mark.parametrize(("asks", "stage"), [(True, "trigger"), (False, "")])
def test_an_intervention_that_asks_for_support_calls_for_help(recorded, asks, stage):
    said = {"school": TWO.school, "kind": "warning_notice", "issuer": "body:northwick"}
    source = {"title": "Notices", "publisher": "Northwick Council", "published_on": "2026-03-02"}
    source |= {"url": "https://northwick.example/notices", "sha256": "0" * 64}
    said |= {"asks_for_support": asks, "source": source}
    register(recorded.ledger, "InterventionRecorded", **said)
    assert of(recorded, TWO, "stage") == (stage,)


@pytest.mark.parametrize(
    ("decision", "stage"), [("support", "matching"), ("leave_alone", "trigger")]
)
def test_who_decides_to_support_looks_for_help(recorded, decision, stage):
    chair = partnership(recorded.ledger)
    need = identify(recorded, TWO).event
    chair("DecisionRecorded", trigger=f"need:{need}", decision=decision, why="It is due.")
    assert of(recorded, TWO, "stage") == (stage,)


def test_what_is_left_after_the_end_keeps_support_under_way(recorded):
    confirm(recorded, agree(recorded))
    assert of(recorded, TWO, "stage", at=("2026-08-01", None)) == ("under way",)


def test_an_offer_that_nobody_took_up_is_over_after_its_last_day(recorded):
    offer(recorded.ledger)
    stages = [of(recorded, TWO, "stage", at=(day, None)) for day in ("2026-12-31", "2027-01-01")]
    assert stages == [("matching",), ("",)]


def test_a_withdrawn_confirmation_begins_nothing(recorded):
    confirmed = confirm(recorded, agree(recorded))
    said = {"event": f"event:{confirmed}", "effective_on": "2026-03-02", "code": "entered_in_error"}
    say(recorded.ledger, TWO, "EventWithdrawn", **said)
    assert of(recorded, TWO, "stage") == ("agreed",)


def test_the_adviser_is_whoever_holds_the_office_then(recorded):
    office = f"adviser@{TWO.school}"
    said = {"person": THREE.person, "office": office, "basis": "substantive"}
    said["for_body"] = "body:northwick"
    register(recorded.ledger, "Appointed", **said, effective_on="2026-03-10")
    end = {"person": THREE.person, "office": office, "effective_on": "2026-03-20"}
    register(recorded.ledger, "AppointmentEnded", **end)
    advisers = [
        of(recorded, TWO, "adviser_name", at=(day, None))
        for day in ("2026-03-09", "2026-03-10", "2026-03-20", "2026-03-21")
    ]
    assert advisers == [("",), ("Rosalind Ashgrove 3",), ("Rosalind Ashgrove 3",), ("",)]


def test_what_falls_due_next_is_of_either_side_and_what_is_overdue_of_each_by_itself(recorded):
    agree(recorded)
    columns = ("next_due_on", "overdue_items", "overdue_to_it")
    due = {
        day: [of(recorded, head, *columns, at=(day, None)) for head in (ONE, TWO)]
        for day in ("2026-07-31", "2026-08-01", "2026-08-29")
    }
    # Six days of support are due by the end of July, each side's account four weeks after it,
    # and the receiver's of what lasted a year after it.
    assert due == {
        "2026-07-31": [("2026-07-31", 0, 0)] * 2,
        "2026-08-01": [("2026-08-28", 1, 0), ("2026-08-28", 0, 1)],
        "2026-08-29": [("2027-07-31", 2, 1), ("2027-07-31", 1, 2)],
    }


def test_only_those_with_something_overdue_on_either_side_are_told_where_that_is_asked(recorded):
    agree(recorded)
    identify(recorded, THREE)
    found = recorded.ask(QUESTION, ("2026-08-01", None), overdue=True)
    assert {row["school"] for row in found.rows} == {ONE.school, TWO.school}


def test_those_come_first_whom_nobody_has_taken_up(recorded):
    agree(recorded)
    identify(recorded, THREE)
    assert told(recorded.ask(QUESTION, LATER), "school", "stage") == [
        (THREE.school, "trigger"),
        (TWO.school, "agreed"),
        (ONE.school, ""),
    ]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [TWO, ONE, THREE]),
        ({"about": THREE.school}, [THREE]),
        ({"partnership": "partnership:estuary"}, [ONE, THREE]),
        ({"partnership": "partnership:estuary", "about": TWO.school}, []),
        ({"la": "body:northwick"}, [TWO, ONE, THREE]),
        ({"la": "body:elsewhere"}, []),
        ({"body": "body:elsewhere"}, []),
        ({"provider": ONE.school}, [TWO]),
        ({"provider": TWO.school}, []),
        ({"overdue": True}, []),
    ],
)
def test_it_is_narrowed_by_what_is_asked(recorded, asked, found):
    agree(recorded)
    partnership(recorded.ledger, (ONE, THREE))
    rows = told(recorded.ask(QUESTION, LATER, **asked), "school")
    assert rows == [(head.school,) for head in found]


def test_narrowing_changes_no_row(recorded):
    confirm(recorded, agree(recorded))
    partnership(recorded.ledger, (ONE, THREE))
    for row in recorded.ask(QUESTION, LATER).rows:
        assert recorded.ask(QUESTION, LATER, about=row["school"]).rows == [row]


def test_who_closed_supports_nobody_any_more_and_who_merged_does_as_what_it_became(recorded):
    ledger = recorded.ledger
    say(ledger, TWO, "SupportAgreed", **agreed(offer(ledger)))

    def helped():
        rows = recorded.ask(QUESTION, ("2026-04-01", None), about=TWO.school).rows
        return [(row["stage"], row["stage_since"], row["providers"]) for row in rows]

    assert helped() == [("agreed", "2026-03-02", [ONE.school])]
    said = {"predecessors": [ONE.school, THREE.school], "school": THREE.school}
    register(ledger, "SchoolsMerged", **said, effective_on="2026-03-10")
    assert helped() == [("agreed", "2026-03-02", [THREE.school])]
    register(ledger, "SchoolClosed", school=THREE.school, effective_on="2026-03-15")
    assert helped() == [("ended", "2026-03-15", [THREE.school])]


@pytest.mark.parametrize(
    ("source", "helping"),
    [
        (None, ("ended", "2026-03-09", [ONE.school])),
        (
            {"publisher": "Northwick", "title": "Register of schools"},
            ("agreed", "2026-03-02", [THREE.school]),
        ),
    ],
    ids=["by a registrar's word alone", "by a published source"],
)
def test_who_goes_on_from_a_supporting_school_supports_where_a_source_says_so(
    recorded, source, helping
):
    """As `owes` tells it: on a registrar's word alone nothing went along."""
    ledger = recorded.ledger
    say(ledger, TWO, "SupportAgreed", **agreed(offer(ledger)))
    said = {"school": THREE.school, "former_urn": "urn:900001", "effective_on": "2026-03-10"}
    said |= {"former_urn_closes_on": "2026-03-09", "predecessor": ONE.school}
    said |= {"source": source} if source else {}
    register(ledger, "SuccessionAttributed", **said)
    at = ("2026-04-01", None)
    rows = recorded.ask(QUESTION, at, about=TWO.school).rows
    assert [(row["stage"], row["stage_since"], row["providers"]) for row in rows] == [helping]
    there = {row["school"] for row in recorded.ask(QUESTION, at).rows}
    owed = SimpleNamespace(answer=owes.owes, asked=owes.Asked)
    owing = {row["debtor"] for row in recorded.ask(owed, at, kind="support").rows}
    supporting = {row["provider"] for row in recorded.ask(support_map.QUESTION, at).rows}
    assert ONE.school not in there
    assert owing == {helping[2][0]}
    assert supporting == (owing if source else set())

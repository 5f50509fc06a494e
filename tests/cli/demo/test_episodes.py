"""What is owed at each step of the demo's histories, as it was known on that day."""

import pytest

from cli.demo.names import (
    COUNCIL,
    ELM,
    FERN,
    GORSE,
    HEATH,
    HUB,
    INSPECTORATE,
    LINDEN,
    NETWORK,
    TRUST,
    VALLEY,
)
from ledger.recording.application import Ledger
from projections.reports import orphans, owes, schools
from projections.tables import catalogue
from projections.tables.views import moment


@pytest.fixture(scope="module")
def opened(place):
    with Ledger.open(str(place / "d" / "demo.db"), read_only=True) as ledger:
        yield ledger


@pytest.fixture(scope="module")
def ask(opened):
    """Return who asks a report of the demo, as of a day and as known on it."""
    with catalogue.views(opened.store, None).open() as connection:
        yield lambda report, day, *asked: list(
            report(connection, opened.store, moment(connection, day, day), *asked).rows
        )


def line(row):
    """Return a row of what is owed, as a line."""
    claimed = f", {row['claimed']} claimed" if float(row["claimed"]) else ""
    late = ", overdue" if row["overdue"] else ""
    owed = f"{row['debtor']} owes {row['creditor']} {row['outstanding']}"
    return f"{row['kind']}: {owed}{claimed}{late}"


def between(ask, day, parties, kinds):
    """Return what these parties owe one another of these kinds on a day, sorted."""
    rows = (row for row in ask(owes.owes, day, owes.Asked()) if row["kind"] in kinds)
    return sorted(line(row) for row in rows if {row["debtor"], row["creditor"]} <= set(parties))


#: Of each history: between whom, of which kinds, and what is owed of them from day to day.
HISTORIES = {
    "special measures, until they are over": (
        (COUNCIL, HEATH, INSPECTORATE),
        ("brokerage", "statement_of_action"),
        {
            "2024-11-14": [
                f"brokerage: {COUNCIL} owes {HEATH} 1",
                f"statement_of_action: {COUNCIL} owes {INSPECTORATE} 1",
            ],
            "2024-11-27": [f"statement_of_action: {COUNCIL} owes {INSPECTORATE} 1"],
            "2025-01-15": [],
            "2026-04-30": [],
        },
    ),
    "more days than agreed, more agreed, and the rest waived": (
        (HEATH, HUB),
        ("support", "followup_account"),
        {
            "2024-11-27": [f"support: {HUB} owes {HEATH} 3.0"],
            "2025-02-13": [f"support: {HUB} owes {HEATH} 3.0, 3.0 claimed"],
            "2025-02-17": [],
            "2025-03-10": [f"support: {HUB} owes {HEATH} 2.0"],
            "2025-07-02": [],
            "2025-07-18": [f"followup_account: {HEATH} owes {HUB} 1"],
            "2026-07-14": [],
        },
    ),
    "a visit disputed, corrected, and confirmed late": (
        (ELM, FERN),
        ("attestation", "dispute_answer"),
        {
            "2024-12-10": [f"attestation: {FERN} owes {ELM} 1"],
            "2024-12-13": [f"dispute_answer: {ELM} owes {FERN} 1"],
            "2024-12-17": [f"attestation: {FERN} owes {ELM} 1"],
            "2025-01-08": [f"attestation: {FERN} owes {ELM} 1, overdue"],
            "2025-01-09": [],
        },
    ),
    "money that a partnership leaves unspent": (
        (COUNCIL, GORSE, LINDEN, VALLEY),
        ("fulfilment_answer", "payment", "spend_account"),
        {
            "2026-03-03": [f"payment: {COUNCIL} owes {VALLEY} 1500.00"],
            "2026-03-13": [
                f"fulfilment_answer: {LINDEN} owes {COUNCIL} 1",
                f"payment: {COUNCIL} owes {VALLEY} 1500.00, 1500.00 claimed",
            ],
            "2026-03-16": [f"spend_account: {LINDEN} owes {COUNCIL} 1500.00"],
            "2026-08-31": [f"spend_account: {LINDEN} owes {COUNCIL} 1500.00"],
            "2026-09-01": [f"spend_account: {GORSE} owes {COUNCIL} 1500.00"],
            "2026-09-05": [f"spend_account: {GORSE} owes {COUNCIL} 1500.00"],
        },
    ),
    "two schools become one, and a new head declines": (
        (GORSE, LINDEN, NETWORK),
        ("handover", "handover_acceptance", "ratification"),
        {
            "2026-02-12": [],
            "2026-08-31": [f"handover: {GORSE} owes {NETWORK} 1"],
            "2026-09-01": [
                f"handover: {GORSE} owes {NETWORK} 1",
                f"handover: {GORSE} owes {NETWORK} 1",
                f"ratification: {GORSE} owes {NETWORK} 1",
            ],
            "2026-09-03": [],
        },
    ),
    "a partnership dissolved, and nobody who agreed to stand in": (
        (GORSE, LINDEN, TRUST, VALLEY),
        ("contingency_answer", "impact_account", "peer_visit", "ratification"),
        {
            "2026-02-02": [f"contingency_answer: {TRUST} owes {VALLEY} 1"],
            "2026-02-17": [
                f"contingency_answer: {TRUST} owes {VALLEY} 1, overdue",
                f"impact_account: {GORSE} owes {VALLEY} 1",
                f"impact_account: {LINDEN} owes {VALLEY} 1",
                f"peer_visit: {GORSE} owes {VALLEY} 1",
                f"peer_visit: {LINDEN} owes {VALLEY} 1",
            ],
            "2026-05-04": [
                f"contingency_answer: {TRUST} owes {VALLEY} 1, overdue",
                f"impact_account: {GORSE} owes {VALLEY} 1",
                f"impact_account: {LINDEN} owes {VALLEY} 1",
                f"peer_visit: {LINDEN} owes {VALLEY} 1",
            ],
            "2026-09-01": [
                f"contingency_answer: {TRUST} owes {VALLEY} 1, overdue",
                f"impact_account: {GORSE} owes {VALLEY} 1",
                f"impact_account: {GORSE} owes {VALLEY} 1",
                f"peer_visit: {GORSE} owes {VALLEY} 1, overdue",
                f"ratification: {GORSE} owes {VALLEY} 1",
            ],
            "2026-09-05": [
                f"contingency_answer: {TRUST} owes {VALLEY} 1, overdue",
                f"impact_account: {GORSE} owes {VALLEY} 1",
                f"impact_account: {GORSE} owes {VALLEY} 1",
                f"peer_visit: {GORSE} owes {VALLEY} 1, overdue",
            ],
        },
    ),
}


@pytest.mark.parametrize("history", HISTORIES)
def test_each_step_of_a_history_leaves_what_it_should(ask, history):
    parties, kinds, steps = HISTORIES[history]
    assert {day: between(ask, day, parties, kinds) for day in steps} == steps


def test_a_day_more_than_agreed_is_given_beyond_until_more_is_agreed(ask):
    asked = owes.Asked(about=HEATH, settled=True)
    beyond = [
        [str(row["given_beyond"]) for row in ask(owes.owes, day, asked) if row["kind"] == "support"]
        for day in ("2025-02-17", "2025-03-10")
    ]
    assert beyond == [["1.0"], ["0.0"]]


def test_a_category_is_shown_until_an_inspection_ends_it(ask):
    days = ("2024-11-14", "2026-04-29", "2026-04-30")
    rows = (row for day in days for row in ask(schools.helped, day, schools.Asked()))
    shown = [row["category"] for row in rows if row["school"] == HEATH]
    assert shown == ["special measures", "special measures", None]


def test_a_business_manager_signs_what_the_head_delegates_and_nothing_else(opened):
    keys = {}
    for entry in opened.entries():
        if entry.office == f"head@{LINDEN}":
            keys.setdefault(entry.signedby, set()).add(entry.name)
    of_head, of_manager = sorted(keys.values(), key=len, reverse=True)
    assert of_manager == {"FundingReceived", "SpendRecorded"}
    assert of_head >= {"AuthorityDelegated", "HandoverGiven", "MembershipSought", "VisitAttested"}
    assert not of_head & of_manager


def test_what_a_dissolved_partnership_is_owed_has_nobody_to_ask_for_it(ask):
    rows = ask(orphans.orphans, "2026-09-05", orphans.Asked())
    found = [row for row in rows if row["creditor"] == VALLEY]
    assert sorted(row["kind"] for row in found) == [
        "contingency_answer",
        "impact_account",
        "impact_account",
        "peer_visit",
    ]
    # The contingency party is Harbour Learning Trust: nobody is its officer yet.
    assert {row["who_should_act"] for row in found} == {"registrar of the ledger"}
    assert {row["how"] for row in found} == {
        "school-ledger record Appointed --office officer@body:harbour-trust"
    }

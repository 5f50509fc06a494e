"""Who has promised how many days: offered and open, agreed, confirmed, left, by school year."""

import pytest
from recording import ONE, TWO, a_year, agreed, offer, register, say

from projections.reports.capacity import QUESTION
from projections.reports.support import school_year, year_in_words

FIGURES = ("offered", "agreed", "confirmed", "left", "late_days", "beyond", "agreements")


def figures(report):
    return {row["school_year"]: tuple(str(row[name]) for name in FIGURES) for row in report.rows}


def visited(recorded, agreement, days):
    said = {"visitor": ONE.school, "host": TWO.school, "purpose": "support", "mode": "on_site"}
    visit = say(
        recorded.ledger, ONE, "VisitMade", under=f"agreement:{agreement}", days=days, **said
    ).event
    return say(recorded.ledger, TWO, "VisitAttested", visit=f"visit:{visit}", days=days).event


def test_an_offer_counts_until_it_is_taken_up_or_lapses(recorded):
    offered = offer(recorded.ledger)
    open_one = recorded.ask(QUESTION, ("2026-12-31", None))
    assert figures(open_one) == {"2026-27": ("6.0", "0.0", "0.0", "0.0", "0.0", "0.0", "0")}
    assert recorded.ask(QUESTION, ("2027-01-01", None)).rows == []
    say(recorded.ledger, TWO, "SupportAgreed", **agreed(offered))
    taken = recorded.ask(QUESTION, ("2026-07-31", None))
    assert figures(taken) == {"2025-26": ("0.0", "6.0", "0.0", "6.0", "0.0", "0.0", "1")}


def test_what_is_left_after_the_last_day_is_overdue(recorded):
    say(recorded.ledger, TWO, "SupportAgreed", **agreed(offer(recorded.ledger)))
    late = recorded.ask(QUESTION, ("2026-08-01", None), overdue=True)
    assert figures(late) == {"2025-26": ("0.0", "6.0", "0.0", "6.0", "6.0", "0.0", "1")}
    assert recorded.ask(QUESTION, ("2026-07-31", None), overdue=True).rows == []


def test_what_was_confirmed_over_what_was_agreed_is_beyond(recorded):
    agreement = say(recorded.ledger, TWO, "SupportAgreed", **agreed(offer(recorded.ledger))).event
    visited(recorded, agreement, "5.0")
    visited(recorded, agreement, "2.5")
    (found,) = figures(recorded.ask(QUESTION, ("2026-07-31", None))).values()
    assert found == ("0.0", "6.0", "7.5", "0.0", "0.0", "1.5", "1")


def test_a_confirmation_that_was_withdrawn_counts_no_more(recorded):
    a_year(recorded.ledger)
    (found,) = figures(recorded.ask(QUESTION, ("2026-07-31", None))).values()
    assert found == ("0.0", "18.0", "3.0", "15.0", "0.0", "0.0", "3")


def test_an_agreement_that_was_withdrawn_was_never_agreed(recorded):
    agreement = say(recorded.ledger, TWO, "SupportAgreed", **agreed(offer(recorded.ledger))).event
    withdrawn = {"event": f"event:{agreement}", "effective_on": "2026-03-02"}
    say(recorded.ledger, TWO, "EventWithdrawn", code="entered_in_error", **withdrawn)
    report = recorded.ask(QUESTION, ("2026-07-31", None))
    assert figures(report) == {"2026-27": ("6.0", "0.0", "0.0", "0.0", "0.0", "0.0", "0")}


def declare(recorded, days="10.0", **said):
    span = {"starts": "2026-03-01", "ends": "2026-08-31", **said}
    told = {"provider": ONE.school, **span, "days": days}
    return say(recorded.ledger, ONE, "CapacityDeclared", **told).event


def compared(recorded, at=("2026-07-31", None)):
    names = ("school_year", "declared", "offered", "left", "free", "over")
    return [tuple(row[name] for name in names) for row in recorded.ask(QUESTION, at).rows]


def test_what_is_declared_less_what_is_offered_and_agreed_is_free(recorded):
    declare(recorded)
    say(recorded.ledger, TWO, "SupportAgreed", **agreed(offer(recorded.ledger)))
    assert compared(recorded) == [("2025-26", "10.0", "0.0", "6.0", "4.0", "0.0")]


def test_more_than_is_declared_is_over(recorded):
    say(recorded.ledger, TWO, "SupportAgreed", **agreed(offer(recorded.ledger)))
    first = declare(recorded)
    declare(recorded, "4.0", replaces=f"capacity:{first}")
    assert compared(recorded) == [("2025-26", "4.0", "0.0", "6.0", "0.0", "2.0")]


def test_where_nothing_is_declared_nothing_is_said_to_be_free(recorded):
    offer(recorded.ledger)
    assert compared(recorded) == [("2026-27", None, "6.0", "0.0", None, None)]


def test_an_offer_counts_where_it_ends_and_until_it_is_closed(recorded):
    pledge = {"receiver": TWO.school, "route": "hub", "days": "3.0", "ends": "2026-07-31"}
    said = {"provider": ONE.school, **pledge, "valid_until": "2026-12-31"}
    offered = say(recorded.ledger, ONE, "SupportOffered", **said).event
    assert compared(recorded) == [("2025-26", None, "3.0", "0.0", None, None)]
    say(recorded.ledger, ONE, "OfferClosed", offer=f"offer:{offered}", how="withdrawn")
    assert compared(recorded) == []


def test_of_one_provider_only(recorded):
    offer(recorded.ledger)
    offer(recorded.ledger, TWO, ONE)
    assert len(recorded.ask(QUESTION, ("2026-07-31", None)).rows) == 2
    report = recorded.ask(QUESTION, ("2026-07-31", None), provider=TWO.school)
    assert [row["provider"] for row in report.rows] == [TWO.school]
    assert report.asked == "by School 2 (900002)"


@pytest.mark.parametrize(
    ("day", "words"),
    [("2026-08-31", "2025-26"), ("2026-09-01", "2026-27"), ("1999-12-31", "1999-00")],
)
def test_a_school_year_begins_in_september(day, words):
    assert year_in_words(school_year(day)) == words


def test_a_provider_that_ended_offers_nothing_and_is_said_to_have_ended(recorded):
    declare(recorded)
    offer(recorded.ledger)
    say(recorded.ledger, TWO, "SupportAgreed", **agreed(offer(recorded.ledger)))
    register(recorded.ledger, "SchoolClosed", school=ONE.school, effective_on="2026-03-15")
    assert recorded.ask(QUESTION, ("2026-03-15", None)).rows[0]["declared"] == "10.0"
    (row,) = recorded.ask(QUESTION, ("2026-03-16", None)).rows
    told = tuple(row[name] for name in ("provider_name", "declared", "offered", "agreed", "left"))
    assert told == ("School 1 (900001), which has ended", None, "0.0", "6.0", "6.0")

"""How providers do: each agreement, what was confirmed of it, what is claimed, for what price."""

from recording import ONE, TWO, a_year, agreed, offer, say

from projections.reports.provider import QUESTION

NOW = ("2026-07-31", None)


def agree(recorded):
    return say(recorded.ledger, TWO, "SupportAgreed", **agreed(offer(recorded.ledger))).event


def test_each_agreement_is_a_row_with_what_became_of_it(recorded):
    a_year(recorded.ledger)
    report = recorded.ask(QUESTION, NOW)
    names = ("agreed_days", "confirmed_days", "left", "visits", "said_by")
    assert sorted(tuple(row[name] for name in names) for row in report.rows) == [
        ("6.0", "1.0", "5.0", 1, "both"),
        ("6.0", "1.0", "5.0", 1, "both"),
        ("6.0", "1.0", "5.0", 1, "one side"),
    ], "one rests on a withdrawal too, which one side said"


def test_either_sides_account_of_impact_is_told_with_whose_it_is(recorded):
    agreement = f"agreement:{agree(recorded)}"
    for head, area in ((ONE, "inclusion"), (TWO, "early-years")):
        said = {"agreement": agreement, "area": area, "claim": "They read more."}
        said |= {"reporter": head.school}
        account = say(recorded.ledger, head, "ImpactReported", **said).event
    (row,) = recorded.ask(QUESTION, NOW).rows
    assert row["claimed"] == "inclusion (by the provider), early years (by the receiver)"
    assert row["accounts"][-1] == account
    assert account not in row["events"], "a claim makes no day less said by both"
    assert row["said_by"] == "both"


def test_what_was_said_after_the_moment_is_not_told(recorded):
    agreement = f"agreement:{agree(recorded)}"
    known = recorded.ledger.head().size
    said = {"agreement": agreement, "area": "inclusion", "claim": "They read more."}
    said |= {"reporter": ONE.school}
    say(recorded.ledger, ONE, "ImpactReported", **said)
    (row,) = recorded.ask(QUESTION, ("2026-07-31", known)).rows
    assert (row["claimed"], row["accounts"]) == ("", [])


def test_an_agreement_that_was_withdrawn_is_left_out(recorded):
    agreement = agree(recorded)
    withdrawn = {"event": f"event:{agreement}", "effective_on": "2026-03-02"}
    say(recorded.ledger, TWO, "EventWithdrawn", code="entered_in_error", **withdrawn)
    assert recorded.ask(QUESTION, NOW).rows == []


def test_a_price_and_who_pays_it_are_those_of_the_offer(recorded):
    said = {"provider": ONE.school, "receiver": TWO.school, "route": "hub", "days": "6.0"}
    said |= {"price": "2100.00", "payer": TWO.school, "valid_until": "2026-12-31"}
    offered = say(recorded.ledger, ONE, "SupportOffered", **said).event
    say(recorded.ledger, TWO, "SupportAgreed", **agreed(offered))
    (row,) = recorded.ask(QUESTION, NOW).rows
    assert (row["pounds"], row["payer"], row["route"]) == ("2100.00", TWO.school, "hub")


def test_filters_narrow_to_a_side_a_day_and_what_is_overdue(recorded):
    agree(recorded)
    later = ("2026-08-01", None)
    for asked, rows in (
        ({"provider": ONE.school}, 1),
        ({"provider": TWO.school}, 0),
        ({"about": TWO.school}, 1),
        ({"about": "school:900003"}, 0),
        ({"since": "2026-03-02"}, 1),
        ({"since": "2026-03-03"}, 0),
        ({"to": "2026-03-01"}, 0),
        ({"overdue": True}, 1),
    ):
        assert len(recorded.ask(QUESTION, later, **asked).rows) == rows, asked
    assert recorded.ask(QUESTION, NOW, overdue=True).rows == []

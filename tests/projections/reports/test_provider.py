"""How providers do: each agreement, what was confirmed of it, what is claimed, for what price."""

from recording import DAY, ONE, TWO, a_year, agreed, offer, say

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


def test_what_the_other_side_says_of_an_account_is_told_beside_it(recorded):
    agreement = f"agreement:{agree(recorded)}"
    for head, other, answer in ((ONE, TWO, "confirmed"), (TWO, ONE, "contested")):
        said = {"agreement": agreement, "area": "inclusion", "claim": "They read more."}
        said |= {"reporter": head.school}
        account = say(recorded.ledger, head, "ImpactReported", **said).event
        answered = {"impact": f"impact:{account}", "answer": answer}
        why = {"why": "They did before."} if answer == "contested" else {}
        say(recorded.ledger, other, "ImpactAnswered", **answered, **why)
    (row,) = recorded.ask(QUESTION, NOW).rows
    assert row["claimed"] == "inclusion (by the provider), inclusion (by the receiver)"
    assert row["impact_confirmed"] == "inclusion (by the provider)"
    assert row["impact_contested"] == "inclusion (by the receiver)"


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


def vary(recorded, agreement, **terms):
    """School one proposes other terms, and school two accepts them."""
    said = {"agreement": f"agreement:{agreement}", **terms}
    varied = say(recorded.ledger, ONE, "SupportVaried", **said).event
    say(recorded.ledger, TWO, "SupportVariationAccepted", variation=f"variation:{varied}")


COURSE = ("agreed_days", "confirmed_days", "waived_days", "left", "reviews", "how_it_ended")


def test_days_as_they_were_varied_reviews_and_how_it_ended(recorded):
    agreement = agree(recorded)
    vary(recorded, agreement, days="8.0", ends="2026-08-31")
    named = {"agreement": f"agreement:{agreement}"}
    said = {"school": TWO.school, "agreements": [named["agreement"]]}
    say(recorded.ledger, ONE, "ReviewHeld", **said)
    (row,) = recorded.ask(QUESTION, NOW).rows
    assert [row[name] for name in COURSE] == ["8.0", "0.0", "0.0", "8.0", 1, None]
    assert (row["ends"], row["ended_on"]) == ("2026-08-31", None)
    ended = {**named, "how": "stopped", "effective_on": "2026-05-29"}
    say(recorded.ledger, TWO, "SupportEnded", **ended)
    (row,) = recorded.ask(QUESTION, NOW).rows
    assert [row[name] for name in COURSE] == ["8.0", "0.0", "0.0", "8.0", 1, "stopped"]
    assert (row["ends"], row["ended_on"]) == ("2026-05-29", "2026-05-29")


def test_lowered_days_are_agreed_no_more_and_confirmed_ones_stay(recorded):
    agreement = agree(recorded)
    said = {"visitor": ONE.school, "host": TWO.school, "purpose": "support", "mode": "on_site"}
    under = f"agreement:{agreement}"
    visit = say(recorded.ledger, ONE, "VisitMade", under=under, days="4.0", **said).event
    say(recorded.ledger, TWO, "VisitAttested", visit=f"visit:{visit}", days="4.0")
    vary(recorded, agreement, days="3.0")
    (row,) = recorded.ask(QUESTION, NOW).rows
    assert [row[name] for name in (*COURSE[:4], "visits", "beyond")] == [
        *("3.0", "4.0", "0.0", "0.0", 1, "1.0"),
    ]


def test_of_what_is_replaced_the_rest_is_waived(recorded):
    former = agree(recorded)
    anew = {**agreed(offer(recorded.ledger)), "replaces": f"agreement:{former}"}
    say(recorded.ledger, TWO, "SupportAgreed", **anew)
    rows = {row["agreement"]: row for row in recorded.ask(QUESTION, NOW).rows}
    assert [rows[former][name] for name in COURSE] == ["6.0", "0.0", "6.0", "0.0", 0, "replaced"]


def test_days_are_waived_until_that_is_withdrawn(recorded):
    agreement = agree(recorded)
    said = {"obligation": f"{agreement}/support", "amount": "2.0", "reason": "We manage now."}
    waived = say(recorded.ledger, TWO, "ObligationWaived", **said).event
    (row,) = recorded.ask(QUESTION, NOW).rows
    assert [row[name] for name in COURSE] == ["6.0", "0.0", "2.0", "4.0", 0, None]
    withdrawn = {"event": f"event:{waived}", "code": "entered_in_error", "text": "It was one."}
    say(recorded.ledger, TWO, "EventWithdrawn", **withdrawn, effective_on=DAY.isoformat())
    (row,) = recorded.ask(QUESTION, NOW).rows
    assert [row[name] for name in COURSE] == ["6.0", "0.0", "0.0", "6.0", 0, None]
    assert row["visits"] == 0


def test_parties_that_have_an_interest_in_common_are_marked(recorded):
    anew = {**agreed(offer(recorded.ledger)), "related_party": True}
    say(recorded.ledger, TWO, "SupportAgreed", **anew)
    report = recorded.ask(QUESTION, NOW)
    assert "related party" in report.rows[0]["marks"]
    assert any(note.startswith("related party: ") for note in report.notes)


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


def test_concerns_about_an_agreement_are_counted_with_their_events(recorded):
    agreement = f"agreement:{agree(recorded)}"
    about = {"about": ONE.school, "raiser": TWO.school, "school": TWO.school}
    said = {**about, "to": "body:northwick", "agreement": agreement, "reason": "Nobody comes."}
    (row,) = recorded.ask(QUESTION, NOW).rows
    assert (row["concerns"], row["raised"]) == (0, [])
    raised = say(recorded.ledger, TWO, "ConcernRaised", **said).event
    (row,) = recorded.ask(QUESTION, NOW).rows
    assert (row["concerns"], row["raised"]) == (1, [raised])
    assert raised in row["events"]

"""What support could be had: declared, and how much of it is left to offer."""

from recording import ONE, TWO, agreed, offer, say

from projections.reports.available import QUESTION

NOW = ("2026-03-02", None)


def declare(recorded, days="10.0", **said):
    span = {"starts": "2026-03-01", "ends": "2026-12-31", **said}
    told = {"provider": ONE.school, **span, "days": days}
    return say(recorded.ledger, ONE, "CapacityDeclared", **told).event


def told(recorded, at=NOW, **asked):
    names = ("declared_from", "declared_to", "declared_days", "left_to_offer")
    return [tuple(row[name] for name in names) for row in recorded.ask(QUESTION, at, **asked).rows]


def test_what_was_declared_and_what_is_left_of_it(recorded):
    declare(recorded)
    assert told(recorded) == [("2026-03-01", "2026-12-31", "10.0", "10.0")]
    offered = offer(recorded.ledger)
    assert told(recorded) == [("2026-03-01", "2026-12-31", "10.0", "4.0")]
    say(recorded.ledger, TWO, "SupportAgreed", **{**agreed(offered), "days": "5.0"})
    assert told(recorded) == [("2026-03-01", "2026-12-31", "10.0", "5.0")]


def test_times_that_overlap_are_taken_together(recorded):
    declare(recorded)
    declare(recorded, "2.0", starts="2026-12-01", ends="2027-01-31")
    declare(recorded, "3.0", starts="2027-02-01", ends="2027-03-31")
    offer(recorded.ledger)
    assert [left for *_, left in told(recorded)] == ["6.0", "6.0", "3.0"]


def test_what_is_past_or_replaced_could_be_had_no_more(recorded):
    first = declare(recorded)
    declare(recorded, "4.0", replaces=f"capacity:{first}")
    assert told(recorded) == [("2026-03-01", "2026-12-31", "4.0", "4.0")]
    assert told(recorded, ("2027-01-01", None)) == []


def test_in_an_area_what_names_it_or_none(recorded):
    declare(recorded, areas=["inclusion"], phases=["primary"], price="350.00")
    declare(recorded, "1.0", areas=["achievement"])
    declare(recorded, "2.0")
    assert len(told(recorded, area="inclusion")) == 2
    row = recorded.ask(QUESTION, NOW, area="inclusion").rows[0]
    assert (row["areas"], row["phases"], row["price"]) == ("inclusion", "primary", "350.00")
    assert row["said_by"] == "one side"


def test_of_one_provider_only(recorded):
    declare(recorded)
    assert told(recorded, provider=TWO.school) == []
    assert len(told(recorded, provider=ONE.school)) == 1

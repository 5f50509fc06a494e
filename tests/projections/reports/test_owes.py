"""Who owes what to whom, over all parties: told as it is looked up, however much there is."""

import sqlite3

import pytest
from recording import ONE, THREE, TWO, agreed, offer, partnership, register, say

from projections.reports import owes as module
from projections.reports.marks import NOTES
from projections.reports.owes import Asked, owes
from projections.tables import catalogue
from projections.tables.views import moment

EVERYTHING = Asked(settled=True)


@pytest.fixture
def told(northwick):
    """Return the answer of a question on the demo."""
    return lambda asked: owes(northwick.connection, northwick.store, northwick.at(), asked)


@pytest.mark.parametrize(("first", "most"), [(1, 1), (1, 4), (7, 2_000)])
def test_it_is_the_same_however_many_rows_are_looked_up_together(told, monkeypatch, first, most):
    whole = told(EVERYTHING)
    expected = list(whole.rows)
    monkeypatch.setattr(module, "_FIRST", first)
    monkeypatch.setattr(module, "_MOST", most)
    parted = told(EVERYTHING)
    assert list(parted.rows) == expected
    assert parted.notes == whole.notes
    assert "unvouched: " + NOTES["unvouched"] in whole.notes


def test_the_first_rows_are_told_before_the_others_are_looked_up(told, monkeypatch):
    monkeypatch.setattr(module, "_FIRST", 3)
    looked_up, look_up = [], module._look_up
    monkeypatch.setattr(
        module,
        "_look_up",
        lambda connection, store, at, rows, marks: (
            looked_up.append(len(rows)),
            look_up(connection, store, at, rows, marks),
        ),
    )
    rows = iter(told(EVERYTHING).rows)
    assert next(rows)["debtor_name"]
    assert looked_up == [3]
    assert len(list(rows)) > 60
    assert looked_up[:3] == [3, 6, 12]


CLAIMED = ("outstanding", "claimed", "claimed_on", "overdue")


class TestClaimed:
    """What a debtor has claimed done is not overdue until the answer is no."""

    @pytest.fixture
    def agreement(self, recorded):
        """Six days that school one owes school two by the end of July."""
        offered = offer(recorded.ledger)
        return say(recorded.ledger, TWO, "SupportAgreed", **agreed(offered)).event

    @staticmethod
    def row(recorded, kind, as_of="2026-08-31", names=CLAIMED, **asked):
        store = recorded.ledger.store
        with catalogue.views(store, None).open() as connection:
            at = moment(connection, as_of, None)
            rows = list(owes(connection, store, at, Asked(kind=kind, **asked)).rows)
        return [tuple(row[name] for name in names) for row in rows]

    @staticmethod
    def made(recorded, under, days, host=TWO, **more):
        said = {"visitor": ONE.school, "host": host.school, "under": under, "days": days}
        said |= {"purpose": "support", "mode": "on_site", **more}
        return f"visit:{say(recorded.ledger, ONE, 'VisitMade', **said).event}"

    def test_it_shows_how_much_and_since_when_and_the_answer_is_overdue(self, recorded, agreement):
        self.made(recorded, f"agreement:{agreement}", "2.0")
        assert self.row(recorded, "support") == [("6.0", "2.0", "2026-03-02", True)]
        assert self.row(recorded, "attestation") == [("1", "0", None, True)]
        self.made(recorded, f"agreement:{agreement}", "4.0")
        assert self.row(recorded, "support") == [("6.0", "6.0", "2026-03-02", False)]
        assert self.row(recorded, "support", overdue=True) == []

    def test_whoever_is_waited_for_must_act(self, recorded, agreement):
        """It is overdue from the day after it is due, 31 July."""
        names = ("days_overdue", "must_act_name")
        assert self.row(recorded, "support", "2026-07-31", names) == [(None, "School 1")]
        assert self.row(recorded, "support", names=names) == [(31, "School 1")]
        self.made(recorded, f"agreement:{agreement}", "6.0")
        assert self.row(recorded, "support", names=names) == [(None, "School 2")]
        assert self.row(recorded, "attestation", names=names)[0][1] == "School 2"

    def test_never_more_than_is_left(self, recorded, agreement):
        self.made(recorded, f"agreement:{agreement}", "9.0")
        assert self.row(recorded, "support") == [("6.0", "6.0", "2026-03-02", False)]

    @pytest.mark.parametrize("name", ["VisitDisputed", "VisitAttested"])
    def test_once_the_answer_is_no_it_is_overdue(self, recorded, agreement, name):
        visit = self.made(recorded, f"agreement:{agreement}", "6.0")
        said = {"visit": visit, "days": "2.0"}
        said |= {"wrong": "Four days."} if name == "VisitDisputed" else {}
        say(recorded.ledger, TWO, name, **said)
        left = "6.0" if name == "VisitDisputed" else "4.0"
        assert self.row(recorded, "support") == [(left, "0.0", None, True)]

    def test_a_correction_claims_anew(self, recorded, agreement):
        visit = self.made(recorded, f"agreement:{agreement}", "6.0")
        say(recorded.ledger, ONE, "VisitCorrected", visit=visit, days="2.0")
        assert self.row(recorded, "support") == [("6.0", "2.0", "2026-03-02", True)]
        say(recorded.ledger, ONE, "VisitCorrected", visit=visit, days="2.0", under="nothing")
        assert self.row(recorded, "support") == [("6.0", "0.0", None, True)]

    def test_a_visit_withdrawn_is_claimed_no_more(self, recorded, agreement):
        visit = self.made(recorded, f"agreement:{agreement}", "6.0").replace("visit", "event")
        withdrawn = {"event": visit, "effective_on": "2026-03-02", "code": "entered_in_error"}
        say(recorded.ledger, ONE, "EventWithdrawn", **withdrawn)
        assert self.row(recorded, "support") == [("6.0", "0.0", None, True)]

    def test_a_visit_of_the_year_is_claimed_once_for_each_host(self, recorded):
        chair = partnership(recorded.ledger)
        span = {"starts": "2026-03-01", "ends": "2026-07-31"}
        opened = chair(
            "PartnershipYearOpened", partnership="partnership:estuary", name="2025-26", **span
        )
        for _ in range(2):
            self.made(recorded, f"year:{opened}", "1.0", purpose="peer_review")
        assert ("2", "1", "2026-03-02", True) in self.row(recorded, "peer_visit")
        self.made(recorded, f"year:{opened}", "1.0", host=THREE, purpose="peer_review")
        assert ("2", "2", "2026-03-02", False) in self.row(recorded, "peer_visit")


@pytest.mark.parametrize("together", [1, 20, 10_000])
@pytest.mark.parametrize(
    "asked",
    [
        Asked(),
        EVERYTHING,
        Asked(overdue=True),
        Asked(kind="impact_account", settled=True),
    ],
    ids=["what is left", "everything", "what is overdue", "one kind"],
)
def test_summed_by_due_day_it_is_the_same_in_the_same_order(
    northwick, monkeypatch, asked, together
):
    """On every tenth position of the demo, as of that day and as of others."""
    monkeypatch.setattr(module, "_FIRST", together)
    moments = [northwick.at(known_at=str(each)) for each in range(10, northwick.last, 10)]
    for at in (*moments, northwick.at("2025-06-30"), northwick.at("2199-12-31")):
        whole = list(module.balances(northwick.connection, at, asked))
        assert list(module._by_due_day(northwick.connection, at, asked)) == whole


def test_what_never_falls_due_comes_last(northwick):
    """No kind of today is without a day; one that came to be must be told all the same."""
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    northwick.connection.backup(connection)
    connection.execute("UPDATE postings SET due_on = NULL WHERE kind = 'impact_account'")
    at = northwick.at()
    whole = list(module.balances(connection, at, EVERYTHING))
    assert whole[-1]["due_on"] is None
    assert list(module._by_due_day(connection, at, EVERYTHING)) == whole


def test_the_first_rows_are_told_before_those_due_later_are_summed(northwick, monkeypatch):
    monkeypatch.setattr(module, "_FIRST", 1)
    summed, balances = [], module.balances
    monkeypatch.setattr(
        module, "balances", lambda *args: summed.append(args[-1].parameters) or balances(*args)
    )
    rows = module._by_due_day(northwick.connection, northwick.at(), EVERYTHING)
    due = next(rows)["due_on"]
    assert summed == [{"first": due, "last": due}]
    assert len(list(rows)) > 60
    assert len(summed) > 5


def test_what_was_settled_before_a_merger_stays_the_predecessors(recorded):
    ledger = recorded.ledger
    agreement = say(ledger, TWO, "SupportAgreed", **agreed(offer(ledger))).event
    waived = f"{agreement}/support"
    say(ledger, TWO, "ObligationWaived", obligation=waived, reason="Enough")
    said = {"predecessors": [ONE.school, THREE.school], "school": THREE.school}
    register(ledger, "SchoolsMerged", **said, effective_on="2026-03-10")
    with catalogue.views(ledger.store, None).open() as connection:
        at = moment(connection, "2026-04-01")
        rows = [
            (row["debtor"], row["opened"], row["outstanding"])
            for row in owes(connection, ledger.store, at, Asked(settled=True)).rows
            if row["obligation"] == waived
        ]
    assert rows == [(ONE.school, "6.0", "0.0")]

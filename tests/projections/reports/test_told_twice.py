"""Figures of reports, told a second time from the bytes of entries alone: no fold, no table."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import orjson
import pytest

from projections.reports.catalogue import question
from projections.reports.history import history
from projections.reports.owes import Asked as Owed
from projections.reports.owes import owes
from projections.tables.views import moment

DAYS = ("2025-07-31", "2026-01-31", "2026-07-31", "2027-12-31")
ATTESTED_WITHIN = 14
LATE_AFTER = 20


class Event:
    """What an entry says, as a reader of its bytes has it."""

    def __init__(self, raw):
        entry = orjson.loads(raw)
        said = entry["statement"]
        recorded = datetime.fromisoformat(entry["recorded_at"])
        self.recorded = recorded.astimezone(ZoneInfo("Europe/London")).date()
        self.id, self.data = said["id"], said["data"]
        self.name, self.day = said["type"].partition(".")[0], date.fromisoformat(said["occurredon"])

    def on(self, member):
        """Return a day that it says, else its own."""
        return date.fromisoformat(self.data.get(member, self.day.isoformat()))


class Told:
    """The demo: its events, and what the project answers."""

    def __init__(self, ledger, connection):
        self.store, self.connection = ledger.store, connection
        size = ledger.head().size
        self.events = [Event(raw) for _, raw in ledger.store.entries(limit=size)]
        self.withdrawn = {
            one.data["event"].partition(":")[2] for one in self.named("EventWithdrawn")
        }

    def named(self, *names):
        return [one for one in self.events if one.name in names]

    def ask(self, name, day):
        asked = question(name)
        at = moment(self.connection, day)
        return list(asked.answer(self.connection, self.store, at, asked.asked()).rows)

    def owed(self, day):
        at = moment(self.connection, day)
        rows = owes(self.connection, self.store, at, Owed(settled=True)).rows
        return {row["obligation"]: row for row in rows}


@pytest.fixture
def demo(story):
    _, ledger, connection = story
    return Told(ledger, connection)


def days_of(demo, agreement, by):
    """Tell what became of the days of an agreement, event by event; beyond fills what is added."""
    thing, owed = f"agreement:{agreement.id}", f"{agreement.id}/support"
    agreed = left = Decimal(agreement.data["days"])
    confirmed = beyond = waived = Decimal(0)
    for one in demo.events:
        said = one.data
        if (
            one.name == "VisitAttested"
            and said.get("under") == thing
            and one.on("visited_on") <= by
        ):
            given = Decimal(said["days"])
            confirmed += given
            beyond += max(given - left, Decimal(0))
            left = max(left - given, Decimal(0))
        elif one.name == "SupportVariationAccepted" and said["agreement"] == thing:
            if "days" in said and one.day <= by:
                more = Decimal(said["days"]) - Decimal(said["days_before"])
                filled = min(beyond, more)
                agreed, left, beyond = agreed + more, left + more - filled, beyond - filled
        elif said.get("obligation") == owed and one.name == "ObligationWaived" and one.day <= by:
            waived, left = waived + left, Decimal(0)
    return {
        "agreed_days": agreed,
        "confirmed_days": confirmed,
        "left": left,
        "waived_days": waived,
        "beyond": beyond,
    }


@pytest.mark.parametrize("day", DAYS)
def test_the_days_of_every_agreement(demo, day):
    by = date.fromisoformat(day)
    expected = {
        one.id: days_of(demo, one, by) for one in demo.named("SupportAgreed") if one.day <= by
    }
    rows = demo.ask("provider", day)
    assert expected
    assert {
        row["agreement"]: {name: Decimal(row[name]) for name in expected[row["agreement"]]}
        for row in rows
    } == expected
    owed = demo.owed(day)
    assert {one: Decimal(owed[f"{one}/support"]["outstanding"]) for one in expected} == {
        one: told["left"] for one, told in expected.items()
    }


@pytest.mark.parametrize("day", DAYS)
def test_when_each_visit_was_to_be_answered_and_whether_it_was(demo, day):
    by = date.fromisoformat(day)
    answered = {
        one.data["visit"].partition(":")[2]
        for one in demo.named("VisitAttested", "VisitDisputed")
        if one.day <= by
    }
    expected = {
        one.id: (
            (max(one.day, one.recorded) + timedelta(days=ATTESTED_WITHIN)).isoformat(),
            "0" if one.id in answered | demo.withdrawn else "1",
        )
        for one in demo.named("VisitMade")
        if one.day <= by and one.data["under"] != "nothing"
    }
    owed = demo.owed(day)
    found = {one: owed[f"{one}/attestation"] for one in expected}
    assert len(found) > 10
    assert {one: (row["due_on"], row["outstanding"]) for one, row in found.items()} == expected


@pytest.mark.parametrize("day", DAYS)
def test_where_the_money_went(demo, day):
    by = date.fromisoformat(day)

    def pounds(name, thing, when, *, back):
        return sum(
            Decimal(one.data["pounds"])
            for one in demo.named(name)
            if one.data["under"] == thing and one.on(when) <= by and ("returns" in one.data) is back
        )

    expected = {}
    for one in demo.named("FundingCommitted"):
        thing = f"funding:{one.id}"
        spent = sum(
            Decimal(part["pounds"])
            for spend in demo.named("SpendRecorded")
            for part in spend.data["spent"]
            if part["funding"] == thing and spend.on("spent_on") <= by
        )
        if one.day <= by:
            expected[one.id] = {
                "committed": Decimal(one.data["pounds"]),
                "received": pounds("FundingReceived", thing, "paid_on", back=False),
                "returned": pounds("FundingReceived", thing, "paid_on", back=True),
                "spent": spent,
            }
    rows = demo.ask("funding", day)
    assert {
        row["funding"]: {name: Decimal(row[name]) for name in expected[row["funding"]]}
        for row in rows
    } == expected


@pytest.mark.parametrize("day", DAYS)
def test_who_judged_whom_with_which_grade(demo, day):
    by = date.fromisoformat(day)
    expected = Counter(
        (one.data["judge"], one.data["about"], grade["area"], grade["grade"])
        for one in demo.named("JudgementMade")
        for grade in one.data["grades"]
        if one.on("published_on") <= by
    )
    rows = demo.ask("reciprocity", day)
    assert expected == Counter(
        (row["judge"], row["judged"], row["area"].replace(" ", "-"), row["given"].replace(" ", "-"))
        for row in rows
    )


@pytest.mark.parametrize("party", ["school:900004", "partnership:estuary", "body:northwick"])
def test_how_late_each_event_was_recorded(demo, party):
    known = {one.id: one for one in demo.events}
    at = moment(demo.connection, DAYS[-1])
    rows = list(history(demo.connection, demo.store, party, at).rows)
    assert len(rows) > 50
    for row in rows:
        one = known[row["event"]]
        assert row["occurred_on"] == one.day.isoformat()
        days = (one.recorded - one.day).days
        assert row["days_late"] == (days if days > LATE_AFTER else None)

"""What waits for a second look: recorded late, or resting on a key unvouched or in doubt."""

import pytest
from registry import ALDER, BIRCH, Registry, key, person, signer

from projections.reports.history import history
from projections.reports.unconfirmed import QUESTION
from projections.tables import catalogue
from projections.tables.views import moment

VISIT = {"visitor": ALDER, "host": BIRCH, "purpose": "support", "mode": "on_site"}


@pytest.fixture
def registry(tmp_path):
    with Registry(tmp_path / "a.db") as registry:
        yield registry


def ask(registry, at=("2026-04-01", None), **asked):
    with catalogue.views(registry.ledger.store, None).open() as connection:
        report = QUESTION.answer(
            connection,
            registry.ledger.store,
            moment(connection, *at),
            QUESTION.asked(**asked),
        )
        return list(report.rows), report


def why(rows):
    return {row["events"][0]: row["why"] for row in rows}


def test_what_rests_on_one_registrars_word_waits_until_somebody_vouches(registry):
    visit = registry.visit()
    rows, report = ask(registry)
    assert why(rows)[visit] == (
        "nobody else has vouched for the signer's key;"
        " nobody else has vouched for the signer's appointment"
    )
    assert [row["waiting"] for row in rows] == [30]
    assert report.notes[0] == "Of 1: 0 late, 1 unvouched, 0 doubtful."
    registry.vouch("ann")
    assert ask(registry)[0] == []


def test_as_it_was_known_before_somebody_vouched(registry):
    registry.visit()
    known = registry.ledger.head().size
    registry.vouch("ann")
    assert len(ask(registry, ("2026-04-01", known))[0]) == 1


def test_what_was_recorded_late_says_how_late(registry):
    registry.vouch("ann")
    happened = registry.clock.now.date()
    registry.clock.now = registry.clock.now.replace(day=31)
    by = registry.ledger.say(
        "VisitMade", {**VISIT, "days": "1.0"}, signer("ann"), f"head@{ALDER}", happened
    ).event
    rows, _ = ask(registry)
    assert why(rows) == {by: "recorded 29 days after it happened"}
    assert (rows[0]["days_late"], rows[0]["waiting"], rows[0]["marks"]) == (29, None, "late")
    with catalogue.views(registry.ledger.store, None).open() as connection:
        at = moment(connection, "2026-04-01", None)
        happened = history(connection, registry.ledger.store, ALDER, at).rows
        assert {row["event"]: row["days_late"] for row in happened if row["days_late"]} == {by: 29}


def test_what_a_key_signed_that_may_have_been_in_other_hands_and_what_rests_on_it(registry):
    for name in ("ann", "ben"):
        registry.vouch(name)
    since = registry.clock.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    visit = registry.visit()
    answer = registry.say("ben", "VisitAttested", visit=f"visit:{visit}", days="1.0")
    assert ask(registry)[0] == []
    registry.say("rita", "KeyCompromised", person=person("ann"), key_=key("ann"), since=since)
    rows, _ = ask(registry)
    assert why(rows) == {
        visit: f"its key may have been in other hands since {since}",
        answer: "it rests on what was signed with a key that may have been in other hands",
    }


def test_what_was_withdrawn_is_left_out(registry):
    visit = registry.visit()
    withdrawal = registry.say(
        "ann", "EventWithdrawn", event=f"event:{visit}", effective_on="2026-03-02",
        code="entered_in_error",
    )  # fmt: skip
    assert list(why(ask(registry)[0])) == [withdrawal]


def test_filters_narrow_to_a_party_and_to_days(registry):
    registry.visit()
    for asked, count in (
        ({"about": ALDER}, 1),
        ({"about": "body:northwick"}, 0),
        ({"since": "2026-03-02"}, 1),
        ({"since": "2026-03-03"}, 0),
        ({"to": "2026-03-01"}, 0),
    ):
        assert len(ask(registry, **asked)[0]) == count, asked

"""An operator's attack, as whoever asks sees it: what is recorded past the rules is irregular."""

from __future__ import annotations

import json

import pytest

from ledger import keys
from ledger.recording.application import Ledger

LISTED = "it lists the obligation {}, which it does not change"


@pytest.fixture
def attacked(world, monkeypatch):
    """The world, the entry that Birch's head signed past the rules, and the debts that it lists."""
    debts = {row["obligation"]: row for row in owed(world)}
    data = {"visit": f"visit:{world.visit}", "days": "1.5", "obligations": sorted(debts)}
    signer = keys.load(world.folder / "keys" / "birch")
    with (
        monkeypatch.context() as past_the_rules,
        Ledger.open(str(world.ledger), clock=world.clock) as ledger,
    ):
        past_the_rules.setattr("ledger.domain.decide.decide", lambda *_: [])
        day = world.clock.now.date()
        event = ledger.say("VisitAttested", data, signer, "head@school:900002", day).event
    return world, event, debts


def owed(world):
    return json.loads(world.done("owes", "--format", "json"))["rows"]


def named(row):
    """Return how a message names what is owed: start of its id, what it is, and between whom."""
    event, _, slot = row["obligation"].partition("/")
    sides = " to ".join(
        f"{row[f'{side}_name']} ({row[side].removeprefix('school:')})"
        for side in ("debtor", "creditor")
    )
    return f"{event[:13]}/{slot} ({row['kind_title']}, owed by {sides})"


def test_an_attack_on_all_debts_settles_only_what_the_visit_does_and_owes_marks_irregular(attacked):
    world, event, debts = attacked
    left = {row["obligation"]: row for row in owed(world)}
    settled = f"{world.visit}/attestation"
    assert set(left) == set(debts) - {settled}
    support = left[f"{world.agreement}/support"]
    assert (support["outstanding"], support["marks"]) == ("4.5", "irregular, unvouched, no need")
    table = world.done("owes")
    assert "\nirregular: past the rules, as this release judges them" in table
    assert "irregular, unvouched" in world.done("owes", "--format", "csv")
    assert event in support["events"]


def test_an_irregular_entry_is_named_by_check_with_each_reason_and_exit_code_4(attacked):
    world, event, debts = attacked
    result = world.run("check", "--format", "json")
    assert result.exit_code == 4
    found = [row for row in json.loads(result.stdout)["rows"] if row["check"] == "irregular"]
    assert {(row["event"], row["severity"]) for row in found} == {(event, "advice")}
    wrongly = set(debts) - {f"{world.visit}/attestation", f"{world.agreement}/support"}
    assert wrongly
    assert {row["sentence"].rpartition(":")[0] for row in found} == {
        LISTED.format(named(debts[one])) for one in wrongly
    }


def test_an_irregular_entry_stands_in_the_verdict_of_verify_which_is_no_refusal(attacked):
    world, event, _ = attacked
    text = world.done("verify")
    assert (
        "Rules      1 irregular, recorded past the rules that this release keeps; listed below"
        in text
    )
    assert event in text
    assert text.startswith("VERIFIED")


def test_history_and_show_mark_what_is_irregular_and_show_says_why(attacked):
    world, event, debts = attacked
    rows = json.loads(world.done("history", "900002", "--format", "json"))["rows"]
    marked = {row["event"] for row in rows if "irregular" in row["marks"]}
    assert marked == {event}
    facts = json.loads(world.done("show", event, "--format", "json"))["event"]
    assert "irregular: past the rules" in facts["marks"]
    wrongly = next(one for one in debts if one.startswith(f"{world.agreement}/impact"))
    assert LISTED.format(named(debts[wrongly])) in facts["irregular"]
    postings = json.loads(world.done("show", f"{world.agreement}/support", "--format", "json"))[
        "postings"
    ]
    assert [row["event"] for row in postings if "irregular" in row["marks"]] == [event]


def test_the_marks_of_what_is_irregular_are_the_same_after_a_rebuild(attacked):
    world, _, _ = attacked
    before = world.done("owes", "--format", "csv")
    world.done("rebuild")
    assert world.done("owes", "--format", "csv") == before


def test_load_names_an_irregular_entry_and_loads_it(attacked):
    world, _, _ = attacked
    world.done("export", "entries", "-o", "entries.jsonl")
    result = world.run("--ledger", "new.db", "load", "entries.jsonl")
    assert result.exit_code == 0
    assert "Loaded 19 entries" in result.stdout
    assert "entry 19: irregular: it lists the obligation" in result.stderr


def test_the_ledger_itself_has_nothing_irregular_without_the_attack(world):
    assert "irregular" not in world.run("check").stdout
    assert "every entry is one that this release would record" in world.done("verify")
    assert "irregular" not in world.done("owes")


@pytest.fixture
def of_its_day(world, monkeypatch):
    """The world, and a visit recorded before a rule became stricter, which would refuse it now."""
    signer = keys.load(world.folder / "keys" / "alder")
    said = {"visitor": "school:900001", "host": "school:900002", "purpose": "support"}
    with (
        monkeypatch.context() as earlier_release,
        Ledger.open(str(world.ledger), clock=world.clock) as ledger,
    ):
        earlier_release.setattr("ledger.domain.visits.rules.MOST_DAYS_EACH", 100)
        data = {**said, "mode": "on_site", "days": "10.5"}
        day = world.clock.now.date()
        event = ledger.say("VisitMade", data, signer, "head@school:900001", day).event
    return world, event


KEPT = (
    "it kept the rules of its day; since 0.1.0 (2026-11-30): 10.5 days are more than 10, and it"
    " names nobody who came; say who, and until when, or tell it as several"
)


def test_check_lists_apart_what_kept_the_rules_of_its_day_and_asks_for_nothing(of_its_day):
    world, event = of_its_day
    result = world.run("check", "--format", "json")
    (row,) = [r for r in json.loads(result.stdout)["rows"] if r["severity"] != "advice"]
    assert (row["severity"], row["check"], row["event"]) == ("note", "earlier rules", event)
    assert row["sentence"] == KEPT
    assert "0 faults, 4 advice, 1 note: the record verifies." in world.run("check").stdout


def test_verify_lists_it_apart_and_no_report_marks_it(of_its_day):
    world, event = of_its_day
    text = world.done("verify")
    assert "Rules      1 recorded before a rule became stricter; listed below\n" in text
    assert f"Kept the rules of its day:\n  entry 19: earlier rules: {KEPT} ({event})" in text
    assert "What was found" not in text
    assert "irregular" not in world.done("history", "900001")

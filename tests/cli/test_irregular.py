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
    debts = [row["obligation"] for row in owed(world)]
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


def test_an_attack_on_all_debts_settles_only_what_the_visit_does_and_owes_marks_irregular(attacked):
    world, event, debts = attacked
    left = {row["obligation"]: row for row in owed(world)}
    settled = f"{world.visit}/attestation"
    assert set(left) == set(debts) - {settled}
    support = left[f"{world.agreement}/support"]
    assert (support["outstanding"], support["marks"]) == ("4.5", "irregular, unvouched")
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
        LISTED.format(one) for one in wrongly
    }


def test_an_irregular_entry_stands_in_the_verdict_of_verify_which_is_no_refusal(attacked):
    world, event, _ = attacked
    text = world.done("verify")
    assert "Rules      1 irregular, which this release would refuse" in text
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
    assert LISTED.format(wrongly) in facts["irregular"]
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

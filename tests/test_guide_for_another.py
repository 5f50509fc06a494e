"""The guide to recording for a school without a key: its commands, in order, do what it says."""

from __future__ import annotations

import json
import re

import pytest
from guides import ROOT, run_here

GUIDE = ROOT / "docs" / "how-to" / "record-for-a-school-without-a-key.md"
TEXT = GUIDE.read_text(encoding="utf-8")
COMMANDS = "".join(re.findall(r"^```sh\n(.*?)^```", TEXT, re.M | re.DOTALL)).splitlines()  # noqa: FURB167 - as it fits


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Return what each command prints, in order; reports and inboxes as rows."""
    folder = tmp_path_factory.mktemp("guide")
    found = []
    for command in COMMANDS:
        typed = command.replace("EVENT", confirmed(folder)) if "EVENT" in command else command
        text = run_here(typed, folder)
        if command.startswith(("school-ledger inbox", "school-ledger report")):
            text = json.loads(run_here(f"{typed} -f json", folder))["rows"]
        found.append((command, text))
    last = ("school-ledger history 900002 -f json", "school-ledger check")
    found += [(command, run_here(command, folder)) for command in last]
    return found


def confirmed(folder):
    """Return the event by which the visit was confirmed, as the officer recorded it."""
    rows = json.loads(run_here("school-ledger history 900002 -f json", folder))["rows"]
    return next(row["event"] for row in rows if row["type"] == "VisitAttested")


def those(printed, start):
    return [text for command, text in printed if command.startswith(start)]


def test_what_waits_is_listed_with_who_recorded_it_for_whom(printed):
    first, last = those(printed, "school-ledger report unconfirmed")
    told = [(row["signed_by_name"], row["recorded_for"], row["why"]) for row in first]
    head = "head of Birch Lane Primary School (900002)"
    assert told == [("Mx Oak", head, "its office has not confirmed it")] * 2
    assert [row["why"] for row in last] == ["its office disowned it"]


def test_the_head_sees_both_and_answers_for_both(printed):
    first, second = those(printed, "school-ledger inbox --key birch.key")
    (row,) = (row for row in first if row["kind"] == "record_confirmation")
    assert row["sentence"].count("by the officer of Northwick Council") == 2
    assert [row["kind"] for row in second][:2] == ["attestation", "record_confirmation"]
    (disowned,) = those(printed, "school-ledger answer 1 --key birch.key")
    assert "4.0 days of support (it was 2.5)" in disowned
    (confirmed,) = those(printed, "school-ledger answer 2 --key birch.key")
    assert "nothing is left of it" in confirmed


def test_in_the_end_both_sides_have_agreed_and_nobody_confirmed_the_visit(printed):
    (history,) = those(printed, "school-ledger history 900002 -f json")
    rows = {row["type"]: row for row in json.loads(history)["rows"]}
    assert (rows["SupportAgreed"]["said_by"], rows["SupportAgreed"]["marks"]) == ("both", "no need")
    assert rows["VisitAttested"]["marks"] == "disowned"
    assert rows["VisitMade"]["said_by"] == "one side"
    assert "Nothing was found: the record verifies." in those(printed, "school-ledger check")[0]

"""JSON of reports: as its schema says, in every report, and nothing promised is taken away.

What was promised stands in `tests/golden/json_members.json`: members are only ever added to it.
"""

import json
from pathlib import Path

import pytest

REPORTS = {
    "owes": ("owes", "--settled"),
    "history": ("history", "900003"),
    "keys": ("keys",),
    "replay": ("replay",),
    "diff": ("diff", "2025-07-31", "2026-07-31"),
    "parties": ("report", "parties"),
    "inbox": ("inbox", "--as", "head@900005"),
}
PROMISED = json.loads(
    (Path(__file__).parents[2] / "golden" / "json_members.json").read_text(encoding="utf-8")
)


@pytest.fixture
def told(at):
    """Return what a report says, in a format."""
    return lambda name, form: at(*REPORTS[name], "-f", form).stdout


@pytest.mark.parametrize("name", REPORTS)
def test_the_json_of_a_report_is_as_its_schema_says(told, name):
    jsonschema = pytest.importorskip("jsonschema", reason="no jsonschema to judge by")
    validator = jsonschema.Draft202012Validator(
        json.loads(told(name, "schema")), format_checker=jsonschema.FormatChecker()
    )
    validator.check_schema(validator.schema)
    document = json.loads(told(name, "json"))
    assert document["rows"]
    assert [error.message for error in validator.iter_errors(document)] == []
    for spoilt in (
        document | {"schema": "school-ledger.owes/2"},
        document | {"rows": [{}]},
        {member: value for member, value in document.items() if member != "totals"},
        document | {"ledger": document["ledger"] | {"as_of": "yesterday"}},
    ):
        assert not validator.is_valid(spoilt)


@pytest.mark.parametrize("name", REPORTS)
def test_json_lines_are_the_rows_of_the_json(told, name):
    rows = [json.loads(line) for line in told(name, "jsonl").splitlines()]
    assert rows == json.loads(told(name, "json"))["rows"]


@pytest.mark.parametrize("name", REPORTS)
def test_every_member_that_was_promised_is_there_and_of_its_type(told, name):
    members = json.loads(told(name, "schema"))["properties"]
    row = members["rows"]["items"]["properties"]
    for member, values in PROMISED[name]["rows"].items():
        assert row[member].items() >= PROMISED["values"][values].items()
    assert set(PROMISED[name]["document"]) <= members.keys()


def test_it_says_what_was_asked_what_it_rests_on_and_what_its_rows_add_up_to(at):
    asked = ("owes", "--about", "900003", "--as-of", "2026-07-31", "-f", "json")
    document = json.loads(at(*asked).stdout)
    assert document["title"] == "Who owes what to whom"
    assert document["asked"] == "what Cedar Bank Academy (900103) owes and is owed"
    assert document["ledger"]["known_on"] == "2026-07-10"
    assert document["count"] == len(document["rows"]) == 10
    assert document["totals"] == [
        {"of": "account of impact", "amount": "1", "unit": "item"},
        {"of": "account of impact a year later", "amount": "1", "unit": "item"},
        {"of": "answer to a claim", "amount": "2", "unit": "item"},
        {"of": "days of support", "amount": "5.0", "unit": "day"},
        {"of": "handover", "amount": "2", "unit": "item"},
        {"of": "plan of support", "amount": "1", "unit": "item"},
        {"of": "report of progress", "amount": "1", "unit": "item"},
        {"of": "review of support", "amount": "1", "unit": "item"},
    ]

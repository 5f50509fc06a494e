"""`draft EVENT --template`: a commented file, and what was filled in reads back as it was meant."""

import json
import re

import pytest

from cli.record.model_members import COMPLETED, events_members
from cli.record.template import read_template, template
from ledger.events import CATALOGUE, find
from ledger.format.statement import parse


def by_name(event):
    return event.__name__


@pytest.mark.parametrize("event", CATALOGUE, ids=by_name)
def test_a_template_filled_with_the_events_example_reads_back_to_the_same_data(event):
    text = template(event, event.example)
    assert read_template(text, events_members(event)) == event.example


@pytest.mark.parametrize("event", CATALOGUE, ids=by_name)
def test_an_empty_template_names_every_member_and_says_nothing(event):
    text = template(event)
    for member in events_members(event):
        named = re.search(rf"^(# )?{re.escape('.'.join(member.path))} = ", text, re.MULTILINE)
        assert bool(named) == (member.path[-1] not in COMPLETED)
        assert all(str(choice) in text for choice in member.choices)
    assert read_template(text, events_members(event)) == {}


@pytest.mark.parametrize("event", CATALOGUE, ids=by_name)
def test_what_may_be_left_out_is_a_comment(event):
    needed = set(re.findall(r"^([a-z_.]+) = ", template(event), re.MULTILINE))
    required = {".".join(one.path) for one in events_members(event) if one.required}
    assert needed <= required


FILLED = {
    "partnership": '"tide"',
    "name": '"Tide Schools, “North”"',
    "kind": '"peer_review"',
    "ground_rules.visits_per_year": "3",
    "ground_rules.distinct_hosts": "true",
    "ground_rules.outside_visits": '"1"',
    "ground_rules.external_judge": '"false"',
    "ground_rules.contingency.on_closure": '"Northwick Council"',
    "ground_rules.contingency.on_dissolution": '"northwick"',
    "ground_rules.contingency.holds_unspent": '"900001"',
}


@pytest.fixture
def filled(world):
    """The template of PartnershipFormed, filled in as somebody would."""
    result = world.run("draft", "PartnershipFormed", "--template", "-o", "tide.toml")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        "Next, when it is filled in: school-ledger record PartnershipFormed --from tide.toml\n"
    )
    file = world.folder / "tide.toml"
    text = file.read_text(encoding="utf-8")
    for name, value in FILLED.items():
        text = text.replace(f'\n{name} = ""', f"\n{name} = {value}")
    file.write_text(re.sub(r'(_days = )""', r"\g<1>28", text), encoding="utf-8")
    return world


def test_a_partnership_is_formed_from_a_template(filled):
    told = json.loads(
        filled.done("record", "PartnershipFormed", "--from", "tide.toml", "-f", "json")
    )
    rules = told["data"].pop("ground_rules")
    assert told["data"] == {
        "partnership": "partnership:tide",
        "name": "Tide Schools, “North”",
        "kind": "peer_review",
    }
    assert (rules["visits_per_year"], rules["outside_visits"], rules["notice_days"]) == (3, 1, 28)
    assert (rules["distinct_hosts"], rules["external_judge"]) == (True, False)
    assert rules["contingency"] == {
        "on_closure": "body:northwick",
        "on_dissolution": "body:northwick",
        "holds_unspent": "school:900001",
    }


def test_a_template_is_drafted_from_and_an_option_counts_more(filled):
    filled.done(
        "draft", "PartnershipFormed", "--from", "tide.toml", "--name", "Ebb", "-o", "s.json"
    )
    assert parse((filled.folder / "s.json").read_bytes()).data["name"] == "Ebb"


def test_what_was_left_empty_is_asked_for(world):
    world.done("draft", "VisitMade", "--template", "-o", "visit.toml")
    assert world.error("record", "VisitMade", "--from", "visit.toml", code=2).startswith(
        "Error: missing options: --visitor, --host, --purpose, --mode, --days.\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("visitor = 900001 =", "visit.toml is neither JSON nor a template that was filled in: "),
        ('days = "lots"', "days: not a quantity of this kind: got lots"),
        ('{"days": ', "visit.toml is not JSON: "),
    ],
)
def test_what_cannot_be_read_is_told_with_the_file_or_the_member(world, text, said):
    (world.folder / "visit.toml").write_text(text, encoding="utf-8")
    assert said in world.error("record", "VisitMade", "--from", "visit.toml")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("days = 1", "1.0"),
        ("days = 1.5", "1.5"),
        ('days = "2"', "2.0"),
        ("days = 0.5 # half", "0.5"),
    ],
)
def test_a_quantity_may_be_written_as_people_write_it(written, read):
    members = events_members(find("VisitMade"))
    assert read_template(written, members) == {"days": read}


def test_days_of_the_calendar_need_no_quotes():
    members = events_members(find("SupportAgreed"))
    text = "starts = 2024-10-07\nreview_dates = [2024-12-13]"
    assert read_template(text, members) == {
        "starts": "2024-10-07",
        "review_dates": ["2024-12-13"],
    }

"""Names as registers hold them: a sentence has them as they are, whatever they look like."""

import json

import pytest

NAMES = [
    "Academy@Worden",
    "head@900001",
    "school:900001",
    "The_Underscore_Trust",
    "St John's & St Mary's / Ysgol Sant Ioan",
    'The "Quoted" Trust',
    "{school} {need.area}",
    "“Birch School”",
    "Coláiste Ó Súilleabháin",
    "陈氏学校",
    "مدرسة",
    "Zoë\u0301 Ødegård",
    "0191b1f0-0000-7bae-8994-be8ae9e2236d",
]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", NAMES)
def test_a_sentence_has_a_name_as_it_was_registered(world, name):
    body = ("--body", "odd", "--kind", "trust", "--name", name)
    event = json.loads(world.done("record", "BodyRegistered", *body, "--format", "json"))["event"]
    (row,) = json.loads(world.done("history", "body:odd", "--format", "json"))["rows"]
    assert row["summary"] == f"The trust {name} was registered."
    assert f"The trust {name} was registered." in world.done("show", event)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", NAMES)
def test_whoever_is_called_so_is_called_so_where_others_name_them(world, name):
    world.done("record", "BodyRegistered", "--body", "odd", "--kind", "trust", "--name", name)
    offer = ("--provider", "body:odd", "--receiver", "900002", "--route", "group")
    said = world.run(
        "record", "SupportOffered", *offer, "--days", "2.0", "--valid-until", "2024-12-01"
    )
    assert said.exit_code == 1
    assert f"officer of {name}" in said.stderr

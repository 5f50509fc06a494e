"""Every event's sentence is made of parts of its own open members, named when they are shown."""

from __future__ import annotations

import string
from typing import get_args

import orjson
import pytest

from ledger.domain.decide import RULES
from ledger.events import CATALOGUE, find
from ledger.events.base import AUDIENCES
from ledger.events.registers import BodyKind, BodyRegistered
from ledger.format.statement import unsealed
from ledger.values import Sealed
from projections.tables.sentences import parts, written

PERSON = "person:0191b207-c7a0-7000-8000-000000000001"
every_event = pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)


def _members(sentence: str | tuple[str, ...]) -> set[str]:
    clauses = (sentence,) if isinstance(sentence, str) else sentence
    fields = (name for clause in clauses for _, name, _, _ in string.Formatter().parse(clause))
    return {name.partition(".")[0] for name in fields if name}


@every_event
def test_every_event_has_a_rule_a_sentence_of_its_open_members_and_an_audience(event):
    assert event.__name__ in RULES
    members = _members(event.sentence)
    assert members <= set(event.model_fields)
    sealed = {n for n, f in event.model_fields.items() if Sealed.__name__ in str(f.annotation)}
    assert not members & sealed
    assert event.audience in AUDIENCES


@every_event
def test_every_example_is_one_of_its_event_and_makes_a_whole_sentence(event):
    plain, _ = unsealed(event, dict(event.example))
    assert event.model_validate(plain).as_json() == plain
    assert parts(event, plain)
    assert orjson.loads(written(event.__name__, plain)) == parts(event, plain)


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        (
            "SupportOffered",
            {"provider": "body:northwick", "receiver": "school:900001", "days": "2.5"},
            [
                ["party", "body:northwick"],
                " offered ",
                ["party", "school:900001"],
                " ",
                ["days", "2.5"],
                " of support.",
            ],
        ),
        (
            "Appointed",
            {
                "person": PERSON,
                "office": "head@school:900001",
                "basis": "acting",
                "effective_on": "2025-09-01",
            },
            [
                ["person", PERSON],
                " was appointed ",
                ["office", "head@school:900001"],
                " (",
                ["code", "acting"],
                ")",
                " from ",
                ["day", "2025-09-01"],
                ".",
            ],
        ),
        (
            "JudgementMade",
            {
                "judge": "body:inspectorate",
                "about": "school:900001",
                "basis": "inspection",
                "inspected_on": "2025-03-04",
                "grades": [
                    {"area": "quality-of-education", "grade": "good"},
                    {"area": "safeguarding", "grade": "not-met"},
                ],
                "category": "special_measures",
            },
            [
                ["party", "body:inspectorate"],
                " judged ",
                ["party", "school:900001"],
                " (",
                ["code", "inspection"],
                "), inspected on ",
                ["day", "2025-03-04"],
                ": ",
                "quality of education: good",
                ", ",
                "safeguarding: not met",
                "; category of concern: ",
                ["code", "special_measures"],
                ".",
            ],
        ),
        (
            "SchoolRegistered",
            {"name": "Academy@Worden_Lane", "urn": "urn:900001"},
            ["Academy@Worden_Lane", " was registered under ", ["urn", "urn:900001"], "."],
        ),
        (
            "SchoolConverted",
            {
                "school": "school:900003",
                "name": "Cedar Academy",
                "new_urn": "urn:900103",
                "effective_on": "2026-04-01",
            },
            [
                ["party", "school:900003", "2026-04-01"],
                " became ",
                "Cedar Academy",
                " under ",
                ["urn", "urn:900103"],
                " from ",
                ["day", "2026-04-01"],
                ".",
            ],
        ),
        (
            "AuthorityDelegated",
            {
                "office": "head@school:900001",
                "person": PERSON,
                "events": ["VisitMade", "VisitAttested"],
                "until": "2026-07-31",
            },
            [
                "The ",
                ["office", "head@school:900001"],
                " let ",
                ["person", PERSON],
                " sign in that office until ",
                ["day", "2026-07-31"],
                ": ",
                ["type", "VisitMade"],
                ", ",
                ["type", "VisitAttested"],
                ".",
            ],
        ),
        (
            "EventWithdrawn",
            {"event": "event:e", "code": "duplicate", "effective_on": "2025-01-02"},
            [
                "Withdrawn from ",
                ["day", "2025-01-02"],
                " (",
                ["code", "duplicate"],
                "): ",
                ["event", "event:e"],
            ],
        ),
        (
            "FulfilmentClaimed",
            {
                "debtor": "school:900001",
                "creditor": "body:northwick",
                "obligation": "r/condition/1",
                "under": "funding:f",
            },
            [
                ["party", "school:900001"],
                " claimed done what it owes ",
                ["party", "body:northwick"],
                ": ",
                ["obligation", "r/condition/1"],
                " for ",
                ["member", "funding:f", "title", "text"],
                ".",
            ],
        ),
    ],
    ids=[
        "parties",
        "offices",
        "grades",
        "names and what is left out",
        "renamed",
        "delegated",
        "events",
        "what is owed",
    ],
)
def test_a_sentence_is_parts_whose_kinds_its_members_tell(name, data, expected):
    assert parts(find(name), data) == expected


@pytest.mark.parametrize("kind", get_args(BodyKind))
def test_the_sentence_of_a_body_needs_no_article_that_a_kind_may_not_take(kind):
    data = {"body": "body:b", "kind": kind, "name": "Northwick"}
    said = "".join(one if isinstance(one, str) else one[1] for one in parts(BodyRegistered, data))
    assert said == f"The {kind} Northwick was registered."


def test_an_event_of_a_later_version_is_named_only():
    assert written("TokenMinted", {"to": "anyone"}) == '["TokenMinted"]'

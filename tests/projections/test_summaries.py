"""Every event has its sentence, and no sentence shows what is sealed."""

from __future__ import annotations

import string

import pytest

from ledger.decisions import RULES
from ledger.events import CATALOGUE
from ledger.values import Sealed
from projections.summaries import SENTENCES, summary

PERSON = "person:0191b207-c7a0-7000-8000-000000000001"
NAMES = {"school:900001": "Alder (900001)", "body:northwick": "Northwick Council"}


def _members(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)
def test_every_event_has_a_rule_and_a_sentence_of_its_own_open_members(event):
    assert event.__name__ in RULES
    members = _members(SENTENCES[event.__name__])
    assert members <= set(event.model_fields)
    sealed = {n for n, f in event.model_fields.items() if Sealed.__name__ in str(f.annotation)}
    assert not members & sealed


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        (
            "SupportOffered",
            {"provider": "body:northwick", "receiver": "school:900001", "days": "2.5"},
            "Northwick Council offered Alder (900001) 2.5 days of support.",
        ),
        (
            "Appointed",
            {
                "person": PERSON,
                "office": "head@school:900001",
                "basis": "acting",
                "effective_on": "2025-09-01",
            },
            f"{PERSON} was appointed head of Alder (900001) (acting) from 2025-09-01.",
        ),
        (
            "Vouched",
            {
                "subject": "enrolment:0191b207-c7a0-7000-8000-000000000002",
                "person": PERSON,
            },
            f"The enrolment of {PERSON} was vouched for.",
        ),
        (
            "SchoolRegistered",
            {"name": "Alder Primary School", "urn": "urn:900001"},
            "Alder Primary School was registered under URN 900001, responsible body not stated.",
        ),
        ("TokenMinted", {"to": "anyone"}, "TokenMinted"),
    ],
    ids=["parties", "offices", "subjects", "what is left out", "a later version's event"],
)
def test_sentences_read_as_english(name, data, expected):
    assert summary(name, data, lambda party: NAMES.get(party, party)) == expected

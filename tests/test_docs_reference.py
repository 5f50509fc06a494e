"""The reference pages say what the models and the kinds of obligation say."""

from __future__ import annotations

import functools
import inspect
import re
from pathlib import Path
from runpy import run_module

import pytest
from derived import PAGES

from ledger.domain.decide import RULES
from ledger.domain.post import KINDS
from ledger.domain.reference import obligations_page
from ledger.domain.refusals_reference import refusals_page
from ledger.events import CATALOGUE, Answer
from ledger.events.reference import described, reference_page

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "events.md"
events_page = functools.cache(reference_page)
refused = functools.cache(refusals_page)


@pytest.mark.filterwarnings("ignore:.*found in sys.modules:RuntimeWarning")
@pytest.mark.parametrize(("module", "page"), PAGES.items())
def test_the_command_that_a_page_names_writes_it(module, page, capsys):
    written = (ROOT / page).read_text(encoding="utf-8")
    assert f"Written by `python -m {module} > {page}`" in written
    run_module(module, run_name="__main__")
    assert capsys.readouterr().out == written, "run `python tests/derived.py`"


def _own_members(event):
    """Return the members of an event but for those that any event has, which are told once."""
    own = [name for name in event.model_fields if name in inspect.get_annotations(event)]
    return own + ["obligations"] * issubclass(event, Answer)


def test_what_any_event_may_say_is_told_once():
    assert events_page().count("| `for_office` |") == 1
    assert events_page().count("| `authority` | reference: evidence |") == 1


@pytest.mark.parametrize("event", CATALOGUE)
def test_the_page_has_every_event_with_every_member(event):
    _, _, section = events_page().partition(f"\n### {event.__name__}\n")
    section = section.partition("\n#")[0]
    assert f"Type `{event.type_name()}`." in section
    assert [
        line.split("`")[1] for line in section.splitlines() if line.startswith("| `")
    ] == _own_members(event)
    assert (f"It creates `{event.creates}:<id>`." in section) == (event.creates is not None)


@pytest.mark.parametrize(
    "row",
    [
        "| `days` | days in halves, as 1.0 | required | one person's working day is 1.0 |",
        "| `price` | pounds, as 1200.00 | optional |  |",
        "| `before` | number in quotes, as -0.25 | optional |  |",
        "| `valid_until` | date, as 2026-09-01 | required |  |",
        "| `host` | reference: school, body or partnership | required |  |",
        "| `handover` | reference: handover | required |  |",
        "| `people` | list: reference: person | optional |  |",
        "| `note` | sealed text | optional |  |",
        "| `version` | whole number, 1 to 1000 | required |  |",
        "| `row` | whole number from 1 | optional |  |",
        "| `external_judge` | true or false | required |  |",
        "| `format` | `1` | required |  |",
        "| `source` | [Source](#source) | optional |  |",
        "| `areas` | list of 1 to 40: [Area](#area) | required |  |",
        "| `mode` | listed code: `on_site`, `remote`, `preparation` | required |  |",
        (
            "| `reason` | listed code: `closed`, `amalgamated`, `not_stated` "
            "| else not_stated | why it closed, in a word |"
        ),
    ],
)
def test_a_member_is_told_in_words(row):
    assert row in events_page().splitlines()


def test_prose_has_one_sentence_a_line():
    prose = [line for line in events_page().splitlines() if line[:1] not in "|#<"]
    assert not [line for line in prose if ". " in line]


def test_a_member_that_has_no_words_is_an_internal_error():
    with pytest.raises(TypeError, match="internal error: no words for <class 'float'>"):
        described(float)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_page_has_every_kind_with_every_event_that_changes_it(kind):
    _, _, section = obligations_page().partition(f"\n## {kind.name}\n")
    section = section.partition("\n## ")[0]
    assert kind.changed_by <= {part.partition("]")[0] for part in section.split("[")}


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("target", "Owed by duty; by promise where a school or partnership sets it itself."),
        (
            "brokerage",
            "Owed by duty; by promise where a partnership is to find it, by its ground rules.",
        ),
        ("support", "Owed by promise."),
        ("attestation", "Owed as an answer."),
    ],
)
def test_the_page_has_every_ground_of_a_kind(kind, line):
    _, _, section = obligations_page().partition(f"\n## {kind}\n")
    assert line in section.partition("\n## ")[0].splitlines()


@pytest.mark.parametrize(
    ("event", "line"),
    [
        ("VisitMade", "- a party cannot visit itself"),
        ("VisitMade", "- its last day, …, lies before its first, …"),
        ("VisitAttested", "`host` must agree with the visit that it names."),
        ("SupportAgreed", "Another person must sign than signed the offer."),
        ("SupportAgreed", "- a review date lies outside the agreement"),
        ("GroundRulesAgreed", "Signed by the chair of the partnership."),
        ("LedgerFounded", "It is never withdrawn."),
    ],
)
def test_the_page_of_refusals_has_what_its_rule_says(event, line):
    _, _, section = refused().partition(f"\n## {event}\n")
    assert line in section.partition("\n## ")[0].splitlines()


def test_of_every_event_whose_rule_asks_more_the_page_has_a_reason():
    asking = [name for name, rule in RULES.items() if rule.also or rule.signer or rule.answers]
    sections = {one.partition("\n")[0]: one for one in refused().split("\n## ")}
    assert [name for name in asking if "Refused with:" not in sections[name]] == []


def test_the_page_of_refusals_has_the_reasons_of_a_refusal_that_was_given():
    patterns = [
        re.compile(".*".join(map(re.escape, line.removeprefix("- ").split("…"))))
        for line in refused().splitlines()
        if line.startswith("- ")
    ]
    said = (
        "20.0 days are more than 1, for one person on 2026-06-01: one person's working day is 1.0"
    )
    assert any(pattern.fullmatch(said) for pattern in patterns)
    assert not any(pattern.fullmatch("no such reason is ever given") for pattern in patterns)

"""The reference pages say what the models and the kinds of obligation say."""

from __future__ import annotations

import functools
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from cli.read.reference import columns_page
from ledger.domain.post import KINDS
from ledger.domain.reference import obligations_page
from ledger.events import CATALOGUE, Answer
from ledger.events.reference import described, reference_page

events_page = functools.cache(reference_page)
PAGE = Path(__file__).parents[1] / "docs" / "reference" / "events.md"


def test_the_page_of_events_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == events_page(), (
        "run `python -m ledger.events.reference > docs/reference/events.md`"
    )


def test_the_command_that_the_page_names_writes_the_page():
    command = [sys.executable, "-X", "utf8", "-m", "ledger.events.reference"]
    written = subprocess.run(command, capture_output=True, check=True, cwd=PAGE.parents[2])
    assert written.stdout.decode() == events_page()
    assert written.stderr == b""


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
        "| `reason` | listed code: `closed`, `amalgamated`, `not_stated` | else not_stated |  |",
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


OBLIGATIONS = PAGE.with_name("obligations.md")


def test_the_page_of_obligations_is_up_to_date():
    assert OBLIGATIONS.read_text(encoding="utf-8") == obligations_page(), (
        "run `python -m ledger.domain.reference > docs/reference/obligations.md`"
    )


def test_the_command_that_the_page_of_obligations_names_writes_it():
    command = [sys.executable, "-X", "utf8", "-m", "ledger.domain.reference"]
    written = subprocess.run(command, capture_output=True, check=True, cwd=PAGE.parents[2])
    assert written.stdout.decode() == obligations_page()
    assert written.stderr == b""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_page_has_every_kind_with_every_event_that_changes_it(kind):
    _, _, section = obligations_page().partition(f"\n## {kind.name}\n")
    section = section.partition("\n## ")[0]
    assert kind.changed_by <= {part.partition("]")[0] for part in section.split("[")}


COLUMNS = PAGE.with_name("columns.md")


def test_the_page_of_columns_is_up_to_date():
    assert COLUMNS.read_text(encoding="utf-8") == columns_page(), "run `python tests/derived.py`"


def test_the_command_that_the_page_of_columns_names_writes_it():
    command = [sys.executable, "-X", "utf8", "-m", "cli.read.reference"]
    written = subprocess.run(command, capture_output=True, check=True, cwd=PAGE.parents[2])
    assert written.stdout.decode() == columns_page()

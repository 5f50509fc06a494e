"""What a model finds wrong is said in our own sentences, of every member of every event."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping

import pytest
from pydantic import ValidationError

from ledger.errors import StatementError
from ledger.events import CATALOGUE
from ledger.format.entry import parse_event
from ledger.format.invalid import SENTENCES, describe_invalid, sentence
from ledger.format.statement import unsealed

HOSTILE = (
    None,
    True,
    0,
    -1,
    10**30,
    1.5,
    float("nan"),
    "",
    " ",
    "x",
    "\x1b[2J",
    "\ud800",
    "9" * 5_000,
    "2026-02-30",
    "900001",
    b"bytes",
    [],
    ["x", "x"],
    [{}] * 50,
    ["school:900001"] * 50,
    {},
    {"sealed": "x"},
    {"a": 1},
)
#: Words of the model library that a head, or anybody else, should not have to read.
THEIRS = re.compile(
    r"\b(string|tuple|input|integer|dictionary|instance|field required|valid|permitted|pattern"
    r"|type=|pydantic|unable to parse|should)\b",
    re.IGNORECASE,
)
#: What our own sentences quote of what was got.
QUOTED = re.compile(r"\(got .*?\)(?=;|$)|got .*?, expected|'[^']*'")


def example(event):
    data, _ = unsealed(event, copy.deepcopy(dict(event.example)))
    return data


def places(value, path=()):
    """Go through every place in an event's data: members, parts and items."""
    yield path
    items = value.items() if isinstance(value, Mapping) else ()
    items = enumerate(value) if isinstance(value, (list, tuple)) else items
    for name, item in items:
        yield from places(item, (*path, name))


def put(data, path, value):
    *parents, last = path
    for name in parents:
        data = data[name]
    data[last] = value


def faults_of(event):
    """Go through what the model finds wrong with each hostile value in each place."""
    data = example(event)
    paths = [path for path in places(data) if path]
    paths += [(name,) for name in event.model_fields if (name,) not in paths]
    for path in [*paths, ("unheard_of",)]:
        for value in HOSTILE:
            hostile = copy.deepcopy(data)
            put(hostile, path, copy.deepcopy(value))
            yield hostile
        if path[-1] in data:
            yield {name: item for name, item in data.items() if name != path[-1]}


def refused(event):
    """Go through what the model says to each of them, where it says anything."""
    for data in faults_of(event):
        try:
            event.model_validate(data)
        except ValidationError as error:
            yield error


@pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)
def test_no_member_of_an_event_is_refused_in_the_words_of_the_library(event):
    errors = list(refused(event))
    assert len(errors) > len(HOSTILE)
    for fault in (fault for error in errors for fault in error.errors(include_url=False)):
        said = sentence(fault)
        assert fault["type"] in {*SENTENCES, "string_pattern_mismatch", "value_error"}, fault
        assert "it has not the form" not in said, fault
        assert not THEIRS.search(QUOTED.sub("", said)), said
    for error in errors:
        assert describe_invalid(event.__name__, error).startswith(event.__name__)


SAID = {
    "missing": ({}, "school: it is missing"),
    "a reference": (
        {"school": "900001"},
        "school: it is no school, as school:900001 (got '900001')",
    ),
    "a name that is empty": ({"name": ""}, "name: it is empty (got '')"),
    "a name that is too long": ({"name": "x" * 201}, "name: it is longer than 200 characters"),
    "no text": ({"name": 7}, "name: it is not text (got 7)"),
    "a choice": ({"phase": "big"}, "phase: it is not 'nursery'"),
    "a day": ({"opened_on": "soon"}, "opened_on: not a date: got soon, expected a day of the"),
    "a member too many": ({"mood": "good"}, "mood: there is no such member (got 'good')"),
    "a part": ({"source": "GIAS"}, "source: it is not an object with members (got 'GIAS')"),
    "a code": ({"urn": "1"}, "urn: it is no urn, as urn:900001 (got '1')"),
}


@pytest.mark.parametrize(("changes", "said"), SAID.values(), ids=SAID)
def test_what_is_wrong_is_said_with_its_place_and_what_was_got(changes, said):
    (event,) = (each for each in CATALOGUE if each.__name__ == "SchoolRegistered")
    data = {**example(event), **changes} if changes else {}
    with pytest.raises(StatementError) as refused:
        parse_event("SchoolRegistered.v1", data)
    assert f"SchoolRegistered is not said as it must be: {said}" in str(refused.value) or (
        f"; {said}" in str(refused.value)
    )


def test_what_the_library_may_come_to_call_otherwise_is_still_said():
    fault = {"type": "new_in_another_release", "msg": "Value is odd.", "loc": (), "input": 1}
    assert sentence(fault) == "value is odd"


def test_text_of_a_form_that_nothing_is_called_by_is_said_with_the_form():
    fault = {"type": "string_pattern_mismatch", "ctx": {"pattern": "^a$"}, "loc": (), "input": "b"}
    assert sentence(fault) == "it has not the form ^a$"

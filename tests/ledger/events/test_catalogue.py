"""What may be said at all: every event's members are of kinds that can stand for ever."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from pydantic import StringConstraints

from ledger.errors import StatementError
from ledger.events import CATALOGUE, CREATORS, Answer, Event, find
from ledger.format.statement import unsealed
from ledger.values import Named, Public, Sealed, Value

every_event = pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)
IRREGULAR_PASTS = (
    *("Made", "Paid", "Set", "Sought", "Given", "Withdrawn", "Left", "Held", "ActedOn"),
)


def leaves(model: type[Value], where: str) -> Iterator[tuple[str, Any, tuple[Any, ...]]]:
    """Go through every plain type that a model's members hold, with the marks it stands under."""
    for name, hint in get_type_hints(model, include_extras=True).items():
        if name in model.model_fields:
            yield from leaves_of(hint, f"{where}.{name}", ())


def leaves_of(
    hint: Any, where: str, marks: tuple[Any, ...]
) -> Iterator[tuple[str, Any, tuple[Any, ...]]]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        yield from leaves_of(arguments[0], where, (*marks, *arguments[1:]))
    elif origin in (Union, UnionType):
        for one in arguments:
            if one is not NoneType:
                yield from leaves_of(one, where, marks)
    elif origin is tuple:
        assert arguments[1:] == (Ellipsis,), where
        yield from leaves_of(arguments[0], where, ())
    elif isinstance(hint, type) and issubclass(hint, Value):
        yield where, hint, marks
        if hint is not Sealed:
            yield from leaves(hint, where)
    else:
        yield where, hint, marks


ALL_LEAVES = [leaf for event in CATALOGUE for leaf in leaves(event, event.__name__)]


def test_an_evaluation_area_is_a_listed_code_except_in_frameworks_and_their_grades():
    free = {
        where
        for where, _, marks in ALL_LEAVES
        if where.endswith((".area", ".areas"))
        and any(isinstance(mark, Public) and mark.what == "slug" for mark in marks)
    }
    graded = {"JudgementMade.grades.area", "JudgementModerated.grades.area"}
    assert free == {"FrameworkAdopted.areas.area", *graded}


def test_every_string_is_a_reference_a_listed_code_published_or_sealed():
    loose = [
        where
        for where, kind, marks in ALL_LEAVES
        if kind is str and not any(isinstance(mark, (Named, Public)) for mark in marks)
    ]
    assert not loose, "seal it: what is not a reference, code or published name can be erased"


def test_every_string_has_a_grammar_or_a_greatest_length():
    unbounded = [
        where
        for where, kind, marks in ALL_LEAVES
        if kind is str
        and not any(
            isinstance(mark, StringConstraints) and (mark.pattern or mark.max_length)
            for mark in marks
        )
    ]
    assert not unbounded


def test_every_member_is_of_a_type_that_the_format_has():
    plain = {str, int, bool, date, Decimal, Sealed}
    strange = [
        (where, kind)
        for where, kind, _ in ALL_LEAVES
        if kind not in plain
        and get_origin(kind) is not Literal
        and not (isinstance(kind, type) and issubclass(kind, Value))
    ]
    assert not strange, "no floats, no maps keyed by data, nothing that JSON does not tell apart"


def test_every_quantity_has_its_own_grammar():
    decimals = [marks for _, kind, marks in ALL_LEAVES if kind is Decimal]
    assert all(len(marks) == 2 for marks in decimals), "use Days, Money or Number"


def test_every_listed_code_can_stand_for_ever():
    codes = [c for _, kind, _ in ALL_LEAVES if get_origin(kind) is Literal for c in get_args(kind)]
    for code in set(codes) - {1, "GBP"}:
        assert code == code.lower()
        assert code.replace("_", "").replace("-", "").isalnum(), "areas are slugs"


def test_sealed_text_stands_only_where_drafting_finds_it():
    nested = [where for where, kind, _ in ALL_LEAVES if kind is Sealed and where.count(".") > 1]
    listed = [
        f"{event.__name__}.{name}"
        for event in CATALOGUE
        for name, hint in get_type_hints(event).items()
        if get_origin(hint) is tuple and Sealed in get_args(hint)
    ]
    assert not nested + listed, (
        "ledger.format.statement.unsealed looks at an event's own members only"
    )


def test_names_and_types_are_unique():
    assert len({event.__name__ for event in CATALOGUE}) == len(CATALOGUE)
    assert len({event.type_name() for event in CATALOGUE}) == len(CATALOGUE)


def test_each_kind_of_thing_is_created_by_one_event():
    creating = [event.creates for event in CATALOGUE if event.creates is not None]
    assert len(set(creating)) == len(creating)
    assert {kind: event.creates for kind, event in CREATORS.items()} == {k: k for k in creating}


def test_every_event_class_is_in_the_catalogue():
    def below(base: type[Event]) -> Iterator[type[Event]]:
        for one in base.__subclasses__():
            yield one
            yield from below(one)

    defined = {one for one in below(Event) if one.__module__.startswith("ledger.events.")}
    assert defined - {Answer} == set(CATALOGUE)


@every_event
def test_an_event_is_named_in_the_past_tense(event):
    assert event.__name__.endswith(("ed", *IRREGULAR_PASTS))


@every_event
def test_an_event_is_found_by_name_and_version_and_stored_as_such(event):
    assert find(event.__name__, event.schema_version) is event
    assert event.type_name() == f"{event.__name__}.v{event.schema_version}"


@every_event
def test_an_event_says_what_it_means(event):
    docstring = inspect.cleandoc(event.__doc__ or "")
    assert docstring
    assert docstring.endswith(".")
    assert event.__doc__ != (event.__base__.__doc__ or "")


@every_event
def test_a_member_is_named_as_the_format_names_members(event):
    models = [event, *(kind for _, kind, _ in leaves(event, "") if isinstance(kind, type))]
    for model in models:
        for name in getattr(model, "model_fields", {}):
            assert name.isidentifier()
            assert name == name.lower()
            assert len(name) <= 40
            assert name != "sealed" or model is Sealed


@every_event
def test_an_optional_member_has_one_way_of_being_left_out(event):
    models = [event, *(kind for _, kind, _ in leaves(event, "") if isinstance(kind, type))]
    for model in models:
        for name, field in getattr(model, "model_fields", {}).items():
            assert field.default_factory is None
            assert field.alias is None
            if field.is_required():
                continue
            hint = get_type_hints(model)[name]
            codes = get_args(hint) if get_origin(hint) is Literal else ()
            assert field.default is None or field.default == () or field.default in codes


@pytest.mark.parametrize(
    ("name", "version"), [("VisitMad", 1), ("VisitMade", 2), ("", 1), ("Event", 1), ("Answer", 1)]
)
def test_an_unknown_event_is_an_unknown_format_never_invalid(name, version):
    with pytest.raises(StatementError) as refused:
        find(name, version)
    assert str(refused.value) == (
        f"unknown format: this release knows no such event: got {name}.v{version}, expected an"
        " event of `school-ledger record --help`. It may be of a later version of school-ledger;"
        " update and try again."
    )


@every_event
def test_an_event_is_frozen_and_refuses_what_it_does_not_know(event):
    assert event.model_config["frozen"]
    assert event.model_config["extra"] == "forbid"


def test_plain_text_is_taken_out_of_what_is_sealed_and_nothing_else():
    data = {"visit": "visit:x", "note": "Went well.", "days": "1.0"}
    plain, texts = unsealed(find("VisitMade"), data)
    assert texts == {"/data/note": "Went well."}
    assert plain == {**data, "note": {"sealed": "A" * 43}}
    assert unsealed(find("VisitMade"), plain) == (plain, {})

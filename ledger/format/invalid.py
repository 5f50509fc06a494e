"""What is wrong with an event's data, in sentences of ours, whatever the model library calls it.

::

    try:
        VisitMade.model_validate(data)
    except ValidationError as error:
        describe_invalid("VisitMade", error)
    # VisitMade is not said as it must be: host: it is no school, as school:900001 (got 'x')
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, get_args

from pydantic import StringConstraints, ValidationError

from ledger import values
from ledger.values import Named, Public

__all__ = ["FORMS", "SENTENCES", "describe_invalid", "sentence"]

_MOST_FAULTS = 20
_MOST_SHOWN = 200

#: What each kind of fault is called, by the model library's name for it, with its figures.
SENTENCES: Final[Mapping[str, str]] = {
    "missing": "it is missing",
    "extra_forbidden": "there is no such member",
    "string_type": "it is not text",
    "string_unicode": "it is not text: it holds half of a character",
    "string_too_short": "it is shorter than {min_length}",
    "string_too_long": "it is longer than {max_length}",
    "int_type": "it is not a whole number",
    "int_from_float": "it is not a whole number",
    "int_parsing_size": "it is too large a number",
    "bool_type": "it is neither true nor false",
    "bool_parsing": "it is neither true nor false",
    "greater_than_equal": "it is less than {ge}",
    "less_than_equal": "it is more than {le}",
    "literal_error": "it is not {expected}",
    "tuple_type": "it is not a list",
    "too_short": "it has {actual_length}, and at least {min_length} are needed",
    "too_long": "it has more than {max_length}",
    "model_type": "it is not an object with members",
    "model_attributes_type": "it is not an object with members",
    "dict_type": "it is not an object with members",
    "recursion_loop": "it holds itself",
}

#: How to write what a pattern alone would tell to programmers only, by what values are called.
FORMS: Final[Mapping[str, str]] = {
    "moment in UTC": "2026-03-02T09:00:00Z",
    "year": "2026-27",
    "LA code": "340, of three digits",
    "LAESTAB": "340/2001",
    "UKPRN": "10001234, of eight digits",
    "Companies House number": "07012345, of eight digits or capital letters",
    "GIAS group UID": "2044, of up to six digits",
    "GIAS group ID": "TR00123",
    "GIAS type of establishment": "01, of two digits",
    "slug": "harbour-trust, a short name of lower-case letters, digits and hyphens",
    "place in history": "SIZE:ROOT, which `school-ledger show EVENT` shows",
    "published address": "https://www.example.org/page",
    "origin": "northwick.example/support",
    "digest": "`sha256sum` prints it: 64 digits and letters a to f",
    "public key": "ssh-ed25519 AAAA…, the line of the .pub file",
    "verifier key": "northwick.example/support+16ac871c+AQl…",
    "signature, padded base64": "`school-ledger key prove` writes it",
    "pointer to a sealed field": "/data/note",
    "commitment": "the record holds it: 43 letters, digits, - and _",
    "school": "school:900001",
    "body": "body:northwick",
    "partnership": "partnership:estuary",
    "office": "head@school:900001",
    "key": "key:SHA256:…",
    "urn": "urn:900001",
    "obligation": "<event>/<slot>",
}


def describe_invalid(name: str, error: ValidationError) -> str:
    """Return one sentence for all that a model found wrong, naming each member."""
    found = error.errors(include_url=False)
    faults = [_fault(fault) for fault in found[:_MOST_FAULTS]]
    if len(found) > _MOST_FAULTS:
        faults.append(f"and {len(found) - _MOST_FAULTS} more")
    return f"{name} is not said as it must be: " + "; ".join(faults)


def _fault(fault: Mapping[str, Any]) -> str:
    where = ".".join(_printable(str(part)) for part in fault["loc"]) or "the event"
    said, got = sentence(fault), fault["input"]
    shown = _printable(repr(got)) if isinstance(got, (str, int)) else ""
    told = ": got " in said or shown in said
    return f"{where}: {said}{'' if told else f' (got {shown})'}"


def sentence(fault: Mapping[str, Any]) -> str:
    """Return what is wrong with a value, without a full stop; `fault` is the model library's."""
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "string_pattern_mismatch":
        return _not_of_the_form(context["pattern"])
    if kind == "string_too_short" and context["min_length"] == 1:
        return "it is empty"
    if kind in SENTENCES:
        return SENTENCES[kind].format(**{**context, **_counted(context)})
    message = str(fault["msg"]).removeprefix("Value error, ").rstrip(".")
    return f"{message[:1].lower()}{message[1:]}"


def _counted(context: Mapping[str, Any]) -> dict[str, str]:
    """Return lengths in words where text is measured: `200 characters`."""
    if "field_type" in context:
        return {}
    lengths = {name: context[name] for name in ("min_length", "max_length") if name in context}
    return {name: f"{length} characters" for name, length in lengths.items()}


def _not_of_the_form(pattern: str) -> str:
    whats = _whats().get(pattern)
    if whats is None:
        return f"it has not the form {pattern}"
    forms = [FORMS.get(what, f"{what}:<id>") for what in whats]
    return f"it is no {' or '.join(whats)}, as {' or '.join(forms)}"


@cache
def _whats() -> dict[str, tuple[str, ...]]:
    """Return what the values of each pattern are called."""
    found: dict[str, tuple[str, ...]] = {}
    for alias in vars(values).values():
        noted = get_args(alias)[1:] if get_args(alias) else ()
        for one in noted:
            pattern = one.pattern if isinstance(one, StringConstraints) else None
            if isinstance(pattern, str):
                found[pattern] = _called(noted)
    public = values.Sealed.model_fields["sealed"].metadata
    found[next(one.pattern for one in public if hasattr(one, "pattern"))] = _called(public)
    return found


def _called(noted: Any) -> tuple[str, ...]:
    named = next((one.kinds for one in noted if isinstance(one, Named)), ())
    return named or tuple(one.what for one in noted if isinstance(one, Public))


def _printable(text: str) -> str:
    shown = text if text.isprintable() else ascii(text)
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}…"

"""The reference page of refusals, written from the rules and from the sentences in their code.

::

    python -m ledger.domain.refusals_reference > docs/reference/refusals.md
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any

from ledger.decision_model import rules
from ledger.decision_model.rules import Rule
from ledger.domain import decide
from ledger.domain.another import recording
from ledger.domain.registers import after_the_end, authority
from ledger.events import CATALOGUE

_HEAD = """\
# Refusals

Why an event is not recorded, event by event.
Every reason that applies is given at once, and nothing of what is refused is recorded.
An ellipsis stands for what differs: who, which day, how many.
`check` judges the same again for every entry, and calls one that they would refuse irregular.

<!-- Written by `python -m ledger.domain.refusals_reference > docs/reference/refusals.md`. -->
"""

#: What yields reasons against any event, and the sentence that tells of it on the page.
_OF_ANY: tuple[tuple[str, tuple[Callable[..., Any], ...]], ...] = (
    ("Of whoever signs", (authority.authority, after_the_end.ended_with_party)),
    ("Of what is recorded for another office", (recording.recorder_faults, recording.sides)),
    ("Of what it names and repeats", (rules.refusals,)),
)
_REASONS = frozenset(
    {"Iterator[str]", "Iterable[str]", "list[str]", "str | None", "tuple[str, ...]"}
)
_FEWEST_WORDS = 3


def refusals_page() -> str:
    """Return the page, in Markdown."""
    lines = [_HEAD, "## Any event", ""]
    for title, functions in _OF_ANY:
        lines += [f"{title}:", "", *_listed(functions), ""]
    for event in CATALOGUE:
        name = event.__name__
        lines += [f"## {name}", "", *_told(decide.RULES[name]), ""]
    return "\n".join(lines)


def _told(rule: Rule[Any]) -> Iterator[str]:
    yield f"Signed by {_either([by.words for by in rule.by])}."
    yield from _agreeing(rule)
    yield from _lasting(rule)
    functions = [one for one in (rule.signer, rule.also) if one is not None]
    sentences = [*([_ellipsis(rule.answers)] if rule.answers else ()), *_sentences(functions)]
    if sentences:
        yield from ("Refused with:", "", *(f"- {sentence}" for sentence in sentences))


def _either(words: list[str]) -> str:
    return " or ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _agreeing(rule: Rule[Any]) -> Iterator[str]:
    for member, agrees in rule.agrees.items():
        if isinstance(agrees, str):
            yield f"`{member}` must agree with the {agrees.partition('.')[0]} that it names."
        else:
            yield f"`{member}` must be {agrees.words}."
    if rule.between is not None:
        yield f"`{rule.between[0]}` and `{rule.between[1]}` must not have become one."
    for member in rule.other_person_than:
        yield f"Another person must sign than signed the {member}."


def _lasting(rule: Rule[Any]) -> Iterator[str]:
    if rule.lasting:
        instead = f": {rule.lasting}" if isinstance(rule.lasting, str) else ""
        yield f"It is never withdrawn{instead}."


def _listed(functions: tuple[Callable[..., Any], ...]) -> Iterator[str]:
    return (f"- {sentence}" for sentence in _sentences(list(functions)))


def _sentences(functions: list[Callable[..., Any]]) -> list[str]:
    """Return the sentences in functions that yield reasons, and in those that they call, once."""
    found: dict[str, None] = {}
    seen: set[FunctionType] = set()
    waiting = [one for one in functions if isinstance(one, FunctionType)]
    while waiting:
        function = waiting.pop(0)
        if function in seen:
            continue
        seen.add(function)
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        found |= dict.fromkeys(_said_in(tree))
        waiting += _called_in(tree, function)
    return list(found)


def _said_in(tree: ast.AST) -> Iterator[str]:
    """Yield each sentence that the code of a function yields, returns or puts in a list."""
    for node in ast.walk(tree):
        match node:
            case ast.Yield(value=ast.expr() as value) | ast.Return(value=ast.expr() as value):
                yield from _of_value(value)
            case ast.Call(func=ast.Attribute(attr="append"), args=values):
                yield from (one for value in values for one in _of_value(value))


def _of_value(value: ast.expr) -> Iterator[str]:
    match value:
        case ast.IfExp(body=body, orelse=other):
            yield from _of_value(body)
            yield from _of_value(other)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            yield from (one for item in items for one in _of_value(item))
        case ast.ListComp(elt=item) | ast.GeneratorExp(elt=item) | ast.Starred(value=item):
            yield from _of_value(item)
        case _:
            text = _text(value)
            if len(text.split()) >= _FEWEST_WORDS:
                yield text


def _text(value: ast.expr) -> str:
    """Return what an expression says, with an ellipsis for what differs; empty if it is no text."""
    match value:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=parts):
            said = "".join(_text(part) or "…" for part in parts)
            return said.replace("……", "…")
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return f"{_text(left) or '…'}{_text(right) or '…'}"
    return ""


def _called_in(tree: ast.AST, function: FunctionType) -> Iterator[FunctionType]:
    """Yield the functions of the ledger that give reasons and that a function names."""
    for node in ast.walk(tree):
        named: Any = None
        if isinstance(node, ast.Name):
            named = function.__globals__.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            room = function.__globals__.get(node.value.id)
            named = getattr(room, node.attr, None) if isinstance(room, ModuleType) else None
        if isinstance(named, FunctionType) and _gives_reasons(named):
            yield named


def _gives_reasons(function: FunctionType) -> bool:
    return (
        function.__module__.startswith("ledger.")
        and function.__annotations__.get("return") in _REASONS
    )


def _ellipsis(template: str) -> str:
    return "…".join(part.partition("}")[2] if "}" in part else part for part in template.split("{"))


if __name__ == "__main__":
    print(refusals_page(), end="")  # noqa: T201 - the page is what this command gives

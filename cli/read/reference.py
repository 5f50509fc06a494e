"""The reference page of columns, written from the catalogue of reports.

::

    python -m cli.read.reference > docs/reference/columns.md
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, Final

from cli.read.catalogue import REPORTS
from projections.reports.asking import Question
from projections.reports.columns import Column
from projections.reports.marks import NOTES

_HEAD = """\
# Columns of reports

Every report, what narrows it, and each of its columns.
A table on screen shows the columns that have a title for it.
Every file, and JSON, carries all of them, in this order and by these names.
Columns are only ever added.
A column that is summed has its total at the head of a file.

<!-- Written by `python -m cli.read.reference > docs/reference/columns.md`. -->

What a value is:

| type | what it is |
|---|---|
| text | for people |
| code | as machines name it: a kind, a URN with its zeros |
| date, moment | a day of the calendar, as 2026-09-01; a moment in UTC |
| amount, number | days, visits, pounds or items, by the column `unit`; a whole number |
| yes_no | whether it is so |
| party, event, events | a reference to a party or person; an event's id, or several |
"""
#: Reports with commands of their own, by the module of their rows.
_OWN: Final = {
    "owes": "owes",
    "history": "history",
    "keys": "keyholders",
    "replay": "replay",
    "diff": "diff",
}


def columns_page() -> str:
    """Return the page, in Markdown."""
    lines = [_HEAD]
    for name, lazy in REPORTS.items():
        module = _module(name, lazy.at)
        lines += [f"## {name}", "", lazy.help, "", *_narrowed(module), *_table(module.COLUMNS)]
    lines += ["## What marks mean", "", "| mark | what it says of a row |", "|---|---|"]
    lines += [f"| {mark} | {meaning} |" for mark, meaning in NOTES.items()]
    return "\n".join(lines) + "\n"


def _module(name: str, at: str) -> Any:
    """Return the module that has a report's columns."""
    own = _OWN.get(name)
    return import_module(at.partition(":")[0] if own is None else f"projections.reports.{own}")


def _narrowed(module: Any) -> Iterator[str]:
    """Say what narrows a report that is made of a question; of the others, help does."""
    question = getattr(module, "QUESTION", None)
    if isinstance(question, Question) and question.filters:
        options = ", ".join(f"`{each.option}`" for each in question.filters.values())
        yield from (f"Narrowed by {options}.", "")


def _table(columns: Sequence[Column]) -> Iterator[str]:
    yield "| column | on screen | type | meaning |"
    yield "|---|---|---|---|"
    for column in columns:
        summed = f" Summed, in {column.summed}." if column.summed else ""
        title = column.title if column.shown else ""
        yield f"| `{column.name}` | {title} | {column.type} | {column.meaning}{summed} |"
    yield ""


if __name__ == "__main__":
    print(columns_page(), end="")  # noqa: T201 - the page is what this command gives

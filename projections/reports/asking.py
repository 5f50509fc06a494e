"""What reports are asked for, and by what they are narrowed: each filter told once.

A report is one module with its columns, its answer, and a `Question`::

    class Asked(NamedTuple):
        la: La = None
        overdue: Overdue = False

    QUESTION = Question(
        name="islands",
        tells="Show schools that belong to no partnership.",
        asked=Asked,
        answer=islands,
        examples=("--la northwick",),
    )

and one line in `cli/read/catalogue.py`; options, help and refusals follow from it. A filter is the
same word with the same meaning wherever it is taken.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_type_hints

from ledger.store.base import EntryStore
from projections.reports.base import Report
from projections.tables.views import Moment


class Filter(NamedTuple):
    """What a report may be narrowed by: its option, what it means, and what is said for it.

    `kinds` are the kinds of party that it takes, any where there is none. A `code` is a word as the
    record has it.
    """

    option: str
    meaning: str
    takes: Literal["party", "day", "code", "flag"]
    kinds: tuple[str, ...] = ()


About = Annotated[
    str | None, Filter("--about", "Only what concerns this party: a name, URN or slug.", "party")
]
La = Annotated[
    str | None,
    Filter("--la", "Only schools in the area of this local authority.", "party", ("body",)),
]
Body = Annotated[
    str | None,
    Filter("--body", "Only schools whose responsible body this is.", "party", ("body",)),
]
Partnership = Annotated[
    str | None,
    Filter("--partnership", "Only this partnership, or its members.", "party", ("partnership",)),
]
Provider = Annotated[
    str | None,
    Filter("--provider", "Only what this provider offered or gave.", "party", ("school", "body")),
]
Kind = Annotated[str | None, Filter("--kind", "Only this kind, as a row has it.", "code")]
Area = Annotated[
    str | None, Filter("--area", "Only this evaluation area, as a row has it.", "code")
]
From = Annotated[str | None, Filter("--from", "Only what happened on that day or later.", "day")]
To = Annotated[str | None, Filter("--to", "Only what happened on that day or before.", "day")]
Overdue = Annotated[bool, Filter("--overdue", "Only what is overdue on the day.", "flag")]
Marked = Annotated[bool, Filter("--marked", "Only rows that bear a mark.", "flag")]

#: Every filter that there is, by its option: one that a report does not take is refused by name.
FILTERS: dict[str, Filter] = {
    narrows.option: narrows
    for _, narrows in map(
        get_args,
        (About, La, Body, Partnership, Provider, Kind, Area, From, To, Overdue, Marked),
    )
}


@dataclass(frozen=True)
class Question:
    """A report as it is asked for: what it tells, what narrows it, and who answers.

    `asked` is a NamedTuple with a filter for each member. `examples` are its options as typed.
    """

    name: str
    tells: str
    asked: type[Any]
    answer: Callable[[sqlite3.Connection, EntryStore, Moment, Any], Report]
    examples: Sequence[str] = ("",)

    @property
    def filters(self) -> dict[str, Filter]:
        """Return what narrows it, by the member that holds it."""
        hints = get_type_hints(self.asked, include_extras=True)
        return {name: get_args(hint)[1] for name, hint in hints.items()}


class Everything(NamedTuple):
    """What is asked of a report that nothing narrows."""

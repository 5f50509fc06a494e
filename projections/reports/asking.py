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

and one line in `projections/reports/catalogue.py`; options, help and refusals follow from it. A
filter is the same word with the same meaning wherever it is taken.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_type_hints

from ledger.near import did_you_mean
from ledger.regions import NAMES
from ledger.store.base import EntryStore
from projections.errors import ProjectionError
from projections.reports.base import Report
from projections.reports.names import Names
from projections.reports.places import region_name
from projections.tables.views import Moment


class Filter(NamedTuple):
    """What a report may be narrowed by: its option, what it means, and what is said for it.

    `words` are those of a heading, with what was said in the place of `{}`. `kinds` are the kinds
    of party that it takes, any where there is none. A `code` is a word as a row has it.
    """

    option: str
    meaning: str
    words: str
    takes: Literal["party", "day", "code", "region", "flag"]
    kinds: tuple[str, ...] = ()


def _party(option: str, meaning: str, words: str, *kinds: str) -> Filter:
    return Filter(option, meaning, words, "party", kinds)


#: The parties of which figures are published.
_MEASURED = ("school", "partnership")

About = Annotated[
    str | None,
    _party("--about", "Only what concerns this party: a name, a URN, or a short name.", "about {}"),
]
AboutSchool = Annotated[
    str | None,
    _party("--about", "Only this school: a name or any of its URNs.", "about {}", "school"),
]
ForSchool = Annotated[
    str | None,
    _party(
        *(
            "--about",
            "The school that asks: what is for its phase and region, the nearest first.",
        ),
        *("for {}", "school"),
    ),
]
With = Annotated[
    str | None,
    _party("--with", "The school or partnership to compare it with.", "with {}", *_MEASURED),
]
AboutMeasured = Annotated[
    str | None,
    _party("--about", "Only this school or partnership.", "about {}", *_MEASURED),
]
La = Annotated[
    str | None,
    _party(
        "--la", "Only schools in the area of this local authority.", "in the area of {}", "body"
    ),
]
Region = Annotated[
    str | None,
    Filter("--region", "Only schools in this region of England.", "in {}", "region"),
]
ForRegion = Annotated[
    str | None,
    Filter("--region", "Only what is offered in this region of England.", "in {}", "region"),
]
Body = Annotated[
    str | None,
    _party("--body", "Only schools whose responsible body this is.", "under {}", "body"),
]
Partnership = Annotated[
    str | None,
    _party("--partnership", "Only this partnership, or its members.", "of {}", "partnership"),
]
Provider = Annotated[
    str | None,
    _party(
        *("--provider", "Only what this supporting organisation offered or gave."),
        *("by {}", "school", "body", "partnership"),
    ),
]
Kind = Annotated[str | None, Filter("--kind", "Only this kind, as a row has it.", "{}", "code")]
Area = Annotated[
    str | None, Filter("--area", "Only this evaluation area, as a row has it.", "{}", "code")
]
From = Annotated[
    str | None, Filter("--from", "Only what happened on that day or later.", "from {}", "day")
]
To = Annotated[
    str | None, Filter("--to", "Only what happened on that day or before.", "to {}", "day")
]
Overdue = Annotated[
    bool, Filter("--overdue", "Only what is overdue on the day.", "overdue", "flag")
]
Marked = Annotated[bool, Filter("--marked", "Only rows that bear a mark.", "marked", "flag")]

#: Every filter that there is, by its option: one that a report does not take is refused by name.
FILTERS: dict[str, Filter] = {
    narrows.option: narrows
    for _, narrows in map(
        get_args,
        (
            About,
            With,
            La,
            Region,
            Body,
            Partnership,
            Provider,
            Kind,
            Area,
            From,
            To,
            Overdue,
            Marked,
        ),
    )
}


@dataclass(frozen=True)
class Question:
    """A report as it is asked for: what it tells, what narrows it, and who answers.

    `asked` is a NamedTuple with a filter for each member. `examples` are its options as typed. Only
    what a part of the record tells as well as the whole does is answered `of_part`: of every part,
    or of one that was chosen by a school, which is then asked for by that member. Where what came
    of a school may be said of another that goes on from it, it is not told `of_predecessors`.
    """

    name: str
    tells: str
    asked: type[Any]
    answer: Callable[[sqlite3.Connection, EntryStore, Moment, Any], Report]
    examples: Sequence[str] = ("",)
    of_part: Literal["", "every", "about", "provider"] = ""
    of_predecessors: bool = True

    @property
    def filters(self) -> dict[str, Filter]:
        """Return what narrows it, by the member that holds it."""
        return filters_of(self.asked)


def filters_of(asked: type[Any]) -> dict[str, Filter]:
    """Return the filters of what is asked, by the member that holds each."""
    hints = get_type_hints(asked, include_extras=True)
    return {name: get_args(hint)[1] for name, hint in hints.items()}


def in_words(asked: Any, names: Names) -> str:
    """Return in words what is asked for, as a heading tells it; empty where nothing narrows it."""
    return ", ".join(_said(asked, names))


def _said(asked: Any, names: Names) -> Iterator[str]:
    for name, narrows in filters_of(type(asked)).items():
        said = getattr(asked, name)
        if said:
            yield narrows.words.format(_in_words(said, narrows, names))


def _in_words(said: Any, narrows: Filter, names: Names) -> Any:
    """Return what was said for a filter as people read it."""
    if narrows.takes == "party":
        return names.party(said) + names.ended(said)
    if narrows.takes == "region":
        return region_name(said)
    return words(said) if narrows.takes == "code" else said


def titled(title: str, asked: str) -> str:
    """Return a report's title with what it is narrowed to, for a screen has no other place."""
    return ", ".join(filter(None, (title, asked)))


def words(code: str) -> str:
    """Return a code of the record as people read it: `peer review`."""
    return code.replace("_", " ").replace("-", " ")


def known_code(said: str, known: Iterable[str], what: str) -> str:
    """Return the code that is meant by a word as rows have it; raise ProjectionError if none is."""
    by_words = {words(code): code for code in sorted(set(known))}
    found = by_words.get(words(said.casefold()))
    if found is None:
        expected = ", ".join(by_words) or "none: the record has none yet"
        near = did_you_mean(said, by_words) or None
        raise ProjectionError(f"there is no such {what}", got=said, expected=expected, todo=near)
    return found


def known_region(said: str) -> str:
    """Return the region that is meant by its name or code; raise ProjectionError if none is."""
    return known_code(said, NAMES, "region of England")


def known_area(connection: sqlite3.Connection, said: str | None) -> str | None:
    """Return the code of the evaluation area that is meant, if one is; else raise ProjectionError.

    Of those shipped and those of frameworks that were adopted, whether or not anything is told
    of it.
    """
    if said is None:
        return None
    from ledger.values import AreaCode  # noqa: PLC0415 - only where an area is asked for

    adopted = (row[0] for row in connection.execute("SELECT DISTINCT area FROM scales"))
    return known_code(said, (*get_args(AreaCode), *adopted), "evaluation area")


class Everything(NamedTuple):
    """What is asked of a report that nothing narrows."""

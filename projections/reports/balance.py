"""Pressure against support, term by term: what is demanded of a school, and how it is helped."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from ledger.store.base import EntryStore
from projections.reports.asking import (
    AboutSchool,
    Body,
    From,
    La,
    Marked,
    Question,
    Region,
    To,
    in_words,
    titled,
)
from projections.reports.base import Report, as_far_as_asked, heading
from projections.reports.columns import (
    EVENTS,
    LAST_POSITION,
    MARKS,
    SAID_BY,
    SCHOOL,
    SCHOOL_NAME,
    Column,
    hidden,
)
from projections.reports.marks import explained
from projections.reports.names import Names
from projections.reports.owes import amount
from projections.reports.pressure import Sort, Thing, things
from projections.reports.resting import rested
from projections.reports.school_facts import chosen_schools
from projections.reports.terms import GUESSED, Term, Terms, terms
from projections.tables.views import Moment

if TYPE_CHECKING:
    from projections.pictures.base import Picture

COLUMNS = (
    Column("term", "Term", "The term, by its season and year."),
    Column("demands", "Demands", "How many demands were made of the school in it.", "number"),
    Column(
        "demanded",
        "By kind and body",
        "What these demands were, and how many of each kind each party made.",
    ),
    Column("agreed", "Agreed", "Days that were agreed to be given.", "amount", summed="day"),
    Column("confirmed", "Confirmed", "Days that hosts confirmed.", "amount", summed="day"),
    Column(
        "in_classrooms",
        "In classrooms",
        "Of the days confirmed, how many in a hundred were of visits that worked with classrooms"
        " or pupils; empty where none were confirmed.",
        "number",
    ),
    Column(
        "longest_gap",
        "Longest gap",
        "The most days of the term on end on which nobody came, up to the day asked for.",
        "number",
    ),
    MARKS,
    *hidden(
        SCHOOL_NAME,
        SCHOOL,
        Column("first", "Term from", "The first day of the term.", "date"),
        Column("last", "Term to", "The last day of the term.", "date"),
        Column("judgements", "Judgements", "How many demands were judgements by others.", "number"),
        Column("targets", "Targets", "How many demands were targets.", "number"),
        Column("interventions", "Interventions", "How many demands were interventions.", "number"),
        Column(
            "other_demands",
            "Other demands",
            "How many demands were of other kinds: what the school came to owe a body.",
            "number",
        ),
        Column(
            "classroom_days",
            "Days in classrooms",
            "Days confirmed of visits that worked with classrooms or pupils.",
            "amount",
            summed="day",
        ),
        SAID_BY,
        EVENTS,
        LAST_POSITION,
    ),
)
_ONE_DAY = timedelta(days=1)
_HUNDRED = 100


class Asked(NamedTuple):
    """Which schools: one, or those of an area or body; from a day to a day; marked only."""

    about: AboutSchool = None
    la: La = None
    region: Region = None
    body: Body = None
    since: From = None
    to: To = None
    marked: Marked = False


class _Window(NamedTuple):
    """The days that are asked about, inclusive; from the beginning where `first` is empty."""

    first: str
    last: str


def balance(connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked) -> Report:
    """Return for each school, term by term, what was demanded of it and how it was helped."""
    names, calendar = Names(connection, store, at), terms(connection, store, at)
    window = _Window(asked.since or "", min(asked.to or at.as_of, at.as_of))
    by_school: dict[str, list[Thing]] = defaultdict(list)
    for thing in things(connection, store, at, chosen_schools(connection, at, asked)):
        if window.first <= thing.day <= window.last:
            by_school[thing.school].append(thing)
    told = [
        (school, term, of_term)
        for school, own in by_school.items()
        for term, of_term in _by_term(own, calendar, window)
    ]
    rows = [_row(school, term, of_term, names, window) for school, term, of_term in told]
    rows = rested(connection, at, rows, marked=asked.marked)
    rows.sort(key=lambda row: (row["school_name"], row["school"], row["first"]))
    said = in_words(asked, names)
    guessed = any(not term.told for _, term, _ in told)
    return Report(
        name="balance",
        title=titled("Pressure against support, by term", said),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=as_far_as_asked("Nothing was demanded of a school, and nobody came.", said),
        group="school_name",
        notes=[*([GUESSED] if guessed else ()), *explained(rows)],
        asked=said,
        picture=_picture,
    )


def _picture(rows: Sequence[dict[str, Any]]) -> Picture | None:
    from projections.reports.balance_picture import picture  # noqa: PLC0415 - only where drawn

    return picture(rows)


# -- rows -------------------------------------------------------------------------------------


def _by_term(
    things: Sequence[Thing], calendar: Terms, window: _Window
) -> Iterator[tuple[Term, list[Thing]]]:
    """Go through the terms from the first thing on, each with what happened in it, if anything."""
    of: dict[Term, list[Thing]] = defaultdict(list)
    for thing in things:
        of[calendar.of(date.fromisoformat(thing.day))].append(thing)
    first = date.fromisoformat(window.first) if window.first else min(of).first
    for term in calendar.between(first, date.fromisoformat(window.last)):
        yield term, of.get(term, [])


def _row(
    school: str, term: Term, things: Sequence[Thing], names: Names, window: _Window
) -> dict[str, Any]:
    made = [one for one in things if one.sort]
    sorts = Counter(one.sort for one in made)
    confirmed = sum(one.confirmed for one in things)
    near = sum(one.confirmed for one in things if one.near)
    return {
        "school": school,
        "school_name": names.party(school),
        "term": term.name,
        "first": term.first.isoformat(),
        "last": term.last.isoformat(),
        "demands": len(made),
        "demanded": _in_words(Counter((one.kind, names.party(one.by)) for one in made)),
        **{sort: sorts[sort] for sort in get_args(Sort)},
        "agreed": amount(sum(one.agreed for one in things), "day"),
        "confirmed": amount(confirmed, "day"),
        "classroom_days": amount(near, "day"),
        "in_classrooms": round(Decimal(near * _HUNDRED) / confirmed) if confirmed else None,
        "longest_gap": _longest_gap(term, things, window),
        "events": [one.event for one in things],
    }


def _in_words(counted: Counter[tuple[str, str]]) -> str:
    """Return demands by kind, each with who made how many of it."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for (kind, who), many in sorted(counted.items()):
        by_kind[kind].append(f"{who} {many}")
    return "; ".join(f"{kind}: {', '.join(found)}" for kind, found in by_kind.items())


def _longest_gap(term: Term, things: Sequence[Thing], window: _Window) -> int:
    """Return the most days of a term on end on which nobody came, of those asked about."""
    last = min(term.last, date.fromisoformat(window.last))
    first = max(term.first, date.fromisoformat(window.first)) if window.first else term.first
    came = sorted(
        (date.fromisoformat(one.day), date.fromisoformat(one.until or one.day))
        for one in things
        if one.confirmed
    )
    longest, free = 0, first
    for begun, ended in came:
        longest = max(longest, (min(begun, last + _ONE_DAY) - free).days)
        free = max(free, ended + _ONE_DAY)
    return max(longest, (last - free).days + 1)


QUESTION = Question(
    name="balance",
    tells="""Show pressure against support, term by term: judgements, targets, interventions and
    other demands of bodies beside days agreed and confirmed, how near the classroom they were, and
    how long nobody came.
    """,
    asked=Asked,
    answer=balance,
    examples=("--about 900003", "--la northwick --from 2025-09-01", "--about 900003 -o b.html"),
    of_part="about",
)

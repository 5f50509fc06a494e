"""Conflicts of interest: declared and answered; and people who advise and provide in one school."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from ledger.selection import Said
from ledger.store.base import EntryStore
from projections.reports.asking import (
    About,
    From,
    Marked,
    Provider,
    Question,
    To,
    in_words,
    titled,
    words,
)
from projections.reports.base import Report, as_far_as_asked, heading
from projections.reports.columns import (
    EVENTS,
    LAST_POSITION,
    MARKS,
    PROVIDER,
    PROVIDER_NAME,
    SAID_BY,
    SCHOOL,
    SCHOOL_NAME,
    Column,
    hidden,
)
from projections.reports.marks import explained
from projections.reports.names import Names
from projections.reports.resting import rested
from projections.reports.standing import Offices, going_on
from projections.reports.statements import said_about, said_by_types
from projections.tables.views import Moment, rows_of

_DECLARED, _BOTH = "declared", "advises and provides"
COLUMNS = (
    Column("concerned_name", "Who", "The person or party that stands on two sides."),
    PROVIDER_NAME,
    SCHOOL_NAME,
    Column(
        "kind",
        "What",
        "Declared by somebody, or told by offices: who advises a school and is of its provider.",
    ),
    Column("declared_on", "Declared", "The day on which it was declared.", "date"),
    Column("answered_on", "Answered", "The day on which it was decided about.", "date"),
    Column(
        "days",
        "Days",
        "Days from declaring to the decision, or else to the day asked for.",
        "number",
    ),
    Column("cleared", "Cleared", "Whether the decision cleared it; empty without one.", "yes_no"),
    MARKS,
    *hidden(
        Column("bears_on", "Bears on", "What it bears on: an offer, an agreement, or the school."),
        Column("answerer_name", "Decided by", "Who decided, or else is to decide."),
        Column("concerned", "Who by reference", "What the record calls them.", "party"),
        PROVIDER,
        SCHOOL,
        Column("conflict", "Conflict", "The event that declared it.", "event"),
        SAID_BY,
        EVENTS,
        LAST_POSITION,
    ),
)


class Asked(NamedTuple):
    """Which conflicts: that concern a party or person, of a provider, from a day to a day."""

    about: About = None
    provider: Provider = None
    since: From = None
    to: To = None
    marked: Marked = False


def conflicts(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked
) -> Report:
    """Return the conflicts of interest, the earliest declared first, then those that none has."""
    names = Names(connection, store, at)
    rows = [*_declared(connection, store, at), *_both(connection, at)]
    rows = [row for row in rows if _is_asked(row, asked)]
    rows = [row | _named(row, names) for row in rows]
    rows = rested(connection, at, rows, marked=asked.marked)
    said = in_words(asked, names)
    return Report(
        name="conflicts",
        title=titled("Conflicts of interest", said),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=as_far_as_asked("No conflict of interest is known.", said),
        notes=explained(rows),
        asked=said,
    )


def _declared(
    connection: sqlite3.Connection, store: EntryStore, at: Moment
) -> Iterator[dict[str, Any]]:
    found = list(said_by_types(connection, store, at, ("ConflictOfInterestDeclared",)))
    about = partial(said_about, connection, store, at)
    decided: dict[str, Said] = {}
    for one in about(("DecisionRecorded",), (one.event for one in found)):
        decided[one.data.get("conflict", "").partition(":")[2]] = one
    for one in found:
        yield _of(one, decided.get(one.event), at)


def _of(one: Said, decision: Said | None, at: Moment) -> dict[str, Any]:
    data, answered_on = one.data, decision.day if decision else None
    until = date.fromisoformat(answered_on or at.as_of)
    return {
        "kind": _DECLARED,
        "concerned": data.get("person") or data.get("party"),
        "bears_on": next((each for each in ("agreement", "offer") if each in data), "school"),
        "provider": data.get("provider"),
        "school": data.get("school"),
        "declared_on": one.day,
        "answered_on": answered_on,
        "days": (until - date.fromisoformat(one.day)).days,
        "cleared": decision.data["decision"] == "cleared" if decision else None,
        "answerer": decision.data["decider"] if decision else data.get("answerer"),
        "conflict": one.event,
        "events": [one.event, *([decision.event] if decision else ())],
    }


def _both(connection: sqlite3.Connection, at: Moment) -> Iterator[dict[str, Any]]:
    """Go through the advisers of schools who hold an office at who supports it on the day."""
    offices = Offices(connection, at)
    sql = "SELECT DISTINCT office FROM tenures WHERE person = ? AND position <= ?"
    for agreement in going_on(connection, at):
        school, provider = agreement["receiver"], agreement["provider"]
        for adviser in offices.holders(f"adviser@{school}"):
            held = rows_of(connection, sql, adviser["person"], at.known_at)
            there = [row["office"] for row in held if row["office"].endswith(f"@{provider}")]
            terms = [
                term
                for office in there
                for term in offices.holders(office)
                if term["person"] == adviser["person"]
            ]
            if terms:
                yield _adviser(adviser, terms, agreement)


def _adviser(
    adviser: sqlite3.Row, terms: list[sqlite3.Row], agreement: dict[str, Any]
) -> dict[str, Any]:
    return {
        "kind": _BOTH,
        "concerned": adviser["person"],
        "bears_on": "agreement",
        "provider": agreement["provider"],
        "school": agreement["receiver"],
        "declared_on": None,
        "answered_on": None,
        "days": None,
        "cleared": None,
        "answerer": None,
        "conflict": None,
        "events": [adviser["event"], *(term["event"] for term in terms), agreement["event"]],
    }


def _is_asked(row: dict[str, Any], asked: Asked) -> bool:
    named = (row["concerned"], row["provider"], row["school"], row["answerer"])
    day = row["declared_on"]
    return (
        (asked.about is None or asked.about in named)
        and asked.provider in (None, row["provider"])
        and (day is None or (asked.since or "") <= day <= (asked.to or day))
    )


def _named(row: dict[str, Any], names: Names) -> dict[str, Any]:
    called = {
        f"{member}_name": names.party(row[member]) if row[member] else None
        for member in ("concerned", "provider", "school", "answerer")
    }
    return {**called, "bears_on": words(row["bears_on"])}


QUESTION = Question(
    name="conflicts",
    tells="""Show which conflicts of interest were declared, who decided and whether they were
    cleared; and people who advise a school and hold an office at who supports it.
    """,
    asked=Asked,
    answer=conflicts,
    examples=("", "--provider 900001", "--about 900003 --from 2025-09-01"),
    of_part="about",
)

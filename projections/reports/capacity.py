"""Who could give how many days of support, by school year, and what is offered, owed and given."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.store.base import EntryStore
from projections.reports.asking import Marked, Overdue, Provider, Question, in_words, titled
from projections.reports.base import Report, as_far_as_asked, heading
from projections.reports.columns import (
    BEYOND,
    EVENTS,
    LAST_POSITION,
    LATE_DAYS,
    LEFT_TO_GIVE,
    MARKS,
    PROVIDER,
    PROVIDER_NAME,
    SAID_BY,
    Column,
    hidden,
)
from projections.reports.marks import explained
from projections.reports.names import Names
from projections.reports.owes import amount
from projections.reports.resting import Resting
from projections.reports.standing import among, declared, ended_lines, open_offers
from projections.reports.statements import said_about
from projections.reports.support import by_year, school_year, year_in_words
from projections.tables.views import Moment

if TYPE_CHECKING:
    from projections.pictures.base import Picture

COLUMNS = (
    Column("school_year", "School year", "That in which the days are due, from September on."),
    PROVIDER_NAME,
    Column(
        "declared",
        "Declared",
        "Days that the provider declared that it could give, in the school year in which the time"
        " ends for which it did; empty where it declared none.",
        "amount",
        summed="day",
    ),
    Column(
        "offered",
        "Offered",
        "Days of offers that nobody took up yet and that are valid on the day asked for, in the"
        " school year until which they are.",
        "amount",
        summed="day",
    ),
    Column("agreed", "Agreed", "Days that were agreed to be given.", "amount", summed="day"),
    Column("confirmed", "Confirmed", "Days that hosts confirmed.", "amount", summed="day"),
    LEFT_TO_GIVE,
    LATE_DAYS,
    BEYOND,
    Column(
        "free",
        "Left to offer",
        "Days declared less what is offered, left to give and confirmed; empty where none are"
        " declared.",
        "amount",
    ),
    Column(
        "over", "More than declared", "By how many days these are more than was declared.", "amount"
    ),
    Column("agreements", "Agreements", "How many agreements these days are of.", "number"),
    Column("receivers", "Receivers", "How many parties they are for.", "number"),
    MARKS,
    *hidden(PROVIDER, SAID_BY, EVENTS, LAST_POSITION),
)
_HUNDRED = 100
_TITLE = "Support declared, offered, agreed and given, by the school year in which it is due"
_FIGURES = ("declared", "offered", "agreed", "confirmed", "outstanding", "overdue", "beyond")


class Asked(NamedTuple):
    """Whose days: everybody's, or one provider's; only what is overdue, or bears a mark."""

    provider: Provider = None
    overdue: Overdue = False
    marked: Marked = False


def capacity(connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked) -> Report:
    """Return what each provider offers, and has agreed and given, by the year in which it is due.

    A provider that ended offers nothing any more; what it agreed and gave is told.
    """
    names = Names(connection, store, at)
    ended = ended_lines(connection, at)
    found = _by_provider(connection, store, at, asked.provider, ended)
    resting = Resting(connection, at, (event for one in found.values() for event in one["events"]))
    rows = [
        _row(provider, year, one, _named(provider, ended, names)) | resting.of(one["events"])
        for (provider, year), one in found.items()
    ]
    rows = [row for row in rows if row["late_days"] != "0.0" or not asked.overdue]
    rows = [row for row in rows if row["marks"] or not asked.marked]
    rows.sort(key=lambda row: (row["school_year"], row["provider_name"], row["provider"]))
    words = in_words(asked, names)
    return Report(
        name="capacity",
        title=titled(_TITLE, words),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=as_far_as_asked("Nobody declares or offers any support, and none is agreed.", words),
        notes=explained(rows),
        asked=words,
        picture=_picture,
    )


def _picture(rows: Sequence[dict[str, Any]]) -> Picture | None:
    from projections.reports.capacity_picture import picture  # noqa: PLC0415 - only if it is drawn

    return picture(rows)


def _by_provider(
    connection: sqlite3.Connection,
    store: EntryStore,
    at: Moment,
    provider: str | None,
    ended: Container[str],
) -> dict[tuple[str, int], dict[str, Any]]:
    """Return figures in hundredths of a day, with their events, by provider and school year."""
    found: dict[tuple[str, int], dict[str, Any]] = defaultdict(
        lambda: dict.fromkeys((*_FIGURES, "agreements", "receivers"), 0) | {"events": []}
    )
    for row in by_year(connection, at, provider):
        found[row["debtor"], row["year"]].update(row)
    for event, offer in _open_offers(connection, store, at, provider):
        if offer["provider"] in ended:
            continue
        ends = offer.get("ends", offer["valid_until"])
        one = found[offer["provider"], school_year(ends)]
        one["offered"] += int(Decimal(offer["days"]) * _HUNDRED)
        one["events"].append(event)
    for row in declared(connection, at, *among("provider", provider and [provider])):
        if row["provider"] in ended:
            continue
        one = found[row["provider"], school_year(row["ends"])]
        one["declared"] += row["days"]
        one["events"].append(row["event"])
    return found


def _open_offers(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, provider: str | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Go through the offers that are valid on the day, that nobody took up or closed by then."""
    rows = open_offers(connection, at, *among("provider", provider and [provider]))
    said = said_about(connection, store, at, ("SupportOffered",), [row["event"] for row in rows])
    still = {row["event"] for row in rows}
    yield from ((one.event, one.data) for one in said if one.event in still)


def _named(provider: str, ended: Container[str], names: Names) -> str:
    """Return a provider by name, and whether it has ended."""
    return f"{names.party(provider)}{', which has ended' if provider in ended else ''}"


def _row(provider: str, year: int, one: dict[str, Any], name: str) -> dict[str, Any]:
    engaged = one["offered"] + one["confirmed"] + one["outstanding"]
    free = one["declared"] - engaged
    return {
        "school_year": year_in_words(year),
        "provider_name": name,
        "declared": amount(one["declared"], "day") if one["declared"] else None,
        "free": amount(max(free, 0), "day") if one["declared"] else None,
        "over": amount(max(-free, 0), "day") if one["declared"] else None,
        "offered": amount(one["offered"], "day"),
        "agreed": amount(one["agreed"], "day"),
        "confirmed": amount(one["confirmed"], "day"),
        "left": amount(one["outstanding"], "day"),
        "late_days": amount(one["overdue"], "day"),
        "beyond": amount(one["beyond"], "day"),
        "agreements": one["agreements"],
        "receivers": one["receivers"],
        "provider": provider,
    }


QUESTION = Question(
    name="capacity",
    tells="""Show what supporting organisations declared that they could give, what they offer, have
    agreed and given, by the school year in which it is due; and who has days free, or promised too
    many.
    """,
    asked=Asked,
    answer=capacity,
    examples=("", "--provider 900001", "--overdue --as-of 2025-12-31"),
    of_part="provider",
)

"""Whether two schools, or two partnerships, really differ: figure by figure, between their bounds.

Only two are compared, and only by the same measure, basis and time. There is no league table: a
place in one tells less of a school than of the width of its bounds.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.store.base import EntryStore
from projections.reports.asking import (
    AboutMeasured,
    Marked,
    Question,
    With,
    in_words,
    titled,
)
from projections.reports.base import Report, heading
from projections.reports.columns import EVENTS, LAST_POSITION, MARKS, SAID_BY, Column, hidden
from projections.reports.figures import (
    FIGURE_BASIS,
    MEASURE,
    PERIOD,
    Figure,
    Of,
    figure_columns,
    figures,
    in_columns,
    of_in_columns,
    verdict,
)
from projections.reports.marks import explained
from projections.reports.names import Names
from projections.reports.resting import rested
from projections.tables.views import Moment

if TYPE_CHECKING:
    from projections.pictures.base import Picture

COLUMNS = (
    MEASURE,
    FIGURE_BASIS,
    PERIOD,
    Column("one", "The one", "The figure of who is asked about, with bounds and pupils."),
    Column("other", "The other", "The figure of who that is compared with, in the same way."),
    Column(
        "verdict",
        "Verdict",
        "Distinguishable only where the bounds do not overlap, which is stricter than a test of"
        " difference.",
    ),
    MARKS,
    *hidden(
        Column("one_name", "The one by name", "Who is asked about."),
        Column("other_name", "The other by name", "Who that is compared with."),
        Column("one_party", "The one's reference", "Who is asked about, as recorded.", "party"),
        Column("other_party", "The other's reference", "Who that is compared with.", "party"),
    ),
    *figure_columns("one", "The one", "of who is asked about"),
    *figure_columns("other", "The other", "of who that is compared with"),
    *hidden(SAID_BY, EVENTS, LAST_POSITION),
)
_NO_LEAGUE_TABLE = (
    "No league table is made of schools: most of their places would say no more than chance, for"
    " the bounds of most figures overlap. Compare two, with --about and --with."
)
_ITSELF = "Both are the same one. Compare it with another, named in --with."
_NOTHING = "No figure is published of both by one measure, on one basis, for one time."
_UNLIKE = (
    "A partnership is not compared with a school: its figures are of the pupils of all its members."
)
_UNMARKED = "None of the figures published of both bears a mark."
#: So many are named with whom one can be compared.
_MOST_NAMED = 5


class Asked(NamedTuple):
    """Which two are compared; marked only."""

    about: AboutMeasured = None
    other: With = None
    marked: Marked = False


def compare(connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked) -> Report:
    """Return the figures that two have in common, each with whether they can be told apart."""
    names = Names(connection, store, at)
    told = in_words(asked, names)
    pairs = _pairs(connection, at, asked)
    rows = [_row(*pair, names) for pair in pairs]
    rows = rested(connection, at, rows, marked=asked.marked)
    return Report(
        name="compare",
        title=titled("Whether two differ", told),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=_UNMARKED if pairs else _why_nothing(connection, at, asked, names),
        notes=explained(rows),
        asked=told,
        picture=_picture,
    )


def _why_nothing(connection: sqlite3.Connection, at: Moment, asked: Asked, names: Names) -> str:
    """Say why there is no row, and with whom each of the two can be compared."""
    if asked.about is None or asked.other is None:
        return _NO_LEAGUE_TABLE
    if asked.about == asked.other:
        return _ITSELF
    why = _NOTHING if _are_alike(asked.about, asked.other) else _UNLIKE
    known = figures(connection, at)
    return " ".join((why, *(_can_be(one, known, names) for one in (asked.about, asked.other))))


def _are_alike(one: str, other: str) -> bool:
    """Whether both are schools, or both partnerships."""
    return one.partition(":")[0] == other.partition(":")[0]


def _can_be(one: str, known: Sequence[Figure], names: Names) -> str:
    """Say with whom one can be compared: of its kind, with a figure of the same."""
    own = {figure.of for figure in known if figure.about == one}
    if not own:
        return f"Of {names.party(one)} no figure is published."
    others = {figure.about for figure in known if figure.of in own} - {one}
    called = sorted(names.party(other) for other in others if _are_alike(one, other))
    if not called:
        return f"There is nobody with whom {names.party(one)} can be compared."
    more = f" and {len(called) - _MOST_NAMED} more" if len(called) > _MOST_NAMED else ""
    return f"{names.party(one)} can be compared with {', '.join(called[:_MOST_NAMED])}{more}."


def _picture(rows: Sequence[dict[str, Any]]) -> Picture:
    from projections.reports.compare_picture import picture  # noqa: PLC0415 - only if it is drawn

    return picture(rows)


def _pairs(connection: sqlite3.Connection, at: Moment, asked: Asked) -> list[tuple[Figure, Figure]]:
    """Return the figures of the two that are of the same; none unless two alike are asked for."""
    if asked.about is None or asked.other is None or asked.about == asked.other:
        return []
    if not _are_alike(asked.about, asked.other):
        return []
    of: dict[Of, dict[str, Figure]] = defaultdict(dict)
    for one in figures(connection, at, [asked.about, asked.other]):
        of[one.of][one.about] = one
    both = [found for found in of.values() if len(found) > 1]
    return [(found[asked.about], found[asked.other]) for found in both]


def _row(one: Figure, other: Figure, names: Names) -> dict[str, Any]:
    return {
        **of_in_columns(one.of),
        **in_columns("one", one),
        **in_columns("other", other),
        "verdict": verdict(one, other),
        "one_name": names.party(one.about),
        "other_name": names.party(other.about),
        "one_party": one.about,
        "other_party": other.about,
        "events": [one.event, other.event],
    }


QUESTION = Question(
    name="compare",
    tells="""Show whether two schools, or two partnerships, really differ in what is published.

    They are told apart only where the bounds of their figures do not overlap, which is stricter
    than a test of difference. There is no league table: it takes two.
    """,
    asked=Asked,
    answer=compare,
    examples=("--about 900001 --with 900003", "--about estuary --with saltmarsh -o compare.html"),
)

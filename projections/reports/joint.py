"""What schools that agreed to it show together: figures of a partnership's members, pooled.

A figure is pooled only where every member consents to publish its measure jointly, and every one
of them has it for that time with bounds and pupils: else nothing is shown of anybody.
Schools weigh by their pupils, and bounds are pooled as those of figures independent of one another.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.store.base import EntryStore
from projections.reports.asking import Marked, Partnership, Question, in_words, titled, words
from projections.reports.base import Report, as_far_as_asked, heading
from projections.reports.columns import (
    EVENTS,
    LAST_POSITION,
    MARKS,
    MEMBERS,
    PARTNERSHIP,
    PARTNERSHIP_NAME,
    SAID_BY,
    Column,
    hidden,
)
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
)
from projections.reports.marks import explained
from projections.reports.names import Names
from projections.reports.resting import rested
from projections.reports.standing import among, memberships, standing
from projections.tables.views import Moment

if TYPE_CHECKING:
    from projections.pictures.base import Picture

COLUMNS = (
    PARTNERSHIP_NAME,
    MEASURE,
    FIGURE_BASIS,
    PERIOD,
    Column("consenting", "Consenting", "How many members consent to it, of how many."),
    Column(
        "pooled",
        "Pooled",
        "The figure of all members together, schools weighed by their pupils, with the bounds that"
        " follow from theirs.",
    ),
    Column("why_not", "Why not pooled", "What is lacking where no pooled figure is shown."),
    MARKS,
    *hidden(
        PARTNERSHIP,
        MEMBERS,
        Column("agreeing", "Members consenting", "How many of them consent.", "number"),
    ),
    *figure_columns("pooled", "Pooled", "of all members together"),
    *hidden(SAID_BY, EVENTS, LAST_POSITION),
)


_ZERO = Decimal()


class Asked(NamedTuple):
    """What is shown together: by one partnership, or by each; marked only."""

    partnership: Partnership = None
    marked: Marked = False


def joint(connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked) -> Report:
    """Return each measure that members consent to publish jointly, by partnership and time."""
    names = Names(connection, store, at)
    rows = list(_rows(connection, at, asked.partnership))
    rows = [row | {"partnership_name": names.party(row["partnership"])} for row in rows]
    rows = rested(connection, at, rows, marked=asked.marked)
    told = in_words(asked, names)
    return Report(
        name="joint",
        title=titled("What schools show together", told),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=as_far_as_asked("No member consents to publish anything jointly.", told),
        notes=explained(rows),
        asked=told,
        picture=_picture,
    )


def _picture(rows: Sequence[dict[str, Any]]) -> Picture | None:
    from projections.reports.joint_picture import picture  # noqa: PLC0415 - only if it is drawn

    return picture(rows)


def _rows(
    connection: sqlite3.Connection, at: Moment, partnership: str | None
) -> Iterator[dict[str, Any]]:
    within = among("partnership", None if partnership is None else [partnership])
    members: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for one in memberships(connection, at, *within):
        if one.covers(at.as_of):
            members[one.partnership][one.school] = one.events
    agreed: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in standing(connection, at, "consents", *within):
        if row["school"] in members[row["partnership"]]:
            agreed[row["partnership"], row["measure"]][row["school"]] = row["event"]
    schools = {school for group, _ in agreed for school in members[group]}
    published = _by_measure(figures(connection, at, schools))
    for (group, measure), consents in sorted(agreed.items()):
        told = _together_of(members[group], consents, published.get(measure, {}))
        yield from ({"partnership": group, "measure": words(measure)} | row for row in told)


def _together_of(
    members: Mapping[str, list[str]],
    consents: Mapping[str, str],
    published: Mapping[Of, Mapping[str, Figure]],
) -> Iterator[dict[str, Any]]:
    """Go through the times for which members have a figure of a measure; one row where none has."""
    rests_on = [*consents.values(), *(event for each in members.values() for event in each)]
    base = {
        "consenting": f"{len(consents)} of {len(members)}",
        "members": len(members),
        "agreeing": len(consents),
        "figure_basis": None,
        "period": None,
        **in_columns("pooled", None),
        "events": rests_on,
    }
    own = {
        of: [found[school] for school in members if school in found]
        for of, found in sorted(published.items())
    }
    own = {of: found for of, found in own.items() if found}
    if len(consents) < len(members):
        yield base | {"why_not": "not every member consents"}
    elif not own:
        yield base | {"why_not": "no figure is published"}
    else:
        yield from (base | _pooled(of, found, len(members), rests_on) for of, found in own.items())


def _pooled(
    of: Of, found: Sequence[Figure], members: int, rests_on: Sequence[str]
) -> dict[str, Any]:
    lacking = _lacking(found, members)
    return {
        **of_in_columns(of),
        **in_columns("pooled", None if lacking else pool(found)),
        "why_not": lacking,
        "events": [*rests_on, *(one.event for one in found)],
    }


def _by_measure(found: Sequence[Figure]) -> dict[str, dict[Of, dict[str, Figure]]]:
    """Return figures by their measure, then by what they are of, then by school."""
    by_measure: dict[str, dict[Of, dict[str, Figure]]] = defaultdict(lambda: defaultdict(dict))
    for one in found:
        by_measure[one.of.measure][one.of][one.about] = one
    return by_measure


def _lacking(found: Sequence[Figure], members: int) -> str:
    """Say what is lacking to pool figures; empty where nothing is."""
    if len(found) < members:
        return f"{members - len(found)} of {members} members have no figure"
    without = sum(one.cohort is None or one.lower is None for one in found)
    return f"{without} of {members} figures have no bounds or no pupils" if without else ""


def pool(found: Sequence[Figure]) -> Figure:
    """Return the figure of several together: they weigh by pupils, their bounds as independent."""
    pupils = sum(one.cohort or 0 for one in found)
    shares = [(Decimal(one.cohort or 0) / pupils, one) for one in found]
    value = sum((share * one.value for share, one in shares), _ZERO)
    below = _together(share * (one.value - one.ends[0]) for share, one in shares)
    above = _together(share * (one.ends[1] - one.value) for share, one in shares)
    places = max(one.places for one in found)
    return found[0]._replace(
        value=round(value, places),
        lower=round(value - below, places),
        upper=round(value + above, places),
        cohort=pupils,
    )


def _together(parts: Iterable[Decimal]) -> Decimal:
    """Return how far off independent parts are together."""
    return sum((part**2 for part in parts), _ZERO).sqrt()


QUESTION = Question(
    name="joint",
    tells="""Show what the members of a partnership show together, in measures all consent to.

    A figure is pooled only where every member consents and has it for that time, with bounds and
    pupils. Schools weigh by their pupils; bounds are pooled as those of independent figures.
    """,
    asked=Asked,
    answer=joint,
    examples=("", "--partnership estuary -o joint.html"),
)

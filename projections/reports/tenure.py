"""How schools stood before and under each head, and before and under each responsible body.

For each time in office, and under each body: the days that the school received, any category of
concern, and in each area of each framework the last grade before it and the latest within it, as a
moderator found it where it was challenged. A grade is what one judge found; of two, nothing is said
to be better here. Of a measure that is published, the last figure that tells only of before, and
the latest that tells only of the time, with whether their bounds tell them apart.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, get_args

from ledger.store.base import EntryStore
from projections.reports.asking import (
    About,
    Area,
    Marked,
    Question,
    in_words,
    known_area,
    titled,
    words,
)
from projections.reports.base import Report, as_far_as_asked, heading
from projections.reports.columns import (
    BASIS,
    EVENTS,
    LAST_POSITION,
    MARKS,
    SAID_BY,
    SCHOOL,
    SCHOOL_NAME,
    Column,
    hidden,
)
from projections.reports.figures import FIGURE_BASIS, Figure, figures, verdict
from projections.reports.in_category import InCategory, times_in_category
from projections.reports.marks import explained
from projections.reports.moderations import graded
from projections.reports.names import Names
from projections.reports.owes import amount
from projections.reports.resting import rested
from projections.reports.school_facts import received
from projections.reports.standing import ended_lines
from projections.reports.statements import said_by_types
from projections.tables.views import Moment

if TYPE_CHECKING:
    from projections.pictures.base import Picture

#: What the row about a time itself counts.
OF_ITSELF = "days of visits received"
COLUMNS = (
    Column(
        "area",
        "Area or measure",
        "The evaluation area of grades, or the measure of figures; of the row about the time"
        " itself, what that counts.",
    ),
    Column("before", "Last before", "The last grade or figure of before the time."),
    Column("latest", "Latest within", "The latest grade or figure of the time itself."),
    Column(
        "moved",
        "Distinguishable",
        "Whether two figures can be told apart by their bounds; of grades nothing is said.",
    ),
    Column(
        "days_received_within",
        "Days received within",
        "How many days of visits within the time the school confirmed, whatever they were for.",
        "amount",
    ),
    Column("category", "In category", "The latest category of concern within the time, if any."),
    Column(
        "category_from",
        "In since",
        "The day that published the first inspection to say so.",
        "date",
    ),
    Column(
        "category_to",
        "Out since",
        "The day that published an inspection which no longer says so, or of a new URN.",
        "date",
    ),
    MARKS,
    *hidden(
        SCHOOL_NAME,
        SCHOOL,
        Column("who_name", "Who", "The head, or the responsible body, by name."),
        Column(
            "first", "Time from", "The first day of the time; none where it is not known.", "date"
        ),
        Column("last", "Time to", "The last day of it; none while it lasts.", "date"),
        Column("role", "Role", "Whether it is a head or a responsible body."),
        BASIS,
        Column("who", "Who by reference", "The person or body.", "party"),
        Column("framework_title", "Framework by name", "By which framework grades were given."),
        FIGURE_BASIS,
        Column(
            "before_on", "Before: on", "The day of that inspection, or the figure's last.", "date"
        ),
        Column(
            "latest_on", "Latest: on", "The day of that inspection, or the figure's last.", "date"
        ),
        Column("before_by", "Before: judge", "Who gave the grade before.", "party"),
        Column("latest_by", "Latest: judge", "Who gave the latest grade.", "party"),
        SAID_BY,
        EVENTS,
        LAST_POSITION,
    ),
)


#: As everywhere, of those only who have such times: a partnership has none.
Whose = Annotated[str | None, get_args(About)[1]._replace(kinds=("school", "body", "person"))]


class Asked(NamedTuple):
    """Whose times: a school's, a person's as head, or a body's; of one area; marked only."""

    about: Whose = None
    area: Area = None
    marked: Marked = False


class Time(NamedTuple):
    """A head's time in office, or a school's under a body: days inclusive, None where open."""

    school: str
    role: str
    who: str
    basis: str | None
    first: str | None
    last: str | None
    events: tuple[str, ...]

    def covers(self, day: str) -> bool:
        """Whether a day lies within it."""
        return (self.first or "") <= day and (self.last is None or day <= self.last)


def tenure(connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked) -> Report:
    """Return each time of a head and of a responsible body, then its grades by area."""
    names = Names(connection, store, at)
    asked = asked._replace(area=known_area(connection, asked.area))
    of_one = asked.about if (asked.about or "").startswith("school:") else None
    judged = _Judged(connection, store, at, of_one)
    times = [one for one in _times(connection, at, asked.about) if _is_asked(one, asked)]
    rows = [row for one in times for row in _rows(connection, at, one, judged, asked)]
    rows = [row | _named(row, names) for row in rows]
    rows = rested(connection, at, rows, marked=asked.marked)
    said = in_words(asked, names)
    return Report(
        name="tenure",
        title=titled("How schools stood before and under heads and bodies", said),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=as_far_as_asked("No time of a head or body, and no grade, is recorded.", said),
        group="time",
        notes=explained(rows),
        asked=said,
        picture=partial(_picture, at.as_of),
    )


def _picture(as_of: str, rows: Sequence[dict[str, Any]]) -> Picture | None:
    from projections.reports.tenure_picture import picture  # noqa: PLC0415 - only if it is drawn

    return picture(as_of, rows)


def _is_asked(one: Time, asked: Asked) -> bool:
    return asked.about in (None, one.school, one.who)


# -- times ------------------------------------------------------------------------------------

_STANDING = """
    x.position <= :known AND coalesce(x.first, '') <= :as_of
    AND NOT EXISTS (SELECT 1 FROM withdrawals w WHERE w.event = e.event AND w.position <= :known)
"""
_HEADS = f"""
    SELECT substr(x.office, 6) AS school, x.person AS who, x.basis, x.first, x.last, e.event
    FROM tenures x JOIN entries e ON e.position = x.position
    WHERE {_STANDING} AND x.office >= 'head@' AND x.office < 'head@~'
      AND (:schools IS NULL OR substr(x.office, 6) IN (SELECT value FROM json_each(:schools)))
    ORDER BY x.first, x.position
"""  # noqa: S608 - constants
_BODIES = f"""
    SELECT x.school, x.body AS who, NULL AS basis, x.first, NULL AS last, e.event
    FROM bodies x JOIN entries e ON e.position = x.position
    WHERE {_STANDING}
      AND (:schools IS NULL OR x.school IN (SELECT value FROM json_each(:schools)))
    ORDER BY coalesce(x.first, ''), x.position
"""  # noqa: S608 - constants
_SCHOOLS_OF = """
    SELECT substr(office, 6) FROM tenures WHERE person = ?1 AND office LIKE 'head@%'
    UNION SELECT school FROM bodies WHERE body = ?1
"""


def _times(connection: sqlite3.Connection, at: Moment, about: str | None) -> list[Time]:
    """Return the times of heads and bodies of the schools in question, by school and first day."""
    schools = None if about is None else json.dumps(_schools(connection, about))
    asked = {"known": at.known_at, "as_of": at.as_of, "schools": schools}
    ends = ended_lines(connection, at)
    found: list[Time] = []
    for role, sql in (("head", _HEADS), ("responsible body", _BODIES)):
        by_school: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in connection.execute(sql, asked):
            by_school[row["school"]].append(dict(row))
        for school, rows in by_school.items():
            found += _in_turn(role, rows, ends.get(school, {}).get("last"))
    return sorted(found, key=lambda one: (one.school, one.role, one.first or ""))


def _schools(connection: sqlite3.Connection, about: str) -> list[str]:
    if about.startswith("school:"):
        return [about]
    return [row[0] for row in connection.execute(_SCHOOLS_OF, (about,))]


def _in_turn(role: str, rows: Sequence[dict[str, Any]], end: str | None) -> Iterator[Time]:
    """Go through the times that follow on one another: each ends with the next, or by itself."""
    begun = [row for row in rows if row["basis"] != "ended"]
    for row, then in zip_longest(begun, begun[1:]):
        ended = [one for one in rows if _ends_it(one, row)]
        lasts = [one["last"] for one in ended[:1]]
        lasts += [_day_before(then["first"])] if then else []
        lasts += [end] if end else []
        events = (row["event"], *(one["event"] for one in ended[:1]))
        if row["who"] is not None:
            last = min(lasts, default=None)
            yield Time(row["school"], role, row["who"], row["basis"], row["first"], last, events)


def _ends_it(ended: dict[str, Any], begun: dict[str, Any]) -> bool:
    own = ended["basis"] == "ended" and ended["who"] == begun["who"]
    return own and bool(ended["last"] >= begun["first"])


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


# -- what was judged --------------------------------------------------------------------------


class _Judged:
    """Grades of schools as they count at a moment, their categories, and figures."""

    def __init__(
        self, connection: sqlite3.Connection, store: EntryStore, at: Moment, school: str | None
    ) -> None:
        adopted = said_by_types(connection, store, at, ("FrameworkAdopted",))
        self.frameworks = {f"framework:{one.event}": one.data["title"] for one in adopted}
        self.in_category = times_in_category(connection, at, None if school is None else [school])
        self._graded: dict[str, list[dict[str, Any]]] = defaultdict(list)
        of_one = "" if school is None else "judged = :school"
        for row in graded(connection, at, of_one, school=school):
            if row["grade"] is not None:
                self._graded[row["judged"]].append(row)
        self._published: dict[str, list[Figure]] = defaultdict(list)
        for figure in figures(connection, at, None if school is None else [school]):
            self._published[figure.about].append(figure)

    def published(self, school: str) -> list[Figure]:
        """Return figures that were published, of each measure in the order of their times."""
        return sorted(self._published.get(school, ()), key=lambda one: one.of.period_to)

    def grades(self, school: str) -> dict[tuple[str, str], list[dict[str, Any]]]:
        """Return grades by framework and area, in the order of inspecting."""
        found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in self._in_order(school):
            found[row["framework"], row["area"]].append(row)
        return found

    def _in_order(self, school: str) -> list[dict[str, Any]]:
        rows = self._graded.get(school, [])
        return sorted(rows, key=lambda row: (row["inspected_on"], row["position"]))


# -- rows -------------------------------------------------------------------------------------


def _rows(
    connection: sqlite3.Connection, at: Moment, one: Time, judged: _Judged, asked: Asked
) -> Iterator[dict[str, Any]]:
    """Go through the row about a time itself, then one for each area that was judged."""
    of_time = {
        "school": one.school,
        "role": one.role,
        "who": one.who,
        "basis": one.basis,
        "first": one.first,
        "last": one.last,
    }
    if asked.area is None:
        yield of_time | _about_time(connection, at, one, judged)
    for (framework, area), grades in sorted(judged.grades(one.school).items()):
        found = _before_and_latest(one, grades)
        if asked.area in (None, area) and found["events"]:
            title = judged.frameworks.get(framework)
            yield of_time | {"framework_title": title, "area": words(area)} | found
    if asked.area is None:
        yield from (of_time | row for row in _measured(one, judged.published(one.school)))


def _measured(one: Time, published: Sequence[Figure]) -> Iterator[dict[str, Any]]:
    """Go through the measures of which a figure tells only of before a time, or only of it."""
    by_measure: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for figure in published:
        by_measure[figure.of.measure, figure.of.basis].append(figure)
    for (measure, basis), found in sorted(by_measure.items()):
        before = [each for each in found if each.of.period_to < (one.first or "")]
        within = [each for each in found if _tells_of(one, each)]
        last, latest = next(reversed(before), None), next(reversed(within), None)
        if last or latest:
            yield {
                "area": words(measure),
                "figure_basis": basis,
                **_figure("before", last),
                **_figure("latest", latest),
                "moved": verdict(last, latest) if last and latest else None,
                "events": [each.event for each in (last, latest) if each],
            }


def _tells_of(one: Time, figure: Figure) -> bool:
    """Whether a figure tells of nothing but a time."""
    return one.covers(figure.of.period_from) and one.covers(figure.of.period_to)


def _figure(name: str, figure: Figure | None) -> dict[str, Any]:
    return {
        name: figure and str(figure),
        f"{name}_on": figure and figure.of.period_to,
        f"{name}_by": None,
    }


def _about_time(
    connection: sqlite3.Connection, at: Moment, one: Time, judged: _Judged
) -> dict[str, Any]:
    after = _day_before(one.first) if one.first else ""
    got = received(connection, at, [one.school], after, one.last).get(one.school)
    within = [each for each in judged.in_category.get(one.school, ()) if _overlap(one, each)]
    latest = within[-1] if within else None
    return {
        "area": OF_ITSELF,
        "days_received_within": amount(got.days if got else 0, "day"),
        "category": latest and words(latest.category),
        "category_from": latest and latest.first,
        "category_to": latest and latest.out,
        "events": [*one.events, *(got.events if got else ()), *(latest.events if latest else ())],
    }


def _overlap(one: Time, each: InCategory) -> bool:
    ended_before = each.out is not None and each.out <= (one.first or "")
    return not ended_before and (one.last is None or each.first <= one.last)


def _before_and_latest(one: Time, grades: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the last grade before a time and the latest within it, as far as there are any."""
    latest_first = grades[::-1]
    before = next((row for row in latest_first if row["inspected_on"] < (one.first or "")), None)
    latest = next((row for row in latest_first if one.covers(row["inspected_on"])), None)
    return {
        **_grade("before", before),
        **_grade("latest", latest),
        "events": [event for row in (before, latest) if row for event in _cited(row)],
    }


def _cited(row: dict[str, Any]) -> list[str]:
    """Return the events that tell a grade: the judgement, and what was found of it."""
    found = row["found"]
    return [row["event"], *([found.event] if found else ())]


def _grade(name: str, row: dict[str, Any] | None) -> dict[str, Any]:
    """Return a grade with the day that it is of, and who gave it; nothing where there is none."""
    return {
        name: row and words(row["grade"]),
        f"{name}_on": row and row["inspected_on"],
        f"{name}_by": row and row["judge"],
    }


def _named(row: dict[str, Any], names: Names) -> dict[str, Any]:
    who, school = names.party(row["who"]), names.party(row["school"])
    basis = f" ({row['basis']})" if row["basis"] else ""
    since = f" from {row['first']}" if row["first"] else ""
    until = f" to {row['last']}" if row["last"] else ""
    return {
        "who_name": who,
        "school_name": school,
        "time": f"{school}, {row['role']} {who}{basis}{since}{until}",
    }


QUESTION = Question(
    name="tenure",
    tells="Show how schools stood before and under each head and responsible body.",
    asked=Asked,
    answer=tenure,
    examples=("--about 900003", "--about harbour-trust", "--area inclusion --as-of 2025-12-31"),
    of_part="about",
)

"""Who owes what to whom, what is overdue, and why: each figure cites its events."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.store.base import EntryStore
from projections.reports.base import Report, as_far_as_asked, heading
from projections.reports.columns import (
    ABOUT,
    CHANGED_AT,
    CLAIMED,
    CLAIMED_ON,
    CREDITOR,
    CREDITOR_NAME,
    DAYS_OVERDUE,
    DEBTOR,
    DEBTOR_NAME,
    DUE_ON,
    EVENTS,
    GIVEN_BEYOND,
    GROUND,
    KIND,
    KIND_TITLE,
    LAST_POSITION,
    LEFT,
    MARKS,
    MUST_ACT,
    OBLIGATION,
    OPENED,
    OPENED_BY,
    OVERDUE,
    SAID_BY,
    SINCE,
    UNIT,
    hidden,
)
from projections.reports.grounds import grounds_of
from projections.reports.marks import MarksOfSeveral, explained, left_with_former_body
from projections.reports.names import Names, counted, counted_of, in_words, names_of
from projections.reports.part import asked_of
from projections.reports.said_by import SaidBy
from projections.tables.layouts import LAST_DUE_ON
from projections.tables.views import Moment

if TYPE_CHECKING:
    from projections.pictures.base import Picture

COLUMNS = (
    DEBTOR_NAME,
    CREDITOR_NAME,
    KIND_TITLE,
    ABOUT,
    LEFT,
    UNIT,
    DUE_ON,
    OVERDUE,
    MARKS,
    *hidden(
        *(SAID_BY, OBLIGATION, KIND, GROUND, DEBTOR, CREDITOR, OPENED, GIVEN_BEYOND, SINCE),
        *(DAYS_OVERDUE, CLAIMED, CLAIMED_ON, MUST_ACT),
        *(OPENED_BY, EVENTS, LAST_POSITION, CHANGED_AT),
    ),
)

#: So many rows are looked up together at first, and at most.
_FIRST, _MOST = 500, 2_000
#: So many postings are summed together at most, but for those of one day.
_MOST_SUMMED = 8_000
_HUNDRED = 100
_PLACES = {"day": "0.1", "visit": "1", "item": "1", "GBP": "0.01"}


class Asked(NamedTuple):
    """What to list: all obligations, or those of parties, kinds, overdue; settled ones too."""

    by: str | None = None
    to: str | None = None
    about: str | None = None
    kind: str | None = None
    overdue: bool = False
    settled: bool = False


def owes(connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked) -> Report:
    """Return who owes what to whom at a moment, what is due first listed first."""
    kinds, naming = titles(connection), Names(connection, store, at)
    whose = asked_of(connection, naming, asked.by, asked.to, asked.about)
    if whose is not None and asked.by is None and asked.to is None:
        asked = asked._replace(about=whose)
    notes: list[str] = []
    return Report(
        name="owes",
        title="Who owes what to whom",
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=_told(connection, store, at, asked, notes),
        empty=as_far_as_asked(
            "Nothing is overdue." if asked.overdue else "Nothing is owed.",
            _words(asked._replace(overdue=False, settled=False), naming, kinds),
        ),
        notes=notes,
        asked=_words(asked, naming, kinds),
        picture=_picture,
    )


def _told(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked, notes: list[str]
) -> Iterator[dict[str, Any]]:
    """Yield the rows as they are looked up, the first of them soon, and then note what they say."""
    kinds, marks = titles(connection), MarksOfSeveral(connection, at)
    marked: set[str] = set()
    narrowed = asked.by or asked.to or asked.about
    found = balances(connection, at, asked) if narrowed else _by_due_day(connection, at, asked)
    rows = (_row(row, at, kinds) for row in found)
    many = _FIRST
    while some := list(islice(rows, many)):
        _look_up(connection, store, at, some, marks)
        marked.update(row["marks"] for row in some)
        yield from some
        # What several share is looked up once for all that are looked up together.
        many = min(2 * many, _MOST)
    notes += explained({"marks": one} for one in marked)
    # Of all parties together there is no end of what begins later.
    notes += _to_come(connection, at, asked, kinds) if narrowed else []


def _look_up(
    connection: sqlite3.Connection,
    store: EntryStore,
    at: Moment,
    rows: list[dict[str, Any]],
    marks: MarksOfSeveral,
) -> None:
    """Add to rows what stands elsewhere: names, what each is about, who said so, and marks."""
    parties = [row["debtor"] for row in rows] + [row["creditor"] for row in rows]
    names = names_of(connection, parties, at)
    about = openings(connection, (row["opened_by"] for row in rows))
    cited = {event for row in rows for event in row["events"]}
    marks.look_up(cited)
    said = SaidBy(connection, at, cited)
    left = left_with_former_body(connection, store, at, rows)
    ground = grounds_of(connection, store, at, rows)
    changed_at = _recorded_at(connection, (row["events"][-1] for row in rows))
    for row in rows:
        row["debtor_name"] = names[row["debtor"]]
        row["creditor_name"] = names[row["creditor"]]
        row["must_act_name"] = names.get(row.pop("must_act"))
        row["said_by"] = said.of(row["events"])
        row["about"] = about.get(row["opened_by"], "")
        row["ground"] = ground(row)
        row["changed_at"] = changed_at[row["events"][-1]]
        own = "left with former body" if row["obligation"] in left else ""
        row["marks"] = ", ".join(filter(None, (marks.of(row["events"]), own)))


def _picture(rows: Sequence[dict[str, Any]]) -> Picture:
    from projections.reports.owes_picture import picture  # noqa: PLC0415 - only where it is drawn

    return picture(rows)


def _words(asked: Asked, names: Names, kinds: dict[str, str]) -> str:
    """Return in words what is asked for."""
    said = [
        asked.by and f"what {names.party(asked.by)} owes",
        asked.to and f"what {names.party(asked.to)} is owed",
        asked.about and f"what {names.party(asked.about)} owes and is owed",
        asked.kind and f"only {kinds.get(asked.kind, asked.kind)}",
        asked.overdue and "only what is overdue",
        asked.settled and "what is settled too",
    ]
    return ", ".join(word for word in said if word)


#: Claims of an obligation whose answer is owed still: each is `c`.
_WAITING = """
    FROM claims c
    WHERE c.obligation = owed.obligation AND c.position <= :known AND c.first <= :as_of
      AND (SELECT sum(p.amount) FROM postings p WHERE p.obligation = c.answer
           AND p.position <= :known AND p.effective_on <= :as_of) > 0
"""
_CLAIMED = f"""ifnull((
    SELECT sum(most) FROM (SELECT max(c.amount) AS most {_WAITING} GROUP BY c.per)
), 0)"""  # noqa: S608 - a condition of our own
_CLAIMED_ON = f"(SELECT min(c.first) {_WAITING})"


#: What was settled before another took a party's place stays that party's.
_ITS_OWN = "max(reason <> 'moved' OR amount <> 0)"


def _by_due_day(
    connection: sqlite3.Connection, at: Moment, asked: Asked
) -> Iterator[dict[str, Any]]:
    """Return all balances as `balances` does, each few days' when those before were taken.

    So the first row waits for no other, and no more is kept than falls due within those days.
    """
    for first, last in _spans(connection):
        if asked.overdue and first >= at.as_of:
            return
        yield from balances(
            connection, at, asked, _Due(_DUE_WITHIN, {"first": first, "last": last})
        )
    if not asked.overdue:
        yield from balances(connection, at, asked, _Due(_UNDATED, {}))


def _spans(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Go through stretches of days on which so many postings say that something falls due."""
    sql = """
        SELECT due_on, count(*) FROM postings WHERE due_on IS NOT NULL GROUP BY due_on
        ORDER BY due_on
    """
    days: list[str] = []
    several, enough = 0, _FIRST
    for day, number in connection.execute(sql).fetchall():
        days.append(day)
        several += number
        if several >= enough:
            yield days[0], days[-1]
            # What comes later is waited for less.
            days, several, enough = [], 0, min(2 * enough, _MOST_SUMMED)
    if days:
        yield days[0], days[-1]


class _Due(NamedTuple):
    """Which obligations, by when they fall due, as conditions on postings and on their sums."""

    conditions: tuple[str, str]
    parameters: dict[str, Any]


_DUE_WITHIN = (
    "AND obligation IN (SELECT obligation FROM postings WHERE due_on BETWEEN :first AND :last)",
    f"AND {LAST_DUE_ON} BETWEEN :first AND :last",
)
_UNDATED = (
    """AND obligation IN (
        SELECT obligation FROM postings WHERE position <= :known AND effective_on <= :as_of
        GROUP BY obligation, debtor, creditor HAVING max(due_on) IS NULL)""",
    f"AND {LAST_DUE_ON} IS NULL",
)
_ANY_DAY = _Due(("", ""), {})


def balances(
    connection: sqlite3.Connection, at: Moment, asked: Asked, due: _Due = _ANY_DAY
) -> Iterator[dict[str, Any]]:
    """Return what stands under obligations at a moment, in hundredths of a unit, with events."""
    where, parameters = _where(asked)
    within, among = due.conditions
    sql = f"""
        SELECT obligation, kind, debtor, creditor, unit, {_CLAIMED} AS claimed,
               {_CLAIMED_ON} AS claimed_on,
               sum(amount) AS outstanding, sum(beyond) AS beyond,
               sum(CASE WHEN reason IN ('opened', 'moved') THEN amount ELSE 0 END) AS opened,
               {LAST_DUE_ON} AS due_on, min(effective_on) AS since,
               json_group_array(event) AS events, max(position) AS position
        FROM (SELECT * FROM postings WHERE position <= :known AND effective_on <= :as_of
              {where} {within} ORDER BY position) AS owed
        GROUP BY obligation, debtor, creditor
        HAVING (outstanding <> 0 OR (:settled AND {_ITS_OWN}))
           AND (NOT :overdue OR ({LAST_DUE_ON} < :as_of AND outstanding > claimed)) {among}
        ORDER BY {LAST_DUE_ON} IS NULL, {LAST_DUE_ON}, debtor, obligation
    """  # noqa: S608 - `where` is made of constants
    parameters |= due.parameters | {
        "known": at.known_at,
        "as_of": at.as_of,
        "settled": asked.settled,
        "overdue": asked.overdue,
    }
    for row in connection.execute(sql, parameters):
        yield dict(row)


def titles(connection: sqlite3.Connection) -> dict[str, str]:
    """Return what each kind of obligation is called on screen."""
    return dict(connection.execute("SELECT kind, title FROM kinds").fetchall())


def openings(connection: sqlite3.Connection, events: Iterable[str]) -> dict[str, str]:
    """Return what each event was that opened an obligation, with its day: `visit of 2024-12-04`."""
    sql = """
        SELECT e.event, e.type, e.creates, e.occurred_on
        FROM json_each(?) asked JOIN entries e ON e.event = asked.value
    """
    asked = json.dumps(sorted(set(events)))
    return {
        row["event"]: f"{_called(row['creates'] or in_words(row['type']))} of {row['occurred_on']}"
        for row in connection.execute(sql, (asked,))
    }


def _called(thing: str) -> str:
    return thing.replace("_", " ")


#: What is owed from a later day on, of what is counted; an item follows on what happens till then.
_TO_COME = """
    SELECT debtor, creditor, kind, unit, effective_on, sum(amount) AS amount FROM postings p
    WHERE position <= :known AND effective_on > :as_of AND unit <> 'item' {}
      AND (SELECT occurred_on FROM entries e WHERE e.position = p.position) <= :as_of
    GROUP BY effective_on, debtor, creditor, kind
    HAVING sum(CASE WHEN reason = 'opened' THEN amount ELSE 0 END) > 0 AND sum(amount) > 0
    ORDER BY effective_on, debtor, creditor, kind LIMIT :most
"""
_MOST_TO_COME = 20


def _to_come(
    connection: sqlite3.Connection, at: Moment, asked: Asked, kinds: dict[str, str]
) -> list[str]:
    """Say what these parties will owe, or be owed, from a later day on, by what was said by now."""
    where, parameters = _where(asked)
    when = {"known": at.known_at, "as_of": at.as_of, "most": _MOST_TO_COME}
    rows = connection.execute(_TO_COME.format(where), parameters | when).fetchall()
    names = names_of(connection, [row[side] for row in rows for side in ("debtor", "creditor")], at)

    def owed(row: sqlite3.Row) -> str:
        many = counted(amount(row["amount"], row["unit"]), row["unit"])
        return counted_of(many, kinds[row["kind"]])

    return [
        f"From {row['effective_on']}: {names[row['debtor']]} will owe {names[row['creditor']]}"
        f" {owed(row)}."
        for row in rows
    ]


def _recorded_at(connection: sqlite3.Connection, events: Iterable[str]) -> dict[str, str]:
    """Return when each of these events was recorded."""
    sql = """
        SELECT e.event, e.recorded_at
        FROM json_each(?) asked JOIN entries e ON e.event = asked.value
    """
    asked = json.dumps(sorted(set(events)))
    return {row["event"]: row["recorded_at"] for row in connection.execute(sql, (asked,))}


def _where(asked: Asked) -> tuple[str, dict[str, Any]]:
    """Return the conditions that narrow the postings, each served by an index."""
    clauses, parameters = [], {}
    for name, value in (("debtor", asked.by), ("creditor", asked.to), ("kind", asked.kind)):
        if value is not None:
            clauses.append(f"AND {name} = :{name}")
            parameters[name] = value
    if asked.about is not None:
        clauses.append(
            "AND obligation IN (SELECT obligation FROM postings WHERE debtor = :about"
            " UNION SELECT obligation FROM postings WHERE creditor = :about)"
        )
        parameters["about"] = asked.about
    return " ".join(clauses), parameters


def _row(row: dict[str, Any], at: Moment, kinds: dict[str, str]) -> dict[str, Any]:
    unit = row["unit"]
    claimed = min(row["claimed"], row["outstanding"])
    overdue = is_overdue(row, at)
    return {
        "obligation": row["obligation"],
        "kind": row["kind"],
        "kind_title": kinds[row["kind"]],
        "debtor": row["debtor"],
        "creditor": row["creditor"],
        "outstanding": amount(row["outstanding"], unit),
        "unit": unit,
        "due_on": row["due_on"],
        "overdue": overdue,
        "days_overdue": _days(row["due_on"], at.as_of) if overdue else None,
        "must_act": _must_act(row),
        "claimed": amount(claimed, unit),
        "claimed_on": row["claimed_on"] if claimed > 0 else None,
        "opened": amount(row["opened"], unit),
        "given_beyond": amount(row["beyond"], unit),
        "since": row["since"],
        "opened_by": row["obligation"][:36],
        "events": _events(row["events"]),
        "position": row["position"],
    }


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def _must_act(row: Mapping[str, Any]) -> str | None:
    """Return who is waited for: who owes it or, where all of it is claimed, who is to answer."""
    if row["outstanding"] <= 0:
        return None
    is_claimed = row["claimed"] >= row["outstanding"]
    return str(row["creditor" if is_claimed else "debtor"])


def is_overdue(row: Mapping[str, Any], at: Moment) -> bool:
    """Whether something is left of what was due before the day that is asked for.

    What is claimed done is not, until the answer is no: the answer is overdue in its place.
    """
    left = row["outstanding"] - row["claimed"]
    return bool(row["due_on"] and row["due_on"] < at.as_of and left > 0)


def _events(array: str) -> list[str]:
    return list(dict.fromkeys(json.loads(array)))


def amount(hundredths: int, unit: str) -> str:
    """Return whole hundredths of a unit as that unit is written: 5.0 days, 2 visits."""
    return str((Decimal(hundredths) / _HUNDRED).quantize(Decimal(_PLACES.get(unit, "0.01"))))

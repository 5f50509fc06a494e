"""What stood at a moment of what passed between parties: known by then, and not withdrawn."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from projections.tables.views import Moment

#: What was chosen, as a condition names it.
LISTED = "(SELECT value FROM json_each(:chosen))"
_GROUPS = frozenset({"trust", "federation"})
#: Why a membership ends that was only to begin.
_GONE = frozenset({"dissolved", "merged"})


def standing(
    connection: sqlite3.Connection,
    at: Moment,
    table: str,
    where: str = "",
    chosen: str = "[]",
    **asked: Any,
) -> list[dict[str, Any]]:
    """Return the rows of a table of dealings that stood at a moment, in the order of recording.

    `where` narrows them: by what is `chosen`, a list in JSON, and by parameters that are named.
    """
    narrowed = where and f"AND ({where})"
    sql = f"""
        SELECT x.* FROM {table} x
        WHERE x.position <= :known AND x.first <= :as_of {narrowed}
          AND NOT EXISTS (SELECT 1 FROM disregarded d WHERE d.event = x.event
                          AND d.position <= :known AND d.first <= :as_of)
        ORDER BY x.position, x.rowid
    """  # noqa: S608 - names and conditions of our own
    parameters = {"known": at.known_at, "as_of": at.as_of, "chosen": chosen, **asked}
    return [dict(row) for row in connection.execute(sql, parameters)]


def confirmed(
    connection: sqlite3.Connection, at: Moment, where: str = "", chosen: str = "[]"
) -> list[dict[str, Any]]:
    """Return what was confirmed of visits that stood at a moment, in the order of recording."""
    sql = """NOT EXISTS (SELECT 1 FROM disregarded d WHERE d.event = x.visit
                        AND d.position <= :known AND d.first <= :as_of)"""
    return standing(connection, at, "confirmed", f"{sql} AND ({where or 1})", chosen)


def in_order(connection: sqlite3.Connection, events: Iterable[str]) -> dict[str, int]:
    """Return the positions of events, in the order of recording."""
    sql = """
        SELECT e.event, e.position FROM json_each(?) a JOIN entries e ON e.event = a.value
        ORDER BY e.position
    """
    return dict(connection.execute(sql, (json.dumps(sorted(set(events))),)).fetchall())


def rest_on(connection: sqlite3.Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Put the events of rows in the order of recording, and say where the latest stands."""
    places = in_order(connection, (event for row in rows for event in row["events"]))
    for row in rows:
        row["events"] = sorted(dict.fromkeys(row["events"]), key=places.__getitem__)
        row["position"] = places[row["events"][-1]] if row["events"] else None


class Within(NamedTuple):
    """A condition that narrows rows, and its parameter."""

    where: str
    chosen: str


def among(column: str, chosen: Iterable[str] | None) -> Within:
    """Return the condition that a column holds one of the values chosen; none where all are."""
    if chosen is None:
        return Within("", "[]")
    return Within(f"{column} IN {LISTED}", json.dumps(sorted(chosen)))


def agreements(
    connection: sqlite3.Connection, at: Moment, where: str = "", chosen: str = "[]"
) -> list[dict[str, Any]]:
    """Return the agreements that stood at a moment, by the last day that they have by then.

    Of each also until when it is paused, how it is `over` and since when, and by which events.
    """
    rows = standing(connection, at, "agreements", where, chosen)
    found = {row["event"]: row | {"paused_until": None, "over": None, "by": []} for row in rows}
    for one in standing(connection, at, "courses", *among("agreement", found)):
        row = found[one["agreement"]]
        row["by"].append(one["event"])
        for name in ("ends", "paused_until", "over"):
            row[name] = one[name] or row[name]
        if one["over"]:
            row["ends"] = min(row["ends"], one["first"])
    return list(found.values())


def going_on(connection: sqlite3.Connection, at: Moment) -> list[dict[str, Any]]:
    """Return the agreements that go on at a moment: not over, and their last day not past."""
    rows = agreements(connection, at)
    return [row for row in rows if row["over"] is None and row["ends"] >= at.as_of]


def declared(
    connection: sqlite3.Connection, at: Moment, where: str = "", chosen: str = "[]"
) -> list[dict[str, Any]]:
    """Return what providers had declared that they could give, without what was replaced."""
    rows = standing(connection, at, "capacities", where, chosen)
    replaced = {row["replaces"] for row in rows}
    return [row for row in rows if row["event"] not in replaced]


def open_offers(
    connection: sqlite3.Connection, at: Moment, where: str = "", chosen: str = "[]"
) -> list[dict[str, Any]]:
    """Return the offers that were open at a moment: not taken up, nor closed, nor lapsed."""
    gone = {row["offer"] for row in standing(connection, at, "agreements")}
    gone |= {row["offer"] for row in standing(connection, at, "closings")}
    rows = standing(connection, at, "offers", where, chosen)
    return [row for row in rows if row["event"] not in gone and row["valid_until"] >= at.as_of]


@dataclass
class Membership:
    """A school's time in a partnership: days inclusive, last None while it goes on."""

    school: str
    partnership: str
    first: str
    last: str | None
    events: list[str]
    #: Why it ended: declined, left, excluded, dissolved or merged.
    why: str | None = None

    def covers(self, day: str) -> bool:
        """Whether the school belonged to the partnership on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


def memberships(
    connection: sqlite3.Connection,
    at: Moment,
    where: str = "",
    chosen: str = "[]",
    **asked: Any,
) -> list[Membership]:
    """Return every membership that had begun by a moment, in the order of admission.

    Where a school says when it will leave, that is known from the day after its last.
    """
    begun = standing(connection, at, "admissions", where, chosen, **asked)
    ended = standing(connection, at, "departures", where, chosen, **asked)
    found: list[Membership] = []
    times: dict[tuple[str, str], list[Membership]] = defaultdict(list)
    # A merger ends a membership and begins another of the same school: in this order.
    for row in sorted([*ended, *begun], key=lambda row: int(row["position"])):
        sides = row["school"], row["partnership"]
        if "last" in row:
            _end(times[sides], row)
            continue
        within = next((one for one in times[sides] if one.covers(row["first"])), None)
        if within is not None:
            within.events.append(row["event"])  # a merger into a member begins none
            continue
        found.append(Membership(*sides, row["first"], None, [row["event"]]))
        times[sides].append(found[-1])
    return found


def _end(memberships: Iterable[Membership], row: dict[str, Any]) -> None:
    for member in memberships:
        if _is_ended(member, row):
            member.last, member.why = row["last"], row["why"]
            member.events.append(row["event"])


def _is_ended(member: Membership, row: dict[str, Any]) -> bool:
    """Whether a membership is one that ends: begun by then, unless that is gone which it was of."""
    goes_on = member.last is None or row["last"] < member.last
    return goes_on and (row["why"] in _GONE or member.first <= row["last"])


def ended_lines(connection: sqlite3.Connection, at: Moment) -> dict[str, dict[str, Any]]:
    """Return who had ended by a moment: schools that closed or went on, partnerships dissolved."""
    return {row["party"]: row for row in standing(connection, at, "closures")}


def in_its_place(ended: Mapping[str, Mapping[str, Any]], party: str) -> str:
    """Return who stands in the place of a party that ended: itself if what it owes went nowhere.

    `ended` is as `ended_lines` tells; whoever is returned may have ended too.
    """
    looked = {party}
    while party in ended and ended[party]["along"] and ended[party]["goes_on"] not in looked:
        party = ended[party]["goes_on"]
        looked.add(party)
    return party


def contingencies(connection: sqlite3.Connection, at: Moment, *within: str) -> dict[str, Any]:
    """Return, by partnership, whom the version in force names to take over, and who agreed.

    Each row says besides which of them `agreed`, by that version.
    """
    rows: dict[str, dict[str, Any]] = {}
    for row in standing(connection, at, "contingencies", *within):
        known = rows.get(row["partnership"])
        if known is None or row["version"] >= known["version"]:
            rows[row["partnership"]] = {**row, "agreed": set(), "agreements": []}
    for row in standing(connection, at, "stand_ins", *within):
        named = rows.get(row["partnership"])
        if named is not None and named["version"] == row["version"]:
            named["agreed"].add(row["party"])
            named["agreements"].append(row["event"])
    return rows


class _Area(NamedTuple):
    """The area that a school comes into on a day, and its region where that is told with it."""

    first: str
    la: str
    region: str | None


def _told_of(
    connection: sqlite3.Connection, at: Moment, table: str, schools: Iterable[str] | None
) -> sqlite3.Cursor:
    """Go through what a register tells of schools, by the day from which it holds."""
    where, chosen = among("school", schools)
    sql = f"""
        SELECT * FROM {table} WHERE position <= :known {where and f"AND {where}"}
        ORDER BY coalesce(first, ''), position
    """  # noqa: S608 - names of our own
    return connection.execute(sql, {"known": at.known_at, "chosen": chosen})


class Bodies:
    """Under which body, in whose area and in which region schools were on a day, as then known."""

    def __init__(
        self, connection: sqlite3.Connection, at: Moment, schools: Iterable[str] | None = None
    ) -> None:
        """Read what is told of these schools; of every one where none are named."""
        self._rows: dict[str, list[sqlite3.Row]] = {}
        for row in _told_of(connection, at, "bodies", schools):
            self._rows.setdefault(row["school"], []).append(row)
        self._areas: dict[str, list[_Area]] = {}
        for row in _told_of(connection, at, "areas", schools):
            area = _Area(row["first"] or "", row["la"], row["region"])
            self._areas.setdefault(row["school"], []).append(area)
        self._as_of = at.as_of
        sql = "SELECT * FROM registered WHERE position <= ? AND party BETWEEN 'body:' AND 'body;'"
        registered = connection.execute(sql, (at.known_at,)).fetchall()
        self._kinds = {row["party"]: row["kind"] for row in registered}
        self._regions = {row["party"]: row["region"] for row in registered}

    def responsible(self, school: str, day: str) -> str | None:
        """Return the body responsible for a school on a day; None where no register tells."""
        begun = [row["body"] for row in self._rows.get(school, ()) if (row["first"] or "") <= day]
        return begun[-1] if begun else None

    def authority(self, school: str) -> str | None:
        """Return the local authority in whose area a school is on the day asked for."""
        area = self._area(school)
        return area.la if area else None

    def region(self, school: str) -> str | None:
        """Return the region that a school is in on the day asked for: its own, else its area's."""
        area = self._area(school)
        return (area.region or self._regions.get(area.la)) if area else None

    def is_in(self, school: str, authority: str | None, region: str | None) -> bool:
        """Whether a school is in an authority's area, and in a region, that day; any for None."""
        return authority in (None, self.authority(school)) and region in (
            None,
            self.region(school),
        )

    def _area(self, school: str) -> _Area | None:
        begun = [area for area in self._areas.get(school, ()) if area.first <= self._as_of]
        return begun[-1] if begun else None

    def group(self, school: str, day: str) -> str | None:
        """Return the trust or federation of a school on a day: an authority is no group."""
        body = self.responsible(school, day)
        return body if body and self._kinds.get(body) in _GROUPS else None


#: The office in which a party itself speaks.
OWN_ROLE = {"school": "head", "body": "officer", "partnership": "chair"}


class Vacant(NamedTuple):
    """An office that nobody holds: the last day on which somebody did, and the event that says so.

    Both are None where nobody ever held it.
    """

    office: str
    last: str | None
    event: str | None


class Offices:
    """Which parties have nobody who speaks for them on a day, as known at a moment."""

    def __init__(self, connection: sqlite3.Connection, at: Moment) -> None:
        """Read who held the offices in which parties speak."""
        self._at = at
        self._shared = {row[0] for row in connection.execute("SELECT role FROM shared_roles")}
        self._terms: dict[str, list[sqlite3.Row]] = {}
        sql = """
            SELECT t.*, e.event FROM tenures t JOIN entries e ON e.position = t.position
            WHERE t.position <= ? ORDER BY t.first, t.position
        """
        for row in connection.execute(sql, (at.known_at,)):
            self._terms.setdefault(row["office"], []).append(row)

    def vacant(self, party: str) -> Vacant | None:
        """Return the office of a party if nobody holds it; None if somebody does."""
        office = f"{OWN_ROLE[party.partition(':')[0]]}@{party}"
        terms = self._latest(office)
        if not terms:
            return Vacant(office, None, None)
        over = [ended for _, ended in terms if ended is not None]
        if len(over) < len(terms):
            return None
        last = max(over, key=lambda row: (row["last"], row["position"]))
        return Vacant(office, last["last"], last["event"])

    def holders(self, office: str) -> list[sqlite3.Row]:
        """Return the terms of those who hold an office."""
        return [term for term, ended in self._latest(office) if ended is None]

    def _latest(self, office: str) -> list[tuple[sqlite3.Row, sqlite3.Row | None]]:
        """Return the terms that count, each with its end if it is over.

        Of an office that one holds at a time, the latest appointed holds it.
        """
        told = self._terms.get(office, [])
        ends: dict[str, sqlite3.Row] = {}
        for row in sorted(told, key=lambda row: int(row["position"])):
            if row["basis"] == "ended":
                ends[row["person"]] = row
        begun = [row for row in told if row["basis"] != "ended" and row["first"] <= self._at.as_of]
        counting = begun if office.partition("@")[0] in self._shared else begun[-1:]
        return [(row, self._over(row, ends.get(row["person"]))) for row in counting]

    def _over(self, held: sqlite3.Row, ended: sqlite3.Row | None) -> sqlite3.Row | None:
        is_over = ended is not None and held["first"] <= ended["last"] < self._at.as_of
        return ended if is_over else None

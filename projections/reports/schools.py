"""Schools that are helped or in trouble: by whom, at what stage, and what falls due next."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, NamedTuple

from ledger.store.base import EntryStore
from projections.reports.asking import (
    AboutSchool,
    Body,
    La,
    Marked,
    Overdue,
    Partnership,
    Provider,
    Question,
    Region,
    in_words,
    titled,
    words,
)
from projections.reports.base import Report, as_far_as_asked, heading
from projections.reports.columns import (
    AUTHORITY,
    BODY,
    CATEGORY,
    EVENTS,
    LAST_POSITION,
    MARKS,
    NEEDS,
    PHASE,
    REGION,
    SAID_BY,
    SCHOOL,
    SCHOOL_NAME,
    Column,
    hidden,
)
from projections.reports.in_category import InCategory, now_in_category
from projections.reports.marks import explained
from projections.reports.names import Names
from projections.reports.owes import Asked as WhatIsOwed
from projections.reports.owes import balances, is_overdue
from projections.reports.resting import rested
from projections.reports.school_facts import School, in_words_of, needs, schools
from projections.reports.standing import (
    Offices,
    agreements,
    among,
    confirmed,
    ended_lines,
    in_its_place,
    memberships,
    open_offers,
    rest_on,
    standing,
)
from projections.tables.views import Moment

STAGES = ("trigger", "matching", "agreed", "under way", "paused", "ended", "")
"""From trouble that nobody has taken up, to none that is told; rows are in this order."""

COLUMNS = (
    SCHOOL_NAME,
    PHASE,
    AUTHORITY,
    REGION,
    BODY,
    Column("adviser_name", "Adviser", "Who holds the office of adviser at the school then."),
    Column(
        "stage",
        "Stage",
        "Trigger, matching, agreed, under way, paused or ended: how far help has come; empty"
        " where nothing calls for any.",
    ),
    Column("stage_since", "Since", "The day from which it is at that stage.", "date"),
    Column("provider_name", "Supporting organisation", "Who offered, agreed to give, or gave it."),
    CATEGORY,
    NEEDS,
    Column(
        "next_due_on",
        "Next due",
        "The next day on which something falls due that it owes or is owed.",
        "date",
    ),
    Column(
        "overdue_items",
        "Overdue",
        "How many of the obligations that it owes are overdue.",
        "number",
        summed="obligation",
    ),
    Column(
        "overdue_to_it",
        "Overdue to it",
        "How many of the obligations that it is owed are overdue.",
        "number",
        summed="obligation",
    ),
    MARKS,
    *hidden(
        SCHOOL,
        Column("providers", "Providers", "The references of those who support it.", "code"),
        Column("adviser", "Adviser's reference", "What the record calls the adviser.", "code"),
        EVENTS,
        SAID_BY,
        LAST_POSITION,
    ),
)


class Asked(NamedTuple):
    """Which schools: one, members, in an area, under a body, helped by somebody, with overdue."""

    about: AboutSchool = None
    partnership: Partnership = None
    la: La = None
    region: Region = None
    body: Body = None
    provider: Provider = None
    overdue: Overdue = False
    marked: Marked = False


class Stage(NamedTuple):
    """How far help for a school has come: since when, by whom, and which events tell it."""

    name: str
    since: str | None
    providers: frozenset[str]
    events: tuple[str, ...]


_NOTHING = Stage("", None, frozenset(), ())


def helped(connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked) -> Report:
    """Return the schools that exist on a day, those first whom nobody has taken up."""
    names = Names(connection, store, at)
    chosen = _chosen(connection, at, asked)
    around = _Around(connection, at, chosen)
    existing = schools(connection, at, asked, chosen=chosen)
    staged = [(school, around.stage(school.reference)) for school in existing]
    rows = [
        _row(school, stage, around, names)
        for school, stage in staged
        if asked.provider is None or asked.provider in stage.providers
    ]
    rows.sort(key=lambda row: (STAGES.index(row["stage"]), row["school_name"]))
    rest_on(connection, rows)
    rows = rested(connection, at, rows, marked=asked.marked)
    rows = [row for row in rows if _is_late(row) or not asked.overdue]
    said = in_words(asked, names)
    return Report(
        name="schools",
        title=titled("Schools, and how far help has come", said),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=as_far_as_asked("No school is known.", said),
        notes=explained(rows),
        asked=said,
    )


def _chosen(connection: sqlite3.Connection, at: Moment, asked: Asked) -> list[str] | None:
    """Return the schools that are asked for by name or as members; None for all."""
    if asked.partnership is None:
        return None if asked.about is None else [asked.about]
    told = memberships(connection, at, *among("partnership", [asked.partnership]))
    members = {member.school for member in told if member.covers(at.as_of)}
    return sorted(members if asked.about is None else members & {asked.about})


class _Around:
    """What the rows draw on: needs, offers, agreements, visits under them, and what is owed."""

    def __init__(
        self, connection: sqlite3.Connection, at: Moment, chosen: list[str] | None
    ) -> None:
        self._at = at
        self.categories = now_in_category(connection, at, chosen)
        self.needs = needs(connection, at, chosen)
        self.offices = Offices(connection, at)
        self._offers: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in open_offers(connection, at, *among("receiver", chosen)):
            self._offers[row["receiver"]].append(row)
        self._agreements: dict[str, list[dict[str, Any]]] = defaultdict(list)
        every = agreements(connection, at, *among("receiver", chosen))
        ended = ended_lines(connection, at)
        for row in every:
            self._agreements[row["receiver"]].append(_as_provided(row, ended))
        self._decided: dict[str, list[dict[str, Any]]] = defaultdict(list)
        wanted = {need["event"] for each in self.needs.values() for need in each}
        wanted |= {event for time in self.categories.values() for event in time.events}
        for row in standing(connection, at, "decisions", *among("school", chosen)):
            if row["decision"] == "support" and row["asks"] in wanted:
                self._decided[row["school"]].append(row)
        self._first_visits: dict[str, dict[str, Any]] = {}
        under = among("under", [f"agreement:{row['event']}" for row in every])
        for row in confirmed(connection, at, *under):
            known = self._first_visits.get(row["under"])
            if known is None or row["first"] < known["first"]:
                self._first_visits[row["under"]] = row
        self._left: set[str] = set()
        self._due: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._helpless: dict[str, list[str]] = defaultdict(list)
        about = chosen[0] if chosen is not None and len(chosen) == 1 else None
        for row in balances(connection, at, WhatIsOwed(about=about)):
            if row["outstanding"] > 0:
                self._take(row)
        helpless = chain.from_iterable(self._helpless.values())
        self._intervened = _interventions(connection, helpless)

    def _take(self, row: dict[str, Any]) -> None:
        for side in {row["debtor"], row["creditor"]}:
            self._due[side].append(row)
        if row["kind"] == "support":
            self._left.add(row["obligation"][:36])
        if row["kind"] == "brokerage":
            self._helpless[row["creditor"]].append(row["obligation"][:36])

    def overdue(self, school: str) -> list[dict[str, Any]]:
        """Return what is overdue of what a school owes or is owed."""
        return [row for row in self._due[school] if is_overdue(row, self._at)]

    def next_due(self, school: str) -> dict[str, Any] | None:
        """Return what falls due next of what a school owes or is owed."""
        to_come = [row for row in self._due[school] if (row["due_on"] or "") >= self._at.as_of]
        return min(to_come, key=lambda row: str(row["due_on"]), default=None)

    def stage(self, school: str) -> Stage:
        """Return how far help for a school has come: the furthest of what is live."""
        live = [row for row in self._agreements[school] if self._is_live(row)]
        active = [row for row in live if (row["paused_until"] or "") <= self._at.as_of]
        return (
            self._under_way(active)
            or _at_stage("agreed", active)
            or _at_stage("paused", live)
            or self._matching(school)
            or self._triggered(school)
            or self._over(school)
            or _NOTHING
        )

    def _is_live(self, agreement: dict[str, Any]) -> bool:
        """Whether an agreement goes on: nobody ended it; its last day is not past, or days left.

        Whoever closed supports nobody any more, whatever is left.
        """
        if agreement["over"] is not None or agreement["gone"]:
            return False
        return agreement["ends"] >= self._at.as_of or agreement["event"] in self._left

    def _visit(self, agreement: dict[str, Any]) -> dict[str, Any] | None:
        return self._first_visits.get(f"agreement:{agreement['event']}")

    def _under_way(self, live: list[dict[str, Any]]) -> Stage | None:
        begun = [(row, visit) for row in live if (visit := self._visit(row)) is not None]
        if not begun:
            return None
        found = _at_stage("under way", [row for row, _ in begun])
        visits = [visit for _, visit in begun]
        events = tuple(visit["event"] for visit in visits)
        since = min(visit["first"] for visit in visits)
        return found and found._replace(since=since, events=(*found.events, *events))

    def _matching(self, school: str) -> Stage | None:
        """Return that help is looked for: by an open offer, or a decision since the last agreement.

        Who decided to support what is no longer open decided about something else.
        """
        offered = _at_stage("matching", self._offers[school])
        agreed = self._last_agreed(school)
        decided = [row for row in self._decided[school] if row["first"] > agreed]
        return offered or _at_stage("matching", decided)

    def _last_agreed(self, school: str) -> str:
        return max((row["first"] for row in self._agreements[school]), default="")

    def _triggered(self, school: str) -> Stage | None:
        """Return what calls for help, and has not found it.

        A category, a need identified since the last agreement, or an intervention for which
        somebody still is to find help.
        """
        agreed = self._last_agreed(school)
        calling = [need for need in self.needs.get(school, ()) if need["first"] > agreed]
        category = self.categories.get(school)
        calling += [_called_by(category)] if category else []
        calling += [
            {"first": self._intervened[event], "event": event}
            for event in dict.fromkeys(self._helpless[school])
            if event in self._intervened
        ]
        found = _at_stage("trigger", calling)
        return found and found._replace(providers=frozenset())

    def _over(self, school: str) -> Stage | None:
        found = _at_stage("ended", self._agreements[school])
        return found and found._replace(since=max(row["ends"] for row in self._agreements[school]))


def _as_provided(
    agreement: dict[str, Any], ended: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return an agreement with who stands in its provider's place; `gone` if that ended too."""
    provider = in_its_place(ended, agreement["provider"])
    if provider not in ended:
        return {**agreement, "provider": provider, "gone": False}
    last = min(agreement["ends"], ended[provider]["last"])
    by = [*agreement["by"], ended[provider]["event"]]
    return {**agreement, "provider": provider, "gone": True, "ends": last, "by": by}


def _interventions(connection: sqlite3.Connection, events: Iterable[str]) -> dict[str, str]:
    """Return which of these events are interventions, each with its day."""
    sql = """
        SELECT e.event, e.occurred_on FROM json_each(?) asked
        JOIN entries e ON e.event = asked.value AND e.type = 'InterventionRecorded'
    """
    return dict(connection.execute(sql, (json.dumps(list(events)),)).fetchall())


def _called_by(category: InCategory) -> dict[str, Any]:
    """Return a time in a category as what calls for help: from its beginning on."""
    first, *later = category.events
    return {"first": category.first, "event": first, "by": later}


def _at_stage(name: str, rows: list[dict[str, Any]]) -> Stage | None:
    """Return the stage that rows tell, from the first of them on; None where there is none."""
    if not rows:
        return None
    return Stage(
        name,
        min(row["first"] for row in rows),
        frozenset(row["provider"] for row in rows if "provider" in row),
        tuple(event for row in rows for event in (row["event"], *row.get("by", ()))),
    )


def _row(school: School, stage: Stage, around: _Around, names: Names) -> dict[str, Any]:
    reference = school.reference
    category, identified = around.categories.get(reference), around.needs.get(reference, [])
    advisers = around.offices.holders(f"adviser@{reference}")
    due, overdue = around.next_due(reference), around.overdue(reference)
    owed = [*overdue, *([due] if due else [])]
    return {
        **in_words_of(school, names),
        "adviser_name": ", ".join(names.person(term["person"]) for term in advisers),
        "stage": stage.name,
        "stage_since": stage.since,
        "provider_name": ", ".join(sorted(map(names.party, stage.providers))),
        "category": words(category.category) if category else None,
        "needs": ", ".join(sorted({words(need["area"]) for need in identified})),
        "next_due_on": due["due_on"] if due else None,
        "overdue_items": sum(row["debtor"] == reference for row in overdue),
        "overdue_to_it": sum(row["creditor"] == reference for row in overdue),
        "providers": sorted(stage.providers),
        "adviser": [term["person"] for term in advisers],
        "events": [
            school.event,
            *(term["event"] for term in advisers),
            *stage.events,
            *(category.events if category else ()),
            *(need["event"] for need in identified),
            *(event for row in owed for event in json.loads(row["events"])),
        ],
    }


def _is_late(row: dict[str, Any]) -> bool:
    """Whether anything is overdue that a school owes or is owed."""
    return bool(row["overdue_items"] or row["overdue_to_it"])


QUESTION = Question(
    name="schools",
    tells="""Show which schools are helped or in trouble: by whom, at what stage, since when, and
    what falls due next. Those come first whom nobody has taken up.

    A need or a category of concern is a trigger; a decision to support or an open offer is
    matching; agreed support is under way from the first confirmed visit, paused until the day that
    both sides agreed, and ended when somebody ended it, or its last day is past and nothing is
    left.
    """,
    asked=Asked,
    answer=helped,
    examples=("", "--la northwick --overdue", "--provider 900001", "--partnership estuary"),
    of_part="about",
)

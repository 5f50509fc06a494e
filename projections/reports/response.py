"""From trigger to help: who decided what, when the first day arrived, where nothing is recorded."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from ledger.selection import Said
from ledger.store.base import EntryStore
from projections.pictures.base import Picture
from projections.reports.asking import (
    AboutSchool,
    Area,
    Body,
    From,
    La,
    Marked,
    Question,
    Region,
    To,
    in_words,
    known_area,
    titled,
    words,
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
from projections.reports.resting import rested
from projections.reports.school_facts import chosen_schools
from projections.reports.standing import among, confirmed, standing
from projections.reports.statements import said_about, said_by_types
from projections.tables.views import Moment

COLUMNS = (
    SCHOOL_NAME,
    Column(
        "trigger_title",
        "Trigger",
        "What asked for help: a need and its area, a judgement, or an intervention.",
    ),
    Column("triggered_on", "On", "The day on which it was said.", "date"),
    Column("decided", "Decision", "Who decided what about it, and on which day."),
    Column("first_offer_on", "First offer", "The day of the first offer for it.", "date"),
    Column("agreed_on", "Agreed", "The day on which support for it was first agreed.", "date"),
    Column("first_day_on", "First day", "The day of the first visit confirmed under that.", "date"),
    Column(
        "help_days", "Days to help", "Days from the trigger to that first day of help.", "number"
    ),
    Column(
        "unrecorded",
        "Nothing recorded",
        "Of a decision, an offer, an agreement and a first day those that nobody has recorded.",
    ),
    MARKS,
    *hidden(
        Column("by_name", "By", "Who said so."),
        Column(
            "level",
            "Level",
            "Who is asked for help by now: the school, its body, its partnerships, or anybody"
            " outside.",
        ),
        Column(
            "decision_days",
            "Days to decision",
            "Days from the trigger to the first decision about it.",
            "number",
        ),
        Column(
            "outcome",
            "Closed as",
            "As what the need was closed, if it was; an intervention is lifted.",
        ),
        Column(
            "reasons", "Reasons", "The reasons given for the decisions, as far as they may be read."
        ),
        Column("days_by_now", "Days by now", "Days from trigger to the day asked for.", "number"),
        SCHOOL,
        Column("trigger", "Trigger's event", "The event that asked for help.", "event"),
        Column("by", "By reference", "Who said so, as the record calls them.", "party"),
        SAID_BY,
        EVENTS,
        LAST_POSITION,
    ),
)
_STEPS = {
    "decided": "decision",
    "first_offer_on": "offer",
    "agreed_on": "agreement",
    "first_day_on": "first day",
}
_LIFTED = "InterventionLifted"
_ANSWERS = (
    *("NeedEscalated", "DecisionRecorded", "NeedClosed", "SupportOffered", "SupportAgreed"),
    _LIFTED,
)


class Asked(NamedTuple):
    """Which triggers: of a school, in an area of the map or of evaluation, from a day to a day."""

    about: AboutSchool = None
    la: La = None
    region: Region = None
    body: Body = None
    area: Area = None
    since: From = None
    to: To = None
    marked: Marked = False


class _Trigger(NamedTuple):
    """What asked for help, by whom it was said, and at which level it began."""

    said: Said
    school: str
    title: str
    area: str | None
    by: str
    level: str


def _of_need(said: Said) -> _Trigger:
    data = said.data
    title = f"need in {words(data['area'])}"
    return _Trigger(said, data["school"], title, data["area"], data["raiser"], data["level"])


def _of_judgement(said: Said) -> _Trigger:
    data = said.data
    category = data.get("category", "none")
    title = "grade followed up" if category == "none" else words(category)
    return _Trigger(said, data["about"], f"judgement: {title}", None, data["judge"], "school")


def _of_intervention(said: Said) -> _Trigger:
    data = said.data
    title = f"intervention: {words(data['kind'])}"
    return _Trigger(said, data["school"], title, None, data["issuer"], "school")


_INTERVENED = "InterventionRecorded"
#: What asks for help, by the event that says so.
_TRIGGERS = {
    "NeedIdentified": _of_need,
    "JudgementMade": _of_judgement,
    _INTERVENED: _of_intervention,
}


def response(connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked) -> Report:
    """Return every trigger with what followed on it, the earliest first."""
    names = Names(connection, store, at)
    asked = asked._replace(area=known_area(connection, asked.area))
    about = partial(said_about, connection, store, at)
    events = list(_asking(connection, store, at, chosen_schools(connection, at, asked)))
    # What names two triggers, as a need its grounds, is found by each of them.
    said = {one.event: one for one in about((*_TRIGGERS, *_ANSWERS), events)}
    triggers = [_TRIGGERS[one.name](one) for one in map(said.get, dict.fromkeys(events)) if one]
    triggers = [one for one in triggers if _is_asked(one, asked)]
    course = _Course(connection, at, store, list(said.values()))
    rows = [course.row(one, names) for one in triggers]
    rows = rested(connection, at, rows, marked=asked.marked)
    rows.sort(key=lambda row: (row["triggered_on"], row["position"]))
    told = in_words(asked, names)
    return Report(
        name="response",
        title=titled("From trigger to help", told),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=as_far_as_asked("Nothing asks for help.", told),
        notes=explained(rows),
        asked=told,
        picture=_picture,
    )


def _picture(rows: Sequence[dict[str, Any]]) -> Picture | None:
    from projections.reports.response_picture import picture  # noqa: PLC0415 - only where drawn

    return picture(rows)


def _asking(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, chosen: list[str] | None
) -> Iterator[str]:
    """Go through what asks for help: needs, judgements that are followed up, and interventions."""
    needs = standing(connection, at, "needs", *among("school", chosen))
    yield from (row["event"] for row in needs)
    within = among("judged", chosen)
    where = " AND ".join(filter(None, (f"({_FOLLOWED_UP})", within.where)))
    judged = standing(connection, at, "grades", where, within.chosen)
    yield from (row["event"] for row in judged)
    for one in said_by_types(connection, store, at, (_INTERVENED,)):
        if one.data["asks_for_support"] and (chosen is None or one.data["school"] in chosen):
            yield one.event


#: A category of concern, unless a later inspection of the URN had told otherwise when it was
#: recorded; or a grade for which somebody is to find help.
_FOLLOWED_UP = """
    (category <> 'none' AND NOT EXISTS (
        SELECT 1 FROM grades later
        WHERE later.judged = x.judged AND later.urn IS x.urn AND later.position < x.position
          AND later.first > x.first AND later.basis IN ('inspection', 'monitoring_inspection')
    )) OR EXISTS (
        SELECT 1 FROM postings p WHERE p.about = 'event:' || x.event AND p.kind = 'brokerage'
    )
"""


def _is_asked(one: _Trigger, asked: Asked) -> bool:
    day = one.said.day
    return asked.area in (None, one.area) and (asked.since or "") <= day <= (asked.to or day)


#: The members by which what follows on a trigger names it.
_NAMES_IT = ("trigger", "need", "intervention")


class _Course:
    """What followed on triggers: levels, decisions, offers, agreements, and first days of help."""

    def __init__(
        self, connection: sqlite3.Connection, at: Moment, store: EntryStore, said: Sequence[Said]
    ) -> None:
        self._at = at
        self._said: dict[tuple[str, str], list[Said]] = defaultdict(list)
        for one in said:
            about = next((one.data[name] for name in _NAMES_IT if name in one.data), "")
            self._said[one.name, about.partition(":")[2]].append(one)
        agreed = [one.event for one in said if one.name == "SupportAgreed"]
        self._first: dict[str, dict[str, Any]] = {}
        under = among("under", [f"agreement:{event}" for event in agreed])
        for row in confirmed(connection, at, *under):
            known = self._first.get(row["under"])
            if known is None or row["first"] < known["first"]:
                self._first[row["under"]] = row
        decided = [one.event for one in said if one.name == "DecisionRecorded"]
        self._texts = store.vault.get_many(decided)

    def row(self, trigger: _Trigger, names: Names) -> dict[str, Any]:
        event, on = trigger.said.event, trigger.said.day
        answers = {name: self._said[name, event] for name in _ANSWERS}
        decisions, agreed = answers["DecisionRecorded"], answers["SupportAgreed"]
        visits = [self._first.get(f"agreement:{one.event}") for one in agreed]
        first = min((row for row in visits if row), key=lambda row: str(row["first"]), default=None)
        found: dict[str, str | None] = {
            "decided": "; ".join(_decision(one, names) for one in decisions) or None,
            "first_offer_on": _earliest(answers["SupportOffered"]),
            "agreed_on": _earliest(agreed),
            "first_day_on": first["first"] if first else None,
        }
        levels = answers["NeedEscalated"]
        return {
            "school": trigger.school,
            "school_name": names.party(trigger.school),
            "trigger": event,
            "trigger_title": trigger.title,
            "triggered_on": on,
            "by": trigger.by,
            "by_name": names.party(trigger.by),
            "level": words(levels[-1].data["to_level"] if levels else trigger.level),
            **found,
            "decision_days": _days(on, _earliest(decisions)),
            "help_days": _days(on, found["first_day_on"]),
            "days_by_now": _days(on, self._at.as_of),
            "unrecorded": ", ".join(step for name, step in _STEPS.items() if not found[name]),
            "outcome": _outcome(answers),
            "reasons": "; ".join(self._why(one) for one in decisions if self._why(one)),
            "events": [
                event,
                *(one.event for each in answers.values() for one in each),
                *([first["event"]] if first else ()),
            ],
        }

    def _why(self, decision: Said) -> str:
        return self._texts.get(decision.event, {}).get("/data/why", (b"", ""))[1]


def _decision(one: Said, names: Names) -> str:
    return f"{words(one.data['decision'])} ({names.party(one.data['decider'])}, {one.day})"


def _outcome(answers: Mapping[str, Sequence[Said]]) -> str | None:
    """Return as what a trigger was closed, if it was; an intervention is lifted."""
    closed = [str(one.data["outcome"]) for one in answers["NeedClosed"]]
    return next(iter(closed[-1:]), "lifted" if answers[_LIFTED] else None)


def _earliest(said: Iterable[Said]) -> str | None:
    return min((one.day for one in said), default=None)


def _days(first: str, last: str | None) -> int | None:
    return None if last is None else (date.fromisoformat(last) - date.fromisoformat(first)).days


QUESTION = Question(
    name="response",
    tells="""Show from trigger to help: who decided what, when the first day arrived, and where
    nothing is recorded.

    A trigger is a need that somebody identified, a judgement with a category of concern or a grade
    that is followed up, or an intervention that asks for support. Days are counted from the day on
    which it was said.
    """,
    asked=Asked,
    answer=response,
    examples=("", "--about 900003", "--la northwick --from 2025-09-01"),
    of_part="about",
    of_predecessors=False,
)

"""What is owed with nobody left to answer: a side has ended, or the debtor's office is vacant."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from ledger.domain.registers import bodies
from ledger.store.base import EntryStore
from projections.reports.asking import (
    About,
    Kind,
    La,
    Marked,
    Overdue,
    Question,
    Region,
    in_words,
    known_code,
    titled,
)
from projections.reports.base import Report, as_far_as_asked, heading
from projections.reports.columns import (
    ABOUT,
    CREDITOR,
    CREDITOR_NAME,
    DEBTOR,
    DEBTOR_NAME,
    DUE_ON,
    EVENTS,
    KIND,
    KIND_TITLE,
    LAST_POSITION,
    LEFT,
    MARKS,
    OBLIGATION,
    OVERDUE,
    SAID_BY,
    UNIT,
    Column,
    hidden,
)
from projections.reports.keyholders import look_at
from projections.reports.marks import explained
from projections.reports.names import Names, day_in_words, urn_of
from projections.reports.owes import Asked as WhatIsOwed
from projections.reports.owes import amount, balances, is_overdue, openings, titles
from projections.reports.resting import rested
from projections.reports.standing import (
    OWN_ROLE,
    Bodies,
    Offices,
    contingencies,
    ended_lines,
    in_its_place,
    rest_on,
)
from projections.tables.views import Moment

_PARTNERSHIP = "partnership:"
_BODY = "body:"
_REGISTRAR = "registrar@ledger"
#: What only who was or is head of a school can do, or whoever does it for them.
_HEADS_OWN = frozenset({"handover", "handover_acceptance"})

COLUMNS = (
    DEBTOR_NAME,
    CREDITOR_NAME,
    KIND_TITLE,
    ABOUT,
    LEFT,
    UNIT,
    Column("nobody_since", "Nobody since", "The first day on which nobody answers.", "date"),
    Column("why", "Why", "Why nobody answers for it."),
    Column("who_should_act", "Who should act", "The office that can change that, if any can."),
    Column("how", "How", "The command by which it is put right; what is in capitals you fill in."),
    DUE_ON,
    OVERDUE,
    MARKS,
    *hidden(OBLIGATION, KIND, DEBTOR, CREDITOR, EVENTS, SAID_BY, LAST_POSITION),
)


class Asked(NamedTuple):
    """Which obligations: of a party, of schools in an area, of a kind, overdue or marked."""

    about: About = None
    la: La = None
    region: Region = None
    kind: Kind = None
    overdue: Overdue = False
    marked: Marked = False


class Why(NamedTuple):
    """Why nobody answers: since when, in words, who should act, and what tells it.

    How is what follows `school-ledger record`, as far as it is known; it and who are empty where
    nobody can do anything.
    """

    since: str | None
    words: str
    who: str
    how: str
    event: str | None


def orphans(connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked) -> Report:
    """Return what is owed at a moment with nobody to answer for it, what is due first at first."""
    names, kinds = Names(connection, store, at), titles(connection)
    kind = asked.kind and _kind(asked.kind, kinds)
    around = Answerable(connection, store, at, names)
    owed = balances(connection, at, WhatIsOwed(about=asked.about, kind=kind, overdue=asked.overdue))
    found = [
        (row, why)
        for row in owed
        if around.is_in(row, asked) and (why := around.why(row)) is not None
    ]
    about = openings(connection, (row["obligation"][:36] for row, _ in found))
    rows = [_row(row, why, at) for row, why in found]
    rest_on(connection, rows)
    for row in rows:
        row["kind_title"] = kinds[row["kind"]]
        row["debtor_name"] = names.party(row["debtor"])
        row["creditor_name"] = names.party(row["creditor"])
        row["about"] = about.get(row["obligation"][:36], "")
    rows = rested(connection, at, rows, marked=asked.marked)
    said = in_words(asked, names)
    return Report(
        name="orphans",
        title=titled("Nobody to answer", said),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=as_far_as_asked("There is somebody to answer for everything that is owed.", said),
        notes=explained(rows),
        asked=said,
    )


def _kind(said: str, kinds: dict[str, str]) -> str:
    """Return the kind of obligation that is meant, by its name or its title."""
    by_title = {title: kind for kind, title in kinds.items()}
    return by_title.get(said) or known_code(said, kinds, "kind of obligation")


class Answerable:
    """What a row draws on: who ended, who holds offices, who is responsible, what was agreed."""

    def __init__(
        self, connection: sqlite3.Connection, store: EntryStore, at: Moment, names: Names
    ) -> None:
        self._at, self._connection = at, connection
        self._look = look_at(store, at.known_at)
        self._names = names
        self._ended = ended_lines(connection, at)
        self._offices = Offices(connection, at)
        self._bodies = Bodies(connection, at)
        self._contingencies = contingencies(connection, at)

    def is_in(self, row: dict[str, Any], asked: Asked) -> bool:
        """Whether a side of an obligation is a school in the area and region asked for, if any."""
        sides = (row["debtor"], row["creditor"])
        return any(self._bodies.is_in(side, asked.la, asked.region) for side in sides)

    def why(self, row: dict[str, Any]) -> Why | None:
        """Return why nobody answers for an obligation; None if somebody does."""
        if row["outstanding"] <= 0:
            return None
        sides = (row["debtor"], row["creditor"])
        if row["debtor"] in self._ended and row["kind"] in _HEADS_OWN:
            return self._heads_own(row)
        for side, other in (sides, sides[::-1]):
            if side in self._ended:
                return self._gone(side, other, row["obligation"])
        return self._unheld(row["debtor"])

    def _heads_own(self, row: dict[str, Any]) -> Why:
        """Say that the head of a school that ended has yet to hand over, or to accept it.

        Nobody takes that over: the responsible body hands over for whoever was head, and whoever
        is owed an acceptance releases it.
        """
        school, ended = row["debtor"], self._ended[row["debtor"]]
        words = f"{self._names.party(school)} ended on {day_in_words(ended['last'])}"
        if row["kind"] == "handover":
            who = self._bodies.responsible(school, ended["last"])
            how = f"HandoverGiven --office head@{school}"
        else:
            who, how = row["creditor"], f"ObligationWaived --obligation {row['obligation']}"
        acting = in_its_place(self._ended, who) if who else None
        if acting is None or acting in self._ended:
            return self._by_nobody(words, ended)
        return self._by([acting], words, how, ended)

    def _gone(self, party: str, other: str, obligation: str) -> Why:
        """Say that a party ended: who takes over, if anybody is named and has not agreed."""
        if party.startswith(_PARTNERSHIP):
            words = f"was dissolved on {day_in_words(self._ended[party]['last'])}"
            return self._named(words, party, party, obligation)
        if party.startswith(_BODY):
            return self._unsaid(party, obligation)
        return self._closed(party, other, obligation)

    def _named(self, words: str, gone: str, partnership: str, obligation: str) -> Why:
        """Say that whom ground rules name to take over has not agreed, or has taken only part.

        Where nobody speaks for them, somebody is to be appointed first.
        """
        ended, rules = self._ended[gone], self._contingencies[partnership]
        party = rules["on_dissolution" if gone == partnership else "on_closure"]
        words = f"{self._names.party(gone)} {words}"
        if party in rules["agreed"]:
            words += "; this did not go along"
            how = f"ObligationAssumed --obligation {obligation} --party {party}"
        else:
            words += f", and {self._names.party(party)} has not agreed to take over"
            how = f"ContingencyAccepted --party {party} --partnership {partnership}"
        acting = in_its_place(self._ended, party)
        if acting in self._ended:
            return self._by_nobody(f"{words}, and has ended", ended)
        return self._by([acting], words, how, ended)

    def _closed(self, school: str, other: str, obligation: str) -> Why:
        """Say that a school closed, or that another went on from it without this."""
        ended = self._ended[school]
        name, last = self._names.party(school), day_in_words(ended["last"])
        if ended["goes_on"] is not None:
            after = self._names.party(ended["goes_on"])
            words = (
                f"{name} ended on {last}, and {after} goes on from it by a registrar's word alone,"
                " which moves nothing"
            )
        elif other in self._contingencies:
            return self._named(f"closed on {last}", school, other, obligation)
        else:
            words = f"{name} closed on {last}, and no school is said to go on from it"
        how = self._attributed(school)
        return Why(ended["first"], words, self._names.office(_REGISTRAR), how, ended["event"])

    def _attributed(self, school: str) -> str:
        """Return what says by a published source that another school goes on from one."""
        ended = self._ended[school]
        given = {
            "school": ended["goes_on"] or "URN",
            "predecessor": school,
            "former-urn": urn_of(self._connection, school, self._at),
            "former-urn-closes-on": ended["last"],
            "effective-on": ended["since"] or ended["first"],
            "source.publisher": "PUBLISHER",
            "source.title": "TITLE",
        }
        options = (f"--{name} {value}" for name, value in given.items())
        return f"SuccessionAttributed {' '.join(options)}"

    def _unsaid(self, body: str, obligation: str) -> Why:
        """Say that a body ended and nobody said where this goes: a successor may take it over.

        Where none took the body's place, whoever is owed it may release it.
        """
        ended, over = self._ended[body], self._look(bodies.ended(body))
        words = f"{self._names.party(body)} ended on {day_in_words(ended['last'])}, and "
        standing = [one for one in over.successors if one not in self._ended] if over else []
        if standing:
            words += "where this goes was not said"
            held = (one for one in standing if self._offices.vacant(one) is None)
            how = f"ObligationAssumed --obligation {obligation} --party {next(held, standing[0])}"
            return self._by(standing, words, how, ended)
        words += "no body succeeded it"
        who = in_its_place(self._ended, self._releases(obligation) or body)
        if who in self._ended:
            return self._by_nobody(words, ended)
        return self._by([who], words, f"ObligationWaived --obligation {obligation}", ended)

    def _releases(self, obligation: str) -> str | None:
        # Only of a body that nobody succeeded: the kinds stand with the vocabulary.
        from ledger.domain import post  # noqa: PLC0415, F401 - it gathers the kinds
        from ledger.domain.handover.standing import releases, sides  # noqa: PLC0415 - as above

        owed = sides(self._look, obligation)
        return releases(self._look, owed) if owed else None

    def _by(self, parties: Sequence[str], words: str, how: str, ended: Mapping[str, Any]) -> Why:
        """Say that one of some parties should act: one of them needs somebody who speaks for it."""
        held = [one for one in parties if self._offices.vacant(one) is None]
        if not held and (unheld := self._unheld(parties[0])):
            return unheld._replace(since=ended["first"], words=f"{words}: {unheld.words}")
        offices = (f"{OWN_ROLE[one.partition(':')[0]]}@{one}" for one in held)
        who = " or ".join(map(self._names.office, offices))
        return Why(ended["first"], words, who, how, ended["event"])

    def _by_nobody(self, words: str, ended: Mapping[str, Any]) -> Why:
        words += ": nobody is left who could take it over or release it"
        return Why(ended["first"], words, "", "", ended["event"])

    def _unheld(self, debtor: str) -> Why | None:
        """Say that nobody holds the office in which the debtor speaks."""
        vacant = self._offices.vacant(debtor)
        if vacant is None:
            return None
        office = self._names.office(vacant.office)
        if vacant.last is None:
            words, since = f"nobody was appointed {office} by then", None
        else:
            words = f"nobody is {office} since {day_in_words(vacant.last)}"
            since = (date.fromisoformat(vacant.last) + timedelta(days=1)).isoformat()
        how = f"Appointed --office {vacant.office}"
        return Why(since, words, self._appoints(debtor), how, vacant.event)

    def _appoints(self, party: str) -> str:
        """Return the office that appoints who speaks for a party: a registrar, if no other may.

        An office that nobody holds appoints nobody.
        """
        body = self._bodies.responsible(party, self._at.as_of)
        office = f"clerk@{party}" if party.startswith(_PARTNERSHIP) else f"officer@{body}"
        return self._names.office(office if self._offices.holders(office) else _REGISTRAR)


def _row(row: dict[str, Any], why: Why, at: Moment) -> dict[str, Any]:
    return {
        "outstanding": amount(row["outstanding"], row["unit"]),
        "nobody_since": why.since,
        "why": why.words,
        "who_should_act": why.who,
        "how": why.how and f"school-ledger record {why.how}",
        "overdue": is_overdue(row, at),
        "events": [*json.loads(row["events"]), *([why.event] if why.event else [])],
        **{name: row[name] for name in ("debtor", "creditor", "obligation", "kind")},
        **{name: row[name] for name in ("unit", "due_on")},
    }


QUESTION = Question(
    name="orphans",
    tells="""Show what is owed with nobody left to answer: a school closed or another went on from
    it, a partnership was dissolved, or nobody holds the office in which the debtor speaks.

    Each row says why, who should act, and by which command it is put right.
    """,
    asked=Asked,
    answer=orphans,
    examples=("", "--la northwick --overdue", "--about estuary -o orphans.csv"),
)

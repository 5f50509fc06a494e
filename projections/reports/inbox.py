"""What waits for somebody's answer, and what they are waiting for, as sentences with due dates."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from ledger.decision_model.facts import Look
from ledger.domain.another import facts as another
from ledger.domain.brokerage import facts as brokerage
from ledger.domain.brokerage import variations
from ledger.store.base import EntryStore
from projections.reports.base import Report, heading
from projections.reports.columns import (
    CREDITOR,
    DEBTOR,
    DUE_ON,
    EVENTS,
    KIND,
    LAST_POSITION,
    LEFT,
    OBLIGATION,
    OPENED_BY,
    OVERDUE,
    SAID_BY,
    UNIT,
    Column,
    hidden,
)
from projections.reports.names import Names, counted, counted_of, day_in_words
from projections.reports.orphans import Answerable
from projections.reports.owes import Asked, owes
from projections.reports.said_by import ONE_SIDE
from projections.reports.short_ids import short_id
from projections.reports.standing import OWN_ROLE, ended_lines
from projections.tables.views import Moment, rows_of

COLUMNS = (
    Column("number", "No", "The number that `answer` takes.", "number"),
    Column("sentence", "What", "What waits, in a sentence."),
    DUE_ON,
    OVERDUE,
    *hidden(
        Column("waits", "Waits", "Whether it waits for you, or you for it."),
        KIND,
        DEBTOR,
        CREDITOR,
        OBLIGATION,
        LEFT,
        UNIT,
        OPENED_BY,
        Column("about", "About by reference", "What it is about, as the record calls it.", "code"),
        EVENTS,
        LAST_POSITION,
        SAID_BY,
    ),
)
_RECORDED = """
    SELECT e.event, e.office, e.summary FROM recorded_for first
    JOIN recorded_for r ON r.office = first.office JOIN entries e ON e.event = r.event
    WHERE first.event = :opener AND e.position <= :known
      AND NOT EXISTS (SELECT 1 FROM answered a WHERE a.event = r.event AND a.position <= :known)
      AND NOT EXISTS (SELECT 1 FROM withdrawals w WHERE w.event = r.event AND w.position <= :known)
    ORDER BY e.position
"""
OFFER = "offer"
VARIATION = "variation"
"""What both are called beside the kinds of obligation: nobody owes them an answer."""


def inbox(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, who: str, waiting: Waiting
) -> Report:
    """Return what waits for an answer of whoever this is, numbered, then what they wait for."""
    return Report(
        name="inbox",
        title=f"Inbox of {who}",
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=waiting.rows(),
        empty="Nothing waits for an answer of yours, and you are waiting for nothing. Another's"
        " inbox: `school-ledger inbox --key FILE`, or `--as OFFICE`.",
        group="waits",
        notes=[
            *waiting.how_answered(),
            *waiting.ended(),
        ],
    )


class Waiting:
    """What waits between some parties and others: `mine` to be answered, `theirs` waited for."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        store: EntryStore,
        at: Moment,
        parties: Sequence[str],
        look: Look,
    ) -> None:
        """Read what is open at a moment; `look` answers facts of the record."""
        self._connection, self._store, self._at, self._look = connection, store, at, look
        self._names = Names(connection, store, at)
        lines = ended_lines(connection, at)
        self._ended = {party: lines[party] for party in parties if party in lines}
        # Only of a party that ended: it reads who holds every office.
        self._answerable = Answerable(connection, store, at, self._names) if self._ended else None
        owed = [row for party in parties for row in self._owed(Asked(by=party))]
        offers = [row for party in parties for row in self._offers(party)]
        varied = [row for party in parties for row in self._variations(party)]
        self.mine = sorted(owed + offers + varied, key=lambda row: row["due_on"] or "9")
        due = [row for party in parties for row in self._owed(Asked(to=party))]
        self.theirs = sorted(due, key=lambda row: row["due_on"] or "9")

    def rows(self) -> list[dict[str, Any]]:
        """Return all rows, those to be answered numbered."""
        mine = [{"number": number, **row} for number, row in enumerate(self.mine, 1)]
        return [
            *(row | {"waits": "Waiting for your answer"} for row in mine),
            *({"number": None, **row, "waits": "You are waiting for"} for row in self.theirs),
        ]

    def how_answered(self) -> Iterator[str]:
        """Say how to answer, and how a script does, since numbers move up after each answer."""
        if not self.mine:
            return
        first = self.mine[0]
        event, slash, slot = (first["obligation"] or first["opened_by"]).partition("/")
        named = f"{short_id(self._connection, event)}{slash}{slot}"
        yield (
            "Answer one with `school-ledger answer NUMBER`. Numbers move up once one is answered; a"
            f" script names what it answers, as number 1: `school-ledger answer {named}`."
        )

    def ended(self) -> Iterator[str]:
        """Say of each party that ended since when, and whose inbox has what went along."""
        for party, line in self._ended.items():
            name, last = self._names.party(party), day_in_words(line["last"])
            after = line["goes_on"]
            if after is None:
                yield f"{name} ended on {last}, and no other goes on from it."
            elif not line["along"]:
                yield (
                    f"{name} ended on {last}, and {self._names.party(after)} goes on from it by a"
                    " registrar's word alone: nothing went along. `school-ledger report orphans`"
                    " tells how it does."
                )
            else:
                kind, _, key = after.partition(":")
                office = f"{OWN_ROLE[kind]}@{key}"
                yield (
                    f"{name} ended on {last}, and {self._names.party(after)} goes on from it: what"
                    f" went along is in `school-ledger inbox --as {office}`."
                )

    def _unanswered(self, row: dict[str, Any]) -> str:
        """Say who should act where a side of what is owed ended; nothing where none did."""
        if self._answerable is None:
            return ""
        why = self._answerable.why(row | {"outstanding": 1})
        if why is None:
            return ""
        if not why.how:
            return f" {why.words}."
        return f" {why.words}: the {why.who} should act by `school-ledger record {why.how}`."

    def _owed(self, asked: Asked) -> Iterator[dict[str, Any]]:
        found = owes(self._connection, self._store, self._at, asked).rows
        # Of what is claimed done the answer to that waits, which is owed the other way.
        rows = [row for row in found if Decimal(row["claimed"]) < Decimal(row["outstanding"])]
        openers = self._openers(row["opened_by"] for row in rows)
        for row in rows:
            yield {
                **{name: row[name] for name in _SAME},
                "sentence": self._sentence(row, openers[row["opened_by"]], mine=bool(asked.by))
                + self._unanswered(row),
                "about": self._about(row["obligation"]),
            }

    def _sentence(self, row: dict[str, Any], opener: str, *, mine: bool) -> str:
        other = self._names.party(row["creditor" if mine else "debtor"])
        what = row["kind_title"]
        if row["unit"] != "item":
            what = counted_of(counted(row["outstanding"], row["unit"]), what)
        what = f"{what[:1].upper()}{what[1:]}"
        to_whom = f"to {other}" if mine else f"from {other}"
        by = f" by {day_in_words(row['due_on'])}" if row["due_on"] else ""
        about = self._recorded(row) if row["kind"] == another.KIND else self._names.sentence(opener)
        return f"{what}, due {to_whom}{by}. {about}"

    def _recorded(self, row: dict[str, Any]) -> str:
        """Return what waits for an office to confirm or disown it, each with its id and recorder.

        One answer is for all.
        """
        asked = {"opener": row["opened_by"], "known": self._at.known_at}
        found = self._connection.execute(_RECORDED, asked).fetchall()
        told = (
            f"{short_id(self._connection, event)}, by the {self._names.office(office)}:"
            f" {self._names.sentence(summary)}"
            for event, office, summary in found
        )
        return " ".join(told)

    def _openers(self, events: Iterable[str]) -> dict[str, str]:
        sql = "SELECT event, summary FROM entries WHERE event = ?"
        found = (self._connection.execute(sql, (event,)).fetchone() for event in set(events))
        return {row["event"]: row["summary"] for row in found if row is not None}

    def _about(self, obligation: str) -> str:
        """Return the tag of what an obligation is about."""
        sql = "SELECT about FROM postings WHERE obligation = ? LIMIT 1"
        return str(self._connection.execute(sql, (obligation,)).fetchone()[0])

    def _offers(self, party: str) -> Iterator[dict[str, Any]]:
        """Go through the offers to a party that are valid and that nobody took up."""
        sql = """
            SELECT e.event, e.position, e.summary
            FROM mentions m JOIN entries e ON e.position = m.position
            WHERE m.party = ? AND e.type = 'SupportOffered' AND e.position <= ?
            AND NOT EXISTS (SELECT 1 FROM withdrawals w WHERE w.event = e.event)
        """
        for row in rows_of(self._connection, sql, party, self._at.known_at):
            offer = self._look(brokerage.offer(row["event"]))
            if offer is None or offer.said.receiver != party:
                continue
            if offer.agreement is not None or offer.closed is not None:
                continue
            valid = offer.said.valid_until.isoformat()
            if valid >= self._at.as_of:
                yield self._proposed(OFFER, row, (offer.said.provider, party), valid)

    def _variations(self, party: str) -> Iterator[dict[str, Any]]:
        """Go through other terms of agreements that wait for a party to accept them."""
        sql = """
            SELECT DISTINCT e.event, e.position, e.summary FROM mentions m
            JOIN entries agreed ON agreed.position = m.position AND agreed.type = 'SupportAgreed'
            JOIN mentions named ON named.party = 'event:' || agreed.event
            JOIN entries e ON e.position = named.position
            WHERE m.party = ? AND e.type = 'SupportVaried' AND e.position <= ?
            AND NOT EXISTS (SELECT 1 FROM withdrawals w WHERE w.event = e.event)
            ORDER BY e.position
        """
        for row in rows_of(self._connection, sql, party, self._at.known_at):
            waits = variations.proposal(self._look, row["event"])
            if waits is None or party not in waits.waits_for:
                continue
            last = waits.lapses_on.isoformat()
            if last >= self._at.as_of:
                yield self._proposed(VARIATION, row, (waits.proposer, party), last)

    def _proposed(
        self, kind: str, row: dict[str, Any], between: tuple[str, str], last: str
    ) -> dict[str, Any]:
        proposer, party = between
        return {
            "sentence": f"{self._names.sentence(row['summary'])} It is valid until"
            f" {day_in_words(last)}.",
            "due_on": last,
            "overdue": False,
            "kind": kind,
            "debtor": party,
            "creditor": proposer,
            "obligation": None,
            "outstanding": None,
            "unit": None,
            "opened_by": row["event"],
            "about": f"event:{row['event']}",
            "events": [row["event"]],
            "position": row["position"],
            "said_by": ONE_SIDE,
        }


_SAME = (
    *("due_on", "overdue", "kind", "debtor", "creditor", "obligation", "outstanding", "unit"),
    *("opened_by", "events", "position", "said_by"),
)

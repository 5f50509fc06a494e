"""Fundings as they stand at a moment: what was said of each, and what the journal has of it.

Balances are those of the journal, so that no report and `owes` ever tell two sums; what money was
spent on is told by those who keep it. Amounts are whole hundredths of a pound.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

from ledger.selection import Said
from ledger.store.base import EntryStore
from projections.reports.statements import said_about, said_by_types
from projections.tables.layouts import LAST_DUE_ON
from projections.tables.views import Moment

_COMMITTED = "FundingCommitted"
_NAMING = (
    "FundingPaid",
    "FundingReceived",
    "SpendRecorded",
    "FulfilmentClaimed",
    "FulfilmentAnswered",
)
_CERTIFICATE = "spend_certificate"


class Balance(NamedTuple):
    """Hundredths that something did to obligations of a kind, and the events that it rests on."""

    hundredths: int
    events: list[str]


_Journal = dict[tuple[str, str], Balance]
"""By kind of obligation and the name of the event that counts, what it did to those of a funding.

What the opener itself opened, or took back when withdrawn, is under `opened`.
"""


class _Beside(NamedTuple):
    """What is read of many fundings at once.

    By funding when the first of what is owed of accounting for it is due, who keeps it, and who is
    to be paid; by answer the office in which it was signed; by its event each certificate of
    spending.
    """

    due: dict[str, str]
    keepers: dict[str, str]
    payees: dict[str, str]
    offices: dict[str, str]
    certificates: dict[str, Said]


class Funding:
    """One funding, with what was said of it and what the journal has."""

    def __init__(
        self, said: Said, of_it: Sequence[Said], journal: _Journal, beside: _Beside
    ) -> None:
        """Keep what was said of it, what the journal has of it, and what is read beside."""
        self.said, self._of_it, self._journal, self._beside = said, of_it, journal, beside

    @property
    def data(self) -> dict[str, Any]:
        """What was committed."""
        return self.said.data

    @property
    def keeper(self) -> str:
        """Who keeps the money: who accounts for it by now, else who was to keep it."""
        event, named = self.said.event, self.data.get("kept_by")
        payee = self._beside.payees.get(event, self.data["payee"])
        return str(self._beside.keepers.get(event, named or payee))

    def told(self, name: str) -> list[Said]:
        """Return what was said of it by events of a name."""
        return [one for one in self._of_it if one.name == name]

    @cached_property
    def spent(self) -> Counter[str]:
        """Return the hundredths of pounds spent of it, by purpose, in the order of spending."""
        found: Counter[str] = Counter()
        for one in self.told("SpendRecorded"):
            own = (s for s in one.data["spent"] if s["funding"] == f"funding:{self.said.event}")
            found[one.data["purpose"]] += sum(_hundredths(part["pounds"]) for part in own)
        return found

    @property
    def paid(self) -> int:
        """Return the hundredths of pounds sent, less what did not arrive, in whole or in part."""
        received, sent = self.told("FundingReceived"), self.told("FundingPaid")
        arrived = {o.data["payment"]: o.data["pounds"] for o in received if "payment" in o.data}
        denied = {
            one.data.get("claim"): "0"
            for one in self.told("FulfilmentAnswered")
            if one.data["answer"] == "not_met"
        }
        known = denied | arrived
        paid = (known.get(f"payment:{o.event}", o.data["pounds"]) for o in sent if _forth(o))
        plain = (o.data["pounds"] for o in received if "payment" not in o.data and _forth(o))
        return sum(map(_hundredths, chain(paid, plain)))

    @property
    def returned(self) -> int:
        """Return the hundredths of pounds sent back that arrived, accounted for before or not."""
        back = (one for one in self.told("FundingReceived") if not _forth(one))
        return sum(_hundredths(one.data["pounds"]) for one in back)

    def balance(self, kind: str, *by: str) -> int:
        """Return what events of some names did to its obligations of a kind, in hundredths."""
        lines = self._journal.items()
        return sum(b.hundredths for (k, name), b in lines if k == kind and name in by)

    def left(self, kind: str) -> int:
        """Return what is left of its obligations of a kind, in hundredths."""
        lines = self._journal.items()
        return sum(balance.hundredths for (k, _), balance in lines if k == kind)

    @property
    def account_by(self) -> str:
        """The day by which what is left is to be accounted for; the one said, if nothing is."""
        return self._beside.due.get(self.said.event, str(self.data["account_by"]))

    @property
    def certificates(self) -> list[Said]:
        """Return the certificates on which its keeper relied in claims and for spending."""
        named = (e for one in self._of_it for e in one.data.get("evidence", ()))
        ids = dict.fromkeys(reference.partition(":")[2] for reference in named)
        return [self._beside.certificates[e] for e in ids if e in self._beside.certificates]

    @property
    def certified_by(self) -> list[str]:
        """Return the offices that answered for its spending, in order, each once."""
        answers = (
            one for one in self.told("FulfilmentAnswered") if one.data["answer"] != "not_met"
        )
        signed = [
            self._beside.offices[o.event]
            for o in answers
            if "spend_account" in o.data["obligation"]
        ]
        return list(dict.fromkeys(signed))

    @property
    def events(self) -> list[str]:
        """Return every event that its figures rest on."""
        posted = (event for b in self._journal.values() for event in b.events)
        relied_on = (one.event for one in self.certificates)
        return [self.said.event, *(one.event for one in self._of_it), *relied_on, *posted]


def fundings(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, about: str | None = None
) -> list[Funding]:
    """Return the fundings that stand at a moment, in their order.

    Of a party, if one is named, those that name it, and those of which it owes or is owed since.
    """
    named = said_by_types(connection, store, at, (_COMMITTED,), about)
    taken_over = [] if about is None else _taken_over(connection, at, about)
    said = list(_each_once([*named, *said_about(connection, store, at, (_COMMITTED,), taken_over)]))
    ids = [one.event for one in said]
    of_each: dict[str, list[Said]] = defaultdict(list)
    for one in _each_once(said_about(connection, store, at, _NAMING, ids)):
        for event in _of(one):
            of_each[event].append(one)
    journal = _journals(connection, at, ids)
    beside = _Beside(
        _due(connection, at, ids),
        _standing_in(connection, at, ids, "spend_account", "debtor"),
        _standing_in(connection, at, ids, "payment", "creditor"),
        _offices(connection, of_each),
        _certificates(connection, store, at, of_each),
    )
    return [Funding(one, of_each[one.event], journal[one.event], beside) for one in said]


def _taken_over(connection: sqlite3.Connection, at: Moment, party: str) -> list[str]:
    """Return the events of the fundings of which a party owes or is owed, whoever was named."""
    sql = " UNION ".join(
        f"""
        SELECT substr(about, 7) FROM postings
        WHERE {side} = :party AND kind IN ('payment', 'spend_account')
          AND position <= :known AND effective_on <= :as_of
        """  # noqa: S608 - constants
        for side in ("debtor", "creditor")
    )
    when = {"known": at.known_at, "as_of": at.as_of}
    return [event for (event,) in connection.execute(sql, {"party": party, **when})]


def _forth(one: Said) -> bool:
    """Return whether money went to whoever keeps it, and not back."""
    return "returns" not in one.data


def _each_once(said: Iterable[Said]) -> Iterator[Said]:
    """Go through events in the order of recording, one that names several fundings once."""
    found = {one.event: one for one in said}
    yield from sorted(found.values(), key=lambda one: one.position)


def _of(one: Said) -> Iterator[str]:
    """Go through the fundings that an event is of, by their events."""
    named = [part["funding"] for part in one.data.get("spent", ())] or [one.data.get("under", "")]
    yield from (reference.partition(":")[2] for reference in named)


def _journals(
    connection: sqlite3.Connection, at: Moment, events: Sequence[str]
) -> dict[str, _Journal]:
    """Return what events did to the obligations of fundings at a moment."""
    sql = """
        SELECT p.about, p.kind,
               CASE WHEN p.claim = substr(p.obligation, 1, 36)
                      OR (p.reason = 'reversed' AND p.claim = p.event)
                    THEN 'opened' ELSE e.type END AS by,
               sum(p.amount) AS hundredths, json_group_array(p.event) AS events
        FROM json_each(:fundings) f
        JOIN postings p ON p.about = 'event:' || f.value
        JOIN entries e ON e.event = p.claim
        WHERE p.kind IN ('payment', 'spend_account', 'condition')
          AND p.position <= :known AND p.effective_on <= :as_of
        GROUP BY 1, 2, 3
    """
    when = {"known": at.known_at, "as_of": at.as_of}
    found: dict[str, _Journal] = {event: {} for event in events}
    for row in connection.execute(sql, {"fundings": json.dumps(list(events)), **when}):
        balance = Balance(row["hundredths"], json.loads(row["events"]))
        found[row["about"].partition(":")[2]][row["kind"], row["by"]] = balance
    return found


def _due(connection: sqlite3.Connection, at: Moment, events: Sequence[str]) -> dict[str, str]:
    """Return when the first of what is owed of accounting for fundings is due, by their events."""
    sql = f"""
        SELECT substr(about, 7), min(due_on)
        FROM (
            SELECT p.about, {LAST_DUE_ON} AS due_on
            FROM json_each(:fundings) f
            JOIN postings p ON p.about = 'event:' || f.value
            WHERE p.kind = 'spend_account'
              AND p.position <= :known AND p.effective_on <= :as_of
            GROUP BY p.obligation, p.debtor HAVING sum(p.amount) > 0
        ) WHERE due_on IS NOT NULL GROUP BY about
    """  # noqa: S608 - a constant
    when = {"known": at.known_at, "as_of": at.as_of}
    rows = connection.execute(sql, {"fundings": json.dumps(list(events)), **when})
    return dict(rows.fetchall())


def _standing_in(
    connection: sqlite3.Connection, at: Moment, events: Sequence[str], kind: str, side: str
) -> dict[str, str]:
    """Return who stands by now on a side of fundings' obligations; none where several do.

    It is who stands in those of which something is left; where nothing is, in all of them.
    """
    sql = f"""
        SELECT about, party, total
        FROM (
            SELECT p.about, p.{side} AS party, sum(p.amount) AS total,
                   max(p.effective_on || printf('%012d%012d', p.position, p.rowid))
            FROM json_each(:fundings) f
            JOIN postings p ON p.about = 'event:' || f.value
            WHERE p.kind = :kind AND p.position <= :known AND p.effective_on <= :as_of
            GROUP BY p.obligation
        )
    """  # noqa: S608 - the callers' own words
    asked = {"fundings": json.dumps(list(events)), "kind": kind}
    when = {"known": at.known_at, "as_of": at.as_of}
    found: dict[str, dict[bool, set[str]]] = defaultdict(lambda: {True: set(), False: set()})
    for about, party, total in connection.execute(sql, {**asked, **when}):
        found[about.partition(":")[2]][total > 0].add(party)
    standing = {event: by_left[True] or by_left[False] for event, by_left in found.items()}
    return {event: min(several) for event, several in standing.items() if len(several) == 1}


def _certificates(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, of_each: dict[str, list[Said]]
) -> dict[str, Said]:
    """Return the certificates of spending that are named as evidence, by their events."""
    said = (one for several in of_each.values() for one in several)
    named = [evidence.partition(":")[2] for s in said for evidence in s.data.get("evidence", ())]
    lodged = said_about(connection, store, at, ("EvidenceLodged",), named)
    return {one.event: one for one in lodged if one.data["kind"] == _CERTIFICATE}


def _offices(connection: sqlite3.Connection, of_each: dict[str, list[Said]]) -> dict[str, str]:
    """Return the offices in which answers were signed."""
    answers = [o.event for s in of_each.values() for o in s if o.name == "FulfilmentAnswered"]
    sql = "SELECT e.event, e.office FROM json_each(?) c JOIN entries e ON e.event = c.value"
    return dict(connection.execute(sql, (json.dumps(answers),)).fetchall())


def _hundredths(pounds: str) -> int:
    return int(Decimal(pounds) * 100)

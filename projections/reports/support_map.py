"""Who supports a school now: by which route, commissioned and paid by whom, on what grounds."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.selection import Said
from ledger.store.base import EntryStore
from projections.reports.asking import (
    AboutSchool,
    Marked,
    Provider,
    Question,
    in_words,
    titled,
    words,
)
from projections.reports.base import Report, as_far_as_asked, heading
from projections.reports.columns import (
    AGREEMENT,
    BROKER,
    COMMISSIONER,
    EVENTS,
    LAST_POSITION,
    LEFT_TO_GIVE,
    MARKS,
    PAYER,
    PROVIDER,
    PROVIDER_NAME,
    RECEIVER,
    SAID_BY,
    Column,
    hidden,
)
from projections.reports.marks import explained
from projections.reports.names import Names
from projections.reports.owes import Asked as WhatIsOwed
from projections.reports.owes import amount, balances, openings
from projections.reports.resting import Resting
from projections.reports.standing import LISTED, Offices, among, ended_lines
from projections.reports.standing import agreements as agreements_in_course
from projections.reports.statements import said_about
from projections.reports.support import agreements
from projections.reports.targets import in_conflict
from projections.tables.layouts import LAST_DUE_ON
from projections.tables.views import Moment

if TYPE_CHECKING:
    from projections.pictures.base import Picture

_PARTIES = ("commissioner", "payer", "broker")
COLUMNS = (
    Column("receiver_name", "Receiver", "Who is supported, as called on the day asked for."),
    PROVIDER_NAME,
    Column("route", "Route", "By which route the support came.", "code"),
    Column("commissioner_name", "Commissioned by", "Who commissioned it, if anybody."),
    Column(
        *("payer_name", "Paid by"),
        "Who owes the price, if there is one: the receiver, or who approved the offer.",
    ),
    Column("broker_name", "Brokered by", "Who brought both together, if anybody."),
    Column("adviser_name", "Adviser", "Who holds the office of adviser at the school then."),
    Column(
        "helped_areas", "Helped with", "The evaluation areas that were offered to be helped with."
    ),
    Column("grounds", "Grounds", "What called for it, if that was said."),
    Column("starts", "From", "The first day of the agreement.", "date"),
    Column("ends", "To", "The last day of the agreement, by which its days are due.", "date"),
    Column("agreed_days", "Agreed", "Days that were agreed.", "amount", summed="day"),
    Column(
        "confirmed_days", "Confirmed", "Days that the receiver confirmed.", "amount", summed="day"
    ),
    LEFT_TO_GIVE,
    Column("last_review", "Last review", "The day on which it was reviewed last.", "date"),
    Column("next_review", "Next review", "The day by which it is to be reviewed next.", "date"),
    MARKS,
    *hidden(
        RECEIVER,
        PROVIDER,
        COMMISSIONER,
        PAYER,
        BROKER,
        AGREEMENT,
        EVENTS,
        SAID_BY,
        LAST_POSITION,
    ),
)


class Asked(NamedTuple):
    """Whose support: a school's, or anybody's; of one provider; only what bears a mark."""

    about: AboutSchool = None
    provider: Provider = None
    marked: Marked = False


def support_map(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked
) -> Report:
    """Return the arrangements that go on, or of which days are left."""
    names = Names(connection, store, at)
    around = _Around(connection, store, at, asked)
    rows = [around.row(one, names) for one in around.live]
    resting = Resting(connection, at, (event for row in rows for event in row["events"]))
    for row in rows:
        row.update(resting.of(row["events"]))
    rows = [row for row in rows if row["marks"] or not asked.marked]
    rows.sort(key=lambda row: (row["receiver_name"], row["ends"], row["position"]))
    said = in_words(asked, names)
    return Report(
        name="map",
        title=titled("Who supports whom", said),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=as_far_as_asked("No support goes on.", said),
        notes=[*_demands(connection, store, at, asked.about, names), *explained(rows)],
        asked=said,
        picture=_picture,
    )


def _picture(rows: Sequence[dict[str, Any]]) -> Picture | None:
    from projections.reports.support_map_picture import picture  # noqa: PLC0415 - only if drawn

    return picture(rows)


def _demands(
    connection: sqlite3.Connection,
    store: EntryStore,
    at: Moment,
    school: str | None,
    names: Names,
) -> Iterator[str]:
    """Say to how many bodies a school owes anything on the day, and which targets conflict."""
    if school is None:
        return
    owed = balances(connection, at, WhatIsOwed(by=school))
    bodies = {row["creditor"] for row in owed if row["creditor"].startswith("body:")}
    told = ", ".join(sorted(map(names.party, bodies)))
    have = "has" if len(bodies) == 1 else "have"
    if not bodies:
        yield "No council, trust or other body has a demand of it that is still open."
    else:
        yield (
            f"Of councils, trusts and other bodies {len(bodies)} {have} open demands of it: {told}."
        )
    yield from in_conflict(connection, store, at, school, names)


class _Around:
    """What the rows draw on: agreements, what was offered, reviews, and who advises."""

    def __init__(
        self, connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked
    ) -> None:
        self._at = at
        stand = agreements(connection, at, asked.provider, asked.about)
        course = agreements_in_course(
            connection, at, *among("event", [one["agreement"] for one in stand])
        )
        self._course = {row["event"]: row for row in course}
        self._ended = ended_lines(connection, at)
        self.live = [one for one in stand if self._is_live(one, asked.about)]
        events = [one["agreement"] for one in self.live]
        about = partial(said_about, connection, store, at)
        self._agreed: dict[str, Said] = {}
        self._reviews: dict[str, list[Said]] = defaultdict(list)
        for one in about(("SupportAgreed", "ReviewHeld"), events):
            if one.name == "SupportAgreed":
                self._agreed[one.event] = one
            else:
                for reference in one.data["agreements"]:
                    self._reviews[reference.partition(":")[2]].append(one)
        self.live = [one for one in self.live if one["agreement"] in self._agreed]
        offers = [_id(one.data["offer"]) for one in self._agreed.values()]
        self._offers = {one.event: one for one in about(("SupportOffered",), offers)}
        named = [_id(one.data.get("trigger", "")) for one in self._agreed.values()]
        self._grounds = openings(connection, named)
        self._next = _next_reviews(connection, at, events)
        self._offices = Offices(connection, at)

    def _is_live(self, one: dict[str, Any], school: str | None) -> bool:
        """Whether support goes on, or days of it are left; whoever ended gives and takes none."""
        course = self._course.get(one["agreement"])
        if course is None or (school is not None and one["creditor"] != school):
            return False
        if not self._ended.keys().isdisjoint((one["debtor"], one["creditor"])):
            return False
        goes_on = course["over"] is None and course["ends"] >= self._at.as_of
        return bool(goes_on or one["outstanding"] > 0)

    def row(self, one: dict[str, Any], names: Names) -> dict[str, Any]:
        agreement = one["agreement"]
        agreed, course = self._agreed[agreement], self._course[agreement]
        offer = self._offers.get(_id(agreed.data["offer"]))
        offered = offer.data if offer else {}
        reviews = self._reviews[agreement]
        advisers = self._offices.holders(f"adviser@{one['creditor']}")
        parties = {name: agreed.data.get(name) for name in _PARTIES}
        if parties["payer"] not in (agreed.data["receiver"], *agreed.data.get("approved_by", ())):
            parties["payer"] = None
        named = {f"{name}_name": names.party(who) if who else "" for name, who in parties.items()}
        return {
            **parties,
            **named,
            "receiver_name": names.party(one["creditor"]),
            "provider_name": names.party(one["debtor"]),
            "route": offered.get("route"),
            "adviser_name": ", ".join(names.person(term["person"]) for term in advisers),
            "helped_areas": ", ".join(map(words, offered.get("areas", ()))),
            "grounds": self._grounds.get(_id(agreed.data.get("trigger", "")), ""),
            "starts": agreed.data["starts"],
            "ends": course["ends"],
            "agreed_days": amount(one["agreed"], "day"),
            "confirmed_days": amount(one["confirmed"], "day"),
            "left": amount(one["outstanding"], "day"),
            "last_review": max((review.day for review in reviews), default=None),
            "next_review": self._next.get(agreement),
            "receiver": one["creditor"],
            "provider": one["debtor"],
            "agreement": agreement,
            "events": [
                *([offer.event] if offer else []),
                *one["events"],
                *course["by"],
                *(review.event for review in reviews),
            ],
        }


def _id(reference: str) -> str:
    return reference.partition(":")[2]


def _next_reviews(
    connection: sqlite3.Connection, at: Moment, agreements: Iterable[str]
) -> dict[str, str]:
    """Return the day by which each agreement is to be reviewed next."""
    sql = f"""
        SELECT substr(about, 7) AS agreement, min(due_on) AS due_on FROM (
            SELECT about, {LAST_DUE_ON} AS due_on, sum(amount) AS outstanding FROM postings
            WHERE about IN {LISTED} AND kind = 'review'
              AND position <= :known AND effective_on <= :as_of
            GROUP BY obligation HAVING outstanding > 0
        ) GROUP BY about
    """  # noqa: S608 - conditions of our own
    chosen = json.dumps([f"event:{one}" for one in agreements])
    asked = {"chosen": chosen, "known": at.known_at, "as_of": at.as_of}
    return dict(connection.execute(sql, asked).fetchall())


QUESTION = Question(
    name="map",
    tells="""Show who supports a school now: by which route, commissioned and paid by whom, on what
    grounds, what is left of it, and when it is reviewed; which bodies have open demands of it, and
    which targets cannot all be met. Without a school, of all, and of no demands.
    """,
    asked=Asked,
    answer=support_map,
    examples=("--about 900003", "--provider 900001", "--about 900003 -o map.html"),
    of_part="about",
)

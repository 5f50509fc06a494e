"""How one provider does across schools: what it agreed, what was confirmed, what it claims.

Concerns and answers to claims of impact have no columns yet.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from ledger.selection import Said
from ledger.store.base import EntryStore
from projections.reports.asking import (
    About,
    From,
    Marked,
    Overdue,
    Provider,
    Question,
    To,
    in_words,
    titled,
    words,
)
from projections.reports.base import Report, as_far_as_asked, heading
from projections.reports.columns import (
    AGREEMENT,
    BEYOND,
    BROKER,
    COMMISSIONER,
    EVENTS,
    LAST_POSITION,
    LATE_DAYS,
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
from projections.reports.owes import amount
from projections.reports.resting import Resting
from projections.reports.standing import agreements as agreements_in_course
from projections.reports.standing import among
from projections.reports.statements import said_about
from projections.reports.support import agreements
from projections.tables.views import Moment

COLUMNS = (
    PROVIDER_NAME,
    Column("receiver_name", "Receiver", "Who is supported, as called on the day asked for."),
    Column("starts", "From", "The first day of the agreement.", "date"),
    Column("ends", "To", "The last day of the agreement, by which its days are due.", "date"),
    Column("agreed_days", "Agreed", "Days that were agreed.", "amount", summed="day"),
    Column(
        "confirmed_days", "Confirmed", "Days that the receiver confirmed.", "amount", summed="day"
    ),
    Column(
        "waived_days",
        "Waived",
        "Days that were waived or replaced, or are void with a party that is gone.",
        "amount",
        summed="day",
    ),
    LEFT_TO_GIVE,
    LATE_DAYS,
    Column("visits", "Visits", "How many visits were confirmed for it.", "number", summed="visit"),
    Column("reviews", "Reviews", "How many reviews of it were held.", "number", summed="review"),
    Column(
        "how_it_ended",
        "How it ended",
        "Completed, stopped or replaced, if somebody ended it by the day asked for.",
    ),
    Column("ended_on", "Ended on", "The last day, if somebody ended it.", "date"),
    Column(
        "claimed", "Impact claimed", "The areas in which either side claims an impact, and which."
    ),
    Column("pounds", "Price", "Pounds that were asked for it, if any.", "pounds", summed="GBP"),
    MARKS,
    *hidden(
        Column(
            "impact_confirmed",
            "Impact confirmed",
            "Of the impact claimed, what the other side confirmed, and which side had claimed it.",
        ),
        Column(
            "impact_contested",
            "Impact contested",
            "Of the impact claimed, what the other side contested, and which side had claimed it.",
        ),
        Column(
            "concerns",
            "Concerns",
            "How many concerns were raised about it, but for those raised in confidence.",
            "number",
            rests_on="raised",
        ),
        Column("agreed_on", "Agreed on", "The day on which it was agreed.", "date"),
        Column("offered_days", "Offered", "Days that were offered for it.", "amount"),
        BEYOND,
        Column("route", "Route", "By which route the support came.", "code"),
        COMMISSIONER,
        BROKER,
        PAYER,
        PROVIDER,
        RECEIVER,
        AGREEMENT,
        Column("raised", "Raised", "The events that raise these concerns.", "events"),
        Column("accounts", "Accounts", "The events in which impact is claimed.", "events"),
        SAID_BY,
        EVENTS,
        LAST_POSITION,
    ),
)


class Asked(NamedTuple):
    """Which agreements: of a provider, of a party on either side, agreed from a day to a day."""

    provider: Provider = None
    about: About = None
    since: From = None
    to: To = None
    overdue: Overdue = False
    marked: Marked = False


def provider(connection: sqlite3.Connection, store: EntryStore, at: Moment, asked: Asked) -> Report:
    """Return the agreements of providers, each with what became of it, first due first."""
    names = Names(connection, store, at)
    stand = agreements(connection, at, asked.provider, asked.about)
    said = _Said(connection, store, at, [one["agreement"] for one in stand])
    found = [one for one in stand if said.is_within(one["agreement"], asked)]
    resting = Resting(connection, at, (event for one in found for event in said.events(one)))
    rows = [_row(one, said, at, names) | resting.of(said.events(one)) for one in found]
    rows = [row for row in rows if row["late_days"] != "0.0" or not asked.overdue]
    rows = [row for row in rows if row["marks"] or not asked.marked]
    told = in_words(asked, names)
    return Report(
        name="provider",
        title=titled("What supporting organisations agreed and gave", told),
        heading=heading(connection, store, at),
        columns=COLUMNS,
        rows=rows,
        empty=as_far_as_asked("No support was agreed.", told),
        notes=explained(rows),
        asked=told,
    )


class _Said:
    """What was said of agreements: the offers that they took up, and the impact claimed."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        store: EntryStore,
        at: Moment,
        agreements: Sequence[str],
    ) -> None:
        about = partial(said_about, connection, store, at)
        self.agreed: dict[str, Said] = {}
        self._accounts: dict[str, list[Said]] = defaultdict(list)
        self._reviews: dict[str, list[str]] = defaultdict(list)
        own = among("event", agreements)
        self._course = {row["event"]: row for row in agreements_in_course(connection, at, *own)}
        self._concerns: dict[str, list[str]] = defaultdict(list)
        types = ("SupportAgreed", "ImpactReported", "ReviewHeld", "ConcernRaised")
        for one in about(types, agreements):
            if one.name == "SupportAgreed":
                self.agreed[one.event] = one
            elif one.name == "ReviewHeld":
                for reference in one.data["agreements"]:
                    self._reviews[reference].append(one.event)
            elif one.name == "ConcernRaised":
                self._concerns[one.data["agreement"]].append(one.event)
            else:
                self._accounts[one.data.get("agreement", "")].append(one)
        offers = [one.data["offer"].partition(":")[2] for one in self.agreed.values()]
        told = [account.event for several in self._accounts.values() for account in several]
        self._answers = {
            one.data["impact"].partition(":")[2]: one for one in about(("ImpactAnswered",), told)
        }
        self._offers = {f"offer:{one.event}": one for one in about(("SupportOffered",), offers)}

    def is_within(self, agreement: str, asked: Asked) -> bool:
        """Whether it stands, and was agreed between the days that are asked for."""
        agreed = self.agreed.get(agreement)
        return agreed is not None and (asked.since or "") <= agreed.day <= (asked.to or agreed.day)

    def offer(self, agreement: str) -> Said | None:
        return self._offers.get(self.agreed[agreement].data["offer"])

    def accounts(self, agreement: str) -> list[Said]:
        return self._accounts.get(f"agreement:{agreement}", [])

    def answered(self, agreement: str, answer: str) -> list[Said]:
        """Return the accounts of an agreement that the other side answered so."""
        answers = ((one, self._answers.get(one.event)) for one in self.accounts(agreement))
        return [one for one, said in answers if said and said.data["answer"] == answer]

    def reviews(self, agreement: str) -> list[str]:
        return list(dict.fromkeys(self._reviews.get(f"agreement:{agreement}", ())))

    def concerns(self, agreement: str) -> list[str]:
        """Return the events that raise a concern about an agreement."""
        return self._concerns.get(f"agreement:{agreement}", [])

    def course(self, agreement: str) -> dict[str, Any]:
        """Return the last day that an agreement has by now, and how it is over, by which events."""
        return self._course[agreement]

    def events(self, one: dict[str, Any]) -> list[str]:
        """Return the events that the figures of an agreement rest on."""
        offer = self.offer(one["agreement"])
        course = self._course[one["agreement"]]["by"]
        told = (*self.reviews(one["agreement"]), *self.concerns(one["agreement"]), *course)
        return [*([offer.event] if offer else []), *one["events"], *told]


def _row(one: dict[str, Any], said: _Said, at: Moment, names: Names) -> dict[str, Any]:
    agreed, accounts = said.agreed[one["agreement"]], said.accounts(one["agreement"])
    offer = said.offer(one["agreement"])
    offered = offer.data if offer else {}
    course = said.course(one["agreement"])
    is_late = one["due_on"] is not None and one["due_on"] < at.as_of
    return {
        "provider_name": names.party(one["debtor"]),
        "receiver_name": names.party(one["creditor"]),
        "starts": agreed.data["starts"],
        "ends": course["ends"],
        "waived_days": amount(one["waived"], "day"),
        "reviews": len(said.reviews(one["agreement"])),
        "how_it_ended": course["over"],
        "ended_on": course["ends"] if course["over"] else None,
        "agreed_on": agreed.day,
        "agreed_days": amount(one["agreed"], "day"),
        "confirmed_days": amount(one["confirmed"], "day"),
        "left": amount(one["outstanding"], "day"),
        "late_days": amount(one["outstanding"] if is_late else 0, "day"),
        "visits": one["visits"],
        "claimed": _areas(one, accounts),
        "impact_confirmed": _areas(one, said.answered(one["agreement"], "confirmed")),
        "impact_contested": _areas(one, said.answered(one["agreement"], "contested")),
        "concerns": len(said.concerns(one["agreement"])),
        "raised": said.concerns(one["agreement"]),
        "pounds": agreed.data.get("price"),
        "offered_days": offered.get("days"),
        "beyond": amount(one["beyond"], "day"),
        "route": offered.get("route"),
        "commissioner": agreed.data.get("commissioner"),
        "broker": agreed.data.get("broker"),
        "payer": offered.get("payer"),
        "provider": one["debtor"],
        "receiver": one["creditor"],
        "agreement": one["agreement"],
        "accounts": [account.event for account in accounts],
    }


def _areas(one: dict[str, Any], accounts: Sequence[Said]) -> str:
    return ", ".join(dict.fromkeys(_claimed(one, account) for account in accounts))


def _claimed(one: dict[str, Any], account: Said) -> str:
    side = "provider" if account.data["reporter"] == one["debtor"] else "receiver"
    return f"{words(account.data['area'])} (by the {side})"


QUESTION = Question(
    name="provider",
    tells="Show how supporting organisations do: what each agreed, what was confirmed and claimed.",
    asked=Asked,
    answer=provider,
    examples=("--provider 900001", "--about 900003 --overdue", "-o providers.ods"),
    of_part="about",
)

"""How one provider does across schools: what it agreed, what was confirmed, what it claims.

Reviews, concerns, answers to claims of impact and the ends of agreements are not recorded yet; so
there are no columns for them.
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
from projections.reports.base import Report, heading
from projections.reports.columns import (
    BEYOND,
    EVENTS,
    LAST_POSITION,
    LATE_DAYS,
    LEFT_TO_GIVE,
    MARKS,
    PROVIDER,
    PROVIDER_NAME,
    SAID_BY,
    Column,
    hidden,
)
from projections.reports.marks import explained
from projections.reports.names import Names
from projections.reports.owes import amount
from projections.reports.resting import Resting
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
    LEFT_TO_GIVE,
    LATE_DAYS,
    Column("visits", "Visits", "How many visits were confirmed for it.", "number", summed="visit"),
    Column(
        "claimed", "Impact claimed", "The areas in which either side claims an impact, and which."
    ),
    Column("pounds", "Price", "Pounds that were asked for it, if any.", "pounds", summed="GBP"),
    MARKS,
    *hidden(
        Column("agreed_on", "Agreed on", "The day on which it was agreed.", "date"),
        Column("offered_days", "Offered", "Days that were offered for it.", "amount"),
        BEYOND,
        Column("route", "Route", "By which route the support came.", "code"),
        Column("commissioner", "Commissioner", "Who commissioned it, if anybody.", "party"),
        Column("broker", "Broker", "Who brought both together, if anybody.", "party"),
        Column("payer", "Payer", "Who pays the price, if there is one.", "party"),
        PROVIDER,
        Column("receiver", "Receiver's reference", "Who is supported.", "party"),
        Column("agreement", "Agreement", "The event of the agreement.", "event"),
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
        empty="No such support was agreed.",
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
        for one in about(("SupportAgreed", "ImpactReported"), agreements):
            if one.name == "SupportAgreed":
                self.agreed[one.event] = one
            else:
                self._accounts[one.data.get("agreement", "")].append(one)
        offers = [one.data["offer"].partition(":")[2] for one in self.agreed.values()]
        self._offers = {f"offer:{one.event}": one for one in about(("SupportOffered",), offers)}

    def is_within(self, agreement: str, asked: Asked) -> bool:
        """Whether it stands, and was agreed between the days that are asked for."""
        agreed = self.agreed.get(agreement)
        return agreed is not None and (asked.since or "") <= agreed.day <= (asked.to or agreed.day)

    def offer(self, agreement: str) -> Said | None:
        return self._offers.get(self.agreed[agreement].data["offer"])

    def accounts(self, agreement: str) -> list[Said]:
        return self._accounts.get(f"agreement:{agreement}", [])

    def events(self, one: dict[str, Any]) -> list[str]:
        """Return the events that the figures of an agreement rest on."""
        offer = self.offer(one["agreement"])
        return [*([offer.event] if offer else []), *one["events"]]


def _row(one: dict[str, Any], said: _Said, at: Moment, names: Names) -> dict[str, Any]:
    agreed, accounts = said.agreed[one["agreement"]], said.accounts(one["agreement"])
    offer = said.offer(one["agreement"])
    offered = offer.data if offer else {}
    is_late = one["due_on"] is not None and one["due_on"] < at.as_of
    return {
        "provider_name": names.party(one["debtor"]),
        "receiver_name": names.party(one["creditor"]),
        "starts": agreed.data["starts"],
        "ends": agreed.data["ends"],
        "agreed_on": agreed.day,
        "agreed_days": amount(one["agreed"], "day"),
        "confirmed_days": amount(one["confirmed"], "day"),
        "left": amount(one["outstanding"], "day"),
        "late_days": amount(one["outstanding"] if is_late else 0, "day"),
        "visits": one["visits"],
        "claimed": ", ".join(dict.fromkeys(_claimed(one, account) for account in accounts)),
        "pounds": offered.get("price"),
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


def _claimed(one: dict[str, Any], account: Said) -> str:
    side = "provider" if account.data["reporter"] == one["debtor"] else "receiver"
    return f"{words(account.data['area'])} (by the {side})"


QUESTION = Question(
    name="provider",
    tells="Show how supporting organisations do: what each agreed, what was confirmed and claimed.",
    asked=Asked,
    answer=provider,
    examples=("--provider 900001", "--about 900003 --overdue", "-o providers.ods"),
)

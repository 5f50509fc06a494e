"""What answers something that waits: which event, and what the record tells of its members.

The rows of the kinds of obligation say which event answers; what the event that asked says under
the same name is proposed: a host confirms the days that were claimed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from cli.record import defaults
from cli.record.drafting import Asked, so_far
from cli.record.model_members import Member, events_members, given
from ledger.decision_model import created
from ledger.decision_model.kinds import Kind, Owed, Way, kind_named
from ledger.decision_model.rules import Case
from ledger.domain import decide
from ledger.domain.moderation.kinds import MODERATION
from ledger.events import CREATORS
from ledger.events.base import Event
from ledger.events.brokerage import SupportAgreed, SupportVariationAccepted
from ledger.recording.application import Ledger
from ledger.values import event_id, party_kind
from projections.reports.inbox import OFFER, VARIATION

_SIDES = frozenset({"school", "body"})
#: What accepts something that was proposed, and the member that names that.
_PROPOSED: dict[str, tuple[type[Event], str]] = {
    OFFER: (SupportAgreed, "offer"),
    VARIATION: (SupportVariationAccepted, "variation"),
}
#: The members that name whose judgement or visit it is, and who does not accept it.
_OF_A_DISPUTE = ("judge", "about", "visitor", "host")


class Answering(NamedTuple):
    """What waits, a row of the inbox, and which offices are to answer it, in a ledger."""

    ledger: Ledger
    connection: sqlite3.Connection
    row: dict[str, Any]
    offices: Sequence[str]

    def ways(self) -> list[Way]:
        """Return the events that answer it, each with what the obligation tells of its members."""
        row, about = self.row, self._about()
        if row["kind"] in _PROPOSED:
            event, member = _PROPOSED[row["kind"]]
            return [Way(event, {member: about})]
        kind = kind_named(row["kind"])
        if kind is None:
            return []
        debtor = self._asked_of(kind)
        owed = Owed(row["obligation"], debtor, row["creditor"], about, self._asked())
        return list(kind.ways(owed))

    def _asked_of(self, kind: Kind) -> str:
        """Return who was asked, in whose name an answer is given, whoever has their place now."""
        look, row = self.ledger.look, self.row
        opener = look(created.recorded(event_id(row["obligation"])))
        sides = kind.sides(look, opener, row["obligation"]) if opener else ()
        return str(sides[0] if sides else row["debtor"])

    def elsewhere(self) -> str | None:
        """Return what to do where somebody else answers: who is a side moderates nothing.

        It owes that a moderator is found, and nobody can find one by a statement.
        """
        said, debtor = self._asked(), self.row["debtor"]
        if self.row["kind"] != MODERATION.name or debtor not in map(said.get, _OF_A_DISPUTE):
            return None
        what, _, event = self._about().partition(":")
        return (
            "Ask somebody of another party, without an office at either of the two, to record"
            f" what they find: `school-ledger record JudgementModerated --{what} {event}`."
        )

    def told(self, way: Way) -> dict[str, Any]:
        """Return what is told of an answer by what is owed, who signs, what was recorded last."""
        data = dict(way.data)
        for member in lacking(way, data):
            if defaults.sometimes(way.event, member.path[0]):
                value = self._recorded(member, way, data)
            else:
                value = self._side(member, way, data) or self._latest(member)
            if value is not None:
                data[member.path[0]] = value
        return data

    def proposed(self, way: Way, data: dict[str, Any]) -> dict[str, Any]:
        """Return what the event that asked says of the members that are still lacking.

        What is claimed of an obligation is another thing than what was agreed: nothing is proposed.
        """
        kind = kind_named(self.row["kind"])
        if kind is not None and way.event in kind.claims:
            return {}
        said = self._asked()
        names = [member.path[0] for member in lacking(way, data) if len(member.path) == 1]
        return {name: _remaining(name, said) for name in names if name in said}

    def _asked(self) -> dict[str, Any]:
        data: dict[str, Any] = self.ledger.find(self.row["opened_by"]).data
        return data

    def _about(self) -> str:
        """Return what it is about as a statement names it: `visit:<id>` for `event:<id>`."""
        tag: str = self.row["about"]
        if not tag.startswith("event:"):
            return tag
        name = self.ledger.find(tag).name
        kinds = (kind for kind, event in CREATORS.items() if event.__name__ == name)
        return tag.replace("event", next(kinds, "event"), 1)

    def _recorded(self, member: Member, way: Way, data: dict[str, Any]) -> Any:
        """Return what the record tells of a member by what is said so far; None if nothing."""
        asked = Asked(way.event, data, self.ledger.today())
        return decide.complete(so_far(self.ledger, asked), self.ledger.look).get(member.path[0])

    def _side(self, member: Member, way: Way, data: dict[str, Any]) -> str | None:
        """Return the debtor where that lets an office of theirs sign; else the creditor if one."""
        if not _SIDES & set(member.named):
            return None
        debtor, creditor = self.row["debtor"], self.row["creditor"]
        if debtor not in data.values() and self._may_sign(way, {**data, member.path[0]: debtor}):
            return str(debtor)
        return str(creditor) if party_kind(creditor) in _SIDES else None

    def _may_sign(self, way: Way, data: dict[str, Any]) -> bool:
        entry = so_far(self.ledger, Asked(way.event, data, self.ledger.today()))
        case: Case[Any] = Case(entry, self.ledger.look)
        rule = decide.RULES[way.event.__name__]
        return any(office in by.offices(case) for by in rule.by for office in self.offices)

    def _latest(self, member: Member) -> str | None:
        """Return the latest thing of the kind that a member names, at the party concerned."""
        creators = [CREATORS[kind] for kind in member.named if kind in CREATORS]
        if len(creators) != 1 or self.row["about"].startswith("event:"):
            return None
        found = self.connection.execute(
            "SELECT e.event FROM mentions m JOIN entries e ON e.position = m.position"
            " WHERE m.party = ? AND e.type = ? ORDER BY e.position DESC LIMIT 1",
            (self.row["about"], creators[0].__name__),
        ).fetchone()
        return f"{member.named[0]}:{found[0]}" if found else None


def _remaining(name: str, said: dict[str, Any]) -> Any:
    """Return what an event says of a member: of days those that are not confirmed already."""
    if name == "days" and "confirmed_before" in said:
        return str(Decimal(said["days"]) - Decimal(said["confirmed_before"]))
    return said[name]


def lacking(way: Way, data: dict[str, Any]) -> list[Member]:
    """Return the members that must be said, that nothing has told yet, and nothing will."""
    return [
        member
        for member in events_members(way.event)
        if member.required
        and given(data, member.path) is None
        and not defaults.filled(way.event, member)
    ]

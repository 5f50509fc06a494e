"""Facts about what was recorded for others: what an office has answered, and what waits for it."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from ledger.decision_model import created
from ledger.decision_model.created import FOR_OFFICE
from ledger.decision_model.facts import Fact, Family, Look
from ledger.domain.correction.dependents import references_of
from ledger.events import CATALOGUE
from ledger.events.another import RecordConfirmed, RecordDisowned
from ledger.format.entry import Entry
from ledger.values import event_id, office_party, party_kind, tags_of
from ledger.withdrawals import taken_back

THE_LEDGER = "ledger"
"""The party of the registry, to which an answer is owed where a registrar recorded."""
KIND = "record_confirmation"

Answer = Literal["confirmed", "disowned"]


class Recorded(NamedTuple):
    """An event that was recorded for an office: its id, and the party of who recorded it."""

    event: str
    by: str


class Pending(NamedTuple):
    """What waits for an office to confirm or disown it, and the obligation that is open for it."""

    waiting: tuple[Recorded, ...] = ()
    obligation: str | None = None

    def events(self) -> tuple[str, ...]:
        """Return the events that wait, in the order of recording."""
        return tuple(one.event for one in self.waiting)

    def after(self, entry: Entry[Any], office: str) -> Pending:
        """Return what waits once an entry is recorded; a first one opens the obligation.

        It goes on though that first one is taken back, for as long as others wait.
        """
        gone = {*answered_by(entry), *taken_back(entry.name, entry.data)}
        waiting = tuple(one for one in self.waiting if one.event not in gone)
        if entry.data.get(FOR_OFFICE) == office:
            waiting = (*waiting, Recorded(entry.id, office_party(entry.office) or THE_LEDGER))
        if not waiting:
            return Pending()
        return Pending(waiting, self.obligation or f"{entry.id}/{KIND}")


def answered_by(entry: Entry[Any]) -> list[str]:
    """Return the ids of the events that an entry confirms or disowns."""
    if entry.name not in ANSWERS:
        return []
    return [reference.partition(":")[2] for reference in entry.data.get("events", ())]


def _answered(value: Answer | None, entry: Entry[Any], tag: str) -> Answer | None:
    is_named = tag.partition(":")[2] in answered_by(entry)
    return ANSWERS[entry.name] if value is None and is_named else value


def _pending(value: Pending, entry: Entry[Any], tag: str) -> Pending:
    office = tag.partition(":")[2]
    if value.waiting or entry.data.get(FOR_OFFICE) == office:
        return value.after(entry, office)
    return value


#: How an office answers, by the event that says so.
ANSWERS: dict[str, Answer] = {
    RecordConfirmed.__name__: "confirmed",
    RecordDisowned.__name__: "disowned",
}
ANSWERED: Family[Answer | None] = Family(
    "answered",
    "event",
    None,
    {RecordConfirmed: _answered, RecordDisowned: _answered},
    whole=True,
)
PENDING: Family[Pending] = Family(
    "pending", "office", Pending(), dict.fromkeys(CATALOGUE, _pending), whole=True
)


def answered(event: str) -> Fact[Answer | None]:
    """Return how the office answered for which the event of this id was recorded; None if not."""
    return ANSWERED.at(f"event:{event}")


def pending(office: str) -> Fact[Pending]:
    """Return what was recorded for an office and waits for its answer."""
    return PENDING.at(f"office:{office}")


def rests_on_disowned(look: Look, event: str) -> bool:
    """Return whether an event names another that was recorded for an office and disowned by it."""
    said = look(created.recorded(event))
    named = references_of(said.data) if said else ()
    tags = {tag for reference in named for tag in tags_of(reference)}
    return any(
        look(answered(event_id(tag))) == "disowned" for tag in tags if party_kind(tag) == "event"
    )

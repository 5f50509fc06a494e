"""The answer that a party owes for what was recorded for an office of its that had no key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from ledger.decision_model import created
from ledger.decision_model.created import FOR_OFFICE, Mention
from ledger.decision_model.facts import Look
from ledger.decision_model.kinds import Ground, Kind, Owed, Way
from ledger.decision_model.postings import Sheet, Unit
from ledger.domain.another.facts import KIND, PENDING, THE_LEDGER, Pending, pending
from ledger.domain.registers import offices
from ledger.events.another import RecordConfirmed, RecordDisowned
from ledger.events.correction import EventWithdrawn
from ledger.events.registers import Appointed, KeyEnrolled
from ledger.format.entry import Entry
from ledger.values import REGISTRAR, event_id, office_party

DAYS_TO_CONFIRM = 30
"""So many days after a holder first has a key is an answer due."""


class RecordConfirmation(Kind):
    """One for each office, from the first event recorded for it until none waits any more.

    Any event may open it. It falls due once a holder of the office has a key.
    """

    name = KIND
    title = "answer to what was recorded for it"
    unit: Unit = "item"
    ground: Ground = "answer"
    asks = (
        PENDING,
        offices.OFFICE,
        offices.OFFICES,
        offices.KEYS,
        offices.KEY,
        offices.REGISTRAR_SINCE,
    )
    changed_by = frozenset(
        event.__name__
        for event in (RecordConfirmed, RecordDisowned, EventWithdrawn, KeyEnrolled, Appointed)
    )

    def ways(self, owed: Owed) -> Iterator[Way]:
        """Go through the answers: all that waits is confirmed, or what is named is disowned."""
        office = owed.said.get(FOR_OFFICE, owed.said.get("office"))
        yield Way(RecordConfirmed, {"office": office})
        yield Way(RecordDisowned, {"office": office})

    def settles(self, entry: Entry[Any], look: Look) -> Iterator[str]:
        """Go through what an entry answers, or makes fall due because somebody has a key now."""
        for office in _offices(entry, look):
            before = look(pending(office))
            after = before.after(entry, office)
            if before.obligation is not None and after.obligation != before.obligation:
                yield before.obligation
        yield from (obligation for obligation, _ in _falling_due(entry, look))

    def post(self, entry: Entry[Any], sheet: Sheet) -> None:
        """Post what an entry opens, answers, or makes fall due."""
        for office in _offices(entry, sheet.look):
            before = sheet.look(pending(office))
            self._post(before, before.after(entry, office), office, entry, sheet)
        for obligation, day in _falling_due(entry, sheet.look):
            if all(line.due_on is None for line in sheet.account(obligation).lines):
                sheet.reschedule(obligation, day, day=sheet.day)

    def _post(
        self, before: Pending, after: Pending, office: str, entry: Entry[Any], sheet: Sheet
    ) -> None:
        if before.obligation is not None and after.obligation != before.obligation:
            if entry.name == EventWithdrawn.__name__:
                sheet.void(before.obligation)
            else:
                sheet.discharge(before.obligation)
        if after.obligation is not None and after.obligation != before.obligation:
            sheet.open(
                KIND,
                debtor=office_party(office) or THE_LEDGER,
                creditor=after.waiting[0].by,
                due_on=None,
                about=f"event:{entry.id}",
            )
        elif after.obligation is not None:
            sheet.keep(after.obligation)

    def sides(self, look: Look, opener: Mention, obligation: str) -> Sequence[str]:  # noqa: ARG002 - told by its opener
        """Return who owes it and to whom, where what was recorded first opened it."""
        office = opener.data.get(FOR_OFFICE)
        if office is None:
            return ()
        return office_party(office) or THE_LEDGER, office_party(opener.office) or THE_LEDGER


def _offices(entry: Entry[Any], look: Look) -> list[str]:
    """Return the office whose records an entry adds to or answers; none for most entries."""
    if FOR_OFFICE in entry.data:
        return [entry.data[FOR_OFFICE]]
    if entry.name == EventWithdrawn.__name__:
        said = look(created.recorded(event_id(entry.data.get("event", ""))))
        return [said.data[FOR_OFFICE]] if said is not None and FOR_OFFICE in said.data else []
    answers = (RecordConfirmed.__name__, RecordDisowned.__name__)
    return [entry.data["office"]] if entry.name in answers and "office" in entry.data else []


def _falling_due(entry: Entry[Any], look: Look) -> Iterator[tuple[str, date]]:
    """Go through what falls due by an entry, each with the day: its office has a key now.

    What waits for an office is told by all that names it, which may be much: it is asked only
    where nobody had a key before.
    """
    said = entry.data
    if entry.name == KeyEnrolled.__name__ and "person" in said:
        if not offices.has_live_key(look, said["person"]):
            for office in look(offices.offices_of(said["person"])):
                yield from _due_from(office, said["person"], entry, look)
    elif entry.name == Appointed.__name__ and {"office", "person", "effective_on"} <= said.keys():
        able = offices.has_live_key(look, said["person"])
        waits = _waits(said["office"], entry.recorded_on, look) if able else None
        if waits is not None:
            first = max(entry.recorded_on, date.fromisoformat(said["effective_on"]))
            yield waits, first + timedelta(DAYS_TO_CONFIRM)


def _waits(office: str, day: date, look: Look) -> str | None:
    """Return the answer that an office owes, if nobody there had a key by which it fell due."""
    tenures = look(offices.office(office))
    holding = offices.holding(office, tenures, day)
    if office == REGISTRAR or any(offices.has_live_key(look, one.person) for one in holding):
        return None
    return look(pending(office)).obligation


def _due_from(
    office: str, person: str, entry: Entry[Any], look: Look
) -> Iterator[tuple[str, date]]:
    waits = _waits(office, entry.recorded_on, look)
    if waits is None:
        return
    tenures = look(offices.office(office))
    day = entry.recorded_on
    if any(offices.held_by(office, tenures, person, day)):
        yield waits, day + timedelta(DAYS_TO_CONFIRM)
        return
    to_come = [one.first for one in tenures.of(person) if one.first > day and one.last is None]
    if to_come:
        yield waits, min(to_come) + timedelta(DAYS_TO_CONFIRM)


RECORD_CONFIRMATION = RecordConfirmation()

"""What a departure makes owed: the handover, and that the next head accepts it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from ledger.decision_model.items import Item
from ledger.decision_model.rows import EACH, Answers, Below, Open, Opens
from ledger.domain.handover.facts import LEAVING, is_own_to_give
from ledger.domain.partnership.days_allowed import on, once_owed, within
from ledger.domain.partnership.facts import BELONGS, last_day_before, partnerships
from ledger.domain.partnership.kinds import GONE_WITH_IT
from ledger.domain.registers.offices import is_head
from ledger.domain.registers.schools import SCHOOL
from ledger.events.handover import DepartureNotified, HandoverAccepted, HandoverGiven
from ledger.events.partnership import PartnershipDissolved
from ledger.events.registers import Appointed, AppointmentEnded, SchoolClosed, SchoolsMerged
from ledger.format.entry import Entry
from ledger.values import event_id, office_party

_STANDS_ON = (SCHOOL, BELONGS, LEAVING)


def _owed_to(below: Below, day: date) -> tuple[str, ...]:
    """Return whom a school owes its handovers: its responsible body and its partnerships."""
    school, memberships, _ = below
    body = school.responsible_body(day) if school else None
    return ((body,) if body else ()) + partnerships(memberships, day)


def _the_school(entry: Entry[Any], _key: str) -> str | None:
    return entry.data.get("school") or office_party(entry.data["office"])


def _is_of_head(entry: Entry[Any]) -> bool:
    return "office" not in entry.data or is_head(entry)


def _of_leaving_head(entry: Entry[Any], below: Below) -> Iterable[str]:
    leaves = _is_of_head(entry) and below[2].leaver(entry) is not None
    return _owed_to(below, entry.event.effective_on) if leaves else ()


def _of_merged(entry: Entry[SchoolsMerged], below: Below) -> Iterable[str]:
    """Return to whom the head of a school that ends hands over, each with that school before it."""
    school, (said, last) = below[0], (entry.event, last_day_before(entry.event))
    if school is None or school.reference == said.school or below[2].leaver(entry) is None:
        return ()
    return [f"{school.reference}/{party}" for party in _owed_to(below, last)]


def _to_whom(_entry: Entry[SchoolsMerged], key: str) -> str:
    return key.rpartition("/")[2]


def _handed_over(entry: Entry[Any], below: Below) -> bool:
    person = below[2].leaver(entry) if _is_of_head(entry) else None
    return person is not None and bool(below[2].handed_over(person, entry.occurred_on))


def _of_its_departure(entry: Entry[HandoverGiven], item: Open, below: Below) -> bool:
    """Whether a handover is of the head's office by whoever's departure asked for it."""
    left_by: bool = below[2].left_by(item.obligation[:36], entry.data["outgoing"])
    return is_head(entry) and left_by and is_own_to_give(entry)


def _to_successor(entry: Entry[Appointed], below: Below) -> Iterable[str]:
    accepts = is_head(entry) and below[2].accepts(entry.event)
    return _owed_to(below, entry.event.effective_on) if accepts else ()


def _to_head_already(entry: Entry[HandoverGiven], below: Below) -> Iterable[str]:
    asks = _is_newest(entry, below) and below[2].head not in (None, entry.data["outgoing"])
    return _owed_to(below, _in_office(entry, below)) if asks else ()


def _in_office(entry: Entry[HandoverGiven], below: Below) -> date:
    """Return from which day on the head who is to accept can: once they are in office."""
    day: date = below[2].head_from(entry.occurred_on)
    return day


def _is_newest(entry: Entry[HandoverGiven], below: Below) -> bool:
    return is_head(entry) and bool(below[2].gives(entry))


def _voids_the_older(entry: Entry[HandoverGiven], _item: Open, below: Below) -> bool:
    return _is_newest(entry, below)


def _of_the_latest(entry: Entry[HandoverAccepted], item: Open, below: Below) -> bool:
    """Whether who comes into the head's office acknowledges what was handed over last."""
    given = below[2].given
    named = event_id(entry.data["handover"])
    if given is None or not is_head(entry) or given.id != named:
        return False
    return bool(item.obligation[:36] == given.asked_by)


_AFTER_LAST_DAY = within("handover_days", "effective_on")

HANDOVER = Item(
    "handover",
    "handover",
    ground="duty",
    about="school",
    over=_STANDS_ON,
    opened_by={
        event: Opens(_the_school, EACH, due, at=at, each=_of_leaving_head, done=_handed_over)
        for event, at, due in (
            (DepartureNotified, "office", on("effective_on")),
            (AppointmentEnded, "office", _AFTER_LAST_DAY),
            (Appointed, "office", _AFTER_LAST_DAY),
            (SchoolClosed, "school", _AFTER_LAST_DAY),
        )
    }
    | {
        SchoolsMerged: Opens(
            "school",
            _to_whom,
            _AFTER_LAST_DAY,
            at="predecessors",
            each=_of_merged,
            since="effective_on",
            done=_handed_over,
        )
    },
    answers={
        HandoverGiven: Answers("office", only=_of_its_departure, early=True),
        PartnershipDissolved: GONE_WITH_IT,
    },
)

HANDOVER_ACCEPTANCE = Item(
    "handover_acceptance",
    "acceptance of a handover",
    ground="duty",
    about="school",
    over=_STANDS_ON,
    opened_by={
        Appointed: Opens(
            _the_school,
            EACH,
            within("handover_days", "effective_on"),
            at="office",
            each=_to_successor,
            since="effective_on",
        ),
        HandoverGiven: Opens(
            _the_school,
            EACH,
            once_owed("handover_days"),
            at="office",
            each=_to_head_already,
            since=_in_office,
        ),
    },
    answers={
        HandoverAccepted: Answers("office", only=_of_the_latest),
        HandoverGiven: Answers("office", only=_voids_the_older, voids=True),
        PartnershipDissolved: GONE_WITH_IT,
    },
)

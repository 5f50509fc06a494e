"""What an agreement makes owed: the days of support, and a plan of what they are to achieve."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ledger.decision_model.items import Item
from ledger.decision_model.postings import ZERO, Sheet
from ledger.decision_model.rows import Answers, Below, Changes, Open, Opens
from ledger.domain.brokerage.facts import ARRANGEMENT, Arrangement, arrangement
from ledger.domain.partnership.days_allowed import on, within
from ledger.events.brokerage import (
    PlanAgreed,
    SupportAgreed,
    SupportEnded,
    SupportVariationAccepted,
)
from ledger.events.judgements import JudgementModerated
from ledger.events.visits import VisitAttested, VisitMade
from ledger.format.entry import Entry
from ledger.values import event_id


def _days_more(entry: Entry[SupportVariationAccepted], _key: str) -> Decimal:
    """Return how many days more a variation asks for once it counts, or fewer below nothing."""
    said = entry.event
    if not said.takes_effect or said.days is None or said.days_before is None:
        return ZERO
    return said.days - said.days_before


def end_as_varied(
    entry: Entry[SupportVariationAccepted], _item: Open, _sheet: Sheet
) -> date | None:
    """Return the last day that a variation gives an agreement once it counts; None if the same."""
    return entry.event.ends if entry.event.takes_effect else None


#: Days of a visit count from its day, by whoever found that they were given.
_GIVES = Answers("under", amount="days", beyond=True, on="visited_on")
SUPPORT = Item(
    "support",
    "days of support",
    about="agreement",
    unit="day",
    ground="promise",
    opened_by={SupportAgreed: Opens("provider", "receiver", on("ends"), amount="days")},
    answers={
        VisitAttested: _GIVES,
        JudgementModerated: _GIVES,
        SupportAgreed: Answers("replaces", voids=True),
    },
    changes={
        SupportVariationAccepted: Changes("agreement", by=_days_more, due=end_as_varied),
    },
    claims={VisitMade: "under"},
)


def _by_the_receiver(entry: Entry[PlanAgreed], _item: Open, _below: Below) -> bool:
    """Whether a plan is agreed for the receiver, and not for the provider's part of it."""
    # Of a draft, who plans may still be missing.
    return bool(entry.data.get("planner", "") != entry.data.get("provider"))


def _planned_later(day: date, below: Below) -> bool:
    """Whether a plan is due after a day; one of which it is not told when never is overdue."""
    standing = below[0]
    by = standing.plan_by if isinstance(standing, Arrangement) else None
    return by is None or standing.put_off(by) > day


def _after_the_end(entry: Entry[SupportEnded], _item: Open, below: Below) -> bool:
    return _planned_later(entry.event.effective_on, below)


def _after_it_is_replaced(entry: Entry[SupportAgreed], _item: Open, below: Below) -> bool:
    return _planned_later(entry.occurred_on, below)


PLAN = Item(
    "plan",
    "plan of support",
    about="agreement",
    ground="promise",
    over=(ARRANGEMENT,),
    opened_by={
        SupportAgreed: Opens(
            "receiver", "commissioner", within("response_days"), given="commissioner"
        )
    },
    answers={
        PlanAgreed: Answers("agreement", only=_by_the_receiver),
        SupportAgreed: Answers("replaces", voids=True, only=_after_it_is_replaced),
        SupportEnded: Answers("agreement", voids=True, only=_after_the_end, on="effective_on"),
    },
)


def put_off(entry: Entry[SupportVariationAccepted], sheet: Sheet) -> None:
    """Let all that falls due while an agreement is paused fall due when the pause is over.

    By these terms or by earlier ones: so does what these let fall due within a pause.
    """
    said, standing = entry.event, sheet.look(arrangement(event_id(entry.data["agreement"])))
    if not said.takes_effect or standing is None:
        return
    if said.paused_until is not None:
        standing = standing.paused(entry.occurred_on, said.paused_until)
    for obligation in (
        sheet.all_about(f"event:{event_id(said.agreement)}") if standing.pauses else ()
    ):
        due_on = sheet.account(obligation).due_on()
        if due_on is not None and standing.put_off(due_on) > due_on:
            sheet.reschedule(obligation, standing.put_off(due_on), day=sheet.day)


#: What is posted once all else is that other terms change.
AFTERWARDS = {SupportVariationAccepted: put_off}

"""What targets make owed: that they are reached, and answers where not all of them can be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ledger.decision_model.items import Item
from ledger.decision_model.postings import Sheet, kind_of
from ledger.decision_model.rows import EACH, Answers, Below, Open, Opens
from ledger.domain.partnership.days_allowed import on, within
from ledger.domain.targets.facts import DUE
from ledger.events.fulfilment import FulfilmentAnswered, FulfilmentClaimed
from ledger.events.targets import TargetConflictAnswered, TargetConflictRaised, TargetSet
from ledger.format.entry import Entry
from ledger.values import event_id


def _owed_to(entry: Entry[TargetSet], _key: str) -> str:
    return str(entry.data.get("agreed_with") or entry.data["setter"])


def _closes(entry: Entry[FulfilmentAnswered], _item: Open, below: Below) -> bool:
    """Whether a target is met, or is not and was to be by then: it closes as missed."""
    answer, (due,) = entry.data["answer"], below
    return bool(answer == "met" or (answer == "not_met" and due and due < entry.occurred_on))


TARGET = Item(
    "target",
    "target",
    ground="duty",
    promised_where="a school or partnership sets it itself",
    about="target",
    over=(DUE,),
    opened_by={TargetSet: Opens("about", _owed_to, on("due"))},
    answers={
        FulfilmentAnswered: Answers("obligation", only=_closes),
        TargetSet: Answers("replaces", voids=True),
        TargetConflictAnswered: Answers("target", voids=True),
    },
    claims={FulfilmentClaimed: "obligation"},
)


def _each_setter(entry: Entry[TargetConflictRaised], _below: Below) -> Iterable[str]:
    return entry.event.setters


RECONCILIATION = Item(
    "reconciliation",
    "answer to targets that cannot all be met",
    ground="answer",
    about="target_conflict",
    opened_by={
        TargetConflictRaised: Opens(EACH, "about", within("response_days"), each=_each_setter)
    },
    answers={TargetConflictAnswered: Answers(debtor="setter")},
)


def missed(entry: Entry[Any], sheet: Sheet) -> None:
    """Close a target that is not met once it is past its due: as missed, not as done.

    Before its kind posts, to which nothing is left of it then.
    """
    said = entry.event
    if said.answer != "not_met" or kind_of(said.obligation) != TARGET.name:
        return
    due = sheet.look(DUE.at(f"event:{event_id(said.obligation)}"))
    if due is not None and due < entry.occurred_on:
        sheet.void(said.obligation, reason="missed")


EFFECTS = {FulfilmentAnswered: missed}

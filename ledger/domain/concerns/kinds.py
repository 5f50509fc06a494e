"""What a concern makes owed: an answer."""

from __future__ import annotations

from typing import Any

from ledger.decision_model.items import Item
from ledger.decision_model.rows import Answers, Opens
from ledger.domain.partnership.days_allowed import within
from ledger.events.concerns import ConcernEscalated, ConcernRaised, ConcernResolved
from ledger.format.entry import Entry

#: The party of a registrar, who speaks for no other.
_LEDGER = "ledger"


def _raiser(entry: Entry[Any], _key: str) -> str:
    return entry.data.get("raiser") or _LEDGER


CONCERN_ANSWER = Item(
    "concern_answer",
    "answer to a concern",
    ground="answer",
    about="concern",
    opened_by={
        ConcernRaised: Opens("to", _raiser, within("response_days")),
        ConcernEscalated: Opens("to", _raiser, within("response_days"), at="concern"),
    },
    answers={ConcernResolved: Answers(), ConcernEscalated: Answers("concern")},
)

"""What a claim makes owed: an answer, for only whoever is owed can close it."""

from __future__ import annotations

from ledger.decision_model.items import Answers, Item, Opens
from ledger.domain.partnership.days_allowed import within
from ledger.events.fulfilment import FulfilmentAnswered, FulfilmentClaimed
from ledger.events.money import FundingPaid, FundingReceived

FULFILMENT_ANSWER = Item(
    "fulfilment_answer",
    "answer to what is claimed done",
    ground="answer",
    about=("claim", "payment"),
    opened_by={
        FulfilmentClaimed: Opens("creditor", "debtor", within("response_days")),
        FundingPaid: Opens("recipient", "sender", within("response_days")),
    },
    answers={
        FulfilmentAnswered: Answers("claim"),
        FundingReceived: Answers("payment"),
    },
)

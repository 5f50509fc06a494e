"""What a claim makes owed: an answer, for it is another's to confirm."""

from __future__ import annotations

from ledger.decision_model.items import Item
from ledger.decision_model.rows import Answers, Opens
from ledger.domain.partnership.days_allowed import within
from ledger.events.fulfilment import FulfilmentAnswered, FulfilmentClaimed
from ledger.events.money import FundingPaid, FundingReceived
from ledger.events.visits import ImpactAnswered, ImpactReported

FULFILMENT_ANSWER = Item(
    "fulfilment_answer",
    "answer to a claim",
    ground="answer",
    about=("claim", "payment", "impact"),
    opened_by={
        FulfilmentClaimed: Opens("creditor", "debtor", within("response_days")),
        FundingPaid: Opens("recipient", "sender", within("response_days")),
        ImpactReported: Opens("other_side", "reporter", within("response_days")),
    },
    answers={
        FulfilmentAnswered: Answers("claim"),
        FundingReceived: Answers("payment"),
        ImpactAnswered: Answers("impact"),
    },
)

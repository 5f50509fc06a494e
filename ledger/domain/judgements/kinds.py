"""What interventions make owed: that they are complied with by a day."""

from __future__ import annotations

from ledger.decision_model.items import Answers, Item, Opens
from ledger.domain.partnership.days_allowed import on
from ledger.events.fulfilment import FulfilmentAnswered, FulfilmentClaimed
from ledger.events.judgements import InterventionLifted, InterventionRecorded

COMPLIANCE = Item(
    "compliance",
    "compliance with an intervention",
    ground="duty",
    about="intervention",
    opened_by={
        InterventionRecorded: Opens("complier", "issuer", on("comply_by"), given="comply_by")
    },
    answers={
        FulfilmentAnswered: Answers("obligation", when=("answer", "met")),
        InterventionLifted: Answers(),
    },
    claims={FulfilmentClaimed: "obligation"},
)

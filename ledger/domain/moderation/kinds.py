"""What a challenge, or a dispute that is maintained, makes owed: that a moderator is found."""

from __future__ import annotations

from ledger.decision_model.items import Item
from ledger.decision_model.rows import Answers, Opens
from ledger.domain.partnership.days_allowed import within_days
from ledger.events.another import RecordDisowned
from ledger.events.correction import EventWithdrawn
from ledger.events.judgements import JudgementChallenged, JudgementModerated
from ledger.events.visits import VisitCorrected, VisitDisputeMaintained

_DAYS_TO_MODERATE = 30
_DUE = within_days(_DAYS_TO_MODERATE)

MODERATION = Item(
    "moderation",
    "moderator to be found",
    ground="duty",
    about=("judgement", "visit"),
    opened_by={
        JudgementChallenged: Opens("finder", "about", _DUE, given="finder"),
        VisitDisputeMaintained: Opens("finder", "host", _DUE, given="finder"),
    },
    answers={
        JudgementModerated: Answers(),
        # With what is taken back or told anew goes the quarrel about it.
        VisitCorrected: Answers("visit", voids=True),
        EventWithdrawn: Answers("event", voids=True),
        RecordDisowned: Answers("events", voids=True),
    },
)

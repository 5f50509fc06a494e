"""What an agreement makes owed: the days of support."""

from __future__ import annotations

from ledger.decision_model.items import Answers, Item, Opens
from ledger.domain.partnership.days_allowed import on
from ledger.events.brokerage import SupportAgreed
from ledger.events.visits import VisitAttested, VisitMade

SUPPORT = Item(
    "support",
    "days of support",
    about="agreement",
    unit="day",
    ground="promise",
    opened_by={SupportAgreed: Opens("provider", "receiver", on("ends"), amount="days")},
    answers={VisitAttested: Answers("under", amount="days", beyond=True, on="visited_on")},
    claims={VisitMade: "under"},
)

"""What judgements and interventions make owed: help, statements of action, and compliance."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from ledger.decision_model.created import THING, thing
from ledger.decision_model.items import Item
from ledger.decision_model.postings import Sheet
from ledger.decision_model.rows import EACH, Answers, Below, Open, Opens
from ledger.domain.judgements.facts import (
    CONCERN,
    INSPECTIONS,
    Concern,
    Concerns,
    concern,
    published_on,
)
from ledger.domain.partnership.days_allowed import on, within, working_days_from
from ledger.domain.registers.schools import SCHOOL
from ledger.events.brokerage import OfferClosed, SupportAgreed
from ledger.events.fulfilment import FulfilmentAnswered, FulfilmentClaimed
from ledger.events.judgements import InterventionLifted, InterventionRecorded, JudgementMade
from ledger.events.needs import EvidenceLodged
from ledger.events.registers import (
    SchoolClosed,
    SchoolConverted,
    SchoolsMerged,
    SuccessionAttributed,
)
from ledger.format.entry import Entry
from ledger.values import event_id

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


def _pledging(entry: Entry[Any], _below: Below) -> Iterable[str]:
    return [one["partnership"] for one in entry.data.get("pledges", ())]


def _pledged_days(entry: Entry[Any], partnership: str) -> Decimal:
    days = [one["days"] for one in entry.data["pledges"] if one["partnership"] == partnership]
    return Decimal(days[0])


def _kept(entry: Entry[Any], item: Open, _below: Below) -> bool:
    """Whether a member helps, or offered to, for the partnership that pledged it."""
    return item.debtor in entry.data.get("pledged_by", ())


_PLEDGED = within("brokerage_days")
PLEDGED_HELP = Item(
    "pledged_help",
    "help that was pledged",
    unit="day",
    ground="promise",
    about="school",
    opened_by={
        JudgementMade: Opens(
            EACH, "about", _PLEDGED, amount=_pledged_days, at="about", each=_pledging
        ),
        InterventionRecorded: Opens(EACH, "school", _PLEDGED, amount=_pledged_days, each=_pledging),
    },
    answers={
        SupportAgreed: Answers("receiver", only=_kept, amount="days"),
        OfferClosed: Answers("receiver", only=_kept, amount="days"),
    },
)


def _after_publication(entry: Entry[JudgementMade], _item: Open, sheet: Sheet) -> date | None:
    """Return the framework's working days after publication, however late that is recorded."""
    framework = sheet.look(thing(entry.event.framework))
    days = framework.data.get("action_days") if framework is not None else None
    return None if days is None else working_days_from(sheet, published_on(entry), days)


def _placed_by(obligation: str, concerns: Concerns) -> Concern | None:
    """Return the inspection by which a statement is owed, with the URN that it was of."""
    return next((one for one in concerns if one.event == event_id(obligation)), None)


def _of_an_earlier_one(entry: Entry[JudgementMade], item: Open, below: Below) -> bool:
    """Whether a statement is owed by an inspection of the same URN that this one comes after.

    Of the category that a school is in, the inspection that was published last tells.
    """
    said = entry.event
    if said.basis not in INSPECTIONS:
        return False
    opener = _placed_by(item.obligation, below[0])
    return (
        opener is not None
        and (said.urn is None or opener.is_of(said.urn))
        and opener.published_on <= published_on(entry)
    )


def _of_one_that_ends(entry: Entry[SchoolsMerged], _item: Open, below: Below) -> bool:
    """Whether the URN of a school ends by a merger, and its category with it."""
    school = below[1]
    return school is not None and school.reference != entry.data["school"]


STATEMENT_OF_ACTION = Item(
    "statement_of_action",
    "statement of action",
    ground="duty",
    about="school",
    over=(CONCERN, SCHOOL),
    asks=(THING,),
    opened_by={
        JudgementMade: Opens(
            "answerable", "judge", _after_publication, at="about", given="answerable"
        )
    },
    answers={
        EvidenceLodged: Answers("about", of="obligation", when=("kind", "statement_of_action")),
        JudgementMade: Answers("about", only=_of_an_earlier_one, voids=True),
        SchoolConverted: Answers("school", voids=True, on="effective_on"),
        SchoolsMerged: Answers(
            "predecessors", only=_of_one_that_ends, voids=True, on="effective_on"
        ),
    },
)


def closed(entry: Entry[SchoolClosed], sheet: Sheet) -> None:
    """Void the statements of action about a school that closes: nobody acts there any more."""
    said = entry.event
    for obligation in sheet.about(said.school, STATEMENT_OF_ACTION.name):
        sheet.void(obligation, day=said.effective_on)


def attributed(entry: Entry[SuccessionAttributed], sheet: Sheet) -> None:
    """Void those about a school that goes on as another, under another URN, from that one."""
    said = entry.event
    if said.predecessor is None:
        return
    concerns = sheet.look(concern(said.predecessor))
    for obligation in sheet.about(said.predecessor, STATEMENT_OF_ACTION.name):
        placed = _placed_by(obligation, concerns)
        if placed is not None and placed.is_of(said.former_urn):
            sheet.void(obligation, day=said.effective_on)


#: What changes of registers void of it: they name parties only, and list nothing.
EFFECTS = {SchoolClosed: closed, SuccessionAttributed: attributed}

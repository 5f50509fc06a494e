"""What a visit makes owed: an answer; and what an agreement or a year does: accounts of impact."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from ledger.days import years_after
from ledger.decision_model.items import Item
from ledger.decision_model.postings import Sheet
from ledger.decision_model.rows import EACH, Answers, Below, Changes, Due, Open, Opens
from ledger.domain.brokerage.facts import accounted_to
from ledger.domain.brokerage.kinds import end_as_varied
from ledger.domain.partnership import facts as parties
from ledger.domain.partnership.days_allowed import after_day, days_allowed, on, within
from ledger.domain.programmes.facts import parts as parts_of
from ledger.domain.programmes.facts import programme
from ledger.events.another import RecordDisowned
from ledger.events.brokerage import SupportAgreed, SupportEnded, SupportVariationAccepted
from ledger.events.correction import EventWithdrawn
from ledger.events.partnership import PartnershipYearOpened, SchoolAdmitted
from ledger.events.programmes import ProgrammeJoined, ProgrammeLeft, VisitProgrammeOpened
from ledger.events.visits import (
    AdviceActedOn,
    AdviceAnswered,
    AdviceGiven,
    ImpactReported,
    VisitAttested,
    VisitCorrected,
    VisitDisputed,
    VisitDisputeMaintained,
    VisitMade,
)
from ledger.format.entry import Entry
from ledger.values import event_id


def _unanswered_days(entry: Entry[Any], _key: str) -> int:
    """Return one answer, or none where all the days are confirmed already."""
    return 0 if entry.data["days"] == entry.data.get("confirmed_before") else 1


_ASKED = Opens(
    "host", "visitor", within("attestation_days"), amount=_unanswered_days, given="under"
)
ATTESTATION = Item(
    "attestation",
    "answer to a visit",
    ground="answer",
    about="visit",
    opened_by={VisitMade: _ASKED, VisitCorrected: _ASKED},
    answers={
        VisitAttested: Answers(),
        VisitDisputed: Answers(),
        VisitCorrected: Answers(voids=True),
    },
)

_DISPUTED = Opens("visitor", "host", within("attestation_days"))
_FEWER = Opens("visitor", "host", within("attestation_days"), given="claimed")
DISPUTE_ANSWER = Item(
    "dispute_answer",
    "answer to a dispute",
    ground="answer",
    about="visit",
    opened_by={VisitDisputed: _DISPUTED, VisitAttested: _FEWER},
    answers={
        VisitCorrected: Answers(),
        VisitDisputeMaintained: Answers(),
        EventWithdrawn: Answers("event"),
        RecordDisowned: Answers("events"),
    },
)


def _sides(entry: Entry[SupportAgreed], _below: Below) -> Iterable[str]:
    return (entry.data["provider"], entry.data["receiver"])


def _schools(entry: Entry[PartnershipYearOpened], _below: Below) -> Iterable[str]:
    return tuple(entry.data.get("schools", ()))


def _after_its_part(entry: Entry[PartnershipYearOpened], item: Open, sheet: Sheet) -> date:
    """Return when a member accounts for a year: after its end, or its own last day within it."""
    said = entry.event
    member = parties.membership(sheet.look, said.partnership, item.debtor, said.ends)
    last = member.last if member is not None else None
    return after_day(min(last or said.ends, said.ends), "impact_days", entry, item, sheet)


def _after_the_year(entry: Entry[SchoolAdmitted], item: Open, sheet: Sheet) -> date:
    year = sheet.look(parties.year(item.key or event_id(entry.data["year"])))
    ends = year.ends if year else entry.event.effective_on
    day, sides = entry.event.effective_on, (item.debtor, item.creditor)
    days = days_allowed(sheet.look, "impact_days", day, item.creditor, sides)
    return sheet.due_after(days, from_day=ends)


def _after_the_end_as_varied(
    entry: Entry[SupportVariationAccepted], item: Open, sheet: Sheet
) -> date | None:
    ends = end_as_varied(entry, item, sheet)
    return None if ends is None else _AFTER(entry, item, sheet)


def _promised_to(entry: Entry[VisitProgrammeOpened], _below: Below) -> Iterable[str]:
    """Return the schools to which a programme promises visits: its organiser accounts to each."""
    return tuple(entry.data["schools"]) if "visits_to_each" in entry.data else ()


def _after_the_programme(entry: Entry[ProgrammeJoined], item: Open, sheet: Sheet) -> date:
    one = sheet.look(programme(entry.data["programme"]))
    ends = one.said.ends if one else entry.event.effective_on
    return after_day(ends, "impact_days", entry, item, sheet)


def _after_leaving(entry: Entry[ProgrammeLeft], item: Open, sheet: Sheet) -> date | None:
    """Return when who leaves accounts for its time in a programme; others do as before."""
    said = entry.event
    parts = sheet.look(parts_of(said.school))
    if not any(part.joined == event_id(item.obligation) and part.last is None for part in parts):
        return None
    return _AFTER_LEAVING(entry, item, sheet)


def _at_the_end(entry: Entry[ImpactReported], item: Open, _below: Below) -> bool:
    """Whether an account answers an item; an organiser accounts to one school at a time."""
    said = entry.event
    with_it = said.programme is None or said.other_side == item.creditor
    return with_it and said.stage == "at_the_end"


_AFTER = within("impact_days", "ends")
_AFTER_LEAVING = within("impact_days", "effective_on")
IMPACT_ACCOUNT = Item(
    "impact_account",
    "account of impact",
    ground="promise",
    about=("agreement", "year", "programme"),
    opened_by={
        SupportAgreed: Opens(EACH, accounted_to, _AFTER, each=_sides),
        PartnershipYearOpened: Opens(EACH, "partnership", _after_its_part, each=_schools),
        SchoolAdmitted: Opens(
            "school", "partnership", _after_the_year, at="year", others="later_years"
        ),
        ProgrammeJoined: Opens("school", "organiser", _after_the_programme, at="programme"),
        VisitProgrammeOpened: Opens("organiser", EACH, _AFTER, each=_promised_to),
    },
    answers={ImpactReported: Answers(debtor="reporter", only=_at_the_end)},
    changes={
        SupportAgreed: Changes("replaces", due=within("impact_days")),
        SupportEnded: Changes("agreement", due=within("impact_days", "effective_on")),
        SupportVariationAccepted: Changes("agreement", due=_after_the_end_as_varied),
        ProgrammeLeft: Changes("programme", due=_after_leaving),
    },
)


def _who_asked(entry: Entry[SupportAgreed], _key: str) -> str:
    return accounted_to(entry, entry.data["receiver"])


def _a_year_after(member: str) -> Due:
    """Due a year after a day that is said."""

    def due(entry: Entry[Any], _item: Open, _sheet: Sheet) -> date:
        return years_after(getattr(entry.event, member), 1)

    return due


def _a_year_after_as_varied(
    entry: Entry[SupportVariationAccepted], item: Open, sheet: Sheet
) -> date | None:
    ends = end_as_varied(entry, item, sheet)
    return None if ends is None else years_after(ends, 1)


FOLLOWUP_ACCOUNT = Item(
    "followup_account",
    "account of impact a year later",
    ground="promise",
    about="agreement",
    opened_by={
        SupportAgreed: Opens("receiver", _who_asked, _a_year_after("ends"), since="ends"),
    },
    answers={
        # Support that was completed early is accounted for a year after that.
        ImpactReported: Answers(
            "agreement", debtor="reporter", when=("stage", "a_year_later"), early=True
        ),
        SupportAgreed: Answers("replaces", voids=True),
        SupportEnded: Answers("agreement", voids=True, when=("how", "stopped")),
    },
    changes={
        SupportEnded: Changes(
            "agreement", due=_a_year_after("effective_on"), since=on("effective_on")
        ),
        SupportVariationAccepted: Changes(
            "agreement", due=_a_year_after_as_varied, since=end_as_varied
        ),
    },
)


def _unless_declined(entry: Entry[AdviceAnswered], _key: str) -> int:
    return 0 if entry.data["answer"] == "declined" else 1


ADVICE_RESPONSE = Item(
    "advice_response",
    "answer to advice",
    ground="answer",
    about="advice",
    opened_by={AdviceGiven: Opens("school", "giver", within("response_days"))},
    answers={AdviceAnswered: Answers()},
)

ADVICE_ACTION = Item(
    "advice_action",
    "action on advice",
    ground="promise",
    about="advice",
    opened_by={AdviceAnswered: Opens("school", "giver", on("act_by"), amount=_unless_declined)},
    answers={AdviceActedOn: Answers()},
)

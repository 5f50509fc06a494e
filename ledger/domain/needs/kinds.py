"""What needs make owed: an answer to who raised one, help found, and what partnerships offer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ledger.decision_model.items import Item
from ledger.decision_model.rows import EACH, Answers, Below, Open, Opens
from ledger.domain.needs.facts import office_of_word
from ledger.domain.partnership.days_allowed import within, within_working_days
from ledger.events.brokerage import SupportAgreed, SupportOffered
from ledger.events.judgements import InterventionRecorded, JudgementMade
from ledger.events.needs import (
    ConflictOfInterestDeclared,
    DecisionRecorded,
    NeedAccepted,
    NeedClosed,
    NeedDisputed,
    NeedEscalated,
    NeedIdentified,
    PartnershipResponded,
)
from ledger.format.entry import Entry
from ledger.values import office_role, party_kind

_TRIGGERS = ("need", "judgement", "intervention")

NEED_RESPONSE = Item(
    "need_response",
    "answer to a need",
    ground="answer",
    about="need",
    opened_by={NeedIdentified: Opens("school", "raiser", within("response_days"))},
    answers={NeedAccepted: Answers(), NeedDisputed: Answers()},
)


def _named(member: str) -> Callable[[Entry[Any], Below], Iterable[str]]:
    return lambda entry, _below: entry.data.get(member, ())


def _decides(entry: Entry[DecisionRecorded], item: Open, _below: Below) -> bool:
    """Whether who is to decide does, or who follows it."""
    said = entry.data  # of a draft, who decides may still be missing
    return item.debtor in (said.get("decider"), *said.get("instead_of", ()))


def _leaves_alone(entry: Entry[DecisionRecorded], item: Open, below: Below) -> bool:
    """Whether a body or partnership that is to find help decides not to, or who follows it."""
    return entry.data["decision"] == "leave_alone" and _decides(entry, item, below)


def _goes_further(entry: Entry[NeedEscalated], item: Open, _below: Below) -> bool:
    """Whether a need leaves the level of who owes that help is found.

    A body goes on owing it where a need goes outside, and where no partnership comes to owe it.
    """
    is_partnership = party_kind(item.debtor) == "partnership"
    if entry.data["to_level"] == "partnership":
        takes_over = any(party_kind(one) == "partnership" for one in entry.data.get("brokers", ()))
        return takes_over and not is_partnership
    return is_partnership


def _by_the_head(entry: Entry[NeedClosed], _item: Open, _below: Below) -> bool:
    # Of the school, or of the one that stands in its place: no other head closes a need of it.
    return office_role(office_of_word(entry)) == "head"


def _by_a_member(entry: Entry[SupportOffered], item: Open, _below: Below) -> bool:
    """Whether a member offers help for the partnership that is asked."""
    said = entry.data
    # What older offers left unsaid: they answered for every partnership of the school.
    return said["route"] == "partnership" and item.debtor in said.get("answers_for", (item.debtor,))


#: A judgement asks for help where it says who is to find it.
BROKERAGE = Item(
    "brokerage",
    "arrangement of help",
    ground="duty",
    promised_where="a partnership is to find it, by its ground rules",
    about=_TRIGGERS,
    opened_by={
        NeedEscalated: Opens(
            EACH, "school", within("brokerage_days"), at="trigger", each=_named("brokers")
        ),
        JudgementMade: Opens(EACH, "about", within("brokerage_days"), each=_named("brokers")),
        InterventionRecorded: Opens(
            EACH, "school", within("brokerage_days"), each=_named("brokers")
        ),
    },
    answers={
        DecisionRecorded: Answers("trigger", only=_leaves_alone),
        SupportAgreed: Answers("trigger"),
        NeedEscalated: Answers("trigger", only=_goes_further),
        NeedClosed: Answers(only=_by_the_head),
    },
)

MEMBER_RESPONSE = Item(
    "member_response",
    "answer to a member's need",
    ground="answer",
    about=_TRIGGERS,
    opened_by={
        NeedEscalated: Opens(
            EACH, "school", within("response_days"), at="trigger", each=_named("responders")
        ),
        JudgementMade: Opens(EACH, "about", within("response_days"), each=_named("responders")),
        InterventionRecorded: Opens(
            EACH, "school", within("response_days"), each=_named("responders")
        ),
    },
    answers={
        SupportOffered: Answers("trigger", only=_by_a_member),
        PartnershipResponded: Answers("trigger", debtor="partnership"),
    },
)

#: The working days within which a conflict of interest is decided about.
CONFLICT_DAYS = 3

CONFLICT_ANSWER = Item(
    "conflict_answer",
    "decision on a conflict of interest",
    ground="duty",
    about="conflict",
    opened_by={
        ConflictOfInterestDeclared: Opens(
            "answerer", "declarer", within_working_days(CONFLICT_DAYS), given="answerer"
        )
    },
    answers={DecisionRecorded: Answers("conflict", only=_decides)},
)

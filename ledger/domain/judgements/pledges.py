"""Days of help that partnerships pledged to a member in trouble, owed once in each of their years.

A judgement or an intervention says which fall due by it; an agreement with a member, or an offer
of one that the school declined, whose pledge it keeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from ledger.decision_model.facts import Look
from ledger.decision_model.rows import Open
from ledger.decision_model.rules import UNTOLD, Case, Told
from ledger.decision_model.stricter import RELEASE_0_1
from ledger.domain.judgements.kinds import PLEDGED_HELP
from ledger.domain.partnership import facts as parties
from ledger.values import party_kind

_A_YEAR = timedelta(days=365)


def pledged(case: Case[Any], school: str) -> list[dict[str, str]] | None:
    """Return what a school's partnerships come to owe it by an event; None if nothing."""
    day = case.entry.occurred_on
    opened = case.look(PLEDGED_HELP.at(school))[1] or ()
    belongs = parties.partnerships(case.look(parties.belongs(school)), day)
    found = []
    for partnership in sorted(set(belongs)):
        rules = parties.rules_for(case.look, partnership, (school,), day)
        days = rules.help_days if rules else None
        own = [one for one in opened if one.debtor == partnership]
        if days and not _in_its_year(case.look, partnership, day, own):
            found.append({"partnership": partnership, "days": str(days)})
    return found or None


def _in_its_year(look: Look, partnership: str, day: date, opened: Sequence[Open]) -> bool:
    """Return whether a pledge fell due in the partnership's year of a day already.

    Where no year is open on that day, it is the year before.
    """
    years = look(parties.years(partnership))
    spans = [(one.starts, one.ends) for one in years if one.starts <= day <= one.ends]
    first, last = spans[0] if spans else (day - _A_YEAR, day)
    return any(first <= one.since <= last for one in opened)


def _keeping(case: Case[Any]) -> Any:
    """Return the partnerships of both sides of an offer whose pledge to the receiver is open.

    A partnership that helps a member itself keeps its own.
    """
    offer = case.thing("offer")
    if offer is None:
        return UNTOLD
    provider, receiver = offer.data["provider"], offer.data["receiver"]
    if party_kind(receiver) != "school" or party_kind(provider) == "body":
        return None
    own: tuple[str, ...] = (provider,)
    if party_kind(provider) == "school":
        own = parties.partnerships(case.look(parties.belongs(provider)), case.entry.occurred_on)
    waiting = PLEDGED_HELP.waiting(case.look, receiver)
    return sorted({one.debtor for one in waiting} & set(own)) or None


def _keeping_though_declined(case: Case[Any]) -> Any:
    how = case.entry.data.get("how")
    return UNTOLD if how is None else _keeping(case) if how == "declined" else None


#: What an agreement, and an offer that is closed, say of the pledges that they keep.
KEEPS = Told("the partnerships of both that pledged the receiver help", _keeping, since=RELEASE_0_1)
KEEPS_THOUGH_DECLINED = Told(
    "the partnerships of both that pledged the receiver help, where it declines",
    _keeping_though_declined,
    since=RELEASE_0_1,
)

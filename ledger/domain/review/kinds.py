"""What an agreement makes owed by each of its review dates: two reports, and a review."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from ledger.decision_model.items import Item
from ledger.decision_model.postings import Sheet
from ledger.decision_model.rows import Answers, Below, Open, Opens
from ledger.domain.brokerage.facts import ARRANGEMENT, Arrangement, accounted_to
from ledger.events.base import Event
from ledger.events.brokerage import SupportAgreed, SupportEnded, SupportVariationAccepted
from ledger.events.review import ProgressReported, ReviewHeld
from ledger.format.entry import Entry

_Terms = Entry[SupportAgreed] | Entry[SupportVariationAccepted]


def _date_of(item: Open) -> date:
    """Return the review date that an item is for, which its key ends with."""
    return date.fromisoformat(item.key.rpartition("/")[2])


def _on_its_date(_entry: Entry[Any], item: Open, _sheet: Sheet) -> date:
    return _date_of(item)


def _new_dates(entry: _Terms, below: Below) -> Iterable[str]:
    """Return the review dates that come with an agreement, or with terms that now count."""
    said, standing = entry.event, below[0]
    if isinstance(said, SupportVariationAccepted) and not said.takes_effect:
        return ()
    known = standing.review_dates if isinstance(standing, Arrangement) else ()
    return [day.isoformat() for day in said.review_dates if day not in known]


def _each_side(entry: _Terms, below: Below) -> Iterable[str]:
    sides = (entry.event.provider, entry.event.receiver)
    return [f"{side}/{day}" for day in _new_dates(entry, below) for side in sides]


def _side(_entry: Entry[Any], key: str) -> str:
    return key.partition("/")[0]


def _who_asks(entry: Entry[Any], key: str) -> str:
    return accounted_to(entry, _side(entry, key))


def _who_reviews(entry: Entry[Any], _key: str) -> str:
    """Return who holds the reviews: a commissioner that is bound, else the provider."""
    said = entry.event
    who: str = said.commissioner if said.commissioner in said.approved_by else said.provider
    return who


def _after_the_end(entry: Entry[SupportEnded], item: Open, below: Below) -> bool:
    return _put_off(item, below) > entry.event.effective_on


def _after_it_is_replaced(entry: Entry[SupportAgreed], item: Open, below: Below) -> bool:
    return _put_off(item, below) > entry.occurred_on


def _no_longer(entry: Entry[SupportVariationAccepted], item: Open, _below: Below) -> bool:
    """Whether a review date still to come is none of those that count now, or past the new end."""
    said, day = entry.event, _date_of(item)
    if not said.takes_effect or day < entry.occurred_on:
        return False
    is_past_the_end = said.ends is not None and day > said.ends
    return is_past_the_end or bool(said.review_dates and day not in said.review_dates)


def _put_off(item: Open, below: Below) -> date:
    standing, day = below[0], _date_of(item)
    return standing.put_off(day) if isinstance(standing, Arrangement) else day


_VOIDED: dict[type[Event], Answers] = {
    SupportAgreed: Answers("replaces", voids=True, only=_after_it_is_replaced),
    SupportEnded: Answers("agreement", voids=True, only=_after_the_end, on="effective_on"),
    SupportVariationAccepted: Answers("agreement", voids=True, only=_no_longer),
}
_REPORTS = Opens(_side, _who_asks, _on_its_date, each=_each_side)
_REVIEWS = Opens(_who_reviews, "receiver", _on_its_date, each=_new_dates)

PROGRESS_REPORT = Item(
    "progress_report",
    "report of progress",
    about="agreement",
    ground="promise",
    over=(ARRANGEMENT,),
    opened_by={SupportAgreed: _REPORTS, SupportVariationAccepted: _REPORTS},
    answers={ProgressReported: Answers(debtor="reporter", first=True), **_VOIDED},
)

REVIEW = Item(
    "review",
    "review of support",
    about="agreement",
    ground="promise",
    over=(ARRANGEMENT,),
    opened_by={SupportAgreed: _REVIEWS, SupportVariationAccepted: _REVIEWS},
    answers={ReviewHeld: Answers("agreements", first=True), **_VOIDED},
)

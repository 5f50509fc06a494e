"""Facts about challenges: whether a judgement was challenged, by whose hand, and moderated."""

from __future__ import annotations

from typing import NamedTuple

from ledger.decision_model.created import Hand, hand_of
from ledger.decision_model.facts import Fact, Family
from ledger.events.judgements import JudgementChallenged, JudgementModerated
from ledger.format.entry import Entry
from ledger.values import event_id


class Challenge(NamedTuple):
    """A challenge to a judgement: whose hand wrote it, and whether it was moderated."""

    hand: Hand
    moderated: bool = False


def _challenged(
    value: Challenge | None, entry: Entry[JudgementChallenged], tag: str
) -> Challenge | None:
    is_its_own = tag == f"event:{event_id(entry.data['judgement'])}"
    return Challenge(hand_of(entry)) if is_its_own else value


def _moderated(
    value: Challenge | None, entry: Entry[JudgementModerated], tag: str
) -> Challenge | None:
    is_its_own = tag == f"event:{event_id(entry.data.get('judgement', ''))}"
    return value._replace(moderated=True) if value and is_its_own else value


CHALLENGE: Family[Challenge | None] = Family(
    "challenge", "event", None, {JudgementChallenged: _challenged, JudgementModerated: _moderated}
)


def challenge(judgement: str) -> Fact[Challenge | None]:
    """Return the challenge to a judgement; None if nobody challenged it."""
    return CHALLENGE.at(f"event:{event_id(judgement)}")

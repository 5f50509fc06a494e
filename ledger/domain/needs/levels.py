"""The ladder: who is asked for help before somebody from outside is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ledger.decision_model.rules import Case
from ledger.domain.judgements.facts import concern, in_category
from ledger.domain.needs import facts
from ledger.domain.needs.facts import LEVELS, Trigger
from ledger.domain.partnership.facts import belongs, partnerships
from ledger.domain.registers import bodies
from ledger.domain.registers.who import in_place_of, school_of
from ledger.values import party_kind

#: Bodies that may see a need of any school; of others, those that answer for it.
OVERSEERS = frozenset({"inspectorate", "regional_team", "rise_team"})
IN_WORDS = {
    "school": "the school",
    "responsible_body": "the responsible body",
    "partnership": "the partnership",
    "outside": "outside",
}


def group_of(case: Case[Any], school: str) -> str | None:
    """Return the trust or federation that is responsible for a school, if one is."""
    return bodies.group_of(case.look, in_place_of(case, school), case.day)


def has_category(case: Case[Any], school: str) -> bool:
    """Return whether a school is in a category of concern on the day of recording."""
    standing = school_of(case, school)
    concerns = case.look(concern(school))
    return standing is not None and in_category(standing, concerns, case.day)


def _levels_of(case: Case[Any], school: str) -> set[str]:
    """Return the levels between a school and others that it has."""
    has = {
        "responsible_body": group_of(case, school) is not None,
        "partnership": bool(joined(case, school)),
    }
    return {level for level, there in has.items() if there}


def passed_by(case: Case[Any], trigger: Trigger, to: str) -> list[str]:
    """Return the levels below one that the school has, and that were not asked for help yet."""
    has, below = _levels_of(case, trigger.school), LEVELS[: LEVELS.index(to)]
    return [one for one in below if one in has and not trigger.stood_at(one)]


def to_be_asked(case: Case[Any]) -> str:
    """Return in words whom a need must be put to before help from outside; empty if to nobody.

    Of a need that is about to be identified at a level above others that the school has: at the
    level of the school itself it has all of its way before it, and nobody expects otherwise.
    """
    school, level = case.entry.data["school"], case.entry.data["level"]
    if has_category(case, school):
        return ""
    return in_words(passed_by(case, Trigger(school, level), level))


def in_words(levels: Iterable[str]) -> str:
    """Return levels as people say them: the responsible body and the partnership."""
    return " and ".join(IN_WORDS[one] for one in levels)


def is_within(case: Case[Any], provider: str, receiver: str) -> bool:
    """Return whether a provider is of a school's group, or of a partnership that it is in."""
    group = group_of(case, receiver)
    if group is not None and group in (provider, _group_if_school(case, provider)):
        return True
    return share_partnership(case, provider, receiver)


def share_partnership(case: Case[Any], provider: str, receiver: str) -> bool:
    """Return whether a provider is a partnership that a school is in, or a fellow member."""
    own = set(joined(case, receiver))
    return provider in own or not own.isdisjoint(joined(case, provider))


def joined(case: Case[Any], party: str) -> tuple[str, ...]:
    """Return the partnerships that a school is in, or the line that now stands in its place."""
    if party_kind(party) != "school":
        return ()
    return partnerships(case.look(belongs(in_place_of(case, party))), case.day)


def _group_if_school(case: Case[Any], party: str) -> str | None:
    return group_of(case, party) if party_kind(party) == "school" else None


def not_through(case: Case[Any], reference: str, provider: str) -> Iterator[str]:
    """Say that support from outside is agreed before the levels below were asked for help."""
    trigger = case.look(facts.trigger(reference))
    if trigger is None or "outside" in trigger.escalated:
        return
    school = trigger.school
    if trigger.in_category or has_category(case, school) or is_within(case, provider, school):
        return
    has = [level for level in LEVELS if level in _levels_of(case, school)]
    waits = [one for one in has if one == trigger.level or not trigger.stood_at(one)]
    if waits:
        yield (
            f"{provider} is outside the trust, federation and partnerships of {school}, and"
            f" {reference} was not put outside these: {in_words(waits)} may still help;"
            " NeedEscalated puts it to the next level"
        )

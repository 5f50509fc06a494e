"""Who is to act on what asks for help: the body responsible for a school, or its partnerships."""

from __future__ import annotations

from typing import Any, NamedTuple

from ledger.decision_model.rules import UNTOLD, Case, Told
from ledger.domain.judgements.facts import INSPECTIONS, Concern, concern, in_category
from ledger.domain.judgements.pledges import pledged
from ledger.domain.partnership.facts import belongs, partnerships
from ledger.domain.registers.who import in_place_of, school_of
from ledger.values import party_kind


class Helpers(NamedTuple):
    """Who is to find help for a school, and which of its partnerships answer all the same."""

    brokers: tuple[str, ...]
    responders: tuple[str, ...]


def helpers(case: Case[Any], school: str, *, by_body: bool) -> Helpers:
    """Return who is to find help: its partnerships, or the body responsible where it has none.

    `by_body` is what asks for the body whatever partnerships there are.
    """
    school = in_place_of(case, school)
    standing = school_of(case, school)
    body = standing.responsible_body(case.day) if standing else None
    joined = tuple(sorted(partnerships(case.look(belongs(school)), case.day)))
    if body is not None and (by_body or not joined):
        return Helpers((body,), joined)
    return Helpers(joined, ())


def asks_for_help(case: Case[Any]) -> bool:
    """Return whether a judgement of a school asks for help: by category or monitored grade.

    None does of which a later inspection has told otherwise, however late it is recorded itself.
    """
    if party_kind(case.entry.data.get("about", "")) != "school":
        return False
    graded_since = any(one.is_graded for one in _published_later(case))
    return _is_placed(case) or (_is_monitored(case) and not graded_since)


def _is_placed(case: Case[Any]) -> bool:
    """Return whether a judgement places a school in a category, and no later one speaks of it."""
    return _is_in_category(case) and not _published_later(case)


def _published_later(case: Case[Any]) -> list[Concern]:
    """Return the inspections of the same URN that are known already and were published later.

    What one says of a category, and what one that grades anew says of grades, holds instead.
    """
    said = case.entry.data
    if said.get("basis") not in INSPECTIONS:
        return []
    school, published = school_of(case, said["about"]), said.get("published_on")
    urn = said.get("urn") or (school.urn_on(case.day) if school else None)
    return [
        one
        for one in case.look(concern(said["about"]))
        if one.is_of(urn) and one.published_on.isoformat() > (published or case.entry.occurredon)
    ]


def _is_in_category(case: Case[Any]) -> bool:
    return bool(case.entry.data.get("category", "none") != "none")


def _is_monitored(case: Case[Any]) -> bool:
    """Return whether a judgement gives a grade that its framework follows up."""
    framework = case.thing("framework")
    areas = framework.data.get("areas", ()) if framework else ()
    monitored = {(area["area"], grade) for area in areas for grade in area.get("monitored", ())}
    given = case.entry.data.get("grades", ())
    return any((one.get("area"), one.get("grade")) in monitored for one in given)


def _brokers(case: Case[Any]) -> Any:
    return list(_of_judgement(case).brokers) or None


def _responders(case: Case[Any]) -> Any:
    return list(_of_judgement(case).responders) or None


def _of_judgement(case: Case[Any]) -> Helpers:
    if not asks_for_help(case):
        return Helpers((), ())
    return helpers(case, case.entry.data["about"], by_body=_is_placed(case))


def _answerable(case: Case[Any]) -> str | None:
    """Return the body that owes a statement of action for a school that is placed in a category.

    None owes one for a URN that the school has no more, or that a later inspection spoke of, nor
    by a framework that asks for none.
    """
    said, framework = case.entry.data, case.thing("framework")
    school = (
        school_of(case, said["about"]) if party_kind(said.get("about", "")) == "school" else None
    )
    asked = framework is not None and "action_days" in framework.data
    if school is None or not asked or not _is_placed(case):
        return None
    urn = school.urn_on(case.day)
    if said.get("urn", urn) != urn:
        return None
    return school.responsible_body(case.day)


def _pledges_to_judged(case: Case[Any]) -> Any:
    return pledged(case, case.entry.data["about"]) if asks_for_help(case) else None


def _pledges_to_school(case: Case[Any]) -> Any:
    school = case.entry.data.get("school")
    return pledged(case, school) if school else UNTOLD


#: What a judgement says of who acts on it.
ACTS: dict[str, str | Told] = {
    "answerable": Told("the body that owes a statement of action", _answerable),
    "brokers": Told("who is to find help for the school that is judged", _brokers),
    "responders": Told("its partnerships, where another is to find help", _responders),
    "pledges": Told("the days that its partnerships pledged to it", _pledges_to_judged),
}


def _of_intervention(case: Case[Any]) -> Helpers:
    said = case.entry.data
    school = said.get("school", "")
    standing = school_of(case, school) if school else None
    if standing is None or not said.get("asks_for_support"):
        return Helpers((), ())
    by_body = in_category(standing, case.look(concern(school)), case.day)
    return helpers(case, school, by_body=by_body)


#: What an intervention says of who acts on it.
INTERVENES: dict[str, str | Told] = {
    "brokers": Told(
        "who is to find help, where it asks for support",
        lambda case: list(_of_intervention(case).brokers) or None,
    ),
    "responders": Told(
        "the school's partnerships, where another is to find help",
        lambda case: list(_of_intervention(case).responders) or None,
    ),
    "pledges": Told("the days that its partnerships pledged to it", _pledges_to_school),
}

"""Rules for moderation: who challenges a judgement, who finds a moderator, and who may be one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from ledger.decision_model import created
from ledger.decision_model.created import same_hand
from ledger.decision_model.postings import ZERO
from ledger.decision_model.rules import UNTOLD, By, Case, Rule, Told
from ledger.domain.judgements.facts import INSPECTIONS
from ledger.domain.judgements.grading import ungradable
from ledger.domain.moderation.facts import challenge
from ledger.domain.partnership.days_allowed import partnership_of
from ledger.domain.partnership.facts import belongs, partnerships
from ledger.domain.registers import offices
from ledger.domain.registers.who import office_of, school_of
from ledger.domain.visits import facts as visits
from ledger.events.base import Event
from ledger.events.judgements import JudgementChallenged, JudgementModerated
from ledger.events.visits import VisitDisputeMaintained
from ledger.values import event_id, office_party, party_kind

#: What may be moderated, each with the members that name its sides: whose word it is, and who does
#: not accept it.
_SIDES = {"judgement": ("judge", "about"), "visit": ("visitor", "host")}


# -- who finds a moderator -----------------------------------------------------------------------


def _finds(case: Case[Any], one: str, other: str, under: str | None = None) -> str:
    """Return who finds a moderator: the partnership that two share, else who spoke first.

    Of several that of the year under which it was; else the first by its name.
    """
    shared = (_joined(case, one) & _joined(case, other)) - {one, other}
    of_year = partnership_of(case.look, under)
    return of_year if of_year in shared and of_year else min(shared, default=one)


def _joined(case: Case[Any], party: str) -> set[str]:
    if party_kind(party) != "school":
        return {party}
    return set(partnerships(case.look(belongs(party)), case.day))


def _finder_of_challenge(case: Case[Any]) -> Any:
    judged = case.thing("judgement")
    if judged is None:
        return UNTOLD
    said = judged.data
    if said["basis"] in INSPECTIONS:
        return None
    return _finds(case, said["judge"], said["about"])


def _finder_of_dispute(case: Case[Any]) -> Any:
    visit = _visit(case)
    if visit is None:
        return UNTOLD
    return _finds(case, visit.said.visitor, visit.said.host, visit.under)


# -- challenging ---------------------------------------------------------------------------------


def _challenged(case: Case[JudgementChallenged]) -> Iterator[str]:
    said, before = case.said, case.look(challenge(case.said.judgement))
    if said.about == said.judge:
        yield f"{said.about} judged itself: it withdraws the judgement instead"
    if before is not None:
        what = "moderated" if before.moderated else "challenged"
        yield f"{said.judgement} is {what} already"


# -- moderating ----------------------------------------------------------------------------------


def _visit(case: Case[Any]) -> visits.Visit | None:
    return case.look(visits.visit(event_id(case.entry.data.get("visit", ""))))


def _what(case: Case[Any]) -> str | None:
    """Return the member that names what is moderated; None unless exactly one does."""
    named = [member for member in _SIDES if member in case.entry.data]
    return named[0] if len(named) == 1 else None


def _of(member: str, thing: str, words: str) -> Told:
    """Return what tells a side of what is moderated; left out where that is of another kind."""

    def found(case: Case[Any]) -> Any:
        if thing not in case.entry.data:
            return None
        named = case.thing(thing)
        return UNTOLD if named is None else named.data.get(member)

    return Told(words, found)


def _of_visit(words: str, tell: Callable[[visits.Visit], str | None]) -> Told:
    """Return what a visit tells as it stands; left out of what moderates a judgement."""

    def found(case: Case[Any]) -> Any:
        if "visit" not in case.entry.data:
            return None
        visit = _visit(case)
        return UNTOLD if visit is None else tell(visit)

    return Told(words, found)


def _sides(case: Case[Any]) -> list[str]:
    said = case.entry.data
    return [said[member] for member in _SIDES[_what(case) or "visit"] if member in said]


def _moderated(case: Case[JudgementModerated]) -> Iterator[str]:
    what = _what(case)
    if what is None:
        yield "it is about one challenged judgement or one disputed visit: name exactly one"
        return
    yield from _takes_part(case)
    yield from _has_a_hand_in_it(case)
    yield from _finds_of_judgement(case) if what == "judgement" else _finds_of_visit(case)


def _takes_part(case: Case[JudgementModerated]) -> Iterator[str]:
    """Say that the moderator is a side or answers for one, or that who signs has office there."""
    moderator = case.said.moderator
    for side in _sides(case):
        school = school_of(case, side) if party_kind(side) == "school" else None
        if moderator == side:
            yield f"{moderator} is one of the two sides: somebody else moderates"
        elif school is not None and school.responsible_body(case.day) == moderator:
            yield f"{moderator} is responsible for {side}: somebody else moderates"
    yield from _is_in_office(case)


def _is_in_office(case: Case[JudgementModerated]) -> Iterator[str]:
    person, sides = case.entry.signedby, _sides(case)
    for office in case.look(offices.offices_of(person)):
        tenures = case.look(offices.office(office))
        holds = any(offices.held_by(office, tenures, person, case.day))
        if holds and office_party(office) in sides:
            yield f"{person} holds {office}: whoever moderates has no office at either side"


def _has_a_hand_in_it(case: Case[JudgementModerated]) -> Iterator[str]:
    before = case.look(challenge(case.entry.data.get("judgement", "")))
    if before is not None and same_hand(before.hand, case.hand):
        yield "the same person signed the challenge; somebody else must moderate"


def _finds_of_judgement(case: Case[JudgementModerated]) -> Iterator[str]:
    said, judged = case.said, case.thing("judgement")
    if said.days is not None:
        yield "a judgement has no days: leave them out"
    if (said.finding == "varied") != bool(said.grades):
        lacking = (
            "names no grade" if said.finding == "varied" else f"is {_worded(said)}, not varied"
        )
        yield f"a judgement is varied by the grades that are found instead: it {lacking}"
    if judged is None:
        return
    graded = [grade["area"] for grade in judged.data["grades"]]
    for grade in said.grades:
        if grade.area not in graded:
            yield f"the judgement does not grade {grade.area}: it grades {', '.join(graded)}"
    yield from ungradable(case.look(created.thing(judged.data["framework"])), said.grades)


def _finds_of_visit(case: Case[JudgementModerated]) -> Iterator[str]:
    said, visit = case.said, _visit(case)
    if said.grades:
        yield "a visit has no grades: leave them out"
    if said.days is None:
        yield "it does not say how many days of the visit are found"
        return
    if visit is None:
        return
    waiting = visit.days - visit.confirmed
    if said.days > waiting:
        yield f"it finds {said.days} days, and {waiting} wait for it"
    elif said.finding != _finding(said.days, waiting):
        finding = _finding(said.days, waiting).replace("_", " ")
        yield (
            f"it finds {said.days} of {waiting} days: that is {finding}, and it says"
            f" {_worded(said)}"
        )


def _finding(days: Decimal, waiting: Decimal) -> str:
    """Return what a number of days found says of a visit as it was claimed."""
    if days == waiting:
        return "upheld"
    return "varied" if days > ZERO else "set_aside"


def _worded(said: JudgementModerated) -> str:
    return said.finding.replace("_", " ")


RULES: dict[type[Event], Rule[Any]] = {
    JudgementChallenged: Rule[JudgementChallenged](
        by=(By("the office of the judged party", office_of("about").offices),),
        between=("about", "judge"),
        agrees={
            "about": "judgement.about",
            "judge": "judgement.judge",
            "finder": Told("who finds a moderator", _finder_of_challenge),
        },
        also=_challenged,
        disputes="judgement",
    ),
    JudgementModerated: Rule[JudgementModerated](
        by=(office_of("moderator"),),
        agrees={
            "about": _of("about", "judgement", "whom the judgement is of"),
            "judge": _of("judge", "judgement", "whose judgement it is"),
            "visitor": _of("visitor", "visit", "who made the visit"),
            "host": _of("host", "visit", "whom the visit was to"),
            "under": _of_visit("what the visit is under", lambda visit: visit.under),
            "visited_on": _of_visit(
                "the day of the visit", lambda visit: visit.made_on.isoformat()
            ),
            "confirmed_before": _of_visit(
                "the days confirmed already",
                lambda visit: str(visit.confirmed) if visit.confirmed else None,
            ),
        },
        other_person_than=("judgement", "visit"),
        answers="nobody waits for it to be moderated: it was not challenged or maintained, or is"
        " moderated already",
        also=_moderated,
    ),
}
#: What the theme of visits does not know of its own event.
ADDS = {VisitDisputeMaintained: {"finder": Told("who finds a moderator", _finder_of_dispute)}}

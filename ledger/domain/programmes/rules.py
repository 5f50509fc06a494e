"""Rules for programmes of visits: who may open, join and leave one."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.decision_model.rules import Case, Rule, takes_effect_before
from ledger.decision_model.stricter import RELEASE_0_1
from ledger.domain.programmes import facts
from ledger.domain.programmes.facts import Part, Programme
from ledger.domain.registers.schools import in_place_of
from ledger.domain.registers.who import (
    goes_on,
    gone,
    how_it_ended,
    office_of,
    role_of,
    school_of,
)
from ledger.events.programmes import ProgrammeJoined, ProgrammeLeft, VisitProgrammeOpened
from ledger.values import party_kind


def _opened(case: Case[VisitProgrammeOpened]) -> Iterator[str]:
    said = case.said
    if party_kind(said.organiser) == "school":
        yield f"{said.organiser} is a school: a body or a partnership opens a programme of visits"
    if said.ends < said.starts:
        yield f"its last day, {said.ends}, lies before its first, {said.starts}"
    if not said.schools:
        yield "it names no school: schools are those who may join, or who are visited"
    if len(set(said.schools)) < len(said.schools):
        yield "schools names a school twice"
    yield from _closed(case)
    yield from _visits(said)


def _closed(case: Case[VisitProgrammeOpened]) -> Iterator[str]:
    for one in dict.fromkeys(case.said.schools):
        ended = how_it_ended(case, one, case.said.starts)
        if ended:
            yield f"{one} {ended}, before the programme begins{goes_on(case, one)}"


def _visits(said: VisitProgrammeOpened) -> Iterator[str]:
    by_each, to_each = said.visits_by_each or 0, said.visits_to_each or 0
    outside = said.outside_group or 0
    if (by_each > 0) == (to_each > 0):
        yield (
            "it asks for visits by each school, or promises visits to each: say how many of one of"
            " the two, at least 1"
        )
    elif to_each and (said.distinct_hosts or outside or said.counts_years):
        yield (
            "it promises visits to schools: distinct hosts, visits outside the group and visits"
            " that count for years are only asked of visits by schools; leave them out"
        )
    elif outside > by_each:
        yield (
            f"each school is asked for {by_each} visits, and {outside} outside its group are more"
        )


def _programme(case: Case[ProgrammeJoined] | Case[ProgrammeLeft]) -> Programme | None:
    return case.look(facts.programme(case.said.programme))


def _current(case: Case[ProgrammeJoined] | Case[ProgrammeLeft]) -> Part | None:
    """Return the time of the school in the programme that has not ended.

    It may have begun as a school that has merged into it since.
    """
    programme = _programme(case)
    own = () if programme is None else facts.parts_in(case.look, programme, case.said.school)
    going_on = [one for one in own if one.last is None]
    now = in_place_of(case.look, case.said.school, case.day)
    same = (one for one in going_on if in_place_of(case.look, one.school, case.day) == now)
    return next(same, None)


def _joins(case: Case[ProgrammeJoined]) -> Iterator[str]:
    said, programme = case.said, _programme(case)
    yield from gone(case, "school")
    if programme is None:
        return
    yield from RELEASE_0_1.refuses(takes_effect_before(case, "programme"))
    if not facts.named_schools(case.look, programme, said.school):
        yield f"{said.school} is not named in the programme {programme.said.name}"
    if not programme.said.visits_by_each:
        yield "it asks schools for no visits, so that there is nothing to join"
    if said.effective_on > programme.said.ends:
        yield f"the programme ends on {programme.said.ends}; it would join on {said.effective_on}"
    yield from _overlapping(case, said, programme)


def _overlapping(
    case: Case[ProgrammeJoined], said: ProgrammeJoined, programme: Programme
) -> Iterator[str]:
    current = _current(case)
    if current is not None and current.school != said.school:
        yield from RELEASE_0_1.refuses([_as_another(case, current)])
    for part in case.look(facts.parts(said.school)):
        if part.programme != programme.id:
            continue
        if part.last is None:
            yield f"{said.school} has joined the programme already, from {part.first}"
        elif said.effective_on <= part.last:
            yield f"{said.school} is in the programme until {part.last}; it can join again after"


def _as_another(case: Case[ProgrammeJoined] | Case[ProgrammeLeft], part: Part) -> str:
    school, before = case.said.school, school_of(case, part.school)
    how = "merged into" if before is not None and before.merged else "went on as"
    return f"{school} takes part already, from {part.first}, as {part.school}, which {how} it"


def _leaves(case: Case[ProgrammeLeft]) -> Iterator[str]:
    said, programme = case.said, _programme(case)
    if programme is None:
        return
    part = _current(case)
    if part is None:
        yield f"{said.school} has not joined the programme, or has left it already"
        return
    if part.school != said.school:
        yield f"{_as_another(case, part)}: say that {part.school} leaves"
    if said.effective_on < part.first:
        yield f"it joined on {part.first}, and cannot leave before: got {said.effective_on}"
    if said.effective_on >= programme.said.ends:
        yield f"the programme ends on {programme.said.ends}, and there is nothing left to leave"


RULES = {
    VisitProgrammeOpened: Rule[VisitProgrammeOpened](by=(office_of("organiser"),), also=_opened),
    ProgrammeJoined: Rule[ProgrammeJoined](
        by=(role_of("head", "school"),),
        agrees={"organiser": "programme.organiser"},
        also=_joins,
    ),
    ProgrammeLeft: Rule[ProgrammeLeft](
        by=(role_of("head", "school"),),
        agrees={"organiser": "programme.organiser"},
        also=_leaves,
    ),
}

"""Rules for judgements: a grade needs a framework, a judge is not the judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledger.decision_model.rules import By, Case, Rule
from ledger.decision_model.stricter import RELEASE_0_1
from ledger.domain.judgements.acting import ACTS, INTERVENES
from ledger.domain.judgements.facts import INSPECTIONS, lifted
from ledger.domain.judgements.grading import ungradable
from ledger.domain.partnership import facts as parties
from ledger.domain.registers import bodies
from ledger.domain.registers.schools import School
from ledger.domain.registers.who import (
    REGISTRAR_BY,
    gone,
    how_it_ended,
    office_of,
    school_of,
)
from ledger.events.judgements import (
    FrameworkAdopted,
    InterventionLifted,
    InterventionRecorded,
    JudgementMade,
    MeasurePublished,
)
from ledger.values import party_kind

_BY_HEADS = ("peer_review", "self")


_JUDGE = office_of("judge")


def _inspects(case: Case[JudgementMade]) -> Iterable[str]:
    """Return the officer of the judge, for an inspection by an inspectorate."""
    body = case.look(bodies.body(case.entry.data.get("judge", "")))
    inspects = body is not None and body.kind == "inspectorate"
    return _JUDGE.offices(case) if inspects and _is_inspection(case) else ()


def _judges(case: Case[JudgementMade]) -> Iterable[str]:
    """Return the office of the judge, for all but an inspection; a head's for what heads may."""
    is_school = case.entry.data.get("judge", "").startswith("school:")
    may_not = is_school and case.entry.data.get("basis") not in _BY_HEADS
    return () if may_not or _is_inspection(case) else _JUDGE.offices(case)


def _is_inspection(case: Case[JudgementMade]) -> bool:
    return case.entry.data.get("basis") in INSPECTIONS


def _adopted(case: Case[FrameworkAdopted]) -> Iterator[str]:
    areas = [area.area for area in case.said.areas]
    if len(set(areas)) < len(areas):
        yield "it names an area twice"
    for area in case.said.areas:
        if len(set(area.grades)) < len(area.grades):
            yield f"the scale of {area.area} names a grade twice"
        for grade in dict.fromkeys((*area.meets, *area.monitored)):
            if grade not in area.grades:
                yield f"{grade} is no grade of {area.area}: the scale is {', '.join(area.grades)}"


def _judged(case: Case[JudgementMade]) -> Iterator[str]:
    said = case.said
    yield from gone(case, "judge")
    yield from _closed_by_then(case)
    yield from ungradable(case.thing("framework"), said.grades)
    if (said.basis == "self") != (said.judge == said.about):
        yield "who judges themselves says so by the basis self, and nobody else does"
    yield from _no_excellence(case)
    if said.category not in (None, "none") and said.basis not in INSPECTIONS:
        yield "only an inspection places a school in a category of concern"
    yield from RELEASE_0_1.refuses(_no_category(said))
    if said.inspected_on > case.entry.occurred_on:
        yield f"it was inspected on {said.inspected_on}, after the judgement"
    yield from RELEASE_0_1.refuses(_wrong_day_of_publication(case))
    yield from _wrong_urn(case)
    yield from _not_independent(case)


def _no_category(said: JudgementMade) -> Iterator[str]:
    """Say that an inspection of a school tells no category: none that is not meant ends one."""
    if said.basis in INSPECTIONS and party_kind(said.about) == "school" and said.category is None:
        yield (
            "an inspection says in which category of concern it places the school, or that it"
            " places it in none: say which with --category"
        )


def _no_excellence(case: Case[JudgementMade]) -> Iterator[str]:
    said, framework = case.said, case.thing("framework")
    excellent, given = said.areas_of_excellence, {one.area: one.grade for one in said.grades}
    if len(set(excellent)) < len(excellent):
        yield "it names an area of excellence twice"
    areas = {one["area"]: one for one in framework.data["areas"]} if framework else {}
    for name in dict.fromkeys(excellent):
        meets = areas.get(name, {}).get("meets", ())
        if areas and name not in areas:
            yield f"the framework has no area {name}: it has {', '.join(areas)}"
        elif meets and name in given and given[name] not in meets:
            yield (
                f"{name} is graded {given[name]}, which does not meet the framework's standard: it"
                f" is no area of excellence; one is graded {' or '.join(meets)}"
            )


def _wrong_day_of_publication(case: Case[JudgementMade]) -> Iterator[str]:
    """Say that it was published when it could not be: what a school owes counts from that day."""
    said, day = case.said, case.said.published_on
    if day is not None and day < said.inspected_on:
        yield f"it was published on {day}, before the inspection on {said.inspected_on}"
    if day is not None and day > case.day:
        yield f"its publication on {day} lies ahead; a judgement is told once it is published"


def _closed_by_then(case: Case[JudgementMade]) -> Iterator[str]:
    said = case.said
    ended = how_it_ended(case, said.about, said.inspected_on)
    if ended:
        yield f"{said.about} {ended}, before it was inspected on {said.inspected_on}"


def _wrong_urn(case: Case[JudgementMade]) -> Iterator[str]:
    said = case.said
    if party_kind(said.about) != "school":
        if said.urn is not None:
            yield "only a school has a URN"
        return
    school = school_of(case, said.about)
    if said.urn is not None and school and said.urn not in {span.urn for span in school.urns}:
        yield f"{said.urn} was never a URN of {said.about}"
    elif said.urn is not None and school and said.source is None:
        yield from RELEASE_0_1.refuses(_not_its_urn_then(said, school))


def _not_its_urn_then(said: JudgementMade, school: School) -> Iterator[str]:
    """Say that a school had another URN when it was inspected: a published source may say so."""
    day = said.inspected_on
    if said.urn is not None and not school.had(said.urn, day):
        yield (
            f"{said.urn} was no URN of {said.about} on {day}, when it was inspected: name"
            f" {school.urn_on(day)}, or leave it out"
        )


def _not_independent(case: Case[JudgementMade]) -> Iterator[str]:
    said, day = case.said, case.entry.occurred_on
    if party_kind(said.about) != "school" or said.basis != "peer_review":
        return
    for partnership in parties.partnerships(case.look(parties.belongs(said.about)), day):
        agreed = parties.rules_for(case.look, partnership, (said.about,), day)
        if agreed is None or not agreed.external_judge:
            continue
        members = case.look(parties.members(partnership))
        if any(member.school == said.judge and member.covers(day) for member in members):
            yield f"the ground rules of {partnership} ask for a judge from outside it"
        else:
            yield from RELEASE_0_1.refuses(_within_group(case, partnership))


def _within_group(case: Case[JudgementMade], partnership: str) -> Iterator[str]:
    """Say that the judge is of the group of the judged, or is it: nobody from outside."""
    said, day = case.said, case.entry.occurred_on
    group = bodies.group_of(case.look, said.about, day)
    is_school = party_kind(said.judge) == "school"
    own = bodies.group_of(case.look, said.judge, day) if is_school else said.judge
    if group is not None and own == group:
        yield (
            f"the ground rules of {partnership} ask for an external judge, and {said.judge} is of"
            f" one group with {said.about}, {group}"
        )


def _measured(case: Case[MeasurePublished]) -> Iterator[str]:
    said = case.said
    if party_kind(said.about) == "body":
        yield f"a measure is of a school or a partnership, and {said.about} is neither"
    if said.period_to < said.period_from:
        yield f"its period ends on {said.period_to}, before it begins on {said.period_from}"
    if said.period_to > case.entry.occurred_on:
        yield f"its period ends on {said.period_to}, after it was published"
    yield from _wrong_bounds(said)
    if said.cohort is not None and said.cohort < 1:
        yield f"a figure rests on one pupil at least: got a cohort of {said.cohort}"


def _wrong_bounds(said: MeasurePublished) -> Iterator[str]:
    value, lower, upper = said.value, said.lower, said.upper
    if lower is None and upper is None:
        return
    if lower is None or upper is None:
        yield "it has one bound: give the lower and the upper, or neither"
    elif lower > upper:
        yield f"its bounds are the wrong way round: the lower is {lower}, the upper {upper}"
    elif not lower <= value <= upper:
        yield f"its value {value} lies outside its bounds, {lower} to {upper}"


def _intervened(case: Case[InterventionRecorded]) -> Iterator[str]:
    said = case.said
    yield from gone(case, "school", "complier")
    if said.complier == said.issuer:
        yield f"{said.issuer} intervenes: another party complies"
    if said.comply_by is None:
        return
    if said.complier is None:
        yield f"it asks for something by {said.comply_by}: name who must comply"
    if said.comply_by < case.entry.occurred_on:
        yield f"it asks to comply by {said.comply_by}, before it is issued"


def _lifts(case: Case[InterventionLifted]) -> Iterator[str]:
    if case.look(lifted(case.said.intervention)) is not None:
        yield f"{case.said.intervention} is lifted already"


RULES = {
    FrameworkAdopted: Rule[FrameworkAdopted](by=(REGISTRAR_BY,), also=_adopted),
    JudgementMade: Rule[JudgementMade](
        by=(
            By("the office of the judge, a head by peer review or self only", _judges),
            By("an officer of the inspectorate that judges, for an inspection", _inspects),
            REGISTRAR_BY,
        ),
        agrees=ACTS,
        registrar_needs_source=True,
        also=_judged,
    ),
    MeasurePublished: Rule[MeasurePublished](
        by=(REGISTRAR_BY,), registrar_needs_source=True, also=_measured
    ),
    InterventionRecorded: Rule[InterventionRecorded](
        by=(office_of("issuer"), REGISTRAR_BY),
        agrees=INTERVENES,
        registrar_needs_source=True,
        also=_intervened,
    ),
    InterventionLifted: Rule[InterventionLifted](
        by=(office_of("issuer"), REGISTRAR_BY),
        agrees={"school": "intervention.school", "issuer": "intervention.issuer"},
        registrar_needs_source=True,
        also=_lifts,
    ),
}

"""Rules for the registers of bodies and schools: what they are, become and go on as."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from ledger.decision_model import created
from ledger.decision_model.kinds import kind_named
from ledger.decision_model.postings import kind_of
from ledger.decision_model.rules import UNTOLD, Case, Rule, Told, in_words
from ledger.decision_model.stricter import RELEASE_0_1
from ledger.domain.registers import bodies, schools
from ledger.domain.registers.who import (
    REGISTRAR_BY,
    how_it_ended,
    lacks_source,
    predecessor,
    school_of,
)
from ledger.events.registers import (
    BodyRegistered,
    BodySucceeded,
    ResponsibleBodyChanged,
    SchoolChanged,
    SchoolClosed,
    SchoolConverted,
    SchoolRegistered,
    SuccessionAttributed,
)
from ledger.values import event_id, party_kind


def _body(case: Case[BodyRegistered]) -> Iterator[str]:
    if case.look(bodies.body(case.said.body)) is not None:
        yield f"{case.said.body} is registered already"


def _school(case: Case[SchoolRegistered]) -> Iterator[str]:
    said = case.said
    if school_of(case, said.school) is not None:
        yield f"{said.school} is registered already"
    expected = f"urn:{said.school.partition(':')[2]}"
    if said.urn != expected:
        yield (
            f"urn must be that by which the school line is named: got {said.urn},"
            f" expected {expected}"
        )
    taken = case.look(schools.urn(said.urn))
    if taken is not None and taken != said.school:
        yield f"{said.urn} belongs to {taken} already"
    yield from _no_body_then(case, case.entry.occurred_on, "la", "responsible_body")


def _no_body_then(case: Case[Any], day: date, *members: str) -> Iterator[str]:
    """Say which of the bodies that members name ended by a day, and who took its place."""
    for member in members:
        yield from RELEASE_0_1.refuses(_body_over(case, day, member))


def _body_over(case: Case[Any], day: date, member: str) -> Iterator[str]:
    named = case.entry.data.get(member)
    over = case.look(bodies.ended(named)) if named else None
    if over is not None and over.on <= day:
        yield (
            f"{named} ended, its last day {over.on - timedelta(days=1)}: it can be no"
            f" {in_words(member)} from {day} on{_of_successors(over, member)}"
        )


def _of_successors(over: bodies.Ended, member: str) -> str:
    return f"; say {in_words(member)} {' or '.join(over.successors)}" if over.successors else ""


def _conversion(case: Case[SchoolConverted]) -> Iterator[str]:
    said = case.said
    school = school_of(case, said.school)
    if school is None:
        return
    if school.closed_on is not None:
        yield f"{said.school} {school.ending}"
    taken = case.look(schools.urn(said.new_urn))
    if taken is not None:
        yield f"{said.new_urn} belongs to {taken} already"
    if said.new_urn_opens_on < said.old_urn_closes_on:
        yield f"the new URN opens on {said.new_urn_opens_on}, before the old one closes"
    yield from RELEASE_0_1.refuses(_two_urns_at_once(said))
    yield from _no_body_then(case, said.effective_on, "responsible_body")
    if said.left_with_former_body and said.former_body is None:
        yield "obligations can only be left with a former body that is known"
    for obligation in said.left_with_former_body:
        yield from _not_passed_on(case, said.school, obligation, "left behind")


def _two_urns_at_once(said: SchoolConverted) -> Iterator[str]:
    """Say that both URNs would be the school's on a day, or that it goes on as what is not open.

    A published register has one day for both now and then: then the new URN counts from it.
    """
    opens = said.new_urn_opens_on
    if opens == said.old_urn_closes_on and said.source is None:
        yield (
            f"both URNs would be open on {opens}: the old one's last day is the day before the new"
            f" one opens, {opens - timedelta(days=1)}; a published register that says otherwise is"
            " named with `--source.publisher` and `--source.title`"
        )
    if said.effective_on != opens:
        yield (
            f"it takes effect on {said.effective_on}, and the new URN opens on {opens}: a school"
            " goes on as another from the day on which that opens; leave the day out, and it is"
            " filled in"
        )


def _not_passed_on(case: Case[Any], school: str, obligation: str, how: str) -> Iterator[str]:
    """Say why an obligation of a school cannot pass to another party, if it cannot."""
    kind = kind_named(kind_of(obligation))
    opener = case.look(created.recorded(event_id(obligation)))
    if kind is None or opener is None or kind.unit == "item":
        yield f"{obligation} is for the school itself to answer; it cannot be {how}"
    elif not _stands_in(case, school, obligation, kind.sides(case.look, opener, obligation)):
        yield f"{obligation} is nothing that {school} owes or is owed"


def _stands_in(case: Case[Any], school: str, obligation: str, sides: Iterable[str]) -> bool:
    """Whether a school, or a line in whose place it stands, is a side of an obligation by now."""
    own = schools.lines(case.look, school)
    lines = (side for side in sides if party_kind(side) == "school")
    return any(schools.line_of(case.look, side, obligation) in own for side in lines)


_ALONE = (
    (
        "a registrar's word alone moves no debt: name the published source that says so, or leave"
        " moved out"
    ),
)


def _attribution(case: Case[SuccessionAttributed]) -> Iterator[str]:
    said = case.said
    school = school_of(case, said.school)
    if school is None:
        return
    yield from _said_before(case, school)
    if said.urn not in {span.urn for span in school.urns}:
        yield f"{said.urn} is no URN of {said.school}"
    if said.effective_on < said.former_urn_closes_on:
        yield f"{said.urn} follows on {said.effective_on}, before the former URN closes"
    ended = how_it_ended(case, said.school, said.effective_on)
    if ended:
        yield f"{said.school} {ended}"
    if said.moved and said.source is None:
        yield from RELEASE_0_1.refuses(_ALONE)
    if said.moved and said.predecessor is None:
        yield "obligations can only go along from a predecessor that this ledger has"
    for obligation in said.moved if said.predecessor else ():
        yield from _not_passed_on(case, said.predecessor or "", obligation, "moved")


def _said_before(case: Case[SuccessionAttributed], school: schools.School) -> Iterator[str]:
    """Say that the school goes on from the URN already; a source that lacked may be added."""
    said = case.said
    if case.look(schools.urn(said.former_urn)) != said.school:
        return
    before = school.goes_on_from(said.former_urn)
    if said.source is None or not lacks_source(before):
        yield f"{said.school} goes on from {said.former_urn} already"
    elif before is not None and before.since != said.effective_on:
        yield (
            f"{said.school} goes on from {said.former_urn} from {before.since} on: a source that"
            f" is added later tells of that day, not of {said.effective_on}"
        )


def _urn_then(case: Case[Any]) -> str | None:
    """Return the URN that the school has on the day that it goes on from another."""
    school, day = _school_said(case), case.entry.data.get("effective_on")
    return school.urn_on(date.fromisoformat(day)) if school and day else None


def _closure(case: Case[SchoolClosed]) -> Iterator[str]:
    school = school_of(case, case.said.school)
    if school is not None and school.closed_on is not None:
        yield f"{case.said.school} {school.ending}: it ends only once"


def _body_changed(case: Case[ResponsibleBodyChanged]) -> Iterator[str]:
    said = case.said
    school = school_of(case, said.school)
    if school is None:
        return
    if said.responsible_body == said.former_body:
        yield f"{said.former_body} is the responsible body already"
    yield from _no_body_then(case, said.effective_on, "responsible_body")


def _school_changed(case: Case[SchoolChanged]) -> Iterator[str]:
    said, school = case.said, school_of(case, case.said.school)
    told = {"phase": said.phase, "establishment_type": said.establishment_type, "la": said.la}
    told = {member: value for member, value in told.items() if value is not None}
    if not told and said.place is None:
        yield "it changes nothing: say the phase, the type, the place or the local authority"
    yield from _no_body_then(case, said.effective_on, "la")
    if school is None:
        return
    own = {
        "phase": school.phase,
        "establishment_type": school.establishment_type,
        "la": school.authority(said.effective_on),
    }
    for member, value in told.items():
        if value == own[member]:
            yield f"the {in_words(member)} of {said.school} is {value} already"


def _body_gone(case: Case[BodySucceeded]) -> Iterator[str]:
    said = case.said
    over = case.look(bodies.ended(said.body))
    if over is not None:
        yield f"{said.body} ended already, on {over.on}"
    if said.body in said.successors:
        yield f"{said.body} does not succeed itself"
    named = (*(one.body for one in said.schools), *(one.body for one in said.moved))
    for other in sorted(set(named) - set(said.successors)):
        yield f"{other} is none of its successors"
    own = _schools_under(case, said.body, said.effective_on)
    going = {goes.school for goes in said.schools}
    yield from _nowhere(said, (one for one in own if not _ends_ahead(case, one)), going)
    ending = (one for one in own if _ends_ahead(case, one))
    yield from RELEASE_0_1.refuses(_nowhere(said, ending, going))
    for school in sorted(going - set(own)):
        yield f"{school} is not under {said.body} on {said.effective_on}"
    if said.moved and len(said.successors) < _SEVERAL:
        yield "there is one successor, to which all goes: leave out what goes where"


_SEVERAL = 2


def _nowhere(said: BodySucceeded, own: Iterable[str], going: Container[str]) -> Iterator[str]:
    for school in own:
        if said.successors and school not in going:
            yield f"{school} is under {said.body} and goes nowhere: say to which successor"


def _ends_ahead(case: Case[BodySucceeded], reference: str) -> bool:
    school = school_of(case, reference)
    return school is not None and school.closed_on is not None


def _schools_under(case: Case[Any], body: str, day: date) -> list[str]:
    """Return the schools for which a body is responsible on a day, or that are in its area."""
    found = []
    for reference in case.look(bodies.schools_of(body)):
        school = school_of(case, reference)
        under = school and body in (school.responsible_body(day), school.authority(day))
        is_open = school is not None and (school.closed_on is None or school.closed_on >= day)
        if under and is_open:
            found.append(reference)
    return found


def _all_to_the_one(case: Case[Any]) -> Any:
    """Return that all schools of a body go to the one that succeeds it; None where several do."""
    said = case.entry.data
    successors, day = said.get("successors", ()), said.get("effective_on")
    if len(successors) != 1 or not day or "body" not in said:
        return None
    own = _schools_under(case, said["body"], date.fromisoformat(day))
    return [{"school": school, "body": successors[0]} for school in own] or None


def _school_said(case: Case[Any]) -> schools.School | None:
    return school_of(case, case.entry.data.get("school", ""))


def _line_of_urn(case: Case[Any]) -> str | None:
    urn = case.entry.data.get("urn")
    return f"school:{urn.partition(':')[2]}" if urn else None


def _urn_now(case: Case[Any]) -> Any:
    school = _school_said(case)
    return school.urns[-1].urn if school else UNTOLD


def _former_body(case: Case[Any]) -> Any:
    school, day = _school_said(case), case.entry.data.get("effective_on")
    return school.responsible_body(date.fromisoformat(day)) if school and day else UNTOLD


def _name_now(case: Case[Any]) -> str | None:
    school = _school_said(case)
    return school.name if school else None


_FORMER_BODY = Told("the responsible body until then", _former_body)

RULES = {
    BodyRegistered: Rule[BodyRegistered](
        by=(REGISTRAR_BY,), registers=("body",), also=_body, lasting=True
    ),
    SchoolRegistered: Rule[SchoolRegistered](
        by=(REGISTRAR_BY,),
        registers=("school",),
        usual={"school": _line_of_urn},
        also=_school,
        lasting=True,
    ),
    SchoolConverted: Rule[SchoolConverted](
        by=(REGISTRAR_BY,),
        usual={
            "effective_on": lambda case: case.entry.data.get("new_urn_opens_on"),
            "name": _name_now,
        },
        agrees={"old_urn": Told("the school's URN", _urn_now), "former_body": _FORMER_BODY},
        also=_conversion,
        lasting=True,
    ),
    BodySucceeded: Rule[BodySucceeded](
        by=(REGISTRAR_BY,), usual={"schools": _all_to_the_one}, also=_body_gone, lasting=True
    ),
    SchoolChanged: Rule[SchoolChanged](by=(REGISTRAR_BY,), also=_school_changed, lasting=True),
    SchoolClosed: Rule[SchoolClosed](by=(REGISTRAR_BY,), also=_closure),
    SuccessionAttributed: Rule[SuccessionAttributed](
        by=(REGISTRAR_BY,),
        usual={"urn": _urn_then},
        agrees={"predecessor": Told("the school that has the former URN", predecessor)},
        also=_attribution,
        lasting=True,
    ),
    ResponsibleBodyChanged: Rule[ResponsibleBodyChanged](
        by=(REGISTRAR_BY,), agrees={"former_body": _FORMER_BODY}, also=_body_changed, lasting=True
    ),
}

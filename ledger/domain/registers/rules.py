"""Rules for the registers: people, keys, offices, bodies and schools."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from ledger import keys
from ledger.decision_model import created
from ledger.decision_model.kinds import kind_named
from ledger.decision_model.postings import kind_of
from ledger.decision_model.rules import UNTOLD, By, Case, Rule, Told
from ledger.decision_model.stricter import RELEASE_0_1
from ledger.domain.registers import bodies, offices, schools
from ledger.domain.registers.after_the_end import last_day_of
from ledger.domain.registers.key_rules import (
    BY_SELF,
    is_log_key,
    log_fingerprint,
    log_key_faults,
    not_vouched_for,
)
from ledger.domain.registers.tenures import Tenures
from ledger.domain.registers.who import (
    REGISTRAR_BY,
    how_it_ended,
    officer_responsible_for,
    role_of,
    school_of,
    the_holder,
    where_role,
)
from ledger.errors import SignatureError
from ledger.events.registers import (
    Appointed,
    AppointmentEnded,
    BodyRegistered,
    BodySucceeded,
    FoundingRegistrar,
    KeyEnrolled,
    LedgerFounded,
    LedgerRulesSet,
    PersonEnrolled,
    PersonRenamed,
    ResponsibleBodyChanged,
    SchoolChanged,
    SchoolClosed,
    SchoolConverted,
    SchoolRegistered,
    SuccessionAttributed,
    Vouched,
)
from ledger.format.ed25519 import check_point
from ledger.format.sshsig import PublicKey
from ledger.values import (
    REGISTRAR,
    event_id,
    office_party,
    office_role,
    party_kind,
)

_ROLES_OF = {
    "school": {"head", "board_chair", "adviser", "finance"},
    "body": {"officer", "board_chair", "finance"},
    "partnership": {"chair", "clerk"},
}


_OUTSIDE_THE_REGISTRY = frozenset({"head", "board_chair", "officer"})


def _recoverers(case: Case[KeyEnrolled]) -> Iterator[str]:
    """Offices that may enrol a key for somebody who had one and lost it; another then vouches."""
    had_one = bool(case.look(offices.keys(case.said.person)))
    if had_one and office_role(case.entry.office) in _OUTSIDE_THE_REGISTRY:
        yield case.entry.office


def _enroller(case: Case[KeyEnrolled]) -> Iterator[str]:
    """Whoever replaces another's lost key outside the registry must be vouched for themselves."""
    # The record is asked in any case: a verifier must not take one signer for another.
    recovers = case.entry.office in _recoverers(case)
    if recovers and case.entry.signedby != case.said.person:
        yield from not_vouched_for(case, "cannot replace the key of another")


def _body_of_adviser(case: Case[Appointed]) -> Iterator[str]:
    """Return the officer's office of the body for which an adviser advises."""
    body = case.entry.data.get("for_body")
    if body and office_role(case.entry.data["office"]) == "adviser":
        yield f"officer@{body}"


_ADVISED_FOR = By("an officer of the body for which the adviser advises", _body_of_adviser)


def _bodies_of_adviser(case: Case[AppointmentEnded]) -> Iterator[str]:
    """Go through the officers' offices of the bodies for which one who is to leave advises."""
    said = case.said
    if office_role(said.office) != "adviser":
        return
    for tenure in case.look(offices.office(said.office)).of(said.person):
        if tenure.for_body:
            yield f"officer@{tenure.for_body}"


_ADVISES_FOR = By("an officer of the body for which the adviser advises", _bodies_of_adviser)


def _own_body(case: Case[Appointed]) -> str | None:
    """Return the body of an officer who appoints an adviser."""
    is_adviser = office_role(case.entry.data.get("office", "")) == "adviser"
    by_officer = office_role(case.entry.office) == "officer"
    return office_party(case.entry.office) if is_adviser and by_officer else None


def _key_faults(origin: str, person: str, said: KeyEnrolled | FoundingRegistrar) -> Iterator[str]:
    try:
        public = PublicKey.parse(said.public_key)
        check_point(public.point)
        if said.key != f"key:{public.fingerprint}":
            yield f"{said.key} is not the fingerprint of the public key, key:{public.fingerprint}"
        keys.check_possession(base64.b64decode(said.proof), origin, person, public)
    except (SignatureError, ValueError) as error:
        yield f"the proof that {person} holds {said.key} does not hold: {error}".rstrip(".")


def _founded(case: Case[LedgerFounded]) -> Iterator[str]:
    said = case.said
    if case.entry.source != said.origin:
        yield f"its source is {case.entry.source}, its origin {said.origin}; they must be one"
    if case.entry.position != 1:
        yield f"it would stand at position {case.entry.position}; it can only be the first event"
    yield from log_key_faults(case, said.origin, said.log_key)
    if log_fingerprint(said.log_key) in {registrar.key for registrar in said.registrars}:
        yield "the log key is a registrar's key; the log needs a key of its own"
    points = [registrar.key for registrar in said.registrars]
    if len(set(points)) < len(points) or len({r.person for r in said.registrars}) < len(points):
        yield "two of its registrars share a key or a person"
    for registrar in said.registrars:
        yield from _key_faults(said.origin, registrar.person, registrar)


def _person(case: Case[PersonEnrolled]) -> Iterator[str]:
    if case.look(offices.named(case.said.person)):
        yield f"{case.said.person} is enrolled already"


def _renamed(case: Case[PersonRenamed]) -> Iterator[str]:
    if not case.look(offices.named(case.said.person)):
        yield f"{case.said.person} has no name yet: record PersonEnrolled"


def _key(case: Case[KeyEnrolled]) -> Iterator[str]:
    said = case.said
    if case.look(offices.key(said.key)) is not None:
        yield f"{said.key} is enrolled already; a key is enrolled once, ever"
    if _is_log_key(case):
        yield f"{said.key} signs the log; a person needs a key of their own"
    yield from _key_faults(case.entry.source, said.person, said)


def _is_log_key(case: Case[KeyEnrolled]) -> bool:
    try:
        return is_log_key(case, PublicKey.parse(case.said.public_key))
    except SignatureError:
        return False


def _voucher(case: Case[Vouched]) -> Iterator[str]:
    """Somebody else vouches, who is vouched for; judged again by every verifier."""
    thing = case.thing("subject")
    if thing is None:
        return
    if case.entry.signedby in (thing.data.get("person"), thing.signedby):
        yield "somebody else must vouch: neither the person concerned nor who recorded it"
    yield from not_vouched_for(case, "cannot vouch")


def _vouchers(case: Case[Vouched]) -> Iterable[str]:
    """Offices that may vouch: at the school concerned, its responsible body, or the registry."""
    return dict.fromkeys((REGISTRAR, *_beside_the_registry(case)))


def _beside_the_registry(case: Case[Vouched]) -> Iterator[str]:
    """Go through the offices around the one appointed to, or those that the person ever held.

    Around the registry itself, and the log, stand all heads, board chairs and officers.
    """
    thing = case.thing("subject")
    if thing is None:
        return
    person, office = thing.data.get("person"), thing.data.get("office")
    named = (office,) if office else case.look(offices.offices_of(person)) if person else ()
    around_the_registry = REGISTRAR in named or person is None
    if around_the_registry and office_role(case.entry.office) in _OUTSIDE_THE_REGISTRY:
        yield case.entry.office
    for each in named:
        yield from _around(case, office_party(each))


def _around(case: Case[Vouched], party: str | None) -> Iterator[str]:
    kind = party_kind(party) if party else None
    if party and kind == "school":
        yield from (f"board_chair@{party}", f"head@{party}")
        school = school_of(case, party)
        body = school.responsible_body(case.day) if school else None
        if body:
            yield f"officer@{body}"
    elif kind == "body":
        yield f"officer@{party}"
    elif kind == "partnership":
        yield from (f"chair@{party}", f"clerk@{party}")


def _appointed(case: Case[Appointed]) -> Iterator[str]:
    said = case.said
    party, role = office_party(said.office), office_role(said.office)
    if party is not None and role not in _ROLES_OF[party_kind(party)]:
        kind = party_kind(party)
        yield f"a {kind} has no {role.replace('_', ' ')}, so {said.office} is no office"
    if party is not None:
        yield from _in_what_ended(case, party)
    tenures = case.look(offices.office(said.office))
    if any(offices.held_by(said.office, tenures, said.person, said.effective_on)):
        yield f"{said.person} holds {said.office} on {said.effective_on} already"
    elif role not in offices.SHARED_ROLES:
        yield from RELEASE_0_1.refuses(_in_another_place(case, tenures))
    yield from RELEASE_0_1.refuses(_whom_and_for(case, tenures, role))


def _in_what_ended(case: Case[Appointed], party: str) -> Iterator[str]:
    """Say that the party of the office does not stand any more when somebody is to hold it."""
    last = last_day_of(case.look, party)
    if last is None or last >= case.said.effective_on:
        return
    ended = how_it_ended(case, party, case.said.effective_on)
    if ended:
        yield f"{party} {ended}: nobody takes office there any more"
    else:
        yield from RELEASE_0_1.refuses(_nobody_there(party, last))


def _nobody_there(party: str, last: date) -> Iterator[str]:
    yield f"{party} ended on {last}: nobody takes office there any more"


def _in_another_place(case: Case[Appointed], tenures: Tenures) -> Iterator[str]:
    """Say that another holds the office, whom a mistyped one would remove in silence."""
    said = case.said
    for holder in offices.holders(said.office, tenures, said.effective_on):
        if holder.person not in {said.succeeds, said.stands_in_for}:
            yield (
                f"{holder.person} holds {said.office} on {said.effective_on}: name them as whom"
                f" {said.person} succeeds, or stands in for, or end their appointment first"
            )


def _whom_and_for(case: Case[Appointed], tenures: Tenures, role: str) -> Iterator[str]:
    """Say what is wrong with whom somebody follows or stands in for, and with an adviser's body."""
    said = case.said
    for before in filter(None, (said.succeeds, said.stands_in_for)):
        if not any(tenures.of(before)):
            yield f"{before} never held {said.office}"
        if before == said.person:
            yield "nobody succeeds, or stands in for, themselves"
    if said.stands_in_for and said.basis != "acting":
        yield f"only an acting holder stands in for somebody: got {said.basis}, expected acting"
    if role == "adviser" and said.for_body is None:
        yield "an adviser advises for a body: say which with for_body"
    if role != "adviser" and said.for_body is not None:
        yield f"for_body is said of an adviser, not of {said.office}"


def _ended(case: Case[AppointmentEnded]) -> Iterator[str]:
    said = case.said
    tenures = case.look(offices.office(said.office))
    own = tenures.still_open(said.person)
    latest = own[-1] if own else next(tenures.of(said.person), None)
    if latest is None:
        yield f"{said.person} does not hold {said.office}"
    elif said.effective_on < latest.first:
        yield f"it ends on {said.effective_on}, before it began on {latest.first}"
    elif said.effective_on == latest.last:
        yield f"{said.person} leaves {said.office} on {latest.last} already"


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
            f" {_SPELLED.get(member, member)} from {day} on{_of_successors(over, member)}"
        )


def _of_successors(over: bodies.Ended, member: str) -> str:
    return f"; say {member} {' or '.join(over.successors)}" if over.successors else ""


_SPELLED = {"la": "local authority", "responsible_body": "responsible body"}


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
    yield from _no_body_then(case, said.effective_on, "responsible_body")
    if said.left_with_former_body and said.former_body is None:
        yield "obligations can only be left with a former body that is known"
    for obligation in said.left_with_former_body:
        yield from _not_passed_on(case, said.school, obligation, "left behind")


def _not_passed_on(case: Case[Any], school: str, obligation: str, how: str) -> Iterator[str]:
    """Say why an obligation of a school cannot pass to another party, if it cannot."""
    kind = kind_named(kind_of(obligation))
    opener = case.look(created.recorded(event_id(obligation)))
    if kind is None or opener is None or kind.unit == "item":
        yield f"{obligation} is for the school itself to answer; it cannot be {how}"
    elif school not in _standing_in(case, kind.sides(case.look, opener, obligation)):
        yield f"{obligation} is nothing that {school} owes or is owed"


def _standing_in(case: Case[Any], sides: Iterable[str]) -> Iterator[str]:
    """Go through the sides of an obligation, and the schools that have the URN of one by now."""
    for side in sides:
        yield side
        if party_kind(side) == "school":
            yield case.look(schools.urn(f"urn:{side.partition(':')[2]}")) or side


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
    if case.look(schools.urn(said.former_urn)) == said.school:
        yield f"{said.school} goes on from {said.former_urn} already"
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


def _predecessor(case: Case[Any]) -> Any:
    """Return the other school line that has the former URN; None if none has."""
    urn = case.entry.data.get("former_urn")
    line = case.look(schools.urn(urn)) if urn else None
    return UNTOLD if line and line == case.entry.data.get("school") else line


def _first_urn(case: Case[Any]) -> str | None:
    school = _school_said(case)
    return school.urns[0].urn if school else None


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
            yield f"{member} of {said.school} is {value} already"


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
    for school in own:
        if said.successors and school not in going:
            yield f"{school} is under {said.body} and goes nowhere: say to which successor"
    for school in sorted(going - set(own)):
        yield f"{school} is not under {said.body} on {said.effective_on}"
    if said.moved and len(said.successors) < _SEVERAL:
        yield "all goes to the one successor: name what goes where only of several"


_SEVERAL = 2


def _schools_under(case: Case[Any], body: str, day: date) -> list[str]:
    """Return the schools for which a body is responsible on a day, or that are in its area."""
    found = []
    for reference in case.look(bodies.schools_of(body)):
        school = school_of(case, reference)
        under = school and body in (school.responsible_body(day), school.authority(day))
        if school is not None and under and school.closed_on is None:
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
_APPOINTERS = (
    REGISTRAR_BY,
    where_role("head", role_of("board_chair", "office")),
    where_role("head", officer_responsible_for("office")),
    where_role("officer", role_of("officer", "office")),
    where_role("chair", role_of("clerk", "office")),
    where_role("clerk", role_of("chair", "office")),
)


def _rules_set(case: Case[LedgerRulesSet]) -> Iterator[str]:
    before = None
    for term in case.said.terms:
        if term.last < term.first:
            yield f"a term ends on {term.last}, before it begins on {term.first}"
        if before is not None and term.first <= before:
            yield f"a term begins on {term.first}, and the one before it ends on {before}"
        before = term.last


RULES = {
    LedgerFounded: Rule[LedgerFounded](
        by=(REGISTRAR_BY,), registers=("registrars",), also=_founded, lasting=True
    ),
    LedgerRulesSet: Rule[LedgerRulesSet](by=(REGISTRAR_BY,), lasting=True, also=_rules_set),
    PersonEnrolled: Rule[PersonEnrolled](
        by=(REGISTRAR_BY,), registers=("person",), also=_person, lasting=True
    ),
    PersonRenamed: Rule[PersonRenamed](by=(REGISTRAR_BY,), also=_renamed, lasting=True),
    KeyEnrolled: Rule[KeyEnrolled](
        by=(REGISTRAR_BY, BY_SELF, By("two others, if the person's own key is lost", _recoverers)),
        registers=("key",),
        also=_key,
        signer=_enroller,
        lasting=True,
    ),
    Vouched: Rule[Vouched](
        by=(By("someone else with a vouched key, of the same school or body", _vouchers),),
        agrees={name: f"subject.{name}" for name in ("person", "key", "office")},
        signer=_voucher,
        lasting=True,
        speaks_of=True,
    ),
    Appointed: Rule[Appointed](
        by=(*_APPOINTERS, _ADVISED_FOR),
        usual={"for_body": _own_body},
        also=_appointed,
        lasting=True,
    ),
    AppointmentEnded: Rule[AppointmentEnded](
        by=(*_APPOINTERS, _ADVISES_FOR), usual={"person": the_holder}, also=_ended, lasting=True
    ),
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
        usual={"urn": _first_urn},
        agrees={"predecessor": Told("the school that has the former URN", _predecessor)},
        also=_attribution,
        lasting=True,
    ),
    ResponsibleBodyChanged: Rule[ResponsibleBodyChanged](
        by=(REGISTRAR_BY,), agrees={"former_body": _FORMER_BODY}, also=_body_changed, lasting=True
    ),
}

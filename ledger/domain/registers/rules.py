"""Rules for the registers: the ledger itself, people, their keys, and offices."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from datetime import date

from ledger import keys
from ledger.decision_model.rules import By, Case, Rule
from ledger.decision_model.stricter import RELEASE_0_1
from ledger.domain.registers import offices
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
    ROLES_OF,
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
    FoundingRegistrar,
    KeyEnrolled,
    LedgerFounded,
    LedgerRulesSet,
    PersonEnrolled,
    PersonRenamed,
    Vouched,
)
from ledger.format.ed25519 import check_point
from ledger.format.sshsig import PublicKey
from ledger.values import (
    REGISTRAR,
    office_party,
    office_role,
    party_kind,
)

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
    if party is not None and role not in ROLES_OF[party_kind(party)]:
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
        yield "an adviser advises for a body: say which with --for-body"
    if role != "adviser" and said.for_body is not None:
        yield f"it says for which body {said.office} advises: only an adviser does; leave that out"


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
}

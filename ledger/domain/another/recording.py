"""Who may record for an office without a key: its authority, and where their own side forbids it.

Whoever records says what another office said, on the authority of a document that shows it. What
the office itself must do, and what a recorder's own party gains by, nobody records for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ledger.decision_model.created import FOR_OFFICE
from ledger.decision_model.rules import Case, Rule
from ledger.domain.partnership.facts import belongs, partnerships
from ledger.domain.registers import offices
from ledger.domain.registers.who import holders, in_place, school_of
from ledger.values import REGISTRAR, office_party, office_role, party_kind

#: The members that make a party a side: who owes records neither the release nor the answer of whom
#: it owes. Whom visits are owed to is none: a partnership's clerk records for its members.
_SIDES = (
    *("visitor", "host", "provider", "receiver", "payer", "commissioner", "judge"),
    *("debtor", "sender", "recipient"),
)
_EVIDENCE = "evidence:"


def recorder_faults(rule: Rule[Any], case: Case[Any]) -> Iterator[str]:
    """Go through the reasons why the signer may not record this for another office.

    Judged again by every verifier, as all authority is.
    """
    said = case.entry.data
    office, authority = said.get(FOR_OFFICE), said.get("authority")
    if office is None:
        return
    if rule.lasting:
        yield (
            f"{case.entry.name} is not recorded for another office: it stands for good, so whoever"
            " says it signs it"
        )
        return
    if authority is None:
        yield (
            f"it names no document by which {office} said so: record the letter or email with"
            " `school-ledger record EvidenceLodged`, and name it with --authority"
        )
    if not _may_record(case, office):
        yield (
            f"{case.entry.office} records nothing for {office}: that takes the registrar, a clerk"
            " of a partnership that it belongs to or that the event names, or an officer of the"
            " body responsible for it"
        )
    yield from _without_key(case, office)


def _may_record(case: Case[Any], office: str) -> bool:
    own, party = case.entry.office, office_party(office)
    recorder = office_party(own) or ""
    if own == REGISTRAR or party is None:
        return own == REGISTRAR
    if office_role(own) == "clerk":
        return recorder in (party, *case.entry.data.values(), *_joined(case, party))
    school = school_of(case, party) if party_kind(party) == "school" else None
    return (
        office_role(own) == "officer"
        and school is not None
        and school.responsible_body(case.day) == recorder
    )


def _joined(case: Case[Any], party: str) -> Iterable[str]:
    is_school = party_kind(party) == "school"
    return partnerships(case.look(belongs(party)), case.day) if is_school else ()


def _without_key(case: Case[Any], office: str) -> Iterator[str]:
    """Say that the office has a key, or had nobody who could have said it."""
    able = [
        one.person for one in holders(case, office) if offices.has_live_key(case.look, one.person)
    ]
    if able:
        yield f"{office} has a key: {', '.join(able)} signs it"
    tenures = case.look(offices.office(office))
    if not any(offices.holding(office, tenures, case.entry.occurred_on)):
        yield (
            f"nobody held {office} on {case.entry.occurred_on}, so nobody could say so; check the"
            " day"
        )


def sides(rule: Rule[Any], case: Case[Any], owed_to: Iterable[str]) -> Iterator[str]:
    """Go through the reasons why a recorder's own side forbids what would otherwise be in order.

    `owed_to` are those to whom days and pounds are owed that the event opens or answers.
    """
    office, authority = case.entry.data.get(FOR_OFFICE), case.entry.data.get("authority")
    if office is None:
        if isinstance(authority, str) and authority.startswith(_EVIDENCE):
            yield (
                "it names a document as authority, and no office for which it is recorded: name the"
                " office with --for, or leave the document out"
            )
        return
    own = office_party(case.entry.office)
    if own is not None and own != office_party(office):
        members = [name for name in _SIDES if _stands_for(case, own, case.entry.data.get(name))]
        for member in members:
            yield (
                f"{own} is the {member}: who is a side records nothing for the other; a registrar"
                " may"
            )
        if not members and any(_stands_for(case, own, one) for one in owed_to):
            yield (
                f"{own} is owed what it is about: who is a side records nothing for the other; a"
                " registrar may"
            )
    yield from _both_held(rule, case, office)


def _stands_for(case: Case[Any], own: str, side: str | None) -> bool:
    """Return whether a party is a side, or stands in its place by now."""
    return own in set(in_place(case, side))


def _both_held(rule: Rule[Any], case: Case[Any], office: str) -> Iterator[str]:
    """Say that one person holds both offices for which both halves are recorded."""
    person = offices.sole_holder(case.look, office, case.entry.occurred_on)
    for member in rule.other_person_than:
        thing = case.thing(member)
        other = thing.hand.for_office if thing is not None else None
        if thing is None or other is None or person is None:
            continue
        if offices.sole_holder(case.look, other, thing.occurred_on) == person:
            yield f"{person} holds {office}, and held {other}: somebody else must say this half"

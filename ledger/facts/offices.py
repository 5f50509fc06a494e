"""Facts about people: who is enrolled, whose key is whose, who holds which office when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from ledger.entry import Entry
from ledger.events.registers import (
    Appointed,
    AppointmentEnded,
    KeyEnrolled,
    LedgerFounded,
    PersonEnrolled,
    Vouched,
)
from ledger.facts.base import Fact, Family, Look
from ledger.values import REGISTRAR, office_role

#: Offices that several people hold at once; of every other, the latest appointed holds it.
SHARED_ROLES = frozenset({"registrar", "officer", "adviser"})


class KeyStanding(NamedTuple):
    """Whose key it is, what enrolled it and who signed that; `vouched` by someone else since."""

    person: str
    enrolment: str
    enrolled_by: str
    enrolled_with: str
    vouched: bool


class Tenure(NamedTuple):
    """One person's time in an office: first and last day inclusive, last None while it goes on."""

    person: str
    basis: str
    first: date
    last: date | None
    appointment: str
    vouched: bool

    def covers(self, day: date) -> bool:
        """Whether the tenure includes the day."""
        return self.first <= day and (self.last is None or day <= self.last)


Tenures = tuple[Tenure, ...]


def _key_founded(
    value: KeyStanding | None, entry: Entry[LedgerFounded], tag: str
) -> KeyStanding | None:
    for registrar in entry.event.registrars:
        if registrar.key == tag:
            return KeyStanding(registrar.person, entry.id, registrar.person, tag, vouched=True)
    return value


def _key_enrolled(
    value: KeyStanding | None, entry: Entry[KeyEnrolled], tag: str
) -> KeyStanding | None:
    if value is not None or entry.data["key"] != tag:
        return value
    return KeyStanding(entry.event.person, entry.id, entry.signedby, entry.key, vouched=False)


def _key_vouched(value: KeyStanding | None, entry: Entry[Vouched], _tag: str) -> KeyStanding | None:
    if value is None or entry.data["subject"] != f"enrolment:{value.enrolment}":
        return value
    return value._replace(vouched=True)


def _founder(value: bool, entry: Entry[LedgerFounded], tag: str) -> bool:  # noqa: FBT001 - a fold
    return value or any(registrar.person == tag for registrar in entry.event.registrars)


def _enrolled(value: bool, entry: Entry[PersonEnrolled], tag: str) -> bool:  # noqa: FBT001 - a fold
    return value or entry.data["person"] == tag


def _office_founded(value: Tenures, entry: Entry[LedgerFounded], _tag: str) -> Tenures:
    day = entry.occurred_on
    founding = (
        Tenure(registrar.person, "substantive", day, None, entry.id, vouched=True)
        for registrar in entry.event.registrars
    )
    return (*value, *founding)


def _appointed(value: Tenures, entry: Entry[Appointed], tag: str) -> Tenures:
    if f"office:{entry.data['office']}" != tag:
        return value
    said = entry.event
    vouched = entry.office != REGISTRAR
    return (*value, Tenure(said.person, said.basis, said.effective_on, None, entry.id, vouched))


def _appointment_ended(value: Tenures, entry: Entry[AppointmentEnded], tag: str) -> Tenures:
    if f"office:{entry.data['office']}" != tag:
        return value
    said = entry.event
    return tuple(
        tenure._replace(last=said.effective_on)
        if tenure.person == said.person and tenure.last is None
        else tenure
        for tenure in value
    )


def _appointment_vouched(value: Tenures, entry: Entry[Vouched], _tag: str) -> Tenures:
    subject = entry.data["subject"]
    return tuple(
        tenure._replace(vouched=True) if subject == f"appointment:{tenure.appointment}" else tenure
        for tenure in value
    )


PERSON: Family[bool] = Family(
    "person",
    "person",
    start=False,
    folds={LedgerFounded: _founder, PersonEnrolled: _enrolled},
)
NAMED: Family[bool] = Family("named", "person", start=False, folds={PersonEnrolled: _enrolled})
KEY: Family[KeyStanding | None] = Family(
    "key",
    "key",
    None,
    {LedgerFounded: _key_founded, KeyEnrolled: _key_enrolled, Vouched: _key_vouched},
)
OFFICE: Family[Tenures] = Family(
    "office",
    "office",
    (),
    {
        LedgerFounded: _office_founded,
        Appointed: _appointed,
        AppointmentEnded: _appointment_ended,
        Vouched: _appointment_vouched,
    },
)


def person(reference: str) -> Fact[bool]:
    """Return whether a person is enrolled."""
    return PERSON.at(reference)


def named(reference: str) -> Fact[bool]:
    """Return whether a person's name is recorded; a founding registrar is known before it is."""
    return NAMED.at(reference)


def key(reference: str) -> Fact[KeyStanding | None]:
    """Return whose key it is; None if it was never enrolled."""
    return KEY.at(reference)


def office(name: str) -> Fact[Tenures]:
    """Return every tenure of an office in the order of recording."""
    return OFFICE.at(f"office:{name}")


def holders(name: str, tenures: Iterable[Tenure], day: date) -> tuple[Tenure, ...]:
    """Return who holds an office on a day.

    Several hold a shared office; of any other, whoever was appointed to begin latest holds it,
    for a new holder replaces the old one.
    """
    standing = [tenure for tenure in tenures if tenure.covers(day)]
    if not standing or office_role(name) in SHARED_ROLES:
        return tuple(standing)
    latest = max(enumerate(standing), key=lambda item: (item[1].first, item[0]))[1]
    later = [tenure for tenure in tenures if latest.first < tenure.first <= day]
    return () if later else (latest,)


def is_vouched(look: Look, reference: str) -> bool:
    """Return whether a key is vouched for: founding, vouched by another, or enrolled by one's own.

    A person's further key, enrolled with that person's own live key, stands as that key stands
    (format.md, *Vouching*).
    """
    standing = look(key(reference))
    seen = {reference}
    while standing is not None and not standing.vouched:
        if standing.enrolled_by != standing.person or standing.enrolled_with in seen:
            return False
        seen.add(standing.enrolled_with)
        standing = look(key(standing.enrolled_with))
    return standing is not None

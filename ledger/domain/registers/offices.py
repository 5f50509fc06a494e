"""Facts about people: who is enrolled, whose key is whose, who holds which office when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any

from ledger.decision_model.facts import Drawn, Fact, Family, Look
from ledger.domain.registers.key_standing import (
    Compromise,
    KeyStanding,
    Retirement,
    first_doubtful,
    first_retired,
)
from ledger.domain.registers.tenures import Signed, Tenure, Tenures
from ledger.domain.registers.vouching import Standings
from ledger.events.registers import (
    Appointed,
    AppointmentEnded,
    KeyCompromised,
    KeyEnrolled,
    KeyRetired,
    LedgerFounded,
    PersonEnrolled,
    Vouched,
)
from ledger.format.entry import Entry
from ledger.values import REGISTRAR, office_party, office_role

#: Offices that several people hold at once; of every other, the latest appointed holds it.
SHARED_ROLES = frozenset({"registrar", "officer", "adviser", "finance"})

#: The bases of appointment of a head who answers for what the school takes on.
LASTING_BASES = frozenset({"substantive", "executive"})

#: Events that speak of others without resting on them: the good hand that sets right what a
#: doubtful one did is not in doubt itself.
SPEAKING_OF = (
    *("EventWithdrawn", "DetailErased", "Vouched", "KeyRetired", "KeyCompromised"),
    *("RecordConfirmed", "RecordDisowned"),
)


def _key_founded(
    value: KeyStanding | None, entry: Entry[LedgerFounded], tag: str
) -> KeyStanding | None:
    for registrar in entry.event.registrars:
        if registrar.key == tag:
            person = registrar.person
            at = entry.recorded_at
            return KeyStanding(
                person, entry.id, person, REGISTRAR, tag, vouched=True, enrolled_at=at
            )
    return value


def _key_enrolled(
    value: KeyStanding | None, entry: Entry[KeyEnrolled], tag: str
) -> KeyStanding | None:
    if value is not None or entry.data["key"] != tag:
        return value
    return KeyStanding(
        entry.event.person,
        entry.id,
        entry.signedby,
        entry.office,
        entry.key,
        vouched=False,
        enrolled_at=entry.recorded_at,
    )


def _key_vouched(value: KeyStanding | None, entry: Entry[Vouched], _tag: str) -> KeyStanding | None:
    if value is None:
        return value
    subject = entry.data["subject"]
    if subject == f"enrolment:{value.enrolment}":
        return value._replace(vouched=True, vouched_by=value.vouched_by or entry.signedby)
    compromises = tuple(
        said._replace(vouched=True) if subject == f"compromise:{said.id}" else said
        for said in value.compromises
    )
    return value._replace(compromises=compromises)


def _key_retired(
    value: KeyStanding | None, entry: Entry[KeyRetired], tag: str
) -> KeyStanding | None:
    if value is None or entry.data["key"] != tag:
        return value
    said = Retirement(entry.signedby, entry.recorded_at, entry.position)
    return value._replace(retirements=(*value.retirements, said))


def _key_compromised(
    value: KeyStanding | None, entry: Entry[KeyCompromised], tag: str
) -> KeyStanding | None:
    if value is None or entry.data["key"] != tag:
        return value
    said = Compromise(
        *(entry.id, entry.data["since"], entry.signedby, entry.office),
        vouched=False,
        position=entry.position,
    )
    return value._replace(compromises=(*value.compromises, said))


def _one_more_key(value: tuple[str, ...], entry: Entry[KeyEnrolled], tag: str) -> tuple[str, ...]:
    return (*value, entry.data["key"]) if entry.data["person"] == tag else value


def _founding_keys(
    value: tuple[str, ...], entry: Entry[LedgerFounded], tag: str
) -> tuple[str, ...]:
    own = tuple(r.key for r in entry.event.registrars if r.person == tag)
    return (*value, *own)


def _founder(value: bool, entry: Entry[LedgerFounded], tag: str) -> bool:  # noqa: FBT001 - a fold
    return value or any(registrar.person == tag for registrar in entry.event.registrars)


def _enrolled(value: bool, entry: Entry[PersonEnrolled], tag: str) -> bool:  # noqa: FBT001 - a fold
    return value or entry.data["person"] == tag


def _office_founded(value: Tenures, entry: Entry[LedgerFounded], _tag: str) -> Tenures:
    day = entry.occurred_on
    founding = (
        Tenure(
            *(registrar.person, "substantive", day, None, entry.id),
            vouched=True,
            position=entry.position,
        )
        for registrar in entry.event.registrars
    )
    for tenure in founding:
        value = value.with_one(tenure)
    return value


def _appointed(value: Tenures, entry: Entry[Appointed], tag: str) -> Tenures:
    if f"office:{entry.data['office']}" != tag:
        return value
    tenure = tenure_of(entry)
    after = value.with_one(tenure)
    if second_founder(after) == tenure:
        return value.with_one(tenure._replace(vouched=True))
    return after


def second_founder(registrars: Tenures) -> Tenure | None:
    """Return the tenure of the first further registrar whom a founder who founded alone appointed.

    It counts as founding (docs/reference/format.md, *Vouching*). None where several founded, or
    nobody was appointed yet.
    """
    founding = [tenure for tenure in registrars[:2] if tenure.signed is None]
    if len(founding) != 1:
        return None
    founder = founding[0].person
    others = (one for n in range(1, len(registrars)) if (one := registrars[n]).person != founder)
    first = next(others, None)
    if first is None or first.signed is None:
        return None
    return first if (first.signed.person, first.signed.office) == (founder, REGISTRAR) else None


def _appointment_ended(value: Tenures, entry: Entry[AppointmentEnded], tag: str) -> Tenures:
    if f"office:{entry.data['office']}" != tag:
        return value
    said = entry.event
    return value.ended(said.person, said.effective_on)


def _appointment_vouched(value: Tenures, entry: Entry[Vouched], _tag: str) -> Tenures:
    kind, _, appointment = entry.data["subject"].partition(":")
    if kind != "appointment":
        return value
    return value.changed(
        appointment,
        lambda tenure: tenure._replace(
            vouched=True, vouched_by=tenure.vouched_by or entry.signedby
        ),
    )


def tenure_of(entry: Entry[Appointed]) -> Tenure:
    """Return the tenure that an appointment begins."""
    said = entry.event
    return Tenure(
        *(said.person, said.basis, said.effective_on, None, entry.id),
        vouched=False,
        signed=Signed(entry.signedby, entry.office, entry.key),
        position=entry.position,
        for_body=said.for_body or "",
        stands_in_for=said.stands_in_for or "",
    )


def is_its_head(entry: Entry[Any], school: str) -> bool:
    """Return whether an entry speaks of the office of a school's own head."""
    return is_head(entry) and office_party(entry.data["office"]) == school


def _head_appointed(value: Tenures, entry: Entry[Appointed], tag: str) -> Tenures:
    return value.with_one(tenure_of(entry)) if is_its_head(entry, tag) else value


def _head_ended(value: Tenures, entry: Entry[AppointmentEnded], tag: str) -> Tenures:
    said = entry.event
    return value.ended(said.person, said.effective_on) if is_its_head(entry, tag) else value


def _one_more_office(value: tuple[str, ...], entry: Entry[Appointed], tag: str) -> tuple[str, ...]:
    said = entry.data
    known = said["person"] != tag or said["office"] in value
    return value if known else (*value, said["office"])


def _founding_office(
    value: tuple[str, ...], entry: Entry[LedgerFounded], tag: str
) -> tuple[str, ...]:
    known = REGISTRAR in value or not _founder(False, entry, tag)  # noqa: FBT003 - a fold
    return value if known else (*value, REGISTRAR)


def _registrar_by_founding(value: int | None, entry: Entry[LedgerFounded], tag: str) -> int | None:
    return entry.position if value is None and _founder(False, entry, tag) else value  # noqa: FBT003 - a fold


def _registrar_by_appointment(value: int | None, entry: Entry[Appointed], tag: str) -> int | None:
    said = entry.data
    first = value is None and said["person"] == tag and said["office"] == REGISTRAR
    return entry.position if first else value


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
    {
        LedgerFounded: _key_founded,
        KeyEnrolled: _key_enrolled,
        KeyRetired: _key_retired,
        KeyCompromised: _key_compromised,
        Vouched: _key_vouched,
    },
    following=(Vouched,),
)
KEYS: Family[tuple[str, ...]] = Family(
    "keys", "person", (), {LedgerFounded: _founding_keys, KeyEnrolled: _one_more_key}
)
OFFICES: Family[tuple[str, ...]] = Family(
    "offices", "person", (), {LedgerFounded: _founding_office, Appointed: _one_more_office}
)
#: By the person, for the registrars' own thread is as long as what they appoint and vouch for.
REGISTRAR_SINCE: Family[int | None] = Family(
    "registrar_since",
    "person",
    None,
    {LedgerFounded: _registrar_by_founding, Appointed: _registrar_by_appointment},
)
OFFICE: Family[Tenures] = Family(
    "office",
    "office",
    Tenures(),
    {
        LedgerFounded: _office_founded,
        Appointed: _appointed,
        AppointmentEnded: _appointment_ended,
        Vouched: _appointment_vouched,
    },
    following=(Vouched,),
)

#: Who was ever head of a school, by the school's own tag: what its head answers for is one thread.
HEADS: Family[Tenures] = Family(
    "heads", "school", Tenures(), {Appointed: _head_appointed, AppointmentEnded: _head_ended}
)


def heads(school: str) -> Fact[Tenures]:
    """Return every tenure of a school's head, in the order of recording."""
    return HEADS.at(school)


def comes_back(tenures: Tenures, said: Appointed) -> bool:
    """Return whether whoever is appointed comes back to an office that an acting holder held."""
    begun = [one for one in tenures if one.first <= said.effective_on]
    last = max(begun, key=lambda one: (one.first, one.position), default=None)
    return last is not None and last.stands_in_for == said.person


def lasting_from(tenures: Tenures, day: date) -> date | None:
    """Return the first day, from a day on, on which a substantive or executive holder stands.

    None where nobody is appointed so.
    """
    now = tenures.latest(day)
    if now is not None and now.basis in LASTING_BASES:
        return day
    later = (one.first for one in tenures if one.basis in LASTING_BASES and one.first > day)
    return min(later, default=None)


def person(reference: str) -> Fact[bool]:
    """Return whether a person is enrolled."""
    return PERSON.at(reference)


def named(reference: str) -> Fact[bool]:
    """Return whether a person's name is recorded; a founding registrar is known before it is."""
    return NAMED.at(reference)


def key(reference: str) -> Fact[KeyStanding | None]:
    """Return whose key it is; None if it was never enrolled."""
    return KEY.at(reference)


def keys(person_reference: str) -> Fact[tuple[str, ...]]:
    """Return every key that was ever enrolled for a person."""
    return KEYS.at(person_reference)


def offices_of(person_reference: str) -> Fact[tuple[str, ...]]:
    """Return every office that a person was ever appointed to, each once, by the first time."""
    return OFFICES.at(person_reference)


def office(name: str) -> Fact[Tenures]:
    """Return every tenure of an office in the order of recording."""
    return OFFICE.at(f"office:{name}")


def holders(name: str, tenures: Sequence[Tenure], day: date) -> tuple[Tenure, ...]:
    """Return who holds an office on a day.

    Several hold a shared office; of any other, whoever was appointed to begin latest holds it,
    for a new holder replaces the old one.
    """
    if office_role(name) in SHARED_ROLES:
        return tuple(tenure for tenure in tenures if tenure.covers(day))
    return tuple(holding(name, tenures, day))


def holding(name: str, tenures: Sequence[Tenure], day: date) -> Iterator[Tenure]:
    """Go through who holds an office on a day, in no order; for whoever asks for one or two."""
    if office_role(name) in SHARED_ROLES:
        return _indexed(tenures).covering(day)
    latest = _indexed(tenures).latest(day)
    return iter(() if latest is None else (latest,))


def sole_holder(look: Look, name: str, day: date) -> str | None:
    """Return who alone holds an office on a day; None where nobody or several do."""
    tenures = look(office(name))
    found = list(islice(holding(name, tenures, day), 2))
    return found[0].person if len(found) == 1 else None


def held_by(name: str, tenures: Sequence[Tenure], person: str, day: date) -> Iterator[Tenure]:
    """Go through the tenures by which a person is among the holders on a day, the newest first."""
    if office_role(name) in SHARED_ROLES:
        return (tenure for tenure in _indexed(tenures).of(person) if tenure.covers(day))
    return (tenure for tenure in holders(name, tenures, day) if tenure.person == person)


def last_day(name: str, tenure: Tenure, tenures: Sequence[Tenure]) -> date | None:
    """Return the last day of a tenure: as it was ended, or before a new holder began."""
    lasts = [] if tenure.last is None else [tenure.last]
    replaced = None
    if office_role(name) not in SHARED_ROLES:
        replaced = _indexed(tenures).next_first(tenure.first)
    if replaced is not None:
        lasts.append(replaced - timedelta(days=1))
    return min(lasts, default=None)


def _indexed(tenures: Sequence[Tenure]) -> Tenures:
    return tenures if isinstance(tenures, Tenures) else Tenures(tenures)


def standings(look: Look) -> Standings:
    """Return what is vouched for by these facts, to be asked while they stand as they are."""
    return Standings(
        lambda reference: look(key(reference)),
        lambda name: look(office(name)),
        lambda standing: compromised_since(look, standing),
        lambda reference, standing: counts_as_founding(look, reference, standing),
    )


def counts_as_founding(look: Look, reference: str, standing: KeyStanding) -> bool:
    """Return whether a key is the first that a lone founder enrolled for the second registrar."""
    second = second_founder(look(office(REGISTRAR)))
    if second is None or second.signed is None or standing.person != second.person:
        return False
    by_founder = (standing.enrolled_by, standing.enrolled_in) == second.signed[:2]
    return by_founder and look(keys(standing.person))[0] == reference


STANDINGS: Drawn[Standings] = Drawn(
    "standings", standings, (LedgerFounded, KeyEnrolled, KeyCompromised, Appointed, Vouched)
)
_STANDINGS = STANDINGS.at("")


def is_vouched(look: Look, reference: str) -> bool:
    """Return whether a key is vouched for: founding, vouched by another, or enrolled by one's own.

    A person's further key, enrolled with that person's own live key, stands as that key stands
    (docs/reference/format.md, *Vouching*).
    """
    return look(_STANDINGS).is_vouched(reference)


def is_vouched_in_office(look: Look, tenure: Tenure) -> bool:
    """Return whether an appointment is vouched for: founding, vouched by another, or made so.

    One that somebody else than a registrar made stands as the key and the appointment of whoever
    made it stand; nobody appoints themselves so.
    """
    return look(_STANDINGS).is_vouched_in_office(tenure)


def registrar_since(look: Look, reference: str) -> int | None:
    """Return the position by which a person was first made a registrar; None if never."""
    return look(REGISTRAR_SINCE.at(reference))


def waits_for_another(look: Look, reference: str, standing: KeyStanding) -> bool:
    """Return whether a key recovers a lost one, and nobody else has vouched for it yet.

    To replace a lost key takes two others: one who enrols the new one, and another who vouches
    (docs/reference/format.md, *Vouching*). A registrar may enrol anybody's key alone, but for
    another registrar's further one.
    """
    if standing.vouched or standing.enrolled_by == standing.person:
        return False
    if standing.enrolled_in != REGISTRAR:
        return True
    is_registrar = registrar_since(look, standing.person) is not None
    return is_registrar and look(keys(standing.person))[0] != reference


def enrolled_with_compromised(look: Look, standing: KeyStanding) -> str | None:
    """Return the compromised key with which a key was enrolled, if it was by then.

    Otherwise whoever stole a key could go on with one that it enrolled. What somebody else has
    vouched for stands by itself.
    """
    return None if standing.vouched else look(_STANDINGS).enrolled_with_compromised(standing)


def compromised_since(look: Look, standing: KeyStanding) -> str | None:
    """Return the first moment from which a key's signatures are doubtful; None if none are."""
    if not standing.compromises:
        return None
    return first_doubtful(standing.compromises, registrar_since(look, standing.person))


def retired_at(look: Look, standing: KeyStanding) -> str | None:
    """Return when a key was retired; None while it is not."""
    if not standing.retirements:
        return None
    since = registrar_since(look, standing.person)
    return first_retired(standing.retirements, standing.person, since)


def has_live_key(look: Look, reference: str) -> bool:
    """Return whether a person has a key that signs: neither retired nor compromised nor waiting."""
    return any(is_live(look, one) for one in look(keys(reference)))


def is_live(look: Look, reference: str) -> bool:
    """Return whether a key signs: it is neither retired nor compromised nor waits for another."""
    standing = look(key(reference))
    return (
        standing is not None
        and retired_at(look, standing) is None
        and compromised_since(look, standing) is None
        and not waits_for_another(look, reference, standing)
    )


def is_head(entry: Entry[Any]) -> bool:
    """Return whether an entry speaks of the office of a head."""
    return office_role(entry.data.get("office", "")) == "head"

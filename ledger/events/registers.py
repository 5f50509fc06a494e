"""Registers: who there is, who may sign, and what became of bodies and schools."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ledger.events import examples
from ledger.events.base import Answer, Event
from ledger.regions import Region
from ledger.values import (
    Blob,
    BodyRef,
    CompanyNumber,
    Day,
    DaysCount,
    DelegationRef,
    EstablishmentType,
    EventName,
    GroupId,
    GroupUid,
    KeyRef,
    LaCode,
    LaEstab,
    Metres,
    Moment,
    ObligationRef,
    OfficeRef,
    OrganisationName,
    Origin,
    PartnershipRef,
    PartyRef,
    PersonRef,
    Phase,
    PublicKeyLine,
    SchoolRef,
    Sealed,
    SizeRoot,
    Source,
    Title,
    Ukprn,
    UrnRef,
    Value,
    VerifierKey,
    VouchableRef,
)

Basis = Literal["substantive", "acting", "interim", "executive"]
BodyKind = Literal[
    "local_authority",
    "trust",
    "diocese",
    "federation",
    "regional_team",
    "rise_team",
    "inspectorate",
    "teaching_school_hub",
    "provider",
]


class FoundingRegistrar(Value):
    """A registrar named when the ledger is founded, with a key and the proof that they hold it."""

    person: PersonRef
    key: KeyRef
    public_key: PublicKeyLine
    proof: Blob = Field(description="SSHSIG by that key under key@school-ledger")


class LedgerFounded(Event):
    """The ledger begins: its origin, title, log key and founding registrars with their keys.

    Signed by the first of the registrars; leaf 0 of the log, and only leaf 0.
    """

    sentence = "The ledger {title} was founded."
    audience = "public"
    example = {
        "format": 1,
        "origin": examples.ORIGIN,
        "title": "Northwick",
        "log_key": examples.LOG_KEY,
        "registrars": [examples.REGISTRARS_KEY],
    }

    format: Literal[1]
    origin: Origin
    title: Title
    log_key: VerifierKey
    registrars: Annotated[tuple[FoundingRegistrar, ...], Field(min_length=1, max_length=5)]


class Term(Value):
    """A school term: its first and its last day."""

    first: Day
    last: Day


class LedgerRulesSet(Event):
    """The days allowed for every answer, where no partnership's ground rules apply."""

    sentence = "The days allowed for answers, where no ground rules apply, were set."
    audience = "public"
    example = {
        "attestation_days": 14,
        "impact_days": 42,
        "ratification_days": 28,
        "handover_days": 28,
        "response_days": 14,
        "brokerage_days": 28,
    }

    attestation_days: DaysCount
    impact_days: DaysCount
    ratification_days: DaysCount
    handover_days: DaysCount
    response_days: DaysCount
    brokerage_days: DaysCount
    late_days: DaysCount | None = Field(
        None, description="days after which what is recorded counts as late; else 20"
    )
    holidays: tuple[Day, ...] = Field(
        (), description="bank holidays: with weekends, no working days; sorted"
    )
    terms: tuple[Term, ...] = Field(
        (), description="school terms, each by its first and its last day; sorted"
    )


class PersonEnrolled(Event):
    """A person is known to the ledger, by a random reference never derived from the name."""

    sentence = "{person} was enrolled."
    audience = "all"
    example = {
        "person": examples.person("head"),
        "name": "Zoë Ó Faoláin",
        "contact": "head@alder.example",
    }

    person: PersonRef
    name: Sealed
    contact: Sealed | None = None


class PersonRenamed(Event):
    """A person is called otherwise from the day of this on."""

    sentence = "{person} changed their name."
    audience = "all"
    example = {"person": examples.person("head"), "name": "Zoë Ní Bhriain"}

    person: PersonRef
    name: Sealed


class KeyEnrolled(Answer):
    """A person signs with this key from now on; the proof shows that they hold it."""

    creates = "enrolment"
    sentence = "A signing key of {person} was enrolled."
    audience = "public"
    example = examples.HEADS_KEY

    person: PersonRef
    key: KeyRef
    public_key: PublicKeyLine
    proof: Blob = Field(description="SSHSIG by that key under key@school-ledger")


class KeyRetired(Event):
    """A key signs nothing more; what it signed before stays as it is."""

    sentence = "A signing key of {person} was retired."
    audience = "public"
    example = {
        "person": examples.person("head"),
        "key": examples.HEADS_KEY["key"],
    }

    person: PersonRef
    key: KeyRef


class KeyCompromised(Event):
    """A key may have been in other hands since a moment: all that it signed since is doubtful.

    Said by a registrar, or by two others; never with that key itself. Against a registrar's key
    somebody else must vouch for it.
    """

    creates = "compromise"
    sentence = "A signing key of {person} may have been in other hands since {since}."
    audience = "public"
    example = {
        "person": examples.person("head"),
        "key": examples.HEADS_KEY["key"],
        "since": "2025-02-01T18:00:00Z",
    }

    person: PersonRef
    key: KeyRef
    since: Moment = Field(description="the first doubtful moment, by the ledger's time")


class LogKeyChanged(Event):
    """The log's checkpoints are signed with another key from here on.

    The former key signs a checkpoint that covers this event, the new one all later ones.
    """

    creates = "log_key"
    sentence = "The key that signs the log's checkpoints was changed."
    audience = "public"
    example = {
        "former": examples.LOG_KEY,
        "log_key": examples.NEXT_LOG_KEY,
    }

    former: VerifierKey
    log_key: VerifierKey


class ClockCorrected(Event):
    """The recording clock ran ahead: times are counted anew when another vouches for this."""

    creates = "clock_correction"

    sentence = "The recording clock was corrected."
    audience = "public"
    example = {
        "since": f"89:{examples.ROOT}",
        "reason": "The machine ran eleven days ahead.",
    }

    since: SizeRoot = Field(description="the tree head before the first wrong time")
    reason: Sealed | None = None


class Vouched(Event):
    """Someone else with a vouched key says that what a registrar recorded is true."""

    sentence = ("The {subject}", " of {person}", " was vouched for.")
    audience = "public"
    example = {
        "subject": examples.thing("enrolment"),
        "person": examples.person("head"),
        "key": examples.HEADS_KEY["key"],
    }

    subject: VouchableRef
    person: PersonRef | None = Field(
        None, description="the person enrolled, appointed, or whose key was compromised"
    )
    key: KeyRef | None = Field(None, description="the key, if the subject is about one")
    office: OfficeRef | None = Field(None, description="the office, if an appointment is")


class Appointed(Answer):
    """A person holds an office from a day on; a new head, unless acting, ratifies anew.

    Who succeeds somebody who holds the office names them. An acting holder may stand in for
    somebody instead, whose return then opens nothing.
    """

    creates = "appointment"
    sentence = (
        "{person} was appointed {office} ({basis})",
        ", for {for_body},",
        " from {effective_on}",
        ", succeeding {succeeds}",
        ", standing in for {stands_in_for}",
        ".",
    )
    audience = "parties"
    example = {
        "person": examples.person("head"),
        "office": "head@school:900001",
        "basis": "acting",
        "effective_on": "2024-09-01",
        "stands_in_for": examples.person("successor"),
        "reason": "The head is on leave until Easter.",
    }

    person: PersonRef
    office: OfficeRef
    basis: Basis
    effective_on: Day = Field(description="first day in office")
    for_body: BodyRef | None = Field(None, description="the body for which an adviser advises")
    succeeds: PersonRef | None = Field(None, description="the holder whom they succeed")
    stands_in_for: PersonRef | None = Field(
        None, description="the holder for whom an acting one stands in until they return"
    )
    reason: Sealed | None = None


class AppointmentEnded(Event):
    """A person's time in an office ends."""

    sentence = "{person} ceased to be {office}, last day {effective_on}."
    audience = "parties"
    example = {
        "person": examples.person("head"),
        "office": "head@school:900001",
        "effective_on": "2025-04-21",
    }

    person: PersonRef
    office: OfficeRef
    effective_on: Day = Field(description="last day in office, inclusive")
    reason: Sealed | None = None


class AuthorityDelegated(Event):
    """An office lets a person sign some events in it, until a day or until its giver leaves.

    Joining, ratifying, leaving, handing over, waiving, challenging and delegating it does itself.
    """

    creates = "delegation"
    sentence = "The {office} let {person} sign in that office until {until}: {events}."
    audience = "public"
    example = {
        "office": "head@school:900001",
        "person": examples.person("business manager"),
        "events": ["VisitMade", "VisitAttested"],
        "until": "2026-07-31",
    }

    office: OfficeRef
    person: PersonRef
    events: tuple[EventName, ...] = Field(
        min_length=1, max_length=60, description="the events that the person may sign"
    )
    until: Day = Field(description="the last day, inclusive")


class DelegationEnded(Event):
    """A delegation ends before its last day: the person signs nothing more in that office."""

    sentence = "The {office} no longer lets {person} sign in that office."
    audience = "public"
    example = {
        "delegation": examples.thing("delegation"),
        "office": "head@school:900001",
        "person": examples.person("business manager"),
    }

    delegation: DelegationRef
    office: OfficeRef
    person: PersonRef


class BodyIdentifiers(Value):
    """Numbers under which other registers know a body."""

    la_code: LaCode | None = None
    group_uid: GroupUid | None = None
    group_id: GroupId | None = None
    ukprn: Ukprn | None = None
    company: CompanyNumber | None = Field(None, description="Companies House number")


class Place(Value):
    """Where a party stands, on the national grid of Ordnance Survey, in metres."""

    easting: Metres
    northing: Metres


class BodyRegistered(Event):
    """A local authority, trust, inspectorate or other body is known to the ledger."""

    names = "body"
    sentence = "The {kind} {name} was registered."
    audience = "public"
    example = {
        "body": "body:northwick",
        "kind": "local_authority",
        "name": "Northwick Council",
        "identifiers": {"la_code": "999"},
        "region": "north-east",
        "source": examples.SOURCE,
    }

    body: BodyRef
    kind: BodyKind
    name: OrganisationName
    identifiers: BodyIdentifiers | None = None
    region: Region | None = Field(None, description="the region of England that it is in")
    place: Place | None = Field(None, description="where it has its office")
    source: Source | None = None


class SchoolIdentifiers(Value):
    """Numbers under which other registers know a school, besides its URN."""

    laestab: LaEstab | None = None
    ukprn: Ukprn | None = None


class SchoolRegistered(Event):
    """A school line begins, under the URN that is its reference for ever."""

    names = "school"
    sentence = (
        "{name} was registered under {urn}",
        ", responsible body {responsible_body}",
        ".",
    )
    audience = "public"
    example = {
        "school": "school:900003",
        "urn": "urn:900003",
        "name": "Gullmarsh Brontë Primary School",
        "phase": "primary",
        "establishment_type": "02",
        "la": "body:northwick",
        "responsible_body": "body:northwick",
        "opened_on": "1957-09-01",
        "identifiers": {"laestab": "999/3003", "ukprn": "10900003"},
        "place": {"easting": 412300, "northing": 564700},
        "source": examples.SOURCE,
    }

    school: SchoolRef
    urn: UrnRef
    name: OrganisationName
    phase: Phase
    establishment_type: EstablishmentType | None = Field(
        None, description="GIAS type of establishment, code; left out where no register tells"
    )
    la: BodyRef
    region: Region | None = Field(
        None, description="left out where it is that of the local authority, or not told"
    )
    responsible_body: BodyRef | None = Field(None, description="left out where no register tells")
    opened_on: Day | None = None
    identifiers: SchoolIdentifiers | None = None
    place: Place | None = None
    source: Source | None = None


class PartyRenamed(Event):
    """A school, body or partnership is called otherwise; it stays who it is."""

    names = "party"
    sentence = "{party} is called {name} from {effective_on}."
    audience = "public"
    example = {
        "party": "school:900003",
        "former_name": "Gullmarsh Brontë Primary School",
        "name": "Gullmarsh Primary School",
        "effective_on": "2025-01-01",
    }

    party: PartyRef
    former_name: OrganisationName = Field(description="the name until then")
    name: OrganisationName
    effective_on: Day = Field(description="first day under the new name")
    source: Source | None = None


class SchoolChanged(Event):
    """A school has another phase, type, place or local authority, as the register now has it.

    Who is responsible for it, and what it owes and is owed, stays.
    """

    sentence = (
        "The register of {school} was changed from {effective_on}",
        ", phase {phase}",
        ", type {establishment_type}",
        ", local authority {la}",
        ".",
    )
    audience = "public"
    example = {
        "school": "school:900003",
        "la": "body:westwick",
        "effective_on": "2025-04-01",
        "source": examples.SOURCE,
    }

    school: SchoolRef
    phase: Phase | None = None
    establishment_type: EstablishmentType | None = Field(
        None, description="GIAS type of establishment, code"
    )
    place: Place | None = None
    la: BodyRef | None = None
    effective_on: Day = Field(description="first day on which it is so")
    source: Source | None = None


class SchoolConverted(Answer):
    """The same school goes on under a new URN, type and responsible body, as an academy does.

    What it owes and is owed stays. What the transfer agreement leaves with the former body is
    listed, and stays with the school until that body assumes it.
    """

    names = "school"
    sentence = (
        "{school} became {name} under {new_urn} from {effective_on}",
        "; responsible body {responsible_body}",
        ".",
    )
    audience = "public"
    example = {
        "school": "school:900003",
        "old_urn": "urn:900003",
        "old_urn_closes_on": "2025-08-31",
        "new_urn": "urn:900013",
        "new_urn_opens_on": "2025-09-01",
        "effective_on": "2025-09-01",
        "name": "Gullmarsh Brontë Academy",
        "establishment_type": "34",
        "former_body": "body:northwick",
        "responsible_body": "body:harbour-trust",
        "identifiers": {"laestab": "999/3003", "ukprn": "10900013"},
    }

    school: SchoolRef
    old_urn: UrnRef
    old_urn_closes_on: Day = Field(description="last day of the old URN, inclusive")
    new_urn: UrnRef
    new_urn_opens_on: Day
    effective_on: Day = Field(description="first day as the new establishment")
    name: OrganisationName
    establishment_type: EstablishmentType | None = Field(
        None, description="GIAS type of establishment, code; left out where no register tells"
    )
    former_body: BodyRef | None = None
    responsible_body: BodyRef | None = None
    left_with_former_body: tuple[ObligationRef, ...] = ()
    identifiers: SchoolIdentifiers | None = None
    source: Source | None = None


class SchoolClosed(Event):
    """A school closes with no successor."""

    sentence = "{school} closed, last day {effective_on}."
    audience = "public"
    example = {
        "school": "school:900009",
        "effective_on": "2025-08-31",
        "reason": "closed",
    }

    school: SchoolRef
    effective_on: Day = Field(description="last day, inclusive")
    reason: Literal["closed", "amalgamated", "not_stated"] = Field(
        "not_stated", description="why it closed, in a word"
    )
    partnerships: tuple[PartnershipRef, ...] = Field(
        (), description="those that it ever belonged to, under which it may owe; sorted"
    )
    contingencies: tuple[PartyRef, ...] = Field(
        (), description="who takes over by their ground rules; sorted"
    )
    source: Source | None = None


class MembershipCarried(Value):
    """A membership that passes to the school that goes on, under the version that bound it."""

    school: SchoolRef
    partnership: PartnershipRef
    version: Annotated[int, Field(strict=True, ge=1, le=1000)]


class SchoolsMerged(Answer):
    """Schools become one, which may be one of them: what they owe and are owed follows.

    Their memberships go along, and two of one partnership become one under the later version.
    What one of them owed another is void. Their heads hand over to the head of the one school.
    """

    sentence = "{predecessors} merged into {school} from {effective_on}."
    audience = "public"
    example = {
        "predecessors": ["school:900001", "school:900009"],
        "school": "school:900001",
        "effective_on": "2025-09-01",
        "memberships": [
            {"school": "school:900009", "partnership": "partnership:estuary", "version": 1}
        ],
        "source": examples.SOURCE,
    }

    predecessors: Annotated[tuple[SchoolRef, ...], Field(min_length=2, max_length=20)]
    school: SchoolRef = Field(description="the school that they are from then on")
    effective_on: Day = Field(description="first day as one school")
    memberships: tuple[MembershipCarried, ...] = Field(
        (), description="memberships of those that end, which pass to the one school"
    )
    source: Source | None = None


class SchoolGoes(Value):
    """To which of its successors a school of a body goes."""

    school: SchoolRef
    body: BodyRef


class ObligationGoes(Value):
    """To which of its successors an obligation of a body goes."""

    obligation: ObligationRef
    body: BodyRef


class BodySucceeded(Event):
    """Another body takes a body's place, or several do, or none: it closed.

    Where one does, all goes to it. Where several do, its schools go where it is said, with what is
    owed about them, and so do other obligations that are named; what nobody takes has nobody to
    answer for it.
    """

    sentence = ("{body} ended", "; {successors} took its place", " from {effective_on}.")
    audience = "public"
    example = {
        "body": "body:northwick",
        "successors": ["body:eastwick", "body:westwick"],
        "effective_on": "2026-04-01",
        "schools": [{"school": "school:900001", "body": "body:westwick"}],
        "moved": [{"obligation": examples.opened("agreement", "support"), "body": "body:eastwick"}],
        "source": examples.SOURCE,
    }

    body: BodyRef
    successors: tuple[BodyRef, ...] = Field((), description="none where it closed")
    effective_on: Day = Field(description="first day without it")
    schools: tuple[SchoolGoes, ...] = Field(
        (), description="of its schools, those it is responsible for or has in its area"
    )
    moved: tuple[ObligationGoes, ...] = Field(
        (), description="what else it owes or is owed, where several take its place"
    )
    source: Source | None = None


class SuccessionAttributed(Event):
    """A school goes on from a former URN: settled by hand, or told by a later register.

    A school line of this ledger that had the URN ends with it, and what was said of it is found
    under the school from then on. By a published source, all that it owes and is owed goes along,
    and its memberships do; where it goes on itself, under another URN, only what is named does.
    Without one nothing does: a later one that names a source adds it.
    """

    sentence = (
        "{school} goes on from {former_urn}",
        " of {predecessor}",
        ", which closed on {former_urn_closes_on}, as {urn} from {effective_on} on.",
    )
    audience = "parties"
    example = {
        "school": "school:900013",
        "urn": "urn:900013",
        "former_urn": "urn:900009",
        "former_urn_closes_on": "2025-08-31",
        "effective_on": "2025-09-01",
        "predecessor": "school:900009",
        "moved": [examples.opened("agreement", "support")],
        "reason": "The governors of both schools say that it goes on from the infant school.",
        "source": examples.SOURCE,
    }

    school: SchoolRef = Field(description="the school line that goes on")
    urn: UrnRef = Field(description="the URN of the school that follows on the former one")
    former_urn: UrnRef
    former_urn_closes_on: Day = Field(description="last day of the former URN, inclusive")
    effective_on: Day = Field(description="first day under the URN that follows")
    predecessor: SchoolRef | None = Field(
        None, description="the school line of this ledger that had the former URN, if any"
    )
    moved: tuple[ObligationRef, ...] = Field(
        (), description="of a predecessor that goes on itself: what it owes or is owed goes along"
    )
    memberships: tuple[MembershipCarried, ...] = Field(
        (), description="memberships of a predecessor that ends, which pass to the school"
    )
    reason: Sealed | None = None
    source: Source | None = None


class ResponsibleBodyChanged(Answer):
    """A school passes from one responsible body to another without a new URN."""

    sentence = (
        "{school} passed",
        " from {former_body}",
        " to {responsible_body} from {effective_on}.",
    )
    audience = "public"
    example = {
        "school": "school:900003",
        "former_body": "body:harbour-trust",
        "responsible_body": "body:tidewater-trust",
        "effective_on": "2026-01-01",
    }

    school: SchoolRef
    former_body: BodyRef | None = None
    responsible_body: BodyRef
    effective_on: Day = Field(description="first day under the new body")
    source: Source | None = None

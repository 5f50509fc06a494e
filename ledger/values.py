"""The values that events are made of: references, offices, identifiers, quantities, sealed text.

A party is named by `kind:key`, a thing that an event created by `kind:<id of that event>`, an
office by `role@party`, an obligation by `<id of the event that opened it>/<slot>`. The same string
stands in events, tags, tables and on the command line::

    >>> party_kind("school:900001"), office_party("head@school:900001")
    ('school', 'school:900001')

Every string in a statement is one of these, a date, a quantity, a digest, a code, or a
published name, title or address; anything else is `Sealed` (docs/reference/format.md, *Statement*).
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)

from ledger.days import FIRST, LAST
from ledger.errors import ValueRefused

UUID7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
URN = r"[1-9][0-9]{5}"
PARTY = rf"(?:school:{URN}|body:{SLUG}|partnership:{SLUG}|person:{UUID7})"
ROLES = ("head", "board_chair", "finance", "officer", "adviser", "chair", "clerk")
OFFICE = rf"(?:(?:{'|'.join(ROLES)})@{PARTY}|registrar@ledger)"
SLOT = r"[a-z][a-z0-9_]*(?:/[a-z0-9][a-z0-9:.-]*)*"
ROOT = r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="  # 32 bytes, the last character's low bits zero
KEY = r"key:SHA256:[A-Za-z0-9+/]{43}"
REGISTRAR = "registrar@ledger"

_LONGEST_SLUG = 64

# One pattern finds what a string names, so that tags need no schema (docs/reference/format.md,
# *Entry*).
REFERENCE = re.compile(
    rf"(?P<office>{OFFICE})|(?P<party>{PARTY})|(?P<key>{KEY})|(?P<urn>urn:{URN})"
    rf"|(?P<thing>[a-z][a-z_]*:(?P<thing_id>{UUID7}))|(?P<obligation>(?P<opener>{UUID7})/{SLOT})"
)


#: Whether a string may be a reference at all: most codes, dates and quantities may not.
may_refer = re.compile("[:@/]").search


def tags_of(text: str) -> tuple[str, ...]:
    """Return the tags that a string of a statement stands for; none if it is no reference.

    Parties, keys and URNs stand as they are, offices also as their party, things and obligations as
    the event that created or opened them (docs/reference/format.md, *Entry*).
    """
    match = REFERENCE.fullmatch(text) if may_refer(text) else None
    if match is None:
        return ()
    kind = match.lastgroup
    if kind == "office":
        party = office_party(text)
        return (f"office:{text}", party) if party else (f"office:{text}",)
    if kind == "thing":
        return (f"event:{match['thing_id']}",)
    if kind == "obligation":
        return (f"event:{match['opener']}",)
    return (text,)


def party_kind(party: str) -> str:
    """Return `school`, `body`, `partnership` or `person`."""
    return party.partition(":")[0]


def office_party(office: str) -> str | None:
    """Return the party of an office; None for the registrar, whose party is the ledger."""
    party = office.partition("@")[2]
    return None if party == "ledger" else party


def office_role(office: str) -> str:
    """Return the role of an office: `head` of `head@school:900001`."""
    return office.partition("@")[0]


def event_id(reference: str) -> str:
    """Return the id of the event that created a thing or opened an obligation."""
    return reference.partition(":")[2] if ":" in reference[:36] else reference[:36]


def obligation_slot(obligation: str) -> str:
    """Return the slot of an obligation: `attestation` of `<event id>/attestation`."""
    return obligation[37:]


def _short_slugs(text: str) -> str:
    slug = text.rpartition(":")[2]
    if len(slug) > _LONGEST_SLUG:
        raise ValueRefused(
            "a slug is too long",
            got=f"{len(slug)} characters",
            expected=f"at most {_LONGEST_SLUG}",
            todo="Choose a shorter one; it is a name for machines, not the full title.",
        )
    return text


class Named:
    """Marks a string that names something; the command line reads it to look names up.

    `kinds` are the kinds of party or thing that the string may name.
    """

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds


SchoolRef = Annotated[str, StringConstraints(pattern=rf"^school:{URN}$"), Named("school")]
BodyRef = Annotated[
    str, StringConstraints(pattern=f"^body:{SLUG}$"), AfterValidator(_short_slugs), Named("body")
]
PartnershipRef = Annotated[
    str,
    StringConstraints(pattern=f"^partnership:{SLUG}$"),
    AfterValidator(_short_slugs),
    Named("partnership"),
]
PersonRef = Annotated[str, StringConstraints(pattern=f"^person:{UUID7}$"), Named("person")]
PartyRef = Annotated[
    str,
    StringConstraints(pattern=rf"^(?:school:{URN}|(?:body|partnership):{SLUG})$"),
    AfterValidator(_short_slugs),
    Named("school", "body", "partnership"),
]
SchoolsRef = Annotated[
    str,
    StringConstraints(pattern=rf"^(?:school:{URN}|partnership:{SLUG})$"),
    AfterValidator(_short_slugs),
    Named("school", "partnership"),
]
"""A school, or several together as a partnership."""
OfficeRef = Annotated[str, StringConstraints(pattern=f"^{OFFICE}$"), Named("office")]
KeyRef = Annotated[str, StringConstraints(pattern=f"^{KEY}$"), Named("key")]
UrnRef = Annotated[str, StringConstraints(pattern=rf"^urn:{URN}$"), Named("urn")]
ObligationRef = Annotated[str, StringConstraints(pattern=rf"^{UUID7}/{SLOT}$"), Named("obligation")]
EventRef = Annotated[str, StringConstraints(pattern=f"^event:{UUID7}$"), Named("event")]

VouchableRef = Annotated[
    str,
    StringConstraints(
        pattern=f"^(?:enrolment|appointment|compromise|log_key|clock_correction):{UUID7}$"
    ),
    Named("enrolment", "appointment", "compromise", "log_key", "clock_correction"),
]
ApplicationRef = Annotated[
    str, StringConstraints(pattern=f"^application:{UUID7}$"), Named("application")
]
YearRef = Annotated[str, StringConstraints(pattern=f"^year:{UUID7}$"), Named("year")]
ProgrammeRef = Annotated[str, StringConstraints(pattern=f"^programme:{UUID7}$"), Named("programme")]
NeedRef = Annotated[str, StringConstraints(pattern=f"^need:{UUID7}$"), Named("need")]
TriggerRef = Annotated[
    str,
    StringConstraints(pattern=f"^(?:need|judgement|intervention):{UUID7}$"),
    Named("need", "judgement", "intervention"),
]
JudgementRef = Annotated[str, StringConstraints(pattern=f"^judgement:{UUID7}$"), Named("judgement")]
InterventionRef = Annotated[
    str, StringConstraints(pattern=f"^intervention:{UUID7}$"), Named("intervention")
]
TargetRef = Annotated[str, StringConstraints(pattern=f"^target:{UUID7}$"), Named("target")]
TargetConflictRef = Annotated[
    str, StringConstraints(pattern=f"^target_conflict:{UUID7}$"), Named("target_conflict")
]
CapacityRef = Annotated[str, StringConstraints(pattern=f"^capacity:{UUID7}$"), Named("capacity")]
VariationRef = Annotated[str, StringConstraints(pattern=f"^variation:{UUID7}$"), Named("variation")]
OfferRef = Annotated[str, StringConstraints(pattern=f"^offer:{UUID7}$"), Named("offer")]
PlanRef = Annotated[str, StringConstraints(pattern=f"^plan:{UUID7}$"), Named("plan")]
ReviewRef = Annotated[str, StringConstraints(pattern=f"^review:{UUID7}$"), Named("review")]
ConflictRef = Annotated[str, StringConstraints(pattern=f"^conflict:{UUID7}$"), Named("conflict")]
ConcernRef = Annotated[str, StringConstraints(pattern=f"^concern:{UUID7}$"), Named("concern")]
AgreementRef = Annotated[str, StringConstraints(pattern=f"^agreement:{UUID7}$"), Named("agreement")]
NOTHING = "nothing"
"""What a visit is under that is made for no agreement, year or programme."""
UnderRef = Annotated[
    str,
    StringConstraints(pattern=f"^(?:(?:agreement|year|programme):{UUID7}|{NOTHING})$"),
    Named("agreement", "year", "programme", NOTHING),
]
VisitRef = Annotated[str, StringConstraints(pattern=f"^visit:{UUID7}$"), Named("visit")]
DisputeRef = Annotated[str, StringConstraints(pattern=f"^dispute:{UUID7}$"), Named("dispute")]
ImpactRef = Annotated[str, StringConstraints(pattern=f"^impact:{UUID7}$"), Named("impact")]
AdviceRef = Annotated[str, StringConstraints(pattern=f"^advice:{UUID7}$"), Named("advice")]
FundingRef = Annotated[str, StringConstraints(pattern=f"^funding:{UUID7}$"), Named("funding")]
PaymentRef = Annotated[str, StringConstraints(pattern=f"^payment:{UUID7}$"), Named("payment")]
PricedRef = Annotated[
    str,
    StringConstraints(pattern=f"^(?:funding|agreement):{UUID7}$"),
    Named("funding", "agreement"),
]
ClaimRef = Annotated[
    str, StringConstraints(pattern=f"^(?:claim|payment):{UUID7}$"), Named("claim", "payment")
]
EvidenceRef = Annotated[str, StringConstraints(pattern=f"^evidence:{UUID7}$"), Named("evidence")]
FrameworkRef = Annotated[str, StringConstraints(pattern=f"^framework:{UUID7}$"), Named("framework")]
DelegationRef = Annotated[
    str, StringConstraints(pattern=f"^delegation:{UUID7}$"), Named("delegation")
]
HandoverRef = Annotated[str, StringConstraints(pattern=f"^handover:{UUID7}$"), Named("handover")]


class Public:
    """Marks a string that may be read for ever: a published name, title or address."""

    def __init__(self, what: str) -> None:
        self.what = what


def _reference(text: str) -> str:
    if not tags_of(text):
        raise ValueRefused(
            "not a reference", got=text, expected="a party, office, key, URN, thing or obligation"
        )
    return text


Reference = Annotated[
    str, StringConstraints(max_length=200), AfterValidator(_reference), Public("reference")
]


OrganisationName = Annotated[
    str, StringConstraints(min_length=1, max_length=200), Public("organisation's name")
]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200), Public("published title")]
Url = Annotated[
    str,
    StringConstraints(pattern=r"^https?://[!-~]+$", max_length=1000),
    Public("published address"),
]
FileName = Annotated[
    str, StringConstraints(min_length=1, max_length=200), Public("published file's name")
]
Origin = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9.-]+(?:/[a-z0-9._-]+)*$", max_length=100),
    Public("origin"),
]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$"), Public("digest")]
EVENT_NAME = "name of an event, as VisitMade"
EventName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z][A-Za-z]{0,59}$"),
    Public(EVENT_NAME),
]
MediaType = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]+/[a-z0-9][a-z0-9.+-]*$", max_length=100),
    Public("media type"),
]
Slug = Annotated[
    str, StringConstraints(pattern=f"^{SLUG}$", max_length=_LONGEST_SLUG), Public("slug")
]
#: The evaluation areas by which needs, support and impact go: those of every framework that is
#: shipped (`ledger.domain.judgements.frameworks`). Codes are only ever added.
AreaCode = Literal[
    "achievement",
    "attendance-and-behaviour",
    "behaviour-and-attitudes",
    "curriculum-and-teaching",
    "early-years",
    "early-years-provision",
    "inclusion",
    "leadership-and-governance",
    "leadership-and-management",
    "overall-effectiveness",
    "personal-development",
    "personal-development-and-wellbeing",
    "post-16-provision",
    "quality-of-education",
    "safeguarding",
    "sixth-form-provision",
]
PublicKeyLine = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9@.-]+ [A-Za-z0-9+/]+=*$", max_length=400),
    Public("public key"),
]
VerifierKey = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9./_-]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*$", max_length=300),
    Public("verifier key"),
]
Blob = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9+/]+=*$", max_length=1024),
    Public("signature, padded base64"),
]
SizeRoot = Annotated[
    str,
    StringConstraints(pattern=rf"^(?:0|[1-9][0-9]{{0,15}}):{ROOT}$"),
    Public("place in history"),
]
YearName = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}$"), Public("year")]
LaCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$"), Public("LA code")]
LaEstab = Annotated[str, StringConstraints(pattern=r"^[0-9]{3}/[0-9]{4}$"), Public("LAESTAB")]
Ukprn = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$"), Public("UKPRN")]
CompanyNumber = Annotated[
    str, StringConstraints(pattern=r"^[A-Z0-9]{8}$"), Public("Companies House number")
]
GroupUid = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}$"), Public("GIAS group UID")]
GroupId = Annotated[
    str, StringConstraints(pattern=r"^[A-Z]{0,2}[0-9]{1,6}$"), Public("GIAS group ID")
]
EstablishmentType = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{2}$"), Public("GIAS type of establishment")
]

#: As the register of schools has them.
Phase = Literal[
    "nursery",
    "primary",
    "middle_deemed_primary",
    "secondary",
    "middle_deemed_secondary",
    "post_16",
    "all_through",
    "not_applicable",
]

Pointer = Annotated[
    str,
    StringConstraints(pattern=r"^/data(?:/[a-z0-9_]+){1,7}$", max_length=300),
    Public("pointer to a sealed field"),
]

DaysCount = Annotated[int, Field(strict=True, ge=1, le=366)]
Count = Annotated[int, Field(strict=True, ge=0, le=10_000)]
FARTHEST = 1_300_000
Metres = Annotated[int, Field(strict=True, ge=0, le=FARTHEST)]


class _Quantity(NamedTuple):
    """How a quantity is written: its grammar, step and most, and an example in words."""

    grammar: re.Pattern[str]
    step: str
    most: str
    example: str


_DAYS = _Quantity(
    re.compile(r"(?:0|[1-9][0-9]{0,5})\.[05]"),
    "0.1",
    "999999.5",
    "whole or half days, as 1.0 or 0.5",
)
_MONEY = _Quantity(
    re.compile(r"(?:0|[1-9][0-9]{0,9})\.[0-9]{2}"),
    "0.01",
    "9999999999.99",
    "pounds and pence, as 1200.00",
)
_ANY_NUMBER = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,20})?", re.ASCII)
_NUMBER = re.compile(r"(?!-0(?:\.0+)?$)-?(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{1,4})?")


def _quantity(value: object, kind: _Quantity) -> Decimal:
    text = value
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        text = _at_step(Decimal(value), Decimal(kind.step))
    if not isinstance(text, str) or kind.grammar.fullmatch(text) is None:
        raise _no_quantity(value, kind)
    return Decimal(text)


def _no_quantity(value: object, kind: _Quantity) -> ValueRefused:
    """Say why a value is no quantity: it is below nothing, or too much, or not written as one."""
    text = str(value) if isinstance(value, (str, int, Decimal)) else ""
    if _ANY_NUMBER.fullmatch(text) is None:
        return ValueRefused("not a quantity of this kind", got=value, expected=kind.example)
    if text.startswith("-"):
        return ValueRefused("a quantity is not negative", got=value, expected=kind.example)
    if Decimal(text) > Decimal(kind.most):
        return ValueRefused("the quantity is too large", got=value, expected=f"{kind.most} at most")
    return ValueRefused("not a quantity of this kind", got=value, expected=kind.example)


def _at_step(number: Decimal, step: Decimal) -> str | None:
    """Write a number to as many places as its step has; None rather than round it."""
    try:
        exact = number.quantize(step)
    except InvalidOperation:  # over 28 digits, or not finite
        return None
    return str(exact) if exact == number else None


def _days(value: object) -> Decimal:
    return _quantity(value, _DAYS)


def _money(value: object) -> Decimal:
    return _quantity(value, _MONEY)


def _number(value: object) -> Decimal:
    text = value
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        text = str(Decimal(value))
    if not isinstance(text, str) or _NUMBER.fullmatch(text) is None:
        raise ValueRefused("not a number", got=value, expected="a decimal number, as -0.25 or 104")
    return Decimal(text)


Days = Annotated[Decimal, BeforeValidator(_days), PlainSerializer(str, return_type=str)]
Money = Annotated[Decimal, BeforeValidator(_money), PlainSerializer(str, return_type=str)]
Number = Annotated[Decimal, BeforeValidator(_number), PlainSerializer(str, return_type=str)]


def _day(value: object) -> date:
    day = value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
        with suppress(ValueError):
            day = date.fromisoformat(value)
    if not isinstance(day, date) or isinstance(day, datetime):
        raise ValueRefused("not a date", got=value, expected="a day of the calendar, as 2026-09-01")
    if not FIRST <= day <= LAST:
        raise ValueRefused(
            "out of range", got=day.isoformat(), expected=f"a day between {FIRST} and {LAST}"
        )
    return day


def _moment(text: str) -> str:
    _day(text[:10])
    return text


Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[
    str,
    StringConstraints(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$"
    ),
    AfterValidator(_moment),
    Public("moment in UTC"),
]


class Value(BaseModel):
    """A frozen part of an event; unknown members are refused, what is optional is left out."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", ser_json_inf_nan="strings", defer_build=True
    )


class Sealed(Value):
    """Text that can be erased: the record holds only its commitment.

    docs/reference/format.md, *Sealed text*.
    """

    sealed: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$"), Public("commitment")]


class Source(Value):
    """Where a published fact stands, so that anyone can look it up."""

    publisher: OrganisationName
    title: Title
    published_on: Day | None = None
    url: Url | None = None
    file: FileName | None = None
    sha256: Sha256 | None = None
    row: Annotated[int, Field(strict=True, ge=1)] | None = None


class OwedRow(Value):
    """One row of who owes what to whom, as a head or successor takes note of it."""

    obligation: ObligationRef
    outstanding: Number
    unit: Literal["day", "visit", "item", "GBP"]

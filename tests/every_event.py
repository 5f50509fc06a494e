# ruff: noqa: N802 - what tells of an event goes by its name
"""Events of every type, as somebody might say them where a story stands; and who may owe for them.

`TELLERS` holds for each event what is said and in which office, mostly right: what it names is
picked among what stands, and what stands in the way of nothing is told first. `KINDS` was written
from the domain's table of obligations alone, and knows nothing of the product's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any, NamedTuple

from recording import DAY, ORIGIN, REGISTRAR, Head

from ledger import keys
from ledger.events import CREATORS
from ledger.recording.founding import key_members, new_log_key
from ledger.values import office_party

COUNCIL, TRUST, HUB = "body:northwick", "body:beacon-trust", "body:mill-hub"
INSPECTORATE, REGION = "body:inspectorate", "body:northern-region"
BODIES = {
    TRUST: "trust",
    HUB: "provider",
    INSPECTORATE: "inspectorate",
    REGION: "regional_team",
}
ESTUARY = "partnership:estuary"
AREAS = ("inclusion", "achievement", "safeguarding")
DAYS = ("attestation", "impact", "ratification", "handover", "response", "brokerage")
NEVER_OPENED = "01900000-0000-7000-8000-999999999999/support"
SOURCE = {"publisher": "Northwick Council", "title": "Register of schools in Northwick, 2026"}

Said = tuple[str, dict[str, Any]]
TELLERS: dict[str, Callable[[World], Said]] = {}


class Thing(NamedTuple):
    """Something that an event brought into being: how it is named, who said it and what."""

    ref: str
    office: str
    data: dict[str, Any]


class World:
    """What stands, as far as it is needed to say something likely."""

    def __init__(self) -> None:
        """Begin with nobody and nothing."""
        self.r = Random(0)  # noqa: S311 - a story, no secret
        self.today = DAY
        self.head = ""
        self.positions: list[str] = []
        self.holders: dict[str, list[str]] = defaultdict(list)
        self.signers: dict[str, keys.MemorySigner] = {}
        #: Who is enrolled and has no key, and whose keys were made for whoever enrols them.
        self.keyless: list[str] = []
        self.made: dict[str, keys.MemorySigner] = {}
        #: Who signed each event, unless it was recorded for another.
        self.persons: dict[str, str | None] = {}
        self.things: dict[str, list[Thing]] = defaultdict(list)
        self.schools: list[str] = []
        self.bodies: list[str] = []
        self.partnerships: list[str] = []
        self.members: list[str] = []
        self.versions: dict[str, int] = {}
        self.responsible: dict[str, str] = {}
        self.urns: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.log_key = ""
        self.said: list[Thing] = []
        self.for_office: list[Thing] = []
        #: Who owes what to whom today, as the ledger answers: obligation, kind, debtor, creditor.
        self.owed: list[tuple[str, str, str, str]] = []
        self.count = 100
        #: The one school that is spoken of, for a while.
        self.only: str | None = None
        #: Lets an event be said first that another needs.
        self.first: Callable[[str], None] = lambda _name: None

    # -- picking -----------------------------------------------------------------------------

    def pick(self, found: Any) -> Any:
        """Return one of some, any of them."""
        return self.r.choice(list(found))

    def seldom(self, one_in: int = 5) -> bool:
        """Whether something happens that happens seldom."""
        return self.r.randrange(one_in) == 0

    def day(self, least: int = 0, most: int | None = None) -> str:
        """Return a day some days from today."""
        return (
            self.today + timedelta(self.r.randint(least, least if most is None else most))
        ).isoformat()

    def one(self, kind: str, fits: Callable[[Thing], bool] = lambda _: True) -> Thing:
        """Return a thing of a kind, most often one of the last; let it be made if there is none."""
        for _ in range(2):
            found = [thing for thing in self.things[kind] if fits(thing)]
            if found:
                return found[-1 - min(self.r.randrange(4), self.r.randrange(len(found)))]
            self.first(CREATORS[kind].__name__)
        return self.things[kind][-1] if self.things[kind] else self.made_up(kind)

    def made_up(self, kind: str) -> Thing:
        """Return a thing that nobody ever made."""
        example = defaultdict(lambda: self.schools[0])
        return Thing(f"{kind}:01900000-0000-7000-8000-999999999999", REGISTRAR, example)

    def owing(self, *kinds: str) -> tuple[str, str, str, str] | None:
        """Return something that is owed, of some kinds or any."""
        found = [row for row in self.owed if not kinds or row[1] in kinds]
        return self.pick(found) if found else None

    def school(self, *but: str) -> str:
        """Return a school, but none of these."""
        if self.only and self.only not in but:
            return self.only
        return self.pick([one for one in self.schools if one not in but] or self.schools)

    def member(self, *but: str) -> str:
        """Return a member of the partnership, as far as is known."""
        return self.pick([one for one in self.members if one not in but] or self.schools)

    def party(self, *but: str) -> str:
        """Return a school or body, but none of these."""
        if self.only and self.only not in but:
            return self.only
        return self.pick([one for one in (*self.schools, *self.bodies) if one not in but])

    def person(self) -> str:
        """Return somebody who has a key."""
        return self.pick(self.signers)

    def fresh(self) -> int:
        """Return a number that was never used."""
        self.count += 1
        return self.count

    # -- offices -----------------------------------------------------------------------------

    def office(self, party: str) -> str:
        """Return the office that speaks for a party."""
        if party == "ledger":
            return REGISTRAR
        kind = party.partition(":")[0]
        return f"{ {'school': 'head', 'body': 'officer', 'partnership': 'chair'}[kind] }@{party}"

    def holder(self, office: str) -> str:
        """Return who holds an office; somebody else if nobody does."""
        return self.holders[office][-1] if self.holders[office] else next(iter(self.signers))


class Kind(NamedTuple):
    """A kind of obligation: what it is counted in, which events open it, which answer it.

    `sides` tells who owes and who is owed where the event that opens it says so by itself.
    """

    unit: str
    opened_by: str
    settled_by: str
    sides: Callable[[dict[str, Any]], set[tuple[str | None, str | None]]] | None = None


def _pair(debtor: str, creditor: str) -> Callable[[dict[str, Any]], set[tuple[Any, Any]]]:
    return lambda said: {(said.get(debtor), said.get(creditor))}


_YEARS = "PartnershipYearOpened ProgrammeJoined SchoolAdmitted VisitProgrammeOpened"
_TROUBLE = "JudgementMade InterventionRecorded"
_SCALES = "MembershipLeft MemberExcluded MembershipDeclined ProgrammeLeft "
_ENDS = "SupportEnded SupportAgreed SupportVariationAccepted "

KINDS = {
    "support": Kind(
        "day",
        "SupportAgreed",
        _ENDS + "VisitAttested JudgementModerated",
        _pair("provider", "receiver"),
    ),
    "peer_visit": Kind("visit", _YEARS, _SCALES + "VisitAttested JudgementModerated"),
    "outside_visit": Kind("visit", _YEARS, _SCALES + "VisitAttested JudgementModerated"),
    "entitled_visit": Kind("visit", _YEARS, _SCALES + "VisitAttested JudgementModerated"),
    "pledged_help": Kind("day", _TROUBLE, "SupportAgreed OfferClosed"),
    "attestation": Kind(
        "item",
        "VisitMade VisitCorrected",
        "VisitAttested VisitDisputed",
        _pair("host", "visitor"),
    ),
    "dispute_answer": Kind(
        "item",
        "VisitDisputed VisitAttested",
        "VisitCorrected VisitDisputeMaintained",
        _pair("visitor", "host"),
    ),
    "impact_account": Kind("item", "SupportAgreed " + _YEARS, _ENDS + _SCALES + "ImpactReported"),
    "followup_account": Kind("item", "SupportAgreed", _ENDS + "ImpactReported"),
    "progress_report": Kind(
        "item", "SupportAgreed SupportVariationAccepted", _ENDS + "ProgressReported"
    ),
    "review": Kind("item", "SupportAgreed SupportVariationAccepted", _ENDS + "ReviewHeld"),
    "plan": Kind("item", "SupportAgreed", _ENDS + "PlanAgreed", _pair("receiver", "commissioner")),
    "payment": Kind(
        "GBP",
        "FundingCommitted SupportAgreed SupportVariationAccepted",
        _ENDS + "FundingReceived",
    ),
    "condition": Kind("item", "FundingReceived", "FulfilmentAnswered"),
    "spend_account": Kind("GBP", "FundingReceived", "FulfilmentAnswered"),
    "need_response": Kind(
        "item", "NeedIdentified", "NeedAccepted NeedDisputed NeedClosed", _pair("school", "raiser")
    ),
    "brokerage": Kind(
        "item",
        "NeedEscalated " + _TROUBLE,
        "SupportAgreed DecisionRecorded NeedEscalated NeedClosed InterventionLifted",
    ),
    "member_response": Kind(
        "item",
        "NeedEscalated " + _TROUBLE,
        "SupportOffered PartnershipResponded NeedClosed InterventionLifted NeedEscalated",
    ),
    "statement_of_action": Kind("item", "JudgementMade", "EvidenceLodged"),
    "compliance": Kind(
        "item",
        "InterventionRecorded",
        "FulfilmentAnswered InterventionLifted",
        _pair("complier", "issuer"),
    ),
    "concern_answer": Kind(
        "item", "ConcernRaised ConcernEscalated", "ConcernEscalated ConcernResolved"
    ),
    "conflict_answer": Kind(
        "item",
        "ConflictOfInterestDeclared",
        "DecisionRecorded",
        _pair("answerer", "declarer"),
    ),
    "handover": Kind(
        "item",
        "DepartureNotified AppointmentEnded Appointed SchoolsMerged SchoolClosed",
        "HandoverGiven DepartureNotified Appointed AppointmentEnded",
    ),
    "handover_acceptance": Kind(
        "item", "HandoverGiven Appointed", "HandoverAccepted HandoverGiven Appointed"
    ),
    "ratification": Kind(
        "item",
        "Appointed GroundRulesAgreed SchoolConverted ResponsibleBodyChanged SchoolsMerged",
        "MembershipRatified MembershipDeclined Appointed AppointmentEnded GroundRulesAgreed "
        "MembershipLeft MemberExcluded",
    ),
    "admission_answer": Kind(
        "item",
        "MembershipSought",
        "SchoolAdmitted AdmissionRefused",
        _pair("partnership", "school"),
    ),
    "contingency_answer": Kind(
        "item",
        "PartnershipFormed GroundRulesAgreed",
        "ContingencyAccepted ContingencyDeclined GroundRulesAgreed",
    ),
    "advice_response": Kind("item", "AdviceGiven", "AdviceAnswered", _pair("school", "giver")),
    "advice_action": Kind("item", "AdviceAnswered", "AdviceActedOn", _pair("school", "giver")),
    "moderation": Kind("item", "JudgementChallenged VisitDisputeMaintained", "JudgementModerated"),
    "target": Kind("item", "TargetSet", "FulfilmentAnswered TargetSet TargetConflictAnswered"),
    "reconciliation": Kind("item", "TargetConflictRaised", "TargetConflictAnswered"),
    "fulfilment_answer": Kind(
        "item",
        "FulfilmentClaimed FundingPaid ImpactReported",
        "FulfilmentAnswered FundingReceived ImpactAnswered",
    ),
    "record_confirmation": Kind(
        "item", "*", "RecordConfirmed RecordDisowned KeyEnrolled Appointed AppointmentEnded"
    ),
}
#: What may move, void or give back whatever is owed, by whomever.
ANYTHING = frozenset(
    {
        "EventWithdrawn",
        "RecordDisowned",
        "SchoolConverted",
        "SchoolsMerged",
        "SchoolClosed",
        "BodySucceeded",
        "SuccessionAttributed",
        "ResponsibleBodyChanged",
        "PartnershipDissolved",
        "ContingencyAccepted",
        "ObligationAssumed",
        "ObligationWaived",
    }
)


def may_open(kind: str, event: str) -> bool:
    """Whether the domain's table lets an event open an obligation of a kind."""
    return KINDS[kind].opened_by == "*" or event in KINDS[kind].opened_by.split()


def may_change(kind: str, event: str) -> bool:
    """Whether the domain's table lets an event change what is owed of a kind."""
    told = KINDS[kind].settled_by.split()
    return event in ANYTHING or may_open(kind, event) or event in told


#: Which roles the domain lets say some events; any may say the others, for what it deals with.
_BY = {
    "registrar": "LedgerFounded LedgerRulesSet PersonEnrolled PersonRenamed LogKeyChanged "
    "ClockCorrected BodyRegistered BodySucceeded SchoolRegistered SchoolChanged SchoolConverted "
    "ResponsibleBodyChanged SchoolsMerged SchoolClosed SuccessionAttributed PartnershipFormed "
    "FrameworkAdopted MeasurePublished DetailErased",
    "registrar chair": "PartyRenamed",
    "registrar chair clerk": "PartnershipDissolved",
    "chair": "GroundRulesAgreed SchoolAdmitted AdmissionRefused MemberExcluded "
    "PartnershipYearOpened PartnershipResponded",
    "head": "MembershipSought MembershipLeft MembershipRatified MembershipDeclined "
    "ProgrammeJoined ProgrammeLeft JointPublicationAgreed NeedAccepted NeedDisputed "
    "AdviceAnswered AdviceActedOn HandoverAccepted",
    "head chair officer": "VisitMade VisitAttested VisitDisputed VisitCorrected "
    "VisitDisputeMaintained SupportOffered CapacityDeclared FundingCommitted ImpactReported "
    "ImpactAnswered ProgressReported VisitProgrammeOpened OfferClosed",
    "head officer": "SupportAgreed",
    "head board_chair officer": "DepartureNotified HandoverGiven",
    "officer registrar": "InterventionRecorded InterventionLifted",
    "head officer registrar": "JudgementMade",
    "head chair adviser officer": "NeedIdentified NeedEscalated",
}
#: What each answers that another person must have said.
HALVES = {
    "VisitAttested": ("visit",),
    "SupportAgreed": ("offer",),
    "SupportVariationAccepted": ("variation",),
    "FulfilmentAnswered": ("claim",),
    "FundingReceived": ("payment",),
    "ImpactAnswered": ("impact",),
    "AdviceAnswered": ("advice",),
    "SchoolAdmitted": ("application",),
    "AdmissionRefused": ("application",),
    "JudgementModerated": ("judgement", "visit"),
    "DecisionRecorded": ("offer", "conflict"),
    "HandoverAccepted": ("handover",),
}


def roles(event: str) -> list[str]:
    """Return the roles that may say an event."""
    every = "registrar head board_chair finance officer adviser chair clerk"
    return next((by for by, events in _BY.items() if event in events.split()), every).split()


# -- what is said ------------------------------------------------------------------------------


def tells(teller: Callable[[World], Said]) -> Callable[[World], Said]:
    """Keep what tells of an event under the event's name."""
    TELLERS[teller.__name__.replace("_", "")] = teller
    return teller


def ground_rules(w: World) -> dict[str, Any]:
    """Return the rules of a partnership, as they might be."""
    rules: dict[str, Any] = {f"{name}_days": 14 for name in (*DAYS, "notice")}
    rules["response_days"] = w.r.randint(5, 20)
    rules |= {"visits_per_year": w.r.randint(1, 3), "distinct_hosts": True, "outside_visits": 0}
    rules |= {"external_judge": w.seldom(), "help_days": "4.0"}
    return rules | {
        "contingency": dict.fromkeys(("on_closure", "on_dissolution", "holds_unspent"), COUNCIL)
    }


def _enrolled(w: World, person: str) -> dict[str, Any]:
    signer = keys.in_memory(w.fresh().to_bytes(32, "big"))
    w.made[f"key:{signer.public.fingerprint}"] = signer
    return {"person": person, **key_members(ORIGIN, person, signer)}


def _simple(name: str, tell: Callable[[World], Said]) -> None:
    TELLERS[name] = tell


def _registers(name: str, tell: Callable[[World], dict[str, Any]]) -> None:
    _simple(name, lambda w: (REGISTRAR, tell(w)))


_registers(
    "LedgerFounded",
    lambda w: {
        "format": 1,
        "origin": ORIGIN,
        "title": "Again",
        "log_key": w.log_key,
        "registrars": [_enrolled(w, w.pick([*w.keyless, w.person()]))],
    },
)
_registers("LedgerRulesSet", lambda w: {f"{name}_days": w.r.randint(5, 30) for name in DAYS})
_registers("PersonEnrolled", lambda w: {"person": Head(w.fresh()).person, "name": "Mx Ashgrove"})
_registers("PersonRenamed", lambda w: {"person": w.person(), "name": "Mx Elmgrove"})
_registers("KeyEnrolled", lambda w: _enrolled(w, w.pick([*w.keyless, w.person()])))


@tells
def KeyRetired(w: World) -> Said:
    one = w.one(
        "enrolment",
        lambda t: t.data["person"] in w.signers and not t.data["person"].endswith(("0000", "0090")),
    )
    return REGISTRAR, {"person": one.data["person"], "key": one.data["key"]}


@tells
def KeyCompromised(w: World) -> Said:
    one = w.one("enrolment")
    return REGISTRAR, {
        "person": one.data["person"],
        "key": one.data["key"],
        "since": f"{w.today}T09:00:00Z",
    }


@tells
def LogKeyChanged(w: World) -> Said:
    seed = w.fresh().to_bytes(32, "big")
    return REGISTRAR, {"former": w.log_key, "log_key": new_log_key(ORIGIN, seed).verifier}


@tells
def ClockCorrected(w: World) -> Said:
    return REGISTRAR, {"since": w.positions[-2], "reason": "The clock went ahead."}


@tells
def Vouched(w: World) -> Said:
    one = w.one(w.pick(("enrolment", "appointment")))
    return w.pick((REGISTRAR, *map(w.office, w.schools))), {"subject": one.ref}


@tells
def Appointed(w: World) -> Said:
    if w.seldom(3):
        office = w.pick(
            [
                f"board_chair@{w.school()}",
                f"finance@{COUNCIL}",
                f"clerk@{ESTUARY}",
                f"officer@{w.pick(w.bodies)}",
                f"adviser@{w.school()}",
            ]
        )
    else:
        vacant = [one for one in w.schools if not w.holders[w.office(one)]]
        office = w.office(w.pick([*vacant, w.school()]))
        if w.things["handover"] and w.seldom(2):
            office = w.things["handover"][-1].data["office"]
    other = w.holder(w.office(w.school()))  # who may then answer what they said themselves
    said: dict[str, Any] = {
        "person": w.pick([w.person(), other, *w.keyless[-1:]]),
        "office": office,
        "effective_on": w.day(-3, 8),
    }
    said["basis"] = w.pick(("substantive", "substantive", "acting", "interim", "executive"))
    if office.startswith("adviser"):
        said["for_body"] = w.responsible.get(office_party(office) or "", COUNCIL)
    elif w.holders[office] and not office.startswith(("officer", "finance")):
        said["succeeds"] = w.holder(office)
    return REGISTRAR, said


@tells
def AppointmentEnded(w: World) -> Said:
    held = [office for office, people in w.holders.items() if people and office != REGISTRAR]
    office = w.pick(held)
    return REGISTRAR, {"person": w.holder(office), "office": office, "effective_on": w.day(-2, 5)}


@tells
def AuthorityDelegated(w: World) -> Said:
    office = w.office(w.school())
    events = w.r.sample(["VisitMade", "VisitAttested", "ImpactReported"], 2)
    return office, {
        "office": office,
        "person": w.person(),
        "events": sorted(events),
        "until": w.day(5, 60),
    }


@tells
def DelegationEnded(w: World) -> Said:
    one = w.one("delegation")
    return one.data["office"], {"delegation": one.ref}


@tells
def BodyRegistered(w: World) -> Said:
    number = w.fresh()
    return REGISTRAR, {
        "body": f"body:body-{number}",
        "kind": w.pick(("trust", "local_authority", "provider")),
        "name": f"Body {number}",
    }


@tells
def SchoolRegistered(w: World) -> Said:
    number = w.fresh()
    said = {
        "school": f"school:{900_000 + number}",
        "urn": f"urn:{900_000 + number}",
        "name": f"School {number}",
    }
    return REGISTRAR, {
        **said,
        "phase": "primary",
        "la": COUNCIL,
        "responsible_body": w.pick((COUNCIL, TRUST)),
    }


@tells
def PartyRenamed(w: World) -> Said:
    party = w.pick((*w.schools, *w.bodies))
    return REGISTRAR, {
        "party": party,
        "former_name": w.names.get(party, "Nobody"),
        "name": f"Renamed {w.fresh()}",
        "effective_on": w.day(-2, 4),
    }


@tells
def SchoolChanged(w: World) -> Said:
    return REGISTRAR, {
        "school": w.school(),
        "phase": w.pick(("primary", "all_through")),
        "effective_on": w.day(-2, 4),
    }


@tells
def SchoolConverted(w: World) -> Said:
    school, number, first = w.school(), 900_000 + w.fresh(), w.r.randint(-3, 4)
    said = {
        "school": school,
        "old_urn": w.urns[school],
        "new_urn": f"urn:{number}",
        "name": f"Academy {number}",
    }
    said |= {
        "old_urn_closes_on": w.day(first - 1),
        "new_urn_opens_on": w.day(first),
        "effective_on": w.day(first),
    }
    said |= {
        "establishment_type": "34",
        "former_body": w.responsible[school],
        "responsible_body": w.pick([b for b in (TRUST, COUNCIL) if b != w.responsible[school]]),
    }
    left = [row[0] for row in w.owed if row[2] == school and row[1] in {"peer_visit", "support"}]
    if left and not w.seldom(3):
        said["left_with_former_body"] = left[:1]
    return REGISTRAR, said


@tells
def SchoolClosed(w: World) -> Said:
    return REGISTRAR, {"school": w.school(), "effective_on": w.day(-2, 4), "reason": "closed"}


@tells
def SchoolsMerged(w: World) -> Said:
    result = w.school()
    return REGISTRAR, {
        "predecessors": sorted({result, w.school(result)}),
        "school": result,
        "effective_on": w.day(-2, 4),
    }


@tells
def BodySucceeded(w: World) -> Said:
    body = w.pick(w.bodies)
    return REGISTRAR, {
        "body": body,
        "successors": [w.pick([one for one in w.bodies if one != body])],
        "effective_on": w.day(-2, 4),
    }


@tells
def SuccessionAttributed(w: World) -> Said:
    school = w.school()
    old = w.school(school)
    said = {
        "school": school,
        "urn": w.urns[school],
        "former_urn": w.urns[old],
        "predecessor": old,
        "former_urn_closes_on": w.day(-1),
    }
    return REGISTRAR, {**said, "effective_on": w.day(0), "reason": "It went on under the other."}


@tells
def ResponsibleBodyChanged(w: World) -> Said:
    school = w.school()
    now = w.responsible[school]
    return REGISTRAR, {
        "school": school,
        "former_body": now,
        "responsible_body": w.pick([b for b in w.bodies if b != now]),
        "effective_on": w.day(-3, 6),
    }


@tells
def VisitProgrammeOpened(w: World) -> Said:
    organiser = w.pick((COUNCIL, HUB, w.school()))
    each = w.pick(({"visits_by_each": 2, "distinct_hosts": True}, {"visits_to_each": 2}))
    return w.office(organiser), {
        "organiser": organiser,
        "name": f"Programme {w.fresh()}",
        "starts": w.day(-9, 3),
        "ends": w.day(60, 200),
        "schools": sorted(w.r.sample(w.schools, min(3, len(w.schools)))),
        **each,
    }


@tells
def ProgrammeJoined(w: World) -> Said:
    one = w.one("programme")
    school = w.pick(one.data.get("schools") or w.schools)
    return w.office(school), {"programme": one.ref, "school": school, "effective_on": w.day(0, 5)}


@tells
def ProgrammeLeft(w: World) -> Said:
    joined = [t for t in w.said if "ProgrammeJoined" in t.ref]
    if not joined:
        w.first("ProgrammeJoined")
        joined = [t for t in w.said if "ProgrammeJoined" in t.ref] or [w.made_up("programme")]
    one = joined[-1]
    return w.office(one.data["school"]), {
        "programme": one.data["programme"],
        "school": one.data["school"],
        "effective_on": w.day(5, 20),
    }


@tells
def PartnershipFormed(w: World) -> Said:
    number = w.fresh()
    return REGISTRAR, {
        "partnership": f"partnership:group-{number}",
        "name": f"Group {number}",
        "kind": "peer_review",
        "ground_rules": ground_rules(w),
    }


@tells
def GroundRulesAgreed(w: World) -> Said:
    return w.office(ESTUARY), {
        "partnership": ESTUARY,
        "version": w.versions[ESTUARY] + 1,
        "effective_on": w.day(0, 9),
        "ground_rules": ground_rules(w),
    }


@tells
def ContingencyAccepted(w: World) -> Said:
    named = w.pick(w.partnerships)
    return w.office(COUNCIL), {"party": COUNCIL, "partnership": named, "version": w.versions[named]}


@tells
def ContingencyDeclined(w: World) -> Said:
    if w.seldom(2):
        w.first("PartnershipFormed")
    named = w.partnerships[-1]
    return w.office(COUNCIL), {
        "party": COUNCIL,
        "partnership": named,
        "version": w.versions[named],
        "reason": "We cannot.",
    }


@tells
def MembershipSought(w: World) -> Said:
    outside = [one for one in w.schools if one not in w.members] or w.schools
    school = w.pick(outside)
    return w.office(school), {
        "school": school,
        "partnership": ESTUARY,
        "version": w.versions[ESTUARY],
    }


def _answers_application(w: World, more: dict[str, Any]) -> Said:
    one = w.one("application", lambda t: t.data["school"] not in w.members)
    return w.office(ESTUARY), {"application": one.ref, **more}


_simple("SchoolAdmitted", lambda w: _answers_application(w, {"effective_on": w.day(0, 4)}))
_simple("AdmissionRefused", lambda w: _answers_application(w, {"reason": "Too far away."}))


def _of_member(w: World, **more: Any) -> dict[str, Any]:
    return {"school": w.member(), "partnership": ESTUARY, **more}


_simple(
    "MemberExcluded",
    lambda w: (w.office(ESTUARY), _of_member(w, effective_on=w.day(0, 9), reason="No visits.")),
)


def _by_school(w: World, said: dict[str, Any]) -> Said:
    return w.office(said["school"]), said


_simple(
    "MembershipLeft",
    lambda w: _by_school(w, _of_member(w, effective_on=w.day(14, 30), reason="Moved.")),
)


def _facing(w: World) -> dict[str, Any]:
    if w.owing("ratification") is None:
        w.first("GroundRulesAgreed")
    row = w.owing("ratification")
    school = row[2] if row else w.member()
    return {"school": school, "partnership": ESTUARY, "version": w.versions[ESTUARY]}


_simple("MembershipRatified", lambda w: _by_school(w, _facing(w) | {"at": w.head}))
_simple(
    "MembershipDeclined",
    lambda w: _by_school(w, _facing(w) | ({"leaves_on": w.day(14, 40)} if w.seldom(2) else {})),
)


@tells
def PartnershipDissolved(w: World) -> Said:
    return w.office(ESTUARY), {
        "partnership": ESTUARY,
        "effective_on": w.day(0, 9),
        "reason": "It is done.",
    }


@tells
def PartnershipYearOpened(w: World) -> Said:
    number = w.r.randint(20, 60)
    return w.office(ESTUARY), {
        "partnership": ESTUARY,
        "name": f"20{number}-{number + 1}",
        "starts": w.day(-9, 3),
        "ends": w.day(100, 300),
    }


_simple(
    "JointPublicationAgreed",
    lambda w: _by_school(w, _of_member(w, measures=["phonics-check"], effective_on=w.day(0))),
)


@tells
def FrameworkAdopted(w: World) -> Said:
    number = w.fresh()
    areas = [
        {
            "area": "leadership",
            "grades": ["good", "fair", "poor"],
            "meets": ["good"],
            "monitored": ["poor"],
        }
    ]
    return REGISTRAR, {
        "slug": f"frame-{number}",
        "title": f"Framework {number}",
        "areas": areas,
        "in_force_from": "2024-09-01",
        "action_days": 20,
        "source": SOURCE,
    }


@tells
def JudgementMade(w: World) -> Said:
    one, about = w.one("framework"), w.school()
    said = {
        "about": about,
        "framework": one.ref,
        "grades": [{"area": "leadership", "grade": w.pick(("good", "poor"))}],
        "inspected_on": w.day(-2),
    }
    if w.seldom(2):
        judge = w.school(about)
        return w.office(judge), {**said, "judge": judge, "basis": "peer_review"}
    category = w.pick(("none", "special_measures"))
    said |= {
        "judge": INSPECTORATE,
        "basis": "inspection",
        "category": category,
        "published_on": w.day(0),
        "urn": w.urns[about],
    }
    return w.office(INSPECTORATE), said


@tells
def MeasurePublished(w: World) -> Said:
    said = {
        "about": w.school(),
        "measure": "phonics-check",
        "basis": "contextual",
        "period_from": w.day(-300),
        "period_to": w.day(-9),
    }
    return REGISTRAR, {
        **said,
        "value": "0.5",
        "lower": "0.1",
        "upper": "0.9",
        "cohort": 30,
        "source": SOURCE,
    }


@tells
def JudgementChallenged(w: World) -> Said:
    one = w.one("judgement")
    return w.office(one.data["about"]), {"judgement": one.ref, "grounds": "It saw one class."}


@tells
def JudgementModerated(w: World) -> Said:
    said: dict[str, Any] = {"why": "As both say.", "finding": "upheld", "moderator": HUB}
    row = w.owing("moderation")
    if row is None:
        w.first(w.pick(("JudgementChallenged", "VisitDisputeMaintained")))
        row = w.owing("moderation")
    opener = next((t for t in w.said if row and t.ref.endswith(row[0][:36])), None)
    if opener is None:
        return w.office(HUB), {**said, "judgement": w.one("judgement").ref}
    about = {name: opener.data[name] for name in ("judgement", "visit") if name in opener.data}
    return w.office(HUB), said | about | ({"days": "1.0"} if "visit" in about else {})


@tells
def InterventionRecorded(w: World) -> Said:
    school = w.school()
    issuer = w.pick((REGION, w.responsible[school]))
    said = {
        "school": school,
        "kind": "warning_notice",
        "issuer": issuer,
        "asks_for_support": w.seldom(2),
    }
    return w.office(issuer), said | {"complier": school, "comply_by": w.day(20, 60)}


@tells
def InterventionLifted(w: World) -> Said:
    one = w.one("intervention")
    return w.office(one.data["issuer"]), {"intervention": one.ref}


@tells
def NeedIdentified(w: World) -> Said:
    school = w.school()
    raiser = w.pick((school, w.responsible[school], COUNCIL, REGION))
    return w.office(raiser), {
        "school": school,
        "raiser": raiser,
        "area": w.pick(AREAS),
        "level": "school",
    }


def _of_need(w: World, **more: Any) -> Said:
    one = w.one("need", lambda t: t.data["raiser"] != t.data["school"])
    return w.office(one.data["school"]), {"need": one.ref, **more}


_simple("NeedAccepted", _of_need)
_simple("NeedDisputed", lambda w: _of_need(w, why="We see none."))
_simple("NeedClosed", lambda w: _of_need(w, outcome=w.pick(("met", "overtaken"))))


@tells
def EvidenceLodged(w: World) -> Said:
    said = {
        "title": "What was done",
        "kind": "report",
        "media_type": "application/pdf",
        "size": 9,
        "sha256": "ab" * 32,
    }
    row = w.owing("statement_of_action")
    if row:
        opener = next((t for t in w.said if t.ref.endswith(row[0][:36])), None)
        about = opener.data["about"] if opener else w.school()
        return w.office(row[2]), said | {
            "kind": "statement_of_action",
            "about": about,
            "obligation": row[0],
        }
    party = w.party()
    return w.office(party), said | {"about": party}


@tells
def NeedEscalated(w: World) -> Said:
    one = w.one(w.pick(("need", "need", "intervention")))
    levels = ["school", "responsible_body", "partnership", "outside"]
    earlier = [t for t in w.things["escalation"] if t.data["trigger"] == one.ref]
    start = levels.index(earlier[-1].data["to_level"]) if earlier else 0
    said = {
        "trigger": one.ref,
        "from_level": levels[start],
        "to_level": levels[min(3, start + w.r.randint(1, 2))],
    }
    return w.office(one.data["school"]), said | {
        "ask": "Two days.",
        "why": "Nobody here can.",
        "school": one.data["school"],
    }


@tells
def PartnershipResponded(w: World) -> Said:
    row = w.owing("member_response")
    if row is None:
        w.first("NeedEscalated")
        row = w.owing("member_response")
    opener = next((t for t in w.said if row and t.ref.endswith(row[0][:36])), None)
    trigger = opener.data.get("trigger") if opener else None
    if opener and trigger is None:
        trigger = next(
            (
                t.ref
                for k in ("judgement", "intervention")
                for t in w.things[k]
                if t.ref.endswith(row[0][:36])
            ),
            None,
        )
    return w.office(ESTUARY), {
        "partnership": ESTUARY,
        "trigger": trigger or w.one("need").ref,
        "offers": "no_help",
        "answer": "Nobody is free.",
    }


@tells
def DecisionRecorded(w: World) -> Said:
    if w.seldom(3):
        one = w.one("conflict")
        return w.office(one.data.get("answerer") or COUNCIL), {
            "decider": one.data.get("answerer") or COUNCIL,
            "conflict": one.ref,
            "decision": "cleared",
            "why": "It is known.",
        }
    if w.seldom(2):
        one = w.one("offer")
        decider = one.data.get("payer") or one.data.get("commissioner") or COUNCIL
        return w.office(decider), {
            "decider": decider,
            "offer": one.ref,
            "decision": "approve",
            "why": "It is fair.",
        }
    one = w.one("need")
    decider = w.responsible.get(one.data["school"], COUNCIL)
    return w.office(decider), {
        "decider": decider,
        "trigger": one.ref,
        "decision": w.pick(("support", "leave_alone")),
        "why": "As agreed.",
    }


@tells
def ConflictOfInterestDeclared(w: World) -> Said:
    one = w.one("offer")
    party = one.data["provider"]
    return w.office(party), {
        "declarer": party,
        "party": party,
        "offer": one.ref,
        "what": "We share a governor.",
    }


@tells
def CapacityDeclared(w: World) -> Said:
    party = w.party()
    return w.office(party), {
        "provider": party,
        "starts": w.day(-30, 0),
        "ends": w.day(100, 300),
        "days": f"{w.r.randint(5, 90)}.0",
    }


@tells
def SupportOffered(w: World) -> Said:
    receiver = w.school()
    provider = w.party(receiver)
    said = {
        "provider": provider,
        "receiver": receiver,
        "route": "group",
        "days": f"{w.r.randint(1, 6)}.0",
        "valid_until": w.day(5, 60),
    }
    if w.seldom(3):
        said |= {
            "commissioner": COUNCIL,
            "payer": COUNCIL,
            "price": "900.00",
            "starts": w.day(0),
            "ends": w.day(90),
        }
    return w.office(provider), said


def _open_offer(w: World) -> Thing:
    used = {t.data.get("offer") for t in w.things["agreement"]}
    return w.one("offer", lambda t: t.ref not in used)


@tells
def OfferClosed(w: World) -> Said:
    one = _open_offer(w)
    how, side = w.pick((("declined", "receiver"), ("withdrawn", "provider")))
    return w.office(one.data[side]), {"offer": one.ref, "how": how}


@tells
def SupportAgreed(w: World) -> Said:
    one = _open_offer(w)
    said = {"offer": one.ref, "days": one.data["days"] if w.seldom(2) else "1.0"}
    if "starts" not in one.data:
        said |= {"starts": w.day(-4, 4), "ends": w.day(40, 120), "review_dates": [w.day(20, 35)]}
        said |= {"commissioner": COUNCIL} if w.seldom(2) else {}
    else:
        said |= {"starts": one.data["starts"], "ends": one.data["ends"]}
    if w.seldom(6) and w.things["agreement"]:
        said["replaces"] = w.one("agreement").ref
    return w.office(one.data["receiver"]), said


@tells
def PlanAgreed(w: World) -> Said:
    one = w.one("agreement", lambda t: "commissioner" in t.data)
    return w.office(one.data["receiver"]), {
        "agreement": one.ref,
        "objectives": [{"area": "inclusion"}],
        "what": "Read daily.",
    }


@tells
def SupportVaried(w: World) -> Said:
    one = w.one("agreement")
    said = w.pick(
        (
            {"days": f"{w.r.randint(1, 9)}.0"},
            {"ends": w.day(50, 150)},
            {"paused_until": w.day(9, 30)},
        )
    )
    return w.office(one.data[w.pick(("provider", "receiver"))]), {"agreement": one.ref, **said}


@tells
def SupportVariationAccepted(w: World) -> Said:
    one = w.one("variation")
    sides = {one.data["provider"], one.data["receiver"]} - {one.data.get("proposer")}
    return w.office(w.pick(sorted(sides))), {"variation": one.ref}


@tells
def SupportEnded(w: World) -> Said:
    one = w.one("agreement")
    return w.office(one.data[w.pick(("provider", "receiver"))]), {
        "agreement": one.ref,
        "how": "stopped",
        "effective_on": w.day(0, 20),
        "why": "It is enough.",
    }


@tells
def FundingCommitted(w: World) -> Said:
    one = w.one("agreement")
    said = {
        "commissioner": COUNCIL,
        "payee": w.school(),
        "title": "Reading",
        "fund": "school-improvement",
        "agreement": one.ref,
    }
    said |= {
        "pounds": "900.00",
        "instalments": [
            {"pay_by": w.day(5, 20), "pounds": "400.00"},
            {"pay_by": w.day(30, 40), "pounds": "500.00"},
        ],
    }
    return w.office(COUNCIL), said | {
        "account_by": w.day(90),
        "related_party": False,
        "conditions": [{"title": "A plan", "by": w.day(50)}],
    }


def _funding(w: World) -> Thing:
    return w.one("funding")


@tells
def FundingPaid(w: World) -> Said:
    one = _funding(w)
    return w.office(one.data["commissioner"]), {
        "under": one.ref,
        "sender": one.data["commissioner"],
        "recipient": one.data["payee"],
        "pounds": w.pick(("100.00", "400.00")),
    }


@tells
def FundingReceived(w: World) -> Said:
    used = {t.data.get("payment") for t in w.said}
    one = w.one("payment", lambda t: t.ref not in used)
    return w.office(one.data["recipient"]), {
        "payment": one.ref,
        "paid_on": w.day(0),
        "pounds": one.data["pounds"],
    }


@tells
def SpendRecorded(w: World) -> Said:
    got = [t for t in w.said if t.ref.startswith("FundingReceived")]
    if not got:
        w.first("FundingReceived")
        got = [t for t in w.said if t.ref.startswith("FundingReceived")] or [w.made_up("funding")]
    one = got[-1]
    said = {
        "keeper": one.data["recipient"],
        "spent": [{"funding": one.data["under"], "pounds": "40.00"}],
        "pounds": "40.00",
    }
    return w.office(one.data["recipient"]), said | {
        "purpose": "supply_cover",
        "supplier": "Northwick Supply",
        "spent_on": w.day(0),
    }


@tells
def TargetSet(w: World) -> Said:
    about = w.pick([*(t.data["about"] for t in w.things["target"][-3:]), w.school()])
    setter = w.pick((about, w.responsible[about], REGION))
    said = {
        "about": about,
        "setter": setter,
        "regime": "improvement-plan",
        "measure": "attendance",
        "value": f"{w.r.randint(80, 99)}",
        "due": w.day(20, 200),
    }
    if setter == about:
        said["agreed_with"] = w.responsible[about]
    return w.office(setter), said


@tells
def TargetConflictRaised(w: World) -> Said:
    one, others = w.one("target"), []
    for _ in range(4):
        one = w.one("target")
        about = one.data["about"]
        others = [t for t in w.things["target"] if t.data["about"] == about and t.ref != one.ref]
        if others:
            break
        w.first("TargetSet")
    other = w.pick(others) if others else w.made_up("target")
    targets = sorted([one.ref, other.ref])
    return w.office(one.data["about"]), {
        "about": one.data["about"],
        "targets": targets,
        "why": "Not both.",
    }


@tells
def TargetConflictAnswered(w: World) -> Said:
    one = w.one("target_conflict")
    setter = w.pick(one.data["setters"]) if "setters" in one.data else COUNCIL
    return w.office(setter), {"target_conflict": one.ref, "setter": setter, "answer": "stands"}


@tells
def VisitMade(w: World) -> Said:
    said = {"purpose": "support", "mode": "on_site", "days": f"{w.r.randint(0, 1)}.5"}
    if w.seldom(3):
        one = w.one("agreement")
        return w.office(one.data["provider"]), {
            **said,
            "visitor": one.data["provider"],
            "host": one.data["receiver"],
            "under": one.ref,
        }
    visitor = w.member()
    host = w.member(visitor)
    under = w.pick(
        (
            "nothing",
            *(t.ref for t in w.things["year"][-2:]),
            *(t.ref for t in w.things["programme"][-2:]),
        )
    )
    return w.office(visitor), {
        **said,
        "visitor": visitor,
        "host": host,
        "under": under,
        "purpose": "peer_review",
    }


def _visit(w: World) -> Thing:
    row = w.owing("attestation", "dispute_answer")
    named = [t for t in w.things["visit"] if row and t.ref.endswith(row[0][:36])]
    return named[0] if named else w.one("visit")


@tells
def VisitAttested(w: World) -> Said:
    one = _visit(w)
    return w.office(one.data["host"]), {
        "visit": one.ref,
        "days": w.pick((one.data["days"], one.data["days"], "0.5")),
    }


@tells
def VisitDisputed(w: World) -> Said:
    one = _visit(w)
    return w.office(one.data["host"]), {"visit": one.ref, "days": "0.0", "wrong": "Nobody came."}


@tells
def VisitCorrected(w: World) -> Said:
    one = w.one("dispute")
    return w.office(one.data["visitor"]), {
        "visit": one.data["visit"],
        "dispute": one.ref,
        "days": "0.5",
    }


@tells
def VisitDisputeMaintained(w: World) -> Said:
    one = w.one("dispute")
    return w.office(one.data["visitor"]), {
        "visit": one.data["visit"],
        "dispute": one.ref,
        "why": "It is in the book.",
    }


@tells
def ImpactReported(w: World) -> Said:
    one = w.one("agreement")
    reporter = one.data[w.pick(("provider", "receiver"))]
    return w.office(reporter), {
        "reporter": reporter,
        "agreement": one.ref,
        "area": "inclusion",
        "claim": "All came.",
    }


@tells
def ImpactAnswered(w: World) -> Said:
    one = w.one("impact")
    return w.office(one.data["other_side"]), {"impact": one.ref, "answer": "confirmed"}


@tells
def AdviceGiven(w: World) -> Said:
    seen = [t for t in w.said if t.ref.startswith("VisitAttested")]
    if not seen:
        w.first("VisitAttested")
        seen = [t for t in w.said if t.ref.startswith("VisitAttested")] or [w.made_up("visit")]
    one = w.pick(seen[-3:])
    return w.office(one.data["visitor"]), {
        "visit": one.data["visit"],
        "area": "inclusion",
        "recommendation": "Read.",
        "act_by": w.day(20, 60),
    }


@tells
def AdviceAnswered(w: World) -> Said:
    one = w.one("advice")
    return w.office(one.data["school"]), {"advice": one.ref, "answer": "accepted"}


@tells
def AdviceActedOn(w: World) -> Said:
    row = w.owing("advice_action")
    if row is None:
        w.first("AdviceAnswered")
        row = w.owing("advice_action")
    answered = [t for t in w.said if row and t.ref.endswith(row[0][:36])] or [w.one("advice")]
    one = answered[0]
    return w.office(one.data["school"]), {
        "advice": one.data.get("advice", one.ref),
        "done": "All read.",
    }


@tells
def ConcernRaised(w: World) -> Said:
    one = w.one("agreement")
    about, raiser = one.data["provider"], one.data["receiver"]
    to = w.pick([b for b in (COUNCIL, REGION) if b not in {about, raiser}] or [REGION])
    return w.office(raiser), {
        "about": about,
        "raiser": raiser,
        "to": to,
        "school": raiser,
        "agreement": one.ref,
        "reason": "Nobody comes.",
    }


@tells
def ConcernEscalated(w: World) -> Said:
    one = w.one("concern")
    return w.office(one.data.get("raiser") or COUNCIL), {
        "concern": one.ref,
        "to": w.pick((REGION, COUNCIL, TRUST)),
        "why": "No answer.",
    }


@tells
def ConcernResolved(w: World) -> Said:
    one = w.one("concern")
    return w.office(one.data.get("raiser") or COUNCIL), {"concern": one.ref, "steps": "We met."}


_CLAIMED = ("target", "condition", "compliance", "spend_account")


@tells
def FulfilmentClaimed(w: World) -> Said:
    row = w.owing(*_CLAIMED)
    if row is None:
        w.first(w.pick(("TargetSet", "InterventionRecorded")))
        row = w.owing(*_CLAIMED) or w.owing() or (NEVER_OPENED, "target", w.school(), COUNCIL)
    return w.office(row[2]), {
        "obligation": row[0],
        **({"pounds": "40.00"} if row[1] == "spend_account" else {}),
    }


@tells
def FulfilmentAnswered(w: World) -> Said:
    one = w.one("claim")
    more = {"pounds": one.data["pounds"]} if "pounds" in one.data else {}
    return w.office(one.data["creditor"]), {
        "claim": one.ref,
        "obligation": one.data["obligation"],
        "answer": "met",
        **more,
    }


@tells
def ProgressReported(w: World) -> Said:
    one = w.one("agreement")
    reporter = one.data[w.pick(("provider", "receiver"))]
    return w.office(reporter), {
        "agreement": one.ref,
        "reporter": reporter,
        "account": "As planned.",
    }


@tells
def ReviewHeld(w: World) -> Said:
    one = w.one("agreement")
    reviewer = one.data.get("commissioner") or one.data["provider"]
    return w.office(reviewer), {"agreements": [one.ref], "reviewer": reviewer}


@tells
def DepartureNotified(w: World) -> Said:
    office = w.office(w.school())
    return office, {"office": office, "holder": w.holder(office), "effective_on": w.day(0, 30)}


@tells
def HandoverGiven(w: World) -> Said:
    row = w.owing("handover")
    office = w.office(row[2] if row else w.school())
    leaving = [t for t in w.things["departure"] if t.data["office"] == office]
    outgoing = leaving[-1].data["holder"] if leaving else w.holder(office)
    return office, {"office": office, "outgoing": outgoing, "at": w.head}


@tells
def HandoverAccepted(w: World) -> Said:
    row = w.owing("handover_acceptance")
    if row is None:
        w.first("HandoverGiven")
        w.first("Appointed")
        row = w.owing("handover_acceptance")
    given = [t for t in w.things["handover"] if row and t.data["office"] == f"head@{row[2]}"]
    one = given[-1] if given else w.one("handover")
    office = one.data["office"] if "@" in one.data["office"] else w.office(one.data["office"])
    return office, {"handover": one.ref, "incoming": w.holder(office)}


@tells
def ObligationWaived(w: World) -> Said:
    row = w.owing() or (
        NEVER_OPENED,
        "support",
        w.school(),
        COUNCIL,
    )
    return w.office(row[3]), {"obligation": row[0], "waiver": row[3], "reason": "It is enough."}


@tells
def ObligationAssumed(w: World) -> Said:
    left = [t for t in w.said if t.data.get("left_with_former_body")]
    if not left:
        w.first("SchoolConverted")
        left = [t for t in w.said if t.data.get("left_with_former_body")]
    if left and not w.seldom(4):
        one = left[-1]
        said = {
            "obligation": one.data["left_with_former_body"][0],
            "instead_of": one.data["school"],
        }
        return w.office(one.data["former_body"]), {**said, "party": one.data["former_body"]}
    row = w.owing() or (NEVER_OPENED, "support", w.school(), COUNCIL)
    return w.office(COUNCIL), {"obligation": row[0], "party": COUNCIL, "instead_of": row[2]}


@tells
def EventWithdrawn(w: World) -> Said:
    one = w.said[-1 - min(w.r.randrange(30), len(w.said) - 1)]
    return one.office, {
        "event": f"event:{one.ref[-36:]}",
        "effective_on": w.day(0),
        "code": "entered_in_error",
    }


@tells
def DetailErased(w: World) -> Said:
    one = w.one("dispute")
    return REGISTRAR, {
        "authority": "controller",
        "event": f"event:{one.ref[-36:]}",
        "pointer": "/data/wrong",
        "reason": "ordered",
    }


def _let_something_be_recorded_for_another(w: World) -> None:
    """Let a school whose head has no key be spoken for; then let the head have one."""
    w.one("evidence")
    silent = [one for one in w.schools if w.holder(w.office(one)) in w.keyless]
    w.only = w.pick(silent) if silent else None
    for name in ("NeedIdentified", "NeedIdentified", "CapacityDeclared", "NeedIdentified"):
        w.first(name)
    w.only = None
    for _ in range(3):
        w.first("KeyEnrolled")


def _recorded_for(w: World, more: dict[str, Any]) -> Said:
    held = [one for one in w.for_office if w.holder(one.data["for_office"]) in w.signers]
    if not held or w.seldom(2):
        _let_something_be_recorded_for_another(w)
    if not w.for_office:
        office = w.office(w.school())
        return office, {"office": office, "events": [f"event:{w.made_up('x').ref[-36:]}"], **more}
    held = [one for one in w.for_office if w.holder(one.data["for_office"]) in w.signers]
    one = (held or w.for_office)[-1]
    office = one.data["for_office"]
    return office, {"office": office, "events": [f"event:{one.ref[-36:]}"], **more}


_simple("RecordConfirmed", lambda w: _recorded_for(w, {}))
_simple("RecordDisowned", lambda w: _recorded_for(w, {"why": "Not ours."}))

"""What the demo's story leaves out: five further schools of Northwick, and a year of every theme.

Needs with their decisions, support with its plan, reviews and variation, money, judgements and
interventions, advice, concerns, delegation, words recorded for another, rules agreed anew. The
parties are its own, so that the story of the demo can grow as it likes beside it::

    ledger = tell(folder, seed, print, episodes=(*EPISODES, *THEMES))
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from cli.demo.names import COUNCIL, ORIGIN
from cli.demo.story import Action, Story
from ledger.recording.founding import key_members

GORSE, HEATH, IVY, JUNIPER, KNOLL = (f"school:{urn}" for urn in range(900_081, 900_086))
UPLAND = "partnership:upland"
_CHAIR = f"chair@{UPLAND}"
_OFFICER = f"officer@{COUNCIL}"
_FIRST = "2024-09-10"
_FINANCE = f"finance@{HEATH}"
# Called so that nobody of the demo's story is called the same.
_REED, _SEDGE, _THORN = "upland-reed", "upland-sedge", "upland-thorn"
_HEADS = {school: f"upland-{school[-2:]}" for school in (GORSE, HEATH, IVY, JUNIPER, KNOLL)}
_NAMES = {GORSE: "Gorse", HEATH: "Heath", IVY: "Ivy", JUNIPER: "Juniper", KNOLL: "Knoll"}
_MEMBERS = (GORSE, HEATH, IVY, JUNIPER)
_RULES = {
    "visits_per_year": 1,
    "distinct_hosts": True,
    "outside_visits": 0,
    "attestation_days": 14,
    "impact_days": 42,
    "ratification_days": 28,
    "handover_days": 28,
    "response_days": 14,
    "brokerage_days": 28,
    "notice_days": 60,
    "external_judge": False,
    "contingency": dict.fromkeys(("on_closure", "on_dissolution", "holds_unspent"), COUNCIL),
}


def _begin(story: Story) -> None:
    """Register four schools, their heads and an officer, and form their partnership."""
    for school in _MEMBERS:
        _register(story, school)
        name = f"Mx {_NAMES[school]}"
        story.enrol(_HEADS[school], name, f"head@{school}", "substantive", "2024-09-01")
    story.enrol(_REED, "Mx Reed", _OFFICER, "substantive", "2024-09-01")
    story.enrol(_SEDGE, "Mx Sedge", _FINANCE, "substantive", "2024-09-01")
    story.register(
        "PartnershipFormed",
        partnership=UPLAND,
        name="Upland Schools",
        kind="peer_review",
        area=COUNCIL,
        ground_rules=_RULES,
    )
    story.enrol(_THORN, "Mx Thorn", _CHAIR, "substantive", "2024-09-01")
    _officer(story, "ContingencyAccepted", party=COUNCIL, partnership=UPLAND, version=1)
    for school in _MEMBERS:
        sought = {"school": school, "partnership": UPLAND, "version": 1}
        asked = story.head_says(school, "MembershipSought", **sought)
        _chair(story, "SchoolAdmitted", application=f"application:{asked}", effective_on=_FIRST)
    declared = {"provider": GORSE, "starts": "2024-09-01", "ends": "2025-08-31", "days": "60.0"}
    story.head_says(GORSE, "CapacityDeclared", **declared, areas=["inclusion"])
    person = story.person(_HEADS[HEATH]).person
    delegated = {"office": f"head@{IVY}", "person": person, "events": ["VisitAttested"]}
    story.head_says(IVY, "AuthorityDelegated", **delegated, until="2025-07-31")
    opened = {"partnership": UPLAND, "name": "2024-25", "starts": _FIRST, "ends": "2025-07-31"}
    story.noted["upland"] = f"year:{_chair(story, 'PartnershipYearOpened', **opened)}"
    _speak_for_knoll(story)


def _speak_for_knoll(story: Story) -> None:
    """Let the officer record a visit for a head who has no key yet, and who confirms it later."""
    party = story.person(_HEADS[KNOLL])
    _register(story, KNOLL)
    story.register("PersonEnrolled", person=party.person, name="Mx Knoll")
    held = {"person": party.person, "office": f"head@{KNOLL}", "basis": "substantive"}
    story.register("Appointed", **held, effective_on="2024-09-01")
    letter = _lodged(story, KNOLL, "letter", "Letter of the head of 9 September")
    visit = {"visitor": KNOLL, "host": JUNIPER, "purpose": "support", "mode": "on_site"}
    visit |= {"under": "nothing", "days": "1.0", "worked_with": ["leaders"]}
    spoken = {"for_office": f"head@{KNOLL}", "authority": letter}
    said = _officer(story, "VisitMade", **visit, **spoken)

    def confirm(story: Story) -> None:
        proved = key_members(ORIGIN, party.person, party.signer)
        story.register("KeyEnrolled", person=party.person, **proved)
        confirmed = {"office": f"head@{KNOLL}", "events": [f"event:{said}"]}
        story.head_says(KNOLL, "RecordConfirmed", **confirmed)

    story.at("2024-09-18", confirm)


def _register(story: Story, school: str) -> None:
    said = {"school": school, "urn": school.replace("school", "urn"), "phase": "primary"}
    said |= {"name": f"{_NAMES[school]} Lane School", "establishment_type": "01"}
    story.register("SchoolRegistered", **said, la=COUNCIL, responsible_body=COUNCIL)
    story.heads[school] = _HEADS[school]


def _need(story: Story) -> None:
    """Autumn 2024: a need is raised, taken up, escalated, answered; support is agreed and paid."""
    raised = {"school": HEATH, "area": "inclusion", "level": "school"}
    need = f"need:{_officer(story, 'NeedIdentified', **raised)}"
    story.head_says(HEATH, "NeedAccepted", need=need)
    asked = {"trigger": need, "to_level": "partnership", "ask": "A day a fortnight."}
    story.head_says(HEATH, "NeedEscalated", **asked, why="Our only trained teacher is on leave.")
    further = {**asked, "to_level": "outside"}
    story.head_says(HEATH, "NeedEscalated", **further, why="Nobody has the time before Easter.")
    answer = {"partnership": UPLAND, "trigger": need, "answer": "Gorse Lane leads it."}
    _chair(story, "PartnershipResponded", **answer, offers="help")
    decided = {"decision": "support", "checked": ["capacity"], "why": "Gorse Lane has the time."}
    _officer(story, "DecisionRecorded", trigger=need, **decided)
    terms: dict[str, Any] = {"provider": GORSE, "receiver": HEATH, "trigger": need}
    terms |= {"route": "partnership", "days": "6.0", "valid_until": "2024-11-30"}
    terms |= {"commissioner": COUNCIL, "review_dates": ["2024-12-13"], "areas": ["inclusion"]}
    dropped = story.head_says(GORSE, "SupportOffered", **{**terms, "days": "2.0"})
    closed = {"offer": f"offer:{dropped}", "how": "withdrawn", "reason": "Too few days."}
    story.head_says(GORSE, "OfferClosed", **closed)
    offer = f"offer:{story.head_says(GORSE, 'SupportOffered', **terms)}"
    approved = {"decision": "approve", "checked": ["finance"], "why": "It fits the plan."}
    _officer(story, "DecisionRecorded", offer=offer, **approved)
    taken = {"offer": offer, "starts": "2024-10-14", "ends": "2025-03-28", "days": "6.0"}
    story.noted["support"] = f"agreement:{story.head_says(HEATH, 'SupportAgreed', **taken)}"
    story.noted["need"] = need
    story.at("2024-10-14", _supported)


def _supported(story: Story) -> None:
    support = story.noted["support"]
    objective = {"area": "inclusion", "measure": "hours-in-class", "due": "2025-03-21"}
    plan = {"agreement": support, "objectives": [objective]}
    story.head_says(HEATH, "PlanAgreed", **plan, what="Everybody is taught with their class.")
    declared = {"agreement": support, "person": story.person(_HEADS[GORSE]).person}
    conflict = story.head_says(
        GORSE, "ConflictOfInterestDeclared", **declared, what="My sister teaches there."
    )
    cleared = {"decision": "cleared", "checked": ["conflict"], "why": "She works elsewhere."}
    _officer(story, "DecisionRecorded", conflict=f"conflict:{conflict}", **cleared)
    for day in ("2024-10-16", "2024-11-06", "2024-11-27", "2025-01-15", "2025-02-05"):
        story.at(day, _delivered)
    story.at("2024-12-03", _advised)
    story.at("2024-12-10", _reviewed)
    story.at("2025-01-20", _varied)
    story.at("2025-03-10", _came_to_an_end)


def _delivered(story: Story) -> None:
    said = {"purpose": "support", "worked_with": ["teachers"], "note": "Two lessons, then plans."}
    visit = story.visit(GORSE, HEATH, story.noted["support"], "1.0", **said)
    story.noted["delivered"] = f"visit:{visit}"
    story.at(story.days_on(3), _attested(HEATH, visit, "1.0"))


def _advised(story: Story) -> None:
    advice = {"visit": story.noted["delivered"], "area": "inclusion", "act_by": "2025-02-28"}
    given = story.head_says(GORSE, "AdviceGiven", **advice, recommendation="Plan with the class.")
    story.head_says(HEATH, "AdviceAnswered", advice=f"advice:{given}", answer="accepted")
    done = {"advice": f"advice:{given}", "done": "Every plan is made in class."}
    story.at("2025-02-10", _head(HEATH, "AdviceActedOn", **done))


def _reviewed(story: Story) -> None:
    rated = {"ratings": [{"area": "inclusion", "rating": "amber"}]}
    for school in (GORSE, HEATH):
        said = {"agreement": story.noted["support"], "reporter": school, "account": "Half way."}
        story.head_says(school, "ProgressReported", **said, **rated)
    held = {"school": HEATH, "agreements": [story.noted["support"]], "reviewer": COUNCIL}
    _officer(story, "ReviewHeld", **held, **rated, next_steps="Visit the third class.")


def _varied(story: Story) -> None:
    said = {"agreement": story.noted["support"], "proposer": GORSE, "days": "7.0"}
    variation = f"variation:{story.head_says(GORSE, 'SupportVaried', **said)}"
    accepted = {"variation": variation, "acceptor": HEATH}
    story.head_says(HEATH, "SupportVariationAccepted", **accepted)


def _came_to_an_end(story: Story) -> None:
    support = story.noted["support"]
    concern = {"about": GORSE, "raiser": HEATH, "to": COUNCIL, "agreement": support}
    raised = story.head_says(HEATH, "ConcernRaised", **concern, reason="Nobody came in March.")
    steps = {"concern": f"concern:{raised}", "steps": "What is left was waived."}
    _officer(story, "ConcernResolved", **steps)
    left = {"obligation": f"{support.partition(':')[2]}/support", "amount": "2.0"}
    story.head_says(HEATH, "ObligationWaived", **left, reason="Their lead is back.")
    ended = {"agreement": support, "how": "completed", "effective_on": story.days_on(0)}
    story.head_says(HEATH, "SupportEnded", **ended, why="What was agreed is done.")
    for school in (GORSE, HEATH):
        said = {"agreement": support, "reporter": school, "area": "inclusion"}
        said |= {"claim": "Pupils are in class for more of the day."}
        impact = story.head_says(school, "ImpactReported", **said)
        other = HEATH if school == GORSE else GORSE
        answer = {"impact": f"impact:{impact}", "answerer": other, "answer": "confirmed"}
        story.at(story.days_on(7), _head(other, "ImpactAnswered", **answer))
    story.at(story.days_on(8), _head(HEATH, "NeedClosed", need=story.noted["need"], outcome="met"))


def _money(story: Story) -> None:
    """Spring 2025: pounds are committed, paid, spent and accounted for."""
    committed = {"commissioner": COUNCIL, "payee": HEATH, "title": "Inclusion at Heath Lane"}
    committed |= {"fund": "Improvement fund 2025", "related_party": False}
    terms: dict[str, Any] = {"instalments": [{"pay_by": "2025-02-28", "pounds": "3000.00"}]}
    terms |= {"account_by": "2025-07-31"}
    terms |= {"conditions": [{"title": "Report to governors", "by": "2025-06-30"}]}
    funding = f"funding:{_officer(story, 'FundingCommitted', **committed, **terms)}"
    paid = _officer(story, "FundingPaid", under=funding, pounds="3000.00")
    arrived = {"payment": f"payment:{paid}", "pounds": "3000.00"}
    received = story.head_says(HEATH, "FundingReceived", **arrived)
    spent = {"keeper": HEATH, "spent": [{"funding": funding, "pounds": "2500.00"}]}
    spent |= {"purpose": "supply_cover", "supplier": "Northwick Supply Ltd"}
    story.say(_SEDGE, _FINANCE, "SpendRecorded", **spent)
    claimed = {"obligation": f"{received}/spend_account", "pounds": "2500.00"}
    claim = story.head_says(HEATH, "FulfilmentClaimed", **claimed)
    answer = {"claim": f"claim:{claim}", "answer": "met", "pounds": "2500.00"}
    _officer(story, "FulfilmentAnswered", **answer)


def _pressed(story: Story) -> None:
    """Spring 2025: a judgement by a peer, a warning notice, and what is done about it."""
    grades = [{"area": "attendance-and-behaviour", "grade": "needs-attention"}]
    judged = {"about": IVY, "judge": JUNIPER, "framework": f"framework:{story.noted['framework']}"}
    when = {
        "inspected_on": "2025-03-10",
        "urn": IVY.replace("school", "urn"),
        "basis": "peer_review",
    }
    judgement = story.head_says(JUNIPER, "JudgementMade", **judged, **when, grades=grades)
    warned = {"school": IVY, "kind": "warning_notice", "issuer": COUNCIL, "complier": IVY}
    grounds = {"grounds": [f"event:{judgement}"], "asks_for_support": True}
    said = _officer(story, "InterventionRecorded", **warned, **grounds, comply_by="2025-07-18")
    claim = {"obligation": f"{said}/compliance"}
    claimed = story.head_says(IVY, "FulfilmentClaimed", **claim)
    met = {"claim": f"claim:{claimed}", "answer": "not_met", "why": "One term is too short."}
    _officer(story, "FulfilmentAnswered", **met)
    lifted = {"intervention": f"intervention:{said}"}
    story.at("2025-06-20", lambda story: _officer(story, "InterventionLifted", **lifted))


def _quarrelled(story: Story) -> None:
    """Spring 2025: a visit is disputed and maintained, another withdrawn, a note erased."""
    visit = story.visit(HEATH, IVY, story.noted["upland"], "1.0")
    wrong = {"visit": f"visit:{visit}", "wrong": "It ended at ten.", "days": "0.0"}
    dispute = story.head_says(IVY, "VisitDisputed", **wrong)
    stands = {"visit": f"visit:{visit}", "dispute": f"dispute:{dispute}"}
    story.head_says(HEATH, "VisitDisputeMaintained", **stands, why="The diary shows it.")
    mistaken = story.visit(JUNIPER, IVY, story.noted["upland"], "1.0", note="The wrong school.")
    taken_back = {"event": f"event:{mistaken}", "effective_on": story.days_on(0)}
    story.head_says(JUNIPER, "EventWithdrawn", **taken_back, code="wrong_party")
    erased = {"event": f"event:{mistaken}", "pointer": "/data/note"}
    story.register("DetailErased", **erased, authority="data_subject", reason="no_longer_needed")
    made = story.visit(JUNIPER, GORSE, story.noted["upland"], "1.0")
    story.at(story.days_on(4), _attested(GORSE, made, "1.0"))


def _agreed_anew(story: Story) -> None:
    """Summer 2025: new ground rules are ratified, and one school leaves."""
    version = {"version": 2, "effective_on": "2025-09-01"}
    rules = {**_RULES, "visits_per_year": 2}
    _chair(story, "GroundRulesAgreed", partnership=UPLAND, **version, ground_rules=rules)
    _officer(story, "ContingencyAccepted", party=COUNCIL, partnership=UPLAND, version=2)
    for school in (GORSE, HEATH, IVY):
        said = {"school": school, "partnership": UPLAND, "version": 2}
        story.at("2025-09-05", _ratified(said))
    leaves = {"school": JUNIPER, "partnership": UPLAND, "effective_on": "2025-08-31"}
    story.head_says(JUNIPER, "MembershipLeft", **leaves, reason="We work with our trust.")
    renamed = {"party": IVY, "former_name": "Ivy Lane School", "name": "Ivy Hill School"}
    story.register("PartyRenamed", **renamed, effective_on="2025-06-01")


def _ratified(said: dict[str, Any]) -> Action:
    def ratify(story: Story) -> None:
        story.head_says(said["school"], "MembershipRatified", **said, at=str(story.ledger.head()))

    return ratify


def _officer(story: Story, name: str, /, **data: Any) -> str:
    return story.say(_REED, _OFFICER, name, **data)


def _chair(story: Story, name: str, /, **data: Any) -> str:
    return story.say(_THORN, _CHAIR, name, **data)


def _head(school: str, name: str, /, **data: Any) -> Action:
    def say(story: Story) -> None:
        story.head_says(school, name, **data)

    return say


def _attested(host: str, visit: str, days: str) -> Action:
    return lambda story: story.attest(host, visit, days)


def _lodged(story: Story, school: str, kind: str, title: str) -> str:
    said = {"about": school, "kind": kind, "title": title, "media_type": "application/pdf"}
    file = {"size": 48_213, "sha256": sha256(title.encode()).hexdigest()}
    return f"evidence:{_officer(story, 'EvidenceLodged', **said, **file)}"


THEMES: Sequence[tuple[str, Action]] = (
    (_FIRST, _begin),
    ("2024-10-01", _need),
    ("2025-02-10", _money),
    ("2025-03-12", _pressed),
    ("2025-03-18", _quarrelled),
    ("2025-05-20", _agreed_anew),
)
"""Each day with what begins on it, as the chapters of the demo's story."""

"""Who may say what, event by event, and what is refused: told as a table, against every rule.

Each row names an event, says it once, and lists who may sign it: whoever else stands in `PEOPLE`
may not. What hangs on the person, not on the office, is in the tests below.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from given import (
    ANN,
    BEA,
    BEACON,
    BEN,
    CAROL,
    CLEM,
    CONTINGENCY,
    DAN,
    ESTUARY,
    FAY,
    FIRST,
    FIVE,
    FOUR,
    INSPECTORATE,
    IRIS,
    KEYLESS,
    LOG_KEY,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    ORIGIN,
    RITA,
    ROOT,
    SEALED,
    SOURCE,
    TOM,
    TWO,
    UNANSWERED,
    WITH_YEAR,
    By,
    accepted,
    admitted,
    agreed,
    agrees,
    appointed,
    assumed,
    attested,
    body,
    body_changed,
    body_succeeded,
    capacity,
    challenged,
    closed,
    confirmed,
    consented,
    converted,
    corrected,
    decided,
    declined,
    delegated,
    departure,
    disowned,
    disputed,
    dissolved,
    ended,
    enrolled,
    entry_of,
    escalated,
    excluded,
    for_key,
    formed,
    framework,
    given,
    handed_over,
    identified,
    joined,
    judged,
    key,
    key_enrolled,
    left,
    left_programme,
    lodged,
    made,
    maintained,
    measured,
    moderated,
    newcomer,
    offer_closed,
    offered,
    planned,
    programme_opened,
    progress,
    ratified,
    recorded_for,
    refused,
    reported,
    responded,
    review_held,
    rules_agreed,
    rules_set,
    say,
    school,
    schools_merged,
    sought,
    support_ended,
    variation_accepted,
    varied,
    waived,
    will_not,
    with_data,
    withdrawn,
    year_opened,
)
from moneys import (
    FLO,
    FRED,
    answered,
    claimed,
    committed,
    for_partnership,
    paid,
    received,
    spent,
)
from targeting import in_conflict, reconciled, targeted

from ledger.domain.decide import RULES, decide
from ledger.errors import StatementError
from ledger.recording.founding import new_log_key
from ledger.values import REFERENCE, event_id

ONE_DAY = timedelta(1)

ADA = By("ada", f"adviser@{ONE}")
PEOPLE = {
    "registrar": RITA,
    "head": ANN,
    "another head": BEN,
    "board chair": BEA,
    "officer": OLIVE,
    "another officer": TOM,
    "inspector": IRIS,
    "chair": CAROL,
    "clerk": CLEM,
    "adviser": ADA,
    "finance": FLO,
    "another finance": FRED,
}
#: School one, of the council, with its head, board chair and adviser; a member of the partnership,
#: as is school two. Another officer is the trust's.
WORLD = given(
    WITH_YEAR,
    newcomer(ADA, by=OLIVE),
    newcomer(FLO),
    newcomer(FRED),
    enrolled("pat"),
    framework(),
)
AGREED = given(WORLD, offered(), agreed())
PROGRAMME = given(WORLD, programme_opened())
VISIT_OF_FIVE = made(visitor=FIVE, host=TWO, by=FAY)
KEYED = given(KEYLESS, recorded_for(VISIT_OF_FIVE, CLEM), key_enrolled("fay", "2024-10-20"))
VISITED = given(AGREED, made(under="agreement:g"))
CONFIRMED = given(VISITED, attested())
ADVICE = say(
    "AdviceGiven",
    "w",
    ANN,
    "2024-10-10",
    visit="visit:v",
    area="inclusion",
    recommendation=SEALED,
    act_by="2024-12-20",
)
FUNDED = given(WORLD, for_partnership(), paid(), received())
CLAIMED = given(FUNDED, spent(), claimed(pounds="300.00"))
NEED = given(WORLD, identified(school=ONE))
SUCCEEDED = given(
    WORLD,
    departure(ANN),
    handed_over(ANN, by=OLIVE),
    newcomer(BEN._replace(name="ivy", office=ANN.office), "2025-05-01"),
)
NEW_BODY = given(WORLD, body_changed(school=ONE, on="2024-10-01"))
CLOSED = say("SchoolClosed", "closed", RITA, "2024-10-01", school=ONE, effective_on="2024-10-31")
SUCCESSION = {
    "school": TWO,
    "urn": "urn:900002",
    "former_urn": "urn:900090",
    "former_urn_closes_on": "2019-08-31",
    "effective_on": "2019-09-01",
}
OF_ANNS_KEY = {"person": "person:ann", "key": key("ann")}
PEER_REVIEW = {"about": TWO, "judge": ONE, "basis": "peer_review"}

CONCERN = say(*("ConcernRaised", "concern", BEN, "2024-09-10"), about=ONE, to=BEACON, reason=SEALED)
OF_CONCERN = {"concern": "concern:concern"}

INTERVENED = say(
    *("InterventionRecorded", "iv", OLIVE, "2024-09-05"),
    school=ONE,
    kind="warning_notice",
    issuer=NORTHWICK_BODY,
    asks_for_support=False,
)

TARGETED = given(WORLD, targeted(about=ONE), targeted("u", about=ONE))

#: What is said; the record before; who may say it.
TABLE = {
    "LedgerRulesSet": (WORLD, rules_set("again"), "registrar"),
    "PersonEnrolled": (WORLD, enrolled("new"), "registrar"),
    "PersonRenamed": (
        WORLD,
        say("PersonRenamed", "pr", RITA, FIRST, person="person:ann", name=SEALED),
        "registrar",
    ),
    "PartyRenamed, partnership": (
        WORLD,
        say("PartyRenamed", "n", RITA, FIRST, party=ESTUARY, name="Haven", effective_on=FIRST),
        "registrar, chair",
    ),
    "PartyRenamed, school": (
        WORLD,
        say("PartyRenamed", "n", RITA, FIRST, party=ONE, name="Haven", effective_on=FIRST),
        "registrar",
    ),
    "SchoolChanged": (
        WORLD,
        say("SchoolChanged", "n", RITA, FIRST, school=ONE, phase="nursery", effective_on=FIRST),
        "registrar",
    ),
    "KeyEnrolled": (WORLD, key_enrolled("pat"), "registrar"),
    "Vouched": (WORLD, for_key("ann"), "registrar, head, board chair, officer"),
    "KeyRetired": (WORLD, say("KeyRetired", "kr", RITA, FIRST, **OF_ANNS_KEY), "registrar, head"),
    "KeyCompromised": (
        WORLD,
        say("KeyCompromised", "kc", RITA, FIRST, since="2024-01-01T00:00:00Z", **OF_ANNS_KEY),
        "registrar, another head, board chair, officer, another officer, inspector, chair, clerk",
    ),
    "LogKeyChanged": (
        WORLD,
        say(
            *("LogKeyChanged", "lk", RITA, FIRST),
            former=LOG_KEY,
            log_key=new_log_key(ORIGIN, b"1" * 32).verifier,
        ),
        "registrar",
    ),
    "ClockCorrected": (WORLD, say("ClockCorrected", "cc", RITA, FIRST, since=ROOT), "registrar"),
    "EvidenceLodged": (WORLD, lodged(on="2024-09-03"), ", ".join(PEOPLE)),
    "Appointed, head": (
        WORLD,
        appointed(By("pat", ANN.office), "2024-09-03"),
        "registrar, board chair, officer",
    ),
    "Appointed, board chair": (WORLD, appointed(By("pat", BEA.office), "2024-09-03"), "registrar"),
    "Appointed, adviser": (
        WORLD,
        appointed(By("pat", ADA.office), "2024-09-03", for_body=NORTHWICK_BODY),
        "registrar, officer",
    ),
    "Appointed, officer": (
        WORLD,
        appointed(By("pat", OLIVE.office), "2024-09-03"),
        "registrar, officer",
    ),
    "Appointed, chair": (
        WORLD,
        appointed(By("pat", CAROL.office), "2024-09-03"),
        "registrar, clerk",
    ),
    "Appointed, clerk": (
        WORLD,
        appointed(By("pat", CLEM.office), "2024-09-03"),
        "registrar, chair",
    ),
    "AppointmentEnded, head": (WORLD, ended(ANN, "2024-10-01"), "registrar, board chair, officer"),
    "AppointmentEnded, board chair": (WORLD, ended(BEA, "2024-10-01"), "registrar"),
    "AppointmentEnded, adviser": (WORLD, ended(ADA, "2024-10-01"), "registrar, officer"),
    "AppointmentEnded, officer": (WORLD, ended(OLIVE, "2024-10-01"), "registrar, officer"),
    "AppointmentEnded, chair": (WORLD, ended(CAROL, "2024-10-01"), "registrar, clerk"),
    "AppointmentEnded, clerk": (WORLD, ended(CLEM, "2024-10-01"), "registrar, chair"),
    "BodyRegistered": (WORLD, body("new"), "registrar"),
    "SchoolRegistered": (WORLD, school("school:900077"), "registrar"),
    "SchoolConverted": (WORLD, converted(), "registrar"),
    "SchoolClosed": (WORLD, CLOSED, "registrar"),
    "SchoolsMerged": (WORLD, schools_merged(), "registrar"),
    "BodySucceeded": (WORLD, body_succeeded(successors=None), "registrar"),
    "SuccessionAttributed": (
        WORLD,
        say("SuccessionAttributed", "su", RITA, "2024-10-01", **SUCCESSION),
        "registrar",
    ),
    "ResponsibleBodyChanged": (WORLD, body_changed(), "registrar"),
    "PartnershipFormed": (WORLD, formed("formed-2", "harbour"), "registrar"),
    "GroundRulesAgreed": (WORLD, rules_agreed(), "chair"),
    "MembershipSought": (WORLD, sought("s", ONE, "2024-09-10"), "head"),
    "SchoolAdmitted": (
        given(WORLD, sought("s", FOUR, "2024-09-10")),
        admitted("in", "s", "2024-09-12"),
        "chair",
    ),
    "AdmissionRefused": (
        given(WORLD, sought("s", FOUR, "2024-09-10")),
        refused("no", "s", "2024-09-12"),
        "chair",
    ),
    "MemberExcluded": (WORLD, excluded("out", ONE, "2024-10-02"), "chair"),
    "MembershipLeft": (WORLD, left(ANN, "go", "2024-10-02", "2025-01-31"), "head"),
    "ContingencyAccepted": (UNANSWERED, agrees(OLIVE, "yes"), "officer"),
    "ContingencyAccepted, by a school": (
        given(WORLD, rules_agreed(contingency={**CONTINGENCY, "holds_unspent": ONE})),
        agrees(ANN, "yes", "2025-01-11"),
        "head",
    ),
    "ContingencyDeclined": (UNANSWERED, will_not(OLIVE, "no"), "officer"),
    "PartnershipDissolved": (WORLD, dissolved(), "chair"),
    "PartnershipDissolved, without a chair": (
        given(WORLD, ended(CAROL, "2024-10-01")),
        dissolved(by=CLEM),
        "registrar, chair, clerk",
    ),
    "MembershipRatified": (NEW_BODY, ratified(ANN, "r", "2024-10-02"), "head"),
    "MembershipDeclined": (NEW_BODY, declined(ANN, "r", "2024-10-02"), "head"),
    "PartnershipYearOpened": (
        WORLD,
        year_opened("next", name="2025-26", starts="2025-09-01", ends="2026-08-31"),
        "chair",
    ),
    "JointPublicationAgreed": (WORLD, consented(ANN), "head"),
    "VisitProgrammeOpened": (WORLD, programme_opened(), "officer"),
    "VisitProgrammeOpened, by a partnership": (
        WORLD,
        programme_opened(organiser=ESTUARY),
        "chair",
    ),
    "ProgrammeJoined": (PROGRAMME, joined(), "head"),
    "ProgrammeLeft": (given(PROGRAMME, joined()), left_programme(), "head"),
    "FrameworkAdopted": (WORLD, framework("other", slug="other"), "registrar"),
    "JudgementMade, inspection": (WORLD, judged(), "inspector"),
    "JudgementMade, inspection with its source": (
        WORLD,
        judged(source=SOURCE),
        "registrar, inspector",
    ),
    "JudgementMade, inspection by who inspects nothing": (
        WORLD,
        judged(judge=NORTHWICK_BODY),
        "",
    ),
    "JudgementMade, peer review": (WORLD, judged(**PEER_REVIEW), "head"),
    "JudgementChallenged": (
        given(WORLD, judged(**PEER_REVIEW, by=ANN)),
        challenged(),
        "another head",
    ),
    "JudgementModerated": (
        given(WORLD, judged(**PEER_REVIEW, by=ANN), challenged()),
        moderated(moderator=BEACON),
        "another officer",
    ),
    "JudgementMade, self": (WORLD, judged(about=ONE, judge=ONE, basis="self"), "head"),
    "MeasurePublished, with its source": (WORLD, measured(), "registrar"),
    "MeasurePublished, with none": (WORLD, measured(source=None), ""),
    "InterventionRecorded": (WORLD, INTERVENED, "officer"),
    "InterventionRecorded, with its source": (
        WORLD,
        INTERVENED.but(source=SOURCE),
        "registrar, officer",
    ),
    "InterventionLifted": (
        given(WORLD, INTERVENED),
        say("InterventionLifted", "lift", OLIVE, "2024-09-10", intervention="intervention:iv"),
        "officer",
    ),
    "NeedIdentified": (
        WORLD,
        identified(school=ONE, raiser=None),
        "head, officer, inspector, chair, adviser",
    ),
    "NeedAccepted": (
        NEED,
        say("NeedAccepted", "na", ANN, "2024-09-10", need="need:n"),
        "head",
    ),
    "NeedDisputed": (
        NEED,
        say("NeedDisputed", "nd", ANN, "2024-09-10", need="need:n", why=SEALED),
        "head",
    ),
    "NeedClosed": (
        NEED,
        say("NeedClosed", "nc", ANN, "2024-09-10", need="need:n", outcome="met"),
        "head, officer",
    ),
    "NeedEscalated": (
        NEED,
        escalated(to_level="outside", skips=SEALED),
        "head, officer, inspector, chair, adviser",
    ),
    "ConflictOfInterestDeclared, of a person": (
        AGREED,
        say(
            *("ConflictOfInterestDeclared", "ci", ANN, "2024-09-10"),
            person="person:ann",
            agreement="agreement:g",
            what=SEALED,
        ),
        "head, officer",
    ),
    "ConflictOfInterestDeclared, of a party": (
        AGREED,
        say(
            *("ConflictOfInterestDeclared", "ci", ANN, "2024-09-10"),
            party=BEACON,
            agreement="agreement:g",
            what=SEALED,
        ),
        "officer, another officer",
    ),
    "ConcernRaised": (AGREED, CONCERN, "another head, chair, clerk"),
    "ConcernRaised, in confidence": (
        AGREED,
        CONCERN.but(raised_by=SEALED),
        "registrar, another head, officer, another officer, inspector, chair, clerk",
    ),
    "ConcernEscalated": (
        given(AGREED, CONCERN),
        say("ConcernEscalated", "ce", BEN, "2024-09-11", **OF_CONCERN, to=INSPECTORATE, why=SEALED),
        "another head, another officer",
    ),
    "ConcernResolved": (
        given(AGREED, CONCERN),
        say("ConcernResolved", "cr", BEN, "2024-09-11", **OF_CONCERN, steps=SEALED),
        "another head, another officer",
    ),
    "TargetSet": (
        WORLD,
        targeted(about=ONE, setter=None),
        "head, officer, inspector, chair, adviser",
    ),
    "TargetSet, with its source": (
        WORLD,
        targeted(about=ONE, source=SOURCE),
        "registrar, officer, adviser",
    ),
    "TargetSet, of a partnership": (
        WORLD,
        targeted(about=ESTUARY, setter=None),
        "inspector, chair",
    ),
    "TargetConflictRaised": (TARGETED, in_conflict("x", "t", "u"), "head"),
    "TargetConflictAnswered": (
        given(TARGETED, in_conflict("x", "t", "u", by=ANN)),
        reconciled(setter=NORTHWICK_BODY),
        "officer",
    ),
    "PartnershipResponded": (
        given(NEED, escalated(to_level="outside", by=OLIVE)),
        responded(),
        "chair",
    ),
    "DecisionRecorded": (NEED, decided(decider=NORTHWICK_BODY), "officer"),
    "SupportOffered": (WORLD, offered(), "head"),
    "SupportOffered, by a body": (WORLD, offered(provider=BEACON), "another officer"),
    "SupportAgreed": (given(WORLD, offered()), agreed(), "another head"),
    "SupportAgreed, without a head": (
        given(WORLD, offered(), ended(BEN, "2024-09-03")),
        agreed(on="2024-09-05"),
        "another head, officer",
    ),
    "SupportAgreed, in a category": (
        given(WORLD, judged(category="special_measures"), offered(on="2024-11-02")),
        agreed(on="2024-11-03", starts="2024-11-03"),
        "another head, officer",
    ),
    "SupportAgreed, of a trust": (
        given(WORLD, body_changed(on="2024-09-02"), offered()),
        agreed(),
        "another head, another officer",
    ),
    "FundingCommitted": (WORLD, committed(), "officer"),
    "FundingPaid": (given(WORLD, committed()), paid(), "officer, another finance"),
    "FundingPaid, sent back": (FUNDED, paid("back", returns="unspent"), "head, finance"),
    "FundingReceived": (given(WORLD, for_partnership(), paid()), received(), "head, finance"),
    "FundingReceived, sent back": (
        FUNDED,
        received("home", None, returns="unspent"),
        "officer, another finance",
    ),
    "SpendRecorded": (FUNDED, spent(), "head, finance"),
    "FulfilmentClaimed": (given(FUNDED, spent()), claimed(pounds="300.00"), "head, finance"),
    "FulfilmentAnswered": (CLAIMED, answered(claim="claim:c"), "officer"),
    "FulfilmentAnswered, of a payment": (
        given(WORLD, for_partnership(), paid()),
        answered("m", "not_met", claim="payment:p"),
        "head",
    ),
    "CapacityDeclared": (WORLD, capacity(), "head"),
    "CapacityDeclared, by a body": (WORLD, capacity(provider=BEACON), "another officer"),
    "OfferClosed, declined": (given(WORLD, offered()), offer_closed(), "another head"),
    "OfferClosed, withdrawn": (
        given(WORLD, offered()),
        offer_closed(how="withdrawn"),
        "head",
    ),
    "PlanAgreed": (AGREED, planned(), "head, another head, officer"),
    "PlanAgreed, without an agreement": (
        WORLD,
        planned(agreement=None, school=TWO),
        "another head, officer",
    ),
    "SupportVaried": (AGREED, varied(days="8.0"), "head, another head"),
    "SupportVariationAccepted": (
        given(AGREED, varied(days="8.0")),
        variation_accepted(),
        "another head",
    ),
    "SupportVariationAccepted, of the receiver's": (
        given(AGREED, varied(days="8.0", by=BEN)),
        variation_accepted(),
        "head",
    ),
    "SupportEnded": (AGREED, support_ended(), "head, another head"),
    "SupportEnded, with a commissioner": (
        given(WORLD, offered(), agreed(commissioner=NORTHWICK_BODY)),
        support_ended(),
        "head, another head, officer",
    ),
    "ProgressReported": (AGREED, progress(), "head, another head"),
    "ReviewHeld": (AGREED, review_held(), "head, chair"),
    "ReviewHeld, with a commissioner": (
        given(WORLD, offered(), agreed(commissioner=NORTHWICK_BODY)),
        review_held(),
        "head, officer, chair",
    ),
    "VisitMade": (AGREED, made(under="agreement:g"), "head"),
    "VisitAttested": (VISITED, attested(), "another head"),
    "VisitDisputed": (VISITED, disputed(), "another head"),
    "VisitCorrected": (VISITED, corrected(), "head"),
    "VisitDisputeMaintained": (
        given(VISITED, disputed()),
        maintained(),
        "head",
    ),
    "ImpactReported": (CONFIRMED, reported(agreement="agreement:g"), "head"),
    "ImpactAnswered": (
        given(CONFIRMED, reported(agreement="agreement:g")),
        say("ImpactAnswered", "z", BEN, "2024-11-01", impact="impact:i", answer="confirmed"),
        "another head",
    ),
    "AdviceGiven": (CONFIRMED, ADVICE, "head"),
    "AdviceAnswered": (
        given(CONFIRMED, ADVICE),
        say("AdviceAnswered", "x", BEN, "2024-11-01", advice="advice:w", answer="accepted"),
        "another head",
    ),
    "AdviceActedOn": (
        given(
            CONFIRMED,
            ADVICE,
            say("AdviceAnswered", "x", BEN, "2024-11-01", advice="advice:w", answer="accepted"),
        ),
        say("AdviceActedOn", "y", BEN, "2024-11-02", advice="advice:w", done=SEALED),
        "another head",
    ),
    "DepartureNotified": (WORLD, departure(ANN), "head, board chair, officer"),
    "HandoverGiven": (
        WORLD,
        handed_over(ANN, on="2024-11-01"),
        "head, board chair, officer",
    ),
    "HandoverAccepted": (
        given(WORLD, departure(ANN), handed_over(ANN)),
        accepted(ANN, office=ANN.office),
        "head",
    ),
    "ObligationWaived": (AGREED, waived(BEN, "g/support"), "another head"),
    "ObligationWaived, of what is commissioned for nothing": (
        given(WORLD, offered(), agreed(commissioner=NORTHWICK_BODY)),
        waived(BEN, "g/support"),
        "another head",
    ),
    "ObligationWaived, of what a commissioner pays for": (
        given(
            WORLD,
            offered(),
            agreed(commissioner=NORTHWICK_BODY),
            committed(on="2024-09-10", agreement="agreement:g"),
        ),
        waived(OLIVE, "g/support"),
        "officer",
    ),
    "ObligationAssumed": (
        given(UNANSWERED, newcomer(ADA, by=OLIVE), closed(ONE)),
        assumed(OLIVE, f"year/peer_visit/{ONE}"),
        "officer",
    ),
    "AuthorityDelegated": (WORLD, delegated(ANN, "pat", "VisitMade"), "head"),
    "DelegationEnded": (
        given(WORLD, delegated(ANN, "pat", "VisitMade")),
        say("DelegationEnded", "end", ANN, "2024-09-11", delegation="delegation:del"),
        "head",
    ),
    "EventWithdrawn": (VISITED, withdrawn("v", ANN, "2024-10-05"), "head"),
    "EventWithdrawn, with a source": (
        VISITED,
        withdrawn("v", ANN, "2024-10-05", source=SOURCE),
        "registrar, head",
    ),
    "EventWithdrawn, of what was recorded for another": (
        given(KEYLESS, newcomer(ADA, by=OLIVE), recorded_for(VISIT_OF_FIVE, CLEM)),
        withdrawn("v", CLEM, "2024-10-05"),
        "clerk",
    ),
    "EventWithdrawn, by the office for which it was recorded": (
        given(KEYED, newcomer(ADA, by=OLIVE)),
        withdrawn("v", FAY, "2024-11-05"),
        "clerk",
    ),
    "RecordConfirmed": (given(KEYED, newcomer(ADA, by=OLIVE)), confirmed(FAY), ""),
    "RecordDisowned": (given(KEYED, newcomer(ADA, by=OLIVE)), disowned(FAY, "v"), ""),
    "DetailErased": (
        WORLD,
        say(
            *("DetailErased", "e", RITA, "2024-10-01"),
            event="event:enrol-ann",
            pointer="/data/name",
            authority="controller",
            reason="unlawful",
        ),
        "registrar",
    ),
}
#: Reasons that speak of who signs.
_OF_WHO = re.compile(
    r" is not for \S+ to sign: |says this only with its published source"
    r"|only with a published source| does not answer for "
)
_BY_THE_FIRST_REGISTRAR = {"LedgerFounded"}


@pytest.mark.parametrize("row", TABLE)
def test_who_may_say_it_and_who_may_not(row):
    before, act, words = TABLE[row]
    may = {who for who, by in PEOPLE.items() if not refused_for_who(before, act, by)}
    assert may == set(filter(None, words.split(", ")))


def refused_for_who(before, act, by):
    try:
        reasons = before.when(act.but(by=by)).reasons
    except StatementError:  # a registrar speaks for no party
        return True
    return any(map(_OF_WHO.search, reasons))


def test_every_event_that_can_be_said_is_in_the_table():
    told = {row.partition(",")[0] for row in TABLE}
    assert told | _BY_THE_FIRST_REGISTRAR == set(RULES)


#: What an event changes is listed too, and is no claim that it came before.
_LISTED = frozenset({"obligations", "references"})
#: One's own word asks nobody: what was done may have been done before it was promised.
_OF_ONES_OWN = {"AdviceActedOn"}
_BEFORE = re.compile(r"before (the|what) |happened before|before its first|lies before|take effect")


def said_on(before, act, day=None, **changes):
    """Return why an act is refused that is drafted as it is, and then says another day."""
    drafted = before.drafted(act)
    when = act.but(on=day or act.on, recorded=drafted.recorded_at[:10])
    entry = entry_of(when, drafted.position, before.last)
    said = with_data(entry, {**drafted.data, **changes})
    return decide(said, before.book().look)


def named_in(before, act):
    """Return the events that an act names or answers, each with the member that does."""
    told = {entry.id: entry for entry in before.record.entries}
    drafted = before.drafted(act)
    answers = RULES[act.name].answers is not None and act.name not in _OF_ONES_OWN
    return {
        (member, told[event_id(text)])
        for member, value in drafted.data.items()
        if member not in _LISTED or (answers and member == "obligations")
        for text in _references(value)
        if (match := REFERENCE.fullmatch(text)) and match.lastgroup in ("thing", "obligation")
        if event_id(text) in told
    }


def _references(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _references(one)


_BEGINNING = {"SupportAgreed", "PartnershipYearOpened", "VisitProgrammeOpened"}


def day_before(event):
    starts = event.data.get("starts") if event.name in _BEGINNING else None
    return (
        min(event.occurred_on, date.fromisoformat(starts or "9999-12-31")) - ONE_DAY
    ).isoformat()


@pytest.mark.parametrize("row", TABLE)
def test_nothing_happens_before_what_it_names_or_answers(row):
    before, act, _ = TABLE[row]
    for member, event in sorted(named_in(before, act), key=str):
        reasons = said_on(before, act, day_before(event))
        assert any(map(_BEFORE.search, reasons)), (member, event.name, reasons)


#: What tells where a school joins in is no reason for it, and may have been opened later.
_TOLD = frozenset({"year", "later_years"})


@pytest.mark.parametrize("row", TABLE)
def test_nothing_takes_effect_before_what_it_names(row):
    before, act, _ = TABLE[row]
    if "effective_on" not in before.drafted(act).data and act.name != "DecisionRecorded":
        return
    for member, event in sorted(named_in(before, act), key=str):
        if member not in _TOLD | _LISTED:
            reasons = said_on(before, act, effective_on=day_before(event))
            assert any("before" in one for one in reasons), (member, event.name, reasons)


SELF = "the same person signed the {} that it answers; somebody else must sign this half"
BOTH = By("ann", BEN.office)
ANN_AT_BOTH = given(WORLD, appointed(BOTH, "2024-09-02", label="ann-at-two"))
AWAY = given(WORLD, CLOSED.but(effective_on="2024-09-30", on="2024-09-30"))
EXTERNAL = given(
    WORLD,
    formed("strict-formed", "strict", external_judge=True),
    newcomer(By("sal", "chair@partnership:strict")),
    [
        act
        for label, by, reference in (("a", ANN, ONE), ("b", BEN, TWO))
        for act in (
            sought(f"strict-{label}", reference, by=by, partnership="partnership:strict"),
            admitted(
                f"strict-in-{label}",
                f"strict-{label}",
                by=By("sal", "chair@partnership:strict"),
            ),
        )
    ],
)

#: What is refused whoever signs: the record before, what is said, and a reason among those given.
REFUSED = {
    "what the ledger does not know": (
        WORLD,
        made(host="school:900066"),
        (
            "it names school:900066 as host, which is not registered in this ledger;"
            " `school-ledger find NAME` looks it up, and a registrar registers it"
        ),
    ),
    "before what it answers": (
        VISITED,
        attested(on="2024-09-30"),
        "it is said to have happened on 2024-09-30, before the visit that it names",
    ),
    "what is answered already; withdraw that answer to give another": (
        CONFIRMED,
        attested("a2", on="2024-10-03"),
        "is answered already",
    ),
    "made and confirmed by one person": (
        given(ANN_AT_BOTH, made()),
        attested(by=BOTH),
        "the same person claimed the visit; somebody else must sign the host's answer",
    ),
    "offered and agreed by one person": (
        given(ANN_AT_BOTH, offered()),
        agreed(by=BOTH),
        SELF.format("offer"),
    ),
    "a need identified and accepted by one person": (
        given(
            WORLD, appointed(By("ben", OLIVE.office), FIRST), identified(by=By("ben", OLIVE.office))
        ),
        say("NeedAccepted", "k", BEN, "2024-09-10", need="need:n"),
        (
            "the same person identified the need for another party; somebody else must sign the"
            " head's answer, as one to whom it is delegated"
        ),
    ),
    "a need identified and disputed by one person": (
        given(
            WORLD, appointed(By("ben", OLIVE.office), FIRST), identified(by=By("ben", OLIVE.office))
        ),
        say("NeedDisputed", "d", BEN, "2024-09-10", need="need:n", why=SEALED),
        (
            "the same person identified the need for another party; somebody else must sign the"
            " head's answer, as one to whom it is delegated"
        ),
    ),
    "sought and admitted by one person": (
        given(WORLD, sought("s", FOUR, "2024-09-10"), appointed(By("dan", CAROL.office), FIRST)),
        admitted("in", "s", "2024-09-12", by=By("dan", CAROL.office)),
        SELF.format("application"),
    ),
    "given and accepted by one person": (
        given(WORLD, handed_over(ANN, by=BEA, on="2024-11-01")),
        accepted(BEA, by=By("bea", ANN.office), on="2024-11-02", office=ANN.office),
        SELF.format("handover"),
    ),
    "support of oneself": (WORLD, offered(receiver=ONE), "a party cannot offer support to itself"),
    "a visit to oneself": (WORLD, made(host=ONE), "a party cannot visit itself"),
    "an answer to one's own need": (
        given(WORLD, identified(school=ONE, raiser=ONE, by=ANN)),
        say("NeedAccepted", "na", ANN, "2024-09-10", need="need:n"),
        "waits for no answer: it is answered already, or the school identified it itself",
    ),
    "claimed and confirmed by one person": (
        given(CLAIMED, appointed(By("flo", OLIVE.office), "2024-09-02", label="flo-too")),
        answered(claim="claim:c", by=By("flo", OLIVE.office)),
        SELF.format("claim"),
    ),
    "paid and confirmed by one person": (
        given(
            WORLD,
            committed(),
            appointed(By("flo", FRED.office), "2024-09-02", label="flo-too"),
            paid(by=By("flo", FRED.office)),
        ),
        received(by=FLO),
        SELF.format("payment"),
    ),
    "money sent to a closed school": (
        AWAY,
        committed(on="2024-10-02"),
        f"{ONE} closed on 2024-09-30: it can be no payee any more",
    ),
    "a member as the external judge": (
        EXTERNAL,
        judged(**PEER_REVIEW, by=ANN),
        "the ground rules of partnership:strict ask for a judge from outside it",
    ),
    "an offer by a closed school": (AWAY, offered(on="2024-10-02"), "it can be no provider"),
    "an offer to a closed school": (
        AWAY,
        offered(on="2024-10-02", provider=TWO, receiver=ONE, by=BEN),
        "it can be no receiver",
    ),
    "an agreement of a closed school": (
        given(WORLD, offered(), CLOSED.but(effective_on="2024-09-30", on="2024-09-30")),
        agreed(on="2024-10-02", starts="2024-10-02"),
        "it can be no provider",
    ),
    "a visit by a closed school": (AWAY, made(on="2024-10-02"), "it can be no visitor"),
    "a visit to a closed school": (
        AWAY,
        made(on="2024-10-02", visitor=TWO, host=ONE, by=BEN),
        "it can be no host",
    ),
    "a closed school that joins": (
        given(WORLD, say("SchoolClosed", "c4", RITA, FIRST, school=FOUR, effective_on=FIRST)),
        sought("s", FOUR, "2024-09-10", by=DAN),
        "it can be no school any more",
    ),
    "a judgement by a closed school": (
        AWAY,
        judged(**PEER_REVIEW, by=ANN),
        f"{ONE} closed on 2024-09-30: it can be no judge any more",
    ),
    "an inspection of a closed school": (
        AWAY,
        judged(about=ONE),
        f"{ONE} closed on 2024-09-30, before it was inspected on 2024-11-01",
    ),
    "a need of a closed school": (
        AWAY,
        identified(school=ONE, on="2024-10-02"),
        f"{ONE} closed on 2024-09-30: it can be no school any more",
    ),
    "an office at a closed school": (
        AWAY,
        appointed(By("pat", ANN.office), "2024-10-02"),
        f"{ONE} closed on 2024-09-30: nobody takes office there any more",
    ),
    "a head who announces another's departure": (
        given(WORLD, newcomer(By("ivy", ANN.office), "2024-10-01", effective_on="2025-01-01")),
        departure(By("ivy", ANN.office), by=ANN, on="2024-10-02"),
        f"whoever signs as {ANN.office} announces their own departure",
    ),
    "an acting head who ratifies": (
        given(NEW_BODY, newcomer(By("ivy", ANN.office), "2024-10-02", basis="acting")),
        ratified(By("ivy", ANN.office), "r", "2024-10-03"),
        "only a substantive or executive head takes on",
    ),
}


@pytest.mark.parametrize("row", REFUSED)
def test_it_is_refused(row):
    before, act, reason = REFUSED[row]
    assert any(reason in one for one in before.when(act).reasons), before.when(act).reasons


def test_an_agreement_counts_from_its_start_whenever_it_was_agreed():
    late = given(WORLD, offered(), agreed(on="2024-09-20", starts="2024-09-04"))
    visited = given(late, made(under="agreement:g", on="2024-09-10", recorded="2024-09-21"))
    confirmed = given(visited, attested(on="2024-09-22"))
    assert confirmed.left("g/support") == "4.5"
    assert confirmed.left("g/support", "2024-09-19") == "0", "nothing is owed before it was agreed"
    late.when(made(under="agreement:g", on="2024-09-03", recorded="2024-09-21")).then_refused(
        "it is said to have happened on 2024-09-03, before the agreement that it names,"
        " which counts from 2024-09-04; check the day"
    )


def test_what_was_published_late_of_a_closed_school_is_recorded():
    late = judged(about=ONE, inspected_on="2024-09-20", on="2024-11-01")
    AWAY.when(late).then_recorded()


def test_an_executive_head_ratifies_and_owes_it_by_coming():
    ivy = By("ivy", ANN.office)
    came = given(WORLD, newcomer(ivy, "2024-10-02", basis="executive"))
    assert came.owed(kind="ratification") == [
        f"ratification: {ONE} owes {ESTUARY} 1 item by 2024-11-01"
    ]
    assert given(came, ratified(ivy, "r", "2024-10-03")).owed(kind="ratification") == []

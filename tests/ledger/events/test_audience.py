"""Who may read what each event seals: the table of every event, by name."""

import pytest

from ledger.events import CATALOGUE, find
from ledger.events.base import AUDIENCES, may_read

#: Every event with the widest audience that may read it. It stands here a second time on purpose:
#: to let others read more is decided, never slipped into.
READ_BY = {
    "public": {
        *("LedgerFounded", "LedgerRulesSet", "KeyEnrolled", "KeyRetired", "KeyCompromised"),
        *("LogKeyChanged", "ClockCorrected", "Vouched", "BodyRegistered", "SchoolRegistered"),
        *("SchoolConverted", "SchoolClosed", "ResponsibleBodyChanged", "PartnershipFormed"),
        *(
            "FrameworkAdopted",
            "InterventionRecorded",
            "InterventionLifted",
            "MeasurePublished",
            "JointPublicationAgreed",
            "DetailErased",
            "RecordConfirmed",
            "PartyRenamed",
            "SchoolChanged",
        ),
        "CapacityDeclared",
        *("VisitProgrammeOpened", "ProgrammeJoined", "ProgrammeLeft"),
        *("AuthorityDelegated", "DelegationEnded"),
        *("SchoolsMerged", "BodySucceeded"),
    },
    "parties": {
        *("Appointed", "AppointmentEnded", "SuccessionAttributed", "MembershipSought"),
        *("PartnershipResponded", "ObligationWaived", "ObligationAssumed"),
        *("ContingencyAccepted", "ContingencyDeclined", "PartnershipDissolved"),
        *("GroundRulesAgreed", "AdmissionRefused", "MemberExcluded", "MembershipLeft"),
        *("SchoolAdmitted", "MembershipRatified", "MembershipDeclined", "PartnershipYearOpened"),
        *("JudgementChallenged", "JudgementModerated"),
        *("JudgementMade", "NeedIdentified", "NeedAccepted", "SupportOffered", "SupportAgreed"),
        *("OfferClosed", "PlanAgreed", "SupportVaried", "SupportVariationAccepted"),
        *("SupportEnded", "ProgressReported", "ReviewHeld"),
        *("EvidenceLodged", "RecordDisowned"),
        *("NeedDisputed", "NeedEscalated", "NeedClosed", "DecisionRecorded"),
        *("VisitMade", "VisitAttested", "VisitDisputed", "VisitDisputeMaintained"),
        *("VisitCorrected", "ImpactReported", "ImpactAnswered"),
        *("AdviceGiven", "AdviceAnswered", "AdviceActedOn"),
        *("DepartureNotified", "HandoverGiven", "HandoverAccepted", "EventWithdrawn"),
        *("FundingCommitted", "FundingPaid", "FundingReceived", "SpendRecorded"),
        *("FulfilmentClaimed", "FulfilmentAnswered"),
        *("TargetSet", "TargetConflictRaised", "TargetConflictAnswered"),
    },
    "commissioner": {"ConflictOfInterestDeclared"},
    "inspectorate": {"ConcernRaised", "ConcernEscalated", "ConcernResolved"},
    "all": {"PersonEnrolled", "PersonRenamed"},
}


@pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)
def test_each_event_is_read_by_its_audience_and_by_those_given_more(event):
    widest = next(audience for audience, names in READ_BY.items() if event.__name__ in names)
    readers = AUDIENCES[AUDIENCES.index(widest) :]
    assert [audience for audience in AUDIENCES if may_read(audience, event)] == list(readers)


def test_a_document_says_itself_who_may_read_what_it_seals():
    event = find("EvidenceLodged")
    readers = [audience for audience in AUDIENCES if may_read(audience, event, event.example)]
    assert readers == ["commissioner", "inspectorate", "all"]


def test_the_table_names_no_event_that_there_is_not():
    assert set().union(*READ_BY.values()) == {event.__name__ for event in CATALOGUE}

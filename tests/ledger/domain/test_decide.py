"""What nobody types: what an event repeats of what it answers, filled in from its rule."""

import pytest
from given import (
    ANN,
    BEN,
    ESTUARY,
    FOUR,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    TWO,
    WITH_ESTUARY,
    WITH_YEAR,
    By,
    accepted,
    admitted,
    agreed,
    appointed,
    attested,
    body_changed,
    converted,
    corrected,
    declined,
    departure,
    disputed,
    given,
    handed_over,
    made,
    newcomer,
    offered,
    ratified,
    reported,
    say,
    schools_merged,
    sought,
    spelled,
    withdrawn,
    worded,
)

from ledger.decision_model.items import Item
from ledger.domain import post
from ledger.domain.decide import RULES
from ledger.domain.post import KINDS
from ledger.errors import RefusedError
from ledger.events import CATALOGUE, Answer

EVE = By("eve", ANN.office)
AGREED = given(WITH_YEAR, offered(), agreed())
VISITED = given(AGREED, made(under="agreement:g"))
PEER = given(WITH_YEAR, made(under="year:year", purpose="peer_review"))
CONFIRMED = given(VISITED, attested())
NEW_HEAD = given(WITH_YEAR, newcomer(EVE, "2024-10-01"))
JOINED = given(WITH_YEAR, sought("s", FOUR), admitted("in", "s", "2025-01-10", year="year:year"))

SETTLED = {
    "SchoolAdmitted": (
        given(WITH_ESTUARY, sought("s", FOUR)),
        admitted("a", "s", "2024-09-10"),
        ["s/admission_answer"],
    ),
    "MembershipRatified": (
        NEW_HEAD,
        ratified(EVE, "r", "2024-10-02"),
        [f"appoint-eve/ratification/{ESTUARY}"],
    ),
    "MembershipDeclined": (
        NEW_HEAD,
        declined(EVE, "r", "2024-10-02"),
        [f"appoint-eve/ratification/{ESTUARY}"],
    ),
    "MembershipDeclined, leaving": (
        NEW_HEAD,
        declined(EVE, "r", "2024-10-02", leaves_on="2025-01-31"),
        [f"appoint-eve/ratification/{ESTUARY}", f"year/peer_visit/{ONE}"],
    ),
    "VisitAttested, of an agreement": (VISITED, attested(), ["v/attestation", "g/support"]),
    "VisitAttested, of a year": (
        PEER,
        attested(),
        ["v/attestation", f"year/peer_visit/{ONE}"],
    ),
    "VisitAttested, of a school that joined within the year": (
        given(JOINED, made(visitor=FOUR, under="year:year", on="2025-01-20")),
        attested(on="2025-01-21"),
        ["v/attestation", "in/peer_visit"],
    ),
    "VisitAttested, of nothing": (given(WITH_YEAR, made(under="nothing")), attested(), []),
    "VisitDisputed": (VISITED, disputed(), ["v/attestation"]),
    "VisitCorrected, before an answer": (VISITED, corrected(), ["v/attestation"]),
    "VisitCorrected, upon a dispute": (
        given(VISITED, disputed()),
        corrected(dispute="dispute:d"),
        ["d/dispute_answer"],
    ),
    "ImpactReported, by the provider": (
        CONFIRMED,
        reported(agreement="agreement:g"),
        [f"g/impact_account/{ONE}"],
    ),
    "ImpactReported, by the receiver": (
        CONFIRMED,
        reported("i", TWO, agreement="agreement:g"),
        [f"g/impact_account/{TWO}"],
    ),
    "ImpactReported, a year later": (
        CONFIRMED,
        reported("i", TWO, agreement="agreement:g", stage="a_year_later", on="2026-03-20"),
        ["g/followup_account"],
    ),
    "ImpactReported, by a body besides": (
        CONFIRMED,
        reported(agreement="agreement:g").but(by=OLIVE, reporter=NORTHWICK_BODY),
        [],
    ),
    "ImpactAnswered": (
        given(CONFIRMED, reported(agreement="agreement:g")),
        say("ImpactAnswered", "z", BEN, "2024-11-01", impact="impact:i", answer="confirmed"),
        ["i/fulfilment_answer"],
    ),
    "ImpactReported, of a year": (
        PEER,
        reported(year="year:year"),
        [f"year/impact_account/{ONE}"],
    ),
    "ImpactReported, of a year joined": (
        JOINED,
        reported("i", FOUR, year="year:year", on="2025-02-01"),
        ["in/impact_account"],
    ),
    "HandoverGiven": (
        given(WITH_YEAR, departure(ANN)),
        handed_over(ANN),
        ["x/handover/body:northwick", f"x/handover/{ESTUARY}"],
    ),
    "HandoverGiven, before": (WITH_YEAR, handed_over(ANN), []),
    "HandoverAccepted": (
        given(WITH_YEAR, departure(ANN), handed_over(ANN), newcomer(EVE, "2025-05-01")),
        accepted(EVE),
        [
            "appoint-eve/handover_acceptance/body:northwick",
            f"appoint-eve/handover_acceptance/{ESTUARY}",
        ],
    ),
    "Appointed": (
        given(NEW_HEAD),
        appointed(By("cat", ANN.office), "2024-11-01", label="cat-too", succeeds="person:eve"),
        [f"appoint-eve/ratification/{ESTUARY}"],
    ),
    "SchoolConverted": (
        NEW_HEAD,
        converted(),
        [f"appoint-eve/ratification/{ESTUARY}"],
    ),
    "SchoolsMerged": (
        NEW_HEAD,
        schools_merged(),
        [f"appoint-eve/ratification/{ESTUARY}"],
    ),
    "ResponsibleBodyChanged": (
        given(WITH_YEAR, newcomer(By("eve", BEN.office), "2024-10-01")),
        body_changed(),
        [f"appoint-eve/ratification/{ESTUARY}"],
    ),
    "EventWithdrawn, of a disputed visit": (
        given(VISITED, disputed()),
        withdrawn("v", ANN, "2024-10-05"),
        ["d/dispute_answer"],
    ),
    "EventWithdrawn": (VISITED, withdrawn("v", ANN, "2024-10-05"), []),
}


@pytest.mark.parametrize("case", SETTLED.values(), ids=SETTLED)
def test_the_obligations_that_an_event_changes(case):
    history, act, obligations = case
    entry = history.drafted(act)
    assert list(entry.event.obligations) == sorted(spelled(obligations))
    history.when(act).then_recorded()


def test_every_answer_of_the_catalogue_changes_something_owed_and_nothing_else_does():
    answers = {event.__name__ for event in CATALOGUE if issubclass(event, Answer)}
    settling = {"EventWithdrawn", *(event for kind in KINDS for event in _settling(kind))}
    assert settling == answers


#: The events that open what no row tells, and settle nothing; a succession names parties only.
OPENING_ONLY = {
    *("PartnershipYearOpened", "VisitProgrammeOpened", "ProgrammeJoined"),
    "SuccessionAttributed",
}


def _settling(kind):
    """Return the events that settle or replace obligations of a kind."""
    if not isinstance(kind, Item):
        return kind.changed_by - OPENING_ONLY
    replacing = {event for event, opens in kind.opened_by.items() if opens.replaces}
    raising = {event for event, changes in kind.changes.items() if changes.by is not None}
    return {event.__name__ for event in {*kind.answers, *replacing, *raising}}


def test_every_event_of_the_catalogue_has_a_rule():
    assert {event.__name__ for event in CATALOGUE} == set(RULES)


AGREED_MEMBERS = {
    "VisitAttested": (
        VISITED,
        attested(),
        {"visitor": ONE, "host": TWO, "under": "agreement:g", "visited_on": "2024-10-01"},
    ),
    "VisitDisputed": (
        VISITED,
        disputed(),
        {"visitor": ONE, "host": TWO, "under": "agreement:g"},
    ),
    "VisitCorrected": (
        VISITED,
        corrected(),
        {"visitor": ONE, "host": TWO, "under": "agreement:g"},
    ),
    "SupportAgreed": (given(WITH_YEAR, offered()), agreed(), {"provider": ONE, "receiver": TWO}),
    "SchoolAdmitted": (
        given(WITH_ESTUARY, sought("s", FOUR)),
        admitted("a", "s", "2024-09-10"),
        {"school": FOUR, "partnership": ESTUARY},
    ),
    "HandoverAccepted": (
        given(WITH_YEAR, departure(ANN), handed_over(ANN), newcomer(EVE, "2025-05-01")),
        accepted(EVE),
        {"office": EVE.office},
    ),
}


@pytest.mark.parametrize("case", AGREED_MEMBERS.values(), ids=AGREED_MEMBERS)
def test_the_members_that_must_agree(case):
    history, act, members = case
    data = history.drafted(act).data
    assert {name: data[name] for name in members} == spelled(members)
    assert not members.keys() & act.data.keys()


def test_what_is_given_is_kept_as_given():
    act = attested(host=FOUR, obligations=["g/support"])
    data = VISITED.drafted(act).data
    assert data["host"] == FOUR
    assert data["obligations"] == spelled(["g/support"])


def test_the_references_of_what_is_withdrawn():
    data = VISITED.drafted(withdrawn("v", ANN, "2024-10-05")).data
    assert data["references"] == sorted(spelled(["agreement:g", ONE, TWO]))
    entered = given(WITH_YEAR, departure(ANN)).drafted(withdrawn("x", ANN, "2025-01-11"))
    assert entered.data["references"] == sorted([ANN.office, spelled("person:ann")])


def test_nothing_is_made_up_for_what_is_not_there():
    with pytest.raises(RefusedError) as refused:
        WITH_YEAR.drafted(attested(visit="zzz"))
    assert refused.value.reasons == (
        worded(
            "it names <visit:zzz>, and no visit of that id stands in this ledger; `school-ledger"
            " show visit:` lists those that do"
        ),
    )
    assert "references" not in WITH_YEAR.drafted(withdrawn("zzz", ANN, "2024-10-05")).data


def test_no_event_has_an_effect_twice():
    """A theme that was listed twice released twice what was waived."""
    for effects in post._EFFECTS.values():
        assert len(set(effects)) == len(effects)

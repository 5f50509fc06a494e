"""What is refused besides what each theme's own tests refuse: a row for each, its reasons whole."""

import pytest
from given import (
    ANN,
    BEACON,
    BEN,
    CAT,
    CLEM,
    DAN,
    ESTUARY,
    FAY,
    FIVE,
    FOUR,
    HEADS,
    KEYLESS,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    ORIGIN,
    RITA,
    SEALED,
    THREE,
    TWO,
    WITH_ESTUARY,
    WITH_YEAR,
    By,
    agreed,
    attested,
    body,
    body_succeeded,
    capacity,
    challenged,
    closed,
    corrected,
    disowned,
    ended_with,
    escalated,
    founded,
    framework,
    given,
    identified,
    joined,
    judged,
    key,
    key_enrolled,
    key_members,
    left_programme,
    made,
    moderated,
    newcomer,
    offered,
    person,
    planned,
    programme_opened,
    recorded_for,
    review_held,
    say,
    school,
    seed_of,
    visits_promised,
)
from moneys import SPENT, WITH_FINANCE, answered, committed, received, spent

from ledger.log.note import Algorithm, NoteSigner
from ledger.recording.founding import new_log_key

NINE = "school:900009"
GIL = By("gil", f"head@{NINE}")
PROGRAMME = "programme:prog"
JOINED = given(NORTHWICK, programme_opened(), joined())
PROMISED = given(NORTHWICK, visits_promised())
SUPPORTED = given(NORTHWICK, offered(), agreed())
CHALLENGED = given(
    WITH_ESTUARY, framework(), judged(judge=ONE, basis="peer_review", by=ANN), challenged()
)
RAISED = given(
    SUPPORTED,
    say("ConcernRaised", "c", BEN, "2024-11-01", about=ONE, to=NORTHWICK_BODY, reason=SEALED),
)
SIGNED_FOR = given(
    KEYLESS,
    offered(provider=ONE, receiver=FIVE),
    recorded_for(agreed(by=FAY), CLEM),
    key_enrolled("fay", "2024-10-20"),
)
WITH_CONDITION = given(
    WITH_FINANCE,
    committed(conditions=[{"title": "Report to governors", "by": "2025-06-30"}]),
    received(payment=None),
    spent(),
)
#: All visits of the year are made, and confirmed.
ALL_MADE = given(
    WITH_YEAR,
    *(
        [made(f"v{n}", under="year:year", host=host), attested(f"a{n}", f"v{n}", by=HEADS[host])]
        for n, host in enumerate((TWO, THREE, FOUR))
    ),
)
OVER = "is not within the programme Heads visit heads, from 2024-09-01 to 2025-08-31"


def of_nothing(**said):
    """Return a visit that is said to be under nothing."""
    return made(under="nothing", **said)


def registrars(**of_rob):
    named = {name: {"person": person(name), **key_members(name)} for name in ("rita", "rob")}
    return [named["rita"], {**named["rob"], **of_rob}]


def log_key_changed(**said):
    return say("LogKeyChanged", "lk", RITA, "2024-10-01", **said)


REFUSED = {
    "KeyCompromised, of a key that nobody has": (
        NORTHWICK,
        say(
            "KeyCompromised",
            "kc",
            RITA,
            "2024-09-05",
            person=person("ann"),
            key=key("zed"),
            since="2024-09-04T00:00:00Z",
        ),
        ["<key:zed> is not enrolled in this ledger"],
    ),
    "LogKeyChanged, to the key of a witness": (
        NORTHWICK,
        log_key_changed(
            former=new_log_key(ORIGIN, bytes(32)).verifier,
            log_key=NoteSigner(ORIGIN, b"\3" * 32, Algorithm.COSIGNATURE_V1).verifier,
        ),
        ["the log key must be an Ed25519 key for signed notes"],
    ),
    "LedgerFounded, with the key of a witness for the log": (
        given(),
        founded(log_key=NoteSigner(ORIGIN, b"\3" * 32, Algorithm.COSIGNATURE_V1).verifier),
        ["the log key must be an Ed25519 key for signed notes"],
    ),
    "LedgerFounded, with another key than is named": (
        given(),
        founded(registrars=registrars(key=key("zed"))),
        ["<key:zed> is not the fingerprint of the public key, <key:rob>"],
    ),
    "LedgerFounded, again, with a person's key for the log": (
        given(founded()),
        founded(
            log_key=new_log_key(ORIGIN, seed_of("rob")).verifier, registrars=registrars()[:1]
        ).but(label="again"),
        [
            "the ledger is founded already; it can only be founded once",
            "it would stand at position 2; it can only be the first event",
            "<key:rob> is a person's key; the log needs a key of its own",
        ],
    ),
    "SchoolRegistered, again": (
        NORTHWICK,
        school(ONE),
        [f"{ONE} is registered already"],
    ),
    "BodySucceeded, by one that is told what goes where": (
        given(SUPPORTED, body("westwick", "local_authority")),
        body_succeeded(moved=[{"obligation": "g/support", "body": "body:westwick"}]).but(
            schools=[{"school": one, "body": "body:westwick"} for one in HEADS]
        ),
        ["there is one successor, to which all goes: leave out what goes where"],
    ),
    "JudgementModerated, an area twice": (
        CHALLENGED,
        moderated(
            finding="varied",
            grades=[{"area": "leadership", "grade": grade} for grade in ("good", "poor")],
        ),
        ["it grades an area twice"],
    ),
    "JudgementModerated, in an area that there is not": (
        CHALLENGED,
        moderated(finding="varied", grades=[{"area": "sport", "grade": "good"}]),
        [
            "the judgement does not grade sport: it grades leadership",
            "the framework has no area sport: it has leadership, safeguarding",
        ],
    ),
    "InterventionRecorded, of a school that closed": (
        given(NORTHWICK, closed(TWO, "2024-10-10")),
        say(
            "InterventionRecorded",
            "i",
            OLIVE,
            "2024-11-01",
            school=TWO,
            kind="warning_notice",
            issuer=NORTHWICK_BODY,
            asks_for_support=False,
            complier=TWO,
            comply_by="2025-01-31",
        ),
        [
            f"{TWO} closed on 2024-10-10: it can be no {as_} any more"
            for as_ in ("school", "complier")
        ],
    ),
    "NeedEscalated, of a school for which nobody answers": (
        given(
            NORTHWICK,
            school(NINE, responsible_body=None),
            newcomer(GIL),
            identified(school=NINE, level="school"),
        ),
        escalated(school=NINE, by=GIL),
        [f"no body is responsible for {NINE} on 2024-09-12"],
    ),
    "NeedEscalated, of a school that closed": (
        given(WITH_ESTUARY, identified(level="school"), closed(TWO, "2024-09-10")),
        escalated(to_level="partnership", by=OLIVE),
        [
            f"{TWO} closed on 2024-09-10: it can be no school any more",
            f"{TWO} is in no partnership on 2024-09-12",
        ],
    ),
    "CapacityDeclared, by a school that closed": (
        given(NORTHWICK, closed(ONE, "2024-09-01")),
        capacity(),
        [
            f"{ONE} closed on 2024-09-01: it can be no provider any more",
            ended_with(ANN.office, "2024-09-01"),
        ],
    ),
    "SupportOffered, for the judgement of a council": (
        given(NORTHWICK, framework(), judged(about=NORTHWICK_BODY)),
        offered(on="2024-11-05", valid_until="2025-01-31", trigger="judgement:j"),
        ["<judgement:j> asks for no help with a school"],
    ),
    "AdviceGiven, to a school that closed": (
        given(SUPPORTED, made(under="agreement:g"), attested(), closed(TWO, "2024-10-09")),
        say(
            "AdviceGiven",
            "w",
            ANN,
            "2024-10-10",
            visit="visit:v",
            area="inclusion",
            act_by="2024-12-20",
            recommendation=SEALED,
        ),
        [f"{TWO} closed on 2024-10-09: it can be no school any more"],
    ),
    "ConcernEscalated, to whoever raised it": (
        RAISED,
        say("ConcernEscalated", "e", BEN, "2024-11-05", concern="concern:c", to=TWO, why=SEALED),
        [f"{TWO} raised the concern: it goes to another to look into"],
    ),
    "ReviewHeld, an area twice": (
        SUPPORTED,
        review_held(ratings=[{"area": "inclusion", "rating": "green"}] * 2),
        ["it rates an area twice"],
    ),
    "ReviewHeld, in an area without an objective": (
        given(SUPPORTED, planned()),
        review_held(ratings=[{"area": "attendance-and-behaviour", "rating": "green"}]),
        ["no objective is in attendance-and-behaviour: rate one of inclusion"],
    ),
    "FulfilmentAnswered, of a payment": (
        SPENT,
        answered(obligation="f/payment", by=ANN, debtor=NORTHWICK_BODY, creditor=ONE),
        ["payment is answered in its own way; `school-ledger inbox` tells by what"],
    ),
    "FulfilmentAnswered, of what nobody owes": (
        SPENT,
        answered(obligation="r/condition/7", debtor=ONE, creditor=NORTHWICK_BODY),
        ["no obligation <r/condition/7> stands in this ledger"],
    ),
    "FulfilmentAnswered, of a report with pounds": (
        WITH_CONDITION,
        answered(obligation="r/condition/1", pounds="3.00"),
        ["it is a single item, not of pounds: leave out how many"],
    ),
    "FundingCommitted, for another, by whom the pounds would be owed to": (
        KEYLESS,
        recorded_for(committed(commissioner=FIVE, payee=ESTUARY, kept_by=ONE, by=FAY), CLEM),
        [
            (
                f"{ESTUARY} is owed what it is about: who is a side records nothing for the other;"
                " a registrar may"
            )
        ],
    ),
    "RecordDisowned, an event twice": (
        SIGNED_FOR,
        disowned(FAY, "g", "g"),
        ["it names an event twice"],
    ),
    "VisitCorrected, to a year that is over": (
        given(ALL_MADE, of_nothing(on="2025-09-05")),
        corrected(under="year:year", on="2025-09-06"),
        ["2025-09-05 is not within the year 2024-25, from 2024-09-01 to 2025-08-31"],
    ),
    "VisitCorrected, to the year of others": (
        given(WITH_YEAR, of_nothing(visitor=FOUR)),
        corrected(under="year:year", by=DAN),
        [f"{FOUR} does not belong to {ESTUARY} on 2024-10-01"],
    ),
    "VisitCorrected, to the year, at a council": (
        given(WITH_YEAR, of_nothing(host=NORTHWICK_BODY)),
        corrected(under="year:year"),
        [f"a visit of the year is made to a school, and {NORTHWICK_BODY} is none"],
    ),
    "VisitCorrected, to a programme not joined": (
        given(JOINED, of_nothing(visitor=TWO, host=ONE)),
        corrected(under=PROGRAMME, by=BEN),
        [f"{TWO} has not joined the programme Heads visit heads: ProgrammeJoined says so"],
    ),
    "VisitCorrected, to a programme, at a trust": (
        given(JOINED, of_nothing(host=BEACON)),
        corrected(under=PROGRAMME),
        [f"a visit of the programme is made to a school, and {BEACON} is none"],
    ),
    "VisitCorrected, to a programme that was left and is over": (
        given(
            JOINED,
            left_programme(),
            made("w", "2024-09-20", under=PROGRAMME),
            attested("aw", "w"),
            of_nothing(on="2025-09-01"),
        ),
        corrected(under=PROGRAMME, on="2025-09-02"),
        [f"2025-09-01 {OVER}", f"{ONE} does not take part in it on 2025-09-01"],
    ),
    "VisitCorrected, to a programme of a council's visits": (
        given(PROMISED, of_nothing()),
        corrected(under=PROGRAMME),
        [f"the programme is for {NORTHWICK_BODY} to visit its schools"],
    ),
    "VisitCorrected, to a programme that names others": (
        given(PROMISED, of_nothing(visitor=NORTHWICK_BODY, by=OLIVE, host=FOUR)),
        corrected(under=PROGRAMME, by=OLIVE),
        [f"{FOUR} is not named in the programme Heads visit heads"],
    ),
}


@pytest.mark.parametrize("row", REFUSED)
def test_it_is_refused_for_these_reasons(row):
    history, act, reasons = REFUSED[row]
    history.when(act).then_refused(*reasons)


@pytest.mark.parametrize(
    ("history", "reason"),
    [
        (
            given(WITH_YEAR, offered(), agreed(), of_nothing()),
            (
                "it does not say what it is under, and 2 stand open between the two:"
                " <agreement:g>, <year:year>; say which with --under, or the word nothing"
            ),
        ),
        (
            given(NORTHWICK, made()),
            (
                "it does not say what it is under, and nothing stands open between the two: left"
                " out, it is filled in"
            ),
        ),
    ],
    ids=["two stand open", "nothing does"],
)
def test_a_correction_says_what_the_visit_is_under(history, reason):
    history.when_altered(corrected(), under=None).then_refused(reason)


def test_an_office_that_may_sign_for_several_reasons_is_named_once():
    """Northwick is both responsible body and local authority of school four."""
    history = given(NORTHWICK, identified(school=FOUR, level="school"))
    [reason] = history.when(escalated(school=FOUR, by=CAT)).reasons
    _, _, beside = reason.partition("; or ")
    assert beside.count("officer@") == 1

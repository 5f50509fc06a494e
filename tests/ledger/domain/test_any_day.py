"""Whatever day an event names, from 1870 to 2199: it is judged, posted and folded."""

from datetime import date
from typing import get_type_hints

import pytest
from examples import some
from given import (
    ANN,
    BEN,
    DAN,
    FOUR,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    RITA,
    SEALED,
    TWO,
    WITH_YEAR,
    Kept,
    Record,
    admitted,
    agreed,
    appointed,
    attested,
    body_changed,
    body_succeeded,
    capacity,
    completed,
    consented,
    converted,
    decided,
    declined,
    delegated,
    departure,
    disputed,
    dissolved,
    ended,
    entry_of,
    excluded,
    framework,
    given,
    joined,
    judged,
    left,
    left_programme,
    lodged,
    made,
    maintained,
    measured,
    moderated,
    offered,
    programme_opened,
    reported,
    review_held,
    rows,
    rules_agreed,
    rules_set,
    say,
    school,
    schools_merged,
    sought,
    support_ended,
    variation_accepted,
    varied,
    withdrawn,
    year_opened,
)
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from moneys import committed, for_partnership, received, spent
from targeting import targeted

from ledger.days import FIRST, LAST
from ledger.decision_model.facts import Book
from ledger.domain.decide import RULES, decide
from ledger.events import find

ADVISED = say(
    "AdviceGiven",
    "adv",
    ANN,
    "2024-10-10",
    visit="visit:u",
    area="inclusion",
    recommendation=SEALED,
    act_by="2024-12-20",
)
BEFORE = given(
    WITH_YEAR,
    framework(),
    offered(),
    agreed(),
    made(under="agreement:g"),
    made("w", under="year:year"),
    made("u", under="agreement:g"),
    attested("confirmed", "u"),
    ADVISED,
    [made("x", under="agreement:g"), disputed("dx", "x"), maintained("mx", "x")],
    varied(on="2024-10-01", review_dates=["2024-12-13"]),
    offered("p", "2024-10-01"),
    sought("s", FOUR),
    departure(BEN, "leaves"),
    for_partnership(conditions=[{"title": "Report", "by": "2025-06-30"}]),
    received("r", None, pounds="100.00"),
    programme_opened(),
    joined(BEN, "takes-part"),
)
CLOSED = say("SchoolClosed", "shut", RITA, "2025-01-01", school=FOUR, effective_on="2025-08-31")
ACTS = {
    act.name: act
    for act in (
        admitted("join", "s"),
        ADVISED,
        say(
            "AdviceAnswered",
            "heard",
            BEN,
            "2024-11-01",
            advice="advice:adv",
            answer="accepted",
            act_by="2024-12-20",
        ),
        made("long", under="agreement:g", until="2024-11-08"),
        agreed("taken", "p", review_dates=["2025-01-01", "2025-02-01"]),
        appointed(DAN, by=RITA, label="again"),
        attested(),
        body_changed(),
        CLOSED,
        decided(trigger=None, provider=ONE, decision="approve", effective_on="2024-10-01"),
        converted(old_urn_closes_on="2025-03-31"),
        declined(ANN, "n", "2025-01-10", leaves_on="2025-06-30"),
        delegated(ANN, "ben", "VisitMade"),
        departure(ANN),
        dissolved(),
        excluded("out", TWO, "2025-01-10"),
        left(ANN, "go", "2025-01-10", "2025-06-30"),
        ended(ANN, "2025-01-31"),
        framework("other", slug="other"),
        committed("f2"),
        received("r2", None, pounds="50.00"),
        spent("s2", "f=10.00", by=ANN),
        judged(published_on="2024-12-01", category=None),
        moderated(judgement=None, visit="visit:x", days="1.5"),
        say(
            "InterventionRecorded",
            "notice",
            OLIVE,
            "2024-11-01",
            school=ONE,
            kind="warning_notice",
            issuer=NORTHWICK_BODY,
            asks_for_support=False,
            complier=ONE,
            comply_by="2025-01-31",
        ),
        measured(on="2025-11-20"),
        consented(ANN),
        reported(agreement="agreement:g", period_from="2024-09-01", period_to="2024-10-01"),
        lodged("letter", period_from="2024-09-01", period_to="2025-08-31"),
        capacity(),
        offered("q", review_dates=["2025-01-01"]),
        review_held(next_review="2025-03-21"),
        support_ended(),
        varied("other", review_dates=["2025-01-01"]),
        variation_accepted(review_dates=["2024-12-13"]),
        rules_agreed(),
        rules_set("anew", holidays=["2025-01-01"]),
        say(
            *("PartyRenamed", "called", RITA, "2025-01-01"),
            party=ONE,
            name="Alder",
            effective_on="2025-04-01",
        ),
        say(
            *("SchoolChanged", "now", RITA, "2025-01-01"),
            school=ONE,
            phase="all_through",
            effective_on="2025-04-01",
        ),
        schools_merged(),
        body_succeeded(successors=None),
        school("school:900077", opened_on="2024-09-01"),
        say(
            "SuccessionAttributed",
            "line",
            RITA,
            "2025-04-01",
            school=TWO,
            urn="urn:900002",
            former_urn="urn:900090",
            former_urn_closes_on="2019-08-31",
            effective_on="2019-09-01",
        ),
        targeted("aim"),
        withdrawn("v", ANN, "2025-01-01"),
        year_opened("next", name="2025-26", on="2025-01-01"),
        programme_opened("prog-2"),
        joined(ANN, "joins", "2024-11-01"),
        left_programme(BEN, "leaves-it"),
    )
}
KINDS_OF_DAY = {date, date | None, tuple[date, ...]}


def day_members(name: str) -> list[str]:
    event = find(name)
    hints = get_type_hints(event)
    return [member for member in event.model_fields if hints[member] in KINDS_OF_DAY]


def test_every_event_that_names_a_day_is_tried():
    assert set(ACTS) == {name for name in RULES if day_members(name)}


DAYS = st.one_of(
    st.sampled_from([FIRST, LAST, date(2024, 2, 29), date(2196, 2, 29)]),
    st.dates(FIRST, LAST),
    st.dates(date(2024, 9, 1), date(2026, 8, 31)),
).map(date.isoformat)
SAID = st.dates(date(2025, 2, 1), LAST).map(date.isoformat)


@st.composite
def acts(draw):
    """Draw a few of the acts with other days, said on any day."""
    chosen = []
    for number in range(draw(st.integers(1, 4))):
        act = ACTS[draw(st.sampled_from(sorted(ACTS)))]
        changes = {}
        for member in day_members(act.name):
            many = isinstance(act.data.get(member), list)
            changes[member] = sorted(draw(st.sets(DAYS, max_size=3))) if many else draw(DAYS)
        chosen.append(act.but(label=f"any-{number}", on=draw(SAID), **changes))
    return chosen


@settings(max_examples=some(150), deadline=None)
@drawn(acts())
def test_an_event_of_any_day_is_judged_posted_and_folded(several):
    """Refused ones too: folding never judges, and a record may hold what no rule would take."""
    record = Record(BEFORE.record.entries)
    book = Book(record.read, len(record.entries))
    journal = Kept(book)
    earliest = BEFORE.last
    for earlier in record.entries:
        journal.apply(earlier)
    for act in several:
        entry = completed(entry_of(act, len(record.entries) + 1, earliest), book)
        assert all(isinstance(reason, str) for reason in decide(entry, book.look))
        journal.apply(entry)
        record.append(entry)
        book.apply(entry)
        earliest = entry.recorded_at[:10]
        rows(journal.known(), earliest)
        for after in (departure(ANN, "z", earliest), made("y", earliest, under="year:year")):
            decide(entry_of(after, len(record.entries) + 1, earliest), book.look)


@pytest.mark.parametrize("name", sorted(ACTS))
@pytest.mark.parametrize("day", [FIRST, LAST], ids=str)
def test_the_first_and_the_last_day_of_all_are_judged_for_every_member(name, day):
    said = dict.fromkeys(day_members(name), day.isoformat())
    act = ACTS[name]
    for member in said:
        if isinstance(act.data.get(member), list):
            said[member] = [day.isoformat()]
    reasons = BEFORE.when(act.but(label="any", on="2025-03-01", **said)).reasons
    assert all(isinstance(reason, str) for reason in reasons)

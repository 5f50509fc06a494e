"""A category of concern asks the body responsible to state its action, in working days."""

from typing import ClassVar

import pytest
from given import (
    BEACON,
    BEN,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    RITA,
    SOURCE,
    TOM,
    TWO,
    body_changed,
    closed,
    converted,
    framework,
    given,
    judged,
    lodged,
    say,
    schools_merged,
    withdrawn,
)

JUDGE = "body:inspectorate"
KIND = "statement_of_action"
TAKES = f"<j/{KIND}> takes a statement of action about {ONE}, and this is"
FOR_THE_BODY = (
    f"<j/{KIND}> is for {NORTHWICK_BODY} to answer: an office of theirs lodges the document"
)
FRAMED = given(NORTHWICK, framework(action_days=70))
OWED = f"{KIND}: {NORTHWICK_BODY} owes {JUDGE} 1 item by"


def placed(label="j", on="2024-11-01", **changes):
    """School one is placed in special measures."""
    said = {"about": ONE, "urn": "urn:900001", "category": "special_measures"}
    return judged(label, on, **{**said, **changes})


def out(label="out", on="2025-05-01", **changes):
    """A later inspection finds school one in no category any more."""
    return placed(label, on, category="none", **changes)


def stated(label="s", on="2025-01-20", **changes):
    """The authority lodges its statement of action."""
    said = {"about": ONE, "kind": KIND, "obligation": f"j/{KIND}", "by": OLIVE}
    return lodged(label, on, **{**said, **changes})


def gone_on(**changes):
    """School two goes on from school one, whose URN closed."""
    said = {
        "school": TWO,
        "urn": "urn:900002",
        "former_urn": "urn:900001",
        "former_urn_closes_on": "2024-12-31",
        "effective_on": "2025-01-01",
        "predecessor": ONE,
        "source": SOURCE,
    }
    return say("SuccessionAttributed", "succ", RITA, "2025-01-05", **{**said, **changes})


PLACED = given(FRAMED, placed())


class TestOwed:
    def test_by_the_body_responsible_to_the_judge_in_working_days(self):
        assert PLACED.owed(kind=KIND) == [f"{OWED} 2025-02-07"]

    def test_from_publication_however_late_it_is_recorded(self):
        act = placed(
            on="2024-11-20",
            inspected_on="2024-10-15",
            published_on="2024-11-01",
            recorded="2025-06-02",
        )
        assert given(FRAMED, act).owed(kind=KIND) == [f"{OWED} 2025-02-07"]

    NOT: ClassVar = {
        "by an inspection that finds no category": (FRAMED, placed(category="none")),
        "by a framework that asks for none": (given(NORTHWICK, framework()), placed()),
        "for a URN that the school has no more": (
            given(FRAMED, converted()),
            placed(on="2025-05-01", inspected_on="2025-02-01"),
        ),
        "once a later inspection has spoken": (
            given(FRAMED, out(on="2024-12-01")),
            placed(on="2024-11-01", recorded="2024-12-02"),
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        before, act = case
        assert given(before, act).owed(kind=KIND) == []

    def test_by_whom_the_record_tells_and_nobody_else(self):
        FRAMED.when(placed(answerable="body:beacon-trust")).then_refused(
            "“answerable” must be the body that owes a statement of action: got"
            f" body:beacon-trust, expected {NORTHWICK_BODY}; left out, it is filled in"
        )

    def test_from_a_day_on_which_it_can_have_been_published(self):
        before = placed(published_on="2024-10-31")
        FRAMED.when(before.but(recorded="2026-11-30")).then_refused(
            "it was published on 2024-10-31, before the inspection on 2024-11-01"
        )
        ahead = placed(on="2026-11-30", published_on="2026-12-01")
        FRAMED.when(ahead).then_refused(
            "its publication on 2026-12-01 lies ahead; a judgement is told once it is published"
        )


class TestLodged:
    def test_is_answered_by_a_statement_that_names_it(self):
        assert given(PLACED, stated()).owed(kind=KIND) == []

    NOT: ClassVar = {
        "by a document of another kind": (
            {"kind": "letter"},
            f"{TAKES} a letter about {ONE}",
        ),
        "by a document about another school": (
            {"about": TWO},
            f"{TAKES} a statement of action about {TWO}",
        ),
        "by another body": (
            {"by": TOM},
            FOR_THE_BODY,
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        changes, reason = case
        PLACED.when(stated(**changes)).then_refused(reason)

    def test_once(self):
        given(PLACED, stated()).when(stated("again")).then_refused(
            f"<j/{KIND}> is answered already, or owed no more"
        )

    def test_without_naming_it_it_answers_nothing(self):
        assert given(PLACED, stated(obligation=None)).owed(kind=KIND) == [f"{OWED} 2025-02-07"]


class TestVoided:
    ENDED: ClassVar = {
        "by an inspection that finds it out of the category": out(),
        "by a monitoring inspection": out(basis="monitoring_inspection"),
        "by a new URN": converted(),
        "by a merger that ends the school": schools_merged(school=TWO),
        "by its closing": closed(ONE, "2025-01-10"),
        "by its going on as another school": gone_on(),
    }

    @pytest.mark.parametrize("act", ENDED.values(), ids=ENDED)
    def test_with_the_category_or_the_urn(self, act):
        assert given(PLACED, act).owed(kind=KIND) == []

    STAYS: ClassVar = {
        "by a merger into it": schools_merged(),
        "by a review of its peers": out(basis="peer_review", judge=TWO, by=BEN),
        "by an inspection that was published before": out(on="2024-10-01", recorded="2025-05-01"),
        "by a new responsible body": body_changed(school=ONE),
        "by another school that closes": closed(TWO, "2025-01-10"),
        "by a school that goes on from none here": gone_on(
            former_urn="urn:900091", predecessor=None, source=None
        ),
    }

    @pytest.mark.parametrize("act", STAYS.values(), ids=STAYS)
    def test_not(self, act):
        assert given(PLACED, act).owed(kind=KIND) == [f"{OWED} 2025-02-07"]

    def test_not_by_a_school_that_goes_on_from_an_earlier_urn(self):
        became = {"old_urn_closes_on": "2024-09-30", "new_urn_opens_on": "2024-10-01"}
        academy = converted(on="2024-10-01", effective_on="2024-10-01", **became)
        act = gone_on(former_urn_closes_on="2024-09-30", effective_on="2024-10-01")
        history = given(FRAMED, academy, placed(urn="urn:900101"), act)
        assert history.owed(kind=KIND) == [f"{KIND}: {BEACON} owes {JUDGE} 1 item by 2025-02-07"]

    def test_by_one_that_places_it_anew_which_asks_for_its_own(self):
        history = given(PLACED, placed("k", "2025-01-10"))
        assert history.left(f"j/{KIND}") == "0"
        assert history.left(f"k/{KIND}") == "1"

    def test_owed_again_once_that_is_withdrawn(self):
        iris = out().by
        history = given(PLACED, out(), withdrawn("out", iris, "2025-05-02"))
        assert history.owed(kind=KIND) == [f"{OWED} 2025-02-07"]

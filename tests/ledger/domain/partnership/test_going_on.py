"""What opens with a party that ended, or ends later, goes to who stands in its place."""

from typing import ClassVar

import pytest
from given import (
    BEN,
    CAT,
    DAN,
    ESTUARY,
    FOUR,
    NORTHWICK,
    ONE,
    RITA,
    SOURCE,
    THREE,
    TWO,
    WITH_YEAR,
    agreed,
    given,
    offered,
    reported,
    rules_agreed,
    say,
    schools_merged,
    withdrawn,
)

ON = {"on": "2024-12-01", "effective_on": "2025-01-01"}
INTO_FOUR = schools_merged(predecessors=[TWO, FOUR], school=FOUR, **ON)
AGREED = given(NORTHWICK, offered(), agreed())
MERGED = given(AGREED, INTO_FOUR)
REPORT = reported("i", ONE, on="2025-04-20", agreement="agreement:g", stage="at_the_end")
ANSWER = "i/fulfilment_answer"


def sides(history, obligation, on=None):
    """Return who owes an obligation to whom on a day."""
    kind = obligation.partition("/")[2].partition("/")[0]
    return [tuple(line.split()[n] for n in (1, 3)) for line in history.owed(on, kind)]


def goes_on(**source):
    """Return that school four goes on from school two's URN."""
    said = {
        "school": FOUR,
        "urn": "urn:900004",
        "former_urn": "urn:900002",
        "former_urn_closes_on": "2024-12-31",
        "effective_on": "2025-01-01",
    }
    return say("SuccessionAttributed", "succ", RITA, "2025-01-02", **said, **source)


def test_what_opens_later_opens_with_the_result():
    assert sides(given(MERGED, REPORT), ANSWER) == [(FOUR, ONE)]


def test_so_it_does_with_each_that_goes_on_in_turn():
    further = schools_merged("on", "2025-01-20", predecessors=[FOUR, THREE], school=THREE)
    history = given(MERGED, further.but(effective_on="2025-02-01"), REPORT)
    assert sides(history, ANSWER) == [(THREE, ONE)]


def test_both_sides_go_on():
    other = schools_merged("other", predecessors=[ONE, THREE], school=THREE, **ON)
    history = given(MERGED, other, REPORT.but(by=CAT))
    assert sides(history, ANSWER) == [(FOUR, THREE)]


def test_nobody_owes_the_school_with_which_it_became_one():
    other = schools_merged("other", "2025-01-20", predecessors=[ONE, FOUR], school=FOUR)
    history = given(MERGED, other.but(effective_on="2025-02-01"), REPORT.but(by=DAN))
    assert sides(history, ANSWER) == []


class TestOpenedBeforeTheDay:
    MERGES = schools_merged(predecessors=[TWO, FOUR], school=FOUR, on="2024-09-04")
    AHEAD = given(WITH_YEAR, offered(), MERGES)
    AGREED = given(AHEAD, agreed())

    def test_it_passes_on_that_day(self):
        assert sides(self.AGREED, "g/support", "2025-03-31") == [(ONE, TWO)]
        assert sides(self.AGREED, "g/support", "2025-04-01") == [(ONE, FOUR)]

    def test_what_was_to_be_ratified_there_is_void_on_that_day(self):
        anew = rules_agreed("anew", "2024-12-01", effective_on="2025-01-01")
        history = given(self.AHEAD, anew)
        assert (TWO, ESTUARY) in sides(history, "anew/ratification", "2025-03-31")
        assert TWO not in str(sides(history, "anew/ratification", "2025-04-01"))

    def test_withdrawn_it_is_owed_by_neither(self):
        history = given(self.AGREED, withdrawn("g", BEN, "2024-09-05"))
        assert sides(history, "g/support") == []
        assert history.left("g/support") == "0"


class TestASplit:
    SAID: ClassVar = {
        "by a published source": ({"predecessor": TWO, "source": SOURCE}, [(FOUR, ONE)]),
        "not on a registrar's word alone": ({"predecessor": TWO}, [(TWO, ONE)]),
    }

    @pytest.mark.parametrize("case", SAID.values(), ids=SAID)
    def test_passes_on_what_opens_later(self, case):
        said, expected = case
        assert sides(given(AGREED, goes_on(**said), REPORT), ANSWER) == expected

"""What opens with a party that ended, or ends later, goes to who stands in its place."""

from datetime import date
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
    By,
    agreed,
    closed,
    excluded,
    given,
    member,
    newcomer,
    offered,
    ratified,
    reported,
    rules_agreed,
    say,
    schools_merged,
    withdrawn,
)

from ledger.domain.partnership import facts as parties

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


class TestMembershipsGoAlong:
    """School four goes on from school two, which belongs to the partnership, in its year."""

    GONE_ON = given(WITH_YEAR, goes_on(source=SOURCE))

    def test_with_the_school_that_ends_by_a_source(self):
        data = self.GONE_ON.record.entries[-1].data
        assert data["memberships"] == [{"school": TWO, "partnership": ESTUARY, "version": 1}]
        members = self.GONE_ON.look(parties.members(ESTUARY))
        spans = [(one.school, str(one.first), str(one.last)) for one in members]
        assert spans[1:] == [
            (TWO, "2024-09-01", "2024-12-31"),
            (THREE, "2024-09-01", "None"),
            (FOUR, "2025-01-01", "None"),
        ]

    def test_and_what_it_owes_under_the_year_does_once(self):
        merged = given(WITH_YEAR, INTO_FOUR)
        for kind in ("peer_visit", "impact_account"):
            assert self.GONE_ON.owed(kind=kind) == merged.owed(kind=kind)

    def test_the_head_is_asked_to_ratify_and_no_head_of_the_school_that_ended(self):
        eve = By("eve", BEN.office)
        history = given(WITH_YEAR, newcomer(eve, "2024-12-20"), goes_on(source=SOURCE))
        assert history.owed(kind="ratification") == [
            f"ratification: {FOUR} owes {ESTUARY} 1 item by 2025-02-01"
        ]
        history.when(ratified(DAN, "r", "2025-01-10")).then_recorded()

    def test_two_of_one_partnership_become_one(self):
        both = given(WITH_YEAR, member(FOUR, "2024-10-01"))
        history = given(both, goes_on(source=SOURCE))
        merged = given(both, INTO_FOUR)
        assert history.owed(kind="peer_visit") == merged.owed(kind="peer_visit")
        members = history.look(parties.members(ESTUARY))
        assert [one.school for one in members if one.covers(date(2025, 1, 1))] == [ONE, THREE, FOUR]

    def test_though_it_was_taken_for_closed(self):
        shut = closed(TWO, "2024-12-31")
        data = given(WITH_YEAR, shut, goes_on(source=SOURCE)).record.entries[-1].data
        assert data["memberships"] == [{"school": TWO, "partnership": ESTUARY, "version": 1}]

    def test_not_that_which_ended_before(self):
        out = excluded("out", TWO, "2024-12-31")
        data = given(WITH_YEAR, out, goes_on(source=SOURCE)).record.entries[-1].data
        assert "memberships" not in data

    def test_not_on_a_registrars_word_alone(self):
        assert "memberships" not in given(WITH_YEAR, goes_on()).record.entries[-1].data

    def test_it_says_so(self):
        reason = (
            "“memberships” must be those of the school that ends, by a source: got nothing,"
            f" expected {TWO} {ESTUARY} 1; left out, it is filled in"
        )
        WITH_YEAR.when_altered(goes_on(source=SOURCE), memberships=None).then_refused(reason)

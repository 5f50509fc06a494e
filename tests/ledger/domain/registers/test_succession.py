"""SuccessionAttributed: which school line goes on from which URN, and what goes along."""

from datetime import date
from typing import ClassVar

import pytest
from given import (
    ANN,
    BEN,
    ESTUARY,
    FOUR,
    NORTHWICK,
    ONE,
    RITA,
    SOURCE,
    TWO,
    WITH_YEAR,
    agreed,
    attested,
    converted,
    given,
    made,
    offered,
    say,
    school,
    withdrawn,
)

from ledger.domain.registers import schools

THREE = "school:900003"


def owes(kind, debtor, creditor, left):
    return f"{kind}: {debtor} owes {creditor} {left}"


def attributed(label="succ", on="2025-04-01", **changes):
    """School two goes on from a URN that no line of the ledger had."""
    said = {
        "school": TWO,
        "urn": "urn:900002",
        "former_urn": "urn:900090",
        "former_urn_closes_on": "2019-08-31",
        "effective_on": "2019-09-01",
    }
    by = changes.pop("by", RITA)
    return say("SuccessionAttributed", label, by, on, **{**said, **changes})


def absorbed(**changes):
    """School two goes on from school one, a line of the ledger."""
    said = {
        "former_urn": "urn:900001",
        "predecessor": ONE,
        "source": SOURCE,
        "former_urn_closes_on": "2025-03-31",
        "effective_on": "2025-04-01",
    }
    return attributed(**{**said, **changes})


def split(**changes):
    """School three goes on from the former URN of school one, which goes on itself."""
    return absorbed(
        school=THREE, urn="urn:900003", effective_on="2025-05-01", on="2025-05-01", **changes
    )


AGREED = given(WITH_YEAR, offered(), agreed())


def test_a_school_goes_on_from_a_urn_that_the_ledger_lacked():
    history = given(NORTHWICK, attributed())
    line = history.look(schools.school(TWO))
    assert line.urn_on(date(2019, 8, 31)) == "urn:900090"
    assert line.urn_on(date(2019, 9, 1)) == "urn:900002"
    assert history.look(schools.urn("urn:900090")) == TWO


def test_a_line_from_which_another_goes_on_ends_and_its_urn_is_the_others():
    history = given(NORTHWICK, absorbed())
    assert history.look(schools.school(ONE)).closed_on == date(2025, 3, 31)
    assert history.look(schools.urn("urn:900001")) == TWO
    assert history.look(schools.school(ONE)).urn_on(date(2025, 3, 31)) == "urn:900001"


def test_a_school_that_takes_another_in_keeps_the_days_of_its_own_urn():
    """It was registered before the other ended: a merger, told as a succession."""
    before = given(NORTHWICK).look(schools.school(TWO)).urns
    assert given(NORTHWICK, absorbed()).look(schools.school(TWO)).urns == before


def test_a_school_that_opens_as_the_other_closes_had_the_former_urn_before():
    fresh = school("school:900020", opened_on="2025-04-01")
    history = given(NORTHWICK, fresh, absorbed(school="school:900020", urn="urn:900020"))
    line = history.look(schools.school("school:900020"))
    assert (line.urn_on(date(2025, 3, 31)), line.urn_on(date(2025, 4, 1))) == (
        "urn:900001",
        "urn:900020",
    )


def test_a_line_with_several_urns_ends_with_the_latest_and_all_goes_along():
    history = given(AGREED, converted())
    history = given(
        history,
        absorbed(
            school=THREE,
            urn="urn:900003",
            former_urn="urn:900101",
            former_urn_closes_on="2025-08-31",
            effective_on="2025-09-01",
            on="2025-09-01",
        ),
    )
    assert history.look(schools.school(ONE)).closed_on == date(2025, 8, 31)
    assert [line for line in history.owed("2025-08-31") if ONE in line]
    assert not [line for line in history.owed("2025-09-01") if ONE in line]


def sides(owed):
    """Return what is owed without the days by which it is due."""
    return [line.partition(" by ")[0] for line in owed]


class TestASourceAddedLater:
    ALONE: ClassVar = given(AGREED, absorbed(school=THREE, urn="urn:900003", source=None))

    def added(self, **changes):
        said = {"label": "source", "school": THREE, "urn": "urn:900003", "on": "2025-05-01"}
        return absorbed(**{**said, **changes})

    def test_moves_what_the_registrars_word_did_not(self):
        at_once = given(AGREED, absorbed(school=THREE, urn="urn:900003"))
        later = given(self.ALONE, self.added())
        assert self.ALONE.owed("2025-05-01") != later.owed("2025-05-01")
        # Its head has the days to ratify from when that is recorded.
        assert sides(later.owed("2025-05-01")) == sides(at_once.owed("2025-05-01"))
        assert later.owed("2025-03-30") == AGREED.owed("2025-03-30")

    def test_moves_what_is_named_of_a_line_that_goes_on_itself(self):
        alone = given(AGREED, converted(), split(source=None))
        later = given(
            alone, split(label="source", moved=["g/support"], predecessor=ONE).but(by=RITA)
        )
        assert later.owed("2025-05-01", "support") == [
            owes("support", THREE, TWO, "6 day by 2025-03-31")
        ]

    def test_leaves_the_registers_as_they_were(self):
        before = self.ALONE.look(schools.school(THREE))
        after = given(self.ALONE, self.added()).look(schools.school(THREE))
        assert (after.urns, after.came_from) == (before.urns, before.came_from)

    def test_whose_line_it_was_is_filled_in(self):
        assert self.ALONE.drafted(self.added(predecessor=None)).data["predecessor"] == ONE

    CASES: ClassVar = {
        "without one": (
            {"source": None},
            f"{THREE} goes on from urn:900001 already",
        ),
        "of another day": (
            {"effective_on": "2025-04-02"},
            (
                f"{THREE} goes on from urn:900001 from 2025-04-01 on: a source that is added later"
                " tells of that day, not of 2025-04-02"
            ),
        ),
        "of another line": (
            {"predecessor": TWO},
            (
                "“predecessor” must be the school that has the former URN: got"
                f" school:900002, expected {ONE}; left out, it is filled in"
            ),
        ),
    }

    @pytest.mark.parametrize("case", CASES.values(), ids=CASES)
    def test_is_refused(self, case):
        changes, reason = case
        self.ALONE.when(self.added(**changes)).then_refused(reason)

    def test_is_added_once(self):
        given(self.ALONE, self.added()).when(self.added(label="again")).then_refused(
            f"{THREE} goes on from urn:900001 already"
        )


def test_the_urn_that_follows_is_the_one_of_that_day():
    history = given(NORTHWICK, converted())
    said = absorbed(
        school=ONE,
        former_urn="urn:900002",
        predecessor=TWO,
        urn=None,
        former_urn_closes_on="2025-05-31",
        effective_on="2025-06-01",
        on="2025-06-01",
    )
    assert history.drafted(said).data["urn"] == "urn:900101"


def test_a_line_that_gave_up_a_former_urn_is_not_stood_in_for():
    history = given(AGREED, converted(), split())
    assert schools.lines(history.look, THREE) == (THREE,)


def test_a_chain_is_told_in_any_order():
    older = attributed(
        "older", former_urn="urn:900080", urn="urn:900090", effective_on="2001-09-01"
    )
    older = older.but(former_urn_closes_on="2001-08-31")
    line = given(NORTHWICK, attributed(), older).look(schools.school(TWO))
    assert [span.urn for span in line.urns] == ["urn:900080", "urn:900090", "urn:900002"]
    assert line.urn_on(date(2005, 1, 1)) == "urn:900090"


def test_a_mistaken_succession_is_set_right_by_another():
    right = attributed("right", school=THREE, urn="urn:900003", predecessor=TWO)
    history = given(NORTHWICK, attributed(), right)
    assert history.look(schools.urn("urn:900090")) == THREE
    two = history.look(schools.school(TWO))
    assert ([span.urn for span in two.urns], two.closed_on) == (["urn:900002"], None)


def test_the_line_that_has_the_urn_is_filled_in():
    drafted = given(NORTHWICK).drafted(absorbed(predecessor=None))
    assert drafted.data["predecessor"] == ONE


def test_all_that_a_line_owes_and_is_owed_goes_along_where_it_ends():
    history = given(AGREED, absorbed(school=THREE, urn="urn:900003"))
    before = history.owed("2025-03-31")
    after = history.owed("2025-04-01")
    after.remove(f"ratification: {THREE} owes {ESTUARY} 1 item by 2025-05-01")
    assert [line for line in before if THREE not in line and ONE in line]
    assert after == sorted(
        line.replace(f" {ONE} ", f" {THREE} ").replace(f": {ONE} ", f": {THREE} ")
        for line in before
    )


def test_what_is_named_goes_along_where_the_line_goes_on_itself():
    """A split: the line keeps its present URN, and what is owed under it."""
    history = given(AGREED, converted(), split(moved=["g/support"]))
    rest = [line for line in history.owed("2025-04-30") if "support:" not in line]
    assert history.owed("2025-04-30", "support") == [
        owes("support", ONE, TWO, "6 day by 2025-03-31")
    ]
    assert history.owed("2025-05-01", "support") == [
        owes("support", THREE, TWO, "6 day by 2025-03-31")
    ]
    assert [line for line in history.owed("2025-05-01") if "support:" not in line] == rest


def test_of_a_line_that_split_all_goes_to_the_first_and_what_is_named_on_to_the_next():
    first = given(AGREED, absorbed(school=THREE, urn="urn:900003"))
    second = absorbed(
        label="second", school=FOUR, urn="urn:900004", predecessor=THREE, moved=["g/support"]
    )
    assert given(first, second).owed("2025-04-01", "support") == [
        owes("support", FOUR, TWO, "6 day by 2025-03-31")
    ]


def test_on_a_registrars_word_alone_no_debt_moves():
    """The line ends and its URN passes; what it owed has nobody to answer for it."""
    history = given(AGREED, absorbed(school=THREE, urn="urn:900003", source=None))
    assert history.look(schools.school(ONE)).closed_on == date(2025, 3, 31)
    assert history.owed("2025-04-01") == AGREED.owed("2025-04-01")
    given(AGREED, converted()).when(split(moved=["g/support"], source=None)).then_refused(
        "a registrar's word alone moves no debt: name the published source that says so, or leave"
        " moved out"
    )


def test_whoever_would_owe_themselves_owes_nothing():
    assert given(AGREED, absorbed()).owed("2025-04-01", "support") == []


def test_what_was_given_before_is_taken_back_from_the_school_that_goes_on():
    """What a withdrawal reopens is owed by who stands there then."""
    visit = (made(under="agreement:g"), attested())
    history = given(AGREED, *visit, absorbed(school=THREE, urn="urn:900003"))
    for on, left in (("2025-04-19", "4.5"), ("2025-04-20", "6")):
        after = given(history, withdrawn("a", BEN, "2025-04-20"))
        assert after.owed(on, "support") == [
            owes("support", THREE, TWO, f"{left} day by 2025-03-31")
        ]


class TestOnly:
    CASES: ClassVar = {
        "once": (
            [attributed()],
            attributed("again"),
            f"{TWO} goes on from urn:900090 already",
        ),
        "before a URN of its own": (
            [],
            attributed(urn="urn:900001"),
            f"urn:900001 is no URN of {TWO}",
        ),
        "after the former one closed": (
            [],
            attributed(effective_on="2019-08-30"),
            "urn:900002 follows on 2019-08-30, before the former URN closes",
        ),
        "with the line that has the URN": (
            [],
            absorbed(predecessor=THREE),
            (
                "“predecessor” must be the school that has the former URN: got"
                f" school:900003, expected {ONE}; left out, it is filled in"
            ),
        ),
        "with no line where none has it": (
            [],
            attributed(predecessor=ONE),
            (
                f"“predecessor” must be the school that has the former URN: got {ONE},"
                " expected nothing; left out, it is filled in"
            ),
        ),
        "by a school that is open": (
            [absorbed()],
            attributed("back", school=ONE, urn="urn:900001", effective_on="2025-05-01"),
            f"{ONE} went on as {TWO} on 2025-04-01",
        ),
        "moving what a line of the ledger has": (
            [],
            attributed(moved=["g/support"], source=SOURCE),
            "obligations can only go along from a predecessor that this ledger has",
        ),
        "moving what the predecessor owes or is owed": (
            [],
            absorbed(moved=[f"year/peer_visit/{TWO}"]),
            f"<year/peer_visit/{TWO}> is nothing that {ONE} owes or is owed",
        ),
        "moving nothing that is the school's own to answer": (
            [],
            absorbed(moved=["g/attestation"]),
            "<g/attestation> is for the school itself to answer; it cannot be moved",
        ),
        "of a school that is registered": (
            [],
            attributed(school="school:900099"),
            (
                "it names school:900099 as school, which is not registered in this ledger;"
                " `school-ledger find NAME` looks it up, and a registrar registers it"
            ),
        ),
    }

    @pytest.mark.parametrize("case", CASES.values(), ids=CASES)
    def test_only(self, case):
        before, act, reason = case
        given(AGREED, *before).when(act).then_refused(reason)


def test_by_the_registrar():
    given(NORTHWICK).when(attributed()).then_recorded()
    given(NORTHWICK).when(attributed(by=ANN)).then_refused(
        "SuccessionAttributed is not for head@school:900001 to sign: it takes the registrar"
        " (registrar@ledger)"
    )

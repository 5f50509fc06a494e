"""Schools that go on as others: what is owed stays owed, by whoever goes on, however it comes."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import ClassVar

import pytest
from given import (
    ANN,
    BEN,
    CAROL,
    CAT,
    ESTUARY,
    FOUR,
    NORTHWICK_BODY,
    ONE,
    RITA,
    SOURCE,
    THREE,
    TWO,
    WITH_YEAR,
    By,
    agreed,
    body,
    body_changed,
    body_succeeded,
    closed,
    converted,
    given,
    identified,
    joined,
    newcomer,
    offered,
    programme_opened,
    say,
    schools_merged,
    waived,
)
from moneys import committed, paid, received, spent

from ledger.domain.handover.standing import sides
from ledger.domain.registers import schools
from ledger.domain.registers.places import in_place_for

BEFORE, AFTER = "2025-03-14", "2025-05-02"
WES = By("wes", "officer@body:westwick")
#: All three are members and take part in a programme; one supports two, and keeps money.
OWING = given(
    WITH_YEAR,
    body("westwick"),
    body("eastwick"),
    programme_opened(),
    joined(ANN, "join-1"),
    joined(BEN, "join-2"),
    joined(CAT, "join-3"),
    offered(),
    agreed(),
    identified(),
    committed(),
    paid(),
    received(),
    spent("s", "f=300.00", by=ANN),
)


def gone_on(label="succ", on="2025-04-01", **changes):
    """School three goes on from school one, as a published source tells."""
    said = {
        "school": THREE,
        "urn": "urn:900003",
        "former_urn": "urn:900001",
        "predecessor": ONE,
        "former_urn_closes_on": "2025-03-31",
        "effective_on": "2025-04-01",
        "source": SOURCE,
    }
    return say("SuccessionAttributed", label, RITA, on, **{**said, **changes})


def split_in_two(*schools_east, on="2025-03-10", effective_on="2025-03-15"):
    """The authority becomes two; school one goes to the west."""
    goes = [{"school": ONE, "body": "body:westwick"}]
    goes += [{"school": one, "body": "body:eastwick"} for one in schools_east]
    return body_succeeded(
        on=on,
        effective_on=effective_on,
        successors=["body:westwick", "body:eastwick"],
        schools=goes,
    )


INTO_THREE = schools_merged(predecessors=[ONE, THREE], school=THREE)
STORIES = {
    "two become one": [INTO_THREE],
    "three become another": [schools_merged(predecessors=[ONE, TWO, THREE], school=FOUR)],
    "three become one of them": [schools_merged(predecessors=[ONE, TWO, THREE], school=THREE)],
    "one goes on as another": [gone_on()],
    "by a source that comes later": [
        gone_on(source=None),
        gone_on("source", "2025-04-20"),
    ],
    "closed before": [closed(ONE, on="2025-03-20", effective_on="2025-03-31"), gone_on()],
    "one becomes two": [
        converted(),
        gone_on(on="2025-05-01", effective_on="2025-05-01", moved=["g/support"]),
    ],
    "as an academy that closes": [
        converted(),
        closed(ONE, on="2025-04-10", effective_on="2025-04-20"),
        gone_on(
            on="2025-04-21",
            former_urn="urn:900101",
            former_urn_closes_on="2025-04-20",
            effective_on="2025-04-21",
        ),
    ],
    "under another body in the same week": [
        INTO_THREE,
        body_changed("other", "2025-03-28", school=ONE),
    ],
    "the authority succeeded in between": [
        INTO_THREE,
        body_succeeded(on="2025-03-10", effective_on="2025-03-15"),
    ],
    "the authority split in between": [INTO_THREE, split_in_two(TWO, THREE, FOUR)],
}
#: Why less is owed, each told by a posting of its own.
TOLD = frozenset({"reduced", "voided", "party_gone"})
either = pytest.mark.parametrize("acts", STORIES.values(), ids=STORIES)


def standing(history, on):
    """Return what is left of each obligation on a day, between whom."""
    found = defaultdict(lambda: defaultdict(Decimal))
    for one in history.journal.known():
        if one.effective_on <= date.fromisoformat(on):
            found[one.obligation][one.debtor, one.creditor] += one.amount
    return {
        obligation: {pair: left for pair, left in pairs.items() if left}
        for obligation, pairs in found.items()
    }


@either
def test_of_each_obligation_as_much_is_owed_as_before_unless_a_posting_says_why(acts):
    history = given(OWING, acts)
    said = defaultdict(set)
    for one in history.journal.known():
        said[one.obligation].add(one.reason)
    before, after = standing(history, BEFORE), standing(history, AFTER)
    for obligation, pairs in before.items():
        became_one = not after[obligation] and "moved" in said[obligation]
        if sum(pairs.values()) != sum(after[obligation].values()) and not became_one:
            assert said[obligation] & TOLD, obligation
    assert any(pairs != after[obligation] for obligation, pairs in before.items())


@either
def test_nothing_is_left_with_a_school_that_ended(acts):
    history = given(OWING, acts)
    ended = {
        one
        for one in (ONE, TWO, THREE, FOUR)
        if (last := history.look(schools.school(one)).closed_on) and last.isoformat() < AFTER
    }
    for pairs in standing(history, AFTER).values():
        assert ended.isdisjoint(party for pair in pairs for party in pair)


def now(look, party, obligation, other):
    return in_place_for(look, obligation, party, other, date.fromisoformat(AFTER))


@either
def test_rules_look_for_whoever_the_journal_says_owes_it(acts):
    """So that whoever is owed something by now can release it."""
    history = given(OWING, acts)
    for obligation, pairs in standing(history, AFTER).items():
        owed = sides(history.look, obligation)
        debtor, creditor = owed.debtor, owed.creditor
        pair = (
            now(history.look, debtor, obligation, creditor),
            now(history.look, creditor, obligation, debtor),
        )
        assert set(pairs) <= {pair}, obligation


def test_what_a_member_that_merged_owes_is_released_to_the_one_school_not_to_who_takes_over():
    """The contingency party takes over from members that close."""
    history = given(OWING, INTO_THREE)

    drafted = history.drafted(waived(CAROL, f"year/peer_visit/{ONE}", "2025-05-01"))
    assert (drafted.data["debtor"], drafted.data["creditor"]) == (THREE, ESTUARY)


def test_what_one_of_several_bodies_has_by_now_it_releases():
    history = given(OWING, newcomer(WES), split_in_two(TWO, THREE, FOUR))
    act = waived(WES, "join-1/peer_visit", "2025-05-01")
    drafted = history.drafted(act)
    assert (drafted.data["waiver"], drafted.data["creditor"]) == ("body:westwick",) * 2
    history.when(act).then_recorded()
    assert given(history, act).left("join-1/peer_visit") == "0"


class TestSpending:
    STORIES: ClassVar = {
        "a merger": ([INTO_THREE], THREE),
        "a succession": ([gone_on()], THREE),
        "a conversion": ([converted()], ONE),
    }

    @pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
    def test_is_accounted_for_by_who_goes_on(self, story):
        acts, keeper = story
        (account,) = given(OWING, acts).owed(AFTER, "spend_account")
        assert account.startswith(f"spend_account: {keeper} owes {NORTHWICK_BODY} 1000 GBP")


class TestBodySucceeded:
    def test_a_school_that_is_to_merge_goes_to_a_body_until_then(self):
        given(OWING, INTO_THREE, split_in_two(TWO, THREE, FOUR))

    def test_and_goes_nowhere_where_that_is_not_said(self):
        act = split_in_two(TWO, THREE, FOUR).but(
            schools=[{"school": one, "body": "body:eastwick"} for one in (TWO, THREE, FOUR)]
        )
        given(OWING, INTO_THREE).when(act).then_refused(
            f"{ONE} is under {NORTHWICK_BODY} and goes nowhere: say to which successor"
        )

"""Targets: who may set one, what becomes of it, and what is done where not all can be met."""

from typing import ClassVar

import pytest
from given import (
    BEACON,
    BEN,
    CAROL,
    ESTUARY,
    FOUR,
    INSPECTORATE,
    IRIS,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    RITA,
    SOURCE,
    THREE,
    TOM,
    TWO,
    WITH_ESTUARY,
    By,
    agreed,
    body,
    body_changed,
    body_succeeded,
    closed,
    converted,
    dissolved,
    given,
    newcomer,
    offered,
    schools_merged,
    withdrawn,
)
from moneys import answered, claimed, committed, received
from targeting import in_conflict, reconciled, targeted

ADA = By("ada", f"adviser@{TWO}")
WIM = By("wim", "officer@body:westwick")
SET = given(WITH_ESTUARY, targeted())
OWED = [f"target: {TWO} owes {NORTHWICK_BODY} 1 item by 2025-07-18"]
SELF_SET = {"setter": TWO, "by": BEN, "agreed_with": BEACON}
BOTH = given(SET, targeted("u", setter=INSPECTORATE, by=IRIS, measure="lessons-seen", value="40"))
RAISED = given(BOTH, in_conflict("x", "t", "u"))
NOT_NEAR = (
    f"{BEACON} does not answer for {TWO}: a target is set by itself, a partnership that it is in,"
    " its responsible body, local authority or commissioner, a regional or RISE team, or an"
    " inspectorate"
)


class TestTargetSet:
    MAY: ClassVar = {
        "the school, agreed with another": SELF_SET,
        "its responsible body": {},
        "a partnership that it is in": {"setter": ESTUARY, "by": CAROL},
        "an inspectorate": {"setter": INSPECTORATE, "by": IRIS},
        "a partnership, for itself": {
            "about": ESTUARY,
            "setter": ESTUARY,
            "by": CAROL,
            "agreed_with": NORTHWICK_BODY,
        },
        "an inspectorate, for a partnership": {
            "about": ESTUARY,
            "setter": INSPECTORATE,
            "by": IRIS,
        },
        "a registrar, with its published source": {
            "setter": BEACON,
            "by": RITA,
            "source": SOURCE,
        },
    }

    @pytest.mark.parametrize("case", MAY.values(), ids=MAY)
    def test_by(self, case):
        WITH_ESTUARY.when(targeted(**case)).then_recorded()

    def test_by_its_adviser_for_the_body_that_appointed_them(self):
        advised = given(WITH_ESTUARY, newcomer(ADA, by=OLIVE))
        history = advised.when(targeted(by=ADA)).then_recorded()
        assert history.owed(kind="target") == OWED

    def test_not_by_a_body_that_has_nothing_to_do_with_it(self):
        WITH_ESTUARY.when(targeted(setter=BEACON, by=TOM)).then_refused(NOT_NEAR)

    def test_not_for_a_partnership_by_the_authority_that_commissions_nothing_of_it(self):
        [reason] = WITH_ESTUARY.when(targeted(about=ESTUARY)).reasons
        assert reason.startswith(f"{NORTHWICK_BODY} does not answer for {ESTUARY}: ")

    def test_by_who_commissions_support_of_it_while_that_lasts(self):
        asked = targeted(setter=BEACON, by=TOM)
        agreement = given(WITH_ESTUARY, offered(), agreed(commissioner=BEACON))
        agreement.when(asked).then_recorded()
        other = given(agreement, offered("p"), agreed("h", "p", replaces="agreement:g"))
        other.when(targeted(setter=BEACON, by=TOM, on="2024-09-11")).then_refused(NOT_NEAR)

    def test_by_whose_money_it_has_to_account_for(self):
        given_money = committed(commissioner=BEACON, payee=TWO, by=TOM)
        sent = received(payment=None, by=BEN)
        history = given(WITH_ESTUARY, given_money)
        asked = targeted(setter=BEACON, by=TOM, on="2024-10-25")
        history.when(asked).then_refused(NOT_NEAR)
        given(history, sent).when(asked).then_recorded()

    NOT: ClassVar = {
        "by a day before it": (
            {"due": "2024-09-09"},
            "it would be due on 2024-09-09, before it is set",
        ),
        "agreed with anybody where another sets it": (
            {"agreed_with": TWO},
            (
                f"{NORTHWICK_BODY} sets it: only a self-set target names with whom it was agreed;"
                " leave that out"
            ),
        ),
        "self-set and agreed with nobody": (
            {**SELF_SET, "agreed_with": None},
            "it is self-set: name with whom it was agreed",
        ),
        "agreed with itself": (
            {**SELF_SET, "agreed_with": TWO},
            f"{TWO} agrees on it with another, not with itself",
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        changes, reason = case
        WITH_ESTUARY.when(targeted(**changes)).then_refused(reason)

    @pytest.mark.parametrize(
        ("end", "about"),
        [(closed(TWO), TWO), (dissolved(), ESTUARY)],
        ids=["closed", "dissolved"],
    )
    def test_not_of_who_is_gone(self, end, about):
        asked = targeted(on="2025-03-02", about=about, setter=INSPECTORATE, by=IRIS)
        given(WITH_ESTUARY, end).when(asked).then_refused(
            f"{about} ended on 2025-01-10: no target is set for it any more"
        )


class TestTarget:
    def test_owed_to_who_set_it(self):
        assert SET.owed(kind="target") == OWED

    def test_owed_to_whom_it_was_agreed_with_where_it_is_self_set(self):
        assert given(WITH_ESTUARY, targeted(**SELF_SET)).owed(kind="target") == [
            f"target: {TWO} owes {BEACON} 1 item by 2025-07-18"
        ]

    @pytest.mark.parametrize("claim", [True, False], ids=["claimed", "unclaimed"])
    def test_closed_once_it_is_met(self, claim):
        told = [claimed(obligation="t/target", by=BEN)] if claim else []
        history = given(SET, told, answered(obligation="t/target"))
        assert history.owed() == []
        assert {one.reason for one in history.journal.known() if one.kind == "target"} == {
            "opened",
            "discharged",
        }

    def test_not_met_before_its_day_it_stays_owed(self):
        history = given(SET, answered("m", "not_met", obligation="t/target", on="2025-07-18"))
        assert history.owed(kind="target") == OWED

    def test_not_met_after_its_day_it_closes_as_missed(self):
        history = given(SET, answered("m", "not_met", obligation="t/target", on="2025-07-19"))
        assert history.owed(kind="target") == []
        assert history.journal.known()[-1].reason == "missed"
        again = answered("again", obligation="t/target", on="2025-07-20")
        history.when(again).then_refused(
            "nothing is left of <t/target>: it was met, waived or voided"
        )
        back = given(history, withdrawn("m", OLIVE, "2025-07-20"))
        assert back.owed(kind="target") == OWED
        back.when(again).then_recorded()

    def test_nobody_meets_a_part_of_it(self):
        part = answered("m", "met_in_part", obligation="t/target")
        assert given(SET, part).owed(kind="target") == OWED

    def test_void_once_another_replaces_it(self):
        history = given(SET, targeted("new", "2024-11-01", value="94", replaces="target:t"))
        assert history.owed("2024-10-31", "target") == OWED
        assert history.left("t/target") == "0"
        assert history.left("new/target") == "1"
        back = given(history, withdrawn("new", OLIVE, "2024-11-02"))
        assert back.owed("2024-11-02", "target") == OWED

    def test_follows_a_body_that_is_succeeded_and_a_school_that_is_merged(self):
        west = given(SET, body("westwick", "local_authority"), newcomer(WIM))
        history = given(west, body_succeeded())
        assert history.owed("2025-04-01", "target") == [
            f"target: {TWO} owes body:westwick 1 item by 2025-07-18"
        ]
        given(history, answered(obligation="t/target", by=WIM, on="2025-07-01"))
        anew = targeted("new", "2025-05-01", replaces="target:t", setter="body:westwick", by=WIM)
        assert given(history, anew).left("t/target") == "0"
        merged = given(SET, schools_merged())
        assert merged.owed("2025-04-01", "target") == [
            f"target: {ONE} owes {NORTHWICK_BODY} 1 item by 2025-07-18"
        ]


class TestWhatMoves:
    """A target follows who takes the place of either side; a conversion moves none."""

    def test_none_at_a_conversion_nor_where_the_responsible_body_changes(self):
        own = given(WITH_ESTUARY, targeted(about=ONE))
        stays = [f"target: {ONE} owes {NORTHWICK_BODY} 1 item by 2025-07-18"]
        assert given(own, converted()).owed("2025-04-01", "target") == stays
        assert given(SET, body_changed()).owed("2025-04-01", "target") == OWED

    def test_with_the_school_where_its_authority_splits(self):
        both = [body("eastwick", "local_authority"), body("westwick", "local_authority")]
        goes = [{"school": one, "body": "body:westwick"} for one in (ONE, TWO, THREE)]
        goes.append({"school": FOUR, "body": "body:eastwick"})
        split = body_succeeded(successors=["body:eastwick", "body:westwick"], schools=goes)
        history = given(RAISED, both, split)
        assert history.owed("2025-04-01", "target") == [
            f"target: {TWO} owes {INSPECTORATE} 1 item by 2025-07-18",
            f"target: {TWO} owes body:westwick 1 item by 2025-07-18",
        ]
        assert f"body:westwick owes {TWO}" in history.owed("2025-04-01", "reconciliation")[1]

    def test_nowhere_from_a_school_that_closes_and_nobody_answers_it_any_more(self):
        history = given(RAISED, closed(TWO))
        assert history.left("t/target", "2025-03-01") == "1"
        assert history.owed("2025-03-01", "reconciliation") == []

    def test_to_who_agreed_to_take_over_from_a_partnership(self):
        theirs = targeted(about=ESTUARY, setter=INSPECTORATE, by=IRIS)
        history = given(WITH_ESTUARY, theirs, dissolved())
        assert history.owed("2025-12-01", "target") == [
            f"target: {NORTHWICK_BODY} owes {INSPECTORATE} 1 item by 2025-07-18"
        ]

    def test_to_nobody_where_the_sides_become_one(self):
        agreed_so = targeted(**{**SELF_SET, "agreed_with": ONE})
        history = given(WITH_ESTUARY, agreed_so, schools_merged())
        assert history.owed("2025-04-01", "target") == []


class TestReplacing:
    NOT: ClassVar = {
        "another's": (
            {"setter": INSPECTORATE, "by": IRIS},
            f"<target:t> was set by {NORTHWICK_BODY}, who alone replaces it",
        ),
        "one of another school": (
            {"about": ONE},
            (
                f"“about” must be whom the target is of that it replaces: got {ONE}, expected"
                f" {TWO}; left out, it is filled in"
            ),
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        changes, reason = case
        SET.when(targeted("new", replaces="target:t", **changes)).then_refused(reason)

    def test_not_what_was_agreed_with_another(self):
        history = given(WITH_ESTUARY, targeted(**SELF_SET))
        anew = targeted("new", replaces="target:t", **{**SELF_SET, "agreed_with": ONE})
        history.when(anew).then_refused(
            f"<target:t> was agreed with {BEACON}: so is another for it"
        )

    def test_not_what_is_closed(self):
        history = given(SET, answered(obligation="t/target"))
        history.when(targeted("new", "2024-12-10", replaces="target:t")).then_refused(
            "<target:t> is closed already: there is nothing to replace",
        )


class TestTargetConflictRaised:
    def test_each_setter_owes_an_answer(self):
        assert RAISED.owed(kind="reconciliation") == [
            f"reconciliation: {INSPECTORATE} owes {TWO} 1 item by 2024-10-15",
            f"reconciliation: {NORTHWICK_BODY} owes {TWO} 1 item by 2024-10-15",
        ]

    def test_for_a_self_set_target_it_is_whom_it_was_agreed_with(self):
        history = given(SET, targeted("own", **SELF_SET), in_conflict("x", "t", "own"))
        assert history.owed(kind="reconciliation") == [
            f"reconciliation: {BEACON} owes {TWO} 1 item by 2024-10-15",
            f"reconciliation: {NORTHWICK_BODY} owes {TWO} 1 item by 2024-10-15",
        ]

    def test_of_a_partnership_by_its_chair(self):
        theirs = {"about": ESTUARY, "setter": INSPECTORATE, "by": IRIS}
        history = given(WITH_ESTUARY, targeted(**theirs), targeted("u", **theirs))
        history.when(in_conflict("x", "t", "u", by=CAROL)).then_recorded()
        [reason] = history.when(in_conflict("x", "t", "u")).reasons
        assert reason.startswith(f"TargetConflictRaised is not for {BEN.office} to sign")

    def test_not_by_who_set_one(self):
        [reason] = BOTH.when(in_conflict("x", "t", "u", by=OLIVE)).reasons
        assert reason == (
            f"TargetConflictRaised is not for {OLIVE.office} to sign: it takes the head of the"
            f" school or the chair of the partnership that is to meet them ({BEN.office})"
        )

    NOT: ClassVar = {
        "of one that is named twice": (("t", "t"), "it names a target twice"),
        "of one that is closed": (("u", "t"), "<target:t> is closed already: nobody is to meet it"),
        "of two schools": (("u", "one"), f"<target:one> is of {ONE}, not of {TWO}"),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_not(self, case):
        named, reason = case
        history = given(BOTH, targeted("one", about=ONE))
        if "closed" in reason:
            history = given(history, answered(obligation="t/target", on="2024-09-20"))
        history.when(in_conflict("x", *named)).then_refused(reason)

    def test_not_again_while_the_same_waits(self):
        again = in_conflict("again", "u", "t", on="2024-10-06")
        RAISED.when(again).then_refused(
            "<target_conflict:x> says so of the same targets, and waits for answers"
        )
        theirs = reconciled("z", by=IRIS)
        given(RAISED, reconciled(), theirs).when(again).then_recorded()


class TestTargetConflictAnswered:
    def test_one_that_stands_goes_on_and_only_its_setter_has_answered(self):
        history = given(RAISED, reconciled())
        assert history.left("t/target") == "1"
        assert history.owed(kind="reconciliation") == [
            f"reconciliation: {INSPECTORATE} owes {TWO} 1 item by 2024-10-15"
        ]

    def test_one_that_is_withdrawn_is_void(self):
        history = given(RAISED, reconciled(answer="withdrawn"))
        assert (history.left("t/target"), history.left("u/target")) == ("0", "1")
        back = given(history, withdrawn("y", OLIVE, "2024-10-06"))
        assert back.left("t/target") == "1"
        assert len(back.owed("2024-10-06", "reconciliation")) == 2

    @pytest.mark.parametrize("replaces", ["target:t", None], ids=["in its place", "beside it"])
    def test_one_that_is_changed_is_void_and_the_other_is_owed(self, replaces):
        after = targeted("new", "2024-10-04", value="94", replaces=replaces)
        history = given(RAISED, after, reconciled(answer="changed", changed_by="target:new"))
        assert (history.left("t/target"), history.left("new/target")) == ("0", "1")

    def test_by_who_stands_in_a_setters_place(self):
        west = [body("westwick", "local_authority"), *newcomer(WIM)]
        history = given(RAISED, west, body_succeeded(on="2024-10-02", effective_on="2024-10-03"))
        answer = reconciled(answer="withdrawn", by=WIM)
        after = history.when(answer).then_recorded()
        assert after.record.entries[-1].data["setter"] == NORTHWICK_BODY
        assert after.left("t/target") == "0"
        assert after.left(f"x/reconciliation/{NORTHWICK_BODY}") == "0"

    OTHER: ClassVar = {
        "one that stands": (
            {"answer": "stands", "target": "target:t"},
            "it says which target is changed, and that they stand: leave the target out",
        ),
        "another's": (
            {"answer": "withdrawn", "target": "target:u"},
            f"<target:u> is none for which {NORTHWICK_BODY} answers: <target:t>",
        ),
        "into nothing": (
            {"answer": "changed"},
            (
                "it does not say into which target it was changed: set that with TargetSet"
                " first, and name it with --changed-by"
            ),
        ),
        "into one of them": (
            {"answer": "changed", "changed_by": "target:u"},
            "<target:u> is one of those that cannot all be met",
        ),
        "into another school's": (
            {"answer": "changed", "changed_by": "target:one"},
            f"<target:one> is of {ONE}, not of {TWO}",
        ),
        "into another's": (
            {"answer": "changed", "changed_by": "target:theirs"},
            f"<target:theirs> is none for which {NORTHWICK_BODY} answers",
        ),
        "what is withdrawn, into another": (
            {"answer": "withdrawn", "changed_by": "target:new"},
            "it is withdrawn, and names another target: only what is changed does",
        ),
    }

    def test_into_one_that_stood_before_nothing_is_changed(self):
        history = given(BOTH, targeted("old", "2024-09-20"), in_conflict("x", "t", "u"))
        answer = reconciled(answer="changed", target="target:t", changed_by="target:old")
        history.when(answer).then_refused(
            "<target:old> was set before the conflict was raised: set the changed one with"
            " TargetSet, and name that with --changed-by"
        )

    @pytest.mark.parametrize("case", OTHER.values(), ids=OTHER)
    def test_not(self, case):
        changes, reason = case
        history = given(
            RAISED,
            targeted("one", about=ONE, on="2024-10-02"),
            targeted("theirs", setter=INSPECTORATE, by=IRIS, on="2024-10-02"),
            targeted("new", on="2024-10-02"),
        )
        history.when(reconciled(**changes)).then_refused(reason)

    def test_of_two_of_its_own_it_says_which(self):
        history = given(BOTH, targeted("v"), in_conflict("x", "t", "u", "v"))
        history.when(reconciled(answer="withdrawn")).then_refused(
            "it does not say which of its own targets is withdrawn; name one with --target:"
            " <target:t>, <target:v>"
        )
        which = reconciled(answer="withdrawn", target="target:v")
        assert history.when(which).then_recorded().left("v/target") == "0"

    def test_once(self):
        given(RAISED, reconciled()).when(reconciled("again", on="2024-10-06")).then_refused(
            f"{NORTHWICK_BODY} owes no answer to <target_conflict:x>, or has given it already"
        )

    def test_not_by_who_set_none_of_them(self):
        RAISED.when(reconciled(by=TOM)).then_refused(
            f"{BEACON} owes no answer to <target_conflict:x>, or has given it already"
        )

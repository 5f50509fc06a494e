"""Who takes over when a member closes or a partnership is dissolved: agreed, late, or never."""

import pytest
from given import (
    ANN,
    BEACON,
    BEN,
    CAROL,
    CAT,
    CLEM,
    CONTINGENCY,
    ESTUARY,
    FOUR,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    RITA,
    THREE,
    TOM,
    TWO,
    UNANSWERED,
    WITH_YEAR,
    By,
    admitted,
    agreed,
    agrees,
    attested,
    body,
    body_succeeded,
    closed,
    departure,
    dissolved,
    ended,
    ended_with,
    excluded,
    formed,
    given,
    made,
    newcomer,
    offered,
    refused,
    rules_agreed,
    schools_merged,
    sought,
    spelled,
    will_not,
    withdrawn,
    year_opened,
)

EVE = By("eve", ANN.office)
ANSWER = f"formed/contingency_answer/{NORTHWICK_BODY}"


class TestContingencyAnswer:
    def test_each_party_that_is_named_owes_an_answer(self):
        named = {"on_closure": "body:beacon-trust", "holds_unspent": ONE}
        history = given(NORTHWICK, formed(contingency={**CONTINGENCY, **named}))
        assert history.owed(kind="contingency_answer") == [
            f"contingency_answer: {party} owes {ESTUARY} 1 item by 2024-09-15"
            for party in ("body:beacon-trust", NORTHWICK_BODY, ONE)
        ]

    @pytest.mark.parametrize("days", [7, 40])
    def test_within_the_days_of_the_rules_that_name_it(self, days):
        formed_so = given(NORTHWICK, formed(response_days=days))
        due = {7: "2024-09-08", 40: "2024-10-11"}[days]
        assert formed_so.owed(kind="contingency_answer")[0].endswith(f"by {due}")

    @pytest.mark.parametrize("answer", [agrees, will_not])
    def test_answered_once(self, answer):
        history = given(UNANSWERED, answer(OLIVE, "first"))
        assert history.left(ANSWER) == "0"
        history.when(answer(OLIVE, "again")).then_refused(
            f"{ESTUARY} does not ask {NORTHWICK_BODY} to stand in, or has its answer already"
        )

    def test_only_by_whom_the_rules_name(self):
        UNANSWERED.when(agrees(TOM, "yes", version=1)).then_refused(
            f"{ESTUARY} does not ask body:beacon-trust to stand in, or has its answer already"
        )

    def test_for_the_latest_version_that_names_it(self):
        history = given(WITH_YEAR, rules_agreed())
        history.when(agrees(OLIVE, "again", "2025-01-11", version=1)).then_refused(
            "“version” must be the latest version that names it: got 1, expected 2; left"
            " out, it is filled in"
        )
        history.when(agrees(OLIVE, "again", "2025-01-11")).then_recorded()

    def test_a_new_version_asks_anew_and_voids_the_older_question(self):
        history = given(UNANSWERED, rules_agreed(effective_on="2025-02-01"))
        assert history.left(ANSWER, "2025-01-09") == "1"
        assert history.left(ANSWER) == "0"
        assert history.owed("2025-01-10", "contingency_answer") == [
            f"contingency_answer: {NORTHWICK_BODY} owes {ESTUARY} 1 item by 2025-02-15"
        ]

    def test_who_is_named_no_more_owes_no_answer_once_the_new_version_takes_effect(self):
        instead = dict.fromkeys(CONTINGENCY, BEACON)
        dropped = rules_agreed(effective_on="2025-02-01", contingency=instead)
        history = given(UNANSWERED, dropped)
        assert history.left(ANSWER, "2025-01-31") == "1"
        assert history.owed("2025-02-01", "contingency_answer") == [
            f"contingency_answer: {BEACON} owes {ESTUARY} 1 item by 2025-02-15"
        ]
        answers = given(history, agrees(OLIVE, "yes", "2025-01-20", version=1))
        assert answers.left(ANSWER, "2025-01-20") == "0"

    def test_who_declined_may_withdraw_that_and_accept(self):
        history = given(UNANSWERED, will_not(OLIVE, "no"), withdrawn("no", OLIVE, "2024-09-20"))
        history.when(agrees(OLIVE, "yes", "2024-09-21")).then_recorded()

    def test_who_accepted_is_let_go_by_new_rules_only(self):
        WITH_YEAR.when(withdrawn("stands-in", OLIVE, "2024-09-20")).then_refused(
            "ContingencyAccepted cannot be withdrawn: agree on new ground rules that name another"
            " party"
        )

    def test_rules_that_are_still_ahead_ask_for_it_in_the_older_ones_place(self):
        """Both were asked for until then, and the older could not be given any more."""
        ahead = rules_agreed("rules-2", "2024-09-10", effective_on="2024-12-10")
        history = given(UNANSWERED, ahead)
        assert history.owed("2024-09-11", "contingency_answer") == [
            f"contingency_answer: {NORTHWICK_BODY} owes {ESTUARY} 1 item by 2024-12-24"
        ]
        answered = given(history, agrees(OLIVE, "yes", "2024-09-15"))
        assert answered.owed("2024-09-15", "contingency_answer") == []


class TestOfWhoWasSucceeded:
    """The authority agreed to stand in; another takes its place before anybody is gone."""

    WES = By("wes", "officer@body:westwick")
    FOLLOWED = given(
        WITH_YEAR,
        body("westwick", "local_authority"),
        newcomer(WES),
        body_succeeded(on="2024-12-01", effective_on="2024-12-01"),
    )

    def test_what_a_partnership_owes_and_is_owed_goes_to_who_succeeded(self):
        rows = given(self.FOLLOWED, dissolved()).owed("2025-01-10", "peer_visit")
        assert [row.split()[3] for row in rows] == ["body:westwick"] * 3

    def test_so_does_what_a_member_owes_that_closes(self):
        rows = given(self.FOLLOWED, closed(TWO)).owed("2025-01-10", "peer_visit")
        assert [row.split()[1] for row in rows] == ["body:westwick", ONE, THREE]

    def test_which_speaks_in_its_place(self):
        visited = made("v", "2024-12-10", host=TWO, visitor=THREE, by=CAT, under="year:year")
        late = visited.but(recorded="2025-01-12")
        history = given(self.FOLLOWED, closed(TWO, "2025-01-10"), late)
        answer = attested("a", "v", on="2025-01-13", days="1.0", by=self.WES)
        history.when(answer).then_recorded()


class TestPartnershipDissolved:
    def test_the_chair_says_so_and_names_who_is_concerned(self):
        drafted = given(WITH_YEAR, excluded("out", TWO, "2024-12-31")).drafted(dissolved())
        assert drafted.data["schools"] == [ONE, TWO, THREE]
        assert drafted.data["contingency"] == NORTHWICK_BODY
        WITH_YEAR.when_altered(dissolved(), contingency=ONE, schools=[ONE]).then_refused(
            (
                f"“schools” must be all that ever belonged to it, sorted: got {ONE}, expected"
                f" {ONE}, {TWO}, {THREE}; left out, it is filled in"
            ),
            (
                f"“contingency” must be who takes over by the ground rules in force: got {ONE},"
                f" expected {NORTHWICK_BODY}; left out, it is filled in"
            ),
            *(
                (
                    f"it lists the obligation <year/peer_visit/{school}>, which it does not"
                    " change: it is answered already, or not of this event; leave out its"
                    " obligations, and they are filled in"
                )
                for school in (TWO, THREE)
            ),
        )

    @pytest.mark.parametrize("who", [CLEM, RITA])
    def test_the_clerk_or_the_registrar_where_there_is_no_chair(self, who):
        reasons = WITH_YEAR.when(dissolved(by=who)).reasons
        assert "is not for" in reasons[0]
        history = given(WITH_YEAR, ended(CAROL, "2024-12-31"))
        history.when(dissolved(by=who)).then_recorded()

    def test_once(self):
        given(WITH_YEAR, dissolved()).when(dissolved("again", "2025-02-01")).then_refused(
            f"{ESTUARY} is dissolved already, last day 2025-01-10",
            ended_with(CAROL.office, "2025-01-10"),
        )

    def test_for_good(self):
        given(WITH_YEAR, dissolved()).when(withdrawn("end", CAROL, "2025-01-11")).then_refused(
            "PartnershipDissolved cannot be withdrawn: the schools form a partnership anew"
        )

    def test_nothing_begins_under_it_any_more(self):
        history = given(WITH_YEAR, sought("s", FOUR, "2025-01-02"), dissolved())
        reason = f"{ESTUARY} was dissolved, last day 2025-01-10"
        history.when(sought("t", ONE, "2025-01-11")).then_refused(reason)
        history.when(admitted("in", "s", "2025-01-11")).then_refused(reason)
        over = ended_with(CAROL.office, "2025-01-10")
        history.when(rules_agreed(on="2025-01-11")).then_refused(reason, over)
        next_year = {"name": "2025-26", "starts": "2025-09-01", "ends": "2026-08-31"}
        act = year_opened("next", on="2025-01-11", **next_year)
        history.when(act).then_refused(reason, over)

    def test_every_membership_ends_that_day_and_visits_are_owed_for_the_months_served(self):
        history = given(UNANSWERED, made(under="year:year"), attested(), dissolved())
        assert history.owed("2025-01-09", "peer_visit") == [
            f"peer_visit: {school} owes {ESTUARY} {left} visit by 2025-08-31"
            for school, left in ((ONE, 2), (TWO, 3), (THREE, 3))
        ]
        assert history.owed(kind="peer_visit") == [
            f"peer_visit: {school} owes {ESTUARY} {left} visit by 2025-08-31"
            for school, left in ((ONE, 1), (TWO, 2), (THREE, 2))
        ]

    def test_what_heads_owed_it_is_void(self):
        leaving = [departure(ANN, on="2025-01-02", effective_on="2025-04-30")]
        history = given(WITH_YEAR, newcomer(By("fay", BEN.office), "2025-01-02"), leaving)
        ended_by = given(history, dissolved())
        for one in (
            "appoint-fay/ratification/partnership:estuary",
            "x/handover/partnership:estuary",
        ):
            assert (ended_by.left(one, "2025-01-09"), ended_by.left(one)) == ("1", "0")
        assert ended_by.left(f"x/handover/{NORTHWICK_BODY}") == "1"
        gone = [line for line in ended_by.journal.known() if line.reason == "party_gone"]
        assert {line.kind for line in gone} == {"ratification", "handover"}

    def test_all_else_passes_to_who_agreed_to_take_over(self):
        history = given(WITH_YEAR, sought("s", FOUR, "2025-01-02"), dissolved())
        assert history.owed("2025-01-10") == [
            f"admission_answer: {NORTHWICK_BODY} owes {FOUR} 1 item by 2025-02-01",
            *(
                f"impact_account: {school} owes {NORTHWICK_BODY} 1 item by 2025-01-31"
                for school in (ONE, TWO, THREE)
            ),
            *(
                f"peer_visit: {school} owes {NORTHWICK_BODY} 2 visit by 2025-08-31"
                for school in (ONE, TWO, THREE)
            ),
        ]
        assert [row for row in history.owed("2025-01-09") if NORTHWICK_BODY in row] == []

    def test_a_visit_that_is_still_owed_is_made_and_counts(self):
        history = given(WITH_YEAR, dissolved(), made("v", "2025-02-03", under="year:year"))
        history = given(history, attested("a", "v", on="2025-02-04"))
        assert history.left(f"year/peer_visit/{ONE}") == "1"
        assert all(
            f"peer_visit: {ONE} owes {ESTUARY}" not in row for row in history.owed("2025-02-04")
        )


class TestNobodyAgreed:
    def test_what_it_owes_and_is_owed_stays_with_it(self):
        history = given(UNANSWERED, sought("s", FOUR, "2025-01-02"), dissolved())
        assert history.left("s/admission_answer") == "1"
        assert f"admission_answer: {ESTUARY} owes {FOUR} 1 item by 2025-02-01" in history.owed()

    def test_once_it_agrees_it_takes_all_from_that_day(self):
        history = given(UNANSWERED, sought("s", FOUR, "2025-01-02"), dissolved())
        act = agrees(OLIVE, "yes", "2025-03-01")
        assert history.drafted(act).data["instead_of"] == [ESTUARY]
        history.when_altered(act, instead_of=None).then_refused(
            "“instead of” must be whose debts and claims it takes at once, sorted: got"
            f" nothing, expected {ESTUARY}; left out, it is filled in"
        )
        late = given(history, act)
        owed = f"owes {FOUR} 1 item by 2025-02-01"
        assert f"admission_answer: {ESTUARY} {owed}" in late.owed("2025-02-28")
        assert f"admission_answer: {NORTHWICK_BODY} {owed}" in late.owed("2025-03-01")
        assert late.left(ANSWER) == "0"
        assert not any(ESTUARY in row for row in late.owed())

    def test_what_a_merged_school_owed_is_owed_on_by_the_one_it_became(self):
        ahead = {"on": "2024-12-01", "effective_on": "2025-01-02"}
        into = schools_merged(predecessors=[ONE, TWO], school=TWO, **ahead)
        history = given(UNANSWERED, into, dissolved())
        act = agrees(OLIVE, "yes", "2025-03-01")
        assert history.drafted(act).data["instead_of"] == [ESTUARY]
        before, after = history.owed("2025-03-01"), given(history, act).owed("2025-03-01")
        for kind in ("impact_account", "peer_visit"):
            was = [row for row in before if row.startswith(f"{kind}: {TWO} owes {ESTUARY}")]
            assert was
            assert [row.replace(ESTUARY, NORTHWICK_BODY) for row in was] == [
                row for row in after if row.startswith(f"{kind}: {TWO} owes {NORTHWICK_BODY}")
            ]

    def test_not_for_an_older_version(self):
        history = given(WITH_YEAR, rules_agreed(effective_on="2025-01-01", on="2024-12-01"))
        history = given(history, dissolved())
        assert not any(f"owes {NORTHWICK_BODY}" in row for row in history.owed())
        late = given(history, agrees(OLIVE, "yes-2", "2025-03-01"))
        assert any(f"peer_visit: {ONE} owes {NORTHWICK_BODY}" in row for row in late.owed())


class TestSchoolClosed:
    def test_it_names_its_partnerships_and_who_takes_over(self):
        drafted = WITH_YEAR.drafted(closed(ONE))
        assert drafted.data["partnerships"] == [ESTUARY]
        assert drafted.data["contingencies"] == [NORTHWICK_BODY]
        WITH_YEAR.when_altered(closed(ONE), partnerships=None, contingencies=None).then_refused(
            (
                "“partnerships” must be those that it ever belonged to, sorted: got nothing,"
                f" expected {ESTUARY}; left out, it is filled in"
            ),
            (
                "“contingencies” must be who takes over by their ground rules, sorted: got"
                f" nothing, expected {NORTHWICK_BODY}; left out, it is filled in"
            ),
        )
        assert "partnerships" not in WITH_YEAR.drafted(closed(FOUR)).data

    def test_its_debts_under_a_partnership_pass_to_who_agreed(self):
        visit = made("v", "2025-01-08", visitor=THREE, host=ONE, by=CAT, under="nothing")
        history = given(WITH_YEAR, visit)
        history = given(
            history, made("w", "2025-01-08", visitor=THREE, host=ONE, under="year:year")
        )
        history = given(history, closed(ONE))
        assert history.owed("2025-01-10", "peer_visit")[:1] == [
            f"peer_visit: {NORTHWICK_BODY} owes {ESTUARY} 3 visit by 2025-08-31"
        ]
        assert history.owed("2025-01-10", "attestation") == [
            f"attestation: {NORTHWICK_BODY} owes {THREE} 1 item by 2025-01-15"
        ]

    def test_other_debts_stay_with_it(self):
        history = given(WITH_YEAR, offered(), agreed(), closed(ONE))
        assert f"support: {ONE} owes {TWO} 6 day by 2025-03-31" in history.owed()

    def test_what_was_to_be_done_for_it_is_void(self):
        history = given(WITH_YEAR, offered(), agreed(), closed(TWO))
        assert history.left("g/support", "2025-01-09") == "6"
        assert history.left("g/support") == "0"

    def test_once_it_agrees_it_takes_the_debts_of_members_that_closed(self):
        history = given(UNANSWERED, closed(ONE))
        assert f"peer_visit: {ONE} owes {ESTUARY} 3 visit by 2025-08-31" in history.owed()
        act = agrees(OLIVE, "yes", "2025-03-01")
        assert history.drafted(act).data["instead_of"] == [ONE]
        late = given(history, act)
        assert late.owed("2025-03-01", "peer_visit")[:1] == [
            f"peer_visit: {NORTHWICK_BODY} owes {ESTUARY} 3 visit by 2025-08-31"
        ]

    def test_its_memberships_end(self):
        history = given(WITH_YEAR, newcomer(EVE, "2025-01-02"), closed(ONE))
        assert history.left(spelled("appoint-eve/ratification/partnership:estuary")) == "0"
        next_year = {"name": "2025-26", "starts": "2025-09-01", "ends": "2026-08-31"}
        opened = year_opened("next", on="2025-01-11", **next_year)
        assert history.drafted(opened).data["schools"] == [TWO, THREE]

    def test_when_the_partnership_is_dissolved_too_its_debts_are_owed_to_who_takes_over(self):
        history = given(UNANSWERED, closed(ONE), dissolved(on="2025-02-10"))
        late = given(history, agrees(OLIVE, "yes", "2025-03-01"))
        assert not any(ONE in row for row in late.owed(kind="peer_visit"))


class TestWhoeverTakesOverSigns:
    def test_as_host_for_a_member_that_closed(self):
        visit = made("v", "2025-01-08", visitor=THREE, host=ONE, by=CAT, under="year:year")
        answer = attested("a", "v", by=OLIVE, on="2025-01-20")
        history = given(WITH_YEAR, visit, closed(ONE))
        history = given(history, answer)
        assert history.left("v/attestation") == "0"
        assert history.left(f"year/peer_visit/{THREE}") == "2"

    def test_as_chair_of_a_dissolved_partnership(self):
        history = given(WITH_YEAR, sought("s", FOUR, "2025-01-02"), dissolved())
        history.when(refused("no", "s", "2025-01-20", by=OLIVE)).then_recorded()

    def test_not_while_it_stands(self):
        history = given(WITH_YEAR, sought("s", FOUR, "2025-01-02"))
        (reason,) = history.when(refused("no", "s", "2025-01-03", by=OLIVE)).reasons
        assert reason.startswith(f"AdmissionRefused is not for {OLIVE.office} to sign")

    def test_not_before_it_agrees(self):
        history = given(UNANSWERED, sought("s", FOUR, "2025-01-02"), dissolved())
        act = refused("no", "s", "2025-01-20", by=OLIVE)
        (reason,) = history.when(act).reasons
        assert reason.startswith(f"AdmissionRefused is not for {OLIVE.office} to sign")
        given(history, agrees(OLIVE, "yes", "2025-01-15")).when(act).then_recorded()

    def test_not_by_rules_that_it_has_not_agreed_to(self):
        history = given(WITH_YEAR, rules_agreed(effective_on="2025-01-01", on="2024-12-01"))
        history = given(history, sought("s", FOUR, "2025-01-02", version=2), dissolved())
        (reason,) = history.when(refused("no", "s", "2025-01-20", by=OLIVE)).reasons
        assert reason.startswith(f"AdmissionRefused is not for {OLIVE.office} to sign")

    def test_nobody_else(self):
        history = given(WITH_YEAR, sought("s", FOUR, "2025-01-02"), dissolved())
        (reason,) = history.when(refused("no", "s", "2025-01-20", by=TOM)).reasons
        assert reason.startswith(f"AdmissionRefused is not for {TOM.office} to sign")

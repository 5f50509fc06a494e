"""Programmes of visits: who opens, joins and leaves them, and what is owed under them."""

import pytest
from given import (
    ANN,
    BEN,
    CAROL,
    DAN,
    ESTUARY,
    FOUR,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    RITA,
    SOURCE,
    THREE,
    TOM,
    TWO,
    WITH_ESTUARY,
    closed,
    ended_with,
    given,
    joined,
    left_programme,
    programme_opened,
    reported,
    say,
    schools_merged,
    visits_promised,
    waived,
    withdrawn,
)

OPEN = given(NORTHWICK, programme_opened())
JOINED = given(OPEN, joined())


def owes(number, kind="peer_visit", school=ONE, by="2025-08-31"):
    return f"{kind}: {school} owes {NORTHWICK_BODY} {number} visit by {by}"


class TestVisitProgrammeOpened:
    def test_what_it_asks_of_schools_is_owed_by_none_that_has_not_joined(self):
        assert OPEN.owed() == []

    def test_a_partnership_opens_one_by_its_chair(self):
        opened = programme_opened(organiser=ESTUARY, by=CAROL)
        history = given(WITH_ESTUARY, opened, joined())
        assert history.owed(kind="peer_visit") == [
            f"peer_visit: {ONE} owes {ESTUARY} 2 visit by 2025-08-31"
        ]

    @pytest.mark.parametrize(
        ("act", "reason"),
        [
            (
                programme_opened(schools=[ONE, "school:900099"]),
                (
                    "it names school:900099 as schools, which is not registered in this"
                    " ledger; `school-ledger find NAME` looks it up, and a registrar"
                    " registers it"
                ),
            ),
            (
                programme_opened(organiser=ONE, by=ANN),
                f"{ONE} is a school: a body or a partnership opens a programme of visits",
            ),
            (
                programme_opened(ends="2024-08-31"),
                "its last day, 2024-08-31, lies before its first, 2024-09-01",
            ),
            (
                programme_opened(schools=None),
                "it names no school: schools are those who may join, or who are visited",
            ),
            (programme_opened(schools=[ONE, ONE]), "schools names a school twice"),
            (
                programme_opened(visits_by_each=None),
                (
                    "it asks for visits by each school, or promises visits to each: say how"
                    " many of one of the two, at least 1"
                ),
            ),
            (
                programme_opened(visits_to_each=1),
                (
                    "it asks for visits by each school, or promises visits to each: say how"
                    " many of one of the two, at least 1"
                ),
            ),
            (
                programme_opened(outside_group=3),
                "each school is asked for 2 visits, and 3 outside its group are more",
            ),
            (
                visits_promised(counts_years=True),
                (
                    "it promises visits to schools: distinct hosts, visits outside the group"
                    " and visits that count for years are only asked of visits by schools;"
                    " leave them out"
                ),
            ),
        ],
    )
    def test_it_is_refused(self, act, reason):
        NORTHWICK.when(act).then_refused(reason)

    def test_an_organiser_that_nobody_registered_is_refused(self):
        NORTHWICK.when(programme_opened(organiser="body:nobody")).then_refused(
            "VisitProgrammeOpened is not for officer@body:northwick to sign: it takes the office"
            " of the organiser (officer@body:nobody)",
            (
                "it names body:nobody as organiser, which is not registered in this ledger;"
                " `school-ledger find NAME` looks it up, and a registrar registers it"
            ),
        )

    def test_a_school_that_closed_before_it_begins_is_refused(self):
        history = given(NORTHWICK, closed(TWO, "2024-09-01"))
        history.when(programme_opened(starts="2024-09-02")).then_refused(
            f"{TWO} closed on 2024-09-01, before the programme begins"
        )

    def test_another_bodys_officer_opens_none_for_it(self):
        NORTHWICK.when(programme_opened(by=TOM)).then_refused(
            "VisitProgrammeOpened is not for officer@body:beacon-trust to sign: it takes the"
            " office of the organiser (officer@body:northwick)"
        )

    def test_it_is_withdrawn_before_anybody_joins_and_not_after(self):
        gone = withdrawn("prog", OLIVE, "2024-09-10")
        assert given(OPEN, gone).owed() == []
        JOINED.when(gone).then_refused(
            "later events rely on it: ProgrammeJoined <join>; withdraw those first"
        )


class TestVisitsPromised:
    PROMISED = given(NORTHWICK, visits_promised())

    def test_they_are_owed_to_each_school_at_once(self):
        assert self.PROMISED.owed(kind="entitled_visit") == [
            f"entitled_visit: {NORTHWICK_BODY} owes {school} 2 visit by 2025-08-31"
            for school in (ONE, TWO, THREE)
        ]

    def test_a_school_releases_the_organiser(self):
        history = given(self.PROMISED, waived(ANN, f"prog/entitled_visit/{ONE}"))
        assert history.left(f"prog/entitled_visit/{ONE}") == "0"

    def test_there_is_nothing_to_join(self):
        self.PROMISED.when(joined()).then_refused(
            "it asks schools for no visits, so that there is nothing to join"
        )


class TestProgrammeJoined:
    def test_visits_are_owed_to_the_organiser(self):
        assert JOINED.owed(kind="peer_visit") == [owes(2)]
        assert JOINED.owed("2024-09-02", "peer_visit") == []

    @pytest.mark.parametrize(
        ("joins", "visits"), [("2025-02-28", "2"), ("2025-03-01", "1"), ("2025-08-31", "1")]
    )
    def test_those_of_the_months_that_are_left_rounded_up(self, joins, visits):
        history = given(OPEN, joined(on=joins))
        assert history.left("join/peer_visit") == visits

    def test_those_outside_its_group_are_told_beside(self):
        history = given(NORTHWICK, programme_opened(outside_group=1), joined())
        assert history.owed(kind="outside_visit") == [owes(1, "outside_visit")]
        assert history.owed(kind="peer_visit") == [owes(2)]

    @pytest.mark.parametrize(
        ("history", "act", "reasons"),
        [
            (OPEN, joined(DAN), [f"{FOUR} is not named in the programme Heads visit heads"]),
            (
                JOINED,
                joined(label="again", on="2024-10-01"),
                [f"{ONE} has joined the programme already, from 2024-09-03"],
            ),
            (
                OPEN,
                joined(effective_on="2025-09-01"),
                ["the programme ends on 2025-08-31; it would join on 2025-09-01"],
            ),
            (
                OPEN,
                joined(effective_on="2024-08-31"),
                [
                    (
                        "it would take effect on 2024-08-31, before the programme that it"
                        " names, which counts from 2024-09-01; check the day"
                    )
                ],
            ),
            (
                given(JOINED, left_programme(effective_on="2025-03-31")),
                joined(label="again", on="2025-02-01"),
                [f"{ONE} is in the programme until 2025-03-31; it can join again after"],
            ),
            (
                OPEN,
                joined(by=BEN),
                [
                    (
                        f"ProgrammeJoined is not for head@{TWO} to sign: it takes the head of the"
                        f" school (head@{ONE})"
                    )
                ],
            ),
            (
                given(OPEN, closed(ONE, "2024-09-02")),
                joined(),
                [
                    f"{ONE} closed on 2024-09-02: it can be no school any more",
                    ended_with(ANN.office, "2024-09-02"),
                ],
            ),
        ],
        ids=[
            "not named",
            "twice",
            "after the end",
            "before it began",
            "before it leaves",
            "another",
            "closed",
        ],
    )
    def test_it_is_refused(self, history, act, reasons):
        history.when(act).then_refused(*reasons)

    def test_no_other_organiser_is_named(self):
        OPEN.when_altered(joined(), organiser="body:beacon-trust").then_refused(
            "“organiser” must be as in the programme it names: got body:beacon-trust,"
            " expected body:northwick; left out, it is filled in"
        )

    def test_a_programme_that_is_not_there_is_refused(self):
        NORTHWICK.when_exactly(joined(organiser=NORTHWICK_BODY)).then_refused(
            "it names <programme:prog>, and no programme of that id stands in this ledger;"
            " `school-ledger show programme:` lists those that do"
        )

    def test_withdrawn_nothing_is_owed_from_that_day(self):
        history = given(JOINED, withdrawn("join", ANN, "2024-10-01"))
        assert history.left("join/peer_visit") == "0"
        assert history.left("join/peer_visit", "2024-09-30") == "2"


class TestProgrammeLeft:
    @pytest.mark.parametrize(
        ("last", "visits"), [("2025-02-28", "1"), ("2025-03-31", "2"), ("2024-09-03", "1")]
    )
    def test_the_visits_of_the_months_served_stay_owed_rounded_up(self, last, visits):
        history = given(JOINED, left_programme(on="2024-10-01", effective_on=last))
        assert history.left("join/peer_visit") == visits
        assert history.left("join/peer_visit", "2024-09-03") in ("2", visits)

    def test_it_joins_again_and_owes_those_of_what_is_left(self):
        history = given(
            JOINED, left_programme(on="2025-01-10"), joined(label="back", on="2025-05-01")
        )
        assert history.left("join/peer_visit") == "1"
        assert history.left("back/peer_visit") == "1"
        history.when(withdrawn("go", ANN, "2025-05-02")).then_refused(
            "later events rely on it: ProgrammeJoined <back>; withdraw those first"
        )

    @pytest.mark.parametrize(
        ("history", "act", "reasons"),
        [
            (
                OPEN,
                left_programme(),
                [f"{ONE} has not joined the programme, or has left it already"],
            ),
            (
                given(JOINED, left_programme()),
                left_programme(label="go-2", on="2025-02-01"),
                [f"{ONE} has not joined the programme, or has left it already"],
            ),
            (
                JOINED,
                left_programme(effective_on="2024-09-02"),
                ["it joined on 2024-09-03, and cannot leave before: got 2024-09-02"],
            ),
            (
                JOINED,
                left_programme(effective_on="2025-08-31"),
                ["the programme ends on 2025-08-31, and there is nothing left to leave"],
            ),
        ],
        ids=["never joined", "twice", "before it joined", "at the end"],
    )
    def test_it_is_refused(self, history, act, reasons):
        history.when(act).then_refused(*reasons)


AS_TWO = f"{ONE} takes part already, from 2024-09-03, as {TWO}, which merged into it"
#: School two joined, and merged into school one; below school one had joined, too.
MERGED = given(OPEN, joined(BEN, "join-2"), schools_merged())
BOTH = given(JOINED, joined(BEN, "join-2"), schools_merged())


class TestMerged:
    def test_what_the_school_that_ended_joined_goes_on_and_is_not_joined_anew(self):
        assert MERGED.owed(kind="peer_visit") == [owes(2)]
        MERGED.when(joined(on="2025-04-05")).then_refused(AS_TWO)

    def test_it_leaves_as_the_school_that_joined(self):
        leaves = left_programme(on="2025-05-01", effective_on="2025-05-01")
        MERGED.when(leaves).then_refused(f"{AS_TWO}: say that {TWO} leaves")
        history = given(MERGED, leaves.but(school=TWO))
        history.when(leaves.but(school=TWO, label="again")).then_refused(
            f"{TWO} has not joined the programme, or has left it already"
        )
        back = given(history, joined(on="2025-07-01"))
        assert back.owed(kind="peer_visit") == [owes(1), owes(2)]

    def test_of_two_times_that_became_one_the_schools_own_goes_on(self):
        history = given(BOTH, left_programme(on="2025-05-01"))
        history.when(left_programme(on="2025-05-02", label="again")).then_refused(
            f"{ONE} has not joined the programme, or has left it already"
        )
        history.when(joined(on="2025-07-01", label="back")).then_recorded()

    def test_who_joined_and_left_before_the_merger_may_join_again(self):
        gone = given(OPEN, joined(BEN, "join-2"), left_programme(BEN), schools_merged())
        gone.when(joined(on="2025-04-05")).then_recorded()


class TestGoneOn:
    """School one, which had joined, goes on from school two, which had too, after two months."""

    def test_it_says_that_the_school_went_on_as_the_other(self):
        history = given(OPEN, joined(BEN, "join-2"), self.goes_on(source=SOURCE))
        history.when(joined(on="2025-04-05")).then_refused(
            AS_TWO.replace("merged into it", "went on as it")
        )

    JOINED_BOTH = given(JOINED, joined(BEN, "join-2"))

    def goes_on(self, **source):
        said = {
            "school": ONE,
            "urn": "urn:900001",
            "former_urn": "urn:900002",
            "predecessor": TWO,
            "former_urn_closes_on": "2024-10-31",
            "effective_on": "2024-11-01",
        }
        return say("SuccessionAttributed", "succ", RITA, "2024-11-01", **said, **source)

    def test_of_two_times_that_became_one_one_owes_for_the_months_served(self):
        succeeded = given(self.JOINED_BOTH, self.goes_on(source=SOURCE))
        merged = given(self.JOINED_BOTH, schools_merged(on="2024-11-01", effective_on="2024-11-01"))
        assert succeeded.owed(kind="peer_visit") == merged.owed(kind="peer_visit")
        assert succeeded.owed(kind="peer_visit") == [owes(1), owes(2)]

    def test_on_a_registrars_word_alone_both_go_on(self):
        history = given(self.JOINED_BOTH, self.goes_on())
        assert history.owed(kind="peer_visit") == self.JOINED_BOTH.owed(kind="peer_visit")


def organiser_reports(at, label="i"):
    said = reported(label, programme="programme:prog", on="2025-09-20")
    return said.but(by=OLIVE, reporter=NORTHWICK_BODY, school=at)


def accounts(history):
    return [row.partition(": ")[2] for row in history.owed(kind="impact_account")]


class TestImpactAccount:
    def test_who_joined_accounts_to_the_organiser_after_the_end(self):
        assert accounts(JOINED) == [f"{ONE} owes {NORTHWICK_BODY} 1 item by 2025-10-12"]

    def test_who_left_accounts_after_its_last_day_and_others_as_before(self):
        history = given(JOINED, joined(BEN, "join-2"), left_programme(on="2025-01-10"))
        assert accounts(history) == [
            f"{ONE} owes {NORTHWICK_BODY} 1 item by 2025-02-21",
            f"{TWO} owes {NORTHWICK_BODY} 1 item by 2025-10-12",
        ]

    def test_who_joins_again_accounts_for_each_time(self):
        again = [left_programme(on="2025-01-10"), joined(label="back", on="2025-05-01")]
        twice = given(JOINED, again, left_programme(label="go-2", on="2025-06-10"))
        assert accounts(twice) == [
            f"{ONE} owes {NORTHWICK_BODY} 1 item by {day}" for day in ("2025-02-21", "2025-07-22")
        ]

    def test_a_partnership_that_organises_allows_its_own_days(self):
        opened = programme_opened(organiser=ESTUARY, by=CAROL)
        assert accounts(given(WITH_ESTUARY, opened, joined())) == [
            f"{ONE} owes {ESTUARY} 1 item by 2025-09-21"
        ]

    def test_its_report_discharges_it_and_the_organiser_answers(self):
        act = reported(programme="programme:prog", on="2025-09-20")
        said = JOINED.drafted(act).data
        assert (said["other_side"], said["school"]) == (NORTHWICK_BODY, ONE)
        told = given(JOINED, act)
        assert accounts(told) == []
        assert told.left("i/fulfilment_answer") == "1"
        answer = say("ImpactAnswered", "z", OLIVE, "2025-09-21", impact="impact:i")
        answered = given(told, answer.but(answer="confirmed"))
        assert answered.left("i/fulfilment_answer") == "0"
        told.when(act.but(label="again")).then_refused(
            f"{ONE} owes no account of it, or has given it already"
        )

    def test_the_organiser_of_visits_by_schools_claims_a_part_at_each_school_once(self):
        act = organiser_reports(ONE)
        told = given(JOINED, act)
        told.when(act.but(label="again")).then_refused(
            f"{NORTHWICK_BODY} has reported on it already: <impact:i>; withdraw that first"
        )
        told.when(organiser_reports(TWO, label="at-two")).then_recorded()

    def test_turned_round_it_reports_to_one_school_at_a_time(self):
        promised = given(NORTHWICK, visits_promised())
        told = given(promised, organiser_reports(TWO))
        assert told.record.entries[-1].data["role"] == "provider"
        assert accounts(told) == [
            f"{NORTHWICK_BODY} owes {school} 1 item by 2025-10-12" for school in (ONE, THREE)
        ]
        told.when(organiser_reports(TWO, label="again")).then_refused(
            f"{NORTHWICK_BODY} owes no account of it, or has given it already"
        )

    def test_turned_round_the_organiser_accounts_to_each_school(self):
        assert accounts(given(NORTHWICK, visits_promised())) == [
            f"{NORTHWICK_BODY} owes {school} 1 item by 2025-10-12" for school in (ONE, TWO, THREE)
        ]

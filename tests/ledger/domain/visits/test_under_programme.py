"""Visits under programmes: what they discharge, which counts where, and which are none of one."""

import pytest
from given import (
    ANN,
    BEACON,
    BEN,
    CAT,
    DAN,
    FOUR,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    THREE,
    TWO,
    WITH_YEAR,
    attested,
    body_changed,
    given,
    joined,
    left_programme,
    made,
    programme_opened,
    schools_merged,
    visits_promised,
    withdrawn,
)

UNDER = "programme:prog"
JOINED = given(NORTHWICK, programme_opened(), joined())
OWED = "join/peer_visit"
OVER = "is not within the programme Heads visit heads, from 2024-09-01 to 2025-08-31"
NOT_JOINED = "has not joined the programme Heads visit heads: ProgrammeJoined says so"


def visited(label="v", host=TWO, on="2024-10-01", under=UNDER, **changes):
    """School one visits a school, whose head confirms it."""
    by = {TWO: BEN, THREE: CAT}[host]
    said = {"host": host, "purpose": "peer_review", "days": "1.0", **changes}
    made_one = made(label, on, under=under, **said)
    return [made_one, attested(f"{label}-ok", label, days="1.0", on=on, by=by)]


class TestAskedOfSchools:
    def test_a_confirmed_visit_discharges_one_from_its_day(self):
        history = given(JOINED, visited())
        assert (history.left(OWED, "2024-09-30"), history.left(OWED)) == ("2", "1")

    def test_a_host_counts_once(self):
        history = given(JOINED, visited(), visited("v2", on="2024-11-01"))
        assert (history.left(OWED), history.beyond(OWED)) == ("1", "1")

    def test_each_visit_counts_where_hosts_need_not_be_distinct(self):
        opened = programme_opened(distinct_hosts=None)
        twice = [*visited(), *visited("v2", on="2024-11-01")]
        assert given(NORTHWICK, opened, joined(), twice).left(OWED) == "0"

    def test_one_outside_the_group_counts_for_both(self):
        opened = programme_opened(outside_group=1)
        moved = [body_changed(f"moved-{one[-1]}", "2024-09-10", school=one) for one in (ONE, TWO)]
        history = given(NORTHWICK, opened, joined(), moved, visited())
        assert [history.left(f"join/{kind}") for kind in ("peer_visit", "outside_visit")] == [
            *("1", "1")
        ]
        both = given(history, visited("v2", THREE))
        assert [both.left(f"join/{kind}") for kind in ("peer_visit", "outside_visit")] == [
            *("0", "0")
        ]

    def test_a_confirmation_withdrawn_owes_the_visit_anew(self):
        history = given(JOINED, visited(), withdrawn("v-ok", BEN, "2024-10-05"))
        assert (history.left(OWED, "2024-10-04"), history.left(OWED)) == ("1", "2")

    def test_after_a_merger_one_of_two_owes_what_it_served(self):
        history = given(JOINED, joined(BEN, "join-2"), schools_merged())
        assert history.left(OWED) == "2"
        assert history.left("join-2/peer_visit", "2025-03-31") == "2"
        assert history.left("join-2/peer_visit") == "2"
        early = given(JOINED, joined(BEN, "join-2"), schools_merged(effective_on="2025-02-01"))
        assert early.left("join-2/peer_visit") == "1"
        visits = given(early, visited(host=THREE, on="2025-03-01"))
        assert visits.left(OWED) == "1"

    def test_one_before_the_programme_was_opened_counts_if_it_was_within_it(self):
        """A clerk records in November what was agreed, and done, in September."""
        opened = programme_opened(on="2024-11-04")
        took_part = joined(on="2024-11-05", effective_on="2024-09-09")
        late = [
            made("v", "2024-09-20", recorded="2024-11-06", host=TWO, under=UNDER, days="1.0"),
            attested("v-ok", "v", days="1.0", on="2024-11-07"),
        ]
        history = given(NORTHWICK, opened, took_part, late)
        assert (history.left(OWED, "2024-09-19"), history.left(OWED, "2024-09-20")) == ("2", "1")

    def test_but_not_one_before_the_programme_began(self):
        opened = programme_opened(on="2024-11-04", starts="2024-10-01")
        took_part = joined(on="2024-11-05")
        said = made("v", "2024-09-30", recorded="2024-11-06", host=TWO, under=UNDER)
        given(NORTHWICK, opened, took_part.but(effective_on="2024-10-01")).when(said).then_refused(
            "it is said to have happened on 2024-09-30, before the programme that it names,"
            " which counts from 2024-10-01; check the day"
        )


class TestYearsThatCount:
    COUNTING = given(WITH_YEAR, programme_opened(counts_years=True), joined())

    def test_a_visit_under_a_year_counts_for_both(self):
        history = given(self.COUNTING, visited(under="year:year"))
        assert (history.left(f"year/peer_visit/{ONE}"), history.left(OWED)) == ("2", "1")

    def test_one_under_the_programme_counts_for_it_alone(self):
        history = given(self.COUNTING, visited())
        assert (history.left(f"year/peer_visit/{ONE}"), history.left(OWED)) == ("3", "1")

    def test_nothing_counts_that_was_made_before_joining_or_after_leaving(self):
        before = given(self.COUNTING, visited(under="year:year", on="2024-09-02"))
        assert before.left(OWED) == "2"
        gone = given(self.COUNTING, left_programme(on="2024-10-01"))
        after = given(gone, visited(under="year:year", on="2024-10-02"))
        assert after.left(OWED) == gone.left(OWED) == "1"

    def test_another_programme_counts_no_year(self):
        history = given(WITH_YEAR, programme_opened(), joined(), visited(under="year:year"))
        assert (history.left(f"year/peer_visit/{ONE}"), history.left(OWED)) == ("2", "2")

    def test_it_is_asked_which_where_both_stand_open(self):
        outcome = self.COUNTING.when(made(host=TWO))
        outcome.then_refused(
            "it does not say what it is under, and 2 stand open between the two:"
            " <year:year>, <programme:prog>; say which with --under, or the word nothing"
        )


class TestPromisedToSchools:
    PROMISED = given(NORTHWICK, visits_promised())

    def visit(self, label="v", on="2024-10-01", **changes):
        return made(label, on, visitor=NORTHWICK_BODY, by=OLIVE, host=TWO, **changes)

    def test_a_confirmed_visit_discharges_one_of_that_school(self):
        history = given(self.PROMISED, self.visit(), attested())
        assert history.left(f"prog/entitled_visit/{TWO}") == "1"
        assert history.left(f"prog/entitled_visit/{ONE}") == "2"

    def test_one_is_made_after_the_end_while_it_is_owed(self):
        late = self.visit(on="2025-09-10", under=UNDER)
        history = given(self.PROMISED, self.visit(), attested(), late)
        done = given(history, attested("a2", on="2025-09-11"))
        assert done.left(f"prog/entitled_visit/{TWO}") == "0"
        done.when(self.visit("v3", "2025-09-12", under=UNDER)).then_refused(f"2025-09-12 {OVER}")

    def test_a_school_that_goes_on_from_one_that_it_names_has_its_visits(self):
        merged = schools_merged(predecessors=[TWO, FOUR], school=FOUR, effective_on="2024-10-10")
        history = given(self.PROMISED, merged.but(on="2024-10-01"))
        visit = made("v", "2024-10-20", visitor=NORTHWICK_BODY, by=OLIVE, host=FOUR, under=UNDER)
        done = given(history, visit, attested(on="2024-10-21", by=DAN))
        assert done.left(f"prog/entitled_visit/{TWO}") == "1"

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            (
                {"visitor": ONE, "by": ANN},
                f"the programme is for {NORTHWICK_BODY} to visit its schools",
            ),
            ({"host": FOUR}, f"{FOUR} is not named in the programme Heads visit heads"),
        ],
    )
    def test_it_is_refused(self, changes, reason):
        said = {"visitor": NORTHWICK_BODY, "by": OLIVE, "host": TWO, "under": UNDER, **changes}
        self.PROMISED.when(made(**said)).then_refused(reason)


class TestWhatItIsUnder:
    def test_the_only_programme_that_stands_open_is_filled_in(self):
        assert (
            JOINED.drafted(made()).data["under"] == JOINED.drafted(made(under=UNDER)).data["under"]
        )

    def test_the_only_one_that_the_organiser_promised_is_filled_in(self):
        history = given(NORTHWICK, visits_promised())
        said = {"visitor": NORTHWICK_BODY, "by": OLIVE}
        assert history.drafted(made(**said)).data == history.drafted(made(**said, under=UNDER)).data

    @pytest.mark.parametrize(
        ("history", "act"),
        [
            (JOINED, made(visitor=TWO, host=ONE)),
            (JOINED, made(host=FOUR)),
            (JOINED, made(on="2025-09-01", host=BEACON)),
            (given(JOINED, left_programme(), visited(on="2025-01-09")), made(on="2025-02-01")),
        ],
        ids=["not joined", "host not named", "no school", "it left, and owes none"],
    )
    def test_nothing_is_filled_in_where_none_stands_open(self, history, act):
        assert history.drafted(act).data["under"] == "nothing"

    @pytest.mark.parametrize(
        ("history", "act", "reasons"),
        [
            (
                JOINED,
                made(visitor=TWO, host=ONE),
                [f"{TWO} {NOT_JOINED}"],
            ),
            (
                JOINED,
                made(host=BEACON),
                [f"a visit of the programme is made to a school, and {BEACON} is none"],
            ),
            (
                given(JOINED, left_programme(), visited(on="2025-01-09")),
                made(on="2025-09-01"),
                [
                    f"2025-09-01 {OVER}",
                    f"{ONE} does not take part in it on 2025-09-01",
                ],
            ),
        ],
        ids=["not joined", "no school", "over"],
    )
    def test_it_is_refused_that_it_is_under_it(self, history, act, reasons):
        history.when(act.but(under=UNDER)).then_refused(*reasons)

    def test_a_visit_is_made_after_the_end_while_it_is_owed(self):
        history = given(JOINED, visited(on="2025-09-10"))
        assert history.left(OWED) == "1"

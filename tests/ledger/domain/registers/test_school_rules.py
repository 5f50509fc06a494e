"""Registers: bodies and schools, what they become and go on as."""

from datetime import date
from typing import ClassVar

import pytest
from given import (
    BEACON,
    NORTHWICK,
    NORTHWICK_BODY,
    ONE,
    RITA,
    SOURCE,
    TWO,
    WITH_YEAR,
    By,
    agreed,
    body,
    body_changed,
    body_succeeded,
    converted,
    given,
    identified,
    newcomer,
    offered,
    say,
    school,
)

from ledger.domain.registers import schools


class TestSchoolChanged:
    @staticmethod
    def changed(**said):
        data = {"school": ONE, "effective_on": "2025-04-01", **said}
        return say("SchoolChanged", "sc", RITA, "2025-03-01", **data)

    WESTWICK = given(NORTHWICK, body("westwick", "local_authority"))

    def test_a_school_is_in_another_authority_and_of_another_phase_from_a_day_on(self):
        act = self.changed(la="body:westwick", phase="all_through", establishment_type="35")
        line = given(self.WESTWICK, act).look(schools.school(ONE))
        assert (line.phase, line.establishment_type) == ("all_through", "35")
        days = (date(2025, 3, 31), date(2025, 4, 1))
        assert [line.authority(day) for day in days] == [NORTHWICK_BODY, "body:westwick"]
        assert [line.responsible_body(day) for day in days] == [NORTHWICK_BODY, NORTHWICK_BODY]

    def test_and_so_may_its_new_authority_say_what_it_needs(self):
        una = By("una", "officer@body:westwick")
        history = given(self.WESTWICK, newcomer(una), self.changed(la="body:westwick"))
        need = identified(school=ONE, raiser="body:westwick", by=una, on="2025-04-02")
        history.when(need).then_recorded()
        assert given(self.WESTWICK, newcomer(una)).when(need).reasons

    FAULTS: ClassVar = {
        "nothing": (
            {},
            "it changes nothing: say the phase, the type, the place or the local authority",
        ),
        "its own authority": (
            {"la": NORTHWICK_BODY},
            f"the local authority of {ONE} is {NORTHWICK_BODY} already",
        ),
        "its own phase": ({"phase": "primary"}, f"the phase of {ONE} is primary already"),
    }

    @pytest.mark.parametrize("case", FAULTS.values(), ids=FAULTS)
    def test_what_is_no_change(self, case):
        said, reason = case
        self.WESTWICK.when(self.changed(**said)).then_refused(reason)


class TestBodiesAndSchools:
    def test_a_body_is_registered_once(self):
        given(NORTHWICK).when(body("new")).then_recorded()
        given(NORTHWICK).when(body("northwick").but(label="again")).then_refused(
            "body:northwick is registered already"
        )

    def test_a_school_is_registered_once_under_its_first_urn(self):
        new = "school:900005"
        given(NORTHWICK).when(school(new)).then_recorded()
        given(NORTHWICK).when(school(new, urn="urn:900006")).then_refused(
            "urn must be that by which the school line is named: got urn:900006, expected"
            " urn:900005"
        )
        given(NORTHWICK).when(school(new, urn="urn:900001")).then_refused(
            "urn must be that by which the school line is named: got urn:900001, expected"
            " urn:900005",
            f"urn:900001 belongs to {ONE} already",
        )

    def test_a_urn_is_no_second_schools(self):
        history = given(NORTHWICK, converted())
        history.when(school("school:900101")).then_refused(f"urn:900101 belongs to {ONE} already")

    def test_of_a_body_that_is_known(self):
        given(NORTHWICK).when(school("school:900005", la="body:nowhere")).then_refused(
            "it names body:nowhere as local authority, which is not registered in this"
            " ledger; `school-ledger find NAME` looks it up, and a registrar registers it"
        )

    def test_a_school_closes_once(self):
        closed = say("SchoolClosed", "closed", RITA, "2025-01-10", school=ONE)
        act = closed.but(effective_on="2025-01-31")
        history = given(NORTHWICK).when(act).then_recorded()
        history.when(act.but(label="again")).then_refused(
            f"{ONE} closed on 2025-01-31: it ends only once"
        )
        history.when(converted()).then_refused(f"{ONE} closed on 2025-01-31")

    #: What names a body, on or after the day on which another took its place, and as what.
    NAMES_A_BODY: ClassVar = {
        "a school's responsible body": (
            school("school:900005", responsible_body=BEACON).but(on="2025-05-01"),
            "responsible_body",
            "2025-05-01",
        ),
        "a school's authority": (
            school("school:900005", la=BEACON).but(on="2025-05-01"),
            "la",
            "2025-05-01",
        ),
        "another responsible body": (
            body_changed(on="2025-04-01"),
            "responsible_body",
            "2025-04-01",
        ),
        "another authority": (
            say(
                *("SchoolChanged", "c", RITA, "2025-05-01"),
                school=ONE,
                la=BEACON,
                effective_on="2025-05-01",
            ),
            "la",
            "2025-05-01",
        ),
        "that of a school that becomes an academy": (
            converted(),
            "responsible_body",
            "2025-04-01",
        ),
    }

    @pytest.mark.parametrize("case", NAMES_A_BODY.values(), ids=NAMES_A_BODY)
    def test_no_school_comes_under_a_body_that_ended(self, case):
        act, member, day = case
        gone = body_succeeded("gone", body=BEACON, on="2025-03-31")
        history = given(NORTHWICK, body("westwick"), gone)
        spelled = {"la": "local authority"}.get(member, "responsible body")
        history.when(act).then_refused(
            f"{BEACON} ended, its last day 2025-03-31: it can be no {spelled} from {day} on; say"
            f" {spelled} body:westwick"
        )

    def test_nor_under_one_that_ended_without_a_successor(self):
        gone = body_succeeded("gone", body=BEACON, successors=[], on="2025-03-31")
        given(NORTHWICK, gone).when(body_changed()).then_refused(
            f"{BEACON} ended, its last day 2025-03-31: it can be no responsible body from"
            " 2025-04-01 on"
        )

    def test_until_its_last_day_it_does(self):
        history = given(NORTHWICK, body("westwick"), body_succeeded("gone", body=BEACON))
        history.when(body_changed(on="2025-03-31")).then_recorded()

    def test_a_school_passes_to_another_body(self):
        given(NORTHWICK).when(body_changed()).then_recorded()

    def test_from_the_body_that_it_had_to_another(self):
        given(NORTHWICK).when(body_changed(former_body="body:beacon-trust")).then_refused(
            (
                "“former body” must be the responsible body until then: got body:beacon-trust,"
                " expected body:northwick; left out, it is filled in"
            ),
            "body:beacon-trust is the responsible body already",
        )
        given(NORTHWICK).when(body_changed(responsible_body="body:northwick")).then_refused(
            "body:northwick is the responsible body already"
        )

    def test_the_body_of_a_day_is_that_which_began_last_in_whatever_order_they_were_recorded(self):
        later = body_changed("second", "2025-09-01", said_on="2025-01-10")
        history = given(NORTHWICK, body("third"), later)
        earlier = body_changed(
            "first", "2025-03-01", said_on="2025-01-11", responsible_body="body:third"
        )
        history = history.when(earlier).then_recorded()
        history.when(
            body_changed("x", "2025-10-01", former_body="body:third", responsible_body="body:third")
        ).then_refused(
            (
                "“former body” must be the responsible body until then: got body:third, expected"
                " body:beacon-trust; left out, it is filled in"
            ),
            "body:third is the responsible body already",
        )


class TestSchoolConverted:
    AGREED = given(WITH_YEAR, offered(), agreed())

    def test_the_same_school_goes_on(self):
        given(NORTHWICK).when(converted()).then_recorded()

    CASES: ClassVar = {
        "by its own URN": (
            {"old_urn": "urn:900002"},
            (
                "“old urn” must be the school's URN: got urn:900002, expected urn:900001; left"
                " out, it is filled in"
            ),
        ),
        "to a URN that is free": (
            {"new_urn": "urn:900002"},
            "urn:900002 belongs to school:900002 already",
        ),
        "the new one opens when the old one closes": (
            {"new_urn_opens_on": "2025-03-30", "effective_on": "2025-03-30"},
            "the new URN opens on 2025-03-30, before the old one closes",
        ),
        "with one URN at a time": (
            {"old_urn_closes_on": "2025-04-01"},
            (
                "both URNs would be open on 2025-04-01: the old one's last day is the day before"
                " the new one opens, 2025-03-31; a published register that says otherwise is named"
                " with `--source.publisher` and `--source.title`"
            ),
        ),
        "from the day on which it opens": (
            {"effective_on": "2025-04-02"},
            (
                "it takes effect on 2025-04-02, and the new URN opens on 2025-04-01: a school goes"
                " on as another from the day on which that opens; leave the day out, and it is"
                " filled in"
            ),
        ),
        "from the responsible body": (
            {"former_body": "body:beacon-trust"},
            (
                "“former body” must be the responsible body until then: got"
                " body:beacon-trust, expected body:northwick; left out, it is filled in"
            ),
        ),
        "leaving only what it owes or is owed": (
            {
                "school": "school:900003",
                "old_urn": "urn:900003",
                "left_with_former_body": ["g/support"],
            },
            "<g/support> is nothing that school:900003 owes or is owed",
        ),
        "leaving only its own visits": (
            {"left_with_former_body": [f"year/peer_visit/{TWO}"]},
            f"<year/peer_visit/{TWO}> is nothing that {ONE} owes or is owed",
        ),
        "leaving no visits that a year does not open": (
            {"left_with_former_body": ["year/peer_visit"]},
            f"<year/peer_visit> is nothing that {ONE} owes or is owed",
        ),
        "leaving no support that nobody agreed": (
            {"left_with_former_body": ["o/support"]},
            f"<o/support> is nothing that {ONE} owes or is owed",
        ),
        "leaving no answer that is its own": (
            {"left_with_former_body": ["g/attestation"]},
            "<g/attestation> is for the school itself to answer; it cannot be left behind",
        ),
        "leaving nothing of an event unknown": (
            {"left_with_former_body": ["zzz/support"]},
            "it names <zzz/support>, which is not in this ledger; check its id",
        ),
    }

    @pytest.mark.parametrize("case", CASES.values(), ids=CASES)
    def test_only(self, case):
        changes, reason = case
        self.AGREED.when(converted(**changes)).then_refused(reason)

    def test_where_a_register_has_both_open_on_a_day_the_new_one_counts_from_it(self):
        act = converted(old_urn_closes_on="2025-04-01", source=SOURCE)
        history = given(NORTHWICK).when(act).then_recorded()
        found = history.book().look(schools.school(ONE))
        days = [date(2025, 3, 31), date(2025, 4, 1)]
        assert [found.urn_on(day) for day in days] == ["urn:900001", "urn:900101"]
        assert [found.had("urn:900001", day) for day in days] == [True, True]

    def test_what_it_owes_or_is_owed_may_be_left_with_the_former_body(self):
        left = ["g/support", f"year/peer_visit/{ONE}"]
        self.AGREED.when(converted(left_with_former_body=left)).then_recorded()

    def test_with_no_former_body_nothing_is_left_with_it(self):
        unknown = school("school:900005", responsible_body=None)
        history = given(
            WITH_YEAR,
            unknown,
            newcomer(By("eve", "head@school:900005")),
            offered(provider="school:900005", by=By("eve", "head@school:900005")),
            agreed(),
        )
        act = converted(
            school="school:900005",
            old_urn="urn:900005",
            former_body=None,
            left_with_former_body=["g/support"],
        )
        history.when(act).then_refused(
            "obligations can only be left with a former body that is known"
        )

"""Registers: founding, people, keys and offices."""

from datetime import date
from typing import ClassVar

import pytest
from given import (
    ANN,
    BEA,
    BEACON,
    BEN,
    FIRST,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    ORIGIN,
    RITA,
    ROB,
    SEALED,
    TOM,
    TWO,
    WITH_YEAR,
    By,
    appointed,
    ended,
    enrolled,
    for_key,
    for_office,
    founded,
    given,
    key,
    key_enrolled,
    key_members,
    newcomer,
    offered,
    person,
    rules_set,
    say,
    seed_of,
    withdrawn,
    worded,
)

from ledger.domain.registers import offices
from ledger.recording.founding import new_log_key

EVE = By("eve", f"head@{ONE}")


def registrar(name, holder=None, **changes):
    return {"person": person(holder or name), **key_members(name, holder), **changes}


class TestLedgerFounded:
    def test_it_begins_the_ledger(self):
        given().when(founded()).then_recorded()

    def test_only_once_and_only_first(self):
        given(founded()).when(founded().but(label="again")).then_refused(
            "the ledger is founded already; it can only be founded once",
            "it would stand at position 2; it can only be the first event",
        )

    def test_by_the_first_of_its_registrars(self):
        given().when(founded().but(by=ROB)).then_refused(
            "it must be signed by the first registrar that it names, <person:rita> with"
            " <key:rita>; it is signed by <person:rob> with <key:rob>"
        )

    def test_in_the_office_of_registrar(self):
        given().when(founded().but(by=By("rita", f"head@{ONE}"))).then_refused(
            f"it must be signed in the office registrar@ledger, not head@{ONE}"
        )

    def test_its_source_is_its_origin(self):
        origin = "other.example"
        log_key = new_log_key(origin, bytes(32)).verifier
        registrars = [registrar("rita", **key_members("rita", origin=origin))]
        act = founded(origin=origin, log_key=log_key, registrars=registrars)
        given().when(act).then_refused(
            f"its source is {ORIGIN}, its origin other.example; they must be one"
        )

    def test_registrars_share_neither_key_nor_person(self):
        given().when(founded(registrars=[registrar("rita"), registrar("rita")])).then_refused(
            "two of its registrars share a key or a person"
        )
        shared = [registrar("rita"), registrar("rob", "rita")]
        given().when(founded(registrars=shared)).then_refused(
            "two of its registrars share a key or a person"
        )

    def test_each_registrar_holds_their_key(self):
        stolen = registrar("rob", proof=key_members("rita")["proof"])
        [reason] = given().when(founded(registrars=[registrar("rita"), stolen])).reasons
        assert reason.startswith(f"the proof that {person('rob')} holds {key('rob')} does not hold")

    def test_the_log_has_a_key_of_its_own(self):
        log_key = new_log_key(ORIGIN, seed_of("rita")).verifier
        given().when(founded(log_key=log_key)).then_refused(
            "the log key is a registrar's key; the log needs a key of its own"
        )

    def test_the_log_key_is_named_by_the_origin(self):
        log_key = new_log_key("other.example", bytes(32)).verifier
        given().when(founded(log_key=log_key)).then_refused(
            f"the log key is named other.example; it must be named by the origin, {ORIGIN}"
        )


def test_rules_may_be_set_again():
    given(NORTHWICK).when(rules_set("rules-2", attestation_days=21)).then_recorded()


class TestPersonEnrolled:
    def test_a_person_becomes_known(self):
        given(NORTHWICK).when(enrolled("eve")).then_recorded()

    def test_once(self):
        given(NORTHWICK).when(enrolled("ann").but(label="again")).then_refused(
            "<person:ann> is enrolled already"
        )

    def test_a_founding_registrar_is_named_later(self):
        given(NORTHWICK).when(enrolled("rita")).then_recorded()


class TestPersonRenamed:
    def test_a_person_is_called_otherwise(self):
        said = {"person": "person:ann", "name": SEALED}
        NORTHWICK.when(say("PersonRenamed", "pr", RITA, FIRST, **said)).then_recorded()

    def test_who_has_a_name(self):
        said = {"person": "person:rob", "name": SEALED}
        NORTHWICK.when(say("PersonRenamed", "pr", RITA, FIRST, **said)).then_refused(
            "<person:rob> has no name yet: record PersonEnrolled"
        )


class TestKeyEnrolled:
    KNOWN = given(NORTHWICK, enrolled("eve"))

    def test_a_key_becomes_known(self):
        self.KNOWN.when(key_enrolled("eve")).then_recorded()

    def test_a_further_key_is_enrolled_by_the_persons_own(self):
        act = say("KeyEnrolled", "k2", ANN, "2024-09-05", person="person:ann")
        given(NORTHWICK).when(act.but(**key_members("second", "ann"))).then_recorded()

    def test_of_somebody_known(self):
        given(NORTHWICK).when(key_enrolled("eve")).then_refused(
            "it names <person:eve> as person, which is not registered in this ledger;"
            " `school-ledger find NAME` looks it up, and a registrar registers it"
        )

    def test_once_ever(self):
        act = key_enrolled("eve").but(**key_members("ann", "eve"))
        self.KNOWN.when(act).then_refused(
            "<key:ann> is enrolled already; a key is enrolled once, ever"
        )

    def test_by_its_own_fingerprint(self):
        act = key_enrolled("eve").but(key=key("other"))
        self.KNOWN.when(act).then_refused(
            "<key:other> is not the fingerprint of the public key, <key:eve>"
        )

    @pytest.mark.parametrize("proof", [key_members("ann")["proof"], "AAAA"])
    def test_with_proof_that_it_is_held(self, proof):
        [reason] = self.KNOWN.when(key_enrolled("eve").but(proof=proof)).reasons
        assert reason.startswith(f"the proof that {person('eve')} holds {key('eve')} does not hold")

    def test_never_the_logs_own(self):
        log = new_log_key(ORIGIN, seed_of("log")).verifier
        registrars = [registrar("rita"), registrar("rob")]
        history = given(founded(log_key=log, registrars=registrars), enrolled("log"))
        history.when(key_enrolled("log")).then_refused(
            "<key:log> signs the log; a person needs a key of their own"
        )


class TestVouched:
    OLIVE_VOUCHED = given(
        NORTHWICK, for_key("olive"), for_office(OLIVE).but(label="w2"), newcomer(EVE, "2024-09-06")
    )

    def test_another_registrar_vouches_for_a_key_and_an_appointment(self):
        given(NORTHWICK).when(for_key("ann")).then_recorded()
        given(NORTHWICK).when(for_office(ANN)).then_recorded()

    def test_an_officer_of_the_responsible_body_vouches_once_vouched_for(self):
        history = self.OLIVE_VOUCHED
        history.when(for_office(EVE, by=OLIVE, on="2024-09-07")).then_recorded()
        history.when(for_key("eve", by=OLIVE, on="2024-09-07")).then_recorded()

    def test_an_officer_of_another_body_does_not(self):
        history = given(NORTHWICK, for_key("tom"), for_office(TOM).but(label="w2"))
        history.when(for_office(ANN, by=TOM)).then_refused(
            "Vouched is not for officer@body:beacon-trust to sign: it takes someone else with a"
            " vouched key, of the same school or body (registrar@ledger)"
            f" (board_chair@{ONE}) (head@{ONE}) (officer@body:northwick)"
        )

    def test_never_who_recorded_it(self):
        given(NORTHWICK).when(for_key("ann", by=RITA)).then_refused(
            "somebody else must vouch: neither the person concerned nor who recorded it"
        )

    def test_never_for_oneself(self):
        history = given(NORTHWICK, for_key("ann"), for_office(ANN).but(label="w2"))
        history.when(for_office(ANN, by=ANN).but(label="w3")).then_refused(
            "somebody else must vouch: neither the person concerned nor who recorded it"
        )

    def test_with_a_key_and_an_office_that_are_vouched_for(self):
        given(NORTHWICK).when(for_office(ANN, by=BEA)).then_refused(
            "nobody else has vouched for <key:bea>, so it cannot vouch",
            f"nobody else has vouched for the appointment to board_chair@{ONE}, so it cannot vouch",
        )

    def test_a_further_key_stands_as_the_key_that_enrolled_it(self):
        second = say("KeyEnrolled", "k2", OLIVE, "2024-09-06", person="person:olive")
        history = given(self.OLIVE_VOUCHED, second.but(**key_members("olive-2", "olive")))
        by = OLIVE._replace(key=key("olive-2"))
        history.when(for_office(EVE, by=by, on="2024-09-07")).then_recorded()

    def test_it_repeats_what_it_vouches_for(self):
        given(NORTHWICK).when(for_office(ANN, person="person:ben", office=BEN.office)).then_refused(
            (
                "“person” must be as in the subject it names: got <person:ben>, expected"
                " <person:ann>; left out, it is filled in"
            ),
            (
                f"“office” must be as in the subject it names: got head@{TWO}, expected"
                f" head@{ONE}; left out, it is filled in"
            ),
        )
        given(NORTHWICK).when(for_key("ann", key=key("ben"))).then_refused(
            "“key” must be as in the subject it names: got <key:ben>, expected <key:ann>;"
            " left out, it is filled in"
        )

    def test_only_for_what_stands(self):
        given(NORTHWICK).when_exactly(for_office(EVE, person="person:ann")).then_refused(
            "it names <appointment:appoint-eve>, and no appointment of that id stands in"
            " this ledger; `school-ledger show appointment:` lists those that do"
        )


class TestAppointed:
    def test_a_person_takes_an_office(self):
        given(NORTHWICK, enrolled("eve")).when(appointed(EVE)).then_recorded()

    def test_somebody_known_at_a_party_that_is_known(self):
        given(NORTHWICK).when(appointed(By("eve", "head@school:900009"))).then_refused(
            (
                "it names <person:eve> as person, which is not registered in this ledger;"
                " `school-ledger find NAME` looks it up, and a registrar registers it"
            ),
            (
                "it names school:900009 as office, which is not registered in this ledger;"
                " `school-ledger find NAME` looks it up, and a registrar registers it"
            ),
        )

    @pytest.mark.parametrize(
        ("office", "reason"),
        [
            (f"officer@{ONE}", f"a school has no officer, so officer@{ONE} is no office"),
            (f"chair@{ONE}", f"a school has no chair, so chair@{ONE} is no office"),
            (
                "head@body:northwick",
                "a body has no head, so head@body:northwick is no office",
            ),
            (
                "head@partnership:estuary",
                "a partnership has no head, so head@partnership:estuary is no office",
            ),
            (
                "finance@partnership:estuary",
                "a partnership has no finance, so finance@partnership:estuary is no office",
            ),
        ],
    )
    def test_an_office_that_the_party_has(self, office, reason):
        given(WITH_YEAR, enrolled("eve")).when(appointed(By("eve", office))).then_refused(reason)

    @pytest.mark.parametrize("party", [ONE, "body:northwick"])
    def test_several_keep_the_money_of_a_school_or_body(self, party):
        first, second = By("fay", f"finance@{party}"), By("fred", f"finance@{party}")
        history = given(NORTHWICK, newcomer(first), newcomer(second))
        tenures = history.look(offices.office(first.office))
        holding = offices.holders(first.office, tenures, date(2024, 9, 2))
        assert [tenure.person for tenure in holding] == [person("fay"), person("fred")]

    def test_not_who_holds_it_already(self):
        given(NORTHWICK).when(appointed(ANN, "2024-10-01", label="again")).then_refused(
            f"<person:ann> holds head@{ONE} on 2024-10-01 already"
        )

    def test_not_in_the_place_of_another_in_silence(self):
        """A mistyped office removed a sitting head, and nothing said so."""
        known = given(NORTHWICK, enrolled("eve"))
        for said in ({"succeeds": None}, {"succeeds": "person:ben"}):
            faults = known.when(appointed(EVE, "2024-10-01", **said)).reasons
            assert faults[0] == worded(
                f"<person:ann> holds head@{ONE} on 2024-10-01: name them as whom <person:eve>"
                " succeeds, or stands in for, or end their appointment first"
            )
        known.when(appointed(EVE, "2024-10-01", succeeds="person:ann")).then_recorded()
        left = given(known, ended(ANN, "2024-10-31"))
        left.when(appointed(EVE, "2024-11-01", succeeds=None)).then_recorded()
        assert left.when(appointed(EVE, "2024-10-31", succeeds=None)).reasons

    @pytest.mark.parametrize(
        "office", ["registrar@ledger", OLIVE.office, f"finance@{NORTHWICK_BODY}", f"finance@{ONE}"]
    )
    def test_but_beside_another_where_several_hold_it(self, office):
        known = given(NORTHWICK, enrolled("eve"), appointed(By("bea", office), label="first"))
        known.when(appointed(By("eve", office), "2024-10-01")).then_recorded()

    FAULTS: ClassVar = {
        "whom nobody knows in the office": (
            {"succeeds": "person:ben"},
            f"<person:ben> never held head@{ONE}",
        ),
        "themselves": (
            {"stands_in_for": "person:eve", "basis": "acting"},
            "nobody succeeds, or stands in for, themselves",
        ),
        "and stays": (
            {"stands_in_for": "person:ann"},
            "only an acting holder stands in for somebody: got substantive, expected acting",
        ),
        "for a body, as an adviser does": (
            {"for_body": NORTHWICK_BODY},
            f"it says for which body head@{ONE} advises: only an adviser does; leave that out",
        ),
    }

    @pytest.mark.parametrize("case", FAULTS.values(), ids=FAULTS)
    def test_nobody_comes_after(self, case):
        said, reason = case
        known = given(NORTHWICK, enrolled("eve"))
        assert worded(reason) in known.when(appointed(EVE, "2024-10-01", **said)).reasons

    def test_an_adviser_advises_for_a_body(self):
        ada = By("ada", f"adviser@{ONE}")
        known = given(NORTHWICK, enrolled("ada"))
        known.when(appointed(ada)).then_refused(
            "an adviser advises for a body: say which with --for-body"
        )
        assert known.drafted(appointed(ada, by=OLIVE)).data["for_body"] == NORTHWICK_BODY
        known.when(appointed(ada, for_body=BEACON)).then_recorded()

    def test_who_was_replaced_may_come_back(self):
        acting = newcomer(EVE, "2024-10-01", basis="acting")
        history = given(NORTHWICK, acting, ended(EVE, "2024-10-31"))
        history.when(appointed(ANN, "2024-11-01", label="again")).then_recorded()


class TestAppointmentEnded:
    def test_a_holder_leaves(self):
        given(NORTHWICK).when(ended(ANN, "2024-10-01")).then_recorded()

    def test_only_who_holds_the_office(self):
        given(NORTHWICK).when(ended(By("ben", ANN.office), "2024-10-01")).then_refused(
            f"<person:ben> does not hold head@{ONE}"
        )
        once = given(NORTHWICK, ended(ANN, "2024-10-01"))
        once.when(ended(ANN, "2024-10-01", label="again")).then_refused(
            f"<person:ann> leaves head@{ONE} on 2024-10-01 already"
        )

    def test_an_end_that_was_mistyped_is_set_right(self):
        """Whoever ended their own term in 2034 could never be ended earlier."""
        history = given(NORTHWICK, ended(ANN, "2034-10-01", said_on="2024-10-01"))
        history = given(history, ended(ANN, "2024-10-31", said_on="2024-10-02", label="earlier"))
        history.when(offered(on="2024-10-31")).then_recorded()
        [reason] = history.when(offered(on="2024-11-01")).reasons
        assert reason.endswith(
            f"does not hold the office head@{ONE} on 2024-11-01: nobody does; appoint somebody"
            " first"
        )
        later = ended(ANN, "2024-11-30", said_on="2024-10-03", label="later")
        given(history, later).when(offered(on="2024-11-30")).then_recorded()

    def test_not_before_it_began(self):
        given(NORTHWICK).when(ended(ANN, "2024-08-01", said_on="2024-09-02")).then_refused(
            "it ends on 2024-08-01, before it began on 2024-09-01"
        )


def test_registers_are_not_withdrawn():
    given(NORTHWICK).when(withdrawn("body-beacon-trust", RITA, "2024-10-01")).then_refused(
        "BodyRegistered cannot be withdrawn: registers are set right by a later event of theirs",
    )


class TestTerms:
    NOT: ClassVar = {
        "that ends before it begins": (
            [("2025-09-03", "2025-09-02")],
            "a term ends on 2025-09-02, before it begins on 2025-09-03",
        ),
        "that begins while another goes on": (
            [("2025-09-03", "2025-12-19"), ("2025-12-19", "2026-03-27")],
            "a term begins on 2025-12-19, and the one before it ends on 2025-12-19",
        ),
    }

    @pytest.mark.parametrize("case", NOT.values(), ids=NOT)
    def test_none(self, case):
        days, reason = case
        terms = [{"first": first, "last": last} for first, last in days]
        NORTHWICK.when(rules_set("anew", terms=terms)).then_refused(reason)

    def test_in_their_order(self):
        terms = [{"first": "2025-09-03", "last": "2025-12-19"}]
        terms.append({"first": "2026-01-06", "last": "2026-03-27"})
        NORTHWICK.when(rules_set("anew", terms=terms)).then_recorded()

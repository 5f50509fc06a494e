"""Who may vouch, further keys and lost ones, and what every verifier judges again."""

import pytest
from given import (
    ANN,
    BEA,
    BEN,
    CAROL,
    NORTHWICK,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    ORIGIN,
    RITA,
    ROB,
    TWO,
    WITH_ESTUARY,
    By,
    appointed,
    body,
    enrolled,
    for_key,
    for_office,
    given,
    key,
    key_enrolled,
    key_members,
    key_of,
    offered,
    say,
    seed_of,
    vouched,
)

from ledger.domain.decide import judge_authority, judge_office
from ledger.domain.registers import offices
from ledger.domain.registers.key_rules import log_fingerprint
from ledger.format.sshsig import SECURITY_KEY, PublicKey
from ledger.recording.founding import new_log_key

EVE = By("eve", f"officer@{NORTHWICK_BODY}")


def trusted(who, on="2024-09-05"):
    """Rob vouches for somebody's key and appointment."""
    return [
        for_key(who.name, label=f"vk-{who.name}", on=on),
        for_office(who, label=f"vo-{who.name}", on=on),
    ]


def enrolled_key(label, holder, by, on="2024-09-10"):
    """Somebody enrols a further key for a person."""
    said = {"person": f"person:{holder}", **key_members(label, holder)}
    return say("KeyEnrolled", f"k-{label}", by, on, **said)


class TestWhoMayVouch:
    def test_the_outgoing_head_for_the_successor(self):
        act = for_key("eve", by=ANN, on="2024-09-20")
        history = given(NORTHWICK, trusted(ANN), enrolled("eve"))
        history = given(history, enrolled_key("eve", "eve", RITA), _successor())
        history.when(act.but(subject="enrolment:k-eve")).then_recorded()
        office = for_office(By("eve", ANN.office), by=ANN, on="2024-09-20")
        history.when(office).then_recorded()

    def test_the_chair_of_the_governing_board(self):
        history = given(NORTHWICK, trusted(BEA))
        history.when(for_key("ann", by=BEA, on="2024-09-20")).then_recorded()
        history.when(for_office(ANN, by=BEA, on="2024-09-20")).then_recorded()

    def test_nobody_of_another_school_or_body(self):
        history = given(NORTHWICK, trusted(BEN))
        [reason] = history.when(for_key("ann", by=BEN, on="2024-09-20")).reasons
        assert reason.startswith(f"Vouched is not for head@{TWO} to sign")
        assert f"(head@{TWO})" not in reason

    def test_for_somebody_without_any_office_only_a_registrar(self):
        history = given(NORTHWICK, trusted(BEA), enrolled("eve"), enrolled_key("eve", "eve", RITA))
        act = for_key("eve", subject="enrolment:k-eve", on="2024-09-20")
        history.when(act).then_recorded()
        assert history.when(act.but(by=BEA)).reasons != []

    def test_for_a_registrar_any_vouched_head_chair_or_officer(self):
        history = given(NORTHWICK, trusted(BEA), enrolled_key("rob-2", "rob", RITA))
        act = vouched(subject="enrolment:k-rob-2", person="person:rob", key=key("rob-2"))
        history.when(act.but(by=BEA, on="2024-09-20")).then_recorded()

    def test_the_chair_and_clerk_of_a_partnership_for_each_other(self):
        history = given(WITH_ESTUARY, trusted(CAROL))
        clerk = By("clem", "clerk@partnership:estuary")
        history.when(for_office(clerk, by=CAROL, on="2024-09-20")).then_recorded()

    def test_with_a_live_key(self):
        retired = say("KeyRetired", "kr", BEA, "2024-09-10", person="person:bea", key=key("bea"))
        history = given(NORTHWICK, trusted(BEA), retired)
        history.when(for_key("ann", by=BEA, on="2024-09-20")).then_refused(
            "<key:bea> is retired; sign with a key that is not"
        )

    def test_an_appointment_stands_as_whoever_made_it(self):
        head = By("eve", f"head@{ONE}")
        made = appointed(head, "2024-09-10", by=OLIVE, label="by-olive")
        history = given(NORTHWICK, enrolled("eve"), made)
        tenure = history.look(offices.office(head.office))[-1]
        assert not offices.is_vouched_in_office(history.look, tenure)
        history = given(history, trusted(OLIVE, on="2024-09-20"))
        assert offices.is_vouched_in_office(history.look, tenure)

    def test_nobody_vouches_by_appointing_themselves(self):
        history = given(
            NORTHWICK,
            trusted(OLIVE),
            appointed(By("olive", f"head@{ONE}"), "2024-09-10", by=OLIVE, label="self"),
        )
        tenure = history.look(offices.office(f"head@{ONE}"))[-1]
        assert not offices.is_vouched_in_office(history.look, tenure)

    def test_two_officers_who_appoint_each_other_vouch_for_nobody(self):
        history = given(
            NORTHWICK,
            enrolled("eve"),
            appointed(EVE, "2024-09-10", by=OLIVE, label="one"),
            enrolled_key("eve", "eve", RITA),
            appointed(OLIVE, "2024-09-12", by=RITA, label="two").but(
                person="person:eve", office="officer@body:beacon-trust"
            ),
        )
        for name in (EVE.office, "officer@body:beacon-trust"):
            for tenure in history.look(offices.office(name)):
                assert not offices.is_vouched_in_office(history.look, tenure)


def _successor():
    """Eve is to follow Ann in October."""
    eve = By("eve", ANN.office)
    return appointed(eve, "2024-09-10").but(effective_on="2024-10-01")


class TestFurtherKeys:
    def test_a_key_of_ones_own_enrols_the_next_which_is_live_at_once(self):
        history = given(NORTHWICK, enrolled_key("ann-2", "ann", ANN))
        history.when(offered(on="2024-09-11", by=ANN._replace(key=key("ann-2")))).then_recorded()

    def test_it_is_vouched_for_as_soon_as_the_first_is(self):
        history = given(NORTHWICK, enrolled_key("ann-2", "ann", ANN))
        assert not offices.is_vouched(history.look, key("ann-2"))
        assert offices.is_vouched(given(history, for_key("ann")).look, key("ann-2"))

    def test_a_retired_key_enrols_nothing(self):
        retired = say("KeyRetired", "kr", RITA, "2024-09-09", person="person:ann", key=key("ann"))
        given(NORTHWICK, retired).when(enrolled_key("ann-2", "ann", ANN)).then_refused(
            "<key:ann> is retired; sign with a key that is not"
        )

    def test_a_registrars_lost_key_takes_two_others_though_a_registrar_enrols_it(self):
        history = given(NORTHWICK, enrolled_key("rob-2", "rob", RITA))
        by = ROB._replace(key=key("rob-2"))
        act = body("new").but(by=by, on="2024-09-12")
        history.when(act).then_refused(
            "<key:rob-2> was enrolled by others, and nobody else has vouched for it yet: a"
            " colleague or a registrar does, with `school-ledger vouch`"
        )
        vouch = vouched(
            subject="enrolment:k-rob-2", person="person:rob", key=key("rob-2"), on="2024-09-11"
        )
        # Nor by whoever enrolled it.
        history.when(vouch.but(by=RITA)).then_refused(
            "somebody else must vouch: neither the person concerned nor who recorded it"
        )
        history = given(NORTHWICK, trusted(BEA), enrolled_key("rob-2", "rob", RITA))
        given(history, vouch.but(by=BEA)).when(act).then_recorded()

    def test_the_only_key_of_a_registrar_is_recovered_by_two_who_are_none(self):
        second = enrolled_key("rita-2", "rita", BEA)
        vouch = vouched(
            subject="enrolment:k-rita-2", person="person:rita", key=key("rita-2"), on="2024-09-11"
        )
        history = given(NORTHWICK, trusted(BEA), trusted(OLIVE), second, vouch.but(by=OLIVE))
        by = RITA._replace(key=key("rita-2"))
        history.when(body("new").but(by=by, on="2024-09-12")).then_recorded()

    def test_one_point_is_one_key_in_whatever_form(self):
        plain = key_of("ann").public
        security = PublicKey(plain.point, SECURITY_KEY, "ssh:")
        act = key_enrolled("ann", by=RITA).but(label="again", public_key=security.line)
        reason, *_ = given(NORTHWICK).when(act).reasons
        assert security.line != plain.line
        assert reason == f"{key('ann')} is enrolled already; a key is enrolled once, ever"
        assert log_fingerprint(new_log_key(ORIGIN, seed_of("ann")).verifier) == key("ann")

    def test_what_a_stolen_key_enrolled_is_no_better_than_it(self):
        enrols = enrolled_key("ann-2", "ann", ANN, "2024-09-20")
        third = By("ann", ANN.office, key("ann-2"))
        chain = enrolled_key("ann-3", "ann", third, "2024-09-21")
        told = say(
            "KeyCompromised",
            "kc",
            RITA,
            "2024-10-01",
            person="person:ann",
            key=key("ann"),
            since="2024-09-15T00:00:00Z",
        )
        history = given(NORTHWICK, enrols, chain, told)
        sentence = (
            "<key:{}> was enrolled with <key:ann>, which was compromised by then: somebody else"
            " must vouch for it first"
        )
        for label in ("ann-2", "ann-3"):
            act = offered(on="2024-10-02", by=ANN._replace(key=key(label)))
            history.when(act).then_refused(sentence.format(label))
        vouch = vouched(
            subject="enrolment:k-ann-2", person="person:ann", key=key("ann-2"), on="2024-10-02"
        )
        by = ANN._replace(key=key("ann-2"))
        given(history, vouch).when(offered(on="2024-10-03", by=by)).then_recorded()

    def test_what_it_enrolled_before_stands(self):
        enrols = enrolled_key("ann-2", "ann", ANN, "2024-09-10")
        told = say(
            "KeyCompromised",
            "kc",
            RITA,
            "2024-10-01",
            person="person:ann",
            key=key("ann"),
            since="2024-09-15T00:00:00Z",
        )
        by = ANN._replace(key=key("ann-2"))
        given(NORTHWICK, enrols, told).when(offered(on="2024-10-02", by=by)).then_recorded()


class TestAgainstARegistrar:
    def test_an_invented_officer_has_no_voice(self):
        act = say(
            "KeyCompromised",
            "kc",
            OLIVE,
            "2024-10-01",
            person="person:rita",
            key=key("rita"),
            since="2024-09-15T00:00:00Z",
        )
        given(NORTHWICK).when(act).then_refused(
            "nobody else has vouched for <key:olive>, so it cannot speak against a key",
            f"nobody else has vouched for the appointment to {OLIVE.office}, so it cannot speak"
            " against a key",
        )
        history = given(NORTHWICK, trusted(OLIVE), act)
        history.when(body("new").but(on="2024-10-02")).then_recorded()
        vouch = vouched(
            subject="compromise:kc", person="person:rita", key=key("rita"), on="2024-10-02"
        )
        given(history, vouch).when(body("new").but(on="2024-10-03")).then_refused(
            "<key:rita> is compromised since 2024-09-15T00:00:00Z; sign with another key"
        )


def compromised(by=RITA, since="2024-09-15T12:00:00Z", label="kc", on="2024-10-01", name="ann"):
    return say(
        "KeyCompromised",
        label,
        by,
        on,
        person=f"person:{name}",
        key=key(name),
        since=since,
    )


class TestJudgedAgainByVerifiers:
    """What an operator who writes the database by hand cannot get past anyone."""

    def judged(self, history, act):
        """Return what a verifier says of an act that was recorded all the same."""
        return judge_authority(history.drafted(act), history.look)

    def test_what_a_key_signed_before_its_compromise_was_recorded_still_verifies(self):
        before = given(NORTHWICK, offered(on="2024-09-20"))
        after = given(before, compromised())
        entry = before.record.entries[-1]
        book_then = given(NORTHWICK).look
        assert judge_authority(entry, book_then) == []
        assert self.judged(after, offered("late", on="2024-10-02")) != []

    def test_who_vouches_for_what_they_recorded_themselves(self):
        assert self.judged(given(NORTHWICK), for_key("ann", by=RITA)) == [
            "somebody else must vouch: neither the person concerned nor who recorded it"
        ]

    def test_who_vouches_without_being_vouched_for(self):
        assert len(self.judged(given(NORTHWICK), for_key("ann", by=BEA))) == 2

    def test_a_key_that_speaks_against_itself(self):
        act = compromised(RITA, name="rita")
        assert self.judged(given(NORTHWICK), act) == [
            "a key does not speak against itself: sign with another key"
        ]

    def test_who_replaces_the_key_of_another_without_being_vouched_for(self):
        assert len(self.judged(given(NORTHWICK), enrolled_key("ann-2", "ann", BEA))) == 2

    def test_none_of_these_is_settled_by_the_event_alone(self):
        """A verifier that keeps verdicts by office must always ask the record for these."""

        class AskedError(Exception):
            pass

        def ask(_fact):
            raise AskedError

        for act in (for_key("ann", by=RITA), compromised(), enrolled_key("ann-2", "ann", RITA)):
            entry = given(NORTHWICK).drafted(act)
            with pytest.raises(AskedError):
                judge_office(entry, ask)


class TestSince:
    def history(self, *since):
        said = [compromised(since=each, label=f"kc{number}") for number, each in enumerate(since)]
        return given(NORTHWICK, said)

    def since(self, history):
        standing = history.look(offices.key(key("ann")))
        return offices.compromised_since(history.look, standing)

    def test_the_earliest_wins(self):
        history = self.history("2024-09-15T12:00:00Z", "2024-09-12T08:00:00Z")
        assert self.since(history) == "2024-09-12T08:00:00Z"

    def test_it_may_lie_before_the_key_and_the_key_may_be_retired(self):
        retired = say("KeyRetired", "kr", RITA, "2024-09-09", person="person:ann", key=key("ann"))
        history = given(NORTHWICK, retired, compromised(since="2020-01-01T00:00:00Z"))
        assert self.since(history) == "2020-01-01T00:00:00Z"

    def test_one_person_in_two_offices_is_one_voice(self):
        twice = By("bea", f"officer@{NORTHWICK_BODY}")
        history = given(
            NORTHWICK,
            trusted(BEA),
            appointed(twice, "2024-09-10", label="bea-too"),
            for_office(twice, subject="appointment:bea-too", label="vo-too", on="2024-09-11"),
            compromised(BEA),
            compromised(twice, "2024-09-14T00:00:00Z", "kc2"),
        )
        assert self.since(history) is None

    def test_another_who_vouches_is_the_second_voice(self):
        vouch = vouched(
            subject="compromise:kc", person="person:ann", key=key("ann"), on="2024-10-02"
        )
        history = given(NORTHWICK, trusted(BEA), compromised(BEA))
        assert self.since(history) is None
        assert self.since(given(history, vouch)) == "2024-09-15T12:00:00Z"

    def test_backdating_does_not_help_a_stolen_key(self):
        """Order is position: signed before, recorded after, is refused."""
        act = offered(on="2024-09-14").but(recorded="2024-10-02")
        self.history("2024-09-15T12:00:00Z").when(act).then_refused(
            "<key:ann> is compromised since 2024-09-15T12:00:00Z; sign with another key"
        )

"""The rest of a key's life, the log's key, the ledger's clock, and what is erased."""

import base64
from typing import ClassVar

import pytest
from given import (
    ANN,
    BEA,
    BEN,
    NORTHWICK,
    OLIVE,
    ONE,
    ORIGIN,
    REGISTRAR,
    RITA,
    ROB,
    ROOT,
    SEALED,
    TWO,
    By,
    appointed,
    body,
    for_key,
    for_office,
    given,
    key,
    key_members,
    made,
    newcomer,
    offered,
    say,
    seed_of,
    vouched,
    withdrawn,
    worded,
)

from ledger.recording.founding import new_log_key

SUE = By("sue", REGISTRAR)
#: Bea and Olive, in key and appointment.
VOUCHED_FOR = given(
    NORTHWICK,
    [for_key(who.name, label=f"vouch-key-{who.name}") for who in (BEA, OLIVE)],
    [for_office(who, label=f"vouch-office-{who.name}") for who in (BEA, OLIVE)],
)


class TestDetailErased:
    ERASED: ClassVar = {"authority": "data_subject", "reason": "no_longer_needed"}

    def erased(self, what, pointer, label="e", by=RITA):
        return say(
            "DetailErased", label, by, "2024-10-01", event=what, pointer=pointer, **self.ERASED
        )

    def test_a_sealed_text_is_erased_once(self):
        act = self.erased("event:enrol-ann", "/data/name")
        history = given(NORTHWICK).when(act).then_recorded()
        history.when(act.but(label="again")).then_refused(
            "/data/name of <event:enrol-ann> is erased already"
        )

    def test_only_what_is_sealed(self):
        given(NORTHWICK).when(self.erased("event:enrol-ann", "/data/contact")).then_refused(
            "<event:enrol-ann> seals nothing at /data/contact; it seals /data/name"
        )
        given(NORTHWICK).when(self.erased("event:appoint-ann", "/data/reason")).then_refused(
            "<event:appoint-ann> seals nothing at /data/reason; it seals nothing"
        )

    def test_of_an_event_that_is_withdrawn_and_of_a_withdrawal(self):
        disputed_visit = given(
            NORTHWICK, made(note=SEALED), withdrawn("v", ANN, "2024-10-01", text=SEALED)
        )
        disputed_visit.when(self.erased("event:v", "/data/note")).then_recorded()
        disputed_visit.when(self.erased("event:withdraw-v", "/data/text")).then_recorded()

    def test_of_an_event_that_is_known(self):
        given(NORTHWICK).when(self.erased("event:zzz", "/data/name")).then_refused(
            "it names <event:zzz>, which is not in this ledger; check its id"
        )


class TestKeysLives:
    def retired(self, by, label="kr", name="ann"):
        return say("KeyRetired", label, by, "2024-10-01", person=f"person:{name}", key=key(name))

    def compromised(self, by, label="kc", name="ann", since="2024-09-15T00:00:00Z"):
        return say(
            "KeyCompromised",
            label,
            by,
            "2024-10-01",
            person=f"person:{name}",
            key=key(name),
            since=since,
        )

    def test_a_retired_key_signs_no_more(self):
        history = given(NORTHWICK, self.retired(ANN))
        history.when(offered(on="2024-10-02")).then_refused(
            "<key:ann> is retired; sign with a key that is not"
        )
        history.when(self.retired(RITA, "again")).then_refused("<key:ann> is retired already")

    def test_only_its_person_or_a_registrar_retires_it(self):
        given(NORTHWICK).when(self.retired(BEN)).then_refused(
            f"KeyRetired is not for head@{TWO} to sign: it takes the registrar, and a second one"
            " for another registrar's key (registrar@ledger); or the person, with a live key of"
            " their own"
        )

    #: Sue is a registrar whom Rita appointed, and whom Rob vouches for.
    THREE_REGISTRARS = given(
        NORTHWICK,
        newcomer(SUE),
        for_key("sue", by=ROB, label="vouch-key-sue"),
        for_office(SUE, by=ROB, label="vouch-office-sue"),
    )
    RETIRED = "<key:rita> is retired; sign with a key that is not"

    def test_one_registrar_alone_retires_no_other_registrars_key(self):
        history = given(self.THREE_REGISTRARS, self.retired(ROB, name="rita"))
        history.when(body("new").but(on="2024-10-02")).then_recorded()
        history.when(self.retired(ROB, "again", name="rita")).then_refused(
            "<person:rob> has said so already: a registrar's key is retired by its holder, or by"
            " two other registrars"
        )

    def test_two_do_and_the_holder_does(self):
        one = given(self.THREE_REGISTRARS, self.retired(ROB, name="rita"))
        two = given(one, self.retired(SUE, "second", name="rita"))
        two.when(body("new").but(on="2024-10-02")).then_refused(self.RETIRED)
        own = given(NORTHWICK, self.retired(RITA, name="rita"))
        own.when(body("new").but(on="2024-10-02")).then_refused(self.RETIRED)
        given(one, self.retired(RITA, "own", name="rita")).when(
            body("new").but(on="2024-10-02")
        ).then_refused(self.RETIRED)

    def test_an_invented_registrar_is_no_second_one(self):
        invented = given(NORTHWICK, newcomer(SUE), self.retired(ROB, name="rita"))
        invented.when(self.retired(SUE, "second", name="rita")).then_refused(
            "nobody else has vouched for <key:sue>, so it cannot retire another registrar's key",
            "nobody else has vouched for the appointment to registrar@ledger, so it cannot retire"
            " another registrar's key",
        )
        invented.when(self.retired(SUE, "own", name="sue")).then_recorded()
        invented.when(self.retired(SUE, "anns")).then_recorded()

    @pytest.mark.parametrize("said", ["retired", "compromised"])
    def test_what_fell_before_its_holder_became_a_registrar_stays_so(self, said):
        """Whoever holds a stolen key would else sign with it again after the appointment."""
        history = given(
            NORTHWICK,
            getattr(self, said)(RITA),
            appointed(By("ann", REGISTRAR), "2024-10-02", label="ann-registrar"),
        )
        act = body("new").but(by=By("ann", REGISTRAR), on="2024-10-03")
        assert history.when(act).reasons[0].startswith(worded(f"<key:ann> is {said}"))

    def test_a_key_and_its_person_belong_together(self):
        act = self.retired(RITA).but(person="person:ben")
        given(NORTHWICK).when(act).then_refused(
            "“person” must be the person whose key it is: got <person:ben>, expected"
            " <person:ann>; left out, it is filled in"
        )
        act = self.retired(RITA).but(key=key("nobody"))
        given(NORTHWICK).when(act).then_refused("<key:nobody> is not enrolled in this ledger")

    def test_a_compromised_key_signs_no_more(self):
        history = given(NORTHWICK, self.compromised(RITA))
        history.when(offered(on="2024-10-02")).then_refused(
            "<key:ann> is compromised since 2024-09-15T00:00:00Z; sign with another key"
        )
        history.when(self.compromised(RITA, "again")).then_refused(
            "<person:rita> has said so already, since 2024-09-15T00:00:00Z"
        )
        earlier = self.compromised(RITA, "again", since="2024-09-10T00:00:00Z")
        history.when(earlier).then_recorded()

    def test_what_one_other_says_of_a_key_takes_a_second(self):
        history = given(VOUCHED_FOR, self.compromised(BEA))
        history.when(offered(on="2024-10-02")).then_recorded()
        history = given(history, self.compromised(OLIVE, "second", since="2024-09-20T00:00:00Z"))
        history.when(offered(on="2024-10-02")).then_refused(
            "<key:ann> is compromised since 2024-09-15T00:00:00Z; sign with another key"
        )

    def test_a_registrars_key_falls_only_when_somebody_vouches_for_it(self):
        history = given(NORTHWICK, self.compromised(ROB, name="rita"))
        history.when(body("new").but(on="2024-10-02")).then_recorded()
        said = {"subject": "compromise:kc", "person": "person:rita", "key": key("rita")}
        history.when(vouched(**said, by=ROB, on="2024-10-02")).then_refused(
            "somebody else must vouch: neither the person concerned nor who recorded it"
        )

    @pytest.mark.parametrize("name", ["rita", "ann"], ids=["a registrar", "anybody"])
    def test_an_invented_voice_does_not_speak_against(self, name):
        """Two strangers whom nobody vouches for would brand any key, since 1970."""
        act = self.compromised(BEA, name=name, since="1970-01-01T00:00:00Z")
        given(NORTHWICK).when(act).then_refused(
            "nobody else has vouched for <key:bea>, so it cannot speak against a key",
            f"nobody else has vouched for the appointment to {BEA.office}, so it cannot"
            " speak against a key",
        )
        history = given(NORTHWICK, for_key("bea"))
        history.when(act).then_refused(
            f"nobody else has vouched for the appointment to {BEA.office}, so it cannot"
            " speak against a key"
        )
        given(history, for_office(BEA, label="w2")).when(act).then_recorded()

    def test_a_key_enrolled_with_a_compromised_one_needs_somebody_to_vouch(self):
        second = say("KeyEnrolled", "k2", ANN, "2024-09-20", person="person:ann")
        second = second.but(**key_members("ann-2", "ann"))
        history = given(NORTHWICK, second, self.compromised(RITA))
        by = ANN._replace(key=key("ann-2"))
        history.when(offered(on="2024-10-02", by=by)).then_refused(
            "<key:ann-2> was enrolled with <key:ann>, which was compromised by then: somebody else"
            " must vouch for it first"
        )
        vouch = for_key("ann", subject="enrolment:k2", key=key("ann-2"), on="2024-10-02")
        given(history, vouch).when(offered(on="2024-10-03", by=by)).then_recorded()

    def test_never_that_key_itself_nor_ahead(self):
        act = self.compromised(RITA, name="rita", since="2024-10-01T13:00:00Z")
        given(NORTHWICK).when(act).then_refused(
            "a key does not speak against itself: sign with another key",
            "it is compromised since 2024-10-01T13:00:00Z, which lies ahead",
        )
        given(NORTHWICK, for_key("ann"), for_office(ANN, label="w2")).when(
            self.compromised(ANN)
        ).then_refused(
            f"KeyCompromised is not for head@{ONE} to sign: it takes the registrar"
            " (registrar@ledger); or two others, each in an office of theirs and vouched for",
            "a key does not speak against itself: sign with another key",
        )

    def test_a_lost_key_is_replaced_by_two_others(self):
        second = say("KeyEnrolled", "k2", BEA, "2024-09-10", person="person:ann")
        second = second.but(**key_members("ann-2", "ann"))
        NORTHWICK.when(second).then_refused(
            "nobody else has vouched for <key:bea>, so it cannot replace the key of another",
            f"nobody else has vouched for the appointment to {BEA.office}, so it cannot replace the"
            " key of another",
        )
        history = given(NORTHWICK, for_key("bea"), for_office(BEA, label="w2"), second)
        by = ANN._replace(key=key("ann-2"))
        history.when(offered(on="2024-09-11", by=by)).then_refused(
            "<key:ann-2> was enrolled by others, and nobody else has vouched for it yet: a"
            " colleague or a registrar does, with `school-ledger vouch`"
        )
        vouch = for_key("ann", subject="enrolment:k2", key=key("ann-2"), on="2024-09-11")
        history = given(history, vouch)
        history.when(offered(on="2024-09-12", by=by)).then_recorded()


class TestTheLogAndTheClock:
    FORMER = new_log_key(ORIGIN, bytes(32)).verifier
    NEXT = new_log_key(ORIGIN, b"\1" * 32).verifier

    def changed(self, former=FORMER, log_key=NEXT, label="lk"):
        return say("LogKeyChanged", label, RITA, "2024-10-01", former=former, log_key=log_key)

    def test_the_log_takes_another_key(self):
        history = given(NORTHWICK, self.changed())
        history.when(self.changed(label="again")).then_refused(
            (
                f"the former log key that it names is not the one in use: got {self.FORMER},"
                f" expected {self.NEXT}"
            ),
            "the log key was used before; make a new one",
        )

    def test_of_its_own_and_of_its_name(self):
        own = new_log_key(ORIGIN, seed_of("ann")).verifier
        given(NORTHWICK).when(self.changed(log_key=own)).then_refused(
            "<key:ann> is a person's key; the log needs a key of its own"
        )
        other = new_log_key("other.example", b"\1" * 32).verifier
        given(NORTHWICK).when(self.changed(log_key=other)).then_refused(
            f"the log key is named other.example; it must be named by the origin, {ORIGIN}"
        )

    def test_a_log_key_that_is_none_is_refused_and_raises_nothing(self):
        broken = f"{ORIGIN}+01234567+{base64.b64encode(bytes(33)).decode()}"
        [reason] = given(NORTHWICK).when(self.changed(log_key=broken)).reasons
        assert reason.startswith("the log key cannot be read: ")

    def test_the_clock_is_corrected_to_an_earlier_place(self):
        act = say("ClockCorrected", "cc", RITA, "2024-10-01", since=ROOT)
        given(NORTHWICK).when(act).then_recorded()
        ahead = ROOT.replace("1:", "900:", 1)
        given(NORTHWICK).when(act.but(since=ahead)).then_refused(
            f"it corrects the clock since no earlier place in history: got {ahead}"
        )

"""Every key that could ever sign for an office, by whose word, and what is advised about them."""

from datetime import date

import pytest
from registry import ALDER, Registry, key, members, person

from ledger.recording.founding import new_log_key
from projections.reports.advice import advice
from projections.reports.keyholders import key_holders, keyholders, look_at, offices_at
from projections.tables import catalogue
from projections.tables.views import moment

HEAD = f"head@{ALDER}"


@pytest.fixture
def registry(tmp_path):
    with Registry(tmp_path / "a.db") as registry:
        yield registry


def rows(registry, about=None, known_at=None):
    store = registry.ledger.store
    with catalogue.views(store, None).open() as connection:
        at = moment(connection, "2026-12-31", known_at)
        return list(keyholders(connection, store, at, about).rows)


def test_whose_keys_were_asked_for_is_said(registry):
    store = registry.ledger.store
    with catalogue.views(store, None).open() as connection:
        at = moment(connection, "2026-12-31")
        asked = [keyholders(connection, store, at, one).asked for one in (None, ALDER, HEAD)]
    assert asked == ["", "Alder School (900001)", "head of Alder School (900001)"]


def told(registry, about, *columns):
    return [tuple(row[column] for column in columns) for row in rows(registry, about)]


def retire(registry, label, name="ann"):
    registry.say("rita", "KeyRetired", person=person(name), key_=key(label))


def compromise(registry, label="ann", name="ann"):
    said = {"person": person(name), "key_": key(label), "since": "2026-03-02T09:00:00Z"}
    registry.say("rita", "KeyCompromised", **said)


def test_who_enrolled_appointed_and_vouched(registry):
    columns = ("person_name", "enrolled_by_name", "key_vouched_by_name", "standing")
    for name in ("rita", "rob"):
        registry.say("rita", "PersonEnrolled", person=person(name), name=f"Mx {name.title()}")
    assert told(registry, HEAD, *columns) == [
        ("Mx Ann", "Mx Rita", None, "key unvouched, appointment unvouched")
    ]
    registry.vouch("ann")
    assert told(registry, HEAD, *columns) == [("Mx Ann", "Mx Rita", "Mx Rob", "vouched")]
    columns = ("appointed_by_name", "appointment_vouched_by_name", "key", "first", "last")
    assert told(registry, HEAD, *columns) == [("Mx Rita", "Mx Rob", key("ann"), "2026-03-02", None)]


def test_the_founding_registrars_vouch_for_each_other_by_founding(registry):
    found = told(registry, "registrar@ledger", "person", "key", "standing")
    assert found == [(person(name), key(name), "vouched") for name in ("rita", "rob")]


def test_every_key_of_a_person_from_when_to_when(registry):
    registry.say("ann", "KeyEnrolled", **members("ann", "ann-2"))
    registry.clock.now = registry.clock.now.replace(day=9)
    registry.say("ann", "KeyEnrolled", key="ann-2", **members("ann", "ann-3"))
    retire(registry, "ann")
    compromise(registry, "ann-2")
    columns = ("key", "first", "last", "compromised_since", "standing")
    unvouched = "key unvouched, appointment unvouched"
    assert told(registry, HEAD, *columns) == [
        (key("ann"), "2026-03-02", "2026-03-09", None, f"{unvouched}, retired"),
        (
            key("ann-2"),
            "2026-03-02",
            None,
            "2026-03-02T09:00:00Z",
            f"{unvouched}, compromised",
        ),
        (key("ann-3"), "2026-03-09", None, None, unvouched),
    ]


def test_a_registrars_key_that_one_other_says_is_retired_signs_until_a_second_does(registry):
    registry.say("rita", "KeyRetired", person=person("rob"), key_=key("rob"))
    columns = ("last", "retired_at", "standing")
    assert told(registry, person("rob"), *columns) == [(None, None, "vouched, retiring")]
    registry.say("rob", "KeyRetired", person=person("rob"), key_=key("rob"))
    ((last, retired_at, standing),) = told(
        registry, person("rob"), "last", "retired_at", "standing"
    )
    assert (last, standing) == ("2026-03-02", "vouched, retired")
    assert retired_at is not None


def test_a_key_that_ended_before_the_tenure_never_signed_for_the_office(registry):
    retire(registry, "ann")
    registry.clock.now = registry.clock.now.replace(day=9)
    registry.say("rita", "KeyEnrolled", **members("ann", "ann-2"))
    said = {"person": person("ann"), "office_": "officer@body:northwick", "basis": "acting"}
    registry.say("rita", "Appointed", effective_on="2026-03-09", **said)
    found = told(registry, "officer@body:northwick", "person", "key")
    assert found == [(person("olive"), key("olive")), (person("ann"), key("ann-2"))]


def test_who_holds_an_office_without_a_key_is_there_too(registry):
    registry.say("rita", "PersonEnrolled", person=person("rob"), name="Mx Rob")
    someone = "person:01900000-0000-7000-8000-000000000099"
    registry.say("rita", "PersonEnrolled", person=someone, name="Mx New")
    said = {"person": someone, "office_": f"board_chair@{ALDER}", "basis": "substantive"}
    registry.say("rita", "Appointed", effective_on="2026-03-02", **said)
    (found,) = rows(registry, f"board_chair@{ALDER}")
    assert (found["key"], found["standing"]) == (None, "no key, appointment unvouched")


def test_of_a_party_a_person_or_everyone(registry):
    assert {row["office"] for row in rows(registry, ALDER)} == {HEAD}
    assert {row["person"] for row in rows(registry, person("ann"))} == {person("ann")}
    assert len(rows(registry)) == 5


def test_as_it_was_known_before(registry):
    then = registry.ledger.head().size
    registry.vouch("ann")
    (before,) = rows(registry, HEAD, known_at=then)
    assert before["standing"] == "key unvouched, appointment unvouched"
    assert rows(registry, HEAD, known_at=2)[0:] == []


def test_facts_alone_tell_it(registry):
    """So the same list is made of a bundle's entries as of a ledger's."""
    look = look_at(registry.ledger.store, registry.ledger.head().size)
    (holder,) = key_holders(look, [HEAD])
    assert (holder.person, holder.key, holder.enrolled_by) == (
        person("ann"),
        key("ann"),
        person("rita"),
    )


class TestAdvice:
    def sentences(self, registry):
        with catalogue.views(registry.ledger.store, None).open() as connection:
            names = offices_at(connection, moment(connection))
        return [one.sentence for one in advice(registry.ledger.look, names, date(2026, 3, 2))]

    def test_an_office_without_a_vouched_key(self, registry):
        assert len(self.sentences(registry)) == 3
        registry.vouch("ben")
        registry.vouch("olive")
        (sentence,) = self.sentences(registry)
        assert sentence == (
            f"nobody else has vouched for the key and the appointment of {HEAD}; see"
            " `school-ledger keys`"
        )
        registry.vouch("ann")
        assert self.sentences(registry) == []

    def test_an_office_whose_only_key_signs_no_more(self, registry):
        for name in ("ann", "ben", "olive"):
            registry.vouch(name)
        retire(registry, "ann")
        assert self.sentences(registry) == [
            f"{HEAD} is held, and nobody who holds it has a key that may sign"
        ]

    def test_an_office_that_nobody_holds_is_no_matter(self, registry):
        for name in ("ben", "olive"):
            registry.vouch(name)
        said = {"person": person("ann"), "office_": HEAD, "effective_on": "2026-03-01"}
        registry.say("rita", "AppointmentEnded", **said)
        assert self.sentences(registry) == []

    def test_a_log_key_that_nobody_vouched_for(self, registry):
        for name in ("ann", "ben", "olive"):
            registry.vouch(name)
        former, following = (
            new_log_key(registry.ledger.origin, each * 32).verifier for each in (b"l", b"n")
        )
        change = registry.say("rita", "LogKeyChanged", former=former, log_key=following)
        (sentence,) = self.sentences(registry)
        assert f"record Vouched --subject log_key:{change}" in sentence
        registry.say("olive", "Vouched", subject=f"log_key:{change}")
        assert self.sentences(registry) == []

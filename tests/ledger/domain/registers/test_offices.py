"""Offices: who holds one on a day, and until when."""

from datetime import date

import pytest
from given import ANN, NORTHWICK, ONE, RITA, By, appointed, ended, given, newcomer, person

from ledger.decision_model.facts import Book
from ledger.domain.registers import offices

EVE = By("eve", ANN.office)
HEAD = f"head@{ONE}"


def held(history, day, name=HEAD):
    tenures = history.look(offices.office(name))
    return {tenure.person for tenure in offices.holders(name, tenures, date.fromisoformat(day))}


REPLACED = given(NORTHWICK, newcomer(EVE, "2024-10-01"))
ACTING = given(
    NORTHWICK, newcomer(EVE, "2024-10-01", basis="acting"), ended(EVE, "2024-10-31", by=RITA)
)
BACK = given(ACTING, appointed(ANN, "2024-11-10", label="back"))

CASES = {
    "nobody before the first": (NORTHWICK, "2024-08-31", set()),
    "the first from the first day": (NORTHWICK, "2024-09-01", {"ann"}),
    "the first until the second begins": (REPLACED, "2024-09-30", {"ann"}),
    "the second from then": (REPLACED, "2024-10-01", {"eve"}),
    "the acting one to the last day": (ACTING, "2024-10-31", {"eve"}),
    "nobody after the acting one": (ACTING, "2024-11-01", set()),
    "the first again when appointed again": (BACK, "2024-11-10", {"ann"}),
    "ended later": (given(NORTHWICK, ended(ANN, "2025-01-31")), "2025-01-31", {"ann"}),
    "ended": (given(NORTHWICK, ended(ANN, "2025-01-31")), "2025-02-01", set()),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_who_holds_an_office_on_a_day(case):
    history, day, names = case
    assert held(history, day) == {person(name) for name in names}


def test_registrars_hold_theirs_together():
    assert held(NORTHWICK, "2024-09-01", "registrar@ledger") == {person("rita"), person("rob")}


@pytest.mark.parametrize(
    ("history", "last"),
    [
        (NORTHWICK, None),
        (REPLACED, date(2024, 9, 30)),
        (given(NORTHWICK, ended(ANN, "2025-01-31")), date(2025, 1, 31)),
        (given(REPLACED, ended(ANN, "2024-09-15", said_on="2024-10-02")), date(2024, 9, 15)),
    ],
)
def test_the_last_day_of_a_tenure(history, last):
    tenures = history.look(offices.office(HEAD))
    assert offices.last_day(HEAD, tenures[0], tenures) == last


def test_appointments_by_the_registrar_wait_for_somebody_to_vouch():
    assert not NORTHWICK.look(offices.office(HEAD))[0].vouched


def test_an_office_held_twice_is_told_once():
    history = given(NORTHWICK, ended(ANN, "2024-10-31"), appointed(ANN, "2024-12-01", label="back"))
    assert history.look(offices.offices_of(person("ann"))) == (HEAD,)
    assert history.look(offices.offices_of(person("rita"))) == ("registrar@ledger",)


def test_whether_a_head_has_a_key_that_signs_is_told_without_all_that_registrars_signed():
    record, read = NORTHWICK.record, []

    def reading(tag, types, before):
        read.append(tag)
        return record.read(tag, types, before)

    look = Book(reading, len(record.entries)).look
    assert offices.has_live_key(look, person("ann"))
    assert offices.registrar_since(look, person("ann")) is None
    assert "office:registrar@ledger" not in read


def test_since_when_a_registrar_is_one_is_told_by_the_position_that_made_them_so():
    assert offices.registrar_since(NORTHWICK.look, person("rita")) == 1
    made = given(NORTHWICK, newcomer(By("dee", "registrar@ledger"), "2024-10-01")).record
    position = next(e.position for e in made.entries[::-1] if e.name == "Appointed")
    assert offices.registrar_since(Book(made.read, position).look, person("dee")) == position

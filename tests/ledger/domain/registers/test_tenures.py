"""Tenures of an office: every value of a history says what a plain list of it would."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from examples import some
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from ledger.domain.registers import offices
from ledger.domain.registers.tenures import Tenure, Tenures

FIRST = date(2024, 9, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(-1, 8)]
PEOPLE = ("ann", "ben", "cat")
CHAIR, OFFICER = "chair@partnership:estuary", "officer@body:northwick"


def tenure(person: str, first: date, appointment: str = "a", last: date | None = None) -> Tenure:
    return Tenure(person, "substantive", first, last, appointment, vouched=False)


# -- the plain list ----------------------------------------------------------------------------


def plainly_held(tenures: list[Tenure], day: date) -> Tenure | None:
    """Return the one holder: whoever began last of those there; nobody if one since has left."""
    standing = [one for one in tenures if one.covers(day)]
    if not standing:
        return None
    latest = standing[0]
    for one in standing[1:]:
        if one.first >= latest.first:
            latest = one
    return None if any(latest.first < one.first <= day for one in tenures) else latest


def plain_last_day(one: Tenure, tenures: list[Tenure]) -> date | None:
    lasts = [] if one.last is None else [one.last]
    lasts += [each.first - timedelta(days=1) for each in tenures if each.first > one.first]
    return min(lasts, default=None)


def plain_turns(tenures: list[Tenure]) -> set[date]:
    lasts = {one.last + timedelta(days=1) for one in tenures if one.last is not None}
    return lasts | {one.first for one in tenures}


def follow(tenures: Tenures, plain: list[Tenure], act: tuple) -> tuple[Tenures, list[Tenure]]:
    kind, person, day, number = act
    if kind == "appoint":
        one = tenure(person, day, f"a{number}")
        return tenures.with_one(one), [*plain, one]
    if kind == "end":
        own = [at for at, one in enumerate(plain) if one.person == person]
        ending = [at for at in own if plain[at].last is None] or own[-1:]
        ended = [one._replace(last=day) if at in ending else one for at, one in enumerate(plain)]
        return tenures.ended(person, day), ended
    vouched = [
        one._replace(vouched=True) if one.appointment == f"a{number}" else one for one in plain
    ]
    return tenures.changed(f"a{number}", lambda one: one._replace(vouched=True)), vouched


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["appoint", "appoint", "end", "vouch"]),
        st.sampled_from(PEOPLE),
        st.sampled_from(DAYS[1:]),
        st.integers(0, 5),
    ),
    max_size=16,
)


@settings(max_examples=some(300), deadline=None)
@examples(ACTS, st.data())
def test_every_value_of_a_history_says_what_a_plain_list_says(acts, data):
    """Some values are followed by two others: each goes its own way."""
    values = [(Tenures(), [])]
    for act in acts:
        before = values[data.draw(st.integers(max(0, len(values) - 3), len(values) - 1))]
        values.append(follow(*before, act))
    for tenures, plain in values:
        assert list(tenures) == plain
        assert tenures == tuple(plain)
        assert [tenures[n] for n in range(len(tenures))] == plain
        for person in PEOPLE:
            own = [one for one in plain if one.person == person]
            assert list(tenures.of(person)) == own[::-1]
            assert tenures.still_open(person) == tuple(one for one in own if one.last is None)
        for one in plain:
            assert offices.last_day(CHAIR, one, tenures) == plain_last_day(one, plain)
            assert offices.last_day(OFFICER, one, tenures) == one.last
        for day in DAYS:
            told(tenures, plain, day)


def told(tenures: Tenures, plain: list[Tenure], day: date) -> None:
    latest, standing = plainly_held(plain, day), tuple(one for one in plain if one.covers(day))
    assert tenures.latest(day) == latest
    assert offices.holders(CHAIR, tenures, day) == (() if latest is None else (latest,))
    assert offices.holders(OFFICER, tenures, day) == standing
    assert list(offices.holding(CHAIR, tenures, day)) == ([] if latest is None else [latest])
    assert Counter(offices.holding(OFFICER, tenures, day)) == Counter(standing)
    for person in PEOPLE:
        own = [one for one in standing if one.person == person]
        assert list(offices.held_by(OFFICER, tenures, person, day)) == own[::-1]
        one = [latest] if latest is not None and latest.person == person else []
        assert list(offices.held_by(CHAIR, tenures, person, day)) == one
    turns = plain_turns(plain)
    assert tenures.turns_around(day) == (
        max((turn for turn in turns if turn <= day), default=None),
        min((turn for turn in turns if turn > day), default=None),
    )


def test_what_changes_nothing_is_the_same_value():
    tenures = Tenures([tenure("ann", FIRST, last=FIRST)])
    assert tenures.ended("ann", FIRST) is tenures
    assert tenures.ended("ben", FIRST) is tenures
    assert tenures.changed("a", lambda one: one) is tenures
    assert tenures.changed("b", lambda one: one._replace(vouched=True)) is tenures


def test_values_of_one_history_differ_and_equal_ones_of_two_are_equal():
    ann, ben = tenure("ann", FIRST), tenure("ben", FIRST)
    one = Tenures().with_one(ann)
    two = one.with_one(ben)
    assert one != two
    assert two == Tenures([ann, ben])
    assert one == (ann,)
    assert one != [ann]
    with pytest.raises(TypeError, match="tenures are no key"):
        hash(one)


def test_the_empty_value_begins_many_histories():
    start = Tenures()
    histories = [start.with_one(tenure(person, FIRST)) for person in PEOPLE]
    assert [one.person for (one,) in histories] == list(PEOPLE)
    assert list(start) == []


def test_a_slice_is_a_plain_tuple():
    both = Tenures([tenure("ann", FIRST), tenure("ben", FIRST)])
    assert both[1:] == (tenure("ben", FIRST),)
    assert repr(both).startswith("Tenures([Tenure(person='ann'")


@pytest.mark.sweep
def test_thousands_who_held_one_office_are_added_and_asked_at_the_cost_of_one():
    """Each used to be compared with every other: 20,000 took minutes."""
    tenures = Tenures()
    for number in range(20_000):
        tenures = tenures.with_one(tenure(f"p{number}", FIRST, f"a{number}"))
        tenures = tenures.changed(f"a{number}", lambda one: one._replace(vouched=True))
        assert any(offices.held_by(OFFICER, tenures, f"p{number}", FIRST))
        holder = tenures.latest(FIRST)
        assert holder is not None
        assert holder.person == f"p{number}"
        tenures = tenures.ended(f"p{number}", FIRST + timedelta(days=1))
    assert len(tenures) == 20_000


def test_one_of_the_holders_is_found_at_the_cost_of_one_however_many_held_the_office(monkeypatch):
    """All of them used to be gone through for each appointment: 25,000 officers took minutes."""
    asked = Counter()
    covers = Tenure.covers

    def counted(one: Tenure, day: date) -> bool:
        asked["times"] += 1
        return covers(one, day)

    monkeypatch.setattr(Tenure, "covers", counted)
    left = [tenure(f"p{number}", FIRST, f"a{number}", FIRST) for number in range(500)]
    stay = [tenure(f"q{number}", FIRST, f"b{number}") for number in range(500)]
    tenures = Tenures([*left, *stay])
    assert any(offices.holding(OFFICER, tenures, FIRST + timedelta(days=1)))
    assert offices.sole_holder(lambda _fact: tenures, OFFICER, FIRST + timedelta(days=1)) is None
    assert asked["times"] <= 3

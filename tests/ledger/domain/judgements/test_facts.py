"""In which category a school is: as the inspection that was published last says."""

from datetime import date

import pytest
from given import NORTHWICK, TWO, converted, framework, given, judged

from ledger.domain.judgements.facts import concern, in_category
from ledger.domain.registers.schools import school

FRAMED = given(NORTHWICK, framework())


def placed(label, on, category="special_measures", **changes):
    """An inspection of school one or two that sets a category, for the URN of the time."""
    said = {"urn": "urn:900002", "category": category, **changes}
    return judged(label, on, **said)


def is_in_category(history, day, reference=TWO):
    """Return whether a school is in a category of concern on a day."""
    standing = history.look(school(reference))
    return in_category(standing, history.look(concern(reference)), date.fromisoformat(day))


LATER = {
    "recorded later, published before": (
        placed("k", "2024-10-01", "none", recorded="2024-12-01"),
        True,
    ),
    "inspected before, published later": (
        placed("k", "2024-12-01", "none", inspected_on="2024-10-01"),
        False,
    ),
    "published on the same day, recorded later": (placed("k", "2024-11-01", "none"), False),
    "of another URN": (placed("k", "2024-12-01", "none", urn=None, about="school:900003"), True),
}


@pytest.mark.parametrize("case", LATER.values(), ids=LATER)
def test_the_inspection_that_was_published_last_tells(case):
    act, expected = case
    history = given(FRAMED, placed("j", "2024-11-01"), act)
    assert is_in_category(history, "2024-12-02") == expected


def test_it_counts_from_its_publication():
    act = placed("j", "2024-11-20", inspected_on="2024-10-01", published_on="2024-11-01")
    history = given(FRAMED, act)
    assert not is_in_category(history, "2024-10-31")
    assert is_in_category(history, "2024-11-01")


def test_it_does_not_pass_to_a_new_urn():
    one = {"about": "school:900001", "urn": "urn:900001"}
    history = given(FRAMED, placed("j", "2024-11-01", **one), converted())
    assert is_in_category(history, "2025-03-31", one["about"])
    assert not is_in_category(history, "2025-04-01", one["about"])

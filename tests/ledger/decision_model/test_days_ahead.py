"""What an event names takes effect at most ten years after it is recorded."""

import pytest
from given import ANN, NORTHWICK, departure

SAID = "it takes effect more than 10 years after it is recorded"


@pytest.mark.parametrize("day", ["2035-01-11", "2040-01-01", "2199-12-31"])
def test_a_day_more_than_ten_years_ahead_is_refused_in_a_sentence(day):
    outcome = NORTHWICK.when(departure(ANN, on="2025-01-10", effective_on=day))
    assert any(one.startswith(SAID) and day in one for one in outcome.reasons)


def test_the_same_day_ten_years_later_is_not():
    said = departure(ANN, on="2025-01-10", effective_on="2035-01-10")
    assert not any(one.startswith(SAID) for one in NORTHWICK.when(said).reasons)

"""How much of a table or a property an ordinary run tries; sweeps try all of it."""

import pytest
from hypothesis import settings


def some(whole, least=5):
    """Return a share of so many examples, or all of them, as the profile of the run says."""
    return max(least, whole * settings.default.max_examples // 100)


def one_in(count, cases):
    """Return cases as parameters, each count-th for every run and all for those with `-m sweep`."""
    return [
        pytest.param(*case, marks=() if number % count == 0 else pytest.mark.sweep)
        for number, case in enumerate(cases)
    ]

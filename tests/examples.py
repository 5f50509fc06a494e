"""How many examples a property is tried with."""

from hypothesis import settings


def some(whole):
    """Return a share of so many examples, or all of them, as the profile of the run says."""
    return max(5, whole * settings.default.max_examples // 100)

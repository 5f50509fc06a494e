"""A report to be written in every format."""

import pytest
from hostile_report import written


@pytest.fixture
def hostile():
    """Return the report with hostile names, its rows as a list."""
    return written()

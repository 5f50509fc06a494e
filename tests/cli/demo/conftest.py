"""The demo, recorded once for all that is asked of it."""

import pytest
from guides import run_here


@pytest.fixture(scope="session")
def recorded(tmp_path_factory):
    """Where the demo is recorded in a folder `d`, and what that printed."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, run_here("school-ledger demo --dir d", folder)


@pytest.fixture(scope="session")
def place(recorded):
    return recorded[0]

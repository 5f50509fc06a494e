from typing import get_args

import pytest

from ledger.regions import NAMES, Region, by_name


def test_every_region_has_a_name_by_which_it_is_found_in_any_case():
    assert tuple(NAMES) == get_args(Region)
    assert [by_name(name.upper()) for name in NAMES.values()] == list(NAMES)


@pytest.mark.parametrize("name", ["", "Wales (pseudo)", "Not Applicable", "north-east"])
def test_what_the_register_calls_no_region_of_england_is_none(name):
    assert by_name(name) is None

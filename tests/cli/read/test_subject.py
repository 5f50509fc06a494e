"""What `show` takes besides events and parties: offices, keys, identifiers of open data."""

import re

import pytest

from ledger.values import KEY


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("head@900001", "Office: head of Alder School (900001)"),
        ("head@Alder School", "Office: head of Alder School (900001)"),
        ("head@school:900001", "Office: head of Alder School (900001)"),
        ("registrar@ledger", "Office: registrar of the ledger"),
        ("GB-EDU-900001", "Alder School (school:900001)"),
        ("360G-northwick-example-support-northwick", "Northwick Council (body:northwick)"),
        ("360G-northwick-example-support-{visit}", "VisitMade {visit}"),
    ],
)
def test_an_office_and_an_identifier_of_open_data_are_shown(world, typed, shown):
    said = world.done("show", typed.format(visit=world.visit))
    assert said.startswith(f"{shown.format(visit=world.visit)}\n")


def test_an_office_says_who_holds_it_and_with_which_key(world):
    said = world.done("show", "head@900001")
    assert f"  held by    Alder ({world.people['alder']}), substantive\n" in said
    assert "Who held it, with which key:\n" in said


def test_a_key_is_shown_by_its_fingerprint_or_the_start_of_it(world):
    printed = world.done("key", "show", world.key("alder"))
    key = re.search(KEY.removeprefix("key:"), printed)[0]
    for typed in (key, f"key:{key}", key[:18]):
        said = world.done("show", typed)
        assert said.startswith("Key of Alder\n")
        assert "In which offices it could sign:\n" in said


def test_an_office_that_nobody_was_appointed_to_and_a_key_of_nobody(world):
    assert world.error("show", "chair@northwick") == (
        "Error: nobody was ever appointed chair of Northwick Council. `school-ledger keys` lists"
        " every office with whoever holds it or held it.\n"
    )
    assert world.error("show", "SHA256:aaaaaa").startswith(
        "Error: no holder of an office has a key that begins with key:SHA256:aaaaaa."
    )

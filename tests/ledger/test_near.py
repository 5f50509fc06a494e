"""What somebody may have meant who typed a word that there is not."""

import pytest

from ledger.near import did_you_mean, near

WORDS = ["attestation", "spend_account", "impact_account", "Inclusion", "--about"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("atestation", ["attestation"]),
        ("spend-acount", ["spend_account"]),
        ("INCLUSOIN", ["Inclusion"]),
        ("--abuot", ["--about"]),
        ("quince", []),
        ("", []),
    ],
)
def test_words_come_near_whatever_their_case_and_hyphens(typed, meant):
    assert near(typed, WORDS, 1) == meant


def test_a_question_names_the_nearest_first_or_is_none():
    assert did_you_mean("acount", ["account", "count"]) == "Did you mean account or count?"
    assert not did_you_mean("quince", WORDS)

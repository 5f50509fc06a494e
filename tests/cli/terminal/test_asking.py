"""Asking for one of many words, which a person may name by number."""

import click
import pytest
from click.testing import CliRunner

from cli.terminal.asking import one_of

WORDS = ("achievement", "inclusion", "leadership")
LISTED = "   1  achievement\n   2  inclusion\n   3  leadership\nArea"


def asked(typed, default=None):
    @click.command()
    def command():
        click.echo(one_of("Area", WORDS, default))

    return CliRunner().invoke(command, input=typed)


@pytest.mark.parametrize(
    ("typed", "word"), [("2\n", "inclusion"), (" 3 \n", "leadership"), ("inclusion\n", "inclusion")]
)
def test_a_word_is_meant_by_its_number_or_itself(typed, word):
    result = asked(typed)
    assert (result.stdout, result.stderr[: len(LISTED)]) == (f"{word}\n", LISTED)


@pytest.mark.parametrize("wrong", ["0", "4", "phonics", "²"])
def test_what_is_not_in_the_list_is_asked_again(wrong):
    result = asked(f"{wrong}\n1\n")
    assert f"Error: '{wrong}' is no word of the list, nor a number of it." in result.stderr
    assert result.stdout == "achievement\n"


def test_what_is_proposed_is_taken_where_nothing_is_typed():
    result = asked("\n", "inclusion")
    assert ("Area [inclusion]: " in result.stderr, result.stdout) == (True, "inclusion\n")

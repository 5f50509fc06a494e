"""`help`: the words of reports, in words that a head understands."""

from __future__ import annotations

import re

import pytest
from wcwidth import wcswidth

from cli.read.glossary import GLOSSARY
from cli.terminal.formats import GLOSSARY_NAMED
from projections.reports.marks import NOTES


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (("root",), "root: One number that stands for the whole record"),
        (("known", "at"), "known at: The last entry that an answer takes into account"),
        (("known-at",), "known at: "),
        (("Leaf", "0"), "leaf 0: "),
        (("leaf",), "leaf 0: "),
        (("urn",), "URN: "),
        (("checkpoints",), "checkpoint: "),
        (("seen",), "seen: "),
        (("sealed",), "sealed: "),
        (("unvouched",), "unvouched: "),
        (("outside",), "outside: "),
        (("stage",), "stage: How far help for a school has come"),
        (("tags",), "tag: "),
        (("the", "trust", "card"), "trust card: "),
    ],
)
def test_a_word_is_explained_however_it_is_written(empty, words, first):
    assert empty.done("help", *words).startswith(first)


def test_without_a_word_every_word_is_explained_in_order_within_the_screen(empty, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    said = empty.done("help")
    words = re.findall(r"(?:^|\n\n)([^\n:]+): ", said)
    assert words == list(GLOSSARY) == sorted(GLOSSARY, key=str.casefold)
    assert max(map(wcswidth, said.splitlines())) <= 60


def test_what_reports_name_explains_every_word_typed_as_it_stands(empty):
    assert empty.done(*re.findall("`school-ledger (.+?)`", GLOSSARY_NAMED)[0].split()) == (
        empty.done("help")
    )


def test_a_word_that_there_is_not_is_answered_by_the_nearest(empty):
    assert "Did you mean checkpoint?" in empty.error("help", "chekpoint")
    assert "`school-ledger help` lists every word." in empty.error("help", "xylophone")
    assert "no word considered" in empty.error("help", "considered"), "no id, which it has in it"


def test_a_command_is_explained_by_its_own_help(empty):
    assert "`school-ledger owes --help` explains it." in empty.error("help", "owes")


def test_every_mark_of_a_report_is_explained():
    assert NOTES.keys() <= GLOSSARY.keys()


@pytest.mark.parametrize("words", [("owes",), ("history", "900002"), ("keys",), ("show", "900002")])
def test_every_report_ends_by_naming_the_glossary(world, words):
    assert world.done(*words).endswith(f"\n{GLOSSARY_NAMED}\n")


def test_other_formats_are_left_alone(world):
    assert GLOSSARY_NAMED not in world.done("owes", "--format", "csv")


def test_what_explains_a_word_uses_no_word_that_is_explained_nowhere():
    for word in ("tree head", "Merkle", "hash", "SSHSIG", "projection", "fold"):
        assert not any(word in meaning for meaning in GLOSSARY.values()), word

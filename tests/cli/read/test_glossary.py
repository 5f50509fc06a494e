"""`help`: the words of reports, in words that a head understands."""

from __future__ import annotations

import re
from dataclasses import replace
from string import Formatter
from typing import get_args

import pytest
from hostile_report import HEADING, MADE, written
from wcwidth import wcswidth

from cli.read.catalogue import REPORTS
from cli.read.glossary import GLOSSARY
from cli.read.reference import _module
from cli.terminal.formats import GLOSSARY_NAMED, heading_lines
from ledger.decision_model.journal import Reason
from ledger.domain.post import KINDS
from ledger.events import CATALOGUE
from projections.exports.base import facts
from projections.reports.base import Bundle
from projections.reports.marks import NOTES
from projections.reports.said_by import BOTH, ONE_SIDE, PUBLISHED, RECORDED_FOR
from projections.reports.schools import STAGES


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
        (("ratifications",), "ratification: "),
        (("spend_account",), "account of spending: "),
        (("brokerage",), "arrangement of help: "),
        (("void",), "voided: "),
        (("waive",), "waived: "),
        (("party_gone",), "party gone: "),
        (("presence", "proved"), "presence proved: "),
        (("completeness", "claimed"), "completeness claimed: "),
        (("open", "demands"), "open demands: "),
        (("none", "of", "its", "own", "changed"), "none of its own changed: "),
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


def test_every_way_in_which_what_is_owed_changed_is_explained_as_it_is_printed(empty):
    for reason in get_args(Reason):
        assert empty.done("help", reason).startswith(f"{reason.replace('_', ' ')}: ")


#: What a head teacher knows without us, of the words that titles, kinds, marks and sentences use.
_PLAIN = """
    a about acceptance accepted account accounts act acted action adopted advice advised after
    agreed all allowed an and answered application apply appointed appointer appointment area
    areas as asks at authorities authority away b back be bearing bears became because been
    before being between beyond body by called cannot category cause ceased certified change
    claimant claimants claimed classrooms cleared clock closed commissioned committed compared
    comply confirm confirmed conflict conflicts contested corrected could day days decide
    decided decision declaration declared declined delivered demands disputed dissolved
    document done due each effect ended ends excels excluded find first for formed found
    founded from fund funding gains gap give given giver goes grade grant had handed hands
    happened has have head held help helped how identified if in inspected inspection
    intervened into is it its join joined joins jointly judge judged judgement judgements
    keeper kept key kilometres kind last later latest leave leaves left let lets lifted local
    lodged longer longest look lower made marks may meets member members membership merged met
    moderated more must name named names next no nobody not nothing now numbers of offer
    offered offers on one opened or organisation other out over owed owes paid partnership
    party passed paused pay payee payer payment period person phase phases place plan price
    progress proposed publishes pupils put raised ratified reasons received receiver receivers
    recorded recording refused region regions register registered report reported resolved
    responsible returned reviewed role s said scale school schools sent set share shared should
    sign signed signer signing signs since sought spend spent standard standing state
    succeeding support supporting take takes tells term text than that the their then time
    title to took type under unit unspent until upper value vary verdict version visit visited
    visits waiting was way were what where which who whole whom whose why will with within
    worked would year
"""


def _titles():
    for name, lazy in REPORTS.items():
        yield from (one.title for one in _module(name, lazy.at).COLUMNS)


def _clauses():
    for event in CATALOGUE:
        said = event.sentence
        for clause in (said,) if isinstance(said, str) else said:
            yield from (text for text, *_ in Formatter().parse(clause))


SAID = {
    "titles of columns": _titles,
    "kinds of what is owed": lambda: (kind.title for kind in KINDS),
    "marks": lambda: NOTES,
    "stages of help": lambda: STAGES,
    "who has said so": lambda: (RECORDED_FOR, ONE_SIDE, BOTH, PUBLISHED),
    "why it is owed": lambda: ("promise", "duty", "answer"),
    "sentences": _clauses,
}


@pytest.mark.parametrize("texts", SAID.values(), ids=SAID)
def test_every_word_that_is_shown_is_plain_or_explained(texts):
    known = sorted(map(str.casefold, GLOSSARY), key=len, reverse=True)
    explained = re.compile("|".join(rf"\b{re.escape(word)}s?\b" for word in known))
    plain = set(_PLAIN.split())
    strange = {
        word: text
        for text in texts()
        for word in re.findall("[a-z]+", explained.sub(" ", text.casefold()))
        if word not in plain
    }
    assert strange == {}


#: The head of an answer that has all that a head may have.
_HEADING = replace(
    HEADING, audience="public", bundle=Bundle("part", 9, 4, "a part", "presence proved", "2 texts")
)


def test_every_title_in_the_head_of_an_answer_is_explained(empty):
    told = replace(written(), heading=_HEADING, asked="overdue")
    in_files = {title.casefold() for title, _ in facts(told, list(told.rows), MADE)}
    on_screens = {re.split("  +", line)[0] for line in heading_lines(_HEADING)}
    assert on_screens - {"audience"} < in_files
    assert {"complete", "withheld", "control total", "left out"} <= in_files
    for title in in_files | on_screens:
        assert empty.done("help", title).startswith(f"{title}: ")


@pytest.mark.parametrize(
    ("words", "module"),
    [(("report", name), lazy.at) for name, lazy in REPORTS.items()]
    + [((name,), REPORTS[name].at) for name in ("owes", "history", "keys", "replay", "diff")],
    ids=str,
)
def test_help_says_what_each_column_on_screen_means(empty, words, module):
    said = " ".join(empty.done(*words, "--help").split())
    shown = [one for one in _module(words[-1], module).COLUMNS if one.shown]
    assert shown
    for column in shown:
        assert f"{column.title} {column.meaning}" in said


@pytest.mark.parametrize("words", [("owes",), ("history", "900002"), ("keys",), ("show", "900002")])
def test_every_report_ends_by_naming_the_glossary(world, words):
    assert world.done(*words).endswith(f"\n{GLOSSARY_NAMED}\n")


def test_other_formats_are_left_alone(world):
    assert GLOSSARY_NAMED not in world.done("owes", "--format", "csv")


def test_what_explains_a_word_uses_no_word_that_is_explained_nowhere():
    for word in ("tree head", "Merkle", "hash", "SSHSIG", "projection", "fold"):
        assert not any(word in meaning for meaning in GLOSSARY.values()), word

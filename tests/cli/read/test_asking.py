"""Reports that say how they are asked for: options, help and refusals follow from a question."""

from typing import NamedTuple

import pytest
from click.testing import CliRunner

from cli.main import main
from cli.read.asking import command
from cli.read.catalogue import REPORTS, report
from cli.terminal.lazy import Lazy
from projections.reports.asking import FILTERS, About, From, La, Overdue, Question
from projections.reports.base import Report, heading
from projections.reports.columns import Column


class Asked(NamedTuple):
    """A filter of each kind."""

    about: About = None
    la: La = None
    since: From = None
    overdue: Overdue = False


COLUMNS = (Column("asked", "Asked", "What was asked."), Column("at", "At", "When."))


def _answer(connection, store, at, asked):
    row = {"asked": repr(tuple(asked)), "at": at.as_of}
    return Report("told", "Told", heading(connection, store, at), COLUMNS, [row], "Nothing.")


QUESTION = Question("told", "Show what was asked.", Asked, _answer, ("--la northwick", ""))


@pytest.fixture(name="told")
def _told(monkeypatch):
    """A report that tells what it was asked, for as long as the test."""
    monkeypatch.setitem(REPORTS, "told", Lazy(f"{__name__}:QUESTION", "What was asked."))


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ([], "(None, None, None, False)"),
        (["--about", "Alder School"], "('school:900001', None, None, False)"),
        (["--la", "northwick"], "(None, 'body:northwick', None, False)"),
        (["--from", "2024-09-30"], "(None, None, '2024-09-30', False)"),
        (["--overdue"], "(None, None, None, True)"),
    ],
)
def test_a_filter_is_told_by_what_people_type(world, typed, asked):
    out = world.done("report", "told", *typed, "--as-of", "2024-12-24", "-f", "csv")
    assert out.splitlines()[1:] == [f'"{asked}",2024-12-24' if "," in asked else asked]


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["--body", "northwick"], "--body does not narrow told; it takes --about, --la, --from,"),
        (["--la", "900001"], "Alder School (900001) is no body"),
        (["--la", "norhtwick"], "Did you mean Northwick Council (body:northwick)?"),
        (["--from", "yesteryear"], "'yesteryear' is no day in the form YYYY-MM-DD"),
        (["--abuot", "900001"], "no option --abuot. Did you mean --about?"),
    ],
)
def test_what_means_nothing_is_refused_in_a_sentence(world, typed, said):
    result = world.run("report", "told", *typed)
    assert result.exit_code in (1, 2)
    assert said in result.stderr


def test_days_the_wrong_way_round_are_refused(world):
    typed = ("--from", "2026-12-01", "--to", "2026-01-01")
    said = "Error: --to 2026-01-01 lies before --from 2026-12-01: no day is between them."
    assert said in world.error("report", "balance", *typed, code=2)


def test_what_nothing_narrows_says_so(world):
    said = "Error: --la does not narrow parties; nothing does."
    assert said in world.error("report", "parties", "--la", "northwick", code=2)


def test_help_lists_the_filters_of_a_question_before_all_else():
    shown = CliRunner().invoke(command(QUESTION), ["--help"]).output
    assert shown.index("school-ledger report told --la northwick") < shown.index("Which rows:")
    assert [option for option in FILTERS if f"  {option} " in shown] == [
        *("--about", "--la", "--from", "--overdue"),
    ]


@pytest.mark.parametrize("name", REPORTS)
def test_each_report_of_the_catalogue_has_examples_that_name_it(name):
    shown = report.get_command(None, name)
    assert shown.name == name
    assert shown.examples
    assert all(f" {name}" in example for example in shown.examples)


def test_help_lists_each_report_with_its_line():
    shown = CliRunner().invoke(main, ["report", "--help"]).output
    for name, lazy in REPORTS.items():
        assert f"  {name} " in shown
        assert lazy.help.split()[0] in shown


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["owes", "--kind", "atestation"], "attestation"),
        (["owes", "--audience", "publc"], "public"),
        (["owes", "-f", "jsn"], "json"),
        (["report", "response", "--area", "inclusoin"], "inclusion"),
        (["report", "available", "--area", "inclusoin"], "inclusion"),
        (["report", "tenure", "--area", "inclusoin"], "inclusion"),
        (["report", "claims", "--area", "inclusoin"], "inclusion"),
        (["report", "reciprocity", "--kind", "peer veriew"], "peer review"),
        (["report", "orphans", "--kind", "suport"], "support"),
        (["export", "pack", "--report", "ows", "-o", "x.zip"], "owes"),
    ],
)
def test_the_nearest_of_what_there_is_to_choose_from_is_proposed(world, typed, meant):
    result = world.run(*typed)
    assert result.exit_code in (1, 2)
    assert f"Did you mean {meant}" in " ".join(result.stderr.split())


@pytest.mark.parametrize("name", ["regional", "claims", "response", "available", "tenure"])
def test_an_area_of_which_nothing_is_told_is_no_mistake(world, name):
    assert world.done("report", name, "--area", "Early years", "-f", "csv").count("\n") == 1

"""What is warned of before it is signed, and asked again where there is somebody to ask."""

from __future__ import annotations

import pytest

LATE = (
    "Warning: 12 August 2024 is 21 days ago: what is recorded more than 20 days after it happened"
    " is marked late.\n"
)
ALIKE = (
    "Warning: it looks like a visit that is recorded already, with the same sides, day and days:"
    " `school-ledger show <id>`.\n"
)
OPEN = (
    "Warning: the two have an open agreement, and the visit is not under it:"
    " `--under agreement:<id>`.\n"
)
NAMED = "Warning: Alder is enrolled already, as person:<id>; nobody is enrolled twice.\n"
ASKED = "Sign and record it all the same? [y/N]: "


def visit(  # noqa: PLR0913 - these are what a visit is
    world, *more, host="900002", purpose="support", days="1", key="alder", under="nothing"
):
    named = ("--visitor", "900001", "--host", host, "--purpose", purpose, "--mode", "on_site")
    named = (*named, *(("--under", under) if under else ()))
    return ("record", "VisitMade", *named, "--days", days, "--key", world.key(key), *more)


def under(world):
    return f"agreement:{world.agreement}"


def warnings(masked, result):
    lines = masked(result.stderr).splitlines(keepends=True)
    return "".join(line for line in lines if line.startswith("Warning"))


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({}, OPEN),
        ({"purpose": "challenge"}, ""),
        ({"days": "1.5"}, ALIKE + OPEN),
        ({"days": "1.5", "purpose": "challenge"}, ALIKE),
    ],
)
def test_a_visit_is_warned_of_by_what_is_recorded(world, masked, how, said):
    result = world.run(*visit(world, **how))
    assert result.exit_code == 0, result.output
    assert warnings(masked, result) == said


def test_a_visit_that_says_nothing_is_under_the_agreement_that_is_open(world, masked):
    result = world.run(*visit(world, under=None, days="2"))
    assert (result.exit_code, warnings(masked, result)) == (0, "")
    assert "2 days claimed, under the agreement" in result.stderr


def test_a_visit_under_its_agreement_of_other_days_is_not_warned_of(world, masked):
    result = world.run(*visit(world, under=under(world)))
    assert (result.exit_code, warnings(masked, result)) == (0, "")


@pytest.mark.parametrize(("day", "said"), [("2024-08-13", ""), ("2024-08-12", LATE)])
def test_a_day_further_back_than_counts_as_late_is_warned_of(world, masked, day, said):
    result = world.run(*visit(world, "--occurred-on", day, purpose="challenge"))
    assert result.exit_code == 0, result.output
    assert warnings(masked, result) == said


def test_a_withdrawn_visit_is_no_reason_for_a_warning(world, masked):
    world.done(
        *("record", "EventWithdrawn", "--event", world.visit, "--code", "entered_in_error"),
        *("--key", world.key("alder")),
    )
    result = world.run(*visit(world, under=under(world), days="1.5"))
    assert warnings(masked, result) == ""


@pytest.mark.parametrize(
    ("name", "said"), [("  ALDER ", NAMED), ("Alder", NAMED), ("Alderney", ""), ("Willow", "")]
)
def test_somebody_enrolled_under_a_name_that_somebody_bears_is_warned_of(world, masked, name, said):
    result = world.run("record", "PersonEnrolled", "--name", name)
    assert result.exit_code == 0, result.output
    assert warnings(masked, result) == said


@pytest.mark.parametrize("form", [("record",), ("record", "--quiet"), ("draft",)])
def test_where_nobody_can_be_asked_it_is_warned_of_on_stderr_and_goes_on(world, masked, form):
    said = visit(world)[1:]
    result = world.run(form[0], *said, *form[1:])
    assert result.exit_code == 0
    assert warnings(masked, result) == OPEN
    assert "Warning" not in result.stdout


class TestOnATerminal:
    @pytest.fixture(autouse=True)
    def _terminal(self, monkeypatch):
        monkeypatch.setattr("cli.terminal.asking.interactive", lambda: True)

    def test_what_is_warned_of_is_asked_again_and_not_recorded_unless_meant(self, world, masked):
        result = world.run(*visit(world), input="n\n")
        assert result.exit_code == 1
        assert masked(result.stderr).endswith(
            f", 1 day claimed.\n{OPEN}{ASKED}n\nError: nothing was signed, and nothing recorded.\n"
        )
        assert "known at  18" in world.done("owes")

    def test_what_is_meant_is_recorded(self, world, masked):
        result = world.run(*visit(world), input="y\n")
        assert result.exit_code == 0
        assert f"{OPEN}{ASKED}y\n" in masked(result.stderr)

    def test_with_yes_nobody_is_asked_and_the_warning_stays(self, world, masked):
        result = world.run(*visit(world, "--yes"))
        assert result.exit_code == 0
        assert warnings(masked, result) == OPEN
        assert ASKED not in result.stderr

    def test_what_is_not_warned_of_is_asked_but_once(self, world):
        result = world.run(*visit(world, under=under(world)), input="\n")
        assert result.exit_code == 0
        assert ASKED not in result.stderr

    def test_an_empty_answer_to_a_warning_is_no(self, world):
        assert world.run(*visit(world), input="\n").exit_code == 1

"""The command as a whole: help, version, exit codes, suggestions, what it loads."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from examples import one_in

from cli.main import COMMANDS, main
from cli.terminal.lazy import LazyGroup

pytestmark = pytest.mark.sampled(2)

ROOT = Path(__file__).parents[2]
BARE = [sys.executable, "-m", "cli"]


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_lists_every_command(empty, option):
    shown = empty.done(option)
    assert all(re.search(rf"^  {name} ", shown, re.MULTILINE) for name in COMMANDS)


def test_examples_come_before_options(empty):
    shown = empty.done("owes", "--help")
    assert shown.index("Examples:") < shown.index("--by")


@pytest.mark.parametrize("name", sorted({*COMMANDS} - {"demo"}))
def test_every_command_has_help_with_examples(empty, name):
    command = main.get_command(None, name)
    for option in ("-h", "--help"):
        assert "Examples:" in empty.done(name, option)
    if isinstance(command, LazyGroup):
        assert all(command.get_command(None, each) for each in command.table)


def test_version(empty):
    assert empty.done("--version") == "school-ledger 0.1.0\n"


def test_without_a_command_help_is_shown_and_usage_is_wrong(empty):
    assert empty.error(code=2).startswith("Usage: school-ledger")
    assert empty.error("key", code=2).startswith("Usage: school-ledger key")


def test_a_misspelt_command_suggests_the_nearest(empty):
    assert empty.error("owse", code=2) == (
        "Error: no command owse. Did you mean owes?\n"
        "Example: school-ledger demo --dir d\n"
        "`school-ledger --help` explains it.\n"
    )


def test_a_misspelt_option_suggests_the_nearest(empty):
    assert empty.error("owes", "--overdeu", code=2) == (
        "Error: no option --overdeu. Did you mean --overdue?\n"
        "Example: school-ledger owes --overdue\n"
        "`school-ledger owes --help` explains it.\n"
    )


def test_a_misspelt_event_suggests_the_nearest(empty):
    said = empty.error("record", "VisitMad", code=2)
    assert said.startswith("Error: no command VisitMad. Did you mean VisitMade")


@pytest.mark.parametrize(
    ("args", "option"),
    [
        (("record", "VisitAttested", "--days", "1", "--days", "2"), "--days"),
        (("record", "VisitMade", "--host", "900001", "--host=900001"), "--host"),
        (
            ("record", "VisitProgrammeOpened", "--counts-years", "--no-counts-years"),
            "--counts-years",
        ),
        (("owes", "--ledger", "a.db", "--ledger", "b.db"), "--ledger"),
        (("--ledger", "a.db", "--ledger", "b.db", "owes"), "--ledger"),
        (("owes", "-o", "a.csv", "--output", "b.csv"), "--output"),
    ],
)
def test_an_option_of_one_value_that_is_given_twice_is_wrong_usage(empty, args, option):
    assert empty.error(*args, code=2).startswith(
        f"Error: {option} is given more than once, and it takes one value. Give one.\nExample: "
    )


def test_a_list_and_a_mere_flag_may_be_given_twice(world):
    args = ("--school", "900001", "--school", "900002", "--quiet", "-q")
    assert world.error("record", "VisitProgrammeOpened", *args, code=2).startswith(
        "Error: missing options: --organiser, --name, --starts, --ends."
    )


def test_an_option_that_is_no_day_is_wrong_usage(world):
    assert world.error("owes", "--as-of", "31/12/2025", code=2) == (
        "Error: invalid value for '--as-of': '31/12/2025' is not in the form YYYY-MM-DD. Did you"
        " mean 2025-12-31?\nExample: school-ledger owes --overdue\n"
        "`school-ledger owes --help` explains it.\n"
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("31-12-2025", "2025-12-31"),
        ("31.12.2025", "2025-12-31"),
        ("3 December 2025", "2025-12-03"),
        ("3 Dec 2025", "2025-12-03"),
        ("2025/12/31", "2025-12-31"),
        ("20251231", "2025-12-31"),
        ("04/05/2025", "2025-05-04"),
    ],
)
def test_the_day_that_was_meant_is_proposed(world, typed, meant):
    assert f"Did you mean {meant}?" in world.error("owes", "--as-of", typed, code=2)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("99", "the record has no entry at position 99: expected a position from 1 to 18."),
        ("0", "the record has no entry at position 0: expected a position from 1 to 18."),
        ("banana", "'banana' is neither a day in the form YYYY-MM-DD, as 2025-12-31, nor a posi"),
        ("1e3", "'1e3' is neither a day in the form YYYY-MM-DD, as 2025-12-31, nor a position,"),
        ("31/12/2025", "'31/12/2025' is not in the form YYYY-MM-DD. Did you mean 2025-12-31?"),
        ("2025-13-01", "'2025-13-01' is no day of the calendar."),
    ],
)
@pytest.mark.parametrize(
    "command",
    [
        ("owes", "--known-at"),
        ("history", "900001", "--known-at"),
        ("show", "900001", "--known-at"),
        ("report", "schools", "--known-at"),
        ("replay", "--until"),
        ("diff", "1"),
    ],
)
def test_what_an_answer_cannot_be_known_at_is_wrong_usage_and_says_how(world, command, typed, said):
    error = world.error(*command, typed, code=2).splitlines()
    assert said in error[0]
    assert error[1].startswith("Example: school-ledger ")
    assert error[2].endswith("--help` explains it.")


def test_no_ledger_named_says_how_to_name_one(empty):
    assert empty.error("owes") == (
        "Error: no ledger is named. Name it with --ledger PATH or in SCHOOL_LEDGER, work in the"
        " folder of its school-ledger.toml, or make one: `school-ledger init --help`.\n"
    )


def test_no_ledger_there(empty):
    assert empty.error("--ledger", "gone.db", "owes") == (
        "Error: no ledger at gone.db. Name the ledger's file, or make one: `school-ledger init"
        " --help`.\n"
    )


def test_a_file_that_is_no_ledger(empty):
    (empty.folder / "x.db").write_text("not a database, whatever its name")
    assert empty.error("--ledger", "x.db", "owes") == (
        "Error: x.db is not a ledger: got a file that is no SQLite database. Name the ledger's"
        " file, or make one: `school-ledger init --help`.\n"
    )


def test_the_ledger_may_be_named_before_or_after_the_command(world):
    before = world.done("--ledger", str(world.ledger), "owes")
    assert before == world.done("owes", "--ledger", str(world.ledger))


def test_debug_shows_the_cause(world):
    result = world.run("owes", "--by", "nobody", "--debug")
    assert result.exit_code == 1
    assert "Traceback" in result.stderr


def test_an_unexpected_error_is_called_internal(world, monkeypatch):
    def fails(*_args):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("cli.read.reports.who_owes", fails)
    assert world.error("owes") == (
        "Error: internal error: ZeroDivisionError: by zero; nothing that was said to be recorded"
        " is lost. Please report it; --debug shows more.\n"
    )


def test_an_interrupt_is_told_by_its_exit_code(world, monkeypatch):
    def interrupted(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr("cli.read.reports.who_owes", interrupted)
    assert "Stopped." in world.error("owes", code=130)


def _loaded(world, *command):
    """Return the modules that a command loads, run for real."""
    script = (
        "import sys\nfrom cli.main import main\n"
        f"try:\n    main({list(command)!r})\nexcept SystemExit as done:\n    assert not done.code\n"
        "import json; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=world.folder,
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_help_loads_no_command_and_nothing_heavy(world):
    loaded = _loaded(world, "--help")
    ours = {name for name in loaded if name.split(".")[0] in ("cli", "ledger", "projections")}
    assert ours == {
        "cli",
        "cli.terminal",
        "cli.terminal.lazy",
        "cli.main",
        "cli.terminal.options",
        "cli.terminal.screen",
        "cli.terminal.session",
    }
    assert not loaded & {"pydantic", "eventsourcing", "sqlite3", "orjson", "cryptography"}


@pytest.mark.parametrize("command", [("owes",), ("history", "900001")])
def test_questions_to_views_that_are_caught_up_load_no_vocabulary(world, command):
    world.done("owes")
    loaded = _loaded(world, *command)
    assert not {"ledger.events", "ledger.values", "pydantic", "cryptography"} & loaded


def test_whoever_stops_reading_gets_no_complaint(world):
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m cli history 900001 | true"],
        capture_output=True,
        text=True,
        check=False,
        cwd=world.folder,
    )
    assert done.stderr == ""


def _wait_until_idle(pid):
    """Wait until a process has started, and does nothing but wait for what it is to read."""
    before = None
    while True:
        time.sleep(0.5)
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        state, spent = fields[0], int(fields[11]) + int(fields[12])
        if state == "S" and spent and spent == before:
            return
        before = spent


@pytest.mark.sweep
def test_an_interrupted_process_ends_with_130(world):
    process = subprocess.Popen(
        [*BARE, "append", "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=world.folder,
    )
    _wait_until_idle(process.pid)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert (process.returncode, stderr.strip()) == (130, "Stopped.")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_written(shell):
    script = "from cli.main import main; main(prog_name='school-ledger')"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"_SCHOOL_LEDGER_COMPLETE": f"{shell}_source", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "school-ledger" in done.stdout


@pytest.mark.sweep
def test_events_and_options_are_completed():
    script = "from cli.main import main; main(prog_name='school-ledger')"
    environment = {
        "_SCHOOL_LEDGER_COMPLETE": "bash_complete",
        "COMP_WORDS": "school-ledger record VisitM",
        "COMP_CWORD": "2",
        "PATH": os.environ["PATH"],
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "plain,VisitMade\n"


@pytest.mark.parametrize(
    "args",
    [
        ("owes", "--by", "a\x1b[2J\nb"),
        ("show", "\x1b]0;title\x07"),
        ("log", "cosign", "\x1b[2J", "--witness-key", "w.key"),
        ("\x1b[2J",),
    ],
)
def test_what_an_error_repeats_cannot_steer_the_terminal(world, args):
    result = world.run(*args)
    assert result.exit_code in (1, 2)
    assert "\x1b" not in result.stderr
    assert "\x07" not in result.stderr


@pytest.mark.parametrize("nothing", ["", "  "])
@pytest.mark.parametrize(
    "args",
    [
        ("find", "{}"),
        ("history", "{}"),
        ("show", "{}"),
        ("keys", "{}"),
        ("help", "{}"),
        ("diff", "{}", "2"),
        ("verify", "{}"),
        ("log", "prove", "{}"),
        ("key", "show", "{}"),
        ("answer", "{}"),
        ("owes", "--by", "{}"),
        ("owes", "--kind", "{}"),
        ("owes", "-o", "{}"),
        ("replay", "--about", "{}"),
        ("report", "schools", "--la", "{}"),
        ("export", "pack", "--school", "{}", "-o", "p.zip"),
    ],
)
def test_what_is_empty_names_nothing_and_is_refused_with_an_example(world, args, nothing):
    said = world.error(*(each.format(nothing) for each in args), code=2).splitlines()
    assert said[0].startswith("Error: invalid value for ")
    assert "': it is empty. Name something" in said[0]
    assert said[1].startswith("Example: school-ledger ")
    assert said[2].endswith("--help` explains it.")


@pytest.mark.parametrize("text", ["*", "...", "?", "--"])
def test_a_search_for_neither_a_letter_nor_a_digit_is_refused(world, text):
    assert world.error("find", "--", text, code=2) == (
        f"Error: invalid value for 'TEXT': {text} has neither a letter nor a digit. Type a part of"
        ' a name, or a number.\nExample: school-ledger find "cedar bank"\n'
        "`school-ledger find --help` explains it.\n"
    )


@pytest.mark.parametrize("args", [("--ledger", "", "owes"), ("owes", "--ledger", "")])
def test_a_ledger_without_a_name_is_not_taken_for_the_usual_one(world, args):
    said = world.error(*args, code=2)
    assert "invalid value for '--ledger': it is empty." in said


def test_a_key_without_a_name_is_not_taken_for_the_usual_one(world):
    said = world.error("record", "PersonEnrolled", "--name", "x", "--key", "", code=2)
    assert "invalid value for '--key': it is empty." in said


READING = {
    "an answer": "history 900001",
    "an answer as JSON": "owes --format json",
    "a report": "report schools",
    "one thing in full": "show 900001",
    "entries": "export entries",
    "a verdict": "verify",
    "findings": "check",
    "help": "record --help",
    "words": "help",
    "a template": "draft BodyRegistered --template",
}


@pytest.mark.parametrize(("_", "command"), one_in(3, READING.items()))
def test_whose_reader_goes_away_ends_quietly_as_other_programs_do(world, _, command):
    typed = f"{sys.executable} -m cli {command}"
    done = subprocess.run(
        ["bash", "-c", f"{{ {typed}; echo $? > code; }} | exec true"],
        cwd=world.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert (world.folder / "code").read_text() == "141\n"

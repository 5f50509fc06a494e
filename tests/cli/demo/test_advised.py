"""Every command that is advised can be typed as it stands: only what nobody knows is missing."""

from __future__ import annotations

import ast
import json
import re
import shlex
from itertools import chain
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cli.main import main
from cli.record.following import naming
from ledger.events import CATALOGUE

ROOT = Path(__file__).parents[3]


def understood(typed):
    """Let click read a command as typed; what it does not know is raised, what is missing not."""
    words = shlex.split(typed)[1:]
    # With the settings of each: click keeps the help option that it makes first.
    context = click.Context(main, info_name="school-ledger", **main.context_settings)
    command = main
    try:
        while isinstance(command, click.Group):
            words = words[2 * (words[:1] == ["--ledger"]) :]
            name, command, words = command.resolve_command(context, words)
            settings = command.context_settings
            context = click.Context(command, parent=context, info_name=name, **settings)
            if not isinstance(command, click.Group):
                with context.scope():
                    command.parse_args(context, list(words))
    except (click.MissingParameter, click.exceptions.Exit):
        return


def test_a_command_that_there_is_not_is_not_understood():
    understood("school-ledger record Appointed --office head@school:900001")
    for typed in ("record Appointed --ofice a", "recrod Appointed", "record Appointed, by whom"):
        with pytest.raises(click.UsageError):
            understood(f"school-ledger {typed}")


def test_each_command_that_puts_an_orphan_of_the_demo_right_can_be_typed(place):
    ledger = str(place / "d" / "demo.db")
    asked = CliRunner().invoke(main, ["--ledger", ledger, "report", "orphans", "-f", "json"])
    advised = {row["how"] for row in json.loads(asked.stdout)["rows"]}
    assert len(advised) > 3
    for typed in advised:
        understood(typed)


def test_each_command_that_the_demo_ends_with_can_be_typed(recorded):
    advised = re.findall(r"^\$ (school-ledger .+)", recorded[1], re.MULTILINE)
    assert len(advised) > 3
    for typed in advised:
        understood(typed)


@pytest.mark.parametrize(
    "event", [event for event in CATALOGUE if naming(event.creates, owed=True)]
)
def test_each_command_that_follows_an_event_can_be_typed(event):
    either = (naming(event.creates, owed=owed) for owed in (True, False))
    for one in chain.from_iterable(either):
        understood(f"school-ledger record {one.event.__name__} --{one.option} 0193ab12")


def _said(part):
    return part.value if isinstance(part, ast.Constant) else "X"


def _texts():
    """Go through the constant texts of the project, with X for what is put into them."""
    for room in ("ledger", "projections", "cli"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    parts = (
                        part.value if isinstance(part, ast.Constant) else "X"
                        for part in node.values
                    )
                    yield "".join(parts)
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def _unknown(typed):
    """Return what a command names that there is not; None where there is all of it."""
    words = [word for word in typed.split()[1:] if word != "--help"]
    context = click.Context(main, info_name="school-ledger", **main.context_settings)
    command = main
    while isinstance(command, click.Group) and words:
        words = words[2 * (words[0] == "--ledger") :]
        if words[0].isupper():
            return None  # what a reader chooses
        found = command.get_command(context, words[0])
        if found is None:
            return words[0]
        command, words = found, words[1:]
        context = click.Context(command, parent=context, info_name=command.name)
    known = {one for option in command.get_params(context) for one in option.opts}
    named = (word for word in words if word.startswith("-") and "X" not in word)
    return next((word for word in named if word not in known), None)


def test_every_command_that_a_sentence_of_ours_names_is_there():
    named = {one for text in _texts() for one in re.findall(r"`(school-ledger [^`]+)`", text)}
    assert len(named) > 60
    assert {one: _unknown(one) for one in named if _unknown(one)} == {}
    assert _unknown("school-ledger owes --owed-by X") == "--owed-by"
    assert _unknown("school-ledger ows") == "ows"

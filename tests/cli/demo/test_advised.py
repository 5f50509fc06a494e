"""Every command that is advised can be typed as it stands: only what nobody knows is missing."""

from __future__ import annotations

import json
import re
import shlex
from itertools import chain

import click
import pytest
from click.testing import CliRunner

from cli.main import main
from cli.record.following import naming
from ledger.events import CATALOGUE


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

"""`report NAME`: every report by its name.

Of those that `projections.reports.catalogue` lists, the command is made; those that take more than
filters have commands of their own, and are listed here.
"""

from __future__ import annotations

import click

from cli.terminal.lazy import Lazy, LazyGroup
from projections.reports.catalogue import QUESTIONS

REPORTS = {
    "owes": Lazy("cli.read.reports:owes", "Who owes what to whom, and what is overdue."),
    "history": Lazy(
        "cli.read.reports:history", "Everything that happened to a party, in time order."
    ),
    "keys": Lazy("cli.read.keyholders:keys", "Every key that could ever sign for each office."),
    "replay": Lazy(
        "cli.read.replay:replay", "The record again, event by event, and what each changed."
    ),
    "diff": Lazy("cli.read.replay:diff", "What differs between two moments, and why."),
    **{name: Lazy(f"{listed.module}:QUESTION", listed.tells) for name, listed in QUESTIONS.items()},
}


class Reports(LazyGroup):
    """A group of reports: of a question, the command is made that asks it."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a report."""
        found = super().get_command(ctx, cmd_name)
        if found is None or isinstance(found, click.Command):
            return found
        from cli.read.asking import command  # noqa: PLC0415 - only where one is asked

        return command(found)


report = Reports(
    "report",
    REPORTS,
    help="Show a report by its name.",
    examples=(
        "school-ledger report parties",
        "school-ledger report schools --la northwick --overdue",
        "school-ledger report islands -o islands.ods",
    ),
)

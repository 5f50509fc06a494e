"""Commands of reports: each says what narrows it, where another's filter is given."""

from __future__ import annotations

import click

from cli.terminal.lazy import Command, Option

_WHICH = frozenset({"Which rows", "Which obligations", "Which events"})
"""The headings under which help lists what narrows a report."""


class ReportCommand(Command):
    """A command that says which filters it takes, where one is given that means nothing to it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, or fail with what narrows this report."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            # Only then: most commands are typed right, and need not wait for it.
            from projections.reports.asking import FILTERS  # noqa: PLC0415

            if error.option_name not in FILTERS:
                raise
            own = [
                each.opts[0]
                for each in self.params
                if isinstance(each, Option) and each.section in _WHICH
            ]
            taken = f"it takes {', '.join(own)}" if own else "nothing does"
            raise click.UsageError(
                f"{error.option_name} does not narrow {self.name}; {taken}.", ctx
            ) from error

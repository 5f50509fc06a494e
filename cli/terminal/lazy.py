"""Commands that load when they run, help with examples first, and suggestions for slips.

A group is a table from a command's name to where it stands and one line of help, so that `--help`
and completion import no command::

    LazyGroup("school-ledger", {"owes": Lazy("cli.read.reports:owes", "Who owes what to whom.")})
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import click

_LONGEST = 300
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class ReaderGoneError(Exception):
    """Whoever read what is written went away."""


class Lazy(NamedTuple):
    """Where a command stands, `module:attribute`, and its one line of help."""

    at: str
    help: str


class Option(click.Option):
    """An option that is listed in help under a heading of its own."""

    def __init__(self, *args: Any, section: str = "Options", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section


class Choice(click.Choice[str]):
    """A choice of words that suggests the nearest for one that it has not."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """Return what there is to choose from, and what may have been meant."""
        from ledger.near import did_you_mean  # noqa: PLC0415 - only where one is misspelt

        said = super().get_invalid_choice_message(value, ctx)
        return f"{said} {did_you_mean(str(value), self.choices)}".rstrip()


class Command(click.Command):
    """A command whose help shows examples before options; a usage error repeats the first.

    Of a report, `columns` names the module that has them: help says what each on screen means.
    """

    def __init__(
        self, *args: Any, examples: Sequence[str] = (), columns: str = "", **kwargs: Any
    ) -> None:
        kwargs["context_settings"] = {**SETTINGS, **(kwargs.get("context_settings") or {})}
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)
        self._columns = columns

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, or fail with what is said twice, or is empty: no name, file or day is."""
        given, _, order = self.make_parser(ctx).parse_args(list(args))
        _said_once(ctx, order)
        for param in self.get_params(ctx):
            values = given.get(str(param.name))
            for value in values if isinstance(values, (list, tuple)) else (values,):
                if isinstance(value, str) and not value.strip() and not _is_said(param):
                    raise click.BadParameter(_empty(param), ctx, param)
        return super().parse_args(ctx, args)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what it does, then examples."""
        super().format_help_text(ctx, formatter)
        write_examples(self.examples, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what columns on screen mean, and the options, each under its heading."""
        if self._columns:
            write_columns(self._columns, formatter)
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            # Newer releases of click list arguments too; what they are stands in the text above.
            record = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if record is not None:
                sections.setdefault(_section(param), []).append(record)
        for title, records in sections.items():
            with formatter.section(title):
                formatter.write_dl(records)


def _said_once(ctx: click.Context, order: Iterable[click.Parameter]) -> None:
    """Fail where an option that takes one value is given twice: the last would win in silence."""
    seen: set[click.Parameter] = set()
    for param in order:
        if param in seen and _takes_one(param) and not ctx.resilient_parsing:
            several = f"{param.opts[0]} is given more than once, and it takes one value. Give one."
            raise click.UsageError(several, ctx)
        seen.add(param)


def _takes_one(param: click.Parameter) -> bool:
    """Whether a second value of an option speaks against the first; a mere flag says the same."""
    if not isinstance(param, click.Option) or param.multiple or param.count:
        return False
    return not param.is_flag or bool(param.secondary_opts)


def _is_said(param: click.Parameter) -> bool:
    """Whether a parameter is what an event says: its model judges that, empty or not."""
    return str(param.name).startswith("said__")


def _empty(param: click.Parameter) -> str:
    # As where a shell's variable is not set: what is named elsewhere may be another.
    may_leave = isinstance(param, click.Option) and not param.required
    return f"it is empty. Name something{', or leave it away' if may_leave else ''}."


def _section(param: click.Parameter) -> str:
    if "--help" in param.opts:
        return "Other options"
    return getattr(param, "section", "Options")


def write_columns(module: str, formatter: click.HelpFormatter) -> None:
    """Write what each column that a report's module shows on screen means."""
    from importlib import import_module  # noqa: PLC0415 - only for the help of a report

    shown = [one for one in import_module(module).COLUMNS if one.shown]
    with formatter.section("Columns on screen; files and JSON carry more"):
        formatter.write_dl([(one.title, one.meaning) for one in shown])


def write_examples(examples: Iterable[str], formatter: click.HelpFormatter) -> None:
    """Write examples as they are typed, one a line, never wrapped."""
    examples = list(examples)
    if not examples:
        return
    with formatter.section("Examples"):
        for example in examples:
            formatter.write(f"{'':>{formatter.current_indent}}{example}\n")


class Group(click.Group):
    """A group that suggests the nearest command for one that it has not."""

    command_class = Command

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        kwargs["context_settings"] = {**SETTINGS, **(kwargs.get("context_settings") or {})}
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, or fail with what is said twice."""
        _said_once(ctx, self.make_parser(ctx).parse_args(list(args))[2])
        return super().parse_args(ctx, args)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what it is about, then examples."""
        super().format_help_text(ctx, formatter)
        write_examples(self.examples, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, each with its whole first sentence."""
        names = self.list_commands(ctx)
        commands = [(name, self.get_command(ctx, name)) for name in names]
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, each.get_short_help_str(_LONGEST)) for name, each in commands if each]
            )

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is named; fail with what comes nearest."""
        name = args[0]
        command = self.get_command(ctx, name)
        if command is not None or name.startswith("-"):
            return super().resolve_command(ctx, args)
        from ledger.near import did_you_mean  # noqa: PLC0415 - only where one is misspelt

        suggestion = did_you_mean(name, self.list_commands(ctx))
        listed = f"`{ctx.command_path} --help` lists them."
        raise click.UsageError(f"no command {name}. {suggestion or listed}", ctx)


class LazyGroup(Group):
    """A group that imports a command when it runs, and none to list them."""

    def __init__(self, name: str, table: dict[str, Lazy], **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command."""
        lazy = self.table.get(cmd_name)
        if lazy is None:
            return None
        from importlib import import_module  # noqa: PLC0415 - `--help` needs none

        module, _, attribute = lazy.at.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands with their one line, from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.help) for name, lazy in self.table.items()])

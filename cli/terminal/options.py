"""Options that commands share, spelt the same on every one of them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import click

from cli.terminal.lazy import Choice, Option
from cli.terminal.session import Session

F = TypeVar("F", bound=Callable[..., Any])

_OTHER = "Other options"
_ANSWER = "Which answer, and how to write it"
#: What is printed, and what is written to a file only (`projections.exports.catalogue`).
TEXTS = ("table", "csv", "json", "jsonl")
#: The JSON Schema of a report's JSON.
SCHEMA = "schema"
FORMATS = ("html", "pdf", "ods", "sqlite", "datasette", "package", "calendar", "360giving")
ENDINGS = {
    "table": (".txt",),
    "csv": (".csv",),
    "json": (".json",),
    "jsonl": (".jsonl",),
    SCHEMA: (),
    "html": (".html", ".htm"),
    "pdf": (".pdf",),
    "ods": (".ods",),
    "sqlite": (".sqlite", ".sqlite3"),
    # A zip as well, and only --format asks for it.
    "datasette": (),
    "package": (".zip",),
    "calendar": (".ics",),
    # JSON of another kind than a report's own: only --format asks for it.
    "360giving": (),
}


def _session(ctx: click.Context) -> Session:
    session: Session = ctx.ensure_object(Session)
    return session


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Keep what was given with the session, whether before or after the command's name."""
    if value == "":
        # As where a shell's variable is not set: what is named elsewhere may be another.
        raise click.BadParameter("it is empty. Name something, or leave it away.", ctx, param)
    if value:
        setattr(_session(ctx), str(param.name), value)


def _kept(*names: str, section: str = _OTHER, **how: Any) -> Callable[[F], F]:
    return click.option(
        *names, cls=Option, section=section, expose_value=False, callback=_keep, **how
    )


def params_of(function: Callable[..., Any]) -> list[click.Parameter]:
    """Return the options that decorators added to a function, in the order of help."""
    return list(reversed(getattr(function, "__click_params__", [])))


def about_the_run(function: F) -> F:
    """Add --ledger, --quiet and --debug."""
    for decorate in (
        _kept("--debug", is_flag=True, help="Show the cause of an error."),
        _kept("--quiet", "-q", is_flag=True, help="No progress bars and no remarks."),
        _kept(
            "--ledger",
            metavar="PATH|URL",
            help="The ledger; else SCHOOL_LEDGER, else `ledger` in school-ledger.toml.",
        ),
    ):
        function = decorate(function)
    return function


def forced(function: F) -> F:
    """Add --force, beside the option that names a file to write."""
    return _kept(
        "--force", is_flag=True, help="Replace a file that is there already, without asking."
    )(function)


def from_bundle(function: F) -> F:
    """Add --bundle, for what is answered from a bundle as from a ledger."""
    return _kept(
        "--bundle",
        section=_ANSWER,
        metavar="FILE",
        help="Answer from a bundle, once it is verified, and not from a ledger.",
    )(function)


def signing(function: F) -> F:
    """Add --key and --clock-confirmed."""
    for decorate in (
        _kept(
            "--clock-confirmed",
            section="Signing",
            is_flag=True,
            help="This machine's clock is right, though nothing was recorded for over 7 days.",
        ),
        _kept(
            "--key",
            "key",
            section="Signing",
            metavar="FILE",
            help="The private key to sign with; FILE.pub signs through ssh-agent.",
        ),
    ):
        function = decorate(function)
    return function


def whose_last(function: F) -> F:
    """Add --key, where nothing is signed and `last` may be asked for."""
    return _kept(
        "--key",
        "key",
        metavar="FILE",
        help="Whose `last` is meant: what this key signed last, else that of your settings.",
    )(function)


def unasked(function: F) -> F:
    """Add --yes."""
    return _kept(
        "--yes", section="Signing", is_flag=True, help="Do not ask whether that is to be said."
    )(function)


def dry_run(function: F) -> F:
    """Add --dry-run."""
    return click.option(
        "--dry-run",
        cls=Option,
        section="Signing",
        is_flag=True,
        help="Record nothing; print the exact bytes to be signed.",
    )(function)


def output(function: F) -> F:
    """Add --format and -o, for what is written as text."""
    return _output(TEXTS)(function)


#: As in `ledger.events.base`, whose vocabulary no option loads.
AUDIENCES = ("public", "parties", "commissioner", "inspectorate", "all")


def report_output(function: F) -> F:
    """Add --audience, --format, -o and --excel, for a report that may be handed to others."""
    function = _kept(
        "--audience",
        section=_ANSWER,
        type=Choice(AUDIENCES),
        help="For whom: rows and names that they may not see are left out, and counted.",
    )(function)
    return own_output(function)


def own_output(function: F) -> F:
    """Add --format, -o and --excel, for a report: as text, or as a file of its own kind."""
    function = _kept(
        "--excel",
        section=_ANSWER,
        is_flag=True,
        help="CSV for Excel: with a byte order mark, and no cell that it would run as a formula.",
    )(function)
    return _output((*TEXTS, SCHEMA, *FORMATS))(function)


def _output(forms: Sequence[str]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        for option in (
            click.option(
                "--output",
                "-o",
                "path",
                cls=Option,
                section=_ANSWER,
                metavar="FILE",
                help="Write the answer to a file, in the format of its ending.",
            ),
            click.option(
                "--format",
                "-f",
                "form",
                cls=Option,
                section=_ANSWER,
                type=Choice(forms),
                callback=_form,
                help="How to write it, else as the file's ending says, else as a table; csv and"
                " jsonl put the heading on stderr, schema is that of json.",
            ),
        ):
            function = option(function)
        return forced(function)

    return decorate


def _form(ctx: click.Context, param: click.Parameter, value: str | None) -> str:
    """Return the format that was asked for; where none was, that of the file's ending."""
    if value is not None:
        return value
    # What was given on the command line is processed before what was not, so -o is known.
    path = ctx.params.get("path")
    ending = _ending(path or "")
    if not ending:
        return "table"
    forms: Sequence[str] = param.type.choices  # type: ignore[attr-defined]
    for name in forms:
        if ending in ENDINGS[name]:
            return name
    known = ", ".join(each for name in forms for each in ENDINGS[name])
    raise click.BadParameter(
        f"{ending} is the ending of no format that this can be written in; these are {known}."
        " Name the file so, or say --format.",
        ctx,
        param_hint="-o",
    )


def _ending(path: str) -> str:
    """Return the ending of a file's name, which may be all of it, as where a variable is empty."""
    name = os.path.basename(path).lower()  # noqa: PTH119 - loads less
    known = any(name in endings for endings in ENDINGS.values())
    return name if known else os.path.splitext(name)[1]  # noqa: PTH122 - as above


def moments(function: F) -> F:
    """Add --as-of and --known-at."""
    for decorate in (
        click.option(
            "--known-at",
            cls=Option,
            section=_ANSWER,
            metavar="DATE|POSITION",
            callback=known_at,
            help="As the ledger knew it by then, that day or position included.",
        ),
        click.option(
            "--as-of",
            cls=Option,
            section=_ANSWER,
            metavar="DATE",
            callback=optional_day,
            help="As it stood on that day, inclusive; else on the day of --known-at, or today.",
        ),
    ):
        function = decorate(function)
    return function


def optional_day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Return a day that an option gave as the record writes it; for its callback."""
    return None if value is None else day(value)


def refuse_backwards(since: str | None, to: str | None) -> None:
    """Refuse days of --from and --to that stand the wrong way round."""
    if since and to and to < since:
        raise click.UsageError(f"--to {to} lies before --from {since}: no day is between them.")


def known_at(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Return up to when an option or argument asks, a day or a position; for its callback."""
    if value is None or value.isdecimal():
        return value
    return day(value, or_else="nor a position, as 174")


#: Days as people write them who do not write them as the record does, in the order of trying.
_OTHERWISE = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%Y/%m/%d", "%Y%m%d")


def day(text: str, option: str | None = None, or_else: str = "") -> str:
    """Return a day as the record writes it; raise BadParameter, of an option, if it is none.

    `or_else` says what else it might have been, and is not.
    """
    from datetime import timedelta  # noqa: PLC0415 - only where a day is given

    today = _session(click.get_current_context()).today()
    named = {"today": today, "yesterday": today - timedelta(days=1)}
    if text in named:
        return named[text].isoformat()
    found = _day(text, ("%Y-%m-%d",))
    if found is not None:
        return found
    said = f"{text!r} is {_no_day(text, or_else)}"
    raise click.BadParameter(said, ctx=click.get_current_context(), param_hint=option)


def _no_day(text: str, or_else: str) -> str:
    """Say how a text is no day, and which day may have been meant."""
    meant = _day(text, _OTHERWISE)
    if meant is not None:
        return f"not in the form YYYY-MM-DD. Did you mean {meant}?"
    if re.fullmatch(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", text):
        return "no day of the calendar."
    if or_else:
        return f"neither a day in the form YYYY-MM-DD, as 2025-12-31, {or_else}."
    return "no day in the form YYYY-MM-DD, as 2025-12-31."


def _day(text: str, forms: Sequence[str]) -> str | None:
    """Return the day that a text says in one of these forms, if it does."""
    from datetime import UTC, datetime  # noqa: PLC0415 - as above

    for form in forms:
        with suppress(ValueError):
            return datetime.strptime(text, form).replace(tzinfo=UTC).date().isoformat()
    return None

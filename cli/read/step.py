"""One event of a replay at a time, on a terminal: forwards, back, to a position or to a day."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from cli.terminal.asking import interactive, value
from cli.terminal.failures import CommandError
from cli.terminal.screen import printable, shown
from cli.terminal.table import screen_width, written

if TYPE_CHECKING:
    from projections.reports.base import Report

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PROMPT = "n next, p before, a position or a day, q end"


def stepped(report: Report) -> None:
    """Show the events of a replay one at a time, as somebody at a terminal asks for them.

    Raises CommandError where nobody sits at a terminal.
    """
    if not interactive():
        raise CommandError(
            "--step waits for somebody at a terminal, and there is none",
            todo="Leave --step away: the whole replay is printed at once.",
        )
    events = [list(rows) for _, rows in groupby(report.rows, lambda row: row["position"])]
    at: int | None = 0
    while at is not None and at < len(events):
        _show(report, events[at], f"{at + 1} of {len(events)}")
        at = _next(events, at, value(_PROMPT, default="n"))


def _show(report: Report, rows: list[dict[str, Any]], where: str) -> None:
    width = screen_width(sys.stdout)
    for line in written(report.columns, rows, report.group, width):
        click.echo(shown(line))
    click.echo(printable(where), err=True)


def _next(events: Sequence[Sequence[dict[str, Any]]], at: int, typed: str) -> int | None:
    """Return which event is meant by what was typed; none to end."""
    if typed in {"q", "quit"}:
        return None
    if typed in {"p", "n"}:
        return max(0, at - 1) if typed == "p" else at + 1
    if typed.isdecimal():
        return min(_first(events, "position", int(typed)), len(events) - 1)
    if _DAY.fullmatch(typed):
        return min(_first(events, "recorded_on", typed), len(events) - 1)
    click.echo(printable(f"{typed!r} is none of these."), err=True)
    return at


def _first(events: Sequence[Sequence[dict[str, Any]]], column: str, least: Any) -> int:
    """Return the first event at or after a position or a day of recording."""
    return bisect_left(events, least, key=lambda rows: rows[0][column])

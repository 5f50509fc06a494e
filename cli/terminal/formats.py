"""Any report in any format: a table for a screen, CSV, JSON or JSON lines.

- `json` is one document, `{"schema": "school-ledger.owes/1", "ledger": {…}, "rows": […], …}`, a row
  on each line; members are only ever added. `schema` is its JSON Schema.
- `jsonl` is a row on each line and nothing else; `csv` is RFC 4180, for Excel with a byte order
  mark and without formulas. Both put the heading on stderr.
- The others are files, with the heading in them (`projections.exports`).

What could steer a terminal is in none of them: JSON has escapes of its own for it, which change
nothing of the value; elsewhere it is written as a visible one.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from cli.terminal.places import claimed
from cli.terminal.screen import is_utf8, printable
from cli.terminal.streams import results
from cli.terminal.table import screen_width, wrapped, written
from ledger.files import PRIVATE, USUAL, appearing
from ledger.release import VERSION
from projections.exports.base import Made, Tally
from projections.exports.catalogue import FORMATS, writer
from projections.exports.csv_table import lines as csv_lines

if TYPE_CHECKING:
    from cli.terminal.session import Session
    from projections.reports.base import Heading, Report

SCHEMA = "school-ledger.{}/1"
GLOSSARY_NAMED = "`school-ledger help WORDS` explains words, as root or known at."


def write(report: Report, form: str, path: str | None, session: Session) -> None:
    """Write a report to stdout or a file, in a format, as the audience may see it."""
    report = session.seen(report)
    printed = path is None or path == "-"
    if form not in FORMATS:
        with target(path) as stream:
            write_to(report, form, stream, session)
    elif path is None or printed:
        raise click.UsageError(f"{form} is a format of files: say where to write it, -o FILE.")
    else:
        with appearing(claimed(path), USUAL) as file:
            writer(form)(report, _made(session), file)
    if not printed and Path(str(path)) not in session.replaced:
        session.remark(f"Wrote {path}.")


def _made(session: Session) -> Made:
    return Made(session.now(), VERSION)


def write_to(report: Report, form: str, stream: IO[str], session: Session) -> None:
    """Write a report to a stream, in a format."""
    _WRITERS[form](report, stream, session)


@contextmanager
def target(path: str | None, *, private: bool = False) -> Iterator[IO[str]]:
    """Lend stdout, or a file that appears whole at the end; a private one is its owner's alone."""
    if path is None or path == "-":
        yield results()
        return
    with appearing(claimed(path), PRIVATE if private else USUAL) as file:
        stream = io.TextIOWrapper(file, encoding="utf-8", errors="backslashreplace", newline="")
        try:
            yield stream
        finally:
            stream.detach()


def heading_lines(
    heading: Heading, width: int | None = None, today: str | None = None
) -> list[str]:
    """Return what an answer rests on, in lines for people; on a narrow screen the root has one.

    Where `today` is given, a day that lies ahead is said to.
    """
    on = f", recorded on {heading.known_on}" if heading.known_on else ""
    known = f"known at  {heading.known_at}{on}; root {heading.root}"
    fits = width is None or len(known) <= width
    lines = [
        *([known] if fits else [f"known at  {heading.known_at}{on}", f"root      {heading.root}"]),
        f"as of     {heading.as_of}{_beyond(heading, today)}",
        *([f"audience  {_audience(heading)}"] if heading.audience else []),
    ]
    parts = [part for line in lines for part in wrapped(line, width)]
    return [*wrapped(f"ledger    {heading.origin}", width), *_of_bundle(heading, width), *parts]


def _beyond(heading: Heading, today: str | None) -> str:
    """Say where the day asked for lies, if the record can tell little of it."""
    if heading.before:
        return f"; {heading.before}"
    if today is not None and heading.as_of > today:
        return ", which lies ahead: as far as is known today"
    return ""


def _of_bundle(heading: Heading, width: int | None) -> Iterator[str]:
    """Go through what is said of a bundle, each title beside lines of its own."""
    for title, text in heading.bundle.facts if heading.bundle else ():
        margin = len("complete  ")
        first, *more = wrapped(printable(text), width and max(width - margin, margin))
        yield f"{title.lower():<{margin}}{first}"
        yield from (f"{'':<{margin}}{line}" for line in more)


def _audience(heading: Heading) -> str:
    rows = f"{heading.left_out} {'row' if heading.left_out == 1 else 'rows'}"
    return f"{heading.audience}; {rows} left out that it may not see"


def ledger_members(heading: Heading) -> dict[str, Any]:
    """Return what an answer rests on, as JSON documents carry it."""
    bundle = {} if heading.bundle is None else {"bundle": asdict(heading.bundle)}
    told = {"audience": heading.audience, "left_out": heading.left_out}
    return {
        "origin": heading.origin,
        "size": heading.size,
        "root": heading.root,
        "as_of": heading.as_of,
        "known_at": heading.known_at,
        "known_on": heading.known_on,
        **bundle,
        **(told if heading.audience else {}),
    }


def dumps(value: Any) -> str:
    """Return JSON on one line, readable, with what could steer a terminal as JSON's own escapes.

    Where stdout cannot take every letter, the others are escapes too; the value is the same.
    """
    text = json.dumps(value, ensure_ascii=not is_utf8(sys.stdout))
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)


def _table(report: Report, stream: IO[str], session: Session) -> None:
    today = session.today().isoformat()
    stream.writelines(f"{line}\n" for line in _lines(report, screen_width(stream), today))


def _lines(report: Report, width: int | None, today: str) -> Iterator[str]:
    """Go through the lines of a table on screen, as they come."""
    yield from wrapped(printable(report.title), width)
    for line in _asked_line(report):
        yield from wrapped(printable(line), width)
    yield from heading_lines(report.heading, width, today)
    yield ""
    rows = iter(report.rows)
    first = next(rows, None)
    if first is None:
        yield from wrapped(printable(report.empty), width)
    else:
        yield from written(report.columns, chain([first], rows), report.group, width)
    yield ""
    for note in report.notes:
        yield from wrapped(printable(note), width)
    yield from wrapped(GLOSSARY_NAMED, width)


def _asked_line(report: Report) -> list[str]:
    """Return a line with what narrows a report, if anything does that its title leaves out."""
    return [f"asked     {report.asked}"] if report.asked not in report.title else []


def _remark_heading(report: Report, session: Session) -> None:
    for line in (report.title, *_asked_line(report), *heading_lines(report.heading)):
        session.remark(printable(line))


def _csv(report: Report, stream: IO[str], session: Session) -> None:
    _remark_heading(report, session)
    for line in csv_lines(report.columns, report.rows, excel=session.excel):
        # stdout would turn the CRLF of RFC 4180 into what the system uses, once more.
        stream.write(line if os.linesep == "\n" else line.replace("\r\n", "\n"))


def _json(report: Report, stream: IO[str], session: Session) -> None:
    # Not when it was made: the same answer is the same bytes.
    tally = Tally(report)
    before = {
        "schema": SCHEMA.format(report.name),
        "title": report.title,
        "asked": report.asked,
        "ledger": ledger_members(report.heading),
    }
    stream.write(dumps(before).removesuffix("}") + ', "rows": [')
    separator = "\n"
    for row in tally.of(report.rows):
        stream.write(separator + dumps(_with_every_column(report, row)))
        separator = ",\n"
    totals = [{"of": one.of, "amount": str(one.amount), "unit": one.unit} for one in tally.totals]
    # Known only once the rows went by, and some of the notes too.
    after = {"count": tally.count, "totals": totals, "notes": list(report.notes)}
    stream.write("\n], " + dumps(after).removeprefix("{") + "\n")
    del session


def _jsonl(report: Report, stream: IO[str], session: Session) -> None:
    _remark_heading(report, session)
    for row in report.rows:
        stream.write(dumps(_with_every_column(report, row)) + "\n")


def _with_every_column(report: Report, row: dict[str, Any]) -> dict[str, Any]:
    missing = [column.name for column in report.columns if column.name not in row]
    return row | dict.fromkeys(missing) if missing else row


def _schema(report: Report, stream: IO[str], session: Session) -> None:
    from projections.exports.json_schema import schema  # noqa: PLC0415 - seldom asked for

    told = schema(report, SCHEMA.format(report.name))
    stream.write(json.dumps(told, indent=2, ensure_ascii=True) + "\n")
    del session


_WRITERS: dict[str, Callable[[Report, IO[str], Session], None]] = {
    "table": _table,
    "csv": _csv,
    "json": _json,
    "jsonl": _jsonl,
    "schema": _schema,
}

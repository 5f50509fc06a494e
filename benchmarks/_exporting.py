"""Writing answers: each format at two sizes, and how soon a list over all parties begins."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from _appending import founded, recorded
from _compiled import environment
from _events import Northwick
from _timing import Figures, verdict, work_seconds

from cli.terminal.formats import write_to
from cli.terminal.options import TEXTS
from cli.terminal.session import Session
from projections.errors import ProjectionError
from projections.exports.base import Made
from projections.exports.catalogue import FORMATS, writer
from projections.reports.base import Heading, Report
from projections.reports.owes import COLUMNS
from projections.tables import catalogue

_BEGINS = 0.5
_ONE_PARTY = 0.4
_MADE = Made(datetime(2026, 8, 1, 9, 30, tzinfo=UTC), "0.1.0")
_HEADING = Heading("northwick.example/support", 9, "ab" * 32, "2026-07-31", 9, "2026-07-10")
_EVENT = "0191b1f0-0000-7bae-8994-{:012x}"


def formats(rounds: int, sizes: tuple[int, int]) -> None:
    """Print the processor's time for a row in each format, of few and many, beside csv alone."""
    for size in sizes:
        rows = list(_rows(size))
        report = Report("owes", "Who owes what to whom", _HEADING, COLUMNS, rows, "Nothing.")
        print(f"\nA report of {size:,} rows written, each row, in the processor's time")
        works: dict[str, Callable[[], object]] = {
            "limit: the csv module, every column": partial(_plainly, rows),
            **{form: partial(_text, report, form) for form in TEXTS},
            **{form: partial(_file, report, form) for form in FORMATS},
        }
        for name, work in works.items():
            try:
                taken = Figures(tuple(work_seconds(work) / size for _ in range(rounds)))
            except ProjectionError as error:
                print(f"  {name:52} {error.what}")
            else:
                print(taken.line(name, f"{taken.median * size:.1f} s in all"))


def _rows(size: int) -> Iterator[dict[str, Any]]:
    day = date(2026, 1, 1)
    for number in range(size):
        event = _EVENT.format(number)
        yield {
            "obligation": f"{event}/support",
            "kind": "support",
            "kind_title": "days of support",
            "debtor": f"school:{900001 + number % 5000}",
            "creditor": f"school:{900001 + number % 4999}",
            "debtor_name": f"School of Saint Swithin {number % 5000}",
            "creditor_name": f"Elm Park Infant School {number % 4999}",
            "about": f"agreement of {day + timedelta(number % 300)}",
            "outstanding": f"{number % 20}.5",
            "opened": "20.0",
            "given_beyond": "0.0",
            "unit": "day",
            "due_on": f"{day + timedelta(number % 365)}",
            "overdue": bool(number % 2),
            "since": f"{day + timedelta(number % 300)}",
            "marks": "",
            "opened_by": event,
            "events": [event, _EVENT.format(number + 1)],
            "changed_at": "2026-03-29T00:30:00.123Z",
        }


def _plainly(rows: list[dict[str, Any]]) -> None:
    writer_ = csv.DictWriter(io.StringIO(), [column.name for column in COLUMNS])
    writer_.writerows(rows)


def _file(report: Report, form: str) -> None:
    writer(form)(report, _MADE, io.BytesIO())


def _text(report: Report, form: str) -> None:
    session = Session()
    session.quiet = True
    write_to(report, form, io.StringIO(), session)


class _Run(NamedTuple):
    """How a command went: the processor's time until its first line and its end, and memory."""

    first: float
    whole: float
    waited: float
    megabytes: int
    lines: int


#: The command, which says at its end how much memory it had: what a parent is told of a child
#: counts what the parent had when it started it.
_COMMAND = """
import atexit, sys
def told():
    with open("/proc/self/status", encoding="utf-8") as status:
        sys.__stderr__.writelines(line for line in status if line.startswith("VmHWM"))
atexit.register(told)
from cli.main import main
main(prog_name="school-ledger")
"""
_ASKED = {
    "owes of all, settled too": ("owes", "--settled"),
    "owes of all, settled too, as JSON lines": ("owes", "--settled", "-f", "jsonl"),
    "owes of all": ("owes",),
    "owes of one": ("owes", "--about", "900001"),
    "history of one": ("history", "900001"),
}


def answering(folder: Path, rounds: int, sizes: tuple[int, int]) -> None:
    """Print how soon `owes` over all parties begins and ends, and one party's, each cold."""
    for size in sizes:
        place = folder / f"answering{size}.db"
        made = Northwick(schools=size // 100)
        ledger = founded(place, made, made.registers())
        recorded(ledger, made.support(size))
        catalogue.views(ledger.store, place.with_name(place.name + ".views")).rebuild()
        ledger.close()
        print(
            f"\nAnswers out of {size:,} events, cold, load {os.getloadavg()[0]:.1f}: the quickest"
        )
        for name, arguments in _ASKED.items():
            runs = [_run(place, *arguments) for _ in range(rounds)]
            first, whole, waited, memory, lines = map(min, zip(*runs, strict=True))
            print(
                f"  {name:40} begins after {first:.2f} s, ends after {whole:.2f} s of the"
                f" processor's time, {waited:.2f} s in all, {memory} MB, {lines:,} lines"
            )
            if name.endswith("of one"):
                verdict("seconds to its end", whole, _ONE_PARTY, at_least=False)
            else:
                verdict("seconds to its first line", first, _BEGINS, at_least=False)


def _run(place: Path, *arguments: str) -> _Run:
    command = [sys.executable, "-c", _COMMAND, "--ledger", str(place), *arguments]
    started = time.perf_counter()
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, env=environment()) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first, lines = 0.0, 0
        for _ in process.stdout:
            lines += 1
            first = first or _busy(process.pid)
        memory = int(process.stderr.read().split(b"VmHWM:")[1].split()[0]) // 1024
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    waited = time.perf_counter() - started
    return _Run(first, used.ru_utime + used.ru_stime, waited, memory, lines)


def _busy(process: int) -> float:
    """Return how long a process has kept the processor busy so far."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

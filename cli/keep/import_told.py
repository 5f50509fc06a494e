"""What an import tells: what it records or would record in words, its counts and its findings."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from cli.terminal.failures import say
from cli.terminal.formats import SCHEMA, dumps, ledger_members, write_to
from cli.terminal.screen import printable
from projections.reports.base import Heading, Report
from projections.reports.columns import URN, Column
from projections.reports.names import day_in_words

if TYPE_CHECKING:
    from cli.terminal.session import Session
    from ledger.events.base import Event
    from ledger.imports.gias import Counts, Succession
    from ledger.imports.ofsted import Counts as Inspections
    from ledger.imports.plan import Finding, Plan
    from ledger.recording.admission import Refused
    from ledger.recording.application import Ledger

_SHOWN_PER_KIND = 3
_NOT_TOLD = "DAY"
_COLUMNS = (
    Column("code", "Kind", "The kind of finding.", "code"),
    URN,
    Column("sentence", "What was found", "What was found, in a sentence."),
    Column("ask", "What to do", "What somebody who knows should do."),
    Column("rows", "Where", "In which rows of which file.", shown=False),
    Column("commands", "Command", "What to type to settle it.", "code", shown=False),
)


class Telling(NamedTuple):
    """How an import is told: its name, what it counts, what to type about a finding.

    `counted` says in lines what became of what the file holds, each thing once.
    """

    name: str
    counted: Callable[[Any], Iterator[str]]
    commands: Callable[[Any], list[str]]


class Done(NamedTuple):
    """What was planned, how to tell it, and what the ledger refused; None if nothing is done."""

    telling: Telling
    plan: Plan[Finding, Any]
    called: Mapping[str, str]
    refused: list[Refused] | None

    @property
    def added(self) -> int:
        """How many events were added."""
        return 0 if self.refused is None else len(self.plan.events) - len(self.refused)


def tell(session: Session, ledger: Ledger, done: Done, form: str, stream: IO[str]) -> None:
    """Write what an import did, or would do, and what it found."""
    for told in done.refused or ():
        reasons = "".join(f"\n  - {reason}" for reason in told.reasons)
        say(f"Error: {told.event} is refused:{reasons}")
    head = ledger.head()
    today = ledger.today().isoformat()
    heading = Heading(ledger.origin, head.size, head.root.hex(), today, head.size)
    rows = findings_rows(done.telling, done.plan.findings)
    if form == "table":
        for line in _lines(done, rows, heading):
            print(line, file=stream)
    elif form == "json":
        stream.write(dumps(_document(done, rows, heading)) + "\n")
    else:
        write_to(
            Report(done.telling.name, "Findings", heading, _COLUMNS, rows, ""),
            form,
            stream,
            session,
        )


def findings_rows(telling: Telling, findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as they are written and kept."""
    return [
        {
            "code": finding.code,
            "urn": finding.urn,
            "sentence": finding.sentence,
            "ask": finding.ask,
            "rows": [f"{row.file}:{row.row}" for row in finding.rows],
            "commands": telling.commands(finding),
        }
        for finding in findings
    ]


def _counted(number: int, what: str) -> str:
    """Return how many there are of something: `1 finding`, `2,000 findings`."""
    return f"{number:,} {_plural(number, what)}"


def _plural(number: int, what: str) -> str:
    return what if number == 1 else f"{what}s"


def _document(done: Done, rows: list[dict[str, Any]], heading: Heading) -> dict[str, Any]:
    return {
        "schema": SCHEMA.format(done.telling.name),
        "ledger": ledger_members(heading),
        "recorded": done.refused is not None,
        "added": done.added,
        "events": dict(done.plan.events_by_type),
        "counts": asdict(done.plan.counts),
        "rows": rows,
    }


def _lines(done: Done, rows: list[dict[str, Any]], heading: Heading) -> Iterator[str]:
    plan = done.plan
    yield from done.telling.counted(plan.counts)
    if done.refused is None:
        yield from in_words(plan, done.called)
    else:
        yield f"{_counted(done.added, 'event')} recorded{':' if done.added else '.'}"
        for name, count in plan.events_by_type.items():
            yield f"  {count:>8,}  {name}"
    yield f"record  {heading.size} entries, root {heading.root}"
    yield f"{_counted(len(rows), 'finding')}{', for a person to settle:' if rows else '.'}"
    yield from _by_code(rows)
    commands = [command for row in rows for command in row["commands"]]
    if commands:
        yield "Add --reason TEXT to a command."
    if any(_NOT_TOLD in command.split() for command in commands):
        yield f"{_NOT_TOLD} is a day that no file tells: find it out, and write it as 2024-08-31."


def _by_code(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Return the findings by kind, the first few of each in words."""
    for code, count in Counter(row["code"] for row in rows).most_common():
        of_code = [row for row in rows if row["code"] == code]
        yield f"  {count:>8,}  {code}: {of_code[0]['ask']}"
        for row in of_code[:_SHOWN_PER_KIND]:
            yield f"              {printable(row['sentence'])}."
            yield from (f"                {command}" for command in row["commands"])
        if count > _SHOWN_PER_KIND:
            yield f"              and {count - _SHOWN_PER_KIND:,} more; --format csv lists all."


def in_words(plan: Plan[Finding, Any], called: Mapping[str, str]) -> Iterator[str]:
    """Say what an import would record: how many events of each kind, the first few as sentences."""
    total = len(plan.events)
    yield f"{_counted(total, 'event')} would be recorded{':' if total else '.'}"
    said = _first_of_each_kind(plan, called)
    for name, count in plan.events_by_type.items():
        yield f"  {count:>8,}  {name}"
        yield from (f"              {printable(sentence)}" for sentence in said[name])
        if count > _SHOWN_PER_KIND:
            yield f"              and {count - _SHOWN_PER_KIND:,} more."


def _first_of_each_kind(
    plan: Plan[Finding, Any], before: Mapping[str, str]
) -> Mapping[str, list[str]]:
    """Return sentences by kind of event, each with the names that parties have before it."""
    called = dict(before)
    said: dict[str, list[str]] = defaultdict(list)
    for event in plan.events:
        own = said[type(event).__name__]
        if len(own) < _SHOWN_PER_KIND:
            own.append(_sentence(event, called))
        if event.names is not None:
            party, name = (getattr(event, member) for member in (event.names, "name"))
            called[party] = name
    return said


def _sentence(event: Event, called: Mapping[str, str]) -> str:
    from projections.tables.sentences import written  # noqa: PLC0415 - loads the vocabulary

    parts = json.loads(written(type(event).__name__, event.as_json()))
    return "".join(part if isinstance(part, str) else _word(part, called) for part in parts)


def _word(part: list[str], called: Mapping[str, str]) -> str:
    kind, value = part[:2]
    if kind == "party":
        return called.get(value, value)
    if kind == "day":
        return day_in_words(value)
    if kind == "urn":
        return f"URN {value.removeprefix('urn:')}"
    return value.replace("_", " ")


# -- Get Information About Schools ---------------------------------------------------------------

_OUTCOMES = {
    "registered": "new to the ledger",
    "changed": "in the ledger, and changed",
    "unchanged": "as the ledger has them",
    "earlier": "earlier numbers of schools that go on under another",
    "unclear": "not clear: see the findings",
    "unknown": "with a code that this version does not know",
    "closed": "left out: closed, and never in the ledger",
    "proposed": "left out: proposed",
    "no_schools": "left out: no schools",
}


def _counted_in_gias(counts: Counts) -> Iterator[str]:
    in_file = _counted(counts.establishments, "establishment")
    yield f"{in_file} in the file, {counts.selected:,} selected:"
    for outcome, words in _OUTCOMES.items():
        if count := getattr(counts, outcome):
            yield f"  {count:>8,}  {words}"


def _command(succession: Succession) -> str:
    """Return the command that settles a succession; where no file tells a day, it says DAY."""
    given = {
        "school": succession.school,
        "urn": succession.urn,
        "former-urn": succession.former_urn,
        "former-urn-closes-on": succession.closes_on or _NOT_TOLD,
        "effective-on": succession.opens_on or _NOT_TOLD,
    }
    options = (f"--{name} {value}" for name, value in given.items())
    return f"school-ledger record SuccessionAttributed {' '.join(options)}"


OF_GIAS = Telling(
    "import-gias",
    _counted_in_gias,
    lambda finding: [_command(each) for each in finding.successions],
)


# -- Ofsted's management information -------------------------------------------------------------

_INSPECTIONS = {
    "registered": "new to the ledger",
    "unchanged": "as the ledger has them",
    "unclear": "not clear: see the findings",
}


def _counted_of_ofsted(counts: Inspections) -> Iterator[str]:
    rows = _counted(counts.rows, "row")
    yield f"{rows} in the file, {counts.schools:,} of schools in the ledger:"
    for outcome, words in _INSPECTIONS.items():
        if count := getattr(counts, outcome):
            yield f"  {count:>8,}  {_plural(count, 'inspection')} {words}"


OF_OFSTED = Telling("import-ofsted", _counted_of_ofsted, lambda _finding: [])

"""`report NAME`: the catalogue of reports, each one line."""

from __future__ import annotations

from cli.terminal.lazy import Lazy, LazyGroup

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
    "parties": Lazy(
        "cli.read.parties:parties", "Every school, body, partnership and person, with their names."
    ),
}

report = LazyGroup(
    "report",
    REPORTS,
    help="Show a report by its name.",
    examples=("school-ledger report parties", "school-ledger report owes --overdue"),
)

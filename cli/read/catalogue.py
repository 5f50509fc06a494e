"""`report NAME`: the catalogue of reports, each one line.

A line names a `Question` of `projections.reports.asking`, of which the command is made; or a
command of its own, where a report takes more than filters.
"""

from __future__ import annotations

import click

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
        "projections.reports.parties:QUESTION",
        "Every school, body, partnership and person, with their names.",
    ),
    "reciprocity": Lazy(
        "projections.reports.reciprocity:QUESTION", "Who judged whom, and what was found later."
    ),
    "schools": Lazy(
        "projections.reports.schools:QUESTION",
        "Which schools are helped or in trouble, by whom, and what falls due next.",
    ),
    "response": Lazy(
        "projections.reports.response:QUESTION",
        "From trigger to help: who decided what, when the first day arrived.",
    ),
    "conflicts": Lazy(
        "projections.reports.conflicts:QUESTION",
        "Conflicts of interest, declared and decided; who both advises and provides.",
    ),
    "partnerships": Lazy(
        "projections.reports.partnerships:QUESTION",
        "Which partnerships are alive, who belongs, what visits were owed and made.",
    ),
    "islands": Lazy(
        "projections.reports.islands:QUESTION",
        "Which schools are in no partnership, those in trouble first.",
    ),
    "orphans": Lazy(
        "projections.reports.orphans:QUESTION", "What is owed with nobody left to answer for it."
    ),
    "unconfirmed": Lazy(
        "projections.reports.unconfirmed:QUESTION",
        "What was recorded for others and not confirmed, or late, or rests on a key in doubt.",
    ),
    "tenure": Lazy(
        "projections.reports.tenure:QUESTION",
        "How schools stood before and under each head and responsible body.",
    ),
    "claims": Lazy(
        "projections.reports.claims:QUESTION",
        "Who claims which gain, in which role, and whether it was confirmed.",
    ),
    "compare": Lazy(
        "projections.reports.compare:QUESTION",
        "Whether two schools, or two partnerships, really differ in what is published.",
    ),
    "joint": Lazy(
        "projections.reports.joint:QUESTION",
        "What the members of a partnership show together, where all of them agreed to it.",
    ),
    "regional": Lazy(
        "projections.reports.regional:QUESTION",
        "Needs and outcomes by evaluation area and local authority, and what worked there.",
    ),
    "map": Lazy(
        "projections.reports.support_map:QUESTION",
        "Who supports a school now, commissioned and paid by whom, on what grounds.",
    ),
    "balance": Lazy(
        "projections.reports.balance:QUESTION",
        "Pressure against support, term by term: demands beside days of help.",
    ),
    "available": Lazy(
        "projections.reports.available:QUESTION",
        "What support could be had, and how much of it is left.",
    ),
    "capacity": Lazy(
        "projections.reports.capacity:QUESTION",
        "Support declared, offered, agreed and given, by the school year in which it is due.",
    ),
    "funding": Lazy(
        "projections.reports.funding:QUESTION",
        "Where the money went, and what is unaccounted for.",
    ),
    "provider": Lazy(
        "projections.reports.provider:QUESTION",
        "What supporting organisations agreed, and what became of it.",
    ),
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

"""The reports that are asked as a question, each one line: its module, and what it tells.

Commands, packs and the reference are made of it; nothing else lists these reports. A module is
imported when its report is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from projections.reports.asking import Question


class Listed(NamedTuple):
    """The module that has a report's `QUESTION`, and what the report tells in one line."""

    module: str
    tells: str


QUESTIONS = {
    "parties": Listed(
        "projections.reports.parties",
        "Every school, body, partnership and person, with their names.",
    ),
    "reciprocity": Listed(
        "projections.reports.reciprocity", "Who judged whom, and what was found later."
    ),
    "schools": Listed(
        "projections.reports.schools",
        "Which schools are helped or in trouble, by whom, and what falls due next.",
    ),
    "response": Listed(
        "projections.reports.response",
        "From trigger to help: who decided what, when the first day arrived.",
    ),
    "conflicts": Listed(
        "projections.reports.conflicts",
        "Conflicts of interest, declared and decided; who both advises and provides.",
    ),
    "partnerships": Listed(
        "projections.reports.partnerships",
        "Which partnerships are alive, who belongs, what visits were owed and made.",
    ),
    "islands": Listed(
        "projections.reports.islands",
        "Which schools are in no partnership, those in trouble first.",
    ),
    "orphans": Listed(
        "projections.reports.orphans", "What is owed with nobody left to answer for it."
    ),
    "unconfirmed": Listed(
        "projections.reports.unconfirmed",
        "What was recorded for others and not confirmed, or late, or rests on a key in doubt.",
    ),
    "tenure": Listed(
        "projections.reports.tenure",
        "How schools stood before and under each head and responsible body.",
    ),
    "claims": Listed(
        "projections.reports.claims",
        "Who claims which gain, in which role, and whether it was confirmed.",
    ),
    "compare": Listed(
        "projections.reports.compare",
        "Whether two schools, or two partnerships, really differ in what is published.",
    ),
    "joint": Listed(
        "projections.reports.joint",
        "What the members of a partnership show together, where all of them agreed to it.",
    ),
    "regional": Listed(
        "projections.reports.regional",
        "Needs and outcomes by evaluation area and local authority, and what worked there.",
    ),
    "map": Listed(
        "projections.reports.support_map",
        "Who supports a school now, commissioned and paid by whom, on what grounds.",
    ),
    "balance": Listed(
        "projections.reports.balance",
        "Pressure against support, term by term: demands beside days of help.",
    ),
    "available": Listed(
        "projections.reports.available", "What support could be had, and how much of it is left."
    ),
    "capacity": Listed(
        "projections.reports.capacity",
        "Support declared, offered, agreed and given, by the school year in which it is due.",
    ),
    "funding": Listed(
        "projections.reports.funding", "Where the money went, and what is unaccounted for."
    ),
    "provider": Listed(
        "projections.reports.provider",
        "What supporting organisations agreed, and what became of it.",
    ),
}


def question(name: str) -> Question:
    """Return how a report is asked for, by its name; raise KeyError if there is none."""
    found: Question = import_module(QUESTIONS[name].module).QUESTION
    return found

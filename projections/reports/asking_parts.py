"""Which questions a part of the record tells: of a school's part, those of that school."""

from __future__ import annotations

import sqlite3
from typing import Any

from projections.errors import ProjectionError
from projections.reports.asking import Question
from projections.reports.names import Names
from projections.reports.part import asked_of
from projections.reports.standing import ended_lines
from projections.tables.extract import extract_of
from projections.tables.views import Moment

__all__ = ["narrowed"]


def narrowed(
    connection: sqlite3.Connection, names: Names, at: Moment, question: Question, asked: Any
) -> Any:
    """Return what a question asks of what lies here: of a school's part, about that school.

    Raises ProjectionError where a part of the record is asked what it cannot tell.
    """
    extract = extract_of(connection)
    if extract is None or extract.kind == "whole" or question.of_part == "every":
        return asked
    if not _is_told(connection, at, str(extract.balances_of), question, asked):
        raise ProjectionError(
            f"{question.name} cannot be told from a part of the record: it lacks what others said",
            todo="Ask whoever keeps the record for a pack of all of it, as"
            f" `school-ledger export pack --report {question.name} -o {question.name}.zip` makes.",
        )
    member = question.of_part
    return asked._replace(**{member: asked_of(connection, names, getattr(asked, member))})


def _is_told(
    connection: sqlite3.Connection, at: Moment, party: str, question: Question, asked: Any
) -> bool:
    """Whether the part of a party tells a question of that party: a school."""
    if not question.of_part or not party.startswith("school:"):
        return False
    if question.of_part == "provider" and not asked.provider and getattr(asked, "about", None):
        return False  # whoever asks for help asks everybody who offers it
    ended = ended_lines(connection, at).get(party)
    return question.of_predecessors or ended is None or ended["goes_on"] is None

"""What a part of the record can be asked: who owes what to whom, of whom it was chosen by only.

Of others it may hold what opened an obligation, and lack what settled it; of a time it lacks what
came before and after. Such a question is refused in words rather than answered wrongly.
"""

from __future__ import annotations

import sqlite3
from typing import NoReturn

from projections.errors import ProjectionError
from projections.reports.names import Names
from projections.tables.extract import Extract, extract_of

__all__ = ["asked_of", "chosen_by", "refuse_part", "remarks", "unsaid"]

_NO_BALANCES = "who owes what to whom cannot be told from this part of the record,"
_TODO = "Ask for the whole record, or for a part by that school, body or partnership."


def asked_of(connection: sqlite3.Connection, names: Names, *parties: str | None) -> str | None:
    """Return whose balances are to be told where nobody is named; none where everybody's are.

    Raises ProjectionError where a part cannot tell those of the parties that are named.
    """
    extract = extract_of(connection)
    if extract is None or extract.kind == "whole":
        return None
    if not extract.tells_balances:
        _refuse(f"{_NO_BALANCES} {chosen_by(extract, names)}", None)
    named = [party for party in parties if party is not None]
    if named and extract.balances_of not in named:
        got = " and ".join(map(names.party, named))
        whose = names.party(str(extract.balances_of))
        _refuse(f"this part of the record tells only what {whose} owes and is owed", got)
    return extract.balances_of


def refuse_part(connection: sqlite3.Connection, report: str) -> None:
    """Raise ProjectionError where a part of the record is asked what only the whole can tell."""
    extract = extract_of(connection)
    if extract is not None and extract.kind != "whole":
        _refuse(f"{report} cannot be told from a part of the record", None)


def _refuse(what: str, got: str | None) -> NoReturn:
    raise ProjectionError(what, got=got, todo=_TODO)


def chosen_by(extract: Extract, names: Names) -> str:
    """Say in words what was chosen of the record."""
    party = f"what concerns {names.party(extract.party)}" if extract.party else "what happened"
    first = f" from {extract.first}" if extract.first else ""
    last = f" up to {extract.last}" if extract.last else ""
    return f"{party}{first}{last}"


def unsaid(connection: sqlite3.Connection, names: Names, party: str | None = None) -> str:
    """Say that a part does not tell balances, of a party if one is named; empty where it does."""
    extract = extract_of(connection)
    if extract is None or extract.kind == "whole":
        return ""
    if not extract.tells_balances:
        return f"Not told: {_NO_BALANCES} {chosen_by(extract, names)}."
    if extract.balances_of == party:
        return ""
    whose = names.party(str(extract.balances_of))
    return f"Not told: this part of the record tells only what {whose} owes and is owed."


def remarks(connection: sqlite3.Connection, names: Names, party: str) -> list[str]:
    """Say what a part lacks of a party's history, where it was not chosen by that party."""
    extract = extract_of(connection)
    if extract is None or extract.kind == "whole" or extract.party == party:
        return []
    chosen = chosen_by(extract, names)
    return [f"Not everything of {names.party(party)}: the part was chosen as {chosen}."]

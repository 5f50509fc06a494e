"""What a part of the record can be asked: who owes what to whom, of whom it was chosen by only.

Of others it may hold what opened an obligation, and lack what settled it; of a time it lacks what
came before and after. Such a question is refused in words rather than answered wrongly.
"""

from __future__ import annotations

import sqlite3
from typing import Any, NoReturn

from projections.errors import ProjectionError
from projections.reports.names import Names
from projections.tables.extract import Extract, extract_of

__all__ = [
    "AGREED",
    "asked_of",
    "chosen_by",
    "refuse_untold",
    "remarks",
    "unsaid",
    "untold_of",
]

AGREED = "SupportAgreed"

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
    why = _why(connection, names, party)
    return f"Not told: {why}." if why else ""


def _why(connection: sqlite3.Connection, names: Names, party: str | None = None) -> str:
    extract = extract_of(connection)
    if extract is None or extract.kind == "whole":
        return ""
    if not extract.tells_balances:
        return f"{_NO_BALANCES} {chosen_by(extract, names)}"
    if extract.balances_of == party:
        return ""
    whose = names.party(str(extract.balances_of))
    return f"this part of the record tells only what {whose} owes and is owed"


def untold_of(
    connection: sqlite3.Connection, names: Names, event: str, name: str
) -> dict[str, Any]:
    """Return what a part does not tell of what an event changed, and why; empty if it tells all.

    How much that is, is said of an agreement, which names all that its obligations hang on. What
    a year or an appointment opens hangs on who belonged, and that a part may lack.
    """
    why = _why(connection, names)
    if not why:
        return {}
    if name != AGREED:
        return {"what else it changed, if anything": why}
    untold = _untold(connection, event)
    if not untold:
        return {}
    sides = sorted({names.party(side) for pair in untold.values() for side in pair})
    return {
        "obligations that it opened": len(untold),
        "why": why,
        "ask for a part by": " or ".join(sides),
    }


def refuse_untold(connection: sqlite3.Connection, names: Names, event: str, slot: str) -> None:
    """Raise ProjectionError where a part does not tell what an event opened under a slot."""
    why = _why(connection, names)
    if not why or _begun("postings", connection, event, slot):
        return
    untold = _untold(connection, event, slot)
    if len(untold) != 1:
        what = f"an obligation {slot} that event {event} opened is not told here: {why}"
        raise ProjectionError(what, todo=_TODO)
    ((debtor, creditor),) = untold.values()
    kind, _, slug = debtor.partition(":")
    raise ProjectionError(
        why,
        got=f"what {names.party(debtor)} owes {names.party(creditor)}",
        todo="Ask whoever keeps the record for a part by either, such as"
        f" `school-ledger export bundle --{kind} {slug} -o {slug}.zip` makes.",
    )


def _untold(
    connection: sqlite3.Connection, event: str, slot: str = ""
) -> dict[str, tuple[str, str]]:
    """Return by obligation who owed and was owed what an event opened and a part sets aside."""
    return _begun("untold", connection, event, slot)


def _begun(
    table: str, connection: sqlite3.Connection, event: str, slot: str
) -> dict[str, tuple[str, str]]:
    sql = f"""
        SELECT obligation, debtor, creditor FROM {table}
        WHERE obligation > ?1 AND obligation < ?2 AND substr(obligation, 1, length(?3)) = ?3
        ORDER BY position DESC
    """  # noqa: S608 - one of two tables
    rows = connection.execute(sql, (f"{event}/", f"{event}0", f"{event}/{slot}"))
    return {row[0]: (row[1], row[2]) for row in rows}


def remarks(connection: sqlite3.Connection, names: Names, party: str) -> list[str]:
    """Say what a part lacks of a party's history, where it was not chosen by that party."""
    extract = extract_of(connection)
    if extract is None or extract.kind == "whole" or extract.party == party:
        return []
    chosen = chosen_by(extract, names)
    return [f"Not everything of {names.party(party)}: the part was chosen as {chosen}."]

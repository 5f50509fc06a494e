"""What waits for somebody else to vouch for it: keys and appointments in use, by person.

::

    for one in unvouched_now(connection, look, at):
        print(one.person, one.subject)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ledger.decision_model import created
from ledger.decision_model.facts import Look
from ledger.domain.registers import ledger
from projections.reports.keyholders import KeyHolder, key_holders, offices_at
from projections.reports.marks import unvouched
from projections.tables.views import Moment

_OVER = frozenset({"retired", "compromised"})


class Waits(NamedTuple):
    """An event that waits to be vouched for, as `Vouched` names it, and the person concerned.

    Nobody is concerned where it is the log's own key.
    """

    subject: str
    person: str


def unvouched_now(connection: sqlite3.Connection, look: Look, at: Moment) -> list[Waits]:
    """Return what waits to be vouched for of whatever is in use on a day, each once."""
    day = date.fromisoformat(at.as_of)
    found: dict[Waits, None] = {}
    for holder in key_holders(look, _offices(connection, look, at)):
        in_use = holder.last is None or holder.last >= day
        if in_use and _OVER.isdisjoint(holder.standings):
            found.update(dict.fromkeys(_of_holder(holder)))
    found.update(dict.fromkeys(_of_the_log(look)))
    return list(found)


def _offices(connection: sqlite3.Connection, look: Look, at: Moment) -> list[str]:
    """Return the offices of the people who were enrolled or appointed on one word alone."""
    rows = connection.execute("SELECT subject FROM grounds WHERE position <= ?", (at.known_at,))
    alone = unvouched(connection, at, [row[0] for row in rows])
    said = (look(created.recorded(event)) for event in alone)
    people = {one.data["person"] for one in said if one is not None and "person" in one.data}
    return sorted({office for person in people for office in offices_at(connection, at, person)})


def _of_holder(holder: KeyHolder) -> Iterator[Waits]:
    if "key unvouched" in holder.standings:
        yield Waits(f"enrolment:{holder.enrolment}", holder.person)
    if "appointment unvouched" in holder.standings:
        yield Waits(f"appointment:{holder.appointment}", holder.person)


def _of_the_log(look: Look) -> Iterator[Waits]:
    for event in look(ledger.log_key_changes()):
        if not any(mention.name == "Vouched" for mention in look(created.thread(event))):
            yield Waits(f"log_key:{event}", "")

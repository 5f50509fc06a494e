"""What `show` is asked about: from what people type to the page of it.

Whatever a report prints in a cell is taken: ids of events, things and obligations, parties,
offices, keys, and identifiers of open data.
"""

from __future__ import annotations

import re

from cli.terminal.parties import party_named
from ledger.errors import NotFoundError
from ledger.events import CREATORS
from ledger.store.base import EntryStore
from projections.details.base import Page, Reading
from projections.details.event import event_page
from projections.details.obligation import obligation_page
from projections.details.office import key_page, office_page
from projections.details.party import party_page
from projections.reports.finding import MOST_EVENTS, NoPartyError, exactly, several_events
from projections.reports.open_ids import plain
from projections.reports.registered import is_unknown
from projections.reports.things import where_listed

_EVENT = "event"
_KEY = re.compile(r"(?:key:)?(SHA256:[A-Za-z0-9+/]{4,43})")
_SHORTEST = 4
_TAKEN = (
    "an event by its id or the start of it, a visit, agreement or other thing as agreement:<id>, an"
    " obligation as <event>/attestation, a party by name, URN or short name, an office as"
    " head@900003, or last"
)
_WHERE = (
    "`school-ledger find TEXT` finds parties, `school-ledger history PARTY` lists events with their"
    " ids, and `school-ledger show visit:` every visit."
)


def page_of(reading: Reading, typed: str) -> Page:
    """Return the page of what is named; of a name that might be several things, by this order.

    Raises NotFoundError where nothing is, or several are.
    """
    ref = plain(reading.connection, typed.removeprefix("obligation:"))
    key = _KEY.fullmatch(ref)
    if key is not None:
        return key_page(reading, f"key:{key[1]}")
    role, at, party = ref.partition("@")
    if at and role:
        office = ref if party == "ledger" else f"{role}@{_party(reading, party)}"
        return office_page(reading, office)
    start, slash, slot = ref.partition("/")
    if slash and ":" not in start:
        return obligation_page(reading, _event(reading, start, _EVENT, ref), slot)
    return _event_or_party(reading, ref)


def refuse_unknown(store: EntryStore, typed: str) -> None:
    """Raise NotFoundError for a URN or a whole id that the record does not hold: no table tells."""
    if is_unknown(store, typed.removeprefix("obligation:")):
        raise NotFoundError(f"nothing here is called {typed}", expected=_TAKEN, todo=_WHERE)


def _event_or_party(reading: Reading, ref: str) -> Page:
    kind, _, rest = ref.rpartition(":")
    if kind in (_EVENT, *CREATORS):
        return event_page(reading, _event(reading, rest, kind, ref))
    exact = exactly(reading.connection, reading.store, ref)
    if len(exact) == 1 and not exact[0].startswith("person:"):
        return party_page(reading, exact[0])
    # An event's id comes before the start of a person's, and before any part of a name.
    if _begun(reading, ref, _EVENT):
        return event_page(reading, _event(reading, ref, _EVENT, ref))
    return party_page(reading, _party(reading, ref))


def _party(reading: Reading, ref: str) -> str:
    """Return the party that is named; where there is none, say what else could have been."""
    try:
        return party_named(reading.connection, reading.store, ref)
    except NoPartyError as error:
        todo = error.todo if error.near else _WHERE
        what = f"nothing here is called {ref}"
        raise NotFoundError(what, expected=_TAKEN, todo=todo) from error


def _event(reading: Reading, start: str, kind: str, ref: str) -> str:
    """Return the id of the only event, of a thing of a kind, whose id begins so.

    `ref` is all that was typed.
    """
    found = _begun(reading, start, kind)
    if len(found) == 1:
        return found[0]
    if found:
        raise several_events(reading.connection, reading.names, start, found)
    todo = _WHERE if kind == _EVENT else where_listed([kind])
    raise NotFoundError(f"nothing here is called {ref}", expected=_TAKEN, todo=todo)


def _begun(reading: Reading, start: str, kind: str) -> list[str]:
    """Return the ids of events that begin so, some of them where they are many."""
    if len(start) < _SHORTEST:
        return []
    sql = "SELECT event FROM entries WHERE event >= ? AND event < ? AND ? IN (?, creates) LIMIT ?"
    typed = (start, f"{start}~", kind, _EVENT, MOST_EVENTS + 1)
    return [row[0] for row in reading.connection.execute(sql, typed)]

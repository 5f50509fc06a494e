"""What `show` is asked about: from what people type to the page of it.

Whatever a report prints in a cell is taken: ids of events, things and obligations, parties,
offices, keys, and identifiers of open data.
"""

from __future__ import annotations

import re

from cli.terminal.parties import party_named
from ledger.errors import NotFoundError
from projections.details.base import Page, Reading
from projections.details.event import event_page
from projections.details.obligation import obligation_page
from projections.details.office import key_page, office_page
from projections.details.party import party_page
from projections.reports.finding import MOST_EVENTS, NoPartyError, several_events
from projections.reports.open_ids import plain

_EVENT = re.compile(r"(?:(?P<kind>[a-z_]+):)?(?P<start>[0-9a-f][0-9a-f-]{3,35})")
_KEY = re.compile(r"(?:key:)?(SHA256:[A-Za-z0-9+/]{4,43})")
_SHORTEST = 4
_TAKEN = (
    "an event by its id or the start of it, a visit, agreement or other thing as agreement:<id>, an"
    " obligation as <event>/attestation, a party by name, URN or short name, an office as"
    " head@900003, or last"
)
_WHERE = (
    "`school-ledger find TEXT` finds parties, `school-ledger history PARTY` lists events with their"
    " ids."
)
_PARTY_KINDS = ("school", "body", "partnership", "person", "urn")


def page_of(reading: Reading, typed: str) -> Page:
    """Return the page of what is named; of a name that might be several things, by this order.

    Raises NotFoundError where nothing is, or several are.
    """
    ref = plain(reading.connection, typed.removeprefix("obligation:"))
    start, slash, slot = ref.partition("/")
    key = _KEY.fullmatch(ref)
    if key is not None:
        return key_page(reading, f"key:{key[1]}")
    if slash and ":" not in start:
        return obligation_page(reading, f"{_event(reading, start, ref)}/{slot}")
    role, at, party = ref.partition("@")
    if at and role:
        office = ref if party == "ledger" else f"{role}@{_party(reading, party)}"
        return office_page(reading, office)
    match = _EVENT.fullmatch(ref)
    if match is None or match["kind"] in _PARTY_KINDS:
        return party_page(reading, _party(reading, ref))
    try:
        return party_page(reading, _exact_party(reading, ref))
    except NotFoundError:
        return event_page(reading, _event(reading, match["start"]))


def _party(reading: Reading, ref: str) -> str:
    """Return the party that is named; where there is none, say what else could have been."""
    try:
        return party_named(reading.connection, reading.store, ref)
    except NoPartyError as error:
        todo = error.todo if error.near else _WHERE
        what = f"nothing here is called {ref}"
        raise NotFoundError(what, expected=_TAKEN, todo=todo) from error


def _exact_party(reading: Reading, ref: str) -> str:
    """Return a party by URN or slug; an event's id comes before the start of a person's."""
    party = party_named(reading.connection, reading.store, ref)
    if party.startswith("person:"):
        raise NotFoundError("a person is named in full, as person:<id>", got=ref)
    return party


def _event(reading: Reading, start: str, ref: str = "") -> str:
    """Return the id of the only event whose id begins so; `ref` is all that was typed."""
    sql = "SELECT event FROM entries WHERE event >= ? AND event < ? LIMIT ?"
    enough = len(start) >= _SHORTEST
    typed = (start, f"{start}~", MOST_EVENTS + 1)
    rows = reading.connection.execute(sql, typed).fetchall() if enough else []
    if len(rows) == 1:
        return str(rows[0][0])
    if rows:
        raise several_events(reading.connection, reading.names, start, [row[0] for row in rows])
    raise NotFoundError(f"nothing here is called {ref or start}", expected=_TAKEN, todo=_WHERE)

"""Parties and people by what somebody types: a reference, a number, a name or a part of one.

Names are those that a party ever had, compared without case, accents and apostrophes; who is
called otherwise than typed is proposed where it comes near. Nothing is found by a name that was
erased.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from ledger.errors import NotFoundError
from ledger.store.base import EntryStore
from projections.reports.names import Names, ever_called
from projections.reports.open_ids import plain
from projections.reports.short_ids import short_id
from projections.tables.spelling import folded
from projections.tables.views import Moment, moment

_URN = re.compile(r"(?:school:|urn:)?([1-9][0-9]{5})")
_NUMBER = re.compile(r"[0-9]{3}/?[0-9]{1,5}|[A-Za-z]{0,2}[0-9]{3,8}")
_ALIKE = 70
"""How alike two words must be, of 100: one letter of four may be wrong."""
_MOST_ALIKE = 12
_MOST_NAMED = 5
_SHORTEST_PART = 3
"""Letters of a part of a name; fewer are in any name."""
MOST_EVENTS = 5
"""So many events are listed where several may be meant."""


class NoPartyError(NotFoundError):
    """No party is called so; those that come near are proposed."""

    def __init__(self, what: str, *, near: Sequence[str], **parts: Any) -> None:
        """Keep those that come near, in words."""
        super().__init__(what, **parts)
        self.near = near


def several_events(
    connection: sqlite3.Connection, names: Names, start: str, events: Sequence[str]
) -> NotFoundError:
    """Return the error that several events' ids begin so, with what each is, a line each."""
    sql = "SELECT occurred_on, summary FROM entries WHERE event = ?"
    lines = [f"several events have an id that begins with {start}:"]
    for event in events[:MOST_EVENTS]:
        day, summary = connection.execute(sql, (event,)).fetchone()
        lines.append(f"  {short_id(connection, event)}  {day}  {names.sentence(summary)}")
    lines += ["  and others"] if len(events) > MOST_EVENTS else []
    return NotFoundError("\n".join((*lines, "Give more of the id of the one that you mean")))


def find_party(
    connection: sqlite3.Connection, store: EntryStore, text: str, kinds: Sequence[str] = ()
) -> str:
    """Return the reference of the only party that is meant; raise NotFoundError if none or several.

    It is named by reference, URN, slug, the start of a person's reference, by a name of its own,
    present or former, or by any part of one, that no other of these kinds has.
    """
    exact = exactly(connection, store, text)
    meant = [party for party in exact if not kinds or party.partition(":")[0] in kinds]
    meant = meant or _by_part(connection, store, text, kinds) or exact
    if len(meant) == 1:
        return meant[0]
    raise _not_one(connection, store, text, meant)


def exactly(connection: sqlite3.Connection, store: EntryStore, text: str) -> list[str]:
    """Return the parties that a reference, URN, slug or whole name names.

    A whole reference names that school line; a URN the one whose it is by now.
    """
    text = plain(connection, text)
    if text.startswith("school:"):
        line = _by_reference(connection, text)
        if line:
            return line
    urn = _URN.fullmatch(text)
    if urn:
        return _by_urn(connection, urn[1])
    return _by_reference(connection, text) or _by_name(connection, store, text)


def _by_part(
    connection: sqlite3.Connection, store: EntryStore, text: str, kinds: Sequence[str]
) -> list[str]:
    """Return the parties of some kinds, any if none is given, with this in a name of theirs.

    A number counts only as a whole: of a longer one that was mistyped it may be the beginning.
    """
    if len(folded(text)) < _SHORTEST_PART or _URN.fullmatch(text):
        return []
    known = [*_numbered(connection, text), *_holding(connection, store, moment(connection), text)]
    several = dict.fromkeys(known)
    return [party for party in several if not kinds or party.partition(":")[0] in kinds]


def _numbered(connection: sqlite3.Connection, text: str) -> Iterator[str]:
    """Go through the parties that have a number in another register: a LAESTAB, a UKPRN."""
    if _NUMBER.fullmatch(text):
        sql = "SELECT DISTINCT party FROM numbered WHERE value = ?"
        yield from (row[0] for row in connection.execute(sql, (text.replace("/", "").upper(),)))


def _not_one(
    connection: sqlite3.Connection, store: EntryStore, text: str, found: list[str]
) -> NotFoundError:
    names = Names(connection, store, moment(connection))
    if found:
        which = ", ".join(named(names, party) for party in found[:_MOST_NAMED])
        more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
        return NotFoundError(
            f"{text} may be any of several: {which}{more}",
            expected="a URN, or more of the name or reference",
        )
    if _URN.fullmatch(text):
        return no_such_urn(text)
    close = [named(names, party) for party in proposed(connection, store, text)]
    return NoPartyError(
        f"no party is called {text}",
        near=close,
        expected="a name, a URN, or a reference such as body:northwick or partnership:estuary",
        todo=f"Did you mean {' or '.join(close)}?"
        if close
        else "`school-ledger find TEXT` finds parties and people by a part of their name.",
    )


def no_such_urn(text: str) -> NotFoundError:
    """Return the error that no school has or had a URN."""
    return NotFoundError(
        f"no school in this ledger has or had the URN {_digits(text)}",
        todo="Look it up in GIAS, or register it: `school-ledger import gias`.",
    )


def named(names: Names, party: str) -> str:
    """Return a party's name with that by which it is typed: a URN, or the reference."""
    name = names.party(party)
    return name if party.startswith("school:") else f"{name} ({party})"


def _digits(text: str) -> str:
    return text.rpartition(":")[2]


def _by_urn(connection: sqlite3.Connection, urn: str) -> list[str]:
    rows = connection.execute(
        "SELECT school FROM urns WHERE urn=? ORDER BY position DESC LIMIT 1", (f"urn:{urn}",)
    )
    return [row[0] for row in rows]


def _by_reference(connection: sqlite3.Connection, text: str) -> list[str]:
    sql = "SELECT DISTINCT party FROM names WHERE party IN (?, ?, ?)"
    exact = connection.execute(sql, (text, f"body:{text}", f"partnership:{text}")).fetchall()
    if exact:
        return [row[0] for row in exact]
    start = text if text.startswith("person:") else f"person:{text}"
    sql = "SELECT person FROM people WHERE person >= ? AND person < ? LIMIT 9"
    return [row[0] for row in connection.execute(sql, (start, f"{start}~"))]


def _by_name(connection: sqlite3.Connection, store: EntryStore, text: str) -> list[str]:
    """Return the parties that are or were called exactly so."""
    wanted = folded(text)
    if not wanted:
        return []
    at = moment(connection)
    sql = "SELECT DISTINCT party FROM called WHERE folded = ?"
    parties = [row[0] for row in connection.execute(sql, (wanted,))]
    return parties + [
        person for person, name in ever_called(connection, store, at) if folded(name) == wanted
    ]


# -- searching -----------------------------------------------------------------------------------


def found(connection: sqlite3.Connection, store: EntryStore, at: Moment, text: str) -> list[str]:
    """Return the parties and people with this in a name or as a number, best match first."""
    references = _by_reference(connection, text) if text.strip() else []
    numbers = _by_number(connection, at, text.strip())
    by_name = _holding(connection, store, at, text)
    return list(dict.fromkeys([*references, *numbers, *by_name]))


def _holding(
    connection: sqlite3.Connection, store: EntryStore, at: Moment, text: str
) -> Iterator[str]:
    """Go through the parties and people with each of these words in a name, best match first."""
    words = folded(text).split()
    matching = [
        (_how_well(name, words), name, party)
        for party, name in chain(_called(connection, at), _people(connection, store, at))
        if words and all(word in name for word in words)
    ]
    return (party for _, _, party in sorted(matching))


def _how_well(name: str, words: list[str]) -> int:
    """Return how far a name is from what was typed: it itself, begun so, words begun so, inside."""
    typed = " ".join(words)
    if name == typed:
        return 0
    if name.startswith(typed):
        return 1
    begins = name.split()
    return 2 if all(any(one.startswith(word) for one in begins) for word in words) else 3


def _by_number(connection: sqlite3.Connection, at: Moment, text: str) -> Iterable[str]:
    if not (_NUMBER.fullmatch(text) or _URN.fullmatch(text)):
        return []
    digits = _digits(text).replace("/", "").upper()
    sql = """
        SELECT school FROM urns WHERE urn >= 'urn:' || ?1 AND urn < 'urn:' || ?1 || '~'
               AND position <= ?2
        UNION SELECT party FROM numbered WHERE value >= ?1 AND value < ?1 || '~' AND position <= ?2
    """
    return [row[0] for row in connection.execute(sql, (digits, at.known_at))]


def _called(connection: sqlite3.Connection, at: Moment) -> Iterator[tuple[str, str]]:
    sql = "SELECT DISTINCT party, folded FROM called WHERE position <= ?"
    return (tuple(row) for row in connection.execute(sql, (at.known_at,)))


def _people(
    connection: sqlite3.Connection, store: EntryStore, at: Moment
) -> Iterator[tuple[str, str]]:
    return ((person, folded(name)) for person, name in ever_called(connection, store, at))


def proposed(
    connection: sqlite3.Connection, store: EntryStore, text: str, most: int = _MOST_NAMED
) -> list[str]:
    """Return the parties and people whose names hold or come near what was typed, nearest first."""
    at = moment(connection)
    holding = found(connection, store, at, text)
    return (holding or near(connection, store, at, text))[:most]


def near(connection: sqlite3.Connection, store: EntryStore, at: Moment, text: str) -> list[str]:
    """Return the parties and people with a word near each one that was typed, nearest first."""
    # Only where nothing is called so.
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    typed = folded(text)
    names = list(chain(_called(connection, at), _people(connection, store, at)))
    known = list({word for _, name in names for word in name.split()})
    alike = [
        {
            one
            for one, _, _ in process.extract(
                word, known, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_MOST_ALIKE
            )
        }
        for word in typed.split()
    ]
    close = [
        (-fuzz.token_sort_ratio(typed, name), name, party)
        for party, name in names
        if alike and all(not words.isdisjoint(name.split()) for words in alike)
    ]
    return list(dict.fromkeys(party for _, _, party in sorted(close)))

"""References from what people know: a URN, a slug, the first characters of an id.

A full reference always works. What an event itself brings into the registers is not looked up.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from cli.record.model_members import COMPLETED, Member, given, members_of, put
from cli.record.parsing import SHORT_NAME
from cli.terminal.failures import CommandError
from cli.terminal.parties import party_named
from ledger.domain.registers.who import ROLES_OF
from ledger.errors import NotFoundError
from ledger.events import CREATORS
from ledger.near import did_you_mean
from ledger.recording.application import Ledger
from ledger.texts import slug
from ledger.values import KEY, NOTHING, OFFICE, REGISTRAR, ROLES, SLUG, URN, UUID7
from projections.reports.finding import several_events
from projections.reports.names import Names as Called
from projections.reports.short_ids import LAST, my_last, short_id
from projections.reports.slots import find_obligation
from projections.reports.things import in_words, where_listed
from projections.tables.views import moment

SHORTEST = 4
_PARTIES = ("school", "body", "partnership")
_UUID = re.compile(UUID7)
_URN = re.compile(r"(?:urn:|school:)?([1-9][0-9]{5})")
_START = re.compile(r"[0-9a-f][0-9a-f-]*")
_MOST = 10_000


class Names:
    """Looks references up in a ledger and its views."""

    def __init__(self, ledger: Ledger, connection: sqlite3.Connection, key: str = "") -> None:
        """Look names up in the ledger as it stands; `last` is what the key signed last."""
        self._ledger = ledger
        self._connection = connection
        self._key = key

    def resolve(
        self,
        members: Sequence[Member],
        data: dict[str, Any],
        registers: Sequence[str],
        said_by: str = "",
    ) -> None:
        """Put full references in the place of what was written, member by member.

        `said_by` is the option that says all of them, where they are those of a part.
        """
        for member in members:
            value = given(data, member.path)
            if member.part is not None and isinstance(value, list):
                inner = members_of(member.part)
                for part in (one for one in value if isinstance(one, dict)):
                    self.resolve(inner, part, (), member.option)
            if not member.named or not isinstance(value, (str, list)):
                continue
            new = member.path[0] in registers
            found = [
                registered(member.named, text) if new else self.reference(member, text, said_by)
                for text in ([value] if isinstance(value, str) else value)
            ]
            put(data, member.path, found[0] if isinstance(value, str) else found)

    def reference(self, member: Member, text: str, said_by: str = "") -> str:
        """Return the reference that a text stands for; raise NotFoundError if none.

        It is named by the option that says it, another than its own where that is a part's.

        What is settled is listed by full references, which the record need not hold.
        """
        if member.path[-1] in COMPLETED and "/" in text:
            return text
        try:
            return self.named(member.named, text)
        except NotFoundError as error:
            raise NotFoundError(
                f"--{said_by or member.option}: {error.what}",
                got=error.got,
                expected=error.expected,
                todo=error.todo,
            ) from error

    def named(self, kinds: Sequence[str], text: str) -> str:
        """Return the reference, of one of these kinds, that a text stands for."""
        if kinds[0] == "office":
            return self.office(text)
        if kinds[0] in ("urn", "key"):
            return registered(kinds, text)
        if kinds[0] == "obligation":
            return self.obligation(text)
        if kinds[0] == "event":
            return f"event:{self.event(text.removeprefix('event:'))}"
        if set(kinds) & {*_PARTIES, "person"}:
            return self.party(kinds, text)
        return self.thing(kinds, text)

    def party(self, kinds: Sequence[str], text: str) -> str:
        """Return a party's reference."""
        if kinds == ("person",) and _UUID.fullmatch(text.removeprefix("person:")):
            return f"person:{text.removeprefix('person:')}"
        return party_named(self._connection, self._ledger.store, text, kinds)

    def office(self, text: str) -> str:
        """Return an office: `head@900001` is `head@school:900001`.

        It is at a party of a kind that has one: no chair is sought at a trust called nearly so.
        """
        if text in (REGISTRAR, "registrar"):
            return REGISTRAR
        role, at, party = text.partition("@")
        if at and role not in ROLES:
            raise NotFoundError(
                f"there is no office {role}",
                got=text,
                expected=f"{', '.join(ROLES)} at a party, as head@900001, or registrar",
                todo=did_you_mean(role, ROLES),
            )
        kinds = tuple(kind for kind, roles in ROLES_OF.items() if role in roles)
        office = f"{role}@{self.party(kinds, party)}" if at else text
        if re.fullmatch(OFFICE, office) is None:
            raise NotFoundError(
                "there is no such office",
                got=text,
                expected="a role at a party, as head@900001, officer@northwick, chair@estuary, or"
                " registrar",
            )
        return office

    def thing(self, kinds: Sequence[str], text: str) -> str:
        """Return the reference of what an event created, by the event's id or its start."""
        if text == NOTHING and NOTHING in kinds:
            return text
        kind, colon, start = text.rpartition(":")
        if colon and kind not in kinds:
            raise NotFoundError(
                f"{text} is no {' or '.join(kinds)}",
                expected=" or ".join(f"{kind}:<id>" for kind in kinds),
            )
        wanted = {CREATORS[kind].__name__: kind for kind in kinds if kind in CREATORS}
        entry_id = self.event(start, tuple(wanted), tuple(wanted.values()))
        return f"{wanted[self._ledger.find(entry_id).name]}:{entry_id}"

    def obligation(self, text: str) -> str:
        """Return the reference of what is owed, by the start of its event's id and of its slot.

        Where the event opened no other, the id of the event is enough.
        """
        start, _, slot = text.removeprefix("obligation:").partition("/")
        return find_obligation(self._connection, self.event(start), slot, self._ledger.head().size)

    def event(self, start: str, types: Sequence[str] = (), kinds: Sequence[str] = ()) -> str:
        """Return the id of the only event, of these types if any, whose id begins so.

        Those of these types bring things of these `kinds` into being.
        """
        if start == LAST:
            return my_last(self._connection, self._key, types)
        if len(start) < SHORTEST or not _START.fullmatch(start):
            raise NotFoundError(
                "this is no event's id",
                got=start,
                expected=f"its first {SHORTEST} characters or more",
                todo=where_listed(kinds),
            )
        found = list(self._events(start, types))
        if len(found) == 1:
            return found[0]
        if found:
            called = Called(self._connection, self._ledger.store, moment(self._connection))
            raise several_events(self._connection, called, start, found)
        raise NotFoundError(
            f"no {' or '.join(types) or 'event'} has an id that begins with {start}",
            got=self._got_instead(start) if kinds else None,
            todo=self._names_one(start, kinds) or where_listed(kinds),
        )

    def _got_instead(self, start: str) -> str | None:
        """Return what an id that begins so is of, where it is none of what was asked for."""
        found = list(self._events(start, ()))
        return f"{self._ledger.find(found[0]).name}" if len(found) == 1 else None

    def _names_one(self, start: str, kinds: Sequence[str]) -> str | None:
        """Propose what the event that was named itself names, of these kinds, if it does."""
        found = list(self._events(start, ()))
        if len(found) != 1:
            return None
        said = self._ledger.find(found[0]).data.values()
        named = (value for value in said if isinstance(value, str) and ":" in value)
        meant = next((value for value in named if value.partition(":")[0] in kinds), None)
        if meant is None:
            return None
        kind, _, event = meant.partition(":")
        return f"Did you mean its {in_words(kind)}, {short_id(self._connection, event)}?"

    def _events(self, start: str, types: Sequence[str]) -> Iterator[str]:
        rows = self._connection.execute(
            "SELECT event, type FROM entries WHERE event >= ? AND event < ? LIMIT ?",
            (start, f"{start}~", _MOST),
        )
        return (event for event, name in rows if not types or name in types)


def registered(kinds: Sequence[str], text: str) -> str:
    """Return the reference of what is to be registered: `northwick` is `body:northwick`."""
    kind = kinds[0]
    urn = _URN.fullmatch(text)
    if kind in ("school", "urn") and urn is not None:
        return f"{kind}:{urn[1]}"
    rest = text.removeprefix(f"{kind}:")
    grammar, expected = _GRAMMARS[kind]
    if re.fullmatch(grammar, rest) is None:
        todo = f"Did you mean {slug(rest)}?" if grammar == SLUG and rest.strip() else None
        raise CommandError(f"this can be no {kind}", got=text, expected=expected, todo=todo)
    return f"{kind}:{rest}"


_SLUGS = (SLUG, f"{SHORT_NAME}, as harbour-trust")
_URNS = (URN, "a URN of six digits")
_GRAMMARS = {
    "school": _URNS,
    "urn": _URNS,
    "body": _SLUGS,
    "partnership": _SLUGS,
    "person": (UUID7, "person:<id>, or nothing for a new person"),
    "key": (KEY.removeprefix("key:"), "SHA256:… as `school-ledger key show` tells it"),
}

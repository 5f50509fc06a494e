"""What need not be typed because the ledger tells it, by what kind of member it is.

What the rules tell (`ledger.domain.decide.complete`) is not here. Whatever is given is kept as
given.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from typing import Any, NamedTuple

from cli.record.model_members import Member
from cli.record.under import refuse_unsaid
from ledger.decision_model.rules import Told
from ledger.domain import decide
from ledger.domain.judgements.frameworks import SHIPPED, Scale
from ledger.events.base import Event
from ledger.events.registers import ClockCorrected
from ledger.events.visits import VisitMade
from ledger.files import read
from ledger.format.statement import new_id, write_time
from ledger.recording.application import Ledger
from ledger.recording.cited import CITING

#: What a draft of an event that cites a place in history is given: the head, and what is owed.
_CITED = ("at", "rows")
_LONGEST_DOCUMENT = 100_000_000


class Saying(NamedTuple):
    """An event about to be said: which, where the record is to be read, and of which day."""

    event: type[Event]
    ledger: Ledger
    connection: sqlite3.Connection
    occurred_on: date


Default = Callable[[Saying, dict[str, Any]], Any]


def fill(members: Sequence[Member], data: dict[str, Any], saying: Saying) -> None:
    """Fill in what an event leaves out and the ledger tells."""
    for member in members:
        default = _default(saying.event, member)
        name = member.path[0]
        if default is None or name in data:
            continue
        value = default(saying, data)
        if value is not None:
            data[name] = value


def filled(event: type[Event], member: Member) -> bool:
    """Whether a member is found by itself where it is left out."""
    rule = decide.RULES[event.__name__]
    always = {name for name in rule.agrees if not sometimes(event, name)}
    told = {*always, *rule.usual, *(_CITED if event.__name__ in CITING else ())}
    return member.path[0] in told or _default(event, member) is not None


def sometimes(event: type[Event], name: str) -> bool:
    """Whether a member may be found by itself where it is left out, and may not."""
    agrees = decide.RULES[event.__name__].agrees.get(name)
    return isinstance(agrees, Told) and agrees.sometimes


def _default(event: type[Event], member: Member) -> Default | None:
    registered = decide.RULES[event.__name__].registers
    if len(member.path) > 1:
        return None
    own = _OWN.get((event, member.path[0]))
    if own is not None:
        return own
    if member.named == ("person",) and member.path[0] in registered:
        return _new_person
    return None


def _new_person(saying: Saying, _data: dict[str, Any]) -> str:
    return f"person:{new_id(saying.ledger.clock(), saying.ledger.random_bytes)}"


def _only_thing_open(saying: Saying, data: dict[str, Any]) -> None:
    """Leave to the rule the only thing that a visit may be under; refuse where several are open."""
    refuse_unsaid(saying.ledger, saying.connection, data, saying.occurred_on)


def _last_right(saying: Saying, _data: dict[str, Any]) -> str | None:
    """Return the head after the last entry that was recorded no later than it is now."""
    now = write_time(saying.ledger.clock())
    row = saying.connection.execute(
        "SELECT min(position) FROM entries WHERE effective_at > ?", (now,)
    ).fetchone()
    size = row[0] - 1 if row[0] else 0
    return str(saying.ledger.head_at(size)) if size else None


#: Members of single events that something besides the rules tells.
_OWN: dict[tuple[type[Event], str], Default] = {
    (ClockCorrected, "since"): _last_right,
    (VisitMade, "under"): _only_thing_open,
}


def document(path: Path) -> dict[str, Any]:
    """Return what EvidenceLodged says of a document's file, which it does not keep."""
    content = read(path, _LONGEST_DOCUMENT)
    guessed, _ = guess_type(path.name)
    return {
        "media_type": guessed or "application/octet-stream",
        "size": len(content),
        "sha256": sha256(content).hexdigest(),
    }


def shipped_framework(slug: str) -> dict[str, Any]:
    """Return FrameworkAdopted's data for a framework that comes with this software."""
    framework = SHIPPED[slug]
    return {
        "slug": framework.slug,
        "title": framework.title,
        "areas": [_area(area, scale) for area, scale in framework.scales],
        "in_force_from": framework.in_force_from.isoformat(),
        **({"action_days": framework.action_days} if framework.action_days else {}),
    }


def _area(area: str, scale: Scale) -> dict[str, Any]:
    """Return an area of a framework as FrameworkAdopted says it; what is empty is left out."""
    said = {name: list(grades) for name, grades in scale._asdict().items() if grades}
    return {"area": area, **said}

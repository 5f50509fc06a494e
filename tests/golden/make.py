"""Write the golden entries that are missing: one entry of each event, kept for ever.

Run `python tests/golden/make.py` after adding an event: its entry is made of the example on its
class. Files that are there are never written again: an old record must stay readable as it is, so
a golden entry that no longer reads is a fault of the code. A new version of a schema is a new type
and gets a file of its own.

Everything is made from fixed seeds. The entries form no valid history; each is true to life.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from ledger import events, keys
from ledger.decision_model.facts import Book
from ledger.decision_model.rules import Case
from ledger.domain.decide import RULES
from ledger.events import Event, examples
from ledger.events.registers import LedgerFounded
from ledger.format.entry import Entry, Submission, entry_tags, parse_event, write_entry
from ledger.format.statement import (
    NAMESPACE,
    Envelope,
    draft,
    parse,
    read_time,
    tree_head,
    unsealed,
    write_time,
)
from ledger.keys import MemorySigner
from ledger.log.merkle import EMPTY_ROOT, leaf_hash
from ledger.values import REGISTRAR

HERE = Path(__file__).parent
_FIRST = read_time("2026-03-02T09:00:00Z")
_LATER = timedelta(hours=7)
_SAID_LATER = timedelta(days=1)
_PROMPT = timedelta(seconds=11)
_PLACES = 200
NOBODY = "nobody"
"""In whose office an example is said while it is asked which may: of one for any, none is told."""


def random_bytes(name: str) -> Callable[[int], bytes]:
    """Return a source of bytes that are the same in every run, and others for each name."""
    count = 0

    def take(size: int) -> bytes:
        nonlocal count
        count += 1
        return sha256(f"school-ledger golden entries: {name} {count}".encode()).digest()[:size]

    return take


def place(event: type[Event]) -> int:
    """Return how many entries come before that of an event: none before a founding.

    A function of the name alone, so that another event in the catalogue moves no golden entry.
    """
    if event is LedgerFounded:
        return 0
    return 1 + int.from_bytes(sha256(event.__name__.encode()).digest()[:2]) % _PLACES


def who(office: str) -> str:
    """Return the label of the person who holds an office in these examples."""
    return {REGISTRAR: "registrar", "head@school:900001": "head"}.get(office, office)


def signer(office: str) -> MemorySigner:
    return keys.in_memory(examples.seed(who(office)))


def event_id(event: type[Event]) -> str:
    """Return the id of an example: that by which other examples name what it creates."""
    return examples.event_id(event.creates or event.__name__)


def office_of(event: type[Event], data: dict[str, Any]) -> str:
    """Return the first office that may sign an example, by its rule and what it says."""
    said = {
        "id": event_id(event),
        "type": event.type_name(),
        "time": write_time(_FIRST),
        "occurredon": "2026-03-02",
        "signedby": examples.person("nobody"),
        "office": NOBODY,
        "seen": "",
        "source": examples.ORIGIN,
        "data": data,
    }
    entry: Entry[Any] = Entry(1, write_time(_FIRST), "", said)
    case = Case(entry, Book(lambda *_: ()).look)
    offices = (office for by in RULES[event.__name__].by for office in by.offices(case))
    return next((office for office in offices if office != NOBODY), REGISTRAR)


def submission(event: type[Event]) -> Submission:
    """Return the signed statement of an example, with what opens its sealed text."""
    data, texts = unsealed(event, dict(event.example))
    office, number = office_of(event, data), place(event)
    time = _FIRST + number * _LATER
    root = sha256(f"root of {number}".encode()).digest() if number else EMPTY_ROOT
    envelope = Envelope(
        examples.ORIGIN,
        event_id(event),
        write_time(time),
        (time - _SAID_LATER if number else time).date(),
        examples.person(who(office)),
        office,
        tree_head(number, root),
    )
    said = parse_event(event.type_name(), data)
    drafted = draft(said, envelope, texts, random_bytes(f"salts of {event.__name__}"))
    signature = base64.b64encode(signer(office).sign(drafted.statement, NAMESPACE)).decode()
    return Submission(drafted.statement, signature, drafted.disclosures)


def write(event: type[Event]) -> None:
    """Write an example's entry, and what must be found of it for ever."""
    said = submission(event)
    statement = parse(said.statement)
    key = f"key:{signer(statement.office).public.fingerprint}"
    recorded_at = write_time(read_time(statement.time) + _PROMPT)
    entry = write_entry(recorded_at, said.signature, said.statement)
    expected = {
        "disclosures": [disclosure.as_json() for disclosure in said.disclosures],
        "key": key,
        "leaf_hash": leaf_hash(entry).hex(),
        "recorded_at": recorded_at,
        "tags": entry_tags(statement, key),
    }
    written = json.dumps(expected, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    _create(HERE / "entries" / f"{statement.type}.json", entry + b"\n")
    _create(HERE / "expected" / f"{statement.type}.json", written.encode())


def _create(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("xb") as file:  # never over a file that is there
        file.write(content)


def missing(catalogue: tuple[type[Event], ...] = events.CATALOGUE) -> list[type[Event]]:
    """Return the events that have no golden entry yet."""
    return [
        event
        for event in catalogue
        if not (HERE / "entries" / f"{event.type_name()}.json").exists()
    ]


def main() -> int:
    """Write what is missing."""
    for event in missing():
        write(event)
        sys.stdout.write(f"entries/{event.type_name()}.json is written.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

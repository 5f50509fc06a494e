"""What people and parties are called in a record that was verified, as far as it shows that.

A person's name is taken from text that is as it was sealed, and only where that was not erased.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ledger.audit.by_entry import Row
from ledger.errors import LedgerError
from ledger.events import CATALOGUE
from ledger.format.entry import Entry, read_entry
from ledger.values import OFFICE, PARTY, office_party, office_role

__all__ = ["Called", "called", "named_in"]

_ENROLLED = "PersonEnrolled"
_NAMING = {event.__name__: event.names for event in CATALOGUE if event.names is not None}
_REFERENCE = re.compile(rf"\b(?:{OFFICE}|{PARTY})")
_MAY_NAME = re.compile(rf'"type":"(?:{"|".join((_ENROLLED, *_NAMING))})\.'.encode())


class Called(Mapping[str, str]):
    """Names by reference; whoever is not in it is called by the reference."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """Take the names that are known."""
        self._names = names

    def __getitem__(self, reference: str) -> str:
        """Return a name."""
        return self._names[reference]

    def __iter__(self) -> Iterator[str]:
        """Go through the references."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return how many names are known."""
        return len(self._names)

    def in_words(self, text: str) -> str:
        """Return a message of ours with names in the place of references."""
        return _REFERENCE.sub(lambda match: self._word(match[0]), text)

    def _word(self, reference: str) -> str:
        if "@" not in reference:
            return self._names.get(reference, reference)
        party = office_party(reference)
        whose = "the ledger" if party is None else self._names.get(party, party)
        return f"{office_role(reference).replace('_', ' ')} of {whose}"


def named_in(texts: Iterable[str]) -> set[str]:
    """Return the people and parties that messages of ours refer to."""
    references = {match for text in texts for match in _REFERENCE.findall(text)}
    parties = {office_party(each) if "@" in each else each for each in references}
    return {each for each in parties if each is not None}


def called(rows: Iterable[Row], people: Mapping[str, str], wanted: set[str]) -> Called:
    """Return what those are called who are wanted; `people` are names by enrolments' ids."""
    names: dict[str, str] = {}
    urns: dict[str, str] = {}
    for position, data in rows:
        entry = _naming(position, data) if _MAY_NAME.search(data) else None
        if entry is None:
            continue
        party = entry.data[_NAMING.get(entry.name, "person")]
        name = people.get(entry.id) if entry.name == _ENROLLED else entry.data["name"]
        if party in wanted and name is not None:
            names[party] = name
            urns[party] = entry.data.get("new_urn") or entry.data.get("urn") or urns.get(party, "")
    return Called({party: _beside(name, urns[party]) for party, name in names.items()})


def _naming(position: int, data: bytes) -> Entry[Any] | None:
    """Return an entry that names somebody; what cannot be read names nobody, and is found so."""
    try:
        entry: Entry[Any] = read_entry(position, data)
        names = isinstance(entry.data[_NAMING.get(entry.name, "person")], str)
    except (LedgerError, ValueError, LookupError, TypeError):
        return None
    return entry if names and (entry.name == _ENROLLED or "name" in entry.data) else None


def _beside(name: str, urn: str) -> str:
    return f"{name} ({urn.removeprefix('urn:')})" if urn else name

"""What became of the sealed fields of a record: shown, withheld, erased, missing or altered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from ledger.format.entry import read_entry
from ledger.store.base import EntryStore

__all__ = ["NAME_AT", "Field", "TextTally", "Texts", "erased_fields"]

_ERASED = "DetailErased"
NAME_AT = "/data/name"
"""Where an event seals a person's name."""


class Texts(Protocol):
    """What opens sealed fields: a vault, or the disclosures of a bundle."""

    def begin(self, events: Sequence[str]) -> None:
        """Be told which events' fields will be asked for next."""
        ...

    def find(self, event: str, pointer: str) -> tuple[bytes, str] | None:
        """Return salt and text of a sealed field, None where there is none."""
        ...

    def is_withheld(self, event: str, pointer: str) -> bool:
        """Tell whether whoever gave the texts says that this one is kept back."""
        ...


class Field(NamedTuple):
    """A sealed field, by the event that seals it and its pointer there."""

    event: str
    pointer: str


class TextTally:
    """What became of the sealed fields of a record."""

    def __init__(self) -> None:
        self.matching = 0
        self.withheld = 0
        self.mismatching: dict[Field, int] = {}
        self.missing: dict[Field, int] = {}
        self.erased: dict[Field, int] = {}
        #: What events name somebody, by the events' ids.
        self.names: dict[str, str] = {}


def erased_fields(store: EntryStore) -> dict[Field, int]:
    """Return the sealed fields whose text an entry says is erased, and the first that does.

    That holds whatever is in the vault: a copy that came back is no text of the record.
    """
    found: dict[Field, int] = {}
    for position, data in store.by_types([_ERASED]):
        said = read_entry(position, data).data
        found.setdefault(Field(said["event"].partition(":")[2], said["pointer"]), position)
    return found

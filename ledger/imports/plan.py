"""What an import of a published register adds, and what it leaves to a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from ledger.events.base import Event


@dataclass(frozen=True, order=True)
class Row:
    """A row of a published file, counted as a text editor counts lines."""

    file: str
    row: int


class Finding(Protocol):
    """What was found about an establishment, in which rows, and what to do about it.

    `urn` is six digits, empty for what concerns a body or a whole file. `code` and `urn` together
    tell whether a finding is the one of an earlier import.
    """

    @property
    def code(self) -> str:
        """Of which kind it is."""

    @property
    def urn(self) -> str:
        """Whom it concerns."""

    @property
    def sentence(self) -> str:
        """What was found, in a sentence."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """Where it stands."""

    @property
    def ask(self) -> str:
        """What to do about it."""


Found_co = TypeVar("Found_co", bound=Finding, covariant=True)
Counts_co = TypeVar("Counts_co", covariant=True)


@dataclass(frozen=True)
class Plan(Generic[Found_co, Counts_co]):
    """What an import adds, in an order in which it can be recorded, and what it found.

    `ids` are those of events that others of the plan name.
    """

    events: tuple[Event, ...]
    findings: tuple[Found_co, ...]
    counts: Counts_co
    ids: Mapping[Event, str] = field(default_factory=dict)

    @property
    def events_by_type(self) -> Mapping[str, int]:
        """Return how many events there are of each name."""
        return Counter(type(event).__name__ for event in self.events)

    @property
    def findings_by_code(self) -> Mapping[str, int]:
        """Return how many findings there are of each code."""
        return Counter(finding.code for finding in self.findings)

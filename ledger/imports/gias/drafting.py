"""The events about schools, drafted from rows of the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from ledger.events.registers import (
    PartyRenamed,
    Place,
    ResponsibleBodyChanged,
    SchoolChanged,
    SchoolClosed,
    SchoolConverted,
    SchoolIdentifiers,
    SchoolRegistered,
    SuccessionAttributed,
)
from ledger.imports.gias.bodies import MAINTAINED, TRUST_RUN, Directory
from ledger.imports.gias.known import KnownSchool
from ledger.imports.gias.register import Register
from ledger.imports.gias.succession import Step
from ledger.imports.gias.tables import Establishment, OnTheGrid
from ledger.values import Source

# Words in the names of reasons for closing.
_AMALGAMATED = ("amalgamat", "merge")
_CLOSED = ("closure", "close ")
_GOES_ON = ("academy", "fresh start", "split", "sponsor", "change in status", "federation")


@dataclass(frozen=True)
class Drafts:
    """Drafts events; what the register does not tell is left out of them."""

    register: Register
    directory: Directory

    def responsible(self, row: Establishment | None) -> str | None:
        """Return who is responsible for a school: the authority, a trust, or nobody told."""
        if row is None:
            return None
        if row.type in MAINTAINED:
            return self.directory.authority(row.la_code)
        if row.type in TRUST_RUN and row.trust:
            return self.directory.trust(row.trust)
        return None

    def registered(
        self, urn: str, today: Establishment, la: str, next_step: Step | None
    ) -> SchoolRegistered:
        """Draft the beginning of a line under `urn`, which is `today`'s or one before it."""
        row = self.register.establishments.get(urn)
        return SchoolRegistered(
            school=f"school:{urn}",
            urn=f"urn:{urn}",
            name=self._name(urn, next_step.backward.other_name if next_step else "", today),
            phase=today.phase or "not_applicable",
            establishment_type=row.type if row else None,
            la=la,
            region=today.region,
            responsible_body=self.responsible(row),
            opened_on=row.opened if row else None,
            identifiers=_identifiers(row),
            place=_place(today.place),
            source=self._source(row, next_step),
        )

    def converted(self, line: KnownSchool, step: Step, today: Establishment) -> SchoolConverted:
        """Draft one step of a line."""
        row = self.register.establishments.get(step.new)
        return SchoolConverted(
            school=line.ref,
            old_urn=f"urn:{step.old}",
            old_urn_closes_on=step.closes_on,
            new_urn=f"urn:{step.new}",
            new_urn_opens_on=step.opens_on,
            effective_on=step.opens_on,
            name=self._name(step.new, step.forward.other_name, today),
            establishment_type=row.type if row else None,
            former_body=line.responsible_body,
            responsible_body=self.responsible(row),
            identifiers=_identifiers(row),
            source=self._source(None, step),
        )

    def attributed(self, line: KnownSchool, step: Step) -> SuccessionAttributed:
        """Draft that a line of the ledger goes on from a URN that it had before."""
        return SuccessionAttributed(
            school=line.ref,
            urn=f"urn:{step.new}",
            former_urn=f"urn:{step.old}",
            former_urn_closes_on=step.closes_on,
            effective_on=step.opens_on,
            source=self._source(None, step),
        )

    def body_changed(
        self, line: KnownSchool, row: Establishment, body: str, effective_on: date
    ) -> ResponsibleBodyChanged:
        """Draft that another body is responsible for a line."""
        return ResponsibleBodyChanged(
            school=line.ref,
            former_body=line.responsible_body,
            responsible_body=body,
            effective_on=effective_on,
            source=self._source(row, None),
        )

    def changed(
        self, line: KnownSchool, row: Establishment, told: Mapping[str, Any], effective_on: date
    ) -> SchoolChanged:
        """Draft that the register has another phase, type, authority or place of a line."""
        source = self._source(row, None)
        said = {"school": line.ref, "effective_on": effective_on, "source": source, **told}
        said |= {"place": _place(told["place"])} if "place" in told else {}
        return SchoolChanged.model_validate(said)

    def renamed(self, line: KnownSchool, row: Establishment, effective_on: date) -> PartyRenamed:
        """Draft that the register calls a line otherwise."""
        return PartyRenamed(
            party=line.ref,
            former_name=line.name,
            name=row.name,
            effective_on=effective_on,
            source=self._source(row, None),
        )

    def closed(self, line: KnownSchool, row: Establishment, effective_on: date) -> SchoolClosed:
        """Draft the end of a line."""
        return SchoolClosed(
            school=line.ref,
            effective_on=effective_on,
            reason=_reason(row),
            source=self._source(row, None),
        )

    def _name(self, urn: str, in_link: str, today: Establishment) -> str:
        row = self.register.establishments.get(urn)
        return row.name if row else in_link or today.name

    def _source(self, row: Establishment | None, step: Step | None) -> Source | None:
        """Return the establishment's own row, else the row in which the new names the old."""
        if row is not None:
            return self.register.establishments_file.source(row.row)
        if step is not None and self.register.links_file is not None:
            return self.register.links_file.source(step.backward.row)
        return None


def _identifiers(row: Establishment | None) -> SchoolIdentifiers | None:
    if row is None or not (row.laestab or row.ukprn):
        return None
    return SchoolIdentifiers(laestab=row.laestab, ukprn=row.ukprn)


def _place(told: OnTheGrid | None) -> Place | None:
    return Place(easting=told.easting, northing=told.northing) if told else None


def _reason(row: Establishment) -> Literal["amalgamated", "closed", "not_stated"]:
    if tells(row.reason_closed, _AMALGAMATED):
        return "amalgamated"
    return "closed" if says_closed(row) else "not_stated"


def tells(text: str, words: tuple[str, ...]) -> bool:
    """Return whether any of the words stands in a text, whatever the case."""
    return any(word in text.casefold() for word in words)


def says_closed(row: Establishment) -> bool:
    """Return whether the reason for closing tells that the school simply closed."""
    return tells(row.reason_closed, _CLOSED) and not goes_on(row)


def goes_on(row: Establishment) -> bool:
    """Return whether the reason for closing tells that the school goes on as another."""
    return tells(row.reason_closed, _GOES_ON)

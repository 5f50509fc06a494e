"""What the ledger holds already of inspections, beside its schools; built by folding events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from ledger.events.base import Event
from ledger.events.judgements import FrameworkAdopted, JudgementMade
from ledger.imports import gias

_INSPECTIONS = ("inspection", "monitoring_inspection")


class Inspected(NamedTuple):
    """Which inspection: of whom, by which framework, begun on which day. There is one of each."""

    about: str
    framework: str
    on: date


@dataclass(frozen=True)
class KnownFramework:
    """A framework that the ledger has adopted, or would: by which reference, with what scales."""

    ref: str
    adopted: FrameworkAdopted

    @property
    def scales(self) -> Mapping[str, tuple[str, ...]]:
        """Return the grades of each area, best first."""
        return {area.area: area.grades for area in self.adopted.areas}


@dataclass(frozen=True)
class Known:
    """The schools and bodies of a ledger, its frameworks by slug, and its inspections."""

    register: gias.Known = field(default_factory=gias.Known)
    frameworks: Mapping[str, KnownFramework] = field(default_factory=dict)
    inspections: Mapping[Inspected, JudgementMade] = field(default_factory=dict)

    def after(self, events: Iterable[tuple[str, Event]]) -> Known:
        """Return what is known once events, by id and in recorded order, have been added.

        Of two frameworks of one slug the later one counts.
        """
        events = list(events)
        frameworks, slugs = dict(self.frameworks), {}
        inspections = dict(self.inspections)
        for each in frameworks.values():
            slugs[each.ref] = each.adopted.slug
        for id_, event in events:
            if isinstance(event, FrameworkAdopted):
                ref = f"framework:{id_}"
                frameworks[event.slug] = KnownFramework(ref, event)
                slugs[ref] = event.slug
            elif isinstance(event, JudgementMade) and event.basis in _INSPECTIONS:
                slug = slugs.get(event.framework, "")
                inspections[Inspected(event.about, slug, event.inspected_on)] = event
        register = self.register.after(event for _, event in events)
        return Known(register, frameworks, inspections)


#: The events that tell what an import must know.
EVENTS = (*gias.EVENTS, FrameworkAdopted, JudgementMade)

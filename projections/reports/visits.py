"""Who visited whom, and how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from projections.reports.names import Names


class Between(NamedTuple):
    """How often one visited another under a year; `outside` where the host did not belong then."""

    visitor: str
    visitor_name: str
    host: str
    host_name: str
    many: int
    outside: bool

    @property
    def words(self) -> str:
        """Say it in words."""
        outside = " (outside)" if self.outside else ""
        return f"{self.visitor_name} to {self.host_name}: {self.many}{outside}"


def counted(visits: Iterable[tuple[Mapping[str, Any], bool]], names: Names) -> list[Between]:
    """Return who visited whom, by name, of visits with whether each was outside."""
    counts = Counter((visit["visitor"], visit["host"], outside) for visit, outside in visits)
    told = [
        Between(visitor, names.party(visitor), host, names.party(host), many, outside)
        for (visitor, host, outside), many in counts.items()
    ]
    return sorted(told, key=lambda one: (one.visitor_name, one.host_name, one.outside))

"""Ofsted's management information: a published sheet in, judgements of the ledger's schools out.

::

    plan = ofsted.plan(read(File(path)), known, Ground(shipped, new_id))
    plan.events      what the ledger lacks, in an order in which it can be recorded
    plan.findings    what no event can say without guessing, and what to do about it
    known.after(…)   what to give to the next import

Pure: no database, clock, network or printing. Which columns tell of which inspection stands in
`sheets`, what words and codes mean in `grades`, how an inspection is judged in `planning`.

Every judgement cites its file, the file's SHA-256 and the line. Only schools that the ledger has
are judged; columns about people are not read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ledger.days import LAST
from ledger.errors import ImportFileError
from ledger.events.judgements import FrameworkAdopted
from ledger.events.registers import BodyRegistered
from ledger.imports import plan as imports
from ledger.imports.files import Published, load
from ledger.imports.ofsted.findings import ASKS, Code, Finding
from ledger.imports.ofsted.grades import UNGRADED_OUTCOMES
from ledger.imports.ofsted.known import EVENTS, Inspected, Known, KnownFramework
from ledger.imports.ofsted.planning import OUTCOMES, Planner
from ledger.imports.ofsted.sheets import FOUR_POINT, INSPECTIONS, REPORT_CARD, UNGRADED, schools

__all__ = [
    "ASKS",
    "EVENTS",
    "FOUR_POINT",
    "INSPECTORATE",
    "REPORT_CARD",
    "Code",
    "Counts",
    "File",
    "Finding",
    "Ground",
    "Inspected",
    "Known",
    "KnownFramework",
    "Plan",
    "plan",
]

INSPECTORATE = "body:ofsted"


@dataclass(frozen=True)
class File:
    """A sheet; where it was downloaded, and when it was published if its name does not tell."""

    path: Path
    url: str | None = None
    published_on: date | None = None


class Ground(NamedTuple):
    """What judgements rest on, recorded before them where the ledger lacks it.

    The inspectorate, and frameworks by slug, each to be adopted under an id that `new_id` gives.
    What lies after `today` has not happened yet.
    """

    shipped: Mapping[str, FrameworkAdopted]
    new_id: Callable[[], str]
    judge: str = INSPECTORATE
    today: date = LAST


@dataclass(frozen=True)
class Counts:
    """How many rows the file has, how many about schools of the ledger, and what these tell of.

    Each inspection is `registered`, new to the ledger, `unchanged`, or `unclear`: of that a
    finding tells.
    """

    rows: int
    schools: int
    registered: int
    unchanged: int
    unclear: int

    @property
    def inspections(self) -> int:
        """Return how many inspections of the ledger's schools the file tells of."""
        return self.registered + self.unchanged + self.unclear


class Plan(imports.Plan[Finding, Counts]):
    """What an import adds, and what it found."""


def read(file: File) -> Published:
    """Return what a sheet holds; raise ImportFileError for a file that is not what it should be."""
    loaded = load(file.path, INSPECTIONS)
    return replace(loaded, url=file.url, published_on=file.published_on or loaded.published_on)


def plan(
    published: Published,
    known: Known,
    ground: Ground,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Plan:
    """Return what must be recorded for the ledger to say what a sheet says of its schools.

    `progress` is told how many lines are read out of how many. Raises ImportFileError for a sheet
    that is not what it should be.
    """
    frameworks = {**ground.shipped, UNGRADED: UNGRADED_OUTCOMES}

    def adopting(slug: str) -> KnownFramework:
        return KnownFramework(f"framework:{ground.new_id()}", frameworks[slug])

    planner = Planner(published, known, ground.judge, adopting, ground.today)
    done = 0

    def tick(lines: int) -> None:
        nonlocal done
        done += lines
        if progress:
            progress(done, published.lines)

    tick(0)
    for school in schools(published, tick):
        planner.judge_row(school)
    tick(published.lines - done)
    if not planner.rows:
        raise ImportFileError(
            f"{published.name} has a header and no schools below it", todo="Download it again."
        )
    planner.look_around()
    return _plan(planner, published)


def _plan(planner: Planner, published: Published) -> Plan:
    judgements, adopted = planner.judgements, planner.adopted
    bodies: tuple[BodyRegistered, ...] = ()
    if judgements and planner.judge not in planner.known.register.bodies:
        bodies = (_inspectorate(planner.judge, published),)
    counts = Counts(planner.rows, planner.held, **_outcomes(planner))
    return Plan(
        (*bodies, *(framework for _, framework in adopted), *judgements),
        tuple(planner.findings),
        counts,
        {framework: ref.partition(":")[2] for ref, framework in adopted},
    )


def _outcomes(planner: Planner) -> dict[str, int]:
    return {outcome: planner.outcomes[outcome] for outcome in OUTCOMES}


def _inspectorate(judge: str, published: Published) -> BodyRegistered:
    return BodyRegistered(
        body=judge, kind="inspectorate", name=published.publisher, source=published.source(1)
    )

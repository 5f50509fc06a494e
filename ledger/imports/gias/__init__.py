"""Get Information About Schools (GIAS): published files in, events out.

::

    plan = gias.plan(Files(establishments, links, groups), Selection(), known)
    plan.events      what the ledger lacks, in an order in which it can be recorded
    plan.findings    what no event can say without guessing, and what to do about it
    known.after(plan.events)    what to give to the next import

Pure: no database, clock, network or printing. Planned again with what the first plan's events made
known, the same files give no events. How a succession is judged and dated stands in `succession`,
what is registered and how a changed body is dated in `planning`, how bodies are named in `bodies`.

Every event cites its file, the file's SHA-256 and the line. Columns are found by name, and those
about people are not among the names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ledger.imports import plan as imports
from ledger.imports.gias.bodies import Directory
from ledger.imports.gias.findings import ASKS, Code, Finding, Succession
from ledger.imports.gias.known import EVENTS, DatedUrn, Known, KnownBody, KnownSchool
from ledger.imports.gias.planning import OUTCOMES, Planner
from ledger.imports.gias.register import Files, open_register
from ledger.imports.gias.selection import Selected, Selection
from ledger.imports.plan import Row

__all__ = [
    "ASKS",
    "EVENTS",
    "Code",
    "Counts",
    "DatedUrn",
    "Files",
    "Finding",
    "Known",
    "KnownBody",
    "KnownSchool",
    "Plan",
    "Row",
    "Selection",
    "Succession",
    "plan",
]


@dataclass(frozen=True)
class Counts:
    """How many establishments the file has, and what became of the selected ones, each once.

    `registered` are new to the ledger, `changed` and `unchanged` are in it, `earlier` are numbers
    of schools that go on under another. Of `unclear` ones a finding tells, as it does where a code
    is `unknown`. `closed`, `proposed` and `no_schools` are left out of the ledger.
    """

    establishments: int
    selected: int
    registered: int
    changed: int
    unchanged: int
    earlier: int
    unclear: int
    unknown: int
    closed: int
    proposed: int
    no_schools: int


class Plan(imports.Plan[Finding, Counts]):
    """What an import adds, and what it found."""


def plan(
    files: Files,
    selection: Selection,
    known: Known,
    *,
    as_of: date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Plan:
    """Return what must be recorded for the ledger to say what the files say.

    `as_of` dates a change of responsible body that the files do not date. `progress` is told how
    many lines are read out of how many. Raises ImportFileError for a file that is not what it
    should be, NotFoundError for a selection that neither files nor ledger know.
    """
    register = open_register(files, progress)
    directory = Directory(register.establishments, register.groups, known)
    selected = Selected(selection, register, directory, known)
    planner = Planner(register, directory, known, as_of)
    for row in selected.heads().values():
        planner.judge(row)
    planner.look_around(selected)
    events = planner.events()
    rows = selected.rows()
    outcomes = Counter(planner.outcomes.get(row.urn, "earlier") for row in rows)
    counts = Counts(
        establishments=len(register.establishments),
        selected=len(rows),
        **{outcome: outcomes[outcome] for outcome in OUTCOMES},
    )
    return Plan(events, tuple(planner.findings), counts)

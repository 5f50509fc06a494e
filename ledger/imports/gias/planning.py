"""From what the files say and the ledger holds to the events that are missing.

Each establishment is judged by itself: what went before it by clear steps, whether the ledger holds
a school line that had any of those URNs, and what must be added for that line to be what the
register says today.

- **Registered** are establishments that are open and that no school line of the ledger had been:
  under the oldest URN that clear steps lead back to, then converted step by step. Closed ones that
  the ledger does not know are only counted, as are those proposed to open and those that are no
  schools (universities, children's centres).
- Phase, local authority, region and place of a line that is registered are today's. The type,
  opening day and body of a former establishment are given where its row is in the file, else left
  out; its name is the row's, else the links file's.
- **Responsible body**: the local authority of a maintained school, foundation schools "supported
  by a trust" included (that trust holds the land and appoints governors; it runs no school); the
  trust of an academy or free school; none for others. An academy that names no trust is a finding.
- **A changed body**, name, type, phase, place or local authority takes effect on the row's
  LastChangedDate, the first day on which the register is known to have said so; where that is
  empty, on the day in the file's published name, else on `as_of` if the caller gives one (the day
  of download, say); else it is a finding.
- **Later files.** A clear step that leads to the first URN of a line, and that the ledger lacks, is
  attributed; one from another line of the ledger is a finding. So are links withdrawn and days
  changed since a register told of a step; what a person settled is left as it is. A file older
  than one that the ledger cites registers what is new, and compares nothing.
- **Closed** with no successor needs a CloseDate. Without a links file, or where the reason for
  closing tells that the school went on, it is a finding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, Literal, get_args

from ledger.events.base import Event
from ledger.events.registers import (
    ResponsibleBodyChanged,
    SchoolChanged,
    SchoolConverted,
    SchoolRegistered,
    SuccessionAttributed,
)
from ledger.imports.gias.bodies import MAINTAINED, NO_SCHOOL, TRUST_RUN, Directory
from ledger.imports.gias.drafting import Drafts, goes_on, says_closed
from ledger.imports.gias.findings import Code, Finding, Succession
from ledger.imports.gias.known import Change, DatedUrn, Known, KnownSchool, changed
from ledger.imports.gias.register import Register
from ledger.imports.gias.selection import Selected
from ledger.imports.gias.sentences import of_doubt
from ledger.imports.gias.succession import A_DAY, Doubt, Step
from ledger.imports.gias.tables import TRUSTS_COLUMN, Establishment

Outcome = Literal[
    "registered",
    "changed",
    "unchanged",
    "earlier",
    "unclear",
    "unknown",
    "closed",
    "proposed",
    "no_schools",
]
"""What became of a row: each has exactly one."""
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


#: The members of SchoolChanged that settle what a register says otherwise.
_MEMBER_OF: Mapping[Code, str] = {
    "type-changed": "establishment_type",
    "phase-changed": "phase",
    "authority-changed": "la",
    "place-changed": "place",
}


@dataclass(frozen=True)
class Past:
    """What an establishment goes on from: a line of the ledger, or nothing that it has."""

    line: KnownSchool | None
    begins: str
    steps: Sequence[Step]


@dataclass
class Planner:
    """Collects events and findings, one establishment after the other."""

    register: Register
    directory: Directory
    known: Known
    as_of: date | None
    registered: list[SchoolRegistered] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    _met: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Make what drafts events from the same register and directory."""
        self._drafts = Drafts(self.register, self.directory)
        latest, own = self.known.published_on, self.register.published_on
        self._older = bool(own and latest and own < latest)

    def judge(self, row: Establishment) -> None:
        """Add what is missing about one establishment, and keep what became of it."""
        self.outcomes[row.urn] = self._judged(row)

    def _judged(self, row: Establishment) -> Outcome:
        if row.type in NO_SCHOOL:
            return "no_schools"
        if row.status == "proposed":
            return "proposed"
        if row.status == "unknown" or (row.current and row.phase is None):
            what = "status" if row.status == "unknown" else "phase"
            self._find("code-unknown", row, f"has a {what} that this version does not know")
            return "unknown"
        return self._judged_open(row) if row.current else self._judged_closed(row)

    def _judged_open(self, row: Establishment) -> Outcome:
        lineage = self.register.history.lineage(row.urn)
        past = self._past(row, lineage.steps)
        if past is None:
            return "unclear"
        before = len(self.changes)
        line = self._brought_up(past, row)
        if line is None:
            return "unclear"
        if past.line is not None:
            line = self._traced_back(line, row)
        if lineage.doubt is not None and not self._settled(lineage.doubt, line):
            found = of_doubt(lineage.doubt, self.register, self._choices(lineage.doubt, line))
            self.findings.append(found)
        if not self._older:
            self._compare_steps(past.line, row)
            self._compare(line, row)
        if past.line is None:
            return "registered"
        return "unchanged" if before == len(self.changes) else "changed"

    def _judged_closed(self, row: Establishment) -> Outcome:
        steps = self.register.history.lineage(row.urn).steps
        urns = [row.urn, *(step.old for step in steps)]
        if not any(f"urn:{urn}" in self.known.by_urn for urn in urns):
            return "closed"
        own = self.known.by_urn.get(f"urn:{row.urn}")
        if own is not None and (own.closed_on or own.urn != f"urn:{row.urn}"):
            self._met.add(own.ref)
            self._compare_closed(own, row)
            return "unchanged"
        past = self._past(row, steps)
        if past is None or past.line is None:
            return "unclear"
        before = len(self.changes)
        line = self._brought_up(past, row)
        if line is not None and not self._older:
            self._close(line, row)
        return "unclear" if before == len(self.changes) else "changed"

    # 1. What an establishment goes on from.

    def _past(self, row: Establishment, steps: Sequence[Step]) -> Past | None:
        """Return what goes on; None if the ledger holds what no event can bring in line."""
        urns = [row.urn, *(step.old for step in reversed(steps))]
        for back, urn in enumerate(urns):
            line = self.known.by_urn.get(f"urn:{urn}")
            if line is None:
                continue
            self._met.add(line.ref)
            later = steps[len(steps) - back :]
            trouble = _trouble(line, urn, later)
            if trouble is None:
                return Past(line, urn, later)
            self._find(trouble[0], row, trouble[1], *_going_on(trouble[0], later))
            return Past(None, later[0].new, later[1:]) if later and row.current else None
        return Past(None, urns[-1], steps)

    def _settled(self, doubt: Doubt, line: KnownSchool) -> bool:
        """Return whether all that is doubtful is this same line, or settled by a person."""
        own = {dated.urn for dated in line.urns} - {f"urn:{doubt.urn}"}
        return all(f"urn:{urn}" in own | self.known.settled for urn in doubt.others)

    def _choices(self, doubt: Doubt, line: KnownSchool) -> tuple[Succession, ...]:
        """Return the successions that a person may have to settle, with the days that fit."""
        own = {dated.urn for dated in line.urns}
        school = line.urn.removeprefix("urn:")
        return tuple(
            Succession(school, doubt.urn, urn, *self._fitting(doubt, urn, doubt.urn))
            for urn in doubt.others
            if f"urn:{urn}" not in own
        )

    def _fitting(self, doubt: Doubt, old: str, new: str) -> tuple[date | None, date | None]:
        """Return the days on which one went on as another; none if they run backwards.

        Links tell them, else the rows of the two; a day apart the wrong way round, the other way.
        """
        rows = self.register.establishments
        told = {(link.urn, link.other): link.on for link in reversed(doubt.links) if link.on}
        closes_on = told.get((old, new)) or (rows[old].closed if old in rows else None)
        opens_on = told.get((new, old)) or (rows[new].opened if new in rows else None)
        if not closes_on or not opens_on or closes_on <= opens_on:
            return closes_on, opens_on
        return (opens_on, closes_on) if closes_on - opens_on == A_DAY else (None, None)

    def _traced_back(self, line: KnownSchool, row: Establishment) -> KnownSchool:
        """Return a line of the ledger with the clear steps to its first URN that it lacked."""
        first = line.urns[0].urn.removeprefix("urn:")
        for step in reversed(self.register.history.lineage(first).steps):
            other = self.known.by_urn.get(f"urn:{step.old}")
            if other is not None:
                self._find_two_lines(line, other, step, row)
                break
            line = self._add(line, self._drafts.attributed(line, step))
        return line

    def _find_two_lines(
        self, line: KnownSchool, other: KnownSchool, step: Step, row: Establishment
    ) -> None:
        self._met.add(other.ref)
        if other.ref == line.ref:
            return
        words = f"follows {step.old}, which the ledger has as a school of its own, {other.ref}"
        days = (step.closes_on, step.opens_on)
        choice = Succession(line.urn.removeprefix("urn:"), step.new, step.old, *days)
        self._find("two-lines", row, words, choice)

    # 1b. What a register said before, and says otherwise now.

    def _compare_steps(self, line: KnownSchool | None, row: Establishment) -> None:
        """Find steps of a line that the ledger had which links no longer tell of, or otherwise."""
        if line is None or self.register.links_file is None:
            return
        for old, new in pairwise(line.urns):
            if new.published:
                self._compare_step(old, new, row)

    def _compare_step(self, old: DatedUrn, new: DatedUrn, row: Establishment) -> None:
        earlier, later = old.urn.removeprefix("urn:"), new.urn.removeprefix("urn:")
        told = self.register.history.told(earlier, later)
        went_on = f"went on from {earlier} as {later} in the ledger"
        if told is None:
            self._find("link-withdrawn", row, f"{went_on}, and no link says so any more")
        elif isinstance(told, Step):
            if (told.closes_on, told.opens_on) != (old.closes_on, new.opens_on):
                words = f"{went_on}, {_days(old.closes_on, new.opens_on)}; the file says"
                self._find("dates-changed", row, f"{words} {_days(told.closes_on, told.opens_on)}")
        elif told.code in ("dates-apart", "dates-missing"):
            words = f"{went_on}, {_days(old.closes_on, new.opens_on)}; in the file"
            self._find("dates-changed", row, f"{words} {of_doubt(told, self.register).sentence}")
        elif told.code == "no-reverse":
            self._find("link-withdrawn", row, f"{went_on}, and only one of the two says so now")
        else:
            words = f"{went_on}; in the file {of_doubt(told, self.register).sentence}"
            self._find("links-changed", row, words)

    def _compare_closed(self, line: KnownSchool, row: Establishment) -> None:
        if self._older or line.urn != f"urn:{row.urn}":
            return
        self._compare_steps(line, row)
        if line.closed_on and row.closed and line.closed_on != row.closed:
            words = f"closed on {row.closed:%d/%m/%Y}, in the ledger on {line.closed_on:%d/%m/%Y}"
            self._find("close-date-changed", row, words)

    # 2. Bringing a line up to what it is today.

    def _brought_up(self, past: Past, row: Establishment) -> KnownSchool | None:
        """Register and convert; return the line as it then stands, None if it cannot be."""
        line = past.line or self._begun(past, row)
        if line is None:
            return None
        for step in past.steps:
            line = self._add(line, self._drafts.converted(line, step, row))
        return line

    def _begun(self, past: Past, row: Establishment) -> KnownSchool | None:
        la = self.directory.authority(row.la_code)
        if la is None:
            self._find("authority-missing", row, "has no local authority")
            return None
        first = past.steps[0] if past.steps else None
        event = self._drafts.registered(past.begins, row, la, first)
        self.registered.append(event)
        return Known().after([event]).schools[event.school]

    def _add(self, line: KnownSchool, event: Change) -> KnownSchool:
        self.changes.append(event)
        return changed(line, event)

    # 3. Comparing the line with the register.

    def _compare(self, line: KnownSchool, row: Establishment) -> None:
        if line.urn != f"urn:{row.urn}":
            return
        la = self.directory.authority(row.la_code)
        differences: tuple[tuple[Code, str, Any, Any], ...] = (
            ("name-changed", "name", line.name, row.name),
            ("type-changed", "type", line.establishment_type, row.type),
            ("phase-changed", "phase", line.phase, row.phase),
            ("authority-changed", "local authority", line.la, la),
            # Of a school without a place the register tells what the ledger lacks.
            ("place-changed", "place", line.place or "none", row.place),
        )
        found = [
            (code, f"has another {what}: {theirs}, in the ledger {ours}", theirs)
            for code, what, ours, theirs in differences
            if theirs is not None and ours is not None and ours != theirs
        ]
        line = self._settle(line, row, found)
        opened = line.urns[0].opens_on if len(line.urns) == 1 else None
        if opened and row.opened and opened != row.opened:
            words = f"opened on {row.opened:%d/%m/%Y}, in the ledger on {opened:%d/%m/%Y}"
            self._find("open-date-changed", row, words)
        self._compare_body(line, row)

    def _settle(
        self, line: KnownSchool, row: Establishment, found: Sequence[tuple[Code, str, Any]]
    ) -> KnownSchool:
        """Add what the register says otherwise now, from the day on which it is known to say so.

        Where no file tells such a day, it is found and left to a person.
        """
        effective_on = self._changed_on(line, row)
        if effective_on is None:
            for code, words, _ in found:
                self._find(code, row, words)
            return line
        told = {_MEMBER_OF[code]: theirs for code, _, theirs in found if code in _MEMBER_OF}
        if told:
            line = self._add(line, self._drafts.changed(line, row, told, effective_on))
        if any(code == "name-changed" for code, _, _ in found):
            line = self._add(line, self._drafts.renamed(line, row, effective_on))
        return line

    def _changed_on(self, line: KnownSchool, row: Establishment) -> date | None:
        """Return the first day on which the register is known to say what it says of a row."""
        days = (row.changed, self.register.establishments_file.published_on, self.as_of)
        since = line.since or date.min
        return next((day for day in days if day and day >= since), None)

    def _compare_body(self, line: KnownSchool, row: Establishment) -> None:
        body = self._drafts.responsible(row)
        if body is None:
            self._body_missing(line, row)
            return
        if body == line.responsible_body:
            return
        effective_on = self._changed_on(line, row)
        if effective_on is None:
            ours = line.responsible_body or "nobody"
            words = f"is under {body}, in the ledger {ours}, and no file tells since when"
            self._find("body-date-missing", row, words)
            return
        self._add(line, self._drafts.body_changed(line, row, body, effective_on))

    def _body_missing(self, line: KnownSchool, row: Establishment) -> None:
        """Find fault only with what should name a body: academies and maintained schools."""
        if row.type in TRUST_RUN and not self.register.names_trusts:
            return  # said once for the whole file
        if row.type in TRUST_RUN and row.trust:
            words = f"is run by group {row.trust}, which the groups file does not have as a trust"
            self._find("trust-unknown", row, words)
        elif line.responsible_body and row.type in TRUST_RUN | MAINTAINED:
            words = f"names no responsible body any more, in the ledger {line.responsible_body}"
            self._find("body-not-stated", row, words)
        elif row.type in TRUST_RUN:
            self._find("trust-missing", row, "is an academy or free school, and names no trust")

    # 4. Closing.

    def _close(self, line: KnownSchool, row: Establishment) -> None:
        doubt = self.register.history.successors(row.urn)
        if doubt is not None:
            self.findings.append(of_doubt(doubt, self.register, self._successors(doubt)))
        elif goes_on(row):
            words = (
                f"is closed for the reason {row.reason_closed!r}, and no link names what followed"
            )
            self._find("successor-unclear", row, words)
        elif self.register.links_file is None and not says_closed(row):
            words = "is closed, and without the links file no successor can be seen"
            self._find("links-needed", row, words)
        elif row.closed is None:
            self._find("close-date-missing", row, "is closed, and the file does not say since when")
        elif line.since is not None and row.closed < line.since:
            words = f"is said to have closed on {row.closed:%d/%m/%Y}, before it was last changed"
            self._find("conversion-out-of-order", row, words)
        else:
            self._add(line, self._drafts.closed(line, row, row.closed))

    def _successors(self, doubt: Doubt) -> tuple[Succession, ...]:
        """Return how schools that the ledger has may go on from one that closed."""
        found = ((urn, self.known.by_urn.get(f"urn:{urn}")) for urn in doubt.others)
        return tuple(
            Succession(urn, urn, doubt.urn, *self._fitting(doubt, doubt.urn, urn))
            for urn, line in found
            if line is not None
        )

    # 5. What concerns no single row.

    def look_around(self, selected: Selected) -> None:
        """Add findings about what left the register and about the files as a whole."""
        for line in self.known.schools.values():
            urn = line.urn.removeprefix("urn:")
            gone = not line.closed_on and urn not in self.register.establishments
            if gone and line.ref not in self._met and selected.covers(line):
                sentence = (
                    f"{urn} {line.name} is no longer in {self.register.establishments_file.name}"
                )
                self.findings.append(Finding("left-register", urn, sentence))
        if self._older:
            file, latest = self.register.establishments_file, self.known.published_on
            sentence = f"{file.name} is older than the register of {latest:%d/%m/%Y} that the"
            sentence += " ledger cites, so nothing that the ledger has was compared with it"
            self.findings.append(Finding("older-file", "", sentence))
        if not self.register.names_trusts:
            sentence = f"{self.register.establishments_file.name} has no column {TRUSTS_COLUMN!r}"
            sentence += ", so that nobody is named as responsible for academies"
            self.findings.append(Finding("trusts-column-missing", "", sentence))
        for kind, times in sorted(self.register.history.unknown_types.items()):
            sentence = f"the links file has {times} links of a type not known here: {kind}"
            self.findings.append(Finding("link-type-unknown", "", sentence))

    def events(self) -> tuple[Event, ...]:
        """Return the events in recordable order: bodies, schools, then changes by day."""
        refs = {event.la for event in self.registered}
        refs |= {event.responsible_body for event in self.registered if event.responsible_body}
        for event in self.changes:
            if isinstance(event, SchoolConverted | ResponsibleBodyChanged):
                refs |= {event.responsible_body} if event.responsible_body else set()
            elif isinstance(event, SchoolChanged):
                refs |= {event.la} if event.la else set()
        files = (self.register.establishments_file, self.register.groups_file)
        bodies, findings = self.directory.registrations(refs, *files)
        self.findings.extend(findings)
        # What a line goes on from is told from its first URN backwards, each upon the one before.
        former = [event for event in self.changes if isinstance(event, SuccessionAttributed)]
        changes = [event for event in self.changes if not isinstance(event, SuccessionAttributed)]
        changes.sort(key=lambda event: event.effective_on)
        return (*bodies, *self.registered, *changes, *former)

    def _find(self, code: Code, row: Establishment, words: str, *choices: Succession) -> None:
        where = (self.register.row(row),)
        sentence = f"{row.urn} {row.name} {words}"
        self.findings.append(Finding(code, row.urn, sentence, where, choices))


def _going_on(code: Code, later: Sequence[Step]) -> tuple[Succession, ...]:
    """Return how an establishment that is registered by itself may go on from another line."""
    if code != "line-elsewhere":
        return ()
    step = later[0]
    days = (step.closes_on, step.opens_on)
    return (Succession(step.new, step.new, step.old, *days),)


def _days(closes_on: date | None, opens_on: date | None) -> str:
    closed = f"closed on {closes_on:%d/%m/%Y}" if closes_on else "closed on a day unknown"
    opened = f"opened on {opens_on:%d/%m/%Y}" if opens_on else "opened on a day unknown"
    return f"{closed} and {opened}"


def _trouble(line: KnownSchool, urn: str, later: Sequence[Step]) -> tuple[Code, str] | None:
    """Return why a line that has or had a URN cannot go on from it; None if it can."""
    if line.urn != f"urn:{urn}":
        if later:
            return "line-elsewhere", f"follows {urn}, from which {line.ref} went on as {line.urn}"
        return "old-number-open", f"is open, but in the ledger {line.ref} went on as {line.urn}"
    if line.closed_on is not None:
        day = f"{line.closed_on:%d/%m/%Y}"
        if later:
            return "closed-line-continues", f"follows {urn}, closed in the ledger on {day}"
        return "reopened", f"is open, but closed in the ledger on {day}"
    if later and line.since is not None and later[0].opens_on < line.since:
        words = f"follows {urn}, which in the ledger last changed later, on {line.since:%d/%m/%Y}"
        return "conversion-out-of-order", words
    return None

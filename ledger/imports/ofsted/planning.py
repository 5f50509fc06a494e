"""From what the sheets say and the ledger holds to the judgements that are missing.

Each inspection is judged by itself: whether the ledger has the school under the URN of the day,
and that inspection already; what cannot be said whole is a finding, and nothing is recorded of it.

- **The same inspection** is one of that school by that framework begun on that day. What the ledger
  says otherwise of it is a finding; that it grades areas which a file leaves out is none. Of one
  that two rows of a file tell in different ways nothing is recorded.
- **A later grade.** The sheet of most recent inspections shows an area's newest grade, with its
  day. One from after the publication is another inspection's, which the sheet does not tell whole.
- **Ungraded inspections** have outcomes, and those a framework of their own.
- **A category of concern** is the one that the inspection set. Where the sheet's most recent one is
  not that of the latest inspection known, something is missing, and found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from ledger.events.judgements import Category, FrameworkAdopted, Grade, JudgementMade
from ledger.imports.files import Published, day
from ledger.imports.gias import KnownSchool
from ledger.imports.ofsted.findings import Code, Finding
from ledger.imports.ofsted.grades import category, grade, in_words
from ledger.imports.ofsted.known import Inspected, Known, KnownFramework
from ledger.imports.ofsted.sheets import UNGRADED, Graded, SchoolRow, Told
from ledger.imports.plan import Row

Outcome = Literal["registered", "unchanged", "unclear"]
"""What became of an inspection that is told of a school in the ledger: each has exactly one."""
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

_URN = re.compile(r"[1-9][0-9]{5}", re.ASCII)
_SHOWN = 3


class _Unclear(Exception):  # noqa: N818 - it is no error: it leaves an inspection to a person
    """An inspection cannot be told: why, and what is found."""

    def __init__(self, code: Code, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


@dataclass
class Planner:
    """Collects judgements and findings, one row after the other.

    `adopting` names a framework that the ledger lacks by the id that its adoption will have.
    """

    file: Published
    known: Known
    judge: str
    adopting: Callable[[str], KnownFramework]
    today: date
    findings: list[Finding] = field(default_factory=list)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    rows: int = 0
    held: int = 0
    _first: dict[Inspected, tuple[int, JudgementMade]] = field(default_factory=dict)
    _new: dict[Inspected, tuple[int, JudgementMade]] = field(default_factory=dict)
    _frameworks: dict[str, KnownFramework] = field(default_factory=dict)
    _strangers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with the frameworks that the ledger has, and with the latest inspections."""
        self._frameworks.update(self.known.frameworks)
        self._latest: dict[str, tuple[date, Category]] = {}
        for inspected, said in self.known.inspections.items():
            self._meet(inspected, said)

    # 1. A row.

    def judge_row(self, school: SchoolRow) -> None:
        """Add what is missing about one school."""
        self.rows += 1
        if _URN.fullmatch(school.urn) is None:
            words = f"{school.urn!r} is no URN of six digits"
            self.findings.append(Finding("urn-unreadable", "", words, self._where(school)))
            return
        if not any(self._line(urn) for urn in (school.urn, *(told.urn for told in school.told))):
            self._strangers.append(_label(school))
            return
        self.held += 1
        for told in school.told:
            self.outcomes[self._judged(school, told)] += 1
        if not school.told:
            self._without_grades(school)
        self._compare_category(school)

    def _line(self, urn: str) -> KnownSchool | None:
        return self.known.register.by_urn.get(f"urn:{urn}")

    def _judged(self, school: SchoolRow, told: Told) -> Outcome:
        try:
            said = self._said(school, told)
        except _Unclear as found:
            self._find(found.code, school, found.words)
            return "unclear"
        inspected = Inspected(said.about, told.framework, said.inspected_on)
        recorded = self.known.inspections.get(inspected)
        if recorded is not None:
            return self._compared("differs", school, said, list(_differences(recorded, said)))
        if inspected not in self._first:
            self._first[inspected] = self._new[inspected] = (school.row, said)
            self._meet(inspected, said)
            return "registered"
        row, first = self._first[inspected]
        differences = list(_differences(first, said, f"row {row}", f"row {school.row}"))
        if differences and self._new.pop(inspected, None) is not None:
            self.outcomes["registered"] -= 1
            self.outcomes["unclear"] += 1
        return self._compared("rows-disagree", school, said, differences)

    def _compared(
        self, code: Code, school: SchoolRow, said: JudgementMade, differences: list[str]
    ) -> Outcome:
        if not differences:
            return "unchanged"
        words = f"was inspected on {_day(said.inspected_on)}: {'; '.join(differences)}"
        self._find(code, school, words)
        return "unclear"

    # 2. An inspection.

    def _said(self, school: SchoolRow, told: Told) -> JudgementMade:
        """Return what is told as a judgement; raise _Unclear for what cannot be."""
        line = self._line(told.urn)
        if line is None:
            words = f"was inspected under URN {told.urn}, which the ledger has of no school"
            raise _Unclear("earlier-urn-unknown", words)
        started, published = _days(told)
        if published > self.today:
            words = f"was inspected on {_day(started)}, published on {_day(published)}"
            raise _Unclear("day-ahead", f"{words}: that lies ahead")
        if line.closed_on is not None and line.closed_on < started:
            words = f"was inspected on {_day(started)}, in the ledger closed on"
            raise _Unclear("closed-before", f"{words} {_day(line.closed_on)}")
        framework = self._framework(told.framework)
        if started < framework.adopted.in_force_from:
            words = f"was inspected on {_day(started)}, before {framework.adopted.title!r} was in"
            raise _Unclear("before-framework", f"{words} force")
        own = self._own(line, told, (started, published))
        return JudgementMade(
            about=line.ref,
            judge=self.judge,
            framework=framework.ref,
            grades=tuple(_grades(told.framework, own, framework)),
            inspected_on=started,
            published_on=published,
            urn=f"urn:{told.urn}",
            basis="monitoring_inspection" if told.monitoring else "inspection",
            category=_category(told.category),
            source=self.file.source(school.row),
        )

    def _own(self, line: KnownSchool, told: Told, days: tuple[date, date]) -> tuple[Graded, ...]:
        """Return the grades that the inspection itself gave.

        Later ones are passed over where every inspection that gave them is known; else _Unclear.
        """
        started, published = days
        dated = [(graded, _read(graded.column, graded.dated)) for graded in told.graded]
        later = {day_: graded for graded, day_ in dated if day_ is not None and day_ > published}
        inspections = [Inspected(line.ref, told.framework, day_) for day_ in (started, *later)]
        if later and not all(self._has(inspected) for inspected in inspections):
            columns = ", ".join(f"{graded.column} of {_day(on)}" for on, graded in later.items())
            words = f"was inspected on {_day(started)}, and has grades given later: {columns}"
            raise _Unclear("grade-dated-later", words)
        return tuple(graded for graded, day_ in dated if day_ is None or day_ <= published)

    def _has(self, inspected: Inspected) -> bool:
        return inspected in self._new or inspected in self.known.inspections

    def _framework(self, slug: str) -> KnownFramework:
        if slug not in self._frameworks:
            self._frameworks[slug] = self.adopting(slug)
        return self._frameworks[slug]

    def _meet(self, inspected: Inspected, said: JudgementMade) -> None:
        """Keep the category that the latest inspection of a URN set."""
        urn = said.urn or inspected.about
        latest = self._latest.get(urn)
        if inspected.framework != UNGRADED and (latest is None or latest[0] <= inspected.on):
            self._latest[urn] = (inspected.on, said.category or "none")

    # 3. What is told of a school beside its inspections.

    def _without_grades(self, school: SchoolRow) -> None:
        if category(school.category) != "none":
            words = f"was inspected on {school.started or 'a day unknown'} and is in the category"
            self._find("no-grades", school, f"{words} {school.category}, and nothing was graded")

    def _compare_category(self, school: SchoolRow) -> None:
        """Find that the most recent category is not the one that the latest inspection set."""
        latest = self._latest.get(f"urn:{school.urn}")
        if school.latest_category is None or latest is None:
            return
        on, known = latest
        if category(school.latest_category) != known:
            newest = school.latest_category or "none"
            words = f"has {newest} as its most recent category of concern; the one set on"
            self._find("category-changed", school, f"{words} {_day(on)} is {_words(known)}")

    # 4. What concerns no single row.

    def look_around(self) -> None:
        """Add a finding about the schools of the file that the ledger does not have."""
        if not self._strangers:
            return
        count = len(self._strangers)
        more = f" and {count - _SHOWN:,} more" if count > _SHOWN else ""
        which = ", ".join(self._strangers[:_SHOWN])
        words = "school of the file is" if count == 1 else "schools of the file are"
        sentence = f"{count:,} {words} not in this ledger: {which}{more}"
        self.findings.append(Finding("schools-unknown", "", sentence))

    @property
    def judgements(self) -> tuple[JudgementMade, ...]:
        """Return the judgements that the ledger lacks, those published last first, then by row.

        So none asks for help of which a later one of the file has told otherwise.
        """
        new = sorted(self._new.values(), key=_since, reverse=True)
        return tuple(said for _, said in new)

    @property
    def adopted(self) -> tuple[tuple[str, FrameworkAdopted], ...]:
        """Return the frameworks that those judgements need and the ledger lacks, by reference."""
        named = {said.framework for said in self.judgements}
        lacking = self._frameworks.items() - self.known.frameworks.items()
        return tuple(
            (framework.ref, framework.adopted)
            for _, framework in sorted(lacking)
            if framework.ref in named
        )

    def _where(self, school: SchoolRow) -> tuple[Row, ...]:
        return (Row(self.file.name, school.row),)

    def _find(self, code: Code, school: SchoolRow, words: str) -> None:
        sentence = f"{_label(school)} {words}"
        self.findings.append(Finding(code, school.urn, sentence, self._where(school)))


def _since(told: tuple[int, JudgementMade]) -> tuple[date, int]:
    """Return since when a judgement is known, and which of those of a day comes last in a file."""
    row, said = told
    return said.published_on or said.inspected_on, -row


def _label(school: SchoolRow) -> str:
    return f"{school.urn} {school.name}" if school.name else school.urn


def _day(on: date) -> str:
    return f"{on:%d/%m/%Y}"


def _words(code: str) -> str:
    return code.replace("_", " ").replace("-", " ")


def _days(told: Told) -> tuple[date, date]:
    """Return the days on which an inspection began and was published."""
    started, published = (_needed(*cell) for cell in (told.started, told.published))
    if published < started:
        words = f"was inspected on {_day(started)}, and that published on {_day(published)} before"
        raise _Unclear("days-reversed", words)
    return started, published


def _needed(column: str, text: str) -> date:
    found = _read(column, text)
    if found is None:
        raise _Unclear("day-missing", f"has grades, and nothing in {column!r}")
    return found


def _read(column: str, text: str) -> date | None:
    try:
        return day(text)
    except ValueError:
        words = f"has {text!r} in {column!r}, which is no day as 31/08/2021"
        raise _Unclear("day-unreadable", words) from None


def _category(text: str) -> Category:
    found = category(text)
    if found is None:
        raise _Unclear("category-unknown", f"is in a category not known here: {text!r}")
    return found


def _grades(slug: str, graded: tuple[Graded, ...], framework: KnownFramework) -> Iterator[Grade]:
    for each in graded:
        found = grade(slug, each.area, each.grade)
        scales = framework.scales
        if found is not None and found.area not in scales:
            words = f"has a grade in {each.column!r}, and the ledger's {slug} no such area"
            raise _Unclear("area-unknown", words)
        scale = scales[found.area] if found else ()
        if found is None or found.grade not in scale:
            words = f"has {each.grade!r} in {each.column!r}; the scale is {in_words(slug, scale)}"
            raise _Unclear("grade-unknown", words)
        yield found


def _differences(
    ours: JudgementMade, theirs: JudgementMade, where: str = "the ledger", here: str = "the file"
) -> Iterator[str]:
    """Go through what a row says otherwise than was told first; what it leaves out is none of it.

    `where` is where that stands, `here` where this does.
    """
    graded = {each.area: each.grade for each in ours.grades}
    for each in theirs.grades:
        known = graded.get(each.area)
        if known is None:
            yield f"{where} has no grade in {_words(each.area)}, {here} {_words(each.grade)}"
        elif known != each.grade:
            yield f"{_words(each.area)} is {_words(each.grade)}, in {where} {_words(known)}"
    known, told = (one.category or "none" for one in (ours, theirs))
    if known != told:
        yield f"its category is {_words(told)}, in {where} {_words(known)}"
    if ours.published_on and theirs.published_on and ours.published_on != theirs.published_on:
        days = _day(theirs.published_on), _day(ours.published_on)
        yield f"it was published on {days[0]}, in {where} on {days[1]}"

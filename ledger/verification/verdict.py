"""The verdict on a verified record: who signed what, what is withheld, what is doubtful."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from typing import Any, NamedTuple, TypeVar, cast

from ledger.audit.by_entry import Finding, Row
from ledger.audit.in_order import Judge
from ledger.audit.regularity import EARLIER_RULES, IRREGULAR
from ledger.audit.sealed_fields import NAME_AT, Field
from ledger.bundle import Manifest
from ledger.decision_model.facts import Fact, Look
from ledger.domain.registers import ledger, offices
from ledger.domain.registers.key_standing import KeyStanding
from ledger.domain.registers.tenures import Tenure, Tenures
from ledger.format.entry import Entry, read_entry
from ledger.log.checkpoint import Checkpoint
from ledger.values import REGISTRAR, event_id
from ledger.verification.called import Called, called, named_in
from ledger.verification.doubt import Doubt
from ledger.withdrawals import TAKING_BACK, taken_back

V = TypeVar("V")
S = TypeVar("S", KeyStanding, Tenure)

_FIRST = 20
"""So many of each list are shown by name."""

VOUCHED = "Vouched"
_VOUCHING = frozenset({VOUCHED, *TAKING_BACK})

__all__ = ["OfficeKey", "Rests", "Signed", "Verdict", "verdict_of"]


class Signed(NamedTuple):
    """How many entries a person signed in an office with a key."""

    person: str
    office: str
    key: str
    entries: int


class OfficeKey(NamedTuple):
    """A key that could ever sign for an office: whose, from when, and whether vouched for."""

    office: str
    person: str
    key: str
    first: date
    last: date | None
    enrolled_by: str
    vouched: bool


class Rests(NamedTuple):
    """Something that entries rest on although nobody else vouches for it, or it is doubtful."""

    what: str
    position: int
    event: str
    entries: int


@dataclass(frozen=True)
class Verdict:
    """What was verified, and what was found.

    `kind` is ledger, whole or part. It is `verified` when nothing was found that is a fault, and
    `anchored` by what else than the record itself shows that it is the one meant. Of a part,
    `left_out` are the first and last positions of what stands between its entries. The
    `second_founder` is a registrar who counts as founding by the word of who founded alone.
    """

    kind: str
    origin: str
    title: str
    size: int
    root: bytes | None
    entries: int
    findings: tuple[Finding, ...]
    signed: tuple[Signed, ...]
    offices: tuple[OfficeKey, ...]
    matching: int
    withheld: int
    erased: tuple[Field, ...]
    erased_but_disclosed: tuple[Field, ...]
    missing: tuple[Field, ...]
    mismatching: tuple[Field, ...]
    unvouched: tuple[Rests, ...]
    doubtful: tuple[Rests, ...]
    anchored: tuple[str, ...]
    manifest: Manifest | None = None
    left_out: tuple[tuple[int, int], ...] = ()
    second_founder: str | None = None
    #: What those are called whom it is mostly about, as far as the record shows that.
    called: Called = field(default_factory=lambda: Called({}))

    @property
    def verified(self) -> bool:
        """Whether nothing was found that is a fault."""
        return not any(finding.severity == "fault" for finding in self.findings)

    @property
    def irregular(self) -> tuple[Finding, ...]:
        """What the rules of this release would refuse, each with a reason; of a part none."""
        return tuple(finding for finding in self.findings if finding.check == IRREGULAR)

    @property
    def of_their_day(self) -> tuple[Finding, ...]:
        """What kept the rules of its day, and would be refused since; of a part none."""
        return tuple(finding for finding in self.findings if finding.check == EARLIER_RULES)


def verdict_of(  # noqa: PLR0913, PLR0917 - what a verdict is made of
    kind: str,
    judge: Judge,
    rows: Callable[[], Iterable[Row]],
    findings: list[Finding],
    anchored: list[str],
    manifest: Manifest | None = None,
    checkpoint: Checkpoint | None = None,
) -> Verdict:
    """Say what a judge found of a record, whose `rows` can be read once more."""
    tally = judge.texts
    founded = judge.look(ledger.founded())
    erased = set(tally.erased)
    disclosed = set(filter(judge.workings.is_opened, erased))
    compromised = list(_compromised(judge))
    since = {key: moment for key, _, moment in compromised}
    restarts = frozenset(position for position, _ in judge.restarts)
    doubt = Doubt(since, judge.look, _readable(judge, rows()) if since else (), restarts)
    look = _without(doubt.events, judge, rows)
    signed = checkpoint.root if checkpoint else None
    root = judge.root(judge.count) if kind != "part" else signed
    verdict = Verdict(
        kind=kind,
        origin=founded.origin if founded else "",
        title=founded.title if founded else "",
        size=judge.count if kind != "part" else checkpoint.size if checkpoint else 0,
        root=root,
        entries=judge.count,
        findings=tuple(findings),
        signed=_signed(judge),
        offices=tuple(_office_keys(judge, look)),
        matching=tally.matching,
        withheld=tally.withheld,
        erased=tuple(sorted(erased - disclosed)),
        erased_but_disclosed=tuple(sorted(disclosed)),
        missing=tuple(sorted(tally.missing.keys() - erased)),
        mismatching=tuple(sorted(tally.mismatching)),
        unvouched=tuple(_unvouched(judge, look)),
        doubtful=tuple(_doubtful(judge, compromised, doubt)),
        anchored=tuple(anchored),
        manifest=manifest,
        left_out=tuple(_gaps(judge.workings.positions(), checkpoint.size)) if checkpoint else (),
        second_founder=_second_founder(judge.look),
    )
    names = {event: name for event, name in tally.names.items() if (event, NAME_AT) not in erased}
    wanted = named_in(_told_of(verdict))
    return replace(verdict, called=called(rows(), names, wanted))


def _told_of(verdict: Verdict) -> Iterator[str]:
    """Go through what a verdict says first of people and parties."""
    for person, office, _, _ in verdict.signed[:_FIRST]:
        yield from (person, office)
    for one in (*verdict.unvouched[:_FIRST], *verdict.doubtful[:_FIRST]):
        yield one.what
    for finding in (*verdict.irregular[:_FIRST], *verdict.of_their_day[:_FIRST]):
        yield finding.sentence
    if verdict.manifest is not None:
        exporter = verdict.manifest.exporter
        yield from (exporter.person, exporter.office, verdict.manifest.selection.party or "")


def _second_founder(look: Look) -> str | None:
    second = offices.second_founder(look(offices.office(REGISTRAR)))
    return second.person if second else None


def _gaps(positions: Iterable[int], size: int) -> Iterator[tuple[int, int]]:
    """Go through the stretches between positions in order, and after the last of them."""
    next_one = 1
    for position in chain(positions, (size + 1,)):
        if next_one < position:
            yield next_one, position - 1
        next_one = position + 1


def _signed(judge: Judge) -> tuple[Signed, ...]:
    found = (Signed(*who, entries) for who, entries in judge.signers.items())
    return tuple(sorted(found, key=lambda one: (-one.entries, one)))


def _office_keys(judge: Judge, look: Look) -> Iterator[OfficeKey]:
    """List every key that could ever sign for each office, and who enrolled it."""
    by_person: dict[str, list[tuple[str, KeyStanding]]] = {}
    for key in judge.key_events:
        standing = look(offices.key(key))
        if standing is not None:
            by_person.setdefault(standing.person, []).append((key, standing))
    for office in sorted(judge.offices):
        for tenure in look(offices.office(office)):
            is_vouched = offices.is_vouched_in_office(look, tenure)
            for key, standing in by_person.get(tenure.person, ()):
                yield OfficeKey(
                    office,
                    tenure.person,
                    key,
                    tenure.first,
                    tenure.last,
                    standing.enrolled_by,
                    is_vouched and offices.is_vouched(look, key),
                )


def _unvouched(judge: Judge, look: Look) -> Iterator[Rests]:
    """List enrolments and appointments that nobody else vouched for, with what was signed so."""
    by_key: Counter[str] = Counter()
    by_tenure: Counter[tuple[str, str]] = Counter()
    for (person, office, key), entries in judge.signers.items():
        by_key[key] += entries
        by_tenure[person, office] += entries
    for key, position in judge.key_events.items():
        standing = look(offices.key(key))
        if standing is not None and not offices.is_vouched(look, key):
            what = f"the enrolment of {key} for {standing.person}"
            yield Rests(what, position, standing.enrolment, by_key[key])
    for office in sorted(judge.offices):
        for tenure in look(offices.office(office)):
            if not offices.is_vouched_in_office(look, tenure):
                what = f"the appointment of {tenure.person} as {office}"
                position = judge.position_of(tenure.appointment) or 0
                entries = by_tenure[tenure.person, office]
                yield Rests(what, position, tenure.appointment, entries)


def _compromised(judge: Judge) -> Iterator[tuple[str, KeyStanding, str]]:
    """Go through the compromised keys, each with its standing and the first doubtful moment."""
    for key in judge.key_events:
        standing = judge.look(offices.key(key))
        since = offices.compromised_since(judge.look, standing) if standing else None
        if standing is not None and since is not None:
            yield key, standing, since


def _doubtful(
    judge: Judge, compromised: Sequence[tuple[str, KeyStanding, str]], doubt: Doubt
) -> Iterator[Rests]:
    counts = doubt.counts()
    for key, standing, since in compromised:
        what = f"{key} of {standing.person}, compromised since {since}"
        yield Rests(what, judge.key_events[key], standing.enrolment, counts[key])


def _readable(judge: Judge, rows: Iterable[Row]) -> Iterator[Entry[Any]]:
    return (read_entry(*row) for row in rows if row[0] not in judge.unreadable)


def _without(in_doubt: frozenset[str], judge: Judge, rows: Callable[[], Iterable[Row]]) -> Look:
    """Return the facts as if nothing that is in doubt had vouched for anything."""
    if not in_doubt:
        return judge.look
    entries = [entry for entry in _readable(judge, rows()) if entry.name in _VOUCHING]
    withdrawn = {event for one in entries for event in taken_back(one.name, one.data)}
    vouched = {
        event_id(entry.data["subject"])
        for entry in entries
        if entry.name == VOUCHED and entry.id not in in_doubt | withdrawn
    }
    kept: dict[Fact[Any], Any] = {}

    def look(fact: Fact[V]) -> V:
        if fact not in kept:
            kept[fact] = _told(fact)
        return cast("V", kept[fact])

    def _told(fact: Fact[Any]) -> Any:
        value = judge.look(fact)
        if fact.family is offices.KEY:
            return value and _only(vouched, value, value.enrolment)
        if fact.family is offices.OFFICE:
            return Tenures(_only(vouched, one, one.appointment) for one in value)
        return offices.standings(look) if fact.family is offices.STANDINGS else value

    return look


def _only(vouched: set[str], standing: S, event: str) -> S:
    """Return how a key or tenure stands when only these are vouched for; founding ones stand."""
    if not standing.vouched_by:
        return standing
    return standing._replace(vouched=event in vouched)

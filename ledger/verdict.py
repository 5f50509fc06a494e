"""The verdict on a verified record: who signed what, what is withheld, what is doubtful."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from ledger.bundle import Manifest
from ledger.entry import Entry, read_entry
from ledger.facts import ledgers, offices
from ledger.inspection import Finding, Row
from ledger.judging import Judge
from ledger.log.checkpoint import Checkpoint
from ledger.texts import Field

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
    `anchored` by what else than the record itself shows that it is the one meant.
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

    @property
    def verified(self) -> bool:
        """Whether nothing was found that is a fault."""
        return not any(finding.severity == "fault" for finding in self.findings)


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
    founded = judge.look(ledgers.founded())
    erased = set(tally.erased)
    signed = checkpoint.root if checkpoint else None
    root = judge.root(judge.count) if kind != "part" else signed
    return Verdict(
        kind=kind,
        origin=founded.origin if founded else "",
        title=founded.title if founded else "",
        size=judge.count if kind != "part" else checkpoint.size if checkpoint else 0,
        root=root,
        entries=judge.count,
        findings=tuple(findings),
        signed=_signed(judge),
        offices=tuple(_office_keys(judge)),
        matching=tally.matching,
        withheld=tally.withheld,
        erased=tuple(sorted(erased - tally.opened)),
        erased_but_disclosed=tuple(sorted(erased & tally.opened)),
        missing=tuple(sorted(tally.missing.keys() - erased)),
        mismatching=tuple(sorted(tally.mismatching)),
        unvouched=tuple(_unvouched(judge)),
        doubtful=tuple(_doubtful(judge, rows)),
        anchored=tuple(anchored),
        manifest=manifest,
    )


def _signed(judge: Judge) -> tuple[Signed, ...]:
    found = (Signed(*who, entries) for who, entries in judge.signers.items())
    return tuple(sorted(found, key=lambda one: (-one.entries, one)))


def _office_keys(judge: Judge) -> Iterator[OfficeKey]:
    """List every key that could ever sign for each office, and who enrolled it."""
    by_person: dict[str, list[str]] = {}
    for key in judge.key_events:
        standing = judge.look(offices.key(key))
        if standing is not None:
            by_person.setdefault(standing.person, []).append(key)
    for office in sorted(judge.offices):
        for tenure in judge.look(offices.office(office)):
            for key in by_person.get(tenure.person, ()):
                standing = judge.look(offices.key(key))
                if standing is not None:
                    vouched = offices.is_vouched(judge.look, key) and offices.is_vouched_in_office(
                        judge.look, tenure
                    )
                    yield OfficeKey(
                        office,
                        tenure.person,
                        key,
                        tenure.first,
                        tenure.last,
                        standing.enrolled_by,
                        vouched,
                    )


def _unvouched(judge: Judge) -> Iterator[Rests]:
    """List enrolments and appointments that nobody else vouched for, with what was signed so."""
    by_key: Counter[str] = Counter()
    by_tenure: Counter[tuple[str, str]] = Counter()
    for (person, office, key), entries in judge.signers.items():
        by_key[key] += entries
        by_tenure[person, office] += entries
    for key, position in judge.key_events.items():
        standing = judge.look(offices.key(key))
        if standing is not None and not offices.is_vouched(judge.look, key):
            what = f"the enrolment of {key} for {standing.person}"
            yield Rests(what, position, standing.enrolment, by_key[key])
    for office in sorted(judge.offices):
        for tenure in judge.look(offices.office(office)):
            if not offices.is_vouched_in_office(judge.look, tenure):
                what = f"the appointment of {tenure.person} as {office}"
                position = judge.positions.get(tenure.appointment, 0)
                entries = by_tenure[tenure.person, office]
                yield Rests(what, position, tenure.appointment, entries)


def _doubtful(judge: Judge, rows: Callable[[], Iterable[Row]]) -> Iterator[Rests]:
    """List compromised keys, each with how many entries it signed since or that rest on those.

    An entry rests on those that it names, on the enrolment of its key and the appointment of its
    signer (format.md, *Vouching*).
    """
    for key, position in judge.key_events.items():
        standing = judge.look(offices.key(key))
        since = offices.compromised_since(judge.look, standing) if standing else None
        if standing is not None and since is not None:
            entries = _resting(judge, rows(), key, since)
            what = f"{key} of {standing.person}, compromised since {since}"
            yield Rests(what, position, standing.enrolment, entries)


def _resting(judge: Judge, rows: Iterable[Row], key: str, since: str) -> int:
    doubtful: set[str] = set()
    for position, data in rows:
        if position in judge.unreadable:
            continue
        entry: Entry[Any] = read_entry(position, data)
        standing = judge.look(offices.key(entry.key))
        named = {tag[6:] for tag in entry.tags if tag.startswith("event:")} - {entry.id}
        if (
            (entry.key == key and entry.recorded_at >= since)
            or (entry.name not in offices.SPEAKING_OF and not doubtful.isdisjoint(named))
            or (standing is not None and standing.enrolment in doubtful)
            or _appointment(judge, entry) in doubtful
        ):
            doubtful.add(entry.id)
    return len(doubtful)


def _appointment(judge: Judge, entry: Entry[Any]) -> str | None:
    tenures = judge.look(offices.office(entry.office))
    holding = offices.holders(entry.office, tenures, entry.recorded_on)
    own = [tenure.appointment for tenure in holding if tenure.person == entry.signedby]
    return own[0] if own else None

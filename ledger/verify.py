"""Verifying a ledger or a bundle, needing nothing but what is given: who signed what, what holds.

::

    verdict = verify_bundle(Path("b.zip"), held=note, trust=card)
    if not verdict.verified:
        for finding in verdict.findings: ...

Nothing is taken from a bundle's word: signatures, the tree, what each signer saw and every
signer's authority are judged again from its entries. What a bundle cannot show by itself, that
this is the ledger that somebody else means, takes a trust card or a checkpoint held before.
"""

from __future__ import annotations

import base64
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, NamedTuple, Self

import orjson

from ledger import sshsig
from ledger.bundle import Archive, Manifest, open_archive
from ledger.bundle.writing import IN_EVERY_PART, allowed_signers, sums
from ledger.check import StoreSource, VaultTexts, inspect_plainly
from ledger.entry import Entry, read_entry
from ledger.errors import BundleError, LedgerError, NoteError, ProofError
from ledger.facts import ledgers, offices
from ledger.inspection import Finding, Row
from ledger.judging import Field, InspectChunks, Judge, Source, chunked, paired
from ledger.log.checkpoint import Checkpoint, open_checkpoint
from ledger.log.consistency import parse_extension
from ledger.log.merkle import leaf_hash, verify_consistency, verify_inclusion
from ledger.log.proof import parse_proof
from ledger.sealed import read_disclosure
from ledger.store.base import EntryStore
from ledger.trust import TrustCard

__all__ = ["OfficeKey", "Rests", "Signed", "Verdict", "verify_bundle", "verify_store"]

Progress = Callable[[int, int], None]
_INDEXED = re.compile(rb"(0|[1-9][0-9]{0,15})\t(.+)", re.DOTALL)
_CARD = "the trust card"
_HELD = "the checkpoint that you hold"


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


class _Trusted(NamedTuple):
    """What the verifier holds: a signed checkpoint, and a trust card."""

    held: bytes | None
    card: TrustCard | None


def log_keys(judge: Judge) -> tuple[str, ...]:
    """Return the verifier keys that the record says its log was ever signed with."""
    return judge.look(ledgers.log_keys())


def verify_store(
    store: EntryStore,
    held: bytes | None = None,
    trust: TrustCard | None = None,
    *,
    progress: Progress | None = None,
    inspect_chunks: InspectChunks = inspect_plainly,
) -> Verdict:
    """Verify the record in a store; `check` looks at what the database keeps beside it as well."""
    source = StoreSource(store)
    judge = Judge(source, VaultTexts(store))
    findings = _judged(judge, source.rows(), store.head(), inspect_chunks, progress)
    anchored: list[str] = []
    findings += _anchors(judge, source, _Trusted(held, trust), anchored)
    return _verdict("ledger", judge, source.rows, findings, anchored)


def _judged(
    judge: Judge,
    rows: Iterable[Row],
    total: int,
    inspect_chunks: InspectChunks,
    progress: Progress | None,
) -> list[Finding]:
    findings: list[Finding] = []
    for chunk, told in paired(chunked(rows), inspect_chunks):
        findings += judge.take(chunk, told)
        if progress is not None:
            progress(judge.count, max(total, judge.count))
    findings += judge.missing()
    if judge.count == 0:
        findings.append(Finding("positions", None, None, "there is no entry at all"))
    return findings


# -- anchors -----------------------------------------------------------------------------------


def _anchors(
    judge: Judge, source: Source, trusted: _Trusted, anchored: list[str]
) -> Iterator[Finding]:
    """Compare a whole record with what the verifier holds; what agrees goes into `anchored`."""
    if judge.count == 0:
        return
    if trusted.card is not None:
        faults = list(_card_faults(judge, source.raw(1), trusted.card))
        yield from faults
        anchored += [] if faults else [_CARD]
    if trusted.held is None:
        return
    keys = (*log_keys(judge), *([trusted.card.log_key] if trusted.card else ()))
    try:
        held = _opened(trusted.held, keys)
    except NoteError as error:
        yield Finding("checkpoint", None, None, f"{_HELD} is not one of this ledger: {error}")
        return
    if held.size > judge.count:
        yield _cut(held, judge)
    elif held.root != judge.root(held.size):
        here = Checkpoint(held.origin, held.size, judge.root(held.size))
        sentence = (
            f"{_HELD} is not of this history: an entry up to {held.size} was changed, removed or"
            f" put in since. Keep both as evidence:\n  held: {held}\n  here: {here}"
        )
        yield Finding("checkpoint", None, None, sentence)
    else:
        anchored.append(f"{_HELD}, of {held.size} entries")


def _cut(held: Checkpoint, judge: Judge) -> Finding:
    here = Checkpoint(held.origin, judge.count, judge.root(judge.count))
    sentence = (
        f"{_HELD} is of {held.size} entries, and here are {judge.count}: the end was cut off, or"
        f" this is an older copy. Keep both as evidence:\n  held: {held}\n  here: {here}"
    )
    return Finding("checkpoint", None, None, sentence)


def _opened(note: bytes, keys: Iterable[str]) -> Checkpoint:
    """Open a checkpoint by whichever of these keys signed it; NoteError if none did."""
    failed: NoteError | None = None
    for key in dict.fromkeys(keys):
        try:
            return open_checkpoint(note, key).checkpoint
        except NoteError as error:
            failed = failed or error
    raise failed or NoteError("the record names no log key")


def _card_faults(judge: Judge, first: bytes, card: TrustCard) -> Iterator[Finding]:
    keys = log_keys(judge)
    founded = judge.look(ledgers.founded())
    for what, got, expected in (
        ("origin", founded.origin if founded else "none", card.origin),
        ("log key", keys[0] if keys else "none", card.log_key),
        ("leaf 0", leaf_hash(first).hex(), card.leaf.hex()),
    ):
        if got != expected:
            sentence = (
                f"this is another ledger than the trust card's: its {what} is {got}; the card says"
                f" {expected}"
            )
            yield Finding("trust card", 1, None, sentence)


# -- bundles -----------------------------------------------------------------------------------


def verify_bundle(
    path: Path,
    held: bytes | None = None,
    trust: TrustCard | None = None,
    *,
    progress: Progress | None = None,
    inspect_chunks: InspectChunks = inspect_plainly,
) -> Verdict:
    """Verify a bundle by itself; raise BundleError for a file that is none, or may not be read."""
    with open_archive(path) as archive:
        manifest = Manifest.parse(archive.read("manifest.json"))
        with _Lines(archive, manifest) as lines:
            return _Bundle(archive, manifest, lines, _Trusted(held, trust)).verdict(
                progress, inspect_chunks
            )


class _Lines:
    """The entries of a bundle: read once in order, and again by position from a temporary file."""

    def __init__(self, archive: Archive, manifest: Manifest) -> None:
        self._archive = archive
        self._is_part = manifest.kind == "part"
        self._file = TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._starts = array("Q", [0])
        self._at: dict[int, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def rows(self) -> Iterator[Row]:
        """Go through the entries, keeping them for later."""
        name = "entries.tsv" if self._is_part else "entries.jsonl"
        end, last = 0, 0
        starts, write = self._starts, self._file.write
        for number, line in enumerate(self._archive.lines(name), 1):
            position, data = _indexed(line, number) if self._is_part else (number, line)
            if position <= last:
                raise BundleError(f"line {number} of {name} is out of order")
            if self._is_part:
                self._at[position] = number
            last = position
            write(data)
            end += len(data)
            starts.append(end)
            yield position, data

    def raw(self, position: int) -> bytes:
        """Return the bytes of one entry that was read already."""
        number = self._at.get(position, 0) if self._is_part else position
        if not 0 < number < len(self._starts):
            raise BundleError(f"entry {position} is not in the bundle")
        start, end = self._starts[number - 1], self._starts[number]
        self._file.seek(start)
        data = self._file.read(end - start)
        self._file.seek(0, 2)
        return data

    def again(self) -> Iterator[Row]:
        """Go through the entries once more."""
        positions = list(self._at) if self._is_part else range(1, len(self._starts))
        return ((position, self.raw(position)) for position in positions)

    def thread(self, tag: str, types: Sequence[str], before: int) -> Iterable[Row]:
        """Look through every entry: nothing that authority asks usually comes here."""
        wanted = frozenset(types)
        for position, data in self.again():
            if position < before:
                entry = read_entry(position, data)
                if entry.name in wanted and tag in {*entry.tags, entry.key}:
                    yield position, data


def _indexed(line: bytes, number: int) -> Row:
    match = _INDEXED.fullmatch(line)
    if match is None:
        raise BundleError(
            f"line {number} of entries.tsv is malformed",
            got=line[:80].decode("utf-8", "backslashreplace"),
            expected="an index, a tab and an entry",
        )
    return int(match[1]) + 1, match[2]


class _BundleTexts:
    """The disclosures and what is withheld: in the order of entries, so each is read once."""

    def __init__(self, archive: Archive) -> None:
        self._disclosed = _fields(archive, "disclosures.jsonl", _disclosure)
        self._withheld = _fields(archive, "withheld.tsv", _withheld)
        self._next = next(self._disclosed, None)
        self._next_withheld = next(self._withheld, None)

    def begin(self, events: Sequence[str]) -> None:
        """Nothing is read ahead."""

    def find(self, event: str, pointer: str) -> tuple[bytes, str] | None:
        """Return the next disclosure if it is of this field."""
        if self._next is None or self._next[0] != (event, pointer):
            return None
        found: tuple[bytes, str] = self._next[1]
        self._next = next(self._disclosed, None)
        return found

    def is_withheld(self, event: str, pointer: str) -> bool:
        """Tell whether the next field withheld is this one."""
        if self._next_withheld is None or self._next_withheld[0] != (event, pointer):
            return False
        self._next_withheld = next(self._withheld, None)
        return True

    def left(self) -> Iterator[Finding]:
        """Find what opens or withholds no sealed field, or stands out of order."""
        for name, one in (
            ("disclosures.jsonl", self._next),
            ("withheld.tsv", self._next_withheld),
        ):
            if one is not None:
                event, pointer = one[0]
                sentence = f"{name} names {pointer}, which this event does not seal there"
                yield Finding("sealed text", None, event, sentence)


def _fields(
    archive: Archive, name: str, read: Callable[[bytes], tuple[tuple[str, str], Any]]
) -> Iterator[tuple[tuple[str, str], Any]]:
    for number, line in enumerate(archive.lines(name), 1):
        try:
            yield read(line)
        except (LedgerError, ValueError) as error:
            raise BundleError(f"line {number} of {name} cannot be read", got=str(error)) from error


def _disclosure(line: bytes) -> tuple[tuple[str, str], tuple[bytes, str]]:
    said = read_disclosure(orjson.loads(line))
    if orjson.dumps(said.as_json(), option=orjson.OPT_SORT_KEYS) != line:
        raise ValueError("it is not canonical JSON")
    return (said.event, said.pointer), (said.salt, said.value)


def _withheld(line: bytes) -> tuple[tuple[str, str], None]:
    event, tab, pointer = line.decode("ascii").partition("\t")
    if not tab or "\t" in pointer:
        raise ValueError("expected an event, a tab and a pointer")
    return (event, pointer), None


class _Bundle:
    """One bundle as it is verified."""

    def __init__(
        self, archive: Archive, manifest: Manifest, lines: _Lines, trusted: _Trusted
    ) -> None:
        self._archive = archive
        self._manifest = manifest
        self._lines = lines
        self._trusted = trusted
        self._part = manifest.kind == "part"
        self._texts = _BundleTexts(archive)
        self._judge = Judge(
            lines, self._texts, partial=self._part, known=IN_EVERY_PART if self._part else None
        )
        self._proved: set[int] = set()

    def verdict(self, progress: Progress | None, inspect_chunks: InspectChunks) -> Verdict:
        """Verify everything, in the order in which what comes later needs what came before."""
        judge, manifest = self._judge, self._manifest
        # 1. The entries, by themselves and each against those before it.
        total = manifest.counts.entries
        rows = self._lines.rows()
        findings = _judged(judge, rows, total, inspect_chunks, progress)
        findings += self._texts.left()
        # 2. The checkpoint, and that it is of these entries.
        checkpoint = self._checkpoint(findings)
        if checkpoint is not None:
            findings += self._proofs(checkpoint) if self._part else self._root(checkpoint)
        # 3. What the verifier holds.
        anchored: list[str] = []
        if self._part:
            findings += self._part_anchors(checkpoint, anchored)
        else:
            findings += _anchors(judge, self._lines, self._trusted, anchored)
        # 4. What the exporter says.
        findings += self._files()
        findings += self._exporter()
        findings += self._allowed_signers()
        kind = manifest.kind
        return _verdict(kind, judge, self._lines.again, findings, anchored, manifest, checkpoint)

    def _checkpoint(self, findings: list[Finding]) -> Checkpoint | None:
        note = self._archive.read("checkpoint")
        try:
            found = _opened(note, log_keys(self._judge))
        except NoteError as error:
            sentence = f"the bundle's checkpoint is not signed by this log: {error}"
            findings.append(Finding("checkpoint", None, None, sentence))
            return None
        said = (self._manifest.origin, self._manifest.size, self._manifest.root)
        if said != (found.origin, found.size, base64.b64encode(found.root).decode()):
            sentence = "the manifest names another size or root than the checkpoint"
            findings.append(Finding("manifest", None, None, sentence))
        return found

    def _root(self, checkpoint: Checkpoint) -> Iterator[Finding]:
        count = self._judge.count
        if checkpoint.size != count:
            yield Finding(
                "checkpoint",
                None,
                None,
                f"the log signed {checkpoint.size} entries, and {count} are here: some were"
                " removed or put in",
            )
        elif checkpoint.root != self._judge.root(count):
            here = Checkpoint(checkpoint.origin, count, self._judge.root(count))
            yield Finding(
                "checkpoint",
                None,
                None,
                "the entries are not those that the log signed; keep both as evidence:\n"
                f"  signed: {checkpoint}\n  here:   {here}",
            )

    def _proofs(self, checkpoint: Checkpoint) -> Iterator[Finding]:
        note = self._archive.read("checkpoint")
        for position, data in self._lines.again():
            index = position - 1
            try:
                proof = parse_proof(self._archive.read(f"proofs/{index}.tlog-proof"))
                if proof.index != index or proof.checkpoint != note:
                    raise ProofError("it is of another entry or checkpoint")  # noqa: TRY301
                verify_inclusion(
                    index, checkpoint.size, leaf_hash(data), proof.hashes, checkpoint.root
                )
            except (ProofError, BundleError) as error:
                event = self._event(data)
                sentence = f"it is not shown to stand in the log: {error}"
                yield Finding("proof", position, event, sentence)
            self._proved.add(index)
        for name in self._archive.names:
            if name.startswith("proofs/") and int(name[7:-11]) not in self._proved:
                yield Finding("proof", None, None, f"{name} is of an entry that is not here")

    @staticmethod
    def _event(data: bytes) -> str | None:
        try:
            return str(orjson.loads(data)["statement"]["id"])
        except (orjson.JSONDecodeError, LookupError, TypeError):
            return None

    def _part_anchors(
        self, checkpoint: Checkpoint | None, anchored: list[str]
    ) -> Iterator[Finding]:
        card, note = self._trusted.card, self._trusted.held
        if card is not None:
            faults = list(_card_faults(self._judge, self._first(), card))
            yield from faults
            anchored += [] if faults else [_CARD]
        if note is None or checkpoint is None:
            return
        try:
            held = _opened(note, (*log_keys(self._judge), *([card.log_key] if card else ())))
        except NoteError as error:
            yield Finding("checkpoint", None, None, f"{_HELD} is not one of this ledger: {error}")
            return
        yield from self._extends(held, checkpoint, anchored)

    def _first(self) -> bytes:
        try:
            return self._lines.raw(1)
        except BundleError:
            return b""

    def _extends(
        self, held: Checkpoint, checkpoint: Checkpoint, anchored: list[str]
    ) -> Iterator[Finding]:
        evidence = f"Keep both as evidence:\n  held: {held}\n  here: {checkpoint}"
        if held.size >= checkpoint.size:
            if held == checkpoint:
                anchored.append(f"{_HELD}, of {held.size} entries")
            elif held.size == checkpoint.size:
                sentence = f"{_HELD} has another root for as many entries. {evidence}"
                yield Finding("checkpoint", None, None, sentence)
            else:
                sentence = f"{_HELD} is newer than the bundle's: an older copy shows nothing of it"
                yield Finding("checkpoint", None, None, sentence, "advice")
            return
        if "consistency" not in self._archive.names:
            sentence = (
                f"the bundle has no proof that it goes on from {_HELD}: ask for it with --held"
            )
            yield Finding("checkpoint", None, None, sentence, "advice")
            return
        try:
            proof = parse_extension(self._archive.read("consistency"))
            verify_consistency(
                held.size, checkpoint.size, list(proof.hashes), held.root, checkpoint.root
            )
        except ProofError as error:
            sentence = f"the bundle is not shown to go on from {_HELD}: {error} {evidence}"
            yield Finding("checkpoint", None, None, sentence)
        else:
            anchored.append(f"{_HELD}, of {held.size} entries")

    def _files(self) -> Iterator[Finding]:
        archive, listed = self._archive, self._manifest.files
        archive.rest()
        own = {"manifest.json", "manifest.json.sig", "SHA256SUMS"}
        for name in sorted((archive.names | listed.keys()) - own):
            if name not in listed:
                sentence = f"{name} is not listed in the manifest: it was put in"
            elif name not in archive.names:
                sentence = f"{name} is listed in the manifest and not there: it was taken out"
            elif archive.digests[name] != listed[name]:
                sentence = f"{name} is not the file that the manifest lists: it was changed"
            else:
                continue
            yield Finding("manifest", None, None, sentence)
        digests = {name: archive.digests[name] for name in archive.names - {"SHA256SUMS"}}
        if "SHA256SUMS" not in archive.names or archive.read("SHA256SUMS") != sums(digests):
            yield Finding("manifest", None, None, "SHA256SUMS is not that of the files here")

    def _exporter(self) -> Iterator[Finding]:
        exporter = self._manifest.exporter
        try:
            data = self._archive.read("manifest.json")
            armored = self._archive.read("manifest.json.sig")
            public = sshsig.verify(data, armored, sshsig.MANIFEST)
        except LedgerError as error:
            yield Finding("manifest", None, None, f"its signature does not hold: {error}")
            return
        key = f"key:{public.fingerprint}"
        standing = self._judge.look(offices.key(key))
        if key != exporter.key:
            sentence = f"it is signed with {key}, and names {exporter.key} as the exporter's"
            yield Finding("manifest", None, None, sentence)
        elif standing is None or standing.person != exporter.person:
            sentence = f"its signer's {key} is not enrolled in this ledger for {exporter.person}"
            yield Finding("manifest", None, None, sentence)

    def _allowed_signers(self) -> Iterator[Finding]:
        rows = [(n, self._lines.raw(n)) for n in self._judge.key_positions]
        exporter = self._manifest.exporter
        found = self._archive.read("allowed_signers")
        own = found.decode("utf-8", "replace").splitlines()[-1:]
        line = own[0].rpartition(f'namespaces="{sshsig.MANIFEST}" ')[2] if own else ""
        if found != allowed_signers(rows, exporter, line):
            sentence = "allowed_signers does not list the keys that were enrolled in this record"
            yield Finding("manifest", None, None, sentence)


# -- the verdict -------------------------------------------------------------------------------


def _verdict(  # noqa: PLR0913, PLR0917 - what a verdict is made of
    kind: str,
    judge: Judge,
    rows: Callable[[], Iterable[Row]],
    findings: list[Finding],
    anchored: list[str],
    manifest: Manifest | None = None,
    checkpoint: Checkpoint | None = None,
) -> Verdict:
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

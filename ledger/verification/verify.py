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
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from ledger.audit.by_entry import Finding
from ledger.audit.check import StoreSource, VaultTexts, inspect_plainly
from ledger.audit.continuity import HELD, opened
from ledger.audit.in_order import Judge
from ledger.audit.regularity import Regularity
from ledger.audit.source import Chunk, InspectChunks, chunked, paired
from ledger.bundle import Archive, Manifest, open_archive
from ledger.bundle.choosing import IN_EVERY_PART
from ledger.bundle.reading import Lines, ShownTexts
from ledger.errors import BundleError, NoteError, ProofError
from ledger.log.checkpoint import Checkpoint
from ledger.log.consistency import parse_extension
from ledger.log.merkle import leaf_hash, verify_consistency, verify_inclusion
from ledger.log.proof import TlogProof, format_proof, parse_proof
from ledger.progress import Progress
from ledger.store.base import EntryStore
from ledger.transparency.trust_card import TrustCard
from ledger.verification.accounting import Accounts
from ledger.verification.anchors import CARD, Trusted, anchors, card_faults
from ledger.verification.verdict import OfficeKey, Rests, Signed, Verdict, verdict_of

__all__ = ["OfficeKey", "Rests", "Signed", "Verdict", "verify_bundle", "verify_store"]


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
    regularity = Regularity(source, judge)
    findings = _judged(judge, source.chunks(), source.head, inspect_chunks, progress, regularity)
    source.note_erased_meanwhile(judge)
    findings += _at_the_end(judge)
    anchored: list[str] = []
    findings += anchors(judge, source, Trusted(held, trust), anchored)
    return verdict_of("ledger", judge, source.rows, findings, anchored)


def _judged(  # noqa: PLR0913, PLR0917 - what is judged, and how
    judge: Judge,
    chunks: Iterable[Chunk],
    total: int,
    inspect_chunks: InspectChunks,
    progress: Progress | None,
    regularity: Regularity | None,
) -> list[Finding]:
    """Judge every chunk; without `regularity` a part, for rules ask about what is left out."""
    findings: list[Finding] = []
    for chunk, told in paired(chunks, inspect_chunks):
        findings += judge.take(chunk, told)
        if regularity is not None:
            findings += regularity.take(chunk, told)
        if progress is not None:
            progress(judge.count, max(total, judge.count))
    return findings


def _at_the_end(judge: Judge) -> Iterator[Finding]:
    """Find what can only be told when every entry was judged."""
    yield from judge.missing()
    if judge.count == 0:
        yield Finding("positions", None, None, "there is no entry at all")


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
        with Lines(archive, manifest) as lines:
            return _Bundle(archive, manifest, lines, Trusted(held, trust)).verdict(
                progress, inspect_chunks
            )


class _Bundle:
    """One bundle as it is verified."""

    def __init__(
        self, archive: Archive, manifest: Manifest, lines: Lines, trusted: Trusted
    ) -> None:
        self._archive = archive
        self._manifest = manifest
        self._lines = lines
        self._trusted = trusted
        self._part = manifest.kind == "part"
        self._texts = ShownTexts(archive)
        self._judge = Judge(
            lines, self._texts, partial=self._part, known=IN_EVERY_PART if self._part else None
        )
        self._proved: set[int] = set()

    def verdict(self, progress: Progress | None, inspect_chunks: InspectChunks) -> Verdict:
        """Verify everything, in the order in which what comes later needs what came before."""
        judge, manifest = self._judge, self._manifest
        # 1. The entries, by themselves and each against those before it.
        total = manifest.counts.entries
        chunks = chunked(self._lines.rows(), total)
        regularity = None if self._part else Regularity(self._lines, judge)
        findings = _judged(judge, chunks, total, inspect_chunks, progress, regularity)
        findings += _at_the_end(judge)
        findings += self._texts.left()
        # 2. The checkpoint, and that it is of these entries.
        checkpoint = self._checkpoint(findings)
        if checkpoint is not None:
            findings += self._proofs(checkpoint) if self._part else self._root(checkpoint)
            findings += self._consistency()
        # 3. What the verifier holds.
        anchored: list[str] = []
        if self._part:
            findings += self._part_anchors(checkpoint, anchored)
        else:
            findings += anchors(judge, self._lines, self._trusted, anchored)
        # 4. What the exporter says, and every byte that nothing above has read.
        findings += Accounts(self._archive, manifest, self._lines, judge).findings(self._proved)
        kind = manifest.kind
        return verdict_of(kind, judge, self._lines.again, findings, anchored, manifest, checkpoint)

    def _checkpoint(self, findings: list[Finding]) -> Checkpoint | None:
        note = self._archive.read("checkpoint")
        try:
            found = opened(note, self._judge)
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
                data_here = self._archive.read(f"proofs/{index}.tlog-proof")
                proof = parse_proof(data_here)
                if data_here != format_proof(TlogProof(index, proof.hashes, note)):
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
            faults = list(card_faults(self._judge, self._first(), card))
            yield from faults
            anchored += [] if faults else [CARD]
        if note is None or checkpoint is None:
            return
        try:
            held = opened(note, self._judge)
        except NoteError as error:
            yield Finding("checkpoint", None, None, f"{HELD} is not one of this ledger: {error}")
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
                anchored.append(f"{HELD}, of {held.size} entries")
            elif held.size == checkpoint.size:
                sentence = f"{HELD} has another root for as many entries. {evidence}"
                yield Finding("checkpoint", None, None, sentence)
            else:
                sentence = f"{HELD} is newer than the bundle's: an older copy shows nothing of it"
                yield Finding("checkpoint", None, None, sentence, "advice")
            return
        if "consistency" not in self._archive.names:
            sentence = (
                f"the bundle has no proof that it goes on from {HELD}: ask for it with --held"
            )
            yield Finding("checkpoint", None, None, sentence, "advice")
            return
        try:
            proof = parse_extension(self._archive.read("consistency"))
            verify_consistency(
                held.size, checkpoint.size, list(proof.hashes), held.root, checkpoint.root
            )
        except ProofError as error:
            sentence = f"the bundle is not shown to go on from {HELD}: {error} {evidence}"
            yield Finding("checkpoint", None, None, sentence)
        else:
            anchored.append(f"{HELD}, of {held.size} entries")

    def _consistency(self) -> Iterator[Finding]:
        """Find a proof that is of another checkpoint, or of another history than is here."""
        if "consistency" not in self._archive.names:
            return
        try:
            proof = parse_extension(self._archive.read("consistency"))
            if proof.note != self._archive.read("checkpoint"):
                raise ProofError("it is of another checkpoint")  # noqa: TRY301
            if not self._part and 0 < proof.old <= self._judge.count:
                size = self._judge.count
                old, new = self._judge.root(proof.old), self._judge.root(size)
                verify_consistency(proof.old, size, list(proof.hashes), old, new)
        except (ProofError, NoteError) as error:
            sentence = f"the proof that the record goes on from an older one is none: {error}"
            yield Finding("proof", None, None, sentence)

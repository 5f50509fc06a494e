"""Accounting for every byte of a bundle that judging its entries has not read.

Files are those that the manifest lists, its counts those of what is here; what follows from the
entries is what follows from them; and whoever signed the manifest was entitled to, as of the
checkpoint.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from hashlib import sha256

from ledger.audit.by_entry import Finding
from ledger.audit.in_order import Judge
from ledger.bundle import Archive, Manifest
from ledger.bundle.exporter import exporter_faults
from ledger.bundle.reading import Lines
from ledger.bundle.recipe import recipe
from ledger.bundle.writing import allowed_signers, sums
from ledger.errors import BundleError, LedgerError
from ledger.format import sshsig
from ledger.format.entry import parse_entry, parse_signature, read_entry

__all__ = ["Accounts"]

#: What is in every bundle, or may be; the rest is entries, and what follows from them.
_ALWAYS = frozenset(
    (
        "SHA256SUMS",
        "allowed_signers",
        "checkpoint",
        "consistency",
        "disclosures.jsonl",
        "manifest.json",
        "manifest.json.sig",
        "withheld.tsv",
    )
)


class Accounts:
    """What a bundle holds beside its entries, once these were judged."""

    def __init__(self, archive: Archive, manifest: Manifest, lines: Lines, judge: Judge) -> None:
        self._archive = archive
        self._manifest = manifest
        self._lines = lines
        self._judge = judge
        self._is_part = manifest.kind == "part"

    def findings(self, proved: Collection[int]) -> Iterator[Finding]:
        """Find all that is not accounted for; `proved` are the entries that have a proof."""
        yield from self._files()
        yield from self._exporter()
        yield from self._counts(len(proved))
        yield from self._derived()

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
        """Judge who signed the manifest, as of the checkpoint, and what lists their key."""
        exporter = self._manifest.exporter
        try:
            data = self._archive.read("manifest.json")
            armored = self._archive.read("manifest.json.sig")
            public = sshsig.verify(data, armored, sshsig.MANIFEST)
            if sshsig.armor(sshsig.unarmor(armored)) != armored:
                raise BundleError("manifest.json.sig is not as it is written")
        except LedgerError as error:
            yield Finding("manifest", None, None, f"its signature does not hold: {error}")
            return
        key = f"key:{public.fingerprint}"
        if key != exporter.key:
            sentence = f"it is signed with {key}, and names {exporter.key} as the exporter's"
            yield Finding("manifest", None, None, sentence)
        else:
            yield from self._entitlement()
        rows = [(n, self._lines.raw(n)) for n in self._judge.key_positions]
        signers = allowed_signers(rows, self._judge.look, exporter, public.line)
        if self._archive.read("allowed_signers") != signers:
            sentence = "allowed_signers does not list the keys that were enrolled in this record"
            yield Finding("manifest", None, None, sentence)

    def _entitlement(self) -> Iterator[Finding]:
        last = self._lines.last
        if last in self._judge.unreadable or not last:
            return
        recorded_at = read_entry(last, self._lines.raw(last)).recorded_at
        manifest = self._manifest
        for reason in exporter_faults(
            self._judge.look, manifest.exporter, manifest.exported_at, recorded_at
        ):
            yield Finding("manifest", None, None, reason)

    def _counts(self, proofs: int) -> Iterator[Finding]:
        """Find what the manifest counts otherwise than it is here."""
        tally, said = self._judge.texts, self._manifest.counts
        for what, got, here in (
            ("entries", said.entries, self._judge.count),
            ("disclosures", said.disclosures, tally.matching + len(tally.mismatching)),
            ("withheld", said.withheld, tally.withheld),
            ("proofs", said.proofs, proofs),
        ):
            if got != here:
                sentence = f"the manifest counts {got} {what}, and here are {here}"
                yield Finding("manifest", None, None, sentence)

    def _derived(self) -> Iterator[Finding]:
        """Find files that have no place here, or hold anything but what follows from the rest."""
        archive = self._archive
        signed = any(name.startswith("signed/") for name in archive.names)
        expected = dict(self._signed_files()) if signed else {}
        last = self._lines.last
        example = (self._lines.count, last) if last > 1 else (1, 1)
        expected["VERIFY.md"] = _sha256(recipe(self._manifest, example, signed=signed).encode())
        for name, digest in expected.items():
            if archive.digests.get(name) != digest:
                sentence = f"{name} is not what follows from the entries here"
                yield Finding("derived", None, None, sentence)
        own = _ALWAYS | expected.keys() | {self._manifest.entries_file}
        for name in sorted(archive.names - own):
            if not (self._is_part and name.startswith("proofs/")):
                sentence = f"{name} has no place in a bundle of this kind"
                yield Finding("derived", None, None, sentence)

    def _signed_files(self) -> Iterator[tuple[str, str]]:
        """Say what each entry is as stock tools take it: the statement, and the signature."""
        for position, data in self._lines.again():
            if position in self._judge.unreadable:
                continue
            parts = parse_entry(data)
            yield f"signed/{position}.json", _sha256(parts.statement.raw)
            with suppress(LedgerError):  # found already
                armored = sshsig.armor(parse_signature(parts.signature))
                yield f"signed/{position}.json.sig", _sha256(armored)


def _sha256(data: bytes) -> str:
    return sha256(data).hexdigest()

"""Verifying a pack: its bundle as every bundle, and each answer against what the bundle says.

::

    found = verify_pack(Path("cedar.zip"), held=note, trust=card)
    if not found.verified:
        for finding in found.findings: ...

A signature over a false figure makes it no truer: every answer is told again from the bundle, and
what differs is named, whoever signed it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from ledger.audit.by_entry import Finding
from ledger.audit.check import inspect_plainly
from ledger.audit.source import InspectChunks
from ledger.bundle import Manifest
from ledger.bundle.pack import BUNDLE, COPY, LISTING, SIGNATURE, PackManifest, tag_files
from ledger.bundle.pack_files import PackFiles, open_pack
from ledger.errors import LedgerError
from ledger.format import sshsig
from ledger.format.statement import read_time
from ledger.progress import Progress
from ledger.release import VERSION
from ledger.transparency.trust_card import TrustCard
from ledger.verification.verify import Verdict, verify_bundle
from projections.exports.base import Made
from projections.pack.answers import Asked, answers, choices
from projections.pack.differing import difference
from projections.pack.reading_back import against

__all__ = ["PackVerdict", "verify_pack"]

PACK = "pack"
"""The name of the check that finds what is wrong with a pack around its bundle."""
ANSWER = "answer"
"""That of the check that finds an answer that is not what the bundle says."""
_RUNNING = re.compile(
    rb"<(?:script|iframe|object|embed)|<[^>]*\son[a-z]+=|javascript:", re.IGNORECASE
)


class PackVerdict(NamedTuple):
    """What was found of a pack; `verdict` is that of its bundle, none where it has none to read."""

    manifest: PackManifest
    verdict: Verdict | None
    findings: tuple[Finding, ...]
    told_again: tuple[str, ...]

    @property
    def verified(self) -> bool:
        """Whether nothing was found that is a fault, in the pack and in its bundle."""
        faults = any(finding.severity == "fault" for finding in self.findings)
        return self.verdict is not None and self.verdict.verified and not faults

    @property
    def compared(self) -> bool:
        """Whether every answer was compared with what its bundle says, those of no fault too."""
        return all(one.severity == "fault" for one in self.findings if one.check == ANSWER)


def verify_pack(
    path: Path,
    held: bytes | None = None,
    trust: TrustCard | None = None,
    *,
    progress: Progress | None = None,
    inspect_chunks: InspectChunks = inspect_plainly,
) -> PackVerdict:
    """Verify a pack by itself; raise PackError for a file that is none, or may not be read."""
    with open_pack(path) as files, TemporaryDirectory(prefix="school-ledger-pack-") as folder:
        manifest = PackManifest.parse(files.read(LISTING))
        findings = [*_files(files, manifest), *_signature(files, manifest)]
        bundle = Path(folder) / "bundle.zip"
        try:
            files.copy(BUNDLE, bundle)
            verdict = verify_bundle(
                bundle, held, trust, progress=progress, inspect_chunks=inspect_chunks
            )
        except LedgerError as error:
            findings.append(_fault(f"its bundle cannot be verified: {error}"))
            return PackVerdict(manifest, None, tuple(findings), ())
        findings += _of_bundle(manifest, verdict.manifest)
        told = _answers(files, manifest, bundle, verdict)
        findings += told or ()
    again = () if told is None else manifest.reports
    return PackVerdict(manifest, verdict, tuple(findings), again)


def _fault(sentence: str, check: str = PACK) -> Finding:
    return Finding(check, None, None, sentence)


def _files(files: PackFiles, manifest: PackManifest) -> Iterator[Finding]:
    """Find what was added, taken out or changed, file by file."""
    if files.folder not in (None, manifest.folder):
        yield _fault(f"its folder is called {files.folder}, and it is {manifest.folder}")
    if not files.as_written:
        sentence = "it was packed again by another program: only what its files say was compared"
        yield Finding(PACK, None, None, sentence, "advice")
    tags = tag_files(manifest, b"", "")
    for name in sorted(files.names - manifest.files.keys() - tags.keys()):
        yield _fault(f"{name} is in no list of it: it was added")
    for name in sorted((manifest.files.keys() | tags.keys()) - files.names):
        yield _fault(f"{name} is not there: it was taken out")
    for name in sorted(manifest.files.keys() & files.names):
        if files.digest(name) != manifest.files[name].sha256:
            yield _fault(f"{name} is not the file that {LISTING} lists: it was changed")


def _signature(files: PackFiles, manifest: PackManifest) -> Iterator[Finding]:
    """Judge who signed the list, and every file that follows from that."""
    if SIGNATURE not in files.names:
        return  # found already
    armored = files.read(SIGNATURE)
    try:
        public = sshsig.verify(files.read(LISTING), armored, sshsig.MANIFEST)
        armored_as_written = sshsig.armor(sshsig.unarmor(armored))
    except LedgerError as error:
        yield _fault(f"the signature of {LISTING} does not hold: {error}")
        return
    if armored_as_written != armored:
        yield _fault(f"{SIGNATURE} is not as it is written: it was changed")
    key = f"key:{public.fingerprint}"
    if key != manifest.exporter.key:
        yield _fault(f"{LISTING} is signed with {key}, and names {manifest.exporter.key}")
    for name, data in tag_files(manifest, armored, public.line).items():
        if name in files.names and files.read(name) != data:
            yield _fault(f"{name} is not what follows from {LISTING}: it was changed")


def _of_bundle(manifest: PackManifest, bundle: Manifest | None) -> Iterator[Finding]:
    """Find in what a pack says otherwise than its bundle, whose exporter was judged there."""
    if bundle is None:
        return
    for what, got, expected in (
        ("exporter", _exporter(manifest), _exporter(bundle)),
        ("ledger", manifest.origin, bundle.origin),
        ("size", manifest.size, bundle.size),
        ("root", manifest.root, bundle.root),
        ("party", manifest.party, bundle.selection.party),
        ("text shown", manifest.text, bundle.text),
        ("time", manifest.made_at, bundle.exported_at),
    ):
        if got != expected:
            yield _fault(
                f"{LISTING} names another {what} than the bundle in it: {got}, and not {expected}"
            )


def _exporter(manifest: PackManifest | Manifest) -> str:
    one = manifest.exporter
    return f"{one.person} as {one.office} with {one.key}"


def _asked(manifest: PackManifest) -> Asked:
    made = Made(read_time(manifest.made_at), manifest.version)
    return Asked(manifest.as_of.isoformat(), manifest.reports, made)


def _answers(
    files: PackFiles, manifest: PackManifest, bundle: Path, verdict: Verdict
) -> list[Finding] | None:
    """Tell every answer again from a bundle that verified; none where nothing can be told."""
    if not verdict.verified or verdict.manifest is None:
        return None
    unknown = set(manifest.reports) - set(choices(verdict.manifest.selection.party))
    if unknown:
        named = ", ".join(sorted(unknown))
        return [_fault(f"{LISTING} names what no pack of its kind has: {named}", ANSWER)]
    try:
        expected = answers(bundle, verdict.manifest, _asked(manifest)).files
    except LedgerError as error:
        return [_fault(f"its answers cannot be told from its bundle: {error}", ANSWER)]
    names = expected.keys() | (manifest.files.keys() - {BUNDLE})
    return [one for name in sorted(names) for one in _answer(files, manifest, name, expected)]


def _answer(
    files: PackFiles, manifest: PackManifest, name: str, expected: dict[str, bytes]
) -> Iterator[Finding]:
    """Find in what one file is not what the bundle says."""
    if name not in expected:
        yield _fault(f"{name} is no answer that was asked for", ANSWER)
    elif name not in manifest.files:
        yield _fault(f"{name} is left out of {LISTING}, and was asked for", ANSWER)
    elif name in files.names:
        said = difference(name, files.read(name), expected[name])
        if said is not None:
            yield _differs(name, files.read(name), expected[name], said, manifest.version)


def _runs(name: str, data: bytes) -> bool:
    """Whether a page may run something: no page of any release does."""
    return name.endswith(".html") and _RUNNING.search(data) is not None


def _differs(name: str, got: bytes, expected: bytes, said: str, release: str) -> Finding:
    if name == COPY and release == VERSION:
        return _fault(f"{name} is not the page of this release: it was changed, or forged", ANSWER)
    if name == COPY:
        sentence = f"{name} is of release {release}, or forged: do not use it"
        return Finding(ANSWER, None, None, sentence, "advice")
    if release == VERSION or _runs(name, got):
        return _fault(f"{name} is not what the bundle says: {said}", ANSWER)
    found = against(name, got, expected, (release, VERSION))
    if found.fault is not None:
        return _fault(f"{name} is not what the bundle says: {found.fault}", ANSWER)
    sentence = (
        f"{name} is of release {release}, and release {VERSION} writes it otherwise; not compared:"
        f" {'; '.join(found.not_compared)}"
    )
    return Finding(ANSWER, None, None, sentence, "advice")

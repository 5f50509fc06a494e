"""Writing a bundle: the whole record or a part of it, by whoever has the ledger."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from ledger import keys
from ledger.audit.by_entry import ENROLLING, Row
from ledger.audit.check import StoreSource
from ledger.audit.sealed_fields import Field, erased_fields
from ledger.bundle.choosing import choose
from ledger.bundle.exporter import exporter_faults
from ledger.bundle.manifest import Counts, Exporter, Manifest, Selection, TextShown
from ledger.bundle.packing import Packing, packed
from ledger.bundle.recipe import recipe
from ledger.decision_model.facts import Book, Look
from ledger.domain.registers import offices
from ledger.errors import BundleError
from ledger.events.base import Audience, may_read
from ledger.files import PRIVATE, USUAL, appearing
from ledger.format import sshsig
from ledger.format.entry import Entry, parse_entry, parse_signature, read_entry
from ledger.format.sealed import Disclosure, sealed_in
from ledger.format.statement import write_time
from ledger.keys import Signer
from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import Tree
from ledger.log.proof import TlogProof, format_proof
from ledger.progress import Progress
from ledger.recording.application import By, Ledger
from ledger.transparency.proofs import check_root, extension, open_own

__all__ = [
    "Export",
    "Exported",
    "Signing",
    "TextShown",
    "allowed_signers",
    "write_bundle",
]


_SIGNED_UP_TO = 2_000
"""So many statements are also written as files of their own, unless told otherwise."""
_CONTACT = "contact"
_WHOLE = "entries.jsonl"


class Export(NamedTuple):
    """What to export: a part by its selection, or the whole record, up to a signed checkpoint.

    `held` is a checkpoint that the receiver holds: the bundle then shows that the record extends
    it. `signed` says whether to write each statement and signature as stock tools take them.
    Of the `text` to be shown, an `audience` is shown only what its events' classes let it read.
    """

    checkpoint: bytes
    selection: Selection | None = None
    text: TextShown = "none"
    held: bytes | None = None
    signed: bool | None = None
    audience: Audience | None = None


class Exported(NamedTuple):
    """What was written."""

    manifest: Manifest
    sha256: str


class Signing(NamedTuple):
    """Who signs the manifest, in which office, and when."""

    signer: Signer
    by: By
    now: datetime


def write_bundle(
    path: Path,
    ledger: Ledger,
    export: Export,
    signing: Signing,
    progress: Progress | None = None,
) -> Exported:
    """Write a bundle, which appears whole or not at all; raise what keeps it from being true.

    NoteError and InconsistentError are raised for a checkpoint, or a held one, that is not of
    this ledger, and FileError for a path that cannot be written.
    """
    checkpoint = open_own(ledger, export.checkpoint).checkpoint
    tree = check_root(ledger, checkpoint)
    if checkpoint.size == 0:
        raise BundleError("there is nothing to export", todo="Record something first.")
    # Texts name people: such a bundle is its owner's, until they give it away.
    with appearing(path, USUAL if export.text == "none" else PRIVATE) as file:
        with packed(file) as packing:
            writing = _Writing(packing, ledger, export, checkpoint, tree)
            writing.record(progress)
            manifest = writing.finish(signing)
        file.seek(0)
        digest = sha256()
        while piece := file.read(2**20):
            digest.update(piece)
    return Exported(manifest, digest.hexdigest())


class _Writing:
    """One bundle as it is written."""

    def __init__(
        self,
        packing: Packing,
        ledger: Ledger,
        export: Export,
        checkpoint: Checkpoint,
        tree: Tree,
    ) -> None:
        self._packing = packing
        self._ledger = ledger
        self._export = export
        self._checkpoint = checkpoint
        self._tree = tree
        self._digests: dict[str, str] = {}
        self._withheld: list[str] = []
        self._disclosed: list[bytes] = []
        self._keys: list[Row] = []
        self._erased = erased_fields(ledger.store)
        self._count = 0
        self._proofs = 0
        self._example = (1, 1)
        self._last_recorded = ""
        size = checkpoint.size
        chosen = None if export.selection is None else choose(ledger.store, export.selection, size)
        self._chosen = None if chosen is None else sorted(chosen.positions)
        self._shown = None if chosen is None else chosen.shown
        count = size if self._chosen is None else len(self._chosen)
        self._signed = export.signed if export.signed is not None else count <= _SIGNED_UP_TO

    def record(self, progress: Progress | None) -> None:
        """Write the entries, and note their texts and keys on the way."""
        name = _WHOLE if self._chosen is None else "entries.tsv"
        size = self._checkpoint.size

        def lines() -> Iterator[bytes]:
            for position, data in self._rows():
                self._note(position, data)
                prefix = b"" if self._chosen is None else b"%d\t" % (position - 1)
                yield prefix + data + b"\n"
                if progress is not None and self._count % 1_000 == 0:
                    progress(position, size)

        self._write(name, lines())
        self._write("disclosures.jsonl", self._disclosed)
        self._write("withheld.tsv", (line.encode() for line in self._withheld))
        self._write("checkpoint", [self._export.checkpoint])
        if self._export.held is not None:
            held = open_own(self._ledger, self._export.held).checkpoint
            self._write("consistency", [extension(self._ledger, held, self._export.checkpoint)])
        if self._chosen is not None:
            self._write_proofs(self._chosen)
        if self._signed:
            self._write_signed()
        if progress is not None:
            progress(size, size)

    def _rows(self) -> Iterator[Row]:
        source = StoreSource(self._ledger.store)
        if self._chosen is None:
            yield from islice(source.rows(), self._checkpoint.size)
            return
        for position in self._chosen:
            yield position, source.raw(position)

    def _note(self, position: int, data: bytes) -> None:
        self._count += 1
        entry = read_entry(position, data)
        self._last_recorded = entry.recorded_at
        if entry.name in ENROLLING:
            self._keys.append((position, data))
        if position > 1:
            self._example = (self._count, position)
        pointers = sorted(pointer for pointer, _ in sealed_in(entry.data, "/data"))
        if not pointers:
            return
        texts = self._ledger.store.vault.get(entry.id)
        for pointer in pointers:
            erased = self._erased.get(Field(entry.id, pointer))
            if erased is None and pointer not in texts:
                continue  # it is missing, and the bundle does not hide it
            if erased is not None and erased <= self._checkpoint.size:
                continue
            # What was erased after the checkpoint is kept back: the bundle does not hold why.
            if erased is None and self._is_disclosed(entry, pointer):
                said = Disclosure(entry.id, pointer, *texts[pointer]).as_json()
                self._disclosed.append(orjson.dumps(said, option=orjson.OPT_SORT_KEYS) + b"\n")
            else:
                self._withheld.append(f"{entry.id}\t{pointer}\n")

    def _is_disclosed(self, entry: Entry[Any], pointer: str) -> bool:
        if self._shown is not None and entry.position not in self._shown:
            return False
        audience = self._export.audience
        if audience is not None and not may_read(audience, type(entry.event), entry.data):
            return False
        choice = self._export.text
        return choice == "all" or (
            choice == "without-contacts" and pointer.rpartition("/")[2] != _CONTACT
        )

    def _write_proofs(self, positions: Iterable[int]) -> None:
        indices = [position - 1 for position in positions]
        proofs = self._tree.inclusion_proofs(indices, self._checkpoint.size)
        for index, hashes in zip(indices, proofs, strict=True):
            proof = format_proof(TlogProof(index, tuple(hashes), self._export.checkpoint))
            self._put(f"proofs/{index}.tlog-proof", proof)
            self._proofs += 1

    def _write_signed(self) -> None:
        for position, data in self._rows():
            parts = parse_entry(data)
            self._put(f"signed/{position}.json", parts.statement.raw)
            blob = parse_signature(parts.signature)
            self._put(f"signed/{position}.json.sig", sshsig.armor(blob))

    def finish(self, signing: Signing) -> Manifest:
        """Write the manifest over all that was written, and what lists and explains it."""
        signer, by, now = signing
        key = f"key:{signer.public.fingerprint}"
        exporter = Exporter(person=by.person, office=by.office, key=key)
        self._refuse_unentitled(exporter, now)
        look = _look_at(self._ledger, self._checkpoint.size)
        signers = allowed_signers(self._keys, look, exporter, signer.public.line)
        self._write("allowed_signers", [signers])
        manifest = self._manifest(exporter, now)
        text = recipe(manifest, self._example, signed=self._signed)
        self._write("VERIFY.md", [text.encode()])
        manifest = self._manifest(exporter, now)
        data = manifest.as_bytes()
        self._write("manifest.json", [data])
        blob = signer.sign(data, sshsig.MANIFEST)
        self._write("manifest.json.sig", [sshsig.armor(blob)])
        self._write("SHA256SUMS", [sums(self._digests)])
        return manifest

    def _refuse_unentitled(self, exporter: Exporter, now: datetime) -> None:
        """Refuse who could not sign for it: whoever verifies it would say so."""
        look = _look_at(self._ledger, self._checkpoint.size)
        reasons = [*exporter_faults(look, exporter, write_time(now), self._last_recorded)]
        if reasons:
            raise BundleError(
                "nobody would believe this bundle",
                got="; ".join(reasons),
                expected="a key and an office that stand by the entries up to its checkpoint",
                todo="Nothing was written. Sign with another key, or in another office; or export"
                " up to a newer checkpoint.",
            )

    def _manifest(self, exporter: Exporter, now: datetime) -> Manifest:
        checkpoint = self._checkpoint
        return Manifest(
            kind="whole" if self._chosen is None else "part",
            origin=checkpoint.origin,
            size=checkpoint.size,
            root=base64.b64encode(checkpoint.root).decode(),
            selection=self._export.selection or Selection(),
            text=self._export.text,
            audience=self._export.audience,
            exported_at=write_time(now),
            exporter=exporter,
            counts=Counts(
                entries=self._count,
                disclosures=len(self._disclosed),
                withheld=len(self._withheld),
                proofs=self._proofs,
            ),
            files=dict(self._digests),
        )

    def _write(self, name: str, pieces: Iterable[bytes]) -> None:
        self._digests[name] = self._packing.add(name, pieces)

    def _put(self, name: str, data: bytes) -> None:
        self._digests[name] = self._packing.add_whole(name, data)


def sums(digests: dict[str, str]) -> bytes:
    """Write digests as `sha256sum` does."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()


def _retired_at(look: Look, key: str) -> str | None:
    standing = look(offices.key(key))
    return None if standing is None else offices.retired_at(look, standing)


def _look_at(ledger: Ledger, size: int) -> Look:
    """Return the facts as they stand after so many entries."""

    def read(tag: str, types: Sequence[str], before: int | None) -> list[Entry[Any]]:
        rows = ledger.store.by_tag(tag, types, before=min(before or size + 1, size + 1))
        return [read_entry(*row) for row in rows]

    return Book(read, size).look


def allowed_signers(
    rows: Iterable[Row], look: Look, exporter: Exporter, exporter_line: str
) -> bytes:
    """Write every key that was ever enrolled for `ssh-keygen`, each with its time.

    `rows` are the entries of `ENROLLING` in order. The exporter's key is there for the manifest
    as well.
    """
    lines: dict[str, tuple[str, sshsig.PublicKey, str]] = {}
    for row in rows:
        entry = read_entry(*row)
        for one in entry.data.get("registrars", [entry.data]):
            public = sshsig.PublicKey.parse(one["public_key"])
            lines.setdefault(one["key"], (one["person"], public, entry.recorded_at))
    written = [
        keys.allowed_signers_line(person, public, since, _retired_at(look, key))
        for key, (person, public, since) in lines.items()
    ]
    written.append(f'{exporter.person} namespaces="{sshsig.MANIFEST}" {exporter_line}')
    return "".join(f"{line}\n" for line in written).encode()

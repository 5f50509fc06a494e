"""Writing a pack: the bundle first, the answers from it, then one signature over all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from ledger.bundle import Export, Manifest, Signing, write_bundle
from ledger.bundle.pack import BUNDLE, Held, PackManifest, held, tag_files
from ledger.bundle.pack_files import MOST_BYTES, write_files
from ledger.errors import PackError
from ledger.files import PRIVATE, USUAL, appearing
from ledger.format import sshsig
from ledger.format.statement import read_time
from ledger.progress import Progress
from ledger.recording.application import Ledger
from ledger.release import VERSION
from projections.exports.base import Made
from projections.pack.answers import Asked, answers

__all__ = ["Packed", "Wanted", "write_pack"]

_PIECE = 2**20


class Packed(NamedTuple):
    """What was written, and how many rows its audience may not see; None if it is for all."""

    manifest: PackManifest
    bundle: Manifest
    sha256: str
    left_out: int | None


class Wanted(NamedTuple):
    """What a pack is to tell: as of which day, and which reports."""

    as_of: str
    reports: tuple[str, ...]


def write_pack(  # noqa: PLR0913, PLR0917 - as for a bundle, and what is wanted
    path: Path,
    ledger: Ledger,
    export: Export,
    wanted: Wanted,
    signing: Signing,
    progress: Progress | None = None,
) -> Packed:
    """Write a pack, which appears whole or not at all; raise what keeps it from being true.

    It raises what `write_bundle` raises, and PackError for more than a pack can hold.
    """
    mode = USUAL if export.text == "none" else PRIVATE
    with (
        TemporaryDirectory(prefix="school-ledger-pack-") as folder,
        appearing(path, mode) as file,
    ):
        bundle = Path(folder) / "bundle.zip"
        exported = write_bundle(bundle, ledger, export, signing, progress)
        # As it is read back: whoever verifies the pack tells the answers as of the same second.
        made = Made(read_time(exported.manifest.exported_at), VERSION)
        told = answers(bundle, exported.manifest, Asked(*wanted, made))
        inside = Held(bytes=bundle.stat().st_size, sha256=exported.sha256)
        files = {name: held(data) for name, data in told.files.items()} | {BUNDLE: inside}
        manifest = _manifest(exported.manifest, wanted, made, files)
        _refuse_large(manifest)
        blob = signing.signer.sign(manifest.as_bytes(), sshsig.MANIFEST)
        key = signing.signer.public.line
        tags = tag_files(manifest, sshsig.armor(blob), key)
        pieces: dict[str, Iterable[bytes]] = {
            name: [data] for name, data in (told.files | tags).items()
        }
        write_files(file, manifest.folder, pieces | {BUNDLE: _pieces(bundle)})
        file.seek(0)
        digest = sha256()
        while piece := file.read(_PIECE):
            digest.update(piece)
    return Packed(manifest, exported.manifest, digest.hexdigest(), told.left_out)


def _manifest(bundle: Manifest, wanted: Wanted, made: Made, files: dict[str, Held]) -> PackManifest:
    said = {
        "origin": bundle.origin,
        "size": bundle.size,
        "root": bundle.root,
        "party": bundle.selection.party,
        "text": bundle.text,
        "as_of": wanted.as_of,
        "reports": wanted.reports,
        "made_at": bundle.exported_at,
        "version": made.version,
        "exporter": bundle.exporter,
        "files": files,
    }
    return PackManifest.model_validate(said)


def _refuse_large(manifest: PackManifest) -> None:
    size = sum(one.bytes for one in manifest.files.values())
    if size > MOST_BYTES:
        raise PackError(
            "this is more than a pack can hold",
            got=f"{size:,} bytes",
            expected=f"{MOST_BYTES:,} at most",
            todo="Export the bundle alone: `school-ledger export bundle`.",
        )


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece

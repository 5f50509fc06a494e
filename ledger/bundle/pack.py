"""Packs: a bundle with the answers that it proves, as one BagIt bag that anyone can read and check.

A pack is a zip archive of one folder, laid out by BagIt 1.0 (RFC 8493):

| file | holds |
|---|---|
| `index.html` | what is in it, who made it and when, what was asked, how to check it |
| `data/bundle.zip` | the bundle that proves the events behind every figure |
| `data/check.html` | the release's page that checks it in a browser, for convenience |
| `data/<report>.html`, `.csv`, `.ods` | the answers |
| `pack.json`, `pack.json.sig` | what was asked, by whom, and SHA-256 of each file above; signed |
| `allowed_signers` | the exporter's key, for `ssh-keygen -Y verify` |
| `bagit.txt`, `bag-info.txt`, `manifest-sha256.txt`, `tagmanifest-sha256.txt` | the bag's own |

`pack.json` lists what somebody chose; every other file follows from that (`tag_files`), so nothing
in a pack is without its signature. Names are plain ASCII; the same pack is the same bytes.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, Literal

from pydantic import StringConstraints

from ledger.bundle.manifest import Count, Exporter, Listing, Party, Root, TextShown, Time
from ledger.bundle.writing import sums
from ledger.errors import PackError
from ledger.format import sshsig
from ledger.values import Day, Origin, Sha256, Value

__all__ = [
    "BUNDLE",
    "COPY",
    "DATA",
    "INDEX",
    "LISTING",
    "SIGNATURE",
    "Held",
    "PackManifest",
    "held",
    "tag_files",
]

DATA = "data/"
BUNDLE = f"{DATA}bundle.zip"
COPY = f"{DATA}check.html"
"""The release's page that checks packs in a browser, for convenience."""
INDEX = "index.html"
LISTING = "pack.json"
SIGNATURE = "pack.json.sig"

_Name = Annotated[
    str, StringConstraints(pattern=r"^(?:index\.html|data/[a-z0-9-]{1,60}\.[a-z]{2,5})$")
]
_ReportName = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,40}$")]
_Version = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.+-]{1,40}$")]


class Held(Value):
    """A file of a pack: how long it is, and its SHA-256."""

    bytes: Count
    sha256: Sha256


class PackManifest(Listing):
    """What a pack holds and was asked, whose canonical JSON is what the exporter signs."""

    format: Literal[1] = 1
    kind: Literal["pack"] = "pack"
    origin: Origin
    size: Count
    root: Root
    party: Party | None = None
    text: TextShown
    as_of: Day
    reports: tuple[_ReportName, ...]
    made_at: Time
    version: _Version
    exporter: Exporter
    files: dict[_Name, Held]

    @property
    def folder(self) -> str:
        """The name of the only folder of the archive."""
        chosen = (self.party or "whole").replace(":", "-")
        return f"pack-{chosen}-{self.as_of}"

    @staticmethod
    def unreadable(why: str) -> PackError:
        """Return the error that says why a pack has no list to read."""
        return PackError(
            f"the pack's {LISTING} cannot be read: {why}",
            todo="It may be of a later version of school-ledger, or altered: ask for it again.",
        )


def held(data: bytes) -> Held:
    """Return how a file is listed."""
    return Held(bytes=len(data), sha256=sha256(data).hexdigest())


def tag_files(manifest: PackManifest, signature: bytes, key_line: str) -> dict[str, bytes]:
    """Return every file beside those that a pack lists, by name: all of it follows from these.

    `key_line` is the exporter's public key as OpenSSH writes it.
    """
    signer = f'{manifest.exporter.person} namespaces="{sshsig.MANIFEST}" {key_line}\n'
    payload = {name: one.sha256 for name, one in manifest.files.items() if name.startswith(DATA)}
    files = {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": _bag_info(manifest).encode(),
        "manifest-sha256.txt": sums(payload),
        LISTING: manifest.as_bytes(),
        SIGNATURE: signature,
        "allowed_signers": signer.encode(),
    }
    digests = {name: sha256(data).hexdigest() for name, data in files.items()}
    digests |= {
        name: one.sha256 for name, one in manifest.files.items() if not name.startswith(DATA)
    }
    return files | {"tagmanifest-sha256.txt": sums(digests)}


def _bag_info(manifest: PackManifest) -> str:
    """Return what BagIt's own readers show of a bag (RFC 8493, 2.2.2)."""
    payload = [one.bytes for name, one in manifest.files.items() if name.startswith(DATA)]
    said = {
        "Source-Organization": manifest.origin,
        "External-Description": f"school-ledger pack of {manifest.party or 'the whole record'}",
        "Bagging-Date": manifest.made_at[:10],
        "External-Identifier": manifest.folder,
        "Payload-Oxum": f"{sum(payload)}.{len(payload)}",
        "Bag-Software-Agent": f"school-ledger {manifest.version}",
    }
    return "".join(f"{name}: {value}\n" for name, value in said.items())

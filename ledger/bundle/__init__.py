"""Bundles: a record, or a part of it, in one file that anyone can verify offline.

A bundle is a zip archive of these files, and of no other:

| file | holds |
|---|---|
| `entries.jsonl` | of a whole record: every entry, one a line, as they were recorded |
| `entries.tsv` | of a part: lines `index TAB entry`, ascending, every register entry among them |
| `proofs/<index>.tlog-proof` | of a part: that the entry stands there, in the checkpoint below |
| `disclosures.jsonl` | texts of sealed fields that the exporter discloses, in order of entries |
| `withheld.tsv` | lines `event TAB pointer`: sealed fields whose text is kept back, in that order |
| `checkpoint` | the log's signed size and root, up to which the record is here |
| `consistency` | if asked for: that the checkpoint extends one that the receiver holds |
| `allowed_signers` | every key that was ever enrolled, for `ssh-keygen -Y verify` |
| `signed/<position>.json`, `.sig` | statements and signatures as stock tools take them |
| `manifest.json`, `.sig` | what was chosen, by whom, and SHA-256 of each file; signed |
| `SHA256SUMS`, `VERIFY.md` | for `sha256sum -c`, and how to verify without this software |

They stand in one order, none of them packed, and every byte around them follows from them
(`ledger.bundle.packing`).

A sealed field is in `disclosures.jsonl`, or in `withheld.tsv`, or erased by a DetailErased that is
in the bundle; else its text is missing. The same export makes the same bytes.
"""

from ledger.bundle.archive import Archive, open_archive
from ledger.bundle.manifest import Manifest, TextShown
from ledger.bundle.writing import Export, Exported, Signing, write_bundle

__all__ = [
    "Archive",
    "Export",
    "Exported",
    "Manifest",
    "Signing",
    "TextShown",
    "open_archive",
    "write_bundle",
]

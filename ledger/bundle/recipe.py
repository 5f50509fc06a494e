"""VERIFY.md: how to verify a bundle with stock tools, without this software.

A bundle's VERIFY.md is compared with this, so the text belongs to the manifest's format: another
text is another format, and this one stays for bundles of format 1.
"""

from __future__ import annotations

from ledger.bundle.manifest import Manifest

__all__ = ["recipe"]

_START = """\
# How to verify this bundle

It holds {what} of the ledger `{origin}`, up to entry {size}: {entries} entries.
With this software: `school-ledger verify BUNDLE --trust CARD`, which also judges who was entitled
to sign what, and whether the history was ever rewritten. With stock tools alone (`unzip`,
`sha256sum`, and `ssh-keygen` of OpenSSH 8.2 or later; 10.4 or later for the strictest checks):

## 1. Are the files those that the exporter signed?

```sh
sha256sum --quiet -c SHA256SUMS &&
ssh-keygen -Y verify -f allowed_signers -I '{person}' \\
  -n manifest@school-ledger -s manifest.json.sig < manifest.json
```

`manifest.json` says what was chosen, which text is withheld, and lists the digest of each file.
"""
_SIGNED = """
## 2. Did these people sign these statements?

For each entry, by its position, `signed/N.json` holds the statement's bytes and `signed/N.json.sig`
the signature. A key counts for the time in which it was enrolled, so say when it was recorded:

```sh
line=$(sed -n {line}p {entries_file}{cut})
when=$(printf %s "$line" | sed 's/^{{"recorded_at":"\\([^"]*\\)".*/\\1/; s/[-:T]//g')
who=$(sed 's/.*"signedby":"\\([^"]*\\)".*/\\1/' signed/{position}.json)
ssh-keygen -Y verify -f allowed_signers -I "$who" -n statement@school-ledger \\
  -Overify-time="$when" -s signed/{position}.json.sig < signed/{position}.json
```
"""
_UNPACKED = """
## 2. Did these people sign these statements?

Take any entry, here number {position}; the statement's bytes stand in its line as they were signed:

```sh
N={position}
line=$(sed -n {line}p {entries_file}{cut})
printf %s "$line" | sed 's/^.*","statement"://; s/}}$//' | tr -d '\\n' > statement.json
when=$(printf %s "$line" | sed 's/^{{"recorded_at":"\\([^"]*\\)".*/\\1/; s/[-:T]//g')
who=$(sed 's/.*"signedby":"\\([^"]*\\)".*/\\1/' statement.json)
{{ echo '-----BEGIN SSH SIGNATURE-----'
  printf %s "$line" | sed 's/^{{"recorded_at":"[^"]*","signature":"\\([^"]*\\)".*/\\1/' | fold -w 70
  echo; echo '-----END SSH SIGNATURE-----'; }} > statement.json.sig
ssh-keygen -Y verify -f allowed_signers -I "$who" -n statement@school-ledger \\
  -Overify-time="$when" -s statement.json.sig < statement.json
```
"""
_WHOLE = """
## 3. Is anything missing?

`checkpoint` is signed by the log: its second line is the number of entries, its third their root,
the Merkle tree hash of RFC 6962 over the lines of `entries.jsonl`. The number at least is plain:

```sh
test "$(wc -l < entries.jsonl)" -eq "$(sed -n 2p checkpoint)"
```

The tree takes a few lines of any language: a leaf is SHA-256 of a zero byte and the line without
its newline, a node SHA-256 of a byte 0x01 and its two children.
"""
_PART = """
## 3. Is anything missing?

A part proves that what is in it stands in the record. That it is all there is of what was chosen,
the exporter claims by signing the manifest. Each entry's proof is in `proofs`, in the form of
c2sp.org/tlog-proof: by the tree hashes of RFC 6962 it leads from the line, after index and tab, to
the root that `checkpoint` states.
"""


def recipe(manifest: Manifest, positions: tuple[int, int], *, signed: bool) -> str:
    """Return VERIFY.md for a bundle; `positions` are an entry's line here and its position."""
    line, position = positions
    whole = manifest.kind == "whole"
    said = {
        "what": "the whole record" if whole else "a part of the record",
        "origin": manifest.origin,
        "size": manifest.size,
        "entries": manifest.counts.entries,
        "person": manifest.exporter.person,
        "line": line,
        "position": position,
        "entries_file": "entries.jsonl" if whole else "entries.tsv",
        "cut": "" if whole else " | cut -f 2",
    }
    middle = _SIGNED if signed else _UNPACKED
    return "".join(part.format(**said) for part in (_START, middle, _WHOLE if whole else _PART))

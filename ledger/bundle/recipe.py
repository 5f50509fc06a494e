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
to sign what, and whether the history was ever rewritten. With stock tools alone, unpack it, and
follow the steps for the OpenSSH that you have, which `ssh -V` tells:

- OpenSSH 9.1 or later: steps 1, 2 and 3 (10.4 or later for the strictest checks);
- OpenSSH 8.1 to 9.0, which cannot read the dates in `allowed_signers`: steps 1a, 2a and 3;
- Windows' own OpenSSH, 8.1 or later, in PowerShell: steps 1w, 2w and 3.

Each step answers one question. Every signature is good where `ssh-keygen` says `Good`.

## 1. Are the files those that the exporter signed? (OpenSSH 9.1 or later)

```sh
sha256sum --quiet -c SHA256SUMS &&
ssh-keygen -Y verify -f allowed_signers -I '{person}' \\
  -n manifest@school-ledger -s manifest.json.sig < manifest.json
```

`manifest.json` says what was chosen, which text is withheld, and lists the digest of each file.

## 1a. The same with OpenSSH 8.1 to 9.0

```sh
sha256sum --quiet -c SHA256SUMS &&
grep 'namespaces="manifest@school-ledger"' allowed_signers > exporter &&
ssh-keygen -Y verify -f exporter -I '{person}' \\
  -n manifest@school-ledger -s manifest.json.sig < manifest.json
```

## 1w. The same on Windows

PowerShell would change what it hands to a program, so `cmd` hands it over:

```powershell
Get-Content SHA256SUMS | ForEach-Object {{
  $sum, $file = $_ -split '  ', 2
  if ((Get-FileHash -Algorithm SHA256 -LiteralPath $file).Hash -ne $sum) {{ "CHANGED: $file" }}
}}
$exporter = @(Get-Content allowed_signers)[-1]
[IO.File]::WriteAllText("$PWD\\exporter", "$exporter`n")
cmd /c 'ssh-keygen -Y verify -f exporter -I {person} -n manifest@school-ledger -s manifest.json.sig < manifest.json'
```
"""
_SIGNED = """
## 2. Did these people sign these statements? (OpenSSH 9.1 or later)

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
_SIGNED_AGO = """
```sh
line=$(sed -n {line}p {entries_file}{cut})
when=$(printf %s "$line" | sed 's/^{{"recorded_at":"\\([^"]*\\)".*/\\1/; s/[-:T]//g')
who=$(sed 's/.*"signedby":"\\([^"]*\\)".*/\\1/' signed/{position}.json)
{live}
ssh-keygen -Y verify -f live -I "$who" -n statement@school-ledger \\
  -s signed/{position}.json.sig < signed/{position}.json
```
"""
_SIGNED_ON_WINDOWS = """
```powershell
$line = @(Get-Content -Encoding UTF8 {entries_file})[{index}]
{live_on_windows}
cmd /c "ssh-keygen -Y verify -f live -I $who -n statement@school-ledger -s signed/{position}.json.sig < signed\\{position}.json"
```
"""
_UNPACKED = """
## 2. Did these people sign these statements? (OpenSSH 9.1 or later)

Take any entry, here number {position}; the statement's bytes stand in its line as they were signed:

```sh
{cut_out}
ssh-keygen -Y verify -f allowed_signers -I "$who" -n statement@school-ledger \\
  -Overify-time="$when" -s statement.json.sig < statement.json
```
"""
_UNPACKED_AGO = """
```sh
{cut_out}
{live}
ssh-keygen -Y verify -f live -I "$who" -n statement@school-ledger \\
  -s statement.json.sig < statement.json
```
"""
_UNPACKED_ON_WINDOWS = """
```powershell
$line = @(Get-Content -Encoding UTF8 {entries_file})[{index}] -replace '^[0-9]+\\t', ''
{live_on_windows}
$statement = $line -replace '^{{"recorded_at":"[^"]*","signature":"[^"]*","statement":', '' -replace '}}$', ''
[IO.File]::WriteAllText("$PWD\\statement.json", $statement)
$signature = [regex]::Match($line, '"signature":"([^"]*)"').Groups[1].Value -replace '(.{{70}})', "`$1`n"
$armored = "-----BEGIN SSH SIGNATURE-----`n$signature`n-----END SSH SIGNATURE-----`n"
[IO.File]::WriteAllText("$PWD\\statement.json.sig", $armored)
cmd /c "ssh-keygen -Y verify -f live -I $who -n statement@school-ledger -s statement.json.sig < statement.json"
```
"""
_AGO = """
## 2a. The same with OpenSSH 8.1 to 9.0

Only the keys that counted when it was recorded are put before `ssh-keygen`, without their dates:
"""
_ON_WINDOWS = """
## 2w. The same on Windows
"""
_CUT_OUT = r"""N={position}
line=$(sed -n {line}p {entries_file}{cut})
printf %s "$line" | sed 's/^.*","statement"://; s/}}$//' | tr -d '\n' > statement.json
when=$(printf %s "$line" | sed 's/^{{"recorded_at":"\([^"]*\)".*/\1/; s/[-:T]//g')
who=$(sed 's/.*"signedby":"\([^"]*\)".*/\1/' statement.json)
{{ echo '-----BEGIN SSH SIGNATURE-----'
  printf %s "$line" | sed 's/^{{"recorded_at":"[^"]*","signature":"\([^"]*\)".*/\1/' | fold -w 70
  echo; echo '-----END SSH SIGNATURE-----'; }} > statement.json.sig"""
_LIVE = r"""awk -v when="$when" '{
  after = before = when
  if (match($0, /valid-after="[0-9]*Z"/)) after = substr($0, RSTART + 13, RLENGTH - 14)
  if (match($0, /valid-before="[0-9]*Z"/)) before = substr($0, RSTART + 14, RLENGTH - 15)
  gsub(/,valid-[a-z]*="[0-9]*Z"/, "")
  if (after <= when && when <= before) print
}' allowed_signers > live"""
_LIVE_ON_WINDOWS = r"""$when = [regex]::Match($line, '"recorded_at":"([^"]*)"').Groups[1].Value -replace '[-:T]', ''
$who = [regex]::Match($line, '"signedby":"([^"]*)"').Groups[1].Value
$live = Get-Content allowed_signers | Where-Object {
  $after = [regex]::Match($_, 'valid-after="([0-9]+Z)"').Groups[1].Value
  $before = [regex]::Match($_, 'valid-before="([0-9]+Z)"').Groups[1].Value
  (-not $after -or $after -le $when) -and (-not $before -or $when -le $before)
} | ForEach-Object { $_ -replace ',valid-[a-z]*="[0-9]+Z"', '' }
[IO.File]::WriteAllText("$PWD\live", ($live -join "`n") + "`n")"""
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

_STEPS = (_SIGNED, _AGO, _SIGNED_AGO, _ON_WINDOWS, _SIGNED_ON_WINDOWS)
_STEPS_WITHOUT_FILES = (_UNPACKED, _AGO, _UNPACKED_AGO, _ON_WINDOWS, _UNPACKED_ON_WINDOWS)


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
        "entries_file": manifest.entries_file,
        "index": line - 1,
        "cut": "" if whole else " | cut -f 2",
        "live": _LIVE,
        "live_on_windows": _LIVE_ON_WINDOWS,
    }
    said["cut_out"] = _CUT_OUT.format(**said)
    steps = _STEPS if signed else _STEPS_WITHOUT_FILES
    return "".join(part.format(**said) for part in (_START, *steps, _WHOLE if whole else _PART))

"""The same export makes the same bytes, stock tools verify them, hostile ones are refused."""

from __future__ import annotations

import base64
import os
import re
import shutil
import stat
import struct
import subprocess
import zipfile
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import orjson
import pytest
from two_years import ORIGIN, tell

from ledger import keys
from ledger.bundle import Export, Manifest, Signing, open_archive, packing, write_bundle
from ledger.bundle import archive as archives
from ledger.bundle.manifest import Selection
from ledger.bundle.recipe import recipe
from ledger.errors import BundleError, FileError, InconsistentError, NoteError
from ledger.events.base import AUDIENCES, may_read
from ledger.format.entry import read_entry
from ledger.log.checkpoint import Checkpoint, sign
from ledger.recording.application import By
from ledger.recording.founding import new_log_key, parse_log_key
from ledger.verification.verify import verify_bundle

pytestmark = pytest.mark.sampled(4)

NOW = datetime(2026, 8, 1, 9, tzinfo=UTC)
CEDAR = "school:900003"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Return the demo's ledger, who exports, and a checkpoint of it all."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "keys").mkdir()
    with tell(folder, 7, lambda _: None) as ledger:
        signer = keys.load(folder / "keys" / "registrar")
        by = By(ledger.person_of(f"key:{signer.public.fingerprint}"), "registrar@ledger")
        head = ledger.head()
        log_key = parse_log_key((folder / "demo.db.log-key").read_text())
        note = sign(Checkpoint(ORIGIN, head.size, head.root), log_key)
        yield ledger, Signing(signer, by, NOW), note


def written(demo, path, **asked):
    ledger, signing, note = demo
    return write_bundle(path, ledger, Export(asked.pop("checkpoint", note), **asked), signing)


PARTS = {
    "whole": None,
    "school": Selection(party=CEDAR),
    "partnership": Selection(party="partnership:estuary"),
    "period": Selection(first=date(2025, 1, 1), last=date(2025, 3, 31)),
    "all of these": Selection(party=CEDAR, first=date(2025, 1, 1), last=date(2025, 12, 31)),
}


@pytest.mark.parametrize("selection", PARTS.values(), ids=PARTS)
def test_the_same_export_makes_the_same_bytes(demo, tmp_path, selection):
    first = written(demo, tmp_path / "a.zip", selection=selection)
    again = written(demo, tmp_path / "b.zip", selection=selection)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert first == again
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip", "b.zip"]


def entries_of(path):
    with open_archive(path) as archive:
        lines = list(archive.lines("entries.tsv"))
    rows = (line.split(b"\t", 1) for line in lines)
    return [read_entry(int(index) + 1, data) for index, data in rows]


def test_a_part_holds_what_was_chosen_and_the_registers(demo, tmp_path):
    ledger, _, _ = demo
    chosen = Selection(party=CEDAR, first=date(2025, 1, 1), last=date(2025, 3, 31))
    written(demo, tmp_path / "b.zip", selection=chosen)
    held = entries_of(tmp_path / "b.zip")
    registers = {"LedgerFounded", "KeyEnrolled", "Appointed", "Vouched", "SchoolRegistered"}
    everywhere = [one.id for one in ledger.entries() if one.name in registers]
    assert [one.id for one in held if one.name in registers] == everywhere
    others = [one for one in held if "VisitMade" in one.name]
    assert others
    for one in others:
        assert CEDAR in one.tags
        assert "2025-01-01" <= one.occurredon <= "2025-03-31"


def test_a_withdrawal_comes_with_what_it_withdraws_whatever_the_period(demo, tmp_path):
    day = date(2026, 2, 5)
    written(demo, tmp_path / "b.zip", selection=Selection(first=day, last=day))
    held = {one.id: one for one in entries_of(tmp_path / "b.zip")}
    (withdrawal,) = (one for one in held.values() if one.name == "EventWithdrawn")
    assert withdrawal.data["event"].removeprefix("event:") in held


def texts_of(path):
    with open_archive(path) as archive:
        return (
            archive.read("disclosures.jsonl").decode(),
            archive.read("withheld.tsv").decode(),
            Manifest.parse(archive.read("manifest.json")),
        )


def test_text_is_withheld_unless_it_is_chosen(demo, tmp_path):
    written(demo, tmp_path / "none.zip")
    shown, withheld, manifest = texts_of(tmp_path / "none.zip")
    assert shown == ""
    assert withheld.count("\n") == manifest.counts.withheld == 24
    written(demo, tmp_path / "all.zip", text="all")
    shown, withheld, manifest = texts_of(tmp_path / "all.zip")
    assert (shown.count("\n"), withheld) == (24, "")
    assert "Mx Cedar" in shown


def test_contacts_are_withheld_where_other_text_is_shown(demo, tmp_path):
    written(demo, tmp_path / "b.zip", text="without-contacts")
    shown, withheld, _ = texts_of(tmp_path / "b.zip")
    assert "/data/contact" not in shown
    assert all(line.endswith("/data/contact") for line in withheld.splitlines())


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("text", ["all", "without-contacts"])
def test_an_audience_is_shown_of_the_text_only_what_it_may_read(demo, tmp_path, audience, text):
    ledger, _, _ = demo
    written(demo, tmp_path / "b.zip", text=text, audience=audience)
    shown, withheld, manifest = texts_of(tmp_path / "b.zip")
    types = {entry.id: type(entry.event) for entry in ledger.entries()}
    events = [orjson.loads(line)["event"] for line in shown.splitlines()]
    assert all(may_read(audience, types[event]) for event in events)
    kept_back = [line.split("\t") for line in withheld.splitlines()]
    assert all(
        not may_read(audience, types[event])
        or (text == "without-contacts" and pointer == "/data/contact")
        for event, pointer in kept_back
    )
    assert (manifest.audience, manifest.text) == (audience, text)
    assert manifest.counts.disclosures + manifest.counts.withheld == 24
    assert verify_bundle(tmp_path / "b.zip").verified


def test_the_parties_see_notes_and_nobodys_name(demo, tmp_path):
    written(demo, tmp_path / "b.zip", text="all", audience="parties")
    shown, withheld, _ = texts_of(tmp_path / "b.zip")
    assert "/data/name" not in shown
    assert "/data/claim" in shown
    assert "/data/name" in withheld


def test_signed_statements_may_be_left_out(demo, tmp_path):
    written(demo, tmp_path / "b.zip", signed=False)
    with open_archive(tmp_path / "b.zip") as archive:
        assert not any(name.startswith("signed/") for name in archive.names)
        assert archive.names is archive.names  # made once, not for each of the files
        assert "Take any entry" in archive.read("VERIFY.md").decode()


def test_a_checkpoint_that_is_not_of_this_ledger_exports_nothing(demo, tmp_path):
    ledger, _, _ = demo
    stranger = new_log_key(ORIGIN, b"s" * 32)
    head = ledger.head()
    forged = sign(Checkpoint(ORIGIN, head.size, head.root), stranger)
    with pytest.raises(NoteError):
        written(demo, tmp_path / "b.zip", checkpoint=forged)
    assert list(tmp_path.iterdir()) == []


def test_a_checkpoint_of_another_history_exports_nothing(demo, tmp_path):
    ledger, _, _ = demo
    path = Path(f"{ledger.factory.env['SQLITE_DBNAME']}.log-key")
    other = sign(Checkpoint(ORIGIN, 100, bytes(32)), parse_log_key(path.read_text()))
    with pytest.raises(InconsistentError):
        written(demo, tmp_path / "b.zip", checkpoint=other)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said_to_be(demo, tmp_path):
    with pytest.raises(FileError, match="cannot be written"):
        written(demo, tmp_path / "nowhere" / "b.zip")


RECIPES = {
    ("whole", True): "77ea05cfa4c3dd09",
    ("whole", False): "983e184493e7877d",
    ("part", True): "5a35b9bf27537760",
    ("part", False): "2e995d35e9c03556",
}


@pytest.mark.parametrize(("kind", "signed"), RECIPES)
def test_the_recipe_of_format_1_stays_as_it_is(demo, tmp_path, kind, signed):
    """Bundles hold it, and are verified by comparing it: another text is another format."""
    selection = None if kind == "whole" else Selection(party=CEDAR)
    manifest = written(demo, tmp_path / "b.zip", selection=selection).manifest
    exporter = manifest.exporter.model_copy(update={"person": "person:x"})
    counts = manifest.counts.model_copy(update={"entries": 100})
    made = manifest.model_copy(update={"exporter": exporter, "counts": counts})
    text = recipe(made, (7, 9), signed=signed)
    assert sha256(text.encode()).hexdigest()[:16] == RECIPES[kind, signed]


# -- stock tools -------------------------------------------------------------------------------

_TOOLS = ("sh", "unzip", "sha256sum", "ssh-keygen", "sed", "cut", "fold", "awk", "grep")
_MISSING = [tool for tool in _TOOLS if shutil.which(tool) is None]
_STEP = re.compile(r"^## (\w+)\. .*?^```(sh|powershell)\n(.*?)^```", re.DOTALL | re.MULTILINE)
#: Folders with a `ssh-keygen` of another release each, to try the recipe with, `:` between them.
_OTHERS = [each for each in os.environ.get("OTHER_OPENSSH", "").split(":") if each]


def steps(folder):
    """Return the commands of VERIFY.md by the number of the step."""
    found = _STEP.findall((folder / "VERIFY.md").read_text())
    return {number: block for number, _, block in found}


def unpacked(demo, tmp_path, selection, *, signed):
    written(demo, tmp_path / "b.zip", selection=selection, signed=signed)
    folder = tmp_path / "unpacked"
    folder.mkdir()
    run(f"unzip -q {tmp_path / 'b.zip'}", folder)
    return folder


def hands_over(block, folder, **said):
    """Return what a block for PowerShell has `cmd` run, which `sh` can run too."""
    (line,) = re.findall(r"^cmd /c ['\"](.*)['\"]$", block, re.MULTILINE)
    for name, value in said.items():
        line = line.replace(f"${name}", value)
    return run(line.replace("\\", "/"), folder)


def alter(folder):
    statement = next(iter(folder.glob("signed/*.json")), folder / "manifest.json")
    statement.write_bytes(statement.read_bytes().replace(b"2", b"3"))


@pytest.mark.skipif(bool(_MISSING), reason=f"not installed: {', '.join(_MISSING)}")
@pytest.mark.parametrize("signed", [True, False], ids=["with files", "from the lines"])
@pytest.mark.parametrize("selection", list(PARTS.values())[:2], ids=["whole", "part"])
def test_the_recipe_works_with_stock_tools_alone(demo, tmp_path, selection, signed):
    """Every step of VERIFY.md is run as it stands, and fails on what was altered."""
    folder = unpacked(demo, tmp_path, selection, signed=signed)
    blocks = steps(folder)
    assert list(blocks) == ["1", "1a", "1w", "2", "2a", "2w", *(["3"] if selection is None else [])]
    for number in ("1", "2", *(["3"] if selection is None else [])):
        done = run(blocks[number], folder)
        assert done.returncode == 0, done.stderr
    assert 'Good "statement@school-ledger" signature' in run(blocks["2"], folder).stdout
    alter(folder)
    assert run(blocks["1"], folder).returncode != 0


@pytest.mark.skipif(bool(_MISSING), reason=f"not installed: {', '.join(_MISSING)}")
@pytest.mark.parametrize("openssh", ["", *_OTHERS])
@pytest.mark.parametrize("signed", [True, False], ids=["with files", "from the lines"])
def test_the_recipe_for_older_releases_works_with_any(demo, tmp_path, monkeypatch, signed, openssh):
    monkeypatch.setenv("PATH", f"{openssh}:{os.environ['PATH']}")
    folder = unpacked(demo, tmp_path, Selection(party=CEDAR), signed=signed)
    blocks = steps(folder)
    for number, namespace in (("1a", "manifest"), ("2a", "statement")):
        done = run(blocks[number], folder)
        assert done.returncode == 0, done.stderr
        assert f'Good "{namespace}@school-ledger" signature' in done.stdout
    # A key that came later, or went before, signed nothing.
    signers = (folder / "allowed_signers").read_text()
    for later in (
        signers.replace('valid-after="20', 'valid-after="21'),
        re.sub(
            'valid-after="[0-9]*Z"',
            'valid-after="20000101000000Z",valid-before="20010101000000Z"',
            signers,
        ),
    ):
        (folder / "allowed_signers").write_text(later)
        assert run(blocks["2a"], folder).returncode != 0
    alter(folder)
    assert run(blocks["1a"], folder).returncode != 0


@pytest.mark.skipif(bool(_MISSING), reason=f"not installed: {', '.join(_MISSING)}")
@pytest.mark.parametrize("signed", [True, False], ids=["with files", "from the lines"])
@pytest.mark.parametrize("selection", list(PARTS.values())[:2], ids=["whole", "part"])
def test_what_the_recipe_for_windows_hands_to_ssh_keygen_verifies(
    demo, tmp_path, selection, signed
):
    """PowerShell is not here: what it hands over is made by the other steps, of the same names."""
    folder = unpacked(demo, tmp_path, selection, signed=signed)
    blocks = steps(folder)
    run(blocks["1a"], folder)
    who = run(f'{blocks["2a"]}\nprintf %s "$who" >&2', folder).stderr
    assert who.startswith("person:")
    for number in ("1w", "2w"):
        done = hands_over(blocks[number], folder, who=who)
        assert done.returncode == 0, done.stderr


@pytest.mark.skipif(bool(_MISSING), reason=f"not installed: {', '.join(_MISSING)}")
def test_every_signature_of_a_whole_bundle_verifies_with_ssh_keygen(demo, tmp_path):
    written(demo, tmp_path / "b.zip")
    run(f"unzip -q {tmp_path / 'b.zip'}", tmp_path)
    lines = (tmp_path / "entries.jsonl").read_bytes().splitlines()
    for position in (1, 2, 30, 80, 127, 140, 174):
        entry = read_entry(position, lines[position - 1])
        when = re.sub("[-:T]", "", entry.recorded_at)
        done = run(
            f"ssh-keygen -Y verify -f allowed_signers -I {entry.signedby}"
            f" -n statement@school-ledger -Overify-time={when}"
            f" -s signed/{position}.json.sig < signed/{position}.json",
            tmp_path,
        )
        assert done.returncode == 0, done.stderr


def run(line, folder):
    return subprocess.run(
        ["sh", "-c", line], cwd=folder, capture_output=True, text=True, check=False
    )


# -- hostile archives --------------------------------------------------------------------------


def zipped(path, *members, **how):
    """Write an archive of (name, data) or (ZipInfo, data)."""
    with zipfile.ZipFile(path, "w", how.get("method", zipfile.ZIP_STORED)) as out:
        for name, data in members:
            out.writestr(name, data)
    return path


def link(name):
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def device(name):
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFIFO | 0o600) << 16
    return info


def encrypted(path):
    zipped(path, ("checkpoint", b"x"))
    data = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.index(signature) + at
        data[start] |= 1
    path.write_bytes(bytes(data))


def overlapping(path):
    """Two names, one packed member: what quines and the like are made of."""
    zipped(path, ("checkpoint", b"0" * 90_000), ("consistency", b"0"), method=0)
    data = path.read_bytes()
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 1)
    altered = bytearray(data)
    altered[second + 20 : second + 28] = struct.pack("<II", 90_000, 90_000)
    path.write_bytes(bytes(altered))


def claiming(path):
    """Say that a member is much smaller than it is."""
    zipped(path, ("checkpoint", b"0" * 500_000), method=zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.index(signature) + at
        data[start : start + 4] = struct.pack("<I", 10)
    path.write_bytes(bytes(data))


def prefixed(path):
    zipped(path, ("checkpoint", b"x"))
    path.write_bytes(b"#!/bin/sh\n" + path.read_bytes())


def truncated(path):
    zipped(path, ("checkpoint", b"x" * 1_000))
    path.write_bytes(path.read_bytes()[:-30])


def damaged(path):
    with path.open("w+b") as file, packing.packed(file) as pack:
        pack.add("checkpoint", [b"some text of no length"])
    path.write_bytes(path.read_bytes().replace(b"some text", b"soMe text", 1))


def beside(path, *members):
    """Write an archive of members and a file that each bundle has."""
    return zipped(path, *members, ("manifest.json", b"{}"))


HOSTILE = {
    "a name that climbs": (
        lambda p: beside(p, ("../checkpoint", b"x")),
        "it has a file whose name leads elsewhere: '../checkpoint'",
    ),
    "a name that climbs inside": (
        lambda p: beside(p, ("proofs/../../x", b"x")),
        "leads elsewhere",
    ),
    "an absolute name": (lambda p: beside(p, ("/etc/passwd", b"x")), "leads elsewhere"),
    "a drive": (lambda p: beside(p, ("C:checkpoint", b"x")), "leads elsewhere"),
    "a backslash": (lambda p: beside(p, ("..\\checkpoint", b"x")), "leads elsewhere"),
    "a link": (lambda p: zipped(p, (link("checkpoint"), b"/etc/passwd")), "it has a link"),
    "a pipe": (lambda p: zipped(p, (device("checkpoint"), b"")), "something that is no file"),
    "a folder": (lambda p: beside(p, ("proofs/", b"")), "it has something that is no file"),
    "an unknown name": (lambda p: beside(p, ("run.exe", b"x")), "it has a file that no bundle has"),
    "a number with leading zeros": (
        lambda p: beside(p, ("proofs/01.tlog-proof", b"x")),
        "it has a file that no bundle has",
    ),
    "another case": (lambda p: beside(p, ("Checkpoint", b"x")), "it has a file that no bundle has"),
    "a bomb": (
        lambda p: zipped(p, ("checkpoint", b"0" * 50_000_000), method=zipfile.ZIP_DEFLATED),
        "its checkpoint is packed, and the files of a bundle are not",
    ),
    "a large small file": (
        lambda p: zipped(p, ("checkpoint", b"0" * (64 * 2**20 + 1)), method=0),
        "67,108,864 are the most",
    ),
    "more than it claims": (claiming, "its checkpoint is packed"),
    "overlapping files": (overlapping, "its files overlap one another"),
    "an encrypted file": (encrypted, "its checkpoint is encrypted"),
    "another method": (
        lambda p: zipped(p, ("checkpoint", b"x"), method=zipfile.ZIP_BZIP2),
        "its checkpoint is packed",
    ),
    "a program before it": (prefixed, "something else stands before its files"),
    "a wrong checksum": (damaged, "the bundle's checkpoint is damaged"),
}


@pytest.mark.parametrize(("make", "sentence"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_archive_is_refused_in_words(tmp_path, make, sentence):
    path = tmp_path / "b.zip"
    make(path)
    with pytest.raises(BundleError) as caught, open_archive(path) as archive:
        archive.read("checkpoint")
    assert sentence in str(caught.value)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(tmp_path):
    zipped(tmp_path / "b.zip", ("checkpoint", b"one"), ("checkpoint", b"two"))
    with (
        pytest.raises(BundleError, match="it has two files named checkpoint"),
        open_archive(tmp_path / "b.zip"),
    ):
        pass


def test_too_many_files_or_bytes_are_refused(tmp_path, monkeypatch):
    path = zipped(tmp_path / "b.zip", ("checkpoint", b"x" * 100), ("consistency", b"x" * 100))
    monkeypatch.setattr(archives, "_MOST_BYTES", 150)
    with pytest.raises(BundleError, match="it would unpack to more than"), open_archive(path):
        pass
    monkeypatch.setattr(archives, "_MOST_FILES", 1)
    with pytest.raises(BundleError, match="it has 2 files; 1 are the most"), open_archive(path):
        pass


def test_a_file_that_is_not_there_or_may_not_be_read_is_said_to_be(tmp_path):
    with pytest.raises(BundleError, match="there is no bundle"), open_archive(tmp_path / "b.zip"):
        pass
    with pytest.raises(BundleError, match="got a folder"), open_archive(tmp_path):
        pass


MANIFESTS = {
    "no JSON": (lambda _: b"{", "it is not JSON"),
    "nothing": (lambda _: b"{}", "kind: it is missing"),
    "a later format": (
        lambda data: data.replace(b'"format": 1', b'"format": 2'),
        "format: it is not 1",
    ),
    "a name that leads elsewhere": (
        lambda data: data.replace(b'"VERIFY.md"', b'"../VERIFY.md"'),
        "a file that no bundle has",
    ),
    "other spacing": (lambda data: data + b"\n", "it is not written as this release writes it"),
    "an unknown member": (
        lambda data: data.replace(b'{\n  "counts"', b'{\n  "aaa": 1,\n  "counts"'),
        "there is no such member",
    ),
    "a negative count": (
        lambda data: re.sub(rb'"proofs": [0-9]+', b'"proofs": -1', data),
        "it is less than 0",
    ),
}


@pytest.mark.parametrize(("change", "sentence"), MANIFESTS.values(), ids=MANIFESTS)
def test_a_manifest_that_is_none_is_refused_in_words(demo, tmp_path, change, sentence):
    written(demo, tmp_path / "b.zip")
    with open_archive(tmp_path / "b.zip") as archive:
        data = archive.read("manifest.json")
    assert Manifest.parse(data).as_bytes() == data
    with pytest.raises(BundleError) as caught:
        Manifest.parse(change(data))
    assert sentence in str(caught.value)


def test_the_manifest_says_what_was_exported(demo, tmp_path):
    done = written(demo, tmp_path / "b.zip", selection=Selection(party=CEDAR))
    manifest = done.manifest
    assert manifest.kind == "part"
    assert manifest.origin == ORIGIN
    assert manifest.selection.party == CEDAR
    assert manifest.exported_at == "2026-08-01T09:00:00Z"
    assert manifest.exporter.office == "registrar@ledger"
    assert manifest.counts.proofs == manifest.counts.entries
    assert len(base64.b64decode(manifest.root)) == 32

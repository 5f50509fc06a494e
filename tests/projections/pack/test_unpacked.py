"""A pack that was unpacked into a folder is verified there as it would be whole."""

from __future__ import annotations

import shutil
import zipfile
from datetime import UTC, datetime

import pytest
from two_years import ORIGIN, tell

from ledger import keys
from ledger.bundle import Export, Signing, open_archive
from ledger.bundle.manifest import Selection
from ledger.bundle.pack_files import is_pack
from ledger.errors import BundleError, PackError
from ledger.log.checkpoint import Checkpoint, sign
from ledger.recording.application import By
from ledger.recording.founding import parse_log_key
from projections.pack.verifying import verify_pack
from projections.pack.writing import Wanted, write_pack


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """A folder into which a pack was unpacked, and the folder in it that all files are in."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "keys").mkdir()
    with tell(folder, 7, lambda _: None) as ledger:
        signer = keys.load(folder / "keys" / "registrar")
        by = By(ledger.person_of(f"key:{signer.public.fingerprint}"), "registrar@ledger")
        head = ledger.head()
        log_key = parse_log_key((folder / "demo.db.log-key").read_text())
        export = Export(
            sign(Checkpoint(ORIGIN, head.size, head.root), log_key),
            Selection(party="school:900003"),
            "none",
        )
        signing = Signing(signer, by, datetime(2026, 8, 1, 9, 30, tzinfo=UTC))
        write_pack(folder / "p.zip", ledger, export, Wanted("2026-07-31", ("owes",)), signing)
    with zipfile.ZipFile(folder / "p.zip") as packed:
        packed.extractall(folder / "there")
    (inside,) = (folder / "there").iterdir()
    return folder / "there", inside


@pytest.fixture
def own(unpacked, tmp_path):
    """A copy of the folder that all files are in."""
    return shutil.copytree(unpacked[1], tmp_path / "renamed")


def test_it_verifies_where_it_was_unpacked_to_and_whatever_it_is_called(unpacked, own):
    for folder in (*unpacked, own):
        assert is_pack(folder)
        found = verify_pack(folder)
        assert (found.verified, found.findings, found.told_again) == (True, (), ("owes",))


def test_what_a_system_writes_into_each_folder_is_no_part_of_it(own):
    for name in (".DS_Store", "data/.DS_Store", "data/Thumbs.db", "desktop.ini"):
        (own / name).write_bytes(b"x")
    assert verify_pack(own).findings == ()


def test_each_change_is_found(own):
    (own / "data" / "owes.csv").write_text("nothing")
    (own / "data" / "more.csv").write_text("more")
    (own / "bag-info.txt").unlink()
    found = [one.sentence for one in verify_pack(own).findings]
    assert found[:3] == [
        "data/more.csv is in no list of it: it was added",
        "bag-info.txt is not there: it was taken out",
        "data/owes.csv is not the file that pack.json lists: it was changed",
    ]
    assert found[3].startswith("data/owes.csv is not what the bundle says")


def test_a_link_out_of_it_is_refused(own):
    (own / "data" / "owes.csv").unlink()
    (own / "data" / "owes.csv").symlink_to("/etc/passwd")
    with pytest.raises(PackError, match="it has something that is no file"):
        verify_pack(own)


def test_a_folder_of_other_files_is_neither_a_bundle_nor_a_pack(tmp_path):
    (tmp_path / "a.txt").write_text("a")
    assert not is_pack(tmp_path)
    said = "is neither a bundle nor a pack: got a folder"
    with pytest.raises(PackError, match=said):
        verify_pack(tmp_path)
    with pytest.raises(BundleError, match=said), open_archive(tmp_path):
        pass

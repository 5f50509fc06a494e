"""A file appears whole and with the right permissions, or nothing does and nothing is left."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger import files
from ledger.errors import FileError, KeyFileError
from ledger.files import appearing, opened, write_new


def _appear(path: Path, data: bytes) -> None:
    with appearing(path) as file:
        file.write(data)


WRITERS = {"appearing": _appear, "replace": files.replace, "write_new": write_new}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def _umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


# -- what appears ------------------------------------------------------------------------------


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_new_file_has_the_content_and_what_the_umask_leaves(write, folder):
    write(Path("new"), b"content")
    assert (folder / "new").read_bytes() == b"content"
    assert mode(folder / "new") == 0o644
    assert names(folder) == ["new"]


@pytest.mark.parametrize("kept", [0o600, 0o640, 0o666, 0o755])
@pytest.mark.parametrize("name", ["appearing", "replace"])
def test_a_file_that_was_there_keeps_its_permissions(name, kept, folder):
    path = folder / "old"
    path.write_bytes(b"before, and longer")
    path.chmod(kept)
    WRITERS[name](path, b"after")
    assert (path.read_bytes(), mode(path), names(folder)) == (b"after", kept, ["old"])


def test_a_secret_is_never_open_to_others_not_even_under_its_first_name(folder):
    seen = []
    (folder / "secret").touch(0o600)
    with appearing(folder / "secret") as file:
        file.write(b"secret")
        seen += [mode(path) for path in folder.iterdir()]
    assert seen == [0o600, 0o600]


def test_before_the_end_whoever_reads_meets_the_old_content(folder):
    (folder / "a").write_bytes(b"before")
    with appearing(folder / "a") as file:
        file.write(b"after")
        file.flush()
        assert (folder / "a").read_bytes() == b"before"
    assert (folder / "a").read_bytes() == b"after"


def test_what_was_written_can_be_read_again_before_it_appears(folder):
    with appearing(folder / "a") as file:
        file.write(b"content")
        file.seek(0)
        assert file.read() == b"content"


def test_a_link_stays_a_link_and_what_it_leads_to_is_written(folder):
    (folder / "real").write_bytes(b"before")
    (folder / "link").symlink_to("real")
    _appear(folder / "link", b"after")
    assert (folder / "link").is_symlink()
    assert (folder / "real").read_bytes() == b"after"


def test_a_link_that_leads_nowhere_yet_makes_the_file(folder):
    (folder / "link").symlink_to("real")
    _appear(folder / "link", b"after")
    assert (folder / "real").read_bytes() == b"after"
    assert names(folder) == ["link", "real"]


def test_a_device_is_written_to_and_stays_one():
    null = Path(os.devnull)
    before = null.stat().st_ino
    _appear(null, b"content")
    assert null.stat().st_ino == before
    assert null.is_char_device()


def test_a_pipe_is_given_what_was_written_and_stays_one(folder):
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    _appear(pipe, b"content")
    reader.join()
    assert read == [b"content"]
    assert pipe.is_fifo()


# -- what outlives a power cut -----------------------------------------------------------------


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_the_content_is_on_the_disk_before_the_name_is_and_then_the_folder(
    write, folder, monkeypatch
):
    steps = []
    rename = Path.replace

    def fsync(descriptor):
        about = os.fstat(descriptor)
        steps.append("folder" if stat.S_ISDIR(about.st_mode) else f"file of {about.st_size}")

    def replace(path, target):
        steps.append("rename")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    write(folder / "a", b"content")
    assert [step for step in steps if step != "rename"] == ["file of 7", "folder"]
    assert write is write_new or steps == ["file of 7", "rename", "folder"]


def test_where_folders_cannot_be_synced_the_file_is_written_all_the_same(folder, monkeypatch):
    fsync = os.fsync

    def files_only(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", files_only)
    _appear(folder / "a", b"content")
    assert (folder / "a").read_bytes() == b"content"


# -- what fails --------------------------------------------------------------------------------


def _full(*_):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_full_disk_leaves_nothing(write, folder, monkeypatch):
    monkeypatch.setattr(os, "fsync", _full)
    with pytest.raises((FileError, OSError), match="No space left on device"):
        write(folder / "a", b"content")
    assert names(folder) == []


@pytest.mark.parametrize("name", ["appearing", "replace"])
def test_a_full_disk_leaves_the_file_that_was_there(name, folder, monkeypatch):
    (folder / "a").write_bytes(b"before")
    monkeypatch.setattr(os, "fsync", _full)
    with pytest.raises((FileError, OSError), match="No space left on device"):
        WRITERS[name](folder / "a", b"after")
    assert (folder / "a").read_bytes() == b"before"
    assert names(folder) == ["a"]


@pytest.mark.parametrize("stop", [ValueError("no"), KeyboardInterrupt()], ids=["error", "Ctrl-C"])
def test_whatever_stops_the_writer_passes_through_and_leaves_nothing(folder, stop):
    def half() -> Iterator[bytes]:
        yield b"half"
        raise stop

    with pytest.raises(type(stop)), appearing(folder / "a") as file:
        file.writelines(half())
    assert names(folder) == []


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("no/a", "no/a cannot be written: got No such file or directory. Is there such a folder,"),
        ("", ". is a folder: expected a file's name."),
        (".", ". is a folder: expected a file's name."),
        ("sub", "sub is a folder: expected a file's name."),
        ("file/a", "file/a cannot be written: got Not a directory. Is there such a folder,"),
        ("a" * 300, f"{'a' * 300} cannot be written: got File name too long. Is there such a"),
    ],
)
def test_a_path_that_cannot_be_written_is_refused(folder, path, sentence):
    (folder / "sub").mkdir()
    (folder / "file").touch()
    with pytest.raises(FileError) as caught:
        _appear(Path(path), b"content")
    assert str(caught.value).startswith(sentence)
    assert names(folder) == ["file", "sub"]


def test_a_protected_file_is_not_replaced_although_its_folder_would_let_it(folder, monkeypatch):
    (folder / "a").write_bytes(b"before")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(FileError, match="a cannot be written: got Permission denied"):
        _appear(folder / "a", b"after")
    assert (folder / "a").read_bytes() == b"before"


def test_a_new_file_never_takes_the_place_of_another(folder):
    (folder / "a").write_bytes(b"before")
    with pytest.raises(FileExistsError):
        write_new(folder / "a", b"after")
    assert (folder / "a").read_bytes() == b"before"


PRECIOUS = {
    "a ledger": (b"SQLite format 3\0 and so on", "a ledger or another database"),
    "a person's key": (b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl", "a private key"),
    "a log's key": (b"PRIVATE+KEY+northwick.example+01234567+AQ", "a log's or a witness's key"),
}


@pytest.mark.parametrize("way", ["itself", "a link to it"])
@pytest.mark.parametrize(("content", "what"), PRECIOUS.values(), ids=PRECIOUS)
def test_what_cannot_be_had_again_is_not_overwritten(folder, content, what, way):
    (folder / "precious").write_bytes(content)
    (folder / "link").symlink_to("precious")
    path = Path("precious" if way == "itself" else "link")
    with pytest.raises(FileError) as caught:
        _appear(path, b"an answer")
    assert str(caught.value) == (
        f"{path} is {what}, which would be lost: expected another name. Nothing was overwritten."
    )
    assert (folder / "precious").read_bytes() == content
    assert names(folder) == ["link", "precious"]


# -- reading -----------------------------------------------------------------------------------


def test_a_file_that_is_not_there_is_said_to_be_missing(folder):
    with pytest.raises(FileError) as caught:
        opened(folder / "a")
    assert str(caught.value) == f"there is no file {folder / 'a'}. Check the name."


def test_a_folder_cannot_be_read_as_a_file(folder):
    with pytest.raises(FileError) as caught:
        opened(folder)
    sentence = f"{folder} cannot be read: got Is a directory. Name a file that you may read."
    assert str(caught.value) == sentence


@pytest.mark.parametrize("permissions", [0o600, 0o400, 0o700])
def test_a_secret_that_its_owner_alone_may_read_is_one(folder, permissions):
    (folder / "key").touch(permissions)
    files.check_private(folder / "key", (folder / "key").stat(), "log key")


@pytest.mark.parametrize("permissions", [0o640, 0o604, 0o620, 0o601, 0o777])
def test_a_secret_that_others_may_read_is_refused(folder, permissions):
    (folder / "key").touch()
    (folder / "key").chmod(permissions)
    with pytest.raises(KeyFileError) as caught:
        files.check_private(Path("key"), (folder / "key").stat(), "log key")
    assert str(caught.value) == (
        f"other people may read the log key key: got permissions {permissions:04o}, expected 0600."
        " Run `chmod 600 key`; if others could read it, make a new key instead."
    )


def test_no_more_of_a_key_s_file_is_read_than_a_key_may_have(folder):
    (folder / "key").write_bytes(b"x" * 100)
    assert files.read_key(folder / "key", "key file", "Make one.", 10)[0] == b"x" * 10


def test_a_key_s_file_that_is_not_there_says_how_to_come_by_one():
    with pytest.raises(KeyFileError) as caught:
        files.read_key(Path("key"), "log key", "Make one.", 10)
    assert str(caught.value) == "there is no log key key. Make one."

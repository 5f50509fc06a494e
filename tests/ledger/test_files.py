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
from ledger.files import PRIVATE, appearing, beside, opened, put_new, write_new


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
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    _appear(pipe, b"content")
    assert os.read(reader, 100) == b"content"
    os.close(reader)
    assert pipe.is_fifo()


def test_a_pipe_that_nobody_reads_is_refused_at_once(folder):
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(FileError) as refused:
        _appear(pipe, b"content")
    assert refused.value.todo == (
        "Nobody reads this pipe: start what reads it first, or name a file."
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_device_is_told_to_lack_room_and_not_a_folder():
    with pytest.raises(FileError) as refused:
        _appear(Path("/dev/full"), b"content")
    assert refused.value.todo == "Make room there, or name a file where there is room."


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


DATABASE = b"SQLite format 3\0 and so on"
NOTE_KEY = b"PRIVATE+KEY+northwick.example+01234567+AQ"
NOTE = b"northwick.example\n174\n" + b"A" * 43 + b"=\n\n\xe2\x80\x94 northwick.example AAAA\n"
BESIDE = {
    "the write-ahead log": ("demo.db-wal", "a part of the ledger's database"),
    "its index": ("demo.db-shm", "a part of the ledger's database"),
    "the journal": ("demo.db-journal", "a part of the ledger's database"),
    "the views' folder": ("demo.db.views", "where the ledger's views are kept"),
    "a view": ("demo.db.views/0123456789abcdef.db", "where the ledger's views are kept"),
    "which view is in use": ("demo.db.views/current", "where the ledger's views are kept"),
    "the log's key, which is elsewhere": ("demo.db.log-key", "where the log's key is kept"),
    "what the log signed last": ("demo.db.log-key.last", "where the log's key is kept"),
    "its lock": ("demo.db.log-key.last.lock", "where the log's key is kept"),
    "the next log key": ("demo.db.log-key.next", "where the log's key is kept"),
    "the former log key": ("demo.db.log-key.former.2", "where the log's key is kept"),
    "what a log key kept apart signed last": ("safe.key.last", "what a log's or a witness's key"),
    "what a witness signed last": ("safe.key.o.example%2Fx.last", "what a log's or a witness's"),
    "its lock too": ("safe.key.o.example%2Fx.last.lock", "what a log's or a witness's key signed"),
    "a checkpoint": ("c1", "a checkpoint"),
}


@pytest.mark.parametrize("is_there", [False, True], ids=["not there yet", "there"])
@pytest.mark.parametrize(("name", "what"), BESIDE.values(), ids=BESIDE)
def test_what_belongs_to_a_ledger_or_a_key_is_not_written_over(folder, name, what, is_there):
    """By its name beside a ledger or a key, whatever is in it, and by a link as well."""
    (folder / "demo.db").write_bytes(DATABASE)
    (folder / "safe.key").write_bytes(NOTE_KEY)
    (folder / "c1").write_bytes(NOTE)
    if "/" in name:
        (folder / "demo.db.views").mkdir()
    if is_there and name != "demo.db.views":
        (folder / name).write_bytes(NOTE if name == "c1" else b"anything")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    (folder / "link").symlink_to(name)
    for path in (Path(name), Path("link")):
        with pytest.raises(FileError) as caught:
            _appear(path, b"an answer")
        assert str(caught.value).startswith(f"{path} is {what}")
        assert str(caught.value).endswith("expected another name. Nothing was overwritten.")
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize("name", ["demo.db.csv", "notes-wal", "my.views", "x.last", "safe.key.pub"])
def test_other_names_are_free(folder, name):
    (folder / "demo.db").write_bytes(DATABASE)
    (folder / "safe.key").write_bytes(NOTE_KEY)
    _appear(Path(name), b"an answer")
    assert (folder / name).read_bytes() == b"an answer"


def test_a_checkpoint_gives_way_to_a_checkpoint(folder):
    (folder / "c1").write_bytes(NOTE)
    with appearing(folder / "c1", over_checkpoint=True) as file:
        file.write(NOTE.replace(b"174", b"175"))
    assert b"175" in (folder / "c1").read_bytes()


def test_what_is_private_is_so_where_others_could_read_what_was_there(folder):
    (folder / "a").write_bytes(b"before")
    (folder / "a").chmod(0o644)
    with appearing(folder / "a", PRIVATE) as file:
        file.write(b"after")
    assert mode(folder / "a") == 0o600


# -- what a writer that was killed left --------------------------------------------------------


def test_what_a_killed_writer_left_is_taken_away_by_the_next(folder):
    for name in ("a.0123abcd.part", "a.0123abcd.part-wal", "b.0123abcd.part", "a.mine.part"):
        (folder / name).write_bytes(b"people's names")
    _appear(folder / "a", b"content")
    assert names(folder) == ["a", "a.mine.part", "b.0123abcd.part"]


def test_what_another_writer_is_writing_is_left_to_it(folder):
    with appearing(folder / "a") as first:
        first.write(b"first")
        _appear(folder / "a", b"second")
    assert (folder / "a").read_bytes() == b"first"
    assert names(folder) == ["a"]


def test_a_link_that_is_named_as_what_was_left_is_not_followed(folder):
    (folder / "ledger.db").write_bytes(DATABASE)
    (folder / "a.0123abcd.part").symlink_to("ledger.db")
    _appear(folder / "a", b"content")
    assert names(folder) == ["a", "a.0123abcd.part", "ledger.db"]


def test_where_nothing_can_be_locked_files_are_written_and_nothing_is_swept(folder, monkeypatch):
    def refuse(*_):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(files.fcntl, "flock", refuse)
    (folder / "a.0123abcd.part").touch()
    _appear(folder / "a", b"content")
    with beside(folder / "b") as partial:
        partial.write_bytes(b"new")
        put_new(partial, folder / "b")
    assert names(folder) == ["a", "a.0123abcd.part", "b"]


# -- one of two --------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [None, b""], ids=["nothing", "an empty file"])
def test_of_two_that_are_put_at_one_path_the_first_stays(folder, before):
    if before is not None:
        (folder / "new.db").write_bytes(before)
    with beside(Path("new.db")) as one, beside(Path("new.db")) as two:
        one.write_bytes(b"one")
        two.write_bytes(b"two")
        put_new(one, Path("new.db"))
        with pytest.raises(FileError, match=r"new.db is there already: it came while this was"):
            put_new(two, Path("new.db"))
    assert (folder / "new.db").read_bytes() == b"one"
    assert mode(folder / "new.db") == 0o600
    assert names(folder) == ["new.db"]


def test_whoever_meets_an_empty_file_that_gives_way_meanwhile_does_not_take_its_place(folder):
    """Both see the empty file; the second waits for the first, and finds another file there."""
    (folder / "new.db").touch()
    done: list[str] = []

    def put(name: str) -> None:
        with beside(Path("new.db")) as partial:
            partial.write_bytes(name.encode())
            try:
                put_new(partial, Path("new.db"))
            except FileError:
                return
            done.append(name)

    threads = [threading.Thread(target=put, args=(str(number),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [(folder / "new.db").read_text()]
    assert names(folder) == ["new.db"]


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


# -- what never ends ---------------------------------------------------------------------------


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


ENDLESS = {
    "a pipe that nobody writes to": (_pipe, "a pipe, which is no file"),
    "a device": (lambda _: Path("/dev/zero"), "a device, which is no file"),
    "a device that is empty": (lambda _: Path(os.devnull), "a device, which is no file"),
    "a folder": (lambda folder: folder, "Is a directory"),
}


@pytest.mark.parametrize(("make", "what"), ENDLESS.values(), ids=ENDLESS)
def test_only_a_file_is_read_and_nothing_is_waited_for(folder, make, what):
    path = make(folder)
    sentence = f"{path} cannot be read: got {what}. Name a file that you may read."
    for reads in (opened, lambda path: files.read(path, 10)):
        with pytest.raises(FileError) as caught:
            reads(path)
        assert str(caught.value) == sentence
    with pytest.raises(KeyFileError, match=what):
        files.read_key(path, "key file", "Make one.", 10)


def test_no_more_of_a_file_is_read_than_it_may_have(folder):
    (folder / "a").write_bytes(b"x" * 11)
    assert files.read(folder / "a", 11) == b"x" * 11
    with pytest.raises(FileError) as caught:
        files.read(folder / "a", 10)
    assert str(caught.value) == (
        f"{folder / 'a'} is too long for what it should be: got over 10 bytes. Name another file."
    )

"""A key that is made is OpenSSH's, and takes the place of no other."""

from __future__ import annotations

import os
import pty
import shutil
import stat
import subprocess
import sys

import pytest
from openssh import (
    MESSAGE,
    SESAME,
    refusal,
    ssh_keygen,
)
from recording import ROOT

from ledger import files
from ledger.errors import KeyFileError
from ledger.format import sshsig
from ledger.format.sshsig import STATEMENT
from ledger.keys import (
    generate,
    load,
    making,
)

UMLAUT = "Öffne dich"

pytestmark = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="no ssh-keygen on this machine"
)


def test_a_key_made_here_is_openssh_s(tmp_path):
    path = tmp_path / "new"
    key = generate(path, "head of Northwick", "")
    assert load(path).public == key
    assert (tmp_path / "new.pub").read_text() == f"{key.line} head of Northwick\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new.pub").stat().st_mode) & 0o600 == 0o600
    assert ssh_keygen("-y", "-P", "", "-f", path).stdout.decode().split()[1] == key.line.split()[1]
    theirs = ssh_keygen("-Y", "sign", "-f", path, "-n", STATEMENT, stdin=MESSAGE).stdout
    assert sshsig.armor(load(path).sign(MESSAGE, STATEMENT)) == theirs


def test_a_key_made_here_with_a_passphrase_opens_with_it_alone(tmp_path):
    path = tmp_path / "new"
    key = generate(path, passphrase=UMLAUT)
    assert (tmp_path / "new.pub").read_text() == f"{key.line}\n"
    assert load(path, lambda _: UMLAUT).public == key
    assert ssh_keygen("-y", "-P", UMLAUT, "-f", path).returncode == 0
    assert ssh_keygen("-y", "-P", "", "-f", path).returncode != 0
    assert "does not open" in refusal(path, lambda _: "öffne dich")


@pytest.mark.parametrize("passphrase", ["", SESAME, None])
@pytest.mark.parametrize("suffix", ["", ".pub"])
def test_no_key_is_overwritten(tmp_path, suffix, passphrase):
    taken = tmp_path / f"id{suffix}"
    taken.write_text("a key")
    with pytest.raises(KeyFileError) as caught:
        generate(tmp_path / "id", passphrase=passphrase)
    assert str(caught.value) == (
        f"{taken} is there already: expected a new name. "
        "Choose another name: a key that was overwritten cannot be restored."
    )
    assert [file.read_text() for file in tmp_path.iterdir()] == ["a key"]


def test_a_key_that_appears_meanwhile_is_not_overwritten(tmp_path):
    path = tmp_path / "id"
    path.write_text("made meanwhile")
    with pytest.raises(KeyFileError, match="is there already"):
        making._write(path, b"secret", 0o600)
    assert path.read_text() == "made meanwhile"


def test_a_private_key_whose_public_half_cannot_be_written_is_not_left(tmp_path, monkeypatch):
    def appeared(path, *_):
        if path.suffix == ".pub":
            raise FileExistsError
        path.touch()

    monkeypatch.setattr(files, "write_new", appeared)
    with pytest.raises(KeyFileError, match=r"id\.pub is there already"):
        generate(tmp_path / "id", passphrase="")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(KeyFileError) as caught:
        generate(tmp_path / "no" / "id", passphrase="")
    assert str(caught.value) == (
        f"the key file {tmp_path / 'no' / 'id'} cannot be written: got No such file or directory. "
        "Is there such a folder, and may you write to it?"
    )


def test_ssh_keygen_s_refusal_is_passed_on(tmp_path, capfd):
    with pytest.raises(KeyFileError) as caught:
        generate(tmp_path / "no" / "id")
    assert str(caught.value).startswith(f"ssh-keygen did not make {tmp_path / 'no' / 'id'}: got ")
    assert "No such file or directory" in capfd.readouterr().err


@pytest.mark.parametrize("passphrase", [None, "", SESAME])
def test_a_name_for_public_halves_is_refused(tmp_path, passphrase):
    with pytest.raises(KeyFileError) as caught:
        generate(tmp_path / "id.pub", passphrase=passphrase)
    assert str(caught.value) == (
        f"{tmp_path / 'id.pub'} is a name for the public half of a key: expected a name that does "
        "not end with .pub. FILE.pub is made beside FILE."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_comment_is_one_line(tmp_path):
    with pytest.raises(KeyFileError, match="a key's comment is one line"):
        generate(tmp_path / "id", "head\nssh-ed25519 AAAA", "")


def test_without_ssh_keygen_a_passphrase_must_be_given(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(KeyFileError) as caught:
        generate(tmp_path / "id")
    assert str(caught.value) == (
        "ssh-keygen is not installed: expected OpenSSH 8.2 or later. "
        "Install OpenSSH, or give a passphrase here."
    )
    assert generate(tmp_path / "id", passphrase="") == load(tmp_path / "id").public


def test_ssh_keygen_makes_the_key_where_no_passphrase_is_given(tmp_path, monkeypatch):
    """Here it is given one on the way, so that nobody need answer."""
    fake = tmp_path / "bin" / "ssh-keygen"
    fake.parent.mkdir()
    fake.write_text(f'#!/bin/sh\nexec {shutil.which("ssh-keygen")} -N "" "$@"\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    key = generate(tmp_path / "id", "head")
    assert load(tmp_path / "id").public == key
    assert (tmp_path / "id.pub").read_text() == f"{key.line} head\n"


def test_ssh_keygen_asks_for_the_passphrase_on_the_terminal(tmp_path):
    path = tmp_path / "id"
    ours, theirs = pty.openpty()
    script = (
        "import sys; from pathlib import Path; from ledger.keys import generate; "
        "generate(Path(sys.argv[1]), 'head')"
    )
    making = subprocess.Popen(
        [sys.executable, "-c", script, path],
        cwd=ROOT,
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        os.write(ours, f"{SESAME}\n{SESAME}\n".encode())
        assert making.wait(timeout=60) == 0
    finally:
        making.kill()
        making.wait()
        os.close(ours)
        os.close(theirs)
    assert load(path, lambda _: SESAME).public.line in path.with_suffix(".pub").read_text()

"""The real ssh-keygen and ssh-agent, for tests of keys."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ledger import keys
from ledger.errors import KeyFileError
from ledger.format import sshsig
from ledger.format.sshsig import STATEMENT
from ledger.keys import load

PERSON = "person:01938000-0000-7000-8000-000000000001"
ORIGIN = "northwick.example/support"
MESSAGE = b'{"a":"statement"}'
SESAME = "open sesame"


def ssh_keygen(*args: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["ssh-keygen", *map(str, args)], input=stdin, capture_output=True, check=False
    )


def openssh_key(path: Path, *args: object, passphrase: str = "") -> Path:
    """Have ssh-keygen make a key, with few rounds of key derivation so that tests are quick."""
    made = ssh_keygen("-q", "-a", 1, "-N", passphrase, "-C", "head", "-f", path, *args)
    assert made.returncode == 0, made.stderr
    return path


def add_to_agent(path: Path) -> None:
    subprocess.run(["ssh-add", "-q", path], check=True, stdin=subprocess.DEVNULL)


def openssh_verifies(folder: Path, line: str, blob: bytes, *options: str) -> bool:
    (folder / "allowed_signers").write_text(line + "\n")
    (folder / "statement.sig").write_bytes(sshsig.armor(blob))
    files = ["-f", folder / "allowed_signers", "-s", folder / "statement.sig"]
    who = ["-I", PERSON, "-n", STATEMENT]
    return ssh_keygen("-Y", "verify", *files, *who, *options, stdin=MESSAGE).returncode == 0


def refusal(path: Path, ask: keys.Ask | None = None) -> str:
    with pytest.raises(KeyFileError) as caught:
        load(path, ask)
    return str(caught.value).replace(str(path.parent) + "/", "")

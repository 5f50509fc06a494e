"""OpenSSH's key files are read, and what is none is refused in words that tell no secret."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openssh import (
    MESSAGE,
    SESAME,
    openssh_key,
    refusal,
    ssh_keygen,
)

from ledger.errors import KeyFileError
from ledger.format import sshsig
from ledger.format.sshsig import PLAIN, STATEMENT
from ledger.keys import (
    in_memory,
    load,
    reading,
)

pytestmark = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="no ssh-keygen on this machine"
)


def test_a_passphrase_is_asked_for_once_naming_the_file(locked_file):
    asked = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return SESAME

    signer = load(locked_file, ask)
    assert asked == [f"Passphrase for {locked_file}: "]
    blob = signer.sign(MESSAGE, STATEMENT)
    assert sshsig.verify_blob(MESSAGE, blob, STATEMENT).line in (
        locked_file.with_suffix(".pub").read_text()
    )


@pytest.mark.parametrize("cipher", ["aes256-ctr", "aes256-gcm@openssh.com", "aes256-cbc"])
def test_every_common_cipher_of_ssh_keygen_opens(tmp_path, cipher):
    path = openssh_key(tmp_path / "id", "-t", "ed25519", "-Z", cipher, passphrase=SESAME)
    assert load(path, lambda _: SESAME).public.type == PLAIN
    assert "does not open" in refusal(path, lambda _: "open says me")


def test_no_passphrase_is_asked_for_where_there_is_none(key_file):
    load(key_file, lambda _: pytest.fail("asked"))


# Every way to fail

MAKE_ONE = "`school-ledger key new` makes a key."
DAMAGED = (
    "the private key id is damaged: got a file that was cut short or altered. "
    f"Restore it from a copy. {MAKE_ONE}"
)
NOT_OPENSSH = (
    "id is not an OpenSSH private key: got {}, expected a file that starts with "
    f"-----BEGIN OPENSSH PRIVATE KEY-----. {MAKE_ONE}"
)

CONTENTS = {
    "nothing": (b"", NOT_OPENSSH.format("something else")),
    "text, which may be a secret": (b"hunter2\n", NOT_OPENSSH.format("something else")),
    "another format": (
        b"-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----\n",
        NOT_OPENSSH.format("-----BEGIN PRIVATE KEY-----"),
    ),
    "no end": (
        b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n",
        DAMAGED,
    ),
    "no base64": (
        b"-----BEGIN OPENSSH PRIVATE KEY-----\n!!!\n-----END OPENSSH PRIVATE KEY-----\n",
        DAMAGED,
    ),
    "another content": (
        b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
        DAMAGED,
    ),
    "nothing after the magic": (
        (
            b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n"
            b"-----END OPENSSH PRIVATE KEY-----\n"
        ),
        DAMAGED,
    ),
    "too long": (
        b"x" * 20_001,
        "id is too long for a key file: got over 20000 bytes. Name the file that ssh-keygen made.",
    ),
}


@pytest.mark.parametrize(("content", "said"), CONTENTS.values(), ids=CONTENTS)
def test_a_file_that_is_no_private_key_is_refused_and_told_why(tmp_path, content, said):
    path = tmp_path / "id"
    path.write_bytes(content)
    path.chmod(0o600)
    assert refusal(path) == said


PUBLIC_CONTENTS = {
    "binary": (
        b"\xff\xfe",
        "id.pub is not a public key: got no text. Name the .pub file of a key.",
    ),
    "nothing": (
        b"",
        (
            "id.pub: the key is of a type that the record does not accept: got nothing, expected "
            "ssh-ed25519 or sk-ssh-ed25519@openssh.com. Sign with an Ed25519 key; "
            "`ssh-keygen -t ed25519` makes one."
        ),
    ),
    "two lines": (
        b"ssh-ed25519 AAAA\nssh-ed25519 AAAA\n",
        (
            "id.pub: a public key is one line: got a line break in it. "
            "Give the one line of the .pub file, without its end."
        ),
    ),
}


@pytest.mark.parametrize(("content", "said"), PUBLIC_CONTENTS.values(), ids=PUBLIC_CONTENTS)
def test_a_file_that_is_no_public_key_is_refused_and_told_why(tmp_path, content, said):
    path = tmp_path / "id.pub"
    path.write_bytes(content)
    assert refusal(path) == said


def test_a_missing_file_says_how_to_make_one(tmp_path):
    assert refusal(tmp_path / "id") == f"there is no key file id. Check the name. {MAKE_ONE}"
    assert refusal(tmp_path / "id.pub") == (
        f"there is no key file id.pub. Check the name. {MAKE_ONE}"
    )


def test_a_folder_is_no_key_file(tmp_path):
    (tmp_path / "id").mkdir()
    assert refusal(tmp_path / "id") == (
        "the key file id cannot be read: got Is a directory. Name a file that you may read."
    )


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o666, 0o610])
def test_a_private_key_that_others_may_read_is_refused(key_file, mode):
    key_file.chmod(mode)
    with pytest.raises(KeyFileError) as caught:
        load(key_file)
    assert str(caught.value) == (
        f"other people may read the private key {key_file}: got permissions {mode:04o}, "
        f"expected 0600. Run `chmod 600 {key_file}`; "
        "if others could read it, make a new key instead."
    )
    theirs = ssh_keygen("-Y", "sign", "-f", key_file, "-n", STATEMENT, stdin=MESSAGE)
    assert theirs.returncode != 0


@pytest.mark.parametrize(
    ("args", "got"),
    [
        (("-t", "rsa", "-b", 1024), "ssh-rsa"),
        (("-t", "ecdsa"), "ecdsa-sha2-nistp256"),
    ],
)
@pytest.mark.parametrize("suffix", ["", ".pub"])
def test_a_key_of_another_type_is_refused_by_name(tmp_path, args, got, suffix):
    path = openssh_key(tmp_path / "id", *args)
    assert refusal(Path(f"{path}{suffix}")) == (
        f"id{suffix}: the key is of a type that the record does not accept: got {got}, "
        "expected ssh-ed25519 or sk-ssh-ed25519@openssh.com. "
        "Sign with an Ed25519 key; `ssh-keygen -t ed25519` makes one."
    )


def test_a_key_of_another_type_is_refused_before_asking_for_its_passphrase(tmp_path):
    path = openssh_key(tmp_path / "id", "-t", "ecdsa", passphrase=SESAME)
    assert "got ecdsa-sha2-nistp256" in refusal(path, lambda _: pytest.fail("asked"))


def test_a_pem_key_is_refused_by_its_first_line(vectors, tmp_path):
    path = tmp_path / "id"
    path.write_bytes((vectors / "rsa").read_bytes())
    path.chmod(0o600)
    assert refusal(path) == NOT_OPENSSH.format("-----BEGIN RSA PRIVATE KEY-----")


def test_a_locked_key_with_nobody_to_ask_says_what_to_do(locked_file):
    with pytest.raises(KeyFileError) as caught:
        load(locked_file)
    assert str(caught.value) == (
        f"the private key {locked_file} needs its passphrase: got nobody to ask. "
        f"Run this on a terminal, or run `ssh-add {locked_file}` first and name {locked_file}.pub."
    )


@pytest.mark.parametrize("answer", ["", "open says me", "open sesame ", "\udcff", "x" * 200])
def test_a_wrong_passphrase_is_refused(locked_file, answer):
    with pytest.raises(KeyFileError) as caught:
        load(locked_file, lambda _: answer)
    assert str(caught.value) == (
        f"the private key {locked_file} does not open: got another passphrase, or a damaged file, "
        "expected the passphrase that it was made with. "
        f"Try again; `ssh-keygen -y -f {locked_file}` tells whether a passphrase is right."
    )


def test_a_cipher_that_cannot_be_read_points_to_ssh_agent(tmp_path):
    path = openssh_key(
        tmp_path / "id",
        *("-t", "ed25519", "-Z", "chacha20-poly1305@openssh.com"),
        passphrase=SESAME,
    )
    said = refusal(path, lambda _: SESAME)
    assert said.startswith("id is encrypted in a way that cannot be read here: got ")
    assert said.endswith("which signs through ssh-agent.")


def private_blob(path: Path) -> bytes:
    return reading._private_blob(path.read_bytes(), path)


def write_private(path: Path, blob: bytes) -> None:
    body = sshsig.armor(blob).replace(b"SSH SIGNATURE", b"OPENSSH PRIVATE KEY")
    path.write_bytes(body)


def test_a_false_public_half_is_found_before_it_signs(key_file):
    """Ed25519 signatures with another public half give the secret away."""
    blob, false = private_blob(key_file), in_memory().public.point
    assert blob.count(load(key_file).public.point) == 3
    write_private(key_file, blob.replace(load(key_file).public.point, false))
    assert refusal(key_file) == DAMAGED


def test_two_keys_in_one_file_are_refused(key_file):
    blob = private_blob(key_file)
    head = b"openssh-key-v1\0\0\0\0\4none\0\0\0\4none\0\0\0\0"
    assert blob.startswith(head + b"\0\0\0\1")
    write_private(key_file, head + b"\0\0\0\2" + blob[len(head) + 4 :])
    assert refusal(key_file) == f"id does not hold one key: got 2, expected 1. {MAKE_ONE}"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_only_key_file_errors_come_of_a_damaged_file(key_file, data):
    blob = private_blob(key_file)
    at = data.draw(st.integers(0, len(blob) - 1))
    cut = data.draw(st.integers(at, len(blob)))
    damaged = key_file.with_name("damaged")
    write_private(damaged, blob[:at] + data.draw(st.binary(max_size=8)) + blob[cut:])
    damaged.chmod(0o600)
    with suppress(KeyFileError):
        load(damaged, lambda _: SESAME)


@pytest.mark.parametrize("content", [b"", b"hunter2\n", bytes(range(256))])
def test_what_is_no_key_is_said_to_be_none_whoever_may_read_it(tmp_path, content):
    """The advice to protect it would lead astray."""
    path = tmp_path / "id"
    path.write_bytes(content)
    path.chmod(0o644)
    assert refusal(path) == NOT_OPENSSH.format("something else")

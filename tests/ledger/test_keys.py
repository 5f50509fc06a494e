"""Signing keys, with the real ssh-keygen and ssh-agent, both ways; and every way to fail."""

from __future__ import annotations

import os
import pty
import shutil
import stat
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import files, keys, sshsig
from ledger.errors import KeyFileError, SignatureError, ValueRefused
from ledger.keys import (
    AgentSigner,
    FileSigner,
    allowed_signers_line,
    check_possession,
    generate,
    in_memory,
    load,
    possession_message,
    prove,
)
from ledger.sshsig import KEY, PLAIN, SECURITY_KEY, STATEMENT, PublicKey

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "../shared/data/vectors/openssh-sshsig"
PERSON = "person:01938000-0000-7000-8000-000000000001"
ORIGIN = "northwick.example/support"
MESSAGE = b'{"a":"statement"}'
SESAME = "open sesame"
UMLAUT = "Öffne dich"

pytestmark = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="no ssh-keygen on this machine"
)


def ssh_keygen(*args: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["ssh-keygen", *map(str, args)], input=stdin, capture_output=True, check=False
    )


def openssh_key(path: Path, *args: object, passphrase: str = "") -> Path:
    """Have ssh-keygen make a key, with few rounds of key derivation so that tests are quick."""
    made = ssh_keygen("-q", "-a", 1, "-N", passphrase, "-C", "head", "-f", path, *args)
    assert made.returncode == 0, made.stderr
    return path


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return openssh_key(tmp_path / "id", "-t", "ed25519")


@pytest.fixture
def locked_file(tmp_path: Path) -> Path:
    return openssh_key(tmp_path / "locked", "-t", "ed25519", passphrase=SESAME)


@pytest.fixture
def vectors() -> Path:
    if not VECTORS.exists():
        pytest.skip(f"no OpenSSH vectors at {VECTORS}")
    return VECTORS


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Start an ssh-agent of our own, for the length of a test."""
    socket = tmp_path / "agent"
    running = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
    monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
    try:
        until = time.monotonic() + 5
        while not socket.exists() and time.monotonic() < until:
            time.sleep(0.005)
        yield socket
    finally:
        running.terminate()
        running.wait()


@pytest.fixture
def no_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)


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


# In memory


def test_a_seed_repeats_a_key_and_no_seed_makes_a_new_one():
    assert in_memory(b"\x01" * 32).public == in_memory(b"\x01" * 32).public
    assert in_memory().public != in_memory().public


def test_the_secret_is_not_shown():
    signer = in_memory(b"secretsecretsecretsecretsecretse")
    assert "secretsecret" not in repr(signer)


# Files, both ways with OpenSSH


def test_a_key_made_by_ssh_keygen_signs_as_ssh_keygen_does(key_file):
    signer = load(key_file)
    blob = signer.sign(MESSAGE, STATEMENT)
    theirs = ssh_keygen("-Y", "sign", "-f", key_file, "-n", STATEMENT, stdin=MESSAGE).stdout
    assert isinstance(signer, FileSigner)
    assert sshsig.armor(blob) == theirs
    assert sshsig.verify(MESSAGE, theirs, STATEMENT) == signer.public


def test_what_is_signed_here_verifies_with_ssh_keygen(key_file, tmp_path):
    signer = load(key_file)
    line = allowed_signers_line(PERSON, signer.public)
    assert openssh_verifies(tmp_path, line, signer.sign(MESSAGE, STATEMENT))
    assert not openssh_verifies(tmp_path, line, signer.sign(MESSAGE + b"\n", STATEMENT))
    assert not openssh_verifies(tmp_path, line, signer.sign(MESSAGE, KEY))
    assert not openssh_verifies(tmp_path, line, in_memory().sign(MESSAGE, STATEMENT))


def test_openssh_s_test_key_signs_openssh_s_vector(vectors, tmp_path):
    copy = tmp_path / "ed25519"
    copy.write_bytes((vectors / "ed25519").read_bytes())
    copy.chmod(0o600)
    namespace = (vectors / "namespace").read_text()
    blob = load(copy).sign((vectors / "signed-data").read_bytes(), namespace)
    assert sshsig.armor(blob) == (vectors / "ed25519.sig").read_bytes()


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


def test_a_signature_that_does_not_verify_is_not_handed_on(key_file, monkeypatch):
    """As when a fault in the machine, or in the library, spoils it."""
    signer = load(key_file)
    monkeypatch.setattr(keys, "crypto_sign", lambda *_: bytes([1, 2]) * 32)
    with pytest.raises(KeyFileError, match=r"the signature that .*id gave does not verify"):
        signer.sign(MESSAGE, STATEMENT)


# ssh-agent


@pytest.mark.usefixtures("agent")
def test_ssh_agent_signs_for_a_pub_file(key_file):
    add_to_agent(key_file)
    key_file.unlink()
    for name in (key_file, key_file.with_suffix(".pub")):
        signer = load(name)
        assert isinstance(signer, AgentSigner)
        blob = signer.sign(MESSAGE, STATEMENT)
        assert sshsig.verify_blob(MESSAGE, blob, STATEMENT) == signer.public


@pytest.mark.usefixtures("agent")
def test_ssh_agent_signs_for_a_locked_key(locked_file, tmp_path):
    ssh_keygen("-p", "-f", locked_file, "-P", SESAME, "-N", "")
    add_to_agent(locked_file)
    ssh_keygen("-p", "-f", locked_file, "-P", "", "-N", SESAME, "-a", 1)
    blob = load(locked_file.with_suffix(".pub")).sign(MESSAGE, STATEMENT)
    line = allowed_signers_line(PERSON, load(locked_file.with_suffix(".pub")).public)
    assert openssh_verifies(tmp_path, line, blob)


@pytest.mark.usefixtures("agent")
def test_an_agent_without_the_key_says_what_to_do(key_file):
    key_file.unlink()
    pub = key_file.with_suffix(".pub")
    with pytest.raises(KeyFileError) as caught:
        load(pub).sign(MESSAGE, STATEMENT)
    said = str(caught.value)
    assert said.startswith(f"ssh-keygen did not sign with {pub}: got ")
    assert "No private key found" in said
    assert said.endswith(
        f"Start ssh-agent and run `ssh-add` on the private key, or restore {key_file}."
    )


def test_a_pub_file_of_another_key_is_found_out(key_file, tmp_path, monkeypatch):
    """Whatever signs, the signature must be by the key that was named."""
    other = openssh_key(tmp_path / "other", "-t", "ed25519")
    fake = tmp_path / "bin" / "ssh-keygen"
    fake.parent.mkdir()
    real = shutil.which("ssh-keygen")
    fake.write_text(f'#!/bin/sh\nexec {real} -Y sign -f "{other}" -n {STATEMENT}\n')
    fake.chmod(0o755)
    signer = load(key_file.with_suffix(".pub"))
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    with pytest.raises(KeyFileError, match=r"another key signed than the one of .*id\.pub"):
        signer.sign(MESSAGE, STATEMENT)


def test_what_ssh_keygen_prints_is_read_strictly(key_file, tmp_path, monkeypatch):
    fake = tmp_path / "ssh-keygen"
    fake.write_text("#!/bin/sh\ncat >/dev/null\necho signed\n")
    fake.chmod(0o755)
    signer = load(key_file.with_suffix(".pub"))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(KeyFileError, match=r"id\.pub: the signature file is not as ssh-keygen"):
        signer.sign(MESSAGE, STATEMENT)


def test_without_ssh_keygen_an_agent_key_says_what_to_do(key_file, monkeypatch):
    signer = load(key_file.with_suffix(".pub"))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(KeyFileError) as caught:
        signer.sign(MESSAGE, STATEMENT)
    assert str(caught.value) == (
        "ssh-keygen is not installed: expected OpenSSH 8.2 or later. Install OpenSSH, "
        "or sign with a private key file, which needs no ssh-keygen."
    )


def test_a_key_file_signs_without_ssh_keygen(key_file, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert load(key_file).sign(MESSAGE, STATEMENT)


# Security keys


@pytest.mark.usefixtures("no_agent")
def test_a_security_key_s_file_is_left_to_ssh_keygen(vectors, tmp_path):
    copy = tmp_path / "ed25519_sk"
    copy.write_bytes((vectors / "ed25519_sk").read_bytes())
    copy.chmod(0o600)
    signer = load(copy)
    assert isinstance(signer, AgentSigner)
    assert signer.public.type == SECURITY_KEY
    assert signer.public == PublicKey.parse((vectors / "ed25519_sk.pub").read_text().strip())
    with pytest.raises(KeyFileError) as caught:
        signer.sign(MESSAGE, STATEMENT)
    assert str(caught.value).startswith(f"ssh-keygen did not sign with {copy}: got ")
    assert str(caught.value).endswith("Plug the security key in, and touch it when it blinks.")


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
        NOT_OPENSSH.format("-----BEGIN OPENSSH PRIVATE KEY-----"),
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
    return keys._private_blob(path.read_bytes(), path)


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


# Making keys


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
        keys._write(path, b"secret", 0o600)
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
        assert making.wait(timeout=15) == 0
    finally:
        making.kill()
        making.wait()
        os.close(ours)
        os.close(theirs)
    assert load(path, lambda _: SESAME).public.line in path.with_suffix(".pub").read_text()


# Possession


def test_the_proof_of_possession_is_signed_over_these_very_bytes():
    key = in_memory(bytes(32)).public
    assert possession_message(ORIGIN, PERSON, key) == (
        b"school-ledger key v1\n"
        b"northwick.example/support\n"
        b"person:01938000-0000-7000-8000-000000000001\n"
        b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop\n"
    )


def test_a_proof_holds_for_its_ledger_person_and_key_alone():
    signer, other = in_memory(), in_memory()
    blob = prove(signer, ORIGIN, PERSON)
    check_possession(blob, ORIGIN, PERSON, signer.public)
    for origin, person, key in (
        ("other.example", PERSON, signer.public),
        (ORIGIN, PERSON[:-1] + "2", signer.public),
        (ORIGIN, PERSON, other.public),
        (ORIGIN, PERSON, PublicKey(signer.public.point, SECURITY_KEY, "ssh:")),
    ):
        with pytest.raises(SignatureError, match="the signature does not hold"):
            check_possession(blob, origin, person, key)


def test_a_proof_by_another_key_is_refused():
    signer, other = in_memory(), in_memory()
    blob = other.sign(possession_message(ORIGIN, PERSON, signer.public), KEY)
    with pytest.raises(SignatureError, match="another key signed the proof of possession"):
        check_possession(blob, ORIGIN, PERSON, signer.public)


def test_a_proof_as_another_type_of_key_is_refused():
    signer = in_memory()
    claimed = PublicKey(signer.public.point, SECURITY_KEY, "ssh:")
    blob = signer.sign(possession_message(ORIGIN, PERSON, claimed), KEY)
    with pytest.raises(SignatureError, match="another key signed the proof of possession"):
        check_possession(blob, ORIGIN, PERSON, claimed)


def test_a_statement_is_no_proof_of_possession():
    signer = in_memory()
    blob = signer.sign(possession_message(ORIGIN, PERSON, signer.public), STATEMENT)
    with pytest.raises(SignatureError, match="made for another purpose"):
        check_possession(blob, ORIGIN, PERSON, signer.public)


def test_an_unsound_key_proves_nothing():
    with pytest.raises(SignatureError, match="not a sound Ed25519 public key"):
        check_possession(b"", ORIGIN, PERSON, PublicKey(b"\x01" + bytes(31)))


@pytest.mark.parametrize("word", ["", "a b", "a\nb", "a\0", "é", "a*", "a,b", "!a", '"a"', "#a"])
def test_a_word_cannot_run_into_the_next(word):
    key = in_memory().public
    with pytest.raises(ValueRefused, match="an origin cannot be this"):
        possession_message(word, PERSON, key)
    with pytest.raises(ValueRefused, match="a person's reference cannot be this"):
        possession_message(ORIGIN, word, key)
    with pytest.raises(ValueRefused, match="a person's reference cannot be this"):
        allowed_signers_line(word, key)


# allowed_signers


def test_an_allowed_signers_line_is_openssh_s():
    key = in_memory(bytes(32)).public
    assert allowed_signers_line(PERSON, key, "2026-10-05T09:12:44Z", "2027-10-05T00:00:00Z") == (
        f'{PERSON} namespaces="statement@school-ledger",valid-after="20261005091244Z",'
        f'valid-before="20271005000000Z" {key.line}'
    )


@pytest.mark.parametrize(
    ("at", "verifies"),
    [
        ("20261005091243Z", False),
        ("20261005091244Z", True),
        ("20270101000000Z", True),
        ("20271005000000Z", True),
        ("20271005000001Z", False),
    ],
)
def test_openssh_keeps_to_the_period(tmp_path, at, verifies):
    signer = in_memory(bytes(32))
    line = allowed_signers_line(
        PERSON, signer.public, "2026-10-05T09:12:44Z", "2027-10-05T00:00:00Z"
    )
    blob = signer.sign(MESSAGE, STATEMENT)
    assert openssh_verifies(tmp_path, line, blob, f"-Overify-time={at}") == verifies


@pytest.mark.parametrize("time", ["", "2026-10-05", "20261005091244Z", "2026-10-05T09:12:44+00:00"])
def test_a_time_is_the_record_s(time):
    with pytest.raises(ValueRefused, match="a time cannot be this"):
        allowed_signers_line(PERSON, in_memory().public, time)

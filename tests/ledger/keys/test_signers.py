"""Whatever signs, signs as the real ssh-keygen and ssh-agent do; and every way to fail."""

from __future__ import annotations

import os
import shutil

import pytest
from openssh import (
    MESSAGE,
    PERSON,
    SESAME,
    add_to_agent,
    openssh_key,
    openssh_verifies,
    ssh_keygen,
)

from ledger.errors import KeyFileError
from ledger.format import sshsig
from ledger.format.sshsig import KEY, SECURITY_KEY, STATEMENT, PublicKey
from ledger.keys import (
    AgentSigner,
    FileSigner,
    allowed_signers_line,
    in_memory,
    load,
    signers,
)

pytestmark = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="no ssh-keygen on this machine"
)


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


def test_a_signature_that_does_not_verify_is_not_handed_on(key_file, monkeypatch):
    """As when a fault in the machine, or in the library, spoils it."""
    signer = load(key_file)
    monkeypatch.setattr(signers, "crypto_sign", lambda *_: bytes([1, 2]) * 32)
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

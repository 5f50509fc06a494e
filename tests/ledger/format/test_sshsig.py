"""Signatures, keys and armour as OpenSSH writes them: read, written and shown the same way."""

from __future__ import annotations

import base64
import pickle
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import SignatureError
from ledger.format import sshsig
from ledger.format.sshsig import PLAIN, SECURITY_KEY, STATEMENT, PublicKey
from ledger.keys import in_memory

VECTORS = Path(__file__).parents[3] / "../shared/data/vectors/openssh-sshsig"

UNKNOWN_TYPE = (
    "the key is of a type that the record does not accept: got {}, "
    "expected ssh-ed25519 or sk-ssh-ed25519@openssh.com. "
    "Sign with an Ed25519 key; `ssh-keygen -t ed25519` makes one."
)
NOT_BASE64 = (
    "the public key is not in canonical base64: got {} characters, "
    "expected base64 with its padding and nothing else. "
    "It was cut short or altered: fetch it again."
)

POINT = bytes(range(32))
SIGNER = in_memory(bytes(32))


@pytest.fixture
def vectors() -> Path:
    if not VECTORS.exists():
        pytest.skip(f"no OpenSSH vectors at {VECTORS}")
    return VECTORS


@pytest.fixture
def ssh_keygen() -> str:
    return shutil.which("ssh-keygen") or pytest.skip("no ssh-keygen on this machine")


def vector(folder: Path, name: str) -> tuple[bytes, bytes, str]:
    namespace = (folder / "namespace").read_text()
    return (folder / "signed-data").read_bytes(), (folder / f"{name}.sig").read_bytes(), namespace


# OpenSSH's own vectors


@pytest.mark.parametrize(("name", "kind"), [("ed25519", PLAIN), ("ed25519_sk", SECURITY_KEY)])
def test_openssh_vectors_of_accepted_types_verify(vectors, name, kind):
    key = sshsig.verify(*vector(vectors, name))
    line = (vectors / f"{name}.pub").read_text().rstrip("\n")
    assert key.type == kind
    assert key.line == " ".join(line.split(" ")[:2])
    assert key == PublicKey.parse(line)


@pytest.mark.parametrize("name", ["ed25519", "ed25519_sk"])
def test_openssh_vectors_hold_for_no_other_message_or_namespace(vectors, name):
    message, armored, namespace = vector(vectors, name)
    with pytest.raises(SignatureError, match="the signature does not hold"):
        sshsig.verify(message + b"\n", armored, namespace)
    with pytest.raises(SignatureError, match="made for another purpose"):
        sshsig.verify(message, armored, STATEMENT)


@pytest.mark.parametrize(
    ("name", "got"),
    [
        ("ecdsa", "ecdsa-sha2-nistp256"),
        ("ecdsa_sk", "sk-ecdsa-sha2-nistp256@openssh.com"),
        ("ecdsa_sk_webauthn", "sk-ecdsa-sha2-nistp256@openssh.com"),
        ("mldsa44-ed25519", "ssh-mldsa44-ed25519@openssh.com"),
        ("rsa", "ssh-rsa"),
    ],
)
def test_openssh_vectors_of_other_types_are_refused_by_type(vectors, name, got):
    with pytest.raises(SignatureError) as caught:
        sshsig.verify(*vector(vectors, name))
    assert str(caught.value) == UNKNOWN_TYPE.format(got)


def test_armour_is_openssh_s_byte_for_byte(vectors):
    for name in ("ed25519", "ed25519_sk", "ecdsa", "ecdsa_sk"):
        armored = (vectors / f"{name}.sig").read_bytes()
        assert sshsig.armor(sshsig.unarmor(armored)) == armored


# Armour


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=sshsig.MAX_BLOB))
def test_armour_of_every_blob_reads_back(blob):
    assert sshsig.unarmor(sshsig.armor(blob)) == blob


@pytest.mark.parametrize("size", [52, 53, 105, 210, sshsig.MAX_BLOB])
def test_armour_has_lines_of_seventy_and_no_empty_one(size):
    lines = sshsig.armor(bytes(size)).split(b"\n")
    assert lines[-1] == b""
    assert all(len(line) == 70 for line in lines[1:-3])
    assert 1 <= len(lines[-3]) <= 70


def test_armour_without_its_last_newline_is_read():
    armored = sshsig.armor(b"blob")
    assert sshsig.unarmor(armored.rstrip(b"\n")) == b"blob"


# Signatures


def test_a_signature_gives_its_key_and_parts():
    blob = SIGNER.sign(b"message", STATEMENT)
    parts = sshsig.split(blob, STATEMENT)
    parts.check(b"message")
    assert parts.key == SIGNER.public == sshsig.verify_blob(b"message", blob, STATEMENT)
    assert parts.raw == blob[-64:]
    assert parts.presence == b""
    assert sshsig.blob_from_raw(parts.key.point, parts.raw, STATEMENT) == blob


def test_signed_data_is_as_the_protocol_lays_it_out():
    assert sshsig.signed_data(b"", "ns") == (
        b"SSHSIG\0\0\0\2ns\0\0\0\0\0\0\0\6sha512\0\0\0\x40"
        + bytes.fromhex(
            "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
            "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"
        )
    )


def test_the_quick_way_and_the_explaining_way_read_the_same():
    blob = SIGNER.sign(b"message", STATEMENT)
    quick, slow = sshsig.split(blob, STATEMENT), sshsig._read(blob, STATEMENT)
    assert quick == slow
    assert quick.key.line == slow.key.line


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from([sshsig.KEY, sshsig.MANIFEST]))
def test_a_signature_of_one_purpose_serves_no_other(message, namespace):
    blob = SIGNER.sign(message, namespace)
    assert sshsig.verify_blob(message, blob, namespace) == SIGNER.public
    with pytest.raises(SignatureError, match="made for another purpose"):
        sshsig.verify_blob(message, blob, STATEMENT)


@pytest.mark.parametrize("namespace", ["", "a\nb", "é"])
def test_a_namespace_is_a_plain_name(namespace):
    with pytest.raises(SignatureError, match="a namespace cannot be this"):
        SIGNER.sign(b"", namespace)


# Keys


def test_a_key_line_reads_back_and_its_comment_is_dropped():
    for key in (PublicKey(POINT), PublicKey(POINT, SECURITY_KEY, "ssh:ledger")):
        for line in (key.line, f"{key.line} ", f"{key.line} head@school é\tx"):
            assert PublicKey.parse(line).line == key.line


def test_a_key_is_its_point_whatever_its_type():
    plain, on_security_key = PublicKey(POINT), PublicKey(POINT, SECURITY_KEY, "ssh:")
    assert plain == on_security_key
    assert len({plain, on_security_key}) == 1
    assert plain.fingerprint == on_security_key.fingerprint
    assert plain != SIGNER.public


def test_a_fingerprint_is_what_ssh_keygen_shows(ssh_keygen):
    shown = subprocess.run(
        [ssh_keygen, "-l", "-f", "-"],
        input=SIGNER.public.line.encode(),
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert shown.split(" ")[1] == SIGNER.public.fingerprint
    assert len(SIGNER.public.fingerprint) == len("SHA256:") + 43


def test_a_key_passes_between_processes():
    key = PublicKey(POINT, SECURITY_KEY, "ssh:")
    assert pickle.loads(pickle.dumps(key)).line == key.line  # noqa: S301 - pickled here


def test_a_key_cannot_be_changed():
    with pytest.raises(AttributeError):
        SIGNER.public.point = POINT


LINE = PublicKey(POINT).line
ED25519_BLOB = PublicKey(POINT).blob
ON_SECURITY_KEY = PublicKey(POINT, SECURITY_KEY, "ssh:")


def b64(blob: bytes) -> str:
    return base64.b64encode(blob).decode()


BAD_LINES = {
    "nothing": (
        "",
        UNKNOWN_TYPE.format("nothing"),
    ),
    "another type": (
        "ssh-rsa AAAA",
        UNKNOWN_TYPE.format("ssh-rsa"),
    ),
    "a secret, which is not repeated": (
        "c2VjcmV0" * 9,
        UNKNOWN_TYPE.format("72 characters"),
    ),
    "upper case": (
        LINE.replace("ssh-ed25519", "SSH-ED25519"),
        UNKNOWN_TYPE.format("SSH-ED25519"),
    ),
    "no base64": (
        "ssh-ed25519",
        NOT_BASE64.format(0),
    ),
    "two spaces": (
        LINE.replace(" ", "  "),
        NOT_BASE64.format(0),
    ),
    "base64 cut": (
        LINE[:-1],
        NOT_BASE64.format(67),
    ),
    "base64 with spare bits": (
        f"{SECURITY_KEY} {b64(ON_SECURITY_KEY.blob).replace('o=', 'p=')}",
        NOT_BASE64.format(100),
    ),
    "two lines": (
        f"{LINE}\n{LINE}",
        (
            "a public key is one line: got a line break in it. "
            "Give the one line of the .pub file, without its end."
        ),
    ),
    "a carriage return in its comment": (
        f"{LINE} head\r",
        (
            "a public key is one line: got a line break in it. "
            "Give the one line of the .pub file, without its end."
        ),
    ),
    "its end": (
        f"{LINE}\r\n",
        (
            "a public key is one line: got a line break in it. "
            "Give the one line of the .pub file, without its end."
        ),
    ),
    "another type inside": (
        f"ssh-ed25519 {b64(ON_SECURITY_KEY.blob)}",
        (
            "the public key is not of the type that its line names: "
            "got sk-ssh-ed25519@openssh.com, expected ssh-ed25519. "
            "Give the line of the .pub file as ssh-keygen wrote it."
        ),
    ),
    "an unknown type inside": (
        f"ssh-ed25519 {b64(b'%c%c%c%c' % (0, 0, 0, 3) + b'bad')}",
        UNKNOWN_TYPE.format("bad"),
    ),
    "cut": (
        f"ssh-ed25519 {b64(ED25519_BLOB[:-2])}",
        (
            "the public key ends inside its point: got 30 bytes, expected 32. "
            "It was cut short or altered: fetch it again."
        ),
    ),
    "a shorter point": (
        f"ssh-ed25519 {b64(ED25519_BLOB[:18] + bytes([31]) + POINT[:31])}",
        (
            "the public key's point has the wrong length: got 31 bytes, expected 32. "
            "It was cut short or altered: fetch it again."
        ),
    ),
    "trailing bytes": (
        f"ssh-ed25519 {b64(ED25519_BLOB + b'x')}",
        (
            "the public key goes on after its end: got 1 bytes more, expected none. "
            "It was cut short or altered: fetch it again."
        ),
    ),
}


@pytest.mark.parametrize(("line", "said"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_key_line_is_read_strictly(line, said):
    with pytest.raises(SignatureError) as caught:
        PublicKey.parse(line)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("made", "what"),
    [
        (lambda: PublicKey(POINT[:31]), "the key's point has the wrong length"),
        (
            lambda: PublicKey(POINT, "ssh-rsa"),
            "the key is of a type that the record does not accept",
        ),
        (lambda: PublicKey(POINT, PLAIN, "ssh:"), "only a security key has an application"),
        (lambda: PublicKey(POINT, SECURITY_KEY), "the security key was not made for SSH"),
    ],
)
def test_no_other_key_can_be_made(made, what):
    with pytest.raises(SignatureError) as caught:
        made()
    assert caught.value.what == what


@settings(deadline=None)
@given(st.text() | st.text().map(lambda text: f"ssh-ed25519 {text}"))
def test_only_signature_errors_come_of_key_lines(text):
    with pytest.raises(SignatureError):
        PublicKey.parse(text)


@settings(deadline=None)
@given(st.binary())
def test_only_signature_errors_come_of_key_blobs(blob):
    with pytest.raises(SignatureError):
        PublicKey.from_blob(blob)

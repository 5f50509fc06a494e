"""Signatures by security keys (OpenSSH PROTOCOL.u2f), from one simulated here.

What it signs verifies with stock `ssh-keygen` too, so the simulation is sound.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
from hashlib import sha256

import pytest
from examples import some
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.bindings import crypto_sign, crypto_sign_seed_keypair

from ledger.errors import SignatureError
from ledger.format import sshsig
from ledger.format.sshsig import PLAIN, SECURITY_KEY, STATEMENT, PublicKey
from ledger.keys import allowed_signers_line

MESSAGE = b'{"a":"statement"}'
PERSON = "person:01938000-0000-7000-8000-000000000001"
POINT, SECRET = crypto_sign_seed_keypair(b"\x09" * 32)


def string(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def touched(  # noqa: PLR0913 - every part of the layout can be other than it should be
    *,
    application: bytes = b"ssh:",
    flags: int = 1,
    counter: int = 7,
    kind: bytes = SECURITY_KEY.encode(),
    inner_kind: bytes = SECURITY_KEY.encode(),
    after_application: bytes = b"",
    after_counter: bytes = b"",
    presence: bytes | None = None,
) -> bytes:
    """Sign as a security key does, or as a faulty or hostile one might."""
    digest = sha256(sshsig.signed_data(MESSAGE, STATEMENT)).digest()
    says = bytes([flags]) + struct.pack(">I", counter)
    raw = crypto_sign(sha256(application).digest() + says + digest, SECRET)[:64]
    says = says if presence is None else presence
    return (
        b"SSHSIG\0\0\0\1"
        + string(string(kind) + string(POINT) + string(application) + after_application)
        + string(STATEMENT.encode())
        + string(b"")
        + string(b"sha512")
        + string(string(inner_kind) + string(raw) + says + after_counter)
    )


def verify(blob: bytes) -> PublicKey:
    return sshsig.verify_blob(MESSAGE, blob, STATEMENT)


@pytest.mark.parametrize("flags", [0x01, 0x05, 0x81, 0xC5])
@pytest.mark.parametrize("counter", [0, 7, 2**32 - 1])
def test_a_touched_security_key_signs(flags, counter):
    key = verify(touched(flags=flags, counter=counter))
    assert key.point == POINT
    assert key.type == SECURITY_KEY
    assert key.application == "ssh:"


def test_its_application_may_go_on():
    assert verify(touched(application=b"ssh:school ledger")).application == "ssh:school ledger"


def test_a_signature_may_be_as_long_as_an_entry_holds_and_no_longer():
    room = sshsig.MAX_BLOB - len(touched(application=b""))
    longest = b"ssh:".ljust(room, b"x")
    assert len(touched(application=longest)) == sshsig.MAX_BLOB
    assert verify(touched(application=longest)).point == POINT
    with pytest.raises(SignatureError, match="the signature is too long: got 769 bytes"):
        verify(touched(application=longest + b"x"))


def test_stock_openssh_verifies_what_the_simulation_signs(tmp_path):
    ssh_keygen = shutil.which("ssh-keygen") or pytest.skip("no ssh-keygen on this machine")
    blob = touched(application=b"ssh:ledger")
    (tmp_path / "allowed").write_text(allowed_signers_line(PERSON, verify(blob)) + "\n")
    (tmp_path / "sig").write_bytes(sshsig.armor(blob))
    allowed = ["-f", tmp_path / "allowed", "-s", tmp_path / "sig"]
    done = subprocess.run(
        [ssh_keygen, "-Y", "verify", *allowed, "-I", PERSON, "-n", STATEMENT],
        input=MESSAGE,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


FETCH = "It was cut short or altered: fetch it again."
AGAIN = "Sign again, and pass the signature on as it was written."
UNTOUCHED = (
    "the security key signed without anyone touching it: got flags 0x{:02x}, expected the user "
    "presence flag, 0x01. Use a key made without `-O no-touch-required`, and touch it when it "
    "blinks."
)
NOT_FOR_SSH = (
    "the security key was not made for SSH: got {}, expected an application that starts with "
    "ssh:, in printable ASCII. `ssh-keygen -t ed25519-sk` makes one that is."
)
NOT_HOLDING = (
    "the signature does not hold: got a signature of other bytes, by another key, or altered, "
    f"expected one that this key made over exactly these bytes. {AGAIN}"
)

HOSTILE = {
    "no flag": (touched(flags=0), UNTOUCHED.format(0)),
    "verified but not present": (touched(flags=0x04), UNTOUCHED.format(4)),
    "every flag but presence": (touched(flags=0xFE), UNTOUCHED.format(0xFE)),
    "presence claimed afterwards": (
        touched(flags=0, presence=b"\x01\0\0\0\x07"),
        NOT_HOLDING,
    ),
    "another counter": (touched(presence=b"\x01\0\0\0\x08"), NOT_HOLDING),
    "a web application": (
        touched(application=b"https://school.example"),
        NOT_FOR_SSH.format("https://school.example"),
    ),
    "no application": (touched(application=b""), NOT_FOR_SSH.format("nothing")),
    "upper case": (touched(application=b"SSH:"), NOT_FOR_SSH.format("SSH:")),
    "ssh without a colon": (touched(application=b"ssh"), NOT_FOR_SSH.format("ssh")),
    "an application with NUL": (
        touched(application=b"ssh:\0x"),
        NOT_FOR_SSH.format("ssh:\\x00x"),
    ),
    "an application beyond ASCII": (
        touched(application=b"ssh:\xff"),
        NOT_FOR_SSH.format("ssh:\u00ff"),
    ),
    "a plain key with an application": (
        touched(kind=PLAIN.encode()),
        f"the public key goes on after its end: got 8 bytes more, expected none. {FETCH}",
    ),
    "a plain signature": (
        touched(inner_kind=PLAIN.encode()),
        (
            "the signature is not of its key's type: got ssh-ed25519, "
            f"expected sk-ssh-ed25519@openssh.com. {AGAIN}"
        ),
    ),
    "bytes after the application": (
        touched(after_application=b"\x01"),
        f"the public key goes on after its end: got 1 bytes more, expected none. {FETCH}",
    ),
    "bytes after the counter": (
        touched(after_counter=b"\0"),
        f"the signature field goes on after its end: got 1 bytes more, expected none. {FETCH}",
    ),
    "no flags": (
        touched(presence=b""),
        f"the signature field ends inside its flags and counter: got 0 bytes, expected 5. {FETCH}",
    ),
    "a short counter": (
        touched(presence=b"\x01\0\0\0"),
        f"the signature field ends inside its flags and counter: got 4 bytes, expected 5. {FETCH}",
    ),
}


@pytest.mark.parametrize(("hostile", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_security_key_is_refused_and_told_why(hostile, said):
    with pytest.raises(SignatureError) as caught:
        verify(hostile)
    assert str(caught.value) == said


def test_a_plain_signature_does_not_pass_for_a_security_key_s():
    """One point, two types: what one signed is no signature of the other."""
    raw = crypto_sign(sshsig.signed_data(MESSAGE, STATEMENT), SECRET)[:64]
    at = touched().index(raw_of(touched()))
    with pytest.raises(SignatureError, match="the signature does not hold"):
        verify(touched()[:at] + raw + touched()[at + 64 :])
    with pytest.raises(SignatureError, match="the signature does not hold"):
        verify(sshsig.blob_from_raw(POINT, raw_of(touched()), STATEMENT))


def raw_of(blob: bytes) -> bytes:
    return sshsig.split(blob, STATEMENT).raw


def test_any_bit_flipped_is_refused():
    blob = touched()
    for at in range(len(blob)):
        for bit in range(8):
            with pytest.raises(SignatureError):
                verify(blob[:at] + bytes([blob[at] ^ 1 << bit]) + blob[at + 1 :])


def test_cut_at_any_byte_is_refused():
    blob = touched()
    for end in range(len(blob)):
        with pytest.raises(SignatureError):
            verify(blob[:end])


@settings(deadline=None, max_examples=some(300))
@given(st.binary(max_size=60), st.integers(0, 250), st.integers(0, 250))
def test_no_splice_verifies(inserted, start, end):
    blob = touched()
    spliced = blob[:start] + inserted + blob[end:]
    if spliced != blob:
        with pytest.raises(SignatureError):
            verify(spliced)

"""Signatures that someone made to be misread: each is refused, and the refusal says why."""

from __future__ import annotations

import base64
import struct

import pytest
from examples import some
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import SignatureError
from ledger.format import sshsig
from ledger.format.sshsig import PLAIN, STATEMENT
from ledger.keys import in_memory

L = 2**252 + 27742317777372353535851937790883648493
MESSAGE = b'{"a":"statement"}'
SIGNER = in_memory(b"\x07" * 32)
BLOB = SIGNER.sign(MESSAGE, STATEMENT)
ARMORED = sshsig.armor(BLOB)
RAW = BLOB[-64:]
POINT = SIGNER.public.point


def string(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def blob(**changed: bytes) -> bytes:
    """Lay out a signature (PROTOCOL.sshsig section 2), some parts other than they should be."""
    parts = {
        "magic": b"SSHSIG",
        "version": struct.pack(">I", 1),
        "kind": PLAIN.encode(),
        "point": POINT,
        "after_key": b"",
        "namespace": STATEMENT.encode(),
        "reserved": b"",
        "hash_name": b"sha512",
        "inner_kind": PLAIN.encode(),
        "raw": RAW,
        "after_raw": b"",
        "after": b"",
    }
    p = parts | changed
    assert p.keys() == parts.keys()
    return (
        p["magic"]
        + p["version"]
        + string(string(p["kind"]) + string(p["point"]) + p["after_key"])
        + string(p["namespace"])
        + string(p["reserved"])
        + string(p["hash_name"])
        + string(string(p["inner_kind"]) + string(p["raw"]) + p["after_raw"])
        + p["after"]
    )


def malleated() -> bytes:
    s = int.from_bytes(RAW[32:], "little") + L
    return blob(raw=RAW[:32] + s.to_bytes(32, "little"))


IDENTITY = b"\x01" + bytes(31)
FETCH = "It was cut short or altered: fetch it again."
AGAIN = "Sign again, and pass the signature on as it was written."
ED25519 = "Sign with an Ed25519 key; `ssh-keygen -t ed25519` makes one."
NOT_HOLDING = (
    "the signature does not hold: got a signature of other bytes, by another key, or altered, "
    f"expected one that this key made over exactly these bytes. {AGAIN}"
)
HASHES = (
    "the signature hashes the message in a way that the record does not accept: got {}, "
    "expected sha512. Sign with `ssh-keygen -Y sign -O hashalg=sha512`."
)
PURPOSE = (
    "the signature was made for another purpose: got namespace {!r}, expected "
    "'statement@school-ledger'. Sign with `ssh-keygen -Y sign -n statement@school-ledger`."
)
UNKNOWN_TYPE = (
    "the key is of a type that the record does not accept: got {}, "
    f"expected ssh-ed25519 or sk-ssh-ed25519@openssh.com. {ED25519}"
)

HOSTILE = {
    "nothing": (
        b"",
        f"the signature ends inside its first bytes: got 0 bytes, expected 6. {FETCH}",
    ),
    "another magic": (
        blob(magic=b"SSHSIh"),
        (
            "this is not an SSH signature: got SSHSIh, expected SSHSIG as its first bytes. "
            "`ssh-keygen -Y sign` makes one."
        ),
    ),
    "version 0": (
        blob(version=bytes(4)),
        (
            "the signature is of an unknown version: got 0, expected 1. "
            "Sign with `ssh-keygen -Y sign` of a present OpenSSH."
        ),
    ),
    "version 2": (
        blob(version=b"\0\0\0\2"),
        (
            "the signature is of an unknown version: got 2, expected 1. "
            "Sign with `ssh-keygen -Y sign` of a present OpenSSH."
        ),
    ),
    "a malleated S": (
        malleated(),
        (
            "the signature is a second form of another: got S not below the order of the group, "
            f"expected S < L (RFC 8032 section 5.1.7). It was altered after signing. {AGAIN}"
        ),
    ),
    "the identity as key": (
        blob(point=IDENTITY, raw=BLOB[-64:-32] + bytes(32)),
        (
            f"the signing key is not canonical or of small order: got {IDENTITY.hex()}. "
            f"No honest program makes such a key. {ED25519}"
        ),
    ),
    "the identity as R": (
        blob(raw=IDENTITY + bytes(32)),
        (
            f"the signature's R is not canonical or of small order: got {IDENTITY.hex()}. "
            f"No honest program makes such a signature. {AGAIN}"
        ),
    ),
    "another key swapped in": (blob(point=in_memory(b"\x08" * 32).public.point), NOT_HOLDING),
    "zeros": (
        blob(raw=bytes(64)),
        (
            f"the signature's R is not canonical or of small order: got {'00' * 32}. "
            f"No honest program makes such a signature. {AGAIN}"
        ),
    ),
    "a reserved field": (
        blob(reserved=b"tag"),
        f"the signature's reserved field is not empty: got b'tag'. {AGAIN}",
    ),
    "an empty namespace": (blob(namespace=b""), PURPOSE.format("")),
    "a wrong namespace": (blob(namespace=b"file"), PURPOSE.format("file")),
    "a namespace in upper case": (
        blob(namespace=b"Statement@school-ledger"),
        PURPOSE.format("Statement@school-ledger"),
    ),
    "a namespace with NUL": (
        blob(namespace=STATEMENT.encode() + b"\0"),
        PURPOSE.format("statement@school-ledger\x00"),
    ),
    "md5": (blob(hash_name=b"md5"), HASHES.format("md5")),
    "sha1": (blob(hash_name=b"sha1"), HASHES.format("sha1")),
    "sha256": (blob(hash_name=b"sha256"), HASHES.format("sha256")),
    "SHA512": (blob(hash_name=b"SHA512"), HASHES.format("SHA512")),
    "no hash": (
        blob(hash_name=b""),
        HASHES.format("nothing"),
    ),
    "an rsa key": (blob(kind=b"ssh-rsa"), UNKNOWN_TYPE.format("ssh-rsa")),
    "a certificate": (
        blob(kind=b"ssh-ed25519-cert-v01@openssh.com"),
        UNKNOWN_TYPE.format("ssh-ed25519-cert-v01@openssh.com"),
    ),
    "a type that is no text": (blob(kind=b"\xff\n"), UNKNOWN_TYPE.format("\\xff\\n")),
    "a signature of another type": (
        blob(inner_kind=b"rsa-sha2-512"),
        f"the signature is not of its key's type: got rsa-sha2-512, expected ssh-ed25519. {AGAIN}",
    ),
    "a short point": (
        blob(point=POINT[:31]),
        f"the public key's point has the wrong length: got 31 bytes, expected 32. {FETCH}",
    ),
    "a long point": (
        blob(point=POINT + b"\0"),
        f"the public key's point has the wrong length: got 33 bytes, expected 32. {FETCH}",
    ),
    "bytes after the key": (
        blob(after_key=b"\0\0\0\0"),
        f"the public key goes on after its end: got 4 bytes more, expected none. {FETCH}",
    ),
    "a short raw signature": (
        blob(raw=RAW[:63]),
        (
            "the signature field's Ed25519 signature has the wrong length: got 63 bytes, "
            f"expected 64. {FETCH}"
        ),
    ),
    "a long raw signature": (
        blob(raw=RAW + b"\0"),
        (
            "the signature field's Ed25519 signature has the wrong length: got 65 bytes, "
            f"expected 64. {FETCH}"
        ),
    ),
    "bytes after the raw signature": (
        blob(after_raw=b"\x01\0\0\0\0"),
        f"the signature field goes on after its end: got 5 bytes more, expected none. {FETCH}",
    ),
    "bytes after the end": (
        blob(after=b"\n"),
        f"the signature goes on after its end: got 1 bytes more, expected none. {FETCH}",
    ),
    "too long": (
        blob(namespace=b"x" * 600),
        (
            f"the signature is too long: got {len(blob(namespace=b'x' * 600))} bytes, "
            "expected at most 768. Make the security key's key with a shorter application."
        ),
    ),
    "a length beyond the end": (
        b"SSHSIG\0\0\0\1\xff\xff\xff\xff",
        f"the signature ends inside its public key: got 0 bytes, expected 4294967295. {FETCH}",
    ),
}


def refusal(blob: bytes) -> str:
    with pytest.raises(SignatureError) as caught:
        sshsig.verify_blob(MESSAGE, blob, STATEMENT)
    return str(caught.value)


def test_the_layout_unchanged_verifies():
    assert blob() == BLOB
    assert sshsig.verify_blob(MESSAGE, blob(), STATEMENT) == SIGNER.public


@pytest.mark.parametrize(("hostile", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_signature_is_refused_and_told_why(hostile, said):
    assert refusal(hostile) == said


@pytest.mark.parametrize("message", [b"", MESSAGE[:-1], MESSAGE + b"\n", MESSAGE.upper()])
def test_a_signature_holds_for_no_other_message(message):
    with pytest.raises(SignatureError) as caught:
        sshsig.verify_blob(message, BLOB, STATEMENT)
    assert str(caught.value) == NOT_HOLDING


def test_a_signature_cut_at_any_byte_is_refused():
    for end in range(len(BLOB)):
        refusal(BLOB[:end])


def test_a_signature_begun_late_is_refused():
    for start in range(1, len(BLOB) + 1):
        refusal(BLOB[start:])


def test_a_signature_with_any_bit_flipped_is_refused():
    for at in range(len(BLOB)):
        for bit in range(8):
            refusal(BLOB[:at] + bytes([BLOB[at] ^ 1 << bit]) + BLOB[at + 1 :])


def test_a_signature_with_any_byte_added_or_lost_is_refused():
    for at in range(len(BLOB) + 1):
        refusal(BLOB[:at] + b"\0" + BLOB[at:])
        if at < len(BLOB):
            refusal(BLOB[:at] + BLOB[at + 1 :])


# Armour

BODY = base64.b64encode(BLOB)
BEGIN, END = b"-----BEGIN SSH SIGNATURE-----\n", b"\n-----END SSH SIGNATURE-----\n"
NOT_AS_WRITTEN = (
    "the signature file is not as ssh-keygen writes it: got {}, expected {}. "
    "Send the .sig file itself, not a copy of its text."
)
LENGTHS = NOT_AS_WRITTEN.format(
    "lines of other lengths", "lines of 70 characters, the last shorter"
)
BEGINS = "-----BEGIN SSH SIGNATURE----- as first line"
ENDS = "-----END SSH SIGNATURE----- as last line"


def not_base64(characters: int) -> str:
    return (
        f"the signature is not in canonical base64: got {characters} characters, "
        f"expected base64 with its padding and nothing else. {FETCH}"
    )


def wrapped(body: bytes, width: int = 70) -> bytes:
    lines = [body[start : start + width] for start in range(0, len(body), width)]
    return BEGIN + b"\n".join(lines) + END


HOSTILE_ARMOR = {
    "CRLF": (
        ARMORED.replace(b"\n", b"\r\n"),
        NOT_AS_WRITTEN.format("carriage returns", "lines ended by a newline alone"),
    ),
    "one carriage return": (
        ARMORED.replace(b"\n-----END", b"\r\n-----END"),
        NOT_AS_WRITTEN.format("carriage returns", "lines ended by a newline alone"),
    ),
    "nothing": (b"", NOT_AS_WRITTEN.format("nothing", BEGINS)),
    "the binary blob": (
        BLOB.replace(b"\r", b""),
        NOT_AS_WRITTEN.format(
            "SSHSIG\\x00\\x00\\x00\\x01\\x00\\x00\\x003\\x00\\x00\\x00\\x0bssh-ed25519\\x00", BEGINS
        ),
    ),
    "a byte order mark": (
        b"\xef\xbb\xbf" + ARMORED,
        NOT_AS_WRITTEN.format("\u00ef\u00bb\u00bf-----BEGIN SSH SIGNATURE---", BEGINS),
    ),
    "a line before": (
        b"Signature:\n" + ARMORED,
        NOT_AS_WRITTEN.format("Signature:\\n-----BEGIN SSH SIGN", BEGINS),
    ),
    "a space before": (
        b" " + ARMORED,
        NOT_AS_WRITTEN.format(" -----BEGIN SSH SIGNATURE-----", BEGINS),
    ),
    "another marker": (
        ARMORED.replace(b"BEGIN SSH", b"BEGIN PGP"),
        NOT_AS_WRITTEN.format("-----BEGIN PGP SIGNATURE-----\\n", BEGINS),
    ),
    "no end": (
        ARMORED.replace(END, b"\n"),
        NOT_AS_WRITTEN.format(BODY[-28:].decode(), ENDS),
    ),
    "an empty line after": (
        ARMORED + b"\n",
        NOT_AS_WRITTEN.format("-----END SSH SIGNATURE-----\\n", ENDS),
    ),
    "junk after": (
        ARMORED + b"junk",
        NOT_AS_WRITTEN.format("-END SSH SIGNATURE-----\\njunk", ENDS),
    ),
    "a space after": (
        ARMORED.rstrip(b"\n") + b" ",
        NOT_AS_WRITTEN.format("-----END SSH SIGNATURE----- ", ENDS),
    ),
    "no body": (BEGIN + END, not_base64(0)),
    "one newline between the markers": (BEGIN + END[1:], not_base64(0)),
    "lines of 76": (wrapped(BODY, 76), LENGTHS),
    "one long line": (wrapped(BODY, 1000), LENGTHS),
    "an empty line within": (ARMORED.replace(b"\n-----END", b"\n\n-----END"), LENGTHS),
    "a space within": (wrapped(BODY[:10] + b" " + BODY[10:]), not_base64(len(BODY) + 1)),
    "a header within": (
        ARMORED.replace(BEGIN, BEGIN + b"Comment: hello\n\n"),
        not_base64(len(BODY) + len("Comment: hello")),
    ),
    "padding in the middle": (
        wrapped(BODY[:4] + b"====" + BODY[4:]),
        not_base64(len(BODY) + 4),
    ),
    "more padding": (wrapped(BODY + b"===="), not_base64(len(BODY) + 4)),
    "the URL alphabet": (wrapped(BODY[:-4] + b"-_-_"), not_base64(len(BODY))),
    "not ASCII": (wrapped(BODY[:-1] + b"\xff"), not_base64(len(BODY))),
    "two signatures": (ARMORED + ARMORED, not_base64(2 * len(BODY) + 56)),
    "too long": (
        wrapped(b"A" * 17_000),
        NOT_AS_WRITTEN.format(f"{len(wrapped(b'A' * 17_000))} bytes", "at most 16384"),
    ),
}


@pytest.mark.parametrize(("hostile", "said"), HOSTILE_ARMOR.values(), ids=HOSTILE_ARMOR)
def test_hostile_armour_is_refused_and_told_why(hostile, said):
    with pytest.raises(SignatureError) as caught:
        sshsig.verify(MESSAGE, hostile, STATEMENT)
    assert str(caught.value) == said


@pytest.mark.parametrize("size", [1, 2])
def test_base64_with_spare_bits_set_is_refused(size):
    """The same bytes, written in another way: decoders commonly take both."""
    body = base64.b64encode(bytes(size)).replace(b"A=", b"B=")
    assert base64.b64decode(body, validate=True) == bytes(size)
    with pytest.raises(SignatureError) as caught:
        sshsig.unarmor(wrapped(body))
    assert str(caught.value) == not_base64(4)


def test_armour_with_any_byte_changed_is_refused():
    for at in range(len(ARMORED) - 1):
        for other in b"A=\n \r\0\xff":
            if ARMORED[at] != other:
                changed = ARMORED[:at] + bytes([other]) + ARMORED[at + 1 :]
                with pytest.raises(SignatureError):
                    sshsig.verify(MESSAGE, changed, STATEMENT)


def test_armour_cut_at_any_byte_but_the_last_newline_is_refused():
    for end in range(len(ARMORED) - 1):
        with pytest.raises(SignatureError):
            sshsig.verify(MESSAGE, ARMORED[:end], STATEMENT)


# Fuzzed: only SignatureError escapes, and nothing verifies but the signature itself


@settings(deadline=None, max_examples=some(300))
@given(st.binary(max_size=400))
def test_random_bytes_never_verify(data):
    refusal(data)
    with pytest.raises(SignatureError):
        sshsig.verify(MESSAGE, data, STATEMENT)


PARTS = ["kind", "point", "after_key", "namespace", "reserved", "hash_name", "inner_kind"]
ALL_PARTS = [*PARTS, "magic", "version", "raw", "after_raw", "after"]


@settings(deadline=None, max_examples=some(300))
@given(st.dictionaries(st.sampled_from(ALL_PARTS), st.binary(max_size=80), max_size=3))
def test_no_other_layout_verifies(changed):
    other = blob(**changed)
    if other != BLOB:
        refusal(other)


@settings(deadline=None, max_examples=some(300))
@given(st.binary(max_size=60), st.integers(0, len(BLOB)), st.integers(0, len(BLOB)))
def test_no_splice_of_a_signature_verifies(inserted, start, end):
    spliced = BLOB[:start] + inserted + BLOB[end:]
    if spliced != BLOB:
        refusal(spliced)


@settings(deadline=None, max_examples=some(300))
@given(st.binary(max_size=60), st.integers(0, len(ARMORED)), st.integers(0, len(ARMORED)))
def test_no_splice_of_armour_verifies(inserted, start, end):
    spliced = ARMORED[:start] + inserted + ARMORED[end:]
    if spliced not in {ARMORED, ARMORED[:-1]}:
        with pytest.raises(SignatureError):
            sshsig.verify(MESSAGE, spliced, STATEMENT)

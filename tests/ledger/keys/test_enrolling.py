"""A proof of possession holds for one ledger, person and key; its line is OpenSSH's."""

from __future__ import annotations

import shutil

import pytest
from openssh import (
    MESSAGE,
    ORIGIN,
    PERSON,
    openssh_verifies,
)

from ledger.errors import SignatureError, ValueRefused
from ledger.format.sshsig import KEY, SECURITY_KEY, STATEMENT, PublicKey
from ledger.keys import (
    allowed_signers_line,
    check_possession,
    in_memory,
    possession_message,
    prove,
)

pytestmark = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="no ssh-keygen on this machine"
)


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

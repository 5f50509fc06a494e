"""What a key says of itself where it is enrolled, and the line by which OpenSSH knows it then."""

from __future__ import annotations

import re

from ledger.errors import SignatureError, ValueRefused
from ledger.format import sshsig
from ledger.format.ed25519 import check_point
from ledger.format.sshsig import PublicKey
from ledger.keys.signers import Signer

__all__ = ["allowed_signers_line", "check_possession", "possession_message", "prove"]

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def possession_message(origin: str, person: str, key: PublicKey) -> bytes:
    """Write what a key signs to show who holds it (docs/reference/format.md, *Signature*)."""
    _check_word(origin, "an origin")
    _check_word(person, "a person's reference")
    return f"school-ledger key v1\n{origin}\n{person}\n{key.line}\n".encode("ascii")


def prove(signer: Signer, origin: str, person: str) -> bytes:
    """Return the proof, a binary SSHSIG blob, that the person holds the signer's key."""
    return signer.sign(possession_message(origin, person, signer.public), sshsig.KEY)


def check_possession(blob: bytes, origin: str, person: str, key: PublicKey) -> None:
    """Refuse a key that may not be enrolled: unsound, or not shown to be held by the person."""
    check_point(key.point)
    made_by = sshsig.verify_blob(possession_message(origin, person, key), blob, sshsig.KEY)
    if made_by.line != key.line:
        raise SignatureError(
            "another key signed the proof of possession",
            got=made_by.line,
            expected=key.line,
            todo="`school-ledger key prove` signs it with the key that is to be enrolled.",
        )


def allowed_signers_line(
    person: str,
    key: PublicKey,
    valid_after: str | None = None,
    valid_before: str | None = None,
) -> str:
    """Write a line for `ssh-keygen -Y verify -f` (ssh-keygen(1), "ALLOWED SIGNERS").

    The times are the record's, `2026-10-05T09:12:44Z`; both ends are part of the period.
    """
    _check_word(person, "a person's reference")
    options = [f'namespaces="{sshsig.STATEMENT}"']
    if valid_after is not None:
        options.append(f'valid-after="{_openssh_time(valid_after)}"')
    if valid_before is not None:
        options.append(f'valid-before="{_openssh_time(valid_before)}"')
    return f"{person} {','.join(options)} {key.line}"


def _check_word(value: str, what: str) -> None:
    """Refuse what would run into the next part of a line; the grammars are `values`' matter."""
    # Commas and wildcards have a meaning in allowed_signers, and in no reference.
    if value.isascii() and value.isprintable() and not set(value) & set(' ",*?!#') and value:
        return
    raise ValueRefused(f"{what} cannot be this", got=value, expected="one word of plain ASCII")


def _openssh_time(time: str) -> str:
    if not _TIME.fullmatch(time):
        raise ValueRefused("a time cannot be this", got=time, expected="as 2026-10-05T09:12:44Z")
    return re.sub(r"[-:T]", "", time)

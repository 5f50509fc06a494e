"""Signing keys: read from a file, held by ssh-agent or on a security key, or made here.

All are OpenSSH's own, in its own files, so a person may use a key that `ssh-keygen` made, and
`ssh-keygen` a key that this made::

    >>> signer = load(Path("~/.ssh/id_ed25519").expanduser(), ask=getpass)
    >>> blob = signer.sign(statement, sshsig.STATEMENT)

A private key that is a plain file is read here; one that ssh-agent or a security key holds never
leaves it: `ssh-keygen -Y sign` asks it to sign. Whatever signs, the signature is verified before
it is handed on.
"""

from ledger.keys.enrolling import (
    allowed_signers_line,
    check_possession,
    possession_message,
    prove,
)
from ledger.keys.making import generate
from ledger.keys.reading import Ask, load
from ledger.keys.signers import AgentSigner, FileSigner, MemorySigner, Signer, in_memory

__all__ = [
    "AgentSigner",
    "Ask",
    "FileSigner",
    "MemorySigner",
    "Signer",
    "allowed_signers_line",
    "check_possession",
    "generate",
    "in_memory",
    "load",
    "possession_message",
    "prove",
]

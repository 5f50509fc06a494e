"""A witness: somebody outside who cosigns a log's checkpoints, and never two that contradict.

::

    new_witness_key(Path("w.key"), "harbour.example/witness")
    witness = Witness(Path("w.key"))
    presented = Presented(note, log_verifier)
    cosigned = witness.cosign(presented, int(time.time()), extended_by(proof))

A witness keeps, for each log, the last checkpoint that it cosigned, and cosigns another only if it
extends that one (c2sp.org/tlog-witness, c2sp.org/tlog-cosignature). The first one is taken on
trust: `Cosigned.held` is None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from ledger.errors import InconsistentError, KeyFileError, NoteError, ProofError
from ledger.log.checkpoint import (
    Checkpoint,
    advance,
    cosign,
    format_checkpoint,
    open_checkpoint,
    parse_checkpoint,
)
from ledger.log.consistency import Extension
from ledger.log.note import Algorithm, open_note, parse_verifier, split_note, write_note
from ledger.transparency.last_signed import MAKE_ONE, Held, read_witness_key

__all__ = [
    "Cosigned",
    "Presented",
    "Prove",
    "Witness",
    "cosigned_bytes",
    "extended_by",
    "log_verifier_in",
    "unproved",
]

# The grammar of format.md, so that an origin is a file's name once its slashes are escaped.
_ORIGIN = re.compile(r"[a-z0-9.-]+(?:/[a-z0-9._-]+)*")
_LONGEST_ORIGIN = 100

Prove = Callable[[Checkpoint | None, Checkpoint], Sequence[bytes]]
"""Returns the hashes that lead from what is held, if anything, to a newer checkpoint."""


class Presented(NamedTuple):
    """A checkpoint as it is presented, and the verifier key of the log that must have signed it.

    `log_changed` takes another log key than the one held. `personal` are the points of keys that
    are known to sign statements, with their holders.
    """

    note: bytes
    log: str
    log_changed: bool = False
    personal: Mapping[bytes, str] = MappingProxyType({})


class Cosigned(NamedTuple):
    """A checkpoint with the witness's line on it; `held` is what it extends, None at first."""

    note: bytes
    checkpoint: Checkpoint
    held: Checkpoint | None


class Witness:
    """A witness with its key and its memory: one file for each log, beside the key."""

    def __init__(self, path: Path) -> None:
        """Read the key from its file; raise KeyFileError if it cannot be used."""
        self._signer = read_witness_key(path)
        self.path = path

    @property
    def verifier(self) -> str:
        """The verifier key of this witness, to be given to anyone."""
        return self._signer.verifier

    def memory(self, origin: str) -> Path:
        """Return the file that keeps the last checkpoint cosigned of a log."""
        if len(origin) > _LONGEST_ORIGIN or not _ORIGIN.fullmatch(origin):
            raise NoteError(
                "The checkpoint is of no ledger of this kind",
                got=origin,
                expected="an origin in lower case, such as northwick.example/support",
            )
        return self.path.with_name(f"{self.path.name}.{origin.replace('/', '%2F')}.last")

    def cosign(self, presented: Presented, time: int, prove: Prove) -> Cosigned:
        """Cosign a checkpoint, at `time` in seconds since 1970.

        Raises InconsistentError with the evidence of both sides if it does not extend what this
        witness cosigned before, and KeyFileError if the memory of that cannot be read or written
        or if this key is no witness's own.
        """
        checkpoint = self.preview(presented)
        memory = Held(self.memory(checkpoint.origin))
        with memory.alone():
            held = self._held(memory, presented, time)
            _check_advance(held, checkpoint, prove(held, checkpoint))
            cosigned = cosign(presented.note, self._signer, time)
            memory.replace(self._own_lines(cosigned, presented.log))
        return Cosigned(cosigned, checkpoint, held)

    def preview(self, presented: Presented) -> Checkpoint:
        """Return the checkpoint that a log signed, if this key may cosign it at all."""
        self._check_own(presented)
        return open_checkpoint(presented.note, presented.log).checkpoint

    def _check_own(self, presented: Presented) -> None:
        """Refuse a key that signs anything else: a cosignature would be no second opinion."""
        point = parse_verifier(self.verifier).point
        of_log = point == parse_verifier(presented.log).point
        whose = "the log" if of_log else presented.personal.get(point)
        if whose is not None:
            raise KeyFileError(
                f"{self.path} is no witness's own key: {whose} signs with it",
                got=self.verifier,
                todo=f"Nothing was signed. A witness has a key of its own: {MAKE_ONE}",
            )

    def _held(self, memory: Held, presented: Presented, time: int) -> Checkpoint | None:
        """Return the last checkpoint cosigned, if it was of a log with that key, and not later."""
        data = memory.read()
        if data is None:
            return None
        try:
            note = open_note(data, [self.verifier])
            held = parse_checkpoint(note.text)
        except NoteError as error:
            raise KeyFileError(
                f"{memory.path} is not the last checkpoint that this witness cosigned: {error}",
                todo="Nothing was signed. Restore the file from a copy; a witness that forgot what"
                " it cosigned must begin again with a new key.",
            ) from error
        if not presented.log_changed:
            _check_same_log(data, presented.log, held)
        _check_clock(note.signatures[0].timestamp or 0, time)
        return held

    def _own_lines(self, note: bytes, log: str) -> bytes:
        """Return a note with the log's line and this witness's only: what must be remembered."""
        text, signatures = split_note(note)
        keep = {(key.name, key.key_hash) for key in map(parse_verifier, (log, self.verifier))}
        return write_note(text, [each for each in signatures if (each.name, each.key_hash) in keep])


def _check_clock(held: int, time: int) -> None:
    if time < held:
        raise NoteError(
            "This machine's clock is behind the last cosignature",
            got=time,
            expected=f"at least {held}, in seconds since 1970",
            todo="Nothing was signed. Set the clock right and try again.",
        )


def _check_same_log(held: bytes, log: str, checkpoint: Checkpoint) -> None:
    """Refuse another log key than the one whose signature is remembered."""
    try:
        open_checkpoint(held, log)
    except NoteError as error:
        raise InconsistentError(
            "The log signs with another key than it did; nothing was signed:\n"
            f"  held: {checkpoint}, not signed by that key\n"
            f"  key:  {log}\n"
            "Ask the registrar: if the log changed its key, the former key has signed a checkpoint"
            " that covers the change. When you are sure, say --log-key-changed."
        ) from error


def _check_advance(held: Checkpoint | None, new: Checkpoint, proof: Sequence[bytes]) -> None:
    try:
        advance(held, new, proof)
    except (NoteError, ProofError) as error:
        raise InconsistentError(f"Nothing was signed. {error}") from error


def cosigned_bytes(checkpoint: Checkpoint, time: int) -> bytes:
    """Return the exact bytes that a cosignature signs (tlog-cosignature, "signed message")."""
    return b"cosignature/v1\ntime %d\n" % time + format_checkpoint(checkpoint)


def log_verifier_in(text: str) -> str:
    """Return the one log's verifier key that a text holds, such as a trust card.

    Raises NoteError if it holds none, or two that differ.
    """
    found = {word for word in text.split() if word.count("+") > 1 and _is_log_verifier(word)}
    if len(found) != 1:
        raise NoteError(
            "This does not hold one log key",
            got=" and ".join(sorted(found)) or "none",
            expected="a trust card, or a line name+hash+key",
            todo="`school-ledger init` printed the trust card; ask the registrar for it.",
        )
    return found.pop()


def _is_log_verifier(word: str) -> bool:
    try:
        return parse_verifier(word).algorithm is Algorithm.ED25519
    except NoteError:
        return False


# -- where the proof comes from ------------------------------------------------------------


def extended_by(proof: Extension) -> Prove:
    """Return the proof that came with a checkpoint; it must begin where the witness stands."""

    def prove(held: Checkpoint | None, new: Checkpoint) -> Sequence[bytes]:
        size = held.size if held is not None else 0
        if proof.old != size:
            raise ProofError(
                "The proof does not begin where this witness stands",
                got=f"a proof from size {proof.old}",
                expected=f"one from size {size}",
                todo=f"Ask the log for `school-ledger log checkpoint --since {size}`.",
            )
        _check_same_text(proof, new)
        return proof.hashes

    return prove


def _check_same_text(proof: Extension, new: Checkpoint) -> None:
    if split_note(proof.note)[0] != format_checkpoint(new):
        raise ProofError(
            "The proof is of another checkpoint",
            got=str(parse_checkpoint(split_note(proof.note)[0])),
            expected=str(new),
            todo="Give the proof that the log wrote with this checkpoint.",
        )


def unproved(held: Checkpoint | None, new: Checkpoint) -> Sequence[bytes]:
    """Return the empty proof, which is enough at first and for the same tree again."""
    if held is not None and 0 < held.size < new.size:
        raise ProofError(
            "Nothing shows that the checkpoint extends the one held",
            got=str(new),
            expected=f"a proof from {held}",
            todo=f"Ask the log for `school-ledger log checkpoint --since {held.size}`, which holds"
            " both; or name a copy of the ledger with --ledger.",
        )
    return ()

"""What a ledger can prove to others, and which keys its log is signed with.

::

    proved = prove(ledger, "0193ab12", note)        # that an event is in the log
    data = extension(ledger, held_size, note)       # that the log only grew since

Everything is proved in a checkpoint that the log signed, and from the ledger's own tree; a ledger
that does not have the checkpoint's root proves nothing and shows both sides.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ledger.domain.registers import ledger as ledgers
from ledger.errors import InconsistentError, NotFoundError
from ledger.format.entry import Entry, read_entry
from ledger.format.sshsig import PublicKey
from ledger.log.checkpoint import Checkpoint, OpenedCheckpoint, open_checkpoint
from ledger.log.consistency import format_extension
from ledger.log.merkle import Tree, leaf_hash
from ledger.log.proof import TlogProof, format_proof, verify_proof
from ledger.log.terms import Term, open_in_term, terms_of
from ledger.recording.application import Ledger
from ledger.transparency.trust_card import TrustCard

__all__ = [
    "Proved",
    "check_root",
    "check_size",
    "consistency_proof",
    "current_log_key",
    "extension",
    "log_key_of",
    "log_keys",
    "open_own",
    "personal_points",
    "prove",
    "trust_card",
]


class Proved(NamedTuple):
    """A proof in the tlog-proof format, and the bytes of the entry that it is of."""

    proof: bytes
    entry: bytes
    position: int


def log_keys(ledger: Ledger) -> tuple[str, ...]:
    """Return every verifier key that the log was ever signed with, the newest last."""
    keys = ledger.look(ledgers.log_keys())
    if not keys:
        raise NotFoundError(
            "the ledger is not founded yet", todo="Found it with `school-ledger init`."
        )
    return keys


def current_log_key(ledger: Ledger, signed: int) -> str:
    """Return the verifier key that signs next, `signed` being the last size signed.

    After LogKeyChanged the former key signs a checkpoint that covers it, the new key all later ones
    (docs/reference/format.md, *Log*).
    """
    keys = log_keys(ledger)
    changes = ledger.store.by_types(["LogKeyChanged"], before=signed + 1)
    return keys[min(len(changes), len(keys) - 1)]


def log_key_of(ledger: Ledger, note: bytes) -> str:
    """Return the log key that anchors a checkpoint; raise NoteError if none of this ledger does."""
    return _open_own(ledger, note)[1].key


def open_own(ledger: Ledger, note: bytes) -> OpenedCheckpoint:
    """Open a checkpoint of this ledger by the log key in use then; NoteError if that is not so."""
    return _open_own(ledger, note)[0]


def _open_own(ledger: Ledger, note: bytes) -> tuple[OpenedCheckpoint, Term]:
    log_keys(ledger)
    named = ledger.look(ledgers.log_key_terms())
    return open_in_term(note, terms_of(named))


def check_root(ledger: Ledger, claimed: Checkpoint) -> Tree:
    """Return the ledger's tree, or raise InconsistentError unless it has that checkpoint's root."""
    ledger.head()
    tree = Tree(ledger.store.log)
    here = Checkpoint(ledger.origin, tree.size, tree.root())
    if claimed.size <= tree.size:
        here = Checkpoint(ledger.origin, claimed.size, tree.root(claimed.size))
    if here != claimed:
        raise InconsistentError(
            "The checkpoint is not of this ledger, or one of them was rewritten:\n"
            f"  checkpoint:  {claimed}\n"
            f"  this ledger: {here}\n"
            "Is this a copy of the ledger made since? If so, keep both as evidence."
        )
    return tree


def prove(ledger: Ledger, event: str, note: bytes) -> Proved:
    """Return the proof that an event's entry is in the tree of a checkpoint of this ledger.

    Raises NotFoundError for an event that the checkpoint does not cover, InconsistentError for a
    checkpoint of another history.
    """
    key = log_key_of(ledger, note)
    checkpoint = open_checkpoint(note, key).checkpoint
    tree = check_root(ledger, checkpoint)
    entry: Entry[Any] = ledger.find(event)
    if entry.position > checkpoint.size:
        raise NotFoundError(
            f"the checkpoint does not cover event {entry.id}",
            got=f"entry {entry.position}, a checkpoint of {checkpoint.size} entries",
            todo="Prove it in a newer checkpoint; without --checkpoint a new one is signed.",
        )
    data = ledger.raw(entry.position)
    index = entry.position - 1
    proof = TlogProof(index, tuple(tree.inclusion_proof(index, checkpoint.size)), note)
    # Whoever gets the proof checks it so; a stored log that was tampered with shows here.
    verify_proof(proof, data, key)
    return Proved(format_proof(proof), data, entry.position)


def consistency_proof(ledger: Ledger, old: Checkpoint | None, new: Checkpoint) -> list[bytes]:
    """Return the hashes that lead from a checkpoint that somebody holds to a newer one.

    Raises InconsistentError if this ledger's own history is not the one of both.
    """
    tree = check_root(ledger, new)
    if old is None or old.size == 0 or old.size > new.size:
        return []
    check_root(ledger, old)
    return tree.consistency_proof(old.size, new.size)


def extension(ledger: Ledger, old: Checkpoint | int, note: bytes) -> bytes:
    """Write a checkpoint with the proof that it extends an older one, or an older size.

    The form is the body of tlog-witness's add-checkpoint, which `log cosign` reads.
    """
    new = open_own(ledger, note).checkpoint
    if isinstance(old, Checkpoint):
        return format_extension(old.size, consistency_proof(ledger, old, new), note)
    check_size(old, new.size)
    hashes = check_root(ledger, new).consistency_proof(old, new.size) if old else []
    return format_extension(old, hashes, note)


def check_size(old: int, size: int) -> int:
    """Return an older size, or raise NotFoundError if a ledger of `size` entries never had it."""
    if not 0 <= old <= size:
        raise NotFoundError(
            "the ledger never had that size",
            got=old,
            expected=f"a size from 0 to {size}",
            todo="Whoever holds the newer checkpoint: ask for it, it may be of another history.",
        )
    return old


def personal_points(ledger: Ledger) -> dict[bytes, str]:
    """Return whose each key is that was ever enrolled, by the key's own 32 bytes.

    A key is its point, whatever its type (docs/reference/format.md, *Signature*); a witness must
    have another.
    """
    points: dict[bytes, str] = {}
    for row in ledger.store.by_types(["LedgerFounded", "KeyEnrolled"]):
        entry = read_entry(*row)
        for member in entry.data.get("registrars", [entry.data]):
            points[PublicKey.parse(member["public_key"]).point] = member["person"]
    return points


def trust_card(ledger: Ledger) -> TrustCard:
    """Return what others must hold to know this ledger from another that says it is this one."""
    return TrustCard(ledger.origin, log_keys(ledger)[0], leaf_hash(ledger.raw(1)))

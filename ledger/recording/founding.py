"""Founding a ledger: leaf 0, its registrars, and the key that signs its log.

::

    log_key = new_log_key("northwick.example/support")
    with Ledger.open("northwick.db", create=True) as ledger:
        ledger.append(founding(Founding(origin, "Northwick", (registrar,), log_key.verifier), now))
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from ledger import keys
from ledger.days import today
from ledger.errors import KeyFileError, NoteError
from ledger.format.entry import Submission, parse_event
from ledger.format.statement import NAMESPACE, Envelope, draft, new_id, tree_head, write_time
from ledger.keys import Signer
from ledger.log.merkle import EMPTY_ROOT
from ledger.log.note import NoteSigner
from ledger.values import REGISTRAR

_LOG_KEY = "PRIVATE+KEY"
_ED25519 = b"\x01"
_SEED_BYTES = 32


class Registrar(NamedTuple):
    """A founding registrar: the person, and the key that they hold."""

    person: str
    signer: Signer


class Founding(NamedTuple):
    """What founds a ledger: its origin and title, its registrars, its log's verifier key.

    The first registrar signs; `others` are further ones as they proved their keys themselves:
    person, key, public_key and proof.
    """

    origin: str
    title: str
    registrars: tuple[Registrar, ...]
    log_verifier: str
    others: tuple[dict[str, str], ...] = ()


def founding(
    ledger: Founding,
    now: datetime,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> Submission:
    """Return the signed statement that founds a ledger, by the first of its registrars."""
    origin, registrars = ledger.origin, ledger.registrars
    data = {
        "format": 1,
        "log_key": ledger.log_verifier,
        "origin": origin,
        "registrars": [*(_registrar(origin, one) for one in registrars), *ledger.others],
        "title": ledger.title,
    }
    event = parse_event("LedgerFounded.v1", data)
    envelope = Envelope(
        origin,
        new_id(now, random_bytes),
        write_time(now),
        today(now),
        registrars[0].person,
        REGISTRAR,
        tree_head(0, EMPTY_ROOT),
    )
    drafted = draft(event, envelope, {}, random_bytes)
    signature = registrars[0].signer.sign(drafted.statement, NAMESPACE)
    return Submission(drafted.statement, base64.b64encode(signature).decode(), ())


def _registrar(origin: str, registrar: Registrar) -> dict[str, str]:
    return {"person": registrar.person, **key_members(origin, registrar.person, registrar.signer)}


def key_members(origin: str, person: str, signer: Signer) -> dict[str, str]:
    """Return a key as KeyEnrolled and LedgerFounded say it, with the proof that it is held."""
    proof = keys.prove(signer, origin, person)
    return {
        "key": f"key:{signer.public.fingerprint}",
        "public_key": signer.public.line,
        "proof": base64.b64encode(proof).decode(),
    }


def new_log_key(origin: str, seed: bytes | None = None) -> NoteSigner:
    """Return a fresh key for signing a ledger's checkpoints, named by its origin."""
    return NoteSigner(origin, secrets.token_bytes(_SEED_BYTES) if seed is None else seed)


def write_log_key(origin: str, key_hash: str, seed: bytes) -> str:
    """Return a log key as one line of text: `PRIVATE+KEY+<origin>+<hash>+<key>`, to be kept secret.

    The form is that of Go's note package, so that other tools of transparency logs read it.
    """
    encoded = base64.b64encode(_ED25519 + seed).decode()
    return f"{_LOG_KEY}+{origin}+{key_hash}+{encoded}\n"


def parse_log_key(text: str) -> NoteSigner:
    """Return the log key that a line of text holds; raise KeyFileError if it holds none."""
    prefix = f"{_LOG_KEY}+"
    # Base64 has plus signs of its own, names have none.
    parts = text.strip().removeprefix(prefix).split("+", 2)
    try:
        raw = base64.b64decode(parts[2], validate=True)
        signer = NoteSigner(parts[0], raw[1:])
    except (IndexError, ValueError, NoteError) as error:
        raise _no_log_key() from error
    if not text.startswith(prefix) or raw[:1] != _ED25519 or signer.key_hash != parts[1]:
        raise _no_log_key()
    return signer


def _no_log_key() -> KeyFileError:
    return KeyFileError(
        "the log key cannot be read",
        expected=f"one line {_LOG_KEY}+<origin>+<hash>+<key>, as `school-ledger init` writes it",
    )

"""The worked examples of docs/reference/format.md, each made by a run of the code.

Run `python tests/format_examples.py` to write them into the document anew, after a change of what
they show: a change of bytes in a format that is in use is a fault, unless it adds to it.
"""

from __future__ import annotations

import base64
import json
import re
import struct
from collections.abc import Callable, Iterator
from hashlib import sha256, sha512
from pathlib import Path

import orjson
from nacl.bindings import crypto_sign

from ledger import keys
from ledger.decision_model.rules import EVER
from ledger.domain.decide import RULES
from ledger.events import CATALOGUE, examples
from ledger.format import sshsig
from ledger.format.entry import EntryParts, Submission, entry_tags, parse_entry, parse_signature
from ledger.format.sealed import Disclosure, commitment, parse_disclosure
from ledger.format.statement import NAMESPACE, Statement, read_time
from ledger.log.checkpoint import Checkpoint, cosign, sign
from ledger.log.consistency import format_extension
from ledger.log.merkle import EMPTY_ROOT, MemoryNodes, Tree, leaf_hash, node_hash
from ledger.log.note import Algorithm, NoteSigner, parse_verifier
from ledger.log.proof import TlogProof, format_proof
from ledger.recording.founding import new_log_key
from ledger.transparency.trust_card import TrustCard

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "format.md"
GOLDEN = Path(__file__).parent / "golden"
MARK = re.compile(
    r"(?P<mark><!-- example: (?P<name>[a-z-]+) -->\n)"
    r"(?:(?P<fence>```[a-z]*\n)(?P<block>.*?)```\n|(?P<table>(?:\|[^\n]*\n)+))",
    re.DOTALL,
)
_WIDTH = 16


def golden(name: str) -> bytes:
    """Return the bytes of a golden entry."""
    return (GOLDEN / "entries" / f"{name}.v1.json").read_bytes().removesuffix(b"\n")


def parts(name: str) -> EntryParts:
    """Return the parts of a golden entry."""
    return parse_entry(golden(name))


VISIT = parts("VisitMade")
#: Three entries in the order of a history: what the tree is shown with.
THREE = [golden(name) for name in ("LedgerFounded", "LedgerRulesSet", "PersonEnrolled")]


def statement() -> str:
    return VISIT.statement.raw.decode()


# -- signatures ------------------------------------------------------------------------------------


def _labelled(pieces: list[tuple[str, bytes]]) -> str:
    """Write bytes in hex, each piece with where it begins, its length and what it is."""
    lines, at = [], 0
    for what, piece in pieces:
        for start in range(0, len(piece), _WIDTH):
            row = piece[start : start + _WIDTH].hex()
            told = f"{at:4} {len(piece):3}  " if start == 0 else " " * 10
            lines.append(f"{told}{row:<34}{what if start == 0 else ''}".rstrip())
        at += len(piece)
    return "\n".join(lines)


def _fields(blob: bytes, names: list[tuple[str, int | None]]) -> list[tuple[str, bytes]]:
    """Cut bytes into pieces: of a length, or (None) an SSH string, length and content."""
    pieces, at = [], 0
    for what, fixed in names:
        size = fixed or 0
        if fixed is None:
            pieces.append((f"length of the {what}", blob[at : at + 4]))
            (size,) = struct.unpack(">I", blob[at : at + 4])
            at += 4
        if size:
            pieces.append((what, blob[at : at + size]))
        at += size
    assert at == len(blob), (at, len(blob))
    return pieces


_PLAIN_BLOB: list[tuple[str, int | None]] = [
    ("magic, SSHSIG", 6),
    ("version, 1", 4),
    ("length of the public key", 4),
    ("key's type, ssh-ed25519", None),
    ("point A", None),
    ("namespace, statement@school-ledger", None),
    ("reserved field, empty", None),
    ("hash's name, sha512", None),
    ("length of the signature field", 4),
    ("signature's type, ssh-ed25519", None),
    ("signature, R then S", None),
]


def signature_bytes() -> str:
    return _labelled(_fields(parse_signature(VISIT.signature), _PLAIN_BLOB))


_SIGNED: list[tuple[str, int | None]] = [
    ("magic, SSHSIG", 6),
    ("namespace, statement@school-ledger", None),
    ("reserved field, empty", None),
    ("hash's name, sha512", None),
    ("digest, SHA-512 of the statement", None),
]


def signed_bytes() -> str:
    data = sshsig.signed_data(VISIT.statement.raw, NAMESPACE)
    sshsig.verify_blob(VISIT.statement.raw, parse_signature(VISIT.signature), NAMESPACE)
    assert data.endswith(sha512(VISIT.statement.raw).digest())
    return _labelled(_fields(data, _SIGNED))


def security_key_bytes() -> str:
    """Show what a security key signs; a key made up here signs it, and it verifies."""
    application, presence = "ssh:", bytes([1]) + struct.pack(">I", 7)
    signed = sshsig.signed_data(VISIT.statement.raw, NAMESPACE)
    message = sha256(application.encode()).digest() + presence + sha256(signed).digest()
    signer = keys.in_memory(examples.seed("a security key"))
    raw = crypto_sign(message, signer._secret)[:64]
    public = sshsig.PublicKey(signer.public.point, sshsig.SECURITY_KEY, application)
    sshsig.Signature(public, raw, presence, NAMESPACE).check(VISIT.statement.raw)
    return _labelled(
        _fields(
            message,
            [
                ("SHA-256 of the application, ssh:", 32),
                ("flags: the person was present", 1),
                ("counter, 7", 4),
                ("SHA-256 of the bytes that a plain key would sign", 32),
            ],
        )
    )


def _enrolled() -> tuple[Statement, sshsig.PublicKey]:
    said = parts("KeyEnrolled").statement
    return said, sshsig.PublicKey.parse(said.data["public_key"])


def possession() -> str:
    said, key = _enrolled()
    message = keys.possession_message(said.source, said.data["person"], key)
    proof = base64.b64decode(said.data["proof"])
    keys.check_possession(proof, said.source, said.data["person"], key)
    return message.decode().removesuffix("\n")


def fingerprint() -> str:
    said, key = _enrolled()
    assert said.data["key"] == f"key:{key.fingerprint}"
    digest = sha256(sshsig.PublicKey(key.point).blob).digest()
    return f"{digest.hex()}\nkey:{key.fingerprint}"


# -- entries ---------------------------------------------------------------------------------------


def entry() -> str:
    return golden("VisitMade").decode()


def leaf() -> str:
    return leaf_hash(golden("VisitMade")).hex()


def tags() -> str:
    key = sshsig.split(parse_signature(VISIT.signature), NAMESPACE).key
    return "\n".join(entry_tags(VISIT.statement, f"key:{key.fingerprint}"))


def _disclosure() -> Disclosure:
    expected = json.loads((GOLDEN / "expected" / "VisitMade.v1.json").read_text(encoding="utf-8"))
    return parse_disclosure(expected["disclosures"][0])


def submission() -> str:
    line = Submission(VISIT.statement.raw, VISIT.signature, (_disclosure(),)).as_line().decode()
    return line.replace(statement(), "S").replace(VISIT.signature, "B")


# -- the log ---------------------------------------------------------------------------------------


def _tree(count: int = 3) -> Tree:
    made = Tree(MemoryNodes())
    made.append([leaf_hash(one) for one in THREE[:count]])
    return made


def tree() -> str:
    made = _tree()
    leaves = [leaf_hash(one) for one in THREE]
    left = node_hash(leaves[0], leaves[1])
    assert made.root() == node_hash(left, leaves[2])
    rows = [
        ("leaf 0", leaves[0]),
        ("leaf 1", leaves[1]),
        ("leaf 2", leaves[2]),
        ("node over leaves 0 and 1", left),
        ("root at size 0", EMPTY_ROOT),
        ("root at size 1", made.root(1)),
        ("root at size 2", made.root(2)),
        ("root at size 3", made.root(3)),
    ]
    return "\n".join(f"{what:26}{value.hex()}" for what, value in rows)


def seen() -> str:
    return f"3:{base64.b64encode(_tree().root()).decode()}"


def _log_key() -> NoteSigner:
    return new_log_key(examples.ORIGIN, bytes(32))


def _witness_key() -> NoteSigner:
    seed = examples.seed("a witness's key")
    return NoteSigner("harbour.example/witness", seed, Algorithm.COSIGNATURE_V1)


def _note(size: int = 3) -> bytes:
    return sign(Checkpoint(examples.ORIGIN, size, _tree().root(size)), _log_key())


def verifier_key() -> str:
    key = parse_verifier(_log_key().verifier)
    hashed = key.name.encode() + b"\n" + bytes([key.algorithm]) + key.point
    assert sha256(hashed).hexdigest()[:8] == key.key_hash
    return (
        f"name        {key.name}\nalgorithm   {key.algorithm:02x}\npoint       {key.point.hex()}\n"
        f"SHA-256     {sha256(hashed).hexdigest()}\nverifier    {_log_key().verifier}"
    )


def checkpoint() -> str:
    return _note().decode().removesuffix("\n")


_COSIGNED_AT = int(read_time("2024-09-02T12:00:00Z").timestamp())


def cosigned() -> str:
    note = cosign(_note(), _witness_key(), _COSIGNED_AT).decode()
    return f"{_witness_key().verifier}\n\n{note.splitlines()[-1]}"


def tlog_proof() -> str:
    hashes = tuple(_tree().inclusion_proof(1, 3))
    return format_proof(TlogProof(1, hashes, _note())).decode().removesuffix("\n")


def extension() -> str:
    hashes = _tree().consistency_proof(2, 3)
    return format_extension(2, hashes, _note()).decode().removesuffix("\n")


def trust_card() -> str:
    said = parts("LedgerFounded").statement.data
    card = TrustCard(said["origin"], said["log_key"], leaf_hash(THREE[0]))
    return card.text().removesuffix("\n")


# -- sealed text -----------------------------------------------------------------------------------


def disclosure() -> str:
    return orjson.dumps(_disclosure().as_json(), option=orjson.OPT_SORT_KEYS).decode()


def commitment_made() -> str:
    said = _disclosure()
    assert VISIT.statement.sealed == {said.pointer: commitment(said)}
    message = b"\0".join((said.event.encode(), said.pointer.encode(), said.value.encode()))
    rows = [message.hex()[start : start + 64] for start in range(0, 2 * len(message), 64)]
    indented = ("\n" + " " * 12).join(rows)
    return f"salt        {said.salt.hex()}\nmessage     {indented}\ncommitment  {commitment(said)}"


# -- who may sign ----------------------------------------------------------------------------------


def signers() -> str:
    """Return who signs each event, as the rules say it."""
    rows = ["| event | is for |", "|---|---|"]
    for event in CATALOGUE:
        rule = RULES[event.__name__]
        said = "; or ".join(by.words + _grace(by.grace_days) for by in rule.by)
        source = ", with its published source if a registrar" if rule.registrar_needs_source else ""
        rows.append(f"| {event.__name__} | {said}{source} |")
    return "\n".join(rows)


def _grace(days: int) -> str:
    return f", up to {days} days after leaving" if 0 < days < EVER else ""


EXAMPLES: dict[str, Callable[[], str]] = {
    "statement": statement,
    "signature-bytes": signature_bytes,
    "signed-bytes": signed_bytes,
    "security-key-bytes": security_key_bytes,
    "fingerprint": fingerprint,
    "possession": possession,
    "entry": entry,
    "tags": tags,
    "submission": submission,
    "leaf": leaf,
    "tree": tree,
    "seen": seen,
    "verifier-key": verifier_key,
    "checkpoint": checkpoint,
    "cosignature": cosigned,
    "tlog-proof": tlog_proof,
    "extension": extension,
    "trust-card": trust_card,
    "disclosure": disclosure,
    "commitment": commitment_made,
    "signers": signers,
}


def shown(text: str) -> Iterator[tuple[str, str]]:
    """Go through the examples in a document: the name of each, and the lines that it shows."""
    for match in MARK.finditer(text):
        yield match["name"], match["block"] or match["table"] or ""


def written_anew(text: str) -> str:
    """Return the document with its examples as a run of the code makes them."""

    def made(match: re.Match[str]) -> str:
        lines = EXAMPLES[match["name"]]() + "\n"
        fence = match["fence"]
        return match["mark"] + (f"{fence}{lines}```\n" if fence else lines)

    return MARK.sub(made, text)


if __name__ == "__main__":
    PAGE.write_text(written_anew(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

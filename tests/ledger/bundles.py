"""A ledger of a few entries, and small bundles of it to be altered anywhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from ledger import keys
from ledger.bundle import Export, Signing, packing, write_bundle
from ledger.format.statement import new_id
from ledger.log.checkpoint import Checkpoint, sign
from ledger.log.merkle import leaf_hash
from ledger.log.note import NoteSigner
from ledger.recording.application import By, Ledger
from ledger.recording.founding import Founding, Registrar, founding, key_members, new_log_key
from ledger.transparency.proofs import log_keys
from ledger.transparency.trust_card import TrustCard

ORIGIN = "northwick.example/support"
REGISTRAR = "registrar@ledger"
BEGINS = datetime(2025, 9, 1, 9, tzinfo=UTC)
LATER = datetime(2025, 12, 1, 9, tzinfo=UTC)


class Small(NamedTuple):
    """A ledger with two registrars and a clock that goes on by a minute."""

    ledger: Ledger
    people: dict[str, str]
    signers: dict[str, keys.Signer]
    log_key: NoteSigner

    def say(self, by, event, /, **data):
        data = {name.rstrip("_"): value for name, value in data.items()}
        return self.ledger.say(event, data, self.signers[by], REGISTRAR, BEGINS.date())

    def key(self, name):
        return f"key:{self.signers[name].public.fingerprint}"

    def note(self, size=None, log_key=None):
        head = self.ledger.head() if size is None else self.ledger.head_at(size)
        return sign(Checkpoint(ORIGIN, head.size, head.root), log_key or self.log_key)

    def card(self):
        first = leaf_hash(self.ledger.raw(1))
        return TrustCard(ORIGIN, log_keys(self.ledger)[0], first)

    def signing(self, by="anna", office=REGISTRAR, now=LATER, person=None):
        return Signing(self.signers[by], By(person or self.people[by], office), now)

    def bundle(self, path, signing=None, **asked):
        export = Export(asked.pop("checkpoint", None) or self.note(), **asked)
        write_bundle(path, self.ledger, export, signing or self.signing())
        return path


def small(path):
    """Found a ledger with two registrars, who are named."""
    moments = iter(range(10_000))
    signers = {name: keys.in_memory(name.encode() * 8) for name in ("anna", "bert", "cleo", "dora")}
    people = {name: f"person:{new_id(BEGINS)}" for name in signers}
    log_key = new_log_key(ORIGIN, b"l" * 32)
    ledger = Ledger.open(
        str(path),
        create=True,
        clock=lambda: BEGINS + timedelta(minutes=next(moments)),
        clock_confirmed=True,
    )
    first = Registrar(people["anna"], signers["anna"])
    other = {
        "person": people["bert"],
        **key_members(ORIGIN, people["bert"], signers["bert"]),
    }
    first_said = Founding(ORIGIN, "Northwick", (first,), log_key.verifier, (other,))
    ledger.append(founding(first_said, BEGINS))
    made = Small(ledger, people, signers, log_key)
    for name in ("anna", "bert"):
        made.say("anna", "PersonEnrolled", person=people[name], name=name.title())
    return made


def enrolled(made, name, **appointed):
    """Enrol one more person with a key, and appoint them if it is said to what."""
    person = made.people[name]
    made.say("anna", "PersonEnrolled", person=person, name=name.title())
    made.say(
        "anna",
        "KeyEnrolled",
        person=person,
        **key_members(ORIGIN, person, made.signers[name]),
    )
    if appointed:
        said = {"basis": "substantive", "effective_on": "2025-09-01"} | appointed
        made.say("anna", "Appointed", person=person, **said)


def repacked(path, files):
    """Write files as a bundle's archive."""
    with path.open("w+b") as file, packing.packed(file) as pack:
        for name in packing.in_order(files):
            pack.add(name, [files[name]])
    return path

"""Attacks on a record and on bundles of it: each is found, by whoever holds what it takes."""

from __future__ import annotations

import base64
import re
import sqlite3
import zipfile
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import orjson
import pytest
from eventsourcing.dcb.api import DCBEvent
from two_years import ORIGIN, tell

from ledger import keys
from ledger.audit.authority_cache import Memo
from ledger.audit.by_entry import Register, inspect_rows
from ledger.audit.in_order import Judge
from ledger.bundle import Export, Signing, packing, write_bundle
from ledger.bundle.manifest import Manifest, Selection
from ledger.bundle.recipe import recipe
from ledger.bundle.writing import sums
from ledger.domain.registers import offices
from ledger.domain.registers.tenures import Tenure, Tenures
from ledger.errors import BundleError
from ledger.format import sshsig
from ledger.format.entry import parse_event, read_entry, write_entry
from ledger.format.statement import NAMESPACE, Envelope, draft, new_id, tree_head
from ledger.log.checkpoint import Checkpoint, sign
from ledger.log.merkle import MemoryNodes, Tree, leaf_hash
from ledger.recording.application import By, Ledger
from ledger.recording.founding import parse_log_key
from ledger.store import open_store
from ledger.transparency.proofs import log_keys
from ledger.transparency.trust_card import TrustCard
from ledger.verification.verify import verify_bundle, verify_store

pytestmark = pytest.mark.sampled(3)

NOW = datetime(2026, 8, 1, 9, tzinfo=UTC)
CEDAR = "school:900003"


class World(NamedTuple):
    """The demo's ledger: its lines, its people, its log's key, and what a verifier may hold."""

    folder: Path
    ledger: Ledger
    lines: tuple[bytes, ...]
    card: TrustCard
    note: bytes

    def signer(self, name):
        return keys.load(self.folder / "keys" / name)

    def person(self, name):
        return self.ledger.person_of(f"key:{self.signer(name).public.fingerprint}")

    def log_key(self):
        return parse_log_key((self.folder / "demo.db.log-key").read_text())

    def note_of(self, lines):
        """Sign a checkpoint over lines, as whoever has the log key can."""
        tree = tree_of(lines)
        return sign(Checkpoint(ORIGIN, tree.size, tree.root()), self.log_key())

    def bundle(self, path, **asked):
        """Export, by the registrar, and return the path."""
        signer = self.signer("registrar")
        by = By(self.person("registrar"), "registrar@ledger")
        export = Export(asked.pop("checkpoint", self.note), **asked)
        write_bundle(path, self.ledger, export, Signing(signer, by, NOW))
        return path


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    (folder / "keys").mkdir()
    with tell(folder, 7, lambda _: None) as ledger:
        lines = tuple(data for _, data in ledger.store.entries())
        card = TrustCard(ORIGIN, log_keys(ledger)[0], leaf_hash(lines[0]))
        made = World(folder, ledger, lines, card, b"")
        yield made._replace(note=made.note_of(lines))


@pytest.fixture(scope="module")
def whole(world, tmp_path_factory):
    return world.bundle(tmp_path_factory.mktemp("whole") / "whole.zip")


@pytest.fixture(scope="module")
def part(world, tmp_path_factory):
    path = tmp_path_factory.mktemp("part") / "part.zip"
    return world.bundle(path, selection=Selection(party=CEDAR), text="without-contacts")


def tree_of(lines):
    tree = Tree(MemoryNodes())
    tree.append([leaf_hash(line) for line in lines])
    return tree


class Lines:
    """Lines in memory, as a source of entries."""

    def __init__(self, lines):
        self.lines = lines

    def raw(self, position):
        return self.lines[position - 1]

    def thread(self, *_):
        raise AssertionError("authority asks for nothing that is not at hand")


def judged(lines, size=50):
    """Judge lines by themselves, in chunks of a size, and return what is found."""
    judge = Judge(Lines(lines))
    rows = list(enumerate(lines, 1))
    found = []
    for start in range(0, len(rows), size):
        chunk = rows[start : start + size]
        found += judge.take(chunk, inspect_rows(chunk))
    return found


def one_more(world, **changed):
    """Return the record with one more entry: a visit that Alder's head says was made."""
    said = {
        "by": "alder",
        "person": None,
        "office": "head@school:900001",
        "source": ORIGIN,
        "seen": tree_head(len(world.lines), tree_of(world.lines).root()),
        "time": "2026-07-20T10:00:00Z",
        "on": date(2026, 7, 20),
        "recorded_at": "2026-07-20T10:00:01Z",
        "event": "VisitMade",
        "data": {
            "visitor": "school:900001",
            "host": "school:900002",
            "purpose": "challenge",
            "mode": "on_site",
            "days": "1.0",
        },
    } | changed
    signer = said["signer"] if "signer" in said else world.signer(said["by"])
    envelope = Envelope(
        said["source"],
        new_id(NOW),
        said["time"],
        said["on"],
        said["person"] or world.person(said["by"]),
        said["office"],
        said["seen"],
    )
    statement = draft(parse_event(f"{said['event']}.v1", said["data"]), envelope, {}).statement
    blob = signer.sign(statement, NAMESPACE)
    signature = base64.b64encode(blob).decode()
    return [*world.lines, write_entry(said["recorded_at"], signature, statement)]


def test_an_entry_more_that_is_as_it_should_be_verifies(world):
    assert judged(one_more(world)) == []


UNENTITLED = {
    "a key that was never enrolled": (
        {"signer": keys.in_memory(b"a" * 32)},
        "is not enrolled in this ledger",
    ),
    "somebody else's key": (
        {"signer": None},
        "is the key of",
    ),
    "the head of another school": (
        {"by": "birch", "office": "head@school:900002"},
        "is not for head@school:900002 to sign",
    ),
    "an office that the signer does not hold": (
        {"by": "birch"},
        "does not hold the office head@school:900001 on 2026-07-20",
    ),
    "last year's head": (
        {"by": "cedar", "office": f"head@{CEDAR}", "visitor": CEDAR},
        f"does not hold the office head@{CEDAR}",
    ),
    "last year's head, recorded as if it were last year": (
        {
            "by": "cedar",
            "office": f"head@{CEDAR}",
            "visitor": CEDAR,
            "recorded_at": "2025-07-20T10:00:01Z",
            "time": "2025-07-20T10:00:00Z",
            "on": date(2025, 7, 20),
        },
        f"does not hold the office head@{CEDAR}",
    ),
    "a statement to another ledger": (
        {"source": "southwick.example/support"},
        "it is a statement to southwick.example/support; this ledger is northwick.example/support",
    ),
    "a history that is still to come": (
        {"seen": tree_head(900, bytes(32))},
        "its signer saw 900 entries, and 174 stand before it: one of them was removed",
    ),
    "nothing before it": (
        {"seen": tree_head(0, Tree(MemoryNodes()).root())},
        "its signer saw 0 entries",
    ),
    "another history": (
        {"seen": tree_head(100, bytes(32))},
        "its signer saw another history",
    ),
    "a signer's clock that is ahead": (
        {"time": "2026-07-20T10:05:02Z"},
        "it is signed at 2026-07-20T10:05:02Z, and was recorded at 2026-07-20T10:00:01Z already",
    ),
    "what lies ahead": (
        {"on": date(2026, 7, 21)},
        "it tells of 2026-07-21, and was recorded at 2026-07-20T10:00:01Z already",
    ),
    "a key enrolled with another's proof": (
        {"event": "KeyEnrolled", "by": "registrar", "office": "registrar@ledger", "key": True},
        "does not hold",
    ),
}


@pytest.mark.parametrize(("changed", "sentence"), UNENTITLED.values(), ids=UNENTITLED)
def test_a_signed_entry_that_should_not_be_there_is_found(world, changed, sentence):
    changed = dict(changed)
    if "visitor" in changed:
        visit = {"purpose": "challenge", "mode": "on_site", "days": "1.0"}
        changed["data"] = {"visitor": changed.pop("visitor"), "host": "school:900002", **visit}
    if "signer" in changed and changed["signer"] is None:
        changed["signer"] = world.signer("birch")
    if changed.pop("key", False):
        first = orjson.loads(world.lines[0])["statement"]["data"]["registrars"][0]
        fresh = keys.in_memory(b"b" * 32).public
        changed["data"] = {
            "person": world.person("birch"),
            "key": f"key:{fresh.fingerprint}",
            "public_key": fresh.line,
            "proof": first["proof"],
        }
    found = judged(one_more(world, **changed))
    assert {one.position for one in found} == {len(world.lines) + 1}
    assert any(sentence in one.sentence for one in found), found


def test_a_key_enrolled_twice_is_found(world):
    known = next(
        said["data"]
        for said in (orjson.loads(line)["statement"] for line in world.lines)
        if said["type"] == "KeyEnrolled.v1"
    )
    lines = one_more(
        world, event="KeyEnrolled", by="registrar", office="registrar@ledger", data=known
    )
    (finding,) = judged(lines)
    assert finding.sentence.endswith("is enrolled already; a key is enrolled once, ever")


def test_what_nobody_was_entitled_to_say_gives_nobody_authority(world):
    """Birch's head appoints herself to Alder and then signs for it: both are found."""
    birch = world.person("birch")
    seized = one_more(
        world,
        event="Appointed",
        by="birch",
        office="head@school:900002",
        data={
            "person": birch,
            "office": "head@school:900001",
            "basis": "substantive",
            "effective_on": "2026-07-19",
        },
    )
    lines = one_more(world._replace(lines=tuple(seized)), by="birch")
    found = {(one.check, one.position) for one in judged(lines)}
    assert found == {("authority", len(lines) - 1), ("authority", len(lines))}


@pytest.mark.parametrize("size", [1, 7, 50, 1000])
def test_the_same_is_found_in_chunks_of_any_size(world, size):
    lines = list(world.lines)
    lines[99] = lines[99].replace(b'"time":"20', b'"time":"19')
    assert judged(lines, size) == judged(lines, 13)


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2026, 9, 1), None, ("2026-09-01", "2026-10-05", "2099-12-31")),
        (date(2026, 9, 1), date(2026, 10, 31), ("2026-09-01", "2026-10-05", "2026-10-31")),
    ],
)
def test_a_verdict_is_remembered_for_the_days_of_the_tenure_it_rests_on(first, last, days):
    office = offices.office("head@school:900001")
    tenure = Tenure("person:x", "appointed", first, last, "appointment", vouched=True)
    actor = ("key:SHA256:x", "person:x", "head@school:900001", "northwick.example")
    memo = Memo()
    assert not memo.keep((*actor, "2026-10-05"), [office], lambda _: Tenures([tenure]))
    for day in days:
        assert memo.stands((*actor, day)), day
    for day in ("2026-08-31", *(() if last is None else ("2026-11-01", "2027-01-01"))):
        assert not memo.stands((*actor, day)), day


@pytest.mark.parametrize(
    ("name", "stands"),
    [("KeyCompromised", False), ("Vouched", False), ("EventWithdrawn", False), ("Appointed", True)],
)
def test_a_verdict_that_rests_on_other_keys_goes_when_one_of_them_may_turn(name, stands):
    actor = ("key:SHA256:x", "person:x", "head@school:900001", "northwick.example", "2026-10-05")
    memo = Memo()
    memo.keep(actor, [offices.STANDINGS.at("")], lambda _: None)
    assert memo.stands(actor)
    other = Register(0, name, "key:SHA256:y", ("key:SHA256:y",))
    assert memo.forget(other, lambda _: None) != stands
    assert memo.stands(actor) == stands


def test_remembered_verdicts_are_those_of_judging_each_entry_anew(world, monkeypatch):
    lines = one_more(world, by="cedar", office=f"head@{CEDAR}")
    lines[80] = lines[80][:-40] + lines[80][-39:]
    remembered = judged(lines)
    monkeypatch.setattr(Memo, "stands", lambda *_: False)
    assert judged(lines) == remembered
    assert remembered


def test_a_record_without_its_first_entry_is_no_ledger(world):
    found = judged(list(world.lines[1:]))
    assert found[0].position == 1
    assert any("the ledger is not founded yet" in one.sentence for one in found)


# -- the operator rewrites everything ----------------------------------------------------------


def rewritten(world, position):
    """Cut one entry out of history, as the database's owner with the log key can."""
    return [*world.lines[: position - 1], *world.lines[position:]]


def test_dropping_any_entry_that_someone_signed_upon_is_found_by_what_they_saw(world):
    """Every signer is a witness: the operator recomputes tree and checkpoint in vain."""
    for position in (2, 60, 120, 165):
        found = judged(rewritten(world, position))
        seen = [one for one in found if one.check == "seen"]
        assert min(one.position for one in seen) == position
        assert all("removed" in one.sentence for one in seen)


def test_cutting_the_end_off_needs_a_held_checkpoint_to_be_found(world, tmp_path):
    """What remains possible for an operator: to deny what nobody has signed upon or holds."""
    lines = world.lines[:-3]
    assert judged(list(lines)) == []
    with stored(world, tmp_path, lines) as store:
        assert verify_store(store).verified
        assert verify_store(store).anchored == ()
        verdict = verify_store(store, held=world.note)
    (finding,) = verdict.findings
    assert finding.check == "checkpoint"
    assert f"is of {len(world.lines)} entries, and here are {len(lines)}" in finding.sentence
    assert finding.sentence.count(ORIGIN) == 2  # the evidence of both sides


def test_another_end_is_found_by_a_held_checkpoint(world, tmp_path):
    forked = one_more(world._replace(lines=world.lines[:-1]))
    held = world.note
    with stored(world, tmp_path, forked) as store:
        found = verify_store(store, held=held).findings
    (finding,) = (one for one in found if one.severity == "fault")
    assert "is not of this history" in finding.sentence
    assert "held: " in finding.sentence
    assert "here: " in finding.sentence


def test_a_held_checkpoint_anchors_what_goes_on_from_it(world, tmp_path):
    note = world.note_of(world.lines[:100])
    with stored(world, tmp_path, world.lines) as store:
        verdict = verify_store(store, held=note, trust=world.card)
    assert verdict.verified
    assert verdict.anchored == (
        "the trust card",
        "the checkpoint that you hold, of 100 entries",
    )


CARDS = {
    "origin": ({"origin": "northwick.example/other"}, "its origin is northwick.example/support"),
    "leaf": ({"leaf": bytes(32)}, "its leaf 0 is"),
    "log key": (
        {"log_key": f"{ORIGIN}+00000000+" + base64.b64encode(b"\x01" + bytes(32)).decode()},
        "its log key is",
    ),
}


@pytest.mark.parametrize(("changed", "sentence"), CARDS.values(), ids=CARDS)
def test_a_ledger_that_is_not_the_trust_cards_is_found(world, tmp_path, changed, sentence):
    with stored(world, tmp_path, world.lines) as store:
        verdict = verify_store(store, trust=world.card._replace(**changed))
    assert not verdict.verified
    assert verdict.anchored == ()
    assert sentence in verdict.findings[0].sentence


def stored(world, folder, lines):
    """Return a store with nothing but these lines and their texts, as its owner can make one."""
    store = open_store(str(folder / "made.db"), create=True)
    events, ids = [], []
    for position, line in enumerate(lines, 1):
        entry = read_entry(position, line)
        events.append(DCBEvent(entry.name, line, sorted({*entry.tags, entry.key})))
        ids.append(entry.id)
    with store.writing():
        store.vault.put(text for text in world.ledger.store.vault.all() if text[0] in ids)
        store.append_entries(events, ids)
        Tree(store.log).append([leaf_hash(line) for line in lines])
    return store


# -- bundles -----------------------------------------------------------------------------------


def files_of(path):
    with zipfile.ZipFile(path) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def packed(path, files):
    with path.open("w+b") as file, packing.packed(file) as pack:
        for name in packing.in_order(files):
            pack.add(name, [files[name]])
    return path


def resigned(world, files, by="registrar", **changed):
    """Write what follows from altered files anew, manifest and all, as a dishonest exporter does.

    What is already there of `VERIFY.md` stays if it says "Trust me".
    """
    manifest = orjson.loads(files["manifest.json"])
    lines = {name: files.get(name, b"").splitlines() for name in _COUNTED}
    manifest["counts"] = {
        "entries": len(lines["entries.jsonl"] or lines["entries.tsv"]),
        "disclosures": len(lines["disclosures.jsonl"]),
        "withheld": len(lines["withheld.tsv"]),
        "proofs": sum(name.startswith("proofs/") for name in files),
    }
    manifest |= changed
    if not files["VERIFY.md"].startswith(b"Trust me"):
        made = Manifest.model_validate(manifest)
        signed = any(name.startswith("signed/") for name in files)
        example = len(lines["entries.jsonl"]), len(lines["entries.jsonl"])
        if lines["entries.tsv"]:
            last = int(lines["entries.tsv"][-1].partition(b"\t")[0]) + 1
            example = len(lines["entries.tsv"]), last
        files["VERIFY.md"] = recipe(made, example, signed=signed).encode()
    manifest["files"] = {
        name: sha(data)
        for name, data in files.items()
        if name not in ("manifest.json", "manifest.json.sig", "SHA256SUMS")
    }
    files["manifest.json"] = Manifest.model_validate(manifest).as_bytes()
    blob = world.signer(by).sign(files["manifest.json"], sshsig.MANIFEST)
    files["manifest.json.sig"] = sshsig.armor(blob)
    files["SHA256SUMS"] = sums({n: sha(d) for n, d in files.items() if n != "SHA256SUMS"})
    return files


_COUNTED = ("entries.jsonl", "entries.tsv", "disclosures.jsonl", "withheld.tsv")


def sha(data):
    return sha256(data).hexdigest()


def test_a_whole_bundle_verifies_and_is_anchored_by_card_and_checkpoint(world, whole):
    verdict = verify_bundle(whole, held=world.note, trust=world.card)
    assert verdict.verified
    assert verdict.findings == ()
    assert (verdict.kind, verdict.size, verdict.entries) == ("whole", 174, 174)
    assert len(verdict.anchored) == 2
    assert (verdict.matching, verdict.withheld) == (0, 24)
    assert sum(one.entries for one in verdict.signed) == 174
    assert verify_bundle(whole).anchored == ()


def test_the_verdict_lists_what_nobody_vouched_for_and_every_key_of_an_office(world, whole):
    verdict = verify_bundle(whole)
    assert [one.entries for one in verdict.unvouched] == [1, 1]
    assert "the enrolment of key:" in verdict.unvouched[0].what
    heads = [one for one in verdict.offices if one.office == f"head@{CEDAR}"]
    assert len(heads) == 3
    assert [one.vouched for one in heads].count(False) == 1
    assert {one.enrolled_by for one in heads} == {world.person("registrar")}


def test_a_part_proves_presence_and_claims_completeness(world, part):
    verdict = verify_bundle(part, held=world.note, trust=world.card)
    assert verdict.verified
    assert verdict.kind == "part"
    assert verdict.entries < verdict.size == 174
    # The names of three people who neither signed any of it nor are named in it.
    assert verdict.withheld == 3
    assert verdict.matching > 12


def test_a_part_shows_that_it_goes_on_from_a_held_checkpoint(world, part, tmp_path):
    held = world.note_of(world.lines[:100])
    (advice,) = verify_bundle(part, held=held).findings
    assert "no proof that it goes on" in advice.sentence
    with_proof = world.bundle(tmp_path / "p.zip", selection=Selection(party=CEDAR), held=held)
    verdict = verify_bundle(with_proof, held=held)
    assert verdict.anchored == ("the checkpoint that you hold, of 100 entries",)
    forked = sign(Checkpoint(ORIGIN, 100, bytes(32)), world.log_key())
    (fault,) = verify_bundle(with_proof, held=forked).findings
    assert fault.severity == "fault"
    assert "is not shown to go on" in fault.sentence


def swap_lines(files, name):
    lines = files[name].splitlines(keepends=True)
    lines[100], lines[101] = lines[101], lines[100]
    files[name] = b"".join(lines)


def drop_line(files, name, at):
    lines = files[name].splitlines(keepends=True)
    del lines[at]
    files[name] = b"".join(lines)


WHOLE = {
    "an entry dropped": (
        lambda _, files: drop_line(files, "entries.jsonl", 120),
        "the log signed 174 entries, and 173 are here: some were removed or put in",
    ),
    "the last entry dropped": (
        lambda _, files: drop_line(files, "entries.jsonl", 173),
        "the log signed 174 entries, and 173 are here",
    ),
    "two entries swapped": (
        lambda _, files: swap_lines(files, "entries.jsonl"),
        "the entries are not those that the log signed; keep both as evidence",
    ),
    "a checkpoint of another log": (
        lambda _, files: files.update(
            checkpoint=files["checkpoint"].replace(b"174\n", b"175\n", 1)
        ),
        "the bundle's checkpoint is not signed by this log",
    ),
    "a withheld field no longer listed": (
        lambda _, files: drop_line(files, "withheld.tsv", 10),
        "is missing",
    ),
    "a withheld field that is none": (
        lambda _, files: files.update(
            {"withheld.tsv": files["withheld.tsv"] + b"nobody\t/data/note\n"}
        ),
        "withheld.tsv names /data/note, which this event does not seal there",
    ),
    "a key put into allowed_signers": (
        lambda _, files: files.update(
            allowed_signers=files["allowed_signers"].replace(b"person:", b"person:0", 1)
        ),
        "allowed_signers does not list the keys that were enrolled",
    ),
}


def swap_files(files, one, other):
    files[one], files[other] = files[other], files[one]


#: What an exporter may put into a bundle that nobody would read, or that says another thing.
WHOLE |= {
    "two statements swapped": (
        lambda _, files: swap_files(files, "signed/30.json", "signed/31.json"),
        "signed/30.json is not what follows from the entries here",
    ),
    "two signatures swapped": (
        lambda _, files: swap_files(files, "signed/30.json.sig", "signed/31.json.sig"),
        "signed/31.json.sig is not what follows from the entries here",
    ),
    "a statement replaced": (
        lambda _, files: files.update({"signed/174.json": b"{}"}),
        "signed/174.json is not what follows from the entries here",
    ),
    "a statement left out": (
        lambda _, files: files.pop("signed/174.json"),
        "signed/174.json is not what follows from the entries here",
    ),
    "a statement of no entry": (
        lambda _, files: files.update({"signed/175.json": b"{}"}),
        "signed/175.json has no place in a bundle of this kind",
    ),
    "a recipe that verifies nothing": (
        lambda _, files: files.update({"VERIFY.md": b"Trust me, and run this: ./x.sh"}),
        "VERIFY.md is not what follows from the entries here",
    ),
    "entries of another kind": (
        lambda _, files: files.update({"entries.tsv": b"0\tanything\n"}),
        "entries.tsv has no place in a bundle of this kind",
    ),
    "a proof that nobody reads": (
        lambda _, files: files.update({"proofs/0.tlog-proof": b"anything"}),
        "proofs/0.tlog-proof has no place in a bundle of this kind",
    ),
    "a proof of nothing that is held": (
        lambda _, files: files.update(consistency=b"anything"),
        "the proof that the record goes on from an older one is none",
    ),
    "another exporter's key": (
        lambda _, files: files.update(
            allowed_signers=files["allowed_signers"][:-20] + b"AAAAAAAAAAAAAAAAAAA\n"
        ),
        "allowed_signers does not list the keys that were enrolled",
    ),
}


@pytest.mark.parametrize("counted", ["entries", "disclosures", "withheld", "proofs"])
def test_a_manifest_that_counts_otherwise_is_found(world, whole, tmp_path, counted):
    files = files_of(whole)
    counts = orjson.loads(files["manifest.json"])["counts"] | {counted: 7}
    verdict = verify_bundle(packed(tmp_path / "b.zip", resigned(world, files, counts=counts)))
    assert not verdict.verified
    assert any(f"the manifest counts 7 {counted}" in one.sentence for one in verdict.findings)


@pytest.mark.parametrize(("change", "sentence"), WHOLE.values(), ids=WHOLE)
def test_a_dishonest_exporter_of_a_whole_record_is_found(world, whole, tmp_path, change, sentence):
    files = files_of(whole)
    change(world, files)
    verdict = verify_bundle(packed(tmp_path / "b.zip", resigned(world, files)))
    assert not verdict.verified
    assert any(sentence in one.sentence for one in verdict.findings), verdict.findings


TAMPERED = {
    "a file changed": (
        lambda files: files.update({"VERIFY.md": b"Trust me."}),
        "VERIFY.md is not the file that the manifest lists: it was changed",
    ),
    "a file put in": (
        lambda files: files.update({"signed/900.json": b"{}"}),
        "signed/900.json is not listed in the manifest: it was put in",
    ),
    "a file taken out": (
        lambda files: files.pop("signed/9.json"),
        "signed/9.json is listed in the manifest and not there: it was taken out",
    ),
    "the sums changed": (
        lambda files: files.update(SHA256SUMS=b""),
        "SHA256SUMS is not that of the files here",
    ),
    "the manifest changed": (
        lambda files: files.update(
            {"manifest.json": files["manifest.json"].replace(b'"none"', b'"all"')}
        ),
        "its signature does not hold",
    ),
    "the manifest's signature changed": (
        lambda files: files.update({"manifest.json.sig": b"-----BEGIN"}),
        "its signature does not hold",
    ),
}


@pytest.mark.parametrize(("change", "sentence"), TAMPERED.values(), ids=TAMPERED)
def test_a_bundle_altered_on_its_way_is_found(whole, tmp_path, change, sentence):
    files = files_of(whole)
    change(files)
    verdict = verify_bundle(packed(tmp_path / "b.zip", files))
    assert not verdict.verified
    assert any(sentence in one.sentence for one in verdict.findings), verdict.findings


def test_a_manifest_signed_by_a_stranger_or_in_anothers_name_is_found(world, whole, tmp_path):
    files = resigned(world, files_of(whole), by="birch")
    (finding, *_) = verify_bundle(packed(tmp_path / "b.zip", files)).findings
    assert "as the exporter's" in finding.sentence
    stranger = keys.in_memory(b"c" * 32)
    manifest = Manifest.parse(files["manifest.json"])
    key = f"key:{stranger.public.fingerprint}"
    exporter = manifest.exporter.model_copy(update={"key": key})
    data = manifest.model_copy(update={"exporter": exporter}).as_bytes()
    files["manifest.json"] = data
    files["manifest.json.sig"] = sshsig.armor(stranger.sign(data, sshsig.MANIFEST))
    found = verify_bundle(packed(tmp_path / "b.zip", files)).findings
    assert any("is not enrolled in this ledger" in one.sentence for one in found)


def swap_proofs(_, files):
    first, second = sorted(name for name in files if name.startswith("proofs/"))[:2]
    files[first], files[second] = files[second], files[first]


def drop_entry(_, files):
    """Leave one of the school's own entries out, with its proof."""
    lines = files["entries.tsv"].splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if b"VisitMade.v1" in line)
    index = lines.pop(at).partition(b"\t")[0].decode()
    files["entries.tsv"] = b"".join(lines)
    for name in (f"proofs/{index}.tlog-proof",):
        del files[name]


def move_entry(_, files):
    files["entries.tsv"] = files["entries.tsv"].replace(b"173\t", b"999\t", 1)


def forge_entry(_, files):
    files["entries.tsv"] = files["entries.tsv"].replace(b'"days":"2.0"', b'"days":"9.0"')


PART = {
    "two proofs swapped": (swap_proofs, "it is of another entry or checkpoint"),
    "an entry forged": (forge_entry, "it is not shown to stand in the log"),
    "a proof taken out": (
        lambda _, files: files.pop(min(n for n in files if n.startswith("proofs/"))),
        "it has no proofs/",
    ),
    "a proof of nothing here": (
        lambda _, files: files.update({"proofs/999.tlog-proof": files["proofs/0.tlog-proof"]}),
        "proofs/999.tlog-proof is of an entry that is not here",
    ),
    "a text altered": (
        lambda _, files: files.update(
            {"disclosures.jsonl": files["disclosures.jsonl"].replace(b"Cedar", b"Ceder", 1)}
        ),
        "is not the text that was sealed",
    ),
    "a text taken out": (
        lambda _, files: drop_line(files, "disclosures.jsonl", 3),
        "is missing",
    ),
}


@pytest.mark.parametrize(("change", "sentence"), PART.values(), ids=PART)
def test_a_dishonest_exporter_of_a_part_is_found(world, part, tmp_path, change, sentence):
    files = files_of(part)
    change(world, files)
    verdict = verify_bundle(packed(tmp_path / "b.zip", resigned(world, files)))
    assert not verdict.verified
    assert any(sentence in one.sentence for one in verdict.findings), verdict.findings


def test_a_part_that_leaves_something_out_is_only_as_complete_as_its_exporter_says(
    world, part, tmp_path
):
    """What remains possible for an exporter, and why the verdict says completeness claimed."""
    files = files_of(part)
    drop_entry(world, files)
    files["disclosures.jsonl"] = b"".join(
        line
        for line in files["disclosures.jsonl"].splitlines(keepends=True)
        if orjson.loads(line)["event"].encode() in files["entries.tsv"]
    )
    verdict = verify_bundle(packed(tmp_path / "b.zip", resigned(world, files)))
    assert verdict.kind == "part"
    assert not [one for one in verdict.findings if one.check == "proof"]


@pytest.fixture(scope="module")
def erased(world, tmp_path_factory):
    """A ledger in which one text was erased: the ledger, and which field."""
    folder = tmp_path_factory.mktemp("erased")
    (folder / "keys").mkdir()
    with tell(folder, 7, lambda _: None) as ledger:
        text = next(iter(ledger.store.vault.all()))
        signer = keys.load(folder / "keys" / "registrar")
        before = [data for _, data in ledger.store.entries()]
        own = World(folder, ledger, tuple(before), world.card, b"")
        note = own.note_of(before)
        own = own._replace(note=note)
        with_text = folder / "before.zip"
        own.bundle(with_text, text="all", selection=Selection(first=date(2020, 1, 1)))
        said = {"event": f"event:{text[0]}", "pointer": text[1]}
        said |= {"authority": "data_subject", "reason": "no_longer_needed"}
        ledger.say("DetailErased", said, signer, "registrar@ledger", date(2026, 7, 10))
        lines = tuple(data for _, data in ledger.store.entries())
        own = own._replace(lines=lines, note=own.note_of(lines))
        yield own, text[0], text[1], with_text


@pytest.mark.parametrize("selection", [None, Selection(party=CEDAR)], ids=["whole", "part"])
def test_erased_text_is_reported_as_erased(erased, tmp_path, selection):
    world, event, pointer, _ = erased
    path = world.bundle(tmp_path / "b.zip", selection=selection, text="all")
    verdict = verify_bundle(path)
    assert verdict.verified
    assert verdict.erased == ((event, pointer),)


def test_without_its_detail_erased_an_erased_text_is_missing(erased, tmp_path):
    world, event, pointer, _ = erased
    path = world.bundle(tmp_path / "b.zip", selection=Selection(party=CEDAR), text="all")
    files = files_of(path)
    index = len(world.lines) - 1
    drop_line(files, "entries.tsv", -1)
    del files[f"proofs/{index}.tlog-proof"]
    verdict = verify_bundle(packed(tmp_path / "c.zip", resigned(world, files)))
    assert not verdict.verified
    assert verdict.missing == ((event, pointer),)


def test_text_that_the_bearer_still_shows_after_its_erasure_is_said_to_be(erased, tmp_path):
    world, event, pointer, before = erased
    files = files_of(world.bundle(tmp_path / "b.zip", text="all"))
    files["disclosures.jsonl"] = files_of(before)["disclosures.jsonl"]
    verdict = verify_bundle(packed(tmp_path / "c.zip", resigned(world, files)))
    assert verdict.erased_but_disclosed == ((event, pointer),)
    assert verdict.verified


@pytest.mark.parametrize("text", ["none", "without-contacts", "all"])
def test_erased_text_that_came_back_into_the_vault_is_in_no_bundle(erased, tmp_path, text):
    world, event, pointer, before = erased
    shown = next(
        said
        for said in map(orjson.loads, files_of(before)["disclosures.jsonl"].splitlines())
        if (said["event"], said["pointer"]) == (event, pointer)
    )
    row = (base64.urlsafe_b64decode(shown["salt"] + "="), shown["value"], event, pointer)
    update = "UPDATE vault SET salt=?, value=? WHERE event=? AND pointer=?"
    with world.ledger.store.writing() as store:
        store._database.in_writing().execute(update, row)
    try:
        path = world.bundle(tmp_path / "b.zip", text=text)
    finally:
        world.ledger.store.vault.erase(event, pointer)
    assert shown["value"].encode() not in b"".join(files_of(path).values())
    verdict = verify_bundle(path)
    assert verdict.verified
    assert verdict.erased == ((event, pointer),)


def test_what_was_erased_after_the_checkpoint_is_withheld(erased, tmp_path):
    world, event, pointer, _ = erased
    note = world.note_of(world.lines[:-1])
    path = world.bundle(tmp_path / "b.zip", text="all", checkpoint=note)
    assert files_of(path)["withheld.tsv"].decode() == f"{event}\t{pointer}\n"
    assert verify_bundle(path).verified


def test_a_compromised_key_makes_all_that_rests_on_it_doubtful(world, tmp_path):
    folder = tmp_path / "d"
    (folder / "keys").mkdir(parents=True)
    with tell(folder, 7, lambda _: None) as ledger:
        signer = keys.load(folder / "keys" / "registrar")
        own = World(folder, ledger, (), world.card, b"")
        elm = own.person("elm")
        key = f"key:{own.signer('elm').public.fingerprint}"
        said = {"person": elm, "key": key, "since": "2026-01-01T00:00:00Z"}
        ledger.say("KeyCompromised", said, signer, "registrar@ledger", date(2026, 7, 10))
        verdict = verify_store(ledger.store)
    assert verdict.verified
    (doubtful,) = verdict.doubtful
    assert doubtful.what == f"{key} of {elm}, compromised since 2026-01-01T00:00:00Z"
    assert 0 < doubtful.entries < 10


def test_what_only_a_doubtful_key_vouched_for_is_unvouched(world, tmp_path):
    folder = tmp_path / "d"
    (folder / "keys").mkdir(parents=True)
    with tell(folder, 7, lambda _: None) as ledger:
        own = World(folder, ledger, (), world.card, b"")
        before = verify_store(ledger.store).unvouched
        deputy = f"key:{own.signer('deputy').public.fingerprint}"
        said = {"person": own.person("deputy"), "key": deputy, "since": "2025-12-01T00:00:00Z"}
        day, registrar = date(2026, 7, 10), own.signer("registrar")
        compromised = ledger.say("KeyCompromised", said, registrar, "registrar@ledger", day)
        assert verify_store(ledger.store).doubtful == ()
        vouching = {**said, "subject": f"compromise:{compromised.event}"}
        del vouching["since"]
        ledger.say("Vouched", vouching, own.signer("officer"), "officer@body:northwick", day)
        verdict = verify_store(ledger.store)
        cypress = own.person("cypress")
        key = f"key:{own.signer('cypress').public.fingerprint}"
    assert [doubtful.what for doubtful in verdict.doubtful] == [
        f"{deputy} of {said['person']}, compromised since 2025-12-01T00:00:00Z"
    ]
    assert sorted(one.what for one in set(verdict.unvouched) - set(before)) == [
        f"the appointment of {cypress} as head@school:900003",
        f"the enrolment of {key} for {cypress}",
    ]
    assert {one.vouched for one in verdict.offices if one.key == key} == {False}


def test_verifying_reads_nothing_but_the_bundle(whole, monkeypatch, tmp_path):
    """No ledger, no settings, no network: what is noted meanwhile has no name."""
    connect = sqlite3.connect

    def unnamed(name, **options):
        assert name == "", "a database was opened"
        return connect(name, **options)

    monkeypatch.setattr(sqlite3, "connect", unnamed)
    monkeypatch.chdir(tmp_path)
    assert verify_bundle(whole).verified


def test_a_bundle_that_lacks_what_it_takes_is_refused_in_words(whole, tmp_path):
    for name in ("manifest.json", "entries.jsonl", "checkpoint", "withheld.tsv"):
        files = files_of(whole)
        del files[name]
        with pytest.raises(BundleError, match=re.escape(f"it has no {name}")):
            verify_bundle(packed(tmp_path / "b.zip", files))


def test_lines_out_of_order_or_malformed_are_refused_in_words(part, tmp_path):
    for change, sentence in (
        (lambda data: data.replace(b"\t", b" ", 1), "line 1 of entries.tsv is malformed"),
        (lambda data: data + b"5\t{}\n", "is out of order"),
        (lambda data: data[:-1], "its entries.tsv does not end with a newline"),
        (lambda data: data + b"9" * 200_000, "has a line of over"),
    ):
        files = files_of(part)
        files["entries.tsv"] = change(files["entries.tsv"])
        with pytest.raises(BundleError, match=sentence):
            verify_bundle(packed(tmp_path / "b.zip", files))

"""A manifest is worth what its signer was entitled to, as of the bundle's checkpoint."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import orjson
import pytest
from bundles import BEGINS, LATER, ORIGIN, REGISTRAR, enrolled, repacked, small

from ledger.bundle import open_archive
from ledger.bundle.manifest import Manifest
from ledger.bundle.writing import sums
from ledger.errors import BundleError
from ledger.format import sshsig
from ledger.recording.founding import key_members
from ledger.verification.verify import verify_bundle


@pytest.fixture
def world(tmp_path):
    made = small(tmp_path / "small.db")
    yield made
    made.ledger.close()


def retired(world):
    enrolled(world, "cleo", office_=REGISTRAR)
    said = {"person": world.people["cleo"], "key": world.key("cleo")}
    world.say("cleo", "KeyRetired", **said)


def compromised(world):
    enrolled(world, "cleo")
    said = {"person": world.people["cleo"], "key": world.key("cleo")}
    world.say("anna", "KeyCompromised", **said, since="2025-09-01T09:00:00Z")


def without_office(world):
    enrolled(world, "cleo")


def with_an_office_to_come(world):
    enrolled(world, "cleo", office_=REGISTRAR, effective_on="2026-01-01")


def whose_office_ended(world):
    enrolled(world, "cleo", office_=REGISTRAR)
    said = {"person": world.people["cleo"], "office": REGISTRAR}
    world.say("anna", "AppointmentEnded", **said, effective_on="2025-10-01")


def not_enrolled(_):
    pass


NOT_ENTITLED = {
    "a key that was never enrolled": (not_enrolled, "is not enrolled in this ledger for person:"),
    "a key without any office": (without_office, f"does not hold the office {REGISTRAR} on"),
    "an office that is to come": (with_an_office_to_come, "does not hold the office"),
    "an office that ended": (whose_office_ended, f"does not hold the office {REGISTRAR} on"),
    "a retired key": (retired, "was retired at 2025-09-01T"),
    "a compromised key": (compromised, "is compromised since 2025-09-01T09:00:00Z"),
}


def signed_by(world, path, name, to, person=None, **changed):
    """Sign a bundle's manifest anew, whoever that is, and whatever it says."""
    with open_archive(path) as archive:
        files = {each: archive.read(each) for each in archive.names}
    said = orjson.loads(files["manifest.json"])
    said["exporter"] = {
        "person": world.people[person or name],
        "office": REGISTRAR,
        "key": world.key(name),
    }
    for each in ("allowed_signers", "VERIFY.md"):
        # Both name the exporter; whoever signs anew writes them anew.
        files[each] = files[each].replace(
            world.people["anna"].encode(), world.people[person or name].encode()
        )
    said["files"] |= {each: digest(files[each]) for each in ("allowed_signers", "VERIFY.md")}
    files["manifest.json"] = Manifest.model_validate(said | changed).as_bytes()
    blob = world.signers[name].sign(files["manifest.json"], sshsig.MANIFEST)
    files["manifest.json.sig"] = sshsig.armor(blob)
    files["SHA256SUMS"] = sums({n: digest(d) for n, d in files.items() if n != "SHA256SUMS"})
    return repacked(to, files)


def digest(data):
    return sha256(data).hexdigest()


@pytest.mark.parametrize(("give", "sentence"), NOT_ENTITLED.values(), ids=NOT_ENTITLED)
def test_a_manifest_by_whoever_was_not_entitled_does_not_verify(world, tmp_path, give, sentence):
    give(world)
    good = world.bundle(tmp_path / "a.zip")
    assert verify_bundle(good).verified
    verdict = verify_bundle(signed_by(world, good, "cleo", tmp_path / "b.zip"))
    assert not verdict.verified
    assert any(sentence in one.sentence for one in verdict.findings), verdict.findings


@pytest.mark.parametrize(("give", "sentence"), NOT_ENTITLED.values(), ids=NOT_ENTITLED)
def test_nor_is_it_written(world, tmp_path, give, sentence):
    give(world)
    with pytest.raises(BundleError) as caught:
        world.bundle(tmp_path / "b.zip", world.signing("cleo"))
    assert sentence in str(caught.value)
    assert "Nothing was written." in str(caught.value)
    assert not (tmp_path / "b.zip").exists()


def further_key(world, by, person):
    """Enrol one more key for somebody, signed with a key."""
    whose = world.people[person]
    world.say(by, "KeyEnrolled", person=whose, **key_members(ORIGIN, whose, world.signers["dora"]))


def a_key_for_another_registrar(world):
    further_key(world, "anna", "bert")
    return "bert"


def a_key_enrolled_with_a_compromised_one(world):
    enrolled(world, "cleo", office_=REGISTRAR)
    further_key(world, "cleo", "cleo")
    said = {"person": world.people["cleo"], "key": world.key("cleo")}
    accused = world.say("anna", "KeyCompromised", **said, since="2025-09-01T09:00:00Z")
    world.say("bert", "Vouched", **said, subject=f"compromise:{accused.event}")
    return "cleo"


FURTHER = {
    "enrolled by another registrar alone": (
        a_key_for_another_registrar,
        "was enrolled by others, and nobody else has vouched for it",
    ),
    "enrolled with a compromised key": (
        a_key_enrolled_with_a_compromised_one,
        "which was compromised by then",
    ),
}


@pytest.mark.parametrize(("give", "sentence"), FURTHER.values(), ids=FURTHER)
def test_a_further_key_is_judged_by_whoever_enrolled_it(world, tmp_path, give, sentence):
    person = give(world)
    good = world.bundle(tmp_path / "a.zip")
    verdict = verify_bundle(signed_by(world, good, "dora", tmp_path / "b.zip", person))
    assert any(sentence in one.sentence for one in verdict.findings), verdict.findings
    assert not verdict.verified


def test_what_came_after_the_checkpoint_is_not_asked(world, tmp_path):
    """The key was live when the record ended there; a part of later tells that it is retired."""
    enrolled(world, "cleo", office_=REGISTRAR)
    note = world.note()
    said = {"person": world.people["cleo"], "key": world.key("cleo")}
    world.say("cleo", "KeyRetired", **said)
    path = world.bundle(tmp_path / "b.zip", world.signing("cleo"), checkpoint=note)
    assert verify_bundle(path).verified


def test_whoever_was_enrolled_after_the_checkpoint_signs_nothing_up_to_it(world, tmp_path):
    note = world.note()
    enrolled(world, "cleo", office_=REGISTRAR)
    with pytest.raises(BundleError, match="is not enrolled in this ledger"):
        world.bundle(tmp_path / "b.zip", world.signing("cleo"), checkpoint=note)


@pytest.mark.parametrize(
    ("now", "holds"),
    [(LATER, True), (BEGINS, True), (BEGINS - timedelta(minutes=10), False)],
    ids=["later", "within what clocks may differ", "before the last entry"],
)
def test_a_bundle_is_not_older_than_its_last_entry(world, tmp_path, now, holds):
    good = world.bundle(tmp_path / "a.zip")
    changed = {"exported_at": now.strftime("%Y-%m-%dT%H:%M:%SZ")}
    verdict = verify_bundle(signed_by(world, good, "anna", tmp_path / "b.zip", **changed))
    assert verdict.verified == holds
    assert holds or "it says that it was made at" in verdict.findings[0].sentence


def test_a_time_that_is_none_is_no_traceback(world, tmp_path):
    good = world.bundle(tmp_path / "a.zip")
    bad = signed_by(world, good, "anna", tmp_path / "b.zip", exported_at="2025-99-99T99:99:99Z")
    assert not verify_bundle(bad).verified

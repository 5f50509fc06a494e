"""What the page finds of bundles, whole and in part, sound and tampered with."""

from __future__ import annotations

import base64
import re
import zipfile
from hashlib import sha256

import orjson
import pytest
from bundles import enrolled, repacked, small

from ledger import keys
from ledger.bundle.manifest import Manifest, Selection
from ledger.bundle.writing import sums
from ledger.errors import LedgerError
from ledger.format import sshsig
from ledger.transparency.trust_card import TrustCard
from ledger.verification.check_page import page
from ledger.verification.verify import verify_bundle

pytestmark = pytest.mark.sampled(3)

ORDER = 2**252 + 27742317777372353535851937790883648493
OWN = ("manifest.json", "manifest.json.sig", "SHA256SUMS")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    made = small(tmp_path_factory.mktemp("small") / "small.db")
    enrolled(made, "cleo", office="registrar@ledger")
    yield made
    made.ledger.close()


@pytest.fixture(scope="module", params=["whole", "part"])
def bundle(request, world, tmp_path_factory):
    chosen = None if request.param == "whole" else Selection(party=world.people["cleo"])
    path = tmp_path_factory.mktemp("bundle") / f"{request.param}.zip"
    return world.bundle(path, selection=chosen, text="all")


@pytest.fixture(scope="module")
def whole(world, tmp_path_factory):
    return world.bundle(tmp_path_factory.mktemp("whole") / "whole.zip", text="all")


def files_of(path):
    with zipfile.ZipFile(path) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def signed_again(world, path, files, by="anna"):
    """Pack files with a manifest that lists them as they are, signed by the exporter."""
    listed = {name: sha256(data).hexdigest() for name, data in files.items() if name not in OWN}
    manifest = Manifest.model_validate(orjson.loads(files["manifest.json"]) | {"files": listed})
    signature = sshsig.armor(world.signers[by].sign(manifest.as_bytes(), sshsig.MANIFEST))
    files |= {"manifest.json": manifest.as_bytes(), "manifest.json.sig": signature}
    digests = {name: sha256(data).hexdigest() for name, data in files.items()}
    del digests["SHA256SUMS"]
    return repacked(path, files | {"SHA256SUMS": sums(digests)})


# -- what is sound -----------------------------------------------------------------------------


def test_a_bundle_and_its_card_hold(checker, world, bundle):
    found = checker.check(bundle, world.card())
    assert found.heading == (
        "The statements here are as they were signed, and they are of the record"
        " northwick.example/support that your trust card names."
    )
    assert checker.window.failed == []


def test_it_never_says_verified_and_always_what_it_did_not_judge(checker, world, bundle):
    for card in ("", world.card()):
        text = checker.check(bundle, card).text
        assert not re.search(r"\bverified\b|\bVERIFIED\b", text)
        for sentence in (
            "Whether each signer held the office they signed in",
            "Whether what was signed is true.",
            "Whether the record goes on from one that you were shown before.",
            "Itself. A forged checker can say anything",
        ):
            assert sentence in text


def test_without_a_card_nothing_says_whose_record_it_is(checker, bundle):
    heading = checker.check(bundle).heading
    assert heading == "This bundle agrees with itself. Whose record it is, is not shown."


def test_a_browser_without_ed25519_finds_the_same(open_page, world, bundle):
    slower = open_page(native=False)
    found = slower.check(bundle, world.card())
    assert found.heading.startswith("The statements here are as they were signed")
    assert "own Ed25519" in found.text


def test_it_knows_its_own_bytes(checker):
    told = checker.window.evaluate("sha256(OWN).then(hex)")
    assert told == sha256(page()).hexdigest()


# -- cards that do not fit -----------------------------------------------------------------------


def test_another_ledgers_card_is_told_apart(checker, world, whole):
    card = world.card()
    other = TrustCard(card.origin, card.log_key, bytes(32))
    assert checker.check(whole, other).faults == [
        "The trust card: it names another first entry: this is not the record that it vouches for"
    ]


@pytest.mark.parametrize("cut", ["origin", "log key", "leaf 0"])
def test_a_card_that_lacks_a_line_checks_nothing(checker, world, whole, cut):
    lines = world.card().text().splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith(cut))
    found = checker.check(whole, text)
    assert found.heading == "This could not be checked, so do not rely on it."
    assert f"the trust card needs one line that says the {cut}" in found.text


# -- what was tampered with ------------------------------------------------------------------------


def _third(change):
    """Change the third entry by its line."""

    def changed(data):
        lines = data.split(b"\n")
        lines[3] = change(lines[3])
        return b"\n".join(lines)

    return changed


def _replacing(old, new):
    return lambda data: data.replace(old, new, 1)


def _signature(line):
    return re.search(rb'"signature":"([^"]*)"', line)[1]


def _s_plus_l(line):
    blob = base64.b64decode(_signature(line))
    s = int.from_bytes(blob[-32:], "little") + ORDER
    return line.replace(_signature(line), base64.b64encode(blob[:-32] + s.to_bytes(32, "little")))


def _by_a_stranger(line):
    statement = line[line.index(b'"statement":') + 12 : -1]
    blob = keys.in_memory(b"\x55" * 32).sign(statement, "statement@school-ledger")
    return line.replace(_signature(line), base64.b64encode(blob))


def _swapped(data):
    lines = data.split(b"\n")
    lines[3], lines[4] = lines[4], lines[3]
    return b"\n".join(lines)


def _one_more(data):
    return re.sub(rb"\n(\d+)\n", lambda found: b"\n%d\n" % (int(found[1]) + 1), data, count=1)


ENTRIES = "entries.jsonl"
TAMPERED = {
    "a day in a statement": (ENTRIES, _third(_replacing(b"2025-09-01", b"2025-09-02"))),
    "a space in a statement": (ENTRIES, _third(_replacing(b'{"data":', b'{ "data":'))),
    "when it was recorded": (ENTRIES, _third(_replacing(b'_at":"2025', b'_at":"2024'))),
    "S + L": (ENTRIES, _third(_s_plus_l)),
    "another signer's key": (ENTRIES, _third(_by_a_stranger)),
    "entries swapped": (ENTRIES, _swapped),
    "the last entry cut": (ENTRIES, lambda data: data[: data[:-1].rindex(b"\n") + 1]),
    "no last newline": (ENTRIES, lambda data: data[:-1]),
    "the checkpoint of another size": ("checkpoint", _one_more),
    "a checkpoint by a stranger": ("checkpoint", _replacing(b"\xe2\x80\x94 n", b"\xe2\x80\x94 m")),
    "a text told twice": ("disclosures.jsonl", lambda data: data + data),
    "a text that was not sealed": ("disclosures.jsonl", _replacing(b'"Bert"', b'"Bart"')),
    "a text withheld that is shown": (
        "withheld.tsv",
        lambda _: b"01991a2b-0000-7000-8000-000000000000\t/data/name\n",
    ),
}


@pytest.fixture(params=["as it was signed", "signed again"])
def tampered(request, world, whole, tmp_path):
    """Return a bundle in which one file was changed, and the manifest signed again or not."""

    def tampered(name, change):
        files = files_of(whole)
        changed = change(files[name])
        assert changed != files[name]
        path = tmp_path / "b.zip"
        if request.param == "signed again":
            return signed_again(world, path, files | {name: changed})
        return repacked(path, files | {name: changed})

    return tampered


@pytest.mark.parametrize(("name", "change"), TAMPERED.values(), ids=TAMPERED)
def test_what_was_changed_is_found(checker, world, tampered, name, change):
    path = tampered(name, change)
    found = checker.check(path, world.card())
    assert found.faults or found.heading == "This could not be checked, so do not rely on it."
    assert not verified(path)


def verified(path):
    try:
        return verify_bundle(path).verified
    except LedgerError:
        return False


def test_a_manifest_by_another_than_it_names_is_found(checker, world, whole, tmp_path):
    path = signed_again(world, tmp_path / "b.zip", files_of(whole), by="dora")
    found = checker.check(path, world.card())
    assert found.faults == ["The manifest: it is not signed by the exporter that it names"]


def test_a_proof_of_another_entry_is_found(checker, world, tmp_path):
    chosen = Selection(party=world.people["cleo"])
    files = files_of(world.bundle(tmp_path / "part.zip", selection=chosen))
    first, second, *_ = sorted(name for name in files if name.startswith("proofs/"))
    path = signed_again(world, tmp_path / "b.zip", files | {first: files[second]})
    assert any("its proof is of another place" in one for one in checker.check(path).faults)


def _zip_comment(data):
    return data[:-2] + b"\x03\x00abc"


def _renamed(data):
    return data.replace(b"checkpoint", b"checkpoinT", 1)


ARCHIVES = {
    "one byte before": lambda data: b"x" + data,
    "a comment": _zip_comment,
    "cut short": lambda data: data[:-5],
    "two names of one file": _renamed,
    "not a zip": lambda _: b"hello" * 100,
    "empty": lambda _: b"",
}


@pytest.mark.parametrize("change", ARCHIVES.values(), ids=ARCHIVES)
def test_an_archive_that_two_programs_could_read_in_two_ways_is_refused(
    checker, world, whole, tmp_path, change
):
    path = tmp_path / "b.zip"
    path.write_bytes(change(whole.read_bytes()))
    found = checker.check(path, world.card())
    assert found.heading == "This could not be checked, so do not rely on it."


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(checker, whole, tmp_path):
    assert _refuses_with(checker, whole, tmp_path, "checkpoint", b"other")


@pytest.mark.sweep
def test_what_would_unpack_to_more_than_half_a_gigabyte_is_refused(checker, whole, tmp_path):
    assert _refuses_with(checker, whole, tmp_path, "bomb.bin", bytes(600 * 2**20))


def _refuses_with(checker, whole, folder, name, data):
    path = folder / "b.zip"
    path.write_bytes(whole.read_bytes())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(name, data)
    return checker.check(path).heading == "This could not be checked, so do not rely on it."

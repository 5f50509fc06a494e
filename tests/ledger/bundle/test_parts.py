"""A part keeps every doubt about what is in it, and says what no part can show."""

from __future__ import annotations

from datetime import date

import orjson
import pytest
from bundles import REGISTRAR, enrolled, repacked, small
from two_years import ORIGIN, tell

from cli.share.verify import told
from ledger import keys
from ledger.bundle import Export, Signing, open_archive, write_bundle
from ledger.bundle.choosing import choose
from ledger.bundle.entries_file import entry_lines, log_terms_in
from ledger.bundle.manifest import Selection
from ledger.domain import decide
from ledger.errors import NoteError
from ledger.format.entry import read_entry
from ledger.log.checkpoint import Checkpoint, sign
from ledger.log.terms import terms_of
from ledger.recording.application import By
from ledger.recording.founding import new_log_key, parse_log_key
from ledger.verification import verdict
from ledger.verification.doubt import Doubt
from ledger.verification.verify import verify_bundle, verify_store

pytestmark = pytest.mark.sampled(4)


@pytest.fixture
def world(tmp_path):
    made = small(tmp_path / "small.db")
    yield made
    made.ledger.close()


def entries_of(path):
    with open_archive(path) as archive:
        lines = [line.split(b"\t", 1) for line in archive.lines("entries.tsv")]
        shown = [orjson.loads(line)["event"] for line in archive.lines("disclosures.jsonl")]
    return [read_entry(int(index) + 1, data) for index, data in lines], shown


def test_what_was_said_of_keys_is_in_every_part_with_what_took_it_back(
    world, tmp_path, monkeypatch
):
    """Also where an operator recorded what the rules refuse: a verifier folds it all the same."""
    enrolled(world, "cleo", office_=REGISTRAR)
    enrolled(world, "dora")
    ended = world.say(
        "anna",
        "AppointmentEnded",
        person=world.people["cleo"],
        office_=REGISTRAR,
        effective_on="2025-09-01",
    )
    withdrawal = {"event_": f"event:{ended.event}", "effective_on": "2025-09-01"}
    with monkeypatch.context() as unruly:
        unruly.setattr(decide, "decide", lambda *_: [])
        world.say("anna", "EventWithdrawn", **withdrawal, code="entered_in_error")
    said = {"person": world.people["dora"], "key": world.key("dora")}
    since = "2025-09-01T09:00:00Z"
    accused = world.say("anna", "KeyCompromised", **said, since=since)
    subject = f"compromise:{accused.event}"
    world.say("bert", "Vouched", person=said["person"], key=said["key"], subject=subject)
    world.say("cleo", "KeyRetired", person=world.people["cleo"], key=world.key("cleo"))
    second = new_log_key(ORIGIN, b"2" * 32)
    former = world.log_key.verifier
    world.say("anna", "LogKeyChanged", former=former, log_key=second.verifier)
    nothing = Selection(first=date(1999, 1, 1), last=date(1999, 1, 1))
    path = world.bundle(tmp_path / "b.zip", selection=nothing)
    held, _ = entries_of(path)
    assert [one.name for one in held][-6:] == [
        "AppointmentEnded",
        "EventWithdrawn",
        "KeyCompromised",
        "Vouched",
        "KeyRetired",
        "LogKeyChanged",
    ]
    assert verify_bundle(path).verified
    whole = world.bundle(tmp_path / "w.zip")
    for name in ("doubtful", "unvouched", "offices"):
        assert getattr(verify_bundle(path), name) == getattr(verify_bundle(whole), name)


def test_a_part_holds_the_erasures_of_its_own_texts_and_no_others(tmp_path):
    (tmp_path / "keys").mkdir()
    with tell(tmp_path, 7, lambda _: None) as ledger:
        registrar = keys.load(tmp_path / "keys" / "registrar")
        part = Selection(party="school:900003")
        held = choose(ledger.store, part, ledger.head().size).positions
        texts = [(ledger.find(text[0]).position, *text[:2]) for text in ledger.store.vault.all()]
        erased = {}
        for is_held in (True, False):
            event, pointer = next(text[1:] for text in texts if (text[0] in held) is is_held)
            said = {"event": f"event:{event}", "pointer": pointer}
            said |= {"authority": "data_subject", "reason": "no_longer_needed"}
            done = ledger.say("DetailErased", said, registrar, REGISTRAR, date(2026, 7, 10))
            erased[is_held] = done.position
        now = choose(ledger.store, part, ledger.head().size).positions
        assert now - held == {erased[True]}


@pytest.fixture(scope="module")
def doubted(tmp_path_factory):
    """The demo, where the key of a head is said to have been in other hands for long."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "keys").mkdir()
    with tell(folder, 7, lambda _: None) as ledger:
        registrar = keys.load(folder / "keys" / "registrar")
        # What one school needs, on the grounds of a visit with which it had nothing to do.
        alders = ledger.store.by_tag("school:900001", ("VisitMade",))
        visit = next(
            one
            for one in (read_entry(*row) for row in alders)
            if one.data["visitor"] == "school:900001" and "school:900004" not in one.tags
        )
        need = {"school": "school:900004", "area": "inclusion", "level": "partnership"}
        officer = keys.load(folder / "keys" / "officer")
        grounds = {"grounds": [f"event:{visit.id}"]}
        office = "officer@body:northwick"
        ledger.say("NeedIdentified", need | grounds, officer, office, date(2026, 7, 9))
        for name in ("alder", "chair"):
            key = f"key:{keys.load(folder / 'keys' / name).public.fingerprint}"
            said = {"person": ledger.person_of(key), "key": key, "since": "2024-09-01T00:00:00Z"}
            ledger.say("KeyCompromised", said, registrar, REGISTRAR, date(2026, 7, 10))
        yield folder, ledger, registrar


def doubtful_in(monkeypatch, verify):
    """Return the events in doubt that a verdict was made of."""
    made = []

    class Kept(Doubt):
        def __init__(self, *args):
            super().__init__(*args)
            made.append(self)

    monkeypatch.setattr(verdict, "Doubt", Kept)
    verify()
    monkeypatch.setattr(verdict, "Doubt", Doubt)
    return set(made[-1].events)


def part_of(doubted, path, urn):
    """Export what concerns a school of the demo; return the path."""
    folder, ledger, registrar = doubted
    by = By(ledger.person_of(f"key:{registrar.public.fingerprint}"), REGISTRAR)
    head = ledger.head()
    log_key = parse_log_key((folder / "demo.db.log-key").read_text())
    note = sign(Checkpoint(ORIGIN, head.size, head.root), log_key)
    export = Export(note, Selection(party=f"school:{urn}"), "all")
    write_bundle(path, ledger, export, Signing(registrar, by, ledger.clock()))
    return path


@pytest.mark.parametrize("urn", [900001, 900002, 900003, 900004, 900005, 900006])
def test_a_part_has_every_doubt_that_the_whole_has_of_its_entries(
    doubted, tmp_path, monkeypatch, urn
):
    _, ledger, _ = doubted
    path = part_of(doubted, tmp_path / "b.zip", urn)
    assert verify_bundle(path).verified
    held, shown = entries_of(path)
    everywhere = doubtful_in(monkeypatch, lambda: verify_store(ledger.store))
    here = doubtful_in(monkeypatch, lambda: verify_bundle(path))
    assert here == everywhere & {one.id for one in held}
    assert here
    # What was not chosen, and is there only because something rests on it, keeps its text.
    own = {one.id for one in held if f"school:{urn}" in one.tags}
    others = {one.id for one in held if one.id not in own and one.name.startswith("Visit")}
    assert others.isdisjoint(shown)


@pytest.mark.parametrize("urn", [900001, 900002, 900003, 900004, 900005, 900006])
def test_a_part_of_an_honest_record_has_nothing_irregular_and_says_that_rules_are_not_judged(
    doubted, tmp_path, urn
):
    path = part_of(doubted, tmp_path / "b.zip", urn)
    found = verify_bundle(path)
    assert found.irregular == ()
    (line,) = (line for line in told(found) if line.startswith("Rules"))
    assert line == (
        f"Rules      authority was judged, of each of the {found.entries} entries; no other rule,"
        " nor what signers saw, nor whether time went back: these ask about what a part leaves out"
    )


def test_the_verdict_on_a_part_says_what_no_part_can_show(world, tmp_path):
    path = world.bundle(tmp_path / "b.zip", selection=Selection(party=world.people["anna"]))
    (line,) = (line for line in told(verify_bundle(path)) if line.startswith("Complete"))
    assert line.endswith(
        "that nothing else belongs to what was chosen, and that no key was retired, compromised or"
        f" replaced but as it says, is the word of {world.people['anna']}"
    )


# -- a log key that was replaced ---------------------------------------------------------------


@pytest.fixture
def replaced(world):
    """A ledger whose log key was replaced, and on which more was recorded since."""
    second = new_log_key(ORIGIN, b"2" * 32)
    former = world.log_key.verifier
    at = world.say("anna", "LogKeyChanged", former=former, log_key=second.verifier).position
    enrolled(world, "cleo")
    return world, second, at


ANCHORS = {
    "the former key, on the change": ("former", 0, True),
    "the former key, before it": ("former", -1, True),
    "the former key, after it": ("former", 1, False),
    "the new key, on the change": ("new", 0, True),
    "the new key, after it": ("new", 1, True),
    "the new key, before it": ("new", -1, False),
}


@pytest.mark.parametrize(("key", "beyond", "holds"), ANCHORS.values(), ids=ANCHORS)
def test_after_a_change_only_the_new_key_anchors_what_is_later(
    replaced, tmp_path, key, beyond, holds
):
    """Held by whoever verifies a ledger, a whole bundle or a part; given to `load` as well."""
    world, second, at = replaced
    signer = world.log_key if key == "former" else second
    held = world.note(at + beyond, signer)
    last = world.note(log_key=second)
    whole = world.bundle(tmp_path / "w.zip", checkpoint=last)
    chosen = Selection(party=world.people["cleo"])
    asked = {"held": held} if holds else {}
    part = world.bundle(tmp_path / "p.zip", checkpoint=last, selection=chosen, **asked)
    for made in (
        verify_store(world.ledger.store, held, world.card()),
        verify_bundle(whole, held, world.card()),
        verify_bundle(part, held, world.card()),
    ):
        assert made.verified == holds
        assert len(made.anchored) == (2 if holds else 1)
        faults = [one.sentence for one in made.findings if one.severity == "fault"]
        assert holds or any("is signed with a log key that" in each for each in faults)


def test_a_bundle_up_to_a_checkpoint_by_the_former_key_is_not_written_nor_believed(
    replaced, tmp_path
):
    world, second, _ = replaced
    forged = world.note(log_key=world.log_key)
    with pytest.raises(NoteError, match="it is signed with a log key that was replaced at entry"):
        world.bundle(tmp_path / "b.zip", checkpoint=forged)
    with open_archive(world.bundle(tmp_path / "a.zip", checkpoint=world.note(log_key=second))) as a:
        files = {name: a.read(name) for name in a.names}
    files["checkpoint"] = forged
    verdict = verify_bundle(repacked(tmp_path / "b.zip", files))
    assert any(
        "the bundle's checkpoint is not signed by this log: it is signed with a log key that was"
        " replaced" in one.sentence
        for one in verdict.findings
    )


def test_the_terms_of_a_file_s_log_keys_are_those_of_its_ledger(replaced, tmp_path):
    world, second, at = replaced
    (tmp_path / "entries.jsonl").write_bytes(b"".join(entry_lines(world.ledger.store)))
    named = ((world.log_key.verifier, 1), (second.verifier, at))
    assert log_terms_in(tmp_path / "entries.jsonl") == terms_of(named)

"""Whatever a stranger sends: every parser reads it, or says in words of ours what is wrong.

Each parser is given what it reads with some bytes overwritten, moved, repeated, left out or put
in: a few such in every run. With `-m hours` it is given 20,000, which takes minutes for each; with
`--hypothesis-profile=search` others each time.
"""

from __future__ import annotations

import base64
import zipfile
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as drawn
from hypothesis import strategies as st
from recording import ORIGIN, Clock, Head, found, visit

from cli.record.command import _said_in
from cli.record.template import template
from cli.terminal.failures import CommandError
from ledger.bundle import Export, Manifest, Signing, write_bundle
from ledger.bundle.entries_file import entry_lines, load, text_lines
from ledger.bundle.manifest import Selection
from ledger.errors import LedgerError
from ledger.events.judgements import FrameworkAdopted
from ledger.events.registers import SchoolRegistered
from ledger.events.visits import VisitMade
from ledger.format.entry import parse_entry, parse_submission
from ledger.format.sshsig import PublicKey, armor, verify
from ledger.format.statement import NAMESPACE
from ledger.format.statement import parse as parse_statement
from ledger.imports import ofsted
from ledger.imports.gias import Files, Known, plan
from ledger.imports.gias import Selection as Selected
from ledger.log.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint, sign
from ledger.log.note import open_note
from ledger.log.proof import parse_proof
from ledger.recording.admission import admit_lines
from ledger.recording.application import By
from ledger.recording.founding import new_log_key
from ledger.store import open_store
from ledger.transparency.proofs import prove, trust_card
from ledger.transparency.trust_card import TrustCard
from ledger.verification.verify import verify_bundle

LOG_KEY = new_log_key(ORIGIN, b"l" * 32)
REGISTRAR = Head(0)
COLUMNS = (
    "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (code),"
    "EstablishmentStatus (code),OpenDate,CloseDate,PhaseOfEducation (code),Trusts (code),"
    "Trusts (name),UKPRN"
)
REGISTER = (
    f'{COLUMNS}\r\n900001,999,Northwick,2001,"Oak, School",01,2,01-09-1999,31-08-2021,2,,,10000001'
    "\r\n900002,999,Northwick,2002,Oak Academy,34,1,01-09-2021,,2,71,TIDE TRUST,10000002\r\n"
).encode("cp1252")
LINKS = (
    b"URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\r\n"
    b"900001,900002,Oak Academy,Successor,01-09-2021\r\n"
    b"900002,900001,Oak School,Predecessor,01-09-2021\r\n"
)
GROUPS = (
    b"Group UID,Group ID,Group Name,Companies House Number,Group Type (code),UKPRN\r\n"
    b"71,TR00071,TIDE TRUST,1234567,6,\r\n"
)
INSPECTIONS = (
    b"URN,School name,Inspection start date,Publication date,Inclusion,Category of concern\r\n"
    b"900001,Oak School,10/02/2026,20/03/2026,Strong standard,NULL\r\n"
)
OAK = SchoolRegistered(
    school="school:900001", urn="urn:900001", name="Oak", phase="primary", la="body:northwick"
)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    """What the parsers read, as a small ledger tells it."""
    folder = tmp_path_factory.mktemp("seeds")
    with found(folder / "a.db", Clock()) as ledger:
        said = visit(ledger, note="Zebra crossing.")
        event = ledger.append(said).event
        head = ledger.head()
        note = sign(Checkpoint(ledger.origin, head.size, head.root), LOG_KEY)
        signing = Signing(REGISTRAR.signer, By(REGISTRAR.person, "registrar@ledger"), Clock()())
        chosen = {"bundle": None, "part": Selection(party="school:900001")}
        bundles = {name: folder / f"{name}.zip" for name in chosen}
        for name, path in bundles.items():
            write_bundle(path, ledger, Export(note, chosen[name], "all"), signing)
        with zipfile.ZipFile(bundles["bundle"]) as zipped:
            manifest = zipped.read("manifest.json")
        return {
            "statement": said.statement,
            "submission": said.as_line(),
            "entry": ledger.raw(head.size),
            "armour": armor(base64.b64decode(said.signature)),
            "public key": REGISTRAR.signer.public.line.encode(),
            "checkpoint": note,
            "proof": prove(ledger, event, note).proof,
            "trust card": trust_card(ledger).text().encode(),
            "manifest": manifest,
            **{name: path.read_bytes() for name, path in bundles.items()},
            "entries": b"".join(entry_lines(ledger.store)),
            "texts": b"".join(text_lines(ledger.store)),
            "register": REGISTER,
            "links": LINKS,
            "groups": GROUPS,
            "inspections": INSPECTIONS,
            "template": template(VisitMade, {"days": "1.5"}).encode(),
        }


def _checkpoint(data, _at):
    parse_checkpoint(data)


def _note(data, _at):
    open_note(data, [LOG_KEY.verifier])


def _opened(data, _at):
    open_checkpoint(data, LOG_KEY.verifier)


def _card(data, _at):
    TrustCard.parse(data.decode("utf-8", "replace"))


def _key(data, _at):
    PublicKey.parse(data.decode("utf-8", "replace"))


def _bundle(data, at):
    path = at("b.zip", data)
    verify_bundle(path)


def _loaded(data, at, texts=None):
    path = at("new.db")
    path.unlink(missing_ok=True)
    with open_store(str(path), create=True) as store:
        load(store, at("entries", data), texts=texts)


def _texts(data, at):
    _loaded(at.seeds["entries"], at, at("texts", data))


def _csv(kind):
    def planned(data, at):
        files = {"register": REGISTER, "links": LINKS, "groups": GROUPS, kind: data}
        paths = {name: at(f"{name}.csv", text) for name, text in files.items()}
        read = Files(paths["register"], links=paths["links"], groups=paths["groups"])
        plan(read, Selected(), Known())

    return planned


def _inspections(data, at):
    known = ofsted.Known().after([("oak", OAK)])
    shipped = {ofsted.REPORT_CARD: FrameworkAdopted(**FrameworkAdopted.example)}
    sheet = ofsted.read(ofsted.File(at("inspections.csv", data)))
    ofsted.plan(sheet, known, ofsted.Ground(shipped, str))


def _template(data, at):
    path = at("said.toml", data)
    _said_in(str(path), VisitMade)


#: What reads which seed.
PARSERS = {
    "statement": ("statement", lambda data, _: parse_statement(data)),
    "submission": ("submission", lambda data, _: parse_submission(data)),
    "admission": ("submission", lambda data, _: admit_lines([data])),
    "entry": ("entry", lambda data, _: parse_entry(data)),
    "armour": ("armour", lambda data, _: verify(b"", data, NAMESPACE)),
    "public key": ("public key", _key),
    "note": ("checkpoint", _note),
    "checkpoint": ("checkpoint", _opened),
    "checkpoint's text": ("checkpoint", _checkpoint),
    "proof": ("proof", lambda data, _: parse_proof(data)),
    "trust card": ("trust card", _card),
    "manifest": ("manifest", lambda data, _: Manifest.parse(data)),
    "bundle": ("bundle", _bundle),
    "bundle of a part": ("part", _bundle),
    "file of entries": ("entries", _loaded),
    "file of texts": ("texts", _texts),
    "register as CSV": ("register", _csv("register")),
    "links as CSV": ("links", _csv("links")),
    "groups as CSV": ("groups", _csv("groups")),
    "inspections as CSV": ("inspections", _inspections),
    "filled-in template": ("template", _template),
}
#: Each takes much longer than the others.
SLOW = {"bundle", "bundle of a part", "file of entries", "file of texts"}

PLACE = st.integers(0, 10**6)
BYTES = st.binary(min_size=1, max_size=6)
TOKENS = st.sampled_from(
    [b"\0", b'"', b",", b"\r\n", b"\n", b"\xff\xfe", b"\xef\xbb\xbf", b"1e400", b"{", b"[["]
)
EDIT = st.tuples(
    st.sampled_from(["put in", "overwrite", "leave out", "repeat", "cut"]),
    PLACE,
    st.one_of(BYTES, TOKENS),
    PLACE,
)


def altered(data, edits):
    """Return bytes after some edits; each place counts from the start, as often as it takes."""
    for how, place, new, other in edits:
        size = len(data) + 1
        first, last = sorted((place % size, other % size))
        if how == "put in":
            data = data[:first] + new + data[first:]
        elif how == "overwrite":
            data = data[:first] + new + data[first + len(new) :]
        elif how == "leave out":
            data = data[:first] + data[last:]
        elif how == "repeat":
            data = data[:last] + data[first:last] + data[last:]
        else:
            data = data[:first]
    return data


class Folder:
    """Where a parser's file is put, and the seeds of the others."""

    def __init__(self, path, seeds):
        self.path = path
        self.seeds = seeds

    def __call__(self, name, data=b""):
        path = self.path / name
        path.write_bytes(data)
        return path


MOST = [pytest.param(24, id="sample"), pytest.param(20_000, id="all", marks=pytest.mark.hours)]


@pytest.mark.parametrize("examples", MOST)
@pytest.mark.parametrize("name", PARSERS)
def test_whatever_is_sent_is_read_or_refused_in_words_of_ours(name, examples, seeds, tmp_path):
    seed, parser = PARSERS[name]
    at = Folder(tmp_path, seeds)

    @settings(
        max_examples=max(1, examples // 4) if name in SLOW else examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @drawn(st.lists(EDIT, min_size=1, max_size=3))
    def sent(edits):
        # What is refused by any of these is told without a traceback, as it stands.
        with suppress(LedgerError, CommandError):
            parser(altered(seeds[seed], edits), at)

    sent()


@pytest.mark.parametrize("name", PARSERS)
def test_what_is_sent_unaltered_is_read(name, seeds, tmp_path):
    seed, parser = PARSERS[name]
    if name not in {"armour", "checkpoint's text"}:
        parser(seeds[seed], Folder(tmp_path, seeds))

"""Moving house: lines out, lines in, the same record; or nothing, and why."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date

import pytest
from two_years import tell

from ledger import keys
from ledger.audit.check import check_store
from ledger.bundle.entries_file import Wanted, entry_lines, load, log_terms_in, text_lines
from ledger.errors import BundleError, LedgerError, NoteError, StoreError
from ledger.recording.application import Ledger
from ledger.store import open_store
from ledger.transparency.proofs import log_keys
from ledger.transparency.trust_card import TrustCard


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    """The demo's entries and texts as files, and the head that they must reproduce."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "keys").mkdir()
    with tell(folder, 7, lambda _: None) as ledger:
        (folder / "entries.jsonl").write_bytes(b"".join(entry_lines(ledger.store)))
        (folder / "texts.jsonl").write_bytes(b"".join(text_lines(ledger.store)))
        head = ledger.head()
    return folder, Wanted(head.size, head.root)


@pytest.fixture
def empty(tmp_path):
    with open_store(str(tmp_path / "new.db"), create=True) as store:
        yield store


def test_a_record_moves_house_whole(moved, empty, tmp_path):
    folder, head = moved
    done = load(empty, folder / "entries.jsonl", head, folder / "texts.jsonl")
    assert (done.size, done.root, done.findings) == (*head, ())
    assert (done.texts, done.missing) == (24, 0)
    assert check_store(empty) == []
    with Ledger.open(str(tmp_path / "new.db")) as ledger:
        assert ledger.head() == tuple(head)
        assert b"".join(entry_lines(ledger.store)) == (folder / "entries.jsonl").read_bytes()


def test_without_its_texts_a_record_says_what_is_missing(moved, empty):
    folder, head = moved
    done = load(empty, folder / "entries.jsonl", head)
    assert (done.texts, done.missing) == (0, 24)
    assert {one.check for one in check_store(empty)} == {"sealed text"}


def test_a_part_of_the_head_may_be_held(moved, empty):
    folder, head = moved
    with Ledger.open(str(folder / "demo.db"), read_only=True) as ledger:
        earlier = ledger.head_at(100)
    assert load(empty, folder / "entries.jsonl", Wanted(*earlier)).findings == ()
    assert empty.head() == head.size


REFUSED = {
    "an entry removed": (
        lambda lines: lines[:90] + lines[91:],
        "its signer saw 91 entries, and 90 stand before it",
    ),
    "two swapped": (
        lambda lines: [*lines[:90], lines[91], lines[90], *lines[92:]],
        "its signer saw",
    ),
    "the end cut off": (lambda lines: lines[:-1], "the file ends at entry 173; you hold a root"),
    "an entry altered": (
        lambda lines: [*lines[:90], lines[90].replace(b"school", b"schooI"), *lines[91:]],
        "entry",
    ),
    "an entry repeated": (lambda lines: [*lines, lines[90]], "its id stands already at position"),
    "an empty line": (lambda lines: [*lines, b"\n"], "the entry does not have the form"),
    "nothing at all": (lambda _: [], "there is no entry in the file"),
}


@pytest.mark.parametrize(("change", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_that_record_is_not_loaded(moved, empty, tmp_path, change, sentence):
    folder, head = moved
    lines = (folder / "entries.jsonl").read_bytes().splitlines(keepends=True)
    path = tmp_path / "entries.jsonl"
    path.write_bytes(b"".join(change(lines)))
    done = load(empty, path, head, folder / "texts.jsonl")
    assert any(sentence in one.sentence for one in done.findings), done.findings
    assert empty.head() == 0
    assert empty.log.size() == 0
    assert list(empty.vault.all()) == []


MALFORMED = {
    "cut short": (lambda data: data[:-5], "line 174 of .* is cut short"),
    "in UTF-16": (lambda data: data.decode().encode("utf-16"), "is written in UTF-16"),
    "of something else": (lambda _: b"a\n", "is no file of lines of JSON: got a, expected"),
    "a line without end": (lambda data: data + b"9" * 70_000, "is over 65,535 bytes long"),
}


@pytest.mark.parametrize(("change", "sentence"), MALFORMED.values(), ids=MALFORMED)
def test_a_file_that_cannot_be_read_is_refused_in_words(moved, empty, tmp_path, change, sentence):
    folder, _ = moved
    path = tmp_path / "entries.jsonl"
    path.write_bytes(change((folder / "entries.jsonl").read_bytes()))
    with pytest.raises(LedgerError, match=sentence):
        load(empty, path)
    assert empty.head() == 0


def test_texts_that_are_none_are_refused_in_words(moved, empty, tmp_path):
    folder, _ = moved
    path = tmp_path / "texts.jsonl"
    path.write_bytes(b"{}\n")
    with pytest.raises(BundleError, match=r"line 1 of .* is no text"):
        load(empty, folder / "entries.jsonl", None, path)
    assert empty.head() == 0


def test_texts_that_open_nothing_are_left_out(moved, empty, tmp_path):
    folder, _ = moved
    texts = (folder / "texts.jsonl").read_bytes().splitlines(keepends=True)
    altered = texts[0].replace(b'"value":"', b'"value":"Not ')
    path = tmp_path / "texts.jsonl"
    path.write_bytes(b"".join([altered, *texts[1:], texts[1]]))
    done = load(empty, folder / "entries.jsonl", None, path)
    assert (done.texts, done.missing) == (23, 1)


def test_a_ledger_that_holds_something_is_not_loaded_into(moved, tmp_path):
    folder, _ = moved
    path = shutil.copy(folder / "demo.db", tmp_path / "demo.db")
    with (
        open_store(str(path)) as store,
        pytest.raises(StoreError, match="the ledger to load into is not empty"),
    ):
        load(store, folder / "entries.jsonl")


def test_erased_text_does_not_come_back(moved, tmp_path):
    folder, _ = moved
    own = shutil.copytree(folder, tmp_path / "d")
    with Ledger.open(str(own / "demo.db"), clock_confirmed=True) as ledger:
        event, pointer, _, _ = next(iter(ledger.store.vault.all()))
        said = {"event": f"event:{event}", "pointer": pointer}
        said |= {"authority": "data_subject", "reason": "no_longer_needed"}
        signer = keys.load(own / "keys" / "registrar")
        ledger.say("DetailErased", said, signer, "registrar@ledger", date(2026, 7, 20))
        (own / "entries.jsonl").write_bytes(b"".join(entry_lines(ledger.store)))
    with open_store(str(tmp_path / "new.db"), create=True) as store:
        done = load(store, own / "entries.jsonl", None, own / "texts.jsonl")
        assert (done.texts, done.missing) == (23, 0)
        assert check_store(store) == []
    with closing(sqlite3.connect(tmp_path / "new.db")) as connection:
        sql = "SELECT count(*) FROM vault WHERE event=?"
        assert connection.execute(sql, (event,)).fetchone() == (0,)


def test_the_log_keys_of_a_file_are_those_of_its_ledger(moved):
    folder, _ = moved
    with Ledger.open(str(folder / "demo.db"), read_only=True) as ledger:
        (term,) = log_terms_in(folder / "entries.jsonl")
        assert term == (*log_keys(ledger), 0, None)


# -- the trust card ----------------------------------------------------------------------------

_KEY = "northwick.example/support+16ac871c+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def test_a_trust_card_is_read_as_it_was_printed(moved):
    folder, _ = moved
    with Ledger.open(str(folder / "demo.db"), read_only=True) as ledger:
        card = TrustCard(ledger.origin, log_keys(ledger)[0], bytes(range(32)))
    around = "Trust card: keep it.\n  " + card.text().replace("\n", "\r\n  ") + "\ntree  174\n"
    assert TrustCard.parse(card.text()) == TrustCard.parse(around) == card


CARDS = {
    "nothing": ("", "0 lines that say the origin"),
    "two origins": ("origin  a\norigin  b\n", "2 lines that say the origin"),
    "a short leaf": ("origin  a\nlog key  a+b+c\nleaf 0  00\n", "0 lines that say the leaf 0"),
    "another's key": (
        f"origin  a\nlog key  {_KEY}\nleaf 0  {'0' * 64}\n",
        "verifier key|not named by its origin",
    ),
}


@pytest.mark.parametrize(("text", "sentence"), CARDS.values(), ids=CARDS)
def test_a_text_that_is_no_trust_card_is_refused_in_words(text, sentence):
    with pytest.raises(NoteError, match=sentence):
        TrustCard.parse(text)


def test_erased_text_that_came_back_into_the_vault_does_not_go_out(tmp_path):
    """As from a backup of one table; the ledger is read only, and so cannot erase it again."""
    (tmp_path / "keys").mkdir()
    with tell(tmp_path, 7, lambda _: None) as ledger:
        event, pointer, salt, text = next(iter(ledger.store.vault.all()))
        said = {"event": f"event:{event}", "pointer": pointer}
        said |= {"authority": "data_subject", "reason": "no_longer_needed"}
        signer = keys.load(tmp_path / "keys" / "registrar")
        ledger.say("DetailErased", said, signer, "registrar@ledger", date(2026, 7, 10))
    with closing(sqlite3.connect(tmp_path / "demo.db")) as connection, connection:
        connection.execute(
            "UPDATE vault SET salt=?, value=? WHERE event=? AND pointer=?",
            (salt, text, event, pointer),
        )
    with open_store(str(tmp_path / "demo.db"), read_only=True) as store:
        assert pointer in store.vault.get(event)
        lines = list(text_lines(store))
    assert len(lines) == 23
    assert not [line for line in lines if event.encode() in line and pointer.encode() in line]

"""Vault, log and named values: what goes in comes out, and what is erased is gone."""

import random
import re
import sqlite3
from pathlib import Path

import pytest

from ledger.errors import StoreError
from ledger.store import open_store
from ledger.store.sqlite.store import SQLiteEntryStore

NOTE = "/data/note"


def salt(name):
    return name.encode().ljust(32, b"s")


@pytest.fixture(params=["file", "memory"])
def store(request, tmp_path):
    path = ":memory:" if request.param == "memory" else str(tmp_path / "a.ledger")
    with open_store(path, create=True) as opened:
        yield opened


A = ("event1", NOTE, salt("a"), "Helped with phonics")
B = ("event1", "/data/name", salt("b"), "Åsa Öberg")
C = ("event2", NOTE, salt("c"), "x" * 16_384)


@pytest.fixture
def vault(store):
    store.vault.put(iter([A, B, C]))
    return store.vault


def test_the_vault_returns_texts_by_event_and_pointer(vault):
    first = {NOTE: A[2:], "/data/name": B[2:]}
    assert vault.get("event1") == first
    assert vault.get("nothing") == {}
    assert vault.get_many(["event2", "nothing", "event1"]) == {
        "event1": first,
        "event2": {NOTE: C[2:]},
    }
    assert list(vault.all()) == [A, B, C]
    assert list(vault.events()) == ["event1", "event2"]


REPEATED = [
    (
        ("event3", NOTE, salt("a"), "other"),
        "a salt is used a second time. Seal the text again with a fresh salt.",
    ),
    (("event1", NOTE, salt("d"), "other"), "a sealed field is disclosed a second time."),
]


@pytest.mark.parametrize("erased", [False, True])
@pytest.mark.parametrize(("repeated", "sentence"), REPEATED)
def test_a_salt_or_field_is_used_once_ever_even_if_erased(vault, repeated, sentence, erased):
    if erased:
        assert vault.erase("event1", NOTE)
    before = list(vault.all())
    with pytest.raises(StoreError) as caught:
        vault.put([("event4", NOTE, salt("e"), "first"), repeated])
    assert str(caught.value) == sentence
    assert list(vault.all()) == before, "all or none"


def test_a_refused_put_leaves_the_rest_of_the_writing_alone(store, vault):
    with store.writing():
        vault.put([("event5", NOTE, salt("f"), "kept")])
        with pytest.raises(StoreError):
            vault.put([("event6", NOTE, salt("g"), "dropped"), A])
        vault.put([("event7", NOTE, salt("h"), "kept too")])
    assert list(vault.events()) == ["event1", "event2", "event5", "event7"]


def test_an_erased_text_is_not_returned_but_its_salt_stays_known(vault):
    assert vault.erase("event1", NOTE)
    assert vault.get("event1") == {"/data/name": B[2:]}
    assert list(vault.all()) == [B, C]
    assert vault.used([A[2], salt("never")]) == {A[2]}
    assert vault.erase("event2", NOTE)
    assert list(vault.events()) == ["event1"]


def test_erasing_what_is_not_there_does_nothing(vault):
    assert not vault.erase("event1", "/data/other")
    assert not vault.erase("event9", NOTE)
    assert vault.erase("event1", NOTE)
    assert not vault.erase("event1", NOTE)


def test_going_through_a_large_vault_gives_every_text_once(vault):
    many = [(f"e{n}", NOTE, salt(f"n{n}"), str(n)) for n in range(700)]
    vault.put(many)
    assert list(vault.all()) == [A, B, C, *many]


def test_used_salts_are_told_from_others_however_many_are_asked_about(vault):
    many = {salt(f"n{n}") for n in range(1_200)}
    vault.put((f"e{n}", NOTE, one, "text") for n, one in enumerate(sorted(many)))
    assert vault.used([*many, salt("never"), salt("nor this")]) == many
    assert vault.used([]) == set()


def bytes_of(path):
    return b"".join(file.read_bytes() for file in Path(path).parent.iterdir())


@pytest.mark.sweep
def test_no_file_holds_what_was_erased_however_rows_came_and_went(tmp_path):
    order = random.Random(7)  # noqa: S311 - an order to reproduce
    path = tmp_path / "a.ledger"
    kept, erased = [], set()
    with open_store(str(path), create=True) as store:
        for numbers in (range(first, first + 60) for first in range(0, 9_000, 60)):
            # Salt and text name their number from the first byte to the last.
            store.vault.put(
                (
                    f"{order.getrandbits(64):016x}/{n}",
                    NOTE,
                    f"<{n:06}>".encode() * 4,
                    f"<{n:06}>" * order.choice([1, 3, 12, 90, 1_000]),
                )
                for n in numbers
            )
            kept += list(store.vault.all())[-60:]
            with store.writing():
                for _ in range(40):
                    event, pointer, own_salt, _ = kept.pop(order.randrange(len(kept)))
                    erased.add(own_salt[:8])
                    assert store.vault.erase(event, pointer)
        found = set(re.findall(rb"<\d{6}>", bytes_of(path)))
        assert found == {own_salt[:8] for _, _, own_salt, _ in kept}
        assert not found & erased


def test_the_shape_of_an_erased_text_of_many_bytes_a_character_fits_its_place(tmp_path):
    path = tmp_path / "a.ledger"
    with open_store(str(path), create=True) as store:
        store.vault.put([("e", NOTE, salt("a"), "ÅÖ🙂" * 1_000)])
        assert store.vault.erase("e", NOTE)
        assert "ÅÖ🙂".encode() not in bytes_of(path)


def test_a_reader_that_blocks_erasing_is_named_and_erasing_again_finishes(tmp_path):
    path = tmp_path / "a.ledger"
    text = "Mrs Example of 1 Example Street"
    with SQLiteEntryStore.open(str(path), create=True, timeout=0.1) as store:
        store.vault.put([("e", NOTE, salt("a"), text)])
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM vault").fetchone()
        with pytest.raises(StoreError) as caught:
            store.vault.erase("e", NOTE)
        assert str(caught.value) == (
            "what was erased is still in the ledger's write-ahead log, because another process"
            " is using the ledger. End that process, then erase again."
        )
        assert store.vault.get("e") == {}, "erased for everyone who asks"
        assert text.encode() in bytes_of(path)
        reader.close()
        assert not store.vault.erase("e", NOTE)
        assert text.encode() not in bytes_of(path)


def test_an_erasure_that_is_undone_erases_nothing(store, vault):
    def fail():
        with store.writing():
            assert vault.erase("event1", NOTE)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert vault.get("event1")[NOTE] == A[2:]


# The log.


def node(level, index):
    return level, index, f"{level}/{index}".encode().ljust(32, b"h")


def nodes(leaves):
    """Return every node over so many leaves."""
    return [node(level, index) for level in range(20) for index in range(leaves >> level)]


def test_the_log_returns_nodes_by_place(store):
    assert store.log.size() == 0
    store.log.put(nodes(5))
    assert store.log.size() == 5
    assert store.log.get(1, 1) == node(1, 1)[2]
    assert store.log.get(3, 0) is None
    assert store.log.get_many([(2, 0), (9, 9), (0, 4), (2, 0)]) == [
        node(2, 0)[2],
        None,
        node(0, 4)[2],
        node(2, 0)[2],
    ]
    assert store.log.get_many([]) == []


@pytest.mark.parametrize(("start", "stop"), [(0, 0), (0, 700), (3, 5), (250, 600), (699, 9_999)])
def test_leaves_come_in_order_from_start_to_stop(store, start, stop):
    store.log.put(nodes(700))
    expected = [node(0, index)[2] for index in range(start, min(stop, 700))]
    assert list(store.log.leaves(start, stop)) == expected


def test_a_node_is_never_replaced_but_all_can_be_cleared(store):
    store.log.put([node(0, 0)])
    with pytest.raises(StoreError, match="UNIQUE constraint failed"):
        store.log.put([(0, 0, b"other")])
    assert list(store.log.leaves(0, 9)) == [node(0, 0)[2]]
    store.log.clear()
    assert store.log.size() == 0


@pytest.mark.parametrize(
    "part", [[node(1, 0)], [node(0, 1)], [node(0, 0), node(1, 1)]], ids=["leaf", "above", "below"]
)
def test_a_leaf_and_what_it_completes_are_kept_together_or_not_at_all(store, part):
    with pytest.raises(StoreError, match=r"internal error: a (leaf|node) of the log comes without"):
        store.log.put(part)
    assert store.log.size() == 0


def test_named_values_are_kept_and_replaced(store):
    assert store.meta.get("format") is None
    store.meta.put("format", "1")
    store.meta.put("format", "2")
    assert store.meta.get("format") == "2"

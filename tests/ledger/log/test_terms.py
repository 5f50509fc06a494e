"""A log key anchors what was signed in its term, and nothing larger when it was replaced."""

from __future__ import annotations

import pytest

from ledger.errors import NoteError
from ledger.log.checkpoint import Checkpoint, sign
from ledger.log.terms import Term, open_in_term, terms_of
from ledger.recording.founding import new_log_key

ORIGIN = "northwick.example/support"
FIRST, SECOND, THIRD, OTHER = (new_log_key(ORIGIN, bytes([n]) * 32) for n in range(1, 5))
TERMS = terms_of(((FIRST.verifier, 1), (SECOND.verifier, 10), (THIRD.verifier, 20)))


def test_terms_meet_at_the_entry_that_names_the_next_key():
    assert (
        Term(FIRST.verifier, 0, 10),
        Term(SECOND.verifier, 10, 20),
        Term(THIRD.verifier, 20, None),
    ) == TERMS
    assert terms_of([]) == ()


@pytest.mark.parametrize(
    ("key", "size"),
    [(FIRST, 1), (FIRST, 10), (SECOND, 10), (SECOND, 20), (THIRD, 20), (THIRD, 10_000)],
)
def test_what_was_signed_in_a_term_is_anchored(key, size):
    opened, term = open_in_term(sign(Checkpoint(ORIGIN, size, bytes(32)), key), TERMS)
    assert (opened.checkpoint.size, term.key) == (size, key.verifier)


@pytest.mark.parametrize(
    ("key", "size", "sentence"),
    [
        (FIRST, 11, "it is signed with a log key that was replaced at entry 10: got a checkpoint"),
        (FIRST, 10_000, "it is signed with a log key that was replaced at entry 10"),
        (SECOND, 21, "it is signed with a log key that was replaced at entry 20"),
        (SECOND, 9, "it is signed with a log key that came into use at entry 10"),
        (THIRD, 19, "it is signed with a log key that came into use at entry 20"),
        (OTHER, 5, "No key that you trust has signed this note"),
    ],
)
def test_what_was_signed_out_of_term_is_not(key, size, sentence):
    note = sign(Checkpoint(ORIGIN, size, bytes(32)), key)
    with pytest.raises(NoteError) as caught:
        open_in_term(note, TERMS)
    assert sentence in str(caught.value)


def test_a_record_without_any_log_key_anchors_nothing():
    note = sign(Checkpoint(ORIGIN, 1, bytes(32)), FIRST)
    with pytest.raises(NoteError, match="the record names no log key"):
        open_in_term(note, ())

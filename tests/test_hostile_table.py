"""Every hostile input has a test of its own, by name.

Each line of the table is a hostile input, with the tests that attack by it.
A test that is renamed or deleted fails here by the line that it leaves without one.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SIGNATURES = "ledger/format/test_sshsig_hostile.py"
SECURITY_KEYS = "ledger/format/test_sshsig_security_key.py"
STATEMENTS = "ledger/format/test_statement_hostile.py"
AUTHORITY = "ledger/domain/registers/test_authority.py"
KEYLIFE = "ledger/domain/registers/test_key_rules.py"
APPLICATION = "ledger/recording/test_application.py"
MERKLE = "ledger/log/test_merkle.py"
CHECKPOINTS = "ledger/log/test_checkpoint.py"
NOTES = "ledger/log/test_note.py"

TABLE = {
    "malleated S+L signature": (SIGNATURES, "test_a_hostile_signature_is_refused_and_told_why"),
    "wrong lengths": (SIGNATURES, "test_a_signature_with_any_byte_added_or_lost_is_refused"),
    "identity and other low-order keys": (
        SIGNATURES,
        "test_a_hostile_signature_is_refused_and_told_why",
    ),
    "non-canonical points": (SIGNATURES, "test_a_hostile_signature_is_refused_and_told_why"),
    "non-empty reserved": (SIGNATURES, "test_no_other_layout_verifies"),
    "trailing bytes": (SIGNATURES, "test_a_hostile_signature_is_refused_and_told_why"),
    "md5, sha1, upper-case hash names": (SIGNATURES, "test_no_other_layout_verifies"),
    "wrong or empty namespace": (SIGNATURES, "test_a_hostile_signature_is_refused_and_told_why"),
    "another registered key swapped in": (AUTHORITY, "test_another_persons_key_does_not_sign"),
    "FIDO flag 0": (SECURITY_KEYS, "test_a_hostile_security_key_is_refused_and_told_why"),
    "CRLF or junk in armour": (SIGNATURES, "test_hostile_armour_is_refused_and_told_why"),
    "a key enrolled by its own holder": (AUTHORITY, "test_an_unknown_key_signs_nothing"),
    "a revocation signed by the revoked key": (KEYLIFE, "test_never_that_key_itself_nor_ahead"),
    "backdating before a revocation": (KEYLIFE, "test_a_compromised_key_signs_no_more"),
    "time in 2099": (APPLICATION, "test_signed_over_five_minutes_ahead_refused"),
    "leap seconds, 24:00, +00:00": (
        STATEMENTS,
        "test_a_member_that_does_not_follow_its_grammar_is_refused",
    ),
    "head of school A for school B": (
        AUTHORITY,
        "test_the_head_of_one_school_does_not_speak_for_another",
    ),
    "last year's head": (AUTHORITY, "test_last_years_head_signs_no_more"),
    "another ledger's statement": (APPLICATION, "test_another_ledgers_statement_refused"),
    "duplicate members, also by escape": (
        STATEMENTS,
        "test_the_same_thing_in_other_bytes_is_refused",
    ),
    "1.0 for 1, -0, 1e400, NaN, 2^53+1": (
        STATEMENTS,
        "test_a_statement_of_another_form_is_refused_and_told_why",
    ),
    "lone surrogates, BOM, overlong UTF-8": (STATEMENTS, "test_what_is_not_json_is_refused"),
    "NFC against NFD": (STATEMENTS, "test_text_that_may_not_be_recorded_is_named_and_escaped"),
    "whitespace, unsorted members": (STATEMENTS, "test_the_same_thing_in_other_bytes_is_refused"),
    "100,000 nested arrays": (
        STATEMENTS,
        "test_what_is_nested_too_deep_to_be_shown_is_refused_all_the_same",
    ),
    "64 KiB + 1, unknown fields": (
        STATEMENTS,
        "test_a_statement_of_another_form_is_refused_and_told_why",
    ),
    "newlines and bidi controls in origins and names": (
        STATEMENTS,
        "test_text_that_may_not_be_recorded_is_named_and_escaped",
    ),
    "proofs with one hash more or less": (MERKLE, "test_an_altered_inclusion_proof_is_refused"),
    "swapped roots": (MERKLE, "test_an_altered_consistency_proof_is_refused"),
    "size 0, size 2^64": (MERKLE, "test_consistency_out_of_range_is_refused"),
    "leading zeros": (CHECKPOINTS, "test_what_is_no_checkpoint_says_why"),
    "a node presented as a leaf": (MERKLE, "test_a_node_presented_as_a_leaf_is_refused"),
    "two roots of one size": (CHECKPOINTS, "test_two_roots_of_one_size_are_shown"),
    "a smaller, newer checkpoint": (CHECKPOINTS, "test_a_smaller_newer_checkpoint_is_refused"),
    "a right key under a wrong name": (
        NOTES,
        "test_a_right_key_under_a_wrong_name_is_another_key",
    ),
    "a witness counted twice": (CHECKPOINTS, "test_a_witness_counted_twice_counts_once"),
}


@pytest.mark.parametrize("line", TABLE)
def test_every_hostile_input_has_a_test(line):
    file, name = TABLE[line]
    text = (HERE / file).read_text(encoding="utf-8")
    assert re.search(rf"^\s*def {name}\(", text, re.MULTILINE), f"{line}: no {name} in {file}"

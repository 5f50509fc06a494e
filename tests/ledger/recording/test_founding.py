"""Founding: leaf 0 says everything that trust begins with, and the log key can be kept as text."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import keys
from ledger.errors import KeyFileError, LedgerError, NoteError, StatementError, ValueRefused
from ledger.format import sshsig
from ledger.format.ed25519 import check_point
from ledger.format.entry import parse_event
from ledger.format.statement import new_id, parse
from ledger.log.merkle import EMPTY_ROOT
from ledger.recording.admission import admit
from ledger.recording.founding import (
    Founding,
    Registrar,
    founding,
    key_members,
    new_log_key,
    parse_log_key,
    write_log_key,
)

ORIGIN = "northwick.example/support"
NOW = datetime(2024, 9, 2, 9, 0, tzinfo=UTC)
LOG_KEY = new_log_key(ORIGIN, b"\x01" * 32).verifier


def registrar(number: int) -> Registrar:
    seed = sha256(b"registrar %d" % number).digest()
    return Registrar(f"person:{new_id(NOW, lambda size: seed[:size])}", keys.in_memory(seed))


def founded(registrars: int = 1, origin: str = ORIGIN, title: str = "Northwick"):
    several = tuple(registrar(number) for number in range(registrars))
    return founding(Founding(origin, title, several, LOG_KEY), NOW)


@pytest.mark.parametrize("registrars", [1, 2, 5])
def test_a_ledger_is_founded_by_the_first_of_its_registrars(registrars):
    submission = founded(registrars)
    admitted = admit(submission)
    statement = parse(submission.statement)
    event = parse_event(statement.type, statement.data)
    assert admitted.key == f"key:{registrar(0).signer.public.fingerprint}"
    assert (statement.signedby, statement.office) == (registrar(0).person, "registrar@ledger")
    assert (statement.seen_size, statement.seen_root) == (0, EMPTY_ROOT)
    assert (statement.source, event.origin) == (ORIGIN, ORIGIN)
    assert (event.format, event.title, event.log_key) == (1, "Northwick", LOG_KEY)
    assert [one.person for one in event.registrars] == [
        registrar(number).person for number in range(registrars)
    ]
    assert submission.disclosures == ()


def test_each_registrar_shows_that_they_hold_their_key():
    event = parse_event("LedgerFounded.v1", parse(founded(3).statement).data)
    for number, one in enumerate(event.registrars):
        public = registrar(number).signer.public
        assert (one.key, one.public_key) == (f"key:{public.fingerprint}", public.line)
        keys.check_possession(base64.b64decode(one.proof), ORIGIN, one.person, public)


def test_the_tags_of_leaf_0_name_every_registrar_and_key():
    tags = set(admit(founded(2)).tags)
    for number in range(2):
        one = registrar(number)
        assert {one.person, f"key:{one.signer.public.fingerprint}"} <= tags


def test_a_proof_is_for_one_origin_and_one_person():
    one, other = registrar(0), registrar(1)
    members = key_members(ORIGIN, one.person, one.signer)
    proof = base64.b64decode(members["proof"])
    for origin, person in [("northwick.example", one.person), (ORIGIN, other.person)]:
        with pytest.raises(LedgerError):
            keys.check_possession(proof, origin, person, one.signer.public)


@pytest.mark.parametrize(
    ("arguments", "error", "fault"),
    [
        ({"registrars": 0}, StatementError, "registrars: it has 0, and at least 1 are needed"),
        ({"registrars": 6}, StatementError, "registrars: it has more than 5"),
        ({"origin": "Northwick"}, StatementError, "origin: it is no origin"),
        (
            {"origin": "n" * 101},
            StatementError,
            "origin: it is longer than 100 characters",
        ),
        ({"origin": "a b"}, ValueRefused, "an origin cannot be this: got a b"),
        ({"origin": "a\nb"}, ValueRefused, r"an origin cannot be this: got a\nb"),
        ({"title": ""}, StatementError, "title: it is empty"),
        ({"title": "n" * 201}, StatementError, "title: it is longer than 200 characters"),
    ],
)
def test_what_cannot_found_a_ledger_is_refused(arguments, error, fault):
    with pytest.raises(error) as refused:
        founded(**arguments)
    assert fault in str(refused.value)
    assert str(refused.value).isprintable()


@given(st.binary(min_size=32, max_size=32))
def test_a_log_key_comes_back_from_its_text_whatever_its_base64_holds(seed):
    signer = new_log_key(ORIGIN, seed)
    text = write_log_key(ORIGIN, signer.key_hash, seed)
    assert text.count("\n") == 1
    assert parse_log_key(text).verifier == signer.verifier
    assert parse_log_key(text.strip()).verifier == signer.verifier


def test_a_log_key_whose_base64_has_plus_signs_is_read():
    seed = base64.b64decode("AQ" + "+" * 42)[1:]
    signer = new_log_key(ORIGIN, seed)
    text = write_log_key(ORIGIN, signer.key_hash, seed)
    assert text.count("+") > 40
    assert parse_log_key(text).verifier == signer.verifier


def test_fresh_log_keys_differ():
    assert new_log_key(ORIGIN).verifier != new_log_key(ORIGIN).verifier


@pytest.mark.parametrize("seed", [b"", b"short", bytes(33)])
def test_a_seed_of_another_length_is_refused_not_replaced(seed):
    with pytest.raises(NoteError, match="The seed of a note key has the wrong length"):
        new_log_key(ORIGIN, seed)


GOOD = write_log_key(ORIGIN, new_log_key(ORIGIN, bytes(32)).key_hash, bytes(32))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PRIVATE+KEY",
        "PRIVATE+KEY+",
        "PRIVATE+KEY+a",
        "PRIVATE+KEY+a+b",
        "PRIVATE+KEY+a+b+c",
        GOOD.replace("PRIVATE", "PUBLIC"),
        GOOD.removeprefix("PRIVATE+KEY+"),
        GOOD.replace(ORIGIN, "another.example"),
        GOOD.replace(ORIGIN, ""),
        GOOD.replace(ORIGIN, "a b"),
        GOOD.replace("+AQ", "+Ag"),
        GOOD.replace("AAAA", "", 1),
        GOOD.replace("=", "") + "é",
        GOOD.strip() + "A",
        GOOD + GOOD,
        " " + GOOD,
        "\x00" * 80,
        "+" * 80,
    ],
)
def test_a_text_that_is_no_log_key_is_refused_without_being_shown(text):
    with pytest.raises(KeyFileError) as refused:
        parse_log_key(text)
    assert str(refused.value) == (
        "the log key cannot be read: expected one line PRIVATE+KEY+<origin>+<hash>+<key>, as"
        " `school-ledger init` writes it."
    )


def test_a_point_of_a_registrar_is_sound():
    for one in parse_event("LedgerFounded.v1", parse(founded(2).statement).data).registrars:
        check_point(sshsig.PublicKey.parse(one.public_key).point)

"""Every error is a sentence that a user can act on, whatever it is about."""

from __future__ import annotations

import pickle

import pytest

from ledger import errors
from ledger.errors import LedgerError, RefusedError, StoreError, ValueRefused

PLAIN = [
    getattr(errors, name)
    for name in dir(errors)
    if isinstance(getattr(errors, name), type)
    and issubclass(getattr(errors, name), LedgerError)
    and name != "RefusedError"
]


@pytest.mark.parametrize("error", PLAIN)
def test_an_error_says_what_was_got_what_was_expected_and_what_to_do(error):
    raised = error("the key is wrong", got="blue", expected="red", todo="Take the red one.")
    assert str(raised) == "the key is wrong: got blue, expected red. Take the red one."
    assert (raised.what, raised.got, raised.expected, raised.todo) == (
        "the key is wrong",
        "blue",
        "red",
        "Take the red one.",
    )


@pytest.mark.parametrize(
    "raised",
    [
        StoreError("the disk is full", got=7, expected="room", todo="Make some."),
        RefusedError("VisitMade", ["it is answered already"]),
    ],
)
def test_an_error_goes_from_one_process_to_another_whole(raised):
    again = pickle.loads(pickle.dumps(raised))  # noqa: S301 - our own
    assert type(again) is type(raised)
    assert str(again) == str(raised)
    assert vars(again) == vars(raised)


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({}, "the key is wrong."),
        ({"got": "blue"}, "the key is wrong: got blue."),
        ({"expected": "red"}, "the key is wrong: expected red."),
        ({"todo": "Ask."}, "the key is wrong. Ask."),
        ({"got": 7, "todo": "Ask."}, "the key is wrong: got 7. Ask."),
        ({"got": False}, "the key is wrong: got False."),
        ({"got": ""}, "the key is wrong: got nothing."),
        ({"got": ["a"]}, "the key is wrong: got ['a']."),
        ({"got": "!"}, "the key is wrong: got !."),
        ({"got": "red?"}, "the key is wrong: got red?."),
        ({"expected": "red."}, "the key is wrong: expected red."),
    ],
)
def test_a_sentence_holds_the_parts_that_there_are_and_one_full_stop(parts, sentence):
    assert str(LedgerError("the key is wrong", **parts)) == sentence


@pytest.mark.parametrize(
    ("got", "shown"),
    [
        ("a\nb", r"a\nb"),
        ("a\x00b", r"a\x00b"),
        ("a\x1b[2Jb", r"a\x1b[2Jb"),
        ("a\u202eb", r"a\u202eb"),
        ("a\u2028b", r"a\u2028b"),
        ("a\ud800b", r"a\ud800b"),
        ("\ufeff{}", r"\ufeff{}"),
        (b"a\nb", r"b'a\nb'"),
        ({"a\nb": 1}, r"{'a\nb': 1}"),
        ("Zoë", "Zoë"),
    ],
)
def test_what_was_got_is_shown_without_control_characters(got, shown):
    assert str(LedgerError("wrong", got=got)) == f"wrong: got {shown}."


def test_what_was_got_is_cut_short_when_it_is_very_long():
    said = str(LedgerError("wrong", got="a" * 60_000, expected="less"))
    assert said == f"wrong: got {'a' * 200}… (60000 characters), expected less."


@pytest.mark.parametrize("size", [200, 201])
def test_what_was_got_is_whole_up_to_200_characters(size):
    assert ("…" in str(LedgerError("wrong", got="a" * size))) == (size > 200)


def nested(depth: int) -> list:
    inside: list = []
    for _ in range(depth):
        inside = [inside]
    return inside


@pytest.mark.parametrize(
    ("got", "shown"),
    [
        (10**5000, "int too large to show"),
        ([10**5000], "list too large to show"),
        (nested(100_000), "list too large to show"),
    ],
    ids=["a number of 5,001 digits", "a list of it", "100,000 nested lists"],
)
def test_what_cannot_be_written_at_all_is_named_by_its_type(got, shown):
    assert str(LedgerError("wrong", got=got)) == f"wrong: got {shown}."


def test_a_refusal_lists_every_reason():
    refused = RefusedError("VisitMade", ["the host is unknown", "it lies ahead"])
    assert refused.reasons == ("the host is unknown", "it lies ahead")
    assert refused.event == "VisitMade"
    assert str(refused) == (
        "VisitMade is refused, for these reasons:\n  - the host is unknown\n  - it lies ahead"
    )


def test_every_error_is_a_ledger_error_and_drawn_in_the_module_docstring():
    for error in [*PLAIN, RefusedError]:
        assert issubclass(error, LedgerError)
        assert error.__name__ in (errors.__doc__ or "")


def test_a_refused_value_is_a_value_error_to_pydantic():
    assert issubclass(ValueRefused, ValueError)

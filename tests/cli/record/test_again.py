"""`record --id`: the same again records nothing twice, and an id is never another event's."""

from __future__ import annotations

import pytest

from ledger.recording.application import Ledger

ID = "01920000-0000-7000-8000-00000000abcd"
OTHER = "01920000-0000-7000-8000-00000000dcba"
TRUST = ("record", "BodyRegistered", "--id", ID, "--body", "one", "--kind", "trust")
NAMED = (*TRUST, "--name", "One Trust")
PERSON = ("record", "PersonEnrolled", "--id", ID, "--name", "Robin Vale")


def entries(world):
    with Ledger.open(str(world.ledger), read_only=True) as ledger:
        return list(ledger.entries())


def attested(world, *more):
    key = ("--key", world.key("birch"))
    return ("record", "VisitAttested", "--id", ID, "--visit", world.visit, *key, *more)


@pytest.mark.parametrize(
    "words",
    [
        lambda _: NAMED,
        lambda _: PERSON,
        lambda world: attested(world, "--days", "1.5"),
        lambda world: attested(world, "--days", "1.5", "--occurred-on", "2024-09-02"),
    ],
    ids=["a name", "sealed text and what is new", "a thing that is named", "the day"],
)
def test_the_same_again_is_recorded_once(world, words):
    first = world.run(*words(world))
    assert first.exit_code == 0, first.output
    before = entries(world)
    assert before[-1].id == ID
    again = world.run(*words(world))
    assert again.exit_code == 0, again.output
    assert f"was recorded already, at position {len(before)}." in again.stdout
    assert len(entries(world)) == len(before)


def test_what_the_ledger_filled_in_may_be_said_the_second_time(world):
    world.done(*PERSON)
    person = entries(world)[-1].data["person"]
    again = world.run(*PERSON, "--person", person)
    assert "was recorded already" in again.stdout
    assert again.stderr.endswith(f"The person's reference is {person}.\n")


def test_a_text_that_was_erased_since_is_not_asked_for(world):
    world.done(*PERSON)
    world.done("erase", ID, "name", "--authority", "controller", "--reason", "unlawful", "--yes")
    assert "was recorded already" in world.done(*PERSON)


OTHERWISE = {
    "another name": ((*TRUST, "--name", "Two Trust"), "--name"),
    "a member more": ((*NAMED, "--identifiers.ukprn", "10001234"), "--identifiers.ukprn"),
    "another day": ((*NAMED, "--occurred-on", "2024-09-01"), "--occurred-on"),
    "another event": (PERSON, "it is BodyRegistered"),
    "another signer": (
        (*NAMED, "--key", "keys/officer", "--as", "officer@northwick"),
        "it is signed by",
    ),
}


@pytest.mark.parametrize(("words", "what"), OTHERWISE.values(), ids=OTHERWISE)
def test_the_same_id_with_other_content_is_refused(world, words, what):
    world.done(*NAMED)
    before = len(entries(world))
    said = world.error(*words)
    assert f"the id {ID} is of another event, recorded at position {before}" in said
    assert what in said
    assert "Nothing was recorded." in said
    assert len(entries(world)) == before


def test_a_member_left_out_the_second_time_is_other_content(world):
    world.done(*NAMED, "--identifiers.ukprn", "10001234")
    assert "got other content: --identifiers.ukprn" in world.error(*NAMED)


def test_another_id_is_another_event(world):
    world.done(*PERSON)
    world.done("record", "PersonEnrolled", "--id", OTHER, "--name", "Robin Vale", "--yes")
    assert [entry.id for entry in entries(world)[-2:]] == [ID, OTHER]


@pytest.mark.parametrize("text", ["new", "7", "0e5b4c1e-9f0b-4c4e-8b3a-7a1f6f0f2a11"])
def test_what_is_no_id_is_answered_by_one(world, text):
    said = world.error("record", "PersonEnrolled", "--id", text, "--name", "R", code=2)
    assert f"{text!r} is no UUID of version 7. Here is a new one: 0" in said


def test_a_draft_of_it_bears_the_id(world):
    assert f'"id":"{ID}"' in world.done(*NAMED, "--dry-run")

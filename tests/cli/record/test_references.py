"""References from what people type: what is owed, by the start of an id and of its place there."""

import json

import pytest

WAIVED = ("record", "ObligationWaived", "--reason", "We need no more.", "--dry-run", "--key")


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "typed", ["{id}/support", "{start}/support", "{start}/supp", "obligation:{id}/support"]
)
def test_an_obligation_is_named_by_the_start_of_an_id_and_of_its_slot(world, typed):
    typed = typed.format(id=world.agreement, start=world.agreement[:13])
    said = world.done(*WAIVED, world.key("birch"), "--obligation", typed)
    assert json.loads(said)["data"]["obligation"] == f"{world.agreement}/support"


def test_the_event_is_enough_where_it_opened_one_obligation(world):
    said = world.done(*WAIVED, world.key("alder"), "--obligation", world.visit[:13])
    assert json.loads(said)["data"]["obligation"] == f"{world.visit}/attestation"


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("slot", "said"),
    [
        ("/suport", "opened no obligation called suport"),
        ("", "opened 4 obligations"),
        ("/impact", "opened 2 obligations that begin with impact"),
    ],
)
def test_what_is_mistyped_or_may_be_several_is_told_with_those_that_there_are(world, slot, said):
    start = world.agreement[:13]
    error = world.error(*WAIVED, world.key("birch"), "--obligation", f"{start}{slot}")
    accounts = " or ".join(f"{start}/impact_account/school:90000{n}" for n in (1, 2))
    listed = (
        accounts
        if slot == "/impact"
        else f"{start}/followup_account or {accounts} or {start}/support"
    )
    assert error == (
        f"Error: --obligation: the event {start} {said}: expected {listed}. `school-ledger show"
        f" {start}` shows what it changed in who owes what to whom.\n"
    )


APPOINTED = ("record", "Appointed", "--basis", "substantive", "--effective-on", "2024-09-02")


@pytest.mark.parametrize(
    ("office", "said"),
    [
        (
            "chair@birch sch",
            (
                "no party is called birch sch: expected a name, a URN, or a reference such as"
                " body:northwick or partnership:estuary. Did you mean Birch School (900002)?"
            ),
        ),
        (
            "chair@900002",
            "Birch School (900002) is no partnership: got 900002, expected a partnership.",
        ),
        (
            "officer@birch school",
            "Birch School (900002) is no body: got birch school, expected a body.",
        ),
    ],
)
def test_an_office_is_sought_at_a_party_that_has_one(world, office, said):
    who = ("--person", world.people["alder"], "--office", office, "--dry-run")
    assert world.error(*APPOINTED, *who) == f"Error: --office: {said}\n"

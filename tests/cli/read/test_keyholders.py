"""`keys`: every key that could ever sign for an office; and the events of a key's life."""

import json

from ledger import keys


def rows(world, *who):
    return json.loads(world.done("keys", *who, "-f", "json"))["rows"]


def test_the_keys_of_a_school(world, masked):
    text = masked(world.done("keys", "900001"))
    assert text.startswith("Keys that could ever sign for each office\n")
    assert "head of Alder School (900001):" in text
    assert "key unvouched: nobody but who enrolled the key says that it is this person's." in text
    (row,) = rows(world, "900001")
    assert row["person_name"] == "Alder"
    assert row["enrolled_by_name"] == row["appointed_by_name"] == "Registrar"
    assert row["standing"] == "key unvouched, appointment unvouched"


def test_by_office_by_person_and_all(world):
    assert [row["person"] for row in rows(world, "head@900001")] == [world.people["alder"]]
    assert [row["office"] for row in rows(world, world.people["officer"])] == [
        "officer@body:northwick"
    ]
    assert [row["standing"] for row in rows(world, "registrar")] == ["vouched"]
    assert len(rows(world)) == 4


def test_as_known_before(world):
    assert rows(world, "900001", "--known-at", "5") == []


def test_what_is_no_party(world):
    assert "no party is called nowhere" in world.error("keys", "nowhere")


def test_a_key_that_is_retired_and_one_that_is_compromised(world):
    alder = keys.load(world.folder / "keys" / "alder").public.fingerprint
    birch = keys.load(world.folder / "keys" / "birch").public.fingerprint
    world.done("record", "KeyRetired", "--event-key", alder)
    since = "2024-09-02T00:00:00Z"
    world.done("record", "KeyCompromised", "--event-key", birch, "--since", since)
    assert rows(world, "900001")[0]["standing"].endswith("retired")
    assert rows(world, "900002")[0]["compromised_since"] == since
    error = world.error(
        "record",
        "VisitAttested",
        "--visit",
        world.visit,
        "--days",
        "1.5",
        "--key",
        world.key("birch"),
    )
    assert "is compromised since 2024-09-02T00:00:00Z; sign with another key" in error
    assert "doubtful" in world.done("history", "900002")


def test_the_clock_is_corrected_from_the_last_entry_that_was_right(world):
    before = world.clock.now
    world.clock.now = before.replace(year=2025)
    beacon = ("--body", "body:beacon", "--kind", "provider", "--name", "Beacon")
    world.done("record", "BodyRegistered", *beacon, "--clock-confirmed")
    world.clock.now = before
    error = world.error("record", "LedgerRulesSet", "--from", _rules(world))
    assert "before the last entry" in error
    result = world.run("record", "ClockCorrected", "--format", "json")
    recorded = json.loads(result.stdout)
    assert recorded["data"]["since"].startswith("18:")
    subject = f"clock_correction:{recorded['event']}"
    # Not by the registrar alone: nothing else is recorded until another vouches for it.
    error = world.error("record", "LedgerRulesSet", "--from", _rules(world))
    assert "before the last entry" in error
    error = world.error("record", "Vouched", "--subject", subject)
    assert "somebody else must vouch" in error
    assert world.run("check").exit_code == 4, "advice, and no fault"


def _rules(world):
    names = ("attestation", "impact", "ratification", "handover", "response", "brokerage")
    path = world.folder / "rules.json"
    path.write_text(json.dumps({f"{name}_days": 21 for name in names}))
    return str(path)


def test_an_office_without_a_role(world):
    assert world.error("keys", "@900001").startswith("Error: there is no such office: got @900001")

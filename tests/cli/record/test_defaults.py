"""What need not be typed, because the record tells."""

import json


def test_joining_within_a_year(chaired):
    year = ("--partnership", "estuary", "--name", "2024-25")
    opened = chaired(
        "officer", "PartnershipYearOpened", *year, "--starts", "2024-09-01", "--ends", "2025-08-31"
    )
    sought = chaired("alder", "MembershipSought", "--school", "900001", "--partnership", "estuary")
    assert sought["data"]["version"] == 1
    application = ("--application", sought["event"][:13])
    joined = chaired("officer", "SchoolAdmitted", *application, "--effective-on", "2024-09-02")
    assert joined["data"]["year"] == f"year:{opened['event']}"
    assert (joined["data"]["school"], joined["data"]["partnership"]) == (
        "school:900001",
        "partnership:estuary",
    )


def test_a_ratification_carries_the_rows_as_they_stand(chaired):
    sought = chaired("alder", "MembershipSought", "--school", "900001", "--partnership", "estuary")
    application = ("--application", sought["event"][:13])
    chaired("officer", "SchoolAdmitted", *application, "--effective-on", "2024-09-02")
    new = ("--school", "900001", "--responsible-body", "trust", "--effective-on", "2024-09-02")
    chaired("registrar", "BodyRegistered", "--body", "trust", "--kind", "trust", "--name", "Trust")
    changed = chaired("registrar", "ResponsibleBodyChanged", *new)
    assert changed["data"]["former_body"] == "body:northwick"
    ratified = chaired(
        "alder", "MembershipRatified", "--school", "900001", "--partnership", "estuary"
    )
    kinds = {row["obligation"].partition("/")[2] for row in ratified["data"]["rows"]}
    assert kinds == {
        "attestation",
        "support",
        "impact_account/school:900001",
        "impact_account/school:900002",
        "ratification/partnership:estuary",
    }


def test_a_conversion_needs_only_what_is_new(says):
    converted = says(
        "registrar",
        "SchoolConverted",
        *("--school", "900001", "--old-urn-closes-on", "2024-09-01"),
        *("--new-urn", "900101", "--new-urn-opens-on", "2024-09-02"),
        *("--establishment-type", "34"),
    )["data"]
    assert {name: converted[name] for name in ("old_urn", "new_urn", "name", "former_body")} == {
        "old_urn": "urn:900001",
        "new_urn": "urn:900101",
        "name": "Alder School",
        "former_body": "body:northwick",
    }
    assert converted["effective_on"] == "2024-09-02"


def test_a_school_is_named_by_its_first_urn(says):
    args = ("--urn", "900003", "--name", "Cedar", "--phase", "primary", "--la", "northwick")
    assert says("registrar", "SchoolRegistered", *args)["data"]["school"] == "school:900003"


def test_a_school_that_nobody_named_is_asked_for_by_its_urn(world):
    """Its line is told by its URN, so that one of the two must be said, in examples too."""
    named = ("--name", "Cedar", "--phase", "primary", "--la", "northwick")
    said = world.error("record", "SchoolRegistered", *named, "--key", "keys/registrar", code=2)
    assert said.startswith("Error: missing option: --urn.\n")
    assert "school-ledger record SchoolRegistered --urn 900003 " in said


def test_all_that_is_missing_is_named_at_once_what_the_record_might_have_told_too(world):
    """A target that replaces none tells nobody whom it is about."""
    said = world.error("record", "TargetSet", "--key", world.key("alder"), code=2)
    assert said.startswith(
        "Error: missing options: --regime, --measure, --value, --due, --about.\n"
    )


def test_what_the_record_does_not_tell_is_missing_and_the_error_says_where_to_look(world):
    strange = ("--event-key", f"key:SHA256:{'A' * 43}")
    assert world.error("record", "KeyRetired", *strange, "--key", "keys/registrar") == (
        "Error: KeyRetired leaves out --person, and neither what it names nor the office that"
        " signs, registrar of the ledger, tells it: expected --person: A person's name, or the"
        " start of their reference. Say them, or sign in another office of yours with --as OFFICE;"
        " `school-ledger record KeyRetired --help` explains its options.\n"
    )


def test_a_correction_names_the_open_dispute(says, world):
    visit = ("--visit", world.visit[:13], "--days", "1")
    disputed = says("birch", "VisitDisputed", *visit, "--wrong", "One day only")
    corrected = says("alder", "VisitCorrected", *visit)
    assert corrected["data"]["dispute"] == f"dispute:{disputed['event']}"


def test_who_vouches_names_the_subject_only(world):
    rows = json.loads(world.done("history", world.people["alder"], "-f", "json"))["rows"]
    appointed = next(row["event"] for row in rows if row["type"] == "Appointed")
    subject = ("--subject", appointed[:13])
    dry = world.run("record", "Vouched", *subject, "--dry-run", "--as", "registrar")
    said = json.loads(dry.stdout)["data"]
    assert (said["person"], said["office"]) == (world.people["alder"], "head@school:900001")


def test_an_ended_appointment_is_the_holders(says, world):
    ended = ("--office", "head@900001", "--effective-on", "2024-09-02")
    assert says("registrar", "AppointmentEnded", *ended)["data"]["person"] == world.people["alder"]


def test_a_handover_is_accepted_by_who_signs(says, world):
    office = ("--office", "head@900002")
    says("birch", "DepartureNotified", *office, "--effective-on", "2024-09-02")
    given = says("birch", "HandoverGiven", *office)
    person = ("--person", world.people["officer"], "--basis", "substantive")
    person += ("--succeeds", world.people["birch"])
    says("registrar", "Appointed", *office, *person, "--effective-on", "2024-09-02")
    accepted = says("officer", "HandoverAccepted", "--handover", given["event"][:13])
    assert accepted["data"]["incoming"] == world.people["officer"]

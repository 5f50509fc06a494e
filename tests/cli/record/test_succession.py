"""`record SuccessionAttributed`: what was said of the line that ended is found under the school."""

import json

WORDS = (
    *("record", "SuccessionAttributed", "--school", "900002", "--former-urn", "900001"),
    *("--former-urn-closes-on", "2024-09-02", "--effective-on", "2024-09-03"),
)


def test_the_history_of_the_line_that_ended_goes_on_under_the_school(world):
    before = world.done("history", "900001", "-f", "csv", "-q").splitlines()
    world.done(*WORDS, "--reason", "Both governing bodies say so.")
    after = world.done("history", "900002")
    assert "goes on from URN 900001" in after
    assert "URN 900001, head" in after
    rows = world.done("history", "900002", "-f", "csv", "-q")
    events = [line.split(",") for line in before[1:]]
    assert all(any(cell in rows for cell in row if len(cell) == 36) for row in events)


def test_any_urn_that_the_school_has_names_it(world):
    world.done(*WORDS)
    for urn in ("900001", "urn:900001", "school:900001", "900002"):
        assert world.done("history", urn, "-q").startswith("History of Birch School")


def test_as_known_before_each_line_has_its_own_history(world):
    position = world.done("owes").split("known at  ")[1].split(",")[0]
    before = world.done("history", "900002", "-f", "csv", "-q", "--known-at", position)
    world.done(*WORDS)
    assert world.done("history", "900002", "-f", "csv", "-q", "--known-at", position) == before


def test_all_that_the_line_that_ended_owes_and_is_owed_is_the_schools(world):
    """As a file of the register tells it: nobody can name what is owed there."""
    dune = ("--urn", "900009", "--name", "Dune School", "--phase", "primary", "--la", "northwick")
    world.done("record", "SchoolRegistered", *dune)
    before = json.loads(world.done("owes", "--about", "900001", "-f", "json"))["rows"]
    words = ("--school", "900009", *WORDS[4:])
    words += ("--source.publisher", "Northwick", "--source.title", "Register of schools")
    world.done("record", "SuccessionAttributed", *words)
    on = ("--as-of", "2024-09-03", "-f", "json")
    after = json.loads(world.done("owes", "--about", "900009", *on))["rows"]
    assert {row["obligation"]: row["outstanding"] for row in after} == {
        row["obligation"]: row["outstanding"] for row in before
    }
    assert len(before) == 4
    assert all("school:900009" in (row["debtor"], row["creditor"]) for row in after)
    assert "the record verifies" in world.run("check").stdout  # and views as a rebuild has them

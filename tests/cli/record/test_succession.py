"""`record SuccessionAttributed`: what was said of the line that ended is found under the school."""

import json

WORDS = (
    *("record", "SuccessionAttributed", "--school", "900002", "--former-urn", "900001"),
    *("--former-urn-closes-on", "2024-09-02", "--effective-on", "2024-09-03", "--yes"),
)
SOURCE = ("--source.publisher", "Northwick", "--source.title", "Register of schools")


def test_the_history_of_the_line_that_ended_goes_on_under_the_school(world):
    before = world.done("history", "900001", "-f", "csv", "-q").splitlines()
    world.done(*WORDS, "--reason", "Both governing bodies say so.")
    after = world.done("history", "900002")
    assert "goes on from URN 900001" in after
    assert "URN 900002, head" in after
    assert "URN 900001, head" not in after
    rows = world.done("history", "900002", "-f", "csv", "-q")
    events = [line.split(",") for line in before[1:]]
    assert all(any(cell in rows for cell in row if len(cell) == 36) for row in events)


def test_any_urn_that_the_school_has_names_it(world):
    world.done(*WORDS)
    for urn in ("900001", "urn:900001", "900002"):
        assert world.done("history", urn, "-q").startswith("History of Birch School")


def test_a_whole_reference_names_the_line_that_ended(world):
    world.done(*WORDS)
    assert world.done("history", "school:900001", "-q").startswith("History of Alder School")
    on = ("--as-of", "2024-09-03")
    ended, goes_on = world.done("show", "school:900001", *on), world.done("show", "900002", *on)
    assert "URN 900001        held to 2024-09-02\n" in ended
    assert "URN 900002        held\n" in goes_on


def test_without_a_source_it_is_asked_again_and_says_that_nothing_goes_along(world):
    asked = world.run(*WORDS[:-1])
    assert asked.exit_code == 1
    assert (
        "Warning: no published source is named, so nothing that Alder School (900001) owes or is"
        " owed goes along, until it is said again with `--source.publisher` and `--source.title`."
    ) in asked.stderr
    assert "Warning" not in world.run(*WORDS, *SOURCE).stderr


def test_a_source_is_added_by_the_same_words(world):
    asked = ("owes", "--about", "school:900001", "--as-of", "2024-09-03")
    world.done(*WORDS)
    assert "Nothing is owed" not in world.done(*asked)
    world.done(*WORDS, *SOURCE)
    assert "Nothing is owed" in world.done(*asked)


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
    words += SOURCE
    world.done("record", "SuccessionAttributed", *words)
    on = ("--as-of", "2024-09-03", "-f", "json")
    after = json.loads(world.done("owes", "--about", "900009", *on))["rows"]
    assert {row["obligation"]: row["outstanding"] for row in after} == {
        row["obligation"]: row["outstanding"] for row in before
    }
    assert len(before) == 4
    assert all("school:900009" in (row["debtor"], row["creditor"]) for row in after)
    assert "the record verifies" in world.run("check").stdout  # and views as a rebuild has them

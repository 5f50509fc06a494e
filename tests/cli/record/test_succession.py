"""`record SuccessionAttributed`: what was said of the line that ended is found under the school."""

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

"""A filter that means nothing to a report is refused with those that it takes."""

import pytest

REFUSED = {
    ("owes", "--from", "2025-01-01"): (
        "--from does not narrow owes; it takes --by, --to, --about, --kind, --overdue, --settled."
    ),
    ("history", "900001", "--overdue"): (
        "--overdue does not narrow history; it takes --under, --from, --to."
    ),
    ("report", "history", "900001", "--marked"): (
        "--marked does not narrow history; it takes --under, --from, --to."
    ),
    ("replay", "--kind", "support"): (
        "--kind does not narrow replay; it takes --about, --from, --to, --until, --step."
    ),
    ("diff", "1", "2", "--la", "northwick"): "--la does not narrow diff; it takes --about.",
    ("report", "map", "--overdue"): (
        "--overdue does not narrow map; it takes --about, --provider, --marked."
    ),
}


@pytest.mark.parametrize("typed", REFUSED, ids=" ".join)
def test_it_is_refused_in_a_sentence(world, typed):
    assert world.error(*typed, code=2).startswith(f"Error: {REFUSED[typed]}\n")


def test_a_slip_is_a_slip(world):
    said = "Error: no option --abuot. Did you mean --about?\n"
    assert world.error("owes", "--abuot", "900001", code=2).startswith(said)


@pytest.mark.parametrize("typed", [typed[:-1] for typed in REFUSED], ids=" ".join)
def test_help_lists_what_it_takes_under_one_heading(world, typed):
    name = next(each for each in typed if each in {"owes", "history", "replay", "diff", "map"})
    shown = world.done(*(("report", name) if typed[0] == "report" else (name,)), "--help")
    which = next(part for part in shown.split("\n\n") if part.startswith("Which "))
    said = next(said for other, said in REFUSED.items() if other[: len(typed)] == typed)
    taken = said.partition("it takes ")[2].rstrip(".").split(", ")
    assert [line.split()[0] for line in which.splitlines() if line.startswith("  --")] == taken

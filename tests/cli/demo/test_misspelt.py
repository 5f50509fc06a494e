"""Whatever narrows a report, a slip in what it is narrowed to is answered by what was meant."""

import pytest
from click.testing import CliRunner

from cli.main import main
from projections.reports.catalogue import QUESTIONS, question

pytestmark = pytest.mark.sampled(8)

#: What is typed of each kind of party, and what it is near to.
SLIPS = {
    "school": ("cedar bnak", "Cedar Bank Academy (900103)"),
    "body": ("norhtwick council", "Northwick Council (body:northwick)"),
    "partnership": ("estaury", "Estuary Schools Partnership (partnership:estuary)"),
    "person": ("mx cypers", "Mx Cypress (person:"),
}
REGION = ("noth east", "north east")
CODES = {
    "--area": ("inclusoin", "inclusion"),
    "--kind": ("peer veriew", "peer review"),
}
#: Whose kinds are others.
KINDS = {"orphans": ("suport", "support")}
PARTY = SLIPS["school"]
OTHERS = (
    (("owes", "--by"), PARTY),
    (("owes", "--to"), PARTY),
    (("owes", "--about"), SLIPS["partnership"]),
    (("owes", "--kind"), KINDS["orphans"]),
    (("history",), SLIPS["body"]),
    (("history", "900003", "--under"), SLIPS["person"]),
    (("replay", "--about"), PARTY),
    (("diff", "2025-07-31", "2026-07-31", "--about"), PARTY),
    (("keys",), SLIPS["person"]),
    (("show",), SLIPS["partnership"]),
)


def _asked(name, option, narrows):
    if narrows.takes == "party":
        for kind in narrows.kinds or SLIPS:
            yield ("report", name, option), SLIPS[kind]
    elif narrows.takes == "region":
        yield ("report", name, option), REGION
    elif narrows.takes == "code":
        own = KINDS if option == "--kind" else {}
        yield ("report", name, option), own.get(name, CODES[option])


EVERY = [
    *OTHERS,
    *(
        asked
        for name in QUESTIONS
        for narrows in question(name).filters.values()
        for asked in _asked(name, narrows.option, narrows)
    ),
]


@pytest.mark.parametrize(("typed", "slip"), EVERY, ids=str)
def test_the_nearest_is_proposed(place, typed, slip):
    wrong, meant = slip
    ledger = str(place / "d" / "demo.db")
    done = CliRunner().invoke(main, ["--ledger", ledger, *typed, wrong])
    said = " ".join(done.stderr.split())
    assert done.exit_code in {1, 2}, done.output
    assert f"Did you mean {meant}" in said, said


@pytest.mark.parametrize("name", [name for name in QUESTIONS if question(name).filters])
def test_what_is_near_to_nothing_is_said_to_be_nothing(place, name):
    ledger = str(place / "d" / "demo.db")
    for narrows in question(name).filters.values():
        if narrows.takes not in {"day", "flag"}:
            typed = ["--ledger", ledger, "report", name, narrows.option, "xyzzy"]
            done = CliRunner().invoke(main, typed)
            assert done.exit_code == 1, done.output
            assert "xyzzy" in done.stderr
            assert "Did you mean" not in done.stderr
            assert "`school-ledger" in done.stderr or "expected" in done.stderr, done.stderr

"""What `report orphans` advises, typed: each is accepted, and in the end somebody answers."""

import json
import shlex
import shutil

import pytest
from click.testing import CliRunner

from cli.main import main

REGISTRAR = ("--key", "keys/registrar", "--as", "registrar@ledger")
#: Who is appointed where nobody is.
SOMEBODY, THEIR_KEY = "Mx Larch", "keys/larch"
#: What nobody knows but who types.
FILLED_IN = {"URN": "900007", "PUBLISHER": "Northwick", "TITLE": "'Register of schools'"}
BESIDES = {
    "Appointed": ("--person", SOMEBODY, "--basis", "substantive", "--effective-on", "2026-11-02"),
    "ObligationWaived": ("--reason", "Nobody is left to give it."),
}
#: As many rows as any story has, each put right by two commands at most.
ENOUGH = 40
SOURCE = ("--source.publisher", "Northwick", "--source.title", "Register of schools")
ON = ("--effective-on", "2026-10-30")
IVY_GOES_ON = (
    *("SuccessionAttributed", "--school", "900007", "--former-urn", "900009"),
    *("--former-urn-closes-on", "2026-08-31", "--effective-on", "2026-09-01"),
)
WEST, EAST = "westwick", "eastwick"
NEW_BODIES = [
    ("BodyRegistered", "--body", one, "--kind", "local_authority", "--name", one.title())
    for one in (WEST, EAST)
]
SPLIT = (
    *("BodySucceeded", "--body", "northwick", *ON),
    *("--successor", WEST, "--successor", EAST),
    *(f"--school={school}={WEST}" for school in ("900001", "900002", "900003", "900004")),
    *(f"--school={school}={EAST}" for school in ("900005", "900006", "900007", "900008")),
)
MERGED = (
    *("SchoolsMerged", "--predecessor", "900005", "--predecessor", "900006"),
    *("--predecessor", "900007", "--school", "900007", "--effective-on", "2026-11-02"),
)
ALWAYS = {"Appointed", "ContingencyAccepted", "SuccessionAttributed"}
#: What is recorded first, which commands are advised, and who left something that nobody can mend.
STORIES = {
    "as it is": ([], ALWAYS, None),
    "by a registrar's word alone": ([IVY_GOES_ON], ALWAYS, None),
    "an academy closes": (
        [("SchoolClosed", "--school", "900108", *ON, "--reason", "closed")],
        ALWAYS,
        None,
    ),
    "a member closes": (
        [("SchoolClosed", "--school", "900002", *ON, "--reason", "closed")],
        {*ALWAYS, "HandoverGiven"},
        None,
    ),
    "three merge": ([MERGED], ALWAYS, None),
    "a school changes hands in the week in which it merges": (
        [
            MERGED,
            (
                *("ResponsibleBodyChanged", "--school", "900006", "--responsible-body"),
                *("harbour-trust", *ON),
            ),
        ],
        ALWAYS,
        None,
    ),
    "the authority splits": ([*NEW_BODIES, SPLIT], {*ALWAYS, "ObligationAssumed"}, None),
    "three merge, and the authority splits": (
        [*NEW_BODIES, MERGED, SPLIT],
        {*ALWAYS, "ObligationAssumed"},
        None,
    ),
    "a trust closes": (
        [("BodySucceeded", "--body", "harbour-trust", *ON)],
        {"Appointed", "SuccessionAttributed"},
        "partnership:valley",
    ),
    "the authority closes": (
        [("BodySucceeded", "--body", "northwick", *ON)],
        {*ALWAYS, "ObligationWaived"},
        "body:northwick",
    ),
    "a hub closes": (
        [("BodySucceeded", "--body", "saltmarsh-hub", *ON)],
        {*ALWAYS, "ObligationWaived"},
        "body:saltmarsh-hub",
    ),
}
#: Whose key is whose, of the heads who release what a body that closed owed.
HEADS = {
    "900001": "alder",
    "900002": "birch",
    "900004": "dale",
    "900007": "willow",
}


class Copy:
    """A copy of the demo, in which commands are typed."""

    def __init__(self, folder):
        self.folder = folder

    def run(self, *words):
        return CliRunner().invoke(main, ["--ledger", str(self.folder / "demo.db"), *words])

    def record(self, *words, by=REGISTRAR):
        key, office = by[1], by[3]
        signed = ("--key", str(self.folder / key), "--as", office)
        done = self.run("record", *words, *signed, "--clock-confirmed", "--yes")
        assert done.exit_code == 0, (words, done.output)

    def orphans(self):
        asked = self.run("report", "orphans", "-f", "json", "-q")
        assert asked.exit_code == 0, asked.output
        return json.loads(asked.stdout)["rows"]

    def type_in(self, row):
        """Type what a row advises, with what nobody but who types it knows."""
        words = shlex.split(" ".join(FILLED_IN.get(one, one) for one in row["how"].split()))
        event, said = words[2], words[2:]
        self.record(*said, *BESIDES.get(event, ()), by=self.signer(said, row))

    def signer(self, said, row):
        """Return the key and office of who should act: whoever was just appointed, or was there."""
        if said[0] in {"Appointed", "SuccessionAttributed"}:
            assert row["who_should_act"] == "registrar of the ledger"
            return REGISTRAR
        if "--party" not in said:
            return self.by_name(row["who_should_act"])
        party = said[said.index("--party") + 1]
        key = "keys/officer" if party == "body:northwick" else THEIR_KEY
        return ("--key", key, "--as", f"officer@{party}")

    def by_name(self, office):
        """Return the key and office of who is called so in a row."""
        if office == "officer of Northwick Council":
            return ("--key", "keys/officer", "--as", "officer@body:northwick")
        if office.startswith("officer of "):
            return ("--key", THEIR_KEY, "--as", "officer@body:saltmarsh-hub")
        urn = office[-7:-1]
        return ("--key", f"keys/{HEADS[urn]}", "--as", f"head@school:{urn}")


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_each_command_is_accepted_and_the_rows_are_gone(place, tmp_path, story):
    acts, expected, closed = story
    shutil.copytree(place / "d", tmp_path / "d")
    copy = Copy(tmp_path / "d")
    for words in acts:
        copy.record(*words)
    typed = []
    while rows := [row for row in copy.orphans() if row["how"]]:
        assert len(typed) < ENOUGH, typed
        assert rows[0]["how"] not in typed, (rows[0], "was typed, and is advised again")
        typed.append(rows[0]["how"])
        copy.type_in(rows[0])
    assert {one.split()[2] for one in typed} == expected
    hopeless = {(row["debtor"], row["creditor"]) for row in copy.orphans()}
    assert all(closed in pair for pair in hopeless)


def test_a_membership_goes_along_where_a_school_goes_on_by_a_source(place, tmp_path):
    words = (
        *("SuccessionAttributed", "--school", "900007", "--former-urn", "900001", *SOURCE),
        *("--former-urn-closes-on", "2026-11-01", "--effective-on", "2026-11-02"),
    )
    shutil.copytree(place / "d", tmp_path / "d")
    copy = Copy(tmp_path / "d")
    copy.record(*words)
    at = ("--as-of", "2026-11-02")
    asked = copy.run("report", "partnerships", "--about", "estuary", "-f", "json", "-q", *at)
    [estuary] = json.loads(asked.stdout)["rows"]
    assert "school:900007" in estuary["schools"]
    assert "school:900001" not in estuary["schools"]

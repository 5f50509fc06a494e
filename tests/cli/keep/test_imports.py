"""`import gias`: what the files say is recorded once, and what is ambiguous is told."""

import csv
import json
from datetime import date

import pytest

from cli.keep.imports import happened_on
from ledger.events.registers import BodyRegistered, SchoolClosed, SchoolRegistered
from ledger.recording.application import Ledger
from ledger.store.base import FINDINGS

HEADER = (
    *("URN", "LA (code)", "LA (name)", "EstablishmentNumber", "EstablishmentName"),
    *("TypeOfEstablishment (code)", "EstablishmentStatus (code)", "OpenDate", "CloseDate"),
    *("ReasonEstablishmentClosed (name)", "PhaseOfEducation (code)", "Trusts (code)"),
    *("Trusts (name)", "UKPRN", "LastChangedDate"),
)
LINKS = ("URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate")
GROUPS = ("Group UID", "Group ID", "Group Name", "Companies House Number", "Group Type (code)")


def school(urn, kind="01", opened="01-09-2001", trust=""):
    name = f"School {urn}"
    row = [
        urn,
        "999",
        "Northfield",
        "2001",
        name,
        kind,
        "1",
        opened,
        "",
        "",
        "2",
        trust,
        "",
        "",
        "",
    ]
    return list(map(str, row))


ROWS = [
    school(900011),
    school(900113, "34", "01-09-2021", "71"),
    school(900015, opened=""),
]
FOLLOWS = [
    (900013, 900113, "School 900113", "Successor", "31-08-2021"),
    (900113, 900013, "School 900013", "Predecessor", "01-09-2021"),
    (900015, 900014, "School 900014", "Predecessor", "01-09-2021"),
]


@pytest.fixture
def gias(world):
    for name, rows in (
        ("e.csv", [HEADER, *ROWS]),
        ("l.csv", [LINKS, *FOLLOWS]),
        ("g.csv", [GROUPS, ("71", "TR00071", "Tide Trust", "01234567", "06")]),
    ):
        with (world.folder / name).open("w", encoding="cp1252", newline="") as file:
            csv.writer(file).writerows(rows)
    return world


FILES = ("import", "gias", "--establishments", "e.csv", "--links", "l.csv", "--groups", "g.csv")
ADDED = """\
3 establishments in the file, 3 selected: 0 as the ledger has them; left out are 0 closed, \
0 proposed, and 0 that are no schools.
6 events recorded:
         2  BodyRegistered
         3  SchoolRegistered
         1  SchoolConverted
tree  24 entries, root <hash>
1 findings, for a person to settle:
         1  no-reverse: Find out which goes on as which, and record SuccessionAttributed with the \
reason.
              900015 School 900015 follows 900014 School 900014, but only one of the two says so.
"""


def test_what_the_files_say_is_recorded_and_told(gias, masked):
    assert masked(gias.done(*FILES)) == ADDED
    assert "URN 900013" in gias.done("history", "900113")
    assert "0 faults, 3 advice: the record verifies." in gias.run("check").stdout


def test_the_same_files_again_add_nothing(gias):
    gias.done(*FILES)
    assert "\n0 events recorded.\n" in gias.done(*FILES)


def test_findings_are_kept_and_written_in_any_format(gias):
    document = json.loads(gias.done(*FILES, "-f", "json"))
    assert (document["schema"], document["added"]) == ("school-ledger.import-gias/1", 6)
    with Ledger.open(str(gias.ledger)) as ledger:
        assert json.loads(ledger.store.meta.get(FINDINGS)) == document["rows"]
    assert gias.done(*FILES, "-f", "csv", "-q").splitlines()[1].startswith("no-reverse,900015,")


def test_a_selection(gias):
    assert "1 selected" in gias.done(*FILES, "--urn", "900011")


def test_a_selection_of_what_there_is_not(gias):
    assert gias.error(*FILES, "--la", "nowhere").startswith(
        "Error: no local authority 'nowhere' in these files or the ledger"
    )


def test_a_dry_run_prints_the_statements(gias):
    shown = gias.done(*FILES, "--dry-run")
    assert len([json.loads(line)["id"] for line in shown.splitlines()]) == 6
    assert "known at  18" in gias.done("owes")


def test_only_a_registrar_imports(gias):
    said = gias.error(*FILES, "--key", gias.key("alder"))
    assert "does not hold the office registrar@ledger" in said


def test_a_file_that_is_none(gias):
    (gias.folder / "e.csv").write_text("a,b\n1,2\n")
    assert gias.error(*FILES).startswith("Error: ")


def test_a_file_that_is_not_there(gias):
    (gias.folder / "e.csv").unlink()
    assert "e.csv" in gias.error(*FILES)


def test_days_of_register_events():
    registered = SchoolRegistered(
        school="school:900001",
        urn="urn:900001",
        name="Alder",
        phase="primary",
        la="body:northwick",
    )
    closed = SchoolClosed(school="school:900001", effective_on=date(2020, 8, 31))
    ahead = SchoolClosed(school="school:900002", effective_on=date(2030, 8, 31))
    body = BodyRegistered(body="body:x", kind="trust", name="X")
    today = date(2024, 1, 1)
    assert happened_on([registered, closed, ahead, body], today) == [
        date(2020, 8, 31),
        date(2020, 8, 31),
        today,
        today,
    ]


def test_where_the_answer_cannot_be_written_nothing_is_recorded(gias):
    assert "nowhere/found.csv cannot be written" in gias.error(*FILES, "-o", "nowhere/found.csv")
    assert "\n6 events recorded:\n" in gias.done(*FILES)

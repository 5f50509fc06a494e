"""`import gias`: what the files say is recorded once, and what is ambiguous is told."""

import csv
import json
from datetime import date

import pytest

from cli.keep.imports import happened_on
from cli.terminal import asking
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


ASKING = ("import", "gias", "--establishments", "e.csv", "--links", "l.csv", "--groups", "g.csv")
FILES = (*ASKING, "--yes")
ADDED = """\
3 establishments in the file, 3 selected:
         3  new to the ledger
6 events recorded:
         2  BodyRegistered
         3  SchoolRegistered
         1  SchoolConverted
record  24 entries, root <hash>
1 finding, for a person to settle:
         1  no-reverse: Find out which goes on as which, and record SuccessionAttributed with the \
reason.
              900015 School 900015 follows 900014 School 900014, but only one of the two says so.
                school-ledger record SuccessionAttributed --school 900015 --urn 900015 \
--former-urn 900014 --former-urn-closes-on DAY --effective-on 2021-09-01
Add --reason TEXT to a command.
DAY is a day that no file tells: find it out, and write it as 2024-08-31.
"""


def test_what_the_files_say_is_recorded_and_told(gias, masked):
    assert masked(gias.done(*FILES)) == ADDED
    assert "URN 900013" in gias.done("history", "900113")
    assert "0 faults, 4 advice: the record verifies." in gias.run("check").stdout


def test_the_same_files_again_add_nothing(gias):
    gias.done(*FILES)
    assert "\n0 events recorded.\n" in gias.done(*FILES)


def test_findings_are_kept_and_written_in_any_format(gias):
    document = json.loads(gias.done(*FILES, "-f", "json"))
    assert (document["schema"], document["added"]) == ("school-ledger.import-gias/1", 6)
    with Ledger.open(str(gias.ledger)) as ledger:
        assert json.loads(ledger.store.meta.get(FINDINGS["import-gias"])) == document["rows"]
    assert gias.done(*FILES, "-f", "csv", "-q").splitlines()[1].startswith("no-reverse,900015,")


def test_a_selection(gias):
    assert "1 selected" in gias.done(*FILES, "--urn", "900011")


def test_a_selection_of_what_there_is_not(gias):
    assert gias.error(*FILES, "--la", "nowhere").startswith(
        "Error: no local authority 'nowhere' in these files or the ledger"
    )


WOULD_BE = """\
6 events would be recorded:
         2  BodyRegistered
              The local authority Northfield was registered.
              The trust Tide Trust was registered.
         3  SchoolRegistered
              School 900011 was registered under URN 900011, responsible body Northfield.
              School 900013 was registered under URN 900013.
              School 900015 was registered under URN 900015, responsible body Northfield.
         1  SchoolConverted
              School 900013 became School 900113 under URN 900113 from 1 September 2021; \
responsible body Tide Trust.
"""


def test_a_finding_is_settled_by_the_command_that_it_prints(gias):
    shown = gias.done(*FILES)
    words = shown.split("school-ledger record ")[1].splitlines()[0].split()
    # The files do not tell the last day of the former number: whoever types it finds it out.
    assert "--former-urn-closes-on" in gias.error("record", *words, code=2)
    gias.done("record", *("2021-08-31" if word == "DAY" else word for word in words))
    assert "0 findings." in gias.done(*FILES)
    assert "URN 900014" in gias.done("history", "900015")


def test_a_dry_run_says_in_words_what_would_be_recorded_and_lists_the_findings(gias):
    shown = gias.done(*ASKING, "--dry-run")
    assert WOULD_BE in shown
    assert "900015 School 900015 follows 900014 School 900014" in shown
    assert "known at  18" in gias.done("owes")


def test_a_dry_run_tells_programs_that_nothing_was_recorded(gias):
    document = json.loads(gias.done(*ASKING, "--dry-run", "-f", "json"))
    assert (document["recorded"], document["added"], len(document["rows"])) == (False, 0, 1)


def test_the_exact_bytes_are_printed_on_demand(gias):
    shown = gias.done(*ASKING, "--statements")
    assert len([json.loads(line)["id"] for line in shown.splitlines()]) == 6
    gias.done(*ASKING, "--statements", "-o", "statements.jsonl")
    assert len((gias.folder / "statements.jsonl").read_text().splitlines()) == 6
    assert "known at  18" in gias.done("owes")


def test_nothing_is_recorded_where_nobody_can_be_asked(gias):
    assert gias.error(*ASKING, "--urn", "900011", "--la", "999") == WOULD_BE + (
        "Error: nothing was recorded: there is nobody to ask whether to go on. What is recorded"
        " stays for good. If you are sure, say --yes.\n"
    )
    assert "known at  18" in gias.done("owes")


@pytest.mark.parametrize(("answer", "size"), [("y", 24), ("n", 18)])
def test_on_a_terminal_the_question_is_asked(gias, monkeypatch, answer, size):
    monkeypatch.setattr(asking, "interactive", lambda: True)
    said = gias.run(*ASKING, input=f"{answer}\n").stderr
    assert WOULD_BE in said
    assert "Record them? What is recorded stays for good. [y/N]" in said
    assert f"known at  {size}" in gias.done("owes")


def test_where_nothing_is_lacking_nobody_is_asked(gias):
    gias.done(*FILES)
    assert "\n0 events recorded.\n" in gias.done(*ASKING)


def test_stopped_half_way_it_says_how_far_it_came_and_goes_on_from_there(gias, monkeypatch):
    append = Ledger.append_many

    def stopped(ledger, lines, admit):
        yield from append(ledger, list(lines)[:2], admit)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "append_many", stopped)
        assert gias.error(*FILES, code=130) == (
            "Stopped: 2 of 6 events are recorded. Import the same files again: it goes on from"
            " there.\n"
        )
    assert "\n4 events recorded:\n" in gias.done(*FILES)
    assert "\n0 events recorded.\n" in gias.done(*FILES)


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

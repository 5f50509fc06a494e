"""`owes` and `history`, whole outputs, in every format."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from wcwidth import wcswidth

from cli.terminal.formats import GLOSSARY_NAMED
from ledger.domain.post import KINDS

OWES = """\
Who owes what to whom
ledger    northwick.example/support
known at  18, recorded on 2024-09-02; root <hash>
as of     2024-09-02

Who owes      To whom       What               About                    Left  Unit  Due         Marks
------------  ------------  -----------------  -----------------------  ----  ----  ----------  ------------------
Birch School  Alder School  answer to a visit  visit of 2024-09-02         1  item  2024-09-16  unvouched
Alder School  Birch School  days of support    agreement of 2024-09-02   6.0  day   2025-03-31  unvouched, no need
Alder School  Birch School  account of impact  agreement of 2024-09-02     1  item  2025-04-14  unvouched, no need
Birch School  Alder School  account of impact  agreement of 2024-09-02     1  item  2025-04-14  unvouched, no need

unvouched: signed with a key, or in an appointment, that nobody else has vouched for.
no need: from outside the group and partnerships of a school, for no need that is named.
`school-ledger help WORDS` explains words, as root or known at.
"""  # noqa: E501 - as it is printed


def test_owes_on_screen(world, masked):
    result = world.run("owes")
    assert (masked(result.stdout), result.stderr, result.exit_code) == (OWES, "", 0)


def test_an_answer_from_tables_that_are_there_loads_no_library_of_stores(world):
    world.done("owes")
    told = (
        "import sys; from cli.main import main; main(['owes'], standalone_mode=False);"
        " print('projections.reports.owes' in sys.modules, 'eventsourcing' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("\nTrue False\n")


def test_owes_when_nothing_is_overdue(world, masked):
    said = masked(world.done("owes", "--overdue"))
    assert said.endswith(f"\n\nNothing is overdue.\n\n{GLOSSARY_NAMED}\n")


def test_owes_as_of_a_later_day_shows_what_is_overdue(world, masked):
    shown = masked(world.done("owes", "--overdue", "--as-of", "2024-12-01"))
    assert shown.splitlines()[1] == "asked     only what is overdue"
    titles, _, row = (re.split("  +", line.strip()) for line in shown.splitlines()[6:9])
    assert dict(zip(titles, row, strict=True)) == {
        "Who owes": "Birch School",
        "To whom": "Alder School",
        "What": "answer to a visit",
        "About": "visit of 2024-09-02",
        "Left": "1",
        "Unit": "item",
        "Due": "2024-09-16",
        "Overdue": "yes",
        "Marks": "unvouched",
    }


def test_owes_as_json_carries_what_is_promised(world):
    document = json.loads(world.done("owes", "--by", "900002", "--format", "json"))
    assert document["schema"] == "school-ledger.owes/1"
    assert document["ledger"] | {"root": ""} == {
        "origin": "northwick.example/support",
        "size": 18,
        "root": "",
        "as_of": "2024-09-02",
        "known_at": 18,
        "known_on": "2024-09-02",
    }
    row, account = document["rows"]
    assert account["kind"] == "impact_account"
    expected = {
        "obligation": f"{world.visit}/attestation",
        "kind": "attestation",
        "debtor": "school:900002",
        "creditor": "school:900001",
        "outstanding": "1",
        "unit": "item",
        "due_on": "2024-09-16",
        "overdue": False,
        "opened_by": world.visit,
        "events": [world.visit],
    }
    assert {name: row[name] for name in expected} == expected


def test_json_lines_are_rows_and_the_heading_goes_to_stderr(world, masked):
    result = world.run("owes", "-f", "jsonl")
    assert [json.loads(line)["kind"] for line in result.stdout.splitlines()] == [
        "attestation",
        "support",
        "impact_account",
        "impact_account",
    ]
    assert masked(result.stderr) == OWES.partition("\n\n")[0] + "\n"
    assert world.run("owes", "-f", "jsonl", "--quiet").stderr == ""


def test_csv_is_what_rfc_4180_says(world):
    shown = world.run("owes", "-f", "csv").stdout_bytes
    assert shown.count(b"\r\n") == shown.count(b"\n") == 5
    rows = list(csv.DictReader(io.StringIO(shown.decode())))
    assert [row["outstanding"] for row in rows] == ["1", "6.0", "1", "1"]


def test_the_answer_goes_to_a_file_whole(world):
    assert world.done("owes", "-f", "json", "-o", "owes.json") == ""
    assert len(json.loads((world.folder / "owes.json").read_text())["rows"]) == 4
    assert not list(world.folder.glob("*.part"))


def test_a_file_that_cannot_be_written_is_told(world):
    assert world.error("owes", "-o", "no/such/owes.json") == (
        "Error: no/such/owes.json cannot be written: got No such file or directory. Is there such"
        " a folder, and may you write to it?\n"
    )


def test_known_at_an_earlier_position(world):
    assert "Nothing is owed." in world.done("owes", "--known-at", "16")


def test_a_kind_that_there_is_not(world):
    told = world.error("owes", "--kind", "x", code=2)
    assert "'x' is no kind of obligation; the kinds are " in told
    assert all(kind.name in told for kind in KINDS)


HISTORY = """\
History of Birch School (900002)
ledger    northwick.example/support
known at  18, recorded on 2024-09-02; root <hash>
as of     2024-09-02

Day         What happened                   Signed by  Office                Event          Marks
----------  ------------------------------  ---------  --------------------  -------------  ------------------

URN 900002, head Birch (substantive) from 2024-09-01:
2024-09-02  Birch School was registered     Registrar  registrar of the      <start>
            under URN 900002, responsible              ledger
            body Northwick Council.
2024-09-02  Birch was appointed head of     Registrar  registrar of the      <start>
            Birch School (900002)                      ledger
            (substantive) from 1 September
            2024.
2024-09-02  Alder School (900001) offered   Alder      head of Alder School  <start>  unvouched
            Birch School (900002) 6 days               (900001)
            of support.
2024-09-02  Alder School (900001) and       Birch      head                  <start>  unvouched, no need
            Birch School (900002) agreed 6
            days of support by 31 March
            2025.
2024-09-02  Alder School (900001) visited   Alder      head of Alder School  <start>  unvouched
            Birch School (900002)                      (900001)
            (support), 1.5 days claimed,
            under the agreement.

unvouched: signed with a key, or in an appointment, that nobody else has vouched for.
no need: from outside the group and partnerships of a school, for no need that is named.
`school-ledger help WORDS` explains words, as root or known at.
"""  # noqa: E501 - as it is printed
NARROW = """\
History of Birch School (900002)
ledger    northwick.example/support
known at  18, recorded on 2024-09-02
root      <hash>
as of     2024-09-02

URN 900002, head Birch (substantive) from 2024-09-01:

Birch School was registered under URN 900002, responsible body Northwick
Council.
  Day: 2024-09-02; Signed by: Registrar; Office: registrar of the ledger;
  Event: <start>

Birch was appointed head of Birch School (900002) (substantive) from 1 September
2024.
  Day: 2024-09-02; Signed by: Registrar; Office: registrar of the ledger;
  Event: <start>

Alder School (900001) offered Birch School (900002) 6 days of support.
  Day: 2024-09-02; Signed by: Alder; Office: head of Alder School (900001);
  Event: <start>; Marks: unvouched

Alder School (900001) and Birch School (900002) agreed 6 days of support by 31
March 2025.
  Day: 2024-09-02; Signed by: Birch; Office: head; Event: <start>;
  Marks: unvouched, no need

Alder School (900001) visited Birch School (900002) (support), 1.5 days claimed,
under the agreement.
  Day: 2024-09-02; Signed by: Alder; Office: head of Alder School (900001);
  Event: <start>; Marks: unvouched

unvouched: signed with a key, or in an appointment, that nobody else has vouched
for.
no need: from outside the group and partnerships of a school, for no need that
is named.
`school-ledger help WORDS` explains words, as root or known at.
"""


@pytest.mark.parametrize(("columns", "shown"), [("110", HISTORY), ("80", NARROW)])
def test_history_fits_the_terminal(world, masked, monkeypatch, columns, shown):
    monkeypatch.setenv("COLUMNS", columns)
    assert masked(world.done("history", "900002")) == shown


REPORTS = (("owes",), ("history", "900002"), ("keys",), ("show", "900002"), ("check",))


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize("words", REPORTS, ids=lambda words: words[0])
def test_every_report_fits_the_terminal(world, monkeypatch, words, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    result = world.run(*words)
    assert result.exit_code in (0, 4), result.output
    assert max(map(wcswidth, result.stdout.splitlines())) <= columns


def test_history_as_json_carries_what_is_promised(world):
    document = json.loads(world.done("history", "900001", "--format", "json"))
    assert document["schema"] == "school-ledger.history/1"
    row = document["rows"][-1]
    expected = {
        "position": 18,
        "event": world.visit,
        "type": "VisitMade",
        "occurred_on": "2024-09-02",
        "recorded_at": "2024-09-02T09:40:00Z",
        "signed_by": world.people["alder"],
        "office": "head",
    }
    assert {name: row[name] for name in expected} == expected
    assert row["summary"].startswith("Alder School")


def test_history_from_a_day_to_a_day(world):
    def told(*typed):
        return json.loads(world.done("history", "900001", *typed, "-f", "json"))

    of_the_day = told("--from", "2024-09-02", "--to", "2024-09-02")
    assert of_the_day["rows"] == told()["rows"]
    assert ", from 2024-09-02, to 2024-09-02" in json.dumps(of_the_day)
    assert told("--from", "2024-09-03")["rows"] == []
    said = world.error("history", "900001", "--from", "2024-09-02", "--to", "2024-09-01", code=2)
    assert "--to 2024-09-01 lies before --from 2024-09-02" in said


def test_history_under_a_person(world):
    assert "Alder School" in world.done("history", "900001", "--under", world.people["alder"])
    shown = world.done("history", "900001", "--under", world.people["birch"])
    nothing = (
        "Nothing is recorded about this party by then, as far as is asked for here: under Birch."
    )
    assert nothing in shown


@pytest.mark.parametrize("name", ["northwick", "body:northwick"])
def test_a_body_is_named_by_its_slug(world, name):
    assert world.done("history", name).startswith("History of Northwick Council")


def test_a_urn_that_no_school_has(world):
    assert world.error("history", "900009") == (
        "Error: no school in this ledger has or had the URN 900009. Look it up in GIAS, or"
        " register it: `school-ledger import gias`.\n"
    )


def test_a_party_that_there_is_not(world):
    assert world.error("history", "nobody") == (
        "Error: no party is called nobody: expected a name, a URN, or a reference such as"
        " body:northwick or partnership:estuary. `school-ledger find TEXT` finds parties and people"
        " by a part of their name.\n"
    )


def test_a_school_is_nobody_s_head(world):
    assert world.error("history", "900001", "--under", "900001") == (
        "Error: Alder School (900001) is no person: got 900001, expected a person.\n"
    )


def test_a_device_is_written_to_and_stays_one(world):
    world.done("owes", "-o", "/dev/null")
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("form", ["table", "json"])
def test_the_ledger_is_not_overwritten_with_an_answer_about_it(world, form):
    said = world.error("owes", "-f", form, "-o", "northwick.db")
    assert said.startswith("Error: northwick.db is a ledger or another database, which would be")
    assert "Who owes what to whom" in world.done("owes")


@pytest.mark.parametrize("as_of", ["2024-11-30", "2024-12-01", "2025-01-15", "2025-06-01"])
def test_an_event_that_renames_a_school_calls_it_by_the_name_that_it_had_until_then(world, as_of):
    for name, old, new, *turn in (
        ("Birch Academy", "900002", "900102", "2024-11-30", "2024-12-01"),
        ("Coast Academy", "900102", "900202", "2025-01-31", "2025-02-01"),
    ):
        days = ("--old-urn-closes-on", turn[0], "--new-urn-opens-on", turn[1])
        said = ("--school", old, "--new-urn", new, "--name", name, *days)
        world.done("record", "SchoolConverted", *said, "--yes")
    shown = json.loads(world.done("history", "900002", "--as-of", as_of, "--format", "json"))
    said = [row["summary"] for row in shown["rows"] if row["type"] == "SchoolConverted"]
    first, second = (sentence.partition(" became ")[0] for sentence in said)
    assert first == "Birch School (900002)"
    earlier = "Birch School (900002)" if as_of < "2024-12-01" else "Birch Academy (900102)"
    assert second == earlier


REPORTS_ASKED = [
    ("owes",),
    ("history", "900001"),
    ("keys",),
    ("find", "school"),
    ("replay",),
    ("diff", "1", "18"),
    *(("report", name) for name in ("parties", "tenure", "capacity", "provider", "unconfirmed")),
]


@pytest.mark.parametrize("typed", REPORTS_ASKED, ids=" ".join)
@pytest.mark.parametrize("audience", ["public", "inspectorate"])
def test_every_report_can_be_made_for_an_audience_and_says_so(world, typed, audience):
    shown = world.done(*typed, "--audience", audience)
    assert f"\naudience  {audience}; " in shown


def test_names_are_withheld_where_a_command_is_asked_for_an_audience(world):
    assert "(name withheld)" in world.done("history", "900001", "--audience", "inspectorate")
    assert "(name withheld)" not in world.done("history", "900001", "--audience", "all")


def test_json_says_for_whom_it_is_and_how_many_rows_are_left_out(world):
    said = json.loads(world.done("replay", "--audience", "public", "-f", "json"))
    whole = json.loads(world.done("replay", "-f", "json"))
    assert said["ledger"]["audience"] == "public"
    assert said["ledger"]["left_out"] == len(whole["rows"]) - len(said["rows"]) > 0
    assert "audience" not in whole["ledger"]


def test_an_inbox_is_for_nobody_else(world):
    assert "no option --audience" in world.error("inbox", "--audience", "public", code=2)

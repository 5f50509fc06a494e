"""`import ofsted`: what the sheet says of the ledger's schools is recorded once, or told."""

import csv
import json

import pytest

from ledger.recording.application import Ledger
from ledger.store.base import FINDINGS

HEADER = (
    *("URN", "School name", "Inspection start date", "Publication date"),
    *("Outcomes for legacy monitoring inspections", "Category of concern"),
    *("Safeguarding standards", "Inclusion"),
)
ROWS = (
    ("900001", "Alder", "01/07/2026", "20/07/2026", "NULL", "SM", "Not met", "Urgent improvement"),
    ("900002", "Birch", "12/03/2024", "15/04/2024", "School remains Good", "NULL", "", ""),
    ("900002", "Birch", "01/07/2024", "20/07/2024", "Splendid", "NULL", "", ""),
    ("900009", "Yew", "12/03/2024", "15/04/2024", "School remains Good", "NULL", "", ""),
)
ASKING = ("import", "ofsted", "inspections_as_at_31_Jul_2026.csv")
FILES = (*ASKING, "--yes")
WOULD_BE = """\
5 events would be recorded:
         1  BodyRegistered
              The inspectorate Ofsted was registered.
         2  FrameworkAdopted
              The framework Ofsted report card, November 2025 was adopted.
              The framework Ofsted ungraded inspections: outcomes was adopted.
         2  JudgementMade
              Ofsted judged Alder School (inspection), inspected on 1 July 2026: safeguarding: \
not met, inclusion: urgent improvement; category of concern: special measures.
              Ofsted judged Birch School (inspection), inspected on 12 March 2024: school \
remains: good; category of concern: none.
"""
ADDED = """\
4 rows in the file, 3 of schools in the ledger:
         2  inspections new to the ledger
         1  inspection not clear: see the findings
5 events recorded:
         1  BodyRegistered
         2  FrameworkAdopted
         2  JudgementMade
record  23 entries, root <hash>
2 findings, for a person to settle:
         1  grade-unknown: Look at the report, and record JudgementMade by hand with its source.
              900002 Birch has 'Splendid' in 'Outcomes for legacy monitoring inspections'; the \
scale is School remains Outstanding, School remains Outstanding (Concerns) - S5 Next, School \
remains Good (Improving) - S5 Next, School remains Good, School remains Good (Concerns) - S5 Next, \
Improved significantly, Standards maintained, Some aspects not as strong.
         1  schools-unknown: Nothing was recorded of them: register those that the ledger should \
have.
              1 school of the file is not in this ledger: 900009 Yew.
"""


@pytest.fixture
def ofsted(world):
    """A world in 2026, with a sheet."""
    world.clock.now = world.clock.now.replace(year=2026)
    with (world.folder / ASKING[-1]).open("w", encoding="cp1252", newline="") as file:
        csv.writer(file).writerows([("Table 1",), HEADER, *ROWS])
    return world


def test_what_the_sheet_says_of_the_ledgers_schools_is_recorded_and_told(ofsted, masked):
    assert masked(ofsted.done(*FILES, "--clock-confirmed")) == ADDED
    assert "brokerage" in ofsted.done("owes", "--about", "900001", "-f", "csv", "-q")
    assert "0 faults" in ofsted.run("check").stdout


def test_a_dry_run_says_in_words_what_would_be_recorded(ofsted):
    shown = ofsted.done(*ASKING, "--dry-run")
    assert WOULD_BE in shown
    assert "known at  18" in ofsted.done("owes")


def test_the_exact_bytes_name_the_framework_by_the_id_of_its_adoption(ofsted):
    lines = ofsted.done(*ASKING, "--statements").splitlines()
    said = [json.loads(line) for line in lines]
    named = {each["data"]["framework"] for each in said if "judge" in each["data"]}
    adopted = {f"framework:{each['id']}" for each in said if "slug" in each["data"]}
    assert named == adopted


def test_the_same_file_again_adds_nothing_and_its_findings_are_kept(ofsted):
    ofsted.done(*FILES, "--clock-confirmed")
    document = json.loads(ofsted.done(*FILES, "-f", "json"))
    assert (document["schema"], document["added"]) == ("school-ledger.import-ofsted/1", 0)
    assert document["counts"]["unchanged"] == 2
    with Ledger.open(str(ofsted.ledger)) as ledger:
        assert json.loads(ledger.store.meta.get(FINDINGS["import-ofsted"])) == document["rows"]


def test_the_source_is_cited_as_it_is_given(ofsted):
    cited = ("--url", "https://www.gov.uk/i.csv", "--published-on", "2026-08-12")
    lines = ofsted.done(*ASKING, *cited, "--statements").splitlines()
    source = json.loads(lines[-1])["data"]["source"]
    assert (source["url"], source["published_on"]) == (cited[1], cited[3])


def test_an_inspectorate_is_named_where_the_ledger_has_another(ofsted):
    said = ("--kind", "inspectorate", "--name", "Eye", "--yes", "--clock-confirmed")
    ofsted.done("record", "BodyRegistered", "--body", "eye", *said)
    assert ofsted.error(*ASKING, "--dry-run") == (
        "Error: the ledger has an inspectorate, Eye, and none body:ofsted. Say which inspects:"
        " --judge body:eye, or --judge body:ofsted.\n"
    )
    assert "Eye judged Birch School" in ofsted.done(*ASKING, "--dry-run", "--judge", "eye")
    assert "Ofsted judged Birch School" in ofsted.done(*ASKING, "--dry-run", "--judge", "ofsted")
    assert ofsted.error(*ASKING, "--dry-run", "--judge", "northwick") == (
        "Error: --judge names no inspectorate of this ledger: got northwick, expected body:eye or"
        " body:ofsted.\n"
    )


def test_only_a_registrar_imports(ofsted):
    said = ofsted.error(*FILES, "--clock-confirmed", "--key", ofsted.key("alder"))
    assert "does not hold the office registrar@ledger" in said

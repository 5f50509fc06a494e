"""Pictures of reports: every row is in them, and their figures are the table's."""

import subprocess
import sys
from decimal import Decimal

import pytest
from pictures_reading import figures, read, shapes, texts

from projections.pictures.base import NARROW, WIDE
from projections.reports import capacity, history, owes, partnerships, reciprocity, replay, tenure

CEDAR = "school:900003"


@pytest.mark.parametrize("wide", [NARROW, WIDE])
@pytest.mark.parametrize("settled", [False, True])
def test_who_owes_whom_counts_every_obligation_of_the_table(northwick, settled, wide):
    asked = owes.Asked(settled=settled)
    at = northwick.at("2026-07-31")
    report = owes.owes(northwick.connection, northwick.store, at, asked)
    rows = list(report.rows)
    picture = report.picture(rows)
    said = texts(picture.panels(wide))
    overdue = sum(row["overdue"] for row in rows)
    left = sum(float(row["outstanding"]) != 0 for row in rows)
    sides = 2 if len(picture.panels(wide)) == 1 else 1
    assert overdue
    assert figures(said, "overdue") >= sides * overdue
    counted = {
        "overdue": overdue,
        "not overdue": left - overdue,
        "settled": len(rows) - left,
    }
    told = ", ".join(f"{count} {word}" for word, count in counted.items() if count)
    assert picture.description.startswith(f"{told}: owed by ")
    names = {row["debtor_name"] for row in rows} | {row["creditor_name"] for row in rows}
    assert {word for name in names for word in name.split()} <= set(" ".join(said).split())


@pytest.mark.parametrize("wide", [NARROW, WIDE])
@pytest.mark.parametrize("party", ["school:900003", "partnership:estuary", "body:northwick"])
def test_a_history_counts_every_event_of_the_table_by_type_and_mark(northwick, party, wide):
    at = northwick.at("2026-07-31")
    report = history.history(northwick.connection, northwick.store, party, at)
    rows = list(report.rows)
    picture = report.picture(rows)
    said = [word for word in texts(picture.panels(wide)) if ": " in word]
    assert sum(int(word.partition(": ")[2].partition(",")[0]) for word in said) == len(rows)
    assert len(said) == len({row["type"] for row in rows})
    marked = sum(bool(row["marks"]) for row in rows)
    assert figures(said, "marked") == marked
    assert picture.description.startswith(f"{len(rows)} events from {rows[0]['occurred_on']} on, ")


def test_a_history_shows_what_the_school_had_as_the_table_tells_it(northwick):
    report = history.history(
        northwick.connection, northwick.store, "school:900003", northwick.at("2026-07-31")
    )
    said = " ".join(texts(report.picture(list(report.rows)).panels(NARROW)))
    assert said.partition(" Events")[0].partition("Head ")[2] == (
        "Mx Cedar, substantive, from 2024-09-01 to 2025-08-31"
        " Mx Chestnut, acting, from 2025-09-01 to 2025-12-31"
        " Mx Cypress, substantive, from 2026-01-01"
        " URN 900003, to 2026-03-31 900103, from 2026-04-01"
        " Responsible body Northwick Council, to 2026-03-31"
        " Harbour Learning Trust, from 2026-04-01"
    )
    bodies = {(row["urn"], row["responsible_body"]) for row in report.rows}
    assert bodies == {("900003", "Northwick Council"), ("900103", "Harbour Learning Trust")}


def test_a_report_that_is_not_drawn_loads_no_picture():
    loads = (
        "import projections.reports.owes, projections.reports.history, projections.reports.replay"
    )
    told = f"import sys; {loads}; print(*(name for name in sys.modules if 'picture' in name))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_a_history_without_some_rows_shows_what_the_others_tell(northwick):
    at = northwick.at("2026-07-31")
    report = history.history(northwick.connection, northwick.store, CEDAR, at)
    rows = [row for row in report.rows if "2025-09-01" <= row["occurred_on"] <= "2025-12-31"]
    said = texts(report.picture(rows).panels(WIDE))
    heads = " ".join(said).partition("Head ")[2].partition(" Events")[0]
    assert heads == (
        "Mx Chestnut, acting, from 2025-09-01 to 2025-12-31 URN 900003, to 2026-03-31"
        " Responsible body Northwick Council, to 2026-03-31"
    )


def replayed(northwick, *asked):
    at = northwick.at("2026-07-31")
    report = replay.replay(northwick.connection, northwick.store, at, replay.Asked(*asked))
    return report, list(report.rows)


@pytest.mark.parametrize("about", [None, CEDAR, "partnership:estuary"])
def test_a_replay_ends_with_what_owes_says(northwick, about):
    report, rows = replayed(northwick, about)
    said = texts(report.picture(rows).panels(WIDE))
    ends = sum(Decimal(words.split()[0]) for words in said if "at the end" in words)
    asked = owes.Asked(about=about)
    left = northwick.ask(owes.owes, northwick.at("2026-07-31"), asked)
    assert ends == sum(Decimal(row["outstanding"]) for row in left) > 0


@pytest.mark.parametrize("since", [None, "2025-09-01"])
def test_a_replay_draws_every_change_of_the_table(northwick, since):
    report, rows = replayed(northwick, CEDAR, since)
    picture = report.picture(rows)
    paths = shapes(picture.panels(NARROW), "path")
    changes = sum("change" in row for row in rows)
    assert sum(path["d"].count("V") for path in paths) == changes
    assert f": {changes} changes of what is owed, in " in picture.description


def test_a_replay_without_some_rows_ends_with_what_the_others_say(northwick):
    report, rows = replayed(northwick, CEDAR)
    given = [row for row in rows if row.get("kind") == "support"]
    assert [row["after"] for row in given] == ["10.0", "8.5", "6.5", "5.0"]
    said = texts(report.picture([given[0], given[3]]).panels(WIDE))
    assert said[1] == "5.0 owed to it at the end, 10.0 at most"


def test_a_replay_tells_apart_what_a_party_owes_and_what_it_is_owed(northwick):
    report, rows = replayed(northwick, CEDAR)
    said = texts(report.picture(rows).panels(WIDE))
    after = said[said.index("days of support (day)") + 1]
    assert after == "5.0 owed to it at the end, 10.0 at most"
    after = said[said.index("visits of the year (visit)") + 1]
    assert after == "0 owed by it at the end, 2 at most"


def test_a_replay_that_changed_nothing_has_no_picture(northwick):
    report, rows = replayed(northwick, None, "2024-09-02", "2024-09-02")
    assert rows
    assert report.picture(rows) is None


def graded(judge, judged, back=None):
    sides = {"judge": judge, "judged": judged, "judged_back_on": back}
    return sides | {"judge_name": judge.title(), "judged_name": judged.title()}


def test_who_judged_whom_counts_grades_and_frames_who_was_judged_back():
    rows = [graded("elm", "ash", "2026-01-01")] * 2 + [graded("ash", "elm", "2025-01-01")]
    rows += [graded("oak", "elm")] * 12
    picture = reciprocity._picture(rows)
    (panel,) = picture.panels(WIDE)
    assert texts([panel]) == [
        *("Judge", "Judged", "Elm", "Ash"),
        *("Elm", "2", "Ash", "1", "Oak", "12"),
    ]
    assert sum("stroke-late" in rect["class"] for rect in shapes([panel], "rect")) == 2
    assert picture.description == (
        "15 grades, given by 3 to 2; in 2 of 3 pairs the judge was judged back. The table has each."
    )


def test_the_figures_of_who_judged_whom_are_the_rows_of_the_table(northwick):
    report, rows = asked(northwick, reciprocity.QUESTION)
    said = texts(report.pictured(rows).panels(WIDE))
    assert sum(int(word) for word in said if word.isdigit()) == len(rows) > 0


def asked(northwick, question, **narrowed):
    at = northwick.at("2026-07-31")
    report = question.answer(northwick.connection, northwick.store, at, question.asked(**narrowed))
    return report, list(report.rows)


@pytest.mark.parametrize("wide", [NARROW, WIDE])
def test_every_time_has_a_bar_and_every_latest_grade_is_drawn(northwick, wide):
    report, rows = asked(northwick, tenure.QUESTION)
    panels = report.pictured(rows).panels(wide)
    times = {(row["school"], row["role"], row["who"], row["first"]) for row in rows}
    bars = [rect for rect in shapes(panels, "rect") if rect["height"] == "10"]
    assert len(bars) == len(times)
    grades = sum(int(word) for word in texts(panels) if word.isdigit())
    assert (
        grades + len(shapes(panels, "circle")) == sum(bool(row.get("latest")) for row in rows) > 0
    )


def test_a_time_is_told_with_its_days_and_what_was_received(northwick):
    report, rows = asked(northwick, tenure.QUESTION, about=CEDAR)
    said = " ".join(texts(report.pictured(rows).panels(NARROW)))
    assert (
        "Cedar Bank Academy (900103)"
        " head Mx Cedar (substantive) from 2024-09-01 to 2025-08-31; 6.0 days received"
        " head Mx Chestnut (acting) from 2025-09-01 to 2025-12-31; 0.0 days received"
    ) in said


def test_times_of_which_no_day_is_known_have_no_picture(northwick):
    report, rows = asked(northwick, tenure.QUESTION, about="body:northwick")
    undated = [row | {"first": None, "latest_on": None} for row in rows]
    assert rows
    assert report.pictured(undated) is None


def test_days_of_support_are_the_figures_of_the_table(northwick):
    report, rows = asked(northwick, capacity.QUESTION)
    said = texts(report.pictured(rows).panels(WIDE))
    assert said == [
        *("2025-26", "Alder Primary School (900001)"),
        *("10.0 agreed", "5.0 confirmed", "5.0 left to give", "5.0 overdue"),
    ]
    nothing = dict.fromkeys(("offered", "agreed", "confirmed", "left", "late_days", "beyond"), "0")
    assert report.pictured([rows[0] | nothing]) is None
    names = ("agreed", "confirmed", "left", "late_days")
    assert [rows[0][name] for name in names] == [words.split()[0] for words in said[2:]]


@pytest.mark.parametrize("wide", [NARROW, WIDE])
def test_who_visited_whom_adds_up_to_the_visits_made(northwick, wide):
    report, rows = asked(northwick, partnerships.QUESTION)
    panels = report.pictured(rows).panels(wide)
    drawn = [element.text for element in middled(panels)]
    assert sum(map(int, drawn)) == sum(row["visits_made"] for row in rows) > 0
    pairs = [told.rpartition(": ")[2] for row in rows for told in row["visits_between"].split("; ")]
    assert sorted(drawn) == sorted(pairs)


def middled(panels):
    for panel in panels:
        yield from (one for one in read(panel).iter("text") if one.get("text-anchor") == "middle")


def test_a_partnership_without_visits_has_no_picture(northwick):
    early = northwick.at("2024-09-20")
    question = partnerships.QUESTION
    report = question.answer(northwick.connection, northwick.store, early, question.asked())
    rows = list(report.rows)
    assert [row["visits_between"] for row in rows] == [""]
    assert report.pictured(rows) is None

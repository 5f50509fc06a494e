"""Pressure against support: what was demanded of a school in a term, and who came how often."""

from datetime import date

from pictures_reading import texts
from recording import ONE, TWO, register, say

from projections.pictures.base import WIDE
from projections.reports.balance import QUESTION
from projections.reports.terms import GUESSED

NOW = ("2026-10-31", None)
FIGURES = ("demands", "agreed", "confirmed", "in_classrooms", "longest_gap")


def told(report, *names):
    return [tuple(row[name] for name in names) for row in report.rows]


def test_demands_beside_days_by_term(pressed):
    report = pressed.ask(QUESTION, NOW, about=TWO.school)
    assert told(report, "term", *FIGURES) == [
        ("Spring 2026", 6, "6.0", "1.0", 100, 91),
        ("Summer 2026", 1, "0.0", "2.0", 0, 109),
        ("Autumn 2026", 0, "0.0", "0.5", 100, 37),
    ]
    assert GUESSED in report.notes


def test_what_was_demanded_by_kind_and_by_whom(pressed):
    spring, summer, _ = pressed.ask(QUESTION, NOW, about=TWO.school).rows
    assert spring["demanded"] == (
        "account of impact: Northwick 1; plan of support: Northwick 1;"
        " target: Beacon Trust 1, Inspectorate 1, Northwick 1, Region North 1"
    )
    assert summer["demanded"] == "warning notice: Northwick 1"
    sorts = ("judgements", "targets", "interventions", "other_demands")
    assert [spring[name] for name in sorts] == [0, 4, 0, 2]
    assert [summer[name] for name in sorts] == [0, 0, 1, 0]


def test_as_it_stood_on_an_earlier_day_and_as_known_by_then(pressed):
    report = pressed.ask(QUESTION, ("2026-03-12", None), about=TWO.school)
    assert told(report, *FIGURES) == [(3, "0.0", "0.0", None, 71)]


def test_it_narrows(pressed):
    def terms(**asked):
        return told(pressed.ask(QUESTION, NOW, **asked), "school", "term")

    assert terms(about=ONE.school)[0] == (ONE.school, "Spring 2026")
    assert terms(la="body:northwick") == terms(body="body:northwick") == terms()
    assert terms(since="2026-09-01") == [(TWO.school, "Autumn 2026")]
    assert terms(about=TWO.school, to="2026-04-30") == [(TWO.school, "Spring 2026")]
    days = told(pressed.ask(QUESTION, NOW, since="2026-05-14", to="2026-05-20"), *FIGURES)
    assert days == [(1, "0.0", "2.0", 0, 6)]


def test_judgements_of_others_are_demands_and_terms_are_those_of_the_rules(recorded):
    ledger = recorded.ledger
    days = ("attestation", "impact", "ratification", "handover", "response", "brokerage")
    term = {"first": "2026-02-16", "last": "2026-03-27"}
    register(ledger, "LedgerRulesSet", terms=[term], **{f"{name}_days": 28 for name in days})
    register(ledger, "BodyRegistered", body="body:hmi", kind="inspectorate", name="HMI")
    areas = [
        {"area": "reading", "grades": ["secure", "weak"]},
        {"area": "writing", "grades": ["secure", "weak"]},
    ]
    adopted = {"slug": "ours", "title": "Ours", "areas": areas, "in_force_from": "2020-09-01"}
    framework = register(ledger, "FrameworkAdopted", **adopted)
    graded = [{"area": area["area"], "grade": "weak"} for area in areas]
    said = {"about": TWO.school, "judge": "body:hmi", "framework": f"framework:{framework}"}
    said |= {"grades": graded, "inspected_on": "2026-02-01", "basis": "inspection"}
    said["category"] = "none"
    register(ledger, "JudgementMade", **said, source={"title": "Report", "publisher": "HMI"})
    report = recorded.ask(QUESTION, ("2026-03-31", None))
    assert told(report, "term", "first", "demands", "demanded", "longest_gap") == [
        ("Spring 2026", "2026-02-16", 1, "judgement: HMI 1", 40),
        ("Spring 2026", "2026-03-28", 0, "", 4),
    ]


def test_a_visit_of_several_days_leaves_no_gap_in_between(recorded):
    ledger = recorded.ledger
    said = {"visitor": ONE.school, "host": TWO.school, "under": "nothing", "days": "3.0"}
    said |= {"people": [ONE.person], "until": "2026-02-06"}
    said |= {"purpose": "support", "mode": "on_site"}
    on = date(2026, 2, 2)
    made = ledger.say("VisitMade", said, ONE.signer, ONE.office, on).event
    say(ledger, TWO, "VisitAttested", visit=f"visit:{made}", days="3.0")
    report = recorded.ask(QUESTION, ("2026-02-28", None), about=TWO.school)
    assert told(report, "first", "longest_gap") == [("2026-01-01", 32)]


def test_nothing_of_a_school_that_nobody_asks_and_nobody_helps(recorded):
    assert recorded.ask(QUESTION, NOW).rows == []


def test_the_picture_has_demands_on_the_one_side_and_days_on_the_other(pressed):
    report = pressed.ask(QUESTION, NOW, about=TWO.school)
    picture = report.pictured(report.rows)
    assert picture.description == "In all 7 demands and 3.5 days confirmed. The table has each."
    drawn = texts(picture.panels(WIDE))
    assert drawn[:2] == ["School 2 (900002)", "Spring 2026: 6 demands, 1.0 days confirmed"]

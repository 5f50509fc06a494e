"""From trigger to help: what was decided, offered, agreed and given, and where nothing is told."""

from datetime import UTC, date, datetime

import pytest
from pictures_reading import texts
from recording import ONE, ORIGIN, TWO, Head, key_members, register

from projections.pictures.base import WIDE
from projections.reports.response import QUESTION

OFFICER = Head(8)
LATER = ("2026-06-01", None)


@pytest.fixture
def on(recorded):
    """Say something on a day, by a head or the officer of Northwick."""
    ledger = recorded.ledger
    register(ledger, "PersonEnrolled", person=OFFICER.person, name="Olive Ashgrove")
    key = key_members(ORIGIN, OFFICER.person, OFFICER.signer)
    register(ledger, "KeyEnrolled", person=OFFICER.person, **key)
    office = "officer@body:northwick"
    appointed = {"person": OFFICER.person, "office": office, "basis": "substantive"}
    register(ledger, "Appointed", **appointed, effective_on="2026-03-01")
    ledger.clock_confirmed = True
    ledger.clock.now = datetime(2026, 6, 1, 9, tzinfo=UTC)

    def say(day, who, name, /, **data):
        signs = office if who is OFFICER else who.office
        return ledger.say(name, data, who.signer, signs, date.fromisoformat(day)).event

    return say


def told(report, *names):
    return [tuple(row[name] for name in names) for row in report.rows]


def identified(on, day="2026-03-03", who=OFFICER):
    raiser = "body:northwick" if who is OFFICER else who.school
    need = {"school": TWO.school, "raiser": raiser, "area": "inclusion", "level": "school"}
    return on(day, who, "NeedIdentified", **need)


def helped(on, need):
    """A need goes outside, is decided about, offered for, agreed, and met by a first visit."""
    trigger = {"trigger": f"need:{need}"}
    on(
        "2026-03-09",
        TWO,
        "NeedEscalated",
        to_level="outside",
        ask="A day.",
        why="Alone.",
        **trigger,
    )
    on("2026-03-12", OFFICER, "DecisionRecorded", decision="support", why="It is due.", **trigger)
    sides = {"provider": ONE.school, "receiver": TWO.school, "route": "local_authority"}
    terms = {"days": "2.0", "valid_until": "2026-05-01"}
    offer = on("2026-03-16", ONE, "SupportOffered", **sides, **terms, **trigger)
    dates = {"starts": "2026-03-20", "ends": "2026-07-01"}
    agreement = on("2026-03-20", TWO, "SupportAgreed", offer=f"offer:{offer}", days="2.0", **dates)
    visit = {"visitor": ONE.school, "host": TWO.school, "purpose": "support", "mode": "on_site"}
    under = {"under": f"agreement:{agreement}", "days": "1.0"}
    made = on("2026-04-02", ONE, "VisitMade", **visit, **under)
    return on("2026-04-03", TWO, "VisitAttested", visit=f"visit:{made}", days="1.0")


def test_nothing_asks_for_help(recorded):
    assert recorded.ask(QUESTION).rows == []


def test_where_nothing_is_recorded_it_says_so(recorded, on):
    need = identified(on)
    [row] = recorded.ask(QUESTION, LATER).rows
    assert row["unrecorded"] == "decision, offer, agreement, first day"
    assert (row["trigger"], row["trigger_title"]) == (need, "need in inclusion")
    assert (row["by_name"], row["level"], row["days_by_now"]) == ("Northwick", "school", 90)


def test_a_need_from_first_word_to_first_day(recorded, on):
    confirmed = helped(on, identified(on))
    [row] = recorded.ask(QUESTION, LATER).rows
    dates = ("triggered_on", "first_offer_on", "agreed_on", "first_day_on")
    assert [row[name] for name in dates] == ["2026-03-03", "2026-03-16", "2026-03-20", "2026-04-02"]
    assert (row["decided"], row["reasons"]) == ("support (Northwick, 2026-03-12)", "It is due.")
    assert (row["decision_days"], row["help_days"], row["unrecorded"]) == (9, 30, "")
    assert (row["level"], row["outcome"], row["events"][-1]) == ("outside", None, confirmed)


def test_as_it_stood_on_an_earlier_day(recorded, on):
    helped(on, identified(on))
    [row] = recorded.ask(QUESTION, ("2026-03-19", None)).rows
    assert row["unrecorded"] == "agreement, first day"


def test_a_need_that_is_closed_says_as_what(recorded, on):
    need = identified(on)
    on("2026-03-30", TWO, "NeedClosed", need=f"need:{need}", outcome="overtaken")
    assert told(recorded.ask(QUESTION, LATER), "outcome") == [("overtaken",)]


def intervened(on, day="2026-03-03", **changes):
    said = {"school": TWO.school, "kind": "warning_notice", "issuer": "body:northwick"}
    return on(day, OFFICER, "InterventionRecorded", **{**said, "asks_for_support": True, **changes})


def test_an_intervention_that_asks_for_support_is_a_trigger_until_it_is_lifted(recorded, on):
    intervened(on, asks_for_support=False)
    notice = intervened(on)
    decision = {"trigger": f"intervention:{notice}", "decision": "support", "why": "Soon."}
    on("2026-03-12", OFFICER, "DecisionRecorded", **decision)
    columns = ("trigger", "trigger_title", "by_name", "decision_days", "outcome")
    row = (notice, "intervention: warning notice", "Northwick", 9)
    assert told(recorded.ask(QUESTION, LATER, about=TWO.school), *columns) == [(*row, None)]
    on("2026-05-04", OFFICER, "InterventionLifted", intervention=f"intervention:{notice}")
    assert told(recorded.ask(QUESTION, LATER), *columns) == [(*row, "lifted")]
    assert recorded.ask(QUESTION, LATER, about=ONE.school).rows == []


def test_a_grade_that_is_followed_up_is_a_trigger(recorded, on):
    areas = [{"area": "reading", "grades": ["secure", "weak"], "monitored": ["weak"]}]
    adopted = {"slug": "ours", "title": "Ours", "areas": areas, "in_force_from": "2020-09-01"}
    framework = register(recorded.ledger, "FrameworkAdopted", **adopted)
    said = {"about": TWO.school, "judge": "body:northwick", "basis": "la_categorisation"}
    said |= {"framework": f"framework:{framework}", "inspected_on": "2026-03-03"}
    for grade in ("secure", "weak"):
        on(
            *("2026-03-03", OFFICER, "JudgementMade"),
            **said,
            grades=[{"area": "reading", "grade": grade}],
        )
    titles = told(recorded.ask(QUESTION, LATER, about=TWO.school), "trigger_title")
    assert titles == [("judgement: grade followed up",)]


def test_a_category_of_concern_is_a_trigger_and_no_other_judgement(recorded):
    register(recorded.ledger, "BodyRegistered", body="body:hmi", kind="inspectorate", name="HMI")
    areas = [{"area": "reading", "grades": ["secure", "weak"]}]
    adopted = {"slug": "ours", "title": "Ours", "areas": areas, "in_force_from": "2020-09-01"}
    framework = register(recorded.ledger, "FrameworkAdopted", **adopted)
    said = {"about": TWO.school, "judge": "body:hmi", "framework": f"framework:{framework}"}
    said |= {"grades": [{"area": "reading", "grade": "weak"}], "inspected_on": "2026-02-01"}
    said |= {"basis": "inspection", "source": {"title": "Report", "publisher": "HMI"}}
    register(recorded.ledger, "JudgementMade", **said, category="none")
    assert recorded.ask(QUESTION, LATER).rows == []
    placed = register(recorded.ledger, "JudgementMade", **said, category="special_measures")
    assert told(recorded.ask(QUESTION, LATER), "trigger", "trigger_title", "by_name") == [
        (placed, "judgement: special measures", "HMI")
    ]


def test_it_narrows(recorded, on):
    identified(on)
    identified(on, "2026-04-03", TWO)
    ask = recorded.ask
    assert len(ask(QUESTION, LATER, about=TWO.school, la="body:northwick").rows) == 2
    assert ask(QUESTION, LATER, about=ONE.school).rows == []
    assert ask(QUESTION, LATER, area="achievement").rows == []
    assert len(ask(QUESTION, LATER, since="2026-04-01").rows) == 1
    assert len(ask(QUESTION, LATER, to="2026-04-01").rows) == 1


def test_the_picture_has_bars_from_the_trigger_to_the_first_day(recorded, on):
    helped(on, identified(on))
    identified(on, "2026-04-03", TWO)
    report = recorded.ask(QUESTION, LATER)
    picture = report.pictured(report.rows)
    assert picture.description.startswith("2 triggers, of which 1 came to a first day of help.")
    drawn = texts(picture.panels(WIDE))
    assert {"9 days to a decision", "30 days to the first day", "59 days waiting"} <= set(drawn)

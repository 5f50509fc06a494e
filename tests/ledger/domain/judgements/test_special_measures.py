"""A school's way from special measures to out of category, with what is owed at each step."""

from given import (
    BEN,
    DAN,
    ESTUARY,
    FOUR,
    NORTHWICK_BODY,
    OLIVE,
    TWO,
    WITH_ESTUARY,
    agreed,
    attested,
    decided,
    framework,
    given,
    judged,
    lodged,
    made,
    offered,
    responded,
)

JUDGE = "body:inspectorate"
MET = {"area": "safeguarding", "grade": "met"}
PLACED = {"about": TWO, "urn": "urn:900002", "category": "special_measures"}


def monitored(label, on, **changes):
    """Inspectors come again, and say in which category the school is."""
    return judged(label, on, **{**PLACED, "basis": "monitoring_inspection", **changes})


def test_help_is_owed_until_it_is_agreed_or_left_alone_whatever_is_found_later():
    """A later inspection ends the statement of action with its category, and nothing else: nothing
    lapses silently, and who is to find help says that none is needed any more.
    """
    history = given(WITH_ESTUARY, framework(action_days=70), judged("j", **PLACED))
    out = monitored("out", "2025-05-12", category="none", grades=[MET])
    history = given(history, out)
    kinds = ("brokerage", "member_response", "statement_of_action")
    owed = [row.partition(":")[0] for kind in kinds for row in history.owed(kind=kind)]
    assert owed == ["brokerage", "member_response"]
    alone = decided("d", "2025-05-13", trigger="judgement:j", decision="leave_alone")
    nobody = responded("r", "2025-05-13", trigger="judgement:j")
    history = given(history, alone, nobody)
    assert [row for kind in kinds for row in history.owed(kind=kind)] == []


def test_special_measures_to_out_of_category():
    history = given(WITH_ESTUARY, framework(action_days=70))

    def then(*acts):
        nonlocal history
        history = given(history, *acts)
        kinds = ("brokerage", "member_response", "statement_of_action", "support")
        return [row for kind in kinds for row in history.owed(kind=kind)]

    brokerage = f"brokerage: {NORTHWICK_BODY} owes {TWO} 1 item by"
    response = f"member_response: {ESTUARY} owes {TWO} 1 item by"
    statement = f"statement_of_action: {NORTHWICK_BODY} owes {JUDGE} 1 item by"
    support = f"support: {FOUR} owes {TWO} {{}} day by 2025-07-18"

    # Placed: the body responsible finds help and states its action, the partnership answers.
    assert then(judged("j", "2024-11-01", **PLACED)) == [
        f"{brokerage} 2024-11-29",
        f"{response} 2024-11-15",
        f"{statement} 2025-02-07",
    ]
    # The partnership has nobody; a school from outside may help without the ladder.
    nobody = responded("r", "2024-11-08", trigger="judgement:j")
    assert then(nobody) == [f"{brokerage} 2024-11-29", f"{statement} 2025-02-07"]
    pledge = offered("o", "2024-11-11", provider=FOUR, trigger="judgement:j", by=DAN)
    dates = {"starts": "2024-11-18", "ends": "2025-07-18"}
    assert then(pledge, agreed("g", "o", "2024-11-18", by=OLIVE, **dates)) == [
        f"{statement} 2025-02-07",
        support.format(6),
    ]
    # The statement is lodged, and the first days come.
    answer = {"kind": "statement_of_action", "obligation": "j/statement_of_action", "by": OLIVE}
    assert then(lodged("s", "2025-01-20", about=TWO, **answer)) == [support.format(6)]
    visit = made("v", "2025-01-27", visitor=FOUR, under="agreement:g")
    assert then(visit, attested("a", "v", on="2025-01-28")) == [support.format("4.5")]
    # Still in special measures: each inspection asks anew, and nobody comes to owe it twice.
    assert then(monitored("k", "2025-03-03")) == [
        f"{brokerage} 2025-03-31",
        f"{response} 2025-03-17",
        f"{statement} 2025-06-09",
        support.format("4.5"),
    ]
    alone = decided("d", "2025-03-10", trigger="judgement:k", decision="leave_alone")
    nobody = responded("r2", "2025-03-10", trigger="judgement:k")
    assert then(alone, nobody) == [f"{statement} 2025-06-09", support.format("4.5")]
    # Out of category: no statement is asked for any more; what was agreed goes on.
    assert then(monitored("out", "2025-05-12", category="none")) == [support.format("4.5")]
    second = made("w", "2025-05-19", visitor=FOUR, under="agreement:g", people=None, days="4.5")
    assert then(second, attested("b", "w", on="2025-05-20", days="4.5", by=BEN)) == []

"""Where the money went: what was paid, received, spent, sent back and is unaccounted for."""

from decimal import Decimal

import pytest
from moneyed import (
    ESTUARY,
    FINANCE,
    KEEPER,
    NORTHWICK,
    OFFICER,
    REGISTERS,
    Holder,
    tell,
)
from pictures_reading import texts
from recording import THREE, TWO

from projections.pictures.base import NARROW, WIDE
from projections.reports.funding import QUESTION
from projections.reports.owes import Asked, owes
from projections.tables import catalogue
from projections.tables.views import moment

END = ("2026-06-30", None)
CHAIR = Holder(9, f"chair@{ESTUARY}")


@pytest.fixture
def told(tmp_path):
    """Three fundings, as `moneyed` tells them."""
    found = tell(tmp_path / "money.db")
    yield found
    found.ledger.close()


def ask(told, at=END, **asked):
    """Return the answer at a moment, its rows in a list."""
    with catalogue.views(told.ledger.store, None).open() as connection:
        report = QUESTION.answer(
            connection, told.ledger.store, moment(connection, *at), QUESTION.asked(**asked)
        )
        return list(report.rows), report


def row_of(told, name, at=END):
    """Return the row of the funding of a title."""
    rows, _ = ask(told, at)
    return next(row for row in rows if row["title"] == name)


def test_each_funding_is_a_row_with_what_became_of_the_money(told):
    row = row_of(told, "Early reading")
    figures = ("committed", "paid", "received", "spent", "certified", "returned", "unspent")
    assert [row[name] for name in figures] == [
        *("4500.00", "3000.00", "3000.00", "1850.50", "1600.50", "500.00", "649.50"),
    ]
    assert (row["unaccounted"], row["left_to_pay"]) == ("899.50", "1500.00")
    assert row["spent_by_purpose"] == "supply cover 1250.50, training 600.00"
    assert row["certified_by"] == "officer of Northwick"
    assert row["conditions_met"] == "1 of 2"
    sides = ("commissioner", "payee", "keeper")
    assert [row[side] for side in sides] == [NORTHWICK, ESTUARY, KEEPER.school]


@pytest.mark.parametrize("day", ["2026-03-03", "2026-05-12", "2026-06-02", "2026-12-31"])
def test_no_sum_is_another_than_that_which_owes_tells(told, day):
    rows, _ = ask(told, (day, None))
    with catalogue.views(told.ledger.store, None).open() as connection:
        at = moment(connection, day, None)
        for kind, column in (("spend_account", "unaccounted"), ("payment", "left_to_pay")):
            owed = owes(connection, told.ledger.store, at, Asked(kind=kind)).rows
            left = sum(Decimal(row["outstanding"]) for row in owed)
            assert left == sum(Decimal(row[column]) for row in rows), kind


def test_money_that_is_not_accounted_for_by_its_day_is_overdue(told):
    assert [row["is_overdue"] for row in ask(told)[0]] == [True, False, False]
    assert [row["title"] for row in ask(told, overdue=True)[0]] == ["Attendance"]
    assert ask(told, ("2026-05-31", None), overdue=True)[0] == []


def test_by_the_day_that_owes_tells_where_a_conversion_brought_it_forward(told):
    told.say(
        *("2026-06-15", REGISTERS, "SchoolConverted"),
        school=KEEPER.school,
        old_urn="urn:900001",
        old_urn_closes_on="2026-04-19",
        new_urn="urn:900101",
        new_urn_opens_on="2026-04-20",
        effective_on="2026-04-20",
        name="School One Academy",
    )
    day = ("2026-07-20", None)
    with catalogue.views(told.ledger.store, None).open() as connection:
        asked = Asked(kind="spend_account")
        owed = list(owes(connection, told.ledger.store, moment(connection, *day), asked).rows)
    rows, _ = ask(told, day)
    due = {row["debtor"]: row["due_on"] for row in owed}
    nothing_left = {THREE.school: "2026-12-31"}
    assert {row["keeper"]: row["account_by"] for row in rows} == due | nothing_left
    assert due == {TWO.school: "2026-05-31", KEEPER.school: "2026-07-15"}
    assert [row["is_overdue"] for row in rows] == [True, True, False]


def test_who_stands_in_the_place_of_a_school_that_merged_keeps_its_money(told):
    merged = {"predecessors": [KEEPER.school, TWO.school], "school": TWO.school}
    told.say(*("2026-06-15", REGISTERS, "SchoolsMerged"), **merged, effective_on="2026-06-16")
    assert row_of(told, "Early reading", ("2026-06-15", None))["keeper"] == KEEPER.school
    assert row_of(told, "Early reading", ("2026-06-16", None))["keeper"] == TWO.school


def test_so_it_does_where_nothing_is_left_to_account_for(told):
    merged = {"predecessors": [KEEPER.school, TWO.school], "school": TWO.school}
    told.say(*("2026-06-15", REGISTERS, "SchoolsMerged"), **merged, effective_on="2026-06-16")
    account = f"{told.received}/spend_account"
    told.say("2026-06-17", OFFICER, "ObligationWaived", obligation=account, reason="Spent well")
    row = row_of(told, "Early reading")
    assert (row["keeper"], row["unaccounted"], row["is_overdue"]) == (TWO.school, "0.00", False)
    assert row_of(told, "Early reading", ("2026-06-15", None))["keeper"] == KEEPER.school


def test_who_is_to_be_paid_by_now_is_to_keep_what_did_not_arrive_yet(told):
    assert row_of(told, "A new bell")["keeper"] == THREE.school
    merged = {"predecessors": [THREE.school, TWO.school], "school": TWO.school}
    told.say(*("2026-06-15", REGISTERS, "SchoolsMerged"), **merged, effective_on="2026-06-16")
    row = row_of(told, "A new bell")
    assert (row["payee"], row["keeper"]) == (THREE.school, TWO.school)


def test_who_keeps_money_by_now_is_told_of_it_though_another_was_named(told):
    merged = {"predecessors": [KEEPER.school, TWO.school], "school": TWO.school}
    told.say(*("2026-06-15", REGISTERS, "SchoolsMerged"), **merged, effective_on="2026-06-16")
    for day, titles in {
        "2026-06-15": ["Attendance"],
        "2026-06-16": ["Attendance", "Early reading"],
    }.items():
        rows, _ = ask(told, (day, None), about=TWO.school)
        assert sorted(row["title"] for row in rows) == titles


def test_what_was_sent_back_is_told_whether_it_was_waived_before_or_not(told):
    account = f"{told.received}/spend_account"
    told.say("2026-06-13", OFFICER, "ObligationWaived", obligation=account, reason="Spent well")
    back = {"under": told.under("Early reading"), "pounds": "400.00", "returns": "unspent"}
    sent = told.say("2026-06-14", FINANCE, "FundingPaid", **back)
    told.say("2026-06-15", OFFICER, "FundingReceived", payment=f"payment:{sent}", pounds="400.00")
    row = row_of(told, "Early reading")
    figures = ("received", "certified", "returned", "waived", "unaccounted", "spent", "unspent")
    assert [row[name] for name in figures] == [
        *("3000.00", "1600.50", "900.00", "499.50", "0.00", "1850.50", "249.50"),
    ]


def test_what_is_waived_is_told_so_that_each_row_adds_up(told):
    account = f"{told.received}/spend_account"
    waived = {"reason": "Spent well", "amount": "600.00"}
    told.say("2026-06-13", OFFICER, "ObligationWaived", obligation=account, **waived)
    rest = f"{told.funds['Early reading']}/payment/2026-06-30"
    told.say("2026-06-13", CHAIR, "ObligationWaived", obligation=rest, **waived)
    row = row_of(told, "Early reading")
    assert (row["waived"], row["unaccounted"]) == ("600.00", "299.50")
    assert (row["not_to_pay"], row["left_to_pay"]) == ("600.00", "900.00")
    for row in ask(told)[0]:
        total, *parts = (
            Decimal(row[name])
            for name in ("received", "returned", "waived", "certified", "unaccounted")
        )
        assert total == sum(parts), row["title"]
        total, *parts = (
            Decimal(row[name]) for name in ("committed", "received", "not_to_pay", "left_to_pay")
        )
        assert total == sum(parts), row["title"]


def test_the_certificate_on_which_the_keeper_relies_is_named(told):
    said = {"about": KEEPER.school, "media_type": "application/pdf", "size": 9}
    said |= {"title": "Certificate", "sha256": "b" * 64}
    lodged = [
        told.say(day, FINANCE, "EvidenceLodged", kind=kind, **said)
        for day, kind in (("2026-06-12", "report"), ("2026-06-13", "spend_certificate"))
    ]
    assert row_of(told, "Early reading")["certificates"] == ""
    told.say(
        *("2026-06-14", FINANCE, "FulfilmentClaimed"),
        obligation=f"{told.received}/spend_account",
        pounds="9.50",
        evidence=[f"evidence:{one}" for one in lodged],
    )
    row = row_of(told, "Early reading")
    assert row["certificates"] == f"2026-06-13 ({lodged[1][:13]})"
    assert lodged[1] in row["events"]
    assert row_of(told, "Attendance")["certificates"] == ""


def test_what_did_not_arrive_was_not_paid(told):
    assert row_of(told, "A new bell")["paid"] == "0.00"
    assert row_of(told, "A new bell", ("2026-06-11", None))["paid"] == "200.00"


def test_of_what_arrived_in_part_only_that_part_was_paid(told):
    paid = {"under": told.under("A new bell"), "pounds": "200.00"}
    sent = told.say("2026-06-15", OFFICER, "FundingPaid", **paid)
    told.say("2026-06-16", THREE, "FundingReceived", payment=f"payment:{sent}", pounds="150.00")
    row = row_of(told, "A new bell")
    assert (row["paid"], row["received"], row["left_to_pay"]) == ("150.00", "150.00", "50.00")


def test_who_has_an_interest_in_it_is_marked(told):
    rows, report = ask(told)
    assert ["related party" in row["marks"] for row in rows] == [True, False, False]
    assert any(note.startswith("related party: ") for note in report.notes)


def test_spending_that_is_withdrawn_was_not_spent(told):
    before = told.ledger.head().size
    spent = told.say(
        *("2026-06-13", FINANCE, "SpendRecorded"),
        spent=[{"funding": told.under("Early reading"), "pounds": "9.50"}],
        keeper=KEEPER.school,
        purpose="travel",
        supplier="Northwick Buses",
    )
    assert "travel 9.50" in row_of(told, "Early reading")["spent_by_purpose"]
    assert "travel" not in row_of(told, "Early reading", (END[0], before))["spent_by_purpose"]
    gone = {"event": f"event:{spent}", "effective_on": "2026-06-13", "code": "entered_in_error"}
    told.say("2026-06-13", FINANCE, "EventWithdrawn", **gone)
    row = row_of(told, "Early reading")
    assert (row["spent"], "travel" in row["spent_by_purpose"]) == ("1850.50", False)


def test_a_receipt_that_is_withdrawn_was_not_received(told):
    more = told.pay("A new bell", THREE, "200.00", "2026-06-13")
    assert row_of(told, "A new bell")["received"] == "200.00"
    gone = {"event": f"event:{more}", "effective_on": "2026-06-13", "code": "entered_in_error"}
    told.say("2026-06-13", THREE, "EventWithdrawn", **gone)
    row = row_of(told, "A new bell")
    assert (row["received"], row["unaccounted"], row["left_to_pay"]) == ("0.00", "0.00", "200.00")


def test_a_funding_that_is_withdrawn_is_left_out(told):
    told.commit("A mistake", TWO.school, "2026-06-13", instalments=[_INSTALMENT], account_by=END[0])
    gone = {"event": f"event:{told.funds['A mistake']}", "effective_on": "2026-06-13"}
    told.say("2026-06-13", OFFICER, "EventWithdrawn", code="entered_in_error", **gone)
    assert "A mistake" not in [row["title"] for row in ask(told)[0]]


def test_filters_narrow_to_a_party_and_to_days(told):
    for asked, titles in (
        ({"about": ESTUARY}, ["Early reading"]),
        ({"about": TWO.school}, ["Attendance"]),
        ({"about": NORTHWICK}, ["Attendance", "Early reading", "A new bell"]),
        ({"since": "2026-06-01"}, ["A new bell"]),
        ({"to": "2026-06-01"}, ["Attendance", "Early reading"]),
    ):
        assert [row["title"] for row in ask(told, **asked)[0]] == titles, asked


def test_one_side_has_said_what_nobody_confirmed(told):
    rows, _ = ask(told)
    assert {row["said_by"] for row in rows} == {"one side"}, "spending is said by its keeper alone"


def test_the_picture_goes_from_who_gives_to_who_keeps_and_to_what_it_was_spent_on(told):
    rows, report = ask(told)
    picture = report.pictured(rows)
    assert picture.description == (
        "3 committed; £3,800.00 paid, of which £1,699.50 received is unaccounted for. The table has"
        " each."
    )
    drawn = "".join(str(panel) for panel in picture.panels(WIDE))
    for words in ("Northwick", "School 1 (900001)", "supply cover", "£1,250.50", "not paid yet"):
        assert words in drawn, words
    row = row_of(told, "Early reading")
    narrow = " ".join(texts(picture.panels(NARROW)))
    assert f"1 not accounted for: £{row['unaccounted']} of £4,500.00, " in narrow


_INSTALMENT = {"pay_by": "2026-06-30", "pounds": "1.00"}

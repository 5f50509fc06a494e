"""The sheet: what is owed on a day, and what it keeps from being posted."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from examples import some
from given import FOUR, NORTHWICK, ONE, THREE, TWO, Kept, Posted, entry_of, made
from histories import PLANS, tell
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from ledger.decision_model.facts import Book
from ledger.decision_model.journal import Account
from ledger.decision_model.postings import Journal, Posting, Sheet, kind_of
from ledger.domain.partnership.kinds import visits_owed

YEAR = (date(2024, 9, 1), date(2025, 8, 31))


def line(amount, day):
    return Posting(
        "x/support",
        "support",
        ONE,
        TWO,
        Decimal(amount),
        "day",
        date(2024, 10, day),
        "opened" if amount > 0 else "discharged",
        "x",
    )


LINES = [line(6, 1), line(-4, 10), line(3, 10), line(-2, 20), line(1, 25)]


@pytest.mark.parametrize(
    ("day", "least"), [(1, 3), (9, 3), (10, 3), (20, 3), (24, 3), (25, 4), (31, 4)]
)
def test_the_least_owed_from_a_day_on_counts_each_day_at_its_end(day, least):
    for lines in permutations(LINES):
        account = Account(lines)
        assert account.least(date(2024, 10, day)) == least
        assert account.left == 4


def test_before_anything_is_owed_the_least_is_nothing():
    assert Account(LINES).least(date(2024, 9, 30)) == 0


def test_the_days_on_which_what_is_owed_changes():
    days = [date(2024, 10, day) for day in (9, 10, 20, 25)]
    assert Account(LINES).days_from(days[0]) == days
    assert Account(LINES).days_from(days[-1]) == days[-1:]


@pytest.mark.parametrize(("creditor", "amount"), [(ONE, 1), (TWO, 0), (TWO, -1)])
def test_nobody_owes_themselves_and_nothing_is_no_obligation(creditor, amount):
    sheet = Sheet(entry_of(made(), 1), Journal(NORTHWICK.book().look))
    sheet.open(
        "support", debtor=ONE, creditor=creditor, due_on=None, about="", amount=Decimal(amount)
    )
    assert sheet.made == []


def test_to_reduce_never_raises():
    sheet = Sheet(entry_of(made(), 1), Journal(NORTHWICK.book().look))
    sheet.open("support", debtor=ONE, creditor=TWO, due_on=None, about="", amount=Decimal(2))
    obligation = sheet.made[0].obligation
    sheet.reduce(obligation, Decimal(-1), day=date(2024, 10, 5))
    sheet.reduce(obligation, Decimal("0.5"), day=date(2024, 10, 5))
    assert sheet.account(obligation).left == Decimal("1.5")


def test_what_was_never_opened_is_neither_discharged_nor_lowered_nor_moved():
    sheet = Sheet(entry_of(made(), 1), Journal(NORTHWICK.book().look))
    day = date(2024, 10, 1)
    sheet.discharge("x/support")
    sheet.void("x/support")
    sheet.reduce("x/support", Decimal(1), day=day)
    sheet.reschedule("x/support", day, day=day)
    sheet.move("x/support", party=ONE, to=TWO, day=day)
    sheet.reverse("x", day=day)
    assert sheet.made == []


class Told:
    """One debt of six days, opened on the day of a visit and due on the last of the year."""

    def __init__(self):
        self.journal = Journal(NORTHWICK.book().look)
        self.count = 0
        opens = self.sheet()
        due = date(2024, 12, 31)
        opens.open("support", debtor=ONE, creditor=TWO, due_on=due, about="", amount=Decimal(6))
        self.begins, self.obligation = opens.day, opens.made[0].obligation

    def sheet(self):
        """Return the sheet of one more entry."""
        self.count += 1
        return Sheet(entry_of(made(f"v{self.count}"), self.count), self.journal)

    def give(self, days):
        sheet = self.sheet()
        sheet.discharge(self.obligation, Decimal(days))
        return sheet.entry.id

    def change(self, days):
        sheet = self.sheet()
        sheet.change_by(self.obligation, Decimal(days), day=self.begins)
        return sheet.entry.id

    def fall_due(self, month):
        sheet = self.sheet()
        sheet.reschedule(self.obligation, date(2025, month, 1), day=sheet.day)
        return sheet.entry.id

    def withdraw(self, event):
        self.sheet().reverse(event, day=self.begins)

    @property
    def account(self):
        """The account as it is kept, which is what it is when read anew."""
        kept = self.journal.account(self.obligation)
        assert Account(kept.lines).left == kept.left
        return kept

    @property
    def left(self):
        return self.account.left

    @property
    def beyond(self):
        return sum((line.beyond for line in self.account.lines), Decimal(0))


def test_what_was_given_beyond_fills_what_is_raised_later():
    told = Told()
    told.give(7)
    told.change(3)
    assert (told.left, told.beyond) == (2, 0)


def test_what_is_lowered_below_what_was_given_was_given_beyond():
    told = Told()
    told.give(4)
    told.change(-3)
    assert (told.left, told.beyond) == (0, 1)
    told.change(2)
    assert (told.left, told.beyond) == (1, 0)


@pytest.mark.parametrize("by", [2, -1, -6])
@pytest.mark.parametrize("given", [0, 4, 7])
def test_a_change_that_is_withdrawn_leaves_what_would_be_left_without_it(by, given):
    told, without = Told(), Told()
    change = told.change(by)
    for one in (told, without):
        if given:
            one.give(given)
    told.withdraw(change)
    assert (told.left, told.beyond) == (without.left, without.beyond)


def test_a_change_by_nothing_posts_nothing():
    told = Told()
    told.change(0)
    assert len(told.account.lines) == 1


@pytest.mark.parametrize(("first", "left"), [("older", 2), ("newer", 3)])
def test_when_a_day_is_withdrawn_that_of_another_which_stands_counts(first, left):
    told = Told()
    said = {"older": told.fall_due(3), "newer": told.fall_due(2)}
    told.withdraw(said.pop(first))
    assert told.account.due_on() == date(2025, left, 1)
    told.withdraw(*said.values())
    assert told.account.due_on() == date(2024, 12, 31)


DAY = st.integers(1, 9)
OPS = st.lists(
    st.one_of(
        st.tuples(st.just("move"), DAY, st.permutations([ONE, TWO, THREE, FOUR])),
        st.tuples(st.just("discharge"), DAY, st.integers(1, 3)),
        st.tuples(st.just("reverse"), DAY, st.integers(1, 6)),
    ),
    min_size=2,
    max_size=7,
)


@settings(max_examples=some(150), deadline=None)
@drawn(OPS)
def test_whoever_stands_there_holds_all_that_is_owed_in_whatever_order_moves_are_recorded(ops):
    journal = Journal(NORTHWICK.book().look)
    first = Sheet(entry_of(made("v0"), 1), journal)
    first.open("support", debtor=ONE, creditor=TWO, due_on=None, about="", amount=Decimal(6))
    obligation, begins = first.made[0].obligation, first.day
    given_by = {}
    for number, (name, offset, what) in enumerate(ops, 2):
        sheet, day = Sheet(entry_of(made(f"v{number}"), number), journal), begins + offset * DAYS
        if name == "move":
            sheet.move(obligation, party=what[0], to=what[1], day=day)
        elif name == "discharge":
            sheet.discharge(obligation, Decimal(what), day=day)
            given_by[number] = sheet.entry.id
        elif what in given_by:
            sheet.reverse(given_by.pop(what), day=day)
        account = Account(journal.account(obligation).lines)
        assert account.moves == journal.account(obligation).moves
        for when in (begins + later * DAYS for later in range(12)):
            pairs = {(line.debtor, line.creditor) for line in account.lines}
            held = {pair: held_on(account.lines, pair, when) for pair in pairs}
            stands = account.standing(when)
            assert all(left >= 0 if pair == stands else left == 0 for pair, left in held.items())
            assert sum(held.values()) <= 6


DAYS = timedelta(days=1)


def held_on(lines, pair, day):
    own = [one for one in lines if (one.debtor, one.creditor) == pair and one.effective_on <= day]
    return sum((one.amount for one in own), Decimal(0))


def test_what_went_along_first_goes_along_no_second_time():
    """Recorded out of order: by the later record it went on an earlier day already."""
    journal = Journal(NORTHWICK.book().look)
    opens = Sheet(entry_of(made("v0"), 1), journal)
    opens.open("support", debtor=ONE, creditor=TWO, due_on=None, about="", amount=Decimal(2))
    obligation, day = opens.made[0].obligation, opens.day
    Sheet(entry_of(made("v1"), 2), journal).move(
        obligation, party=ONE, to=THREE, day=day + 9 * DAYS
    )
    Sheet(entry_of(made("v2"), 3), journal).move(obligation, party=ONE, to=FOUR, day=day + 4 * DAYS)
    Sheet(entry_of(made("v3"), 4), journal).discharge(obligation, Decimal(2), day=day + 9 * DAYS)
    lines = journal.account(obligation).lines
    assert held_on(lines, (FOUR, TWO), day + 8 * DAYS) == 2
    assert {held_on(lines, (who, TWO), day + 9 * DAYS) for who in (ONE, THREE, FOUR)} == {0}


def rescheduled():
    """Return a journal in which what falls due on the 30th falls due on the 20th, from the 5th."""
    journal = Journal(NORTHWICK.book().look)
    opens, moves = (Sheet(entry_of(made(f"v{number}"), number), journal) for number in (1, 2))
    opens.open("support", debtor=ONE, creditor=TWO, due_on=day(30), about="", amount=Decimal(2))
    obligation = opens.made[0].obligation
    moves.reschedule(obligation, day(20), day=day(5))
    return journal, obligation, moves.entry.id


def day(number):
    return date(2024, 10, number)


class TestReschedule:
    def test_changes_only_when_it_falls_due(self):
        journal, obligation, _ = rescheduled()
        account = journal.account(obligation)
        assert account.due_on() == day(20)
        last = account.lines[-1]
        assert (last.reason, last.amount, last.effective_on) == ("rescheduled", 0, day(5))
        assert account.left == 2

    def test_goes_along_with_who_takes_the_debtors_place(self):
        journal, obligation, _ = rescheduled()
        Sheet(entry_of(made("v3"), 3), journal).move(obligation, party=ONE, to=THREE, day=day(8))
        last = journal.account(obligation).lines[-1]
        assert (last.debtor, last.due_on) == (THREE, day(20))

    def test_holds_for_who_is_known_already_to_take_the_debtors_place_later(self):
        journal, obligation, _ = rescheduled()
        Sheet(entry_of(made("v3"), 3), journal).move(obligation, party=ONE, to=THREE, day=day(8))
        sheet = Sheet(entry_of(made("v4"), 4), journal)
        sheet.reschedule(obligation, day(15), day=day(6))
        assert journal.account(obligation).due_on() == day(15)
        assert [(line.debtor, line.effective_on) for line in sheet.made] == [
            (ONE, day(6)),
            (THREE, day(8)),
        ]

    def test_withdrawn_it_falls_due_as_before(self):
        journal, obligation, by = rescheduled()
        Sheet(entry_of(made("v3"), 3), journal).reverse(by, day=day(9))
        assert journal.account(obligation).due_on() == day(30)

    def test_what_is_settled_falls_due_anew_once_that_is_withdrawn(self):
        journal, obligation, _ = rescheduled()
        given = entry_of(made("v3"), 3)
        Sheet(given, journal).discharge(obligation, Decimal(2), day=day(6))
        sheet = Sheet(entry_of(made("v4"), 4), journal)
        sheet.reschedule(obligation, day(25), day=day(7))
        assert [line.amount for line in sheet.made] == [0]
        Sheet(entry_of(made("v5"), 5), journal).reverse(given.id, day=day(8))
        account = journal.account(obligation)
        assert (account.left, account.due_on()) == (2, day(25))

    def test_nothing_falls_due_that_was_never_owed(self):
        journal, _, _ = rescheduled()
        sheet = Sheet(entry_of(made("v4"), 4), journal)
        sheet.reschedule("nothing/support", day(25), day=day(7))
        assert sheet.made == []


@pytest.mark.parametrize(
    ("full", "first", "last", "owed"),
    [
        (3, YEAR[0], YEAR[1], 3),
        (3, date(2024, 1, 1), date(2026, 1, 1), 3),
        (3, date(2024, 9, 2), YEAR[1], 3),
        (3, date(2025, 1, 1), YEAR[1], 2),
        (3, date(2025, 8, 31), YEAR[1], 1),
        (12, date(2025, 8, 1), YEAR[1], 1),
        (12, date(2025, 7, 31), YEAR[1], 2),
        (1, date(2025, 8, 31), YEAR[1], 1),
        (3, date(2025, 9, 1), YEAR[1], 0),
        (3, YEAR[0], date(2024, 8, 31), 0),
        (0, YEAR[0], YEAR[1], 0),
    ],
)
def test_the_visits_of_the_months_served_rounded_up(full, first, last, owed):
    assert visits_owed(full, YEAR, (first, last)) == owed


def test_the_kind_of_an_obligation_is_the_first_part_of_its_slot():
    assert kind_of("0191b1f0-0000-7000-8000-000000000000/peer_visit/school:900001") == "peer_visit"


@pytest.mark.parametrize("count", [2, 20])
def test_an_account_tells_what_counts_for_each_event_however_long_it_is(count):
    given = [line(-1, 2)._replace(claim=f"{number % 7}") for number in range(count)]
    account = Account([line(100, 1), *given])
    claims = tuple(dict.fromkeys(one.claim for one in given))
    assert account.claims() == claims
    for claim in (*claims, "x"):
        assert list(account.given(claim)) == [one for one in given if one.claim == claim]


@pytest.mark.parametrize("reviews", [2, 20])
@pytest.mark.parametrize("asked_before", [True, False])
def test_what_was_opened_about_a_thing_is_told_by_kind_in_order_whenever_it_is_asked(
    asked_before, reviews
):
    old, new = "x" * 36, "y" * 36
    first = line(6, 1)._replace(obligation=f"{old}/support", about="event:x")
    journal = Journal(NORTHWICK.book().look, Posted([first]))
    if asked_before:
        assert journal.about_of("event:x", "support") == (f"{old}/support",)
        assert journal.about_of("event:x", "review") == ()
    slots = [*(f"review/{number}" for number in range(reviews, 0, -1)), "support"]
    opened = [f"{new}/{slot}" for slot in slots]
    for obligation in opened:
        journal.keep(first._replace(obligation=obligation, kind=kind_of(obligation)), new, 7)
        if asked_before:
            assert journal.about_of("event:x", "support")[:1] == (f"{old}/support",)
    assert journal.about_of("event:x", "support") == (f"{old}/support", f"{new}/support")
    assert journal.about_of("event:x", "review") == tuple(opened[:-1])
    assert journal.about("event:x") == (f"{old}/support", *opened)


@settings(max_examples=some(20), deadline=None)
@drawn(PLANS, st.integers(1, 9))
def test_a_journal_that_forgets_what_nobody_asks_for_posts_the_same(plan, every):
    record, posted = tell(plan).record, Posted()
    book = Book(record.read)
    keeping, forgetting = Kept(book), Kept(book, posted)
    for entry in record.entries:
        posted.lines = [line for _, line in forgetting.made]
        if entry.position % every == 0:
            forgetting.journal.forget()
        assert forgetting.apply(entry) == keeping.apply(entry)
        book.apply(entry)


def test_what_an_entry_posts_itself_is_of_its_parties_too_where_the_rest_is_read():
    sheet = Sheet(entry_of(made(), 1), Journal(NORTHWICK.book().look, Posted([line(6, 1)])))
    sheet.open("attestation", debtor=TWO, creditor=THREE, due_on=None, about="")
    own = sheet.made[0].obligation
    assert sheet.of_party(ONE) == ["x/support"]
    assert sheet.of_party(TWO) == sorted([own, "x/support"])
    assert sheet.of_party(THREE) == [own]


@pytest.mark.parametrize(("earlier", "full"), [(None, False), (Posted(), True)])
def test_a_journal_is_full_only_where_it_can_read_what_it_held(monkeypatch, earlier, full):
    monkeypatch.setattr("ledger.decision_model.journal._MOST_ACCOUNTS", 2)
    journal = Journal(NORTHWICK.book().look, earlier)
    for number in range(2):
        assert not journal.is_full
        journal.keep(line(6, 1)._replace(obligation=f"x{number}/support"), "x", 1)
    assert journal.is_full == full

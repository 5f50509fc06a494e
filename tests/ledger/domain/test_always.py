"""Rules that hold always over random histories (docs/explanation/design.md, *Obligations*)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from examples import some
from given import ESTUARY, NORTHWICK_BODY, Kept, Record, journal_of
from histories import (
    EVERY,
    JOINING,
    MONEY,
    NEEDS,
    PLANS,
    SCHOOLS,
    History,
    goes_on_or_ends,
    tell,
)
from hypothesis import given, settings

from ledger.decision_model.facts import Book
from ledger.decision_model.items import Item
from ledger.domain.money.facts import ACCOUNT, funding
from ledger.domain.partnership import facts as parties
from ledger.domain.partnership.kinds import ADMISSION_ANSWER, PEER_VISIT, RATIFICATION
from ledger.domain.post import FAMILIES, KINDS, Posting
from ledger.domain.visits.facts import of_year
from ledger.format.entry import Entry
from ledger.values import event_id

ITEMS = frozenset(kind.name for kind in KINDS if kind.unit == "item")


def by_obligation(lines: Iterable[Posting]) -> dict[str, list[Posting]]:
    found = defaultdict(list)
    for line in lines:
        found[line.obligation].append(line)
    return found


def balances(lines: Iterable[Posting]) -> dict[date, Decimal]:
    """Return what is left at the end of each day on which it changes."""
    left, by_day = Decimal(0), {}
    for line in sorted(lines, key=lambda line: line.effective_on):
        left += line.amount
        by_day[line.effective_on] = left
    return by_day


@settings(max_examples=some(60), deadline=None)
@given(EVERY)
def test_nothing_is_below_zero_on_any_day_as_known_at_any_position(plan):
    journal = journal_of(tell(plan, goes_on_or_ends).record)
    seen: dict[str, list[Posting]] = defaultdict(list)
    for entry in {entry.position: entry for entry, _ in journal.made}.values():
        made = [posting for by, posting in journal.made if by is entry]
        for posting in made:
            seen[posting.obligation].append(posting)
        for obligation in {posting.obligation for posting in made}:
            lines = seen[obligation]
            assert min(balances(lines).values()) >= 0, (entry.name, lines)
            for party in {(line.debtor, line.creditor) for line in lines}:
                own = [line for line in lines if (line.debtor, line.creditor) == party]
                assert min(balances(own).values()) >= 0, (entry.name, own)


@settings(max_examples=some(40), deadline=None)
@given(EVERY)
def test_what_is_left_is_what_was_opened_less_what_was_lowered(plan):
    journal = journal_of(tell(plan, goes_on_or_ends).record)
    for lines in by_obligation(journal.known()).values():
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for line in lines:
            sums[line.reason] += line.amount
        assert sums["opened"] > 0
        assert sums["discharged"] <= 0
        assert sums["voided"] <= 0
        assert sums["party_gone"] <= 0
        assert sums["waived"] <= 0
        assert sums["reduced"] <= 0
        assert sums["given_beyond"] <= 0
        pairs = {(line.debtor, line.creditor) for line in lines}
        if all(debtor != creditor for debtor, creditor in pairs):
            assert sums["moved"] == 0 or sums["moved"] < 0
        assert sums["raised"] >= 0
        assert sums["missed"] <= 0
        assert sums["restored"] + sums["voided"] + sums["missed"] <= 0
        assert 0 <= sum(sums.values()) <= sums["opened"] + sums["raised"]


@settings(max_examples=some(40), deadline=None)
@given(PLANS)
def test_a_move_changes_no_total_unless_a_party_would_owe_itself(plan):
    journal = journal_of(tell(plan, goes_on_or_ends).record)
    every = totals(journal)
    for entry in {entry.position: entry for entry, _ in journal.made}.values():
        moved = [p for by, p in journal.made if by is entry and p.reason == "moved"]
        for obligation, lines in by_obligation(moved).items():
            by_day: dict[date, Decimal] = defaultdict(Decimal)
            for line in lines:
                by_day[line.effective_on] += line.amount
            void = [day for day, total in by_day.items() if total]
            assert all(on_day(every[obligation], day) == 0 for day in void)


ENDS = ("PartnershipDissolved", "SchoolClosed", "ContingencyAccepted")
#: Why what was owed before an end is owed no more, each told by a posting of its own.
TOLD = frozenset({"reduced", "party_gone", "voided"})


@settings(max_examples=some(40), deadline=None)
@given(PLANS)
def test_nothing_lapses_silently_when_a_school_closes_or_a_partnership_is_dissolved(plan):
    """Whatever is lowered by an end says why; all else is owed as before, by whomever."""
    journal = journal_of(tell(plan, goes_on_or_ends).record)
    for lines in by_entry(journal, ENDS):
        own = {line.obligation for line in lines if line.reason == "discharged"}
        assert all("/contingency_answer/" in obligation for obligation in own)
        opened = {line.obligation for line in lines if line.reason == "opened"}
        assert all("/handover" in obligation for obligation in opened)
        # What is told of sooner changes in nothing but its day.
        said = {*TOLD, "moved", "discharged", "opened", "rescheduled"}
        assert {line.reason for line in lines} <= said
        for moved in by_obligation(line for line in lines if line.reason == "moved").values():
            away = {line.amount for line in moved if line.amount < 0}
            total = sum(line.amount for line in moved)
            # All that goes from one party comes to another, or to whom it was owed by or to.
            assert total == 0 or (total in away and NORTHWICK_BODY in sides(moved))


def sides(lines: Iterable[Posting]) -> set[str]:
    return {party for line in lines for party in (line.debtor, line.creditor)}


def by_entry(journal: Kept, names: Iterable[str]) -> list[list[Posting]]:
    made: dict[int, list[Posting]] = defaultdict(list)
    for entry, posting in journal.made:
        if entry.name in names and not posting.obligation.startswith(entry.id):
            made[entry.position].append(posting)
    return list(made.values())


def open_by_facts(history: History) -> set[str]:
    tags = {tag for entry in history.entries for tag in entry.tags}
    items = [kind for kind in KINDS if isinstance(kind, Item) and kind.unit == "item"]
    return {
        one.obligation
        for item in items
        for tag in tags
        if tag.startswith(f"{item.family.prefix}:")
        for one in item.waiting(history.book.look, tag)
    }


@settings(max_examples=some(150), deadline=None)
@given(EVERY)
def test_facts_and_journal_agree_on_what_is_open(plan):
    history = tell(plan)
    lines = by_obligation(journal_of(history.record).known())
    items = {name: own for name, own in lines.items() if own[0].kind in ITEMS}
    left = {name: sum(line.amount for line in own) for name, own in items.items()}
    owed, found = {name for name, amount in left.items() if amount}, open_by_facts(history)
    assert owed <= found
    said_on = {entry.id: entry.occurred_on for entry in history.entries}
    assert all(ends_by_itself(items[name], said_on) for name in found - owed)
    assert set(left.values()) <= {0, 1}


def ends_by_itself(own: list[Posting], said_on: dict[str, date]) -> bool:
    """Whether what was to be ratified is void from a day on that lay ahead: facts know no such day.

    It is when a school leaves, and whoever belongs no more is refused to ratify.
    """
    voided = [line for line in own if line.reason == "voided"]
    is_to_ratify = own[0].kind == RATIFICATION.name
    return is_to_ratify and any(line.effective_on > said_on[line.claim] for line in voided)


@settings(max_examples=some(60), deadline=None)
@given(NEEDS)
def test_for_one_trigger_a_debtor_owes_at_most_one_brokerage_at_a_time(plan):
    lines = by_obligation(journal_of(tell(plan).record).known())
    owed: dict[tuple[str, str], list[Posting]] = defaultdict(list)
    for own in lines.values():
        if own[0].kind == "brokerage" and not any(line.reason == "reversed" for line in own):
            owed[own[0].about, own[0].debtor] += own
    assert all(max(balances(own).values()) <= 1 for own in owed.values())


def pounds_by_facts(history: History) -> dict[str, Decimal]:
    kinds = [kind for kind in KINDS if isinstance(kind, Item) and kind.unit == "GBP"]
    tags = [f"event:{entry.id}" for entry in history.all("FundingCommitted")]
    found = (one for kind in kinds for tag in tags for one in kind.waiting(history.book.look, tag))
    return {one.obligation: one.left for one in found}


@settings(max_examples=some(100), deadline=None)
@given(MONEY)
def test_facts_and_journal_agree_on_every_penny(plan):
    history = tell(plan)
    lines = by_obligation(journal_of(history.record).known())
    money = {name: own for name, own in lines.items() if own[0].unit == "GBP"}
    left = {name: sum(line.amount for line in own) for name, own in money.items()}
    assert {name: amount for name, amount in left.items() if amount} == pounds_by_facts(history)
    assert not any(line.beyond for own in money.values() for line in own), "money beyond is refused"


@settings(max_examples=some(60), deadline=None)
@given(MONEY)
def test_no_penny_is_lost_or_made(plan):
    history = tell(plan)
    lines = journal_of(history.record).known()
    for entry in history.own("FundingCommitted"):
        given_one = history.book.look(funding(entry.id))
        own = [line for line in lines if line.about == f"event:{entry.id}"]
        left = {kind: sum(p.amount for p in own if p.kind == kind) for kind in ("payment", ACCOUNT)}
        assert left["payment"] + given_one.received == Decimal(entry.data["pounds"])
        assert left[ACCOUNT] + given_one.accounted + given_one.returned == given_one.received
        assert 0 <= given_one.accounted <= given_one.spent
        assert given_one.unspent >= 0


@settings(max_examples=some(40), deadline=None)
@given(EVERY)
def test_of_each_unit_what_is_left_is_what_was_opened_less_what_was_done_waived_or_voided(plan):
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in journal_of(tell(plan).record).known():
        sums[line.unit][line.reason] += line.amount
        sums[line.unit]["left"] += line.amount
    for by_reason in sums.values():
        left, opened = by_reason.pop("left"), by_reason.pop("opened")
        assert by_reason.pop("moved", 0) == by_reason.pop("rescheduled", 0) == 0
        assert 0 <= left == opened + sum(by_reason.values())


def asking(history: History) -> list[str]:
    """Return the schools whose application to the partnership waits for an answer."""
    asked = history.own("MembershipSought")
    waiting = [e for e in asked if ADMISSION_ANSWER.waiting(history.book.look, f"event:{e.id}")]
    return [entry.data["school"] for entry in waiting]


def members(history: History) -> dict[str, list[parties.Membership]]:
    found = defaultdict(list)
    for one in history.book.look(parties.members(ESTUARY)):
        found[one.school].append(one)
    return found


@settings(max_examples=some(40), deadline=None)
@given(JOINING)
def test_whoever_waits_for_admission_waits_once_and_can_be_admitted(plan):
    history = tell(plan)
    waiting = asking(history)
    assert len(waiting) == len(set(waiting))
    for school in waiting:
        assert all(m.last and m.last < history.today for m in members(history)[school])


@settings(max_examples=some(40), deadline=None)
@given(PLANS)
def test_visits_are_made_to_whom_and_as_long_as_a_visit_can_be(plan):
    history = tell(plan)
    years = {f"year:{year.id}" for year in history.all("PartnershipYearOpened")}
    made = history.all("VisitMade")
    hosts = {e.data["host"] for e in made if e.data.get("under") in years}
    assert all(host.startswith("school:") for host in hosts)
    assert all(Decimal(e.data["days"]) <= 10 for e in made)


@settings(max_examples=some(60), deadline=None)
@given(JOINING)
def test_visits_are_owed_for_the_months_served_however_often_a_school_left_and_joined(plan):
    history = tell(plan)
    lines = by_obligation(journal_of(history.record).known())
    for year in history.own("PartnershipYearOpened"):
        opened = history.book.look(parties.year(year.id))
        for school in SCHOOLS:
            served = PEER_VISIT.by_membership(history.book.look, opened, school, date.max)
            own = owed_in(lines, year.id, school)
            given_once = {one.host for one in of_year(history.book.look, school, year.id)}
            assert served - len(given_once) <= sum(line.amount for line in own) <= served


def owed_in(lines: dict[str, list[Posting]], year: str, school: str) -> list[Posting]:
    about = f"event:{year}"
    return [
        line
        for own in lines.values()
        if (own[0].kind, own[0].debtor, own[0].about) == ("peer_visit", school, about)
        for line in own
    ]


@settings(max_examples=some(25), deadline=None)
@given(JOINING)
def test_a_visit_that_is_owed_can_be_made(plan):
    """To a school that has not counted yet, though the year ended or the visitor left."""
    history = tell(plan)
    for year in history.own("PartnershipYearOpened"):
        history.today = max(history.today, date.fromisoformat(year.data["starts"]))
        history.happened = history.today
        for school in SCHOOLS:
            left = left_in(history, year.id, school)
            host = not_visited(history, year.id, school)
            if left and host:
                visit(history, year.id, school, host)
                assert left_in(history, year.id, school) == left - 1, (year, school, host)


def left_in(history: History, year: str, school: str) -> Decimal:
    """Return the least that a school owes in a year on any day from today on."""
    lines = by_obligation(journal_of(history.record).known())
    by_day = balances(owed_in(lines, year, school))
    return min(on_day(by_day, day) for day in (history.today, *by_day) if day >= history.today)


def not_visited(history: History, year: str, school: str) -> str | None:
    """Return a school that has a head of its own, and has confirmed no visit of the year."""
    nobody = history.head(ESTUARY.replace("partnership", "school")).name
    counted = {one.host for one in of_year(history.book.look, school, year)}
    for host in SCHOOLS:
        names = {nobody, history.head(school).name, history.head(host).name}
        if host not in counted and len(names) == 3:
            return host
    return None


def visit(history: History, year: str, school: str, host: str) -> None:
    """Let a school visit a host under a year, and the host confirm it."""
    said = {"purpose": "peer_review", "mode": "on_site", "days": "1.0", "under": f"year:{year}"}
    by = history.head(school)
    made = history.take(history.say("VisitMade", by, visitor=school, host=host, **said))
    assert made, (year, school, host)
    confirmed = {"visit": f"visit:{made.id}", "days": "1.0"}
    assert history.take(history.say("VisitAttested", history.head(host), **confirmed))


@settings(max_examples=some(60), deadline=None)
@given(EVERY)
def test_every_answer_to_an_open_item_posts_something(plan):
    record = tell(plan).record
    journal = journal_of(record)
    posted = defaultdict(set)
    for entry, posting in journal.made:
        if posting.amount:
            posted[entry.id].add(posting.obligation)
    kinds = {p.obligation: p.kind for p in journal.known()}
    for entry in record.entries:
        for obligation in entry.data.get("obligations", ()):
            if kinds.get(obligation) in ITEMS:
                assert obligation in posted[entry.id], entry.name


def totals(journal: Kept) -> dict[str, dict[date, Decimal]]:
    return {name: balances(lines) for name, lines in by_obligation(journal.known()).items()}


def on_day(by_day: dict[date, Decimal], day: date) -> Decimal:
    earlier = [when for when in by_day if when <= day]
    return by_day[max(earlier)] if earlier else Decimal(0)


@settings(max_examples=some(150), deadline=None)
@given(EVERY)
def test_a_withdrawal_leaves_what_would_be_owed_without_the_event(plan):
    def watch(history: History, entry: Entry[Any]) -> None:
        if entry.name != "EventWithdrawn":
            return
        gone = event_id(entry.data["event"])
        without = Record(e for e in history.entries if e.id not in (gone, entry.id))
        after, never = totals(journal_of(history.record)), totals(journal_of(without))
        since = max(
            date.fromisoformat(earlier.data["effective_on"])
            for earlier in history.all("EventWithdrawn")
        )
        days = {day for by in (*after.values(), *never.values()) for day in by if day >= since}
        for obligation in sorted(after.keys() | never.keys()):
            if gone in obligation:
                continue
            if obligation in entry.data.get("obligations", ()):
                continue
            for day in sorted(days | {since}):
                got = on_day(after.get(obligation, {}), day)
                assert got == on_day(never.get(obligation, {}), day), (obligation, day)

    tell(plan, watch)


@settings(max_examples=some(40), deadline=None)
@given(EVERY)
def test_an_entry_touches_only_obligations_of_its_own_thread(plan):
    for entry, posting in journal_of(tell(plan).record).made:
        if posting.reason in {"rescheduled", "moved"}:
            continue  # what goes along with a school or body: a conversion names parties alone
        opener = event_id(posting.obligation)
        assert opener == entry.id or f"event:{opener}" in entry.tags, (entry.name, posting)


@settings(max_examples=some(25), deadline=None)
@given(EVERY)
def test_the_journal_is_the_same_by_any_book(plan):
    record = tell(plan).record
    expected = [posting for _, posting in journal_of(record).made]
    complete = Book(record.read, 0, FAMILIES)
    cold = Book(record.read)
    by_complete, by_cold = Kept(complete), Kept(cold)
    for number, entry in enumerate(record.entries):
        by_complete.apply(entry)
        complete.apply(entry)
        if number % 7 == 0:
            by_cold.journal.look = Book(record.read, number).look
        else:
            by_cold.journal.look = Book(record.read, entry.position - 1).look
        by_cold.apply(entry)
    assert [posting for _, posting in by_complete.made] == expected
    assert [posting for _, posting in by_cold.made] == expected

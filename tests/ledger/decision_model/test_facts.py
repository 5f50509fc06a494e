"""The book: warm, cold or complete, it tells the same facts; folds are total."""

import orjson
import pytest
from examples import some
from given import (
    ANN,
    BEN,
    NORTHWICK,
    ONE,
    TWO,
    WITH_YEAR,
    Record,
    agreed,
    attested,
    entry_of,
    event,
    given,
    made,
    offered,
    uuid,
    vouched,
    withdrawn,
)
from histories import PLANS, WORLD, tell
from hypothesis import HealthCheck, settings
from hypothesis import given as given_any
from hypothesis import strategies as st

from ledger.decision_model import created
from ledger.decision_model import facts as facts_module
from ledger.decision_model.facts import Book, Fact, Family, fold
from ledger.decision_model.items import Item
from ledger.domain.brokerage import facts as brokerage
from ledger.domain.correction import dependents
from ledger.domain.handover import facts as leaving
from ledger.domain.judgements import facts as concerns
from ledger.domain.partnership import facts as parties
from ledger.domain.post import KINDS
from ledger.domain.registers import bodies, ledger, offices, schools
from ledger.domain.visits import facts as visits
from ledger.domain.visits.kinds import ATTESTATION
from ledger.format.tags import speaks_of
from ledger.values import REGISTRAR

_MODULES = (
    concerns,
    leaving,
    ledger,
    offices,
    parties,
    schools,
    brokerage,
    visits,
    bodies,
    created,
)
FAMILIES = (
    *(v for module in _MODULES for v in vars(module).values() if isinstance(v, Family)),
    *dependents.COURSES.values(),
    *(kind.family for kind in KINDS if isinstance(kind, Item)),
)
FOLDED = tuple({family.name: family for family in FAMILIES if not family.whole}.values())
EVERY = tuple({family.name: family for family in FAMILIES}.values())


def test_no_two_families_share_a_name():
    assert len({id(family) for family in FAMILIES}) == len(EVERY)


def facts_of(record):
    """Return every fact that any entry of a record touches."""
    tags = {tag for entry in record.entries for tag in (*entry.tags, entry.key)}
    return [
        family.at(tag) for family in EVERY for tag in tags if tag.startswith(f"{family.prefix}:")
    ]


def told(book, facts):
    return {(fact.family.name, fact.tag): book.look(fact) for fact in facts}


@settings(max_examples=some(30), deadline=None)
@given_any(PLANS, st.integers(0, 30))
def test_a_warm_book_tells_what_a_cold_one_does(plan, when):
    record = tell(plan).record
    facts = facts_of(record)
    started = max(0, len(record.entries) - when)
    book = Book(record.read, started)
    told(book, facts)
    for entry in record.entries[started:]:
        book.apply(entry)
    assert told(book, facts) == told(Book(record.read, len(record.entries)), facts)


@settings(max_examples=some(30), deadline=None)
@given_any(PLANS)
def test_a_book_that_is_asked_only_after_it_applied_tells_the_same(plan):
    record = tell(plan).record
    facts = facts_of(record)
    began = len(WORLD.record.entries)
    book = Book(record.read, began)
    for entry in record.entries[began:]:
        book.apply(entry)
    assert told(book, facts) == told(Book(record.read, len(record.entries)), facts)


@settings(max_examples=some(30), deadline=None)
@given_any(PLANS)
def test_a_complete_book_tells_what_a_cold_one_does(plan):
    record = tell(plan).record
    facts = [fact for fact in facts_of(record) if not fact.family.whole]
    book = Book(record.read, 0, FOLDED)
    for entry in record.entries:
        book.apply(entry)
    assert told(book, facts) == told(Book(record.read, len(record.entries)), facts)


@settings(max_examples=some(30), deadline=None)
@given_any(PLANS)
def test_no_event_but_those_that_begin_a_fact_changes_it_at_its_start(plan):
    """So a complete book need not fold the others where nothing was begun."""
    told_of = 0
    for entry in tell(plan).record.entries:
        others = [one for one in FOLDED if entry.name in one.folds and entry.name not in one.begin]
        for family in others:
            for tag in (one for one in entry.tags if one.startswith(f"{family.prefix}:")):
                assert family.folds[entry.name](family.start, entry, tag) == family.start
                told_of += 1
    assert told_of


@settings(
    max_examples=some(10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given_any(PLANS, st.integers(1, 40), st.booleans())
def test_a_complete_book_that_forgets_events_tells_the_same(monkeypatch, plan, most, expected):
    record, grown = tell(plan).record, Record()
    monkeypatch.setattr(facts_module, "_MOST_EVENTS", most)
    facts = [fact for fact in facts_of(record) if not fact.family.whole]
    book = Book(grown.read, 0, FOLDED)
    for entry in record.entries:
        grown.append(entry)
        if expected:
            book.expect(entry)
        some = facts[entry.position % 31 :: 31]
        assert told(book, some) == told(Book(record.read, entry.position - 1), some)
        book.apply(entry)
    assert told(book, facts) == told(Book(record.read, len(record.entries)), facts)


@pytest.mark.parametrize("looked_at", [False, True])
def test_and_what_named_an_event_before_it_was_recorded(monkeypatch, looked_at):
    monkeypatch.setattr(facts_module, "_MOST_EVENTS", 1)
    record = given(WITH_YEAR, offered(), agreed(), made(under="agreement:g"), attested()).record
    *before, visit, answer = record.entries
    answer.position, visit.position = visit.position, answer.position
    record, grown = Record([*before, answer, visit]), Record()
    fact = visits.visit(uuid("v"))
    book = Book(grown.read, 0, FOLDED)
    for entry in record.entries:
        grown.append(entry)
        book.expect(entry)
        if looked_at:
            book.look(fact)
        book.apply(entry)
    assert book.look(fact) == Book(record.read, len(record.entries)).look(fact)
    assert book.look(fact) is not None


def test_a_complete_book_holds_no_more_events_the_longer_the_record_is(monkeypatch):
    monkeypatch.setattr(facts_module, "_MOST_EVENTS", 4)
    record = tell([]).record
    book = Book(record.read, 0, FOLDED)
    held = []
    for entry in record.entries:
        book.apply(entry)
        held.append(len(book._events))
    assert len(held) > 40
    assert max(held) <= 4 + max(len(entry.tags) for entry in record.entries)


@settings(max_examples=some(20), deadline=None)
@given_any(PLANS)
def test_a_book_tells_each_past_as_it_was(plan):
    record = tell(plan).record
    facts = facts_of(record)
    warm = Book(record.read, 0)
    for entry in record.entries:
        warm.apply(entry)
        if entry.position % 10 == 0:
            past = Record(record.entries[: entry.position])
            some = facts[entry.position % 7 :: 7]
            assert told(Book(record.read, entry.position), some) == told(
                Book(past.read, entry.position), some
            )


@settings(max_examples=some(30), deadline=None)
@given_any(PLANS, st.randoms(use_true_random=False))
def test_folds_are_total_whatever_comes_in_whatever_order(plan, shuffler):
    entries = list(tell(plan).entries)
    shuffler.shuffle(entries)
    kept = entries[: len(entries) // 2]
    for fact in facts_of(Record(kept)):
        thread = [e for e in kept if fact.tag in e.tags and e.name in fact.family.types]
        fold(fact, thread)


@pytest.mark.parametrize("family", EVERY, ids=lambda family: family.name)
def test_a_fold_changes_no_value_in_place(family):
    entries = list(tell([]).entries)
    entries = entries[::2] + entries[1::2]
    for tag in {tag for entry in entries for tag in entry.tags if tag.startswith(family.prefix)}:
        value = family.start
        for entry in entries:
            if tag in entry.tags and entry.name in family.folds:
                before = repr(value)
                after = family.folds[entry.name](value, entry, tag)
                assert repr(value) == before
                value = after


def test_a_fact_is_its_familys_at_a_tag():
    assert schools.school(ONE) == Fact(schools.SCHOOL, ONE)
    assert "EventWithdrawn" in schools.SCHOOL.types


def test_a_book_reads_only_up_to_the_last_entry_applied():
    record = given(NORTHWICK, offered()).record
    book = Book(record.read, len(record.entries) - 1)
    assert book.look(brokerage.offer(uuid("o"))) is None
    book.apply(record.entries[-1])
    assert book.look(brokerage.offer(uuid("o"))) is not None


def first_of(record):
    """Read the first entry with a tag, as a store does."""

    def first(tag, before):
        return next(iter(record.read(tag, (), before)), None)

    return first


@settings(max_examples=some(30), deadline=None)
@given_any(PLANS)
def test_a_book_that_reads_what_an_event_said_by_itself_tells_the_same(plan):
    record = tell(plan).record
    facts = facts_of(record)
    alone = Book(record.read, len(record.entries), first=first_of(record))
    assert told(alone, facts) == told(Book(record.read, len(record.entries)), facts)


@settings(
    max_examples=some(10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given_any(PLANS)
def test_a_complete_book_that_forgets_what_events_said_tells_the_same(monkeypatch, plan):
    record = tell(plan).record
    monkeypatch.setattr(facts_module, "_MOST_OWN", 2)
    complete, begun = Record(), Book(record.read)
    own = [family for family in EVERY if family.own]
    book = Book(complete.read, complete=own, first=first_of(complete))
    facts = [fact for fact in facts_of(record) if fact.family.own]
    for entry in record.entries:
        complete.append(entry)
        book.apply(entry)
        begun.position = entry.position
    assert told(book, facts) == told(begun, facts)


def test_and_does_not_read_all_else_that_names_it():
    record = given(WITH_YEAR, offered(), agreed(), made(under="agreement:g"), attested()).record
    read = []

    def reading(tag, types, before):
        found = list(record.read(tag, types, before))
        read.extend(found)
        return found

    look = Book(reading, len(record.entries), first=first_of(record)).look
    assert look(created.thing(f"agreement:{uuid('g')}")).id == uuid("g")
    assert look(created.recorded(uuid("g"))).id == uuid("g")
    assert not read


def test_nor_is_it_misled_by_what_named_an_event_before_it_was_recorded():
    record = given(WITH_YEAR, offered(), agreed(), made(under="agreement:g")).record
    *_, agreement, visit = record.entries
    agreement.position, visit.position = visit.position, agreement.position
    out_of_order = Record([*record.entries[:-2], visit, agreement])
    book = Book(out_of_order.read, visit.position + 1, first=first_of(out_of_order))
    assert book.look(created.thing(f"agreement:{uuid('g')}")).id == uuid("g")


def bytes_of(entry):
    said = {"data": entry.data, "id": entry.id, "occurredon": entry.occurredon}
    said |= {"office": entry.office, "signedby": entry.signedby, "type": entry.type}
    return orjson.dumps({"statement": said})


@settings(max_examples=some(30), deadline=None)
@given_any(PLANS)
def test_no_fact_hangs_on_what_has_its_tag_by_the_signer_only(plan):
    record = tell(plan).record

    def read(tag, types, before):
        return [e for e in record.read(tag, types, before) if speaks_of(tag, bytes_of(e))]

    facts = facts_of(record)
    less = Book(read, len(record.entries))
    assert told(less, facts) == told(Book(record.read, len(record.entries)), facts)


def test_and_most_of_what_registrars_sign_is_not_read_for_their_office():
    tag, record = f"office:{REGISTRAR}", NORTHWICK.record
    signed = [(e.name, speaks_of(tag, bytes_of(e))) for e in record.entries if tag in e.tags]
    assert ("LedgerRulesSet", True) in signed
    assert {name for name, spoken in signed if not spoken} == {
        "Appointed",
        "KeyEnrolled",
        "PersonEnrolled",
    }


def office_read_from(record):
    """Return what is read to know who holds the registrars' office."""
    read = []

    def reading(tag, types, before):
        found = list(record.read(tag, types, before))
        read.extend(found)
        return [entry for entry in found if speaks_of(tag, bytes_of(entry))]

    Book(reading, len(record.entries)).look(offices.office(REGISTRAR))
    return [entry.name for entry in read]


def test_nor_is_what_they_vouch_for_of_others():
    record = NORTHWICK.record
    followed = [
        vouched(f"v{entry.position}", subject=f"appointment:{entry.id}")
        for entry in record.entries
        if entry.name == "Appointed"
    ]
    assert followed
    before = office_read_from(record)
    assert office_read_from(given(NORTHWICK, *followed).record) == before


@settings(max_examples=some(15), deadline=None)
@given_any(PLANS)
def test_a_thread_with_much_that_others_follow_is_read_at_once_and_tells_the_same(plan):
    record = tell(plan).record
    facts = [fact for fact in facts_of(record) if fact.family.following]
    by_each = told(Book(record.read, len(record.entries)), facts)
    with pytest.MonkeyPatch.context() as few:
        few.setattr(facts_module, "_FEW_LEADING", 0)
        assert told(Book(record.read, len(record.entries)), facts) == by_each


def test_what_is_worked_out_from_facts_is_kept_until_one_of_them_may_change():
    record = given(WITH_YEAR, offered(), agreed()).record
    began = len(record.entries) - 2
    book = Book(record.read, began)
    asked = []

    def taken_up(look):
        asked.append(look)
        return look(brokerage.offer(uuid("o"))) is not None

    def ask():
        return book.derived("the offer", taken_up)

    assert (ask(), ask(), len(asked)) == (False, False, 1)
    book.apply(record.entries[began])
    assert (ask(), ask(), len(asked)) == (True, True, 2)


class TestWithdrawals:
    HISTORY = given(WITH_YEAR, offered(), agreed(), made(under="agreement:g"), attested())
    AFTER = given(HISTORY, withdrawn("a", BEN, "2024-10-05"))

    def test_what_is_withdrawn_is_left_out(self):
        assert self.HISTORY.look(visits.visit(uuid("v"))).attested == uuid("a")
        assert self.AFTER.look(visits.visit(uuid("v"))).attested is None
        for history, left in ((self.HISTORY, []), (self.AFTER, [f"{uuid('v')}/attestation"])):
            waiting = ATTESTATION.waiting(history.look, f"event:{uuid('v')}")
            assert [one.obligation for one in waiting] == left

    def test_but_what_it_said_is_still_recorded(self):
        recorded = self.AFTER.look(created.recorded(uuid("a")))
        assert (recorded.name, recorded.office) == ("VisitAttested", BEN.office)
        assert self.AFTER.look(created.recorded(uuid("withdraw-a"))).name == "EventWithdrawn"
        assert self.AFTER.look(created.recorded(uuid("zzz"))) is None
        assert [m.id for m in self.AFTER.look(created.thread(uuid("a")))] == []

    def test_an_offer_is_free_again_when_its_agreement_is_withdrawn(self):
        history = given(WITH_YEAR, offered(), agreed(), withdrawn("g", BEN, "2024-10-05"))
        assert history.look(brokerage.offer(uuid("o"))).agreement is None
        history.when(agreed("g2", on="2024-10-06")).then_recorded()

    def test_a_withdrawal_looked_for_before_it_was_recorded_is_found_afterwards(self):
        act = withdrawn("a", BEN, "2024-10-05")
        entry = self.AFTER.record.entries[-1]
        book = Book(self.AFTER.record.read, len(self.HISTORY.record.entries))
        assert book.look(created.recorded(uuid(act.label))) is None
        book.apply(entry)
        assert book.look(created.recorded(uuid(act.label))) is not None


class TestOneThread:
    def test_things_belong_to_the_event_that_made_them_and_to_no_other(self):
        history = given(NORTHWICK, offered(), agreed(), made(under="agreement:g"))
        assert history.look(created.thing("visit:" + uuid("v"))).name == "VisitMade"
        assert history.look(created.thing(event("g"))).name == "SupportAgreed"
        assert history.look(visits.visit(uuid("g"))) is None
        assert history.look(brokerage.agreement(uuid("o"))) is None

    def test_a_thread_is_what_names_an_event_itself_first(self):
        history = given(NORTHWICK, offered(), agreed(), made(under="agreement:g"))
        names = [mention.name for mention in history.look(created.thread(uuid("g")))]
        assert names == ["SupportAgreed", "VisitMade"]

    def test_kinds_of_things_have_one_creator(self):
        assert created.creator("visit") == "VisitMade"
        assert created.creator("zzz") is None


def test_an_entry_carries_its_tags():
    entry = entry_of(made(), 1)
    assert {ONE, TWO, f"event:{uuid('v')}", f"office:{ANN.office}"} <= entry.tags

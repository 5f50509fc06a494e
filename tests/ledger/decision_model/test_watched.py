"""What a decision looked at, told as what entry would change it."""

from examples import some
from given import (
    NORTHWICK,
    WITH_YEAR,
    agreed,
    given,
    made,
    offered,
    uuid,
)
from histories import PLANS, tell
from hypothesis import given as given_any
from hypothesis import settings

from ledger.decision_model.facts import Book, Watched
from ledger.domain.brokerage import facts as brokerage
from ledger.domain.decide import decide
from ledger.domain.registers import offices
from ledger.withdrawals import TAKING_BACK


def judged(record, position, entry):
    """Judge an entry as of a position; return the reasons and what was looked at."""
    book = Book(record.read, position)
    # What was derived for one is kept for the next, so that the second asks for less.
    decide(entry, book.look, book.derived)
    asked = Watched(book)
    return decide(entry, asked.look, asked.derived), asked


def touches(asked, entry):
    """Tell whether an entry would change what was looked at, as a store does."""
    by_tag = any(tag in entry.tags and entry.name in types for tag, types in asked.selectors())
    return by_tag or entry.name in asked.types()


@settings(max_examples=some(15), deadline=None)
@given_any(PLANS)
def test_an_entry_that_touches_nothing_looked_at_changes_no_decision(plan):
    record = tell(plan).record
    untouched = 0
    for entry in record.entries[30:]:
        since = record.entries[entry.position - 2]
        before, asked = judged(record, since.position - 1, entry)
        if not touches(asked, since):
            untouched += 1
            assert before == judged(record, since.position, entry)[0]
    assert untouched or len(record.entries) < 40


def test_a_second_to_take_up_an_offer_looked_at_what_the_first_changed():
    history = given(WITH_YEAR, offered())
    first, second = history.drafted(agreed("g")), history.drafted(agreed("h"))
    reasons, asked = judged(history.record, first.position - 1, second)
    assert (reasons, touches(asked, first)) == ([], True)


def test_a_visit_between_others_touches_nothing_that_a_visit_looked_at():
    history = given(NORTHWICK)
    entry, other = (history.drafted(made(label)) for label in "vw")
    reasons, asked = judged(history.record, entry.position - 1, entry)
    assert (reasons, touches(asked, other)) == ([], False)


def test_what_is_told_from_facts_of_many_tags_is_touched_by_type_whatever_the_tag():
    record = given(NORTHWICK).record
    asked = Watched(Book(record.read, len(record.entries)))
    asked.look(offices.STANDINGS.at(""))
    assert asked.selectors() == []
    assert asked.types() == {*offices.STANDINGS.folds, *TAKING_BACK}


def test_what_was_worked_out_before_is_touched_by_what_may_change_it():
    history = given(WITH_YEAR, offered())
    book = Book(history.record.read, len(history.record.entries))
    offer = brokerage.offer(uuid("o"))
    for _ in range(2):
        asked = Watched(book)
        asked.derived("the offer", lambda look: look(offer))
        assert asked.types() == {*offer.family.folds, *TAKING_BACK}

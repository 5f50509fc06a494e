"""What a statement cites is derived: the place in history, and what was owed there."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from examples import some
from given import journal_of
from histories import BODIES, ESTUARY, PLANS, SCHOOLS, Store, tell
from hypothesis import given, settings
from registry import ALDER, BIRCH, COUNCIL, Registry, person, signer

from ledger.audit.check import check
from ledger.audit.workings import Workings
from ledger.decision_model.facts import Book
from ledger.errors import RefusedError
from ledger.recording import cited
from ledger.recording.application import By, sign
from ledger.recording.cited import OwedAt
from ledger.recording.posted import Posted, owed_in
from ledger.verification.verify import verify_store
from projections.reports.marks import why_irregular
from projections.tables.catalogue import views

PARTIES = (*SCHOOLS, *BODIES, ESTUARY)


def by_the_whole_journal(journal, party, size, day):
    """Return what is left of each obligation of a party, by all that was posted up to a size."""
    left = defaultdict(Decimal)
    for line in journal.known(size):
        if party in (line.debtor, line.creditor) and line.effective_on <= day:
            left[line.obligation] += line.amount
    return {obligation: amount for obligation, amount in left.items() if amount}


def written_down(record):
    """Return the table of all that a record posts."""
    written, book = Workings(), Book(record.read)
    posted = Posted(book.look, written)
    for entry in record.entries:
        posted.post(entry)
        book.apply(entry)
    return written


@settings(max_examples=some(25), deadline=None)
@given(PLANS)
def test_what_is_owed_at_a_place_is_what_the_whole_journal_says_that_was_known_there(plan):
    history = tell(plan)
    journal = journal_of(history.record)
    written = written_down(history.record)
    size = len(history.entries)
    days = (history.today, date(2025, 9, 1))
    owed_at = OwedAt(Store(history))
    for known_at in (history.began, size, (history.began + size) // 2, size):
        for party in PARTIES:
            for day in days:
                found = owed_at(party, known_at, day)
                got = {obligation: one.outstanding for obligation, one in found.items()}
                assert got == by_the_whole_journal(journal, party, known_at, day), party
                assert owed_in(written)(party, known_at, day) == found


@pytest.fixture
def registry(url):
    with Registry(url) as registry:
        registry.agree()
        yield registry


def hand_over(registry, **said):
    """Let Alder's head hand over; return what the statement said."""
    said = {"office_": f"head@{ALDER}", "outgoing": person("ann"), **said}
    return registry.ledger.find(registry.say("ann", "HandoverGiven", **said))


def kinds(rows):
    return {(row["obligation"].partition("/")[2], row["outstanding"], row["unit"]) for row in rows}


def test_a_draft_tells_the_newest_place_and_all_that_is_owed_there(registry):
    head = registry.ledger.head()
    said = hand_over(registry).data
    assert said["at"] == str(head)
    assert kinds(said["rows"]) == {
        ("support", "6.0", "day"),
        (f"impact_account/{ALDER}", "1", "item"),
        (f"impact_account/{BIRCH}", "1", "item"),
    }


def test_or_what_was_owed_at_an_earlier_place_that_is_named(registry):
    then = registry.ledger.head_at(registry.ledger.head().size - 1)
    assert hand_over(registry, at=str(then)).data == {
        "at": str(then),
        "office": f"head@{ALDER}",
        "outgoing": person("ann"),
    }


def test_what_was_owed_on_a_day_is_told_though_what_opened_it_was_said_later(registry):
    """Else nothing could be handed over of that day: rows may neither name it nor leave it out."""
    hand_over(registry)
    registry.clock.now += timedelta(days=10)
    said = {"office_": f"head@{ALDER}", "basis": "substantive", "succeeds": person("ann")}
    registry.say("rita", "Appointed", person=person("ben"), **said, effective_on="2026-03-05")
    by = By(person("ann"), f"head@{ALDER}")
    again = {"office": by.office, "outgoing": by.person}
    draft = registry.ledger.draft("HandoverGiven", again, by, date(2026, 3, 6))
    registry.ledger.append(sign(draft, signer("ann")))
    (_, newer) = registry.ledger.entries_of("HandoverGiven")
    assert (f"handover_acceptance/{COUNCIL}", "1", "item") in kinds(newer.data["rows"])


def test_what_was_owed_to_a_school_that_closed_is_owed_no_more(registry):
    """The closure names nobody to whom it matters, and `check` asks the whole journal."""
    visit = registry.visit()
    disputed = {"visit": f"visit:{visit}", "days": "0.0", "wrong": "Nobody came."}
    dispute = registry.say("ben", "VisitDisputed", **disputed)
    closed = {"school": BIRCH, "reason": "closed", "effective_on": "2026-03-02"}
    registry.say("rita", "SchoolClosed", **closed)
    rows = hand_over(registry).data.get("rows", [])
    assert f"{dispute}/dispute_answer" not in {row["obligation"] for row in rows}
    assert [one for one in check(registry.ledger) if one.check == "irregular"] == []


def before_the_agreement(registry):
    return str(registry.ledger.head_at(registry.ledger.head().size - 1))


def row(registry, **changes):
    """Return the row of the support that Alder owes, changed."""
    (agreement,) = registry.ledger.entries_of("SupportAgreed")
    support = {"obligation": f"{agreement.id}/support", "outstanding": "6.0", "unit": "day"}
    accounts = [
        {"obligation": f"{agreement.id}/impact_account/{s}", "outstanding": "1", "unit": "item"}
        for s in (ALDER, BIRCH)
    ]
    return [support | changes, *accounts]


#: What was accepted of anybody: a place that never was, and any rows.
ATTACKS = {
    "a place that never was": (
        lambda r: {"at": f"{r.ledger.head().size}:{'A' * 43}=", "rows": row(r)},
        "at is not this ledger's head at size 16: got 16:AAAA",
    ),
    "a place ahead": (
        lambda r: {"at": "900:" + str(r.ledger.head()).partition(":")[2], "rows": row(r)},
        "at names a history of 900 entries, and 16 stand before it",
    ),
    "a place before there was any": (
        lambda r: {"at": f"0:{'A' * 43}=", "rows": row(r)},
        "at names a history of 0 entries, and 16 stand before it",
    ),
    "another amount": (
        lambda r: {"rows": row(r, outstanding="0.5")},
        "rows say that 0.5 day is left of ",
    ),
    "another unit": (lambda r: {"rows": row(r, unit="visit")}, "rows say that 6.0 visit is left"),
    "a row twice": (
        lambda r: {"rows": [*row(r), *row(r)[:1]]},
        "rows say that 6.0 day is left of ",
    ),
    "a debt left out": (lambda r: {"rows": row(r)[1:]}, "rows leave out "),
    "all left out": (lambda _: {"rows": []}, "rows leave out "),
    "a debt that was not there yet": (
        lambda r: {"at": before_the_agreement(r), "rows": row(r)},
        "rows name ",
    ),
}


@pytest.mark.parametrize(("said", "sentence"), ATTACKS.values(), ids=ATTACKS)
def test_an_attack_on_what_a_handover_cites_is_refused(registry, said, sentence):
    with pytest.raises(RefusedError) as refused:
        hand_over(registry, **said(registry))
    assert all(one.startswith(sentence[:9]) for one in refused.value.reasons)
    assert refused.value.reasons[0].startswith(sentence)


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("said", "sentence"), ATTACKS.values(), ids=ATTACKS)
def test_an_attack_recorded_past_the_rules_is_irregular_for_check_verify_and_reports(
    registry, monkeypatch, said, sentence
):
    with monkeypatch.context() as past_the_rules:
        past_the_rules.setattr("ledger.recording.deciding.cited_faults", lambda *_: ())
        event = hand_over(registry, **said(registry)).id
    irregular = [one for one in check(registry.ledger) if one.check == "irregular"]
    assert {one.event for one in irregular} == {event}
    assert irregular[0].sentence.startswith(sentence)
    verdict = verify_store(registry.ledger.store)
    assert verdict.verified
    assert [one.sentence for one in verdict.irregular] == [one.sentence for one in irregular]
    with views(registry.ledger.store, None).open() as connection:
        assert why_irregular(connection, event) == [one.sentence for one in irregular]


def test_what_is_owed_is_told_the_same_after_parties_were_forgotten_and_no_more_are_kept(
    monkeypatch,
):
    monkeypatch.setattr(cited, "_MOST_FOLDED", 2)
    history, day = tell([]), date(2025, 9, 1)
    size, forgetting = len(history.entries), OwedAt(Store(history))
    for party in (*PARTIES, *PARTIES):
        assert forgetting(party, size, day) == OwedAt(Store(history))(party, size, day)
        assert len(forgetting._folded) <= 2

"""Every report says in its heading what narrows it; where it is empty, it denies no more."""

from __future__ import annotations

import pytest
from recording import ONE, TWO, register

from projections.reports.catalogue import QUESTIONS, question
from projections.reports.history import Narrowed, history
from projections.reports.owes import Asked as Owed
from projections.reports.owes import owes
from projections.reports.reciprocity import QUESTION as RECIPROCITY

#: What is said for a filter, by its option, and how a heading tells it.
SAID = {
    "--about": ("school:900003", "Cedar Bank Academy (900103)"),
    "--with": ("school:900001", "with Alder Primary School (900001)"),
    "--la": ("body:harbour-trust", "in the area of Harbour Learning Trust"),
    "--region": ("london", "in London"),
    "--body": ("body:northwick", "under Northwick Council"),
    "--partnership": ("partnership:estuary", "of Estuary Schools Partnership"),
    "--provider": ("school:900002", "by Birch Lane Primary School (900002)"),
    "--kind": ("peer_review", "peer review"),
    "--area": ("inclusion", "inclusion"),
    "--from": ("2030-01-01", "from 2030-01-01"),
    "--to": ("2020-01-01", "to 2020-01-01"),
    "--overdue": (True, "overdue"),
    "--marked": (True, "marked"),
}
#: Kinds of what one report alone lists.
KINDS = {"orphans": ("payment", "payment")}
CASES = [
    (name, member) for name in QUESTIONS for member in question(name).filters if name != "parties"
]


def narrowed(name, member):
    option = question(name).filters[member].option
    said = KINDS.get(name, SAID[option]) if option == "--kind" else SAID[option]
    return {member: said[0]}, said[1]


@pytest.mark.parametrize(("name", "member"), CASES)
def test_the_heading_says_each_filter(northwick, name, member):
    asked = question(name)
    given, words = narrowed(name, member)
    at = northwick.at("2026-12-31")
    report = asked.answer(northwick.connection, northwick.store, at, asked.asked(**given))
    assert words in report.asked
    assert report.asked in report.title


@pytest.mark.parametrize(("name", "member"), CASES)
def test_an_empty_answer_denies_no_more_than_was_asked_for(northwick, name, member):
    asked = question(name)
    given, _ = narrowed(name, member)
    at, before = northwick.at("2026-12-31"), northwick.at("2020-01-01")
    narrow = asked.answer(northwick.connection, northwick.store, at, asked.asked(**given))
    if list(narrow.rows):
        return
    of_all = asked.answer(northwick.connection, northwick.store, before, asked.asked())
    says_such = " such " in of_all.empty or name == "compare"
    assert says_such or narrow.empty == (
        f"{of_all.empty[:-1]}, as far as is asked for here: {narrow.asked}."
    )


def test_nothing_owed_or_told_of_what_was_asked_is_said_of_that_only(northwick):
    at = northwick.at("2026-12-31")
    lent = northwick.connection, northwick.store
    assert owes(*lent, at, Owed(about="school:900003", kind="payment")).empty == (
        "Nothing is owed, as far as is asked for here: what Cedar Bank Academy (900103) owes and is"
        " owed, only payment."
    )
    assert owes(*lent, northwick.at("2020-01-01"), Owed(overdue=True)).empty == (
        "Nothing is overdue."
    )
    told = history(*lent, "school:900003", at, Narrowed(since="2030-01-01"))
    assert told.empty == (
        "Nothing is recorded about this party by then, as far as is asked for here: from"
        " 2030-01-01."
    )


def test_of_who_ended_the_heading_says_when_and_who_goes_on(recorded):
    merged = {"predecessors": [ONE.school, TWO.school], "school": TWO.school}
    register(recorded.ledger, "SchoolsMerged", **merged, effective_on="2026-09-01")
    said = "about School 1 (900001)"
    assert recorded.ask(RECIPROCITY, ("2026-08-31", None), about=ONE.school).asked == said
    after = recorded.ask(RECIPROCITY, ("2026-09-01", None), about=ONE.school)
    assert after.asked == (f"{said}, which ended on 2026-08-31 and goes on as School 2 (900002)")

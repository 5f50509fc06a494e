"""Programmes of visits in the answers: what is owed under them, and how histories name them."""

from recording import ONE, THREE, TWO, partnership, say

from projections.reports.history import history
from projections.reports.owes import Asked, owes
from projections.tables import catalogue
from projections.tables.views import moment

ESTUARY = "partnership:estuary"
LATER = ("2026-04-01", None)


def in_a_programme(ledger):
    """School one joins a programme that a partnership opened, and visits school two under it."""
    chair = partnership(ledger, (ONE, TWO))
    asked = {"schools": [ONE.school, TWO.school], "visits_by_each": 2, "distinct_hosts": True}
    span = {"starts": "2026-03-02", "ends": "2026-07-31", "name": "Heads visit heads"}
    opened = chair("VisitProgrammeOpened", organiser=ESTUARY, **span, **asked)
    programme = f"programme:{opened}"
    joins = {"programme": programme, "school": ONE.school, "effective_on": "2026-03-02"}
    say(ledger, ONE, "ProgrammeJoined", **joins)
    said = {"visitor": ONE.school, "host": TWO.school, "under": programme, "days": "1.0"}
    made = say(ledger, ONE, "VisitMade", **said, purpose="peer_review", mode="on_site").event
    say(ledger, TWO, "VisitAttested", visit=f"visit:{made}", days="1.0")
    return programme


def test_what_is_owed_under_a_programme_is_told_with_what_it_is_of(recorded):
    programme = in_a_programme(recorded.ledger)
    said = {"visitor": ONE.school, "host": THREE.school, "under": programme, "days": "1.0"}
    say(recorded.ledger, ONE, "VisitMade", **said, purpose="peer_review", mode="on_site")
    store = recorded.ledger.store
    with catalogue.views(store, None).open() as connection:
        at = moment(connection, *LATER)
        rows = list(owes(connection, store, at, Asked(kind="peer_visit")).rows)
    names = ("debtor_name", "creditor_name", "outstanding", "claimed", "due_on")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("School 1", "Estuary Partnership", "1", "1", "2026-07-31")
    ]


def test_a_history_names_the_programme_that_a_school_joined_and_visited_under(recorded):
    in_a_programme(recorded.ledger)
    store = recorded.ledger.store
    with catalogue.views(store, None).open() as connection:
        rows = list(history(connection, store, ONE.school, moment(connection, *LATER)).rows)
    sentences = [row["summary"] for row in rows if "programme" in row["summary"]]
    assert sentences == [
        (
            "Estuary Partnership opened the programme Heads visit heads, 2 March 2026 to 31 July"
            " 2026, visits by each school that joins: 2."
        ),
        (
            "School 1 (900001) joined the programme Heads visit heads of Estuary Partnership from"
            " 2 March 2026."
        ),
        (
            "School 1 (900001) visited School 2 (900002) (peer review), 1 day claimed, under the"
            " programme Heads visit heads."
        ),
    ]


def test_what_is_owed_from_a_later_day_on_is_said_under_what_is_owed_now(recorded):
    ledger = recorded.ledger
    chair = partnership(ledger, (ONE, TWO))
    asked = {"schools": [ONE.school, TWO.school], "visits_by_each": 2, "distinct_hosts": True}
    span = {"starts": "2026-05-01", "ends": "2026-07-31", "name": "Heads visit heads"}
    opened = chair("VisitProgrammeOpened", organiser=ESTUARY, **span, **asked)
    joins = {"programme": f"programme:{opened}", "school": ONE.school}
    say(ledger, ONE, "ProgrammeJoined", **joins, effective_on="2026-05-01")
    said = "From 2026-05-01: School 1 will owe Estuary Partnership 2 visits of the year."
    with catalogue.views(ledger.store, None).open() as connection:

        def notes(day, **whose):
            report = owes(connection, ledger.store, moment(connection, day), Asked(**whose))
            list(report.rows)
            return [note for note in report.notes if note.startswith("From ")]

        assert notes("2026-04-30", by=ONE.school) == [said]
        assert notes("2026-04-30", about=ESTUARY) == [said]
        assert notes("2026-04-30", by=TWO.school) == []
        assert notes("2026-03-01", by=ONE.school) == [], "nobody had joined it by then"
        assert notes("2026-05-01", by=ONE.school) == [], "it is owed now, as a row tells"

"""What support could be had: declared, and how much of it is left to offer."""

from pictures_reading import shapes, texts
from recording import ONE, THREE, TWO, agreed, offer, register, say

from projections.pictures.base import NARROW, WIDE
from projections.reports.audience import seen_by
from projections.reports.available import QUESTION
from projections.tables import catalogue

NOW = ("2026-03-02", None)


def declare(recorded, days="10.0", **said):
    span = {"starts": "2026-03-01", "ends": "2026-12-31", **said}
    told = {"provider": ONE.school, **span, "days": days}
    return say(recorded.ledger, ONE, "CapacityDeclared", **told).event


def told(recorded, at=NOW, **asked):
    names = ("declared_from", "declared_to", "declared_days", "left_to_offer")
    return [tuple(row[name] for name in names) for row in recorded.ask(QUESTION, at, **asked).rows]


def test_what_was_declared_and_what_is_left_of_it(recorded):
    declare(recorded)
    assert told(recorded) == [("2026-03-01", "2026-12-31", "10.0", "10.0")]
    offered = offer(recorded.ledger)
    assert told(recorded) == [("2026-03-01", "2026-12-31", "10.0", "4.0")]
    say(recorded.ledger, TWO, "SupportAgreed", **{**agreed(offered), "days": "5.0"})
    assert told(recorded) == [("2026-03-01", "2026-12-31", "10.0", "5.0")]


def test_times_that_overlap_are_taken_together(recorded):
    declare(recorded)
    declare(recorded, "2.0", starts="2026-12-01", ends="2027-01-31")
    declare(recorded, "3.0", starts="2027-02-01", ends="2027-03-31")
    offer(recorded.ledger)
    assert [left for *_, left in told(recorded)] == ["6.0", "6.0", "3.0"]


def test_what_is_past_or_replaced_could_be_had_no_more(recorded):
    first = declare(recorded)
    declare(recorded, "4.0", replaces=f"capacity:{first}")
    assert told(recorded) == [("2026-03-01", "2026-12-31", "4.0", "4.0")]
    assert told(recorded, ("2027-01-01", None)) == []


def test_in_an_area_what_names_it_or_none(recorded):
    declare(recorded, areas=["inclusion"], phases=["primary"], price="350.00")
    declare(recorded, "1.0", areas=["achievement"])
    declare(recorded, "2.0")
    assert len(told(recorded, area="inclusion")) == 2
    row = recorded.ask(QUESTION, NOW, area="inclusion").rows[0]
    assert (row["areas"], row["phases"], row["price"]) == ("inclusion", "primary", "350.00")
    assert row["said_by"] == "one side"


def test_of_one_provider_only(recorded):
    declare(recorded)
    assert told(recorded, provider=TWO.school) == []
    assert len(told(recorded, provider=ONE.school)) == 1


def test_for_a_school_what_is_offered_for_its_phase_and_region_the_nearest_first(recorded):
    ledger = recorded.ledger
    asking = {"school": "school:900011", "urn": "urn:900011", "name": "Asking", "phase": "primary"}
    where = {"region": "north-east", "place": {"easting": 400_000, "northing": 500_000}}
    register(ledger, "SchoolRegistered", la="body:northwick", **asking, **where)
    day = {"effective_on": "2026-03-01"}
    for head, easting in ((ONE, 401_500), (TWO, 450_000)):
        place = {"easting": easting, "northing": 500_000}
        register(ledger, "SchoolChanged", school=head.school, place=place, **day)
    span = {"starts": "2026-03-01", "ends": "2026-12-31"}
    for head, days, said in (
        (TWO, "1.0", {"phases": ["primary"]}),
        (ONE, "2.0", {"regions": ["north-east", "north-west"]}),
        (THREE, "3.0", {"regions": ["north-east"]}),
        (ONE, "4.0", {"regions": ["london"]}),
        (ONE, "5.0", {"phases": ["secondary"]}),
    ):
        told = {"provider": head.school, "days": days, **span, **said}
        say(ledger, head, "CapacityDeclared", **told)
    report = recorded.ask(QUESTION, NOW, about="school:900011")
    found = [(row["declared_days"], row["distance_km"]) for row in report.rows]
    assert found == [("2.0", "1.5"), ("1.0", "50.0"), ("3.0", None)]
    assert report.rows[0]["regions"] == "North East, North West"
    assert report.asked == "for Asking (900011)"
    narrowed = recorded.ask(QUESTION, NOW, region="london").rows
    assert [(row["declared_days"], row["distance_km"]) for row in narrowed] == [
        ("4.0", None),
        ("5.0", None),
        ("1.0", None),
    ]
    picture = report.pictured(report.rows)
    said = texts(picture.panels(WIDE))
    assert said[:3] == ["School 1 (900001)", "School 2 (900002)", "Asking (900011)"]
    assert said[-4:-1] == ["North", "1 asking", "2 with days left to offer"]
    assert said[-1] == "1 party without a place: see the table."
    assert len(shapes(picture.panels(NARROW), "polygon")) == 1 + 1 + 1, "north, asking, its legend"


def test_who_has_nothing_left_is_a_square_and_without_places_there_is_no_map(recorded):
    declare(recorded, "6.0")
    report = recorded.ask(QUESTION, NOW, about=TWO.school)
    assert report.pictured(report.rows) is None
    place = {"easting": 400_000, "northing": 500_000}
    register(
        recorded.ledger, "SchoolChanged", school=ONE.school, place=place, effective_on="2026-03-01"
    )
    offer(recorded.ledger)
    report = recorded.ask(QUESTION, NOW)
    assert "1 with none left" in texts(report.pictured(report.rows).panels(WIDE))


def test_nobody_asks_itself_and_who_asks_need_not_be_a_school_with_a_place(recorded):
    declare(recorded)
    assert told(recorded, about=ONE.school) == []
    assert len(told(recorded, about=TWO.school)) == 1


def test_beside_what_it_offers_stand_gains_confirmed_there_and_conflicts_declared(recorded):
    ledger = recorded.ledger
    declare(recorded, areas=["inclusion"])
    declare(recorded, "1.0", areas=["achievement"])
    declare(recorded, "2.0")
    agreement = f"agreement:{say(ledger, TWO, 'SupportAgreed', **agreed(offer(ledger))).event}"
    account = {"agreement": agreement, "area": "inclusion", "claim": "They read more."}
    claim = say(ledger, ONE, "ImpactReported", reporter=ONE.school, **account).event

    def beside(at=NOW, **asked):
        rows = recorded.ask(QUESTION, at, **asked).rows
        names = ("declared_days", "gains_confirmed", "conflicts_declared")
        return {tuple(row[name] for name in names) for row in rows}

    assert beside() == {("10.0", 0, 0), ("1.0", 0, 0), ("2.0", 0, 0)}, "only claimed"
    answer = {"impact": f"impact:{claim}", "answer": "confirmed"}
    confirmed = say(ledger, TWO, "ImpactAnswered", **answer)
    bears = {"person": ONE.person, "agreement": agreement, "what": "A sister."}
    conflict = say(ledger, ONE, "ConflictOfInterestDeclared", **bears).event
    assert beside() == {("10.0", 1, 1), ("1.0", 0, 1), ("2.0", 1, 1)}
    assert beside(area="achievement") == {("1.0", 0, 1), ("2.0", 0, 1)}
    assert beside((None, confirmed.position)) == {("10.0", 1, 0), ("1.0", 0, 0), ("2.0", 1, 0)}
    told = recorded.ask(QUESTION, NOW, area="inclusion")
    assert told.rows[0]["events"][-3:] == [claim, confirmed.event, conflict]
    with catalogue.views(ledger.store, None).open() as connection:
        row = seen_by(connection, told, "public").rows[0]
    assert (row["gains_confirmed"], row["conflicts_declared"]) == (None, None)
    assert row["events"] == [row["declaration"]], "who may not see these sees the offer"

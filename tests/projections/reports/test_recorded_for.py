"""What was recorded for others: its marks, who has said so, and what waits for a second look."""

from datetime import timedelta

import orjson
import pytest
from recording import restored
from registry import ALDER, BIRCH, COUNCIL, OFFICES, Registry, members, person

from ledger.bundle.choosing import choose
from ledger.bundle.manifest import Selection
from ledger.format.entry import read_entry
from ledger.recording.application import By
from projections.details.base import Reading
from projections.details.event import event_page
from projections.reports.audience import seen_by
from projections.reports.history import history
from projections.reports.owes import Asked, owes
from projections.reports.short_ids import short_id
from projections.reports.unconfirmed import QUESTION
from projections.reports.warnings import Known, notes
from projections.tables import catalogue
from projections.tables.views import moment

HEAD = OFFICES["ben"]
VISIT = {"visitor": ALDER, "host": BIRCH, "purpose": "support", "mode": "on_site"}


@pytest.fixture
def registry(tmp_path):
    """Alder and Birch of Northwick; the head of Birch has lost their key."""
    with Registry(tmp_path / "a.db") as registry:
        for name in ("ann", "olive"):
            registry.vouch(name)
        registry.say("rita", "KeyRetired", person=person("ben"), key_=members("ben", "ben")["key_"])
        yield registry


def lodge(registry, **more):
    said = {"title": "Letter", "kind": "letter", "media_type": "text/plain", "size": 9}
    return registry.say("olive", "EvidenceLodged", about=BIRCH, sha256="0" * 64, **said, **more)


def record(registry, event, letter, by="olive", **said):
    said |= {"for_office": HEAD, "authority": f"evidence:{letter}"}
    return registry.say(by, event, **said)


def attest(registry, visit, letter, by="olive"):
    return record(registry, "VisitAttested", letter, by, visit=f"visit:{visit}", days="1.0")


def keyed(registry):
    registry.say("rita", "KeyEnrolled", **members("ben", "ben-2"))


def answer(registry, event, *events):
    named = {"events": [f"event:{one}" for one in events]} if events else {}
    return registry.say("ben", event, key="ben-2", office_=HEAD, **named)


def asked(registry, known_at=None):
    """Return the marks, and who has said so, of each event that either school's history shows."""
    with catalogue.views(registry.ledger.store, None).open() as connection:
        at = moment(connection, "2026-12-31", known_at)
        rows = history(connection, registry.ledger.store, BIRCH, at).rows
        return {row["event"]: (row["marks"], row["said_by"]) for row in rows}


def second_look(registry, at=("2026-04-01", None)):
    with catalogue.views(registry.ledger.store, None).open() as connection:
        found = QUESTION.answer(
            connection, registry.ledger.store, moment(connection, *at), QUESTION.asked()
        )
        return {row["events"][0]: row for row in found.rows}, found.notes


def test_unconfirmed_until_the_office_confirms_and_then_both_sides_have_said_so(registry):
    visit = registry.visit()
    said = attest(registry, visit, lodge(registry))
    assert asked(registry)[visit] == ("", "one side")
    assert asked(registry)[said] == ("unconfirmed", "recorded for")
    then = registry.ledger.head().size
    keyed(registry)
    answer(registry, "RecordConfirmed")
    assert asked(registry)[said] == ("", "both")
    assert asked(registry, then)[said] == ("unconfirmed", "recorded for")


def test_disowned_and_what_rests_on_it(registry):
    letter = lodge(registry)
    visit = record(
        registry,
        "VisitMade",
        letter,
        "rita",
        **(VISIT | {"visitor": BIRCH, "host": ALDER, "days": "1.0"}),
    )
    answered = registry.say("ann", "VisitAttested", visit=f"visit:{visit}", days="1.0")
    assert asked(registry)[answered] == ("", "one side")
    keyed(registry)
    answer(registry, "RecordDisowned", visit)
    found = asked(registry)
    assert found[visit][0] == "disowned"
    assert found[answered][0] == "rests on disowned"


def test_what_rests_on_what_is_disowned_is_left_out_of_what_is_confirmed_and_said_so(registry):
    letter = lodge(registry)
    made = VISIT | {"visitor": BIRCH, "host": ALDER, "days": "1.0"}
    visit, other = (record(registry, "VisitMade", letter, "rita", **made) for _ in range(2))
    more = record(registry, "VisitCorrected", letter, "rita", visit=f"visit:{visit}", days="2.0")
    keyed(registry)
    answer(registry, "RecordDisowned", visit)
    ledger = registry.ledger
    by, day = By(person("ben"), HEAD), registry.clock.now.date()
    draft = ledger.draft("RecordConfirmed", {"office": HEAD}, by, day)
    assert orjson.loads(draft.statement)["data"]["events"] == [f"event:{other}"]
    with catalogue.views(ledger.store, None).open() as connection:
        (said,) = notes(Known(ledger.store, connection, ledger.look), draft)
        start = short_id(connection, more)
    assert said == (
        f"{start} is left out, for it rests on what this office disowned; `school-ledger record"
        f" RecordDisowned --event {start}` disowns it too, and `school-ledger record"
        f" RecordConfirmed --event {start}` confirms it all the same"
    )


def test_one_hand_until_one_side_confirms(registry):
    letter = lodge(registry)
    registry.say("rita", "KeyRetired", person=person("ann"), key_=members("ann", "ann")["key_"])
    said = {"for_office": OFFICES["ann"], "authority": f"evidence:{letter}"}
    visit = registry.say("olive", "VisitMade", **VISIT, **said, days="1.0")
    answered = attest(registry, visit, letter)
    assert asked(registry)[visit] == ("unconfirmed, one hand", "recorded for")
    assert asked(registry)[answered] == ("unconfirmed, one hand", "recorded for")
    keyed(registry)
    answer(registry, "RecordConfirmed")
    assert asked(registry)[visit] == ("unconfirmed", "recorded for")
    assert asked(registry)[answered] == ("", "one side")


def test_what_is_owed_for_it_is_marked_too(registry):
    offer = registry.say(
        "ann",
        "SupportOffered",
        provider=ALDER,
        receiver=BIRCH,
        route="local_authority",
        days="6.0",
        valid_until="2026-12-31",
    )
    terms = {"starts": "2026-03-02", "ends": "2026-07-31", "days": "6.0"}
    record(registry, "SupportAgreed", lodge(registry), offer=f"offer:{offer}", **terms)
    with catalogue.views(registry.ledger.store, None).open() as connection:
        at = moment(connection, "2026-12-31", None)
        rows = list(owes(connection, registry.ledger.store, at, Asked()).rows)
    found = {(row["kind"], row["creditor"]): (row["marks"], row["said_by"]) for row in rows}
    assert found["support", BIRCH] == ("unconfirmed, no need", "recorded for")
    assert ("record_confirmation", COUNCIL) in found


def test_a_second_look_says_who_recorded_it_for_whom_and_whether_they_can_answer(registry):
    visit = registry.visit()
    letter = lodge(registry)
    said = attest(registry, visit, letter)
    rows, notes = second_look(registry)
    row = rows[said]
    assert (row["signed_by_name"], row["recorded_for"]) == (
        "Mx Olive",
        "head of Birch School (900002)",
    )
    assert (row["why"], row["waiting"], row["has_key"]) == (
        "its office has not confirmed it",
        30,
        False,
    )
    assert (row["authority"], row["disowned"]) == (letter, False)
    assert notes[0] == "Of 1: 0 late, 0 unvouched, 0 doubtful, 1 unconfirmed."
    keyed(registry)
    assert second_look(registry)[0][said]["has_key"]
    registry.clock.now += timedelta(1)
    answer(registry, "RecordDisowned", said)
    row = second_look(registry)[0][said]
    assert (row["why"], row["waiting"], row["disowned"]) == ("its office disowned it", None, True)


def test_what_is_confirmed_needs_no_second_look(registry):
    said = attest(registry, registry.visit(), lodge(registry))
    keyed(registry)
    answer(registry, "RecordConfirmed")
    assert said not in second_look(registry)[0]


def test_its_page_says_for_whom_it_was_recorded(registry):
    said = attest(registry, registry.visit(), lodge(registry))
    with catalogue.views(registry.ledger.store, None).open() as connection:
        reading = Reading(registry.ledger.store, connection, moment(connection, None, None))
        facts = event_page(reading, said).sections[0].facts
    assert facts["recorded_for"] == "head of Birch School (900002)"
    assert facts["marks"].startswith("unconfirmed: recorded by another for an office without a key")


def part_of(registry, party, path):
    """Return a store of nothing but the part about a party, as a reader makes one of a bundle."""
    store = registry.ledger.store
    head = registry.ledger.head().size
    chosen = choose(store, Selection(party=party), head)
    rows = [(position, registry.ledger.raw(position)) for position in sorted(chosen.positions)]
    return restored(rows, path)


def answers_owed(store, party):
    """Return what is owed for what was recorded, by a party or to it: what a part tells of it."""
    with catalogue.views(store, None).open() as connection:
        at = moment(connection, "2026-12-31", None)
        rows = [
            row
            for asked in (Asked(by=party), Asked(to=party))
            for row in owes(connection, store, at, asked).rows
        ]
    kind = "record_confirmation"
    return {(row["obligation"], row["due_on"], row["marks"]) for row in rows if row["kind"] == kind}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("by", ["rita", "olive"])
@pytest.mark.parametrize("confirms", [False, True])
def test_a_part_owes_for_it_what_the_whole_record_owes(registry, tmp_path, by, confirms):
    """Whoever recorded first is owed the answer, whatever the part was chosen by."""
    letter = lodge(registry)
    visit, other = registry.visit(), registry.visit()
    first = attest(registry, visit, letter, by)
    attest(registry, other, letter)
    keyed(registry)
    if confirms:
        answer(registry, "RecordConfirmed", first)
    for party in (BIRCH, COUNCIL, ALDER):
        with part_of(registry, party, tmp_path / f"{party[-4:]}.db") as part:
            whole = answers_owed(registry.ledger.store, party)
            assert answers_owed(part, party) == whole
    assert answers_owed(registry.ledger.store, BIRCH)


def test_a_part_holds_the_answer_and_the_key_by_which_it_fell_due(registry):
    said = attest(registry, registry.visit(), lodge(registry), "rita")
    keyed(registry)
    answered = answer(registry, "RecordConfirmed")
    store, head = registry.ledger.store, registry.ledger.head().size
    for party in (BIRCH, ALDER):
        positions = choose(store, Selection(party=party), head).positions
        held = {read_entry(one, registry.ledger.raw(one)).id for one in positions}
        assert {said, answered} <= held


def test_a_document_is_seen_by_those_for_whom_it_was_lodged(registry):
    letter = lodge(registry, readers="commissioner")
    with catalogue.views(registry.ledger.store, None).open() as connection:
        at = moment(connection, "2026-12-31", None)
        report = history(connection, registry.ledger.store, BIRCH, at)
        seen = {
            audience: letter in {row["event"] for row in seen_by(connection, report, audience).rows}
            for audience in ("public", "parties", "commissioner", "all")
        }
    assert seen == {"public": False, "parties": False, "commissioner": True, "all": True}

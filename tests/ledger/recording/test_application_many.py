"""Recording many statements: each by itself, in order, the same whatever the chunks."""

import pytest
from recording import DAY, NOW, ONE, ORIGIN, THREE, TWO, agreed, found, offer, visit

from ledger.domain.visits import facts as visits
from ledger.errors import StoreError
from ledger.format.entry import parse_event
from ledger.format.statement import Envelope, draft, new_id, write_time
from ledger.log.merkle import MemoryNodes, Tree, leaf_hash
from ledger.recording import application
from ledger.recording.admission import Refused
from ledger.recording.application import By, Recorded, sign


@pytest.fixture
def ledger(url):
    with found(url) as ledger:
        yield ledger


class Saying:
    """Signs statements that rest on one another before any is recorded."""

    def __init__(self, ledger):
        self.seen = str(ledger.head())

    def line(self, head, name, /, texts=None, **data):
        event = new_id(NOW)
        sealed = {pointer.rpartition("/")[2]: {"sealed": "A" * 43} for pointer in texts or {}}
        envelope = Envelope(
            ORIGIN, event, write_time(NOW), DAY, head.person, head.office, self.seen
        )
        drafted = draft(parse_event(f"{name}.v1", data | sealed), envelope, texts or {})
        return event, sign(drafted, head.signer).as_line()

    def thread(self):
        """Return an offer, its agreement, visits under it, answers, a withdrawal and again."""
        offered, first = self.line(
            ONE,
            "SupportOffered",
            provider=ONE.school,
            receiver=TWO.school,
            route="local_authority",
            days="6.0",
            valid_until="2026-12-31",
        )
        parties = {"provider": ONE.school, "receiver": TWO.school}
        agreement, second = self.line(TWO, "SupportAgreed", **agreed(offered), **parties)
        sides = {"visitor": ONE.school, "host": TWO.school, "under": f"agreement:{agreement}"}
        made = {**sides, "purpose": "support", "mode": "on_site", "days": "1.0"}
        visited, third = self.line(ONE, "VisitMade", texts={"/data/note": "A note."}, **made)
        answer = {
            "visit": f"visit:{visited}",
            **sides,
            "visited_on": DAY.isoformat(),
            "days": "1.0",
            "obligations": [f"{agreement}/support", f"{visited}/attestation"],
        }
        answer["obligations"].sort()
        attested, fourth = self.line(TWO, "VisitAttested", **answer)
        _, twice = self.line(TWO, "VisitAttested", **answer)
        references = sorted({*answer["obligations"], answer["visit"], *sides.values()})
        withdrawn = {"event": f"event:{attested}", "effective_on": DAY.isoformat()}
        _, fifth = self.line(
            TWO, "EventWithdrawn", code="entered_in_error", references=references, **withdrawn
        )
        _, sixth = self.line(TWO, "VisitAttested", **answer)
        return [first, second, third, fourth, twice, fifth, sixth]


def brief(outcome):
    return outcome.position if isinstance(outcome, Recorded) else outcome.reasons


def test_each_recorded_or_refused_by_itself_in_order(ledger):
    start = ledger.head().size
    good = [visit(ledger) for _ in range(3)]
    bad = visit(ledger, ONE, ONE)
    other = visit(ledger, source="elsewhere.example/a")
    lines = [good[0], bad, good[1], other, good[2]]
    outcomes = list(ledger.append_many([each.as_line() for each in lines] + [b"{", b""]))
    assert [brief(each) for each in outcomes[:5:2]] == [start + 1, start + 2, start + 3]
    assert outcomes[1] == Refused("VisitMade", ("a party cannot visit itself",))
    assert "a statement to elsewhere.example/a" in outcomes[3].reasons[0]
    assert all("not JSON" in each.reasons[0] for each in outcomes[5:])


def test_decisions_see_what_the_chunk_records_before_them(ledger):
    start = ledger.head().size
    outcomes = list(ledger.append_many(Saying(ledger).thread()))
    positions = [brief(each) for each in outcomes]
    assert positions[:4] == [start + 1, start + 2, start + 3, start + 4]
    assert "is answered already" in " ".join(positions[4])
    assert positions[5:] == [start + 5, start + 6]


def test_one_offer_is_taken_up_once_within_a_chunk(ledger):
    offered = offer(ledger)
    saying = Saying(ledger)
    parties = {"provider": ONE.school, "receiver": TWO.school}
    lines = [saying.line(TWO, "SupportAgreed", **agreed(offered), **parties)[1] for _ in range(5)]
    outcomes = list(ledger.append_many(lines))
    assert [isinstance(each, Recorded) for each in outcomes] == [True] + [False] * 4
    assert all("taken up already" in each.reasons[0] for each in outcomes[1:])


def test_salt_used_twice_within_a_chunk_is_refused_alone(ledger):
    def same(count):
        return b"s" * count

    lines = [visit(ledger, note=f"Note {n}.", salts=same).as_line() for n in range(2)]
    lines.append(visit(ledger, note="Another.").as_line())
    one, two, three = ledger.append_many(lines)
    assert isinstance(one, Recorded)
    assert "used before" in two.reasons[0]
    assert three.position == one.position + 1


def test_one_statement_twice_in_a_chunk_has_one_position(ledger):
    submission = visit(ledger)
    one, two, three = ledger.append_many([submission.as_line()] * 2 + [visit(ledger).as_line()])
    assert (one.position, one.again) == (two.position, False)
    assert two.again
    assert three.position == one.position + 1


def test_one_id_twice_in_a_chunk_is_refused_the_second_time(ledger):
    first = visit(ledger)
    event = new_id(NOW)
    lines = [visit(ledger, id=event, days=days).as_line() for days in ("1.0", "2.0")]
    _, one, two = ledger.append_many([first.as_line(), *lines])
    assert (
        f"the id {event} is taken by another statement, at position {one.position}" in two.reasons
    )


def test_repeating_is_safe(ledger):
    lines = Saying(ledger).thread()
    first = list(ledger.append_many(lines))
    head = ledger.head()
    again = list(ledger.append_many(lines))
    assert ledger.head() == head
    assert [brief(each) for each in again] == [brief(each) for each in first]
    assert all(each.again for each in again if isinstance(each, Recorded))


@pytest.mark.parametrize("size", [1, 2, 7])
def test_record_is_the_same_whatever_the_chunks(tmp_path, monkeypatch, size):
    with found(tmp_path / "a.db") as whole:
        # A copy of the file, so that both begin with the same record.
        whole.store._database._main.execute(f"VACUUM INTO '{tmp_path / 'b.db'}'")
        saying = Saying(whole)
        lines = saying.thread() + saying.thread()
        outcomes = [brief(each) for each in whole.append_many(lines)]
        with application.Ledger.open(str(tmp_path / "b.db"), clock=whole.clock) as cut:
            monkeypatch.setattr(application, "CHUNK", size)
            assert [brief(each) for each in cut.append_many(lines)] == outcomes
            assert cut.head() == whole.head()
            assert list(cut.store.entries()) == list(whole.store.entries())
            assert sorted(cut.store.vault.all()) == sorted(whole.store.vault.all())


def test_chunk_that_fails_leaves_nothing_and_can_be_repeated(ledger, monkeypatch):
    lines = Saying(ledger).thread()
    head = ledger.head()

    def fail(_nodes):
        raise StoreError("the disk is on fire")

    with monkeypatch.context() as patch:
        patch.setattr(ledger.store.log, "put", fail)
        with pytest.raises(StoreError, match="on fire"):
            list(ledger.append_many(lines))
    assert ledger.head() == head
    assert not list(ledger.store.by_types(["SupportOffered"]))
    outcomes = list(ledger.append_many(lines))
    assert sum(isinstance(each, Recorded) for each in outcomes) == 6
    assert ledger.head().size == head.size + 6


def test_tree_and_facts_after_many_are_as_read_from_the_record(ledger):
    lines = Saying(ledger).thread()
    visited = ledger.append_many(lines)
    event = [each.event for each in visited if isinstance(each, Recorded)][2]
    tree = Tree(MemoryNodes())
    tree.append([leaf_hash(data) for _, data in ledger.store.entries()])
    assert ledger.head().root == tree.root()
    with application.Ledger.open(ledger.store.path, clock=ledger.clock) as other:
        assert other.look(visits.visit(event)) == ledger.look(visits.visit(event))
        assert other.look(visits.visit(event)).attested is not None


def test_nothing_at_all_is_no_chunk(ledger):
    head = ledger.head()
    assert list(ledger.append_many([])) == []
    assert ledger.head() == head


def test_draft_says_what_its_rule_can_tell(ledger):
    offered = offer(ledger)
    by = By(TWO.person, TWO.office)
    drafted = ledger.draft("SupportAgreed", agreed(offered), by, DAY)
    assert f'"provider":"{ONE.school}","receiver":"{TWO.school}"'.encode() in drafted.statement
    assert THREE.school.encode() not in drafted.statement


def test_a_line_whose_day_is_out_of_range_or_far_ahead_stops_no_other(ledger):
    start = ledger.head().size
    saying = Saying(ledger)
    notified = {"office": ONE.office, "holder": ONE.person}
    lines = [visit(ledger).as_line()]
    for day in ("2199-12-31", "2040-01-01"):
        lines.append(saying.line(ONE, "DepartureNotified", effective_on=day, **notified)[1])
        lines.append(visit(ledger).as_line())
    beyond = lines[1].replace(b"2199-12-31", b"9999-12-31")
    outcomes = list(ledger.append_many([*lines, beyond, visit(ledger).as_line()]))
    recorded = [each.position for each in outcomes if isinstance(each, Recorded)]
    assert recorded == [start + number for number in range(1, 5)]
    refused = [each.reasons[0] for each in outcomes if isinstance(each, Refused)]
    assert ["it takes effect more than 10 years" in each for each in refused[:2]] == [True] * 2
    assert len(refused) == 3

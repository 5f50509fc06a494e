"""Recording one statement: what is refused, what a failure leaves behind, what others see."""

from datetime import timedelta

import pytest
from recording import DAY, NOW, ONE, TWO, Clock, a_year, agreed, found, later, offer, say, visit

from ledger.domain.brokerage import facts as brokerage
from ledger.errors import NotFoundError, RefusedError, StoreError
from ledger.format.statement import write_time
from ledger.log.merkle import MemoryNodes, Tree, leaf_hash
from ledger.recording.application import Ledger


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ledger(url, clock):
    with found(url, clock) as ledger:
        yield ledger


def root_of(ledger):
    tree = Tree(MemoryNodes())
    tree.append([leaf_hash(data) for _, data in ledger.store.entries()])
    return tree.root()


def refused(ledger, submission):
    """Return the reasons, having checked that nothing at all was recorded."""
    before, texts = ledger.head(), list(ledger.store.vault.all())
    with pytest.raises(RefusedError) as error:
        ledger.append(submission)
    assert ledger.head() == before
    assert list(ledger.store.vault.all()) == texts
    return "; ".join(error.value.reasons)


def test_recorded_with_position_and_tree_after_it(ledger):
    before = ledger.head()
    recorded = ledger.append(visit(ledger))
    assert (recorded.position, recorded.size) == (before.size + 1, before.size + 1)
    assert (recorded.size, recorded.root) == ledger.head()
    assert recorded.root == root_of(ledger)
    assert not recorded.again


def test_same_statement_again_has_its_first_position(ledger):
    submission = visit(ledger)
    first = ledger.append(submission)
    ledger.append(visit(ledger))
    again = ledger.append(submission)
    assert (again.position, again.event, again.again) == (first.position, first.event, True)
    assert ledger.head().size == first.position + 1


def test_same_statement_signed_again_is_the_same_statement(ledger):
    submission = visit(ledger)
    first = ledger.append(submission)
    other = submission._replace(signature=visit(ledger).signature)
    with pytest.raises(Exception, match="does not hold"):
        ledger.append(other)
    assert ledger.append(submission).position == first.position


def test_same_id_with_other_content_refused(ledger):
    first = ledger.append(visit(ledger))
    assert f"taken by another statement, at position {first.position}" in refused(
        ledger, visit(ledger, id=first.event, days="2.0")
    )


def test_refused_statement_leaves_nothing_in_the_vault(ledger):
    assert "cannot visit itself" in refused(ledger, visit(ledger, ONE, ONE, note="A note."))


def test_all_refusals_at_once(ledger):
    reasons = refused(
        ledger,
        visit(ledger, ONE, ONE, source="elsewhere.example/a", occurred_on=DAY + timedelta(days=9)),
    )
    for part in ("cannot visit itself", "elsewhere.example/a", "lies ahead"):
        assert part in reasons


def test_signed_over_five_minutes_ahead_refused(ledger):
    assert "it is signed at" in refused(ledger, visit(ledger, time=write_time(later(seconds=301))))
    assert ledger.append(visit(ledger, time=write_time(later(seconds=300))))


def test_occurred_ahead_refused(ledger, clock):
    assert "lies ahead" in refused(ledger, visit(ledger, occurred_on=DAY + timedelta(days=1)))
    # Half an hour before midnight in winter; an hour later it is the next day in London too.
    clock.now = NOW.replace(hour=23, minute=30)
    assert "lies ahead" in refused(ledger, visit(ledger, occurred_on=DAY + timedelta(days=1)))
    clock.now += timedelta(hours=1)
    assert ledger.append(visit(ledger, occurred_on=DAY + timedelta(days=1)))


def test_another_ledgers_statement_refused(ledger):
    reasons = refused(ledger, visit(ledger, source="elsewhere.example/support"))
    assert "a statement to elsewhere.example/support; this ledger is northwick" in reasons


def test_head_of_another_history_refused(ledger):
    size = ledger.head().size
    root = ledger.head_at(size - 1)
    seen = str(root).replace(f"{size - 1}:", f"{size}:")
    assert "its signer saw another history" in refused(ledger, visit(ledger, seen=seen))


def test_head_of_more_than_there_is_refused(ledger):
    seen = str(ledger.head()).replace(f"{ledger.head().size}:", "999:")
    assert "its signer saw 999 entries" in refused(ledger, visit(ledger, seen=seen))


def test_head_of_nothing_refused(ledger):
    seen = str(ledger.head_at(0))
    assert "must have seen the ledger" in refused(ledger, visit(ledger, seen=seen))


def test_every_head_that_there_was_is_good(ledger):
    size = ledger.head().size
    for seen in range(1, size + 1):
        assert ledger.append(visit(ledger, seen=str(ledger.head_at(seen))))


def test_salt_that_was_used_before_refused(ledger):
    def same(count):
        return b"s" * count

    ledger.append(visit(ledger, note="One.", salts=same))
    assert "was used before" in refused(ledger, visit(ledger, note="Two.", salts=same))


def test_clock_over_five_minutes_behind_refused(ledger, clock):
    clock.now = later(seconds=-301)
    assert "before the last entry: set the clock right" in refused(ledger, visit(ledger))


def test_clock_slightly_behind_recorded_at_the_last_time(ledger, clock):
    clock.now = later(seconds=-300)
    position = ledger.append(visit(ledger)).position
    (entry,) = ledger.entries(position - 1)
    assert entry.recorded_at == write_time(NOW)


def test_clock_over_a_week_ahead_needs_confirming(ledger, clock):
    clock.now = later(days=7, seconds=1)
    assert "more than 7 days later" in refused(ledger, visit(ledger))
    ledger.clock_confirmed = True
    assert ledger.append(visit(ledger))


def fail(*_):
    raise StoreError("the disk is on fire")


def part_of(ledger, name):
    return {"store": ledger.store, "tree": ledger.record.tree}.get(name) or getattr(
        ledger.store, name
    )


def decides_alone(ledger, monkeypatch):
    """Let the ledger decide with others kept out, step by step, where it would ask for one call."""
    monkeypatch.setattr(ledger.store, "takes_judged", False)


@pytest.mark.parametrize(
    ("part", "method"),
    [("store", "append_entries"), ("tree", "append"), ("log", "put")],
)
def test_failure_in_the_middle_leaves_nothing_half(ledger, monkeypatch, part, method):
    decides_alone(ledger, monkeypatch)
    offered = offer(ledger)
    before, texts = ledger.head(), list(ledger.store.vault.all())
    with monkeypatch.context() as patch:
        patch.setattr(part_of(ledger, part), method, fail)
        with pytest.raises(StoreError, match="on fire"):
            ledger.append(visit(ledger, note="Lost."))
        with pytest.raises(StoreError, match="on fire"):
            say(ledger, TWO, "SupportAgreed", **agreed(offered))
    assert ledger.head() == before
    assert ledger.head().root == root_of(ledger)
    assert list(ledger.store.vault.all()) == texts
    assert ledger.look(brokerage.offer(offered)).agreement is None
    agreement = say(ledger, TWO, "SupportAgreed", **agreed(offered))
    assert ledger.look(brokerage.offer(offered)).agreement == agreement.event
    assert ledger.append(visit(ledger, note="Kept.")).root == root_of(ledger)


def test_failing_vault_leaves_nothing_half(ledger, monkeypatch):
    decides_alone(ledger, monkeypatch)
    before = ledger.head()
    with monkeypatch.context() as patch:
        patch.setattr(ledger.store.vault, "put", fail)
        with pytest.raises(StoreError, match="on fire"):
            ledger.append(visit(ledger, note="Lost."))
    assert ledger.head() == before
    assert ledger.append(visit(ledger, note="Kept.")).root == root_of(ledger)


def test_interrupted_append_leaves_nothing_half(ledger, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    decides_alone(ledger, monkeypatch)
    before = ledger.head()
    with monkeypatch.context() as patch:
        patch.setattr(ledger.store.log, "put", interrupted)
        with pytest.raises(KeyboardInterrupt):
            ledger.append(visit(ledger))
    assert ledger.head() == before
    assert ledger.append(visit(ledger)).position == before.size + 1


def test_two_ledgers_on_one_file_see_each_other(url, clock):
    with (
        found(url, clock) as one,
        Ledger.open(url, clock=clock) as two,
    ):
        offered = offer(one)
        assert two.head() == one.head()
        assert two.look(brokerage.offer(offered)).agreement is None
        agreement = say(two, TWO, "SupportAgreed", **agreed(offered)).event
        assert one.look(brokerage.offer(offered)).agreement == agreement
        with pytest.raises(RefusedError, match=f"taken up already, by agreement:{agreement}"):
            say(one, TWO, "SupportAgreed", **agreed(offered))
        assert one.append(visit(two)).size == two.head().size
        assert one.head().root == two.head().root == root_of(one)


def test_log_that_lags_is_caught_up(url, clock):
    with found(url, clock) as ledger:
        a_year(ledger)
        head = ledger.head()
        ledger.store.log.clear()
    with Ledger.open(url, clock=clock) as ledger:
        assert ledger.head() == head
        assert ledger.append(visit(ledger)).root == root_of(ledger)


def test_log_that_lags_is_caught_up_within_an_append(ledger):
    submission = visit(ledger)
    ledger.store.log.clear()
    with Ledger.open(ledger.store.path, clock=ledger.clock) as other:
        assert other.append(submission).root == root_of(other)


def test_log_that_goes_on_after_the_entries_refused(ledger, engine):
    if engine == "umadb":
        pytest.skip("the server keeps the entries: an entry lost there is told of by itself")
    submission = visit(ledger)
    with ledger.store._database.writing() as connection:
        connection.execute(f"DELETE FROM events WHERE position = {ledger.head().size}")  # noqa: S608
    with (
        Ledger.open(ledger.store.path, clock=ledger.clock) as other,
        pytest.raises(StoreError, match="the log goes on where the entries end"),
    ):
        other.append(submission)


def test_facts_of_a_long_absence_are_read_anew(url, clock, monkeypatch):
    monkeypatch.setattr("ledger.recording.record._LONG_WAY_BEHIND", 5)
    with (
        found(url, clock) as one,
        Ledger.open(url, clock=clock) as two,
    ):
        offered = offer(one)
        assert two.look(brokerage.offer(offered)).agreement is None
        agreement = say(one, TWO, "SupportAgreed", **agreed(offered)).event
        a_year(one)
        assert two.look(brokerage.offer(offered)).agreement == agreement
        assert two.head() == one.head()


def test_settings_of_the_process_are_not_taken(tmp_path, monkeypatch, clock, url):
    monkeypatch.setenv("MAPPER_TOPIC", "os:abort")
    monkeypatch.setenv("SQLITE_DBNAME", str(tmp_path / "other.db"))
    with found(url, clock):
        assert not (tmp_path / "other.db").exists()


def test_find_by_the_start_of_an_id(ledger):
    event = ledger.append(visit(ledger)).event
    assert ledger.find(event).id == ledger.find(f"event:{event}").id == event
    with pytest.raises(NotFoundError, match="no event"):
        ledger.find("ffff")


def test_closed_twice_is_closed(url):
    ledger = found(url)
    ledger.close()
    ledger.close()

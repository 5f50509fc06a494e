"""A recording clock that ran ahead: what it recorded stands, and time is counted anew."""

from datetime import UTC, datetime, timedelta

import pytest
from registry import ALDER, Registry, key, person

from ledger.check import check
from ledger.errors import RefusedError
from projections import catalogue
from projections.questions import doubtful
from projections.timeline import history
from projections.views import moment

RIGHT = datetime(2026, 3, 10, 9, tzinfo=UTC)
AHEAD = datetime(2027, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def registry(tmp_path):
    with Registry(tmp_path / "a.db") as registry:
        registry.clock.now = RIGHT
        registry.right = registry.visit()
        registry.size = registry.ledger.head().size
        registry.clock.now = AHEAD
        registry.wrong = registry.visit()
        registry.clock.now = RIGHT + timedelta(days=1)
        yield registry


def correct(registry, size=None):
    size = size or registry.size
    return registry.say("rita", "ClockCorrected", since=str(registry.ledger.head_at(size)))


def refusal(registry, **how):
    with pytest.raises(RefusedError) as caught:
        correct(registry, **how)
    return caught.value.reasons


def known_at(registry, day):
    with catalogue.views(registry.ledger.store, None).open() as connection:
        return moment(connection, known_at=day).known_at


def test_a_clock_behind_the_last_entry_records_nothing_else(registry):
    with pytest.raises(RefusedError, match="before the last entry: set the clock right"):
        registry.visit()


def test_after_the_correction_time_goes_on_from_now(registry):
    correction = registry.ledger.find(correct(registry))
    assert correction.recorded_at.startswith("2026-03-11T")
    visit = registry.ledger.find(registry.visit())
    assert visit.recorded_at > correction.recorded_at
    assert visit.recorded_at.startswith("2026-03-11T")
    assert check(registry.ledger) == []


def test_another_process_goes_on_from_there_too(registry, tmp_path):
    correct(registry)
    with type(registry.ledger).open(str(tmp_path / "a.db"), clock=registry.clock) as other:
        assert other.head().size == registry.ledger.head().size
    registry.visit()
    registry.visit()
    assert check(registry.ledger) == []


def test_only_where_there_is_something_to_correct(registry):
    registry.clock.now = AHEAD + timedelta(days=1)
    (reason,) = refusal(registry)
    assert reason.endswith("there is nothing to correct")


def test_only_from_a_place_in_this_history(registry):
    other = str(registry.ledger.head_at(3)).partition(":")[2]
    with pytest.raises(RefusedError, match=f"is not this ledger's head at size {registry.size}"):
        registry.say("rita", "ClockCorrected", since=f"{registry.size}:{other}")
    with pytest.raises(RefusedError, match="since is no"):
        registry.say("rita", "ClockCorrected", since=f"900:{other}")


def test_never_to_a_time_before_what_is_said_to_be_right(registry):
    """Else a registrar could restart the clock on any day that suits."""
    (reason,) = refusal(registry, size=registry.size + 1)
    assert f"entry {registry.size + 1}, which is said to be right, was recorded at 2027" in reason
    registry.clock.now = RIGHT - timedelta(days=5)
    (reason,) = refusal(registry)
    assert f"entry {registry.size}, which is said to be right, was recorded at 2026-03-10" in reason


def test_known_at_a_day_is_up_to_the_last_entry_whose_effective_time_is_by_then(registry):
    correct(registry)
    assert known_at(registry, "2026-03-09") < registry.size
    assert known_at(registry, "2026-03-10") == registry.size
    # What was recorded at a wrong time stands before the correction, so it is known with it.
    assert known_at(registry, "2026-03-11") == registry.size + 2
    registry.clock.now += timedelta(days=1)
    registry.visit()
    assert known_at(registry, "2026-03-11") == registry.size + 2
    assert known_at(registry, "2026-03-12") == registry.size + 3


def test_a_moment_by_position_is_the_day_of_its_effective_time(registry):
    correct(registry)
    with catalogue.views(registry.ledger.store, None).open() as connection:
        assert moment(connection, known_at=registry.size + 1).as_of == "2027-06-01"
        assert moment(connection, known_at=registry.size + 2).as_of == "2026-03-11"


def test_a_view_that_is_caught_up_entry_by_entry_counts_time_the_same(registry):
    views = catalogue.views(registry.ledger.store, None)
    views.caught_up()
    correct(registry)
    views.caught_up()
    registry.visit()
    sql = "SELECT effective_at FROM entries ORDER BY position"
    with views.open() as grown, catalogue.views(registry.ledger.store, None).open() as fresh:
        assert [*map(tuple, grown.execute(sql))] == [*map(tuple, fresh.execute(sql))]


def test_what_is_doubtful_goes_by_effective_time(registry):
    correct(registry)
    after = registry.visit()
    since = "2026-03-20T00:00:00Z"
    registry.clock.now = RIGHT + timedelta(days=20)
    said = {"person": person("ann"), "key_": key("ann"), "since": since}
    registry.say("rita", "KeyCompromised", **said)
    with catalogue.views(registry.ledger.store, None).open() as connection:
        at = moment(connection, "2027-12-31")
        found = doubtful(connection, at)
        rows = {row["event"] for row in history(connection, registry.ledger.store, ALDER, at).rows}
    assert registry.wrong in found
    assert registry.right not in found
    assert after not in found
    assert {registry.wrong, registry.right, after} <= rows

"""A recording clock that ran ahead: what it recorded stands, and time is counted anew."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from registry import ALDER, BIRCH, OFFICES, Registry, key, person, signer

from ledger.audit.by_entry import inspect_rows
from ledger.audit.check import check
from ledger.errors import RefusedError
from ledger.format.statement import write_time
from ledger.recording.application import By, sign
from ledger.recording.clock import LastSigned, moment_at
from ledger.recording.corrections import RecordClock
from ledger.recording.record import Record
from ledger.verification.verify import verify_store
from projections.reports.history import history
from projections.reports.marks import doubtful
from projections.tables import catalogue
from projections.tables.views import moment

RIGHT = datetime(2026, 3, 10, 9, tzinfo=UTC)
AHEAD = datetime(2027, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def registry(url):
    with Registry(url) as registry:
        registry.clock.now = RIGHT
        registry.right = registry.visit()
        registry.size = registry.ledger.head().size
        registry.vouch("olive")
        registry.size = registry.ledger.head().size
        # Whoever signs is right about the time; only the machine that records is not.
        drafted = visit(registry)
        registry.clock.now = AHEAD
        registry.wrong = registry.ledger.append(sign(drafted, signer("ann"))).event
        registry.clock.now = RIGHT + timedelta(days=1)
        yield registry


def visit(registry):
    said = {"visitor": ALDER, "host": BIRCH, "purpose": "support", "mode": "on_site"}
    by = By(person("ann"), OFFICES["ann"])
    return registry.ledger.draft("VisitMade", {**said, "days": "1.0"}, by, registry.ledger.today())


def propose(registry, size=None, who="rita"):
    since = str(registry.ledger.head_at(size or registry.size))
    return registry.say(who, "ClockCorrected", since=since)


def agree(registry, correction, who="olive"):
    return registry.say(who, "Vouched", subject=f"clock_correction:{correction}")


def correct(registry, size=None):
    """Let a registrar correct the clock and an officer vouch for that; return the latter."""
    return agree(registry, propose(registry, size))


def refusal(registry, **how):
    with pytest.raises(RefusedError) as caught:
        propose(registry, **how)
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


def test_another_process_goes_on_from_there_too(registry, url):
    correct(registry)
    with type(registry.ledger).open(url, clock=registry.clock) as other:
        assert other.head().size == registry.ledger.head().size
    registry.visit()
    registry.visit()
    assert check(registry.ledger) == []


def test_only_where_there_is_something_to_correct(registry):
    registry.clock.now = AHEAD + timedelta(days=1)
    assert refusal(registry)[0].endswith("there is nothing to correct")


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
    reason, *_ = refusal(registry)
    assert f"entry {registry.size}, which is said to be right, was recorded at 2026-03-10" in reason


def test_known_at_a_day_is_up_to_the_last_entry_whose_effective_time_is_by_then(registry):
    correct(registry)
    assert known_at(registry, "2026-03-09") < registry.size
    assert known_at(registry, "2026-03-10") == registry.size
    # What was recorded at a wrong time stands before the correction, so it is known with it.
    assert known_at(registry, "2026-03-11") == registry.size + 3
    registry.clock.now += timedelta(days=1)
    registry.visit()
    assert known_at(registry, "2026-03-11") == registry.size + 3
    assert known_at(registry, "2026-03-12") == registry.size + 4


def test_a_moment_by_position_is_the_day_of_its_effective_time(registry):
    correct(registry)
    with catalogue.views(registry.ledger.store, None).open() as connection:
        assert moment(connection, known_at=registry.size + 1).as_of == "2027-06-01"
        assert moment(connection, known_at=registry.size + 2).as_of == "2027-06-01"
        assert moment(connection, known_at=registry.size + 3).as_of == "2026-03-11"


def test_a_view_that_is_caught_up_entry_by_entry_counts_time_the_same(registry):
    views = catalogue.views(registry.ledger.store, None)
    views.caught_up()
    proposed = propose(registry)
    views.caught_up()
    agree(registry, proposed)
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


# -- attacks -----------------------------------------------------------------------------------


def found(registry):
    """Return what `check` finds of times, which `verify` finds as well."""
    findings = [one for one in check(registry.ledger) if one.check == "times"]
    verdict = verify_store(registry.ledger.store)
    assert [one for one in verdict.findings if one.check == "times"] == findings
    assert verdict.verified == (findings == [])
    return [(one.position, one.sentence) for one in findings]


def bend(monkeypatch):
    """Let the ledger record corrections that its rules refuse, as an operator can make it do."""
    monkeypatch.setattr(RecordClock, "_correction_faults", lambda *_: ())


def test_a_registrar_alone_corrects_nothing(registry):
    propose(registry)
    with pytest.raises(RefusedError, match="before the last entry: set the clock right"):
        registry.visit()
    assert known_at(registry, "2026-12-31") == registry.size
    assert found(registry) == []


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("rita", "somebody else must vouch: neither the person concerned nor who recorded it"),
        ("ann", "so it cannot vouch"),
    ],
)
def test_somebody_else_vouches_who_is_vouched_for(registry, who, reason):
    correction = propose(registry)
    with pytest.raises(RefusedError, match=reason):
        agree(registry, correction, who)


def test_a_correction_is_vouched_for_once(registry):
    """Else whoever vouches could count time anew whenever it suits."""
    correction = propose(registry)
    agree(registry, correction)
    registry.visit()
    registry.clock.now += timedelta(days=3)
    registry.visit()
    registry.clock.now -= timedelta(days=3)
    with pytest.raises(RefusedError, match="before the last entry: set the clock right"):
        agree(registry, correction, "rob")


def test_an_operator_has_it_vouched_for_again(registry, monkeypatch):
    correction = propose(registry)
    agree(registry, correction)
    registry.clock.now += timedelta(days=3)
    registry.visit()
    registry.clock.now -= timedelta(days=3)
    bend(monkeypatch)
    by_the_rules = Record.read
    monkeypatch.setattr(
        Record,
        "read",
        lambda self, tag, types, before: [
            entry
            for entry in by_the_rules(self, tag, types, before)
            if tuple(types) != ("ClockCorrected", "Vouched") or entry.name == "ClockCorrected"
        ],
    )
    agree(registry, correction, "rob")
    position = registry.ledger.head().size
    ((where, sentence),) = found(registry)
    assert where == position
    assert "and one before it at 2026-03-14" in sentence
    assert known_at(registry, "2026-03-12") < position - 1


def test_a_year_ago_is_refused_for_others_have_signed_since(registry):
    """A registrar and an accomplice set the clock back, so that a head who left may sign."""
    registry.clock.now = datetime(2026, 3, 3, 9, tzinfo=UTC)
    reasons = refusal(registry, size=3)
    assert reasons[0].startswith("this machine's clock says 2026-03-03T09:0")
    assert "and somebody else than who corrects it had signed at 2026-03-10T09:0" in reasons[0]


def test_nor_may_who_vouches_set_it_back_further(registry):
    correction = propose(registry, size=3)
    registry.clock.now = datetime(2026, 3, 3, 9, tzinfo=UTC)
    with pytest.raises(RefusedError, match="somebody else than who corrects it had signed at"):
        agree(registry, correction)


def test_verifiers_find_a_clock_that_an_operator_set_back_behind_what_others_signed(
    registry, monkeypatch
):
    bend(monkeypatch)
    registry.clock.now = datetime(2026, 3, 3, 9, tzinfo=UTC)
    correct(registry, size=3)
    position = registry.ledger.head().size
    ((where, sentence),) = found(registry)
    assert where == position
    assert sentence.startswith("the clock was set back to 2026-03-03T09:0")
    assert "somebody else than who corrects it had signed at 2026-03-10T09:0" in sentence


def test_verifiers_find_a_clock_set_back_behind_what_is_said_to_be_right(registry, monkeypatch):
    bend(monkeypatch)
    correct(registry, size=registry.size + 1)
    ((_, sentence),) = found(registry)
    assert f"entry {registry.size + 1}, which is said to be right, was recorded at 2027" in sentence


@pytest.mark.parametrize("size", [1, 3])
def test_verifiers_find_a_correction_since_no_place_in_this_history(registry, monkeypatch, size):
    bend(monkeypatch)
    root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    correction = registry.say("rita", "ClockCorrected", since=f"{size}:{root}")
    agree(registry, correction)
    ((_, sentence),) = found(registry)
    assert sentence.endswith("since when it was wrong, is no place in this history")


def test_verifiers_find_times_that_went_back_without_a_correction(registry, monkeypatch):
    """An operator who moves the clock alone is found by the entry after it."""
    monkeypatch.setattr(
        "ledger.recording.corrections.moment_now",
        lambda now, *_, **__: moment_at(write_time(now), []),
    )
    registry.visit()
    position = registry.ledger.head().size
    ((where, sentence),) = found(registry)
    assert where == position
    assert "it was recorded at 2026-03-11T" in sentence
    assert "and one before it at 2027-06-01T" in sentence


def test_offices_are_judged_by_the_corrected_clock_again(registry):
    """An office that ended by the wrong clock holds by the right one."""
    said = {"person": person("ben"), "office_": OFFICES["ben"], "effective_on": "2026-12-31"}
    with pytest.raises(RefusedError, match="before the last entry"):
        registry.say("rita", "AppointmentEnded", **said)
    correct(registry)
    registry.say("rita", "AppointmentEnded", **said)
    data = {"visitor": BIRCH, "host": ALDER, "purpose": "support", "mode": "on_site", "days": "1.0"}
    registry.say("ben", "VisitMade", **data)
    assert found(registry) == []


def test_chunks_cut_anywhere_tell_the_same_of_what_was_signed_last(registry):
    """What others signed is found though it stands in another chunk than the correction."""
    rows = list(registry.ledger.store.entries())
    people = [orjson.loads(data)["statement"] for _, data in rows]
    for cut in range(1, len(rows)):
        halves = [inspect_rows(rows[:cut]), inspect_rows(rows[cut:])]
        joined = LastSigned()
        for half in halves:
            joined = joined.joined(half.signed[len(half.ids)])
        for who in {one["signedby"] for one in people}:
            others = max(one["time"] for one in people if one["signedby"] != who)
            assert joined.by_others(who) == others


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from("abc")), max_size=12), st.data())
def test_what_was_signed_last_by_others_is_the_maximum_over_all_others(said, data):
    cut = data.draw(st.integers(0, len(said)))
    parts = []
    for part in (said[:cut], said[cut:]):
        last = LastSigned()
        for time, who in part:
            last = last.and_then(str(time), who)
        parts.append(last)
    joined = parts[0].joined(parts[1])
    for who in "abcd":
        expected = max((str(time) for time, by in said if by != who), default="")
        assert joined.by_others(who) == expected


def test_what_a_registrar_signed_by_a_wrong_clock_binds_every_other_registrar(registry):
    """Ledger and verifiers agree on whose times count, however often the clock ran ahead."""
    registry.clock.now = AHEAD + timedelta(days=1)
    registry.say("rita", "BodyRegistered", body="body:beacon", kind="provider", name="Beacon")
    registry.clock.now = RIGHT + timedelta(days=2)
    with pytest.raises(RefusedError, match="had signed at 2027-06-02"):
        propose(registry, who="rob")
    correct(registry)
    registry.visit()
    size = registry.ledger.head().size
    # A second time it ran ahead, a little: with what Rita signed then, only she can correct it.
    registry.clock.now += timedelta(days=9)
    registry.say("rob", "BodyRegistered", body="body:pier", kind="provider", name="Pier")
    registry.clock.now -= timedelta(days=8)
    with pytest.raises(RefusedError, match="had signed at 2027-06-02"):
        propose(registry, size, who="rob")
    with pytest.raises(RefusedError, match="had signed at 2026-03-21"):
        propose(registry, size, who="rita")
    assert found(registry) == []

"""One statement judged while others record: recorded by one call, or judged again and told why."""

from datetime import timedelta

import engines
import pytest
from recording import DAY, NOW, ONE, TWO, Clock, agreed, found, offer, register, visit

from ledger.audit.check import check
from ledger.errors import RefusedError, StoreError
from ledger.recording.application import By, Ledger, sign
from ledger.store.base import ConnectionLostError, Taken

psycopg = pytest.importorskip("psycopg", reason="no PostgreSQL driver: it comes with an extra")
from ledger.store.postgres.store import PostgresEntryStore  # noqa: E402 - needs the driver


@pytest.fixture
def url(request, tmp_path):
    if "postgresql" not in (request.config.getoption("engine") or []):
        pytest.skip("PostgreSQL is not among the engines named: --engine postgresql")
    return engines.new_url("postgresql", tmp_path)


@pytest.fixture
def two(url):
    """Two ledgers on one database, and what the first asks of the server to append."""
    with found(url) as one, Ledger.open(url, clock=Clock()) as other:
        yield one, other, calls_of(one)


def calls_of(ledger):
    """Return a list to which every call for what was judged is added, with what became of it."""
    real, calls = ledger.store.append_judged, []

    def counted(judged):
        calls.append((judged, real(judged)))
        return calls[-1][1]

    ledger.store.append_judged = counted
    return calls


def changed(ledger, phase):
    """Record what every visit of the school is judged by."""
    register(ledger, "SchoolChanged", school=TWO.school, phase=phase, effective_on="2026-03-01")


def test_what_others_record_elsewhere_meanwhile_costs_no_second_judgement(two):
    one, other, calls = two
    size, mine = one.head().size, visit(one, note="Mine.")
    other.append(visit(other, TWO, ONE, note="Theirs."))
    other.append(visit(other, TWO, ONE, note="Theirs, too."))
    recorded = one.append(mine)
    ((_, taken),) = calls
    assert (recorded.position, recorded.size) == (size + 3, size + 3)
    assert [position for position, _ in taken.others] == [size + 1, size + 2]
    assert recorded.root == one.head().root == other.head().root
    assert check(other) == []


def test_it_is_judged_again_where_others_record_what_it_was_judged_by(two):
    one, other, calls = two
    mine = visit(one)
    changed(other, "secondary")
    recorded = one.append(mine)
    assert [taken.position for _, taken in calls] == [None, recorded.position]
    assert recorded.root == other.head().root
    assert check(other) == []


def test_whoever_judged_by_what_is_no_more_is_told_why_it_is_refused(two):
    one, other, calls = two
    offered, by = offer(one), By(TWO.person, TWO.office)
    calls.clear()
    mine, theirs = (
        sign(ledger.draft("SupportAgreed", agreed(offered), by, DAY), TWO.signer)
        for ledger in (one, other)
    )
    taken = other.append(theirs)
    with pytest.raises(RefusedError, match=f"taken up already, by agreement:{taken.event}"):
        one.append(mine)
    assert [taken.position for _, taken in calls] == [None]
    assert one.head() == other.head()


def test_a_time_before_the_last_entry_is_not_recorded(two):
    one, other, calls = two
    other.clock, mine = Clock(NOW + timedelta(minutes=1)), visit(one)
    other.append(visit(other))
    recorded = one.append(mine)
    assert [taken.position for _, taken in calls] == [None, recorded.position]
    assert next(one.entries(recorded.position - 1)).recorded_at == f"{other.clock.now:%FT%TZ}"


def test_others_who_record_all_the_time_are_kept_out_in_the_end(two):
    one, other, calls = two
    real = one.store.append_judged

    def overtaken(judged):
        changed(other, ("secondary", "primary")[len(calls) % 2])
        return real(judged)

    one.store.append_judged = overtaken
    recorded = one.append(visit(one))
    assert [taken.position for _, taken in calls] == [None] * 3
    assert (recorded.position, recorded.again) == (other.head().size, False)
    assert check(other) == []


def cut(url):
    """Cut every connection to a database, as a server that is stopped does."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.parametrize("heard", [False, True])
def test_a_connection_cut_before_or_after_the_call_leaves_it_recorded_once(url, heard):
    with found(url) as ledger:
        submission, real = visit(ledger, note="Once."), ledger.store.append_judged

        def broken(judged):
            if not heard:
                cut(url)
            real(judged)
            raise ConnectionLostError("the connection broke before the answer came")

        ledger.store.append_judged = broken
        assert ledger.append(submission).again == heard
        assert len(ledger.entries_of("VisitMade")) == 1
        assert check(ledger) == []


def judged(ledger):
    """Return what was judged of a visit, of another that nobody has recorded."""
    calls = calls_of(ledger)
    ledger.append(visit(ledger, note="First."))
    (said, _) = calls[0]
    other = said._replace(id="019b0000-0000-7000-8000-000000000001", texts=[])
    return other._replace(after=ledger.head().size)


ODD = {
    "of the future": {"after": 10**6},
    "long ago": {"after": -(10**6)},
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_the_server_leaves_to_whoever_decides_alone_what_is(url, odd):
    with found(url) as ledger:
        said = judged(ledger)
        before = ledger.head()
        assert ledger.store.append_judged(said._replace(**odd)) == Taken(None, [])
        assert ledger.head() == before


def test_an_id_that_is_named_is_left_to_whoever_decides_alone(url):
    with found(url) as ledger:
        said = judged(ledger)
        named = ledger.entries_of("VisitMade")[0].id
        assert ledger.store.append_judged(said._replace(id=named)) == Taken(None, [])


@pytest.mark.parametrize("level", [0, 1])
def test_a_log_that_lags_or_has_a_gap_is_left_as_it_is_and_nothing_is_recorded(url, level):
    with found(url) as ledger:
        said = judged(ledger)
        while ledger.store.log.size() % 4 != 3:
            ledger.append(visit(ledger))
        with ledger.store._database.joining() as connection:
            connection.execute(
                "DELETE FROM log WHERE level = %s AND idx >= ALL"
                " (SELECT idx FROM log AS other WHERE other.level = log.level)",
                (level,),
            )
        size = ledger.store.head()
        assert ledger.store.append_judged(said._replace(after=size)) == Taken(None, [])
        assert ledger.store.head() == size


def test_a_writer_waits_for_another_as_long_as_it_may_and_no_setting_is_left_behind(url):
    with (
        found(url) as ledger,
        PostgresEntryStore.open(url, timeout=0.1) as other,
    ):
        said = judged(ledger)
        with ledger.store.writing(), pytest.raises(StoreError, match="locked for too long"):
            other.append_judged(said)
        taken = other.append_judged(said)
        assert taken.position == said.after + 1
        assert other._database.call("SHOW lock_timeout", ()) == [("0",)]

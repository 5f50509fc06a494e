"""Offices, as of and known at go by the day that it is in London, when recording and ever after."""

from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner
from registry import ALDER, OFFICES, Registry, person, signer

from cli.main import main
from cli.terminal.session import Session
from ledger.audit.check import check
from ledger.audit.office_shortcut import Watched
from ledger.errors import RefusedError
from ledger.format.entry import Entry
from ledger.recording.application import By, sign
from ledger.verification.verify import verify_store
from projections.tables import catalogue
from projections.tables.views import moment

OFFICE = f"board_chair@{ALDER}"
MIDNIGHT = datetime(2026, 8, 31, 23, tzinfo=UTC)


@pytest.fixture
def registry(url):
    with Registry(url) as registry:
        yield registry


def begin(registry, now):
    """Let Ben chair Alder's board from 1 September, and the clock say `now`."""
    said = {"office_": OFFICE, "basis": "substantive", "effective_on": "2026-09-01"}
    registry.say("rita", "Appointed", person=person("ben"), **said)
    registry.clock.now = now


def notify(registry):
    """Say something in the new office, today in London."""
    by = By(person("ben"), OFFICE)
    said = {"person": person("ann"), "office": OFFICES["ann"], "effective_on": "2026-09-30"}
    draft = registry.ledger.draft("AppointmentEnded", said, by, registry.ledger.today())
    return registry.ledger.append(sign(draft, signer("ben")))


def test_an_office_begins_at_midnight_in_london(registry):
    begin(registry, MIDNIGHT.replace(minute=29))
    recorded = registry.ledger.find(notify(registry).event)
    assert recorded.recorded_at.startswith("2026-08-31T23:3")
    assert recorded.occurredon == "2026-09-01"
    assert recorded.recorded_on == date(2026, 9, 1)
    # Whoever judges it again goes by the same day, by the pattern, strictly and in the verdict.
    assert check(registry.ledger) == []
    assert verify_store(registry.ledger.store).verified


def test_and_not_before(registry):
    begin(registry, MIDNIGHT.replace(hour=22, minute=30))
    with pytest.raises(RefusedError, match=r"does not hold the office .* on 2026-08-31"):
        notify(registry)


def test_what_happens_after_midnight_in_london_may_be_said_at_once_and_in_winter_not(registry):
    registry.clock.now = MIDNIGHT.replace(minute=30)
    by = By(person("ann"), OFFICES["ann"])
    visit = {"visitor": ALDER, "host": "school:900002", "purpose": "support", "mode": "on_site"}
    for day, now in (
        (date(2026, 9, 1), MIDNIGHT.replace(minute=40)),
        (date(2026, 10, 25), datetime(2026, 10, 24, 23, 30, tzinfo=UTC)),
        (date(2027, 3, 29), datetime(2027, 3, 28, 23, 30, tzinfo=UTC)),
    ):
        registry.clock.now = now
        draft = registry.ledger.draft("VisitMade", {**visit, "days": "1.0"}, by, day)
        assert registry.ledger.append(sign(draft, signer("ann"))).position
    registry.clock.now = datetime(2027, 10, 31, 23, 30, tzinfo=UTC)
    draft = registry.ledger.draft("VisitMade", {**visit, "days": "1.0"}, by, date(2027, 11, 1))
    with pytest.raises(RefusedError, match="2027-11-01, which lies ahead"):
        registry.ledger.append(sign(draft, signer("ann")))
    assert check(registry.ledger) == []


def test_known_at_a_day_ends_at_midnight_in_london(registry):
    size = registry.ledger.head().size
    registry.clock.now = MIDNIGHT.replace(hour=22, minute=30)
    registry.visit()
    registry.clock.now = MIDNIGHT.replace(minute=30)
    registry.visit()
    with catalogue.views(registry.ledger.store, None).open() as connection:
        assert moment(connection, known_at="2026-08-30").known_at == size
        assert moment(connection, known_at="2026-08-31").known_at == size + 1
        assert moment(connection, known_at="2026-09-01").known_at == size + 2
        assert moment(connection, known_at=size + 1).as_of == "2026-08-31"
        assert moment(connection, known_at=size + 2).as_of == "2026-09-01"
        for far, known in (("0001-01-01", 0), ("9999-12-31", size + 2)):
            assert moment(connection, known_at=far).known_at == known


def test_today_on_the_command_line_is_the_day_in_london(registry, url):
    registry.ledger.close()
    clock = registry.clock
    clock.now = MIDNIGHT.replace(minute=29)
    ledger = ("--ledger", url)
    result = CliRunner().invoke(main, [*ledger, "owes"], obj=Session(clock))
    assert "as of     2026-09-01" in result.output
    today = CliRunner().invoke(main, [*ledger, "owes", "--as-of", "today"], obj=Session(clock))
    assert "as of     2026-09-01" in today.output


def test_every_reader_of_an_entry_tells_the_same_day():
    said = dict.fromkeys(("id", "type", "time", "occurredon", "signedby", "office"), "")
    said |= {"seen": "", "source": "", "data": {}}
    for kind in (Entry, Watched):
        entry = kind(1, "2026-08-31T23:30:00Z", "", said)
        assert entry.recorded_on == date(2026, 9, 1)


@pytest.mark.parametrize(("hour", "due"), [(22, "2026-07-28"), (23, "2026-07-29")])
def test_days_to_answer_run_from_the_day_of_recording_in_london(registry, hour, due):
    _, agreement = registry.agree()
    registry.clock.now = datetime(2026, 6, 30, hour, 30, tzinfo=UTC)
    visit = registry.visit(under=f"agreement:{agreement}")
    with catalogue.views(registry.ledger.store, None).open() as connection:
        sql = "SELECT due_on FROM postings WHERE event = ? AND kind = 'attestation'"
        assert connection.execute(sql, (visit,)).fetchone()[0] == due

"""Marks: what rests on a key that may be in other hands, or on what nobody vouched for."""

from datetime import date, timedelta

import pytest
from registry import ALDER, BEGINS, BIRCH, OFFICES, Registry, key, members, person, signer

from ledger.audit.check import check
from projections.details.base import Reading
from projections.details.event import event_page
from projections.details.obligation import obligation_page
from projections.reports.history import history
from projections.reports.owes import Asked, owes
from projections.tables import catalogue
from projections.tables.views import moment


@pytest.fixture
def registry(tmp_path):
    with Registry(tmp_path / "a.db") as registry:
        yield registry


def reading(registry, known_at=None):
    """Return what pages read; the views live as long as the test."""
    store = registry.ledger.store
    views = catalogue.views(store, None)
    registry.kept.append(views)
    connection = registry.lent.enter_context(views.open())
    return Reading(store, connection, moment(connection, "2026-12-31", known_at))


def marks(registry, *events, known_at=None):
    """Return the marks of events in Alder's history, in the order asked for."""
    read = reading(registry, known_at)
    rows = list(history(read.connection, read.store, ALDER, read.at).rows)
    rows += history(read.connection, read.store, BIRCH, read.at).rows
    found = {row["event"]: row["marks"] for row in rows}
    return [found[event] for event in events]


def owed(registry, known_at=None):
    read = reading(registry, known_at)
    report = owes(read.connection, read.store, read.at, Asked())
    return {row["kind"]: row["marks"] for row in report.rows}


def compromise(registry, label="ann", since=None, by="rita", name="ann"):
    since = since or registry.clock.now
    text = since.strftime("%Y-%m-%dT%H:%M:%SZ")
    said = {"person": person(name), "key_": key(label), "since": text}
    return registry.say(by, "KeyCompromised", **said)


def attest(registry, visit, **more):
    return registry.say("ben", "VisitAttested", visit=f"visit:{visit}", days="1.0", **more)


class TestUnvouched:
    def test_until_somebody_else_has_vouched_for_key_and_appointment(self, registry):
        offer, agreement = registry.agree()
        assert marks(registry, offer, agreement) == ["unvouched", "unvouched, no need"]
        assert owed(registry)["support"] == "unvouched, no need"
        for name in ("ann", "ben"):
            registry.vouch(name)
        assert marks(registry, offer, agreement) == ["", "no need"]
        assert owed(registry)["support"] == "no need"

    def test_as_it_was_known_before(self, registry):
        visit = registry.visit()
        then = registry.ledger.head().size
        registry.vouch("ann")
        assert marks(registry, visit, known_at=then) == ["unvouched"]

    def test_a_further_key_stands_as_the_first_whenever_that_is_vouched_for(self, registry):
        registry.say("ann", "KeyEnrolled", **members("ann", "ann-2"))
        said = {"visitor": ALDER, "host": BIRCH, "purpose": "support", "mode": "on_site"}
        visit = registry.say("ann", "VisitMade", key="ann-2", days="1.0", **said)
        assert marks(registry, visit) == ["unvouched"]
        registry.vouch("ann")
        assert marks(registry, visit) == [""]

    def test_an_appointment_by_an_officer_stands_as_the_officer(self, registry):
        registry.vouch("ann")
        said = {"person": person("ann"), "office_": f"head@{BIRCH}", "basis": "executive"}
        said["succeeds"] = person("ben")
        registry.say("olive", "Appointed", effective_on="2026-03-02", **said)
        days = {"visitor": BIRCH, "host": ALDER, "purpose": "support", "mode": "on_site"}
        visit = registry.say("ann", "VisitMade", office=f"head@{BIRCH}", days="1.0", **days)
        assert marks(registry, visit) == ["unvouched"]
        registry.vouch("olive")
        assert marks(registry, visit) == [""]


class TestDoubtful:
    def test_what_the_key_signed_since_and_what_rests_on_it(self, registry):
        for name in ("ann", "ben"):
            registry.vouch(name)
        before = registry.visit()
        since = registry.clock.now + timedelta(minutes=1)
        visit = registry.visit()
        answer = attest(registry, visit)
        other = attest(registry, before)
        compromise(registry, since=since)
        assert marks(registry, before, visit, answer, other) == ["", "doubtful", "doubtful", ""]

    def test_the_moment_itself_is_doubtful_by_the_ledgers_time(self, registry):
        registry.vouch("ann")
        visit = registry.visit()
        recorded = registry.ledger.find(visit).recorded_at
        registry.say(
            "rita", "KeyCompromised", person=person("ann"), key_=key("ann"), since=recorded
        )
        assert marks(registry, visit) == ["doubtful"]

    def test_it_shows_in_what_is_owed_and_nothing_is_deleted(self, registry):
        registry.vouch("ben")
        since = registry.clock.now
        registry.agree()
        before = owed(registry)
        compromise(registry, since=since)
        kinds = ("support", "impact_account", "followup_account")
        assert before == dict.fromkeys(kinds, "no need")
        doubtful = dict.fromkeys(before, "doubtful, no need")
        assert owed(registry) == doubtful, "they rest on an offer by that key"

    def test_it_shows_on_the_pages_of_event_and_obligation(self, registry):
        registry.vouch("ben")
        since = registry.clock.now
        _, agreement = registry.agree()
        compromise(registry, since=since)
        read = reading(registry)
        facts = event_page(read, agreement).sections[0].facts
        assert facts["marks"].startswith("doubtful: signed with a key that may have been in other")
        (posting,) = obligation_page(read, agreement, "support").sections[1].rows
        assert posting["marks"] == "doubtful, no need"

    def test_nothing_was_doubtful_before_anyone_said_so(self, registry):
        registry.vouch("ann")
        since = registry.clock.now
        visit = registry.visit()
        then = registry.ledger.head().size
        compromise(registry, since=since)
        assert marks(registry, visit, known_at=then) == [""]
        assert marks(registry, visit) == ["doubtful"]

    def test_all_that_a_key_signed_which_it_enrolled(self, registry):
        registry.vouch("ann")
        since = registry.clock.now
        registry.say("ann", "KeyEnrolled", **members("ann", "ann-2"))
        said = {"visitor": ALDER, "host": BIRCH, "purpose": "support", "mode": "on_site"}
        visit = registry.say("ann", "VisitMade", key="ann-2", days="1.0", **said)
        compromise(registry, since=since)
        assert marks(registry, visit) == ["doubtful"]

    def test_all_that_an_appointee_of_it_signed(self, registry):
        for name in ("ann", "olive"):
            registry.vouch(name)
        since = registry.clock.now
        said = {"person": person("ann"), "office_": f"head@{BIRCH}", "basis": "executive"}
        said["succeeds"] = person("ben")
        registry.say("olive", "Appointed", effective_on="2026-03-02", **said)
        days = {"visitor": BIRCH, "host": ALDER, "purpose": "support", "mode": "on_site"}
        visit = registry.say("ann", "VisitMade", office=f"head@{BIRCH}", days="1.0", **days)
        compromise(registry, "olive", since, name="olive")
        assert marks(registry, visit) == ["doubtful"]

    def test_who_withdraws_what_is_doubtful_is_not_in_doubt(self, registry):
        registry.vouch("ann")
        since = registry.clock.now
        visit = registry.visit()
        compromise(registry, since=since)
        withdrawn = registry.say(
            "rita",
            "EventWithdrawn",
            event_=f"event:{visit}",
            effective_on="2026-03-02",
            code="entered_in_error",
            source={"publisher": "Northwick", "title": "What was found"},
        )
        assert marks(registry, visit, withdrawn) == ["withdrawn, doubtful", ""]

    def test_what_a_doubtful_hand_vouched_for_is_unvouched(self, registry):
        registry.vouch("olive")
        since = registry.clock.now
        registry.vouch("ann", by="olive")
        visit = registry.visit()
        assert marks(registry, visit) == [""]
        compromise(registry, "olive", since, name="olive")
        assert marks(registry, visit) == ["unvouched"]

    def test_what_was_signed_before_it_was_said_still_verifies(self, registry):
        registry.vouch("ann")
        since = registry.clock.now
        registry.visit()
        compromise(registry, since=since)
        assert check(registry.ledger) == []

    def test_and_stays_so_when_its_holder_becomes_a_registrar(self, registry):
        registry.vouch("ann")
        since = registry.clock.now
        visit = registry.visit()
        compromise(registry, since=since)
        said = {"person": person("ann"), "office_": OFFICES["rita"], "basis": "substantive"}
        registry.say("rita", "Appointed", effective_on="2026-03-02", **said)
        assert marks(registry, visit) == ["doubtful"]

    def test_of_a_registrar_only_when_somebody_vouches_for_it(self, registry):
        registry.vouch("olive")
        since = registry.clock.now
        told = compromise(registry, "rob", since, name="rob")
        registry.say(
            "rob",
            "ResponsibleBodyChanged",
            school=ALDER,
            former_body="body:northwick",
            responsible_body=_trust(registry),
            effective_on="2026-03-02",
        )
        change = registry.ledger.entries_of("ResponsibleBodyChanged")[0].id
        assert marks(registry, change) == [""]
        registry.say(
            "olive",
            "Vouched",
            subject=f"compromise:{told}",
            person=person("rob"),
            key_=key("rob"),
        )
        assert marks(registry, change) == ["doubtful"]


def _trust(registry):
    registry.say("rita", "BodyRegistered", body="body:harbour", kind="trust", name="Harbour")
    return "body:harbour"


def test_views_that_grew_say_what_views_built_anew_say(registry):
    store = registry.ledger.store
    grown = catalogue.views(store, None)
    asked = []
    for _ in range(2):
        registry.vouch("ann") if not asked else compromise(registry)
        registry.visit() if not asked else None
        with grown.open() as connection:
            at = moment(connection, "2026-12-31")
            asked.append(list(history(connection, store, ALDER, at).rows))
    with catalogue.views(store, None).open() as connection:
        assert list(history(connection, store, ALDER, at).rows) == asked[-1]


class TestIrregular:
    def attest_twice(self, registry, monkeypatch):
        """Let Birch's head, past the rules, attest a visit again; return both attestations."""
        visit = registry.visit()
        first = attest(registry, visit)
        with monkeypatch.context() as past_the_rules:
            past_the_rules.setattr("ledger.domain.decide.decide", lambda *_: [])
            return visit, first, attest(registry, visit, obligations=[])

    def test_what_is_recorded_past_the_rules_is_marked_irregular_and_what_it_rests_on_is_not(
        self, registry, monkeypatch
    ):
        _, first, second = self.attest_twice(registry, monkeypatch)
        assert marks(registry, first, second) == ["unvouched", "irregular, unvouched"]

    def test_what_is_marked_irregular_is_the_same_caught_up_and_built_anew(
        self, registry, monkeypatch, tmp_path
    ):
        caught_up = catalogue.views(registry.ledger.store, tmp_path / "views")
        caught_up.caught_up()
        _, _, second = self.attest_twice(registry, monkeypatch)
        sql = "SELECT position, event, reason FROM irregular"
        with caught_up.open() as connection:
            found = [tuple(row) for row in connection.execute(sql)]
        caught_up.rebuild()
        with caught_up.open() as connection:
            assert [tuple(row) for row in connection.execute(sql)] == found
        assert {event for _, event, _ in found} == {second}

    def test_known_before_it_was_recorded_nothing_is_marked_irregular(self, registry, monkeypatch):
        _, first, second = self.attest_twice(registry, monkeypatch)
        before = registry.ledger.find(second).position - 1
        assert marks(registry, first, known_at=before) == ["unvouched"]

    def test_an_entry_that_nobody_had_the_authority_for_is_marked_irregular(
        self, registry, monkeypatch
    ):
        visit = registry.visit()
        with monkeypatch.context() as past_the_rules:
            past_the_rules.setattr("ledger.domain.decide.decide", lambda *_: [])
            event = registry.say(
                "ann", "VisitAttested", visit=f"visit:{visit}", days="1.0", office=OFFICES["ann"]
            )
        assert "irregular" in marks(registry, event)[0]

    def test_the_demo_has_nothing_irregular(self, northwick):
        assert northwick.connection.execute("SELECT * FROM irregular").fetchall() == []


class TestLate:
    """Later than the ledger's rules allow: 20 days, unless they say otherwise."""

    HAPPENED = date(2026, 3, 2)

    def visited(self, registry, days_later):
        """Let Alder's head claim a visit so many days later; return the event."""
        _, agreement = registry.agree()
        registry.clock.now = BEGINS + timedelta(days=days_later)
        said = {"visitor": ALDER, "host": BIRCH, "purpose": "support", "mode": "on_site"}
        data = said | {"days": "1.0", "under": f"agreement:{agreement}"}
        recorded = registry.ledger.say(
            "VisitMade", data, signer("ann"), OFFICES["ann"], self.HAPPENED
        )
        return recorded.event

    @pytest.mark.parametrize(
        ("allowed", "days_later", "is_late"),
        [(None, 20, False), (None, 21, True), (5, 5, False), (5, 6, True), (60, 21, False)],
    )
    def test_what_is_recorded_more_days_after_it_happened_than_rules_allow_is_late(
        self, registry, allowed, days_later, is_late
    ):
        if allowed:
            names = ("attestation", "impact", "ratification", "handover", "response", "brokerage")
            rules = {f"{name}_days": 28 for name in names}
            registry.say("rita", "LedgerRulesSet", **rules, late_days=allowed)
        visit = self.visited(registry, days_later)
        assert marks(registry, visit) == ["late, unvouched" if is_late else "unvouched"]
        assert owed(registry)["attestation"] == ("late, unvouched" if is_late else "unvouched")

    def test_rules_made_stricter_make_nothing_late_that_was_recorded_before(self, registry):
        visit = self.visited(registry, 10)
        names = ("attestation", "impact", "ratification", "handover", "response", "brokerage")
        registry.say(
            "rita", "LedgerRulesSet", **{f"{name}_days": 28 for name in names}, late_days=5
        )
        assert marks(registry, visit) == ["unvouched"]

    def test_its_page_says_how_many_days_late(self, registry):
        visit = self.visited(registry, 30)
        facts = event_page(reading(registry), visit).sections[0].facts
        assert facts["days_late"] == 30
        assert "late: recorded many days after it happened" in facts["marks"]


def test_where_a_hostile_record_makes_a_rule_fail_the_entry_is_irregular_and_reports_answer(
    registry, monkeypatch
):
    visit = registry.visit()

    def fail(_case):
        raise KeyError("agreement")

    monkeypatch.setattr("ledger.domain.decide._against", fail)
    assert marks(registry, visit) == ["irregular, unvouched"]
    facts = event_page(reading(registry), visit).sections[0].facts
    assert facts["irregular"].startswith("the rules cannot judge it")


class TestLeftWithFormerBody:
    MARK = "left with former body"

    def convert(self, registry, agreement):
        registry.say(
            "rita",
            "SchoolConverted",
            school=ALDER,
            old_urn=f"urn:{ALDER[7:]}",
            old_urn_closes_on="2026-03-31",
            new_urn="urn:900101",
            new_urn_opens_on="2026-04-01",
            effective_on="2026-04-01",
            name="Alder Academy",
            establishment_type="34",
            former_body="body:northwick",
            left_with_former_body=[f"{agreement}/support"],
        )

    def test_the_school_owes_it_marked_until_that_body_assumes_it(self, registry):
        _, agreement = registry.agree()
        assert self.MARK not in owed(registry)["support"]
        self.convert(registry, agreement)
        read = reading(registry)
        report = owes(read.connection, read.store, read.at, Asked())
        (row,) = [row for row in report.rows if row["kind"] == "support"]
        assert (row["debtor"], self.MARK in row["marks"]) == (ALDER, True)
        assert (
            f"{self.MARK}: by the transfer agreement of a conversion; the school owes it, or is"
            " owed it, until that body assumes it."
        ) in report.notes
        facts = obligation_page(read, agreement, "support").sections[0].facts
        assert facts["marks"].startswith(f"{self.MARK}: ")

    def test_and_nothing_else_is(self, registry):
        _, agreement = registry.agree()
        registry.agree()
        self.convert(registry, agreement)
        read = reading(registry)
        report = owes(read.connection, read.store, read.at, Asked())
        left = [row["obligation"] for row in report.rows if self.MARK in row["marks"]]
        assert left == [f"{agreement}/support"]

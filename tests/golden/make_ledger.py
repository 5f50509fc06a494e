"""Write the golden ledger of this release if it is missing: a whole database, kept for ever.

Run `python tests/golden/make_ledger.py` once for each release, after raising VERSION in
ledger/release.py. `ledgers/<version>.db` is a year of a partnership that never was, `.json` beside
it what it must answer. Neither is ever written again: a release that cannot open an old ledger, or
answers otherwise, is at fault. Keys, ids, salts and times are made from fixed seeds.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from ledger import keys
from ledger.format.statement import new_id
from ledger.keys import MemorySigner
from ledger.recording.application import Ledger
from ledger.recording.founding import Founding, Registrar, founding, key_members, new_log_key
from ledger.release import VERSION
from projections.reports.history import history
from projections.reports.owes import Asked, owes
from projections.tables import catalogue
from projections.tables.views import moment

HERE = Path(__file__).parent
LEDGERS = HERE / "ledgers"
ORIGIN = "northwick.example/support"
REGISTRAR = "registrar@ledger"
COUNCIL, TRUST = "body:northwick", "body:tidewater-trust"
ESTUARY = "partnership:estuary"
ONE, TWO, THREE, FOUR = (f"school:90000{number}" for number in range(1, 5))
CHAIR = f"chair@{ESTUARY}"
DAYS = {
    "attestation_days": 14,
    "impact_days": 42,
    "ratification_days": 28,
    "handover_days": 28,
    "response_days": 14,
    "brokerage_days": 28,
}
#: The moments asked about: as of a day, known at a day; None is the end of the record.
MOMENTS = (
    ("2024-10-31", None),
    ("2024-12-15", "2024-12-15"),
    ("2024-12-15", None),
    ("2025-05-01", "2025-05-01"),
    ("2025-07-31", None),
    ("2025-07-31", "2025-03-31"),
    ("2026-01-31", None),
)
PARTIES = (ONE, TWO, THREE, FOUR, COUNCIL, ESTUARY)
#: What an answer is, leaving out how it is worded.
OWED = ("obligation", "kind", "debtor", "creditor", "outstanding", "unit", "due_on", "overdue")
OWED += ("opened", "given_beyond", "since", "opened_by", "marks", "events")
HAPPENED = ("position", "event", "type", "occurred_on", "recorded_at", "signed_by", "office")
HAPPENED += ("urn", "head", "withdrawn_by", "marks")


def seed(name: str) -> bytes:
    return sha256(f"school-ledger golden ledger: {name}".encode()).digest()


def random_bytes() -> Callable[[int], bytes]:
    """Return a source of bytes that are the same in every run."""
    count = 0

    def take(size: int) -> bytes:
        nonlocal count
        count += 1
        return seed(f"random {count}")[:size]

    return take


class Story:
    """A year as it is recorded: its clock, its people and their keys."""

    def __init__(self, path: Path) -> None:
        self.now = datetime(2024, 9, 2, 9, tzinfo=UTC)
        self._random = random_bytes()
        self._people: dict[str, str] = {}
        self._keys: dict[str, MemorySigner] = {}
        self._offices: dict[str, str] = {}
        options: dict[str, Any] = {"clock": self.clock, "random_bytes": self._random}
        self.ledger = Ledger.open(str(path), create=True, clock_confirmed=True, **options)

    def clock(self) -> datetime:
        """Return the moment; each look is a minute later."""
        self.now += timedelta(minutes=1)
        return self.now

    def on(self, day: str) -> None:
        self.now = datetime.combine(date.fromisoformat(day), time(9), UTC)

    def person(self, name: str) -> str:
        if name not in self._people:
            self._people[name] = f"person:{new_id(self.now, self._random)}"
            self._keys[name] = keys.in_memory(seed(f"key of {name}"))
        return self._people[name]

    def key(self, name: str) -> MemorySigner:
        self.person(name)
        return self._keys[name]

    def change_key(self, name: str, key: MemorySigner) -> None:
        self._keys[name] = key

    def say(self, name: str, office: str, event: str, /, on: str = "", **data: Any) -> str:
        """Let a person say in an office what happened, today unless told; return its id."""
        day = date.fromisoformat(on) if on else self.now.date()
        return self.ledger.say(event, data, self.key(name), office, day).event

    def register(self, event: str, /, **data: Any) -> str:
        return self.say("registrar", REGISTRAR, event, **data)

    def head(self, school: str, event: str, /, **data: Any) -> str:
        office = f"head@{school}"
        return self.say(self._offices[office], office, event, **data)

    def appoint(self, name: str, office: str, basis: str, first: str, *, vouched: bool) -> None:
        """Enrol somebody with a key and appoint them; the second registrar may vouch."""
        person = self.person(name)
        self.register("PersonEnrolled", person=person, name=f"Mx {name.title()}")
        members = key_members(ORIGIN, person, self.key(name))
        key = self.register("KeyEnrolled", person=person, **members)
        said = {"person": person, "office": office, "basis": basis, "effective_on": first}
        post = self.register("Appointed", **said)
        self._offices[office] = name
        if vouched:
            said = {"person": person, "subject": f"enrolment:{key}", "key": members["key"]}
            self.say("deputy", REGISTRAR, "Vouched", **said)
            said = {"person": person, "subject": f"appointment:{post}", "office": office}
            self.say("deputy", REGISTRAR, "Vouched", **said)


def registers(story: Story) -> None:
    """The ledger is founded and its registers filled."""
    names = ("registrar", "deputy")
    registrars = tuple(Registrar(story.person(name), story.key(name)) for name in names)
    log_key = new_log_key(ORIGIN, seed("log key")).verifier
    found = Founding(ORIGIN, "Northwick", registrars, log_key)
    story.ledger.append(founding(found, story.clock(), story.ledger.random_bytes))
    for name, title in zip(names, ("Mx Yew", "Mx Rowan"), strict=True):
        story.register("PersonEnrolled", person=story.person(name), name=title)
    story.register("LedgerRulesSet", **DAYS)
    story.register("BodyRegistered", body=COUNCIL, kind="local_authority", name="Northwick")
    story.register("BodyRegistered", body=TRUST, kind="trust", name="Tidewater Trust")
    for school, name in zip(
        (ONE, TWO, THREE, FOUR), ("Alder", "Birch", "Cedar", "Dale"), strict=True
    ):
        urn = school.replace("school", "urn")
        said = {"school": school, "urn": urn, "name": f"{name} Primary School", "phase": "primary"}
        story.register("SchoolRegistered", **said, la=COUNCIL, responsible_body=COUNCIL)
    story.appoint("oak", f"officer@{COUNCIL}", "substantive", "2024-09-01", vouched=True)
    for school, name in zip((ONE, TWO, THREE), ("alder", "birch", "cedar"), strict=True):
        story.appoint(name, f"head@{school}", "substantive", "2024-09-01", vouched=True)
    story.register("SchoolClosed", school=FOUR, effective_on="2024-08-31", reason="closed")


def partnership(story: Story) -> str:
    """A partnership is formed of three schools, and its year opens; return the year."""
    story.on("2024-09-09")
    contingency = dict.fromkeys(("on_closure", "on_dissolution", "holds_unspent"), COUNCIL)
    rules = {"visits_per_year": 2, "distinct_hosts": True, "outside_visits": 0, "notice_days": 60}
    rules |= {"external_judge": False, "contingency": contingency, **DAYS}
    said = {"partnership": ESTUARY, "name": "Estuary Schools", "kind": "peer_review"}
    story.register("PartnershipFormed", **said, ground_rules=rules)
    story.appoint("hazel", CHAIR, "substantive", "2024-09-09", vouched=True)
    for school in (ONE, TWO, THREE):
        said = {"school": school, "partnership": ESTUARY, "version": 1}
        asked = story.head(school, "MembershipSought", **said)
        said = {"application": f"application:{asked}", "effective_on": "2024-09-16"}
        story.say("hazel", CHAIR, "SchoolAdmitted", **said)
    story.on("2024-09-17")
    said = {"partnership": ESTUARY, "name": "2024-25", "starts": "2024-09-16"}
    return story.say("hazel", CHAIR, "PartnershipYearOpened", **said, ends="2025-07-22")


def visit(story: Story, visitor: str, host: str, under: str, days: str, **more: Any) -> str:
    said = {"visitor": visitor, "host": host, "under": under, "days": days, "mode": "on_site"}
    made = story.head(visitor, "VisitMade", purpose="support", **said, **more)
    return f"visit:{made}"


def autumn(story: Story, year: str) -> str:
    """Visits of the year, support agreed, a dispute corrected; return the agreement."""
    story.on("2024-10-01")
    said = {"provider": ONE, "receiver": TWO, "route": "local_authority", "days": "6.0"}
    offer = story.head(ONE, "SupportOffered", **said, valid_until="2024-12-31")
    story.on("2024-10-03")
    said = {"offer": f"offer:{offer}", "starts": "2024-10-07", "ends": "2025-03-31"}
    said |= {"days": "6.0", "commissioner": COUNCIL}
    agreement = f"agreement:{story.head(TWO, 'SupportAgreed', **said)}"
    story.on("2024-10-15")
    made = visit(story, THREE, ONE, f"year:{year}", "1.0")
    story.head(ONE, "VisitAttested", visit=made, days="1.0")
    story.on("2024-11-05")
    note = "Two lessons taught together, then planning with Year 1 & Year 2."
    made = visit(story, ONE, TWO, agreement, "1.5", note=note, on="2024-11-04")
    story.on("2024-11-07")
    wrong = "The second day ended at noon."
    dispute = story.head(TWO, "VisitDisputed", visit=made, days="1.0", wrong=wrong)
    story.on("2024-11-08")
    story.head(ONE, "VisitCorrected", visit=made, days="1.0", dispute=f"dispute:{dispute}")
    story.on("2024-11-11")
    story.head(TWO, "VisitAttested", visit=made, days="1.0")
    story.on("2024-12-10")
    said = {
        "reporter": ONE,
        "agreement": agreement,
        "visits": [made],
        "area": "curriculum-and-teaching",
    }
    story.head(ONE, "ImpactReported", **said, claim="More pupils keep up.")
    erased = {"event": made.replace("visit", "event"), "pointer": "/data/note"}
    story.register("DetailErased", **erased, authority="data_subject", reason="no_longer_needed")
    return agreement


def winter(story: Story, agreement: str) -> None:
    """A confirmation is withdrawn; keys change; a clock ran ahead and is corrected."""
    story.on("2025-01-14")
    made = visit(story, ONE, TWO, agreement, "2.0")
    story.on("2025-01-20")
    wrong = story.head(TWO, "VisitAttested", visit=made, days="2.0")
    story.on("2025-01-27")
    said = {"event": f"event:{wrong}", "effective_on": "2025-01-20", "code": "entered_in_error"}
    story.head(TWO, "EventWithdrawn", **said, text="Confirmed before the diary was read.")
    story.head(TWO, "VisitAttested", visit=made, days="1.5")
    alder, second = story.person("alder"), keys.in_memory(seed("second key of alder"))
    first = story.key("alder")
    story.head(ONE, "KeyEnrolled", person=alder, **key_members(ORIGIN, alder, second))
    story.change_key("alder", second)
    story.head(ONE, "KeyRetired", person=alder, key=f"key:{first.public.fingerprint}")
    story.on("2025-02-03")
    cedar = f"key:{story.key('cedar').public.fingerprint}"
    said = {"person": story.person("cedar"), "key": cedar, "since": "2025-02-01T18:00:00Z"}
    story.register("KeyCompromised", **said)
    said = {"former": new_log_key(ORIGIN, seed("log key")).verifier}
    said |= {"log_key": new_log_key(ORIGIN, seed("second log key")).verifier}
    changed = story.register("LogKeyChanged", **said)
    story.say("deputy", REGISTRAR, "Vouched", subject=f"log_key:{changed}")
    right = str(story.ledger.head())
    story.on("2025-02-20")
    story.register("BodyRegistered", body="body:beacon", kind="provider", name="Beacon")
    story.on("2025-02-04")
    said = {"since": right, "reason": "The machine ran sixteen days ahead."}
    corrected = story.register("ClockCorrected", **said)
    story.say("deputy", REGISTRAR, "Vouched", subject=f"clock_correction:{corrected}")


def change(story: Story, year: str) -> None:
    """A head leaves, another comes, a school converts, and a peer judges."""
    story.on("2025-03-10")
    said = {"slug": "northwick-peer-review", "title": "Northwick peer review"}
    areas = [{"area": "reading", "grades": ["strength", "secure", "priority"]}]
    framework = story.register("FrameworkAdopted", **said, areas=areas, in_force_from="2025-03-01")
    said = {"about": TWO, "judge": ONE, "framework": f"framework:{framework}"}
    said |= {"inspected_on": "2025-03-06", "basis": "peer_review", "urn": "urn:900002"}
    grades = [{"area": "reading", "grade": "secure"}]
    story.head(ONE, "JudgementMade", **said, grades=grades)
    birch, office = story.person("birch"), f"head@{TWO}"
    said = {"office": office, "holder": birch, "effective_on": "2025-04-21"}
    story.head(TWO, "DepartureNotified", **said)
    story.on("2025-04-04")
    said = {"office": office, "outgoing": birch, "at": str(story.ledger.head())}
    handover = story.head(TWO, "HandoverGiven", **said)
    story.on("2025-04-22")
    said = {"person": birch, "office": office, "effective_on": "2025-04-21"}
    story.register("AppointmentEnded", **said)
    story.appoint("chestnut", office, "substantive", "2025-04-22", vouched=False)
    story.on("2025-04-28")
    said = {"handover": f"handover:{handover}", "incoming": story.person("chestnut")}
    story.head(TWO, "HandoverAccepted", **said, exceptions="One visit was not among the papers.")
    at = str(story.ledger.head())
    story.head(TWO, "MembershipRatified", school=TWO, partnership=ESTUARY, version=1, at=at)
    said = {"school": ONE, "old_urn": "urn:900001", "old_urn_closes_on": "2025-05-31"}
    said |= {"new_urn": "urn:900101", "new_urn_opens_on": "2025-06-01", "name": "Alder Academy"}
    said |= {"effective_on": "2025-06-01", "establishment_type": "34"}
    story.register("SchoolConverted", **said, former_body=COUNCIL, responsible_body=TRUST)
    story.on("2025-06-10")
    visit(story, TWO, ONE, f"year:{year}", "1.0")
    said = {"school": ONE, "partnership": ESTUARY, "version": 1, "leaves_on": "2025-08-31"}
    story.head(ONE, "MembershipDeclined", **said)
    said = {"school": TWO, "former_body": COUNCIL, "responsible_body": TRUST}
    story.register("ResponsibleBodyChanged", **said, effective_on="2025-07-01")


def tell(path: Path) -> Ledger:
    """Record the whole year, and return the ledger, open."""
    story = Story(path)
    registers(story)
    year = partnership(story)
    agreement = autumn(story, year)
    winter(story, agreement)
    change(story, year)
    return story.ledger


def answers(ledger: Ledger, folder: Path) -> dict[str, Any]:
    """Return what a ledger answers: its head, who owes what at some moments, what happened."""
    head = ledger.head()
    with catalogue.views(ledger.store, folder).open() as connection:
        owed = list(_owed(ledger, connection))
        at = moment(connection, as_of="2026-01-31")
        happened = {
            party: _rows(history(connection, ledger.store, party, at).rows, HAPPENED)
            for party in PARTIES
        }
    return {"size": head.size, "root": head.root.hex(), "owes": owed, "history": happened}


def _owed(ledger: Ledger, connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    for as_of, known_at in MOMENTS:
        at = moment(connection, as_of, known_at)
        report = owes(connection, ledger.store, at, Asked(settled=True))
        yield {"as_of": as_of, "known_at": known_at, "rows": _rows(report.rows, OWED)}


def _rows(rows: Any, members: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{name: row[name] for name in members} for row in rows]


def write(version: str) -> None:
    """Write a release's ledger and its answers; never over what is there."""
    LEDGERS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        whole, views = Path(folder) / "a.db", Path(folder) / "views"
        with closing(tell(whole)) as ledger:
            said = json.dumps(answers(ledger, views), separators=(",", ":"))
        copy = Path(folder) / "b.db"
        with closing(sqlite3.connect(whole)) as connection:
            connection.execute("VACUUM INTO ?", (str(copy),))
        for name, content in (("db", copy.read_bytes()), ("json", _by_line(said))):
            with (LEDGERS / f"{version}.{name}").open("xb") as file:
                file.write(content)


def _by_line(said: str) -> bytes:
    """Return JSON with a row on each line, to be read by eye."""
    return (said.replace("},{", "},\n{") + "\n").encode()


def main() -> int:
    """Write what is missing."""
    if not (LEDGERS / f"{VERSION}.db").exists():
        write(VERSION)
        sys.stdout.write(f"ledgers/{VERSION}.db is written.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

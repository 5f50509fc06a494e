"""Two years of a partnership that never was: what `school-ledger demo` records.

Northwick, its schools (URNs from 900001), bodies and people are made up. Every event is drafted,
signed with a real key and appended through the public API, by a clock that the story sets. With
the same seed, ids, salts and times are the same; keys are fresh each time.
"""

from __future__ import annotations

import heapq
import itertools
import random
import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from ledger import keys
from ledger.application import Ledger
from ledger.founding import Founding, Registrar, founding, key_members, new_log_key, write_log_key
from ledger.frameworks import SHIPPED
from ledger.held import write_secret
from ledger.keys import Signer
from ledger.statement import new_id
from ledger.values import REGISTRAR

ORIGIN = "northwick.example/support"
ESTUARY = "partnership:estuary"
COUNCIL = "body:northwick"
TRUST = "body:harbour-trust"
INSPECTORATE = "body:inspectorate"
SCHOOLS = {
    "school:900001": "Alder Primary School",
    "school:900002": "Birch Lane Primary School",
    "school:900003": "Cedar Bank School",
    "school:900004": "Dale End School",
    "school:900005": "Elm Park Infant School",
    "school:900006": "Fern Hill Junior School",
}
ALDER, BIRCH, CEDAR, DALE, ELM, FERN = SCHOOLS
_FIRST_HEADS = dict(zip(SCHOOLS, ("alder", "birch", "cedar", "dale", "elm", "fern"), strict=True))
_CHAIR = f"chair@{ESTUARY}"
_CEDAR_HEAD = f"head@{CEDAR}"
_BEGINS = date(2024, 9, 2)
_LOG_SEED_BYTES = 32

#: What each school says came of its visits: an evaluation area, and the claim.
_CLAIMS = {
    ALDER: ("attendance-and-behaviour", "Lunchtimes are calmer since both schools share a rota."),
    BIRCH: ("curriculum-and-teaching", "Reading is taught in one sequence from Reception on."),
    CEDAR: ("curriculum-and-teaching", "Phonics is taught in one way in every class."),
    DALE: ("inclusion", "Plans for pupils with needs are now written with the class teacher."),
    ELM: ("achievement", "Number facts are practised every day, and it shows."),
    FERN: ("leadership-and-governance", "Governors now see the same figures as the head."),
}


class Clock:
    """A clock that the story sets to a day; each look at it is a minute later."""

    def __init__(self) -> None:
        """Start on the first morning of the story."""
        self.now = datetime.combine(_BEGINS, time(9), UTC)

    def __call__(self) -> datetime:
        """Return the moment, and let a minute pass."""
        self.now += timedelta(minutes=1)
        return self.now

    def turn_to(self, day: date) -> None:
        """Go on to the morning of a day, unless it is later already."""
        self.now = max(self.now, datetime.combine(day, time(9), UTC))


class Party(NamedTuple):
    """A person of the story: their reference and their key."""

    person: str
    signer: Signer


Action = Callable[["Story"], None]


class Story:
    """The story as it is recorded: its clock, its people, and what is still to happen."""

    def __init__(self, folder: Path, seed: int) -> None:
        """Found the ledger `demo.db` in a folder; people's keys go to its folder `keys`."""
        self.folder = folder
        self.clock = Clock()
        # Not for secrets: the same seed must tell the same story. Keys come from elsewhere.
        self.random_bytes: Callable[[int], bytes] = random.Random(seed).randbytes  # noqa: S311
        self.people: dict[str, Party] = {}
        self.heads = dict(_FIRST_HEADS)
        #: Events that later ones speak of, by what they are called here.
        self.noted: dict[str, str] = {}
        self._ahead: list[tuple[str, int, Action]] = []
        self._planned = itertools.count()
        self.ledger = self._founded(str(folder / "demo.db"))

    def _founded(self, url: str) -> Ledger:
        """Found the ledger with two registrars, so that one can vouch for what the other does."""
        registrars = (self.person("registrar"), self.person("deputy"))
        seed = secrets.token_bytes(_LOG_SEED_BYTES)
        log_key = new_log_key(ORIGIN, seed)
        write_secret(Path(f"{url}.log-key"), write_log_key(ORIGIN, log_key.key_hash, seed))
        options: dict[str, Any] = {"clock": self.clock, "random_bytes": self.random_bytes}
        ledger = Ledger.open(url, create=True, clock_confirmed=True, **options)
        founders = tuple(Registrar(party.person, party.signer) for party in registrars)
        northwick = Founding(ORIGIN, "Northwick school support", founders, log_key.verifier)
        ledger.append(founding(northwick, self.clock(), self.random_bytes))
        return ledger

    def person(self, name: str) -> Party:
        """Return someone of the story, with a fresh key on first meeting."""
        if name not in self.people:
            path = self.folder / "keys" / name
            keys.generate(path, comment=f"{name} (demo)", passphrase="")
            reference = f"person:{new_id(self.clock.now, self.random_bytes)}"
            self.people[name] = Party(reference, keys.load(path))
        return self.people[name]

    # -- time ------------------------------------------------------------------------------

    def at(self, day: str, action: Action) -> None:
        """Let something happen on a day that lies ahead."""
        heapq.heappush(self._ahead, (day, next(self._planned), action))

    def go_on(self) -> None:
        """Let everything happen, day by day, and what that brings about."""
        while self._ahead:
            day, _, action = heapq.heappop(self._ahead)
            self.clock.turn_to(date.fromisoformat(day))
            action(self)

    def days_on(self, days: int) -> str:
        """Return the day so many days from the story's today."""
        return (self.clock.now.date() + timedelta(days=days)).isoformat()

    # -- saying ----------------------------------------------------------------------------

    def say(self, who: str, office: str, name: str, /, **data: Any) -> str:
        """Let someone say in an office what happened today; return the event's id."""
        return self.late(self.clock.now.date(), who, office, name, **data)

    def late(self, happened: date, who: str, office: str, name: str, /, **data: Any) -> str:
        """Let someone say today what happened on an earlier day; return the event's id."""
        return self.ledger.say(name, data, self.person(who).signer, office, happened).event

    def register(self, name: str, /, **data: Any) -> str:
        """Let the registrar say something."""
        return self.say("registrar", REGISTRAR, name, **data)

    def head_says(self, school: str, name: str, /, **data: Any) -> str:
        """Let the head of a school say something."""
        return self.say(self.heads[school], f"head@{school}", name, **data)

    def enrol(  # noqa: PLR0913 - who, called what, appointed to what
        self, name: str, title: str, office: str, basis: str, first: str, *, vouched: bool = True
    ) -> None:
        """Enrol a person with a key and appoint them; the deputy registrar vouches for both."""
        party = self.person(name)
        self.register("PersonEnrolled", person=party.person, name=title)
        members = key_members(ORIGIN, party.person, party.signer)
        key = self.register("KeyEnrolled", person=party.person, **members)
        said = {"person": party.person, "office": office, "basis": basis, "effective_on": first}
        post = self.register("Appointed", **said)
        if not vouched:
            return
        true = {"person": party.person, "subject": f"enrolment:{key}", "key": members["key"]}
        self.say("deputy", REGISTRAR, "Vouched", **true)
        true = {"person": party.person, "subject": f"appointment:{post}", "office": office}
        self.say("deputy", REGISTRAR, "Vouched", **true)

    def visit(self, visitor: str, host: str, under: str, days: str, **more: Any) -> str:
        """Let a school's head claim a visit of today."""
        said: dict[str, Any] = {"visitor": visitor, "host": host, "under": under, "days": days}
        said |= {"mode": "on_site", "purpose": "peer_review"}
        said |= {"worked_with": ["leaders", "classrooms"]}
        return self.head_says(visitor, "VisitMade", **(said | more))

    def attest(self, host: str, visit: str, days: str) -> None:
        """Let the host confirm a visit."""
        self.head_says(host, "VisitAttested", visit=f"visit:{visit}", days=days)

    def account(self, reporter: str, other_side: str, **about: Any) -> None:
        """Let one side say what came of a visit or agreement."""
        area, claim = _CLAIMS[reporter]
        said = {"reporter": reporter, "other_side": other_side, "area": area, "claim": claim}
        self.head_says(reporter, "ImpactReported", **said, **about)


def exchange(visitor: str, host: str, accounts: tuple[str, ...] | None = None) -> Action:
    """Return a visit of the year that is confirmed, and of which both sides, or one, tell."""

    def happen(story: Story) -> None:
        visit = story.visit(visitor, host, story.noted["year"], "1.0")
        story.at(story.days_on(5), lambda story: story.attest(host, visit, "1.0"))
        for reporter in (visitor, host) if accounts is None else accounts:
            other = host if reporter == visitor else visitor
            story.at(story.days_on(16), _told(reporter, other, visit=f"visit:{visit}"))

    return happen


def _told(reporter: str, other_side: str, **about: Any) -> Action:
    return lambda story: story.account(reporter, other_side, **about)


def tell(folder: Path, seed: int, progress: Callable[[str], None]) -> Ledger:
    """Record the whole story in `demo.db` of a folder, and return the ledger, open.

    `progress` is told each chapter as it begins.
    """
    story = Story(folder, seed)
    for day, chapter in _CHAPTERS:
        story.at(day, _begun(chapter, progress))
    story.go_on()
    return story.ledger


def _begun(chapter: Action, progress: Callable[[str], None]) -> Action:
    def begin(story: Story) -> None:
        progress((chapter.__doc__ or "").strip().rstrip("."))
        chapter(story)

    return begin


def _fill_registers(story: Story) -> None:
    """September 2024: the ledger is founded and its registers filled."""
    for name, title in (("registrar", "Mx Yew"), ("deputy", "Mx Rowan")):
        story.register("PersonEnrolled", person=story.person(name).person, name=title)
    allowed = {"attestation_days": 14, "impact_days": 42, "ratification_days": 28}
    allowed |= {"handover_days": 28, "response_days": 14, "brokerage_days": 28}
    story.register("LedgerRulesSet", **allowed)
    for body, kind, name in (
        (COUNCIL, "local_authority", "Northwick Council"),
        (TRUST, "trust", "Harbour Learning Trust"),
        (INSPECTORATE, "inspectorate", "Northwick Inspectorate"),
    ):
        story.register("BodyRegistered", body=body, kind=kind, name=name)
    for school, name in SCHOOLS.items():
        said = {"school": school, "urn": school.replace("school", "urn"), "name": name}
        said |= {"phase": "primary", "establishment_type": "01"}
        story.register("SchoolRegistered", **said, la=COUNCIL, responsible_body=COUNCIL)
    story.enrol("officer", "Mx Oak", f"officer@{COUNCIL}", "substantive", "2024-09-01")
    for school, name in _FIRST_HEADS.items():
        story.enrol(name, f"Mx {name.title()}", f"head@{school}", "substantive", "2024-09-01")
    shipped = SHIPPED["ofsted-report-card-2025"]
    story.noted["framework"] = story.register(
        "FrameworkAdopted",
        slug=shipped.slug,
        title=shipped.title,
        areas=[{"area": area, "grades": list(grades)} for area, grades in shipped.areas],
        in_force_from=shipped.in_force_from.isoformat(),
        action_days=shipped.action_days,
    )


def _form_partnership(story: Story) -> None:
    """September 2024: six schools form a partnership."""
    rules: dict[str, Any] = {"visits_per_year": 2, "distinct_hosts": True, "outside_visits": 0}
    rules |= {"attestation_days": 14, "impact_days": 42, "ratification_days": 28}
    rules |= {"handover_days": 28, "response_days": 14, "brokerage_days": 28, "notice_days": 90}
    rules |= {"external_judge": True}
    contingency = dict.fromkeys(("on_closure", "on_dissolution", "holds_unspent"), COUNCIL)
    story.register(
        "PartnershipFormed",
        partnership=ESTUARY,
        name="Estuary Schools Partnership",
        kind="peer_review",
        area=COUNCIL,
        ground_rules={**rules, "contingency": contingency},
    )
    story.enrol("chair", "Mx Hazel", _CHAIR, "substantive", "2024-09-09")
    story.enrol("clerk", "Mx Maple", f"clerk@{ESTUARY}", "substantive", "2024-09-09")
    asked = {
        school: story.head_says(
            school, "MembershipSought", school=school, partnership=ESTUARY, version=1
        )
        for school in SCHOOLS
    }
    story.at("2024-09-16", lambda story: _admit(story, asked))


def _admit(story: Story, asked: dict[str, str]) -> None:
    for application in asked.values():
        said = {"application": f"application:{application}", "effective_on": "2024-09-16"}
        story.say("chair", _CHAIR, "SchoolAdmitted", **said)


def _open_year(story: Story, name: str, ends: str) -> None:
    starts = story.clock.now.date().isoformat()
    said = {"partnership": ESTUARY, "name": name, "starts": starts, "ends": ends}
    story.noted["year"] = f"year:{story.say('chair', _CHAIR, 'PartnershipYearOpened', **said)}"


def _first_year(story: Story) -> None:
    """Autumn 2024: a first year of visits; one goes unanswered, one is disputed and corrected."""
    _open_year(story, "2024-25", "2025-07-31")
    story.at("2024-10-03", exchange(ALDER, BIRCH))
    story.at("2024-10-15", exchange(BIRCH, CEDAR))
    story.at("2024-11-06", exchange(CEDAR, DALE))
    story.at("2024-11-20", exchange(FERN, ALDER))
    # Elm Park never answers this one.
    story.at("2024-12-04", lambda story: _unanswered(story, DALE, ELM))
    story.at("2024-12-10", _disputed)
    story.at("2025-01-29", exchange(ALDER, DALE))
    story.at("2025-02-26", exchange(BIRCH, FERN))
    story.at("2025-03-19", exchange(CEDAR, ELM))
    story.at("2025-04-30", exchange(DALE, BIRCH))
    # Elm Park has yet to say what came of this one.
    story.at("2025-06-11", exchange(FERN, ELM, accounts=(FERN,)))


def _unanswered(story: Story, visitor: str, host: str) -> None:
    story.visit(visitor, host, story.noted["year"], "1.0")


def _disputed(story: Story) -> None:
    claimed = story.visit(ELM, FERN, story.noted["year"], "1.5")
    wrong = "The visit ended at noon on the second day; we count one day."
    visit = f"visit:{claimed}"

    def dispute(story: Story) -> None:
        disputed = story.head_says(FERN, "VisitDisputed", visit=visit, wrong=wrong, days="1.0")
        said = {"visit": visit, "dispute": f"dispute:{disputed}", "days": "1.0"}
        story.at("2024-12-17", lambda story: _corrected(story, said))

    story.at("2024-12-13", dispute)
    story.at("2024-12-19", lambda story: story.attest(FERN, claimed, "1.0"))


def _corrected(story: Story, said: dict[str, str]) -> None:
    story.head_says(ELM, "VisitCorrected", **said)


def _support(story: Story) -> None:
    """Spring 2025: support is offered, agreed, and half delivered."""
    offer = story.head_says(
        ALDER,
        "SupportOffered",
        provider=ALDER,
        receiver=CEDAR,
        route="partnership",
        days="10.0",
        valid_until="2025-03-31",
    )
    story.at("2025-01-20", lambda story: _agree(story, offer))


def _agree(story: Story, offer: str) -> None:
    agreement = story.head_says(
        CEDAR,
        "SupportAgreed",
        offer=f"offer:{offer}",
        starts="2025-01-27",
        ends="2025-12-19",
        days="10.0",
        review_dates=["2025-05-30"],
        commissioner=COUNCIL,
    )
    under = f"agreement:{agreement}"
    for day, days in (("2025-02-04", "1.5"), ("2025-03-11", "2.0"), ("2025-05-06", "1.5")):
        story.at(day, _delivered(under, days))
    measures = [{"measure": "phonics-check-passed", "before": "61", "after": "74"}]
    story.at("2025-05-14", _told(CEDAR, ALDER, agreement=under, measures=measures))


def _delivered(under: str, days: str) -> Action:
    said: dict[str, Any] = {"purpose": "support", "worked_with": ["teachers", "classrooms"]}

    def deliver(story: Story) -> None:
        visit = story.visit(ALDER, CEDAR, under, days, **said)
        story.at(story.days_on(3), lambda story: story.attest(CEDAR, visit, days))

    return deliver


def _notify(story: Story) -> None:
    """Summer 2025: Cedar Bank's head gives notice, hands over and leaves."""
    cedar = story.person("cedar").person
    said = {"office": _CEDAR_HEAD, "holder": cedar, "effective_on": "2025-08-31"}
    story.head_says(CEDAR, "DepartureNotified", **said)
    story.at("2025-07-14", _hand_over)


def _hand_over(story: Story) -> None:
    said = {"office": _CEDAR_HEAD, "outgoing": story.person("cedar").person}
    given = story.head_says(CEDAR, "HandoverGiven", **said, at=str(story.ledger.head()))
    story.noted["handover"] = f"handover:{given}"


def _acting_head(story: Story) -> None:
    """September 2025: an acting head stands in, for whom nobody vouches."""
    cedar = story.person("cedar").person
    said = {"person": cedar, "office": _CEDAR_HEAD, "effective_on": "2025-08-31"}
    story.register("AppointmentEnded", **said)
    story.enrol("chestnut", "Mx Chestnut", _CEDAR_HEAD, "acting", "2025-09-01", vouched=False)
    story.heads[CEDAR] = "chestnut"


def _second_year(story: Story) -> None:
    """Autumn 2025: a second year of visits, and an inspection."""
    _open_year(story, "2025-26", "2026-07-31")
    story.at("2025-10-07", exchange(ALDER, DALE))
    story.at("2025-10-21", exchange(BIRCH, ELM))
    story.at("2025-11-05", exchange(DALE, FERN))
    story.at("2025-11-19", exchange(CEDAR, BIRCH))
    story.at("2025-11-26", exchange(ALDER, FERN))
    story.at("2025-12-16", _inspected)
    story.at("2026-02-03", _withdrawn)
    story.at("2026-02-06", exchange(FERN, ELM))
    story.at("2026-02-25", exchange(DALE, ALDER))


def _inspected(story: Story) -> None:
    grades = {
        "curriculum-and-teaching": "expected-standard",
        "attendance-and-behaviour": "needs-attention",
        "safeguarding": "met",
    }
    published = date(2025, 12, 15)
    source = {"publisher": "Northwick Inspectorate", "published_on": published.isoformat()}
    story.late(
        published,
        "registrar",
        REGISTRAR,
        "JudgementMade",
        about=DALE,
        judge=INSPECTORATE,
        framework=f"framework:{story.noted['framework']}",
        grades=[{"area": area, "grade": grade} for area, grade in grades.items()],
        inspected_on="2025-11-18",
        published_on=published.isoformat(),
        urn="urn:900004",
        basis="inspection",
        source={**source, "title": "Dale End School: inspection report"},
    )


def _withdrawn(story: Story) -> None:
    wrong = story.visit(FERN, BIRCH, story.noted["year"], "1.0")
    story.at("2026-02-05", lambda story: _withdraw(story, wrong))


def _withdraw(story: Story, visit: str) -> None:
    story.head_says(
        FERN,
        "EventWithdrawn",
        event=f"event:{visit}",
        effective_on="2026-02-03",
        code="wrong_party",
        text="The visit was to Elm Park, not to Birch Lane.",
    )


def _successor(story: Story) -> None:
    """January 2026: the successor takes office, accepts the handover and ratifies."""
    story.enrol("cypress", "Mx Cypress", _CEDAR_HEAD, "substantive", "2026-01-01")
    story.heads[CEDAR] = "cypress"
    story.at("2026-01-19", _accept)
    story.at("2026-01-26", _ratify)


def _accept(story: Story) -> None:
    story.head_says(
        CEDAR,
        "HandoverAccepted",
        handover=story.noted["handover"],
        incoming=story.person("cypress").person,
        exceptions="The review of the support that was due in May was not among the papers.",
    )


def _ratify(story: Story) -> None:
    said = {"school": CEDAR, "partnership": ESTUARY, "version": 1}
    story.head_says(CEDAR, "MembershipRatified", **said, at=str(story.ledger.head()))


def _convert(story: Story) -> None:
    """Spring 2026: Cedar Bank becomes an academy under a new URN, and goes on."""
    story.register(
        "SchoolConverted",
        school=CEDAR,
        old_urn="urn:900003",
        old_urn_closes_on="2026-03-31",
        new_urn="urn:900103",
        new_urn_opens_on="2026-04-01",
        effective_on="2026-04-01",
        name="Cedar Bank Academy",
        establishment_type="34",
        former_body=COUNCIL,
        responsible_body=TRUST,
    )
    story.at("2026-05-12", exchange(CEDAR, ALDER))
    story.at("2026-06-08", _ratify)
    # Birch Lane has yet to answer this one.
    story.at("2026-07-10", lambda story: _unanswered(story, ELM, BIRCH))


_CHAPTERS: tuple[tuple[str, Action], ...] = (
    ("2024-09-02", _fill_registers),
    ("2024-09-09", _form_partnership),
    ("2024-09-17", _first_year),
    ("2025-01-13", _support),
    ("2025-05-12", _notify),
    ("2025-09-01", _acting_head),
    ("2025-09-15", _second_year),
    ("2026-01-05", _successor),
    ("2026-03-20", _convert),
)

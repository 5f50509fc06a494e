"""How the story is told: its clock, its people, what they say, and what is still to happen."""

from __future__ import annotations

import heapq
import itertools
import random
import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from cli.demo.names import CHAIR, CLAIMS, ESTUARY, FIRST_HEADS, HUB_OFFICER, OFFICER, ORIGIN
from ledger import keys
from ledger.format.statement import new_id
from ledger.keys import Signer
from ledger.recording.application import Ledger
from ledger.recording.founding import (
    Founding,
    Registrar,
    founding,
    key_members,
    new_log_key,
    write_log_key,
)
from ledger.transparency.last_signed import write_secret
from ledger.values import REGISTRAR

_BEGINS = date(2024, 9, 2)
_LOG_SEED_BYTES = 32


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


Action = Callable[["Story"], object]


class Story:
    """The story as it is recorded: its clock, its people, and what is still to happen."""

    def __init__(self, folder: Path, seed: int) -> None:
        """Found the ledger `demo.db` in a folder; people's keys go to its folder `keys`."""
        self.folder = folder
        self.clock = Clock()
        self._seed = seed
        self._random: dict[str, random.Random] = {}
        self._episode = ""
        self.people: dict[str, Party] = {}
        self.heads = dict(FIRST_HEADS)
        #: Events that later ones speak of, by what they are called here.
        self.noted: dict[str, str] = {}
        #: Accounts of impact that nobody has answered yet.
        self.accounts: list[str] = []
        #: The latest version of the partnership's ground rules.
        self.version = 1
        #: What an officer recorded for a head without a key.
        self.recorded: list[str] = []
        self._ahead: list[tuple[str, int, str, Action]] = []
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

    def random_bytes(self, size: int) -> bytes:
        """Return bytes that the seed gives: each episode has its own, so that none moves others."""
        if self._episode not in self._random:
            seed = f"{self._seed} {self._episode}" if self._episode else self._seed
            # Not for secrets: the same seed must tell the same story. Keys come from elsewhere.
            self._random[self._episode] = random.Random(seed)  # noqa: S311
        return self._random[self._episode].randbytes(size)

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
        """Let something happen on a day that lies ahead, in the episode that is told."""
        self._plan(day, self._episode, action)

    def begin(self, day: str, episode: str, action: Action) -> None:
        """Let an episode begin on a day: what happens in it changes no id of what is beside it."""
        self._plan(day, episode, action)

    def _plan(self, day: str, episode: str, action: Action) -> None:
        heapq.heappush(self._ahead, (day, next(self._planned), episode, action))

    def go_on(self) -> None:
        """Let everything happen, day by day, and what that brings about."""
        while self._ahead:
            day, _, self._episode, action = heapq.heappop(self._ahead)
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

    def publish(self, name: str, publisher: str, title: str, /, **data: Any) -> str:
        """Let the registrar say what somebody published, and where it stands."""
        return self.register(name, **data, source={"publisher": publisher, "title": title})

    def head_says(self, school: str, name: str, /, **data: Any) -> str:
        """Let the head of a school say something."""
        return self.say(self.heads[school], f"head@{school}", name, **data)

    def officer_says(self, name: str, /, **data: Any) -> str:
        """Let the council's officer say something."""
        return self.say("officer", OFFICER, name, **data)

    def chair_says(self, name: str, /, **data: Any) -> str:
        """Let the chair of the partnership say something."""
        return self.say("chair", CHAIR, name, **data)

    def hub_says(self, name: str, /, **data: Any) -> str:
        """Let the officer of the teaching hub say something."""
        return self.say("larch", HUB_OFFICER, name, **data)

    def lodge(self, about: str, kind: str, title: str, text: bytes) -> str:
        """Let the council's officer lodge a document; return the evidence."""
        said = {"about": about, "kind": kind, "title": title, "media_type": "text/plain"}
        digest = sha256(text).hexdigest()
        lodged = self.officer_says("EvidenceLodged", **said, size=len(text), sha256=digest)
        return f"evidence:{lodged}"

    def enrol(  # noqa: PLR0913 - who, called what, appointed to what in whose place
        self,
        name: str,
        title: str,
        office: str,
        basis: str,
        first: str,
        *,
        vouched: bool = True,
        succeeds: str | None = None,
    ) -> None:
        """Enrol a person with a key and appoint them; the deputy registrar vouches for both."""
        party = self.person(name)
        self.register("PersonEnrolled", person=party.person, name=title)
        key, members = self.enrol_key(name)
        said = {"person": party.person, "office": office, "basis": basis, "effective_on": first}
        if succeeds is not None:
            said["succeeds"] = self.person(succeeds).person
        post = self.register("Appointed", **said)
        if not vouched:
            return
        self.vouch(person=party.person, subject=f"enrolment:{key}", key=members["key"])
        self.vouch(person=party.person, subject=f"appointment:{post}", office=office)

    def enrol_key(self, name: str) -> tuple[str, dict[str, str]]:
        """Enrol someone's key; return the event's id, and what it says of the key."""
        party = self.person(name)
        members = key_members(ORIGIN, party.person, party.signer)
        return self.register("KeyEnrolled", person=party.person, **members), members

    def vouch(self, **true: str) -> None:
        """Let the deputy registrar vouch for what the registrar recorded of a person."""
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

    def account(self, reporter: str, **about: Any) -> str:
        """Let a school say what came of an agreement or a year; its usual claim, unless given."""
        area, claim = CLAIMS[reporter]
        said = {"reporter": reporter, "area": area, "claim": claim}
        impact = self.head_says(reporter, "ImpactReported", **(said | about))
        self.accounts.append(f"impact:{impact}")
        return impact


def exchange(visitor: str, host: str) -> Action:
    """Return a visit of the year that is confirmed."""

    def happen(story: Story) -> None:
        visit = story.visit(visitor, host, story.noted["year"], "1.0")
        story.at(story.days_on(5), lambda story: story.attest(host, visit, "1.0"))

    return happen


def accounts(*schools: str) -> Action:
    """Return what schools say came of the year."""

    def tell(story: Story) -> None:
        for school in schools:
            story.account(school, year=story.noted["year"])

    return tell


def unanswered(story: Story, visitor: str, host: str) -> None:
    """Let a visit be claimed that the host never answers."""
    story.visit(visitor, host, story.noted["year"], "1.0")


def open_year(story: Story, name: str, ends: str) -> None:
    """Open a partnership year that starts today."""
    starts = story.clock.now.date().isoformat()
    said = {"partnership": ESTUARY, "name": name, "starts": starts, "ends": ends}
    story.noted["year"] = f"year:{story.say('chair', CHAIR, 'PartnershipYearOpened', **said)}"

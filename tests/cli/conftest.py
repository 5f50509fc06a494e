"""A founded ledger in a folder of its own, and the command run as a user types it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result
from two_years import tell

from cli.main import main
from cli.terminal.session import Session
from ledger import keys
from ledger.format.statement import new_id
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

ORIGIN = "northwick.example/support"
REGISTRAR = "registrar@ledger"
LOG_SEED = bytes(range(32))
HEADS = {"alder": "900001", "birch": "900002"}
COUNCIL = "body:northwick"
_RULES = (
    "attestation_days",
    "impact_days",
    "ratification_days",
    "handover_days",
    "response_days",
    "brokerage_days",
)
_BEGINS = datetime(2024, 9, 2, 9, tzinfo=UTC)


class Clock:
    """Says a minute later each time that it is asked."""

    def __init__(self, now: datetime = _BEGINS) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


class World(NamedTuple):
    """A folder with a ledger, its keys and its settings, and what the ledger names."""

    folder: Path
    people: dict[str, str]
    offer: str
    agreement: str
    visit: str
    clock: Clock

    @property
    def ledger(self) -> Path:
        return self.folder / "northwick.db"

    def key(self, name: str) -> str:
        return str(self.folder / "keys" / name)

    def run(self, *args: str, **how: object) -> Result:
        """Run the command, as typed, by this world's clock."""
        return CliRunner().invoke(main, args, obj=Session(self.clock), **how)

    def done(self, *args: str, **how: object) -> str:
        """Run the command, which must succeed, and return what it wrote to stdout."""
        result = self.run(*args, **how)
        assert result.exit_code == 0, result.output
        return result.stdout

    def error(self, *args: str, code: int = 1, **how: object) -> str:
        """Run the command, which must fail, and return what it wrote to stderr."""
        result = self.run(*args, **how)
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.stderr
        return result.stderr


class _Story:
    """Records events with the keys of a folder."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        (folder / "keys").mkdir()
        self.clock = clock
        self.signers = {}
        for name in ("registrar", "officer", *HEADS):
            keys.generate(folder / "keys" / name, "", "")
            self.signers[name] = keys.load(folder / "keys" / name)
        self.people = {name: f"person:{new_id(clock())}" for name in self.signers}
        self.ledger = Ledger.open(str(folder / "northwick.db"), create=True, clock=clock)

    def say(self, event: str, by: str, office: str, /, **data: object) -> str:
        data = {name.rstrip("_"): value for name, value in data.items()}
        day = self.clock.now.date()
        return self.ledger.say(event, data, self.signers[by], office, day).event

    def found(self) -> None:
        registrar = Registrar(self.people["registrar"], self.signers["registrar"])
        first = Founding(ORIGIN, "Northwick", (registrar,), new_log_key(ORIGIN, LOG_SEED).verifier)
        self.ledger.append(founding(first, self.clock()))
        self.register("LedgerRulesSet", **dict.fromkeys(_RULES, 14))
        self.register(
            "BodyRegistered", body=COUNCIL, kind="local_authority", name="Northwick Council"
        )

    def register(self, event: str, **data: object) -> str:
        return self.say(event, "registrar", REGISTRAR, **data)

    def school(self, name: str, urn: str) -> None:
        self.register(
            "SchoolRegistered",
            school=f"school:{urn}",
            urn=f"urn:{urn}",
            name=f"{name.title()} School",
            phase="primary",
            la=COUNCIL,
            responsible_body=COUNCIL,
        )

    def person(self, name: str, office: str | None) -> None:
        person = self.people[name]
        self.register("PersonEnrolled", person=person, name=name.title())
        if office is None:
            return
        self.register(
            "KeyEnrolled", person=person, **key_members(ORIGIN, person, self.signers[name])
        )
        self.register(
            "Appointed",
            person=person,
            office_=office,
            basis="substantive",
            effective_on="2024-09-01",
        )

    def support(self) -> tuple[str, str, str]:
        alder, birch = (f"school:{urn}" for urn in HEADS.values())
        offer = self.say(
            "SupportOffered",
            "alder",
            f"head@{alder}",
            provider=alder,
            receiver=birch,
            route="local_authority",
            days="6.0",
            valid_until="2024-12-31",
        )
        terms = {"offer": f"offer:{offer}", "starts": "2024-09-02", "ends": "2025-03-31"}
        agreement = self.say("SupportAgreed", "birch", f"head@{birch}", **terms, days="6.0")
        visit = self.say(
            "VisitMade",
            "alder",
            f"head@{alder}",
            visitor=alder,
            host=birch,
            under=f"agreement:{agreement}",
            purpose="support",
            mode="on_site",
            days="1.5",
            note="Phonics in every class",
        )
        return offer, agreement, visit


def _found(folder: Path, clock: Clock) -> World:
    story = _Story(folder, clock)
    story.found()
    for name, urn in HEADS.items():
        story.school(name, urn)
    story.person("registrar", None)
    story.person("officer", f"officer@{COUNCIL}")
    for name, urn in HEADS.items():
        story.person(name, f"head@school:{urn}")
    things = story.support()
    story.ledger.close()
    (folder / "school-ledger.toml").write_text('ledger = "northwick.db"\nkey = "keys/registrar"\n')
    return World(folder, story.people, *things, clock)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A world that nobody may change."""
    return _found(tmp_path_factory.mktemp("world"), Clock())


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
    for name in ("SCHOOL_LEDGER", "COLUMNS", "SSH_AUTH_SOCK"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def world(founded: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world of the test's own, in whose folder the command runs."""
    folder = tmp_path / "northwick"
    shutil.copytree(founded.folder, folder)
    monkeypatch.chdir(folder)
    return founded._replace(folder=folder, clock=Clock(founded.clock.now))


@pytest.fixture
def logged(world: World) -> World:
    """A world of the test's own, with the log's key, which signs checkpoints, beside the ledger."""
    key_hash = new_log_key(ORIGIN, LOG_SEED).key_hash
    write_secret(world.folder / "northwick.db.log-key", write_log_key(ORIGIN, key_hash, LOG_SEED))
    return world


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A folder without any ledger."""
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    yield World(folder, {}, "", "", "", Clock())
    os.chdir(tmp_path)


_MASKS = (
    (r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", "<id>"),
    (r"\b01[0-9a-f]{6}-[0-9a-f]{4}(?:-7[0-9a-f]*)?\b", "<start>"),
    (r"\b[0-9a-f]{64}\b", "<hash>"),
    (r"SHA256:[A-Za-z0-9+/]{43}", "SHA256:<key>"),
    (r"\+[0-9a-f]{8}\+[A-Za-z0-9+/]{43,}=*", "+<log key>"),
    (r"\d+:[A-Za-z0-9+/]{43}=", "<head>"),
    (r"ssh-ed25519 [A-Za-z0-9+/]+=*", "ssh-ed25519 <key>"),
)


@pytest.fixture
def masked() -> Callable[[str], str]:
    """Return how an output is compared: without what differs each time."""

    def mask(text: str) -> str:
        for pattern, word in _MASKS:
            text = re.sub(pattern, word, text)
        return text

    return mask


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A folder with the ledger and keys of the demo."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "keys").mkdir()
    tell(folder, 7, lambda _: None).close()
    return folder


@pytest.fixture
def at(demo, tmp_path, monkeypatch):
    """Run commands on the demo's ledger, in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)

    def run(*args, code=0, ledger=demo / "demo.db"):
        key = ("--key", str(demo / "keys" / "registrar"))
        signs = key if args[:2] == ("export", "bundle") and "--key" not in args else ()
        result = CliRunner().invoke(
            main, ["--ledger", str(ledger), *args, *signs], obj=Session(), catch_exceptions=False
        )
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.stderr
        return result

    return run


@pytest.fixture
def told(at, demo, tmp_path):
    """Run commands on a copy of the demo's ledger, with its keys beside it."""
    shutil.copy(demo / "demo.db", tmp_path / "demo.db")
    shutil.copytree(demo / "keys", tmp_path / "keys")

    def run(*args, code=0):
        return at(*args, code=code, ledger=tmp_path / "demo.db")

    return run

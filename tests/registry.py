"""A ledger with two registrars and a few people, recorded for real by a clock that tests set."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from ledger import keys
from ledger.recording.application import By, Ledger, sign
from ledger.recording.founding import Founding, Registrar, founding, key_members, new_log_key

ORIGIN = "northwick.example/support"
REGISTRAR = "registrar@ledger"
BEGINS = datetime(2026, 3, 2, 9, tzinfo=UTC)
COUNCIL = "body:northwick"
ALDER, BIRCH = "school:900001", "school:900002"
OFFICES = {
    "rita": REGISTRAR,
    "rob": REGISTRAR,
    "ann": f"head@{ALDER}",
    "ben": f"head@{BIRCH}",
    "olive": f"officer@{COUNCIL}",
}


class Clock:
    """Tells the time that the test sets, a minute later each time."""

    def __init__(self, now=BEGINS):
        self.now = now

    def __call__(self):
        self.now += timedelta(minutes=1)
        return self.now


class Enrolled(NamedTuple):
    """Which events enrolled and appointed somebody."""

    key: str
    appointment: str


def person(name):
    number = list(OFFICES).index(name)
    return f"person:01900000-0000-7000-8000-{number:012}"


def signer(label):
    return keys.in_memory(label.encode().ljust(32, b"."))


def key(label):
    return f"key:{signer(label).public.fingerprint}"


def members(name, label):
    """Return what KeyEnrolled says of a key, made from a label, of a person."""
    enrolled = key_members(ORIGIN, person(name), signer(label))
    return {"person": person(name), "key_": enrolled.pop("key"), **enrolled}


class Registry:
    """Two registrars, an authority with an officer, two schools with their heads."""

    def __init__(self, path):
        self.clock = Clock()
        self.lent = ExitStack()
        self.kept = []
        self.ledger = Ledger.open(str(path), create=True, clock=self.clock, clock_confirmed=True)
        founders = tuple(Registrar(person(name), signer(name)) for name in ("rita", "rob"))
        log_key = new_log_key(ORIGIN, b"l" * 32)
        first = Founding(ORIGIN, "Northwick", founders, log_key.verifier)
        self.ledger.append(founding(first, self.clock()))
        days = ("attestation", "impact", "ratification", "handover", "response", "brokerage")
        self.say("rita", "LedgerRulesSet", **{f"{name}_days": 28 for name in days})
        kind = {"kind": "local_authority", "name": "Northwick Council"}
        self.say("rita", "BodyRegistered", body=COUNCIL, **kind)
        for school, name in ((ALDER, "Alder School"), (BIRCH, "Birch School")):
            said = {"school": school, "urn": school.replace("school", "urn"), "name": name}
            said |= {"phase": "primary", "la": COUNCIL, "responsible_body": COUNCIL}
            self.say("rita", "SchoolRegistered", **said)
        self.enrolled = {name: self.enrol(name) for name in ("ann", "ben", "olive")}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lent.close()
        self.ledger.close()

    def say(self, who, event, /, *, key=None, office=None, **data):
        """Let somebody say something today, with a key of theirs; return the event's id."""
        by = By(person(who), office or OFFICES[who])
        day = self.clock.now.date()
        data = {name.rstrip("_"): value for name, value in data.items()}
        draft = self.ledger.draft(event, data, by, day)
        return self.ledger.append(sign(draft, signer(key or who))).event

    def enrol(self, name):
        self.say("rita", "PersonEnrolled", person=person(name), name=f"Mx {name.title()}")
        enrolment = self.say("rita", "KeyEnrolled", **members(name, name))
        said = {"office_": OFFICES[name], "basis": "substantive", "effective_on": "2026-03-01"}
        appointment = self.say("rita", "Appointed", person=person(name), **said)
        return Enrolled(enrolment, appointment)

    def vouch(self, name, by="rob"):
        """Let somebody vouch for a person's key and appointment."""
        own = self.enrolled[name]
        whose = {"person": person(name)}
        self.say(by, "Vouched", subject=f"enrolment:{own.key}", **whose, key_=key(name))
        appointment = f"appointment:{own.appointment}"
        self.say(by, "Vouched", subject=appointment, **whose, office_=OFFICES[name])

    def visit(self, **more):
        """Let Alder's head claim a visit to Birch."""
        said = {"visitor": ALDER, "host": BIRCH, "purpose": "support", "mode": "on_site"}
        said |= {"days": "1.0", "under": "nothing"}
        return self.say("ann", "VisitMade", **said | more)

    def agree(self):
        """Let Alder offer Birch six days and Birch agree; return both events."""
        said = {"provider": ALDER, "receiver": BIRCH, "route": "local_authority", "days": "6.0"}
        offer = self.say("ann", "SupportOffered", valid_until="2026-12-31", **said)
        terms = {"starts": "2026-03-02", "ends": "2026-07-31", "days": "6.0"}
        return offer, self.say("ben", "SupportAgreed", offer=f"offer:{offer}", **terms)

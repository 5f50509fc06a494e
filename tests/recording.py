"""A small made-up record, and statements to add to it, as the schools of Northwick sign them."""

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from eventsourcing.dcb.api import DCBEvent

from ledger import keys
from ledger.format import sshsig
from ledger.format.entry import entry_tags, parse_entry, parse_event, parse_signature
from ledger.format.statement import NAMESPACE, Envelope, draft, new_id, write_time
from ledger.log.merkle import Tree, leaf_hash
from ledger.recording.application import Ledger, sign
from ledger.recording.founding import Founding, Registrar, founding, key_members, new_log_key
from ledger.store import open_store

ROOT = Path(__file__).parents[1]
ORIGIN = "northwick.example/support"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = date(2026, 3, 2)
REGISTRAR = "registrar@ledger"


class Clock:
    """Tells the time that the test sets."""

    def __init__(self, now=NOW):
        self.now = now

    def __call__(self):
        return self.now


class Head(NamedTuple):
    """A school's head, who is the same in every process."""

    number: int

    @property
    def school(self):
        return f"school:{900_000 + self.number}"

    @property
    def office(self):
        return f"head@{self.school}"

    @property
    def person(self):
        return f"person:01900000-0000-7000-8000-{self.number:012}"

    @property
    def signer(self):
        return keys.in_memory(bytes([self.number]) * 32)


ONE, TWO, THREE = Head(1), Head(2), Head(3)
_REGISTRAR = Head(0)


def found(path, clock=None, heads=(ONE, TWO, THREE)):
    """Found a ledger with a few schools, their heads and keys; return it open."""
    ledger = Ledger.open(str(path), create=True, clock=clock or Clock())
    registrar = Registrar(_REGISTRAR.person, _REGISTRAR.signer)
    log_key = new_log_key(ORIGIN, b"l" * 32)
    ledger.append(founding(Founding(ORIGIN, "Northwick", (registrar,), log_key.verifier), NOW))

    def register(name, /, **data):
        ledger.say(name, data, _REGISTRAR.signer, REGISTRAR, DAY)

    days = ("attestation", "impact", "ratification", "handover", "response", "brokerage")
    register("LedgerRulesSet", **{f"{name}_days": 28 for name in days})
    register("BodyRegistered", body="body:northwick", kind="local_authority", name="Northwick")
    for head in heads:
        _register_school(register, head)
    return ledger


def _register_school(register, head):
    person = head.person
    register(
        "SchoolRegistered",
        school=head.school,
        urn=head.school.replace("school", "urn"),
        name=f"School {head.number}",
        phase="primary",
        la="body:northwick",
        responsible_body="body:northwick",
    )
    register("PersonEnrolled", person=person, name=f"Rosalind Ashgrove {head.number}")
    register("KeyEnrolled", person=person, **key_members(ORIGIN, person, head.signer))
    register(
        "Appointed",
        person=person,
        office=head.office,
        basis="substantive",
        effective_on="2026-03-01",
    )


def say(ledger, head, name, /, **data):
    """Record one event by a head, today."""
    return ledger.say(name, data, head.signer, head.office, DAY)


def register(ledger, name, /, **data):
    """Record one event by the registrar, today; return its id."""
    return ledger.say(name, data, _REGISTRAR.signer, REGISTRAR, DAY).event


_RULES = ("attestation", "impact", "ratification", "handover", "response", "brokerage", "notice")


def partnership(
    ledger, heads=(ONE, TWO, THREE), slug="estuary", number=9, takes_over="body:northwick"
):
    """Form a partnership whose chair admits these schools from today; return how the chair says."""
    reference, chair = f"partnership:{slug}", Head(number)
    agreed = {"visits_per_year": 2, "distinct_hosts": True, "outside_visits": 0}
    agreed |= {f"{name}_days": 28 for name in _RULES} | {"external_judge": False}
    named = dict.fromkeys(("on_closure", "on_dissolution", "holds_unspent"), takes_over)
    told = {"name": f"{slug.title()} Partnership", "kind": "peer_review"}
    formed = {"partnership": reference, **told, "ground_rules": {**agreed, "contingency": named}}
    register(ledger, "PartnershipFormed", **formed)
    office, person = f"chair@{reference}", chair.person
    register(ledger, "PersonEnrolled", person=person, name=f"Hazel Ashgrove {slug}")
    register(ledger, "KeyEnrolled", person=person, **key_members(ORIGIN, person, chair.signer))
    appointed = {"person": person, "office": office, "basis": "substantive"}
    register(ledger, "Appointed", **appointed, effective_on="2026-03-01")

    def say_so(name, /, **data):
        return ledger.say(name, data, chair.signer, office, DAY).event

    for head in heads:
        sought = {"school": head.school, "partnership": reference, "version": 1}
        application = say(ledger, head, "MembershipSought", **sought).event
        admitted = {"application": f"application:{application}", "effective_on": DAY.isoformat()}
        say_so("SchoolAdmitted", **admitted)
    return say_so


def offer(ledger, provider=ONE, receiver=TWO):
    """Record an offer of support; return its id."""
    return say(
        ledger,
        provider,
        "SupportOffered",
        provider=provider.school,
        receiver=receiver.school,
        route="local_authority",
        days="6.0",
        valid_until="2026-12-31",
    ).event


def agreed(offered):
    """Return what the receiver says to agree to an offer."""
    return {
        "offer": f"offer:{offered}",
        "starts": "2026-03-02",
        "ends": "2026-07-31",
        "days": "6.0",
    }


def visit(ledger, visitor=ONE, host=TWO, *, note=None, salts=os.urandom, **said):
    """Return a signed visit under nothing; `said` replaces members of its envelope or data."""
    envelope = {
        "source": ORIGIN,
        "id": new_id(NOW),
        "time": write_time(NOW),
        "occurred_on": DAY,
        "signed_by": visitor.person,
        "office": visitor.office,
        "seen": str(ledger.head()),
    }
    data = {
        "visitor": visitor.school,
        "host": host.school,
        "under": "nothing",
        "purpose": "support",
        "mode": "on_site",
        "days": "1.0",
    }
    for name, value in said.items():
        (envelope if name in envelope else data)[name] = value
    texts = {"/data/note": note} if note else {}
    if note:
        data["note"] = {"sealed": "A" * 43}
    drafted = draft(parse_event("VisitMade.v1", data), Envelope(**envelope), texts, salts)
    return sign(drafted, visitor.signer)


def a_year(ledger):
    """Record a little of everything that support is made of, and a withdrawal."""
    for number in range(3):
        offered = offer(ledger)
        agreement = say(ledger, TWO, "SupportAgreed", **agreed(offered)).event
        visits = [
            say(
                ledger,
                ONE,
                "VisitMade",
                visitor=ONE.school,
                host=TWO.school,
                under=f"agreement:{agreement}",
                purpose="support",
                mode="on_site",
                days="1.0",
                note="Read with the youngest.",
            ).event
            for _ in range(3)
        ]
        answer = {"visit": f"visit:{visits[0]}", "days": "1.0"}
        attested = say(ledger, TWO, "VisitAttested", **answer).event
        if number == 1:
            withdrawn = {"event": f"event:{attested}", "effective_on": DAY.isoformat()}
            say(ledger, TWO, "EventWithdrawn", code="entered_in_error", **withdrawn)
            say(ledger, TWO, "VisitAttested", **answer)
        wrong = {"visit": f"visit:{visits[1]}", "days": "0.5"}
        say(ledger, TWO, "VisitDisputed", wrong="It was half a day.", **wrong)


class UpTo:
    """A store as it was when it had so many entries."""

    def __init__(self, store, last):
        self._store = store
        self.last = last

    def __getattr__(self, name):
        return getattr(self._store, name)

    def head(self):
        return min(self.last, self._store.head())

    def entries(self, after=0, limit=None):
        return (row for row in self._store.entries(after, limit) if row[0] <= self.last)


def later(**spans):
    """Return a moment after `NOW`."""
    return NOW + timedelta(**spans)


#: Imports what scripts import, once, and forks a process for each list of arguments. Each waits at
#: `sys.stdin.readline()` until all have come so far, and writes into files of its own.
MOTHER = """
import json, os, sys, traceback, warnings
from recording import *
import ledger.audit.check, ledger.recording.bulk, projections.reports.owes, projections.tables.views
import cli.main, cli.terminal.session

folder, script, arguments = sys.argv[1], compile(sys.argv[2], "<script>", "exec"), sys.argv[3]
arrived, arrive = os.pipe()
going, go = os.pipe()


class Start:
    def readline(self):
        os.write(arrive, b".")
        os.read(going, 1)
        return "go\\n"


def live(number, argv):
    os.close(go)
    for descriptor, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(f"{folder}/{number}.{name}", os.O_WRONLY | os.O_CREAT), descriptor)
    sys.argv[1:], sys.stdin = argv, Start()
    exec(script, {"__name__": "__main__"})
    sys.stdout.flush()


children = []
for number, argv in enumerate(json.loads(arguments)):
    child = os.fork()
    if not child:
        try:
            live(number, argv)
        except BaseException:
            os.write(arrive, b".")
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    children.append(child)
waiting = len(children)
while waiting:
    waiting -= len(os.read(arrived, waiting))
os.close(go)
print(*(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))
"""


def processes(script, arguments):
    """Run a script once for each list of arguments, all at once; return what each printed."""
    told = json.dumps([list(map(str, each)) for each in arguments])
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", MOTHER, folder, script, told],
            env=os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))},
            capture_output=True,
            check=False,
            text=True,
            timeout=120,
        )
        files = [Path(folder, str(number)) for number in range(len(arguments))]
        errors = [file.with_suffix(".err").read_text() for file in files]
        said = [file.with_suffix(".out").read_text().splitlines() for file in files]
    assert errors == [""] * len(arguments)
    assert done.stdout.split() == ["0"] * len(arguments), done.stderr
    return [lines[lines.index("ready") + 1 :] for lines in said]


def restored(entries, path):
    """Return a store of nothing but these entries, as a reader might make one."""
    store = open_store(str(path), create=True)
    with store.writing():
        events, ids = [], []
        for _, data in entries:
            parts = parse_entry(data)
            public = sshsig.split(parse_signature(parts.signature), NAMESPACE).key
            key = f"key:{public.fingerprint}"
            events.append(DCBEvent(parts.statement.name, data, entry_tags(parts.statement, key)))
            ids.append(parts.statement.id)
        store.append_entries(events, ids)
        Tree(store.log).append([leaf_hash(data) for _, data in entries])
    return store

"""Write the golden entries that are missing: one entry of each event, kept for ever.

Run `python tests/golden/make.py` after adding an event. Files that are there are never written
again: an old record must stay readable as it is, so a golden entry that no longer reads is a fault
of the code. A new version of a schema is a new type and gets a file of its own.

Everything is made from fixed seeds. The entries form no valid history; each is true to life.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from ledger import events, keys
from ledger.entry import Submission, entry_tags, read_event, write_entry
from ledger.events import Event
from ledger.founding import Founding, Registrar, founding, key_members, new_log_key
from ledger.keys import MemorySigner
from ledger.log.merkle import leaf_hash
from ledger.statement import (
    NAMESPACE,
    Envelope,
    draft,
    new_id,
    parse,
    read_time,
    tree_head,
    unsealed,
    write_time,
)

HERE = Path(__file__).parent
ORIGIN = "northwick.example/support"
NORTHWICK = "body:northwick"
TRUST = "body:tidewater-trust"
ESTUARY = "partnership:estuary"
SCHOOL_1, SCHOOL_2, SCHOOL_3 = "school:900001", "school:900002", "school:900003"
HEAD_1, HEAD_2, HEAD_3 = f"head@{SCHOOL_1}", f"head@{SCHOOL_2}", f"head@{SCHOOL_3}"
CHAIR, REGISTRAR = f"chair@{ESTUARY}", "registrar@ledger"
_PROMPT = timedelta(seconds=11)


def seed(name: str) -> bytes:
    return sha256(f"school-ledger golden entries: {name}".encode()).digest()


def random_bytes(name: str) -> Callable[[int], bytes]:
    """Return a source of bytes that are the same in every run, and others for each name."""
    count = 0

    def take(size: int) -> bytes:
        nonlocal count
        count += 1
        return seed(f"{name} {count}")[:size]

    return take


def signer(name: str) -> MemorySigner:
    return keys.in_memory(seed(f"key of {name}"))


def person(name: str) -> str:
    return f"person:{new_id(read_time('2024-08-20T10:00:00Z'), random_bytes(f'person {name}'))}"


class Example(NamedTuple):
    """An event with what its signer knew: plain text stands where the model seals it."""

    name: str
    time: str
    seen: int
    by: str
    office: str
    data: dict[str, Any]
    occurred_on: str = ""

    @property
    def id(self) -> str:
        return new_id(read_time(self.time), random_bytes(f"id of {self.name}"))


EXAMPLES: dict[str, Example] = {}


def add(*example: Any) -> Example:
    made = Example(*example)
    EXAMPLES[made.name] = made
    return made


def root(size: int) -> bytes:
    """Return what might be the root of a history of so many entries."""
    return seed(f"root of {size}")


REGISTERED = {
    "publisher": "Northwick Council",
    "title": "Register of schools in Northwick, 2024",
    "published_on": "2024-09-01",
    "url": "https://northwick.example/register/2024.csv",
    "file": "register-2024.csv",
    "sha256": sha256(b"register-2024.csv").hexdigest(),
    "row": 4,
}
DAYS_ALLOWED = {
    "attestation_days": 14,
    "impact_days": 42,
    "ratification_days": 28,
    "handover_days": 28,
    "response_days": 14,
    "brokerage_days": 28,
}
GROUND_RULES = {
    **DAYS_ALLOWED,
    "visits_per_year": 3,
    "distinct_hosts": True,
    "outside_visits": 1,
    "notice_days": 90,
    "external_judge": False,
    "contingency": {
        "on_closure": NORTHWICK,
        "on_dissolution": NORTHWICK,
        "holds_unspent": SCHOOL_1,
    },
}

FOUNDED = add("LedgerFounded", "2024-09-02T09:00:00Z", 0, "registrar", REGISTRAR, {})
add("LedgerRulesSet", "2024-09-02T09:05:00Z", 1, "registrar", REGISTRAR, DAYS_ALLOWED)
add(
    *("PersonEnrolled", "2024-09-02T09:10:00Z", 2, "registrar", REGISTRAR),
    {
        "person": person("head 1"),
        "name": "Zoë Ó Faoláin",
        "contact": "head@estuary-primary.example",
    },
)
ENROLLED = add(
    *("KeyEnrolled", "2024-09-02T09:15:00Z", 3, "registrar", REGISTRAR),
    {"person": person("head 1"), **key_members(ORIGIN, person("head 1"), signer("head 1"))},
)
add(
    *("KeyRetired", "2025-09-01T09:00:00Z", 104, "head 1", HEAD_1),
    {"person": person("head 1"), "key": f"key:{signer('former key').public.fingerprint}"},
)
add(
    *("KeyCompromised", "2025-02-03T12:00:00Z", 48, "registrar", REGISTRAR),
    {
        "person": person("head 2"),
        "key": f"key:{signer('head 2').public.fingerprint}",
        "since": "2025-02-01T18:00:00Z",
    },
)
add(
    *("LogKeyChanged", "2025-06-30T09:00:00Z", 88, "registrar", REGISTRAR),
    {
        "former": new_log_key(ORIGIN, seed("log key")).verifier,
        "log_key": new_log_key(ORIGIN, seed("second log key")).verifier,
    },
)
add(
    *("ClockCorrected", "2025-07-01T09:00:00Z", 91, "registrar", REGISTRAR),
    {"since": tree_head(89, root(89)), "reason": "The machine ran eleven days ahead."},
)
add(
    *("Vouched", "2024-09-02T10:00:00Z", 4, "chair", f"board_chair@{SCHOOL_1}"),
    {
        "subject": f"enrolment:{ENROLLED.id}",
        "person": person("head 1"),
        "key": f"key:{signer('head 1').public.fingerprint}",
    },
)
add(
    *("Appointed", "2024-09-02T10:05:00Z", 5, "registrar", REGISTRAR),
    {
        "person": person("head 2"),
        "office": HEAD_2,
        "basis": "acting",
        "effective_on": "2024-09-01",
        "reason": "The head is on leave until Easter.",
        "obligations": [f"{FOUNDED.id}/ratification/partnership:estuary"],
    },
)
add(
    *("AppointmentEnded", "2025-04-22T08:30:00Z", 61, "registrar", REGISTRAR),
    {"person": person("head 2"), "office": HEAD_2, "effective_on": "2025-04-21"},
)
add(
    *("BodyRegistered", "2024-09-02T10:10:00Z", 6, "registrar", REGISTRAR),
    {
        "body": NORTHWICK,
        "kind": "local_authority",
        "name": "Northwick",
        "identifiers": {"la_code": "999"},
        "source": REGISTERED,
    },
)
add(
    *("SchoolRegistered", "2024-09-02T10:15:00Z", 7, "registrar", REGISTRAR),
    {
        "school": SCHOOL_3,
        "urn": "urn:900003",
        "name": "Gullmarsh Brontë Primary School",
        "phase": "primary",
        "establishment_type": "02",
        "la": NORTHWICK,
        "responsible_body": NORTHWICK,
        "opened_on": "1957-09-01",
        "identifiers": {"laestab": "999/3003", "ukprn": "10900003"},
        "source": REGISTERED,
    },
)
add(
    *("SchoolConverted", "2025-09-01T08:00:00Z", 102, "registrar", REGISTRAR),
    {
        "school": SCHOOL_3,
        "old_urn": "urn:900003",
        "old_urn_closes_on": "2025-08-31",
        "new_urn": "urn:900013",
        "new_urn_opens_on": "2025-09-01",
        "effective_on": "2025-09-01",
        "name": "Gullmarsh Brontë Academy",
        "establishment_type": "34",
        "former_body": NORTHWICK,
        "responsible_body": TRUST,
        "identifiers": {"laestab": "999/3003", "ukprn": "10900013"},
    },
)
add(
    *("SchoolClosed", "2025-09-01T08:05:00Z", 103, "registrar", REGISTRAR),
    {"school": "school:900009", "effective_on": "2025-08-31", "reason": "closed"},
)
add(
    *("ResponsibleBodyChanged", "2026-01-05T09:00:00Z", 140, "registrar", REGISTRAR),
    {
        "school": SCHOOL_3,
        "former_body": TRUST,
        "responsible_body": "body:harbour-trust",
        "effective_on": "2026-01-01",
    },
)
add(
    *("PartnershipFormed", "2024-09-03T09:00:00Z", 12, "clerk", f"clerk@{ESTUARY}"),
    {
        "partnership": ESTUARY,
        "name": "Estuary Schools Partnership",
        "kind": "peer_review",
        "area": NORTHWICK,
        "ground_rules": GROUND_RULES,
    },
)
SOUGHT = add(
    *("MembershipSought", "2024-09-04T09:00:00Z", 13, "head 1", HEAD_1),
    {"school": SCHOOL_1, "partnership": ESTUARY, "version": 1},
)
add(
    *("SchoolAdmitted", "2024-09-05T09:00:00Z", 14, "partnership chair", CHAIR),
    {
        "application": f"application:{SOUGHT.id}",
        "school": SCHOOL_1,
        "partnership": ESTUARY,
        "effective_on": "2024-09-09",
        "obligations": [f"{SOUGHT.id}/admission_answer"],
    },
)
YEAR = add(
    *("PartnershipYearOpened", "2024-09-06T09:00:00Z", 20, "partnership chair", CHAIR),
    {
        "partnership": ESTUARY,
        "name": "2024-25",
        "starts": "2024-09-09",
        "ends": "2025-07-22",
    },
)
add(
    *("MembershipRatified", "2025-05-06T09:00:00Z", 70, "head 2", HEAD_2),
    {
        "school": SCHOOL_2,
        "partnership": ESTUARY,
        "version": 1,
        "rows": [
            {
                "obligation": f"{YEAR.id}/peer_visit/school:900002",
                "outstanding": "2",
                "unit": "visit",
            },
            {
                "obligation": f"{YEAR.id}/peer_visit/school:900001",
                "outstanding": "1",
                "unit": "visit",
            },
        ],
        "at": tree_head(69, root(69)),
        "obligations": [f"{YEAR.id}/ratification/partnership:estuary"],
    },
)
add(
    *("MembershipDeclined", "2025-09-15T09:00:00Z", 110, "head 3", HEAD_3),
    {
        "school": SCHOOL_3,
        "partnership": ESTUARY,
        "version": 2,
        "leaves_on": "2025-12-31",
        "obligations": [f"{YEAR.id}/ratification/partnership:estuary"],
    },
)
OFFERED = add(
    *("SupportOffered", "2024-10-01T15:30:00Z", 25, "head 1", HEAD_1),
    {
        "provider": SCHOOL_1,
        "receiver": SCHOOL_2,
        "need": f"need:{YEAR.id}",
        "route": "local_authority",
        "days": "6.0",
        "price": "2100.00",
        "payer": NORTHWICK,
        "valid_until": "2024-12-31",
    },
)
AGREED = add(
    *("SupportAgreed", "2024-10-03T11:20:00Z", 26, "head 2", HEAD_2),
    {
        "offer": f"offer:{OFFERED.id}",
        "provider": SCHOOL_1,
        "receiver": SCHOOL_2,
        "starts": "2024-10-07",
        "ends": "2025-03-31",
        "days": "6.0",
        "review_dates": ["2024-12-13", "2025-03-21"],
        "commissioner": NORTHWICK,
    },
    "2024-10-02",
)
MADE = add(
    *("VisitMade", "2024-11-05T16:45:00Z", 31, "head 1", HEAD_1),
    {
        "visitor": SCHOOL_1,
        "host": SCHOOL_2,
        "people": [person("head 1"), person("phonics lead")],
        "under": f"agreement:{AGREED.id}",
        "purpose": "support",
        "programme": "lle",
        "mode": "on_site",
        "worked_with": ["teachers", "classrooms"],
        "days": "1.5",
        "note": "Phonics: two lessons taught together, then planning with Year 1 & Year 2.",
        "evidence": [f"evidence:{AGREED.id}"],
    },
    "2024-11-04",
)
VISIT = {
    "visit": f"visit:{MADE.id}",
    "visitor": SCHOOL_1,
    "host": SCHOOL_2,
    "under": f"agreement:{AGREED.id}",
}
ANSWERED = [f"{AGREED.id}/support", f"{MADE.id}/attestation"]
DISPUTED = add(
    *("VisitDisputed", "2024-11-07T08:10:00Z", 32, "head 2", HEAD_2),
    {
        **VISIT,
        "wrong": "The second day ended at noon.",
        "days": "1.0",
        "obligations": [f"{MADE.id}/attestation"],
    },
)
add(
    *("VisitCorrected", "2024-11-08T08:10:00Z", 33, "head 1", HEAD_1),
    {
        **VISIT,
        "dispute": f"dispute:{DISPUTED.id}",
        "days": "1.0",
        "worked_with": ["teachers"],
        "note": "One day in school; the rest was preparation.",
        "obligations": [f"{DISPUTED.id}/dispute_answer"],
    },
)
ATTESTED = add(
    *("VisitAttested", "2024-11-11T08:10:00Z", 34, "head 2", HEAD_2),
    {**VISIT, "purpose": "support", "days": "1.0", "obligations": ANSWERED},
)
add(
    *("ImpactReported", "2024-12-13T14:00:00Z", 40, "head 1", HEAD_1),
    {
        "reporter": SCHOOL_1,
        "other_side": SCHOOL_2,
        "visit": f"visit:{MADE.id}",
        "area": "phonics",
        "claim": "More pupils keep up with the programme.",
        "measures": [
            {"measure": "phonics-check-pass-rate", "before": "61.5", "after": "74.0"},
            {"measure": "change-in-reading-age", "after": "-0.25"},
        ],
        "obligations": [f"{MADE.id}/impact_account/visitor"],
    },
)
ADOPTED = add(
    *("FrameworkAdopted", "2024-09-02T11:00:00Z", 9, "registrar", REGISTRAR),
    {
        "slug": "northwick-peer-review",
        "title": "Northwick peer review, 2024",
        "areas": [
            {"area": "reading", "grades": ["strength", "secure", "priority"]},
            {"area": "safeguarding", "grades": ["met", "not-met"]},
        ],
        "in_force_from": "2024-09-01",
        "action_days": 70,
    },
)
add(
    *("JudgementMade", "2025-03-20T17:00:00Z", 55, "head 2", HEAD_2),
    {
        "about": SCHOOL_3,
        "judge": SCHOOL_2,
        "framework": f"framework:{ADOPTED.id}",
        "grades": [
            {"area": "reading", "grade": "secure"},
            {"area": "safeguarding", "grade": "met"},
        ],
        "inspected_on": "2025-03-18",
        "urn": "urn:900003",
        "basis": "peer_review",
    },
    "2025-03-18",
)
DEPARTED = add(
    *("DepartureNotified", "2025-01-10T09:00:00Z", 44, "head 3", HEAD_3),
    {"office": HEAD_3, "holder": person("head 3"), "effective_on": "2025-04-21"},
)
HANDED = add(
    *("HandoverGiven", "2025-04-04T13:00:00Z", 58, "head 3", HEAD_3),
    {
        "office": HEAD_3,
        "outgoing": person("head 3"),
        "incoming": person("successor"),
        "rows": [
            {
                "obligation": f"{YEAR.id}/peer_visit/school:900003",
                "outstanding": "1",
                "unit": "visit",
            },
            {"obligation": f"{AGREED.id}/support", "outstanding": "2.5", "unit": "day"},
        ],
        "at": tree_head(58, root(58)),
        "obligations": [f"{DEPARTED.id}/handover/body:northwick"],
    },
)
add(
    *("HandoverAccepted", "2025-04-24T09:00:00Z", 63, "successor", HEAD_3),
    {
        "handover": f"handover:{HANDED.id}",
        "office": HEAD_3,
        "incoming": person("successor"),
        "exceptions": "The half day in March was not agreed with governors.",
        "obligations": [f"{HANDED.id}/handover_acceptance/body:northwick"],
    },
)
add(
    *("EventWithdrawn", "2024-11-12T08:00:00Z", 35, "head 2", HEAD_2),
    {
        "event": f"event:{ATTESTED.id}",
        "effective_on": "2024-11-11",
        "code": "entered_in_error",
        "text": "Confirmed before the corrected figures were read.",
        "references": sorted([*ANSWERED, *VISIT.values()]),
        "obligations": ANSWERED,
    },
)
add(
    *("DetailErased", "2025-11-03T10:00:00Z", 120, "registrar", REGISTRAR),
    {
        "event": f"event:{MADE.id}",
        "pointer": "/data/note",
        "authority": "data_subject",
        "reason": "no_longer_needed",
    },
)


def submission(example: Example) -> Submission:
    """Return the signed statement of an example, with what opens its sealed text."""
    if example.name == "LedgerFounded":
        return _founding(example)
    model = events.find(example.name)
    data, texts = unsealed(model, example.data)
    envelope = Envelope(
        ORIGIN,
        example.id,
        example.time,
        date.fromisoformat(example.occurred_on or example.time[:10]),
        person(example.by),
        example.office,
        tree_head(example.seen, root(example.seen)),
    )
    event = read_event(model.type_name(), data)
    drafted = draft(event, envelope, texts, random_bytes(f"salts of {example.name}"))
    signature = base64.b64encode(signer(example.by).sign(drafted.statement, NAMESPACE)).decode()
    return Submission(drafted.statement, signature, drafted.disclosures)


def _founding(example: Example) -> Submission:
    who = Registrar(person(example.by), signer(example.by))
    log_key = new_log_key(ORIGIN, seed("log key")).verifier
    now = read_time(example.time)
    return founding(
        Founding(ORIGIN, "Northwick", (who,), log_key), now, random_bytes("id of LedgerFounded")
    )


def write(example: Example) -> None:
    """Write an example's entry, and what must be found of it for ever."""
    said = submission(example)
    statement = parse(said.statement)
    key = f"key:{signer(example.by).public.fingerprint}"
    recorded_at = write_time(read_time(example.time) + _PROMPT)
    entry = write_entry(recorded_at, said.signature, said.statement)
    expected = {
        "disclosures": [disclosure.as_json() for disclosure in said.disclosures],
        "key": key,
        "leaf_hash": leaf_hash(entry).hex(),
        "recorded_at": recorded_at,
        "tags": entry_tags(statement, key),
    }
    written = json.dumps(expected, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    _create(HERE / "entries" / f"{statement.type}.json", entry + b"\n")
    _create(HERE / "expected" / f"{statement.type}.json", written.encode())


def _create(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("xb") as file:  # never over a file that is there
        file.write(content)


def missing(catalogue: tuple[type[Event], ...] = events.CATALOGUE) -> list[type[Event]]:
    """Return the events that have no golden entry yet."""
    return [
        event
        for event in catalogue
        if not (HERE / "entries" / f"{event.type_name()}.json").exists()
    ]


def main() -> int:
    """Write what is missing; say what has no example."""
    for event in missing():
        if event.__name__ not in EXAMPLES:
            sys.stderr.write(f"{event.__name__} has no example here: add one and run this again.\n")
            return 1
        write(EXAMPLES[event.__name__])
        sys.stdout.write(f"entries/{event.type_name()}.json is written.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Made-up support between made-up schools: signed statements as real clients would send them.

Everything is in memory, with real Ed25519 keys and the fictional authority Northwick. The clock
stands still, so that any fresh ledger given the same lines holds the same record, and so that
heads which signers saw can be told without a ledger::

    made = Northwick(schools=20, seed=1)
    with Ledger.open("a.db", create=True, clock=made.clock) as ledger:
        for _ in ledger.append_many(made.registers()): ...
        for _ in ledger.append_many(made.support(10_000)): ...
"""

from __future__ import annotations

import base64
import random
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import orjson

from ledger import keys
from ledger.format.entry import Submission, parse_event, parse_submission, write_entry
from ledger.format.sshsig import signed_data, split
from ledger.format.statement import NAMESPACE, Envelope, draft, new_id, tree_head, write_time
from ledger.log.merkle import MemoryNodes, Tree, leaf_hash
from ledger.recording.application import sign
from ledger.recording.founding import Founding, Registrar, founding, key_members, new_log_key
from ledger.values import REGISTRAR

ORIGIN = "northwick.example/support"
FIRST_URN = 900_001
_NEXT_URN = 950_001
FIRST_DAY = date(2024, 9, 2)
DAYS = 660
_UNSEEN = 4_000
"""Signers saw a head that lies so many entries back: what they sign arrives in bulk."""
_SEEN_EVERY = 16
_RECENT = 500


class Head(NamedTuple):
    """A school's head: who they are and the key they sign with."""

    school: str
    person: str
    signer: keys.Signer

    @property
    def office(self) -> str:
        """The office that the head holds."""
        return f"head@{self.school}"


class _Visit(NamedTuple):
    id: str
    made: dict[str, Any]
    visitor: Head
    host: Head
    attestation: str
    day: date


class Northwick:
    """An authority whose schools support one another; call `registers` first, once."""

    def __init__(self, schools: int, seed: int = 1) -> None:
        """Make keys for so many schools, from a seed."""
        self._random = random.Random(seed)  # noqa: S311 - the same statements every time
        self.now = datetime.now(UTC).replace(microsecond=0)
        self._moment = self.now - timedelta(days=7)
        self._tree = Tree(MemoryNodes())
        self._seen = deque([tree_head(0, self._tree.root())])
        self._registrar = Registrar(self._person(), self._key())
        self.heads = [
            Head(f"school:{FIRST_URN + n}", self._person(), self._key()) for n in range(schools)
        ]
        self._offers: deque[tuple[str, Head, Head]] = deque(maxlen=_RECENT)
        self._agreements: deque[tuple[str, Head, Head]] = deque(maxlen=_RECENT)
        self._visits: deque[_Visit] = deque(maxlen=_RECENT)
        self._unreported: deque[tuple[str, Head, Head]] = deque(maxlen=_RECENT)
        self._disputed: deque[tuple[_Visit, str]] = deque(maxlen=_RECENT)

    def clock(self) -> datetime:
        """Return the moment at which everything is recorded."""
        return self.now

    def _key(self) -> keys.Signer:
        return keys.in_memory(self._random.randbytes(32))

    def _person(self) -> str:
        return f"person:{self._id()}"

    def _id(self) -> str:
        self._moment += timedelta(milliseconds=1)
        return new_id(self._moment, self._random.randbytes)

    # -- registers -------------------------------------------------------------------------

    def registers(self) -> list[bytes]:
        """Return what founds the ledger and registers schools, heads and their keys."""
        log_key = new_log_key(ORIGIN, self._random.randbytes(32))
        founded = founding(
            Founding(ORIGIN, "Northwick", (self._registrar,), log_key.verifier),
            self.now - timedelta(days=DAYS + 30),
            self._random.randbytes,
        )
        lines = [self._log(founded)]
        self._seen = deque([self._head()])
        lines += self._rules()
        for head in self.heads:
            lines += self._school(head)
        self._seen = deque([self._head()])
        return lines

    def _register(self, name: str, data: dict[str, Any], texts: dict[str, str]) -> bytes:
        registrar = Head("", self._registrar.person, self._registrar.signer)
        return self._say(self._id(), name, data, texts, registrar, FIRST_DAY, REGISTRAR)

    def _rules(self) -> Iterator[bytes]:
        days = {
            name: 14 + 7 * n
            for n, name in enumerate(
                (
                    "attestation_days",
                    "brokerage_days",
                    "handover_days",
                    "impact_days",
                    "ratification_days",
                    "response_days",
                )
            )
        }
        yield self._register("LedgerRulesSet", days, {})
        body = {"body": "body:northwick", "kind": "local_authority", "name": "Northwick"}
        yield self._register("BodyRegistered", body, {})

    def _school(self, head: Head) -> Iterator[bytes]:
        number = head.school.partition(":")[2]
        school = {
            "school": head.school,
            "urn": f"urn:{number}",
            "name": f"Northwick School {number}",
            "phase": "primary",
            "la": "body:northwick",
            "responsible_body": "body:northwick",
        }
        yield self._register("SchoolRegistered", school, {})
        person = {"person": head.person, "name": {"sealed": "A" * 43}}
        yield self._register("PersonEnrolled", person, {"/data/name": f"Head of {number}"})
        key = {"person": head.person, **key_members(ORIGIN, head.person, head.signer)}
        yield self._register("KeyEnrolled", key, {})
        appointed = {
            "person": head.person,
            "office": head.office,
            "basis": "substantive",
            "effective_on": FIRST_DAY.isoformat(),
        }
        yield self._register("Appointed", appointed, {})

    def conversions(self) -> list[bytes]:
        """Return the conversion of every school to another URN."""
        return [self._converted(number, head) for number, head in enumerate(self.heads)]

    def _converted(self, number: int, head: Head) -> bytes:
        day = FIRST_DAY.isoformat()
        converted = {
            "school": head.school,
            "old_urn": f"urn:{head.school.partition(':')[2]}",
            "old_urn_closes_on": (FIRST_DAY - timedelta(days=1)).isoformat(),
            "new_urn": f"urn:{_NEXT_URN + number}",
            "new_urn_opens_on": day,
            "effective_on": day,
            "name": f"Northwick Academy {number}",
            "former_body": "body:northwick",
            "responsible_body": "body:northwick",
        }
        return self._register("SchoolConverted", converted, {})

    # -- support ---------------------------------------------------------------------------

    def support(self, count: int) -> list[bytes]:
        """Return so many statements: offers, agreements, visits, answers, accounts of impact."""
        weighed: dict[Callable[[date], bytes | None], int] = {
            self._made: 34,
            self._attest: 28,
            self._report: 18,
            self._offer: 8,
            self._agree: 7,
            self._dispute: 2,
            self._correct: 2,
            self._withdraw: 1,
        }
        kinds, weights = list(weighed), list(weighed.values())
        lines: list[bytes] = []
        for number in range(count):
            day = FIRST_DAY + timedelta(days=1 + number * (DAYS - 60) // count)
            said = None
            while said is None:
                said = self._random.choices(kinds, weights)[0](day)
            lines.append(said)
        return lines

    def visits_by_one(self, count: int) -> list[bytes]:
        """Return so many visits that the head of the first school claims."""
        return self.visits_by(0, count)

    def visits_by(self, number: int, count: int) -> list[bytes]:
        """Return so many visits of the school with this number to the next one."""
        visitor, host = self.heads[number : number + 2]
        return [
            self._visit(visitor, host, None, FIRST_DAY + timedelta(days=10))[0]
            for _ in range(count)
        ]

    def _pick(self, waiting: deque[Any]) -> Any:
        """Take one of those that wait, not always the first; None if none does."""
        if not waiting:
            return None
        waiting.rotate(-self._random.randrange(min(len(waiting), 50)))
        return waiting.popleft()

    def _pair(self) -> tuple[Head, Head]:
        provider, receiver = self._random.sample(self.heads, 2)
        return provider, receiver

    def _offer(self, day: date) -> bytes:
        provider, receiver = self._pair()
        event = self._id()
        data = {
            "provider": provider.school,
            "receiver": receiver.school,
            "route": "local_authority",
            "days": "6.0",
            "valid_until": (FIRST_DAY + timedelta(days=DAYS)).isoformat(),
        }
        self._offers.append((event, provider, receiver))
        return self._say(event, "SupportOffered", data, {}, provider, day)

    def _agree(self, day: date) -> bytes | None:
        offer = self._pick(self._offers)
        if offer is None:
            return None
        taken, provider, receiver = offer
        event = self._id()
        data = {
            "offer": f"offer:{taken}",
            "provider": provider.school,
            "receiver": receiver.school,
            "starts": day.isoformat(),
            "ends": (day + timedelta(days=200)).isoformat(),
            "days": "6.0",
        }
        self._agreements.append((event, provider, receiver))
        self._unreported.append((event, provider, receiver))
        return self._say(event, "SupportAgreed", data, {}, receiver, day)

    def _made(self, day: date) -> bytes | None:
        if not self._agreements:
            return None
        event, provider, receiver = self._random.choice(self._agreements)
        line, visit = self._visit(provider, receiver, f"agreement:{event}", day)
        self._visits.append(visit)
        return line

    def _visit(
        self, visitor: Head, host: Head, under: str | None, day: date
    ) -> tuple[bytes, _Visit]:
        event = self._id()
        data = {
            "visitor": visitor.school,
            "host": host.school,
            "purpose": "support",
            "mode": "on_site",
            "days": self._random.choice(("0.5", "1.0", "1.5")),
            "under": under or "nothing",
        }
        texts = {}
        if self._random.random() < 0.5:  # noqa: PLR2004 - half of all visitors write a note
            data["note"] = {"sealed": "A" * 43}
            texts["/data/note"] = "Worked on phonics with the leaders of reading in three classes."
        line = self._say(event, "VisitMade", data, texts, visitor, day)
        return line, _Visit(event, data, visitor, host, f"{event}/attestation", day)

    def _answer(self, visit: _Visit, **more: Any) -> dict[str, Any]:
        same = ("visitor", "host", "under")
        return {"visit": f"visit:{visit.id}", **{name: visit.made[name] for name in same}, **more}

    def _attest(self, day: date) -> bytes | None:
        visit = self._pick(self._visits)
        if visit is None:
            return None
        event = self._id()
        under = visit.made["under"].partition(":")[2]
        data = self._answer(
            visit,
            visited_on=visit.day.isoformat(),
            days=visit.made["days"],
            obligations=sorted((f"{under}/support", visit.attestation)),
        )
        return self._say(event, "VisitAttested", data, {}, visit.host, day)

    def _report(self, day: date) -> bytes | None:
        found = self._pick(self._unreported)
        if found is None:
            return None
        agreement, provider, receiver = found
        data = {
            "agreement": f"agreement:{agreement}",
            "reporter": provider.school,
            "role": "provider",
            "other_side": receiver.school,
            "school": receiver.school,
            "area": "inclusion",
            "claim": {"sealed": "A" * 43},
            "obligations": [f"{agreement}/impact_account/{provider.school}"],
        }
        text = "Three classes now teach the agreed sequence; checks rose by a tenth in the term."
        return self._say(self._id(), "ImpactReported", data, {"/data/claim": text}, provider, day)

    def _dispute(self, day: date) -> bytes | None:
        visit = self._pick(self._visits)
        if visit is None:
            return None
        event = self._id()
        data = self._answer(
            visit, wrong={"sealed": "A" * 43}, days="0.0", obligations=[visit.attestation]
        )
        self._disputed.append((visit, event))
        texts = {"/data/wrong": "Nobody came on that day."}
        return self._say(event, "VisitDisputed", data, texts, visit.host, day)

    def _correct(self, day: date) -> bytes | None:
        found = self._pick(self._disputed)
        if found is None:
            return None
        visit, dispute = found
        event = self._id()
        data = self._answer(
            visit,
            dispute=f"dispute:{dispute}",
            days="0.5",
            obligations=[f"{dispute}/dispute_answer"],
        )
        made = {**visit.made, "days": "0.5"}
        self._visits.append(visit._replace(made=made, attestation=f"{event}/attestation"))
        return self._say(event, "VisitCorrected", data, {}, visit.visitor, day)

    def _withdraw(self, day: date) -> bytes | None:
        visit = self._pick(self._visits)
        if visit is None or not visit.attestation.startswith(visit.id):
            return None
        data = {
            "event": f"event:{visit.id}",
            "effective_on": day.isoformat(),
            "code": "entered_in_error",
            "references": sorted(visit.made[name] for name in ("visitor", "host", "under")),
        }
        return self._say(self._id(), "EventWithdrawn", data, {}, visit.visitor, day)

    # -- statements ------------------------------------------------------------------------

    def _say(  # noqa: PLR0913, PLR0917 - these are what a statement is made of
        self,
        event: str,
        name: str,
        data: dict[str, Any],
        texts: dict[str, str],
        by: Head,
        day: date,
        office: str | None = None,
    ) -> bytes:
        said_at = write_time(datetime(day.year, day.month, day.day, 16, tzinfo=UTC))
        envelope = Envelope(
            ORIGIN, event, said_at, day, by.person, office or by.office, self._seen[0]
        )
        drafted = draft(parse_event(f"{name}.v1", data), envelope, texts, self._random.randbytes)
        return self._log(sign(drafted, by.signer))

    def _log(self, submission: Submission) -> bytes:
        entry = write_entry(write_time(self.now), submission.signature, submission.statement)
        self._tree.append([leaf_hash(entry)])
        if self._tree.size % _SEEN_EVERY == 0:
            self._seen.append(self._head())
            if len(self._seen) > _UNSEEN // _SEEN_EVERY:
                self._seen.popleft()
        return submission.as_line()

    def _head(self) -> str:
        return tree_head(self._tree.size, self._tree.root())


def messages(lines: list[bytes]) -> list[tuple[bytes, bytes]]:
    """Return what is verified of each line, as the library takes it: point, signed message."""
    submissions = map(parse_submission, lines)
    return [_message(one.signature, one.statement) for one in submissions]


def messages_of(entries: list[bytes]) -> list[tuple[bytes, bytes]]:
    """Return the same of entries, from their bytes."""
    found = []
    for entry in entries:
        signature = orjson.loads(entry)["signature"]
        found.append(_message(signature, entry[entry.index(b'"statement":') + 12 : -1]))
    return found


def _message(signature: str, statement: bytes) -> tuple[bytes, bytes]:
    blob = split(base64.b64decode(signature), NAMESPACE)
    return blob.key.point, blob.raw + signed_data(statement, NAMESPACE)

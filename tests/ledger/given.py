"""Given these events, when this one, then it is recorded, or refused for these reasons.

No database and no signatures: an event is an `Act`, the record a list of entries, and facts are
read from that list. Whatever an act names goes by a label, whose id is a function of the label::

    given(NORTHWICK, offered("o"), agreed("g", "o"), made("v", under="agreement:g")).when(
        attested("a", "v", days="2.0")
    ).then_refused("it confirms 2.0 days; 1.5 were claimed")

In data, `visit:v` stands for the visit that the act labelled `v` made, `g/support` for the
obligation that the act labelled `g` opened, `person:ann` for Ann. The journal of what is owed
after a history is `given(…).owed(on=…)`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from ledger import keys
from ledger.decision_model.facts import Book, Fact
from ledger.domain.decide import complete, decide
from ledger.domain.judgements.facts import INSPECTIONS
from ledger.domain.post import Journal, Posting, postings
from ledger.events import CREATORS
from ledger.events import find as find_event
from ledger.format.entry import Entry
from ledger.recording.founding import new_log_key
from ledger.values import REGISTRAR

ORIGIN = "northwick.example/support"
LOG_KEY = new_log_key(ORIGIN, bytes(32)).verifier
ROOT = "1:" + base64.b64encode(bytes(32)).decode()
SEALED = {"sealed": "A" * 43}
ESTUARY = "partnership:estuary"
NORTHWICK_BODY = "body:northwick"
BEACON = "body:beacon-trust"
ONE, TWO, THREE, FOUR = (f"school:90000{number}" for number in range(1, 5))


def uuid(label: str) -> str:
    """Return the id of whatever goes by a label: a UUIDv7 that is a function of the label."""
    digest = hashlib.sha256(label.encode()).hexdigest()
    return f"0191b1f0-0000-7{digest[:3]}-8{digest[3:6]}-{digest[6:18]}"


def person(label: str) -> str:
    """Return the reference of the person of this name."""
    return f"person:{uuid(label)}"


def event(label: str) -> str:
    """Return the reference of the event of this label."""
    return f"event:{uuid(label)}"


@cache
def key_of(label: str) -> keys.MemorySigner:
    """Return the key of the person of this name."""
    return keys.in_memory(seed_of(label))


def seed_of(label: str) -> bytes:
    """Return the secret from which the key of the person of this name is made."""
    return hashlib.sha256(label.encode()).digest()


def key(label: str) -> str:
    """Return the reference of the key of the person of this name."""
    return f"key:{key_of(label).public.fingerprint}"


@cache
def key_members(label: str, holder: str | None = None, origin: str = ORIGIN) -> dict[str, str]:
    """Return a key with the proof that the holder, by name, possesses it."""
    signer = key_of(label)
    proof = keys.prove(signer, origin, person(holder or label))
    return {
        "key": key(label),
        "public_key": signer.public.line,
        "proof": base64.b64encode(proof).decode(),
    }


_LABELLED = re.compile(
    rf"(?:(?P<kind>person|event|{'|'.join(CREATORS)}|need|evidence):(?P<label>[a-z0-9-]+)"
    r"|(?P<opener>[a-z0-9-]+)/(?P<slot>[a-z_]+(?:/.+)?))"
)
_UUID = re.compile(r"[0-9a-f]{8}-.{27}")
_PLAIN = frozenset({"laestab", "public_key", "proof", "log_key", "origin", "media_type"})


def spelled(value: Any, member: str = "") -> Any:
    """Return data with every label spelled out as the reference that it stands for."""
    if isinstance(value, dict):
        return {name: spelled(item, name) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [spelled(item, member) for item in value]
    if not isinstance(value, str) or member in _PLAIN:
        return value
    match = _LABELLED.fullmatch(value)
    if match is None or _UUID.fullmatch(match["label"] or match["opener"] or ""):
        return value
    if match["kind"]:
        return f"{match['kind']}:{uuid(match['label'])}"
    return f"{uuid(match['opener'])}/{match['slot']}"


class By(NamedTuple):
    """Who says it, by name, in which office, with whose key if not their own."""

    name: str
    office: str
    key: str | None = None


@dataclass(frozen=True)
class Act:
    """One event as a test says it; `recorded` is the day of recording if not the same."""

    name: str
    label: str
    data: dict[str, Any]
    by: By
    on: str
    recorded: str | None = None

    def but(self, **changes: Any) -> Act:
        """Return the act with other members: `by`, `on`, `recorded`, `label`, or of its data.

        A member of data that is None is left out.
        """
        own = {name: changes.pop(name) for name in list(changes) if name in _OWN}
        data = {**self.data, **changes}
        kept = {name: value for name, value in data.items() if value is not None}
        return replace(self, data=kept, **own)


_OWN = frozenset({"by", "on", "recorded", "label"})


class Record:
    """The record as a list, read by tag as a store would."""

    def __init__(self, entries: Iterable[Entry[Any]] = ()) -> None:
        self.entries: list[Entry[Any]] = []
        self._by_tag: dict[str, list[Entry[Any]]] = defaultdict(list)
        for entry in entries:
            self.append(entry)

    def append(self, entry: Entry[Any]) -> None:
        self.entries.append(entry)
        for tag in entry.tags:
            self._by_tag[tag].append(entry)

    def read(self, tag: str, types: Sequence[str], before: int | None) -> Iterator[Entry[Any]]:
        """Answer as `ledger.decision_model.facts.Reader`."""
        for entry in self._by_tag.get(tag, ()):
            if (not types or entry.name in types) and (before is None or entry.position < before):
                yield entry


def entry_of(act: Act, position: int, earliest: str = "") -> Entry[Any]:
    """Return an act as the entry that it would be, recorded at noon."""
    said = {
        "id": uuid(act.label),
        "type": find_event(act.name).type_name(),
        "time": f"{act.on}T11:59:00Z",
        "occurredon": act.on,
        "signedby": person(act.by.name),
        "office": act.by.office,
        "seen": ROOT,
        "source": ORIGIN,
        "data": spelled(act.data),
    }
    day = act.recorded or max(act.on, earliest)
    entry: Entry[Any] = Entry(position, f"{day}T12:00:00Z", "", said)
    return signed_with(act.by.key or key(act.by.name), entry)


def signed_with(key_reference: str, entry: Entry[Any]) -> Entry[Any]:
    """Take an entry for one whose signature was verified, with the tags that it is stored under."""
    entry.take(key_reference, {*entry.tags, key_reference})
    return entry


def with_data(entry: Entry[Any], data: dict[str, Any]) -> Entry[Any]:
    """Return an entry that says something else, all other things equal."""
    members = ("id", "type", "time", "occurredon", "signedby", "office", "seen", "source")
    said = {name: getattr(entry, name) for name in members}
    other: Entry[Any] = Entry(entry.position, entry.recorded_at, "", {**said, "data": data})
    return signed_with(entry.key, other)


def completed(entry: Entry[Any], book: Book) -> Entry[Any]:
    """Return an entry with what its rule can tell filled in, as a draft would be."""
    return with_data(entry, complete(entry, book.look))


class Posted:
    """What was posted earlier, read from a list as from a table."""

    def __init__(self, lines: Iterable[Posting] = ()) -> None:
        self.lines = list(lines)

    def of_obligation(self, obligation: str) -> list[Posting]:
        return [one for one in self.lines if one.obligation == obligation]

    def of_claim(self, event: str) -> list[Posting]:
        return [one for one in self.lines if one.claim == event]

    def about(self, tag: str) -> list[str]:
        return list(dict.fromkeys(one.obligation for one in self.lines if one.about == tag))

    def of_party(self, party: str) -> list[str]:
        return [one.obligation for one in self.lines if party in (one.debtor, one.creditor)]


class Kept:
    """Every posting that a record makes, each with its entry."""

    def __init__(self, book: Book, earlier: Posted | None = None) -> None:
        self.journal = Journal(book.look, earlier)
        self.made: list[tuple[Entry[Any], Posting]] = []

    def apply(self, entry: Entry[Any]) -> list[Posting]:
        """Keep what an entry posts; the book applies the entry afterwards."""
        made = postings(entry, self.journal)
        self.made += [(entry, posting) for posting in made]
        return made

    def known(self, position: int | None = None) -> list[Posting]:
        """Return the postings known at a position."""
        return [p for entry, p in self.made if position is None or entry.position <= position]


def journal_of(record: Record) -> Kept:
    """Return the journal of a record, folded one by one."""
    book = Book(record.read)
    journal = Kept(book)
    for entry in record.entries:
        journal.apply(entry)
        book.apply(entry)
    return journal


def rows(lines: Iterable[Posting], on: str | None = None, kind: str | None = None) -> list[str]:
    """Return who owes what to whom on a day, one sentence for each obligation and pair."""
    day = date.fromisoformat(on) if on else date.max
    sums: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    due: dict[str, date] = {}
    for line in lines:
        if line.due_on is not None:
            due[line.obligation] = line.due_on
        if line.effective_on <= day and kind in (None, line.kind):
            pair = (line.kind, line.obligation, line.debtor, line.creditor, line.unit)
            sums[pair] += line.amount
    return sorted(
        f"{name}: {debtor} owes {creditor} {left.normalize():f} {unit}"
        f" by {due.get(obligation, 'no day')}"
        for (name, obligation, debtor, creditor, unit), left in sums.items()
        if left
    )


@dataclass
class Given:
    """A history, each of whose events was recorded in its turn."""

    record: Record
    last: str = ""
    _journal: Kept | None = field(default=None, repr=False)

    def book(self) -> Book:
        """Return a book that reads this history cold."""
        return Book(self.record.read, len(self.record.entries))

    def look(self, fact: Fact[Any]) -> Any:
        """Return a fact as it stands after this history."""
        return self.book().look(fact)

    def drafted(self, act: Act) -> Entry[Any]:
        """Return an act as it would be drafted here: completed by what its rule can tell."""
        entry = entry_of(act, len(self.record.entries) + 1, self.last)
        return completed(entry, self.book())

    def when(self, act: Act) -> Outcome:
        """Say one more event, completed as a draft would be."""
        return self.when_exactly(act, complete_it=True)

    def when_exactly(self, act: Act, *, complete_it: bool = False) -> Outcome:
        """Say one more event just as the test says it, filling in nothing."""
        entry = entry_of(act, len(self.record.entries) + 1, self.last)
        book = self.book()
        if complete_it:
            entry = completed(entry, book)
        return Outcome(self, entry, decide(entry, book.look))

    def when_altered(self, act: Act, **changes: Any) -> Outcome:
        """Say one more event as it would be drafted, but for some members; None leaves one out."""
        drafted = self.drafted(act)
        data = {**drafted.data, **spelled(changes)}
        kept = {name: value for name, value in data.items() if value is not None}
        entry = with_data(drafted, kept)
        return Outcome(self, entry, decide(entry, self.book().look))

    @property
    def journal(self) -> Kept:
        """The journal of this history."""
        if self._journal is None:
            self._journal = journal_of(self.record)
        return self._journal

    def owed(self, on: str | None = None, kind: str | None = None) -> list[str]:
        """Return who owes what to whom on a day, in the end if none is given."""
        return rows(self.journal.known(), on, kind)

    def left(self, obligation: str, on: str | None = None, known: int | None = None) -> str:
        """Return what is left of an obligation (`g/support`) on a day, as known at a position."""
        name, day = spelled(obligation), date.fromisoformat(on) if on else date.max
        lines = [p for p in self.journal.known(known) if p.obligation == name]
        left = sum((p.amount for p in lines if p.effective_on <= day), Decimal(0))
        return f"{left.normalize():f}"

    def beyond(self, obligation: str) -> str:
        """Return what was given beyond an obligation."""
        name = spelled(obligation)
        beyond = (p.beyond for p in self.journal.known() if p.obligation == name)
        return f"{sum(beyond, Decimal(0)).normalize():f}"


@dataclass
class Outcome:
    """What became of the event that was said."""

    before: Given
    entry: Entry[Any]
    reasons: list[str]

    def then_recorded(self) -> Given:
        """Assert that it is recorded; return the history with it."""
        assert self.reasons == []
        record = Record([*self.before.record.entries, self.entry])
        return Given(record, max(self.before.last, self.entry.recorded_at[:10]))

    def then_refused(self, *reasons: str) -> None:
        """Assert that it is refused, for exactly these reasons, labels spelled out."""
        assert self.reasons == [worded(reason) for reason in reasons]


_IN_WORDS = re.compile(r"<(?:(?P<kind>[a-z_]+):)?(?P<label>[a-z0-9-]+)(?P<slot>/[^>]+)?>")


def worded(sentence: str) -> str:
    """Return a sentence with `<visit:v>`, `<person:ann>`, `<key:ann>`, `<g/support>` spelled out.

    `<v>` alone is the id itself.
    """

    def spell(match: re.Match[str]) -> str:
        if match["kind"] == "key":
            return key(match["label"])
        kind = f"{match['kind']}:" if match["kind"] else ""
        return f"{kind}{uuid(match['label'])}{match['slot'] or ''}"

    return _IN_WORDS.sub(spell, sentence)


def ended_with(office: str, last: str) -> str:
    """Return why an office says nothing new within 60 days of the last day of its party."""
    until = date.fromisoformat(last) + timedelta(days=60)
    return (
        f"{office.partition('@')[2]} ended on {last}: until {until} {office} hands over, answers"
        " and waives, and says nothing new"
    )


History = Given | Sequence[Act] | Act


def given(*histories: History) -> Given:
    """Return the history of these acts, in order; each must be recorded in its turn.

    A history that was given before may come first.
    """
    so_far = Given(Record())
    acts: list[Act] = []
    for history in histories:
        if isinstance(history, Given):
            so_far = Given(Record(history.record.entries), history.last)
        else:
            acts.extend([history] if isinstance(history, Act) else history)
    book = Book(so_far.record.read, len(so_far.record.entries))
    for act in acts:
        entry = entry_of(act, len(so_far.record.entries) + 1, so_far.last)
        entry = completed(entry, book)
        reasons = decide(entry, book.look)
        assert not reasons, f"given {act.name} {act.label}, which is refused: {reasons}"
        so_far.record.append(entry)
        so_far.last = max(so_far.last, entry.recorded_at[:10])
        book.apply(entry)
    return so_far


# -- People and offices of Northwick ------------------------------------------------------------

RITA = By("rita", REGISTRAR)
ROB = By("rob", REGISTRAR)
ANN = By("ann", f"head@{ONE}")
BEN = By("ben", f"head@{TWO}")
CAT = By("cat", f"head@{THREE}")
DAN = By("dan", f"head@{FOUR}")
HEADS = {ONE: ANN, TWO: BEN, THREE: CAT, FOUR: DAN}
BEA = By("bea", f"board_chair@{ONE}")
OLIVE = By("olive", f"officer@{NORTHWICK_BODY}")
TOM = By("tom", f"officer@{BEACON}")
INSPECTORATE = "body:inspectorate"
IRIS = By("iris", f"officer@{INSPECTORATE}")
CAROL = By("carol", f"chair@{ESTUARY}")
CLEM = By("clem", f"clerk@{ESTUARY}")

FIRST = "2024-09-01"


def say(name: str, label: str, by: By, on: str, /, **data: Any) -> Act:
    """Return an act; members of data that are None are left out, `recorded` is no member."""
    recorded = data.pop("recorded", None)
    kept = {member: value for member, value in data.items() if value is not None}
    return Act(name, label, kept, by, on, recorded)


def founded(**data: Any) -> Act:
    """Rita and Rob found the ledger."""
    registrars = [{"person": person(name), **key_members(name)} for name in ("rita", "rob")]
    said = {
        "format": 1,
        "origin": ORIGIN,
        "title": "Northwick",
        "log_key": LOG_KEY,
        "registrars": registrars,
    }
    return say("LedgerFounded", "founded", RITA, FIRST, **{**said, **data})


def rules_set(label: str = "rules", **days: Any) -> Act:
    """The ledger's default days are set."""
    usual = {
        "attestation_days": 14,
        "impact_days": 42,
        "ratification_days": 28,
        "handover_days": 28,
        "response_days": 14,
        "brokerage_days": 28,
    }
    return say("LedgerRulesSet", label, RITA, FIRST, **{**usual, **days})


def enrolled(name: str, on: str = FIRST) -> Act:
    """A person becomes known."""
    return say("PersonEnrolled", f"enrol-{name}", RITA, on, person=f"person:{name}", name=SEALED)


def key_enrolled(name: str, on: str = FIRST, by: By = RITA) -> Act:
    """A person's key becomes known."""
    said = {"person": f"person:{name}", **key_members(name)}
    return say("KeyEnrolled", f"key-{name}", by, on, **said)


def appointed(who: By, on: str = FIRST, **changes: Any) -> Act:
    """A person is appointed to an office, by the registrar unless told otherwise.

    Who comes to a school's head's place succeeds the first head, unless told otherwise.
    """
    by = changes.pop("by", RITA)
    label = changes.pop("label", f"appoint-{who.name}")
    said = {
        "person": f"person:{who.name}",
        "office": who.office,
        "basis": "substantive",
        "effective_on": on,
        "succeeds": _first_holder(who),
    }
    return say("Appointed", label, by, on, **{**said, **changes})


def _first_holder(who: By) -> str | None:
    """Return who held an office from the beginning, if it was another."""
    firsts = {first.office: first.name for first in (*HEADS.values(), BEA, CAROL, CLEM)}
    first = firsts.get(who.office)
    return f"person:{first}" if first and first != who.name else None


def ended(who: By, on: str, **changes: Any) -> Act:
    """A person's time in an office ends."""
    by = changes.pop("by", RITA)
    label = changes.pop("label", f"end-{who.name}")
    said = {"person": f"person:{who.name}", "office": who.office, "effective_on": on}
    return say("AppointmentEnded", label, by, changes.pop("said_on", on), **{**said, **changes})


def newcomer(who: By, on: str = FIRST, **changes: Any) -> list[Act]:
    """A person is enrolled with a key and appointed."""
    return [enrolled(who.name, on), key_enrolled(who.name, on), appointed(who, on, **changes)]


def body(slug: str, kind: str = "trust") -> Act:
    """A body is registered."""
    said = {"body": f"body:{slug}", "kind": kind, "name": slug.title()}
    return say("BodyRegistered", f"body-{slug}", RITA, FIRST, **said)


def school(reference: str, **changes: Any) -> Act:
    """A school is registered, under Northwick's authority."""
    number = reference.partition(":")[2]
    said = {
        "school": reference,
        "urn": f"urn:{number}",
        "name": f"School {number}",
        "phase": "primary",
        "la": NORTHWICK_BODY,
        "responsible_body": NORTHWICK_BODY,
    }
    return say("SchoolRegistered", f"school-{number}", RITA, FIRST, **{**said, **changes})


CONTINGENCY = {
    "on_closure": NORTHWICK_BODY,
    "on_dissolution": NORTHWICK_BODY,
    "holds_unspent": NORTHWICK_BODY,
}
GROUND_RULES = {
    "visits_per_year": 3,
    "distinct_hosts": True,
    "outside_visits": 0,
    "attestation_days": 7,
    "impact_days": 21,
    "ratification_days": 30,
    "handover_days": 35,
    "response_days": 14,
    "brokerage_days": 28,
    "notice_days": 60,
    "external_judge": False,
    "contingency": CONTINGENCY,
}


def formed(label: str = "formed", slug: str = "estuary", **rules: Any) -> Act:
    """A partnership is formed."""
    said = {
        "partnership": f"partnership:{slug}",
        "name": slug.title(),
        "kind": "peer_review",
        "ground_rules": {**GROUND_RULES, **rules},
    }
    return say("PartnershipFormed", label, RITA, FIRST, **said)


def rules_agreed(label: str = "rules-2", on: str = "2025-01-10", **changes: Any) -> Act:
    """The partnership agrees on version 2 of its ground rules: four visits a year."""
    said = {
        "partnership": ESTUARY,
        "version": changes.pop("version", 2),
        "effective_on": changes.pop("effective_on", "2025-09-01"),
    }
    by = changes.pop("by", CAROL)
    rules = {**GROUND_RULES, "visits_per_year": 4, **changes}
    return say("GroundRulesAgreed", label, by, on, **said, ground_rules=rules)


def sought(label: str, reference: str, on: str = FIRST, **changes: Any) -> Act:
    """A school seeks membership of the partnership."""
    said = {"school": reference, "partnership": ESTUARY, "version": 1}
    by = changes.pop("by", HEADS.get(reference, ANN))
    return say("MembershipSought", label, by, on, **{**said, **changes})


def admitted(label: str, application: str, on: str = FIRST, **changes: Any) -> Act:
    """The partnership admits a school."""
    said = {"application": f"application:{application}", "effective_on": on}
    by = changes.pop("by", CAROL)
    return say("SchoolAdmitted", label, by, changes.pop("said_on", on), **{**said, **changes})


def refused(label: str, application: str, on: str = FIRST, **changes: Any) -> Act:
    """The partnership does not admit a school."""
    said = {"application": f"application:{application}", "reason": SEALED}
    by = changes.pop("by", CAROL)
    return say("AdmissionRefused", label, by, on, **{**said, **changes})


def excluded(label: str, reference: str, on: str, **changes: Any) -> Act:
    """The partnership excludes a school, at once unless told otherwise."""
    said = {"school": reference, "partnership": ESTUARY, "effective_on": on, "reason": SEALED}
    by = changes.pop("by", CAROL)
    return say("MemberExcluded", label, by, on, **{**said, **changes})


def left(who: By, label: str, on: str, last: str, **changes: Any) -> Act:
    """A head gives notice that the school leaves."""
    said = {
        "school": who.office.partition("@")[2],
        "partnership": ESTUARY,
        "effective_on": last,
    }
    by = changes.pop("by", who)
    return say("MembershipLeft", label, by, on, **{**said, **changes})


def agrees(who: By, label: str, on: str = "2024-09-05", **changes: Any) -> Act:
    """A party agrees to stand in for the partnership."""
    said = {"party": who.office.partition("@")[2], "partnership": ESTUARY}
    by = changes.pop("by", who)
    return say("ContingencyAccepted", label, by, on, **{**said, **changes})


def will_not(who: By, label: str, on: str = "2024-09-05", **changes: Any) -> Act:
    """A party does not agree to stand in for the partnership."""
    said = {"party": who.office.partition("@")[2], "partnership": ESTUARY}
    by = changes.pop("by", who)
    return say("ContingencyDeclined", label, by, on, **{**said, **changes})


def dissolved(label: str = "end", on: str = "2025-01-10", **changes: Any) -> Act:
    """The partnership is dissolved, on its last day unless told otherwise."""
    said = {"partnership": ESTUARY, "effective_on": on, "reason": SEALED}
    by = changes.pop("by", CAROL)
    return say("PartnershipDissolved", label, by, on, **{**said, **changes})


def closed(reference: str, on: str = "2025-01-10", **changes: Any) -> Act:
    """A school closes, with no successor."""
    said = {"school": reference, "effective_on": on, "reason": "closed"}
    label = changes.pop("label", f"closed-{reference[-1]}")
    return say("SchoolClosed", label, changes.pop("by", RITA), on, **{**said, **changes})


def member(reference: str, on: str = FIRST, **changes: Any) -> list[Act]:
    """A school seeks membership and is admitted."""
    number = reference[-1]
    return [
        sought(f"sought-{number}", reference, on),
        admitted(f"admitted-{number}", f"sought-{number}", on, **changes),
    ]


def year_opened(label: str = "year", **changes: Any) -> Act:
    """The partnership's year 2024-25 opens."""
    said = {
        "partnership": ESTUARY,
        "name": "2024-25",
        "starts": "2024-09-01",
        "ends": "2025-08-31",
    }
    on = changes.pop("on", "2024-09-02")
    by = changes.pop("by", CAROL)
    return say("PartnershipYearOpened", label, by, on, **{**said, **changes})


def programme_opened(label: str = "prog", on: str = "2024-09-02", **changes: Any) -> Act:
    """The authority asks schools one to three for two visits each to distinct hosts."""
    said = {
        "organiser": NORTHWICK_BODY,
        "name": "Heads visit heads",
        "starts": "2024-09-01",
        "ends": "2025-08-31",
        "schools": [ONE, TWO, THREE],
        "visits_by_each": 2,
        "distinct_hosts": True,
    }
    by = changes.pop("by", OLIVE)
    return say("VisitProgrammeOpened", label, by, on, **{**said, **changes})


def visits_promised(label: str = "prog", **changes: Any) -> Act:
    """The authority promises schools one to three two visits each."""
    turned = {"visits_by_each": None, "visits_to_each": 2, "distinct_hosts": None}
    return programme_opened(label, **{**turned, **changes})


def joined(who: By = ANN, label: str = "join", on: str = "2024-09-03", **changes: Any) -> Act:
    """A head lets the school take part in the programme, from that day unless told otherwise."""
    said = {
        "programme": "programme:prog",
        "school": who.office.partition("@")[2],
        "effective_on": on,
    }
    by = changes.pop("by", who)
    return say("ProgrammeJoined", label, by, on, **{**said, **changes})


def left_programme(who: By = ANN, label: str = "go", on: str = "2025-01-10", **changes: Any) -> Act:
    """A head lets the school leave the programme, on that day unless told otherwise."""
    said = {
        "programme": "programme:prog",
        "school": who.office.partition("@")[2],
        "effective_on": on,
    }
    by = changes.pop("by", who)
    return say("ProgrammeLeft", label, by, on, **{**said, **changes})


def identified(label: str = "n", on: str = "2024-09-03", **changes: Any) -> Act:
    """The authority says what school two needs help with."""
    said = {"school": TWO, "raiser": NORTHWICK_BODY, "area": "inclusion", "level": "partnership"}
    by = changes.pop("by", OLIVE)
    return say("NeedIdentified", label, by, on, **{**said, **changes})


def lodged(label: str = "e", on: str = "2024-09-20", **changes: Any) -> Act:
    """The clerk lodges a letter about school two."""
    said = {
        "about": TWO,
        "title": SEALED,
        "kind": "letter",
        "media_type": "application/pdf",
        "size": 48_213,
        "sha256": SEALED,
    }
    by = changes.pop("by", CLEM)
    return say("EvidenceLodged", label, by, on, **{**said, **changes})


def escalated(label: str = "e", trigger: str = "need:n", **changes: Any) -> Act:
    """Whoever may puts a need of school two to the next level, its responsible body."""
    said = {"trigger": trigger, "to_level": "responsible_body", "ask": SEALED, "why": SEALED}
    by, on = changes.pop("by", BEN), changes.pop("on", "2024-09-12")
    return say("NeedEscalated", label, by, on, **{**said, **changes})


def responded(label: str = "resp", on: str = "2024-09-16", **changes: Any) -> Act:
    """The partnership says that it has nothing to offer."""
    said = {"partnership": ESTUARY, "trigger": "need:n", "offers": "no_help", "answer": SEALED}
    by = changes.pop("by", CAROL)
    return say("PartnershipResponded", label, by, on, **{**said, **changes})


def decided(label: str = "dec", on: str = "2024-09-16", **changes: Any) -> Act:
    """The authority decides, unless told otherwise to leave a need alone."""
    about = {"trigger", "offer", "provider", "plan", "conflict"} & changes.keys()
    said = {"decision": "leave_alone", "why": SEALED, **({} if about else {"trigger": "need:n"})}
    by = changes.pop("by", OLIVE)
    return say("DecisionRecorded", label, by, on, **{**said, **changes})


def offered(label: str = "o", on: str = "2024-09-03", **changes: Any) -> Act:
    """School one offers school two six days of support."""
    said = {
        "provider": ONE,
        "receiver": TWO,
        "route": "local_authority",
        "days": "6.0",
        "valid_until": "2024-12-31",
    }
    by = changes.pop("by", ANN)
    return say("SupportOffered", label, by, on, **{**said, **changes})


def agreed(label: str = "g", offer: str = "o", on: str = "2024-09-04", **changes: Any) -> Act:
    """School two takes the offer up."""
    said = {
        "offer": f"offer:{offer}",
        "starts": "2024-09-04",
        "ends": "2025-03-31",
        "days": "6.0",
    }
    by = changes.pop("by", BEN)
    return say("SupportAgreed", label, by, on, **{**said, **changes})


def capacity(label: str = "c", on: str = "2024-09-02", **changes: Any) -> Act:
    """School one declares that it could give ten days in the year."""
    said = {"provider": ONE, "starts": "2024-09-01", "ends": "2025-08-31", "days": "10.0"}
    return say("CapacityDeclared", label, changes.pop("by", ANN), on, **{**said, **changes})


def offer_closed(label: str = "oc", offer: str = "o", **changes: Any) -> Act:
    """School two declines the offer."""
    said = {"offer": f"offer:{offer}", "how": "declined"}
    by, on = changes.pop("by", BEN), changes.pop("on", "2024-09-04")
    return say("OfferClosed", label, by, on, **{**said, **changes})


def planned(label: str = "p", on: str = "2024-09-10", **changes: Any) -> Act:
    """School two agrees to a plan under the agreement."""
    said = {
        "agreement": "agreement:g",
        "objectives": [{"area": "inclusion"}],
        "what": SEALED,
    }
    return say("PlanAgreed", label, changes.pop("by", BEN), on, **{**said, **changes})


def varied(label: str = "vary", on: str = "2024-11-01", **changes: Any) -> Act:
    """School one proposes other terms of the agreement."""
    said = {"agreement": "agreement:g", **changes}
    return say("SupportVaried", label, said.pop("by", ANN), on, **said)


def variation_accepted(label: str = "va", variation: str = "vary", **changes: Any) -> Act:
    """School two accepts them."""
    by, on = changes.pop("by", BEN), changes.pop("on", "2024-11-02")
    said = {"variation": f"variation:{variation}", **changes}
    return say("SupportVariationAccepted", label, by, on, **said)


def support_ended(label: str = "end", on: str = "2025-01-10", **changes: Any) -> Act:
    """School two stops the support, from the day on which it says so."""
    said = {"agreement": "agreement:g", "how": "stopped", "effective_on": on, **changes}
    return say("SupportEnded", label, said.pop("by", BEN), on, **said)


def progress(label: str = "pr", on: str = "2024-12-10", **changes: Any) -> Act:
    """School one reports how the support goes."""
    said = {"agreement": "agreement:g", "account": SEALED, **changes}
    return say("ProgressReported", label, said.pop("by", ANN), on, **said)


def review_held(label: str = "rev", on: str = "2024-12-12", **changes: Any) -> Act:
    """School one, which provides it, reviews the support with school two."""
    said = {"school": TWO, "agreements": ["agreement:g"], **changes}
    return say("ReviewHeld", label, said.pop("by", ANN), on, **said)


def made(label: str = "v", on: str = "2024-10-01", **changes: Any) -> Act:
    """School one visits school two for a day and a half."""
    said = {"visitor": ONE, "host": TWO, "purpose": "support", "mode": "on_site", "days": "1.5"}
    data = {**said, **changes}
    by = data.pop("by", HEADS.get(data["visitor"], ANN))
    return say("VisitMade", label, by, on, **data)


def _of_visit(name: str, label: str, by: By, data: dict[str, Any]) -> Act:
    return say(name, label, data.pop("by", by), data.pop("on"), **data)


def attested(label: str = "a", visit: str = "v", **changes: Any) -> Act:
    """The host confirms a visit."""
    data = {"visit": f"visit:{visit}", "days": "1.5", "on": "2024-10-02", **changes}
    return _of_visit("VisitAttested", label, BEN, data)


def disputed(label: str = "d", visit: str = "v", **changes: Any) -> Act:
    """The host disputes a visit."""
    data = {
        "visit": f"visit:{visit}",
        "days": "1.0",
        "wrong": SEALED,
        "on": "2024-10-02",
        **changes,
    }
    return _of_visit("VisitDisputed", label, BEN, data)


def corrected(label: str = "c", visit: str = "v", **changes: Any) -> Act:
    """The visitor gives new figures."""
    data = {"visit": f"visit:{visit}", "days": "1.0", "on": "2024-10-03", **changes}
    return _of_visit("VisitCorrected", label, ANN, data)


def maintained(label: str = "m", visit: str = "v", **changes: Any) -> Act:
    """The visitor maintains a visit that the host disputes."""
    data = {"visit": f"visit:{visit}", "why": SEALED, "on": "2024-10-03", **changes}
    return _of_visit("VisitDisputeMaintained", label, ANN, data)


def reported(label: str = "i", reporter: str = ONE, **changes: Any) -> Act:
    """One side gives its account of impact."""
    data = {
        "reporter": reporter,
        "area": "inclusion",
        "claim": SEALED,
        "on": "2024-10-10",
        **changes,
    }
    return _of_visit("ImpactReported", label, HEADS[reporter], data)


def measured(label: str = "m", on: str = "2025-11-20", **changes: Any) -> Act:
    """A figure of school one is published, with its bounds."""
    said = {
        "about": ONE,
        "measure": "phonics-check-pass-rate",
        "basis": "raw",
        "period_from": "2024-09-01",
        "period_to": "2025-08-31",
        "value": "74.5",
        "lower": "66.2",
        "upper": "81.4",
        "cohort": 58,
        "source": SOURCE,
    }
    return say("MeasurePublished", label, changes.pop("by", RITA), on, **{**said, **changes})


def consented(who: By, label: str = "j", on: str = "2025-01-10", **changes: Any) -> Act:
    """A head agrees that results of the school are published jointly."""
    said = {
        "school": who.office.partition("@")[2],
        "partnership": ESTUARY,
        "measures": ["phonics-check-pass-rate"],
        "effective_on": on,
    }
    return say("JointPublicationAgreed", label, changes.pop("by", who), on, **{**said, **changes})


def departure(who: By, label: str = "x", on: str = "2025-01-10", **changes: Any) -> Act:
    """The holder of an office announces that they will leave it."""
    said = {"office": who.office, "holder": f"person:{who.name}", "effective_on": "2025-04-30"}
    by = changes.pop("by", who)
    return say("DepartureNotified", label, by, on, **{**said, **changes})


def handed_over(who: By, label: str = "h", on: str = "2025-04-20", **changes: Any) -> Act:
    """The holder of an office hands over."""
    said = {"office": who.office, "outgoing": f"person:{who.name}", "at": ROOT}
    by = changes.pop("by", who)
    return say("HandoverGiven", label, by, on, **{**said, **changes})


def waived(who: By, obligation: str, on: str = "2025-01-15", **changes: Any) -> Act:
    """A party releases what it is owed."""
    said = {"obligation": obligation, "reason": SEALED}
    label, by = changes.pop("label", "waive"), changes.pop("by", who)
    return say("ObligationWaived", label, by, on, **{**said, **changes})


def assumed(who: By, obligation: str, on: str = "2025-03-01", **changes: Any) -> Act:
    """A party takes over what somebody who is gone owes or is owed."""
    said = {"obligation": obligation, "party": who.office.partition("@")[2]}
    label, by = changes.pop("label", "assume"), changes.pop("by", who)
    return say("ObligationAssumed", label, by, on, **{**said, **changes})


def accepted(who: By, label: str = "k", handover: str = "h", **changes: Any) -> Act:
    """The person who comes into an office acknowledges the handover."""
    said = {"handover": f"handover:{handover}", "incoming": f"person:{who.name}"}
    by, on = changes.pop("by", who), changes.pop("on", "2025-05-10")
    return say("HandoverAccepted", label, by, on, **{**said, **changes})


def ratified(who: By, label: str, on: str, **changes: Any) -> Act:
    """A head takes on what the school owes."""
    said = {
        "school": who.office.partition("@")[2],
        "partnership": ESTUARY,
        "version": 1,
        "at": ROOT,
    }
    by = changes.pop("by", who)
    return say("MembershipRatified", label, by, on, **{**said, **changes})


def declined(who: By, label: str, on: str, **changes: Any) -> Act:
    """A head does not take on the terms."""
    said = {"school": who.office.partition("@")[2], "partnership": ESTUARY, "version": 1}
    by = changes.pop("by", who)
    return say("MembershipDeclined", label, by, on, **{**said, **changes})


def converted(label: str = "conv", on: str = "2025-04-01", **changes: Any) -> Act:
    """School one becomes an academy of the trust."""
    said = {
        "school": ONE,
        "old_urn": "urn:900001",
        "old_urn_closes_on": "2025-03-31",
        "new_urn": "urn:900101",
        "new_urn_opens_on": "2025-04-01",
        "effective_on": "2025-04-01",
        "name": "Beacon School",
        "establishment_type": "34",
        "former_body": NORTHWICK_BODY,
        "responsible_body": BEACON,
    }
    by = changes.pop("by", RITA)
    return say("SchoolConverted", label, by, on, **{**said, **changes})


def body_changed(label: str = "moved", on: str = "2025-04-01", **changes: Any) -> Act:
    """School two passes to the trust without a new URN."""
    said = {
        "school": TWO,
        "former_body": NORTHWICK_BODY,
        "responsible_body": BEACON,
        "effective_on": on,
    }
    by = changes.pop("by", RITA)
    said_on = changes.pop("said_on", on)
    return say("ResponsibleBodyChanged", label, by, said_on, **{**said, **changes})


def schools_merged(label: str = "merge", on: str = "2025-03-01", **changes: Any) -> Act:
    """Schools one and two become one, which is school one."""
    said = {"predecessors": [ONE, TWO], "school": ONE, "effective_on": "2025-04-01"}
    by = changes.pop("by", RITA)
    return say("SchoolsMerged", label, by, on, **{**said, **changes})


def body_succeeded(label: str = "split", on: str = "2025-03-01", **changes: Any) -> Act:
    """Another body takes the authority's place."""
    said = {
        "body": NORTHWICK_BODY,
        "successors": ["body:westwick"],
        "effective_on": "2025-04-01",
    }
    by = changes.pop("by", RITA)
    return say("BodySucceeded", label, by, on, **{**said, **changes})


def framework(label: str = "frame", **changes: Any) -> Act:
    """A framework is adopted."""
    said = {
        "slug": "four-point",
        "title": "Four points",
        "areas": [
            {"area": "leadership", "grades": ["good", "poor"]},
            {"area": "safeguarding", "grades": ["met", "not-met"]},
        ],
        "in_force_from": FIRST,
    }
    by = changes.pop("by", RITA)
    return say("FrameworkAdopted", label, by, FIRST, **{**said, **changes})


def judged(label: str = "j", on: str = "2024-11-01", **changes: Any) -> Act:
    """The inspectorate inspects school two."""
    said = {
        "about": TWO,
        "judge": INSPECTORATE,
        "framework": "framework:frame",
        "grades": [{"area": "leadership", "grade": "poor"}],
        "inspected_on": on,
        "basis": "inspection",
    }
    by = changes.pop("by", IRIS)
    inspects = {**said, **changes}["basis"] in INSPECTIONS
    said |= {"category": "none"} if inspects else {}
    return say("JudgementMade", label, by, on, **{**said, **changes})


def challenged(label: str = "ch", on: str = "2024-11-10", **changes: Any) -> Act:
    """School two does not accept how it was judged."""
    said = {"judgement": "judgement:j", "grounds": SEALED, **changes}
    return say("JudgementChallenged", label, said.pop("by", BEN), on, **said)


def moderated(label: str = "mod", on: str = "2024-11-20", **changes: Any) -> Act:
    """School three finds that the judgement stands."""
    said = {"judgement": "judgement:j", "moderator": THREE, "finding": "upheld", "why": SEALED}
    data = {**said, **changes}
    return say("JudgementModerated", label, data.pop("by", CAT), on, **data)


def withdrawn(what: str, by: By, on: str, label: str | None = None, **changes: Any) -> Act:
    """An event is withdrawn, from the day that it is said unless told otherwise."""
    said = {"event": f"event:{what}", "effective_on": on, "code": "entered_in_error"}
    return say("EventWithdrawn", label or f"withdraw-{what}", by, on, **{**said, **changes})


def vouched(label: str = "w", by: By = ROB, on: str = "2024-09-05", **data: Any) -> Act:
    """A registrar, or somebody else, vouches for what was recorded."""
    return say("Vouched", label, by, on, **data)


def for_key(name: str, **changes: Any) -> Act:
    """Somebody vouches for the enrolment of a person's key."""
    said = {"subject": f"enrolment:key-{name}", "person": f"person:{name}", "key": key(name)}
    return vouched(**{**said, **changes})


def for_office(who: By, **changes: Any) -> Act:
    """Somebody vouches for a person's appointment."""
    said = {
        "subject": f"appointment:appoint-{who.name}",
        "person": f"person:{who.name}",
        "office": who.office,
    }
    return vouched(**{**said, **changes})


def recorded_for(act: Act, by: By, evidence: str = "e", **changes: Any) -> Act:
    """Return an act as another records it for the office that says it, on a document's authority.

    The day of recording is that on which it is said, unless told otherwise.
    """
    said = {"for_office": act.by.office, "authority": f"evidence:{evidence}"}
    return act.but(**{"by": by, **said, **changes})


def member_for(who: By, number: str) -> list[Act]:
    """A school whose head has no key is admitted, as the clerk records for it."""
    reference = who.office.partition("@")[2]
    asks = sought(f"sought-{number}", reference, "2024-09-02", by=who)
    return [
        recorded_for(asks, CLEM),
        admitted(f"admitted-{number}", f"sought-{number}", "2024-09-02"),
    ]


def delegated(who: By, to: str, *events: str, label: str = "del", **changes: Any) -> Act:
    """An office lets a person sign some events in it, until the end of the school year."""
    said = {
        "office": who.office,
        "person": f"person:{to}",
        "events": list(events),
        "until": "2025-08-31",
    }
    by, on = changes.pop("by", who), changes.pop("on", "2024-09-10")
    return say("AuthorityDelegated", label, by, on, **{**said, **changes})


def confirmed(who: By, *events: str, label: str = "ok", **changes: Any) -> Act:
    """An office confirms what was recorded for it: these, else all."""
    said = {"office": who.office, "events": [f"event:{one}" for one in events] or None}
    by, on = changes.pop("by", who), changes.pop("on", "2024-11-01")
    return say("RecordConfirmed", label, by, on, **{**said, **changes})


def disowned(who: By, *events: str, label: str = "no", **changes: Any) -> Act:
    """An office disowns what was recorded for it."""
    said = {"office": who.office, "events": [f"event:{one}" for one in events], "why": SEALED}
    by, on = changes.pop("by", who), changes.pop("on", "2024-11-01")
    return say("RecordDisowned", label, by, on, **{**said, **changes})


SOURCE = {"publisher": "Northwick", "title": "Register of schools"}


@cache
def _northwick() -> Given:
    schools = [school(reference) for reference in HEADS]
    people = [ANN, BEN, CAT, DAN, BEA, OLIVE, TOM, IRIS]
    bodies = [body("northwick", "local_authority"), body("beacon-trust")]
    bodies += [body("inspectorate", "inspectorate")]
    return given(
        [founded(), rules_set(), *bodies, *schools],
        [act for who in people for act in newcomer(who)],
    )


@cache
def _estuary(*, stands_in: bool) -> Given:
    offices = [act for who in (CAROL, CLEM) for act in newcomer(who)]
    members = [act for reference in (ONE, TWO, THREE) for act in member(reference)]
    answer = [agrees(OLIVE, "stands-in", FIRST)] if stands_in else []
    return given(_northwick(), formed(), offices, members, answer)


#: An authority, a trust, four schools with their heads, a board chair, two officers.
NORTHWICK = _northwick()
#: The same with a partnership of schools one, two and three, which owes no visits yet, and for
#: which the authority agreed to stand in.
WITH_ESTUARY = _estuary(stands_in=True)
#: A fifth school, a member too, whose head has no key; and the letter that the clerk lodged.
FIVE = "school:900005"
FAY = By("fay", f"head@{FIVE}")
KEYLESS = given(
    WITH_ESTUARY,
    school(FIVE),
    [enrolled("fay"), appointed(FAY)],
    lodged(on="2024-09-02", about=FIVE),
    member_for(FAY, "5"),
)
#: The former with the partnership's year 2024-25: three visits to distinct hosts from each.
WITH_YEAR = given(WITH_ESTUARY, year_opened())
#: The year as well, and nobody has said yet whether they stand in.
UNANSWERED = given(_estuary(stands_in=False), year_opened())

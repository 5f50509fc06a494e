"""Random valid histories: plausible events are said, and those that are recorded are kept.

`HISTORIES` draws plans, which are only numbers, so that they shrink; `tell` says what a plan means
where it stands: who holds the office today, which visit waits for an answer. What the rules refuse
is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

import orjson
from given import (
    BEACON,
    CAROL,
    ESTUARY,
    FOUR,
    HEADS,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    RITA,
    ROOT,
    SEALED,
    TOM,
    TWO,
    WITH_ESTUARY,
    Act,
    By,
    Record,
    completed,
    enrolled,
    entry_of,
    given,
    key_enrolled,
    person,
    say,
)
from hypothesis import strategies as st

from ledger.decision_model.facts import Book
from ledger.decision_model.items import Item
from ledger.domain.decide import decide
from ledger.domain.partnership import facts as parties
from ledger.domain.post import KINDS
from ledger.domain.registers import offices, schools
from ledger.domain.visits.facts import visit as visit_fact
from ledger.domain.visits.kinds import DISPUTE_ANSWER
from ledger.format.entry import Entry

SCHOOLS = tuple(HEADS)
BODIES = (NORTHWICK_BODY, BEACON)
STANDBY = tuple(f"standby-{number}" for number in range(5))
_NAMES = {
    person(name): name
    for name in (*(by.name for by in HEADS.values()), *STANDBY, "olive", "tom", "carol", "bea")
}
_START = date(2024, 9, 5)

WORLD = given(
    WITH_ESTUARY,
    [act for name in STANDBY for act in (enrolled(name), key_enrolled(name))],
)


class Step(NamedTuple):
    """What to try, said in numbers; `gap` days pass before, and it happened `late` days ago."""

    what: int
    gap: int
    late: int
    a: int
    b: int
    c: int


class History:
    """A history that grows by what is accepted."""

    def __init__(self, start: Record = WORLD.record) -> None:
        self.record = Record(start.entries)
        self.began = len(start.entries)
        self.book = Book(self.record.read, self.began)
        self.today = _START
        self.happened = _START

    @property
    def entries(self) -> list[Entry[Any]]:
        return self.record.entries

    def own(self, *names: str) -> list[Entry[Any]]:
        """Return the entries of some events that stand, withdrawn ones left out."""
        gone = {e.data["event"][6:] for e in self.entries if e.name == "EventWithdrawn"}
        return [e for e in self.entries if e.name in names and e.id not in gone]

    def all(self, *names: str) -> list[Entry[Any]]:
        return [e for e in self.entries if e.name in names]

    def head(self, reference: str) -> By:
        """Return who may sign for a party today; somebody without the office if nobody does."""
        if reference in BODIES:
            return OLIVE if reference == NORTHWICK_BODY else TOM
        office = f"head@{reference}"
        found = offices.holders(office, self.book.look(offices.office(office)), self.today)
        return By(_NAMES[found[0].person] if found else "bea", office)

    def school(self, reference: str) -> schools.School:
        standing = self.book.look(schools.school(reference))
        assert standing is not None
        return standing

    def take(self, act: Act) -> Entry[Any] | None:
        """Record an act if the rules accept it."""
        entry = entry_of(act, len(self.entries) + 1)
        entry = completed(entry, self.book)
        if decide(entry, self.book.look):
            return None
        self.record.append(entry)
        self.book.apply(entry)
        return entry

    def say(self, name: str, by: By, /, **data: Any) -> Act:
        label = f"step-{len(self.entries)}"
        on, recorded = self.happened.isoformat(), self.today.isoformat()
        return say(name, label, by, on, recorded=recorded, **data)

    def day(self, offset: int) -> str:
        return (self.today + timedelta(days=offset)).isoformat()


Telling = Callable[[History, Step], Iterator[Act]]


def _pick(items: Any, number: int) -> Any:
    return items[number % len(items)]


def _offer(h: History, s: Step) -> Iterator[Act]:
    provider, receiver = _pick(SCHOOLS + BODIES, s.a), _pick(SCHOOLS, s.b)
    days = f"{1 + s.c % 4}.0"
    valid = h.day(60)
    yield h.say(
        "SupportOffered",
        h.head(provider),
        provider=provider,
        receiver=receiver,
        route="group",
        days=days,
        valid_until=valid,
    )


def _agree(h: History, s: Step) -> Iterator[Act]:
    if not (offers := h.own("SupportOffered")):
        return
    offer = _pick(offers, s.a)
    yield h.say(
        "SupportAgreed",
        h.head(offer.data["receiver"]),
        offer=f"offer:{offer.id}",
        starts=h.happened.isoformat(),
        ends=h.day(90),
        days=offer.data["days"] if s.b % 3 else "1.0",
        commissioner=_pick((None, NORTHWICK_BODY, BEACON), s.c),
    )


def _visit_for_agreement(h: History, s: Step) -> Iterator[Act]:
    if not (agreements := h.own("SupportAgreed")):
        return
    agreement = _pick(agreements, s.a)
    visitor = agreement.data["provider"]
    yield h.say(
        "VisitMade",
        h.head(visitor),
        visitor=visitor,
        host=agreement.data["receiver"],
        under=f"agreement:{agreement.id}",
        purpose="monitoring" if s.c % 7 == 6 else "support",
        mode="on_site",
        days="999999.5" if s.b == s.c == 7 else f"{1 + s.b % 3}.{'05'[s.c % 2]}",
    )


def _visit_of_year(h: History, s: Step) -> Iterator[Act]:
    years = [None, *h.own("PartnershipYearOpened")]
    year = _pick(years, s.c) or years[-1]
    visitor, host = _pick(SCHOOLS, s.a), _pick((*SCHOOLS, NORTHWICK_BODY, ESTUARY), s.b)
    yield h.say(
        "VisitMade",
        h.head(visitor),
        visitor=visitor,
        host=host,
        under=f"year:{year.id}" if year and s.c % 9 else None,
        purpose="peer_review",
        mode="on_site",
        days="1.0",
    )


def _visits(h: History) -> list[Entry[Any]]:
    """Return the visits that stand, those that wait for an answer last."""

    def waits(entry: Entry[Any]) -> bool:
        visit = h.book.look(visit_fact(entry.id))
        return visit is not None and not visit.answered

    return sorted(h.own("VisitMade"), key=waits)


def _attest(h: History, s: Step) -> Iterator[Act]:
    if not (visits := _visits(h)):
        return
    visit = visits[-1 - s.a % len(visits)]
    standing = h.book.look(visit_fact(visit.id))
    yield h.say(
        "VisitAttested",
        h.head(visit.data["host"]),
        visit=f"visit:{visit.id}",
        days=str(standing.days) if standing and s.b % 3 else "0.5",
    )


def _dispute(h: History, s: Step) -> Iterator[Act]:
    if not (visits := _visits(h)):
        return
    visit = visits[-1 - s.a % len(visits)]
    yield h.say(
        "VisitDisputed",
        h.head(visit.data["host"]),
        visit=f"visit:{visit.id}",
        days="0.5",
        wrong=SEALED,
    )


def _correct(h: History, s: Step) -> Iterator[Act]:
    visits = [
        entry
        for entry in h.own("VisitMade")
        if DISPUTE_ANSWER.waiting(h.book.look, f"event:{entry.id}") or s.b % 4 == 0
    ]
    if not visits:
        return
    visit = _pick(visits, s.a)
    yield h.say(
        "VisitCorrected",
        h.head(visit.data["visitor"]),
        visit=f"visit:{visit.id}",
        days=f"{1 + s.c % 2}.5",
    )


def _report(h: History, s: Step) -> Iterator[Act]:
    agreements, years = h.own("SupportAgreed"), h.own("PartnershipYearOpened")
    if not (agreements if s.c % 3 else years):
        return
    about = _pick(agreements if s.c % 3 else years, s.a)
    sides = [about.data["provider"], about.data["receiver"]] if s.c % 3 else SCHOOLS
    reporter = _pick(sides, s.b)
    under = {"agreement" if s.c % 3 else "year": f"{_THING[about.name]}:{about.id}"}
    visits = [v for v in h.own("VisitMade") if v.data.get("under") in under.values()]
    yield h.say(
        "ImpactReported",
        h.head(reporter),
        reporter=reporter,
        area="phonics",
        claim=SEALED,
        visits=[f"visit:{visit.id}" for visit in visits[: s.b % 2]] or None,
        **under,
    )


_THING = {"SupportAgreed": "agreement", "PartnershipYearOpened": "year"}


def _appoint(h: History, s: Step) -> Iterator[Act]:
    yield h.say(
        "Appointed",
        RITA,
        person=person(_pick(STANDBY, s.a)),
        office=f"head@{_pick(SCHOOLS, s.b)}",
        basis=_pick(("substantive", "substantive", "acting", "interim", "executive"), s.c),
        effective_on=h.day(_pick((0, -20, 15), s.c)),
    )


def _end(h: History, s: Step) -> Iterator[Act]:
    by = h.head(_pick(SCHOOLS, s.a))
    tenures = h.book.look(offices.office(by.office))
    who = _pick(tenures, s.b).person if tenures else person(by.name)
    yield h.say(
        "AppointmentEnded", RITA, person=who, office=by.office, effective_on=h.day(-(s.c % 20))
    )


def _depart(h: History, s: Step) -> Iterator[Act]:
    by = h.head(_pick(SCHOOLS, s.a))
    yield h.say(
        "DepartureNotified",
        by,
        office=by.office,
        holder=person(by.name),
        effective_on=h.day(s.b % 50),
    )


def _hand_over(h: History, s: Step) -> Iterator[Act]:
    by = h.head(_pick(SCHOOLS, s.a))
    tenures = h.book.look(offices.office(by.office))
    who = _pick(tenures, s.b).person if s.c % 2 else person(by.name)
    yield h.say("HandoverGiven", by, office=by.office, outgoing=who, at=ROOT)


def _accept(h: History, s: Step) -> Iterator[Act]:
    if not (given_ones := h.own("HandoverGiven")):
        return
    handover = _pick(given_ones, s.a)
    by = h.head(handover.data["office"].partition("@")[2])
    yield h.say(
        "HandoverAccepted", by, handover=f"handover:{handover.id}", incoming=person(by.name)
    )


def _ratify(h: History, s: Step) -> Iterator[Act]:
    school = _pick(_with_open(h, "ratification") or SCHOOLS, s.a)
    yield h.say(
        "MembershipRatified",
        h.head(school),
        school=school,
        partnership=ESTUARY,
        version=1,
        at=ROOT,
    )


def _with_open(h: History, kind: str) -> list[str]:
    (item,) = (one for one in KINDS if one.name == kind)
    assert isinstance(item, Item)
    return [school for school in SCHOOLS if item.waiting(h.book.look, school)]


def _decline(h: History, s: Step) -> Iterator[Act]:
    school = _pick(_with_open(h, "ratification") or SCHOOLS, s.a)
    yield h.say(
        "MembershipDeclined",
        h.head(school),
        school=school,
        partnership=ESTUARY,
        version=1,
        leaves_on=h.day(60 + s.b % 30) if s.c % 3 else None,
    )


def _seek(h: History, s: Step) -> Iterator[Act]:
    outside = [one for one in SCHOOLS if not _belongs(h, one)]
    school = _pick(outside or SCHOOLS, s.a)
    yield h.say("MembershipSought", h.head(school), school=school, partnership=ESTUARY, version=1)


def _belongs(h: History, school: str) -> bool:
    return ESTUARY in parties.partnerships(h.book.look(parties.belongs(school)), h.happened)


def _admit(h: History, s: Step) -> Iterator[Act]:
    wishes = h.own("MembershipSought")
    first = h.today + timedelta(days=_pick((0, 40, 120), s.b))
    years = h.book.look(parties.years(ESTUARY))
    within = [year.id for year in years if year.starts <= first <= year.ends]
    yield h.say(
        "SchoolAdmitted",
        CAROL,
        application=f"application:{wishes[-1 - s.a % len(wishes)].id}",
        effective_on=first.isoformat(),
        year=f"year:{within[0]}" if within else None,
    )


def _leave(h: History, s: Step) -> Iterator[Act]:
    """Let a new head, who is told what the school owes, leave with as much notice as it takes."""
    school = _pick(SCHOOLS, s.a)
    yield h.say(
        "Appointed",
        RITA,
        person=person(_pick(STANDBY, s.b)),
        office=f"head@{school}",
        basis="substantive",
        effective_on=h.day(0),
    )
    yield h.say(
        "MembershipDeclined",
        h.head(school),
        school=school,
        partnership=ESTUARY,
        version=1,
        leaves_on=h.day(60 + s.c),
    )


def _come_back(h: History, s: Step) -> Iterator[Act]:
    """Let a school that leaves join again, once it has left."""
    left = [m for m in h.book.look(parties.members(ESTUARY)) if m.last is not None]
    if not left:
        return
    member = _pick(left, s.a)
    h.today = h.happened = max(h.today, member.last + timedelta(days=1 + s.b))
    said = {"school": member.school, "partnership": ESTUARY, "version": 1}
    yield h.say("MembershipSought", h.head(member.school), **said)
    yield from _admit(h, s._replace(a=0, b=0))


def _open_year(h: History, s: Step) -> Iterator[Act]:
    first = 2024 + s.a % 2
    yield h.say(
        "PartnershipYearOpened",
        CAROL,
        partnership=ESTUARY,
        name=f"{first}-{first % 100 + 1}",
        starts=f"{first}-09-01",
        ends=f"{first + 1}-08-31",
    )


def _supports(h: History, school: str) -> list[str]:
    """Return what a school owes or is owed under agreements."""
    return [
        f"{entry.id}/support"
        for entry in h.own("SupportAgreed")
        if school in (entry.data["provider"], entry.data["receiver"])
    ]


def _convert(h: History, s: Step) -> Iterator[Act]:
    school = h.school(_pick(SCHOOLS, s.a))
    first = h.today + timedelta(days=_pick((0, -30, 20), s.b))
    left = _supports(h, school.reference)
    former = school.responsible_body(first)
    yield h.say(
        "SchoolConverted",
        RITA,
        school=school.reference,
        old_urn=school.urns[-1].urn,
        old_urn_closes_on=(first - timedelta(days=1)).isoformat(),
        new_urn=f"urn:{int(school.urns[-1].urn[4:]) + 100}",
        new_urn_opens_on=first.isoformat(),
        effective_on=first.isoformat(),
        name="Converted",
        establishment_type="34",
        former_body=former,
        responsible_body=_pick(BODIES, s.c),
        left_with_former_body=left[: s.c % 3] if former else [],
    )


def go_on(h: History, s: Step) -> Iterator[Act]:
    """Let a school go on from another, with some of what that owes or is owed.

    No plan does so by itself, for what concerns the school does not follow it yet.
    """
    school = h.school(_pick(SCHOOLS, s.a))
    former = h.school(_pick(SCHOOLS, s.a + 1 + s.b % 3))
    first = h.today + timedelta(days=_pick((0, -30, 20), s.b))
    yield h.say(
        "SuccessionAttributed",
        RITA,
        school=school.reference,
        urn=school.urns[0].urn,
        former_urn=former.urns[-1].urn,
        former_urn_closes_on=(first - timedelta(days=1)).isoformat(),
        effective_on=first.isoformat(),
        predecessor=former.reference,
        moved=_supports(h, former.reference)[: s.c % 4],
    )


def _change_body(h: History, s: Step) -> Iterator[Act]:
    school = _pick(SCHOOLS, s.a)
    first = h.today + timedelta(days=_pick((0, -25, 30), s.b))
    yield h.say(
        "ResponsibleBodyChanged",
        RITA,
        school=school,
        former_body=h.school(school).responsible_body(first),
        responsible_body=_pick(BODIES, s.c),
        effective_on=first.isoformat(),
    )


def _withdraw(h: History, s: Step) -> Iterator[Act]:
    own = [e for e in h.entries[h.began - 6 :] if e.name not in ("EventWithdrawn", "Appointed")]
    if not own:
        return
    entry = own[-1 - s.a % len(own)]
    role, party = entry.office.split("@")
    holder = {"registrar": "rita", "chair": "carol", "officer": "olive"}.get(role)
    if party == BEACON:
        holder = "tom"
    by = By(holder, entry.office) if holder else h.head(party)
    effective = max(date.fromisoformat(entry.occurredon), h.happened - timedelta(days=s.b % 30))
    yield h.say(
        "EventWithdrawn",
        by,
        event=f"event:{entry.id}",
        effective_on=effective.isoformat(),
        code="entered_in_error",
    )


# Most likely first: plans shrink towards small numbers.
_TELLINGS: tuple[Telling, ...] = (
    _visit_for_agreement,
    _attest,
    _withdraw,
    _offer,
    _agree,
    _visit_of_year,
    _attest,
    _withdraw,
    _dispute,
    _correct,
    _report,
    _open_year,
    _depart,
    _hand_over,
    _appoint,
    _accept,
    _ratify,
    _end,
    _decline,
    _seek,
    _admit,
    _convert,
    _change_body,
    _withdraw,
    _agree,
    _visit_for_agreement,
    _visit_of_year,
    _leave,
    _come_back,
)

STEPS = st.builds(
    Step,
    what=st.integers(0, len(_TELLINGS) - 1),
    gap=st.integers(0, 15),
    late=st.integers(0, 12),
    a=st.integers(0, 7),
    b=st.integers(0, 7),
    c=st.integers(0, 8),
)
_OF_JOINING = (
    *(_leave, _come_back, _leave, _come_back, _seek, _admit, _decline),
    *(_visit_of_year, _attest, _visit_of_year, _attest, _open_year, _appoint, _withdraw),
)
#: Plans in which schools mostly leave, join and visit.
JOINING = st.lists(
    st.builds(
        lambda telling, step: step._replace(what=_TELLINGS.index(telling)),
        st.sampled_from(_OF_JOINING),
        STEPS,
    ),
    min_size=8,
    max_size=30,
)
#: Plans of histories: each has an agreement and a year to begin with, so that much can follow.
PLANS = st.lists(STEPS, min_size=12, max_size=60)


def _beginning(history: History) -> None:
    for number, (provider, receiver) in enumerate(((ONE, TWO), (TWO, ONE), (FOUR, ONE))):
        step = Step(0, 0, 0, SCHOOLS.index(provider), SCHOOLS.index(receiver), 1 + number)
        for act in _offer(history, step):
            history.take(act)
        for act in _agree(history, Step(0, 0, 0, number, 1, number)):
            history.take(act)
    for act in _open_year(history, Step(0, 0, 0, 0, 0, 0)):
        history.take(act)


def tell(plan: list[Step], watch: Callable[[History, Entry[Any]], None] | None = None) -> History:
    """Return the history that a plan tells; `watch` is called after each event recorded."""
    history = History()
    _beginning(history)
    for step in plan:
        history.today += timedelta(days=step.gap)
        history.happened = max(_START, history.today - timedelta(days=step.late))
        for act in _TELLINGS[step.what](history, step):
            entry = history.take(act)
            if entry is not None and watch is not None:
                watch(history, entry)
    return history


_MEMBERS = ("id", "type", "time", "occurredon", "signedby", "office", "seen", "source", "data")


class Store:
    """A history as a store reads it, by what a statement names."""

    def __init__(self, history: History) -> None:
        self._record = history.record

    def entries(self, limit):
        return [_row(entry) for entry in self._record.entries[:limit]]

    def by_tag(self, tag, types=(), *, before=None):
        return [_row(entry) for entry in self._record.read(tag, types, before)]

    def by_types(self, types, *, before=None):
        entries = self._record.entries[: before and before - 1]
        return [_row(entry) for entry in entries if entry.name in types]


def _row(entry: Entry) -> tuple[int, bytes]:
    said = {name: getattr(entry, name) for name in _MEMBERS}
    written = {"recorded_at": entry.recorded_at, "signature": "", "statement": said}
    return entry.position, orjson.dumps(written)

"""Random valid histories: plausible events are said, and those that are recorded are kept.

`HISTORIES` draws plans, which are only numbers, so that they shrink; `tell` says what a plan means
where it stands: who holds the office today, which visit waits for an answer. What the rules refuse
is dropped.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import orjson
from given import (
    BEACON,
    CAROL,
    ESTUARY,
    FOUR,
    GROUND_RULES,
    HEADS,
    INSPECTORATE,
    IRIS,
    NORTHWICK_BODY,
    OLIVE,
    ONE,
    RITA,
    ROOT,
    SEALED,
    SOURCE,
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

from ledger import keys
from ledger.decision_model.facts import Book
from ledger.decision_model.items import Item
from ledger.domain.decide import decide
from ledger.domain.handover.standing import sides
from ledger.domain.money.facts import Funding, funding
from ledger.domain.needs.facts import LEVELS
from ledger.domain.partnership import facts as parties
from ledger.domain.post import KINDS
from ledger.domain.registers import offices, schools
from ledger.domain.visits.facts import visit as visit_fact
from ledger.domain.visits.kinds import DISPUTE_ANSWER
from ledger.events.fulfilment import FulfilmentClaimed
from ledger.format.entry import Entry
from ledger.format.statement import NAMESPACE
from ledger.values import event_id

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
        review_dates=sorted({h.day(30), h.day(60)})[: s.b % 3],
        commissioner=_pick((None, NORTHWICK_BODY, BEACON), s.c),
        replaces=_pick((None, None, *_agreements(h)), s.c),
    )


def _agreements(h: History) -> list[str]:
    return [f"agreement:{entry.id}" for entry in h.own("SupportAgreed")]


def _close(h: History, s: Step) -> Iterator[Act]:
    if not (offers := h.own("SupportOffered")):
        return
    offer, how = _pick(offers, s.a), _pick(("declined", "withdrawn"), s.b)
    side = offer.data["receiver" if how == "declined" else "provider"]
    yield h.say("OfferClosed", h.head(side), offer=f"offer:{offer.id}", how=how)


def _declare(h: History, s: Step) -> Iterator[Act]:
    provider = _pick(SCHOOLS, s.a)
    span = {"starts": h.day(-30), "ends": h.day(90)}
    by = h.head(provider)
    yield h.say("CapacityDeclared", by, provider=provider, **span, days=f"{5 + s.b}.0")


def _vary(h: History, s: Step) -> Iterator[Act]:
    """Propose other terms of an agreement, or accept what was proposed."""
    if s.c % 2 and (proposed := h.own("SupportVaried")):
        varied = _pick(proposed, s.a)
        others = {varied.data["provider"], varied.data["receiver"]} - {varied.data["proposer"]}
        yield h.say(
            "SupportVariationAccepted",
            h.head(_pick(sorted(others), s.b)),
            variation=f"variation:{varied.id}",
        )
    elif agreements := h.own("SupportAgreed"):
        agreed = _pick(agreements, s.a)
        side = agreed.data[_pick(("provider", "receiver"), s.b)]
        terms = _pick(
            (
                {"days": f"{1 + s.b}.0"},
                {"ends": h.day(120), "review_dates": [h.day(100)]},
                {"paused_until": h.day(45)},
            ),
            s.c // 2,
        )
        yield h.say("SupportVaried", h.head(side), agreement=f"agreement:{agreed.id}", **terms)


def _end_support(h: History, s: Step) -> Iterator[Act]:
    if not (agreements := h.own("SupportAgreed")):
        return
    agreed = _pick(agreements, s.a)
    side = agreed.data[_pick(("provider", "receiver"), s.b)]
    yield h.say(
        "SupportEnded",
        h.head(side),
        agreement=f"agreement:{agreed.id}",
        how=_pick(("stopped", "completed"), s.c),
        effective_on=h.day(10) if s.c % 4 == 0 else h.happened.isoformat(),
    )


def _review(h: History, s: Step) -> Iterator[Act]:
    """Agree to a plan, report progress, or hold a review."""
    if not (agreements := h.own("SupportAgreed")):
        return
    agreed = _pick(agreements, s.a)
    named = f"agreement:{agreed.id}"
    side = h.head(agreed.data[_pick(("provider", "receiver"), s.b)])
    if s.c % 3 == 0:
        objectives = [{"area": "inclusion"}]
        yield h.say("PlanAgreed", side, agreement=named, objectives=objectives, what=SEALED)
    elif s.c % 3 == 1:
        yield h.say("ProgressReported", side, agreement=named, account=SEALED)
    else:
        by = h.head(agreed.data["provider"])
        yield h.say("ReviewHeld", by, agreements=[named])


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
        area="inclusion",
        claim=SEALED,
        visits=[f"visit:{visit.id}" for visit in visits[: s.b % 2]] or None,
        stage="a_year_later" if s.b % 3 == 0 else None,
        **under,
    )


def _answer_impact(h: History, s: Step) -> Iterator[Act]:
    impacts = h.own("ImpactReported")
    if not impacts:
        return
    impact = _pick(impacts, s.a)
    answerer = impact.data["other_side"]
    yield h.say(
        "ImpactAnswered",
        CAROL if answerer == ESTUARY else h.head(answerer),
        impact=f"impact:{impact.id}",
        answer="confirmed",
    )


_THING = {"SupportAgreed": "agreement", "PartnershipYearOpened": "year"}


def _appoint(h: History, s: Step) -> Iterator[Act]:
    office, day = f"head@{_pick(SCHOOLS, s.b)}", h.day(_pick((0, -20, 15), s.c))
    yield h.say(
        "Appointed",
        RITA,
        person=person(_pick(STANDBY, s.a)),
        office=office,
        basis=_pick(("substantive", "substantive", "acting", "interim", "executive"), s.c),
        effective_on=day,
        succeeds=_holder(h, office, day),
    )


def _holder(h: History, office: str, day: str) -> str | None:
    """Return who holds an office on a day, whom a new holder then succeeds."""
    tenures = h.book.look(offices.office(office))
    holding = offices.holders(office, tenures, date.fromisoformat(day))
    return holding[0].person if holding else None


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
        version=_version(h),
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
        version=_version(h),
        leaves_on=h.day(60 + s.b % 30) if s.c % 3 else None,
    )


def _version(h: History) -> int:
    return h.book.look(parties.versions(ESTUARY))[-1].number


def _agree_rules(h: History, s: Step) -> Iterator[Act]:
    yield h.say(
        "GroundRulesAgreed",
        CAROL,
        partnership=ESTUARY,
        effective_on=h.day(_pick((0, 20, -20, 60), s.a)),
        ground_rules={**GROUND_RULES, "visits_per_year": s.b, "distinct_hosts": s.c % 2 == 0},
    )


def _seek(h: History, s: Step) -> Iterator[Act]:
    outside = [one for one in SCHOOLS if not _belongs(h, one)]
    school = _pick(outside or SCHOOLS, s.a)
    yield h.say(
        "MembershipSought", h.head(school), school=school, partnership=ESTUARY, version=_version(h)
    )


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
    office, day = f"head@{school}", h.day(0)
    yield h.say(
        "Appointed",
        RITA,
        person=person(_pick(STANDBY, s.b)),
        office=office,
        basis="substantive",
        effective_on=day,
        succeeds=_holder(h, office, day),
    )
    yield h.say(
        "MembershipDeclined",
        h.head(school),
        school=school,
        partnership=ESTUARY,
        version=_version(h),
        leaves_on=h.day(60 + s.c),
    )


def _give_notice(h: History, s: Step) -> Iterator[Act]:
    school = _pick(SCHOOLS, s.a)
    said = {"school": school, "partnership": ESTUARY, "effective_on": h.day(60 + s.b * 20)}
    yield h.say("MembershipLeft", h.head(school), **said)


def _exclude(h: History, s: Step) -> Iterator[Act]:
    said = {"partnership": ESTUARY, "effective_on": h.day(_pick((0, 20, -20), s.b))}
    yield h.say("MemberExcluded", CAROL, school=_pick(SCHOOLS, s.a), reason=SEALED, **said)


def _refuse(h: History, s: Step) -> Iterator[Act]:
    wishes = h.own("MembershipSought")
    application = f"application:{wishes[-1 - s.a % len(wishes)].id}"
    yield h.say("AdmissionRefused", CAROL, application=application, reason=SEALED)


def _waive(h: History, s: Step) -> Iterator[Act]:
    """Let whoever is owed something release it: support, or an answer of some kind."""
    opened = [
        *(f"{one.id}/support" for one in h.own("SupportAgreed")),
        *(f"{one.id}/attestation" for one in h.own("VisitMade", "VisitCorrected")),
        *(f"{one.id}/dispute_answer" for one in h.own("VisitDisputed")),
        *(f"{one.id}/admission_answer" for one in h.own("MembershipSought")),
    ]
    obligation = _pick(opened, s.a * 8 + s.b)
    owed = sides(h.book.look, obligation)
    if owed is None or owed.creditor == ESTUARY:
        return
    amount = "0.5" if s.c % 2 and owed.kind.unit == "day" else None
    by = h.head(owed.creditor)
    yield h.say("ObligationWaived", by, obligation=obligation, amount=amount, reason=SEALED)


def _stand_in(h: History, s: Step) -> Iterator[Act]:
    said = {"party": NORTHWICK_BODY, "partnership": ESTUARY}
    name = "ContingencyAccepted" if s.a % 3 else "ContingencyDeclined"
    yield h.say(name, OLIVE, **said)


def come_to_an_end(h: History, s: Step) -> Iterator[Act]:
    """Let a school close or the partnership be dissolved, and the authority take over or not."""
    said = {"effective_on": h.day(_pick((0, -30, 20), s.b))}
    if s.a % 3:
        yield h.say("SchoolClosed", RITA, school=_pick(SCHOOLS, s.b), reason="closed", **said)
    else:
        yield h.say("PartnershipDissolved", CAROL, partnership=ESTUARY, reason=SEALED, **said)
    if s.c % 2:
        yield from _stand_in(h, s._replace(a=1))


def _come_back(h: History, s: Step) -> Iterator[Act]:
    """Let a school that leaves join again, once it has left."""
    left = [m for m in h.book.look(parties.members(ESTUARY)) if m.last is not None]
    if not left:
        return
    member = _pick(left, s.a)
    h.today = h.happened = max(h.today, member.last + timedelta(days=1 + s.b))
    said = {"school": member.school, "partnership": ESTUARY, "version": _version(h)}
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
    """Let a school go on from another, with some of what that owes or is owed."""
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
        source=SOURCE,
    )


def goes_on_or_ends(history: History, entry: Entry[Any]) -> None:
    """Let a school go on from another now and then, or close, or the partnership be dissolved."""
    by_chance = entry.position // 7
    if entry.position % 7 == 0:
        for act in go_on(history, Step(0, 0, 0, by_chance, by_chance // 3, 3)):
            history.take(act)
    if entry.position % 7 == 3:
        for act in come_to_an_end(history, Step(0, 0, 0, by_chance, by_chance // 2, by_chance)):
            history.take(act)


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


def _commit(h: History, s: Step) -> Iterator[Act]:
    """Let a body commit money to a school, or to the partnership for which a school keeps it."""
    school = _pick(SCHOOLS, s.b)
    days = (h.day(20), h.day(60 + s.c))
    pounds = (f"{10 + 7 * s.a}.{10 + s.b}", f"{1 + s.c}.05")
    conditions = [{"title": "Report", "by": h.day(90)}, {"title": "Visit", "by": h.day(30)}]
    yield h.say(
        "FundingCommitted",
        h.head(_pick(BODIES, s.a)),
        commissioner=_pick(BODIES, s.a),
        payee=ESTUARY if s.c % 2 else school,
        kept_by=school if s.c % 2 else None,
        title="Reading",
        fund="Improvement",
        instalments=[{"pay_by": day, "pounds": of} for day, of in zip(days, pounds, strict=True)],
        account_by=h.day(80),
        conditions=conditions[: s.b % 3] or None,
        prerequisites=[{"title": "Plan", "before": days[1]}] if s.a % 2 else None,
        related_party=False,
    )


def _some_pounds(of: Decimal, s: Step) -> str:
    """Return a part of some pounds: mostly all or half, now and then a penny too many."""
    part = _pick((of, of / 2, Decimal("0.01"), of + Decimal("0.01"), of / 3), s.c)
    return str(max(Decimal(0), part).quantize(Decimal("0.01")))


def _fundings(h: History) -> list[Funding]:
    found = (h.book.look(funding(entry.id)) for entry in h.own("FundingCommitted"))
    return [one for one in found if one is not None]


def _instalment(h: History, given_one: Funding, number: int) -> Decimal:
    own = next(one for one in h.own("FundingCommitted") if one.id == given_one.id)
    return Decimal(own.data["instalments"][number]["pounds"])


def _pay(h: History, s: Step) -> Iterator[Act]:
    if not (fundings := _fundings(h)):
        return
    given_one = _pick(fundings, s.a)
    back = s.b % 3 == 2
    of = given_one.unspent if back else _instalment(h, given_one, 0)
    yield h.say(
        "FundingPaid",
        h.head(given_one.keeper if back else given_one.payer),
        under=f"funding:{given_one.id}",
        pounds=_some_pounds(of, s),
        returns="unspent" if back else None,
    )


def _receive(h: History, s: Step) -> Iterator[Act]:
    if not (fundings := _fundings(h)):
        return
    given_one = _pick(fundings, s.a)
    sent = _pick((*given_one.under_way, None), s.b)
    back = sent.returns if sent else s.b % 4 == 3
    pounds = sent.pounds if sent else _instalment(h, given_one, -1)
    yield h.say(
        "FundingReceived",
        h.head(given_one.payer if back else given_one.keeper),
        payment=f"payment:{sent.payment}" if sent else None,
        under=f"funding:{given_one.id}",
        pounds=str(pounds) if s.c % 3 else _some_pounds(pounds, s),
        returns="unspent" if back else None,
        paid_on=None if sent else (h.happened - timedelta(days=s.c)).isoformat(),
    )


def _spend(h: History, s: Step) -> Iterator[Act]:
    if not (fundings := _fundings(h)):
        return
    given_one = _pick(fundings, s.a)
    own = [one for one in fundings if one.keeper == given_one.keeper][: 1 + s.b % 2]
    yield h.say(
        "SpendRecorded",
        h.head(given_one.keeper),
        keeper=given_one.keeper,
        spent=[
            {"funding": f"funding:{one.id}", "pounds": _some_pounds(one.unspent, s)} for one in own
        ],
        purpose="training",
        supplier="Trainers Ltd",
    )


def _to_claim(h: History) -> list[tuple[str, str, str, Decimal]]:
    """Return what is open that its debtor claims done, with both sides and how much is left."""
    kinds = [kind for kind in KINDS if FulfilmentClaimed in kind.claims]
    return [
        (one.obligation, one.debtor, one.creditor, one.left)
        for kind in kinds
        if isinstance(kind, Item)
        for entry in h.own("FundingCommitted")
        for one in kind.waiting(h.book.look, f"event:{entry.id}")
    ]


def _amount(obligation: str, left: Decimal, s: Step) -> str | None:
    return _some_pounds(left, s) if obligation.endswith("spend_account") else None


def _claim(h: History, s: Step) -> Iterator[Act]:
    if not (owed := _to_claim(h)):
        return
    obligation, debtor, _, left = _pick(owed, s.a)
    by = CAROL if debtor == ESTUARY else h.head(debtor)
    pounds = _amount(obligation, left, s)
    yield h.say("FulfilmentClaimed", by, obligation=obligation, pounds=pounds)


def _answer(h: History, s: Step) -> Iterator[Act]:
    if not (owed := _to_claim(h)):
        return
    obligation, _, creditor, left = _pick(owed, s.a)
    how = _pick(("met", "met_in_part", "not_met"), s.b)
    pounds = _amount(obligation, left, s) if how == "met_in_part" else None
    by = h.head(creditor)
    yield h.say("FulfilmentAnswered", by, obligation=obligation, answer=how, pounds=pounds)


# Most likely first: plans shrink towards small numbers.
def _speaker(h: History, party: str) -> By:
    return CAROL if party == ESTUARY else h.head(party)


def _identify(h: History, s: Step) -> Iterator[Act]:
    school = _pick(SCHOOLS, s.a)
    standing = h.school(school)
    raiser = _pick((school, NORTHWICK_BODY, standing.responsible_body(h.today) or school), s.b)
    yield h.say(
        "NeedIdentified",
        h.head(raiser),
        school=school,
        area="inclusion",
        level=_pick(LEVELS, s.c if s.c < len(LEVELS) else 0),
    )


def _need(h: History, s: Step) -> Entry[Any] | None:
    needs = h.own("NeedIdentified")
    return _pick(needs, s.a) if needs else None


def _answer_need(h: History, s: Step) -> Iterator[Act]:
    if need := _need(h, s):
        name = "NeedDisputed" if s.b % 2 else "NeedAccepted"
        why = {"why": SEALED} if s.b % 2 else {}
        yield h.say(name, h.head(need.data["school"]), need=f"need:{need.id}", **why)


def _escalate(h: History, s: Step) -> Iterator[Act]:
    if need := _need(h, s):
        yield h.say(
            "NeedEscalated",
            h.head(_pick((need.data["school"], NORTHWICK_BODY), s.b)),
            trigger=f"need:{need.id}",
            to_level=_pick(LEVELS[1:], s.c),
            ask=SEALED,
            why=SEALED,
            skips=SEALED if s.b % 4 == 3 else None,
        )


def _decide(h: History, s: Step) -> Iterator[Act]:
    if need := _need(h, s):
        yield h.say(
            "DecisionRecorded",
            _speaker(h, _pick((NORTHWICK_BODY, ESTUARY, BEACON), s.b)),
            trigger=f"need:{need.id}",
            decision="support" if s.c % 3 else "leave_alone",
            why=SEALED,
        )


def _offer_for_need(h: History, s: Step) -> Iterator[Act]:
    if need := _need(h, s):
        provider = _pick(SCHOOLS, s.b)
        yield h.say(
            "SupportOffered",
            h.head(provider),
            provider=provider,
            receiver=need.data["school"],
            trigger=f"need:{need.id}",
            route="partnership" if s.c % 2 else "group",
            days="1.0",
            valid_until=h.day(60),
        )


def _close_need(h: History, s: Step) -> Iterator[Act]:
    if need := _need(h, s):
        by = h.head(_pick((need.data["school"], need.data["raiser"]), s.b))
        yield h.say("NeedClosed", by, need=f"need:{need.id}", outcome="met")


def _declare(h: History, s: Step) -> Iterator[Act]:
    if agreements := h.own("SupportAgreed"):
        agreement = _pick(agreements, s.a)
        by = h.head(agreement.data[_pick(("provider", "receiver"), s.b)])
        yield h.say(
            "ConflictOfInterestDeclared",
            by,
            person=person(by.name),
            agreement=f"agreement:{agreement.id}",
            what=SEALED,
        )


def _clear(h: History, s: Step) -> Iterator[Act]:
    if declared := h.own("ConflictOfInterestDeclared"):
        yield h.say(
            "DecisionRecorded",
            h.head(_pick((NORTHWICK_BODY, BEACON, ONE), s.b)),
            conflict=f"conflict:{_pick(declared, s.a).id}",
            decision="cleared" if s.c % 2 else "not_cleared",
            why=SEALED,
        )


def _concern(h: History, s: Step) -> Iterator[Act]:
    about, raiser = _pick(SCHOOLS, s.a), _pick((*SCHOOLS, ESTUARY), s.b)
    to = _pick((NORTHWICK_BODY, BEACON, ESTUARY), s.c)
    by = _speaker(h, raiser)
    yield h.say("ConcernRaised", by, about=about, to=to, reason=SEALED)


def _escalate_concern(h: History, s: Step) -> Iterator[Act]:
    if concerns := h.own("ConcernRaised"):
        concern = _pick(concerns, s.a)
        yield h.say(
            "ConcernEscalated",
            _speaker(h, _pick((concern.data["raiser"], concern.data["to"]), s.b)),
            concern=f"concern:{concern.id}",
            to=_pick((NORTHWICK_BODY, BEACON, ESTUARY), s.c),
            why=SEALED,
        )


def _resolve(h: History, s: Step) -> Iterator[Act]:
    if concerns := h.own("ConcernRaised"):
        concern = _pick(concerns, s.a)
        by = _speaker(h, _pick((concern.data["raiser"], concern.data["to"], BEACON), s.b))
        yield h.say("ConcernResolved", by, concern=f"concern:{concern.id}", steps=SEALED)


def _set_target(h: History, s: Step) -> Iterator[Act]:
    about, setter = _pick((ONE, TWO), s.a), _pick((NORTHWICK_BODY, ESTUARY, ONE, TWO), s.b)
    before = [one for one in h.own("TargetSet") if one.data["about"] == about]
    yield h.say(
        "TargetSet",
        _speaker(h, setter),
        about=about,
        setter=setter,
        agreed_with=_pick((BEACON, FOUR), s.c) if setter == about else None,
        regime="plan",
        measure="attendance",
        value="95",
        due=h.day(10 * s.c),
        replaces=f"target:{_pick(before, s.a).id}" if before and s.c % 3 == 2 else None,
    )


def _meet_target(h: History, s: Step) -> Iterator[Act]:
    if targets := h.own("TargetSet"):
        target = _pick(targets, s.a + s.b)
        owed_to = target.data.get("agreed_with") or target.data["setter"]
        answer = _pick(("met", "not_met", "not_met"), s.c)
        obligation = f"{target.id}/target"
        yield h.say(
            "FulfilmentAnswered", _speaker(h, owed_to), obligation=obligation, answer=answer
        )


def _targets_conflict(h: History, s: Step) -> Iterator[Act]:
    about = _pick((ONE, TWO), s.a)
    own = [f"target:{one.id}" for one in h.own("TargetSet") if one.data["about"] == about]
    if len(own) > 1:
        yield h.say("TargetConflictRaised", h.head(about), targets=own[-2 - s.b % 2 :], why=SEALED)


def _reconcile(h: History, s: Step) -> Iterator[Act]:
    if raised := h.own("TargetConflictRaised"):
        conflict = _pick(raised, s.a)
        setter = _pick(conflict.data["setters"], s.b)
        targets = [f"target:{one.id}" for one in h.own("TargetSet")]
        answer = _pick(("withdrawn", "stands", "changed"), s.c)
        yield h.say(
            "TargetConflictAnswered",
            _speaker(h, setter),
            target_conflict=f"target_conflict:{conflict.id}",
            setter=setter,
            answer=answer,
            target=_pick(conflict.data["targets"], s.c) if answer != "stands" else None,
            changed_by=_pick(targets, s.c) if answer == "changed" else None,
        )


def _open_programme(h: History, s: Step) -> Iterator[Act]:
    """Let the authority, the trust or the partnership ask for visits, or promise them."""
    organiser = _pick((NORTHWICK_BODY, ESTUARY, BEACON), s.a)
    asks = {
        "visits_by_each": 1 + s.b % 3,
        "distinct_hosts": bool(s.c % 2),
        "outside_group": s.b % 2 or None,
        "counts_years": s.c % 3 == 0 or None,
    }
    yield h.say(
        "VisitProgrammeOpened",
        _speaker(h, organiser),
        organiser=organiser,
        name="Heads visit heads",
        starts=h.day(_pick((0, -30, 20), s.c)),
        ends=h.day(60 + 10 * s.b),
        schools=list(SCHOOLS[: 2 + s.c % 3]),
        **({"visits_to_each": 1 + s.b % 2} if s.a % 4 == 3 else asks),
    )


def _join(h: History, s: Step) -> Iterator[Act]:
    if programmes := h.own("VisitProgrammeOpened"):
        yield _of_programme(h, s, programmes, "ProgrammeJoined")


def _leave_programme(h: History, s: Step) -> Iterator[Act]:
    if programmes := h.own("VisitProgrammeOpened"):
        yield _of_programme(h, s, programmes, "ProgrammeLeft")


def _of_programme(h: History, s: Step, programmes: list[Entry[Any]], name: str) -> Act:
    school, programme = _pick(SCHOOLS, s.a), programmes[-1 - s.b % len(programmes)]
    return h.say(
        name,
        h.head(school),
        programme=f"programme:{programme.id}",
        school=school,
        effective_on=h.day(_pick((0, -10, 20), s.c)),
    )


def _visit_of_programme(h: History, s: Step) -> Iterator[Act]:
    if not (programmes := h.own("VisitProgrammeOpened")):
        return
    programme = programmes[-1 - s.c % len(programmes)]
    promised = "visits_to_each" in programme.data
    visitor = programme.data["organiser"] if promised else _pick(SCHOOLS, s.a)
    yield h.say(
        "VisitMade",
        _speaker(h, visitor),
        visitor=visitor,
        host=_pick(SCHOOLS, s.b),
        under=f"programme:{programme.id}",
        purpose="peer_review",
        mode="on_site",
        days="1.0",
    )


def _judge(h: History, s: Step) -> Iterator[Act]:
    """Let inspectors place a school in a category or out of it, or a peer review it."""
    if not h.own("FrameworkAdopted"):
        yield h.say("FrameworkAdopted", RITA, **_FRAMEWORK)
    about, inspects = _pick(SCHOOLS, s.a), s.c % 2 == 0
    judge = INSPECTORATE if inspects else _pick(SCHOOLS, s.b)
    yield h.say(
        "JudgementMade",
        IRIS if inspects else h.head(judge),
        about=about,
        judge=judge,
        framework=f"framework:{h.own('FrameworkAdopted')[0].id}",
        grades=[{"area": "leadership", "grade": _pick(("good", "poor"), s.b)}],
        inspected_on=h.happened.isoformat(),
        basis="inspection" if inspects else "peer_review",
        **({"category": _pick(("special_measures", "none"), s.b)} if inspects else {}),
        urn=h.school(about).urn_on(h.happened),
    )


_FRAMEWORK = {
    "slug": "two-point",
    "title": "Two points",
    "areas": [{"area": "leadership", "grades": ["good", "poor"], "monitored": ["poor"]}],
    "in_force_from": "2024-09-01",
    "action_days": 20,
}


def _state_action(h: History, s: Step) -> Iterator[Act]:
    """Let the body responsible lodge its statement of action."""
    if placed := [one for one in h.own("JudgementMade") if "answerable" in one.data]:
        judged = _pick(placed, s.a)
        yield h.say(
            "EvidenceLodged",
            h.head(judged.data["answerable"]),
            about=judged.data["about"],
            title=SEALED,
            kind="letter" if s.c == 0 else "statement_of_action",
            media_type="application/pdf",
            size=1,
            sha256=SEALED,
            obligation=f"{judged.id}/statement_of_action",
        )


def _challenge(h: History, s: Step) -> Iterator[Act]:
    if judged := h.own("JudgementMade"):
        one = judged[-1 - s.a % len(judged)]
        by = h.head(one.data["about"])
        yield h.say("JudgementChallenged", by, judgement=f"judgement:{one.id}", grounds=SEALED)


def _maintain(h: History, s: Step) -> Iterator[Act]:
    """Let a visitor maintain a visit that is disputed, sometimes one that is not."""
    disputed = {one.data["visit"] for one in h.own("VisitDisputed")}
    visits = [one for one in h.own("VisitMade") if f"visit:{one.id}" in disputed or s.b == 0]
    if visits:
        one = visits[-1 - s.a % len(visits)]
        by = h.head(one.data["visitor"])
        yield h.say("VisitDisputeMaintained", by, visit=f"visit:{one.id}", why=SEALED)


def _moderate(h: History, s: Step) -> Iterator[Act]:
    moderator = _pick((*SCHOOLS, BEACON), s.b)
    by, said = h.head(moderator), {"moderator": moderator, "why": SEALED}
    if s.c % 2 and (challenged := h.own("JudgementChallenged")):
        judgement = challenged[-1 - s.a % len(challenged)].data["judgement"]
        yield h.say("JudgementModerated", by, judgement=judgement, finding="upheld", **said)
    elif maintained := h.own("VisitDisputeMaintained"):
        visit = maintained[-1 - s.a % len(maintained)].data["visit"]
        standing = h.book.look(visit_fact(event_id(visit)))
        waits = standing.days - standing.confirmed if standing else Decimal(1)
        days = _pick((waits, Decimal("0.5"), Decimal("0.0")), s.c // 2)
        finding = "upheld" if days == waits else "varied" if days else "set_aside"
        yield h.say(
            *("JudgementModerated", by), visit=visit, finding=finding, days=str(days), **said
        )


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
    _answer_impact,
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
    _agree_rules,
    _give_notice,
    _exclude,
    _refuse,
    _close,
    _declare,
    _vary,
    _end_support,
    _review,
    _stand_in,
    _waive,
    _waive,
    _commit,
    _pay,
    _receive,
    _spend,
    _claim,
    _answer,
    _identify,
    _answer_need,
    _escalate,
    _decide,
    _offer_for_need,
    _close_need,
    _declare,
    _clear,
    _concern,
    _escalate_concern,
    _resolve,
    _set_target,
    _meet_target,
    _targets_conflict,
    _reconcile,
    _open_programme,
    _join,
    _leave_programme,
    _visit_of_programme,
    _judge,
    _state_action,
    _challenge,
    _maintain,
    _moderate,
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
    *(_agree_rules, _ratify, _give_notice, _exclude, _refuse),
)
_OF_SUPPORT = (
    *(_visit_for_agreement, _attest, _visit_for_agreement, _attest, _vary, _vary, _vary, _vary),
    *(_offer, _agree, _end_support, _review, _review, _withdraw, _withdraw, _close, _declare),
)


def _mostly(tellings: tuple[Telling, ...]) -> st.SearchStrategy[Step]:
    return st.builds(
        lambda telling, step: step._replace(what=_TELLINGS.index(telling)),
        st.sampled_from(tellings),
        STEPS,
    )


#: Plans in which schools mostly leave, join and visit.
JOINING = st.lists(_mostly(_OF_JOINING), min_size=8, max_size=30)
_OF_MONEY = (
    *(_receive, _spend, _commit, _pay, _receive, _spend, _answer, _claim, _answer, _pay),
    *(_receive, _withdraw, _spend, _answer, _withdraw, _convert),
)
_COMMITTED = [
    Step(_TELLINGS.index(telling), 1, 0, number, number, number)
    for number in range(2)
    for telling in (_commit, _receive)
]
#: Plans in which money is mostly paid, spent, accounted for and sent back.
MONEY = st.lists(_mostly(_OF_MONEY), min_size=10, max_size=40).map(lambda plan: _COMMITTED + plan)
_OF_NEEDS = (
    *(_identify, _escalate, _escalate, _decide, _offer_for_need, _agree, _escalate, _close_need),
    *(_declare, _clear, _concern, _escalate_concern, _resolve, _withdraw, _answer_need, _withdraw),
    *(_change_body, _give_notice),
)
#: Plans in which needs mostly go from level to level, and concerns and conflicts are answered.
NEEDS = st.lists(_mostly(_OF_NEEDS), min_size=10, max_size=40)
_OF_TARGETS = (
    *(_set_target, _set_target, _set_target, _targets_conflict, _reconcile, _meet_target),
    *(_targets_conflict, _reconcile, _withdraw, _withdraw, _change_body),
)
#: Plans in which targets are mostly set, met, and answered for where not all can be.
TARGETS = st.lists(_mostly(_OF_TARGETS), min_size=10, max_size=40)
_OF_PROGRAMMES = (
    *(_open_programme, _join, _join, _visit_of_programme, _attest, _join, _visit_of_programme),
    *(_attest, _leave_programme, _visit_of_year, _attest, _withdraw, _correct, _change_body),
)
#: Plans in which schools mostly join programmes, leave them, and visit one another.
PROGRAMMES = st.lists(_mostly(_OF_PROGRAMMES), min_size=10, max_size=40)
_OF_JUDGEMENTS = (
    *(_judge, _state_action, _challenge, _moderate, _judge, _moderate, _withdraw, _convert),
    *(_visit_for_agreement, _dispute, _maintain, _moderate, _visit_of_year, _dispute, _maintain),
    *(_correct, _withdraw, _change_body, _attest),
)
#: Plans in which parties are mostly judged, and quarrel about it and about their visits.
JUDGEMENTS = st.lists(_mostly(_OF_JUDGEMENTS), min_size=10, max_size=40)
#: Plans of histories: each has an agreement and a year to begin with, so that much can follow.
PLANS = st.one_of(
    st.lists(STEPS, min_size=12, max_size=60),
    st.lists(_mostly(_OF_SUPPORT), min_size=12, max_size=40),
)
#: Histories of any kind, of money, needs, targets, programmes, and judgements.
EVERY = st.one_of(PLANS, MONEY, NEEDS, TARGETS, PROGRAMMES, JUDGEMENTS)


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


#: A signature of its form: whose it is, nobody asks of these.
_SIGNED = base64.b64encode(keys.in_memory(b"k" * 32).sign(b"", NAMESPACE)).decode()


def _row(entry: Entry) -> tuple[int, bytes]:
    said = {name: getattr(entry, name) for name in _MEMBERS}
    written = {"recorded_at": entry.recorded_at, "signature": _SIGNED, "statement": said}
    return entry.position, orjson.dumps(written)

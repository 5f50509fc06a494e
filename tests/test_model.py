"""The model equals the product: the same is recorded and refused, and the same is owed.

Whatever is said, by whom, about what, in which order and however late: the ledger records exactly
what `model`, which was written from the design alone, would record; and who owes what to whom is
the model's answer, as of any day and as known at any position. Clock, ids and salts are made from
a seed, so that a story that fails is told again the same way.

The model tells of whatever is said whether it is refused, and not for which reason. An ordinary run
tells the same stories each time. `pytest -m hours tests/test_model.py` tells others in a million
steps, as many processes at once as there are cores; what it names as failed, `-k "[17]"` tells
again. So are the stories of all types of event told in `tests/test_every_event.py`.
"""

import random
import shutil
import tempfile
from collections import Counter
from datetime import UTC, datetime, time
from decimal import Decimal
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest
from examples import some
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from model import ESTUARY, Model, Owed, Said, Year, day_of
from recording import DAY, ORIGIN, REGISTRAR, Clock, Head, found

from ledger.audit.check import check
from ledger.errors import RefusedError, StatementError
from ledger.recording.application import Ledger
from ledger.recording.founding import key_members
from projections.reports.owes import Asked, owes
from projections.tables import catalogue
from projections.tables.views import moment

REGISTRAR_KEY = Head(0).signer
HEADS = tuple(Head(number) for number in range(1, 4))
CHAIR = Head(9)
PEOPLE = {head.person: head.signer for head in (*HEADS, *map(Head, range(4, 7)))}
SCHOOLS = tuple(head.school for head in HEADS)
MEMBERS = SCHOOLS[:2]
BODY = "body:northwick"
FOUNDED = (DAY - day_of(0)).days
BEGINS, ENDS = 30, 300
GROUND_RULES = {
    "visits_per_year": 2,
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
    "contingency": dict.fromkeys(("on_closure", "on_dissolution", "holds_unspent"), BODY),
}
WITHDRAWN = ("SupportOffered", "SupportAgreed", "VisitMade")
WITHDRAWN += ("VisitAttested", "VisitDisputed", "VisitCorrected")

SCHOOL = st.integers(0, 2)
NEAR = st.sampled_from([0, 0, 0, 1, 2, 3])
HALVES = st.sampled_from([1, 2, 2, 3, 4, 6, 12, 0])
LATE = st.sampled_from([0, 0, 0, 0, 0, 1, 3, 8])
LASTS = st.integers(-1, 60)
SELDOM = st.sampled_from([False, False, False, False, True])
RARELY = st.sampled_from([False] * 9 + [True])
WHO = st.sampled_from([*[None] * 24, *PEOPLE])
PERSON = st.sampled_from(sorted(PEOPLE))
BASIS = st.sampled_from(["substantive", "acting", "interim"])
PURPOSE = st.sampled_from(["support", "support", "support", "monitoring"])
PAYER = st.sampled_from([None, BODY])


class Begun(NamedTuple):
    """The bytes of the ledger with which every story begins, and its partnership's year."""

    content: bytes
    formed: str
    year: str
    size: int


@cache
def begun():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        with found(path, heads=HEADS) as ledger:
            formed, year = _partnership(ledger)
            size = ledger.head().size
        return Begun(path.read_bytes(), formed, year, size)


def _partnership(ledger):
    def register(name, /, **data):
        return ledger.say(name, data, REGISTRAR_KEY, REGISTRAR, DAY).event

    for person, signer in [*list(PEOPLE.items())[3:], (CHAIR.person, CHAIR.signer)]:
        register("PersonEnrolled", person=person, name="Mx Ashgrove")
        register("KeyEnrolled", person=person, **key_members(ORIGIN, person, signer))
    said = {"partnership": ESTUARY, "name": "Estuary", "kind": "peer_review"}
    formed = register("PartnershipFormed", **said, ground_rules=GROUND_RULES)
    chair, day = f"chair@{ESTUARY}", DAY.isoformat()
    said = {"person": CHAIR.person, "office": chair, "basis": "substantive"}
    register("Appointed", **said, effective_on=day)
    for head in HEADS[:2]:
        said = {"school": head.school, "partnership": ESTUARY, "version": 1}
        asked = ledger.say("MembershipSought", said, head.signer, head.office, DAY).event
        said = {"application": f"application:{asked}", "effective_on": day}
        ledger.say("SchoolAdmitted", said, CHAIR.signer, chair, DAY)
    said = {
        "partnership": ESTUARY,
        "name": "2025-26",
        "starts": day,
        "ends": day_of(ENDS).isoformat(),
    }
    return formed, ledger.say("PartnershipYearOpened", said, CHAIR.signer, chair, DAY).event


def days(halves):
    """Return halves of days as events write them."""
    return f"{halves // 2}.{'05'[halves % 2]}"


def kept(**data):
    return {member: value for member, value in data.items() if value is not None}


#: What may happen next: a method that tells it, and what it is told with.
STEPS = []


def step(likely=1, /, **drawn):
    """Let a method tell what may happen next, told with what is drawn for it."""

    def keep(method):
        STEPS.extend([st.tuples(st.just(method), st.fixed_dictionaries(drawn))] * likely)
        return method

    return keep


#: How often each type of event was said in this process.
SAID = Counter()


class Stories(RuleBasedStateMachine):
    """Stories as anybody might tell them, right or wrong, told to the ledger and the model."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        start = begun()
        (self.folder / "a.db").write_bytes(start.content)
        self.today = BEGINS
        self.clock = Clock()
        self.turn()
        self.ledger = Ledger.open(
            str(self.folder / "a.db"),
            clock=self.clock,
            random_bytes=random.Random(7).randbytes,  # noqa: S311 - a story, no secret
            clock_confirmed=True,
        )
        self.views = catalogue.views(self.ledger.store, self.folder / "views")
        year = Year(start.year, FOUNDED, FOUNDED, ENDS, start.formed)
        self.model = Model({head.school: head.person for head in HEADS}, MEMBERS, year)
        self.begun = start.size
        self.holds = True
        for a, payer in ((0, None), (1, BODY)):
            self.offer(who=None, a=a, b=a + 1, halves=12, late=0, valid=90)
            self.agree(who=None, n=0, less=1, late=0, starts=0, lasts=60, payer=payer)

    def teardown(self):
        try:
            if self.holds:
                self.end_of_story()
        finally:
            self.ledger.close()
            shutil.rmtree(self.folder)

    def end_of_story(self):
        for as_of in (BEGINS, (BEGINS + self.today) // 2, self.today, self.today + 60):
            self.compare(as_of, self.ledger.head().size)
        assert check(self.ledger) == []

    def turn(self):
        self.clock.now = datetime.combine(day_of(self.today), time(12), UTC)

    # -- saying ----------------------------------------------------------------------------

    def say(self, name, school, late, said, data, who=None):  # noqa: PLR0913, PLR0917 - as drawn
        """Let somebody say something; the ledger and the model must both take it, or neither."""
        day, today = self.days(late)
        if school is None:
            office, signer, person = REGISTRAR, REGISTRAR_KEY, Head(0).person
        else:
            holder = self.model.head(school, self.today)
            person = who or (holder.person if holder else HEADS[0].person)
            office, signer = f"head@{school}", PEOPLE[person]
        self.tell(Said(name, person, school, day, today, said), data, signer, office)

    def days(self, late):
        """Return the day on which something happened that is said so late, and today."""
        return max(BEGINS, self.today - late), self.today

    def tell(self, said, data, signer, office):
        """Tell the ledger and the model what somebody says in an office."""
        SAID[said.name] += 1
        refused = self.model.refuses(said)
        recorded, reasons = None, None
        try:
            recorded = self.ledger.say(said.name, data, signer, office, day_of(said.day))
        except (RefusedError, StatementError) as error:
            reasons = error
        self.holds = refused == (recorded is None)
        assert self.holds, f"refused should be {refused}: {said}; {reasons}{self.story()}"
        if recorded is not None:
            self.model.records(recorded.event, recorded.position, said)

    def story(self):
        """Return what was recorded so far, to be read where something does not hold."""
        return "".join(f"\n  {event}" for event in self.model.events.values())

    def pick(self, number, *names):
        """Return an event of these names, most often one of the last; None if there is none."""
        found = [e for e in self.model.events.values() if e.said.name in names]
        return found[-1 - number % len(found)] if found else None

    def visit_for(self, number, waits):
        """Return a visit, most often one that waits for something; None if there is none."""
        visits = [e for e in self.model.events.values() if e.said.name == "VisitMade"]
        visits.sort(key=lambda visit: not visit.withdrawn and bool(waits(visit.id)))
        return visits[-1 - number % len(visits)] if visits else None

    def compare(self, as_of, known_at):
        with self.views.open() as connection:
            at = moment(connection, day_of(as_of).isoformat(), known_at)
            rows = list(owes(connection, self.ledger.store, at, Asked()).rows)
        found = {
            Owed(
                row["obligation"],
                row["debtor"],
                row["creditor"],
                int(2 * Decimal(row["outstanding"])),
                row["unit"],
                row["due_on"],
                row["overdue"],
            )
            for row in rows
        }
        expected = self.model.owes(known_at, as_of)
        self.holds = found == expected
        assert found == expected, f"as of {as_of}, known at {known_at}{self.story()}"

    # -- time ------------------------------------------------------------------------------

    @step(2, gap=st.integers(1, 9))
    def wait(self, gap):
        self.today = min(self.today + gap, ENDS - 1)
        self.turn()

    @rule(steps=st.lists(st.deferred(lambda: st.one_of(STEPS)), min_size=20, max_size=40))
    def go_on(self, steps):
        for tell, drawn in steps:
            tell(self, **drawn)

    @rule(back=st.integers(0, 30), by=st.integers(-20, 40))
    def ask(self, back, by):
        known_at = max(self.begun, self.ledger.head().size - back)
        self.compare(max(BEGINS, self.today + by), known_at)

    # -- support ---------------------------------------------------------------------------

    @step(who=WHO, a=SCHOOL, b=SCHOOL, halves=HALVES, late=LATE, valid=st.integers(-5, 40))
    def offer(self, who, a, b, halves, late, valid):  # noqa: PLR0913, PLR0917 - drawn
        receiver = SCHOOLS[b] if a != b or who else SCHOOLS[(a + 1) % 3]
        last = self.today + valid
        data = {
            "provider": SCHOOLS[a],
            "receiver": receiver,
            "route": "group",
            "days": days(halves),
            "valid_until": day_of(last).isoformat(),
        }
        said = {"receiver": receiver, "days": halves, "valid": last}
        self.say("SupportOffered", SCHOOLS[a], late, said, data, who)

    @step(
        2,
        who=WHO,
        n=NEAR,
        less=NEAR,
        late=LATE,
        starts=st.integers(-9, 9),
        lasts=LASTS,
        payer=PAYER,
    )
    def agree(self, who, n, less, late, starts, lasts, payer):  # noqa: PLR0913, PLR0917 - drawn
        offer = self.pick(n, "SupportOffered")
        if offer is None:
            return
        halves = max(0, offer.data["days"] - less + 1)
        first = max(BEGINS, self.today + starts)
        data = kept(
            offer=f"offer:{offer.id}",
            starts=day_of(first).isoformat(),
            ends=day_of(first + lasts).isoformat(),
            days=days(halves),
            commissioner=payer,
        )
        said = {"offer": offer.id, "days": halves, "starts": first, "ends": first + lasts}
        said["commissioner"] = payer
        self.say("SupportAgreed", offer.data["receiver"], late, said, data, who)

    # -- visits ----------------------------------------------------------------------------

    def visit(self, visitor, host, under, halves, late, purpose, who):  # noqa: PLR0913, PLR0917
        kind = "year" if under == self.model.year.id else "agreement"
        data = kept(
            visitor=visitor,
            host=host,
            under=f"{kind}:{under}" if under else "nothing",
            days=days(halves),
            purpose=purpose,
            mode="on_site",
        )
        said = {"host": host, "under": under, "days": halves, "purpose": purpose}
        self.say("VisitMade", visitor, late, said, data, who)

    @step(4, who=WHO, n=NEAR, halves=HALVES, late=LATE, purpose=PURPOSE, swap=SELDOM)
    def visit_under_agreement(self, who, n, halves, late, purpose, swap):  # noqa: PLR0913, PLR0917
        agreement = self.pick(n, "SupportAgreed")
        if agreement is None:
            return
        sides = [self.model.events[agreement.data["offer"]].said.school, agreement.said.school]
        visitor, host = reversed(sides) if swap else sides
        self.visit(visitor, host, agreement.id, halves, late, purpose, who)

    @step(5, who=WHO, a=SCHOOL, b=SCHOOL, late=LATE, free=SELDOM)
    def visit_of_the_year(self, who, a, b, late, free):
        under = None if free else self.model.year.id
        host = SCHOOLS[a] if who else SCHOOLS[(a + 1 + b % 2) % 3]
        self.visit(SCHOOLS[a], host, under, 2, late, "peer_review", who)

    @step(8, who=WHO, n=NEAR, less=st.sampled_from([0, 0, 0, -1]), late=LATE)
    def attest(self, who, n, less, late):
        self.answer("VisitAttested", who, n, less, late)

    @step(2, who=WHO, n=NEAR, less=st.integers(-1, 2), late=LATE)
    def dispute(self, who, n, less, late):
        self.answer("VisitDisputed", who, n, less, late, wrong="It was shorter.")

    def answer(self, name, who, n, less, late, **more):
        visit = self.visit_for(n, lambda visit: not self.model.answered(visit))
        if visit is None:
            return
        halves = max(0, self.model.figures(visit.id).data["days"] - less)
        said = {"visit": visit.id, "days": halves}
        data = {"visit": f"visit:{visit.id}", "days": days(halves), **more}
        self.say(name, visit.data["host"], late, said, data, who)

    @step(3, who=WHO, n=NEAR, halves=HALVES, late=LATE, unnamed=SELDOM)
    def correct(self, who, n, halves, late, unnamed):
        visit = self.visit_for(n, self.model.dispute)
        if visit is None:
            return
        dispute = self.model.dispute(visit.id)
        name = dispute and dispute.id
        said = {"visit": visit.id, "days": halves, "dispute": name}
        named = None if unnamed or name is None else f"dispute:{name}"  # filled in if left out
        data = kept(visit=f"visit:{visit.id}", days=days(halves), dispute=named)
        self.say("VisitCorrected", visit.said.school, late, said, data, who)

    @step(4, who=WHO, n=NEAR, late=LATE, back=st.integers(-1, 9))
    def withdraw(self, who, n, late, back):
        event = self.pick(n, *WITHDRAWN)
        if event is None:
            return
        since = max(BEGINS, self.today - late - back)
        said = {"event": event.id, "since": since}
        data = {"event": f"event:{event.id}", "effective_on": day_of(since).isoformat()}
        data["code"] = "entered_in_error"
        self.say("EventWithdrawn", event.said.school, late, said, data, who)

    # -- heads -----------------------------------------------------------------------------

    @step(a=SCHOOL, person=PERSON, basis=BASIS, gap=st.integers(-5, 9), named=st.integers(0, 5))
    def appoint(self, a, person, basis, gap, named):
        first, tenures = self.today + gap, self.model.tenures[SCHOOLS[a]]
        if first <= max(tenure.first for tenure in tenures):
            return  # who holds an office when two begin at once, or out of order, is not told here
        if gap > 0 and any(tenure.person == person and tenure.last is None for tenure in tenures):
            return  # nor who comes back without ever having left
        holder = self.model.head(SCHOOLS[a], first) if named else None
        before = holder.person if holder and holder.person != person else None
        said = {"office": SCHOOLS[a], "person": person, "basis": basis, "first": first}
        said["succeeds"] = before
        data = kept(office=f"head@{SCHOOLS[a]}", person=person, basis=basis, succeeds=before)
        data["effective_on"] = day_of(first).isoformat()
        self.say("Appointed", None, 0, said, data)

    @step(a=SCHOOL, n=NEAR, gap=st.integers(-5, 5))
    def end(self, a, n, gap):
        tenures = self.model.tenures[SCHOOLS[a]]
        person, last = tenures[-1 - n % len(tenures)].person, self.today + gap
        said = {"office": SCHOOLS[a], "person": person, "last": last}
        data = {"office": f"head@{SCHOOLS[a]}", "person": person}
        data["effective_on"] = day_of(last).isoformat()
        self.say("AppointmentEnded", None, 0, said, data)

    @step(who=WHO, a=SCHOOL, n=NEAR, gap=st.integers(0, 40), late=LATE)
    def depart(self, who, a, n, gap, late):
        tenures = self.model.tenures[SCHOOLS[a]]
        holder, last = tenures[-1 - n % len(tenures)].person, self.today + gap
        said = {"holder": holder, "last": last}
        data = {"office": f"head@{SCHOOLS[a]}", "holder": holder}
        data["effective_on"] = day_of(last).isoformat()
        self.say("DepartureNotified", SCHOOLS[a], late, said, data, who)

    @step(who=WHO, a=SCHOOL, n=NEAR, late=LATE)
    def hand_over(self, who, a, n, late):
        tenures = self.model.tenures[SCHOOLS[a]]
        outgoing = tenures[-1 - n % len(tenures)].person
        data = {"office": f"head@{SCHOOLS[a]}", "outgoing": outgoing, "at": str(self.ledger.head())}
        self.say("HandoverGiven", SCHOOLS[a], late, {"outgoing": outgoing}, data, who)

    @step(who=WHO, n=NEAR, late=LATE)
    def accept(self, who, n, late):
        handover = self.pick(n, "HandoverGiven")
        if handover is None:
            return
        school = handover.said.school
        holder = self.model.head(school, self.today)
        incoming = who or (holder.person if holder else HEADS[0].person)
        data = {"handover": f"handover:{handover.id}", "incoming": incoming}
        self.say("HandoverAccepted", school, late, {"handover": handover.id}, data, who)

    @step(who=WHO, a=SCHOOL, late=LATE)
    def ratify(self, who, a, late):
        data = {"school": SCHOOLS[a], "partnership": ESTUARY, "version": 1}
        data["at"] = str(self.ledger.head())
        self.say("MembershipRatified", SCHOOLS[a], late, {}, data, who)

    # -- the partnership ------------------------------------------------------------------

    @step(who=WHO, a=SCHOOL, gap=st.integers(55, 120), late=LATE)
    def leave(self, who, a, gap, late):
        last = self.today + gap
        data = {"school": SCHOOLS[a], "partnership": ESTUARY}
        data["effective_on"] = day_of(last).isoformat()
        self.say("MembershipLeft", SCHOOLS[a], late, {"last": last}, data, who)

    @step(really=RARELY, gap=st.integers(-20, 60), late=LATE)
    def dissolve(self, really, gap, late):
        if not really:
            return
        last = self.today + gap
        data = {"partnership": ESTUARY, "effective_on": day_of(last).isoformat()}
        data["reason"] = "Too few are left."
        said = Said("PartnershipDissolved", CHAIR.person, None, *self.days(late), {"last": last})
        self.tell(said, data, CHAIR.signer, f"chair@{ESTUARY}")


TestStories = pytest.mark.long(Stories.TestCase)
# Every run tells the same stories. What fails is told as it was found: to shorten it takes minutes.
TestStories.settings = settings(
    max_examples=some(60),
    stateful_step_count=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
)

OTHERS = settings(
    TestStories.settings,
    max_examples=10,
    derandomize=False,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.hours
@pytest.mark.parametrize("number", range(1_000))
def test_the_model_equals_the_product_in_a_million_steps(number):
    """A thousand steps of them, from seeds of their own."""
    enough = SAID.total() + 1_000
    for one in count(1_000 * number):
        run_state_machine_as_test(seed(one)(partial(Stories)), settings=OTHERS)
        if SAID.total() >= enough:
            return

# ruff: noqa: N802, N815 - what learns of an event goes by its name
"""Whatever is said, of any type, in any order: what holds always holds, and every view agrees.

Events of all types, right and wrong, are told to a ledger through its public interface, signed and
stored as anybody's are. What each changes is judged by a model that was written from the domain
alone (`every_event`); why one is refused is foreseen as far as the domain tells it of all types
alike (`refusing`), and of what else speaks against one only that it changes nothing. Clock, ids and
salts are made from seeds, so that a story that fails is told again the same way.
"""

import json
import random
import re
import shutil
import tempfile
from collections import Counter, defaultdict
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest
from every_event import (
    BODIES,
    COUNCIL,
    ESTUARY,
    KINDS,
    TELLERS,
    TRUST,
    Thing,
    World,
    ground_rules,
    may_change,
    may_open,
    roles,
)
from examples import some
from recording import DAY, ORIGIN, REGISTRAR, Clock, Head, UpTo, found
from refusing import AHEAD, EXACTLY, Attempt, Register, kinds, predicted

from ledger.audit.check import check
from ledger.errors import LedgerError, RefusedError
from ledger.events import CATALOGUE
from ledger.recording.application import By, Ledger, sign
from ledger.recording.founding import key_members, new_log_key
from ledger.selection import concerning
from ledger.values import office_party
from projections.reports.owes import Asked, owes
from projections.tables import catalogue
from projections.tables.views import moment

HEADS = tuple(Head(number) for number in range(1, 5))
OFFICES = {
    60: f"officer@{COUNCIL}",
    **{61 + number: f"officer@{body}" for number, body in enumerate(BODIES)},
    70: f"chair@{ESTUARY}",
    71: f"board_chair@{HEADS[0].school}",
    72: f"finance@{COUNCIL}",
    90: REGISTRAR,
}
SPARE = range(80, 84)
ENDING = (
    "SchoolClosed",
    "SchoolsMerged",
    "PartnershipDissolved",
    "BodySucceeded",
    "SuccessionAttributed",
    "KeyRetired",
    "KeyCompromised",
)
WHICH = [name for name in TELLERS for _ in range(2 if name in ENDING else 3)]


class Begun(NamedTuple):
    """The bytes of the ledger with which every story begins, and what its world knows."""

    content: bytes
    entries: tuple[tuple[str, Attempt], ...]


@cache
def begun():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        with found(path, heads=HEADS) as ledger:
            _begin(ledger)
            told = tuple(
                (
                    entry.id,
                    Attempt(
                        entry.name,
                        dict(entry.data),
                        entry.signedby,
                        entry.office,
                        entry.occurredon,
                    ),
                )
                for entry in ledger.entries()
            )
        return Begun(path.read_bytes(), told)


def _begin(ledger):
    def register(name, /, **data):
        return ledger.say(name, data, Head(0).signer, REGISTRAR, DAY).event

    for body, kind in BODIES.items():
        register("BodyRegistered", body=body, kind=kind, name=body.partition(":")[2].title())
    register(
        "PartnershipFormed",
        partnership=ESTUARY,
        name="Estuary",
        kind="peer_review",
        ground_rules={**ground_rules(World()), "visits_per_year": 2, "external_judge": False},
    )
    for number in (*OFFICES, *SPARE):
        head = Head(number)
        register("PersonEnrolled", person=head.person, name="Mx Ashgrove")
        members = key_members(ORIGIN, head.person, head.signer)
        register("KeyEnrolled", person=head.person, **members)
    for number, office in OFFICES.items():
        said = {"person": Head(number).person, "office": office, "basis": "substantive"}
        register("Appointed", **said, effective_on=DAY.isoformat())
    register(
        "ResponsibleBodyChanged",
        school=HEADS[3].school,
        former_body=COUNCIL,
        responsible_body=TRUST,
        effective_on=DAY.isoformat(),
    )
    school, silent = Head(5), Head(85)
    register(
        "SchoolRegistered",
        school=school.school,
        urn=school.school.replace("school", "urn"),
        name="School 5",
        phase="primary",
        la=COUNCIL,
        responsible_body=COUNCIL,
    )
    register("PersonEnrolled", person=silent.person, name="Mx Oakgrove")
    said = {"person": silent.person, "office": school.office, "basis": "substantive"}
    register("Appointed", **said, effective_on=DAY.isoformat())
    chair, office = Head(70), f"chair@{ESTUARY}"
    for head in HEADS[:3]:
        said = {"school": head.school, "partnership": ESTUARY, "version": 1}
        asked = ledger.say("MembershipSought", said, head.signer, head.office, DAY).event
        said = {"application": f"application:{asked}", "effective_on": DAY.isoformat()}
        ledger.say("SchoolAdmitted", said, chair.signer, office, DAY)


#: What a reference names, after its kind, and an id that is nobody's.
_NAMED = re.compile(r"^((?!event|person|partnership|body|school|urn)[a-z_]+:)[0-9a-f-]{36}$")
NOBODY = "01900000-0000-7000-8000-999999999999"

#: How often each type was recorded and refused in this process, how often for a reason that the
#: model foresaw, and why it was refused last.
TAKEN, REFUSED, FORESEEN, WHY = Counter(), Counter(), Counter(), {}


class Stories:
    """Stories of every type of event, told to a ledger; the model judges what each changes."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp())
        start = begun()
        (self.folder / "a.db").write_bytes(start.content)
        self.clock = Clock()
        self.ledger = Ledger.open(
            str(self.folder / "a.db"),
            clock=self.clock,
            random_bytes=random.Random(7).randbytes,  # noqa: S311 - a story, no secret
            clock_confirmed=True,
        )
        self.views = catalogue.views(self.ledger.store, self.folder / "views")
        self.world = World()
        self.world.today = DAY + timedelta(1)
        self.world.first = self.tell_first
        self.depth = 0
        self.holds = True
        #: What is posted of each obligation: effective on, amount, debtor, creditor, unit.
        self.kinds = {}
        self.lines = defaultdict(list)
        #: The parties that signed each event, and those that each party stands in place of.
        self.signed = {}
        self.instead = defaultdict(set)
        self.sums = defaultdict(Counter)
        self.answers = []
        self.register = Register()
        for event, attempt in start.entries:
            self.register.learn(event, attempt)
            self.learn(attempt.name, event, attempt.office, attempt.data)
        self.world.log_key = new_log_key(ORIGIN, b"l" * 32).verifier
        number_of = {Head(n).person: Head(n).signer for n in (*range(5), *OFFICES, *SPARE)}
        self.world.signers |= number_of
        self.turn()
        self.position = 0
        self.take_in()

    def teardown(self):
        try:
            if self.holds:
                self.end_of_story()
        finally:
            self.ledger.close()
            shutil.rmtree(self.folder)

    def turn(self):
        self.clock.now = datetime.combine(self.world.today, time(12), UTC)

    # -- what the world knows ----------------------------------------------------------------

    def learn(self, name, event, office, data):
        """Let the world know of an event that is recorded."""
        world = self.world
        party = office_party(data.get("for_office", office)) or "ledger"
        self.signed[event] = {party}
        thing = Thing(f"{name}:{event}", office, data)
        world.said.append(thing)
        creates = next(one.creates for one in CATALOGUE if one.__name__ == name)
        if creates:
            world.things[creates].append(Thing(f"{creates}:{event}", office, data))
        if "for_office" in data:
            world.for_office.append(thing)
        learnt = getattr(self, f"_learn_{name}", None)
        if learnt:
            learnt(data)

    def _learn_PersonEnrolled(self, data):
        self.world.keyless.append(data["person"])

    def _learn_KeyEnrolled(self, data):
        if data["person"] in self.world.keyless:
            self.world.keyless.remove(data["person"])
        if data["key"] in self.world.made:
            self.world.signers.setdefault(data["person"], self.world.made[data["key"]])

    def _learn_SchoolRegistered(self, data):
        self.world.schools.append(data["school"])
        self.world.urns[data["school"]] = data["urn"]
        self.world.names[data["school"]] = data["name"]
        self.world.responsible[data["school"]] = data["responsible_body"]

    def _learn_BodyRegistered(self, data):
        self.world.bodies.append(data["body"])
        self.world.names[data["body"]] = data["name"]

    def _learn_Appointed(self, data):
        holding = self.world.holders[data["office"]]
        if data["person"] not in holding:
            holding.append(data["person"])

    def _learn_AppointmentEnded(self, data):
        holding = self.world.holders[data["office"]]
        if data["person"] in holding:
            holding.remove(data["person"])

    def _learn_LedgerFounded(self, data):
        self.world.holders[REGISTRAR] = [one["person"] for one in data["registrars"]]

    def _learn_PartnershipFormed(self, data):
        self.world.partnerships.append(data["partnership"])
        self.world.versions[data["partnership"]] = 1

    def _learn_GroundRulesAgreed(self, data):
        self.world.versions[data["partnership"]] = data["version"]

    def _learn_SchoolAdmitted(self, data):
        self.world.members.append(data["school"])

    def _learn_MembershipLeft(self, data):
        self.world.members = [one for one in self.world.members if one != data["school"]]

    _learn_MemberExcluded = _learn_MembershipLeft

    def _learn_LogKeyChanged(self, data):
        self.world.log_key = data["log_key"]

    def _learn_SchoolConverted(self, data):
        self.world.urns[data["school"]] = data["new_urn"]
        self.world.names[data["school"]] = data["name"]
        self._learn_ResponsibleBodyChanged(data)

    def _learn_ResponsibleBodyChanged(self, data):
        self.world.responsible[data["school"]] = data["responsible_body"]

    def _learn_PartyRenamed(self, data):
        self.world.names[data["party"]] = data["name"]

    def _learn_SchoolsMerged(self, data):
        for school in data["predecessors"]:
            self.instead[data["school"]] |= {school, *self.instead[school]}

    def _learn_BodySucceeded(self, data):
        for body in data.get("successors", ()):
            self.instead[body] |= {data["body"], *self.instead[data["body"]]}

    # -- telling -----------------------------------------------------------------------------

    def go_on(self, steps):
        for seed in steps:
            self.world.r = random.Random(f"{seed} {self.position}")  # noqa: S311 - a story, no secret
            self.world.today += timedelta(self.world.pick((0, 0, 0, 1, 3)))
            self.turn()
            self.tell(self.world.pick(WHICH))

    def tell_first(self, name):
        """Say what another event needs, if that is not too long a way."""
        if self.depth < 3:
            self.depth += 1
            self.tell(name, right=True)
            self.depth -= 1

    def tell(self, name, *, right=False):
        """Say something of a type where the story stands, most often right."""
        world = self.world
        head = str(self.ledger.head())
        world.head = head
        if name == "ClockCorrected":
            self.clock.now += timedelta(hours=2)
            self.tell_first("PersonRenamed")
        office, data = TELLERS[name](world)
        if name == "ClockCorrected":
            self.clock.now -= timedelta(hours=1)
            world.today += timedelta(1)  # when the next is said; what is said now happened before
        head = str(self.ledger.head())
        if "at" in data:
            data["at"] = head
        said = data, world.holder(office), office, self.clock.now.date()
        data, person, office, day = said if right else self.mistaken(*said)
        if person in world.keyless and world.things["evidence"]:
            data |= {"for_office": office, "authority": world.one("evidence").ref}
            office, person = REGISTRAR, Head(0).person
        if person not in world.signers:
            return
        self.say(name, data, person, office, day, head)

    def mistaken(self, data, person, office, day):
        """Return what is said, by whom, in which office and of which day; seldom a wrong one."""
        world = self.world
        if world.seldom(7):
            day += timedelta(1)
        elif world.seldom(6):
            office = world.pick([one for one, held in world.holders.items() if held])
            person = world.holder(office)
        elif world.seldom(12):
            person = world.person()
        elif world.seldom(9):
            day -= timedelta(world.r.randint(1, 20))
        elif world.seldom(9):
            data = self.misnamed(data)
        return data, person, office, day

    def misnamed(self, data):
        """Return what is said with something named in it that nobody knows."""
        known = [m for m, text in data.items() if isinstance(text, str) and _NAMED.match(text)]
        if not known:
            return data
        member = self.world.pick(known)
        return data | {member: _NAMED.sub(rf"\g<1>{NOBODY}", data[member])}

    def say(self, name, data, person, office, day, head):  # noqa: PLR0913, PLR0917 - as said
        """Let somebody say something; what is refused changes nothing, else it is judged."""
        signer = self.world.signers[person]
        attempt = Attempt(name, data, person, office, day.isoformat())
        try:
            drafted = self.ledger.draft(name, data, By(person, office), day)
            attempt = attempt._replace(data=json.loads(drafted.statement)["data"])
            recorded = self.ledger.append(sign(drafted, signer))
        except LedgerError as error:
            REFUSED[name] += 1
            WHY[name] = str(error)
            assert str(self.ledger.head()) == head, f"{name} was refused and changed the record"
            if isinstance(error, RefusedError):
                self.foreseen(attempt, error.reasons, drafted=attempt.data is not data)
            return
        self.foreseen(attempt, (), drafted=True)
        TAKEN[name] += 1
        assert day <= self.clock.now.date(), f"{name} is recorded before it happened"
        entry = self.ledger.find(recorded.event)
        self.may_say(entry)
        self.register.learn(entry.id, attempt)
        self.learn(name, entry.id, office, dict(entry.data))
        self.holds = False
        self.take_in()
        self.holds = True

    def foreseen(self, attempt, reasons, *, drafted):
        """Assert that the model tells what speaks against it; a draft says only what is unknown."""
        today = self.clock.now.date().isoformat()
        expected = predicted(self.register, attempt, today, self.world.persons)
        found = kinds(reasons)
        told = (attempt, reasons, expected, found)
        if attempt.name == "ClockCorrected":  # of which day it is hangs on the clock it corrects
            expected, found = expected - {AHEAD}, found - {AHEAD}
        assert found & EXACTLY <= expected, told
        assert not drafted or expected <= found, told
        FORESEEN[attempt.name] += bool(expected & found)

    def may_say(self, entry):
        """Assert that an office may say it; keep who signed it."""
        role = entry.data.get("for_office", entry.office).partition("@")[0]
        assert role in roles(entry.name), (entry.name, role)
        said = self.world.persons
        said[entry.id] = None if "for_office" in entry.data else entry.signedby

    # -- judging -----------------------------------------------------------------------------

    def take_in(self):
        """Read what was posted since, and judge it."""
        with self.views.open() as connection:
            rows = connection.execute(
                "SELECT * FROM postings WHERE position > ? ORDER BY rowid", (self.position,)
            ).fetchall()
        by_event = defaultdict(list)
        for row in rows:
            by_event[row["event"]].append(row)
        for event, own in by_event.items():
            self.judge(self.ledger.find(event[-36:]), own)
        self.position = self.ledger.head().size
        self.world.positions.append(str(self.ledger.head()))
        today = self.world.today.isoformat()
        self.world.owed = [
            (name, self.kinds[name], *sides)
            for name, lines in self.lines.items()
            for sides, left in self.left(lines, today).items()
            if left
        ]

    @staticmethod
    def left(lines, day):
        sums = Counter()
        for on, amount, debtor, creditor in lines:
            if on <= day:
                sums[debtor, creditor] += amount
        return sums

    def judge(self, entry, rows):
        """Assert that what an event changed is what the domain lets it change."""
        name, moved = entry.name, defaultdict(list)
        for row in rows:
            told = (name, dict(row))
            obligation, kind = row["obligation"], row["kind"]
            assert kind in KINDS, told
            assert row["unit"] == KINDS[kind].unit, told
            assert row["debtor"] != row["creditor"], told
            if row["reason"] == "opened":
                assert obligation not in self.kinds, told
                assert obligation.startswith(entry.id), told
                self.kinds[obligation] = kind
                assert may_open(kind, name) or "for_office" in entry.data, told
                sides = KINDS[kind].sides
                if sides and kind != "plan":
                    assert (row["debtor"], row["creditor"]) in sides(entry.data), told
                if row["unit"] != "item":
                    assert self.promised(entry, row["debtor"]), told
            else:
                assert self.kinds[obligation] == kind, told
                assert may_change(kind, name), told
            if row["reason"] == "moved":
                moved[obligation].append(row)
            line = (row["effective_on"], row["amount"], row["debtor"], row["creditor"])
            self.lines[obligation].append(line)
            self.sums[row["unit"]][row["reason"]] += row["amount"]
        for obligation in {row["obligation"] for row in rows}:
            self.never_below_zero(obligation, name)
        for own in moved.values():
            total = sum(row["amount"] for row in own)
            away = {row["amount"] for row in own if row["amount"] < 0}
            assert total == 0 or total in away, (name, [dict(row) for row in own])
        for unit, sums in self.sums.items():
            left = sum(
                a
                for o, ls in self.lines.items()
                if KINDS[self.kinds[o]].unit == unit
                for _, a, *_ in ls
            )
            assert left == sum(sums.values()) >= 0, (name, unit, sums)

    def never_below_zero(self, obligation, name):
        lines = self.lines[obligation]
        for day in {line[0] for line in lines}:
            for sides, left in self.left(lines, day).items():
                assert left >= 0, (name, self.kinds[obligation], obligation, sides, day, left)

    def promised(self, entry, debtor):
        """Whether a debtor, or whom it stands in place of, signed what the event rests on."""
        parties = {debtor, *self.instead[debtor]}
        named = [tag[-36:] for tag in entry.tags if tag[-36:] in self.signed]
        if any(self.signed[event] & parties for event in (entry.id, *named)):
            return True
        joined = (
            "MembershipSought",
            "ProgrammeJoined",
            "VisitProgrammeOpened",
            "PartnershipFormed",
            "GroundRulesAgreed",
        )
        return any(
            self.signed[one.ref[-36:]] & parties or one.data.get("partnership") in parties
            for one in self.world.said
            if one.ref.partition(":")[0] in joined
        )

    # -- asking ------------------------------------------------------------------------------

    def ask(self, by):
        size = self.ledger.head().size
        as_of = (self.world.today + timedelta(by)).isoformat()
        self.answers.append((size, as_of, self.answer(self.views, size, as_of)))

    def answer(self, views, size, as_of):
        with views.open() as connection:
            at = moment(connection, as_of, size)
            return [dict(row) for row in owes(connection, self.ledger.store, at, Asked()).rows]

    def end_of_story(self):
        for size, as_of, answered in self.answers:
            assert self.answer(self.views, size, as_of) == answered, (size, as_of)
        kept = self.tables(self.views)
        for batch in (7, 1000):
            assert self.in_batches(batch) == kept, batch
        assert check(self.ledger) == []
        self.whatever_changes_what_is_owed_concerns_both_sides()

    def whatever_changes_what_is_owed_concerns_both_sides(self):
        store, size = self.ledger.store, self.ledger.head().size
        with self.views.open() as connection:
            changing = changed(connection)
        for party, positions in changing.items():
            assert positions <= concerning(store, party, size).keys(), party

    def in_batches(self, batch):
        """Return the tables as built by so many entries at a time."""
        size = self.ledger.head().size
        some_of = UpTo(self.ledger.store, min(batch, size))
        views = catalogue.views(some_of, self.folder / f"views-{batch}")
        while True:
            with views.open():
                pass
            if some_of.last >= size:
                return self.tables(views)
            some_of.last = min(size, some_of.last + batch)

    @staticmethod
    def tables(views):
        with views.open() as connection:
            names = connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            ).fetchall()
            found = {}
            for (name,) in names:
                if name != "state":
                    rows = connection.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608
                    found[name] = sorted(map(repr, map(tuple, rows)))
            return found


def changed(connection):
    """Return the positions at which what a party owes or is owed changed, by party.

    Of `ledger`, to which a registrar's records are confirmed, nobody asks for a history.
    """
    found = defaultdict(set)
    for row in connection.execute("SELECT position, debtor, creditor FROM postings"):
        for side in {row["debtor"], row["creditor"]} - {"ledger"}:
            found[side].add(row["position"])
    return found


def test_there_is_a_teller_for_every_type_of_event():
    assert set(TELLERS) == {event.__name__ for event in CATALOGUE}


def tell_by_seed(seed, rounds):
    """Tell a story from its own seed alone: the same whatever else was loaded."""
    drawn = random.Random(seed)  # noqa: S311 - a story, no secret
    story = Stories()
    for _ in range(rounds):
        story.go_on(steps=[drawn.getrandbits(32) for _ in range(15)])
        story.ask(by=drawn.randint(-5, 30))
    story.teardown()


@pytest.mark.long
def test_what_holds_always_holds_whatever_is_said():
    for seed in range(some(10)):
        tell_by_seed(seed, 2)


#: What no story need record, and why.
NEVER_RECORDED = {
    "LedgerFounded": "a ledger is founded once; stories begin in one that is",
    "ObligationAssumed": "seldom: it takes a conversion that left something, and its day come",
}


def missing():
    """Return the types that no story has recorded, or none has seen refused as was foreseen."""
    taken = [name for name in TELLERS if not TAKEN[name] and name not in NEVER_RECORDED]
    return [*taken, *(name for name in TELLERS if not FORESEEN[name])]


def tell_what_is_missing(seed):
    """Tell one more story, of the types that were seldom drawn so far."""
    story = Stories()
    for number in range(8):
        for name in missing():
            story.world.r = random.Random(f"{seed} {number} {name}")  # noqa: S311 - no secret
            story.turn()
            story.tell(name)
        story.world.today += timedelta(1)
    story.teardown()


@pytest.mark.long
@pytest.mark.sweep
def test_every_type_of_event_is_recorded_and_refused_in_two_thousand_steps():
    for counted in (TAKEN, REFUSED, FORESEEN):
        counted.clear()
    for seed in range(45):
        tell_by_seed(seed, 3)
    for seed in range(20):
        if missing():
            tell_what_is_missing(seed)
    assert TAKEN.total() + REFUSED.total() >= 2_000
    assert missing() == []


@pytest.mark.hours
@pytest.mark.parametrize("number", range(1_000))
def test_what_holds_always_holds_in_a_million_steps(number):
    """A thousand steps of them, from seeds of their own."""
    enough = TAKEN.total() + REFUSED.total() + 1_000
    for seed in count(1_000 * number):
        tell_by_seed(seed, 4)
        if TAKEN.total() + REFUSED.total() >= enough:
            return

"""What is vouched for, by the words of docs/reference/format.md, however entries come.

The slow definition here is that text put down as it stands: go through everything again and again
until nothing more is vouched for.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from examples import some
from given import (
    CAROL,
    CLEM,
    ESTUARY,
    NORTHWICK,
    OLIVE,
    WITH_ESTUARY,
    By,
    Record,
    appointed,
    ended,
    for_key,
    for_office,
    given,
    key,
    newcomer,
    signed_with,
    uuid,
)
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from ledger.decision_model.facts import Book
from ledger.domain.correction.dependents import references_of
from ledger.domain.registers import offices
from ledger.domain.registers.key_standing import KeyStanding
from ledger.format.entry import Entry

REGISTRAR = "registrar@ledger"
FOUNDER = "rita"
PEOPLE = (FOUNDER, "p0", "p1", "p2", "p3")
RITA = By(FOUNDER, REGISTRAR)
LOG_KEY = "o+00000000+AAAA"
HELD = {"public_key": "ssh-ed25519 AAAA", "proof": "AAAA"}
OFFICES = (f"chair@{ESTUARY}", f"clerk@{ESTUARY}", "officer@body:northwick")


def person(name: str) -> str:
    return f"person:{uuid(name)}"


def key_named(label: str) -> str:
    """Return the reference of a key that nobody needs to hold."""
    return f"key:SHA256:{uuid(label).replace('-', '').ljust(43, 'x')}"


def at_minute(number: int) -> str:
    """Return when the entry at a position is recorded: a minute after the one before."""
    moment = datetime(2024, 9, 1, 9, tzinfo=UTC) + timedelta(minutes=number)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Story:
    """Entries of registers that nobody judged, as a hostile record may hold them."""

    def __init__(self) -> None:
        self.record = Record()
        self.books = [Book(self.record.read), Book(self.record.read)]
        registrar = {"person": person(FOUNDER), "key": key_named(FOUNDER), **HELD}
        data = {"format": 1, "origin": "o", "title": "t", "log_key": LOG_KEY}
        self.say("LedgerFounded", "founded", RITA, {**data, "registrars": [registrar]})

    def say(self, name: str, label: str, by: By, data: dict) -> str:
        said = {
            "id": uuid(label),
            "type": f"{name}.v1",
            "time": "2024-09-01T09:00:00Z",
            "occurredon": "2024-09-01",
            "signedby": person(by.name),
            "office": by.office,
            "seen": "",
            "source": "o",
            "data": data,
        }
        position = len(self.record.entries) + 1
        entry = Entry(position, at_minute(position), "", said)
        signed_with(by.key or key_named(by.name), entry)
        self.record.append(entry)
        for book in self.books:
            book.apply(entry)
        return entry.id

    def enrol(self, label: str, whose: str, by: str, with_key=None) -> str:
        data = {"person": person(whose), "key": key_named(label), **HELD}
        event = f"enrolment {len(self.record.entries)}"
        return self.say("KeyEnrolled", event, By(by, REGISTRAR, with_key), data)

    def appoint(self, label: str, whom: str, to: str, by: By) -> str:
        data = {"person": person(whom), "office": to, "basis": "substantive"}
        data |= {"effective_on": "2024-09-01"}
        return self.say("Appointed", label, by, data)

    def vouch(self, label: str, entry: Entry) -> str:
        kind = "enrolment" if entry.name == "KeyEnrolled" else "appointment"
        named = {
            name: entry.data[name] for name in ("person", "key", "office") if name in entry.data
        }
        data = {"subject": f"{kind}:{entry.id}", **named}
        return self.say("Vouched", label, RITA, data)

    def compromise(self, label: str, key: str, since: str) -> str:
        data = {"person": person("p0"), "key": key, "since": since}
        return self.say("KeyCompromised", label, RITA, data)

    def vouch_for_compromise(self, label: str, entry: Entry) -> str:
        subject = {"subject": f"compromise:{entry.id}", "key": entry.data["key"]}
        return self.say("Vouched", label, RITA, subject)

    def withdraw(self, label: str, entry: Entry) -> str:
        data = {"event": f"event:{entry.id}", "references": list(references_of(entry.data))}
        data["references"].append(f"office:{entry.office}")
        return self.say("EventWithdrawn", label, By("anybody", entry.office, entry.key), data)

    def of(self, *names: str) -> list[Entry]:
        return [entry for entry in self.record.entries if entry.name in names]


# -- the slow definition -----------------------------------------------------------------------


def slowly(entries: list[Entry]) -> tuple[set[str], set[str]]:
    """Return the keys and the appointments that are vouched for, as the format says."""
    withdrawn = {entry.data["event"][6:] for entry in entries if entry.name == "EventWithdrawn"}
    standing = [entry for entry in entries if entry.id not in withdrawn]
    named = {e.data["subject"].partition(":")[2] for e in standing if e.name == "Vouched"}
    enrolments: dict[str, Entry] = {}
    for entry in standing:
        if entry.name == "KeyEnrolled":
            enrolments.setdefault(entry.data["key"], entry)
    appointments = [entry for entry in standing if entry.name == "Appointed"]
    keys, posts = {key_named(FOUNDER)}, {(REGISTRAR, person(FOUNDER))}
    good: set[str] = set()
    while True:
        before = len(keys), len(good)
        keys |= {
            reference
            for reference, entry in enrolments.items()
            if entry.id in named or (entry.signedby == entry.data["person"] and entry.key in keys)
        }
        good |= {
            entry.id
            for entry in appointments
            if entry.id in named
            or (
                entry.office != REGISTRAR
                and entry.signedby != entry.data["person"]
                and entry.key in keys
                and (entry.office, entry.signedby) in posts
            )
        }
        posts |= {(e.data["office"], e.data["person"]) for e in appointments if e.id in good}
        if before == (len(keys), len(good)):
            return keys, good


def told(book: Book, story: Story) -> tuple[set[str], set[str]]:
    keys = {entry.data["key"] for entry in story.of("KeyEnrolled")} | {key_named(FOUNDER)}
    tenures = [t for name in OFFICES for t in book.look(offices.office(name))]
    return (
        {reference for reference in keys if offices.is_vouched(book.look, reference)},
        {t.appointment for t in tenures if offices.is_vouched_in_office(book.look, t)},
    )


def act(story: Story, number: int, choice: tuple[int, int, int, int, int]) -> None:
    """Add one more entry, whatever the numbers come to."""
    kind, a, b, c, d = choice
    keys = [key_named(FOUNDER), *(entry.data["key"] for entry in story.of("KeyEnrolled"))]
    held = story.of("Appointed")
    named = story.of("KeyEnrolled", "Appointed")
    if kind == 0:
        story.enrol(f"key {number % 6}", PEOPLE[a % 5], PEOPLE[b % 5], keys[c % len(keys)])
    elif kind == 1:
        by = By(PEOPLE[b % 5], (*OFFICES, REGISTRAR)[d % 4], keys[c % len(keys)])
        story.appoint(f"a {number}", PEOPLE[a % 5], OFFICES[c % 3], by)
    elif kind <= 3 and held:
        # By somebody who holds the office, mostly with a key that is good.
        said = held[b % len(held)].data
        name = next(one for one in PEOPLE if person(one) == said["person"])
        by = By(name, said["office"], keys[0 if d % 4 else c % len(keys)])
        story.appoint(f"a {number}", PEOPLE[a % 5], OFFICES[c % 3], by)
    elif kind <= 5 and named:
        story.vouch(f"v {number}", named[a % len(named)])
    elif kind == 6:
        gone = {entry.data["event"][6:] for entry in story.of("EventWithdrawn")}
        left = [e for e in (*named, *story.of("Vouched")) if e.id not in gone]
        if left:
            story.withdraw(f"w {number}", left[a % len(left)])


CHOICES = st.lists(
    st.tuples(st.integers(0, 6), *(st.integers(0, 60) for _ in range(4))), max_size=24
)


@settings(max_examples=some(400), deadline=None)
@examples(CHOICES, st.integers(0, 24))
def test_whatever_is_recorded_the_answers_are_those_of_the_slow_definition(choices, pause):
    """Asked after each entry, only now and then, and by somebody who reads it all at the end."""
    story = Story()
    each, rarely = story.books
    for number, choice in enumerate(choices):
        act(story, number, choice)
        expected = slowly(story.record.entries)
        assert told(each, story) == expected
        if number == pause:
            assert told(rarely, story) == expected
    expected = slowly(story.record.entries)
    assert told(rarely, story) == expected
    fresh = Book(story.record.read, len(story.record.entries))
    assert told(fresh, story) == expected


def slowly_above(look, standing: KeyStanding) -> str | None:
    """Return the compromised key above a key, as one goes up by whatever enrolled it."""
    seen: set[str] = set()
    while not standing.vouched and standing.enrolled_with not in seen:
        seen.add(standing.enrolled_with)
        parent = look(offices.key(standing.enrolled_with))
        if parent is None:
            return None
        since = offices.compromised_since(look, parent)
        if since is not None and standing.enrolled_at >= since:
            return standing.enrolled_with
        standing = parent
    return None


KEY_CHOICES = st.lists(
    st.tuples(st.integers(0, 6), *(st.integers(0, 40) for _ in range(3))), max_size=24
)


@settings(max_examples=some(300), deadline=None)
@examples(KEY_CHOICES)
def test_a_key_below_a_compromised_one_is_found_whatever_is_said_meanwhile(choices):
    story = Story()
    book, later = story.books
    for number, (kind, a, b, c) in enumerate(choices):
        keys = [key_named(FOUNDER), *(entry.data["key"] for entry in story.of("KeyEnrolled"))]
        enrolments, said = story.of("KeyEnrolled"), story.of("KeyCompromised")
        if kind <= 2:
            with_key = keys[a % len(keys)] if b % 5 else key_named(f"key {b}")
            story.enrol(f"key {c % 12}", PEOPLE[a % 5], PEOPLE[b % 5], with_key)
        elif kind == 3:
            story.compromise(f"c {number}", keys[a % len(keys)], at_minute(b))
        elif kind == 4 and enrolments:
            story.vouch(f"v {number}", enrolments[a % len(enrolments)])
        elif kind == 5 and said:
            story.vouch_for_compromise(f"vc {number}", said[a % len(said)])
        elif kind == 6 and (*enrolments, *said):
            left = [*enrolments, *said]
            story.withdraw(f"w {number}", left[a % len(left)])
        for asked in (book, later)[: 1 + number % 2]:
            for reference in {one.data["key"] for one in story.of("KeyEnrolled")}:
                standing = asked.look(offices.key(reference))
                if standing is not None:
                    found = offices.enrolled_with_compromised(asked.look, standing)
                    assert found == slowly_above(asked.look, standing)


def test_a_voucher_who_does_not_name_what_is_vouched_for_is_not_heard_by_anybody():
    """By the tags of such an entry nobody would find it; whoever asked before must not either."""
    story = Story()
    asking = story.books[0]
    enrolment = story.enrol("k", "p0", FOUNDER)
    appointment = story.appoint("a", "p0", OFFICES[0], RITA)
    (tenure,) = asking.look(offices.office(OFFICES[0]))
    assert not offices.is_vouched(asking.look, key_named("k"))
    assert not offices.is_vouched_in_office(asking.look, tenure)
    for subject in (f"enrolment:{enrolment}", f"appointment:{appointment}"):
        data = {"subject": subject, "person": person("p0")}
        story.say("Vouched", f"v {subject}", RITA, data)
    fresh = Book(story.record.read, len(story.record.entries))
    for book in (asking, fresh):
        (tenure,) = book.look(offices.office(OFFICES[0]))
        assert not offices.is_vouched(book.look, key_named("k"))
        assert not offices.is_vouched_in_office(book.look, tenure)


def test_a_key_that_was_asked_about_before_it_was_enrolled_is_looked_at_again():
    story = Story()
    look = story.books[0].look
    assert not offices.is_vouched(look, key_named("k"))
    story.enrol("k", FOUNDER, FOUNDER)
    assert offices.is_vouched(look, key_named("k"))


# -- attacks -----------------------------------------------------------------------------------


class Counting:
    """Answers facts and counts how often it was asked, and how many tenures it handed out."""

    def __init__(self, book: Book) -> None:
        self._look = book.look
        self.asked = 0

    def __call__(self, fact):
        self.asked += 1
        return self._look(fact)


def terms(story: Story, many: int) -> None:
    """Chair and clerk appoint each other again and again; nobody ever vouched for either."""
    chair, clerk = OFFICES[:2]
    for number in range(many):
        story.appoint(f"chair {number}", "p0", chair, By("p1", clerk))
        story.appoint(f"clerk {number}", "p1", clerk, By("p0", chair))


def chain(story: Story, many: int) -> None:
    """Each officer appoints the next."""
    names = ["first", *(f"o{number}" for number in range(many))]
    for by, whom in pairwise(names):
        story.appoint(f"appoint {whom}", whom, OFFICES[2], By(by, OFFICES[2]))


@pytest.mark.parametrize("many", [20, 1_000])
def test_chair_and_clerk_who_appoint_each_other_for_ever_are_judged_in_a_moment(many):
    """41 entries used to take minutes, and held the write lock meanwhile."""
    story = Story()
    for name in ("p0", "p1"):
        story.enrol(name, name, FOUNDER)
    terms(story, many)
    counting = Counting(story.books[0])
    standings = offices.standings(counting)
    tenures = [t for name in OFFICES[:2] for t in story.books[0].look(offices.office(name))]
    assert not any(standings.is_vouched_in_office(tenure) for tenure in tenures)
    assert counting.asked == 6  # two keys, each with who founded, and two offices, each once


class TestWhereOneFoundedAlone:
    """The first further registrar that the founder enrols and appoints counts as founding."""

    @staticmethod
    def judged(story, *labels):
        look = story.books[0].look
        keys = [offices.is_vouched(look, key_named(label)) for label in labels]
        registrars = look(offices.office(REGISTRAR))
        return keys, [offices.is_vouched_in_office(look, tenure) for tenure in registrars]

    def test_key_and_appointment_of_the_first_count_and_no_others(self):
        story = Story()
        story.enrol("p0", "p0", FOUNDER)
        assert self.judged(story, "p0") == ([False], [True])
        story.appoint("second", "p0", REGISTRAR, RITA)
        story.enrol("p1", "p1", FOUNDER)
        story.appoint("third", "p1", REGISTRAR, RITA)
        story.enrol("p0-again", "p0", FOUNDER)
        assert self.judged(story, "p0", "p1", "p0-again") == (
            [True, False, False],
            [True, True, False],
        )

    def test_a_key_that_is_enrolled_after_the_appointment_counts_too(self):
        story = Story()
        story.appoint("second", "p0", REGISTRAR, RITA)
        assert self.judged(story, "p0") == ([False], [True, True])
        story.enrol("p0", "p0", FOUNDER)
        assert self.judged(story, "p0") == ([True], [True, True])

    def test_not_one_that_somebody_else_enrolled_or_appointed(self):
        story = Story()
        story.enrol("p0", "p0", "p1")
        story.appoint("second", "p0", REGISTRAR, RITA)
        assert self.judged(story, "p0") == ([False], [True, True])
        story = Story()
        story.enrol("p0", "p0", FOUNDER)
        story.appoint("second", "p0", REGISTRAR, By("p0", REGISTRAR))
        assert self.judged(story, "p0") == ([False], [True, False])

    def test_where_two_founded_a_third_waits_for_another(self):
        rod = By("rod", REGISTRAR)
        look = given(NORTHWICK, newcomer(rod)).look
        third = look(offices.office(REGISTRAR))[-1]
        assert not third.vouched


@pytest.mark.parametrize("many", [400, pytest.param(5_000, marks=pytest.mark.sweep)])
def test_a_chain_of_officers_is_followed_to_its_end_however_long(many):
    """400 used to end in RecursionError, for whoever read the record."""
    story = Story()
    chain(story, many)
    look = story.books[0].look
    last = look(offices.office(OFFICES[2]))[-1]
    assert not offices.is_vouched_in_office(look, last)
    for name in ("first", *(f"o{number}" for number in range(many))):
        story.enrol(name, name, FOUNDER)
    for entry in story.of("KeyEnrolled"):
        story.vouch(f"v {entry.id}", entry)
    assert not offices.is_vouched_in_office(look, last)
    story.appoint("start", "first", OFFICES[2], RITA)
    story.vouch("v start", story.record.entries[-1])
    assert offices.is_vouched_in_office(look, last)
    fresh = Book(story.record.read, len(story.record.entries))
    assert offices.is_vouched_in_office(fresh.look, last)


def test_a_chain_of_keys_is_followed_to_its_end_however_long():
    story = Story()
    for number in range(5_000):
        story.enrol(f"k{number + 1}", "p0", "p0", key_named(f"k{number}"))
    look = story.books[0].look
    assert not offices.is_vouched(look, key_named("k5000"))
    story.enrol("k0", "p0", FOUNDER)
    story.vouch("v", story.record.entries[-1])
    assert offices.is_vouched(look, key_named("k5000"))


def test_a_chain_of_keys_that_each_sign_is_gone_up_once():
    """Each signature used to go up the whole chain."""
    story = Story()
    story.enrol("k0", "p0", FOUNDER)
    counting = Counting(story.books[0])
    standings = offices.standings(counting)
    for number in range(2_000):
        story.enrol(f"k{number + 1}", "p0", "p0", key_named(f"k{number}"))
        standing = story.books[0].look(offices.key(key_named(f"k{number + 1}")))
        assert standing is not None
        assert standings.enrolled_with_compromised(standing) is None
    assert counting.asked <= 2 * 2_000 + 10


def test_what_was_answered_once_is_not_worked_out_again():
    story = Story()
    chain(story, 500)
    counting = Counting(story.books[0])
    standings = offices.standings(counting)
    tenures = list(story.books[0].look(offices.office(OFFICES[2])))
    for tenure in (*tenures, *tenures):
        standings.is_vouched_in_office(tenure)
    assert counting.asked <= 2 * len(tenures) + 2


def test_terms_without_end_are_recorded_without_waiting():
    """The same by the rules, with people who may: each term ends before the next begins."""
    history = given(WITH_ESTUARY)
    days = (f"2024-{month:02}-{day:02}" for month in (10, 11) for day in range(1, 29))
    for number in range(7):
        for who, by in ((CAROL, CLEM), (CLEM, CAROL)):
            day = next(days)
            history = given(
                history,
                ended(who, day, by=by, label=f"e{number}{who.name}"),
                appointed(who, next(days), by=by, label=f"a{number}{who.name}"),
            )
    vouched = for_key("ben", by=CAROL, on="2024-12-20")
    assert history.when(vouched).reasons != []
    history = given(history, for_key("carol", on="2024-12-01"), for_key("clem", on="2024-12-01"))
    assert not offices.is_vouched_in_office(
        history.look, history.look(offices.office(CAROL.office))[-1]
    )
    history = given(history, for_office(CAROL, on="2024-12-02"))
    for office in (CAROL.office, CLEM.office):
        newest = history.look(offices.office(office))[-1]
        assert offices.is_vouched_in_office(history.look, newest)


def test_an_officer_appointed_by_an_officer_is_vouched_for_once_the_first_is():
    history = given(NORTHWICK, appointed(By("ann", OLIVE.office), "2024-09-10", by=OLIVE))
    assert not offices.is_vouched(history.look, key("olive"))
    history = given(history, for_key("olive", on="2024-09-11"), for_office(OLIVE, on="2024-09-11"))
    newest = history.look(offices.office(OLIVE.office))[-1]
    assert newest.person == person("ann")
    assert offices.is_vouched_in_office(history.look, newest)

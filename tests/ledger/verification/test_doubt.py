"""What rests on compromised keys: the same as going through the record once for each of them."""

from __future__ import annotations

from datetime import date

from examples import some
from given import Record, signed_with, uuid
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from ledger.decision_model.facts import Book
from ledger.domain.registers import offices
from ledger.format.entry import Entry
from ledger.verification.doubt import Doubt, _counted

REGISTRAR = "registrar@ledger"
OFFICE = "officer@body:northwick"
KEYS = [f"key:SHA256:{letter * 43}" for letter in "abcd"]
PEOPLE = [f"person:{uuid(letter)}" for letter in "abcd"]
HELD = {"public_key": "ssh-ed25519 AAAA", "proof": "AAAA"}


class Story:
    """Entries of four people, each with a key, that name, enrol and appoint one another."""

    def __init__(self) -> None:
        self.record = Record()

    def say(self, name: str, who: int, data: dict, clock: int) -> Entry:
        at = len(self.record.entries) + 1
        moment = f"2024-09-01T09:{clock:02}:00Z"
        said = {
            "id": uuid(f"e{at}"),
            "type": f"{name}.v1",
            "time": moment,
            "occurredon": "2024-09-01",
            "signedby": PEOPLE[who],
            "office": OFFICE,
            "seen": "",
            "source": "o",
            "data": data,
        }
        entry = signed_with(KEYS[who], Entry(at, moment, "", said))
        self.record.append(entry)
        return entry


def build(choices: list[tuple[int, int, int, int]]) -> Story:
    story = Story()
    for kind, who, a, clock in choices:
        entries = story.record.entries
        named = f"event:{entries[a % len(entries)].id}" if entries else ""
        if kind == 0:
            data = {"person": PEOPLE[a % 4], "key": KEYS[a % 4], **HELD}
            story.say("KeyEnrolled", who, data, clock)
        elif kind == 1:
            data = {"person": PEOPLE[a % 4], "office": OFFICE, "basis": "substantive"}
            story.say("Appointed", who, {**data, "effective_on": "2024-09-01"}, clock)
        elif kind == 2:
            story.say("ClockCorrected", who, {"since": "1:x", "about": named}, clock)
        elif kind == 3:
            story.say("EventWithdrawn", who, {"event": named or "event:x"}, clock)
        else:
            story.say("VisitMade", who, {"about": named}, clock)
    return story


def slowly(story: Story, look, key: str, since: str) -> set[str]:
    """Go through the record for one key."""
    doubtful: set[str] = set()
    time = ""
    for entry in story.record.entries:
        corrects = entry.name == "ClockCorrected"
        time = entry.recorded_at if corrects else max(time, entry.recorded_at)
        named = {tag[6:] for tag in entry.tags if tag.startswith("event:")} - {entry.id}
        standing = look(offices.key(entry.key))
        tenures = look(offices.office(entry.office))
        day = date.fromisoformat(time[:10])
        own = [t for t in tenures if t.person == entry.signedby and t.covers(day)]
        if (
            (entry.key == key and time >= since)
            or (entry.name not in offices.SPEAKING_OF and named & doubtful)
            or (standing is not None and standing.enrolment in doubtful)
            or (own and own[-1].appointment in doubtful)
        ):
            doubtful.add(entry.id)
    return doubtful


CHOICES = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 3), st.integers(0, 30), st.integers(0, 59)),
    max_size=30,
)


@settings(max_examples=some(300), deadline=None)
@examples(CHOICES, st.dictionaries(st.sampled_from(KEYS), st.integers(0, 59)))
def test_one_pass_finds_for_all_keys_what_a_pass_for_each_finds(choices, moments):
    story = build(choices)
    look = Book(story.record.read, len(story.record.entries)).look
    since = {key: f"2024-09-01T09:{minute:02}:00Z" for key, minute in moments.items()}
    restarts = [one.position for one in story.record.entries if one.name == "ClockCorrected"]
    doubt = Doubt(since, look, story.record.entries, restarts)
    expected = {key: slowly(story, look, key, moment) for key, moment in since.items()}
    assert doubt.counts() == {key: len(found) for key, found in expected.items()}
    assert doubt.events == set().union(*expected.values())


@examples(st.integers(1, 70), st.lists(st.integers(0, 2**70 - 1), max_size=40))
def test_every_bit_is_counted(bits, numbers):
    numbers = [number % 2**bits for number in numbers]
    assert list(_counted(numbers, bits)) == [
        sum(number >> n & 1 for number in numbers) for n in range(bits)
    ]


def test_a_record_without_compromised_keys_is_not_gone_through():
    def entries():
        raise AssertionError("it was")
        yield

    doubt = Doubt({}, lambda _: None, entries())
    assert doubt.events == frozenset()
    assert doubt.counts() == {}


def test_thousands_of_keys_that_reach_every_entry_take_one_pass():
    """Each key used to take a pass of its own: 200 of them over 5,000 visits took 36 seconds."""
    story = Story()
    asked = 0
    last = ""
    for number in range(2_000):
        data = {"about": f"event:{last}"} if last else {}
        last = story.say("VisitMade", number % 4, data, 0).id

    def look(fact):
        nonlocal asked
        asked += 1
        return None if fact.family is offices.KEY else offices.Tenures()

    since = {**dict.fromkeys(KEYS, ""), **{f"key:{n}": "" for n in range(2_000)}}
    doubt = Doubt(since, look, story.record.entries)
    assert len(doubt.events) == 2_000
    assert asked == 2 * 2_000
    assert [doubt.counts()[key] for key in KEYS] == [2_000, 1_999, 1_998, 1_997]

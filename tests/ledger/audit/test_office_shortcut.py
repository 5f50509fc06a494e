"""What the fast reader takes from a rule's answer about one office holds for every such office."""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path

import orjson
import pytest

from ledger.audit import office_shortcut
from ledger.audit.office_shortcut import Watched
from ledger.domain.decide import judge_office
from ledger.format.patterns import grammar_of

GOLDEN = {
    path.name.removesuffix(".json"): path.read_bytes().removesuffix(b"\n")
    for path in sorted((Path(__file__).parents[2] / "golden" / "entries").iterdir())
}
#: Other parties of each kind, one that no event names and others that many do.
OTHERS = {
    "school": ("school:900001", "school:900002", "school:900103", "school:123456"),
    "body": ("body:northwick", "body:harbour-trust", "body:x", "body:inspectorate"),
    "partnership": ("partnership:estuary", "partnership:x", "partnership:a-b"),
}

#: What a rule may read if its answer is to hold for everything that an actor signs on one day.
OF_THE_ACTOR = frozenset(
    {"data", "key", "name", "office", "recorded_on", "signedby", "source", "type"}
)


def told(name):
    """Ask the rule about a golden entry; return what settled it, None if nothing did."""
    line = GOLDEN[name]
    grammar = grammar_of(name.encode())
    match = grammar and grammar.pattern.fullmatch(line)
    if not match:
        return None
    office_shortcut._settled.clear()
    office_shortcut._open.clear()
    office = match["office"]
    event = name.partition(".")[0]
    if not office_shortcut.is_told(event, office, grammar, match.groups(), line):
        return None
    (settled,) = office_shortcut._settled.values()
    return (office.decode(), settled, grammar)


SETTLED = {name: found for name in GOLDEN if (found := told(name)) is not None}


def test_most_events_tell_by_their_own_words_whose_office_may_sign():
    assert len(SETTLED) > len(GOLDEN) / 2


@pytest.mark.parametrize("name", SETTLED)
def test_the_member_that_settled_it_settles_it_for_every_party_of_the_kind(name):
    office, settled, grammar = SETTLED[name]
    if settled is None:
        assert judged(name, {}, office) == []
        return
    group, is_office = settled
    member = next(one for one, at in grammar.members.items() if at == group)
    role, _, party = office.partition("@")
    for other in OTHERS[party.partition(":")[0]]:
        value = f"{role}@{other}" if is_office else other
        assert judged(name, {member: value}, f"{role}@{other}") == []
        elsewhere = f"{role}@{party.partition(':')[0]}:{'999999' if 'school' in party else 'zz'}"
        assert judged(name, {member: value}, elsewhere) != []


def judged(name, data, office):
    value = orjson.loads(GOLDEN[name])
    said = copy.deepcopy(value["statement"])
    said["data"] |= data
    said["office"] = office
    entry = Watched(0, value["recorded_at"], value["signature"], said)
    try:
        return judge_office(entry, office_shortcut._look_nowhere)
    except office_shortcut._NeedsRecordError:
        return ["the record would have to be asked"]


def test_what_is_recorded_for_another_office_the_whole_entry_tells():
    """By the member that usually settles it, a clerk's word would pass for the head's own."""
    line = GOLDEN["VisitMade.v1"]
    said = orjson.loads(line)["statement"]
    said["data"] |= {"for_office": "head@school:900009", "authority": f"evidence:{said['id']}"}
    statement = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    altered = line[: line.index(b'"statement":') + 12] + statement + b"}"
    grammar = grammar_of(b"VisitMade.v1")
    match = grammar.pattern.fullmatch(altered)
    for whole, found in ((line, grammar.pattern.fullmatch(line)), (altered, match)):
        told_so = office_shortcut.is_told(
            "VisitMade", found["office"], grammar, found.groups(), whole
        )
        assert told_so == (whole == line)


def test_a_watched_entry_tells_what_was_read_of_it():
    value = orjson.loads(GOLDEN["VisitMade.v1"])
    entry = Watched(1, value["recorded_at"], value["signature"], value["statement"])
    assert (entry.touched, entry.read) == (set(), set())
    assert entry.data.get("visitor") == entry.data["visitor"]
    assert entry.read == {"visitor"}
    assert entry.touched == {"data"}
    assert entry.key.startswith("key:SHA256:")
    assert entry.recorded_on.isoformat() == value["recorded_at"][:10]
    assert entry.touched <= OF_THE_ACTOR
    for reading in (
        lambda: list(entry.data),
        entry.data.items,
        entry.data.values,
        lambda: "visitor" in entry.data,
        lambda: entry.event,
        lambda: entry.recorded_at,
        lambda: entry.id,
    ):
        entry.touched.clear()
        reading()
        assert not entry.touched <= OF_THE_ACTOR


def test_of_a_signing_nothing_is_known_but_the_actor():
    actor = ("key:SHA256:x", "person:x", "head@school:900001", "northwick.example", "2026-10-05")
    signing = office_shortcut.Signing("VisitMade", actor)
    known = {name: getattr(signing, name) for name in OF_THE_ACTOR - {"data", "type"}}
    assert known == {
        "key": "key:SHA256:x",
        "name": "VisitMade",
        "office": "head@school:900001",
        "recorded_on": date(2026, 10, 5),
        "signedby": "person:x",
        "source": "northwick.example",
    }
    for name in sorted({*dir(Watched), "more"} - OF_THE_ACTOR - {"take", "read", "touched"}):
        if not name.startswith("_"):
            with pytest.raises(office_shortcut.MoreIsAskedError):
                getattr(signing, name)

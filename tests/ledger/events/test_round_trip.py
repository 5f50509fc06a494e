"""What is drafted is what is read: any event that a model allows comes back the same."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from unicodedata import normalize

import orjson
import pytest
from examples import some
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import keys
from ledger.events import CATALOGUE, Event
from ledger.events.handover import DepartureNotified
from ledger.events.registers import AppointmentEnded
from ledger.events.trusted import standing_in
from ledger.format.entry import (
    Entry,
    entry_tags,
    parse_entry,
    parse_event,
    parse_submission,
    read_entry,
    read_validated_entry,
    write_entry,
)
from ledger.format.sealed import mismatches
from ledger.format.statement import Envelope, draft, new_id, parse, tree_head
from ledger.recording.admission import admit
from ledger.recording.application import sign
from ledger.values import (
    NOTHING,
    Count,
    Day,
    Days,
    DaysCount,
    Money,
    Named,
    Number,
    Public,
    Sealed,
    Value,
)

pytestmark = pytest.mark.sampled(5)

SIGNER = keys.in_memory(b"\x05" * 32)
KEY = f"key:{SIGNER.public.fingerprint}"
NOW = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
PERSON = f"person:{new_id(NOW, bytes)}"
every_event = pytest.mark.parametrize("event", CATALOGUE, ids=lambda event: event.__name__)

uuids = st.builds(
    lambda ms, tail: new_id(datetime.fromtimestamp(ms, UTC), lambda _: tail),
    st.integers(1_500_000_000, 4_000_000_000),
    st.binary(min_size=10, max_size=10),
)
slugs = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True)
days = st.dates(date(1870, 1, 1), date(2199, 12, 31)).map(date.isoformat)
texts = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=60
).map(partial(normalize, "NFC"))
padded = st.binary(min_size=1, max_size=90).map(lambda raw: base64.b64encode(raw).decode())
heads = st.builds(tree_head, st.integers(0, 2**40), st.binary(min_size=32, max_size=32))
commitments = st.binary(min_size=32, max_size=32).map(
    lambda raw: {"sealed": base64.urlsafe_b64encode(raw).decode()[:43]}
)
schools = st.integers(900001, 999999).map(lambda urn: f"school:{urn}")
parties = {
    "school": schools,
    "body": slugs.map("body:{}".format),
    "partnership": slugs.map("partnership:{}".format),
    "person": uuids.map("person:{}".format),
}
any_party = st.one_of(*(parties[kind] for kind in ("school", "body", "partnership")))
named = {
    **parties,
    "office": st.one_of(
        st.just("registrar@ledger"),
        any_party.map("officer@{}".format),
        schools.map("head@{}".format),
    ),
    "key": st.binary(min_size=32, max_size=32).map(
        lambda raw: "key:SHA256:" + base64.b64encode(raw).decode()[:43]
    ),
    "urn": st.integers(900001, 999999).map("urn:{}".format),
    NOTHING: st.just(NOTHING),
    "obligation": st.builds(
        "{}/{}".format, uuids, st.sampled_from(["support", "review/2026-12-01"])
    ),
}
published = {
    "origin": st.just("northwick.example/support"),
    "published address": st.just("https://northwick.example/a?b=c"),
    "digest": st.binary(min_size=32, max_size=32).map(bytes.hex),
    "slug": slugs,
    "public key": padded.map("ssh-ed25519 {}".format),
    "verifier key": padded.map("northwick.example+0123abcd+{}".format),
    "signature, padded base64": padded,
    "place in history": heads,
    "year": st.just("2026-27"),
    "LA code": st.just("999"),
    "LAESTAB": st.just("999/3001"),
    "UKPRN": st.just("10900001"),
    "Companies House number": st.just("AB123456"),
    "GIAS group UID": st.just("12"),
    "GIAS group ID": st.just("TR00012"),
    "GIAS type of establishment": st.just("01"),
    "reference": st.one_of(any_party, named["office"], named["obligation"], named["urn"]),
    "name of an event, as VisitMade": st.just("VisitMade"),
    "media type": st.just("application/pdf"),
    "moment in UTC": st.just("2026-09-01T09:00:00Z"),
    "pointer to a sealed field": st.just("/data/note"),
    "organisation's name": texts,
    "published title": texts,
    "published file's name": texts,
}
quantities = (
    (Days, st.integers(0, 1_999_998).map(lambda halves: f"{Decimal(halves) / 2:.1f}")),
    (Money, st.integers(0, 10**12 - 1).map(lambda pence: f"{Decimal(pence) / 100:.2f}")),
    (Number, st.from_regex(r"-?[1-9][0-9]{0,8}(\.[0-9]{1,4})?|0(\.[0-9])?", fullmatch=True)),
    (Day, days),
    (DaysCount, st.integers(1, 366)),
    (Count, st.integers(0, 10_000)),
)


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for the JSON values that an annotation allows."""
    for quantity, strategy in quantities:
        if hint == quantity:
            return strategy
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return marked(arguments[0], arguments[1:])
    if origin in (Union, UnionType):
        return st.one_of(*(values(one) for one in arguments if one is not NoneType))
    if origin in (tuple, Literal):
        return several(arguments[0]) if origin is tuple else st.sampled_from(arguments)
    return st.booleans() if hint is bool else objects(hint)


def objects(model: type[Value]) -> st.SearchStrategy[dict[str, Any]]:
    return commitments if model is Sealed else members(model)


def marked(base: Any, marks: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    for mark in marks:
        if isinstance(mark, Named):
            kinds = [named.get(kind, uuids.map((kind + ":{}").format)) for kind in mark.kinds]
            return st.one_of(*kinds)
        if isinstance(mark, Public):
            return published[mark.what]
    if base is int:
        return st.integers(1, 1000)
    return several(get_args(base)[0])


def several(hint: Any) -> st.SearchStrategy[list[Any]]:
    return st.lists(values(hint), min_size=2, max_size=3)


def members(model: type[Value]) -> st.SearchStrategy[dict[str, Any]]:
    hints = get_type_hints(model, include_extras=True)
    always = {n: values(hints[n]) for n, field in model.model_fields.items() if field.is_required()}
    sometimes = {n: values(hints[n]) for n in model.model_fields if n not in always}
    return st.fixed_dictionaries(always, optional=sometimes)


def envelope(event_id: str, origin: str = "northwick.example/support") -> Envelope:
    return Envelope(
        origin,
        event_id,
        "2026-09-01T09:00:00Z",
        date(2026, 9, 1),
        PERSON,
        "head@school:900001",
        tree_head(7, bytes(32)),
    )


def one_of_each(data: st.DataObject, event: type[Event]) -> tuple[dict[str, Any], Event]:
    said = data.draw(members(event))
    return said, parse_event(event.type_name(), said)


@every_event
@settings(max_examples=some(15, least=2), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_drafted_is_what_is_read(event, data):
    said, made = one_of_each(data, event)
    sealed = {f"/data/{name}" for name, value in said.items() if _is_sealed(value)}
    plain = {pointer: data.draw(texts) for pointer in sorted(sealed)}
    drafted = draft(made, envelope(data.draw(uuids)), plain)
    statement = parse(drafted.statement)
    again = parse_event(statement.type, statement.data)
    assert statement.type == event.type_name()
    assert type(again) is event
    assert statement.sealed.keys() == sealed
    assert again.model_dump(exclude=_names(sealed)) == made.model_dump(exclude=_names(sealed))
    assert draft(again, envelope(statement.id), {}).statement == drafted.statement
    assert mismatches(statement.id, statement.sealed, drafted.disclosures) == []


@every_event
@settings(max_examples=some(15, least=2), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_stand_in_has_the_members_of_its_event(event, data):
    said, made = one_of_each(data, event)
    stand_in = standing_in(event)(said)
    assert stand_in == made == stand_in == standing_in(event)(said)
    assert _members_of(stand_in) == _members_of(made)


def test_a_stand_in_is_no_other_event_and_none_that_says_another_thing():
    left = {"person": "person:1", "office": "head@school:900001", "effective_on": "2026-07-31"}
    one = standing_in(AppointmentEnded)(left)
    assert one == standing_in(AppointmentEnded)(dict(left))
    assert one != standing_in(AppointmentEnded)({**left, "effective_on": "2026-08-31"})
    assert one not in (left, None, AppointmentEnded)
    assert standing_in(DepartureNotified)(left) != one


def _members_of(value: Any) -> Any:
    """Return what a value or each of its members is, and of what type."""
    model = getattr(value, "stands_for", type(value))
    if issubclass(model, Value):
        return {name: _members_of(getattr(value, name)) for name in model.model_fields}
    if isinstance(value, tuple):
        return tuple(_members_of(item) for item in value)
    return type(value), str(value)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({}, id="left out"),
        pytest.param({"effective_on": None}, id="nothing"),
        pytest.param({"effective_on": 7}, id="no text"),
        pytest.param({"effective_on": "2026-09-31"}, id="no day"),
    ],
)
def test_what_cannot_have_been_recorded_so_fails_when_asked_for(said):
    stand_in = standing_in(DepartureNotified)(said)
    with pytest.raises((TypeError, ValueError)):
        stand_in.effective_on  # noqa: B018 - asked for


def _is_sealed(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"sealed"}


def _names(pointers: set[str]) -> set[str]:
    return {pointer.rpartition("/")[2] for pointer in pointers}


@every_event
@settings(max_examples=some(8, least=2), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), origin=st.sampled_from(["northwick.example/support", "an-id"]))
def test_tags_are_a_pure_function_of_the_bytes(event, data, origin):
    _, made = one_of_each(data, event)
    event_id = data.draw(uuids)
    # An origin may look like a reference: `<id>/<slot>` is an obligation's.
    source = f"{data.draw(uuids)}/attestation" if origin == "an-id" else origin
    statement = parse(draft(made, envelope(event_id, source), {}).statement)
    again = parse(bytes(bytearray(statement.raw)))
    tags = entry_tags(statement, KEY)
    assert tags == entry_tags(again, KEY) == sorted(set(tags))
    assert {f"event:{event_id}", KEY, "office:head@school:900001", "school:900001", PERSON} <= {
        *tags
    }
    assert set(tags) == statement.tags() | {KEY}
    entry: Entry[Any] = Entry(1, "2026-09-01T09:00:01Z", "", orjson.loads(statement.raw))
    assert entry.tags == statement.tags()


@every_event
@settings(max_examples=some(5, least=2), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_signed_is_admitted_and_its_entry_keeps_its_bytes(event, data):
    said, made = one_of_each(data, event)
    sealed = [f"/data/{name}" for name, value in said.items() if _is_sealed(value)]
    drafted = draft(made, envelope(data.draw(uuids)), dict.fromkeys(sealed, "Plain text."))
    admitted = admit(parse_submission(sign(drafted, SIGNER).as_line()))
    entry = write_entry("2026-09-01T09:00:01Z", admitted.signature, admitted.statement)
    parts = parse_entry(entry)
    assert parts.statement.raw == drafted.statement
    read = read_entry(3, entry)
    assert (read.key, read.position) == (KEY, 3)
    assert sorted(read.tags | {read.key}) == admitted.tags
    assert read.event == parse_event(parts.statement.type, parts.statement.data)
    again = read_validated_entry(3, entry)
    assert (again.key, again.tags, again.id) == (read.key, read.tags, read.id)

"""Who holds an office, and which offices a rule may name: of a party, or beside one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from ledger.decision_model.rules import UNTOLD, By, Case, in_words
from ledger.domain.registers import bodies, offices, schools, stand_ins
from ledger.domain.registers.places import in_place_for
from ledger.domain.registers.tenures import Tenure
from ledger.values import REGISTRAR, office_party, office_role, party_kind


def school_of(case: Case[Any], reference: str) -> schools.School | None:
    """Return what the record says of a school line."""
    return case.look(schools.school(reference))


def school_now(case: Case[Any], reference: str) -> schools.School | None:
    """Return what the record says of the school line that now stands in the place of one."""
    return school_of(case, in_place_of(case, reference))


def holders(case: Case[Any], office: str) -> tuple[Tenure, ...]:
    """Return who holds an office on the day of recording."""
    tenures = case.look(offices.office(office))
    return offices.holders(office, tenures, case.day)


def held_by_signer(case: Case[Any]) -> Iterator[Tenure]:
    """Go through the tenures by which the signer holds the office, the newest first."""
    entry = case.entry
    tenures = case.look(offices.office(entry.office))
    return offices.held_by(entry.office, tenures, entry.signedby, case.day)


def own_party(case: Case[Any]) -> str | None:
    """Return the party for which the signer speaks: an adviser's is the body that appointed them.

    None of a registrar, who speaks for none.
    """
    office = case.entry.office
    held = next(held_by_signer(case), None) if office_role(office) == "adviser" else None
    return (held.for_body if held else None) or office_party(office)


def gone(case: Case[Any], *members: str) -> Iterator[str]:
    """Say which of the parties that members name had closed by the day that the event happened."""
    for member in members:
        party = _party(case, member)
        ended = how_it_ended(case, party, case.entry.occurred_on)
        if party and ended:
            yield (
                f"{party} {ended}: it can be no {in_words(member)} any more"
                f"{goes_on(case, party, member)}"
            )


def not_open_yet(case: Case[Any], *members: str) -> Iterator[str]:
    """Say which of the schools that members name had not opened by the day of the event."""
    for member in members:
        party = _party(case, member)
        school = school_of(case, party) if party and party.startswith("school:") else None
        opened = school.opened_on if school else None
        if school and opened is not None and case.entry.occurred_on < opened:
            before = " or ".join(school.came_from)
            remedy = f"say {in_words(member)} {before}" if before else "check the day"
            yield (f"{party} opens on {opened}: it can be no {in_words(member)} before; {remedy}")


def how_it_ended(case: Case[Any], party: str | None, day: date) -> str:
    """Return how a school ended before a day, as words that follow its name; else nothing."""
    school = school_of(case, party) if party and party.startswith("school:") else None
    closed = school.closed_on if school else None
    return school.ending if school and closed is not None and closed < day else ""


def predecessor(case: Case[Any]) -> Any:
    """Return the other school line that has, or by a registrar's word had, the former URN."""
    urn = case.entry.data.get("former_urn")
    line = case.look(schools.urn(urn)) if urn else None
    if line is None or line != case.entry.data.get("school"):
        return line
    school = school_of(case, line)
    before = school.goes_on_from(urn) if school and urn else None
    return before.predecessor if before and lacks_source(before) else UNTOLD


def lacks_source(before: schools.Succession | None) -> bool:
    """Return whether a registrar's word alone says that a school goes on from a line."""
    return before is not None and before.predecessor is not None and not before.is_sourced


def goes_on(case: Case[Any], party: str, member: str = "") -> str:
    """Return whom to name instead of a party that ended, as words that end a sentence."""
    after = in_place_of(case, party)
    if after == party:
        return ""
    return f"; say {f'{in_words(member)} ' if member else ''}{after}"


#: Which offices there are at a party of each kind.
ROLES_OF = {
    "school": {"head", "board_chair", "adviser", "finance"},
    "body": {"officer", "board_chair", "finance"},
    "partnership": {"chair", "clerk"},
}
_OWN_ROLE = {"school": "head", "body": "officer", "partnership": "chair"}


def own_office(party: str) -> str:
    """Return the office in which a party speaks: of its head, an officer or its chair."""
    return f"{_OWN_ROLE[party_kind(party)]}@{party}"


def _party(case: Case[Any], member: str) -> str | None:
    named = case.entry.data.get(member)
    if not isinstance(named, str):
        return None
    return office_party(named) if "@" in named else named


def _whoever_agreed(case: Case[Any], party: str) -> Iterator[str]:
    """Go through the offices of who agreed to take over for a party that is gone."""
    for one in sorted(stand_ins.in_place_of(case.look, party, case.day)):
        yield from map(own_office, in_place(case, one))


def in_place_of(case: Case[Any], party: str) -> str:
    """Return the party that now stands in a party's place: itself while it goes on."""
    return on_the_day(case, party, case.day)


def on_the_day(case: Case[Any], party: str, day: date) -> str:
    """Return the party that stands in a party's place on a day: itself while it goes on."""
    if party_kind(party) == "school":
        return schools.in_place_of(case.look, party, day)
    if party_kind(party) == "body":
        return bodies.in_place_of(case.look, party, day)
    return party


def as_it_goes_on(case: Case[Any], member: str, party: str) -> str:
    """Return a party as a member is to name it: by who stood in its place when it happened.

    It may be named as it was.
    """
    if case.entry.data.get(member) == party:
        return party
    return on_the_day(case, party, case.entry.occurred_on)


def as_it_stands(case: Case[Any], member: str, obligation: str, side: str, other: str) -> str:
    """Return a side of an obligation with another as a member is to name it, when it happened.

    It is who has its place there, and may be named as it was.
    """
    if case.entry.data.get(member) == side:
        return side
    return in_place_for(case.look, obligation, side, other, case.entry.occurred_on)


def in_place(case: Case[Any], party: str | None) -> Iterator[str]:
    """Go through a party and the one that now stands in its place, if another does."""
    if not party:
        return
    yield party
    now = in_place_of(case, party)
    if now != party:
        yield now


Places = Callable[[Case[Any], str | None], Iterable[str]]
"""What goes through a party and whoever has its place."""


def spoken_for(case: Case[Any], *sides: str | None, places: Places = in_place) -> str | None:
    """Return the side for which the signer speaks, whose place its party may have taken.

    The party itself where it stands in no side's place.
    """
    own = own_party(case)
    return next((one for one in sides if own in (*places(case, one),)), own)


def role_of(role: str, member: str) -> By:
    """Return the office of a role at the party that a member names, or that stands in its place."""

    def found(case: Case[Any]) -> Iterator[str]:
        for party in in_place(case, _party(case, member)):
            yield f"{role}@{party}"
            if role == _OWN_ROLE.get(party_kind(party)):
                yield from _whoever_agreed(case, party)

    called = _CALLED.get(role, role.replace("_", " "))
    return By(f"the {called} of the {member.replace('_', ' ')}", found)


def office_of(member: str, called: str = "") -> By:
    """Return a party's own office: a school's head, a body's officer, a partnership's chair.

    It is the party that a member names; `called` is what people call it, where that word does not.
    """

    def found(case: Case[Any]) -> Iterator[str]:
        for party in in_place(case, _party(case, member)):
            yield own_office(party)
            yield from _whoever_agreed(case, party)

    return By(f"the office of the {called or member.replace('_', ' ')}", found)


def officer_responsible_for(member: str) -> By:
    """Return the officer of the body responsible for the school that a member names."""

    def found(case: Case[Any]) -> Iterator[str]:
        party = _party(case, member)
        school = school_now(case, party) if party and party.startswith("school:") else None
        body = school.responsible_body(case.day) if school else None
        if body:
            yield f"officer@{body}"

    return By(f"an officer of the body responsible for the {member.replace('_', ' ')}", found)


def the_office(member: str, grace_days: int = 0) -> By:
    """Return the office that a member names, up to so many days after leaving it."""
    return By(f"the {member} itself", lambda case: (case.entry.data[member],), grace_days)


def where_role(role: str, by: By) -> By:
    """Narrow an office to events about offices of a role."""

    def found(case: Case[Any]) -> Iterable[str]:
        return by.offices(case) if office_role(case.entry.data["office"]) == role else ()

    called = role.replace("_", " ")
    article = "an" if called[0] in "aeiou" else "a"
    return By(f"{by.words} (for {article} {called})", found, by.grace_days)


def the_holder(case: Case[Any]) -> str | None:
    """Return who holds the office that an event names on the day that it happened, if one does."""
    office = case.entry.data.get("office", "")
    return offices.sole_holder(case.look, office, case.entry.occurred_on)


_CALLED = {"finance": "finance lead"}
REGISTRAR_BY = By("the registrar", lambda _case: (REGISTRAR,))

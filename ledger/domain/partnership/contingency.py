"""Who takes over for a member that closes or a partnership that is dissolved, by its ground rules.

It is whom the version in force on the last day names; who is named is bound once it has agreed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from ledger.decision_model.created import Mention
from ledger.decision_model.facts import Look
from ledger.domain.partnership import facts as parties
from ledger.domain.partnership.days_allowed import partnership_of
from ledger.domain.partnership.kinds import RATIFICATION
from ledger.domain.registers import schools

_SCHOOL = "school:"
_PARTNERSHIP = "partnership:"
#: What only the party itself can do, or not at all: it passes to nobody.
ITS_OWN = frozenset({RATIFICATION.name, "handover", "handover_acceptance"})


class Named(NamedTuple):
    """Whom a version of the ground rules names to take over."""

    version: int
    party: str


def named(look: Look, partnership: str, gone: str, day: date) -> Named | None:
    """Return whom the ground rules in force on a day name to take over for who is gone by then.

    That is a member that closes, or the partnership itself; None if it was never formed.
    """
    version = parties.version_in_force(look, partnership, day)
    if version is None:
        return None
    contingency = version.rules.contingency
    is_closure = gone.startswith(_SCHOOL)
    party = contingency.on_closure if is_closure else contingency.on_dissolution
    return Named(version.number, party)


def agreed(look: Look, partnership: str, who: Named | None) -> bool:
    """Return whether who is named to take over has agreed to it."""
    return who is not None and parties.Acceptance(*who) in look(parties.accepted(partnership))


def gone_since(look: Look, party: str) -> date | None:
    """Return the last day of a closed school or a dissolved partnership; None while it stands."""
    if party.startswith(_PARTNERSHIP):
        return look(parties.dissolved(party))
    school = look(schools.school(party)) if party.startswith(_SCHOOL) else None
    return school.closed_on if school else None


def orphaned(look: Look, partnership: str, who: Named) -> Iterator[tuple[str, date]]:
    """Go through those who are gone and for whom somebody is named to take over, each since when.

    They are the partnership, if it is dissolved, and the schools that belonged to it and closed:
    of one that went on as another, all that it owed and was owed went along.
    """
    joined = dict.fromkeys(one.school for one in look(parties.members(partnership)))
    for gone in (partnership, *(one for one in joined if not _went_along(look, one))):
        since = gone_since(look, gone)
        if since is not None and named(look, partnership, gone, since) == who:
            yield gone, since


def _went_along(look: Look, reference: str) -> bool:
    school = look(schools.school(reference))
    return school is not None and school.passed_on is not None


def partnership_under(look: Look, sides: Iterable[str], opener: Mention | None) -> str | None:
    """Return the partnership that an obligation is under: a side, or that of its opener's year."""
    side = next((side for side in sides if side.startswith(_PARTNERSHIP)), None)
    return side or (partnership_of(look, opener.data.get("under")) if opener else None)


def taken_over(
    look: Look, side: str, sides: Iterable[str], opener: Mention | None
) -> tuple[str, Named] | None:
    """Return the partnership by whose rules somebody takes a side's place, and who; else None."""
    since = gone_since(look, side)
    if since is None:
        return None
    partnership = side if side.startswith(_PARTNERSHIP) else partnership_under(look, sides, opener)
    who = named(look, partnership, side, since) if partnership else None
    if partnership is None or who is None:
        return None
    return None if _goes_along(look, side, agreed(look, partnership, who)) else (partnership, who)


def _goes_along(look: Look, side: str, is_agreed: bool) -> bool:  # noqa: FBT001 - told of one
    """Whether what a side owed went to who goes on from it, and not before to who takes over."""
    school = look(schools.school(side)) if side.startswith(_SCHOOL) else None
    return school is not None and school.passed_on is not None and not (school.shut and is_agreed)

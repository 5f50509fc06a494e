"""Who takes over for a member that closes or a partnership that is dissolved, by its ground rules.

It is whom the version in force on the last day names; who is named is bound once it has agreed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ledger.decision_model.facts import Look
from ledger.domain.partnership import facts as parties
from ledger.domain.registers import schools

_SCHOOL = "school:"


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
    if not party.startswith(_SCHOOL):
        return look(parties.dissolved(party))
    school = look(schools.school(party))
    return school.closed_on if school else None


def orphaned(look: Look, partnership: str, who: Named) -> Iterator[tuple[str, date]]:
    """Go through those who are gone and for whom somebody is named to take over, each since when.

    They are the partnership, if it is dissolved, and the schools that belonged to it and closed.
    """
    joined = dict.fromkeys(one.school for one in look(parties.members(partnership)))
    for gone in (partnership, *joined):
        since = gone_since(look, gone)
        if since is not None and named(look, partnership, gone, since) == who:
            yield gone, since

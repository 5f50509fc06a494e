"""Who is near enough to a school or a partnership to say what it needs, or is to reach."""

from __future__ import annotations

from typing import Any

from ledger.decision_model.rules import Case
from ledger.domain.needs.levels import OVERSEERS, joined
from ledger.domain.registers.bodies import body
from ledger.domain.registers.who import school_now
from ledger.values import party_kind


def is_near(case: Case[Any], about: str, party: str) -> bool:
    """Return whether a party, or the adviser who signs, may say what another needs.

    It is that one itself, a partnership that it is in, its responsible body or local authority, or
    a body that sees every school.
    """
    if party == about or case.entry.office == f"adviser@{about}":
        return True
    kind = party_kind(party)
    if kind == "partnership":
        return party in joined(case, about)
    registered = case.look(body(party)) if kind == "body" else None
    if registered is None:
        return False
    return registered.kind in OVERSEERS or party in _answering(case, about)


def _answering(case: Case[Any], about: str) -> tuple[str | None, ...]:
    school = school_now(case, about) if party_kind(about) == "school" else None
    return (school.responsible_body(case.day), school.authority(case.day)) if school else ()

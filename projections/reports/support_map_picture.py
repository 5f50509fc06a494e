"""Who supports whom, as a picture: each party around a school, with what it does there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from projections.pictures.base import NARROW, Panel, Picture
from projections.pictures.boxes import Look
from projections.pictures.flow import Strand, flow
from projections.pictures.star import star

_GIVES = Look("gives", "mark", 3)
_COMMISSIONS = Look("commissions", "ink", 1.5)
_PAYS = Look("pays", "late", 1.5, "8 3")
_BROKERS = Look("brokered", "rule", 1.5, "4 4")
_LOOKS = (_GIVES, _COMMISSIONS, _PAYS, _BROKERS)
_ROLES = {"commissioner": _COMMISSIONS, "payer": _PAYS, "broker": _BROKERS}


def picture(rows: Sequence[dict[str, Any]]) -> Picture:
    """Return a line from each party to each school that it gives, commissions or pays for."""
    strands = [strand for row in rows for strand in _strands(row)]
    looks = Counter(strand.look for strand in strands)
    counted = ", ".join(f"{looks[look]} {look.word}" for look in _LOOKS if looks[look])
    around = len({strand.source for strand in strands})
    schools = len({strand.target for strand in strands})
    parties = "1 party" if around == 1 else f"{around} parties"
    return Picture(
        "Who supports whom",
        f"{parties} around {schools} supported: {counted}. The table has each.",
        "Figures count arrangements, by what a party does in each. A line goes from the party to"
        " whom it supports: a thick one where it gives support, a thin one where it commissions, a"
        " dashed one where it pays or brought both together.",
        lambda wide: _drawn(strands, wide),
    )


def _drawn(strands: Sequence[Strand], wide: int) -> Sequence[Panel]:
    """Draw a star around one school, where there is room for it; else from whom to whom."""
    if wide == NARROW or len({strand.target for strand in strands}) > 1:
        return flow(strands, ("Who", "Supported"), _LOOKS, wide)
    return star(strands, _LOOKS, wide)


def _strands(row: Mapping[str, Any]) -> Iterator[Strand]:
    target = row["receiver"], row["receiver_name"]
    yield Strand(row["provider"], row["provider_name"], *target, "support", _GIVES)
    for role, look in _ROLES.items():
        if row[role] and row[role] != row["receiver"]:
            yield Strand(row[role], row[f"{role}_name"], *target, "support", look)

"""Where the money went, as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from projections.pictures.base import Picture
from projections.pictures.boxes import Look
from projections.pictures.flow import Strand, flow

_OPEN = Look("not accounted for", "late", 3)
_DONE = Look("accounted for", "mark", 1.5)
_WAITS = Look("not paid yet", "rule", 1.5, "4 4")
_SPENT = Look("spent", "rule", 1.5, "1 3")
_LOOKS = (_OPEN, _DONE, _WAITS, _SPENT)


def picture(rows: Sequence[dict[str, Any]]) -> Picture:
    """Return from whom money went to whom, and from there to what it was spent on."""
    strands = [strand for row in rows for strand in _strands(row)]
    paid, open_ones = (sum(Decimal(row[name]) for row in rows) for name in ("paid", "unaccounted"))
    return Picture(
        "Where the money went",
        f"{len(rows)} committed; £{paid:,.2f} paid, of which £{open_ones:,.2f} received is"
        " unaccounted for. The table has each.",
        "A line goes from who gives money to who keeps it, and from there to what it was spent on:"
        " a thick one where money is not accounted for, a thin one where all is, a dashed one where"
        " nothing came yet, a dotted one to each use.",
        lambda wide: flow(strands, ("From", "To"), _LOOKS, wide),
    )


def _strands(row: Mapping[str, Any]) -> Iterator[Strand]:
    keeper = (row["keeper"], row["keeper_name"])
    open_, came = Decimal(row["unaccounted"]), Decimal(row["received"])
    look = _OPEN if open_ else _DONE if came else _WAITS
    # Amounts first: on a telephone a long name of a fund is cut.
    part = f"£{open_:,.2f} of " if open_ else ""
    told = f"{part}£{Decimal(row['committed']):,.2f}, {row['fund']}"
    yield Strand(row["commissioner"], row["commissioner_name"], *keeper, told, look)
    for use in filter(None, row["spent_by_purpose"].split(", ")):
        purpose, _, pounds = use.rpartition(" ")
        yield Strand(*keeper, f"use:{purpose}", purpose, f"£{Decimal(pounds):,.2f}", _SPENT)

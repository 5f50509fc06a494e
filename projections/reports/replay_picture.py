"""The owed balance through time, as a picture of a replay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from projections.pictures.base import Picture
from projections.pictures.steps import Chart, Course, Step, steps

_ALL = "owed"
_SIDES = _BY, _TO, _OTHERS = ("owed by it", "owed to it", "owed among others")
_LINES = " A solid line is what it owes, a dashed one what it is owed."
Row = Mapping[str, Any]


def picture(about: str | None, rows: Sequence[Row]) -> Picture | None:
    """Return what was owed, by kind, after each event of a replay; none if nothing changed.

    What a party owes and what it is owed are told apart where the replay is about one.
    """
    changed = [row for row in rows if row.get("change")]
    if not changed:
        return None
    kinds = list(dict.fromkeys(_kind(row) for row in changed))
    charts = [_chart(kind, [row for row in changed if _kind(row) == kind], about) for kind in kinds]
    first, last = (date.fromisoformat(rows[end]["recorded_on"]) for end in (0, -1))
    events = len({row["event"] for row in rows})
    return Picture(
        "What was owed after each event",
        f"{events} events, recorded from {first} to {last}: {len(changed)} changes of what is owed,"
        f" in {len(kinds)} kinds. The table has each.",
        "Lines step up where an event made more to be owed and down where less, on the days of"
        f" recording. Counted is what these events changed.{_LINES if about else ''}",
        lambda wide: steps(charts, first, last, wide),
    )


def _kind(row: Row) -> tuple[str, str]:
    return row["kind_title"], row["unit"]


def _chart(kind: tuple[str, str], rows: Sequence[Row], about: str | None) -> Chart:
    courses = []
    for look, side in enumerate(_SIDES if about else (_ALL,)):
        found = [row for row in rows if _side(row, about) == side]
        courses += [_course(side, look, found)] if found else []
    return Chart(f"{kind[0]} ({kind[1]})", courses)


def _side(row: Row, about: str | None) -> str:
    if about is None:
        return _ALL
    if row["debtor"] == about:
        return _BY
    return _TO if row["creditor"] == about else _OTHERS


def _course(side: str, look: int, rows: Sequence[Row]) -> Course:
    """Return how what is left of all balances together changed, as the rows tell it of each."""
    balances: dict[tuple[str, str, str], Decimal] = {}
    for row in rows:
        balances.setdefault(_balance(row), Decimal(row["before"]))
    begin = left = sum(balances.values(), Decimal(0))
    taken = []
    for row in rows:
        balance, after = _balance(row), Decimal(row["after"])
        left += after - balances[balance]
        balances[balance] = after
        taken.append(Step(date.fromisoformat(row["recorded_on"]), left))
    return Course(side, begin, taken, look)


def _balance(row: Row) -> tuple[str, str, str]:
    return row["obligation"], row["debtor"], row["creditor"]

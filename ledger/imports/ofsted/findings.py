"""What the sheets say that no event can say: found, told and left to a person, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ledger.imports.plan import Row

Code = Literal[
    "area-unknown",
    "before-framework",
    "category-changed",
    "category-unknown",
    "closed-before",
    "day-ahead",
    "day-missing",
    "day-unreadable",
    "days-reversed",
    "differs",
    "earlier-urn-unknown",
    "grade-dated-later",
    "grade-unknown",
    "no-grades",
    "rows-disagree",
    "schools-unknown",
    "urn-unreadable",
]

_BY_HAND = "Look at the report, and record JudgementMade by hand with its source."
_IN_YEAR = "Import the file of inspections in that year, which has the inspection itself."

#: What to do about each kind of finding.
ASKS: Mapping[Code, str] = {
    "area-unknown": "Nothing was recorded of it: adopt the framework anew with that area.",
    "before-framework": _BY_HAND,
    "category-changed": _IN_YEAR,
    "category-unknown": _BY_HAND,
    "closed-before": "Find out when the school closed, and correct what is wrong.",
    "day-ahead": "Find out which day is meant; nothing was recorded of it.",
    "day-missing": _BY_HAND,
    "day-unreadable": _BY_HAND,
    "days-reversed": _BY_HAND,
    "differs": "If the file is right, withdraw the ledger's JudgementMade and import again.",
    "earlier-urn-unknown": "Import the links of the register, so that the ledger knows the URN.",
    "grade-dated-later": _IN_YEAR,
    "grade-unknown": _BY_HAND,
    "no-grades": "Nothing was recorded: if it matters here, lodge the report as evidence.",
    "rows-disagree": "Nothing was recorded of it. Look at the report, and record it by hand.",
    "schools-unknown": "Nothing was recorded of them: register those that the ledger should have.",
    "urn-unreadable": "Download the file again; nothing was recorded of the row.",
}


@dataclass(frozen=True)
class Finding:
    """What was found about a school's inspection, in which row, and what to do about it.

    `urn` is six digits, empty for what concerns a whole file.
    """

    code: Code
    urn: str
    sentence: str
    rows: tuple[Row, ...] = ()

    @property
    def ask(self) -> str:
        """What to do about it."""
        return ASKS[self.code]

"""What an import cannot say as an event: found, told and left to a person, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ledger.imports.plan import Row

Code = Literal[
    "authority-missing",
    "authority-changed",
    "body-date-missing",
    "body-name-taken",
    "body-not-stated",
    "close-date-changed",
    "close-date-missing",
    "closed-line-continues",
    "code-unknown",
    "contradictory-links",
    "conversion-out-of-order",
    "cycle",
    "dates-apart",
    "dates-changed",
    "dates-missing",
    "left-register",
    "link-type-unknown",
    "line-elsewhere",
    "link-withdrawn",
    "links-changed",
    "links-needed",
    "merged",
    "name-changed",
    "no-reverse",
    "old-number-open",
    "older-file",
    "open-date-changed",
    "phase-changed",
    "place-changed",
    "predecessor-open",
    "reopened",
    "split",
    "successor-unclear",
    "trust-missing",
    "trust-unknown",
    "trusts-column-missing",
    "two-lines",
    "two-predecessors",
    "type-changed",
]

_ATTRIBUTE = "Find out which goes on as which, and record SuccessionAttributed with the reason."
_CORRECT = "Ask for the register to be corrected, or correct the ledger's own record."
_NEXT = "Import a later file once the register gives it, or record it by hand with its source."

#: What to do about each kind of finding.
ASKS: Mapping[Code, str] = {
    "authority-missing": "Nothing was recorded: a school is recorded with its local authority.",
    "authority-changed": "Find the day, and record SchoolChanged.",
    "body-date-missing": "Find the day, and record ResponsibleBodyChanged.",
    "body-name-taken": "If both are the same body, give the one recorded by hand its number.",
    "body-not-stated": "Find out who is responsible, and record ResponsibleBodyChanged.",
    "close-date-changed": "The ledger goes on showing its own day; note it where it matters.",
    "close-date-missing": "Find the last day, and record SchoolClosed.",
    "closed-line-continues": "If the school went on, withdraw its SchoolClosed and import again.",
    "code-unknown": "Nothing was recorded: look for a later version of this software.",
    "contradictory-links": _ATTRIBUTE,
    "conversion-out-of-order": _CORRECT,
    "cycle": _ATTRIBUTE,
    "dates-apart": "Find the day of the change, and record SuccessionAttributed with the reason.",
    "dates-changed": "The ledger goes on showing its own days; note it where it matters.",
    "dates-missing": "Find the day of the change, and record SuccessionAttributed with the reason.",
    "left-register": "Find out what became of it; nothing was recorded.",
    "link-type-unknown": "These links were passed over: look for a later version of this software.",
    "line-elsewhere": _ATTRIBUTE,
    "link-withdrawn": "Ask who changed the register, and why; the ledger's line stays as it is.",
    "links-changed": "Ask who changed the register, and why; the ledger's line stays as it is.",
    "links-needed": "Import again with the links file, so that a successor would be seen.",
    "merged": _ATTRIBUTE,
    "name-changed": "Find the day, and record PartyRenamed.",
    "no-reverse": _ATTRIBUTE,
    "old-number-open": _CORRECT,
    "older-file": "Import the newer file again, for what closed or changed since.",
    "open-date-changed": "The ledger goes on showing its own day; note it where it matters.",
    "phase-changed": "Find the day, and record SchoolChanged.",
    "place-changed": "Find the day, and record SchoolChanged.",
    "predecessor-open": _ATTRIBUTE,
    "reopened": "If the school did not close, withdraw its SchoolClosed and import again.",
    "split": _ATTRIBUTE,
    "successor-unclear": _ATTRIBUTE,
    "trust-missing": _NEXT,
    "trust-unknown": "Give a groups file of the same day as the establishments file.",
    "trusts-column-missing": "Give an establishments file that names the trusts.",
    "two-lines": "If both are one school, record SuccessionAttributed with the reason.",
    "two-predecessors": _ATTRIBUTE,
    "type-changed": "Find the day, and record SchoolChanged.",
}


@dataclass(frozen=True)
class Succession:
    """A succession that a person may settle: a school, its URN, the former one; days if they fit.

    The numbers are six digits.
    """

    school: str
    urn: str
    former_urn: str
    closes_on: date | None = None
    opens_on: date | None = None


@dataclass(frozen=True)
class Finding:
    """What was found about an establishment, in which rows, and what to do about it.

    `urn` is six digits, empty for what concerns a body or a whole file. `code` and `urn` together
    tell whether a finding is the one of an earlier import.
    """

    code: Code
    urn: str
    sentence: str
    rows: tuple[Row, ...] = ()
    successions: tuple[Succession, ...] = ()

    @property
    def ask(self) -> str:
        """What to do about it."""
        return ASKS[self.code]

"""What a finding says, in words that an officer of a local authority understands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ledger.imports.gias.findings import Code, Finding, Succession
from ledger.imports.gias.register import Register
from ledger.imports.gias.succession import Doubt

_SHOWN = 4

_DOUBTS: Mapping[Code, str] = {
    "contradictory-links": "{it} and {others} contradict each other about which came first",
    "cycle": "{it} comes, by the links between establishments, after itself: {others}",
    "dates-apart": "{it} follows {others}, but the days of closing and opening do not fit: {days}",
    "dates-missing": "{it} follows {others}, but a day of closing or opening is missing: {days}",
    "merged": "{it} came out of a merger with {others}",
    "no-reverse": "{it} follows {others}, but only one of the two says so",
    "predecessor-open": "{it} follows {others}, which the register still has open",
    "split": "{it} came out of a split of {others}, which has other successors or goes on itself",
    "successor-unclear": "{it} is closed, and what became of it is not clear: it names {others}",
    "two-predecessors": "{it} follows several establishments: {others}",
}


def of_doubt(doubt: Doubt, register: Register, successions: tuple[Succession, ...] = ()) -> Finding:
    """Return a doubt about succession as a finding, with what may settle it."""
    sentence = _DOUBTS[doubt.code].format(
        it=register.label(doubt.urn),
        others=listed(map(register.label, doubt.others)),
        days=listed(
            f"{link.urn} says {link.on:%d/%m/%Y}" if link.on else f"{link.urn} says none"
            for link in doubt.links
        ),
    )
    return Finding(doubt.code, doubt.urn, sentence, register.rows(doubt.links), successions)


def listed(parts: Iterable[str]) -> str:
    """Return the first few of some parts, and how many more there are."""
    parts = list(parts)
    more = f" and {len(parts) - _SHOWN} more" if len(parts) > _SHOWN else ""
    return ", ".join(parts[:_SHOWN]) + more

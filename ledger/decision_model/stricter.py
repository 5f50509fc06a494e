"""Since when a rule is as strict as it is: data beside the rule, for whoever judges old entries.

Nobody's past is refused for a rule that became stricter since. So a reason that an older rule
did not give says since when it is given, and an entry recorded before that day kept the rules of
its day::

    yield from RELEASE_0_1.refuses(_too_long(said.days, said.people))
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import repeat
from typing import NamedTuple, Self

__all__ = ["RELEASE_0_1", "Since", "lasting", "of_its_day"]


class Since(NamedTuple):
    """The release that made a rule stricter, and the first day on which it applies."""

    release: str
    day: date

    def refuses(self, reasons: Iterable[str]) -> Iterator[str]:
        """Go through the reasons that the rule did not give before."""
        return map(_Stricter, reasons, repeat(self))


class _Stricter(str):
    """A reason that is given only since a release."""

    __slots__ = ("since",)
    since: Since

    def __new__(cls, reason: str, since: Since) -> Self:
        made = super().__new__(cls, reason)
        made.since = since
        return made


#: The first release: what it refuses was recorded while it was being made.
RELEASE_0_1 = Since("0.1.0", date(2026, 11, 30))


def of_its_day(reason: str, recorded_on: date) -> Since | None:
    """Return since when a reason is given, if an entry was recorded before that; else None."""
    since = reason.since if isinstance(reason, _Stricter) else None
    return since if since is not None and recorded_on < since.day else None


def lasting(reasons: Sequence[str], recorded_on: date) -> list[str]:
    """Return the reasons that were given on the day of recording as well."""
    return [one for one in reasons if of_its_day(one, recorded_on) is None]

"""What rests on keys that may have been in other hands: told for all such keys in one pass.

An event rests on those that it names, on the enrolment of its key and on the appointment of its
signer (docs/reference/format.md, *Vouching*). A record may hold as many compromised keys as
entries, and each may reach them all; so every event carries a bit for each of these keys, and
passes them on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ledger.days import date_of
from ledger.decision_model.facts import Look
from ledger.domain.registers import offices
from ledger.format.entry import Entry

__all__ = ["Doubt"]

_NOBODY = 0


class Doubt:
    """The events of a record that rest on compromised keys, and how many rest on each.

    `since` gives the keys, each with the first doubtful moment, by effective time, which `restarts`
    at some positions; facts are those after the last entry.
    """

    def __init__(
        self,
        since: Mapping[str, str],
        look: Look,
        entries: Iterable[Entry[Any]],
        restarts: Collection[int] = (),
    ) -> None:
        """Go through the entries in order."""
        self._look = look
        self._since = {key: (1 << n, moment) for n, (key, moment) in enumerate(since.items())}
        self._on: dict[str, int] = {}
        time = ""
        for entry in entries if since else ():
            anew = entry.position in restarts
            time = entry.recorded_at if anew else max(time, entry.recorded_at)
            on = self._rests_on(entry, time)
            if on:
                self._on[entry.id] = self._on.get(entry.id, _NOBODY) | on

    @property
    def events(self) -> frozenset[str]:
        """The ids of all that is doubtful."""
        return frozenset(self._on)

    def counts(self) -> dict[str, int]:
        """Return how many events rest on each of the keys."""
        return dict(zip(self._since, _counted(self._on.values(), len(self._since)), strict=True))

    def _rests_on(self, entry: Entry[Any], time: str) -> int:
        """Return the bits of the keys that an entry rests on."""
        bit, moment = self._since.get(entry.key, (_NOBODY, ""))
        on = bit if time >= moment else _NOBODY
        standing = self._look(offices.key(entry.key))
        tenures = self._look(offices.office(entry.office))
        held = next(offices.held_by(entry.office, tenures, entry.signedby, date_of(time)), None)
        named = set() if entry.name in offices.SPEAKING_OF else set(_named(entry))
        named.update((standing.enrolment,) if standing is not None else ())
        named.update((held.appointment,) if held is not None else ())
        for event in named:
            on |= self._on.get(event, _NOBODY)
        return on


def _named(entry: Entry[Any]) -> Iterable[str]:
    own = f"event:{entry.id}"
    return (tag[6:] for tag in entry.tags if tag.startswith("event:") and tag != own)


def _counted(numbers: Iterable[int], bits: int) -> Sequence[int]:
    """Return of each bit in how many of the numbers it is set.

    All bits are counted together: plane n holds binary digit n of every count.
    """
    planes: list[int] = []
    for number in numbers:
        carry, level = number, 0
        while carry:
            if level == len(planes):
                planes.append(0)
            planes[level], carry = planes[level] ^ carry, planes[level] & carry
            level += 1
    digits = [f"{plane:0{bits}b}"[::-1] for plane in planes]
    return [sum(int(digit[n]) << level for level, digit in enumerate(digits)) for n in range(bits)]

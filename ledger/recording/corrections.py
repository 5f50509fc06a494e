"""The clock by which a ledger records, and setting it back once somebody vouches for that.

A clock that ran ahead is corrected by two statements, of two people: `ledger.recording.clock` has
the rule, and this asks the record for what the rule needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from ledger.format.entry import Entry
from ledger.format.statement import tree_head, write_time
from ledger.recording.clock import (
    CLOCK_CORRECTED,
    VOUCHED,
    LastSigned,
    Moment,
    correction_vouched_for,
    moment_at,
    moment_now,
    why_not_back_to,
)
from ledger.recording.record import Record
from ledger.store.base import COSIGNED

__all__ = ["RecordClock"]

_AHEAD_SECONDS = 300
_PLACE_AND_TIME = re.compile(r"([1-9][0-9]{0,15}):\S+ ([0-9]{1,10})")


class RecordClock:
    """This machine's clock, held against the record: when statements are recorded by it.

    Somebody who `is_confirmed` to trust it lets it be far ahead of the last entry.
    """

    def __init__(
        self, record: Record, now: Callable[[], datetime], *, is_confirmed: bool = False
    ) -> None:
        """Tell the time by what `now` returns."""
        self.now = now
        self.is_confirmed = is_confirmed
        self._record = record

    def moment(self) -> Moment:
        """Return the moment at which a chunk is recorded, and what speaks against its clock."""
        return moment_now(self.now(), self._record.last_time, is_confirmed=self.is_confirmed)

    def moment_of(self, said: dict[str, Any]) -> Moment | None:
        """Return the moment of what corrects the clock, or vouches for that; None for all else.

        A correction by itself changes no time. Whoever vouches for it is recorded by this clock,
        though that lies before the last entry, and from there on time is counted anew.
        """
        name, data = said["type"].partition(".")[0], said["data"]
        last = self._record.last_time
        if name == CLOCK_CORRECTED:
            now = write_time(self.now())
            faults = list(self._correction_faults(now, data["since"], said["signedby"]))
            return moment_at(last or now, faults)
        correction = self._waiting(correction_vouched_for(name, data))
        if correction is None or (now := write_time(self.now())) >= last:
            return None
        by = correction.signedby
        return moment_at(now, list(self._correction_faults(now, correction.data["since"], by)))

    def _waiting(self, event: str | None) -> Entry[Any] | None:
        """Return a correction of the clock that nobody has vouched for yet."""
        if event is None:
            return None
        found = self._record.read(f"event:{event}", (CLOCK_CORRECTED, VOUCHED), None)
        if any(correction_vouched_for(entry.name, entry.data) == event for entry in found):
            return None
        return next((entry for entry in found if entry.id == event), None)

    def _correction_faults(self, now: str, since: str, by: str) -> Iterator[str]:
        """Say why time cannot be counted anew from `now`, as a person corrects it."""
        record = self._record
        if now >= record.last_time:
            yield (
                f"this machine's clock says {now}, and the last entry is of {record.last_time}:"
                " there is nothing to correct"
            )
        size = int(since.partition(":")[0])
        if not 1 <= size <= record.tree.size:
            yield f"since is no place in this ledger's history so far: got {since}"
            return
        here = tree_head(size, record.tree.root(size))
        if since != here:
            yield f"since is not this ledger's head at size {size}: got {since}, expected {here}"
        yield from self._cosigned_after(now)
        right, others = record.recorded_at(size), self._last_signed().by_others(by)
        for reason in why_not_back_to(now, size=size, right=right, others=others):
            yield f"this machine's clock says {now}, and {reason}"

    def _cosigned_after(self, now: str) -> Iterator[str]:
        """Say that a witness cosigned what was recorded later, unless that lay ahead of it too."""
        found = _PLACE_AND_TIME.fullmatch(self._record.store.meta.get(COSIGNED) or "")
        if found is None or (size := int(found[1])) > self._record.tree.size:
            return
        by_then = self._record.recorded_at(size)
        ahead = by_then > write_time(datetime.fromtimestamp(int(found[2]) + _AHEAD_SECONDS, UTC))
        if now < by_then and not ahead:
            yield (
                f"this machine's clock says {now}, and a witness cosigned a checkpoint that holds"
                f" entry {size}, of {by_then}"
            )

    def _last_signed(self) -> LastSigned:
        """Return what was signed last; the whole record is read, for it is rarely asked."""
        last = LastSigned()
        for entry in chain(self._record.entries(), self._record.unwritten()):
            last = last.and_then(entry.time, entry.signedby)
        return last

"""Which keys and appointments are vouched for, worked out once and kept as entries come.

Who vouches must be vouched for, so one answer rests on others, in chains as long as anybody cares
to make them, and in rings. What is asked about is taken up with all that it rests on, each key and
appointment once, ever; an entry that vouches for one of them passes it on to what rests on that
(docs/reference/format.md, *Vouching*). So answers cost no more than what they rest on, and then
nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from ledger.domain.registers.key_standing import KeyStanding
from ledger.domain.registers.tenures import Tenure, Tenures
from ledger.format.entry import Entry
from ledger.values import REGISTRAR
from ledger.withdrawals import DISOWNED, WITHDRAWN

__all__ = ["Standings"]

Seat = tuple[str, str]
"""An office, and a person who was ever appointed to it."""

_NOBODY: Seat = ("", "")


class Standings:
    """What is vouched for, of all that was asked about and what that rests on.

    An appointment rests on the key that signed it and on the *seat* of its signer: any tenure of
    that person in the office in which it was signed. A person's further key rests on the key with
    which it was enrolled.
    """

    def __init__(
        self,
        key: Callable[[str], KeyStanding | None],
        office: Callable[[str], Tenures],
        compromised_since: Callable[[KeyStanding], str | None],
        counts_as_founding: Callable[[str, KeyStanding], bool],
    ) -> None:
        """Take what answers the facts on which all this rests."""
        self._counts_as_founding = counts_as_founding
        self._key = key
        self._office = office
        self._compromised_since = compromised_since
        self._forget()

    def _forget(self) -> None:
        self._good: set[str | Seat] = set()
        self._known: set[str | Seat] = set()
        self._key_of: dict[str, str] = {}
        # What is to be looked at again when a key or a seat turns out to be vouched for.
        self._waiting: dict[str | Seat, list[str]] = defaultdict(list)
        # Of an appointment: the key and the seat that it rests on; and the seats that rest on it.
        self._rests_on: dict[str, tuple[str, Seat]] = {}
        self._seats_of: dict[str, list[Seat]] = defaultdict(list)
        # Enrolments with no compromised key above them, and the keys that were asked to tell so.
        self._clean: set[str] = set()
        self._above: set[str] = set()

    # -- asking ----------------------------------------------------------------------------

    def is_vouched(self, key: str) -> bool:
        """Return whether a key is vouched for."""
        self._take_up([key])
        return key in self._good

    def is_vouched_in_office(self, tenure: Tenure) -> bool:
        """Return whether an appointment is vouched for."""
        if tenure.vouched or tenure.signed is None:
            return True
        self._take_up(self._tenure(tenure))
        return tenure.appointment in self._good

    def enrolled_with_compromised(self, standing: KeyStanding) -> str | None:
        """Return the compromised key with which a key was enrolled, itself or by others between.

        Whatever is vouched for ends the way up.
        """
        passed, above = set[str](), set[str]()
        at: KeyStanding | None = standing
        while (
            at is not None
            and not at.vouched
            and not (at.enrolment in self._clean or at.enrolment in passed)
        ):
            passed.add(at.enrolment)
            above.add(at.enrolled_with)
            parent = self._key(at.enrolled_with)
            since = None if parent is None else self._compromised_since(parent)
            if since is not None and at.enrolled_at >= since:
                return at.enrolled_with
            at = parent
        self._clean |= passed
        self._above |= above
        return None

    # -- taking up -------------------------------------------------------------------------

    def _take_up(self, asked: Sequence[str | Seat]) -> None:
        """Take up keys and seats, and whatever they rest on, each once."""
        waiting = list(asked)
        while waiting:
            node = waiting.pop()
            if node in self._known:
                continue
            self._known.add(node)
            waiting += self._take_up_key(node) if isinstance(node, str) else self._seat(node)

    def _take_up_key(self, key: str) -> list[str]:
        standing = self._key(key)
        if standing is None:
            return []
        self._key_of[standing.enrolment] = key
        if standing.vouched or self._counts_as_founding(key, standing):
            self._turn_good(key)
        elif standing.enrolled_by == standing.person:
            return self._await_key(key, standing.enrolled_with)
        return []

    def _await_key(self, key: str, other: str) -> list[str]:
        if other in self._good:
            self._turn_good(key)
            return []
        self._waiting[other].append(key)
        return [other]

    def _seat(self, seat: Seat) -> list[str | Seat]:
        office, person = seat
        found: list[str | Seat] = []
        for tenure in self._office(office).of(person):
            found += self._in_seat(seat, tenure)
        return found

    def _in_seat(self, seat: Seat, tenure: Tenure) -> list[str | Seat]:
        """Let a seat rest on a tenure as well."""
        if tenure.vouched or tenure.signed is None or tenure.appointment in self._good:
            self._turn_good(seat)
            return []
        self._seats_of[tenure.appointment].append(seat)
        return self._tenure(tenure)

    def _tenure(self, tenure: Tenure) -> list[str | Seat]:
        """Let an appointment rest on the key and the seat of who signed it, which are returned."""
        signed = tenure.signed
        if signed is None or tenure.appointment in self._known:
            return []
        self._known.add(tenure.appointment)
        if signed.office == REGISTRAR or signed.person == tenure.person:
            return []
        key, seat = signed.key, (signed.office, signed.person)
        self._rests_on[tenure.appointment] = key, seat
        self._waiting[key].append(tenure.appointment)
        self._waiting[seat].append(tenure.appointment)
        self._look_again(tenure.appointment)
        return [key, seat]

    # -- passing on ------------------------------------------------------------------------

    def _turn_good(self, node: str | Seat) -> None:
        """Let something be vouched for, and all that only waited for it."""
        turning = [node]
        while turning:
            one = turning.pop()
            if one in self._good:
                continue
            self._good.add(one)
            turning += self._seats_of.pop(one, ()) if isinstance(one, str) else ()
            turning += [each for each in self._waiting.pop(one, ()) if self._stands(each)]

    def _stands(self, waiting: str) -> bool:
        """Tell whether what waited is vouched for now: a key, or an appointment with both."""
        rests_on = self._rests_on.get(waiting)
        return rests_on is None or self._good.issuperset(rests_on)

    def _look_again(self, appointment: str) -> None:
        if self._stands(appointment):
            self._turn_good(appointment)

    # -- as entries come -------------------------------------------------------------------

    def note(self, entry: Entry[Any]) -> None:
        """Take note of an entry that was just folded into the facts."""
        noted = _NOTED.get(entry.name)
        if noted is not None:
            noted(self, entry)

    def _vouched(self, entry: Entry[Any]) -> None:
        kind, _, event = entry.data["subject"].partition(":")
        if kind == "enrolment" and event in self._key_of:
            key = self._key_of[event]
            standing = self._key(key)
            if standing is not None and standing.vouched:
                self._turn_good(key)
        elif kind == "appointment" and event in self._known and self._is_said(entry, event):
            self._turn_good(event)
        elif kind == "compromise":
            self._clean.clear()

    def _is_said(self, entry: Entry[Any], appointment: str) -> bool:
        """Tell whether the facts took it in: they do by the office that the entry names."""
        named = (tag[7:] for tag in entry.tags if tag.startswith("office:"))
        begun = (tenure for each in named for tenure in self._office(each).begun_by(appointment))
        return any(tenure.vouched for tenure in begun)

    def _appointed(self, entry: Entry[Any]) -> None:
        seat = entry.data["office"], entry.data["person"]
        if seat[0] == REGISTRAR and any(
            tenure.vouched for tenure in self._office(REGISTRAR).begun_by(entry.id)
        ):
            self._forget()  # the second founder: a key of theirs may have been asked about before
        if seat not in self._known:
            return
        newest = next(self._office(seat[0]).of(seat[1]), None)
        if newest is not None:
            self._take_up(self._in_seat(seat, newest))

    def _enrolled(self, entry: Entry[Any]) -> None:
        key = entry.data["key"]
        if key in self._above:
            self._clean.clear()
        if key in self._known and entry.id not in self._key_of:
            # It was asked about before anybody had enrolled it.
            self._known.discard(key)
            self._take_up([key])

    def _compromised(self, entry: Entry[Any]) -> None:
        if entry.data["key"] in self._above:
            self._clean.clear()
            self._above.clear()

    def _founded(self, _entry: Entry[Any]) -> None:
        self._forget()

    def _withdrawn(self, _entry: Entry[Any]) -> None:
        self._forget()


_NOTED: dict[str, Callable[[Standings, Entry[Any]], None]] = {
    "LedgerFounded": Standings._founded,  # noqa: SLF001 - a table of its own methods
    "KeyEnrolled": Standings._enrolled,  # noqa: SLF001
    "Appointed": Standings._appointed,  # noqa: SLF001
    "Vouched": Standings._vouched,  # noqa: SLF001
    "KeyCompromised": Standings._compromised,  # noqa: SLF001
    WITHDRAWN: Standings._withdrawn,  # noqa: SLF001
    DISOWNED: Standings._withdrawn,  # noqa: SLF001
}

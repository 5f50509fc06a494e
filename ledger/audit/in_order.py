"""Judging a record in order: what can only be told of an entry from the entries before it.

Order and identity, what each signer saw, authority, and what became of sealed text. The same
pass judges a ledger's store and a bundle's lines, for all it asks for is a `Source`::

    judge = Judge(source)
    for chunk, told in paired(source.chunks(), inspect_chunks):
        findings += judge.take(chunk, told)

Rules beyond authority are no part of this: `ledger.audit.regularity` judges them, and what they
would refuse is no fault.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from ledger.audit.authority_cache import Memo
from ledger.audit.by_entry import (
    AUTHORITY,
    CLOCK_CORRECTED,
    ENROLLING,
    ERASED,
    REGISTERS,
    Actor,
    Finding,
    Inspected,
    Register,
    Row,
)
from ledger.audit.office_shortcut import MoreIsAskedError, Signing
from ledger.audit.sealed_fields import NAME_AT, Field, Texts, TextTally
from ledger.audit.source import Chunk, Source
from ledger.audit.workings import Workings
from ledger.decision_model.facts import Book, Fact, Look, fold
from ledger.domain.decide import RULES, judge_authority, judge_standing
from ledger.domain.registers import ledger, offices
from ledger.errors import StoreError
from ledger.format.entry import Entry, read_entry
from ledger.format.sealed import commitment_to
from ledger.format.statement import tree_head
from ledger.log.levels import Levels
from ledger.log.merkle import leaf_hash
from ledger.recording.clock import LastSigned, correction_vouched_for, why_not_back_to
from ledger.withdrawals import TAKING_BACK, taken_back

__all__ = ["Judge"]

V = TypeVar("V")

_MOST_KEPT = 10_000
_RECENT = 10
_EVENT = "event"
_APPOINTING = "Appointed"


class _Read(NamedTuple):
    """A chunk with what it told, which entries are broken, and whether the clock went forward.

    `settled` are actors, by number, whose authority stands for as long as no fact changes.
    """

    rows: Chunk
    told: Inspected
    broken: set[int]
    in_order: bool
    settled: set[int]


class Judge:
    """One pass over a record: a book and a tree built from nothing but the entries read.

    With `partial`, entries are some of a record: what was left out is no fault, and what signers
    saw cannot be told. `faulty` are the positions of what is broken or without authority.
    """

    def __init__(
        self,
        source: Source,
        texts: Texts | None = None,
        *,
        partial: bool = False,
        known: frozenset[str] | None = None,
    ) -> None:
        """Begin before the first entry; of a part, `known` are the events that it holds whole."""
        self.nodes = Levels()
        self.texts = TextTally()
        self.signers: Counter[tuple[str, str, str]] = Counter()
        self.key_events: dict[str, int] = {}
        self.offices: dict[str, int] = {}
        self.workings = Workings()
        self.key_positions: list[int] = []
        self.unreadable: set[int] = set()
        self.count = 0
        self._expected = 1
        self._place = 1
        self._source = source
        self._opening = texts
        self._partial = partial
        self._known = known
        self._book = Book(self._thread)
        self._threads: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._kept: dict[int, bytes] = {}
        self._recent: deque[Sequence[Row]] = deque(maxlen=_RECENT)
        self._memo = Memo()
        self._latest = ""
        self._signed = LastSigned()
        self._corrections: dict[str, Entry[Any]] = {}
        self.restarts: list[tuple[int, str]] = []
        self._founded = True
        self.faulty: set[int] = set()
        self._applied: set[str] = set()

    # -- facts -----------------------------------------------------------------------------

    def look(self, fact: Fact[V]) -> V:
        """Return the value of a fact before the next entry."""
        family, tag = fact
        if family in AUTHORITY:
            return self._book.look(fact)
        if family.prefix == _EVENT:
            own = self._own_thread(tag.partition(":")[2])
            return fold(fact, [entry for entry in own if entry.name in family.types])
        rows = self._source.thread(tag, family.types, self._place)
        return fold(fact, [read_entry(*row) for row in rows])

    def _own_thread(self, event: str) -> Iterator[Entry[Any]]:
        """Read the event itself and what withdrew it: all that authority asks of a thread."""
        position = self.position_of(event)
        if position is None or position in self.faulty:
            return
        yield self._entry(position)
        for later, name in self._threads.get(f"event:{event}", ()):
            if name in TAKING_BACK and later != position:
                yield self._entry(later)

    def _thread(self, tag: str, types: Sequence[str], before: int | None) -> list[Entry[Any]]:
        wanted = frozenset(types or REGISTERS)
        return [
            self._entry(position)
            for position, name in self._threads.get(tag, ())
            if name in wanted and (before is None or position < before)
        ]

    def _entry(self, position: int) -> Entry[Any]:
        """Read an entry of before: mostly it is still in hand, for it is recent or a register's."""
        data = self._kept.get(position) or self._in_hand(position)
        return read_entry(position, self._source.raw(position) if data is None else data)

    def _in_hand(self, position: int) -> bytes | None:
        for rows in reversed(self._recent):
            index = position - rows[0][0]
            if 0 <= index < len(rows) and rows[index][0] == position:
                return rows[index][1]
        return None

    # -- a chunk ---------------------------------------------------------------------------

    def take(self, rows: Chunk, told: Inspected) -> Iterator[Finding]:
        """Judge a chunk of entries, in order, each against those before it."""
        if isinstance(rows, Sequence):
            self._recent.append(rows)
        positions = told.positions
        broken = {index for index, _ in told.findings}
        self.faulty.update(positions[index] for index in broken)
        self.unreadable.update(positions[i] for i, event in enumerate(told.ids) if event is None)
        yield from (finding for _, finding in told.findings)
        yield from self._places(told)
        self.nodes.extend(told.leaves)
        if not self._partial:
            yield from self._seen(told, broken)
        yield from self._authority(_Read(rows, told, broken, self._in_order(told.times), set()))
        if told.sealed:
            yield from self._sealed(told)
        self._signed = self._signed.joined(told.signed[len(told.ids)])
        self.count += len(positions)
        self._expected = positions[-1] + 1 if positions else self._expected

    def _bytes(self, chunk: _Read, index: int) -> bytes:
        """Return the bytes of an entry of this chunk: the very ones that were inspected."""
        rows, told = chunk.rows, chunk.told
        data = rows[index][1] if isinstance(rows, Sequence) else told.kept.get(index)
        if data is None:
            data = self._source.raw(told.positions[index])
            if leaf_hash(data) != told.leaves[index]:
                raise StoreError(
                    f"entry {told.positions[index]} was changed while the record was read",
                    todo="Run it again; if it says so again, somebody is changing the file.",
                )
        return data

    def _places(self, told: Inspected) -> Iterator[Finding]:
        positions, ids = told.positions, told.ids
        ascending = range(self._expected, self._expected + len(positions))
        if not self._partial and positions != ascending and list(positions) != list(ascending):
            yield from self._misplaced(told)
        read = [(event, at) for event, at in zip(ids, positions, strict=True) if event is not None]
        if not self.workings.note_ids(read):
            yield from self._repeated(told)

    def _misplaced(self, told: Inspected) -> Iterator[Finding]:
        expected = self._expected
        for position, event in zip(told.positions, told.ids, strict=True):
            if position != expected:
                yield Finding(
                    "positions",
                    position,
                    event,
                    f"entry {position} stands where entry {expected} should: one was removed or"
                    " renumbered",
                )
            expected = position + 1

    def _repeated(self, told: Inspected) -> Iterator[Finding]:
        """Look at ids one by one: one is there already."""
        for position, event in zip(told.positions, told.ids, strict=True):
            first = position if event is None else self.position_of(event)
            if first != position:
                sentence = f"its id stands already at position {first}"
                yield Finding("identity", position, event, sentence)

    def position_of(self, event: str) -> int | None:
        """Return where an id stood first, None where it was not read yet."""
        return self.workings.position_of(event)

    # -- what signers saw ------------------------------------------------------------------

    def _seen(self, told: Inspected, broken: set[int]) -> Iterator[Finding]:
        for head, index in told.seen.items():
            size = int(head.partition(":")[0])
            if size > self.count + index or (size == 0) != (self.count + index == 0):
                if index not in broken:
                    sentence = (
                        f"its signer saw {size} entries, and {self.count + index} stand before it:"
                        " one of them was removed, or it stands where it does not belong"
                    )
                    yield Finding("seen", told.positions[index], told.ids[index], sentence)
            elif head != (here := tree_head(size, self.root(size))):
                yield Finding(
                    "seen",
                    told.positions[index],
                    told.ids[index],
                    f"its signer saw another history: {head}; here the root at size {size} is"
                    f" {here.partition(':')[2]}. An entry up to {size} was changed, removed or put"
                    " in",
                )

    def root(self, size: int) -> bytes:
        """Return the root over the first entries, as many as `size`."""
        return self.nodes.root(size)

    # -- authority -------------------------------------------------------------------------

    def _authority(self, chunk: _Read) -> Iterator[Finding]:
        told, start = chunk.told, 0
        for register in told.registers:
            if start < register.at:
                yield from self._stretch(chunk, start, register.at)
            yield from self._register(chunk, register)
            start = register.at + 1
        yield from self._stretch(chunk, start, len(told.ids))
        self._count_signers(told)

    def _in_order(self, times: list[str]) -> bool:
        """Whether the clock went forward only, so that each time recorded is the effective one."""
        forward = times == sorted(times) and (not times or self._latest <= times[0])
        return forward and "" not in times

    def _stretch(self, chunk: _Read, start: int, stop: int) -> Iterator[Finding]:
        """Judge entries between which no fact changes."""
        told, broken = chunk.told, chunk.broken
        by = told.by[start:stop]
        self._place = told.positions[start] if by else self._place
        unsettled = {number for number in set(by) if not self._is_settled(chunk, number)}
        if not unsettled:
            self._latest = max(self._latest, told.times[stop - 1] if by else "")
            return
        for index, number in enumerate(by, start):
            yield from self._goes_on(chunk, index)
            if number in unsettled and index not in broken:
                entry = read_entry(told.positions[index], self._bytes(chunk, index))
                yield from self._judge(entry, self.count + index + 1, count=number < 0)

    def _register(self, chunk: _Read, register: Register) -> Iterator[Finding]:
        """Judge one more entry, and apply it: facts may be other ones from there on."""
        told = chunk.told
        index, number = register.at, told.by[register.at]
        self._place = told.positions[index]
        data = self._bytes(chunk, index)
        entry = read_entry(told.positions[index], data)
        correction = self._correction(entry)
        if correction is not None and entry.recorded_at < self._latest:
            yield from self._restart(entry, correction, told.signed[index])
        else:
            yield from self._goes_on(chunk, index)
        entry.take(register.key, register.tags)
        if index not in chunk.broken and not self._is_settled(chunk, number):
            yield from self._judge(entry, self.count + index + 1, count=number < 0)
        yield from self._apply(entry, data, chunk, register)

    # -- time ------------------------------------------------------------------------------

    def _goes_on(self, chunk: _Read, index: int) -> Iterator[Finding]:
        """Take the time of one more entry: times recorded never go back."""
        told = chunk.told
        time = told.times[index]
        if time and time < self._latest and not self._partial:
            sentence = f"it was recorded at {time}, and one before it at {self._latest} already"
            yield Finding("times", told.positions[index], told.ids[index], sentence)
        self._latest = max(self._latest, time)

    def _correction(self, entry: Entry[Any]) -> Entry[Any] | None:
        """Return the correction of the clock that an entry is the first to vouch for."""
        event = correction_vouched_for(entry.name, entry.data)
        return self._corrections.pop(event, None) if event is not None else None

    def _restart(
        self, entry: Entry[Any], correction: Entry[Any], signed: LastSigned
    ) -> Iterator[Finding]:
        """Count time anew from an entry that vouches for a correction of the clock."""
        self._latest = entry.recorded_at
        self.restarts.append((entry.position, entry.recorded_at))
        if self._partial:
            return
        said = correction.data["since"]
        size = int(said.partition(":")[0])
        if not 1 <= size < correction.position or said != tree_head(size, self.root(size)):
            reasons = [f"{said}, since when it was wrong, is no place in this history"]
        else:
            others = self._signed.joined(signed).by_others(correction.signedby)
            right = self._entry(size).recorded_at
            now = entry.recorded_at
            reasons = list(why_not_back_to(now, size=size, right=right, others=others))
        for reason in reasons:
            sentence = f"the clock was set back to {entry.recorded_at}, and {reason}"
            yield Finding("times", entry.position, entry.id, sentence)

    def _is_settled(self, chunk: _Read, number: int) -> bool:
        """Whether an actor has authority, if that hangs on nothing but who it is and the day."""
        if number in chunk.settled:
            return True
        if number < 0 or not chunk.in_order:
            return False
        actor = chunk.told.actors[number]
        if self._memo.stands(actor) or self._settle(chunk, actor, chunk.told.names[number]):
            chunk.settled.add(number)
        return number in chunk.settled

    def _settle(self, chunk: _Read, actor: Actor, name: str) -> bool:
        signing = Signing(name, actor)
        looked: set[Fact[Any]] = set()
        look = self._noting(looked)
        try:
            stands = not any(self._origin(signing, look)) and not judge_standing(signing, look)
        except MoreIsAskedError:
            return False
        if stands and self._memo.keep(actor, looked, self.look):
            chunk.settled.clear()
        return stands

    def _noting(self, looked: set[Fact[Any]]) -> Look:
        def look(fact: Fact[V]) -> V:
            looked.add(fact)
            return self.look(fact)

        return look

    def _judge(self, entry: Entry[Any], place: int, *, count: bool) -> Iterator[Finding]:
        """Judge an entry as of its effective time; `count` it where its actor is not told."""
        position = entry.position
        if count:
            self.signers[entry.signedby, entry.office, entry.key] += 1
        if entry.name not in RULES:
            return
        self._place = position
        looked: set[Fact[Any]] = set()
        look = self._noting(looked)
        own = position, entry.recorded_at
        entry.position, entry.recorded_at = position if self._partial else place, self._latest
        reasons = [*self._origin(entry, look), *judge_authority(entry, look)]
        entry.position, entry.recorded_at = own
        if reasons and self._can_tell(looked):
            self.faulty.add(position)
            yield from (Finding("authority", position, entry.id, reason) for reason in reasons)
        elif reasons:
            sentence = "this part does not tell whether its signer had authority: "
            yield Finding("authority", position, entry.id, sentence + reasons[0], "advice")

    def _can_tell(self, looked: Iterable[Fact[Any]]) -> bool:
        """Whether a part holds every entry that these facts are folded from."""
        known = self._known
        return known is None or all(known.issuperset(family.folds) for family, _ in looked)

    @staticmethod
    def _origin(entry: Entry[Any], look: Look) -> Iterator[str]:
        founded = look(ledger.founded())
        origin = (
            entry.data["origin"]
            if founded is None and entry.name == "LedgerFounded"
            else (founded.origin if founded is not None else None)
        )
        if origin is not None and entry.source != origin:
            yield f"it is a statement to {entry.source}; this ledger is {origin}"

    def _enrolled_before(self, position: int, entry: Entry[Any]) -> Iterator[Finding]:
        for one in entry.data.get("registrars", (entry.data,)):
            if self.look(offices.key(one["key"])) is not None:
                sentence = f"{one['key']} is enrolled already; a key is enrolled once, ever"
                yield Finding("authority", position, entry.id, sentence)

    def _apply(
        self, entry: Entry[Any], data: bytes, chunk: _Read, register: Register
    ) -> Iterator[Finding]:
        position = entry.position
        if position in self.faulty:
            # What nobody had the authority to say gives nobody else authority.
            return
        for tag in register.tags:
            self._threads[tag].append((position, register.name))
        if len(self._kept) < _MOST_KEPT:
            self._kept[position] = data
        if register.name == ERASED:
            self.note_erased(entry)
        elif register.name == CLOCK_CORRECTED:
            self._corrections[entry.id] = entry
        elif register.name not in TAKING_BACK or self._was_applied(entry):
            if register.name in ENROLLING:
                yield from self._enrolled_before(position, entry)
            self._applied.add(entry.id)
            self._note(position, entry)
            self._book.apply(entry)
            if self._memo.forget(register, self.look):
                chunk.settled.clear()

    def _was_applied(self, withdrawal: Entry[Any]) -> bool:
        events = taken_back(withdrawal.name, withdrawal.data)
        return not self._applied.isdisjoint(events)

    def _note(self, position: int, entry: Entry[Any]) -> None:
        if entry.name in ENROLLING:
            self.key_positions.append(position)
        if entry.name == "LedgerFounded":
            for registrar in entry.data["registrars"]:
                self.key_events.setdefault(registrar["key"], position)
            self.offices.setdefault(entry.office, position)
        elif entry.name == "KeyEnrolled":
            self.key_events.setdefault(entry.data["key"], position)
        elif entry.name == _APPOINTING:
            self.offices.setdefault(entry.data["office"], position)

    def _count_signers(self, told: Inspected) -> None:
        for number, count in Counter(told.by).items():
            if number >= 0:
                actor = told.actors[number]
                self.signers[actor[1], actor[2], actor[0]] += count

    # -- sealed text -----------------------------------------------------------------------

    def _sealed(self, told: Inspected) -> Iterator[Finding]:
        opening, tally = self._opening, self.texts
        if opening is None:
            tally.withheld += len(told.sealed)
            return
        events = [told.ids[index] or "" for index, _, _ in told.sealed]
        opening.begin(events)
        for event, (index, pointer, sealed) in zip(events, told.sealed, strict=True):
            found = opening.find(event, pointer)
            field = tuple.__new__(Field, (event, pointer))  # as Field(…) does, in half the time
            if found is None:
                if opening.is_withheld(event, pointer):
                    tally.withheld += 1
                else:
                    tally.missing[field] = told.positions[index]
            elif commitment_to(event, pointer, *found) == sealed:
                tally.matching += 1
                self.workings.note_opened(field)
                if pointer == NAME_AT:
                    tally.names[event] = found[1]
            else:
                position = tally.mismatching[field] = told.positions[index]
                sentence = f"the text kept for {pointer} is not the text that was sealed"
                yield Finding("sealed text", position, event, sentence)

    def note_erased(self, entry: Entry[Any]) -> None:
        """Take note of the text that a DetailErased says is gone, if its event came before."""
        position = entry.position
        event = str(entry.data.get("event", "")).partition(":")[2]
        field = Field(event, str(entry.data.get("pointer", "")))
        first = self.position_of(event)
        if first is not None and first < position:
            self.texts.erased.setdefault(field, position)

    def missing(self) -> Iterator[Finding]:
        """Find sealed text that is neither there, nor withheld, nor erased by a later event."""
        for field, position in self.texts.missing.items():
            if field not in self.texts.erased:
                sentence = f"the text of {field.pointer} is missing"
                yield Finding("sealed text", position, field.event, sentence)

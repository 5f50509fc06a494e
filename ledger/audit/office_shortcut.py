"""Whether an event's own words tell that it is for the office that signed it.

Most rules of office read one member of the event and compare its party with the office's own.
Which member that is, is learnt from the rule itself, by watching what it reads: so a reader of
many entries need not ask the rule about each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

import orjson

from ledger.days import date_of
from ledger.decision_model.created import FOR_OFFICE
from ledger.decision_model.facts import Fact
from ledger.domain.decide import judge_office
from ledger.format import sshsig
from ledger.format.entry import Entry, parse_signature
from ledger.format.patterns import Grammar
from ledger.format.statement import NAMESPACE

__all__ = ["MoreIsAskedError", "Signing", "Watched", "is_told"]

V = TypeVar("V")

_MOST_KEPT = 100_000
#: By event and kind of office: the member of the data, by group, that names the office's party, or
#: the office itself; None where the office alone settles it. Learnt from the rules.
_settled: dict[tuple[str, bytes], tuple[int, bool] | None] = {}
#: Events that need the record to settle it, or more than one member, by kind of office.
_open: set[tuple[str, bytes]] = set()


def is_told(
    name: str, office: bytes, grammar: Grammar, groups: tuple[Any, ...], data: bytes
) -> bool:
    """Whether an event's own words tell that it is for an office to sign.

    The rule is asked once for each event and kind of office, `head@school`: it read one member
    and found the party there to be the office's own, or it read none. What it did not read it
    cannot have answered by, so the same member settles it for every such office. (A test asks
    every rule about more than one party.)
    """
    if groups[grammar.members[FOR_OFFICE] - 1] is not None:
        return False  # whose words they are, and who may record them, the whole entry tells
    kind, party = _kind_of(name, office)
    if kind in _open:
        return False
    if kind not in _settled and not _ask(kind, office, grammar, data):
        return False
    settled = _settled[kind]
    return settled is None or groups[settled[0] - 1] == (office if settled[1] else party)


@lru_cache(maxsize=_MOST_KEPT)
def _kind_of(name: str, office: bytes) -> tuple[tuple[str, bytes], bytes]:
    role, _, party = office.partition(b"@")
    return (name, role + b"@" + party.partition(b":")[0]), party


def _ask(kind: tuple[str, bytes], office: bytes, grammar: Grammar, data: bytes) -> bool:
    """Ask the rule about one event, and keep what settled it; tell whether anything did."""
    value = orjson.loads(data)
    entry = Watched(0, value["recorded_at"], value["signature"], value["statement"])
    try:
        reasons = judge_office(entry, _look_nowhere)
    except _NeedsRecordError:
        _open.add(kind)
        return False
    if reasons:
        return False
    said = value["statement"]["data"]
    name, party = office.decode(), office.decode().partition("@")[2]
    entry.read.discard(FOR_OFFICE)  # nothing stands there
    settling = [member for member in entry.read if said.get(member) in (name, party)]
    if (
        len(entry.read) > 1
        or len(settling) < len(entry.read)
        or not (entry.touched <= _OF_THE_OFFICE and entry.read <= grammar.members.keys())
    ):
        _open.add(kind)
        return False
    if not settling:
        _settled[kind] = None
    else:
        _settled[kind] = grammar.members[settling[0]], said[settling[0]] == name
    return True


class _NeedsRecordError(Exception):
    """A rule asked for a fact."""


def _look_nowhere(fact: Fact[V]) -> V:
    raise _NeedsRecordError(fact.family.name)


#: What a rule may read of an entry if its answer is to hold for every event of that office.
_OF_THE_OFFICE = frozenset({"data", "name", "office", "type"})
_WHOLE = "the whole data"


class _Members(dict[str, Any]):
    """The data of a watched entry: notes which members are asked for."""

    def __init__(self, value: dict[str, Any], entry: Watched) -> None:
        super().__init__(value)
        self._entry = entry

    def get(self, name: str, default: Any = None) -> Any:
        """Return a member, noting its name."""
        self._entry.read.add(name)
        return super().get(name, default)

    def __getitem__(self, name: str) -> Any:
        self._entry.read.add(name)
        return super().__getitem__(name)

    def __iter__(self) -> Iterator[str]:
        self._entry.touched.add(_WHOLE)
        return super().__iter__()

    def items(self) -> Any:
        """Return all members, noting that all were asked for."""
        self._entry.touched.add(_WHOLE)
        return super().items()

    def values(self) -> Any:
        """Return all members, noting that all were asked for."""
        self._entry.touched.add(_WHOLE)
        return super().values()

    def __contains__(self, name: object) -> bool:
        self._entry.touched.add(_WHOLE)
        return super().__contains__(name)


class Watched(Entry[Any]):
    """An entry that notes what a rule reads of it: members of its data, and all else."""

    __slots__ = ("read", "touched")

    def __init__(
        self, position: int, recorded_at: str, signature: str, said: dict[str, Any]
    ) -> None:
        self.touched: set[str] = set()
        self.read: set[str] = set()
        super().__init__(position, recorded_at, signature, said)
        self.data = _Members(self.data, self)
        self.touched.clear()

    def __getattribute__(self, name: str) -> Any:
        if name[0] != "_" and name not in ("read", "touched"):
            self.touched.add(name)
        return super().__getattribute__(name)

    @property
    def recorded_on(self) -> date:
        """The day of recording."""
        return date_of(super().__getattribute__("recorded_at"))

    @property
    def key(self) -> str:
        """The key that signed."""
        blob = parse_signature(super().__getattribute__("signature"))
        return f"key:{sshsig.split(blob, NAMESPACE).key.fingerprint}"


class MoreIsAskedError(Exception):
    """A rule asked for more of an entry than who signed it."""


class Signing(Entry[Any]):
    """An entry of which only the actor is known: key, person, office, ledger and day; and the name.

    What is answered of it holds for all else that the same actor signs on that day; a rule that
    asks for more than that raises MoreIsAskedError.
    """

    __slots__ = ("_day",)

    def __init__(self, name: str, actor: tuple[str, str, str, str, str]) -> None:
        self.name = name
        self._key, self.signedby, self.office, self.source, self._day = actor

    def __getattr__(self, name: str) -> Any:
        raise MoreIsAskedError(name)

    @property
    def recorded_on(self) -> date:
        """The day of recording."""
        return date.fromisoformat(self._day)

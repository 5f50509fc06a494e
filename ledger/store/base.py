"""What the ledger asks of a database, whichever it is.

A store keeps entries in order, the text that entries seal (the *vault*), and the nodes of the
Merkle tree over the entries (the *log*)::

    with store.writing():
        store.vault.put(disclosures)
        position = store.recorder.append([event], condition)
        store.log.put(nodes)

Everything within one `writing()` is kept or lost together, and read by nobody else before its
end. Outside of it each call is a transaction of its own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from ledger.errors import StoreError

if TYPE_CHECKING:
    from eventsourcing.dcb.api import DCBEvent, DCBRecorder

__all__ = [
    "ConnectionLostError",
    "EntryStore",
    "Judged",
    "LogNodes",
    "Meta",
    "Node",
    "Row",
    "Selector",
    "Taken",
    "Text",
    "Vault",
]

LAST: Final = 2**63 - 1
"""The largest integer of the databases."""

PAGE: Final = 256
"""Rows read at a time; an entry is 64 KiB at most."""

Row = tuple[int, bytes]
"""An entry's position and bytes."""

Selector = tuple[str, Sequence[str]]
"""A tag and the types of its entries that are wanted; no types mean any type."""

Node = tuple[int, int, bytes]
"""A node of the Merkle tree: level (0 for leaves), index within the level, hash."""

Text = tuple[str, str, bytes, str]
"""The text behind one sealed field: of which event, where in its statement, salt, text."""


class Judged(NamedTuple):
    """An entry that was judged without keeping others out, and what it was judged by.

    `after` is the last position that was known. An entry that comes after it with a selector's tag
    and one of its types, or with one of the `types` whatever its tags, has it judged again.
    """

    after: int
    selectors: Sequence[Selector]
    types: Sequence[str]
    id: str
    event: DCBEvent
    leaf: bytes
    texts: Sequence[Text]


class Taken(NamedTuple):
    """What became of an entry that was judged: its position, None if it was not recorded.

    `others` are the entries that were recorded after it was judged and before it was to be.
    """

    position: int | None
    others: list[Row]


class ConnectionLostError(StoreError):
    """The database server or the connection to it is gone, perhaps in the middle of a commit.

    What was being written is kept whole or not at all, and only reading again tells which.
    """


def as_bytes(data: object) -> bytes:
    """Return the bytes of an entry, whatever a damaged file or a hostile hand keeps them as."""
    if isinstance(data, bytes):
        return data
    return data.encode("utf-8", "surrogatepass") if isinstance(data, str) else repr(data).encode()


class Vault(ABC):
    """Text that entries seal, kept where it can be erased."""

    @abstractmethod
    def put(self, disclosures: Iterable[Text]) -> None:
        """Keep texts, all or none.

        Raises StoreError for a salt that was ever used, even of erased text, and for a field
        that was ever disclosed: erased text does not come back.
        """

    @abstractmethod
    def get(self, event: str) -> dict[str, tuple[bytes, str]]:
        """Return salt and text by pointer, of the event's fields that are not erased."""

    @abstractmethod
    def get_many(self, events: Iterable[str]) -> dict[str, dict[str, tuple[bytes, str]]]:
        """Return `get` by event, of those events that have any text."""

    @abstractmethod
    def all(self) -> Iterator[Text]:
        """Go through every text that is not erased, in the order of putting."""

    @abstractmethod
    def events(self) -> Iterator[str]:
        """Go through the events that have any text, each once."""

    @abstractmethod
    def used(self, salts: Iterable[bytes]) -> set[bytes]:
        """Return which of these salts were ever used."""

    @abstractmethod
    def erase(self, event: str, pointer: str) -> bool:
        """Erase one text for good, and tell whether there was one.

        When the transaction is over, no file of the database holds the text or its salt. Raises
        StoreError if someone still using the ledger prevents that; erasing again tries again.
        """


class LogNodes(ABC):
    """Nodes of the Merkle tree by level and index; the arithmetic is in `ledger.log`."""

    @abstractmethod
    def put(self, nodes: Iterable[Node]) -> None:
        """Keep nodes; raises StoreError for one that is there already."""

    @abstractmethod
    def get(self, level: int, index: int) -> bytes | None:
        """Return a node's hash, None where there is no node."""

    @abstractmethod
    def get_many(self, places: Sequence[tuple[int, int]]) -> list[bytes | None]:
        """Return the hashes at (level, index), in the order asked for."""

    @abstractmethod
    def size(self) -> int:
        """Return the number of leaves."""

    @abstractmethod
    def leaves(self, start: int, stop: int) -> Iterator[bytes]:
        """Go through the leaves start, start + 1, … stop - 1, as far as there are any."""

    @abstractmethod
    def clear(self) -> None:
        """Drop every node: the log is a function of the entries and can be built again."""


SIGNED = "log.signed"
"""The name under which it is kept that checkpoints of the ledger were signed: the first one."""

COSIGNED = "log.cosigned"
"""That of the largest checkpoint that came back cosigned: its place, and when it was cosigned."""

FINDINGS = {"import-gias": "findings/gias", "import-ofsted": "findings/ofsted"}
"""Those of what the last import from each register left to a person to settle."""

SIDE = "side"
"""That by which a database is the side of a ledger whose entries lie on a server."""

NAMES = frozenset({SIGNED, COSIGNED, *FINDINGS.values(), SIDE})


class Meta(ABC):
    """A few named values about the ledger as a whole."""

    @abstractmethod
    def all(self) -> dict[str, str]:
        """Return every value by its name."""

    @abstractmethod
    def get(self, name: str) -> str | None:
        """Return the value, None if there is none."""

    @abstractmethod
    def put(self, name: str, value: str) -> None:
        """Keep the value in place of an earlier one."""


class EntryStore(ABC):
    """Entries, vault and log in one place; use it as a context manager, or close it.

    Position n is the n-th entry ever recorded, without gaps. Reads return entries by ascending
    position, see the transaction when they are called within `writing()` by its own thread, and
    may be called from any thread. `after` and `before` are themselves left out.

    Every method raises StoreError when the database fails it.
    """

    vault: Vault
    log: LogNodes
    meta: Meta
    path: str | None = None
    """By which another process may open the same store; None for one in memory."""
    erased_remains: str | None = None
    """Where erased text may remain that this store cannot reach, in a sentence; None if nowhere."""

    @property
    @abstractmethod
    def recorder(self) -> DCBRecorder:
        """The library's recorder over the same database."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[Self]:
        """Begin to write alone; what is written is kept at the end, or undone by an exception.

        Waits for other writers. One `writing()` within another of the same thread is an error.
        """

    @contextmanager
    def writing_lazily(self) -> Iterator[Callable[[], None]]:
        """Begin to write alone what can be made anew: a power cut may take it back from the end.

        Call what is lent, before the end, to have it outlive a power cut all the same.
        """
        with self.writing():
            yield lambda: None

    @abstractmethod
    def append_entries(self, events: Sequence[DCBEvent], ids: Sequence[str]) -> int:
        """Append entries already decided within this `writing()`; return the last one's position.

        `ids` are the entries' own ids, in the same order. Raises the library's IntegrityError,
        and appends none, if one of them is repeated or was there before.
        """

    takes_judged: bool = False
    """Whether the store takes what was judged without keeping others out, by `append_judged`."""

    def append_judged(self, judged: Judged) -> Taken:
        """Append an entry with its texts and its nodes of the log, unless it is to be judged again.

        That is where others recorded what it was judged by, or a later time; it is then told what
        they recorded. Nothing is told where it is for whoever decides within `writing()`: its id is
        named, a salt was used before, or much has happened since.
        """
        raise StoreError("internal error: this store takes what was decided alone", got=judged.id)

    @abstractmethod
    def head(self) -> int:
        """Return the last entry's position, 0 when there is none."""

    @abstractmethod
    def entries(self, after: int = 0, limit: int | None = None) -> Iterator[Row]:
        """Go through the entries that are there now, at most `limit` of them."""

    @abstractmethod
    def by_tag(
        self, tag: str, types: Sequence[str] = (), after: int = 0, before: int | None = None
    ) -> list[Row]:
        """Return the entries with this tag and one of these types; no types mean any type."""

    def first_by_tag(self, tag: str) -> Row | None:
        """Return the first entry with this tag, of any type; None if there is none."""
        return next(iter(self.by_tag(tag)), None)

    @abstractmethod
    def by_tags(
        self, selectors: Sequence[Selector], after: int = 0, before: int | None = None
    ) -> list[list[Row]]:
        """Return `by_tag` for each selector, all as of one moment."""

    @abstractmethod
    def named(self, ids: Sequence[str]) -> list[str]:
        """Return which of these event ids some entry names, as its own or another's."""

    @abstractmethod
    def by_types(
        self, types: Sequence[str], after: int = 0, before: int | None = None
    ) -> list[Row]:
        """Return the entries of one of these types."""

    @abstractmethod
    def filed(self, first: int, last: int) -> dict[int, tuple[str, list[str]]]:
        """Return the type and tags kept beside the entries from a first to a last position."""

    @abstractmethod
    def misfiled(self) -> list[int]:
        """Return the positions at which tag reads do not find what is kept beside the entries."""

    @abstractmethod
    def damage(self) -> Iterator[str]:
        """Say what the database itself finds wrong with what it keeps, a sentence for each."""

    @abstractmethod
    def event_ids(self, prefix: str, limit: int = 10) -> list[str]:
        """Return the first ids, in their order, that begin so and that some entry names."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the database; closing twice does nothing."""

    def alone(self) -> Self:
        """Return this store; close it and raise StoreError if it is but the side of a ledger."""
        if self.meta.get(SIDE) is None:
            return self
        self.close()
        raise StoreError(
            "this is the side of a ledger whose entries lie on a server",
            todo="Name the server, and this as its side: umadb://host:port?side=URL",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        self.close()

"""The ledger on a UmaDB server, and a recorder that serves any `DCBApplication`.

::

    PERSISTENCE_MODULE=ledger.store.umadb.store
    UMADB_URL=umadb://db.northwick.example:50051?side=postgresql://db.northwick.example/ledger

The server keeps the entries. A *side*, which is a SQLite file or a PostgreSQL database, keeps what
must be erasable or can be made anew: the vault, the log, named values, and of each entry a stub
that names events. The side's own transaction is what writers take turns by, so that a decision
never has to be made again, and what tells how far the record goes: an entry is recorded when both
have it.

At the end of a `writing()` the texts of its entries are written down apart, the entries are sent,
and the side is committed. Whoever is killed in between leaves entries that are on the server alone:
the next one to write takes them in, with their texts, as if the writer had come to its end.

Of entries without texts the side keeps only what can be made anew from the server, so its commit
waits for no disk: what a power cut takes back is taken in again in the same way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Final, Self

from eventsourcing.dcb.api import DCBEvent, DCBQuery, DCBQueryItem, DCBSequencedEvent
from eventsourcing.dcb.persistence import DCBInfrastructureFactory
from eventsourcing.persistence import IntegrityError, TrackingRecorder
from eventsourcing.utils import Environment, EnvType

from ledger.errors import StoreError
from ledger.log.merkle import Tree, leaf_hash
from ledger.store.base import LAST, PAGE, ConnectionLostError, EntryStore, Row, Selector, Text
from ledger.store.matching import matcher
from ledger.store.umadb.recorder import EVENT, UmaDBRecorder, named, stubs
from ledger.store.umadb.server import LostError, Server, own_tags, parse_url, typed_tags
from ledger.store.umadb.side import open_side
from ledger.store.umadb.unsettled import Sent, Unsettled

__all__ = ["UmaDBEntryStore", "UmaDBFactory", "UmaDBRecorder"]

_AT_ONCE: Final = 1_000


class UmaDBEntryStore(EntryStore):
    """Entries on the server, all else on the side."""

    def __init__(self, server: Server, side: EntryStore, unsettled: Unsettled) -> None:
        self._server = server
        self._side = side
        self._unsettled = unsettled
        self._undecided: list[Text] = []
        self._ids: list[str] = []
        self._recorder = UmaDBRecorder(server, side, self.writing)
        self.vault = side.vault
        self.log = side.log
        self.meta = side.meta
        self.erased_remains = side.erased_remains

    @property
    def recorder(self) -> UmaDBRecorder:
        """The library's recorder over the server and the side."""
        return self._recorder

    @classmethod
    def open(cls, url: str, *, create: bool = False, read_only: bool = False) -> Self:
        """Open the ledger on a server and its side; only `create` makes the side.

        Takes in what a killed writer left on the server alone, unless it is opened to read.
        Raises StoreError saying what is there instead of a ledger.
        """
        place = parse_url(url)
        server = Server(place.server)
        server.head()  # nothing is made on the side of a server that does not answer
        side, unsettled = open_side(place.side, create=create, read_only=read_only)
        store = cls(server, side, unsettled)
        try:
            store.refuse_other()
            if not read_only and (server.head() != side.head() or unsettled.read() is not None):
                with store.writing():
                    pass
        except BaseException:
            store.close()
            raise
        store.path = url
        return store

    def refuse_other(self) -> None:
        """Raise StoreError if the side is that of another record."""
        first, leaf = next(self._server.read(None, 0, 1, 1), None), self.log.get(0, 0)
        if first is not None and leaf is not None and leaf_hash(first.event.data) != leaf:
            raise StoreError(
                "the server and the side are of two ledgers: the first entry is another",
                todo="Name the side with which the ledger on this server was founded.",
            )

    # Writing.

    @contextmanager
    def writing(self) -> Iterator[Self]:
        """Begin to write alone."""
        is_sent = False
        try:
            with self._side.writing_lazily() as durably:
                head, sent = self._take_in_what_was_sent()
                with self.recorder.collecting(head) as events:
                    self._ids = []
                    yield self
                    if events:
                        sent = self._written_down(head) or sent
                        self._server.append(events, head)
                        is_sent = True
                    if sent is not None or not events:
                        durably()
        except ConnectionLostError:
            raise
        except StoreError as error:
            if not is_sent:
                raise
            raise LostError(
                "the server has recorded it, and its side could not take note of it",
                got=str(error),
                todo="Put the side right, then try again: what was recorded already is not"
                " recorded twice.",
            ) from error
        if sent is not None and sent.after < self.head():
            self._forget(sent)

    def _forget(self, sent: Sent) -> None:
        """Forget what was written down, unless whoever writes next has written down its own."""
        if self._unsettled.read() != sent:
            return
        # While nobody else can write down. Who is kept waiting too long has recorded all the same,
        # and leaves it to whoever writes next, as one who is killed here does.
        with suppress(StoreError), self._side.writing():
            if self._unsettled.read() == sent:
                self._unsettled.clear()

    def _take_in_what_was_sent(self) -> tuple[int, Sent | None]:
        """Take in what is on the server alone; return the head, and what was written down."""
        have, there, sent = self._side.head(), self._server.head(), self._unsettled.read()
        if there < have:
            raise StoreError(
                "the server has lost entries",
                got=f"{there} entries",
                expected=f"{have}, which were recorded",
                todo="Nothing was recorded. Restore the server's file from a later copy.",
            )
        if there > have:
            if have == 0 and sent is None:
                raise StoreError(
                    "the server holds entries whose texts are kept elsewhere",
                    got=f"{there} entries, and a side with none",
                    todo="Name the side with which they were recorded, or a server that has none.",
                )
            self._take_in(have, there, sent)
        self._undecided = sent.texts if sent is not None and sent.after == there else []
        return there, sent

    def _take_in(self, have: int, there: int, sent: Sent | None) -> None:
        tree = Tree(self.log) if self.log.size() == have else None
        texts = _by_event(sent.texts if sent is not None else [])
        found = (each.event for each in self._server.read(None, have, there))
        while part := list(islice(found, _AT_ONCE)):
            self._side.recorder.append(stubs(part))
            if tree is not None:
                tree.append([leaf_hash(event.data) for event in part])
            ids = [tag.removeprefix(EVENT) for event in part for tag in named(event.tags)]
            self.vault.put([text for each in ids for text in texts.pop(each, ())])

    def _written_down(self, head: int) -> Sent | None:
        """Write down the texts of what is about to be sent, with those that may come yet.

        The first entries are written down though they have none: it tells whose they are.
        """
        kept = self.vault.get_many(self._ids)
        texts = [
            (event, pointer, *text)
            for event, fields in kept.items()
            for pointer, text in fields.items()
        ]
        mine = {text[:2] for text in texts}
        texts += [text for text in self._undecided if text[:2] not in mine]
        if not texts and head:
            return None
        sent = Sent(head, texts)
        self._unsettled.put(sent)
        return sent

    def append_entries(self, events: Sequence[DCBEvent], ids: Sequence[str]) -> int:
        """Append entries already decided within this `writing()`."""
        if not self.recorder.is_mine:
            raise StoreError("internal error: not within writing()")
        if len(set(ids)) != len(events) or self.named(ids):
            raise IntegrityError("an entry is recorded a second time")
        self._ids.extend(ids)
        return self.recorder.take(events)

    # Reading.

    def named(self, ids: Sequence[str]) -> list[str]:
        """Return which of these event ids some entry names."""
        return self._side.named(ids)

    def head(self) -> int:
        """Return the last entry's position."""
        return self.recorder.head()

    def entries(self, after: int = 0, limit: int | None = None) -> Iterator[Row]:
        """Go through the entries that are there now."""
        found = self.recorder.matching(None, after, self.head(), limit)
        return ((each.position, each.event.data) for each in found)

    def by_tag(
        self, tag: str, types: Sequence[str] = (), after: int = 0, before: int | None = None
    ) -> list[Row]:
        """Return the entries with this tag and one of these types."""
        return self.by_tags([(tag, types)], after, before)[0]

    def by_tags(
        self, selectors: Sequence[Selector], after: int = 0, before: int | None = None
    ) -> list[list[Row]]:
        """Return `by_tag` for each selector."""
        wanted: dict[str, list[tuple[Sequence[str], list[Row]]]] = defaultdict(list)
        found: list[list[Row]] = []
        for tag, types in selectors:
            found.append([])
            wanted[tag].append((types, found[-1]))
        # Asked for at once: each question takes as long to travel as several to be answered.
        items = [DCBQueryItem(list(types), [tag]) for tag, types in selectors]
        for each in self._matching(items, after, before):
            for tag in wanted.keys() & each.event.tags:
                for types, rows in wanted[tag]:
                    if not types or each.event.type in types:
                        rows.append((each.position, each.event.data))
        return found

    def by_types(
        self, types: Sequence[str], after: int = 0, before: int | None = None
    ) -> list[Row]:
        """Return the entries of one of these types."""
        found = self._matching([DCBQueryItem([name], []) for name in types], after, before)
        return [(each.position, each.event.data) for each in found]

    def _matching(
        self, items: list[DCBQueryItem], after: int, before: int | None
    ) -> Iterator[DCBSequencedEvent]:
        if not items:
            return iter(())
        last = min(self.head(), (LAST if before is None else before) - 1)
        return self.recorder.matching(matcher(DCBQuery(items)), after, last)

    def filed(self, first: int, last: int) -> dict[int, tuple[str, list[str]]]:
        """Return the type and tags kept beside the entries from a first to a last position."""
        found = self.recorder.matching(None, first - 1, min(last, self.head()))
        return {each.position: (each.event.type, each.event.tags) for each in found}

    def misfiled(self) -> list[int]:
        """Return the positions at which tags or stub are not those of the entry."""
        found, stubs_there = self._server.kept(self.head()), dict(self._stubs())
        return [
            position
            for position, name, tags in found
            if set(tags) != {*(own := own_tags(tags)), *typed_tags(name, own)}
            or stubs_there.get(position) != (name, named(own))
        ]

    def _stubs(self) -> Iterator[tuple[int, tuple[str, list[str]]]]:
        for first in range(1, self.head() + 1, PAGE):
            yield from sorted(self._side.filed(first, first + PAGE - 1).items())

    def damage(self) -> Iterator[str]:
        """Say what is wrong with the side, and where server and side differ."""
        yield from self._side.damage()
        there, have = self._server.head(), self.head()
        if there < have:
            yield f"the server holds {there} entries, of {have} that were recorded"
        if there > have:
            yield f"the server holds {there - have} entries that the next to write takes in"
        for position in self._side.misfiled():
            yield f"the side does not find entry {position} by what it names"

    def event_ids(self, prefix: str, limit: int = 10) -> list[str]:
        """Return the first ids that begin so."""
        return self._side.event_ids(prefix, limit)

    def close(self) -> None:
        """Let go of both."""
        self._side.close()
        self._server.close()


def _by_event(texts: Sequence[Text]) -> dict[str, list[Text]]:
    found: dict[str, list[Text]] = defaultdict(list)
    for text in texts:
        found[text[0]].append(text)
    return found


class UmaDBFactory(DCBInfrastructureFactory[TrackingRecorder]):
    """Opens the store that the environment names.

    UMADB_URL is where. CREATE_TABLE=yes makes a side where there is none, READ_ONLY=yes refuses
    to write.
    """

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        self._store: UmaDBEntryStore | None = None

    def dcb_recorder(self) -> UmaDBRecorder:
        """Return the store's recorder."""
        return self.entry_store().recorder

    def entry_store(self) -> UmaDBEntryStore:
        """Return the store, opened when first asked for."""
        if self._store is None:
            url = self.env.get("UMADB_URL")
            if not url:
                raise StoreError(
                    "the environment names no server", expected="UMADB_URL to be a URL"
                )
            self._store = UmaDBEntryStore.open(
                url,
                create=self.env.get("CREATE_TABLE") == "yes",
                read_only=self.env.get("READ_ONLY") == "yes",
            )
        return self._store

    def close(self) -> None:
        """Close the store."""
        if self._store is not None:
            self._store.close()

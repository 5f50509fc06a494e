"""Keeping the log: signing its checkpoints, and never two that contradict.

::

    keeper = Logkeeper(log_key_path("northwick.db"))
    with Ledger.open("northwick.db") as ledger:
        print(keeper.checkpoint(ledger).note.decode())

The last checkpoint signed lies beside the log key, outside the database (docs/reference/format.md,
*Log*). So whoever restores an older copy of the database and records on, or rewrites it, is found
out by their own log key before anyone else is misled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ledger.domain.registers import ledger as ledgers
from ledger.errors import InconsistentError, KeyFileError, NoteError
from ledger.format.statement import tree_head
from ledger.log.checkpoint import Checkpoint, cosigned_at, sign
from ledger.log.merkle import Key, Node, Nodes, Tree, leaf_hash
from ledger.log.terms import terms_of
from ledger.progress import Progress
from ledger.recording.application import Ledger
from ledger.recording.founding import parse_log_key
from ledger.store import stem
from ledger.store.base import COSIGNED, SIGNED
from ledger.transparency.last_signed import Held, read_secret
from ledger.transparency.proofs import current_log_key, log_keys, open_own

__all__ = ["Logkeeper", "Signed", "log_key_path"]

_CHUNK = 1_000


class Signed(NamedTuple):
    """A checkpoint as it was signed; `first` if none is known to have been signed before."""

    note: bytes
    checkpoint: Checkpoint
    first: bool


def log_key_path(url: str) -> Path:
    """Return where the log key of a ledger lies: beside it, of a server's in this folder."""
    return Path(f"{stem(url)}.log-key")


class Logkeeper:
    """Whoever holds the log key: signs checkpoints, and remembers the last."""

    def __init__(self, path: Path) -> None:
        """Read the log key from its file; raise KeyFileError if it cannot be used."""
        text = read_secret(
            path,
            "log key",
            "`school-ledger init` made it beside the ledger; name it with --log-key FILE. If it is"
            " lost, a registrar makes another: `school-ledger log key new --former-key-lost`.",
        )
        self._signer = parse_log_key(text)
        self._held = Held(path.with_name(f"{path.name}.last"))
        self.path = path

    @property
    def verifier(self) -> str:
        """The verifier key of the log key."""
        return self._signer.verifier

    @property
    def memory(self) -> Path:
        """The file that keeps the last checkpoint signed."""
        return self._held.path

    def checkpoint(
        self,
        ledger: Ledger,
        *,
        last: bytes | None = None,
        former_lost: bool = False,
        progress: Progress | None = None,
    ) -> Signed:
        """Sign the tree's head, unless that contradicts what was signed before.

        `last` is a further checkpoint of this log that must be continued, such as one that a
        witness holds; with it a lost memory starts again. `former_lost` lets a new log key sign
        though the former one signed nothing that covers its replacement. The ledger is opened to
        write. Raises InconsistentError with the evidence of both sides, KeyFileError for another
        log's key and for a memory that is lost or damaged.
        """
        with self._held.alone():
            new, first = self._next(ledger, last, former_lost=former_lost, progress=progress)
            note = sign(new, self._signer)
            self._held.replace(note)
            if ledger.store.meta.get(SIGNED) is None:
                ledger.store.meta.put(SIGNED, tree_head(new.size, new.root))
            _note_cosigned(ledger, last)
        return Signed(note, new, first)

    def last(self, ledger: Ledger) -> Checkpoint | None:
        """Return the last checkpoint signed, as far as it is remembered; raise KeyFileError."""
        return self._remembered(ledger)

    def preview(
        self, ledger: Ledger, *, last: bytes | None = None, former_lost: bool = False
    ) -> Checkpoint:
        """Return what `checkpoint` would sign, after the same checks; nothing is signed or kept."""
        return self._next(ledger, last, former_lost=former_lost)[0]

    def _next(
        self,
        ledger: Ledger,
        last: bytes | None,
        *,
        former_lost: bool,
        progress: Progress | None = None,
    ) -> tuple[Checkpoint, bool]:
        keys = log_keys(ledger)
        if self.verifier not in keys:
            raise _not_the_log_key(self.path, self.verifier, keys[-1])
        before = self._before(ledger, last)
        head = ledger.head()
        tree = Tree(ledger.store.log)
        for one in before:
            _check_continued(tree, one)
        size = max((one.size for one in before), default=None)
        self._check_turn(ledger, size, former_lost=former_lost)
        # A key that was replaced covers its replacement, and nothing that was recorded since.
        most = self._last_size(ledger) or head.size
        _check_new_entries(ledger, size or 0, most, progress)
        return Checkpoint(ledger.origin, most, tree.root(most)), size is None

    def _last_size(self, ledger: Ledger) -> int | None:
        """Return the largest size that this key may sign; None while it is the one in use."""
        named = ledger.look(ledgers.log_key_terms())
        return next(term.last for term in terms_of(named) if term.key == self.verifier)

    def _before(self, ledger: Ledger, last: bytes | None) -> list[Checkpoint]:
        """Return the checkpoints that must be continued: the one remembered, and one given."""
        given = None if last is None else open_own(ledger, last).checkpoint
        before = [one for one in (self._remembered(ledger), given) if one is not None]
        signed = ledger.store.meta.get(SIGNED)
        if not before and signed is not None:
            raise KeyFileError(
                f"{self.memory}, which keeps the last checkpoint signed, is missing",
                got="nothing",
                expected=f"one of at least {signed}, as the ledger itself tells",
                todo="Nothing was signed. Restore the file from a copy, or give the newest"
                " checkpoint that anyone holds with --last FILE.",
            )
        return before

    def _remembered(self, ledger: Ledger) -> Checkpoint | None:
        note = self._held.read()
        if note is None:
            return None
        try:
            return open_own(ledger, note).checkpoint
        except NoteError as error:
            raise KeyFileError(
                f"{self.memory} is not the last checkpoint that this log signed: {error}",
                todo="Nothing was signed. Restore the file from a copy; or move it away and give"
                " the newest checkpoint that anyone holds with --last FILE.",
            ) from error

    def _check_turn(self, ledger: Ledger, signed: int | None, *, former_lost: bool) -> None:
        """Refuse a log key that has been replaced, and one whose time has not come."""
        if signed is None:
            return
        keys = log_keys(ledger)
        due = current_log_key(ledger, signed)
        own, turn = keys.index(self.verifier), keys.index(due)
        if own < turn:
            what, todo = "this log key was replaced", "Sign with the new one: --log-key FILE."
        elif own > turn and not former_lost:
            what = "the former log key has not yet signed a checkpoint that covers its replacement"
            todo = (
                "Sign once more with the former key. If it is lost, say --former-key-lost: those"
                " who hold a checkpoint must then be told of the new key in another way."
            )
        else:
            return
        raise KeyFileError(what, got=self.verifier, expected=due, todo=todo)


def _note_cosigned(ledger: Ledger, note: bytes | None) -> None:
    """Keep in mind what came back cosigned: no correction of the clock goes behind it."""
    time = None if note is None else cosigned_at(note)
    if note is None or time is None:
        return
    cosigned = open_own(ledger, note).checkpoint
    known = ledger.store.meta.get(COSIGNED)
    if cosigned.size and (known is None or int(known.partition(":")[0]) < cosigned.size):
        place = tree_head(cosigned.size, cosigned.root)
        ledger.store.meta.put(COSIGNED, f"{place} {time}")


def _not_the_log_key(path: Path, got: str, expected: str) -> KeyFileError:
    return KeyFileError(
        f"{path} is not the log key of this ledger",
        got=got,
        expected=expected,
        todo="Nothing was signed. Name the file that `init` made with --log-key FILE; or this is"
        " not the ledger that you mean.",
    )


def _check_continued(tree: Tree, last: Checkpoint) -> None:
    """Raise InconsistentError unless the tree extends what was signed."""
    now = Checkpoint(last.origin, tree.size, tree.root())
    if tree.size < last.size:
        raise InconsistentError(
            "The ledger is smaller than what was signed; nothing was signed:\n"
            f"  signed before: {last}\n"
            f"  here now:      {now}\n"
            "An older copy was restored, or the end was cut off. Restore the entries that are"
            " missing from another copy before anyone records here."
        )
    here = Checkpoint(last.origin, last.size, tree.root(last.size))
    if here != last:
        raise InconsistentError(
            f"The ledger is not the one that was signed at size {last.size}; nothing was signed:\n"
            f"  signed before: {last}\n"
            f"  here then:     {here}\n"
            f"  here now:      {now}\n"
            f"An entry up to {last.size} was changed, removed or put in, or others were recorded"
            " after an older copy was restored. Keep both sides as evidence, and find the copy"
            " that holds what was signed."
        )


class _Prefix:
    """The stored nodes of the first leaves only; nodes of further leaves are not kept.

    A Tree needs none but these to compute the root after appending.
    """

    def __init__(self, stored: Nodes, size: int) -> None:
        self._stored = stored
        self._size = size

    def get(self, level: int, idx: int) -> bytes | None:
        return self._stored.get(level, idx)

    def get_many(self, keys: Sequence[Key]) -> Sequence[bytes | None]:
        return self._stored.get_many(keys)

    def put(self, nodes: Iterable[Node]) -> None:
        """Keep nothing."""

    def size(self) -> int:
        return self._size


def _check_new_entries(
    ledger: Ledger, signed: int, size: int, progress: Progress | None = None
) -> None:
    """Raise InconsistentError unless the log is the tree over the entries since `signed`.

    The root at `signed` is that of what was signed, so its stored nodes hold; from there on the
    root is computed from the entries themselves, not from what the log's table says of them.
    """
    store = ledger.store
    tree = Tree(_Prefix(store.log, signed))
    rows = store.entries(signed, size - signed)
    while chunk := list(islice(rows, _CHUNK)):
        tree.append([leaf_hash(data) for _, data in chunk])
        if progress is not None:
            progress(tree.size, size)
    stored = Tree(store.log)
    if store.head() < size or tree.size != size:
        raise _not_the_log(ledger, f"it holds {size} entries", f"there are {store.head()}")
    if tree.root() != stored.root(size):
        where = _first_difference(ledger, signed, size)
        raise _not_the_log(
            ledger, f"its root is {stored.root(size).hex()}", f"it is {tree.root().hex()}", where
        )


def _first_difference(ledger: Ledger, signed: int, size: int) -> str:
    store = ledger.store
    rows = store.entries(signed, size - signed)
    for (position, data), leaf in zip(rows, store.log.leaves(signed, size), strict=False):
        if leaf_hash(data) != leaf:
            return f" Entry {position} is the first that differs."
    return " Every entry is in it, but it was not computed from them."


def _not_the_log(
    ledger: Ledger, by_log: str, by_entries: str, where: str = ""
) -> InconsistentError:
    return InconsistentError(
        f"The log of {ledger.origin} is not that of its entries; nothing was signed:\n"
        f"  by the log:     {by_log}\n"
        f"  by the entries: {by_entries}\n"
        f"The database was changed by other means than recording.{where} Run `school-ledger"
        " check`, and restore it from a copy."
    )

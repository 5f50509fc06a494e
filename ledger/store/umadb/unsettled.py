"""Texts on their way: written down before their entries are sent, until it is known what became.

A writer that is killed between sending and committing leaves entries whose texts only this holds.
Whoever writes next takes them into the vault if the entries are there, and drops them once the
entries can come no more. Only who keeps all others from writing writes down or forgets. It lies
apart from the side's tables, whose transaction is open meanwhile.
"""

from __future__ import annotations

import base64
import hashlib
import os
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from ledger.errors import StoreError
from ledger.files import PRIVATE, appearing
from ledger.store.base import Text

SUFFIX: Final = "-unsettled"
_DIGEST = hashlib.sha256
_DIGESTED: Final = 32
_LENGTH: Final = 8
_ROOM: Final = 4096
"""Bytes that a new file has, so that a few texts more need no other room on the disk."""


class Sent(NamedTuple):
    """What was about to be sent: after which position, and the texts of its entries."""

    after: int
    texts: list[Text]


class Unsettled(ABC):
    """Where what is on its way is written down."""

    def read(self) -> Sent | None:
        """Return what was written down and is not settled."""
        written = self._read()
        return None if written is None else _parse(written)

    def put(self, sent: Sent) -> None:
        """Write down, durably, in place of what was there."""
        texts = [(*at, base64.b64encode(salt).decode(), value) for *at, salt, value in sent.texts]
        self._put(orjson.dumps({"after": sent.after, "texts": texts}))

    @abstractmethod
    def clear(self) -> None:
        """Forget it, so that nothing holds the texts but the vault."""

    @abstractmethod
    def _read(self) -> bytes | None: ...

    @abstractmethod
    def _put(self, written: bytes) -> None: ...


def _parse(written: bytes) -> Sent:
    try:
        said = orjson.loads(written)
        texts = [
            (event, pointer, base64.b64decode(salt), value)
            for event, pointer, salt, value in said["texts"]
        ]
        return Sent(int(said["after"]), texts)
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(
            "what was written down of entries on their way to the server cannot be read",
            got=str(error),
            todo="Restore the side from a copy; nothing is recorded until then.",
        ) from error


class UnsettledFile(Unsettled):
    """A file beside the side's own, which is its owner's alone.

    It stays where it is, and is written over: that waits for the disk once, where a new file in its
    place waits for its folder too. A digest tells what was written down whole; what was not is
    nothing, for its entries were never sent.
    """

    def __init__(self, side: str) -> None:
        self._path = Path(side + SUFFIX)

    def _read(self) -> bytes | None:
        try:
            return _whole(self._path.read_bytes())
        except FileNotFoundError:
            return None

    def _put(self, written: bytes) -> None:
        kept = _DIGEST(written).digest() + len(written).to_bytes(_LENGTH) + written
        if self._path.exists() and self._read() is None:
            self._write_over(kept)
            return
        # What is there may be wanted still: it is there until the other is, whole.
        with appearing(self._path, PRIVATE) as file:
            file.write(kept.ljust(_ROOM, b"\0"))

    def _write_over(self, kept: bytes) -> None:
        # Over all that was there, so that nothing of it is left behind the end.
        size = self._path.stat().st_size
        with self._path.open("rb+") as file:
            file.write(kept.ljust(size, b"\0"))
            file.flush()
            os.fsync(file.fileno())

    def clear(self) -> None:
        """Write over what was there."""
        if self._path.exists():
            size = self._path.stat().st_size
            with self._path.open("rb+") as file:
                file.write(bytes(size))


def _whole(kept: bytes) -> bytes | None:
    """Return what was written down, None if it was not to its end or was written over."""
    digest, rest = kept[:_DIGESTED], kept[_DIGESTED:]
    written = rest[_LENGTH : _LENGTH + int.from_bytes(rest[:_LENGTH])]
    return written if written and _DIGEST(written).digest() == digest else None

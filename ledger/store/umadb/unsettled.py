"""Texts on their way: written down before their entries are sent, until it is known what became.

A writer that is killed between sending and committing leaves entries whose texts only this holds.
Whoever writes next takes them into the vault if the entries are there, and drops them once the
entries can come no more. It lies apart from the side's tables, whose transaction is open meanwhile.
"""

from __future__ import annotations

import base64
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from ledger.errors import StoreError
from ledger.files import PRIVATE, appearing
from ledger.store.base import Text

SUFFIX: Final = "-unsettled"


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
    """A file beside the side's own, which is its owner's alone."""

    def __init__(self, side: str) -> None:
        self._path = Path(side + SUFFIX)

    def _read(self) -> bytes | None:
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return None

    def _put(self, written: bytes) -> None:
        with appearing(self._path, PRIVATE) as file:
            file.write(written)

    def clear(self) -> None:
        """Take the file away."""
        self._path.unlink(missing_ok=True)

"""What can go wrong in the record, each error a sentence that a user can act on.

::

    LedgerError
    ├── ValueRefused       a reference, date or quantity is not one
    ├── StatementError     the bytes are not a statement of this format
    ├── EntryError         the bytes are not an entry or a submission
    ├── SignatureError     a signature does not hold
    ├── FileError          a file cannot be read or written
    ├── KeyFileError       a key file cannot be read or used
    ├── ProofError         an inclusion or consistency proof does not hold
    ├── NoteError          a signed note, checkpoint or cosignature does not hold
    ├── InconsistentError  a log contradicts what was signed or held of it before
    ├── TimestampError     a timestamp cannot be had, or does not hold
    ├── BundleError        a bundle cannot be read as what it should be
    │   └── UnverifiedError    it can be read, and does not verify
    ├── PackError          a pack cannot be read as what it should be
    ├── StoreError         the database cannot be opened, read or written
    ├── NotFoundError      nothing by that name
    ├── ImportFileError    a published file cannot be read
    ├── MissingRuleError   this release has an event and nothing that says who may say it
    └── RefusedError       the ledger does not record this, and says every reason

No other exception leaves the package for a user's mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

_SHOWN = 200


class LedgerError(Exception):
    """Something a user can act on: what, what was got, what was expected, what to do next."""

    def __init__(
        self,
        what: str,
        *,
        got: object = None,
        expected: str | None = None,
        todo: str | None = None,
    ) -> None:
        """Keep the parts of the sentence; `what` needs no full stop."""
        super().__init__(what, got, expected, todo)
        self.what = what
        self.got = got
        self.expected = expected
        self.todo = todo

    def __reduce__(self) -> tuple[Any, ...]:
        """Go from one process to another with every part, whatever the subclass is made from."""
        return _remade, (type(self), self.args, self.__dict__)

    def put(self, in_words: Callable[[str], str]) -> None:
        """Say what is wrong in other words: with names in the place of references."""
        self.what = in_words(self.what)

    def __str__(self) -> str:
        """Write the sentence."""
        sentence = self.what
        details = []
        if self.got is not None:
            details.append(f"got {_shown(self.got)}")
        if self.expected is not None:
            details.append(f"expected {self.expected}")
        if details:
            sentence += ": " + ", ".join(details)
        if not sentence.endswith("."):
            sentence += "."
        return f"{sentence} {self.todo}" if self.todo else sentence


def _remade(kind: type[LedgerError], args: tuple[Any, ...], parts: dict[str, Any]) -> LedgerError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(parts)
    return error


def _shown(value: object) -> str:
    try:
        text = value if isinstance(value, str) else repr(value)
    except (ValueError, RecursionError):  # an int of over 4,300 digits; lists nested 1,000 deep
        return f"{type(value).__name__} too large to show"
    text = text.encode("unicode_escape").decode("ascii") if not text.isprintable() else text
    if not text:
        return "nothing"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"


class ValueRefused(LedgerError, ValueError):  # noqa: N818 - read by pydantic as a ValueError
    """A reference, date, quantity or code is not one."""


class StatementError(LedgerError):
    """The bytes are not a statement of this format."""


class EntryError(LedgerError):
    """The bytes are not an entry or a submission of this format."""


class SignatureError(LedgerError):
    """A signature, or the key in it, does not hold."""


class FileError(LedgerError):
    """A file cannot be read or written."""


class KeyFileError(LedgerError):
    """A key file cannot be read, or holds a key that this ledger cannot use."""


class ProofError(LedgerError):
    """An inclusion or consistency proof does not hold."""


class NoteError(LedgerError):
    """A signed note, checkpoint or cosignature does not hold."""


class InconsistentError(LedgerError):
    """A log contradicts what was signed or held of it before; the message shows both sides."""


class TimestampError(LedgerError):
    """A timestamp of a checkpoint cannot be had, or does not hold."""


class BundleError(LedgerError):
    """A bundle is no bundle, or holds what none may hold; nothing of it was believed."""


class UnverifiedError(BundleError):
    """A bundle can be read and does not verify, so nothing is answered from it."""


class PackError(LedgerError):
    """A pack is no pack, or holds what none may hold; nothing of it was believed."""


class StoreError(LedgerError):
    """The database cannot be opened, read or written."""


class NotFoundError(LedgerError):
    """Nothing in the ledger goes by that name."""


class ImportFileError(LedgerError):
    """A published file cannot be read as what it should be."""


class MissingRuleError(LedgerError):
    """An event of the vocabulary has no rule: whoever added it forgot that, and no user can."""


class RefusedError(LedgerError):
    """The ledger does not record this; `reasons` says why, every reason at once."""

    def __init__(self, event: str, reasons: Sequence[str]) -> None:
        """Keep the event's name and the reasons, each a sentence without a full stop."""
        self.event = event
        self.reasons = tuple(reasons)
        listed = "".join(f"\n  - {reason}" for reason in self.reasons)
        super().__init__(f"{event} is refused, for these reasons:{listed}\n", todo="")

    def __str__(self) -> str:
        """Write the reasons, one a line."""
        return self.what.rstrip("\n")

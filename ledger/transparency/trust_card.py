"""The trust card: what somebody must hold to know a ledger from another that says it is this one.

`init` prints it, and people pass it on by other ways than the ledger's own::

    origin   northwick.example/support
    log key  northwick.example/support+16ac871c+AQl…
    leaf 0   8ad24a0f…
"""

from __future__ import annotations

import re
from typing import NamedTuple, Self

from ledger.errors import NoteError
from ledger.log.note import parse_verifier

__all__ = ["TrustCard"]

_LINES = {"origin": r"[a-z0-9.-]+(?:/[a-z0-9._-]+)*", "log key": r"\S+", "leaf 0": r"[0-9a-f]{64}"}
_LONGEST = 20_000


class TrustCard(NamedTuple):
    """A ledger's origin, the verifier key of its log, and the hash of its first entry."""

    origin: str
    log_key: str
    leaf: bytes

    def text(self) -> str:
        """Return the three lines of the card."""
        said = (self.origin, self.log_key, self.leaf.hex())
        return "".join(f"{label:9}{value}\n" for label, value in zip(_LINES, said, strict=True))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a card from a text that holds its lines, once each; raise NoteError if it does not.

        Lines around them, and white space before them, do not matter: people keep what `init`
        printed.
        """
        said = [_line(text[:_LONGEST], label, grammar) for label, grammar in _LINES.items()]
        card = cls(said[0], said[1], bytes.fromhex(said[2]))
        if parse_verifier(card.log_key).name != card.origin:
            raise NoteError(
                "the trust card's log key is not named by its origin",
                got=card.log_key,
                expected=f"{card.origin}+…",
                todo="Copy the card again, whole and unchanged.",
            )
        return card


def _line(text: str, label: str, grammar: str) -> str:
    found = re.findall(rf"^[ \t]*{label}[ \t]+({grammar})[ \t]*\r?$", text, re.MULTILINE)
    if len(found) != 1:
        raise NoteError(
            f"this is no trust card: it has {len(found)} lines that say the {label}",
            expected="one line each for origin, log key and leaf 0, as `school-ledger init` prints"
            " them",
            todo="Ask whoever gave you the card for its three lines.",
        )
    return str(found[0])

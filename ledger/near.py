"""What somebody may have meant who typed a word that there is not.

::

    >>> did_you_mean("inclusoin", ["inclusion", "achievement"])
    'Did you mean inclusion?'
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["did_you_mean", "near"]

_ALIKE = 60
"""Of a hundred: so much of two words must be the same, in the same order."""


def near(text: str, words: Iterable[str], most: int = 2) -> list[str]:
    """Return the words nearest to a text, nearest first; case, hyphens and underscores aside."""
    # Only when something was misspelt.
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    found = process.extract(
        text,
        sorted(set(words)),
        scorer=fuzz.ratio,
        processor=_folded,
        score_cutoff=_ALIKE,
        limit=most,
    )
    return [word for word, _, _ in found]


def did_you_mean(text: str, words: Iterable[str]) -> str:
    """Return a question that names the words nearest to a text; empty if none is near."""
    found = near(text, words)
    return f"Did you mean {' or '.join(found)}?" if found else ""


def _folded(word: str) -> str:
    return word.casefold().replace("_", " ").replace("-", " ").strip()

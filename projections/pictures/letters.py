"""How much room a text takes, and its lines where it must be broken.

Which letters a reader's machine has is not known here, so widths are those of wide ones (DejaVu
Sans, Verdana) or more: a text may get more room than it needs, and never less.
"""

from __future__ import annotations

import unicodedata
from functools import cache

SIZE = 14
SMALL = 12
BOLDER = 1.2
"""How much wider bold letters are, at most."""

_MORE = "…"
_MARKS = frozenset({"Mn", "Me"})
_NOTHING = _MARKS | {"Cf"}
_MOST_MARKS = 2
_NARROW = frozenset(" !'(),-./:;I[\\]`fijlrt|")
_WIDE = frozenset("ABCDGHKNOQRUVX&+<=>#^~")
_WIDEST = frozenset("%@MWmw")
_NARROW_WIDTH, _USUAL, _WIDE_WIDTH, _FULL, _PICTOGRAM = 0.42, 0.69, 0.84, 1.1, 1.4


def width(text: str, size: float = SIZE) -> float:
    """Return how wide a text is at most, in letters of a size."""
    return sum(map(_letter, text)) * size


@cache
def _letter(char: str) -> float:
    """Return the width of a letter as a part of the letters' size."""
    category = unicodedata.category(char)
    if category in _NOTHING:
        return 0.0
    if category == "So":
        return _PICTOGRAM
    base = unicodedata.normalize("NFD", char)[0]
    if base in _NARROW:
        return _NARROW_WIDTH
    if base in _WIDEST or not base.isascii():
        return _FULL
    return _WIDE_WIDTH if base in _WIDE else _USUAL


def lines(text: str, room: float, size: float = SIZE, most: int = 3) -> list[str]:
    """Return a text as lines that fit a room; what is more than `most` of them ends in `…`."""
    found: list[str] = []
    for piece in (piece for word in _plain(text).split() for piece in _pieces(word, room, size)):
        longer = f"{found[-1]} {piece}" if found else piece
        if found and width(longer, size) <= room:
            found[-1] = longer
        else:
            found.append(piece)
    if len(found) <= most:
        return found or [""]
    return [*found[: most - 1], _cut(" ".join(found[most - 1 :]), room, size)]


def _plain(text: str) -> str:
    """Return a text without marks that stand on nothing, or that would tower into other lines."""
    kept: list[str] = []
    standing = _MOST_MARKS
    for char in text:
        mark = unicodedata.category(char) in _MARKS
        standing = standing + 1 if mark else _MOST_MARKS if char.isspace() else 0
        if not mark or standing <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _cut(text: str, room: float, size: float = SIZE) -> str:
    """Return a text, as far as it fits a room; one that is cut ends in `…`."""
    if width(text, size) <= room:
        return text
    return _fitting(text, room - width(_MORE, size), size) + _MORE


def _pieces(word: str, room: float, size: float) -> list[str]:
    """Return a word in pieces that fit: as a rule, itself."""
    pieces = []
    while width(word, size) > room:
        piece = _fitting(word, room, size) or word[0]
        pieces.append(piece)
        word = word[len(piece) :]
    return [*pieces, word] if word else pieces


def _fitting(text: str, room: float, size: float) -> str:
    """Return as much of the beginning of a text as fits, marks with the letter they stand on."""
    taken = 0.0
    for place, char in enumerate(text):
        taken += _letter(char) * size
        if taken > room:
            return text[:place]
    return text

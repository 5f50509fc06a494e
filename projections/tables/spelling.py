r"""Names as they are compared: case, accents, apostrophes and other signs aside.

>>> folded("Siân O\u2019Brien"), folded("St. Mary's & St Luke's")
('sian obrien', 'st marys and st lukes')
"""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = dict.fromkeys(map(ord, "'`\u00b4\u02b9\u02bc\u2018\u2019\u2032\uff07"))
#: Letters that no decomposition takes apart, as people without that key type them.
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "&": " and ",
    }
)
_SIGNS = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """Return the words of a name as they are compared, with a blank between them."""
    plain = text.casefold().translate(_APOSTROPHES).translate(_LETTERS)
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain)
        plain = "".join(char for char in apart if not unicodedata.combining(char))
    return _SIGNS.sub(" ", plain).strip()

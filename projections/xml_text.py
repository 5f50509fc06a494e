"""Text as an XML document may hold it."""

from __future__ import annotations

import re

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def allowed(text: str) -> str:
    """Return a text with U+FFFD in the place of what no XML document may hold."""
    return _NO_XML.sub("\ufffd", text)

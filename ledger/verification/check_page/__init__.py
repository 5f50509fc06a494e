"""`check.html`: one page that checks a pack or a bundle in a browser, with nothing installed.

What it judges, and what it does not: docs/how-to/check-in-a-browser.md. It is kept as it is built
(`ledger.verification.check_page.build`), so that everybody has the same bytes.
"""

from __future__ import annotations

from importlib.resources import files

__all__ = ["FILE", "page"]

FILE = "check.html"


def page() -> bytes:
    """Return the page's bytes, which are those of this release wherever it is installed."""
    return (files(__name__) / FILE).read_bytes()

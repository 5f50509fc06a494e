"""The page that checks packs, opened from the disk in a browser that has no network."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from ledger.verification.check_page import page

#: As a browser does that has no Ed25519 of its own.
WITHOUT = """() => {
  const given = crypto.subtle.importKey.bind(crypto.subtle);
  crypto.subtle.importKey = (form, data, algorithm, ...more) =>
    algorithm === 'Ed25519' ? Promise.reject(new Error('NotSupportedError'))
      : given(form, data, algorithm, ...more);
}"""


class Found(NamedTuple):
    """What the page says of a file: its heading, what does not hold, and all its text."""

    heading: str
    faults: list[str]
    text: str


class Checker:
    """The page in one window."""

    def __init__(self, window):
        self.window = window

    def check(self, path, card=""):
        window = self.window
        window.set_input_files("#file", str(path))
        window.fill("#card", card if isinstance(card, str) else card.text())
        window.click("#go")
        window.wait_for_selector("#result h2")
        heading = window.inner_text("#result h2")
        faults = []
        if heading.startswith("Do not rely"):
            faults = window.locator("#result > ul").first.locator("li").all_inner_texts()
        return Found(heading, faults, window.inner_text("#result"))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return where the page lies on the disk."""
    path = tmp_path_factory.mktemp("page") / "check.html"
    path.write_bytes(page())
    return path


@pytest.fixture(scope="module")
def open_page(browser, place):
    """Open the page in a window of its own."""
    contexts = []

    def open_page(*, native=True, **how):
        context = browser.new_context(offline=True, **how)
        contexts.append(context)
        window = context.new_page()
        window.failed = []
        window.on("pageerror", lambda error: window.failed.append(str(error)))
        window.goto(place.as_uri())
        if not native:
            window.evaluate(WITHOUT)
        return Checker(window)

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def checker(open_page):
    """Return the page in a window that the tests share."""
    return open_page()

"""The page for whoever sees little, uses a keyboard alone, or has a narrow window."""

from __future__ import annotations

import base64

import pytest
from bundles import small
from examples import one_in

LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    world = small(folder / "small.db")
    yield world.bundle(folder / "b.zip"), world.card()
    world.ledger.close()


@pytest.mark.parametrize("name", one_in(3, ((name,) for name in LOOKS)))
def test_axe_finds_no_violation_before_and_after(open_page, made, name):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe").Axe()
    bundle, card = made
    checker = open_page(**LOOKS[name])

    def violations():
        found = axe.run(checker.window).response["violations"]
        return [(one["id"], one["nodes"][0]["html"]) for one in found]

    assert violations() == []
    for given in (card, ""):
        checker.check(bundle, given)
        assert violations() == []
    checker.window.set_input_files("#file", {"name": "x.zip", "mimeType": "", "buffer": b"x"})
    checker.window.click("#go")
    checker.window.wait_for_selector("#result h2")
    assert violations() == []


def test_nothing_scrolls_sideways_in_320_pixels(open_page, made):
    checker = open_page(viewport={"width": 320, "height": 640})
    checker.check(*made)
    assert checker.window.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_keyboard_alone_goes_from_file_to_card_to_button_and_the_verdict_has_the_focus(
    open_page, made
):
    window = open_page().window
    passed = []
    for _ in range(3):
        window.keyboard.press("Tab")
        passed.append(window.evaluate("document.activeElement.id"))
    assert passed == ["file", "card", "go"]
    window.set_input_files("#file", str(made[0]))
    window.focus("#go")
    window.keyboard.press("Enter")
    window.wait_for_selector("#result h2")
    assert window.evaluate("document.activeElement.textContent").startswith("This bundle agrees")


def test_without_a_file_it_says_what_to_do_and_goes_there(open_page):
    window = open_page().window
    window.click("#go")
    assert window.inner_text("#status") == "Choose the pack first."
    assert window.evaluate("document.activeElement.id") == "file"


def test_a_file_can_be_dropped_anywhere(open_page, made):
    window = open_page().window
    encoded = base64.b64encode(made[0].read_bytes()).decode()
    dropped = window.evaluate_handle(
        """text => {
          const given = new DataTransfer();
          given.items.add(new File([unbase64(text)], 'dropped.zip'));
          return given;
        }""",
        encoded,
    )
    window.dispatch_event("body", "drop", {"dataTransfer": dropped})
    assert window.inner_text("#chosen").startswith("Chosen: dropped.zip, ")
    window.click("#go")
    window.wait_for_selector("#result h2")
    assert window.inner_text("#result h2").startswith("This bundle agrees with itself")


def test_without_script_it_says_that_nothing_can_be_checked(open_page):
    window = open_page(java_script_enabled=False).window
    assert window.inner_text("#missing").startswith("Nothing can be checked here:")
    assert not window.is_visible("#form")

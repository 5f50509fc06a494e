"""Makes what tests share importable by every test, and by processes that tests start."""

import gc
import importlib.util
import os
import shutil
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import Phase, settings

from ledger.verification.check_page import page

# The same examples in every run, so that a change is judged by what it changes: a share of them by
# default, all with `--hypothesis-profile=whole`, new ones with `--hypothesis-profile=search`.
settings.register_profile("settled", derandomize=True, database=None, max_examples=20)
settings.register_profile("whole", derandomize=True, database=None, max_examples=100)
settings.register_profile("search", derandomize=False, max_examples=100)
# Whether a fault is found, not by what is least: to shorten a history takes minutes.
settings.register_profile(
    "unshortened",
    settings.get_profile("whole"),
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile("settled")

for name in (
    "derived",
    "engines",
    "examples",
    "exports_reading",
    "firefox",
    "format_examples",
    "guides",
    "hostile_report",
    "model",
    "pictures_reading",
    "recording",
    "every_event",
    "refusing",
    "moneyed",
    "pressed",
    "measured",
    "registry",
    "two_years",
):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])


import engines  # noqa: E402 - made importable above
import firefox  # noqa: E402 - as above


def pytest_addoption(parser):
    """Let whoever runs the tests name engines, and ask for every case of sampled tables."""
    parser.addoption("--every-case", action="store_true", help="sample no table")
    parser.addoption(
        "--daily-share",
        action="store_true",
        help="sweep others of a sampled table each day",
    )
    parser.addoption(
        "--engine", action="append", choices=engines.ENGINES, help="an engine to test on; repeat it"
    )


def pytest_generate_tests(metafunc):
    """Run what asks for an engine on each that is named."""
    if "engine" in metafunc.fixturenames:
        metafunc.parametrize(
            "engine", metafunc.config.getoption("engine") or ["sqlite"], scope="module"
        )


#: Folders whose tables take long as a whole: an ordinary run tries each so-many-th of their cases.
SAMPLED = {
    "cli": 2,
    "cli/demo": 2,
    "cli/keep": 3,
    "cli/log": 2,
    "cli/read": 5,
    "cli/record": 5,
    "cli/share": 3,
    "ledger/audit": 2,
    "ledger/bundle": 2,
    "ledger/recording": 2,
    "ledger/verification": 2,
    "projections/exports": 2,
    "projections/pack": 2,
    "projections/reports": 5,
    "projections/tables": 2,
}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Leave to sweeps what a table's sample leaves out; begin with what takes longest."""
    if not config.getoption("every_case"):
        _leave_to_sweeps(config, items)
    done = yield
    items[:] = _longest_first(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    return done


def _leave_to_sweeps(config: pytest.Config, items: list[pytest.Item]) -> None:
    before, left_out = Counter(), set()
    for item in items:
        every = _sampled(item)
        if every == 1:
            continue
        table = item.parent.nodeid, item.originalname
        place = before[table]
        before[table] += 1
        if place % every == 0:
            continue
        item.add_marker("sweep")
        if config.getoption("daily_share") and not _is_swept_today(item, place, every):
            left_out.add(item)
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


def _longest_first(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """Order tests so that each worker, given an equal run of them, begins with its long ones.

    Begun last, what takes long alone would leave other cores idle.
    """
    long = [item for item in items if item.get_closest_marker("long")]
    others = [item for item in items if item.get_closest_marker("long") is None]
    ends = [len(others) * number // workers for number in range(workers + 1)]
    shares = zip(range(workers), ends, ends[1:], strict=False)
    return [
        item
        for number, begin, end in shares
        for item in (*long[number::workers], *others[begin:end])
    ]


def _sampled(item: pytest.Item) -> int:
    """Return which of the cases of a test's table an ordinary run tries: each first, third, ..."""
    if not hasattr(item, "callspec"):
        return 1
    mark = item.get_closest_marker("sampled")
    folder = item.path.parent.relative_to(Path(__file__).parent).as_posix()
    return mark.args[0] if mark else SAMPLED.get(folder, 1)


def _is_swept_today(item: pytest.Item, place: int, every: int) -> bool:
    """Whether a case that no ordinary run tries is tried on this day: all are within some days."""
    mark = item.get_closest_marker("sampled")
    if mark is not None and mark.kwargs.get("every_day"):
        return True
    period = 2 * every
    days = [each for each in range(period) if each % every]
    return place % period == days[datetime.now(UTC).toordinal() % len(days)]


@pytest.fixture
def url(engine, tmp_path):
    """Return where a new ledger of the engine can be made."""
    yield engines.new_url(engine, tmp_path)
    engines.stop()


CHROMIUM = shutil.which("chromium")
FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser():
    """Return Chromium, without a window."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright to drive it")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


#: As a browser does that has no Ed25519 of its own.
WITHOUT = """() => {
  const given = crypto.subtle.importKey.bind(crypto.subtle);
  crypto.subtle.importKey = (form, data, algorithm, ...more) =>
    algorithm === 'Ed25519' ? Promise.reject(new Error('NotSupportedError'))
      : given(form, data, algorithm, ...more);
}"""


NOTHING_CHOSEN = "file.value = '', chosen.textContent = ''"
FAULTS = "[...document.querySelector('#result > ul').children].map(one => one.innerText)"


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
        # A browser may take the file before it tells the page: the one before would be checked.
        window.evaluate(NOTHING_CHOSEN)
        window.set_input_files("#file", str(path))
        window.wait_for_selector("#chosen:not(:empty)")
        window.fill("#card", card if isinstance(card, str) else card.text())
        window.click("#go")
        window.wait_for_selector("#result h2")
        heading = window.inner_text("#result h2")
        faults = []
        if heading.startswith("Do not rely"):
            faults = window.evaluate(FAULTS)
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


@pytest.fixture(
    scope="module", params=["chromium", pytest.param("firefox", marks=pytest.mark.sweep)]
)
def checker(request, place, tmp_path_factory):
    """Return the page in a window that the tests share, of each browser."""
    if request.param == "chromium":
        yield request.getfixturevalue("open_page")()
        return
    pytest.importorskip("websockets", reason="no websockets to drive Firefox")
    if FIREFOX is None:
        pytest.skip("no Firefox on this machine")
    window = firefox.Firefox(FIREFOX, tmp_path_factory.mktemp("profile"))
    window.goto(place.as_uri())
    yield Checker(window)
    window.close()


# What was imported is no garbage, and what tests leave is little: it is looked through seldom.
gc.freeze()
gc.set_threshold(50_000, 20, 100)

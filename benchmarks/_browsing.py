"""check.html beside `verify`: a whole bundle in Chromium, and how alive the page stays."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from _appending import founded, recorded
from _events import Northwick
from _timing import seconds
from verifying import next_seed

from ledger.audit.processes import inspecting
from ledger.bundle import Export, Signing, write_bundle
from ledger.log.checkpoint import Checkpoint, sign
from ledger.log.merkle import leaf_hash
from ledger.recording.application import By, Ledger
from ledger.recording.founding import new_log_key
from ledger.transparency.proofs import log_keys
from ledger.transparency.trust_card import TrustCard
from ledger.verification.check_page import page
from ledger.verification.verify import verify_bundle

_FRAMES = """() => {
  let last = performance.now();
  window.longest = 0;
  const frame = () => {
    const now = performance.now();
    window.longest = Math.max(window.longest, now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


def browsing(folder: Path, size: int) -> None:
    """Measure the check of a whole bundle, once; say so where there is no browser to ask."""
    chromium = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - an extra
    except ImportError:
        chromium = None
    if chromium is None:
        print("checked in a browser: not measured, no Chromium and playwright here")
        return
    bundle, card, entries = _bundle(folder, size)
    place = folder / "check.html"
    place.write_bytes(page())
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        window = browser.new_context(offline=True).new_page()
        window.goto(place.as_uri())
        window.set_input_files("#file", str(bundle))
        window.fill("#card", card.text())
        window.evaluate(_FRAMES)

        def checked() -> None:
            window.click("#go")
            window.wait_for_selector("#result h2", timeout=300_000)

        took = seconds(checked)
        heading = window.inner_text("#result h2")
        longest = window.evaluate("window.longest")
        browser.close()
    assert heading.startswith("The statements here are as they were signed"), heading
    with inspecting(entries) as inspect_chunks:
        beside = seconds(lambda: verify_bundle(bundle, None, card, inspect_chunks=inspect_chunks))
    print(f"A whole bundle of {entries:,} entries, checked in Chromium: {took:.1f} s")
    print(
        f"  longest wait for a frame {longest:.0f} ms; `verify`, rules judged too, {beside:.1f} s"
    )
    print(f"  the page takes {took / beside:.1f} times as long, on whatever computer it is opened")


def _bundle(folder: Path, size: int) -> tuple[Path, TrustCard, int]:
    made = Northwick(schools=size // 100)
    seed = next_seed(made)
    ledger: Ledger = founded(folder / "browsed.db", made, made.registers())
    recorded(ledger, made.support(size))
    head = ledger.head()
    note = sign(Checkpoint(ledger.origin, head.size, head.root), new_log_key(ledger.origin, seed))
    registrar = made._registrar  # noqa: SLF001 - it keeps its secrets to itself, as it should
    signing = Signing(registrar.signer, By(registrar.person, "registrar@ledger"), datetime.now(UTC))
    path = folder / "browsed.zip"
    write_bundle(path, ledger, Export(note), signing)
    card = TrustCard(ledger.origin, log_keys(ledger)[0], leaf_hash(ledger.raw(1)))
    return path, card, head.size

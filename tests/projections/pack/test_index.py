"""The contents page of a pack, as a browser shows it and as axe judges it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest
from examples import one_in

from ledger.bundle.manifest import Counts, Exporter, Manifest, Selection
from projections.exports.base import Made
from projections.pack import index
from projections.reports.base import Bundle, Heading, Report

CHROMIUM = shutil.which("chromium")
PERSON = "person:0191b1f6-6280-75b1-a522-4a58b791f1d8"
HOSTILE = '</title><script>alert(1)</script> & "Elm" 陈'
KEY = "key:SHA256:" + "A" * 43


class _Named:
    """Stands in for the names of a ledger, all of them hostile."""

    def __init__(self, *_):
        self.party = self.person = self.office = lambda _reference: HOSTILE


@pytest.fixture
def text(monkeypatch):
    facts = Bundle("part", 174, 100, HOSTILE, "presence proved", "16 texts")
    told = Heading("northwick.example/support", 174, "ab" * 32, "2026-07-31", 174, "", facts)
    monkeypatch.setattr(index, "Names", _Named)
    monkeypatch.setattr(index, "heading", lambda *_: told)
    manifest = Manifest(
        kind="part",
        origin="northwick.example/support",
        size=174,
        root="A" * 43 + "=",
        selection=Selection(party="school:900003"),
        text="none",
        exported_at="2026-08-01T09:30:00Z",
        exporter=Exporter(person=PERSON, office="registrar@ledger", key=KEY),
        counts=Counts(entries=100, disclosures=0, withheld=16, proofs=100),
        files={},
    )
    report = Report("owes", HOSTILE, told, (), [{}], "Nothing.", asked=HOSTILE)
    answers = [index.Answer(report, ("owes.html", "owes.csv", "owes.ods"))]
    made = Made(datetime(2026, 8, 1, 9, 30, tzinfo=UTC), "0.1.0")
    return index.index_page(None, None, None, manifest, answers, made).decode("utf-8")


def test_no_name_leaves_its_place(text):
    assert "<script" not in text
    assert text.count("<title>") == text.count("</title>") == 1
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize(("width", "scheme"), one_in(2, [(360, "dark"), (1920, "light")]))
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(text, tmp_path, width, scheme):
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright to drive it")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe").Axe()
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    (tmp_path / "index.html").write_text(text, encoding="utf-8")
    with playwright.sync_playwright() as driver:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=flags)
        size = {"width": width, "height": 900}
        window = chromium.new_context(viewport=size, color_scheme=scheme, offline=True).new_page()
        window.goto((tmp_path / "index.html").as_uri())
        found = axe.run(window).response["violations"]
        sideways = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert window.evaluate(sideways) is False
        window.screenshot(path=str(tmp_path / "page.png"), full_page=True)
        chromium.close()
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []

"""The page is one file of the same bytes for everybody."""

import hashlib
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import main
from ledger.verification.check_page import build, page

ROOT = Path(build.__file__).parents[3]


def test_it_is_what_its_parts_build():
    pytest.importorskip("minify", reason="nothing here to build the page with")
    assert build.built() == page()


def test_it_is_no_longer_than_38_kb():
    assert len(page()) <= 38_000


def test_its_script_and_its_style_are_allowed_by_their_hashes_and_nothing_else_is():
    text = page().decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)[1]
    script = re.search("<script>(.*)</script>", text, re.DOTALL)[1]
    style = re.search("<style>(.*)</style>", text, re.DOTALL)[1]
    assert policy == (
        f"default-src 'none'; script-src '{build._hash(script)}';"
        f" style-src '{build._hash(style)}'; base-uri 'none'; form-action 'none'"
    )


def test_it_names_nothing_on_a_network():
    assert re.findall(rb"https?:|src=|href=|@import|url\(", page()) == []


def test_the_command_writes_it_and_the_documents_name_its_digest(tmp_path):
    out = tmp_path / "check.html"
    result = CliRunner().invoke(main, ["check-page", "-o", str(out)])
    assert (result.exit_code, result.stdout) == (0, "")
    assert out.read_bytes() == page()
    guide = (ROOT / "docs/how-to/check-in-a-browser.md").read_text(encoding="utf-8")
    assert hashlib.sha256(page()).hexdigest() in guide

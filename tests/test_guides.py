"""The guide to bundles: its commands, one after another, print what it shows."""

from __future__ import annotations

import pytest
from guides import ROOT, assert_shown, blocks, run

BUNDLES = ROOT / "docs" / "how-to" / "bundles.md"


def test_the_commands_of_the_guide_to_bundles_print_what_it_shows(tmp_path):
    run("school-ledger demo", tmp_path)
    shown = blocks(BUNDLES)
    assert len(shown) > 5
    for command, output in shown:
        assert_shown(run(command, tmp_path), output)


def test_what_a_guide_leaves_out_it_says_so_and_nothing_else():
    assert_shown("one\ntwo\nthree\n", "one\ntwo\n…\n")
    for shown in ("one\n", "one\nthree\n…\n", "one\ntwo\nthree\n…\n"):
        with pytest.raises(AssertionError):
            assert_shown("one\ntwo\nthree\n", shown)

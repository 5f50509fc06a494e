"""The guides that go on from the demo: their commands, in order, print what they show."""

from __future__ import annotations

import pytest
from guides import A_NEED, ROOT, TARGETS, assert_shown, blocks, demo_in, run_here, step_on_its_day

GUIDES = {
    "answer-a-question": 6,
    "bundles": 7,
    "end-a-partnership": 7,
    "export": 3,
    "replay": 3,
    "share-with-an-inspector": 3,
    "when-a-school-changes": 12,
}
"""With how many commands at least."""


@pytest.mark.parametrize("guide", GUIDES)
def test_the_commands_of_a_guide_print_what_it_shows(guide, tmp_path):
    demo_in(tmp_path)
    shown = blocks(ROOT / "docs" / "how-to" / f"{guide}.md")
    assert len(shown) >= GUIDES[guide]
    for command, output in shown:
        assert_shown(run_here(command, tmp_path), output)


@pytest.mark.parametrize(("guide", "least"), [(A_NEED, 12), (TARGETS, 14)], ids=lambda one: one)
def test_a_guide_whose_steps_have_days_leads_from_first_to_last(guide, least, tmp_path):
    demo_in(tmp_path)
    shown = blocks(guide)
    assert len(shown) >= least
    for number, (command, output) in enumerate(shown):
        assert_shown(step_on_its_day(number, command, tmp_path), output)


def test_what_a_guide_leaves_out_it_says_so_and_nothing_else():
    assert_shown("one\ntwo\nthree\n", "one\ntwo\n…\n")
    for shown in ("one\n", "one\nthree\n…\n", "one\ntwo\nthree\n…\n"):
        with pytest.raises(AssertionError):
            assert_shown("one\ntwo\nthree\n", shown)

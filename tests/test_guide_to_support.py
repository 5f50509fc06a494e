"""The guide to support: its commands, from an offer to the end, give what it shows."""

import re

from guides import SUPPORT, assert_shown, blocks, demo_in, run_here

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}")
_TODAY = re.compile(r"^as of {5}(\S+)$", re.MULTILINE)


def test_the_commands_of_the_guide_to_support_print_what_it_shows(tmp_path):
    demo_in(tmp_path)
    shown = blocks(SUPPORT)
    assert len(shown) == 12
    (told, *_) = _TODAY.findall(SUPPORT.read_text(encoding="utf-8"))
    ids: dict[str, str] = {}
    today = ""
    for said, output in shown:
        command = said
        for named, recorded in ids.items():
            command = command.replace(named, recorded)
        printed = run_here(command, tmp_path)
        ids |= dict(zip(_ID.findall(output), _ID.findall(printed), strict=False))
        today = today or next(iter(_TODAY.findall(printed)), "")
        assert_shown(_masked(printed, today), _masked(output, told))


def _masked(text, today):
    """Leave out ids, the day on which it is told, and how many entries the demo has."""
    told = re.sub(r"(?<=position )\d+|(?<=known at  )\d+", "#", _ID.sub("#", text))
    return told.replace(today, "<on this day>") if today else told

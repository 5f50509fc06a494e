"""The guide to the published registers: its files, read by its commands, give what it shows."""

import re

from guides import REGISTERS, assert_shown, blocks, demo_in, files, run_here


def test_the_commands_of_the_guide_to_registers_print_what_it_shows(tmp_path):
    demo_in(tmp_path)
    for name, text in files(REGISTERS):
        (tmp_path / name).write_text(text, encoding="utf-8")
    shown = blocks(REGISTERS)
    assert len(shown) == 8
    for command, output in shown:
        assert_shown(_masked(run_here(command, tmp_path)), _masked(output))


def _masked(text):
    """Leave out ids, today, and how many entries the ledger of the demo has."""
    counts = r"(?<=record  )\d+|(?<=position )\d+|(?<=known at  )\d+"
    today = r"(?<=^as of     )[0-9-]{10}$"
    ids = r"[0-9a-f]{8}-[0-9a-f]{4}"
    return re.sub(f"{counts}|{today}|{ids}", "#", text, flags=re.MULTILINE)

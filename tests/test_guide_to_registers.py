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


_TODAY = r"(?<=recorded on )[\d-]{10}|(?<=as of     )[\d-]{10}"


def _masked(text):
    """Leave out ids, today, and how many entries the ledger of the demo has: not the guide's."""
    ids = r"(?<=record  )\d+|(?<=position )\d+|[0-9a-f]{8}-[0-9a-f]{4}"
    return re.sub(rf"{_TODAY}|{ids}", "#", text)

"""The reference page of columns tells of every report what it writes, and what narrows it."""

import csv
import io
import re

import pytest

from cli.read.catalogue import REPORTS
from cli.read.reference import columns_page

ASKED = {"history": ("900003",), "diff": ("100", "120")}


def section(name):
    return columns_page().partition(f"\n## {name}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_writes_the_columns_that_the_page_tells_of_it(at, name):
    written = at("report", name, *ASKED.get(name, ()), "--format", "csv", "-q").stdout
    names = next(csv.reader(io.StringIO(written)))
    assert re.findall(r"^\| `(\w+)` \|", section(name), re.MULTILINE) == names


def test_what_narrows_a_report_is_told_by_the_options_that_it_takes(at):
    narrowed = dict.fromkeys(REPORTS)
    for name in REPORTS:
        _, found, options = section(name).partition("Narrowed by ")
        if found:
            narrowed[name] = re.findall(r"`(--[a-z-]+)`", options.partition("\n")[0])
            help_of = at("report", name, "--help").stdout
            assert all(option in help_of for option in narrowed[name])
    assert narrowed["schools"]
    assert narrowed["parties"] is None

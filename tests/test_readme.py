"""The README's commands print what the README says, but for what depends on fresh keys."""

from __future__ import annotations

import re

import pytest
from guides import ROOT, assert_shown, blocks, demo_in, run

PAGE = ROOT / "README.md"
README = PAGE.read_text(encoding="utf-8")
BLOCKS = blocks(PAGE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("readme")
    demo_in(place)
    return place


@pytest.mark.parametrize(("command", "output"), BLOCKS, ids=[block[0] for block in BLOCKS])
def test_the_command_prints_what_the_readme_shows(command, output, folder):
    assert_shown(run(command, folder), output)


def test_the_readme_gives_one_command_to_try_and_one_to_test():
    commands = re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)
    assert [command.rsplit("/", 1)[1] for command in commands] == [
        "school-ledger demo",
        "python -m pytest",
    ]


def test_every_page_of_the_documents_is_in_the_readme():
    pages = {str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")}
    assert pages - set(re.findall(r"\]\(([^)#:]+)\)", README)) == set()


def test_every_file_that_the_readme_links_is_there():
    missing = [
        link for link in re.findall(r"\]\(([^)#:]+)\)", README) if not (ROOT / link).exists()
    ]
    assert missing == []

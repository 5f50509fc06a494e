"""Reports at several moments: whole answers, as they are kept in files."""

import pytest

from cli.read.catalogue import REPORTS
from tests.golden.answers import ANSWERS, OF_OTHERS, answered, commands, demo, other

pytestmark = pytest.mark.sampled(3, every_day=True)

MOMENTS = 3
#: What is asked by a command of its own.
COMMANDS = {"owes", "history", "replay", "diff"}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """The ledger of the demo."""
    return demo(tmp_path_factory.mktemp("demo"))


@pytest.mark.parametrize("path", sorted(ANSWERS.glob("*.txt")), ids=lambda path: path.stem)
def test_a_report_answers_as_it_did(request, tmp_path, path):
    typed = commands(path)
    is_other = path.stem in OF_OTHERS
    ledger = other(path.stem, tmp_path) if is_other else request.getfixturevalue("ledger")
    assert len(typed) >= MOMENTS
    asked = [path.stem] if path.stem in COMMANDS else ["report", path.stem]
    assert all(words[: len(asked)] == asked for words in typed)
    assert answered(typed, ledger) == path.read_text(encoding="utf-8")


def test_every_report_and_what_is_asked_by_a_command_of_its_own_has_its_answers():
    asked = COMMANDS | {name for name, lazy in REPORTS.items() if lazy.at.endswith(":QUESTION")}
    assert asked == {path.stem for path in ANSWERS.glob("*.txt")}

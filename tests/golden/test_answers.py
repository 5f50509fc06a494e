"""Reports on the demo at several moments: whole answers, as they are kept in files."""

import pytest

from cli.demo.tell import tell
from tests.golden.answers import ANSWERS, answered, commands

MOMENTS = 3


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """The ledger of the demo."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "keys").mkdir()
    tell(folder, 7, lambda _: None).close()
    return folder / "demo.db"


@pytest.mark.parametrize("path", sorted(ANSWERS.glob("*.txt")), ids=lambda path: path.stem)
def test_a_report_answers_as_it_did(ledger, path):
    typed = commands(path)
    assert len(typed) >= MOMENTS
    assert all(words[:2] == ["report", path.stem] for words in typed)
    assert answered(typed, ledger) == path.read_text(encoding="utf-8")

"""Progress bars: on a terminal, after a second, wiped in the end."""

import io
from types import SimpleNamespace

import pytest

from cli.terminal import progress, screen
from cli.terminal.progress import Progress
from cli.terminal.session import Session


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def stderr(monkeypatch):
    terminal = Terminal()
    for module in (progress, screen):
        monkeypatch.setattr(module, "sys", SimpleNamespace(stderr=terminal))
    return terminal


@pytest.fixture
def _at_once(monkeypatch):
    monkeypatch.setattr(progress, "_AFTER_SECONDS", 0)
    monkeypatch.setattr(progress, "_EVERY_SECONDS", 0)


@pytest.mark.usefixtures("_at_once")
def test_a_bar_is_drawn_and_wiped(stderr):
    bar = Progress("Reading", quiet=False)
    bar(1_000, 4_000)
    assert stderr.getvalue() == "\rReading [######------------------] 1,000 of 4,000\x1b[K"
    bar(4_000, 4_000)
    assert stderr.getvalue().endswith("\r\x1b[K")


def test_nothing_is_drawn_within_a_second(stderr):
    Progress("Reading", quiet=False)(1, 2)
    assert stderr.getvalue() == ""


@pytest.mark.usefixtures("_at_once")
def test_nothing_is_drawn_when_quiet(stderr):
    session = Session()
    session.quiet = True
    Progress("Reading", quiet=session.quiet)(1, 2)
    assert stderr.getvalue() == ""


@pytest.mark.usefixtures("_at_once")
def test_nothing_is_drawn_where_there_is_no_terminal(capsys):
    Progress("Reading", quiet=False)(1, 2)
    assert capsys.readouterr().err == ""

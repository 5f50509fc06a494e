"""All text reaches a terminal on one way: nothing in it steers, and no letter makes it fail."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys

import click
import pytest

from cli.terminal import screen
from cli.terminal.screen import guarded, harmless, printable, shown, steer

pytestmark = pytest.mark.sampled(4)

HOSTILE = "a\x1b]0;owned\x07b\x9b2Jc\u202ed\x00e\x7f"
SEEN = "a\\x1b]0;owned\\x07b\\x9b2Jc\\u202ed\\x00e\\x7f"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Zoë Ødegård, 學校", "Zoë Ødegård, 學校"),
        ("a\u00a0b", "a\u00a0b"),
        (HOSTILE, SEEN),
        ("one\ntwo", "one\\ntwo"),
        ("a\rb", "a\\rb"),
        ("\ud800", "\\ud800"),
        ("\u2028", "\\u2028"),
        ("", ""),
    ],
)
def test_a_line_shows_what_would_steer_and_stays_one(text, seen):
    assert printable(text) == seen


def test_lines_stay_lines_and_nothing_else_does():
    assert shown(f"one\n{HOSTILE}\n") == f"one\n{SEEN}\n"
    assert harmless(f"a\tb\r\n{HOSTILE}\r\nc\rd") == f"a\tb\r\n{SEEN}\r\nc\\rd"


class Terminal(io.TextIOWrapper):
    def isatty(self):
        return True


def written(how, stream_type=Terminal, encoding="utf-8", monkeypatch=None):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", stream_type(raw, encoding=encoding))
    monkeypatch.setattr(sys, "stderr", stream_type(raw, encoding=encoding))
    with guarded():
        how()
    return raw.getvalue().decode(encoding)


WAYS = {
    "echo": lambda: click.echo(HOSTILE),
    "write": lambda: sys.stdout.write(f"{HOSTILE}\n"),
    "writelines": lambda: sys.stdout.writelines([HOSTILE, "\n"]),
    "bytes": lambda: sys.stdout.buffer.write(f"{HOSTILE}\n".encode()),
    "stderr": lambda: sys.stderr.write(f"{HOSTILE}\n"),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_whichever_way_it_is_written(way, monkeypatch):
    assert written(way, monkeypatch=monkeypatch) == f"{SEEN}\n"


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_where_no_terminal_is_bytes_stay_as_they_are(way, monkeypatch):
    assert written(way, io.TextIOWrapper, monkeypatch=monkeypatch) == f"{HOSTILE}\n"


@pytest.mark.parametrize("stream", [Terminal, io.TextIOWrapper], ids=["terminal", "pipe"])
@pytest.mark.parametrize("encoding", ["ascii", "iso-8859-1"])
def test_a_letter_that_an_encoding_does_not_have_is_an_escape(stream, encoding, monkeypatch):
    def how():
        sys.stdout.write("Łódź\n")

    expected = "\\u0141ód\\u017a\n" if encoding != "ascii" else "\\u0141\\xf3d\\u017a\n"
    assert written(how, stream, encoding, monkeypatch=monkeypatch) == expected


def test_a_letter_cut_in_two_is_put_together(monkeypatch):
    def how():
        buffer = sys.stdout.buffer
        for byte in "é".encode():
            buffer.write(bytes([byte]))

    assert written(how, monkeypatch=monkeypatch) == "é"


def test_only_what_is_meant_to_steer_does(monkeypatch):
    assert written(lambda: steer("\r\x1b[K"), monkeypatch=monkeypatch) == "\r\x1b[K"


def test_what_stood_there_before_stands_there_again_and_is_open(monkeypatch):
    raw = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", raw)
    with guarded():
        assert isinstance(sys.stdout, screen._Guarded)
        sys.stdout.write("inside\n")
    assert sys.stdout is raw
    sys.stdout.write("after\n")
    raw.flush()
    assert raw.buffer.getvalue() == b"inside\nafter\n"


@pytest.mark.parametrize("stream", [None, io.StringIO()])
def test_what_is_no_stream_of_bytes_is_left_alone(stream, monkeypatch):
    monkeypatch.setattr(sys, "stdout", stream)
    with guarded():
        assert sys.stdout is stream


# -- the command itself ------------------------------------------------------------------------

COMMAND = "import sys; from cli.main import main; sys.argv[0] = 'school-ledger'; main()"


def on_a_terminal(folder, *args):
    """Run the command on a terminal of its own, and return what reached the terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, *args], stdout=theirs, stderr=theirs, cwd=folder
    ) as process:
        os.close(theirs)
        told = b""
        try:
            while piece := os.read(ours, 65_536):
                told += piece
        except OSError:
            pass  # as a terminal that is closed says on Linux
        assert process.wait() in (0, 1, 2)
    os.close(ours)
    return told.decode()


@pytest.mark.parametrize("form", ["table", "csv", "json", "jsonl"])
def test_a_name_in_an_argument_does_not_steer_the_terminal(world, form):
    told = on_a_terminal(world.folder, "history", HOSTILE.replace("\0", ""), "--format", form)
    assert "\x1b" not in told
    assert "\x07" not in told
    assert "\\x1b]0;owned" in told


@pytest.mark.parametrize("form", ["table", "csv", "json", "jsonl"])
@pytest.mark.parametrize("encoding", ["ascii", "iso-8859-1", "utf-8"])
def test_an_accented_name_fails_no_report(world, encoding, form):
    said = ("--body", "lodz", "--kind", "local_authority", "--name", "Łódź Council")
    world.done("record", "BodyRegistered", *said)
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "history", "lodz", "--format", form],
        env={**os.environ, "PYTHONIOENCODING": encoding, "LC_ALL": "C"},
        cwd=world.folder,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr
    assert b"d\\u017a" in done.stdout or "dź" in done.stdout.decode(encoding)

"""How long a command takes to start, beside importing click alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from _compiled import environment
from _timing import compare, in_turn, seconds, verdict

_CLICK = 'python -c "import click"'
_HELP = "school-ledger --help"


def cold_start(rounds: int) -> None:
    """Compare `--help` with importing click."""
    command = shutil.which("school-ledger", path=str(Path(sys.executable).parent))
    if command is None:
        print("\nCold start: skipped, school-ledger is not installed beside this Python")
        return

    def click() -> float:
        return seconds(lambda: _run(sys.executable, "-c", "import click"))

    def ours() -> float:
        return seconds(lambda: _run(command, "--help"))

    figures = in_turn({_CLICK: click, _HELP: ours}, 3 * rounds)
    compare("Cold start", figures)
    ratio = figures[_HELP].median / figures[_CLICK].median
    verdict("over importing click", ratio, 1.5, at_least=False)


def _run(*arguments: str) -> None:
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, env=environment())

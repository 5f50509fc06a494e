"""Runs a command again and again, killed a step later each time, and tells what it left.

    python tests/killing.py FOLDER COMMAND…

A step is whatever the command does with a file of the folder: opens, renames, removes it, or has
SQLite open it. After each run a line tells, as JSON, at which step it was killed (null: it was
not) and what is in the folder.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import stat
import sys
from pathlib import Path

STEPS = frozenset({"open", "os.rename", "os.remove", "os.chmod", "os.mkdir", "sqlite3.connect"})
MOST = 400


def kill_at(step: int, folder: str) -> None:
    """Let this process end at once as it begins its so-manieth step."""
    left = [step]

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event not in STEPS or not args or not isinstance(args[0], (str, bytes, Path)):
            return
        if not Path(os.fsdecode(args[0])).absolute().is_relative_to(folder):
            return
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def main() -> None:
    """Load what the command needs once, then run it in copies of this process."""
    folder, *words = sys.argv[1:]
    os.chdir(folder)
    run = importlib.import_module("cli.main").main
    for name in (
        "cli.share.load",
        "cli.share.export",
        "ledger.bundle.entries_file",
        "ledger.bundle",
        "ledger.audit.processes",
    ):
        importlib.import_module(name)
    for step in range(1, MOST):
        child = os.fork()
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            kill_at(step, folder)
            try:
                run(words)
            except SystemExit as ended:
                os._exit(int(ended.code or 0))
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status)
        files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in Path().iterdir()}
        code = None if killed else os.WEXITSTATUS(status)
        sys.stdout.write(json.dumps({"step": step, "code": code, "files": files}) + "\n")
        sys.stdout.flush()
        sys.stdin.readline()  # whoever looks is done looking
        if not killed:
            return


if __name__ == "__main__":
    main()

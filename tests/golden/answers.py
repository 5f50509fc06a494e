"""Answers of reports at several moments, a file a report: commands and what they print.

They are asked of the demo; what that tells too little of, of a small record made up for it.

`python tests/golden/answers.py` prints each anew after its command; see what changed, and why.
"""

from __future__ import annotations

import re
import shlex
import sys
import tempfile
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]
ANSWERS = ROOT / "tests" / "golden" / "answers"
#: Reports on what the demo tells too little of, with the module that tells a record of it.
OF_OTHERS = {"funding": "moneyed"}
_COMMAND = re.compile(r"^\$ school-ledger (.*)$", re.MULTILINE)
_HASH = re.compile(r"\b[0-9a-f]{64}\b")


def commands(path: Path) -> list[list[str]]:
    """Return the commands of a file of answers."""
    return [shlex.split(line) for line in _COMMAND.findall(path.read_text(encoding="utf-8"))]


def answered(typed: list[list[str]], ledger: Path) -> str:
    """Return commands, each with what it prints on a ledger, without what depends on fresh keys."""
    from click.testing import CliRunner  # noqa: PLC0415 - only once the path is set

    from cli.main import main  # noqa: PLC0415 - as above

    told = []
    for words in typed:
        done = CliRunner(env={"COLUMNS": "120"}).invoke(main, ["--ledger", str(ledger), *words])
        assert done.exit_code == 0, done.output
        told.append(f"$ school-ledger {shlex.join(words)}\n{_HASH.sub('<hash>', done.stdout)}")
    return "\n".join(told)


def demo(folder: Path) -> Path:
    """Tell the demo into a folder; return its ledger."""
    from cli.demo.tell import tell  # noqa: PLC0415 - as above

    (folder / "keys").mkdir()
    tell(folder, 7, lambda _: None).close()
    return folder / "demo.db"


def other(report: str, folder: Path) -> Path:
    """Tell what a report is about that the demo tells too little of; return its ledger."""
    path = folder / f"{report}.db"
    import_module(OF_OTHERS[report]).tell(path).ledger.close()
    return path


def write_anew() -> None:
    """Ask every command of every file again, and write what it prints."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ledger = demo(folder)
        for path in sorted(ANSWERS.glob("*.txt")):
            asked = other(path.stem, folder) if path.stem in OF_OTHERS else ledger
            path.write_text(answered(commands(path), asked), encoding="utf-8")


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    write_anew()

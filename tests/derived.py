"""Everything that follows from the code and is kept beside it, written anew by one command.

`python tests/derived.py` writes golden entries that are missing, the reference pages, the worked
examples, golden answers, and what the documents show of commands. `--models` makes all golden
entries and the golden ledger of this release anew as well: only before that release is used.
See what changed, and why.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
_GOLDEN = ("tests/golden/entries", "tests/golden/expected", "tests/golden/ledgers")
PAGES = {
    "ledger.events.reference": "docs/reference/events.md",
    "ledger.domain.reference": "docs/reference/obligations.md",
    "ledger.domain.refusals_reference": "docs/reference/refusals.md",
    "cli.read.reference": "docs/reference/columns.md",
}
_WRITERS = (
    "tests/golden/make.py",
    "tests/golden/make_ledger.py",
    "tests/format_examples.py",
    "tests/golden/answers.py",
    "tests/guides.py",
)


def _run(*words: str) -> bytes:
    command = [sys.executable, "-X", "utf8", *words]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout


def main(arguments: list[str]) -> int:
    """Write it all; return the exit code."""
    if arguments == ["--models"]:
        for path in (one for folder in _GOLDEN for one in (ROOT / folder).iterdir()):
            path.unlink()
    for module, page in PAGES.items():
        (ROOT / page).write_bytes(_run("-m", module))
    for writer in _WRITERS:
        _run(writer)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

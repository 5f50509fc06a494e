"""Running the program as whoever installed it runs it: compiled before it starts.

An installation compiles it. A folder that is worked in is compiled as it is first run, and where
the environment forbids that, each time anew, which is half of what an answer takes then.
"""

from __future__ import annotations

import compileall
import os
from functools import cache
from pathlib import Path

_PROJECT = Path(__file__).parents[1]
_NEVER = "PYTHONDONTWRITEBYTECODE"


@cache
def environment() -> dict[str, str]:
    """Compile the program, and return an environment to run it in, in a process of its own."""
    for package in ("ledger", "projections", "cli"):
        compileall.compile_dir(_PROJECT / package, quiet=1)
    return {name: value for name, value in os.environ.items() if name != _NEVER}

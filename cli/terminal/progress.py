"""A bar on stderr for what takes over a second, and only on a terminal."""

from __future__ import annotations

import sys
import time

from cli.terminal.screen import steer

_AFTER_SECONDS = 1.0
_EVERY_SECONDS = 0.1
_WIDTH = 24


class Progress:
    """Told how much is done of how much, draws a bar; wipes it when all is done."""

    def __init__(self, label: str, *, quiet: bool) -> None:
        """Begin to count the time; draw nothing where it is to be `quiet`."""
        self._label = label
        self._shown = not quiet and sys.stderr.isatty()
        self._next = time.monotonic() + _AFTER_SECONDS
        self._drawn = False

    def __call__(self, done: int, total: int) -> None:
        """Draw, now and then."""
        if not self._shown:
            return
        if done >= total:
            self.wipe()
        elif time.monotonic() >= self._next:
            self._next = time.monotonic() + _EVERY_SECONDS
            self._drawn = True
            full = _WIDTH * done // max(total, 1)
            bar = "#" * full + "-" * (_WIDTH - full)
            steer(f"\r{self._label} [{bar}] {done:,} of {total:,}\x1b[K")

    def wipe(self) -> None:
        """Take the bar away."""
        if self._drawn:
            self._drawn = False
            steer("\r\x1b[K")

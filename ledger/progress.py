"""How whoever waits is told how far a long task has come."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["Progress"]

Progress = Callable[[int, int], None]
"""Called every now and then with how much is done, of how much."""

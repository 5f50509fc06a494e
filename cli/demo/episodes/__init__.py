"""Episodes beside the plain story, each of what a head or an officer meets sooner or later.

Each has a day on which it begins and plans what follows. Their days are not those of the plain
story, whose events keep their ids and times.
"""

from __future__ import annotations

from cli.demo.story import Action

__all__ = ["EPISODES"]

EPISODES: tuple[tuple[str, Action], ...] = ()
"""The day on which each begins, and what begins it."""

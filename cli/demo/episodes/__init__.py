"""Episodes beside the plain story, each of what a head or an officer meets sooner or later.

Each has a day on which it begins and plans what follows. Their days are not those of the plain
story, whose events keep their ids and times.
"""

from __future__ import annotations

from cli.demo.episodes.accounts import answered
from cli.demo.episodes.agreement import reviewed
from cli.demo.episodes.category import inspected
from cli.demo.episodes.challenge import judged
from cli.demo.episodes.circle import widen
from cli.demo.episodes.closing import trouble
from cli.demo.episodes.early_end import stopped
from cli.demo.episodes.figures import published
from cli.demo.episodes.key import without_a_key
from cli.demo.episodes.money import funded
from cli.demo.episodes.need import disputed
from cli.demo.episodes.neighbours import beyond
from cli.demo.episodes.programme import visited
from cli.demo.episodes.rules import agreed_anew
from cli.demo.episodes.targets import five_masters
from cli.demo.episodes.thin import spread_thin
from cli.demo.episodes.valley import two_schools
from cli.demo.story import Action

__all__ = ["EPISODES"]

EPISODES: tuple[tuple[str, Action], ...] = (
    ("2024-09-04", widen),
    ("2024-11-14", inspected),
    ("2025-01-06", without_a_key),
    ("2025-02-10", reviewed),
    ("2025-05-21", answered),
    ("2025-09-22", disputed),
    ("2025-09-24", visited),
    ("2025-10-13", trouble),
    ("2025-10-30", published),
    ("2026-01-06", spread_thin),
    ("2026-01-07", stopped),
    ("2026-01-16", funded),
    ("2026-01-22", five_masters),
    ("2026-02-02", two_schools),
    ("2026-02-20", beyond),
    ("2026-03-11", judged),
    ("2026-06-15", agreed_anew),
)
"""The day on which each begins, and what begins it."""

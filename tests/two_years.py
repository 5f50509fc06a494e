"""The first two years of the demo's story: a ledger of 174 entries for tests that count them.

They are told without the demo's episodes, of which there are more as the domain grows; what is
asserted of these years stays.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from cli.demo import tell as story
from ledger.recording.application import Ledger

ORIGIN = story.ORIGIN

tell: Callable[[Path, int, Callable[[str], None]], Ledger] = partial(
    story.tell, until="2026-08-31", episodes=()
)
"""Record them in `demo.db` of a folder, and return the ledger, open."""

"""Which events take earlier ones back, and which they name: told by name and data alone.

::

    >>> taken_back("RecordDisowned", {"events": ["event:0193…"]})
    ['0193…']
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

WITHDRAWN = "EventWithdrawn"
DISOWNED = "RecordDisowned"
#: The events by which others are disregarded.
TAKING_BACK = (WITHDRAWN, DISOWNED)


def taken_back(name: str, data: Mapping[str, Any]) -> list[str]:
    """Return the ids of the events that an event takes back; none if it takes back none."""
    if name not in TAKING_BACK:
        return []
    named = [data["event"]] if name == WITHDRAWN else data["events"]
    return [reference.partition(":")[2] for reference in named]

"""Tags of an entry from its bytes, without reading JSON.

For statements that are known to be canonical, because their event's pattern matched
(`ledger.format.patterns`): whatever may be a reference stands there as a plain quoted string.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ledger.values import tags_of

_MOST_KEPT = 100_000
# Possessive, for nothing that is given back could fit otherwise, and most strings fit nothing.
_QUOTED = re.compile(rb'"((?:[a-z_]++(?:@[a-z_]++)?+:|[0-9a-f]{8}-)[^"]++|registrar@ledger)"')


@lru_cache(maxsize=_MOST_KEPT)
def _tags_of(text: bytes) -> tuple[str, ...]:
    return tags_of(text.decode())


def tags_by_pattern(event: bytes, office: bytes, key: str, statement: bytes) -> list[str]:
    """Return the tags of an entry whose pattern matched, sorted: what `entry_tags` returns."""
    tags = {f"event:{event.decode()}", f"office:{office.decode()}", key}
    for text in _QUOTED.findall(statement):
        tags.update(_tags_of(text))
    return sorted(tags)

"""Tags of an entry from its bytes, without reading JSON.

For statements that are known to be canonical, because their event's pattern matched
(`ledger.format.patterns`): whatever may be a reference stands there as a plain quoted string.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ledger.values import tags_of

_MOST_KEPT = 100_000
# Of these tags an entry has those of its signer as well, of whom it need not speak.
_OF_SIGNERS = ("office:", "key:", "person:")
# What registrars say most, and which office, key or person these are about they name.
_NAMING = tuple(
    f'"type":"{name}.v'.encode()
    for name in ("Appointed", "AppointmentEnded", "KeyEnrolled", "PersonEnrolled", "Vouched")
)
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


def speaks_of(tag: str, entry: bytes) -> bool:
    """Return whether an entry with a tag may say something of what the tag names.

    A registrar signs most of what there is about people and keys, and each of these entries has
    the tag of the registrar's office and key. Whoever asks about these need not read them all:
    what is only signed there, about others, is told by its bytes.
    """
    if not tag.startswith(_OF_SIGNERS) or not entry.startswith(_NAMING, entry.rfind(b'"type":"')):
        return True
    said = f'"{tag.removeprefix("office:")}"'.encode()
    # The envelope comes after the data, and its strings hold no quotes.
    return entry.find(said, 0, entry.rfind(b',"occurredon":"')) >= 0

"""One entry that was judged, appended by one call of the server: a single way there and back.

Whoever judged it kept nobody out meanwhile. The server takes the lock that every writer takes,
looks whether anything was recorded by which it was judged, and if not keeps the entry, its tags,
its texts and the nodes of the log that it completes. The call is a transaction of its own: what it
kept is durable when it answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

from psycopg import errors

from ledger.store.base import Judged, Row, Taken
from ledger.store.postgres.database import Database
from ledger.store.recorder import refuse_odd

_MOST_SINCE: Final = 256
"""Entries recorded since that the server tells; whoever is further behind reads on by pages."""
_TIME: Final = len('{"recorded_at":"2026-01-01T00:00:00Z')
"""Bytes with which an entry begins, up to the end of the time at which it was recorded."""

# Its rows are the entries recorded since, and last the new one's position with no entry beside it;
# none where it is for whoever decides alone. No plan that was made for a small table is kept for a
# large one: only indices are used.
FUNCTION: Final = f"""
CREATE OR REPLACE FUNCTION append_judged(
    judged_after bigint, looked_at text[], looked_for text[], looked_for_anywhere text[],
    own text, entry_type text, entry bytea, entry_tags text[], leaf bytea,
    pointers text[], salts bytea[], texts text[], digests bytea[], patience text
) RETURNS TABLE (at bigint, kept bytea) LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    head bigint;
    place bigint;
    height int := 0;
    node bytea := leaf;
    sibling bytea;
BEGIN
    PERFORM set_config('lock_timeout', patience, true);
    LOCK TABLE events IN EXCLUSIVE MODE;
    SELECT coalesce(max(position), 0) INTO head FROM events;
    IF head < judged_after OR head > judged_after + {_MOST_SINCE}
        OR EXISTS (SELECT 1 FROM tags WHERE tag = 'event:' || own)
        OR head <> (SELECT coalesce(max(idx), -1) + 1 FROM log WHERE level = 0)
    THEN
        RETURN;
    END IF;
    IF head > judged_after THEN
        RETURN QUERY SELECT position, data FROM events
            WHERE position > judged_after ORDER BY position;
        IF EXISTS (
            SELECT 1 FROM unnest(looked_at, looked_for) AS looked(tag, type) JOIN tags AS t
            ON t.tag = looked.tag AND t.type = looked.type AND t.position > judged_after
        ) OR EXISTS (
            SELECT 1 FROM events
            WHERE position > judged_after AND type = ANY (looked_for_anywhere)
        ) OR (
            SELECT substr(data, 1, {_TIME}) FROM events WHERE position = head
        ) > substr(entry, 1, {_TIME})
        THEN
            RETURN;
        END IF;
    END IF;
    INSERT INTO events (position, type, data, tags)
        VALUES (head + 1, entry_type, entry, entry_tags);
    INSERT INTO tags (tag, type, position)
        SELECT DISTINCT tag, entry_type, head + 1 FROM unnest(entry_tags) AS tag;
    IF cardinality(pointers) > 0 THEN
        INSERT INTO vault (event, pointer, salt, value, salt_digest)
            SELECT own, one.* FROM unnest(pointers, salts, texts, digests) AS one;
    END IF;
    place := head;
    LOOP
        INSERT INTO log (level, idx, hash) VALUES (height, place, node);
        EXIT WHEN place & 1 = 0;
        SELECT hash INTO STRICT sibling FROM log WHERE level = height AND idx = place - 1;
        node := sha256('\\x01'::bytea || sibling || node);
        place := place >> 1;
        height := height + 1;
    END LOOP;
    RETURN QUERY SELECT head + 1, NULL::bytea;
END
$$;
"""  # noqa: S608 - constants

_CALL: Final = (
    "SELECT * FROM append_judged(%s::bigint, %s::text[], %s::text[], %s::text[], %s::text,"
    " %s::text, %s::bytea, %s::text[], %s::bytea, %s::text[], %s::bytea[], %s::text[],"
    " %s::bytea[], %s::text)"
)


def append_judged(database: Database, judged: Judged) -> Taken:
    """Append an entry by the call; raise StoreError as the database does.

    What it holds twice is not its to say: whoever decides alone tells which.
    """
    refuse_odd([(judged.after + 1, judged.event)])
    try:
        rows = database.call(_CALL, (*_parameters(judged), database.lock_timeout))
    except (errors.UniqueViolation, errors.NoDataFound):
        return Taken(None, [])
    return _taken(rows)


def _parameters(judged: Judged) -> Sequence[object]:
    looked = [(tag, name) for tag, types in judged.selectors for name in types]
    name, data, tags = judged.event.type, judged.event.data, judged.event.tags
    return (
        judged.after,
        [tag for tag, _ in looked],
        [name for _, name in looked],
        judged.types,
        judged.id,
        name,
        data,
        tags,
        judged.leaf,
        [pointer for _, pointer, _, _ in judged.texts],
        [salt for _, _, salt, _ in judged.texts],
        [text for _, _, _, text in judged.texts],
        [hashlib.sha256(salt).digest() for _, _, salt, _ in judged.texts],
    )


def _taken(rows: list[tuple[int, Any]]) -> Taken:
    if not rows or rows[-1][1] is not None:
        return Taken(None, rows)
    others: list[Row] = rows[:-1]
    return Taken(rows[-1][0], others)

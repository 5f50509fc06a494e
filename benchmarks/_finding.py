"""Names found among very many: what holds a text, and what comes near it, tables held in memory."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from types import SimpleNamespace
from typing import Any

from _timing import Figures, seconds

from projections.reports.finding import found, near
from projections.reports.names import people
from projections.tables.layouts import LAYOUTS
from projections.tables.spelling import folded
from projections.tables.views import Moment

_KINDS = ("Primary School", "Academy", "Church of England Primary School", "High School")
_LETTERS = "abcdeghilmnoprstuvw"
_WORDS = 8_000
_SEED = 7


def finding(rounds: int, parties: int = 50_000) -> None:
    """Measure, of half as many schools as people, a search by a part of a name, and a slip."""
    chance = random.Random(_SEED)  # noqa: S311 - made-up names
    words = ["".join(chance.choices(_LETTERS, k=chance.randint(4, 10))) for _ in range(_WORDS)]
    at = Moment("2026-01-01", parties)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        store: Any = _filled(connection, chance, words, parties // 2)
        assert len(people(connection, store, at)) == parties // 2
        typed = words[0]
        slip = f"{typed[:2]}{typed[3:]} primary"
        works = {
            "a word of a name": lambda: found(connection, store, at, typed),
            "what comes near a slip": lambda: near(connection, store, at, slip),
        }
        for name, work in works.items():
            times = Figures(tuple(seconds(work) for _ in range(rounds)))
            print(times.line(f"found among {parties:,} names: {name}"))


def _filled(
    connection: sqlite3.Connection, chance: random.Random, words: list[str], each: int
) -> SimpleNamespace:
    """Fill the tables with schools and people, and return a store with the people's names."""
    for layout in LAYOUTS:
        connection.executescript(layout.tables)
    texts = {}
    for number in range(each):
        name = " ".join((*chance.sample(words, 2), chance.choice(_KINDS)))
        school, event = f"school:{number + 100_000}", f"e{number:035}"
        connection.execute("INSERT INTO called VALUES (?, ?, ?)", (school, folded(name), number))
        connection.execute("INSERT INTO people VALUES (?, ?)", (f"person:{number:036}", event))
        row = (number, event, *("",) * 10)
        connection.execute(f"INSERT INTO entries VALUES ({', '.join('?' * 12)})", row)  # noqa: S608
        texts[event] = {"/data/name": (b"", " ".join(chance.sample(words, 2)))}
    for layout in LAYOUTS:
        connection.executescript(layout.indices)
    return SimpleNamespace(
        vault=SimpleNamespace(get_many=lambda events: {one: texts[one] for one in events})
    )

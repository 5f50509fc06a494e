"""Advice about support as it stands: what should be looked at, though no rule refuses it."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from ledger.selection import Said
from ledger.store.base import EntryStore
from projections.reports.advice import Advice
from projections.reports.asking import words
from projections.reports.standing import going_on
from projections.reports.statements import said_about
from projections.tables.views import Moment


def support_advice(
    connection: sqlite3.Connection, store: EntryStore, at: Moment
) -> Iterator[Advice]:
    """Go through what somebody should look at, of the agreements that go on at a moment."""
    live = [row["event"] for row in going_on(connection, at)]
    about = partial(said_about, connection, store, at)
    found = {one.event: one for one in about(("SupportAgreed",), live)}
    agreed = [found[event] for event in live if event in found]
    yield from _provided_by_who_commissions(agreed)
    named = [_id(one.data[name]) for one in agreed for name in _GROUNDS if name in one.data]
    grounds = {one.event: one for one in about(("SupportOffered", "NeedIdentified"), named)}
    yield from _twice_in_one_area(agreed, grounds)


#: What an agreement names that tells in which areas it is.
_GROUNDS = ("offer", "trigger")


def _id(reference: str) -> str:
    return reference.partition(":")[2]


def _provided_by_who_commissions(agreed: list[Said]) -> Iterator[Advice]:
    for one in agreed:
        if one.data.get("commissioner") == one.data["provider"]:
            sentence = (
                f"{one.data['provider']} commissions the support of {one.data['receiver']} and"
                " provides it itself: let somebody else judge what it does"
            )
            yield Advice("agreements", one.event, sentence)


def _twice_in_one_area(agreed: list[Said], grounds: dict[str, Said]) -> Iterator[Advice]:
    """Say that a school is supported in one area under two agreements, at the later one."""
    before: dict[tuple[str, str], str] = defaultdict(str)
    for one in agreed:
        receiver = one.data["receiver"]
        for area in sorted(_areas(one, grounds)):
            other = before[receiver, area]
            if other:
                sentence = (
                    f"{receiver} is supported in {words(area)} under agreement:{other} too: see"
                    " that both know of each other, or end one"
                )
                yield Advice("agreements", one.event, sentence)
            before[receiver, area] = one.event


def _areas(one: Said, grounds: dict[str, Said]) -> set[str]:
    """Return the areas of an agreement: of its offer, and of the need that it is for."""
    told = [grounds.get(_id(one.data.get(name, ""))) for name in _GROUNDS]
    found: set[str] = set()
    for ground in told:
        if ground is not None:
            found.update(ground.data.get("areas", ()))
            found.update([ground.data["area"]] if "area" in ground.data else ())
    return found

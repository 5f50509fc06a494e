"""How a key stands: whose it is, who enrolled it, whether it is retired, since when doubtful."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ledger.values import REGISTRAR


class Compromise(NamedTuple):
    """That a key may be in other hands since a moment, as one person said in one office."""

    id: str
    since: str
    by: str
    office: str
    vouched: bool
    position: int


class Retirement(NamedTuple):
    """That a key signs nothing more, as one person said; `at` is when it was recorded."""

    by: str
    at: str
    position: int


class KeyStanding(NamedTuple):
    """Whose key it is, what enrolled it and who signed that; `vouched` by someone else since."""

    person: str
    enrolment: str
    enrolled_by: str
    enrolled_in: str
    enrolled_with: str
    vouched: bool
    compromises: tuple[Compromise, ...] = ()
    enrolled_at: str = ""
    retirements: tuple[Retirement, ...] = ()
    vouched_by: str = ""


def first_doubtful(said: Sequence[Compromise], registrar_since: int | None) -> str | None:
    """Return the first moment from which what was said makes a key's signatures doubtful.

    What one registrar says holds; what others say holds when two of them say it; against the key of
    who was a registrar by then it holds when somebody else has vouched for it. The earliest moment
    wins. `registrar_since` is the position by which its holder was first made a registrar: what was
    said before that holds as it did.
    """
    two_say_so = len({one.by for one in said}) > 1
    holding = [
        one.since
        for one in said
        if one.vouched
        or ((one.office == REGISTRAR or two_say_so) and not _by_then(registrar_since, one.position))
    ]
    return min(holding, default=None)


def first_retired(
    said: Sequence[Retirement], holder: str, registrar_since: int | None
) -> str | None:
    """Return when a key was retired: by its holder, or by a registrar; None if it is not.

    The key of who was a registrar by then takes two others.
    """
    others: set[str] = set()
    for one in said:
        others.add(one.by)
        alone = one.by == holder or not _by_then(registrar_since, one.position)
        if alone or len(others) > 1:
            return one.at
    return None


def _by_then(since: int | None, position: int) -> bool:
    return since is not None and since < position

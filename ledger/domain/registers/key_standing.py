"""How a key stands: whose it is, who enrolled it, and since when its signatures are doubtful."""

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


class KeyStanding(NamedTuple):
    """Whose key it is, what enrolled it and who signed that; `vouched` by someone else since.

    Times are those of recording; `retired_at` is empty while the key is not.
    """

    person: str
    enrolment: str
    enrolled_by: str
    enrolled_in: str
    enrolled_with: str
    vouched: bool
    compromises: tuple[Compromise, ...] = ()
    enrolled_at: str = ""
    retired_at: str = ""
    vouched_by: str = ""

    @property
    def retired(self) -> bool:
        """Whether the key signs nothing more."""
        return bool(self.retired_at)


def first_doubtful(said: Sequence[Compromise], *, against_registrar: bool) -> str | None:
    """Return the first moment from which what was said makes a key's signatures doubtful.

    What one registrar says holds; what others say holds when two of them say it; against a
    registrar's own key it holds when somebody else has vouched for it. The earliest moment wins.
    """
    two_say_so = len({one.by for one in said}) > 1
    holding = [
        one.since
        for one in said
        if one.vouched or (not against_registrar and (one.office == REGISTRAR or two_say_so))
    ]
    return min(holding, default=None)

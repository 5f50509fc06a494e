"""A mapping of what can be read again where it is kept: it holds what was asked for lately.

::

    recent = Recent(nothing=None)
    recent["event:1"] = facts
    recent.forget()  # what nobody asks for until the next time is gone then
    recent["event:1"]  # is held for two turns more
"""

from __future__ import annotations

from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(dict[K, V]):
    """What was put or asked for since it was told to forget, and what it had before that.

    `recent[key]` is `nothing` for what is not held; `get` and `in` do not look as far back.
    """

    def __init__(self, nothing: V) -> None:
        """Begin with nothing held."""
        super().__init__()
        self._nothing = nothing
        self._before: dict[K, V] = {}

    def __missing__(self, key: K) -> V:
        """Return what was held before, and hold it on."""
        if key not in self._before:
            return self._nothing
        value = self[key] = self._before.pop(key)
        return value

    def forget(self) -> None:
        """Drop what nobody asked for since the last time."""
        self._before = dict(self)
        self.clear()

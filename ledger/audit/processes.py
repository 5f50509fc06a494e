"""Inspecting chunks of entries in several processes, while this one judges them in order.

::

    with inspecting() as inspect_chunks:
        findings = check(ledger, inspect_chunks=inspect_chunks)

Nearly all the work of verifying a record is Ed25519, which needs no record.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context, parent_process

from ledger.audit.by_entry import Inspected, inspect_rows, inspect_with_tags
from ledger.audit.source import Chunk, InspectChunks
from ledger.errors import StoreError
from ledger.store import is_any_open

__all__ = ["WORTH_SHARING", "cores", "inspecting"]

WORTH_SHARING = 4_000
"""Below so many entries, starting the processes takes longer than they save."""

_AHEAD = 3
"""Chunks in hand for each process, so that none waits while this one judges."""
_RARELY = 100_000


@contextmanager
def inspecting(
    entries: int, processes: int | None = None, *, with_tags: bool = False
) -> Iterator[InspectChunks]:
    """Lend what inspects chunks of so many entries in processes; one for each processor.

    A few entries, or 0 processes, are inspected here. The processes begin and end with the
    context, whatever ends it, and end with this process. Begin before opening a store: then they
    start at once.
    """
    inspect = inspect_with_tags if with_tags else inspect_rows
    if processes is None:
        processes = 0 if entries < WORTH_SHARING else cores()
    if processes == 0:
        yield lambda chunks: map(inspect, chunks)
        return
    with _collecting_rarely():
        executor = ProcessPoolExecutor(processes, get_context(_method()), initializer=_begin)
        try:
            executor.submit(_begin_now)
            yield lambda chunks: _inspect_in(executor, inspect, chunks, processes * _AHEAD)
        finally:
            executor.shutdown(cancel_futures=True)


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _method() -> str:
    """Fork where that is safe, for it starts at once.

    A copy of a process with threads may be stuck on a lock that no thread of it will release; one
    of a process with a store open could not open that store safely for itself.
    """
    can_fork = "fork" in get_all_start_methods()
    is_safe = threading.active_count() == 1 and not is_any_open()
    return "fork" if can_fork and is_safe else "spawn"


def _inspect_in(
    executor: ProcessPoolExecutor,
    inspect: Callable[[Chunk], Inspected],
    chunks: Iterable[Chunk],
    ahead: int,
) -> Iterator[Inspected]:
    waiting: deque[Future[Inspected]] = deque()
    try:
        for chunk in chunks:
            waiting.append(executor.submit(inspect, chunk))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise StoreError(
            "a process that checked signatures was ended from outside",
            todo="Run it again; with less memory in use, if that was what ended it.",
        ) from error


@contextmanager
def _collecting_rarely() -> Iterator[None]:
    """Let the garbage collector rest: chunks are many objects and no cycles.

    What is there already stays: no process need look through it, nor copy it by doing so. What is
    made meanwhile is old at the end, and so looked through no sooner than anything else.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_RARELY)
    try:
        yield
    finally:
        gc.freeze()
        gc.unfreeze()
        gc.set_threshold(*before)


def _begin_now() -> None:
    """Do nothing: the first task starts every process."""


def _begin() -> None:
    """Leave an interrupt to the process that judges, and end when it ends."""
    gc.set_threshold(_RARELY)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

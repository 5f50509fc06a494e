"""Admitting many lines in several processes, while this one decides and records.

::

    with admitting() as admit_chunks:
        for outcome in ledger.append_many(lines, admit_chunks): ...

Checking a signature and reading a model takes about as long as deciding and recording, needs no
record, and so can be shared out. The order of lines is kept.
"""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread

from ledger.errors import StoreError
from ledger.recording.admission import Admitted, Refused, admit_lines

__all__ = ["WORTH_SHARING", "AdmitChunks", "admitting"]

Chunk = list[Admitted | Refused]
AdmitChunks = Callable[[Iterable[list[bytes]]], Iterable[Chunk]]

WORTH_SHARING = 5_000
"""Below so many lines, starting the processes takes longer than they save."""

_MOST = 2
"""One process admits about as fast as this one decides; two leave it waiting for nothing."""

_PIECE = 250
"""Lines that a process takes up at a time."""

_AHEAD = 3
"""Chunks that are being admitted while another is decided."""

_RARELY = 5_000_000
"""Objects between collections: a chunk makes many and no cycles."""


@contextmanager
def admitting(processes: int | None = None) -> Iterator[AdmitChunks]:
    """Lend what admits chunks in so many processes beside this one, by default as many as help.

    With 0 everything is done in this process, which is faster for less than `WORTH_SHARING`
    lines. The processes end with the context, whatever ends it, and with this process.
    """
    if processes is None:
        processes = min(_MOST, (os.cpu_count() or 1) - 1)
    if processes == 0:
        yield _admit_here
        return
    # Spawned, not forked: a copy of this process's threads and open database would be broken.
    executor = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_begin)
    try:
        executor.submit(_begin_early)
        with _collecting_rarely():
            yield lambda chunks: _admit_in(executor, chunks)
    finally:
        executor.shutdown(cancel_futures=True)


@contextmanager
def _collecting_rarely() -> Iterator[None]:
    """Let the garbage collector rest: chunks are many objects and no cycles."""
    before = gc.get_threshold()
    gc.set_threshold(_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _admit_here(chunks: Iterable[list[bytes]]) -> Iterator[Chunk]:
    return map(admit_lines, chunks)


def _admit_in(executor: ProcessPoolExecutor, chunks: Iterable[list[bytes]]) -> Iterator[Chunk]:
    waiting: deque[list[Future[Chunk]]] = deque()
    try:
        for chunk in chunks:
            waiting.append([executor.submit(admit_lines, piece) for piece in _pieces(chunk)])
            if len(waiting) > _AHEAD:
                yield _together(waiting.popleft())
        while waiting:
            yield _together(waiting.popleft())
    except BrokenProcessPool as error:
        raise StoreError(
            "a process that checked signatures was ended from outside",
            todo="What was acknowledged is recorded. Run it again: repeating is safe.",
        ) from error


def _pieces(chunk: list[bytes]) -> Iterator[list[bytes]]:
    """Cut a chunk so that all processes work on the one that is waited for."""
    return (chunk[start : start + _PIECE] for start in range(0, len(chunk), _PIECE))


def _together(pieces: list[Future[Chunk]]) -> Chunk:
    return [item for piece in pieces for item in piece.result()]


def _begin() -> None:
    """Leave an interrupt to the process that decides, and end when it ends."""
    gc.set_threshold(_RARELY)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _begin_early() -> None:
    """Do nothing: the first task starts every process, while the caller reads its lines."""

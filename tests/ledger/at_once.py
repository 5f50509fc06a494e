"""Work of several processes at once, whose failures are the test's."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

_FORK = get_context("fork")
_MEETING = []


def at_once(work, given):
    """Call `work` with each of what is given, in a process each that waits until all are there.

    Return what each returned; raise what any of them raised, so that none is waited for in vain.
    """
    meeting = (_FORK.Barrier(len(given), timeout=60),)
    with ProcessPoolExecutor(len(given), _FORK, _MEETING.extend, (meeting,)) as processes:
        return list(processes.map(_together, [work] * len(given), given))


def _together(work, given):
    _MEETING[0].wait()
    return work(given)

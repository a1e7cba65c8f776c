"""How many threads a model computes with: found by trial, not by counting cores.

Where other processes use the cores too, threads that wait for each other cost a hundred times what
they save.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

WORTH = 0.9
"""More threads are taken only where they need less than this share of the time."""

HOPELESS = 4.0
"""A first trial that takes so many times as long as the best so far is not repeated."""

_REPEATS = 3


def candidates(cores: int) -> Iterator[int]:
    """Numbers of threads worth a trial: 1, 2, 4 … up to the cores."""
    threads = 1
    while threads <= cores:
        yield threads
        threads *= 2


def usable_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def fewest_worthwhile(
    trial: Callable[[], object],
    set_threads: Callable[[int], object],
    cores: int,
    clock: Callable[[], float] = time.perf_counter,
) -> int:
    """Try more and more threads until more do not help; leave the best number set.

    Parameters
    ----------
    trial : callable
        A short piece of the work.
    set_threads : callable
        Has the next trial computed with so many.
    clock : callable
        Seconds.
    """
    best, fastest = 1, float("inf")
    for threads in candidates(cores):
        set_threads(threads)
        if _timed(trial, clock) > HOPELESS * fastest:  # this call starts the threads, too
            break
        seconds = min(_timed(trial, clock) for _ in range(_REPEATS))
        if seconds >= WORTH * fastest:
            break
        best, fastest = threads, seconds
    set_threads(best)
    return best


def _timed(trial: Callable[[], object], clock: Callable[[], float]) -> float:
    started = clock()
    trial()
    return clock() - started

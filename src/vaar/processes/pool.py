"""A map whose calls are shared with further processes, where there is enough to do."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Thread
from time import perf_counter
from typing import Any, TypeVar

from vaar.processes.available import processors
from vaar.processes.process import LostError, Process
from vaar.processes.serve import Answer
from vaar.processes.shared import Shared

MOST = 4
"""Processes that are used unasked; each holds the data once more."""

_WORTH_BEGINNING = 10.0  # seconds of work left that further processes are begun for
_WORTH_SHARING = 2.0  # seconds of work left that is sent to those that are there

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")


class Pool:
    """Maps functions over chunks, as :func:`map` does; results do not depend on where.

    This process computes too. Others are begun once it is seen how long a chunk takes, and none
    where a function cannot be pickled. What one of them held when it was lost is computed here.

    Parameters
    ----------
    processes : int
        How many may work side by side, this one included.
    """

    def __init__(self, processes: int) -> None:
        self._most = processes - 1
        self._others: list[_Other] = []

    def __call__(
        self, function: Callable[[Chunk], Result], chunks: Sequence[Chunk]
    ) -> Iterator[Result]:
        """Call the function for every chunk, and yield the results in the order of the chunks."""
        began = perf_counter()
        for k, chunk in enumerate(chunks):
            if k and self._worth((perf_counter() - began) / k * (len(chunks) - k)):
                yield from self._shared(function, chunks[k:])
                return
            yield function(chunk)

    def _worth(self, seconds: float) -> bool:
        enough = _WORTH_SHARING if self._others else _WORTH_BEGINNING
        return self._most > 0 and seconds > enough

    def _shared(
        self, function: Callable[[Chunk], Result], chunks: Sequence[Chunk]
    ) -> Iterator[Result]:
        pickled = _pickled(function)
        work = Shared[Chunk, Result](chunks)
        if pickled:
            self._begin(len(chunks) - 1)
            for other in self._others:
                other.help_with(work, pickled)
        try:
            yield from work.results(function)
        except BaseException:
            self.close()  # at once, whatever they compute
            raise
        self._part_with_the_lost()

    def _begin(self, wanted: int) -> None:
        """Begin as many of the processes as are wanted and may be."""
        while len(self._others) < min(wanted, self._most):
            try:
                self._others.append(_Other(Process()))
            except OSError:
                self._most = len(self._others)

    def _part_with_the_lost(self) -> None:
        for other in self._others:
            if other.lost:
                other.close()
        self._others = [other for other in self._others if not other.lost]

    def close(self) -> None:
        """End the other processes."""
        for other in self._others:
            other.close()
        self._others = []


@contextmanager
def sharing(processes: int | None = None) -> Iterator[Pool]:
    """A pool whose processes end with the block; by default of as many as there are processors,
    but not more than :data:`MOST`."""
    pool = Pool(min(processors(), MOST) if processes is None else processes)
    try:
        yield pool
    finally:
        pool.close()


class _Other:
    """Another process, and the thread here that waits for its answers."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._ready, self.lost = False, False
        self._thread: Thread | None = None

    def help_with(self, work: Shared[Any, Any], function: bytes) -> None:
        """Take chunks as long as there are some."""
        self._thread = Thread(target=self._help, args=(work, function, self._thread), daemon=True)
        self._thread.start()

    def _help(self, work: Shared[Any, Any], function: bytes, before: Thread | None) -> None:
        if before is not None:
            before.join()
        try:
            if not self._ready:
                self._process.wait_until_ready()
                self._ready = True
            while (taken := work.take()) is not None:
                if not self._computed(work, function, *taken):
                    return
        except LostError:
            self.lost = True

    def _computed(self, work: Shared[Any, Any], function: bytes, place: int, chunk: object) -> bool:
        """Whether it could be computed there; if not, it is left to others."""
        kind = Answer.UNKNOWN
        told: Any = None
        try:
            kind, told = self._process.compute(function, chunk)
        except LostError:
            self.lost = True  # before anybody has what it held
        finally:
            if kind is Answer.UNKNOWN:
                work.give_back(place, chunk)
        if kind is Answer.DONE:
            work.put(place, told)
        elif kind is Answer.RAISED:
            work.fail(place, told)
        return kind is not Answer.UNKNOWN

    def close(self) -> None:
        """End it, whatever it does."""
        if self._thread is not None and self._thread.is_alive():
            self._process.stop()
            self._thread.join()
        self._process.close()


def _pickled(function: object) -> bytes:
    """Nothing where it cannot be pickled."""
    try:
        return pickle.dumps(function, pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, AttributeError, TypeError):
        return b""

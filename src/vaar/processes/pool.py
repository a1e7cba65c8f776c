"""A map whose calls are shared with further processes, where there is enough to do."""

from __future__ import annotations

import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from time import perf_counter
from typing import Generic, TypeVar

from vaar.processes.available import processors
from vaar.processes.process import Asked, NotComputedError, Process, prepare

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
        self._others: list[Process] = []
        self._beginning: Thread | None = None
        self._closing = False

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
        if pickled:
            self._begin(pickled, len(chunks) - 1)
        waiting, begun = deque(chunks), deque[Asked[Chunk] | _Here[Result]]()
        try:
            while waiting or begun:
                if pickled:
                    begun.extend(self._ask(pickled, waiting))
                if waiting and not (begun and begun[0].done()):
                    begun.append(_Here(function(waiting.popleft())))
                else:
                    yield _result(begun.popleft(), function)
        except BaseException:
            self.close()  # at once, whatever they compute
            raise

    def _ask(self, function: bytes, waiting: deque[Chunk]) -> Iterator[Asked[Chunk]]:
        """Have the others compute what they can begin before this process looks again."""
        for other in list(self._others):
            while waiting and other.takes(2 if len(waiting) > len(self._others) else 1):
                try:
                    asked = other.ask(function, waiting[0])
                except NotComputedError:
                    self._part_with(other)
                    break
                waiting.popleft()
                yield asked

    def _begin(self, function: bytes, wanted: int) -> None:
        """Begin as many of the others as are wanted and may be, while this one goes on."""
        for other in list(self._others):
            if not other.is_there():
                self._part_with(other)
        missing = min(wanted, self._most) - len(self._others)
        if missing <= 0 or (self._beginning and self._beginning.is_alive()):
            return
        try:
            prepare()
        except Exception:  # no further process can be begun
            self._most = len(self._others)
        else:
            of = (function, missing)
            self._beginning = Thread(target=self._begin_some, args=of, daemon=True)
            self._beginning.start()

    def _begin_some(self, function: bytes, number: int) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # Ctrl-C is for the main thread
        try:
            for _ in range(number):
                if not self._closing:
                    self._others.append(Process(function))
        except Exception:  # no semaphores, no room for more, …: this process does without
            self._most = len(self._others)

    def _part_with(self, other: Process) -> None:
        self._others.remove(other)
        other.close()

    def close(self) -> None:
        """End the other processes."""
        self._closing = True
        if self._beginning:
            self._beginning.join()
        for other in self._others:
            other.close()
        self._others, self._closing = [], False


@contextmanager
def sharing(processes: int | None = None) -> Iterator[Pool]:
    """A pool whose processes end with the block; by default of as many as there are processors,
    but not more than :data:`MOST`."""
    pool = Pool(min(processors(), MOST) if processes is None else processes)
    try:
        yield pool
    finally:
        pool.close()


@dataclass(frozen=True)
class _Here(Generic[Result]):
    """What was computed by this process."""

    found: Result

    def done(self) -> bool:
        return True


def _result(begun: Asked[Chunk] | _Here[Result], function: Callable[[Chunk], Result]) -> Result:
    if isinstance(begun, _Here):
        return begun.found
    try:
        found: Result = begun.result()
        return found
    except NotComputedError:
        return function(begun.chunk)


def _pickled(function: object) -> bytes:
    """Nothing where it cannot be pickled."""
    try:
        return pickle.dumps(function, pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, AttributeError, TypeError):
        return b""

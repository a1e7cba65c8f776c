"""Chunks of work that several take from, and their results in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from threading import Condition
from typing import Generic, TypeVar

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")


class Shared(Generic[Chunk, Result]):
    """Chunks that are waiting, with the results that nobody has asked for yet."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._number = len(chunks)
        self._waiting = deque(enumerate(chunks))
        self._found: dict[int, Result] = {}
        self._failed: dict[int, Exception] = {}
        self._changed = Condition()

    def take(self) -> tuple[int, Chunk] | None:
        """The next chunk with its place; None where none is waiting."""
        with self._changed:
            return self._waiting.popleft() if self._waiting else None

    def give_back(self, place: int, chunk: Chunk) -> None:
        """Let others compute a chunk that was taken."""
        with self._changed:
            self._waiting.appendleft((place, chunk))
            self._changed.notify_all()

    def put(self, place: int, result: Result) -> None:
        """Tell the result of a chunk that was taken."""
        with self._changed:
            self._found[place] = result
            self._changed.notify_all()

    def fail(self, place: int, error: Exception) -> None:
        """Tell that a chunk cannot be computed."""
        with self._changed:
            self._failed[place] = error
            self._changed.notify_all()

    def results(self, function: Callable[[Chunk], Result]) -> Iterator[Result]:
        """Compute along with the others, and yield what is found, in the order of the chunks.

        Raises
        ------
        Exception
            What was told of the first chunk that cannot be computed.
        """
        for place in range(self._number):
            while not self._is_known(place):
                taken = self.take()
                if taken is None:
                    self._wait_for(place)
                else:
                    self.put(taken[0], function(taken[1]))
            if place in self._failed:
                raise self._failed[place]
            yield self._found.pop(place)

    def _is_known(self, place: int) -> bool:
        return place in self._found or place in self._failed

    def _wait_for(self, place: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_known(place) or self._waiting)

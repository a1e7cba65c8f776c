"""Requests that come one by one, answered many at a time in a thread of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from vaar.errors import ProviderError
from vaar.respondents.base import Reply, Request

GATHER = 0.005
"""Seconds for which a batch that is not full waits for more."""

Answer = Callable[[Sequence[Request]], Sequence[Reply | ProviderError]]
Waiting = tuple[Request, asyncio.Future[Reply]]
Together = Callable[[Sequence[Request], int], Sequence[int]]


def first_come(requests: Sequence[Request], size: int) -> Sequence[int]:
    """The positions of the requests that have waited longest."""
    return range(min(size, len(requests)))


class Batching:
    """Collects requests into batches; the event loop stays free while one is answered.

    Parameters
    ----------
    answer : callable
        Answers one batch, in a thread; never called twice at once.
    size : callable
        The most requests of a batch, now.
    together : callable
        Positions of those of the waiting requests, at least one, that are best answered in one
        batch.
    """

    def __init__(
        self, answer: Answer, size: Callable[[], int], together: Together = first_come
    ) -> None:
        self._answer = answer
        self._size = size
        self._together = together
        self._waiting: list[Waiting] = []
        self._under_way: list[Waiting] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="vaar-local-model")
        self._work: asyncio.Task[None] | None = None

    async def ask(self, request: Request) -> Reply:
        """Answer one request, together with others.

        Raises
        ------
        ProviderError
            This request cannot be answered.
        Exception
            What the answering of the whole batch raised.
        """
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, future))
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._drain())
            self._work.add_done_callback(self._give_up)
        return await future

    def close(self) -> None:
        """Take no more requests; a batch under way is not waited for."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _drain(self) -> None:
        while self._waiting:
            if len(self._waiting) < self._size():
                await asyncio.sleep(GATHER)
            self._under_way = self._next()
            if self._under_way:
                await self._settle(self._under_way)

    def _give_up(self, work: asyncio.Task[None]) -> None:
        """Leave nobody waiting for an answer that will not come."""
        error = None if work.cancelled() else work.exception()
        if error is None and not work.cancelled():
            return
        left, self._waiting = [*self._under_way, *self._waiting], []
        for _, future in left:
            if future.done():
                continue
            if error is None:
                future.cancel()
            else:
                future.set_exception(error)

    def _next(self) -> list[Waiting]:
        waiting = [(request, future) for request, future in self._waiting if not future.done()]
        if not waiting:
            self._waiting = []
            return []
        chosen = set(self._together([request for request, _ in waiting], self._size()))
        self._waiting = [pair for at, pair in enumerate(waiting) if at not in chosen]
        return [pair for at, pair in enumerate(waiting) if at in chosen]

    async def _settle(self, batch: list[Waiting]) -> None:
        loop = asyncio.get_running_loop()
        requests = [request for request, _ in batch]
        answers: Sequence[Reply | Exception]
        try:
            answers = await loop.run_in_executor(self._thread, self._answer, requests)
        except Exception as error:
            answers = [error] * len(batch)
        for (_, future), answer in list(zip(batch, answers, strict=True)):
            if future.done():
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)

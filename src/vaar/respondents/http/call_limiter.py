"""Holds back every call while the server asks for a pause, or has calls enough."""

from __future__ import annotations

import asyncio
from collections import deque
from random import uniform
from time import monotonic

from vaar.respondents.http.adaptive_concurrency import AdaptiveConcurrency, Call

_SPREAD = 0.1  # share of a pause by which calls that waited for its end are spread out


class CallLimiter:
    """Lets the calls to one server through, and notes how each ends.

    Parameters
    ----------
    most : int, optional
        Most calls in flight. Without it nothing but a pause holds a call back: how many
        conversations go on side by side is then for whoever leads them, by what the adaptive
        concurrency finds.
    """

    def __init__(self, most: int | None = None) -> None:
        self.concurrency = AdaptiveConcurrency(most)
        self._most = most
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def enter(self) -> Call:
        """Wait until one more call may be sent; it counts as sent from then on."""
        while True:
            now = monotonic()
            if (pause := self.concurrency.resumes - now) > 0:
                await asyncio.sleep(pause * uniform(1.0, 1.0 + _SPREAD))
            elif self._most is not None and self.concurrency.in_flight >= self._most:
                await self._place()
            else:
                return self.concurrency.sent(now)

    def came(self, call: Call) -> None:
        """A reply came."""
        self.concurrency.came(call, monotonic())
        self._next()

    def refused(self, call: Call, retry_after: float | None) -> None:
        """The server takes no more, or did not answer in time."""
        self.concurrency.refused(call, monotonic(), retry_after)
        self._next()

    def lost(self, call: Call) -> None:
        """A call ended in another way."""
        self.concurrency.lost(call)
        self._next()

    async def _place(self) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self._next()  # the place that it was given is another's
            raise

    def _next(self) -> None:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return

"""A server in simulated time, called as often as its caller finds right: no socket, no clock."""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass, field
from itertools import count
from random import Random

from vaar.respondents.http.adaptive_concurrency import AdaptiveConcurrency, Call

REFUSAL = 0.01  # seconds until a refused call comes back


@dataclass
class Server:
    """What the server does.

    Attributes
    ----------
    service : float
        Seconds that it works on one call.
    noise : float
        Standard deviation of the logarithm of those seconds.
    slots : int or None
        Calls that it works on at a time; the others wait in line.
    most : int or None
        Calls that it holds; beyond them it refuses.
    retry_after : float or None
        Seconds for which it asks to be left alone where it refuses.
    slower : float
        Share by which its work grows every second.
    """

    service: float = 0.5
    noise: float = 0.0
    slots: int | None = None
    most: int | None = None
    retry_after: float | None = None
    slower: float = 0.0
    sessions: int = 5_000
    now: float = 0.0
    held: int = 0
    working: int = 0
    replies: int = 0
    refusals: int = 0
    called_in_pause: int = 0
    line: deque[Call] = field(default_factory=deque)
    events: list[tuple[float, int, str, Call]] = field(default_factory=list)
    limits: list[tuple[float, int]] = field(default_factory=list)
    order: count[int] = field(default_factory=count)
    random: Random = field(default_factory=lambda: Random(1))

    def run(self, concurrency: AdaptiveConcurrency, seconds: float) -> Server:
        """Call it for so many seconds."""
        end = self.now + seconds
        self._call(concurrency)
        while self.events and self.events[0][0] <= end:
            self.now, _, kind, call = heapq.heappop(self.events)
            if kind == "done":
                self._finish(concurrency, call)
            elif kind == "refused":
                concurrency.refused(call, self.now, self.retry_after)
            self._call(concurrency)
            self.limits.append((self.now, concurrency.limit))
        return self

    def limits_after(self, seconds: float) -> list[int]:
        """All limits there have been from then on."""
        return [limit for at, limit in self.limits if at >= seconds]

    def _call(self, concurrency: AdaptiveConcurrency) -> None:
        while concurrency.in_flight < min(concurrency.limit, self.sessions):
            if self.now < concurrency.resumes:
                self._later(concurrency.resumes - self.now, "pause", Call(0.0, 0, 0))
                return
            call = concurrency.sent(self.now)
            if self.most is not None and self.held >= self.most:
                self.refusals += 1
                self._later(REFUSAL, "refused", call)
            else:
                self.held += 1
                self._begin(call)

    def _begin(self, call: Call) -> None:
        if self.slots is not None and self.working >= self.slots:
            self.line.append(call)
            return
        self.working += 1
        work = self.service * (1 + self.slower * self.now)
        self._later(work * self.random.lognormvariate(0, self.noise), "done", call)

    def _finish(self, concurrency: AdaptiveConcurrency, call: Call) -> None:
        self.held -= 1
        self.working -= 1
        self.replies += 1
        concurrency.came(call, self.now)
        if self.line:
            self._begin(self.line.popleft())

    def _later(self, seconds: float, kind: str, call: Call) -> None:
        heapq.heappush(self.events, (self.now + seconds, next(self.order), kind, call))

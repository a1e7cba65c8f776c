"""Asking under caps: a call waits until what it may cost is surely within them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from vaar.respondents.base import Reply, Request, Respondent
from vaar.sessions.runner.budget import Budget, Reserved, Verdict
from vaar.sessions.runner.pool import Pool, PoolClosedError


@dataclass
class Admission:
    """Lets calls through to respondents as the caps allow, and counts what they spend.

    Attributes
    ----------
    stop : callable
        Called with the cap in words when one is reached.
    waiting : list of Future
        One for each call that waits for others to end.
    """

    budget: Budget
    stop: Callable[[str], None]
    waiting: list[asyncio.Future[None]] = field(default_factory=list)

    async def ask(self, respondent: Respondent, name: str, request: Request, pool: Pool) -> Reply:
        """Ask one turn as soon as the caps allow it.

        Raises
        ------
        PoolClosedError
            They do not, or its respondent was halted meanwhile.
        """
        if not self.budget.is_capped:
            reply = await respondent.reply(request)
            self.budget.add(name, reply, request)
            return reply
        reserved = await self._afford(name, request, pool)
        try:
            reply = await respondent.reply(request)
            self.budget.add(name, reply, request)
        finally:
            self.budget.settle(name, reserved)
            self.wake()
        return reply

    def wake(self) -> None:
        """Something changed that a call may be waiting for."""
        waiting, self.waiting = self.waiting, []
        for change in waiting:
            if not change.done():
                change.set_result(None)

    async def _afford(self, name: str, request: Request, pool: Pool) -> Reserved:
        while True:
            verdict, reserved = self.budget.admit(name, request)
            if verdict is Verdict.ENTER:
                return reserved
            if verdict is Verdict.STOP:
                self.stop(self.budget.told())
                raise PoolClosedError
            change = asyncio.get_running_loop().create_future()
            self.waiting.append(change)
            await change
            if pool.closed:
                raise PoolClosedError

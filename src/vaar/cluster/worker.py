"""A worker of a run on a cluster: asks the sessions it is given, and keeps nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from importlib.metadata import version

from vaar.cluster.messages import Order, Recipe, Report
from vaar.cluster.outbox import Desk, Outbox
from vaar.errors import VaarError
from vaar.respondents.base import Recorded, Reply, Request, Respondent
from vaar.sessions.records import Session, Turn
from vaar.sessions.runner.budget import Budget, Caps
from vaar.sessions.runner.run import run_sessions
from vaar.study.model import Study

HEARTBEAT = 1.0
"""Seconds after which a worker reports even where nothing has come."""


class Worker:
    """Runs sessions in an event loop of its own, on whatever machine the cluster gives it."""

    def __init__(self, study: Study, recipe: Recipe, vaar_version: str) -> None:
        self._study = study
        self._recipe = recipe
        self._wanted = vaar_version
        self._respondents: dict[str, _Paced] = {}
        self._faults: dict[str, Counter[str]] = {}
        self._running: dict[int, asyncio.Task[None]] = {}
        self._left: list[int] = []
        self._halted: dict[str, str] = {}
        self._failure: BaseException | None = None
        self._stop = _Stop(Caps(), {})

    async def prepare(self) -> Report:
        """Make the respondents; the report says how many conversations each takes.

        Raises
        ------
        VaarError
            This machine has another version of vaar, or lacks a key.
        """
        here = version("vaar")
        if here != self._wanted:
            raise VaarError(
                f"a worker has vaar {here}, the driver {self._wanted}: install the same version "
                "on all machines of the cluster"
            )
        self._outbox = Outbox()
        for name, respondent in self._recipe.respondents(self._study).items():
            respondent.prepare()
            self._respondents[name] = _Paced(respondent)
            self._faults[name] = Counter()
        return self._report()

    async def exchange(self, order: Order) -> Report:
        """Take an order, and report as soon as there is something to report.

        Raises
        ------
        VaarError
            A session could not be run, for a reason that is not its respondent's.
        """
        self._stop.reason = order.stop
        self._outbox.confirm()
        for session, earlier in order.sessions:
            self._running[session.number] = asyncio.create_task(self._run(session, earlier))
        await self._outbox.news(HEARTBEAT)
        if self._failure is not None:
            raise self._failure
        return self._report()

    async def _run(self, session: Session, earlier: tuple[Turn, ...]) -> None:
        desk = Desk(self._outbox, session, earlier)
        respondent = self._respondents[session.respondent]
        try:
            progress = await run_sessions(
                self._study,
                [session],
                {session.respondent: respondent},
                desk,
                concurrency=1,
                budget=self._stop,
                distributions=self._recipe.distributions,
            )
            self._halted |= progress.halted
        except Exception as error:
            self._failure = error
        finally:
            del self._running[session.number]
            self._left.append(session.number)
            self._outbox.notify()

    def _report(self) -> Report:
        turns, ends = self._outbox.take()
        left, self._left = tuple(self._left), []
        capacity = {name: max(1, r.capacity) for name, r in self._respondents.items()}
        found = {name: made for name, r in self._respondents.items() if (made := r.adaptations())}
        return Report(turns, ends, left, dict(self._halted), capacity, self._new_faults(), found)

    def _new_faults(self) -> dict[str, Counter[str]]:
        new = {name: r.faults - self._faults[name] for name, r in self._respondents.items()}
        for name, kinds in new.items():
            self._faults[name] += kinds
        return {name: kinds for name, kinds in new.items() if kinds}


class _Stop(Budget):
    """The run's budget as a worker knows it: whether to go on."""

    reason = ""

    def reached(self) -> str | None:
        return self.reason or None


class _Paced:
    """A respondent that is never asked more at a time than it takes now."""

    def __init__(self, respondent: Respondent) -> None:
        self._respondent = respondent
        self.simulated = respondent.simulated
        self._calls = 0
        self._room = asyncio.Condition()
        self.name = respondent.name
        self.faults = respondent.faults

    @property
    def capacity(self) -> int:
        return self._respondent.capacity

    def prepare(self) -> None:
        self._respondent.prepare()

    async def reply(self, request: Request) -> Reply:
        async with self._room:
            await self._room.wait_for(lambda: self._calls < max(1, self.capacity))
            self._calls += 1
        try:
            return await self._respondent.reply(request)
        finally:
            async with self._room:
                self._calls -= 1
                self._room.notify_all()

    def adaptations(self) -> list[dict[str, str]]:
        own = self._respondent
        return own.adaptations() if isinstance(own, Recorded) else []

    async def close(self) -> None:
        await self._respondent.close()

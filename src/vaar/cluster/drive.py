"""A run on a cluster: the driver keeps the journal, and workers ask.

A worker hands its replies over in batches. The driver commits a batch before it tells the worker
so, and only then do the batch's sessions ask on. So a lost worker costs the calls that it had in
flight; its sessions go on elsewhere, from the journal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from types import ModuleType
from typing import Any

from vaar.cluster.messages import Order, Recipe, Report
from vaar.cluster.queue import Load, Queue
from vaar.cluster.worker import Worker
from vaar.errors import VaarError
from vaar.journal.journal import Journal
from vaar.respondents.base import Recorded, Reply, Respondent
from vaar.sessions.records import Session, Turn
from vaar.sessions.runner.budget import Budget
from vaar.sessions.runner.progress import Progress
from vaar.sessions.runner.run import PATIENCE
from vaar.study.model import Study

LOSSES = 3
"""Workers that one place may lose in a row, none of which brought a reply."""

READY = 120.0
"""Seconds in which the first worker must be ready."""

_CALLS = 2  # calls that a worker takes at a time; one is under way, and none waits for another


async def run_on_cluster(
    study: Study,
    sessions: Sequence[Session],
    respondents: Mapping[str, Respondent],
    journal: Journal,
    concurrency: int | None,
    budget: Budget,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    *,
    ray: ModuleType,
    recipe: Recipe,
) -> Progress:
    """Run sessions on a connected cluster, as `vaar.sessions.runner.run.run_sessions` does here.

    Parameters
    ----------
    respondents : mapping
        The driver's own; nothing is asked of them. They take up the faults of their like.
    concurrency : int, optional
        Sessions side by side for each respondent, over all workers.
    ray : module
        Ray, connected.
    recipe : Recipe
        What the workers make their respondents from.

    Raises
    ------
    RunDirectoryError
        The journal cannot be written. What was committed is kept.
    VaarError
        No worker could be started, or all were lost.
    """
    bounds = {
        name: concurrency or getattr(respondent, "concurrency", None)
        for name, respondent in respondents.items()
    }
    begun = journal.begun()
    ordered = sorted(sessions, key=lambda s: s.number not in begun)
    progress = Progress(faults={name: r.faults for name, r in respondents.items()})
    drive = _Drive(
        ray=ray,
        study=study,
        recipe=recipe,
        respondents=respondents,
        queue=Queue(ordered, bounds),
        journal=journal,
        budget=budget,
        on_progress=on_progress,
        begun=begun,
        progress=progress,
    )
    await drive.run()
    return progress


@dataclass
class _Drive:
    ray: ModuleType
    study: Study
    recipe: Recipe
    respondents: Mapping[str, Respondent]
    queue: Queue
    journal: Journal
    budget: Budget
    on_progress: Callable[[Progress], None]
    begun: set[int]
    progress: Progress
    loads: list[Load] = field(default_factory=list)
    actors: list[Any] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    timers: list[asyncio.TimerHandle] = field(default_factory=list)
    patient: bool = True
    last_loss: str = ""

    async def run(self) -> None:
        """Keep every place of the cluster busy until no session is left."""
        minutes = self.budget.caps.minutes
        if minutes is not None:
            said = f"--max-minutes {minutes:g} is reached"
            loop = asyncio.get_running_loop()
            self.timers.append(loop.call_later(60 * minutes, self._stop, said))
        try:
            await self._fill_places()
        finally:
            for timer in self.timers:
                timer.cancel()
            for actor in self.actors:
                self.ray.kill(actor)
        if len(self.queue) and not self.progress.stopped:
            raise VaarError(
                f"the cluster lost all workers ({self.last_loss}); {len(self.queue):,} sessions "
                "are still to be asked. Every reply is kept: give the same command again, with "
                "other machines or without --ray."
            )

    async def _fill_places(self) -> None:
        """One worker for each processor; a place that never comes to be is not waited for."""
        count = min(len(self.queue), int(self.ray.cluster_resources().get("CPU", 1)))
        places = {asyncio.create_task(self._place()) for _ in range(count)}
        try:
            while places and not self._finished():
                done, places = await asyncio.wait(places, return_when=asyncio.FIRST_COMPLETED)
                for place in done:
                    place.result()
        finally:
            for place in places:
                place.cancel()
            await asyncio.gather(*places, return_exceptions=True)

    def _finished(self) -> bool:
        nothing_waits = not len(self.queue) or self.progress.stopped
        running = self.patient and any(load.running for load in self.loads)
        return bool(nothing_waits and not running)

    async def _place(self) -> None:
        """Employ a worker, and another where it is lost."""
        losses = 0
        while losses < LOSSES and not self._finished():
            replies = self.progress.turns
            try:
                await self._employ()
            except self.ray.exceptions.RayTaskError as error:
                raise error.cause from None
            except self.ray.exceptions.RayError as error:
                self.last_loss = type(error).__name__
                losses = 1 if self.progress.turns > replies else losses + 1

    async def _employ(self) -> None:
        worker = self.ray.remote(Worker).options(
            num_cpus=1, max_restarts=0, max_concurrency=_CALLS, scheduling_strategy="SPREAD"
        )
        actor = worker.remote(self.study, self.recipe, version("vaar"))
        self.actors.append(actor)
        load = Load((await self._ready(actor)).capacity)
        self.loads.append(load)
        try:
            while not self._finished():
                order = self._order(load)
                if load.running:
                    self._take(load, await actor.exchange.remote(order))
                else:
                    await self.changed.wait()
        finally:
            self.loads.remove(load)
            self.begun |= {session.number for session in self.queue.give_back(load)}
            self.queue.drop(self.progress.halted)
            self._wake()

    async def _ready(self, actor: Any) -> Report:
        """The first report of a worker, which may have to wait for its place in the cluster."""
        first = asyncio.ensure_future(actor.prepare.remote())
        while not first.done():
            await asyncio.wait([first], timeout=READY)
            if not first.done() and not self.loads:
                raise VaarError(
                    f"the cluster gave no worker a processor within {READY:.0f} s. See "
                    "`ray status` for what holds them, or go on without --ray."
                )
        try:
            report: Report = first.result()
        except self.ray.exceptions.RayTaskError as error:
            raise VaarError(f"a worker of the cluster cannot begin. {error.cause}") from None
        return report

    def _order(self, load: Load) -> Order:
        self.changed.clear()
        stop = self.progress.stopped
        granted = [] if stop else self.queue.grant(load, len(self.loads))
        return Order(tuple((session, self._earlier(session)) for session in granted), stop)

    def _earlier(self, session: Session) -> tuple[Turn, ...]:
        known = session.number in self.begun
        return tuple(self.journal.turns_of(session.number)) if known else ()

    def _take(self, load: Load, report: Report) -> None:
        """Make a report durable; the next order to its worker says so."""
        self.journal.enter(report.turns, report.ends)
        for turn in report.turns:
            self._count(load.running[turn.session].respondent, turn.reply)
        for number, status, _ in report.ends:
            self.progress.complete += status == "complete"
            self.progress.failed += status == "failed"
            self.queue.leave(load, number)
        for number in report.left:
            if number in load.running:  # its respondent halted, or the run stops
                self.queue.leave(load, number)
        self._note(report)
        load.capacity = report.capacity
        if reached := self.budget.reached():
            self._stop(reached)
        self.on_progress(self.progress)
        self._wake()

    def _count(self, respondent: str, reply: Reply) -> None:
        self.budget.add(respondent, reply)
        self.progress.turns += 1
        self.progress.input_tokens += reply.input_tokens
        self.progress.output_tokens += reply.output_tokens

    def _note(self, report: Report) -> None:
        for name, reason in report.halted.items():
            self.progress.halted.setdefault(name, reason)
        self.queue.drop(report.halted)
        for name, kinds in report.faults.items():
            self.progress.faults[name].update(kinds)
        for name, found in report.adaptations.items():
            own = self.respondents[name]
            if isinstance(own, Recorded) and len(found) > len(own.adaptations()):
                own.adopt(found)

    def _stop(self, reason: str) -> None:
        """Ask nothing further; calls under way are waited for, but not for ever."""
        if not self.progress.stopped:
            self.progress.stopped = reason
            loop = asyncio.get_running_loop()
            self.timers.append(loop.call_later(PATIENCE, self._lose_patience))
            self._wake()

    def _lose_patience(self) -> None:
        self.patient = False
        self._wake()

    def _wake(self) -> None:
        """Something changed that a worker without sessions may be waiting for."""
        self.changed.set()

"""Many sessions at once: turns inside one are strictly in order, sessions run side by side."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from vaar.errors import ProviderError, RespondentHaltedError, RunDirectoryError
from vaar.respondents.base import Reply, Request, Respondent
from vaar.sessions.protocol import TurnRequest, conduct
from vaar.sessions.records import Session, Turn
from vaar.sessions.runner.admission import Admission
from vaar.sessions.runner.budget import Budget, Caps
from vaar.sessions.runner.ledger import Ledger
from vaar.sessions.runner.limits import ContextCutError, SessionFailedError, SessionUsage
from vaar.sessions.runner.pool import Pool, PoolClosedError
from vaar.sessions.runner.progress import Progress
from vaar.sessions.seeds import turn_seed
from vaar.study.model import Study

LONGER_CONTEXT = (
    "Give its server a longer context (Ollama: OLLAMA_CONTEXT_LENGTH; llama.cpp: --ctx-size), or "
    "ask shorter conversations, then start again with --retry-failed"
)
"""What to do about conversations that a server cuts."""

PATIENCE = 60.0
"""Seconds for which calls under way are waited for when a cap is reached."""


async def run_sessions(
    study: Study,
    sessions: Sequence[Session],
    respondents: Mapping[str, Respondent],
    journal: Ledger,
    concurrency: int | None = None,
    budget: Budget | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    *,
    distributions: bool = False,
) -> Progress:
    """Run sessions until each is complete, failed, its respondent halted, or a cap reached.

    Every respondent has sessions of its own open, so that a slow one holds up no other.

    Parameters
    ----------
    sessions : sequence of Session
        Those still to run. One that has replies in the journal goes on where it stopped, before
        others begin.
    concurrency : int, optional
        Sessions side by side for each respondent; by default, as many as each takes.
    budget : Budget, optional
        What has been spent, and may be.
    on_progress : callable
        Called after every reply and every ended session.
    distributions : bool
        Whether the probabilities of all answers to an item are asked for beside each reply.

    Raises
    ------
    RunDirectoryError
        The journal cannot be written. What was committed is kept.
    """
    begun = journal.begun()
    budget = budget or Budget(Caps(), {})
    faults = {name: respondent.faults for name, respondent in respondents.items()}
    progress = Progress(faults=faults, uncounted=budget.uncounted)
    run = _Run(study, respondents, journal, budget, begun, progress, on_progress, distributions)
    try:
        with _little_garbage():
            async with asyncio.TaskGroup() as tasks:
                run.start(sorted(sessions, key=lambda s: s.number not in begun), concurrency, tasks)
    except ExceptionGroup as group:
        raise group.exceptions[0] from None
    finally:
        for timer in run.timers:
            timer.cancel()
    return run.progress


@dataclass
class _Run:
    study: Study
    respondents: Mapping[str, Respondent]
    journal: Ledger
    budget: Budget
    begun: set[int]
    progress: Progress
    on_progress: Callable[[Progress], None]
    distributions: bool
    pools: list[Pool] = field(default_factory=list)
    timers: list[asyncio.TimerHandle] = field(default_factory=list)
    open: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.admission = Admission(self.budget, self._stop)

    def start(
        self, sessions: Sequence[Session], concurrency: int | None, tasks: asyncio.TaskGroup
    ) -> None:
        def begin(session: Session, pool: Pool) -> None:
            task = tasks.create_task(self._session(session, pool))
            self.open.add(task)
            task.add_done_callback(self.open.discard)

        for name, respondent in self.respondents.items():
            own = [session for session in sessions if session.respondent == name]
            self.pools.append(Pool(respondent, own, concurrency, begin))
            if not own:
                self.budget.finish(name)
        minutes = self.budget.caps.minutes
        if minutes is not None:
            said = f"--max-minutes {minutes:g} is reached"
            self._later(60 * minutes, lambda: self._stop(said))
        for pool in self.pools:
            pool.fill()

    def _later(self, seconds: float, call: Callable[[], object]) -> None:
        self.timers.append(asyncio.get_running_loop().call_later(seconds, call))

    def _stop(self, reason: str) -> None:
        if self.progress.stopped:
            return
        self.progress.stopped = reason
        for pool in self.pools:
            pool.close()
        self.admission.wake()
        self._later(PATIENCE, lambda: [task.cancel() for task in self.open])

    async def _session(self, session: Session, pool: Pool) -> None:
        try:
            await self._converse(session, pool)
        except SessionFailedError as failure:
            await self._end(session, str(failure))
        except ProviderError as error:
            await self._end(session, f"provider_error: {error}")
        except RespondentHaltedError as error:
            self._halt(session.respondent, str(error))
        except PoolClosedError:
            pass  # it stays pending
        else:
            await self._end(session)
        pool.leave()
        if pool.done:
            self._done(session.respondent)
        self.on_progress(self.progress)

    async def _end(self, session: Session, failure: str | None = None) -> None:
        if failure is None:
            self.progress.complete += 1
        else:
            self.progress.failed += 1
        await self.journal.end(session.number, "failed" if failure else "complete", failure)

    async def _converse(self, session: Session, pool: Pool) -> None:
        number = session.number
        recorded = self.journal.turns_of(number) if number in self.begun else []
        conversation = conduct(self.study, session, recorded)
        earlier = iter(recorded)
        usage = SessionUsage(self.study.limits)
        try:
            ask = next(conversation)
            while True:
                stored = next(earlier, None)
                reply = _said(stored, ask) if stored else await self._put(session, ask, usage, pool)
                self._count(usage, reply, ask, session, live=stored is None)
                ask = conversation.send(reply)
        except StopIteration:
            return

    def _count(
        self, usage: SessionUsage, reply: Reply, ask: TurnRequest, session: Session, live: bool
    ) -> None:
        """Count a reply; one that shows a cut conversation now stops its respondent too."""
        try:
            usage.add(reply, ask.messages)
        except ContextCutError as error:
            if live:
                self._halt(session.respondent, f"{session.respondent}: {error}. {LONGER_CONTEXT}")
            raise

    def _halt(self, name: str, reason: str) -> None:
        """Ask nothing further of a respondent; its sessions stay pending."""
        self.progress.halted.setdefault(name, reason)
        self.pools[list(self.respondents).index(name)].close()
        self._done(name)

    async def _put(
        self, session: Session, ask: TurnRequest, usage: SessionUsage, pool: Pool
    ) -> Reply:
        usage.check()
        await pool.turn()
        if reached := self.budget.reached():
            self._stop(reached)
            raise PoolClosedError
        request = Request(
            ask.messages,
            turn_seed(session, ask.turn, ask.attempt),
            self.study.temperature,
            ask.max_tokens,
            ask.schema,
            ask.choices if self.distributions or ask.response != "text" else (),
            session_seed=session.seed,
            response=ask.response,
            shift=self.study.condition[session.condition].shift,
        )
        name = session.respondent
        reply = await self.admission.ask(self.respondents[name], name, request, pool)
        turn = Turn(session.number, ask.turn, ask.attempt, reply, request.seed)
        await self.journal.record(turn)
        self.progress.turns += 1
        self.progress.input_tokens += reply.input_tokens
        self.progress.output_tokens += reply.output_tokens
        pool.fill()
        self.on_progress(self.progress)
        return reply

    def _done(self, name: str) -> None:
        """A respondent is asked no more: what it leaves of the caps is for the others."""
        self.budget.finish(name)
        self.admission.wake()


@contextmanager
def _little_garbage() -> Iterator[None]:
    """Keep the collector from walking, again and again, what was loaded before the asking.

    Where that has been done already, it is left as it is.
    """
    if gc.get_freeze_count():
        yield
        return
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _said(stored: Turn, ask: TurnRequest) -> Reply:
    if (stored.turn, stored.attempt) != (ask.turn, ask.attempt):
        raise RunDirectoryError(
            f"session {stored.session}: the journal holds turn {stored.turn}, attempt "
            f"{stored.attempt}, where turn {ask.turn}, attempt {ask.attempt} is due. It was "
            "written by another version of vaar: go on with the one in run.json, or analyse what "
            "is there (vaar analyze)."
        )
    return stored.reply

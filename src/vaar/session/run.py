"""Many sessions at once: turns inside one are strictly in order, sessions run side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from vaar.errors import ProviderError, RespondentHaltedError, RunDirectoryError
from vaar.respondents.base import Reply, Request, Respondent
from vaar.session.journal import Journal
from vaar.session.protocol import Ask, conduct
from vaar.session.records import Session, Turn
from vaar.study.model import Limits, Study


@dataclass
class Progress:
    """Where a run stands.

    Attributes
    ----------
    complete, failed : int
        Sessions that ended in this call.
    turns : int
        Replies received in this call.
    input_tokens, output_tokens : int
        Summed over those replies.
    halted : dict
        Respondents to which no call can succeed, and why; their sessions stay pending.
    """

    complete: int = 0
    failed: int = 0
    turns: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    halted: dict[str, str] = field(default_factory=dict)


async def run_sessions(
    study: Study,
    sessions: Sequence[Session],
    respondents: Mapping[str, Respondent],
    journal: Journal,
    concurrency: int,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> Progress:
    """Run sessions until each is complete, failed, or its respondent halted.

    Parameters
    ----------
    sessions : sequence of Session
        Those still to run. One that has replies in the journal goes on where it stopped.
    concurrency : int
        How many sessions run side by side; at least 1.
    on_progress : callable
        Called after every reply and every ended session.

    Raises
    ------
    RunDirectoryError
        The journal cannot be written. What was committed is kept.
    """
    progress = Progress()
    waiting = iter(sessions)
    run = _Run(study, respondents, journal, progress, on_progress)
    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(min(concurrency, len(sessions))):
                workers.create_task(run.work(waiting))
    except ExceptionGroup as group:
        raise group.exceptions[0] from None
    return progress


@dataclass(frozen=True)
class _Run:
    study: Study
    respondents: Mapping[str, Respondent]
    journal: Journal
    progress: Progress
    on_progress: Callable[[Progress], None]

    async def work(self, waiting: Iterator[Session]) -> None:
        for session in waiting:
            if session.respondent not in self.progress.halted:
                await self._session(session)

    async def _session(self, session: Session) -> None:
        try:
            await self._converse(session)
        except ProviderError as error:
            self.progress.failed += 1
            await self.journal.end(session.number, "failed", f"provider_error: {error}")
        except _LimitReached as limit:
            self.progress.failed += 1
            await self.journal.end(session.number, "failed", f"limit: {limit}")
        except RespondentHaltedError as error:
            self.progress.halted.setdefault(session.respondent, str(error))
        else:
            self.progress.complete += 1
            await self.journal.end(session.number, "complete")
        self.on_progress(self.progress)

    async def _converse(self, session: Session) -> None:
        conversation = conduct(self.study, session)
        earlier = iter(self.journal.turns_of(session.number))
        tally = _Tally(self.study.limits)
        try:
            ask = next(conversation)
            while True:
                stored = next(earlier, None)
                reply = _said(stored, ask) if stored else await self._put(session, ask, tally)
                tally.add(reply)
                ask = conversation.send(reply)
        except StopIteration:
            return

    async def _put(self, session: Session, ask: Ask, tally: _Tally) -> Reply:
        tally.check()
        request = Request(
            ask.messages, session.seed, self.study.temperature, ask.max_tokens, ask.schema
        )
        reply = await self.respondents[session.respondent].reply(request)
        await self.journal.record(Turn(session.number, ask.turn, ask.attempt, reply))
        self.progress.turns += 1
        self.progress.input_tokens += reply.input_tokens
        self.progress.output_tokens += reply.output_tokens
        self.on_progress(self.progress)
        return reply


def _said(stored: Turn, ask: Ask) -> Reply:
    if (stored.turn, stored.attempt) != (ask.turn, ask.attempt):
        raise RunDirectoryError(
            f"session {stored.session}: the journal holds turn {stored.turn}, attempt "
            f"{stored.attempt}, where turn {ask.turn}, attempt {ask.attempt} is due. It was "
            "written under other coding rules: go on with the vaar version in run.json, or analyse "
            "what is there (vaar analyze)."
        )
    return stored.reply


class _LimitReached(Exception):
    pass


@dataclass
class _Tally:
    limits: Limits
    turns: int = 0
    tokens: int = 0

    def add(self, reply: Reply) -> None:
        self.turns += 1
        self.tokens += reply.input_tokens + reply.output_tokens

    def check(self) -> None:
        if self.turns >= self.limits.turns:
            raise _LimitReached(f"{self.limits.turns} turns")
        if self.tokens >= self.limits.session_tokens:
            raise _LimitReached(f"{self.limits.session_tokens} tokens")

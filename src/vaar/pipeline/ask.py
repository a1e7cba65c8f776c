"""Ask a planned run's sessions, in a directory that keeps every reply."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from vaar.pipeline.rundir import RunDirectory
from vaar.respondents.base import Respondent
from vaar.session.journal import Journal
from vaar.session.lock import locked
from vaar.session.records import Session
from vaar.session.run import Progress, run_sessions
from vaar.study.model import Study

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """How the asking ended.

    Attributes
    ----------
    earlier : int
        Sessions that had ended before this call.
    failed : dict
        Failed sessions by reason, earlier ones included.
    """

    progress: Progress
    earlier: int
    failed: dict[str, int]


def ask(
    study: Study,
    sessions: Sequence[Session],
    respondents: Sequence[Respondent],
    files: RunDirectory,
    concurrency: int,
    retry_failed: bool,
    on_progress: Callable[[Progress, int], None],
) -> Asked:
    """Ask every session that has not ended; called again, go on where the last call stopped.

    Parameters
    ----------
    on_progress : callable
        Called with the progress of this call and the number of sessions that ended before it.
    """
    by_name = {respondent.name: respondent for respondent in respondents}
    with locked(files.path):
        return _blocking(
            _ask(study, sessions, by_name, files, concurrency, retry_failed, on_progress)
        )


async def _ask(
    study: Study,
    sessions: Sequence[Session],
    respondents: Mapping[str, Respondent],
    files: RunDirectory,
    concurrency: int,
    retry_failed: bool,
    on_progress: Callable[[Progress, int], None],
) -> Asked:
    journal = Journal(files.journal)
    try:
        journal.plan(sessions)
        if retry_failed:
            journal.reopen_failed()
        pending = [session for session, status, _ in journal.sessions() if status == "pending"]
        earlier = len(sessions) - len(pending)
        progress = await run_sessions(
            study, pending, respondents, journal, concurrency, lambda p: on_progress(p, earlier)
        )
        return Asked(progress, earlier, _failures(journal))
    finally:
        journal.close()
        for respondent in respondents.values():
            await respondent.close()


def _failures(journal: Journal) -> dict[str, int]:
    reasons = [reason or "" for _, status, reason in journal.sessions() if status == "failed"]
    return {reason: reasons.count(reason) for reason in dict.fromkeys(reasons)}


def _blocking(task: Coroutine[None, None, T]) -> T:
    """Run to the end, also where an event loop runs already, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(task)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, task).result()

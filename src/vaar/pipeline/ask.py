"""Ask a planned run's sessions, in a directory that keeps every reply."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import (
    Awaitable,
    Callable,
    Collection,
    Coroutine,
    Iterable,
    Mapping,
    Sequence,
)
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from vaar.journal.journal import Journal
from vaar.journal.resume import Repair, open_to_go_on
from vaar.journal.usage import Changes, distribution_counts, reported_models
from vaar.pipeline.rundir import RunDirectory
from vaar.respondents.base import Respondent
from vaar.sessions.records import Session
from vaar.sessions.runner.budget import Budget, Caps, ceiling_of, price_of, tells_cost
from vaar.sessions.runner.progress import Progress
from vaar.sessions.runner.run import run_sessions
from vaar.sessions.runner.uncounted import count_uncounted
from vaar.study.model import Study

T = TypeVar("T")
RunSessions = Callable[..., Awaitable[Progress]]


@dataclass(frozen=True)
class CollectionOptions:
    """How the sessions are asked; nothing of it changes what is asked.

    Attributes
    ----------
    concurrency : int or None
        Sessions side by side for each respondent; None lets each take as many as it can.
    retry_failed : bool
        Whether failed sessions are asked again.
    caps : Caps
        What may be spent.
    ray : str or None
        Address of the Ray cluster that asks; None asks from this process.
    allow_hosts : collection of str
        Hosts to which keys may be sent over plain http, or because a models file says so.
    """

    concurrency: int | None = None
    retry_failed: bool = False
    caps: Caps = field(default_factory=Caps)
    ray: str | None = None
    allow_hosts: Collection[str] = ()


@dataclass(frozen=True)
class CollectionResult:
    """How the asking ended.

    Attributes
    ----------
    earlier : int
        Sessions that had ended before this call.
    pending : int
        Sessions that are still to be asked.
    failed : dict
        Failed sessions by reason, earlier ones included.
    anew : int
        Sessions that were asked again from their first turn.
    models : dict
        Replies by respondent and model id that the server reported, earlier ones included.
    changes : dict
        What else changed between them; see :func:`vaar.journal.usage.read_changes`.
    repair : Repair or None
        What was found missing in the journal, and is asked again.
    with_distribution : dict
        By respondent, replies that came with a distribution and all replies that could have,
        earlier ones included.
    """

    progress: Progress
    earlier: int
    pending: int
    failed: dict[str, int]
    anew: int
    models: dict[str, dict[str, int]]
    changes: Changes
    with_distribution: dict[str, tuple[int, int]] = field(default_factory=dict)
    repair: Repair | None = None


def ask(
    study: Study,
    sessions: Sequence[Session],
    respondents: Sequence[Respondent],
    files: RunDirectory,
    asking: CollectionOptions,
    on_progress: Callable[[Progress, int], None] = lambda progress, earlier: None,
    run: RunSessions = run_sessions,
    *,
    wanted: Sequence[Session] | None = None,
    earlier: Sequence[Session] = (),
    surely: Sequence[Session] | None = None,
) -> CollectionResult:
    """Ask every session that has not ended; called again, go on where the last call stopped.

    Call it with the directory locked (:func:`vaar.journal.lock.locked`).

    Parameters
    ----------
    sessions : sequence of Session
        All that the directory holds.
    on_progress : callable
        Called with the progress of this call and the number of sessions that ended before it.
    run : callable
        Runs the pending sessions; the default is `vaar.sessions.runner.run.run_sessions`.
    wanted : sequence of Session, optional
        Those that are asked in this call; by default all.
    earlier : sequence of Session
        Those that an earlier call has planned.
    surely : sequence of Session, optional
        Those of them that the journal must have; by default all.

    Raises
    ------
    RunDirectoryError
        The journal cannot be used, or is damaged.
    RespondentError
        Money is capped, and a model's price is not known.
    """
    by_name = {respondent.name: respondent for respondent in respondents}
    chosen = {session.number for session in (sessions if wanted is None else wanted)}
    return blocking(
        _ask(study, sessions, by_name, files, asking, on_progress, run, chosen, earlier, surely)
    )


async def _ask(
    study: Study,
    sessions: Sequence[Session],
    respondents: Mapping[str, Respondent],
    files: RunDirectory,
    asking: CollectionOptions,
    on_progress: Callable[[Progress, int], None],
    run: RunSessions,
    wanted: set[int],
    planned_earlier: Sequence[Session],
    surely: Sequence[Session] | None,
) -> CollectionResult:
    journal, repair = open_to_go_on(files.journal, study, planned_earlier, surely)
    try:
        journal.plan(sessions)
        anew = journal.reopen_failed() if asking.retry_failed else 0
        prices = {name: price_of(respondent) for name, respondent in respondents.items()}
        budget = Budget(
            asking.caps,
            prices,
            journal.spent(),
            telling=[name for name, respondent in respondents.items() if tells_cost(respondent)],
            ceilings={name: ceiling_of(respondent) for name, respondent in respondents.items()},
        )
        count_uncounted(budget, study, journal)
        pending = [
            session
            for session, status, _ in journal.sessions()
            if status == "pending" and session.number in wanted
        ]
        earlier = len(wanted) - len(pending)
        progress = await run(
            study,
            pending,
            respondents,
            journal,
            asking.concurrency,
            budget,
            lambda progress: on_progress(progress, earlier),
        )
        return _result(study, journal, progress, earlier, anew, wanted, repair)
    finally:
        journal.close()
        for respondent in respondents.values():
            await respondent.close()


def _result(
    study: Study,
    journal: Journal,
    progress: Progress,
    earlier: int,
    anew: int,
    wanted: set[int],
    repair: Repair | None,
) -> CollectionResult:
    sessions = list(journal.sessions())
    ends = [
        (status, reason or "") for session, status, reason in sessions if session.number in wanted
    ]
    reasons = [reason for status, reason in ends if status == "failed"]
    pending = sum(status == "pending" for status, _ in ends)
    usage = journal.spent()
    if not pending:
        progress.stopped = ""  # the cap came with the last reply, and stopped nothing
    return CollectionResult(
        progress=progress,
        earlier=earlier,
        pending=pending,
        failed=dict(Counter(reasons)),
        anew=anew,
        models=reported_models(usage),
        changes=journal.changes(),
        with_distribution=distribution_counts(usage, _replies_in_words(study, sessions)),
        repair=repair,
    )


def _replies_in_words(
    study: Study, sessions: Iterable[tuple[Session, str, str | None]]
) -> Counter[str]:
    """By respondent, replies of complete sessions to items that are answered in words."""
    in_words = {
        part.code: sum(item.kind == "text" for item in part.items) for part in study.instruments
    }
    replies: Counter[str] = Counter()
    for session, status, _ in sessions:
        if status == "complete":
            replies[session.respondent] += sum(in_words[c] for c in session.instrument_order)
    return replies


def blocking(task: Coroutine[None, None, T]) -> T:
    """Run to the end, also where an event loop runs already, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(task)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, task).result()

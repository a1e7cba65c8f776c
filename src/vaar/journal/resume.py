"""A journal is opened to be gone on with: what is missing in it is told, and asked again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from vaar.errors import JournalNotWholeError
from vaar.journal.journal import Journal
from vaar.journal.salvage import salvage
from vaar.sessions.records import Session
from vaar.study.model import Study


@dataclass(frozen=True)
class Repair:
    """What was found missing in a journal, and what was kept of it.

    Attributes
    ----------
    reason : str
        What was not as it was written.
    lost : int
        Replies that had been committed and are gone, as far as that is known.
    sessions : int
        Sessions that are asked again, from where a reply of theirs is missing.
    kept_as : Path
        Where the journal is kept as it was found.
    """

    reason: str
    lost: int
    sessions: int
    kept_as: Path


def open_to_go_on(
    path: Path,
    study: Study,
    planned: Sequence[Session],
    surely: Sequence[Session] | None = None,
) -> tuple[Journal, Repair | None]:
    """Open a journal in which a run goes on, or begins.

    Call this with the directory locked.

    Parameters
    ----------
    planned : sequence of Session
        Those that the journal may have already; empty where the run begins.
    surely : sequence of Session, optional
        Those of them that it must have; by default all.

    Returns
    -------
    Journal, Repair or None
        None where the journal is all that was written.

    Raises
    ------
    RunDirectoryError
        The journal cannot be used, or its file is damaged in a way that SQLite itself sees.
    """
    try:
        return _whole(path, study, planned, surely), None
    except JournalNotWholeError as error:
        done = salvage(path, study, planned)
        sessions = done.cut + done.restored
        return Journal(path), Repair(error.what, done.lost, sessions, done.damaged)


def _whole(
    path: Path, study: Study, planned: Sequence[Session], surely: Sequence[Session] | None
) -> Journal:
    with ExitStack() as stack:
        journal = Journal(path)
        stack.callback(journal.close)
        journal.check()
        journal.require_all_replies()
        if planned and not journal.is_empty:
            journal.require_planned(planned, surely)
            for _ in journal.turns(study):
                pass
        stack.pop_all()
        return journal

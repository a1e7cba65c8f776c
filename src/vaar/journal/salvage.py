"""What is sound of a damaged journal, in a new one."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from vaar.errors import RunDirectoryError
from vaar.files.write import write_bytes
from vaar.journal.damage.recovered_rows import RecoveredRows, recover
from vaar.journal.format.rows import StoredSession
from vaar.journal.journal import Journal
from vaar.journal.lock import read_count
from vaar.journal.replace import journal_in_the_making, put_in_place
from vaar.sessions.records import Session, Status, Turn
from vaar.sessions.replay import replay
from vaar.study.model import Study


@dataclass(frozen=True)
class Salvaged:
    """What a salvage kept.

    Attributes
    ----------
    kept : int
        Replies in the new journal.
    dropped : int
        Sound replies left out, because one before them in their session is lost.
    complete, failed, pending : int
        Sessions in the new journal.
    cut : int
        Those of the pending sessions of which replies are known to be lost.
    restored : int
        Sessions whose own row was lost and was made anew from the plan.
    lost : int
        Replies that had been committed and are in none of its pages, as far as that is known.
    damaged : Path
        Where the damaged journal is kept.
    """

    kept: int
    dropped: int
    complete: int
    failed: int
    pending: int
    cut: int
    restored: int
    lost: int
    damaged: Path


def salvage(path: Path, study: Study, planned: Sequence[Session]) -> Salvaged:
    """Write a new journal from every sound row of a damaged one, which is kept beside it.

    A session keeps its replies up to the first that is lost; from there on it is pending. Call
    this with the directory locked.

    Parameters
    ----------
    planned : sequence of Session
        All sessions of the run; those whose row is lost are entered anew.

    Raises
    ------
    RunDirectoryError
        The new journal cannot be written. The damaged one is left as it was.
    """
    committed = read_count(path.parent) or 0
    tally: Counter[str] = Counter()
    with closing(recover(path)) as recovered, journal_in_the_making(path) as (journal, fresh):
        for batch in _batches(planned):
            journal.plan(batch)
            settled = [_settle(study, session, recovered) for session in batch]
            journal.enter(
                (turn for one in settled for turn in one.turns),
                [(one.number, one.status, one.reason) for one in settled],
            )
            for one in settled:
                tally.update(one.counts)
        journal.close()
        damaged = _exchange(path, fresh)
    with closing(Journal(path)) as journal:
        journal.count_anew()
    return Salvaged(
        kept=tally["kept"],
        dropped=tally["dropped"],
        complete=tally["complete"],
        failed=tally["failed"],
        pending=tally["pending"],
        cut=tally["cut"],
        restored=tally["restored"],
        lost=max(0, committed - tally["kept"] - tally["dropped"]),
        damaged=damaged,
    )


_BATCH = 500


def _batches(planned: Sequence[Session]) -> Iterator[Sequence[Session]]:
    for start in range(0, len(planned), _BATCH):
        yield planned[start : start + _BATCH]


@dataclass(frozen=True)
class _Settled:
    """What is kept of a session, and how it stands now."""

    number: int
    turns: list[Turn]
    status: Status
    reason: str | None
    counts: dict[str, int]


def _settle(study: Study, session: Session, recovered: RecoveredRows) -> _Settled:
    """Cut a session behind the first lost reply, and say how it stands now."""
    found = recovered.turns(session.number)
    stored = recovered.session(session.number, found)
    if stored is not None and stored.session != session:
        stored = None
    chained = found.unbroken()
    follows, whole = replay(study, session, chained)
    turns = chained[:follows]
    dropped = found.total - len(turns)
    status, reason = _ended(stored, found.seal(stored), dropped > 0, whole)
    had_ended = stored is not None and stored.status != "pending"
    cut = dropped > 0 or (status == "pending" and had_ended)
    counts = {
        "kept": len(turns),
        "dropped": dropped,
        status: 1,
        "cut": int(cut),
        "restored": int(stored is None),
    }
    return _Settled(session.number, turns, status, reason, counts)


def _ended(
    stored: StoredSession | None, seal: bytes | None, dropped: bool, whole: bool
) -> tuple[Status, str | None]:
    """How a session ended: as is written, where its seal holds; else as its replies tell."""
    if stored is not None and stored.status != "pending" and stored.seal == seal:
        return stored.status, stored.reason
    unsealed = stored is not None and stored.seal is None  # of a format before seals
    if stored is not None and unsealed and stored.status == "failed" and not dropped:
        return "failed", stored.reason
    return ("complete", None) if whole else ("pending", None)


def _exchange(path: Path, fresh: Path) -> Path:
    """Put the new journal in the place of the damaged one, and that beside it."""
    kept = next(
        name
        for k in count(1)
        if not os.path.lexists(name := path.with_name(f"{path.stem}.damaged-{k}{path.suffix}"))
    )
    try:
        if path.exists():
            _keep(path, kept)
        log = path.with_name(f"{path.name}-wal")
        if log.exists():
            _keep(log, kept.with_name(f"{kept.name}-wal"))
    except OSError as error:
        raise RunDirectoryError(
            f"{kept}: the damaged journal cannot be kept there ({error.strerror}), so it stays as "
            "it is. Make room or allow writing, then give the same command again."
        ) from error
    put_in_place(fresh, path)
    return kept


def _keep(path: Path, kept: Path) -> None:
    try:
        os.link(path, kept, follow_symlinks=False)
    except OSError:  # this file system has no such links
        write_bytes(kept, path.read_bytes())

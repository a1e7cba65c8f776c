"""What is sound of a damaged journal, in a new one."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from vaar.journal import rows
from vaar.journal.database import open_journal, told
from vaar.journal.rows import Row
from vaar.journal.sqlite_pages import read_rows
from vaar.sessions.records import Session, Status
from vaar.sessions.replay import replay
from vaar.study.model import Study

SIDES = ("-wal", "-shm")
"""Endings of the files that SQLite keeps beside a journal."""


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
    damaged: Path


def salvage(path: Path, study: Study, planned: Iterable[Session]) -> Salvaged:
    """Write a new journal from every sound row of a damaged one, which is kept beside it.

    A session keeps its replies up to the first that is lost; from there on it is pending. Call
    this with the directory locked.

    Parameters
    ----------
    planned : iterable of Session
        All sessions of the run; those whose row is lost are entered anew.

    Raises
    ------
    RunDirectoryError
        The new journal cannot be written. The damaged one is left as it was.
    """
    fresh = path.with_name(f".{path.name}.salvaged")
    _remove(fresh)
    with told(fresh), closing(open_journal(fresh)) as database:
        found: dict[int, Row] = {}
        database.execute("BEGIN")
        database.executemany(
            f"INSERT OR REPLACE INTO turns VALUES ({rows.marks(rows.N_TURN)})",
            _sound_turns(path, found),
        )
        plan = {session.number: session for session in planned}
        restored = plan.keys() - found.keys()
        found |= {number: rows.session_row(plan[number]) for number in restored}
        tally = _settle(database, study, sorted(found.items()))
        database.execute("COMMIT")
    return Salvaged(
        kept=tally["kept"],
        dropped=tally["dropped"],
        complete=tally["complete"],
        failed=tally["failed"],
        pending=tally["pending"],
        cut=tally["cut"],
        restored=len(restored),
        damaged=_exchange(path, fresh),
    )


def _sound_turns(path: Path, sessions: dict[int, Row]) -> Iterator[Row]:
    """Yield the sound replies; sound sessions go into the dictionary on the way."""
    for number, values in read_rows(path):
        if number is not None and len(values) == rows.N_SESSION:
            session = (number, *values[1:])
            if rows.is_sound_session(session):
                sessions[number] = session
        elif number is None and len(values) == rows.N_TURN:
            turn = rows.with_reals(values)
            if rows.is_sound(turn):
                yield turn


def _settle(
    database: sqlite3.Connection, study: Study, sessions: Sequence[tuple[int, Row]]
) -> Counter[str]:
    """Enter the sessions, cut behind the first lost reply, and count what became of them."""
    tally: Counter[str] = Counter()
    for number, row in sessions:
        turns = [
            rows.turn_of(found)
            for found in database.execute(
                "SELECT * FROM turns WHERE session = ? ORDER BY turn, attempt", (number,)
            )
        ]
        kept, whole = replay(study, rows.session_of(row), turns)
        for lost in turns[kept:]:
            database.execute(
                "DELETE FROM turns WHERE (session, turn, attempt) = (?, ?, ?)",
                (number, lost.turn, lost.attempt),
            )
        status, reason = _ended(row, kept < len(turns), whole)
        database.execute(
            f"INSERT INTO sessions VALUES ({rows.marks(rows.N_SESSION)})",
            (*row[:-2], status, reason),
        )
        cut = kept < len(turns) or (status == "pending" and row[-2] != "pending")
        tally.update({"kept": kept, "dropped": len(turns) - kept, status: 1, "cut": cut})
    return tally


def _ended(row: Row, dropped: bool, whole: bool) -> tuple[Status, str | None]:
    if row[-2] == "failed" and not dropped:
        return "failed", row[-1]
    return ("complete", None) if whole else ("pending", None)


def _exchange(path: Path, fresh: Path) -> Path:
    """Put the new journal in the place of the damaged one, and that beside it."""
    kept = next(
        name
        for k in count(1)
        if not (name := path.with_name(f"{path.stem}.damaged-{k}{path.suffix}")).exists()
    )
    if path.exists():
        try:
            os.link(path, kept)
        except OSError:
            shutil.copyfile(path, kept)
    log = path.with_name(f"{path.name}-wal")
    if log.exists():
        os.replace(log, kept.with_name(f"{kept.name}-wal"))
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    os.replace(fresh, path)
    return kept


def _remove(path: Path) -> None:
    for side in ("", *SIDES):
        path.with_name(path.name + side).unlink(missing_ok=True)

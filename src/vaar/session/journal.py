"""The journal of a run: every session and every reply, in SQLite.

A reply is committed before the next turn of its session is asked, so that a run which dies loses
only the calls in flight. Replies that arrive together are committed together.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from vaar.errors import RunDirectoryError
from vaar.session.records import Session, Turn
from vaar.session.rows import (
    FORMAT,
    N_PLANNED,
    SCHEMA,
    Row,
    is_sound,
    session_of,
    session_row,
    turn_of,
    turn_row,
)

Status = Literal["pending", "complete", "failed"]


class Journal:
    """The journal of one run directory.

    Parameters
    ----------
    path : Path
        The SQLite file; made where it does not exist.

    Raises
    ------
    RunDirectoryError
        The file cannot be opened, is not a journal, or is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._turns: list[Row] = []
        self._ends: list[tuple[str, str | None, int]] = []
        self._committed: asyncio.Future[None] | None = None
        with self._told():
            self._database = sqlite3.connect(path, isolation_level=None)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._prepare()

    @classmethod
    def existing(cls, path: Path) -> Journal:
        """Open a journal that must be there already.

        Raises
        ------
        RunDirectoryError
            It is not.
        """
        if not path.is_file():
            raise RunDirectoryError(
                f"{path}: there is no such file. It holds every reply and cannot be made anew: "
                "restore it from a copy, or start again with `vaar run`."
            )
        return cls(path)

    def _prepare(self) -> None:
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        if version == FORMAT:
            return
        if version or self._database.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise RunDirectoryError(
                f"{self.path}: a journal of format {version}; this vaar reads format {FORMAT}. "
                "Analyse it with the version that made it (see run.json)."
            )
        self._database.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {FORMAT}; COMMIT;")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise RunDirectoryError(
                f"{self.path}: the journal cannot be used ({error}). If the disk is full or the "
                "directory is not writable, mend that and start the same command again; if the "
                "file is damaged, restore it from a copy or start a new run directory."
            ) from error

    def close(self) -> None:
        """Commit what is waiting and close the file."""
        try:
            self._commit()
        finally:
            self._database.close()

    def plan(self, sessions: Sequence[Session]) -> None:
        """Enter the planned sessions; those that are there already stay as they are."""
        with self._told():
            self._database.execute("BEGIN")
            self._database.executemany(
                f"INSERT OR IGNORE INTO sessions VALUES ({_marks(N_PLANNED)}, 'pending', NULL)",
                map(session_row, sessions),
            )
            self._database.execute("COMMIT")

    def reopen_failed(self) -> None:
        """Make failed sessions pending again; what they have answered is kept."""
        with self._told():
            self._database.execute(
                "UPDATE sessions SET status = 'pending', reason = NULL WHERE status = 'failed'"
            )

    def sessions(self) -> list[tuple[Session, Status, str | None]]:
        """All sessions with their status and, where they failed, the reason."""
        with self._told():
            rows = self._database.execute("SELECT * FROM sessions ORDER BY number").fetchall()
        return [(session_of(row), row[-2], row[-1]) for row in rows]

    def turns_of(self, session: int) -> list[Turn]:
        """The replies of one session, in the order they were given."""
        with self._told():
            rows = self._database.execute(
                "SELECT * FROM turns WHERE session = ? ORDER BY turn, attempt", (session,)
            )
            return [self._sound(row) for row in rows]

    def turns(self) -> Iterator[Turn]:
        """Every reply of the run, session by session."""
        with self._told():
            yield from map(
                self._sound,
                self._database.execute("SELECT * FROM turns ORDER BY session, turn, attempt"),
            )

    def _sound(self, row: Row) -> Turn:
        if not is_sound(row):
            raise RunDirectoryError(
                f"{self.path}: damaged: session {row[0]}, turn {row[1]} is not what was written. "
                "Restore the file from a copy, or keep what is sound of it."
            )
        return turn_of(row)

    def simulated_respondents(self) -> set[str]:
        """Names of the respondents of whose replies at least one is simulated."""
        with self._told():
            rows = self._database.execute(
                "SELECT DISTINCT respondent FROM sessions WHERE EXISTS "
                "(SELECT 1 FROM turns WHERE session = number AND simulated)"
            )
            return {name for (name,) in rows}

    def costs(self) -> list[tuple[int, int, int, int]]:
        """Session, replies, tokens in and tokens out of every session that has a reply."""
        with self._told():
            return self._database.execute(
                "SELECT session, count(*), sum(input_tokens), sum(output_tokens) "
                "FROM turns GROUP BY session"
            ).fetchall()

    async def record(self, turn: Turn) -> None:
        """Make one reply durable; returns when it is committed."""
        self._turns.append(turn_row(turn))
        await self._next_commit()

    async def end(self, session: int, status: Status, reason: str | None = None) -> None:
        """Enter how a session ended; returns when it is committed."""
        self._ends.append((status, reason, session))
        await self._next_commit()

    async def _next_commit(self) -> None:
        if self._committed is None:
            loop = asyncio.get_running_loop()
            self._committed = loop.create_future()
            loop.call_soon(self._commit_for_all, self._committed)
        await asyncio.shield(self._committed)

    def _commit_for_all(self, committed: asyncio.Future[None]) -> None:
        self._committed = None
        try:
            self._commit()
        except RunDirectoryError as error:
            committed.set_exception(error)
        else:
            committed.set_result(None)

    def _commit(self) -> None:
        if not self._turns and not self._ends:
            return
        turns, ends = self._turns, self._ends
        self._turns, self._ends = [], []
        with self._told():
            self._database.execute("BEGIN")
            self._database.executemany(f"INSERT INTO turns VALUES ({_marks(13)})", turns)
            self._database.executemany(
                "UPDATE sessions SET status = ?, reason = ? WHERE number = ?", ends
            )
            self._database.execute("COMMIT")


def _marks(columns: int) -> str:
    return ", ".join("?" * columns)

"""The journal of a run: every session and every reply, in SQLite.

A reply is committed before the next turn of its session is asked, so that a run which dies loses
only the calls in flight. Replies that arrive together are committed together.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from vaar.errors import RunDirectoryError
from vaar.journal.database import damaged, open_journal, require_file, told
from vaar.journal.rows import (
    N_SESSION,
    N_TURN,
    Row,
    is_sound,
    is_sound_session,
    marks,
    session_of,
    session_row,
    turn_of,
    turn_row,
)
from vaar.journal.usage import read_spent, reported_models
from vaar.sessions.records import ModelUsage, Session, Status, Turn
from vaar.sessions.runner.limits import UNUSABLE

_BEGINS_SO = " OR ".join(f"reason LIKE '{beginning}%'" for beginning in UNUSABLE)
_CHANGED = f"status = 'failed' AND ({_BEGINS_SO})"


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
        self._waiters: list[asyncio.Future[None]] = []
        with told(path):
            self._database = open_journal(path)

    @classmethod
    def existing(cls, path: Path) -> Journal:
        """Open a journal that must be there already, and check that its file is sound.

        Raises
        ------
        RunDirectoryError
            It is not there, or it is damaged.
        """
        require_file(path)
        journal = cls(path)
        try:
            journal.check()
        except RunDirectoryError:
            journal.close()
            raise
        return journal

    def check(self) -> None:
        """Check the structure of the file; its rows are checked whenever they are read.

        Raises
        ------
        RunDirectoryError
            It is damaged.
        """
        with told(self.path):
            (found,) = self._database.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise damaged(self.path, " ".join(str(found).split()))

    def close(self) -> None:
        """Commit what is waiting and close the file."""
        try:
            self._commit()
        finally:
            self._database.close()

    def plan(self, sessions: Sequence[Session]) -> None:
        """Enter the planned sessions; those that are there already stay as they are."""
        with told(self.path):
            self._database.execute("BEGIN")
            self._database.executemany(
                f"INSERT OR IGNORE INTO sessions VALUES ({marks(N_SESSION)})",
                map(session_row, sessions),
            )
            self._database.execute("COMMIT")

    def reopen_failed(self) -> int:
        """Make failed sessions pending again; what they have answered is kept.

        A session that was answered by more than one model has lost what it was: its replies are
        deleted, and it begins anew.

        Returns
        -------
        int
            Sessions that begin anew.
        """
        with told(self.path):
            anew = self._delete_changed()
            self._database.execute(
                "UPDATE sessions SET status = 'pending', reason = NULL WHERE status = 'failed'"
            )
        return anew

    def _delete_changed(self) -> int:
        """Delete the replies of sessions that several models answered, without a trace.

        Salvage reads whatever a file still holds, so nothing of them may be left in it.
        """
        database = self._database
        (changed,) = database.execute(f"SELECT count(*) FROM sessions WHERE {_CHANGED}").fetchone()
        if changed:
            database.execute("PRAGMA secure_delete = ON")
            database.execute(
                f"DELETE FROM turns WHERE session IN (SELECT number FROM sessions WHERE {_CHANGED})"
            )
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(changed)

    def sessions(self) -> list[tuple[Session, Status, str | None]]:
        """All sessions with their status and, where they failed, the reason."""
        with told(self.path):
            rows = self._database.execute("SELECT * FROM sessions ORDER BY number").fetchall()
        for row in rows:
            if not is_sound_session(row):
                raise damaged(self.path, f"session {row[0]} is not what was written")
        return [(session_of(row), row[-2], row[-1]) for row in rows]

    def begun(self) -> set[int]:
        """Numbers of the sessions that are pending and have a reply."""
        with told(self.path):
            rows = self._database.execute(
                "SELECT number FROM sessions WHERE status = 'pending' "
                "AND EXISTS (SELECT 1 FROM turns WHERE session = number)"
            )
            return {number for (number,) in rows}

    def turns_of(self, session: int) -> list[Turn]:
        """The replies of one session, in the order they were given."""
        with told(self.path):
            rows = self._database.execute(
                "SELECT * FROM turns WHERE session = ? ORDER BY turn, attempt", (session,)
            )
            return [self._sound(row) for row in rows]

    def turns(self) -> Iterator[Turn]:
        """Every reply of the run, session by session."""
        with told(self.path):
            yield from map(
                self._sound,
                self._database.execute("SELECT * FROM turns ORDER BY session, turn, attempt"),
            )

    def _sound(self, row: Row) -> Turn:
        if not is_sound(row):
            raise damaged(self.path, f"session {row[0]}, turn {row[1]} is not what was written")
        return turn_of(row)

    def simulated_respondents(self) -> set[str]:
        """Names of the respondents of whose replies at least one is simulated."""
        with told(self.path):
            rows = self._database.execute(
                "SELECT DISTINCT respondent FROM sessions WHERE EXISTS "
                "(SELECT 1 FROM turns WHERE session = number AND simulated)"
            )
            return {name for (name,) in rows}

    def spent(self) -> list[ModelUsage]:
        """What the replies cost, by group and reported model."""
        with told(self.path):
            return read_spent(self._database)

    def reported_models(self) -> dict[str, dict[str, int]]:
        """Replies by respondent and model id that the server reported."""
        return reported_models(self.spent())

    def costs(self) -> list[tuple[int, int, int, int]]:
        """Session, replies, tokens in and tokens out of every session that has a reply."""
        with told(self.path):
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

    def enter(self, turns: Iterable[Turn], ends: Iterable[tuple[int, Status, str | None]]) -> None:
        """Enter replies from elsewhere, and how sessions ended; returns when it is committed."""
        self._turns.extend(map(turn_row, turns))
        self._ends.extend((status, reason, session) for session, status, reason in ends)
        self._commit()

    async def _next_commit(self) -> None:
        loop = asyncio.get_running_loop()
        if not self._waiters:
            loop.call_soon(self._commit_for_all)
        waiter = loop.create_future()
        self._waiters.append(waiter)
        await waiter

    def _commit_for_all(self) -> None:
        waiters, self._waiters = self._waiters, []
        failure: RunDirectoryError | None = None
        try:
            self._commit()
        except RunDirectoryError as error:
            failure = error
        for waiter in waiters:
            if waiter.done():
                continue
            if failure is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(failure)

    def _commit(self) -> None:
        if not self._turns and not self._ends:
            return
        turns, ends = self._turns, self._ends
        self._turns, self._ends = [], []
        with told(self.path):
            self._database.execute("BEGIN")
            self._database.executemany(f"INSERT INTO turns VALUES ({marks(N_TURN)})", turns)
            self._database.executemany(
                "UPDATE sessions SET status = ?, reason = ? WHERE number = ?", ends
            )
            self._database.execute("COMMIT")

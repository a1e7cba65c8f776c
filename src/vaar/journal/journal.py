"""The journal of a run: every session and every reply, in SQLite.

A reply is committed before the next turn of its session is asked, so that a run which dies loses
only the calls in flight. Replies that arrive together are committed together.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from vaar.errors import RunDirectoryError
from vaar.journal.database import damaged, explained
from vaar.journal.format import rows
from vaar.journal.format.seals import seal_of
from vaar.journal.reader import JournalReader
from vaar.sessions.records import Session, Status, Turn
from vaar.sessions.runner.limits import UNUSABLE


class Journal(JournalReader):
    """The journal of one run directory.

    Whatever is read from it is what was written, in its order and all of it, or an error says
    where it is not.

    Parameters
    ----------
    path : Path
        The SQLite file; made where it does not exist. One of an older format is brought to today's.
    to_read : bool
        Whether it is only read: nothing is made or brought to today's format.

    Raises
    ------
    RunDirectoryError
        The file cannot be opened, is not a journal, or is damaged.
    """

    def __init__(self, path: Path, *, to_read: bool = False) -> None:
        super().__init__(path, to_read=to_read)
        self._turns: list[Turn] = []
        self._ends: list[tuple[int, Status, str | None]] = []
        self._waiters: list[asyncio.Future[None]] = []
        self._last: dict[int, int | None] = {}  # checksum of the last turn, by session

    def close(self) -> None:
        """Commit what is waiting and close the file."""
        try:
            self._commit()
        finally:
            super().close()

    def plan(self, sessions: Sequence[Session]) -> None:
        """Enter the planned sessions; those that are there already stay as they are."""
        with self._transaction():
            self._database.executemany(
                f"INSERT OR IGNORE INTO sessions VALUES ({rows.marks(rows.N_SESSION)})",
                map(rows.session_row, sessions),
            )

    def count_anew(self) -> None:
        """Take what is there for all that was ever committed."""
        self._count.take()

    def reopen_failed(self) -> int:
        """Make failed sessions pending again; what they have answered is kept.

        A session that was answered by more than one model has lost what it was: its replies are
        deleted, and it begins anew.

        Returns
        -------
        int
            Sessions that begin anew.
        """
        failed = [stored for stored in self.stored_sessions() if stored.status == "failed"]
        changed = [s for s in failed if (s.reason or "").startswith(UNUSABLE)]
        self.forget_replies([stored.session.number for stored in changed])
        with self._transaction():
            for stored in failed:
                self._enter_session(stored.session, "pending", None)
        return len(changed)

    def forget_replies(self, sessions: Sequence[int]) -> None:
        """Delete the replies of sessions without a trace.

        Salvage reads whatever a file still holds, so nothing of them may be left in it.
        """
        if not sessions:
            return
        with explained(self.path):
            self._database.execute("PRAGMA secure_delete = ON")
            with self._transaction():
                self._database.executemany(
                    "DELETE FROM turns WHERE session = ?", ((number,) for number in sessions)
                )
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._last.clear()
        self._count.take()

    async def record(self, turn: Turn) -> None:
        """Make one reply durable; returns when it is committed."""
        self._turns.append(turn)
        await self._next_commit()

    async def end(self, session: int, status: Status, reason: str | None = None) -> None:
        """Enter how a session ended; returns when it is committed."""
        self._ends.append((session, status, reason))
        await self._next_commit()

    def enter(self, turns: Iterable[Turn], ends: Iterable[tuple[int, Status, str | None]]) -> None:
        """Enter replies from elsewhere, and how sessions ended; returns when it is committed."""
        self._turns.extend(turns)
        self._ends.extend(ends)
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
        with self._transaction():
            self._database.executemany(
                f"INSERT INTO turns VALUES ({rows.marks(rows.N_TURN)})",
                [self._turn_row(turn) for turn in turns],
            )
            for number, status, reason in ends:
                self._end(number, status, reason)
        self._count.add(len(turns))

    def _turn_row(self, turn: Turn) -> rows.Row:
        number = turn.session
        if number not in self._last:
            found = self._database.execute(
                "SELECT checksum FROM turns WHERE session = ? ORDER BY turn DESC, attempt DESC",
                (number,),
            ).fetchone()
            self._last[number] = found and found[0]
        row = self._sources.turn_row(turn, self._last[number])
        self._last[number] = row[-1]
        return row

    def _end(self, number: int, status: Status, reason: str | None) -> None:
        row = self._database.execute(
            "SELECT * FROM sessions WHERE number = ?", (number,)
        ).fetchone()
        if row is None or not rows.is_sound_session(row):
            raise damaged(self.path, f"session {number} is not what was written")
        self._enter_session(rows.session_of(row).session, status, reason)
        self._last.pop(number, None)

    def _enter_session(self, session: Session, status: Status, reason: str | None) -> None:
        keys = self._database.execute(
            "SELECT turn, attempt, checksum FROM turns WHERE session = ? ORDER BY turn, attempt",
            (session.number,),
        ).fetchall()
        reason = None if reason is None else rows.storable(reason)
        seal = seal_of(session.number, status, reason, keys)
        self._database.execute(
            f"INSERT OR REPLACE INTO sessions VALUES ({rows.marks(rows.N_SESSION)})",
            rows.session_row(session, status, reason, seal),
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Commit what is done in it, or nothing of it."""
        with explained(self.path):
            self._database.execute("BEGIN")
            try:
                yield
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                self._sources.read()
                self._last.clear()
                raise

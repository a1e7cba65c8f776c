"""What a journal holds, read: sessions, replies, what they used; checked as they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from vaar.errors import RunDirectoryError
from vaar.journal.access import can_be_written
from vaar.journal.damage.verification import (
    NotAsWrittenError,
    sound_conversation,
    sound_conversations,
    sound_sessions,
)
from vaar.journal.database import (
    damaged,
    explained,
    not_whole,
    open_journal,
    open_to_read,
    require_file,
    unplanned,
)
from vaar.journal.format import rows
from vaar.journal.format.rows import StoredSession
from vaar.journal.format.sources import Sources
from vaar.journal.reply_count import ReplyCount
from vaar.journal.usage import (
    Changes,
    read_changes,
    read_served,
    read_usage,
    reported_models,
    simulated_respondents,
)
from vaar.sessions.records import ModelUsage, Said, Session, Status, Turn
from vaar.study.model import Study


class JournalReader:
    """The reading half of :class:`vaar.journal.journal.Journal`.

    Parameters
    ----------
    path : Path
        The SQLite file.
    to_read : bool
        Whether nothing may be made or brought to today's format.
    """

    def __init__(self, path: Path, *, to_read: bool = False) -> None:
        self.path = path
        self._sessions: tuple[tuple[int, int], Sequence[StoredSession]] | None = None
        with explained(path):
            self._database = (open_to_read if to_read else open_journal)(path)
            self._sources = Sources(self._database)
            self._count = ReplyCount(path, self._database)

    @classmethod
    def existing(cls, path: Path) -> Self:
        """Open a journal that must be there already, and check that its file is sound.

        Where it cannot be written, it is opened to be read.

        Raises
        ------
        RunDirectoryError
            It is not there, or it is damaged.
        """
        require_file(path)
        journal = cls(path, to_read=not can_be_written(path))
        try:
            journal.check()
            journal.require_all_replies()
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
        with explained(self.path):
            (found,) = self._database.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise damaged(self.path, " ".join(str(found).split()))

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been planned or said."""
        with explained(self.path):
            tables = ("sessions", "turns")
            found = (self._database.execute(f"SELECT 1 FROM {t}").fetchone() for t in tables)
            return not any(found)

    @property
    def lost_replies(self) -> int:
        """How many replies fewer the file has than were committed; 0 where that is not known."""
        return self._count.lost

    def require_all_replies(self) -> None:
        """Refuse a journal that has fewer replies than were committed.

        Raises
        ------
        JournalNotWholeError
        """
        if lost := self._count.lost:
            raise not_whole(self.path, f"{lost:,} replies that were committed are not in it")

    def require_planned(
        self, planned: Sequence[Session], surely: Sequence[Session] | None = None
    ) -> None:
        """Refuse a journal whose sessions are not those that the run has planned.

        Parameters
        ----------
        surely : sequence of Session, optional
            Those that it must have; by default all.

        Raises
        ------
        JournalNotWholeError
            It lacks some.
        RunDirectoryError
            It holds others.
        """
        by_number = {session.number: session for session in planned}
        found = self.stored_sessions()
        for stored in found:
            if by_number.get(stored.session.number) != stored.session:
                raise unplanned(self.path, stored.session)
        there = {stored.session.number for stored in found}
        needed = {session.number for session in (planned if surely is None else surely)}
        if lacking := needed - there:
            what = f"{len(lacking):,} of the sessions in run.json are not in it"
            raise not_whole(self.path, what)

    def close(self) -> None:
        """Close the file."""
        self._count.close()
        self._database.close()

    def sessions(self) -> list[tuple[Session, Status, str | None]]:
        """All sessions with their status and, where they failed, the reason."""
        return [(s.session, s.status, s.reason) for s in self.stored_sessions()]

    def stored_sessions(self) -> Sequence[StoredSession]:
        """All sessions as they stand in the file, seals included."""
        with self._as_written():
            (version,) = self._database.execute("PRAGMA data_version").fetchone()
            state = version, self._database.total_changes  # of other processes, of this one
            if self._sessions is None or self._sessions[0] != state:
                table = self._database.execute("SELECT * FROM sessions ORDER BY number")
                self._sessions = state, sound_sessions(table)
            return self._sessions[1]

    def begun(self) -> set[int]:
        """Numbers of the sessions that are pending and have a reply."""
        with explained(self.path):
            found = self._database.execute(
                "SELECT number FROM sessions WHERE status = 'pending' "
                "AND EXISTS (SELECT 1 FROM turns WHERE session = number)"
            )
            return {number for (number,) in found}

    def turns_of(self, session: int) -> list[Turn]:
        """The replies of one session, in the order they were given."""
        with self._as_written():
            row = self._database.execute(
                "SELECT * FROM sessions WHERE number = ?", (session,)
            ).fetchone()
            if row is None:
                raise NotAsWrittenError(f"session {session} is not in it")
            (stored,) = sound_sessions([row])
            turns = self._database.execute(
                "SELECT * FROM turns WHERE session = ? ORDER BY turn, attempt", (session,)
            ).fetchall()
            sound_conversation(stored, turns, self._sources.by_id)
            return [self._turn_of(row) for row in turns]

    def turns(self, study: Study | None = None) -> Iterator[Turn]:
        """Every reply of the run, session by session.

        Parameters
        ----------
        study : Study, optional
            What was asked; each complete session is then held against it too.

        Raises
        ------
        JournalNotWholeError
            Something is not as it was written, or missing. What came before is sound.
        """
        for _, turns in self._conversations(study):
            yield from map(self._turn_of, turns)

    def said(self, study: Study) -> Iterator[tuple[StoredSession, list[Said]]]:
        """Every session with what was said in it; checked as by :meth:`turns`, and quicker.

        Raises
        ------
        JournalNotWholeError
            As of :meth:`turns`.
        """
        place = rows.TURN_SOURCE
        for stored, turns in self._conversations(study):
            sources = self._sources.by_id
            yield stored, [rows.said_of(row, sources[row[place]]) for row in turns]

    def _conversations(self, study: Study | None) -> Iterator[tuple[StoredSession, list[rows.Row]]]:
        with self._one_moment():
            sessions = self.stored_sessions()
            turns = self._database.execute("SELECT * FROM turns ORDER BY session, turn, attempt")
            yield from sound_conversations(sessions, turns, self._sources.by_id, study)

    def _turn_of(self, row: rows.Row) -> Turn:
        return rows.turn_of(row, self._sources.by_id[row[rows.TURN_SOURCE]])

    def simulated_respondents(self) -> set[str]:
        """Names of the respondents of whose replies at least one is simulated."""
        with explained(self.path):
            return simulated_respondents(self._database)

    def spent(self) -> list[ModelUsage]:
        """What the replies used, by group and reported model."""
        with explained(self.path):
            return read_usage(self._database)

    def reported_models(self) -> dict[str, dict[str, int]]:
        """Replies by respondent and model id that the server reported."""
        return reported_models(self.spent())

    def changes(self) -> Changes:
        """Who served the replies, and how, where that changed."""
        with explained(self.path):
            return read_changes(self._database)

    def served(self) -> Changes:
        """Who served the replies, and how, whether or not that changed."""
        with explained(self.path):
            return read_served(self._database)

    def costs(self) -> list[tuple[int, int, int, int]]:
        """Session, replies, tokens in and tokens out of every session that has a reply."""
        with explained(self.path):
            return self._database.execute(
                "SELECT session, count(*), sum(input_tokens), sum(output_tokens) "
                "FROM turns GROUP BY session"
            ).fetchall()

    @contextmanager
    def _one_moment(self) -> Iterator[None]:
        """Read the file as it is now, whatever another process writes meanwhile."""
        with self._as_written():
            self._database.execute("BEGIN")
            try:
                self._sources.read()
                yield
            finally:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")

    @contextmanager
    def _as_written(self) -> Iterator[None]:
        with explained(self.path):
            try:
                yield
            except NotAsWrittenError as error:
                raise not_whole(self.path, str(error)) from error

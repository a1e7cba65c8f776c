"""The sound rows of a damaged journal, of today's format or an older one, session by session."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from vaar.journal.damage.sqlite_pages import read_rows
from vaar.journal.format import rows
from vaar.journal.format.migrations import (
    N_SESSION_3,
    N_TURN_3,
    session_of_format_3,
    turn_of_format_3,
)
from vaar.journal.format.rows import Row, Source, StoredSession
from vaar.journal.format.schema import create_tables
from vaar.journal.format.seals import seal_of
from vaar.journal.format.sources import Sources
from vaar.sessions.records import Turn

_NOT_CHAINED = -1
"""Stands for the checksum of the turn before, in rows of formats that had none."""


@dataclass(frozen=True)
class Conversation:
    """The sound rows of one session, in order."""

    session: int
    rows: list[Row]
    sources: dict[int, Source]

    @property
    def total(self) -> int:
        return len(self.rows)

    def unbroken(self) -> list[Turn]:
        """The turns up to the first whose predecessor is lost."""
        kept: list[Turn] = []
        follows: int | None = None
        for row in self.rows:
            if row[rows.TURN_FOLLOWS] not in (follows, _NOT_CHAINED):
                break
            follows = row[-1]
            kept.append(rows.turn_of(row, self.sources[row[rows.TURN_SOURCE]]))
        return kept

    def seal(self, stored: StoredSession | None) -> bytes | None:
        """The seal that the session would have with these rows."""
        if stored is None:
            return None
        keys = ((row[1], row[2], row[-1]) for row in self.rows)
        return seal_of(self.session, stored.status, stored.reason, keys)


class RecoveredRows:
    """Sound sessions in memory, sound turns in a temporary file."""

    def __init__(self) -> None:
        self._sessions: dict[int, list[StoredSession]] = {}
        self._database = sqlite3.connect("", isolation_level=None)
        create_tables(self._database)
        self._sources = Sources(self._database)

    def session(self, number: int, found: Conversation) -> StoredSession | None:
        """A session as it stood when it was last written; None where its row is lost.

        Pages that are no longer used may hold older versions of it. The one whose seal holds
        together with the turns is the last; else one that is pending.
        """
        versions = self._sessions.get(number, [])
        sealed = (one for one in versions if one.seal and one.seal == found.seal(one))
        pending = (one for one in versions if one.status == "pending")
        return next(chain(sealed, pending, reversed(versions)), None)

    def turns(self, session: int) -> Conversation:
        """The sound turns of a session."""
        found = self._database.execute(
            "SELECT * FROM turns WHERE session = ? ORDER BY turn, attempt", (session,)
        )
        return Conversation(session, found.fetchall(), self._sources.by_id)

    def close(self) -> None:
        """Remove the temporary file."""
        self._database.close()

    def read(self, path: Path) -> None:
        """Take every sound row that any page of a journal or its log still holds."""
        sources: dict[int, list[Source]] = {}
        for number, values in read_rows(path):
            row: Row = values if number is None else (number, *values[1:])
            if len(row) == rows.N_SOURCE and rows.is_sound(row):
                sources.setdefault(row[0], []).append(row[1:-1])
            elif number is not None:
                self._take_session(number, row)
        self._database.execute("BEGIN")
        self._database.executemany(
            f"INSERT OR REPLACE INTO turns VALUES ({rows.marks(rows.N_TURN)})",
            self._turns_in(path, sources),
        )
        self._database.execute("COMMIT")

    def _take_session(self, number: int, row: Row) -> None:
        if len(row) == rows.N_SESSION and rows.is_sound_session(row):
            self._sessions.setdefault(number, []).append(rows.session_of(row))
        elif len(row) == N_SESSION_3 and (session := session_of_format_3(row)):
            stored = StoredSession(session, row[-2], row[-1], None)
            self._sessions.setdefault(number, []).append(stored)

    def _turns_in(self, path: Path, sources: dict[int, list[Source]]) -> Iterator[Row]:
        everyone = [source for versions in sources.values() for source in versions]
        for number, values in read_rows(path):
            if number is not None:
                continue
            if len(values) == rows.N_TURN:
                row = rows.with_reals(values)
                candidates = sources.get(row[rows.TURN_SOURCE]) or everyone
                source = next((s for s in candidates if rows.is_sound_turn(row, s)), None)
                if source is not None:
                    at = rows.TURN_SOURCE
                    yield (*row[:at], self._sources.id_of(source), *row[at + 1 :])
            elif len(values) == N_TURN_3 and (turn := turn_of_format_3(values)):
                yield self._sources.turn_row(turn, _NOT_CHAINED)


def recover(path: Path) -> RecoveredRows:
    """Read what is sound of a damaged journal."""
    recovered = RecoveredRows()
    try:
        recovered.read(path)
    except BaseException:
        recovered.close()
        raise
    return recovered

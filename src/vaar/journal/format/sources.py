"""What repeats from reply to reply, kept once: finish reason, model, who served the call."""

from __future__ import annotations

import sqlite3

from vaar.journal.format import rows
from vaar.journal.format.rows import Row, Source
from vaar.sessions.records import Turn

TABLES = ("sources", "sources_copy")


class Sources:
    """The sources of an open journal.

    A new one is entered with the statement that is under way; call :meth:`read` after a
    transaction that failed.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.by_id: dict[int, Source] = {}
        self._ids: dict[Source, int] = {}
        self.read()

    def read(self) -> None:
        """Read what stands in the file."""
        self.by_id = read_sources(self._database)
        self._ids = {source: number for number, source in self.by_id.items()}

    def turn_row(self, turn: Turn, follows: int | None) -> Row:
        """The columns of a turn; its source is entered where it is new."""
        source = rows.source_of(turn.reply)
        return rows.turn_row(turn, source, self.id_of(source), follows)

    def id_of(self, source: Source) -> int:
        """The id of a source, which is entered where it is new."""
        number = self._ids.get(source)
        if number is None:
            number = self._ids[source] = max(self.by_id, default=0) + 1
            self.by_id[number] = source
            for table in TABLES:
                self._database.execute(
                    f"INSERT INTO {table} VALUES ({rows.marks(rows.N_SOURCE)})",
                    rows.source_row(number, source),
                )
        return number


def read_sources(database: sqlite3.Connection) -> dict[int, Source]:
    """The sources of a journal by id; of one whose row is damaged the copy counts."""
    return {
        row[0]: tuple(row[1:-1])
        for table in reversed(TABLES)
        for row in database.execute(f"SELECT * FROM {table}")
        if rows.is_sound(row)
    }

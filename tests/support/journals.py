"""Journals as runs leave them that died, and as hands leave them that were careless."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from vaar.journal.journal import Journal


def cut_session(path: Path, session: int, turn: int) -> None:
    """Take the replies from one turn on out of a journal, as if its run had died there."""
    with closing(Journal(path)) as journal:
        kept = [said for said in journal.turns_of(session) if said.turn < turn]
        journal.forget_replies([session])
        journal.enter(kept, [(session, "pending", None)])


@contextmanager
def edited(path: Path) -> Iterator[sqlite3.Connection]:
    """The journal's tables, to be changed by hand; the log is folded into the file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        yield database
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

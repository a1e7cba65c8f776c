"""How many replies were committed, told outside the journal: in the lock file beside it.

A log that is lost, cut off or left behind when a directory is copied takes committed replies with
it, and what is left is a sound, smaller journal. The number beside it tells that they were there.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from vaar.files.plain import open_plain
from vaar.files.write import NO_LINK
from vaar.journal.lock import COUNT_PLACE, COUNT_WIDTH, read_count
from vaar.journal.lock import NAME as LOCK

_FLAGS = os.O_RDWR | NO_LINK


class ReplyCount:
    """The number of replies in an open journal, kept in the lock file where there is one.

    Attributes
    ----------
    lost : int
        How many replies fewer the journal had when it was opened than had been committed.
    """

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self._database = database
        self._handle: int | None = None
        if path.name.startswith("."):  # a journal in the making; its directory has another
            self._count = self.lost = 0
            return
        committed = read_count(path.parent) or 0  # first: a run may be adding to both
        self._count = self._replies()
        self.lost = max(0, committed - self._count)
        with suppress(OSError, ValueError):  # nothing locks this directory, or none can write here
            self._handle = open_plain(path.parent / LOCK, _FLAGS)

    def add(self, replies: int) -> None:
        """Count replies that were committed."""
        self._count += replies
        self._write()

    def take(self) -> None:
        """Count anew what the journal holds, whatever was told before."""
        self._count, self.lost = self._replies(), 0
        self._write()

    def close(self) -> None:
        """Let go of the lock file."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _replies(self) -> int:
        (found,) = self._database.execute("SELECT count(*) FROM turns").fetchone()
        return int(found)

    def _write(self) -> None:
        if self._handle is not None and not self.lost:
            with suppress(OSError):  # a lower number than there are says nothing that is wrong
                os.pwrite(self._handle, f"{self._count:<{COUNT_WIDTH}}".encode(), COUNT_PLACE)

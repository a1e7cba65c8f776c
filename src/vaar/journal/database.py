"""The journal's SQLite file: how it is opened, and what its errors mean."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vaar.errors import RunDirectoryError
from vaar.journal.rows import FORMAT, SCHEMA

PAGE = 4096
"""Bytes of a page of the file."""

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, None)  # None: text that is no UTF-8
_PRIMARY = 0xFF  # the bits of an extended result code that name its kind


def open_journal(path: Path) -> sqlite3.Connection:
    """Open a journal for its one writer; file and tables are made where there are none.

    Raises
    ------
    RunDirectoryError
        It holds something else.
    """
    database = sqlite3.connect(path, isolation_level=None)
    try:
        database.execute(f"PRAGMA page_size = {PAGE}")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        if not require_format(database, path):
            database.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {FORMAT}; COMMIT;")
    except BaseException:
        database.close()
        raise
    return database


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open a journal for reading beside its writer, whom readers never hold up."""
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    database.execute("PRAGMA query_only = ON")
    return database


def require_format(database: sqlite3.Connection, path: Path) -> bool:
    """Whether the file holds a journal of this format; False where it is empty.

    Raises
    ------
    RunDirectoryError
        It holds something else.
    """
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version == FORMAT:
        return True
    if not version and not database.execute("SELECT 1 FROM sqlite_master").fetchone():
        return False
    raise RunDirectoryError(
        f"{path}: a journal of format {version}; this vaar reads format {FORMAT}. "
        "Analyse it with the version that made it (see run.json)."
    )


def require_file(path: Path) -> None:
    """Refuse a journal that is not there.

    Raises
    ------
    RunDirectoryError
    """
    if not path.is_file():
        raise RunDirectoryError(
            f"{path}: there is no such file. It holds every reply and cannot be made anew: "
            "restore it from a copy, or run or import again into a new directory."
        )


def damaged(path: Path, what: str) -> RunDirectoryError:
    """The error of a damaged journal, which names the way out."""
    return RunDirectoryError(
        f"{path}: damaged ({what}). Restore the file from a copy, or run "
        f"`vaar salvage {path.parent}`: it keeps every sound reply, and what is lost can be "
        "asked again."
    )


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into words: damage, or a file that cannot be used.

    Raises
    ------
    RunDirectoryError
    """
    try:
        yield
    except sqlite3.Error as error:
        code: int | None = getattr(error, "sqlite_errorcode", None)
        if (code if code is None else code & _PRIMARY) in _DAMAGED:
            raise damaged(path, str(error)) from error
        raise RunDirectoryError(
            f"{path}: the journal cannot be used ({error}). If the disk is full or the directory "
            "is not writable, mend that and start the same command again: every reply that was "
            "committed is kept."
        ) from error

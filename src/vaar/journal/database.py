"""The journal's SQLite file: how it is opened, and what its errors mean.

The file may come from a stranger: nothing in it is run (no view, no trigger, no function), and a
schema that is not exactly vaar's is refused before anything is read from it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from vaar.errors import JournalNotWholeError, RunDirectoryError
from vaar.journal.access import is_at_rest, require_own_files, ways_to_read
from vaar.journal.damage.write_ahead_log import commits_passed_over
from vaar.journal.format.migrations import MIGRATIONS, OLDEST
from vaar.journal.format.schema import FORMAT, PAGE, SCHEMAS, create_tables
from vaar.journal.lock import holder
from vaar.sessions.records import Session

_DAMAGED = (
    *(sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_TOOBIG),
    None,  # text that is no UTF-8
)
_PRIMARY = 0xFF  # the bits of an extended result code that name its kind
_LARGEST_VALUE = 64 * 2**20  # bytes


def open_journal(path: Path) -> sqlite3.Connection:
    """Open a journal for its one writer; file and tables are made where there are none.

    A journal of an older format is brought to this one, whole or not at all.

    Raises
    ------
    RunDirectoryError
        It is a link or holds something else, or its log is damaged.
    """
    require_own_files(path, to_write=True)
    require_whole_log(path)
    database = sqlite3.connect(path, isolation_level=None)
    try:
        _distrust(database)
        database.execute(f"PRAGMA page_size = {PAGE}")
        found = format_of(database, path)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        if found is None:
            create_tables(database)
        elif found < FORMAT:
            _require_no_other_writer(path)
            migrate(database, found)
    except BaseException:
        database.close()
        raise
    return database


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open a journal for reading beside its writer, whom readers never hold up.

    One of an older format is read into memory and brought to this one there. A directory that
    cannot be written is read as it stands; nothing is put into it, and nothing stays in another.

    Raises
    ------
    RunDirectoryError
        It is a link or holds something else, or its log is damaged.
    """
    require_own_files(path)
    require_whole_log(path)
    database = _connected_to_read(path)
    try:
        found = format_of(database, path)
        if found is None or found < FORMAT:
            database = _in_memory(database)
            create_tables(database) if found is None else migrate(database, found)
        database.execute("PRAGMA query_only = ON")
    except BaseException:
        database.close()
        raise
    return database


def _connected_to_read(path: Path) -> sqlite3.Connection:
    failed: sqlite3.OperationalError | None = None
    for how in ways_to_read(path):
        database = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)
        try:
            _distrust(database)
            database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except BaseException as error:
            database.close()
            if not isinstance(error, sqlite3.OperationalError):
                raise
            failed = error
        else:
            return database
    raise failed or sqlite3.OperationalError("unable to open it")


def migrate(database: sqlite3.Connection, found: int) -> None:
    """Bring a journal from an older format to this one, in one transaction.

    Raises
    ------
    sqlite3.DatabaseError
        A row of it is damaged.
    """
    database.execute("PRAGMA secure_delete = ON")  # salvage reads whatever a file still holds
    database.execute("BEGIN IMMEDIATE")
    try:
        for number in range(found, FORMAT):
            MIGRATIONS[number](database)
            database.execute(f"PRAGMA user_version = {number + 1}")
        database.execute("COMMIT")
    except BaseException:
        database.execute("ROLLBACK")
        raise


def format_of(database: sqlite3.Connection, path: Path) -> int | None:
    """The format of a journal; None where the file is empty.

    Raises
    ------
    RunDirectoryError
        The file holds something else, or more than a journal.
    """
    (version,) = database.execute("PRAGMA user_version").fetchone()
    schema = set(database.execute("SELECT type, name, sql FROM sqlite_master"))
    if not version and not schema:
        return None
    if not OLDEST <= version <= FORMAT:
        raise RunDirectoryError(
            f"{path}: a journal of format {version}; this vaar reads formats {OLDEST} to {FORMAT}. "
            "Analyse it with the version that made it (see run.json)."
        )
    if strange := sorted(f"{kind} {name}" for kind, name, _ in schema - _schema(version)):
        raise RunDirectoryError(
            f"{path}: holds what no journal of vaar has: {', '.join(strange)[:200]}. Nothing in "
            "it is read. Restore the file from a copy, or run "
            f"`vaar salvage {path.parent}`, which takes over sessions and replies alone."
        )
    if schema != _schema(version):
        raise damaged(path, "a table is missing")
    return int(version)


@cache
def _schema(version: int) -> frozenset[tuple[str, str, str]]:
    database = sqlite3.connect(":memory:")
    try:
        database.executescript(SCHEMAS[version])
        return frozenset(database.execute("SELECT type, name, sql FROM sqlite_master"))
    finally:
        database.close()


def _distrust(database: sqlite3.Connection) -> None:
    """Take the file for a stranger's."""
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_VALUE)


def _in_memory(database: sqlite3.Connection) -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:", isolation_level=None)
    try:
        database.backup(copy)
    finally:
        database.close()
    return copy


def _require_no_other_writer(path: Path) -> None:
    who = holder(path.parent)
    if who is not None and who != str(os.getpid()):
        raise RunDirectoryError(
            f"{path}: was begun by an older version of vaar, whose process {who} is still running "
            "there. Wait for it, or stop it; then start again."
        )


def require_whole_log(path: Path) -> None:
    """Refuse a journal whose write-ahead log holds commits that SQLite would pass over.

    Raises
    ------
    JournalNotWholeError
    """
    if lost := commits_passed_over(path):
        raise not_whole(
            path, f"its log {path.name}-wal, in which {lost:,} commits stand behind the damage"
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


def not_whole(path: Path, what: str) -> JournalNotWholeError:
    """The error of a journal that is not all that was written."""
    error = JournalNotWholeError(str(damaged(path, what)))
    error.what = what
    return error


def unplanned(path: Path, session: Session) -> RunDirectoryError:
    """The error of a journal that holds a session of another plan."""
    return RunDirectoryError(
        f"{path}: its session {session.number} ({session.group}, replicate {session.replicate}) is "
        "not the one that this run has planned. It was planned by another version of vaar, or "
        "study.yaml or run.json were changed: restore them from a copy, or use the version in "
        "run.json."
    )


@contextmanager
def explained(path: Path) -> Iterator[None]:
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
        if not os.access(path.parent, os.W_OK) and not is_at_rest(path):
            raise RunDirectoryError(
                f"{path}: cannot be read here ({error}): replies stand in {path.name}-wal, and "
                "SQLite needs to write beside the file to read them. Copy the whole directory to "
                "where it can be written, and give the same command there."
            ) from error
        raise RunDirectoryError(
            f"{path}: the journal cannot be used ({error}). If the disk is full or the directory "
            "is not writable, mend that and start the same command again: every reply that was "
            "committed is kept."
        ) from error

"""How the files of a journal may be opened: as their own, and so that reading leaves nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from vaar.errors import RunDirectoryError
from vaar.files.plain import other_names
from vaar.journal.lock import holder

SIDES = ("-wal", "-shm", "-journal")
"""Endings of the files that SQLite keeps beside a journal."""


def require_own_files(path: Path, *, to_write: bool = False) -> None:
    """Refuse a journal, or a file that SQLite keeps beside it, that is no plain file of its own.

    Beside what a link leads to SQLite would make files even for reading.

    Raises
    ------
    RunDirectoryError
    """
    for side in ("", *SIDES):
        file = path.with_name(path.name + side)
        if file.is_symlink():
            raise RunDirectoryError(
                f"{file}: is a link, through which nothing is written. Put the file itself there, "
                "or use the directory that it leads to."
            )
        if file.exists() and not file.is_file():
            raise RunDirectoryError(
                f"{file}: is no plain file. Remove what stands there"
                + (", then give the same command again." if side else "; restore it from a copy.")
            )
        if to_write and other_names(file):
            raise RunDirectoryError(
                f"{file}: has another name outside this directory (a hard link), under which it "
                "would change too. Copy the directory, and give the same command for the copy."
            )


def can_be_written(path: Path) -> bool:
    """Whether this process may write a journal, or make one, with the files beside it."""
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def ways_to_read(path: Path) -> Iterator[str]:
    """How SQLite may open a journal that is only read, the first that succeeds.

    Even for reading SQLite makes files beside a journal that has none, and takes them away again
    only where it might write. Where a log is there, it would bring that into the journal first.
    Where the disk is full, it can make none.
    """
    if not is_at_rest(path):
        yield "mode=ro" if _has_log(path) or not can_be_written(path) else "mode=rw"
    if not _has_log(path) and holder(path.parent) is None:
        yield "mode=ro&immutable=1"


def is_at_rest(path: Path) -> bool:
    """Whether a journal is all in its file, and in a directory where SQLite cannot keep its own.

    SQLite then reads the file alone, and takes no notice of a log beside it or of a writer: so
    neither may be there.
    """
    if os.access(path.parent, os.W_OK) or holder(path.parent) is not None:
        return False
    return not _has_log(path)


def _has_log(path: Path) -> bool:
    return any(_size(path.with_name(path.name + side)) for side in ("-wal", "-journal"))


def _size(path: Path) -> int:
    """Bytes of a file; 0 where there is none."""
    try:
        return path.lstat().st_size
    except FileNotFoundError:
        return 0

"""How the files of a journal may be opened: as their own, and so that reading leaves nothing.

Tools that keep data under a version (DVC, git-annex) put links in the place of files. Through a
link a journal is read, as it stands and with nothing made beside it, and never written.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from vaar.errors import RunDirectoryError
from vaar.files.plain import open_plain, other_names
from vaar.journal.format.schema import PAGE
from vaar.journal.lock import holder

SIDES = ("-wal", "-shm", "-journal")
"""Endings of the files that SQLite keeps beside a journal."""

_ROLLBACK = bytes.fromhex("d9d505f920a163d7")  # how a rollback journal begins


def require_own_files(path: Path, *, to_write: bool = False) -> None:
    """Refuse a journal, or a file that SQLite keeps beside it, that is no plain file of vaar.

    Parameters
    ----------
    to_write : bool
        Whether each must be the directory's own: no link, and no hard link elsewhere.

    Raises
    ------
    RunDirectoryError
    """
    for side in ("", *SIDES):
        file = path.with_name(path.name + side)
        if to_write and file.is_symlink():
            raise RunDirectoryError(
                f"{file}: is a link, through which nothing is written. Put the file itself there "
                "(with `dvc unprotect` or `git annex unlock`, or a copy), or use the directory "
                "that it leads to."
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
    _require_no_rollback(path)


def _require_no_rollback(path: Path) -> None:
    """Refuse a journal beside which stands what SQLite would take for an unfinished change of it.

    It would write that into the file before anything is read. vaar writes with a log, and needs a
    rollback journal only while it makes the first page.
    """
    beside = path.with_name(f"{path.name}-journal")
    if _size(path) > PAGE and _size(beside) and _begins_with(beside, _ROLLBACK):
        raise RunDirectoryError(
            f"{beside}: belongs to no journal of vaar, and SQLite would write what it holds over "
            "the replies. Take it elsewhere, then give the same command again; if another program "
            "died while it changed the journal, restore both from a copy."
        )


def _begins_with(path: Path, sign: bytes) -> bool:
    try:
        with open(open_plain(path), "rb") as file:
            return file.read(len(sign)) == sign
    except (OSError, ValueError):
        return False


def can_be_written(path: Path) -> bool:
    """Whether this process may write a journal, or make one, with the files beside it."""
    if is_linked(path) or other_names(path):
        return False
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def ways_to_read(path: Path) -> Iterator[str]:
    """How SQLite may open a journal that is only read, the first that succeeds.

    Even for reading SQLite makes files beside a journal that has none, and takes them away again
    only where it might write. Where a log is there, it would bring that into the journal first.
    Where the disk is full, it can make none.

    Raises
    ------
    RunDirectoryError
        It is a link, and its file alone may not be all of it.
    """
    if is_linked(path):
        _require_at_rest(path)
        yield "mode=ro&immutable=1"
        return
    at_rest = not _has_log(path) and holder(path.parent) is None
    if at_rest and other_names(path):
        yield "mode=ro&immutable=1"
    if not is_at_rest(path):
        yield "mode=ro" if _has_log(path) or not can_be_written(path) else "mode=rw"
    if at_rest:
        yield "mode=ro&immutable=1"


def is_linked(path: Path) -> bool:
    """Whether a journal, or a file that SQLite keeps beside it, is a link."""
    return any(path.with_name(path.name + side).is_symlink() for side in ("", *SIDES))


def _require_at_rest(path: Path) -> None:
    """Refuse a journal that a process is writing, or that has a log, here or where it leads to."""
    there = Path(os.path.realpath(path))
    is_written = holder(there.parent) not in (None, str(os.getpid()))
    if is_written or _has_log(path) or _has_log(there):
        raise RunDirectoryError(
            f"{path}: is a link, and a process is writing what it leads to, or was stopped, so "
            "that replies may stand in the log beside that alone. Give the command for the "
            "directory that it leads to, or copy that one and give it for the copy."
        )


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
        return path.stat().st_size
    except FileNotFoundError:
        return 0

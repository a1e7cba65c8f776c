"""One run directory, one process."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from vaar.errors import PlatformError, RunDirectoryError

NAME = ".lock"

_TRIES = 5
_PAUSE = 0.05  # seconds; a reader that asks who holds the lock has it for an instant


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold a run directory while its journal is written.

    The lock dies with the process, however that dies.

    Raises
    ------
    RunDirectoryError
        Another process holds it.
    PlatformError
        This system has no file locks of the POSIX kind.
    """
    _posix_locks()
    handle = os.open(directory / NAME, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if not _take(handle):
            raise RunDirectoryError(
                f"{directory}: another vaar process{_named(handle)} is running in this directory. "
                "Wait for it, stop it, or choose another --out."
            )
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)


def holder(directory: Path) -> str | None:
    """The process that holds a run directory: its id, empty where that is not known.

    Returns
    -------
    str or None
        None where no process holds it.

    Raises
    ------
    PlatformError
        This system has no file locks of the POSIX kind.
    """
    fcntl = _posix_locks()
    try:
        handle = os.open(directory / NAME, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return None
    except BlockingIOError:
        return _written(handle)
    finally:
        os.close(handle)


def _posix_locks() -> ModuleType:
    try:
        import fcntl
    except ModuleNotFoundError as error:
        raise PlatformError(
            f"vaar keeps run directories on Linux and macOS: this system ({sys.platform}) has no "
            "POSIX file locks (Python's module fcntl), without which two processes could write one "
            "journal. On Windows, run vaar inside WSL; vaar.sem needs no locks."
        ) from error
    return fcntl


def _take(handle: int) -> bool:
    fcntl = _posix_locks()
    for trial in range(_TRIES):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if trial < _TRIES - 1:
                time.sleep(_PAUSE)
    return False


def _named(handle: int) -> str:
    number = _written(handle)
    return f" ({number})" if number else ""


def _written(handle: int) -> str:
    written = os.pread(handle, 20, 0)
    return written.decode() if written.isdigit() else ""

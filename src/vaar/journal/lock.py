"""One run directory, one process that asks in it, and one that analyses it."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from vaar.errors import PlatformError, RunDirectoryError
from vaar.files.plain import open_plain, other_names
from vaar.files.write import NO_LINK

NAME, ANALYSIS = ".lock", ".analysis.lock"
LOCKS = (NAME, ANALYSIS)
"""Files that are locked while a directory is asked in, and while it is analysed."""

_PID_WIDTH = 20
COUNT_PLACE, COUNT_WIDTH = 20, 20
"""Where in the file the number of committed replies stands, behind the process's id."""

_TRIES = 5
_PAUSE = 0.05  # seconds; a reader that asks who holds the lock has it for an instant


@contextmanager
def locked(directory: Path, name: str = NAME) -> Iterator[None]:
    """Hold a run directory while its journal, or an analysis of it, is written.

    The lock dies with the process, however that dies.

    Parameters
    ----------
    name : str
        One of :data:`LOCKS`.

    Raises
    ------
    RunDirectoryError
        Another process holds it, or it cannot be locked or written.
    PlatformError
        This system has no file locks of the POSIX kind.
    """
    _posix_locks()
    handle = _opened(directory, name)
    try:
        if not _take(handle, directory):
            raise RunDirectoryError(f"{directory}: {_held(handle, name)}")
        _sign(handle, directory)
        yield
    finally:
        os.close(handle)


def holder(directory: Path, name: str = NAME) -> str | None:
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
        handle = open_plain(directory / name, NO_LINK)
    except (OSError, ValueError):
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return None
    except BlockingIOError:
        return _written(handle)
    except OSError:
        return None
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


def read_count(directory: Path) -> int | None:
    """How many replies were committed to the journal of a directory; None where nothing tells."""
    try:
        handle = open_plain(directory / NAME)
    except (OSError, ValueError):
        return None
    try:
        return _number(os.pread(handle, COUNT_WIDTH, COUNT_PLACE))
    finally:
        os.close(handle)


def make_lock_file(directory: Path) -> None:
    """Make the file that is locked while a directory is asked in, where there is none.

    Raises
    ------
    RunDirectoryError
        The directory cannot be written.
    """
    os.close(_opened(directory, NAME))


def _opened(directory: Path, name: str) -> int:
    path = directory / name
    try:
        if other_names(path):
            raise _not_its_own(path, "has another name elsewhere (a hard link), and")
        return open_plain(path, os.O_RDWR | os.O_CREAT | NO_LINK)
    except ValueError:
        raise _not_its_own(path, "is no plain file, and") from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _not_its_own(path, "is a link, and") from None
        raise _unwritable(directory, error) from error


def _not_its_own(path: Path, what: str) -> RunDirectoryError:
    return RunDirectoryError(
        f"{path}: {what} nothing is written to it. Remove it, then start the same command again."
    )


def _sign(handle: int, directory: Path) -> None:
    try:
        os.pwrite(handle, f"{os.getpid():<{_PID_WIDTH}}".encode(), 0)
    except OSError as error:
        raise _unwritable(directory, error) from error


def _unwritable(directory: Path, error: OSError) -> RunDirectoryError:
    return RunDirectoryError(
        f"{directory}: cannot be written ({error.strerror}). Nothing in it was changed; make room "
        "or allow writing, or copy it to where it can be written, then give the same command again."
    )


def _held(handle: int, name: str) -> str:
    if name == ANALYSIS:
        return (
            f"another vaar process{_named(handle)} is analysing this directory. Wait for it, or "
            "stop it, then give the same command again."
        )
    return (
        f"another vaar process{_named(handle)} is running in this directory. Wait for it, stop it, "
        "or choose another --out."
    )


def _take(handle: int, directory: Path) -> bool:
    fcntl = _posix_locks()
    for trial in range(_TRIES):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if trial < _TRIES - 1:
                time.sleep(_PAUSE)
        except OSError as error:
            raise RunDirectoryError(
                f"{directory}: cannot be locked here ({error.strerror}), and two processes in it "
                "would spoil the run. Choose a directory on a disk of this machine."
            ) from error
    return False


def _named(handle: int) -> str:
    number = _written(handle)
    return f" ({number})" if number else ""


def _written(handle: int) -> str:
    number = _number(os.pread(handle, _PID_WIDTH, 0))
    return "" if number is None else str(number)


def _number(written: bytes) -> int | None:
    digits = written.strip(b" \0")
    return int(digits) if digits.isdigit() else None

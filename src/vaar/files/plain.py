"""Files that anyone may have put there: only a plain file is opened, and read up to a bound.

A pipe would hold up whoever opens it, and a device has no end.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def open_plain(path: Path, flags: int = 0) -> int:
    """Open a file that is no pipe, device or folder; a handle, which the caller closes.

    Parameters
    ----------
    flags : int
        Of :func:`os.open`, beside those for reading.

    Raises
    ------
    ValueError
        It is no plain file.
    OSError
        It cannot be opened.
    """
    handle = os.open(path, _READ | flags, 0o666)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return handle
    os.close(handle)
    raise ValueError("it is no file")


def read_plain(path: Path, most: int) -> bytes:
    """All that a plain file holds.

    Parameters
    ----------
    most : int
        Bytes that it may have.

    Raises
    ------
    ValueError
        It is no plain file, or has more.
    OSError
        It cannot be read.
    """
    with open(open_plain(path), "rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise ValueError(f"it has more than {most:,} bytes")
    return content


def other_names(path: Path) -> int:
    """How many names a file has outside its own folder (hard links); 0 where there is none.

    Raises
    ------
    OSError
        It cannot be looked at.
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        return 0
    if found.st_nlink < 2:
        return 0
    with os.scandir(path.parent) as entries:
        here = sum(entry.inode() == found.st_ino for entry in entries)
    return max(0, found.st_nlink - here)

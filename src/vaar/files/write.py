"""Files and folders are written under a random name beside their place, and then put there.

Whoever reads finds what was there or what is there now, whole. Nothing is written through a link: a
link that stands in the place of a file is replaced, and what it leads to is left alone.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vaar.files.exchange import exchange
from vaar.files.hold import try_to_hold

NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
"""Flags for opening a file that is not to be a link."""

LEFT_OVER = 24 * 60 * 60
"""Seconds after which nobody writes any more what is still called a part."""

_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | NO_LINK
_PART, _OLD = ".part", ".old"
_IS_PART = re.compile(r"\..+\.[0-9a-f]{16}\.part(-wal|-shm|-journal)?", re.DOTALL)

_IS_HELD = re.compile(r"\..+(?<!\.sqlite)\.[0-9a-f]{16}\.part", re.DOTALL)
_HELD = (stat.S_IFREG, stat.S_IFDIR)


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A new, empty file beside `target`, which takes its place when the block ends well.

    Raises
    ------
    OSError
        It cannot be written.
    """
    part, held = _file_of_our_own(target)
    try:
        yield part
        _to_disk(part)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
        os.close(held)


def write_bytes(target: Path, content: bytes) -> None:
    """Write a file, whole or not at all.

    Raises
    ------
    OSError
        It cannot be written, or a folder stands in its place.
    """
    if target.is_dir() and not target.is_symlink():
        raise _error(errno.EISDIR, target)
    part, held = _file_of_our_own(target)
    try:
        with open(held, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def replacing_folder(target: Path) -> Iterator[Path]:
    """A new, empty folder beside `target`, which takes its place when the block ends well.

    Raises
    ------
    OSError
        It cannot be written, or a file stands in its place, which is left there.
    """
    if os.path.lexists(target) and not (target.is_dir() or target.is_symlink()):
        raise _error(errno.ENOTDIR, target)
    part, held = _folder_of_our_own(target)
    try:
        yield part
        part.chmod(0o777 & ~_umask())
        _swap(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
        os.close(held)


def _file_of_our_own(target: Path) -> tuple[Path, int]:
    """A new file beside `target`, and the handle that shows that its writer is alive."""
    while True:
        part = part_of(target)
        held = os.open(part, _NEW, 0o666)
        try_to_hold(held)
        if os.path.lexists(part):  # else another process took it for one whose writer is gone
            return part, held
        os.close(held)


def _folder_of_our_own(target: Path) -> tuple[Path, int]:
    """A new folder beside `target`, and the handle that shows that its writer is alive."""
    while True:
        part = part_of(target)
        part.mkdir(0o700)
        held = os.open(part, os.O_RDONLY | NO_LINK)
        try_to_hold(held)
        if part.is_dir():  # else another process took it for one whose writer is gone
            return part, held
        os.close(held)


def restore_folder(target: Path) -> None:
    """Finish a :func:`replacing_folder` that was cut short between its two steps."""
    aside = _aside(target)
    if not os.path.lexists(target) and aside.is_dir() and not aside.is_symlink():
        aside.rename(target)


def part_of(target: Path) -> Path:
    """A name beside `target` that nobody can know before; parts of those who died are removed."""
    remove_leftovers(target)
    return target.with_name(f".{target.name}.{secrets.token_hex(8)}{_PART}")


def is_part(path: Path) -> bool:
    """Whether a path is named as what is being written, or was when its writer died."""
    return _IS_PART.fullmatch(path.name) is not None


def remove_leftovers(target: Path, older: float = LEFT_OVER) -> None:
    """Remove parts whose writers are known to be gone, and all of so many seconds or more ago."""
    for path in target.parent.glob(f".{_literal(target.name)}.*{_PART}*"):
        try:
            is_folder = path.is_dir() and not path.is_symlink()
            if time.time() - path.lstat().st_mtime < older and not _is_free(path):
                continue
            if is_folder:
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        except OSError:  # another process removes it too, or it may not be removed
            continue


def _is_free(part: Path) -> bool:
    """Whether nobody writes a file or folder that bears the name of a part.

    A journal in the making is held by its directory's lock alone.
    """
    if not _IS_HELD.fullmatch(part.name) or stat.S_IFMT(part.lstat().st_mode) not in _HELD:
        return False
    handle = os.open(part, os.O_RDONLY | NO_LINK)
    try:
        return try_to_hold(handle)
    finally:
        os.close(handle)


def _swap(new: Path, target: Path) -> None:
    """Put a folder in the place of another; whatever happens, one of the two is there whole."""
    aside = _aside(target)
    _remove(aside)
    if target.is_symlink():
        target.unlink()
    elif target.exists():
        if exchange(new, target):
            return  # what was there now bears the name of the part, and goes with it
        target.rename(aside)
    new.rename(target)
    _remove(aside)


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}{_OLD}")


def _remove(folder: Path) -> None:
    if folder.is_symlink():
        folder.unlink()
    elif folder.is_dir():
        shutil.rmtree(folder, ignore_errors=True)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | NO_LINK)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _error(number: int, path: Path) -> OSError:
    return OSError(number, os.strerror(number), str(path))


def _literal(name: str) -> str:
    return name.replace("[", "[[]").replace("*", "[*]").replace("?", "[?]")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

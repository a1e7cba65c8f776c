"""A file or folder is held while it is written; what its writer held is free when that dies."""

from __future__ import annotations

try:
    import fcntl
except ModuleNotFoundError:  # a system without POSIX locks
    fcntl = None  # type: ignore[assignment]


def try_to_hold(handle: int) -> bool:
    """Hold an open file or folder until it is closed; False where another does, or none can."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

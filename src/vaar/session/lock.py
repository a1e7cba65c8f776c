"""One run directory, one process."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vaar.errors import RunDirectoryError


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold a run directory while its journal is written.

    The lock dies with the process, however that dies.

    Raises
    ------
    RunDirectoryError
        Another process holds it.
    """
    with (directory / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunDirectoryError(
                f"{directory}: another vaar process is running in this directory. "
                "Wait for it, stop it, or choose another --out."
            ) from error
        yield

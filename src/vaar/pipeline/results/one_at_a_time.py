"""One run directory, one analysis at a time: what it writes belongs together."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from vaar.errors import RunDirectoryError
from vaar.files.write import restore_folder
from vaar.journal.lock import ANALYSIS, holder, locked

_mine = threading.local()


@contextmanager
def one_at_a_time(directory: Path) -> Iterator[None]:
    """Hold a directory while its results or their page are written; within such a block, go on.

    Raises
    ------
    RunDirectoryError
        There is no such directory, it cannot be written, or another process analyses it.
    """
    if not directory.is_dir():
        raise RunDirectoryError(
            f"{directory}: there is no such directory; give one that `vaar run` has made, with its "
            "run.json in it"
        )
    held: set[Path] = _mine.__dict__.setdefault("held", set())
    place = directory.resolve()
    if place in held:
        yield
        return
    with locked(directory, ANALYSIS):
        held.add(place)
        try:
            yield
        finally:
            held.discard(place)


def settled(directory: Path, results: Path) -> Path:
    """The folder of an analysis, put back where a process died while it was exchanged.

    Parameters
    ----------
    directory : Path
        The run directory.
    results : Path
        The folder in it.
    """
    if holder(directory, ANALYSIS) in (None, str(os.getpid())):
        with suppress(OSError):  # where nothing can be written, nobody writes
            restore_folder(results)
    return results

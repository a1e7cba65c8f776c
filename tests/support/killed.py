"""Runs a command of vaar that kills itself at the K-th step that leaves a trace on the disk.

python killed.py K COMMAND…     prints how many steps there were, where there were fewer than K
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from vaar.journal.journal import Journal

TRACES = {
    *("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate", "os.chmod"),
    *("sqlite3.connect", "shutil.rmtree", "shutil.copyfile"),
}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Steps:
    """Counts steps, and ends the process without a word at one of them."""

    def __init__(self, last: int) -> None:
        self.count, self.last = 0, last

    def __call__(self) -> None:
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        """An event of the interpreter."""
        if event == "open":
            flags = arguments[2]
            if not (isinstance(flags, int) and flags & WRITING) or "pycache" in str(arguments[0]):
                return
        elif event not in TRACES:
            return
        self()


def main() -> None:
    steps = Steps(int(sys.argv[1]))
    sys.argv = ["vaar", *sys.argv[2:]]
    from vaar.cli.main import main as vaar

    commit = Journal._commit

    def counted(journal: Journal) -> None:
        steps()
        commit(journal)

    Journal._commit = counted  # type: ignore[method-assign, assignment]
    sys.addaudithook(steps.heard)
    try:
        vaar()
    finally:
        print(f"steps {steps.count}", flush=True)


if __name__ == "__main__":
    main()

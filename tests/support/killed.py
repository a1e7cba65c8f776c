"""Runs commands of vaar that kill themselves at the K-th step that leaves a trace on the disk.

python killed.py

Reads one command a line, ``[K, "run", …]`` as JSON, runs it in a process of its own, which begins
with the package loaded, and tells ``[exit code, steps or null, standard error]``.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from tempfile import TemporaryFile
from typing import Any

from vaar.cli.main import main
from vaar.journal.journal import Journal

LOADED = (
    *("vaar.pipeline.run", "vaar.pipeline.analyze", "vaar.pipeline.merge"),
    *("vaar.pipeline.publishing.write_report", "vaar.pipeline.import_logs"),
    *("vaar.pipeline.publishing.export", "vaar.pipeline.comparing.compare"),
    *("vaar.pipeline.salvage", "vaar.pipeline.calibration.calibrate"),
    *("vaar.inspect_bridge.log", "inspect_ai.log"),
)
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


def killing_itself(last: int, arguments: Sequence[str]) -> int:
    """Run a command in this process; its exit code."""
    steps = Steps(last)
    sys.argv = ["vaar", *arguments]
    commit = Journal._commit

    def counted(journal: Journal) -> None:
        steps()
        commit(journal)

    Journal._commit = counted  # type: ignore[method-assign, assignment]
    sys.addaudithook(steps.heard)
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        print(f"\nsteps {steps.count}", flush=True)
    return 0


def in_a_fork(last: int, arguments: Sequence[str]) -> tuple[int, int | None, str]:
    """Run a command in a copy of this process: how it ended, its steps, its standard error."""
    with TemporaryFile("w+") as said, TemporaryFile("w+") as told:
        child = os.fork()
        if child == 0:
            os.dup2(said.fileno(), 1)
            os.dup2(told.fileno(), 2)
            code = killing_itself(last, arguments)
            sys.stderr.flush()
            os._exit(code)
        _, status = os.waitpid(child, 0)
        said.seek(0)
        told.seek(0)
        *_, line = ["", *said.read().splitlines()]
        steps = int(line.split()[1]) if line.startswith("steps ") else None
        return os.waitstatus_to_exitcode(status), steps, told.read()


if __name__ == "__main__":
    for name in LOADED:
        import_module(name)
    for command in sys.stdin:
        last, *arguments = json.loads(command)
        print(json.dumps(in_a_fork(last, arguments)), flush=True)

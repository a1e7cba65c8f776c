"""One further Python process, which computes what it is sent."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from contextlib import suppress
from typing import IO, Any, cast

from vaar.processes.serve import Answer, send

_BEGIN = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from vaar.processes.serve import serve; serve()"
)
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
_PATIENCE = 3.0  # seconds for an idle process to leave


class LostError(Exception):
    """The process is gone, or was never one of these."""


class Process:
    """A process of the same interpreter and module path.

    Unlike those of :mod:`multiprocessing` it does not load the script that is running, which so
    needs no ``if __name__ == "__main__":``. It ends with the process that began it, however that
    ends.

    Raises
    ------
    OSError
        It cannot be begun.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _BEGIN, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | _ONE_THREAD,
        )
        self._to = cast("IO[bytes]", self._process.stdin)
        self._from = cast("IO[bytes]", self._process.stdout)
        self._function: bytes | None = None

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def wait_until_ready(self) -> None:
        """Wait until it has begun.

        Raises
        ------
        LostError
            It never will.
        """
        self._receive()

    def compute(self, function: bytes, argument: object) -> tuple[Answer, Any]:
        """Call a pickled function: what it returned, what it raised, or that it is unknown there.

        Raises
        ------
        LostError
            The process ended before it answered.
        """
        known = function is self._function
        try:
            given = pickle.dumps(argument, pickle.HIGHEST_PROTOCOL)
        except (pickle.PicklingError, AttributeError, TypeError):
            return Answer.UNKNOWN, None
        try:
            send(self._to, (None if known else function, given))
        except (OSError, ValueError) as error:
            raise LostError from error
        self._function = function
        return self._receive()

    def _receive(self) -> tuple[Answer, Any]:
        try:
            kind, told = pickle.load(self._from)
            return kind, pickle.loads(told) if told else None
        except Exception as error:  # whatever it may be that another program writes
            raise LostError from error

    def stop(self) -> None:
        """End it, whatever it does."""
        self._process.kill()

    def close(self) -> None:
        """Let it go, once nobody waits for an answer."""
        with suppress(OSError):
            self._to.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._from.close()

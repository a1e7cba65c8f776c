"""The process that computes for another: what it is sent, for as long as the other is there."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import time
from collections.abc import Callable
from enum import Enum
from queue import SimpleQueue
from threading import Thread
from typing import IO, BinaryIO

_GRACE = 1.0  # seconds to leave by the door, where nothing is being computed

Message = tuple[bytes | None, bytes]
"""A pickled function, or None for the last one again, and what it is called for, pickled."""


class Answer(Enum):
    """What a message from here is."""

    READY = "ready"
    DONE = "done"
    RAISED = "raised"
    UNKNOWN = "unknown"  # the function, or what it is called for, cannot be had here


def send(to: IO[bytes], message: object) -> None:
    """Write a message, which :func:`pickle.load` reads."""
    pickle.dump(message, to, pickle.HIGHEST_PROTOCOL)
    to.flush()


def serve() -> None:
    """Answer every message on standard input until it is closed, as it is however the other ends.

    Ctrl-C reaches all processes of a terminal; what it means is for the other one to say.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what is printed does not get between the answers
    asked: SimpleQueue[Message | None] = SimpleQueue()
    Thread(target=_read, args=(sys.stdin.buffer, asked), daemon=True).start()
    send(answers, (Answer.READY, b""))
    worker = _Worker()
    while (message := asked.get()) is not None:
        send(answers, worker.answer(*message))


class _Worker:
    """Knows the function that it was sent last."""

    def __init__(self) -> None:
        self._function: Callable[[object], object] | None = None

    def answer(self, function: bytes | None, argument: bytes) -> tuple[Answer, bytes]:
        try:
            if function is not None:
                self._function = None
                self._function = pickle.loads(function)
            given = pickle.loads(argument)
        except Exception:
            return Answer.UNKNOWN, b""
        if self._function is None:
            return Answer.UNKNOWN, b""
        try:
            return Answer.DONE, pickle.dumps(self._function(given), pickle.HIGHEST_PROTOCOL)
        except Exception as error:
            return Answer.RAISED, _pickled(error)


def _pickled(error: Exception) -> bytes:
    try:
        told = pickle.dumps(error)
        pickle.loads(told)
    except Exception:  # it is made from other arguments than it keeps
        return pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
    return told


def _read(messages: BinaryIO, asked: SimpleQueue[Message | None]) -> None:
    """Hand every message on; where no more can come, end the process, whatever it computes."""
    try:
        while True:
            asked.put(pickle.load(messages))
    except (EOFError, OSError, pickle.UnpicklingError):
        asked.put(None)
        time.sleep(_GRACE)
        os._exit(1)

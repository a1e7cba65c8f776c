"""What another process does: it calls the function that it was sent last."""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Callable
from threading import Thread
from typing import Any

_LOOK_AFTER = 1.0  # seconds between two looks for the process that began this one

_sent: list[Callable[[Any], Any]] = []
"""The function that was sent last."""


def begin(parent: int) -> None:
    """Say nothing on the terminal, and end with the process of this number, however it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    Thread(target=_end_with, args=(parent,), name="vaar-parent", daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_AFTER)
    os._exit(1)


def know(function: bytes) -> None:
    """Load a pickled function, to be called."""
    _sent.clear()
    _sent.append(pickle.loads(function))


def compute(function: bytes | None, chunk: bytes) -> bytes | None:
    """Call a pickled function, or the last one again; None if it cannot be told from here."""
    try:
        if function is not None:
            know(function)
        call, given = _sent[0], pickle.loads(chunk)
    except Exception:
        return None
    result = call(given)
    try:
        return pickle.dumps(result, pickle.HIGHEST_PROTOCOL)
    except Exception:
        return None

"""How many processes may work side by side."""

from __future__ import annotations

import os

WISH = "PYTHON_CPU_COUNT"
"""Environment variable by which Python itself is told so, from 3.13 on."""


def processors() -> int:
    """How many processors this program may use."""
    wished = os.environ.get(WISH, "")
    if wished.isdecimal() and int(wished):
        return int(wished)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

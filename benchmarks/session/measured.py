"""What a process took."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def measuring() -> Iterator[dict[str, float]]:
    """Measure a block of code: wall and CPU seconds, and the process's peak memory in MB; CPU of
    the processes that the block began and ended too."""
    cost: dict[str, float] = {}
    wall, cpu = time.perf_counter(), _cpu_seconds()
    yield cost
    cost["wall"] = time.perf_counter() - wall
    cost["cpu"] = _cpu_seconds() - cpu
    cost["peak_mb"] = peak_megabytes()


def _cpu_seconds() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def peak_megabytes(pid: int | str = "self") -> float:
    """Peak of the resident memory of a whole process (VmHWM), interpreter included, in MB."""
    return _status(pid, "VmHWM")


def megabytes(pid: int | str = "self") -> float:
    """Resident memory of a process now (VmRSS), in MB; 0 where it has just ended."""
    return _status(pid, "VmRSS")


def _status(pid: int | str, name: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0

"""A very long run: does memory stay flat, and does the pace?

    python benchmarks/session/soak.py                         # 1,000,000 turns: several minutes
    python benchmarks/session/soak.py --turns 100000

1,000 sessions side by side, their journal on. Every so often: turns so far, memory of the process
that asks, size of its journal, turns a second and CPU since the line before. Once the sessions in
flight have been through their longest history, memory should stay where it is.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from subprocess import Popen, TimeoutExpired
from tempfile import TemporaryDirectory
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
from askers import VAAR, finish, start
from measured import megabytes
from server import serving, stats

BARS = "▁▂▃▄▅▆▇█"
MOST_GROWTH = 0.05
TICKS = os.sysconf("SC_CLK_TCK")


class Sample(NamedTuple):
    """Where the run stood at one moment."""

    seconds: float
    turns: int
    memory: float
    cpu: float
    journal: float


def sample(process: Popen[str], base_url: str, directory: Path, started: float) -> Sample:
    """Look at the run from outside."""
    times = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    files = directory.glob("journal.sqlite*")
    return Sample(
        time.perf_counter() - started,
        stats(base_url)["replies"],
        megabytes(process.pid),
        (int(times[11]) + int(times[12])) / TICKS,
        sum(file.stat().st_size for file in files) / 1e6,
    )


def watch(process: Popen[str], base_url: str, directory: Path, every: float) -> list[Sample]:
    """Sample until the process ends, a printed line each time."""
    samples = [Sample(0.0, 0, 0.0, 0.0, 0.0)]
    started = time.perf_counter()
    print(
        f"{'seconds':>8}{'turns':>12}{'MB':>8}{'journal MB':>12}{'turns/s':>10}{'CPU ms/turn':>13}"
    )
    while True:
        try:
            process.wait(every)
            return samples[1:]
        except TimeoutExpired:
            samples.append(sample(process, base_url, directory, started))
            _show(*samples[-2:])


def _show(before: Sample, now: Sample) -> None:
    turns = max(1, now.turns - before.turns)
    pace, cpu = turns / (now.seconds - before.seconds), 1000 * (now.cpu - before.cpu) / turns
    print(
        f"{now.seconds:8.0f}{now.turns:12,}{now.memory:8.1f}{now.journal:12.1f}{pace:10,.0f}{cpu:13.3f}",
        flush=True,
    )


def sparkline(values: list[float]) -> str:
    """The values as bars, from 0 to the largest."""
    largest = max(values)
    return "".join(BARS[min(7, int(8 * value / largest))] for value in values)


def growth(samples: list[Sample]) -> float:
    """Relative growth of memory from the second fifth of the run to its last."""
    memory = [each.memory for each in samples if each.memory]
    fifth = max(1, len(memory) // 5)
    early, late = memory[fifth : 2 * fifth] or memory[:1], memory[-fifth:]
    return max(late) / max(early) - 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=1_000_000)
    parser.add_argument("--items", type=int, default=40, help="turns of a session")
    parser.add_argument("--concurrency", type=int, default=1_000, help="sessions side by side")
    parser.add_argument("--every", type=float, default=10.0, help="seconds between two samples")
    given = parser.parse_args()
    sessions = -(-given.turns // given.items)
    with serving() as base_url, TemporaryDirectory() as name:
        directory = Path(name)
        asking = {"sessions": sessions, "items": given.items, "concurrency": given.concurrency}
        process = start(VAAR, base_url, directory, **asking)
        samples = watch(process, base_url, directory, given.every)
        cost, served = finish(process), stats(base_url)
    rate, cpu = cost["turns"] / cost["wall"], 1000 * cost["cpu"] / cost["turns"]
    print(f"\n{cost['turns']:,} turns: {rate:,.0f} a second, {cpu:.3f} ms CPU each; ", end="")
    print(f"{cost['complete']:,} of {sessions:,} sessions complete; ", end="")
    print(f"{served['replies']:,} replies by the server, {served['connections']:,} connections")
    if samples:
        grown = growth(samples)
        print(
            f"memory {sparkline([s.memory for s in samples])} peak {cost['peak_mb']:.1f} MB; ",
            end="",
        )
        print(f"growth {grown:+.1%}, flat: {'yes' if grown <= MOST_GROWTH else 'NO'}")


if __name__ == "__main__":
    main()

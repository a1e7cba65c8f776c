"""Waiting is not work: a server that takes half a second, and 200 sessions in flight.

    pip install inspect-ai
    python benchmarks/session/latency.py                      # about two minutes

No asker can do better than one turn a session each 0.5 s: 400 turns a second. Printed is the share
of that which `vaar` and Inspect AI reach, with the same number of sessions and of connections. The
first connections and the writing of the plan count in.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from askers import INSPECT, VAAR, asked
from server import serving, stats

NAMES = {VAAR: "vaar", INSPECT: "Inspect AI"}
LEAST_SHARE = 0.97


def share_of_ideal(script: str, latency: float, in_flight: int, turns: int) -> float:
    """Ask, and print how close to the ideal it came."""
    with serving(latency=latency) as base_url:
        cost = asked(script, base_url, sessions=in_flight, items=turns, concurrency=in_flight)
        peak = stats(base_url)["peak"]
    ideal = turns * latency
    share = ideal / cost["wall"]
    print(
        f"{NAMES[script]:12}{cost['turns'] / cost['wall']:10,.1f}{share:12.1%}"
        f"{cost['wall']:10.1f}{1000 * cost['cpu'] / cost['turns']:13.3f}{peak:16}",
        flush=True,
    )
    return share


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--latency", type=float, default=0.5, help="seconds of the server")
    parser.add_argument("--in-flight", type=int, default=200, help="sessions side by side")
    parser.add_argument("--turns", type=int, default=40, help="turns of a session of vaar's")
    parser.add_argument("--others", type=int, default=10, help="turns of a session of Inspect's")
    parser.add_argument("--only-vaar", action="store_true", help="leave Inspect out")
    given = parser.parse_args()
    print(f"ideal: {given.in_flight / given.latency:,.0f} turns/s\n")
    print(
        f"{'':12}{'turns/s':>10}{'of ideal':>12}{'wall s':>10}{'CPU ms/turn':>13}"
        f"{'most in flight':>16}"
    )
    ours = share_of_ideal(VAAR, given.latency, given.in_flight, given.turns)
    if not given.only_vaar:
        share_of_ideal(INSPECT, given.latency, given.in_flight, given.others)
    reached = "yes" if ours >= LEAST_SHARE else "NO"
    print(f"\nwanted of vaar: ≥ {LEAST_SHARE:.0%} of the ideal: {reached}")


if __name__ == "__main__":
    main()

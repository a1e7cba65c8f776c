"""What a turn costs: `vaar`, the openai SDK and Inspect AI ask the same server the same things.

    pip install inspect-ai openai
    python benchmarks/session/against_inspect.py              # about two minutes

Sessions of 40 turns that carry their history, over HTTP to a server in another process. `vaar`
keeps its journal, Inspect its log; the openai SDK, in a bare loop, keeps nothing. They take turns,
each time in a fresh process. Loading and, for the others, a first small conversation are not
counted.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))
from askers import INSPECT, OPENAI, VAAR, asked
from server import serving, stats

NAMES = {VAAR: "vaar", OPENAI: "openai SDK", INSPECT: "Inspect AI"}
MOST_CPU = 0.3  # milliseconds a turn
LEAST_RATE = 3_000  # turns a second


def one_round(sessions: dict[str, int], items: int, concurrency: int) -> list[dict[str, float]]:
    """Let each ask once; what each cost by turn."""
    costs = []
    for script, number in sessions.items():
        with serving() as base_url:
            cost = asked(script, base_url, sessions=number, items=items, concurrency=concurrency)
            served = stats(base_url)
        costs.append(
            {
                "rate": cost["turns"] / cost["wall"],
                "cpu": 1000 * cost["cpu"] / cost["turns"],
                "server": 1000 * served["cpu"] / served["calls"],
                "peak": cost["peak_mb"],
            }
        )
    return costs


def show(rounds: list[list[dict[str, float]]], scripts: list[str]) -> None:
    """Print medians over the rounds, and how many times `vaar`'s each is."""
    print(f"{'':12}{'turns/s':>10}{'':>9}{'CPU ms/turn':>13}{'':>9}{'MB':>7}{'server ms/call':>16}")
    ours = None
    for place, script in enumerate(scripts):
        name = NAMES[script]
        cost = {key: median(r[place][key] for r in rounds) for key in rounds[0][place]}
        ours = ours or cost
        slower, dearer = ours["rate"] / cost["rate"], cost["cpu"] / ours["cpu"]
        print(
            f"{name:12}{cost['rate']:10,.0f}{f'1/{slower:.0f}':>9}{cost['cpu']:13.3f}"
            f"{f'{dearer:.0f} ×':>9}{cost['peak']:7.0f}{cost['server']:16.3f}"
        )
    print(
        f"\nwanted of vaar: ≥ {LEAST_RATE:,} turns/s: {_verdict(ours['rate'] >= LEAST_RATE)}; ",
        end="",
    )
    print(f"≤ {MOST_CPU} ms CPU a turn: {_verdict(ours['cpu'] <= MOST_CPU)}")


def _verdict(holds: bool) -> str:
    return "yes" if holds else "NO"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--items", type=int, default=40, help="turns of a session")
    parser.add_argument("--concurrency", type=int, default=20, help="sessions side by side")
    parser.add_argument("--sessions", type=int, default=250, help="sessions of vaar's")
    parser.add_argument("--others", type=int, default=20, help="sessions of each of the others")
    parser.add_argument("--only-vaar", action="store_true", help="leave the others out")
    given = parser.parse_args()
    sessions = {VAAR: given.sessions}
    if not given.only_vaar:
        sessions |= {OPENAI: given.others, INSPECT: given.others}
    rounds = [one_round(sessions, given.items, given.concurrency) for _ in range(given.rounds)]
    show(rounds, list(sessions))


if __name__ == "__main__":
    main()

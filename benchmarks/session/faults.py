"""A server that fails one call in five: does every session end, and do the totals add up?

    python benchmarks/session/faults.py                       # about two minutes

The server fails in all ways of `faulty.WAYS` by turns, and counts each; afterwards every call that
it got must be a reply in the journal or a fault that the respondent counted, of the same kind. Then
a server whose model gives way to another in the middle of the run, and one that answers slower and
slower, until no call is answered in time. Each time every session must have ended, complete or
failed with its reason.
The exit code is 1 where anything does not hold.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from askers import VAAR, asked
from faulty import PROPER
from server import serving, stats

SAME = {
    "rate_limited": ("429", "429 with Retry-After"),
    "server_error": ("500", "502", "503"),
    "time_out": ("hang", "stall"),
    "connection": ("reset", "truncated"),
    "unusable_reply": ("malformed JSON", "empty choices"),
}
"""The respondent's word for a fault, and the ways in which the server brings it about."""


class Checks:
    """What has to hold, told as it is looked at."""

    def __init__(self) -> None:
        self.failed = 0

    def equal(self, what: str, server: int, vaar: int) -> None:
        """The server and `vaar` must have counted the same."""
        self.failed += server != vaar
        print(f"  {what:18}{server:10,}{vaar:10,}   {'equal' if server == vaar else 'NOT EQUAL'}")

    def holds(self, what: str, claim: bool) -> None:
        """Something must be so."""
        self.failed += not claim
        print(f"  {what}: {'yes' if claim else 'NO'}")


def all_ways(checks: Checks, share: float, sessions: int, concurrency: int) -> None:
    """One call in five fails, each time in another way."""
    with serving(faults=share) as base_url:
        cost = asked(VAAR, base_url, sessions=sessions, concurrency=concurrency, timeout=3)
        served = stats(base_url)
    wrong = Counter(served["wrong"])
    replies = served["replies"] + sum(wrong[way] for way in PROPER)
    print(f"{served['calls']:,} calls, {served['peak']} at once; {cost['wall']:.0f} s")
    print(f"  {'':18}{'server':>10}{'vaar':>10}")
    checks.equal("replies", replies, cost["turns"])
    for kind, ways in SAME.items():
        checks.equal(kind, sum(wrong[way] for way in ways), cost["faults"].get(kind, 0))
    checks.equal("calls", served["calls"], cost["turns"] + sum(cost["faults"].values()))
    _ends(checks, cost, sessions)
    checks.holds("no error's text in a conversation", served["tainted"] == 0)


def another_model(checks: Checks, sessions: int) -> None:
    """In the middle of the run the server's model becomes another."""
    print("\nanother model from the middle of the run on")
    _adds_up(checks, {"rename": 5 * sessions}, sessions, timeout=30)


def slower(checks: Checks, sessions: int) -> None:
    """Every 1,000 calls take two seconds more; a call may take one."""
    print("\nslower and slower")
    _adds_up(checks, {"drift": 2.0}, sessions, timeout=1)


def _adds_up(checks: Checks, server: dict[str, float], sessions: int, timeout: float) -> None:
    with serving(**server) as base_url:
        sizes = {"sessions": sessions, "items": 10, "concurrency": sessions * 3 // 10}
        cost = asked(VAAR, base_url, timeout=timeout, **sizes)
        served = stats(base_url)
    print(f"{served['calls']:,} calls, {cost['wall']:.0f} s\n  {'':18}{'server':>10}{'vaar':>10}")
    checks.equal("calls", served["calls"], cost["turns"] + sum(cost["faults"].values()))
    _ends(checks, cost, sessions)


def _ends(checks: Checks, cost: dict[str, Any], sessions: int) -> None:
    failed = cost["failed"]
    print(
        f"  {cost['complete']} sessions complete, {len(failed)} failed, {cost['pending']} pending"
    )
    for reason, times in Counter(failed).most_common(3):
        print(f"    {times} × {reason}")
    checks.holds("every session ended", cost["complete"] + len(failed) == sessions)
    checks.holds("every failure has a reason", all(failed))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--share", type=float, default=0.2, help="of the calls that fail")
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--concurrency", type=int, default=200, help="sessions side by side")
    given = parser.parse_args()
    checks = Checks()
    all_ways(checks, given.share, given.sessions, given.concurrency)
    another_model(checks, sessions=100)
    slower(checks, sessions=100)
    sys.exit(bool(checks.failed))


if __name__ == "__main__":
    main()

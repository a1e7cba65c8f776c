"""What random numbers are drawn from: a seed for every session, and one for every turn of it."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Literal, get_args

from vaar.sessions.records import Session

SeedRule = Literal["turn", "session"]
"""Whether every turn has a seed of its own, or all turns of a session share one.

In runs whose journal began in format 3 or before they share one. A server that honours seeds then
draws the same random number at the same point of every turn, which makes correlations between items
out of nothing.
"""

SEED_RULES = get_args(SeedRule)

SEEDS = 2**31
"""Seeds are below this, the widest range that all servers take."""


def session_seed(run_seed: int, replicate: int) -> int:
    """A seed that is distinct for every replicate of a run, and the same in all its groups."""
    digest = hashlib.blake2b(str(run_seed).encode(), digest_size=4).digest()
    return (int.from_bytes(digest) + replicate) % SEEDS


def turn_seed(session: Session, turn: int, attempt: int) -> int:
    """The seed of one request.

    The first four bytes of the SHA-256 of a JSON array, modulo 2³¹; the array holds the run's
    seed, the group's name, the replicate within that seed, the turn and the attempt, without
    spaces and with all characters beyond ASCII escaped. So it is the same in every process and on
    every platform.

    Parameters
    ----------
    turn, attempt : int
        Counted from 0.

    Returns
    -------
    int
        0 ≤ seed < 2³¹; the session's own where all its turns share one (``run_seed`` is None).
    """
    if session.run_seed is None:
        return session.seed
    begun = _begun(session.run_seed, session.group, session.replicate - session.earlier)
    return int.from_bytes(hashlib.sha256(begun + b"%d,%d]" % (turn, attempt)).digest()[:4]) % SEEDS


@lru_cache(maxsize=8192)
def _begun(run_seed: int, group: str, replicate: int) -> bytes:
    """The JSON array up to the turn: the same in all turns of a session."""
    said = json.dumps([run_seed, group, replicate], separators=(",", ":"), ensure_ascii=True)
    return f"{said[:-1]},".encode()

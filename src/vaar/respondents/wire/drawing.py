"""Drawing one of a few answers from their probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from itertools import accumulate
from math import fsum


def place_of(seed: int) -> float:
    """Where in the cumulated probabilities a turn's answer lies; 0 ≤ place < 1.

    Parameters
    ----------
    seed : int
        The turn's, which is known by nothing else.
    """
    digest = sha256(f"choice\0{seed}".encode()).digest()
    return (int.from_bytes(digest[:8]) >> 11) / 2**53


def choose(distribution: Sequence[float], temperature: float, place: float) -> int:
    """Draw one of a few answers.

    Parameters
    ----------
    distribution : sequence of float
        Probability of each at temperature 1.
    temperature : float
        0 takes the likeliest, the first of equals.
    place : float
        Where in the cumulated probabilities the answer lies; 0 ≤ place < 1.
    """
    if temperature == 0:
        return max(range(len(distribution)), key=distribution.__getitem__)
    highest = max(distribution)
    weights = [(p / highest) ** (1 / temperature) for p in distribution]
    target = place * fsum(weights)
    for position, reached in enumerate(accumulate(weights)):
        if target < reached:
            return position
    return max(position for position, weight in enumerate(weights) if weight)

"""Quasi-Newton steps (L-BFGS, Liu & Nocedal 1989) on one known information."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vaar.sem.arrays import Floats
from vaar.sem.search.information import Information
from vaar.sem.search.position import Position

_MEMORY = 8
_STEPS = 40


def quasi_newton(here: Position[Any], known: Information, tolerance: float) -> tuple[bool, int]:
    """Step from the curvature of a known information: whether the expected gain fell below
    ``tolerance``, and how many steps that took."""
    memory = _Memory(known)
    pull = np.concatenate([part.ravel() for part in here.pull()])
    for count in range(1, _STEPS + 1):
        try:
            step = memory.step(pull)
        except np.linalg.LinAlgError:
            return False, count
        gain = pull @ step
        if not gain > 0:
            return False, count
        length = here.advance_together(*known.split(step))
        if not length:
            return False, count
        if gain < tolerance:
            return True, count
        new = np.concatenate([part.ravel() for part in here.pull()])
        memory.remember(length * step, pull - new)
        pull = new
    return False, _STEPS


@dataclass
class _Memory:
    """The last steps and what they did to the gradient, shared and own parts end to end."""

    known: Information
    pairs: deque[tuple[Floats, Floats, float]] = field(
        default_factory=lambda: deque(maxlen=_MEMORY)
    )

    def remember(self, step: Floats, change: Floats) -> None:
        curvature = float(step @ change)
        if curvature > 1e-12:
            self.pairs.append((step, change, 1 / curvature))

    def step(self, pull: Floats) -> Floats:
        """The step for a downhill pull, by the two-loop recursion."""
        weights = []
        for step, change, rate in reversed(self.pairs):
            weights.append(rate * (step @ pull))
            pull = pull - weights[-1] * change
        shared, own = self.known.solve(*self.known.split(pull))
        out = np.concatenate([shared, own.ravel()])
        for (step, change, rate), weight in zip(self.pairs, reversed(weights), strict=True):
            out += (weight - rate * (change @ out)) * step
        return out

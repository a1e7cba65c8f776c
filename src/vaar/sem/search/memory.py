"""What the last steps of many searches did to their gradients (L-BFGS, Liu & Nocedal 1989).

The searches step side by side, some of them at a time, each with a memory of its own.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vaar.sem.arrays import Floats, Ints

LENGTH = 8


class Memory:
    """The last steps of G searches in q dimensions.

    Parameters
    ----------
    shape : (G, q)
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._steps, self._changes = np.zeros((2, LENGTH, *shape))
        self._rates = np.zeros((LENGTH, shape[0]))
        self._count = 0

    def remember(self, which: Ints, step: Floats, change: Floats) -> None:
        """Note the last step of some searches, and by how much their downhill derivatives fell."""
        slot = self._count % LENGTH
        curvature = dot(step, change)
        useful = curvature > 1e-12
        self._steps[slot, which], self._changes[slot, which] = step, change
        self._rates[slot, which] = useful / np.where(useful, curvature, 1.0)
        self._count += 1

    def step(self, pull: Floats, which: Ints, known: Callable[[Floats, Ints], Floats]) -> Floats:
        """Steps for the downhill derivatives of some searches, by the two-loop recursion.

        Parameters
        ----------
        known : callable
            Steps of these searches by what is known of their curvature.
        """
        recent = [k % LENGTH for k in range(max(0, self._count - LENGTH), self._count)]
        pairs = [
            (self._steps[slot, which], self._changes[slot, which], self._rates[slot, which])
            for slot in recent
        ]
        weights = []
        for step, change, rate in reversed(pairs):
            weights.append(rate * dot(step, pull))
            pull = pull - weights[-1][:, None] * change
        out = known(pull, which)
        for (step, change, rate), weight in zip(pairs, reversed(weights), strict=True):
            out = out + (weight - rate * dot(change, out))[:, None] * step
        return out


def dot(one: Floats, other: Floats) -> Floats:
    """(G,) products of the rows."""
    return np.asarray(np.einsum("gq,gq->g", one, other))

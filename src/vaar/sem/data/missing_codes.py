"""Answers that look like a code for "no answer", such as −99 or 999."""

from __future__ import annotations

import numpy as np

from vaar.sem.arrays import Floats

_CODES = frozenset(
    sign * float(digit * count) for sign in (-1, 1) for digit in "89" for count in range(1, 6)
)


def missing_codes(values: Floats) -> list[tuple[int, float]]:
    """The variables whose outermost value is a row of eights or nines, farther from the others
    than they are from each other; with that value."""
    lowest, highest = np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)
    out = []
    for j, ends in enumerate(zip(lowest.tolist(), highest.tolist(), strict=True)):
        for end in _CODES.intersection(ends):
            others = values[~np.isnan(values[:, j]) & (values[:, j] != end), j]
            if others.size and np.abs(others - end).min() > max(np.ptp(others), 1.0):
                out.append((j, end))
    return out

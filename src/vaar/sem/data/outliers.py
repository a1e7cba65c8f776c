"""Values absurdly far from all others, such as 99999 for "no answer"."""

from __future__ import annotations

import numpy as np

from vaar.sem.arrays import Bools, Floats, Ints

ABSURD = 1e3  # times the range of nine answers in ten, or the median, away from the median
_FEWEST_VALUES = 20  # answers needed before one can be called absurd


def without_absurd(values: Floats) -> tuple[Floats, Bools]:
    """The (N, p) values with absurd ones made missing, and (N, p) which those are.

    The values are the same array where there are none.
    """
    flagged = np.zeros(values.shape, dtype=bool)
    for j in _doubtful(values):
        flagged[:, j] = _absurd(values[:, j])
    return (np.where(flagged, np.nan, values) if flagged.any() else values), flagged


def _doubtful(values: Floats) -> Ints:
    """The variables that can have absurd values: not those on one side of 0 that reach less far
    than many times their value nearest to it, which the median is beyond."""
    if not len(values):
        return np.arange(0)
    low, high = np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)
    nearest = np.where(low * high > 0, np.minimum(np.abs(low), np.abs(high)), 0.0)
    return np.flatnonzero(high - low > ABSURD * nearest)


def _absurd(column: Floats) -> Bools:
    """(N,) which values of a variable are absurd; none of a few or of a constant one."""
    ordered = np.sort(column)  # missing answers last
    count = int(np.searchsorted(ordered, np.nan))
    if count >= _FEWEST_VALUES:
        low, middle, high = (_quantile(ordered[:count], share) for share in (0.05, 0.5, 0.95))
        reach = ABSURD * max(high - low, abs(middle))
        if reach > 0 and max(ordered[count - 1] - middle, middle - ordered[0]) > reach:
            with np.errstate(invalid="ignore"):
                return np.asarray(np.abs(column - middle) > reach)
    return np.zeros(len(column), dtype=bool)


def _quantile(ordered: Floats, share: float) -> float:
    """A quantile of sorted values, by linear interpolation."""
    at = share * (len(ordered) - 1)
    below = int(at)
    low, high = ordered[below], ordered[min(below + 1, len(ordered) - 1)]
    return float(low + (at - below) * (high - low))
